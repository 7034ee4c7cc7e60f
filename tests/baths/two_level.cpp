#include "two_level.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

#include "oracle/dense.hpp"

namespace oracle {

namespace {

constexpr double pi = std::numbers::pi;
constexpr Complex i1{0, 1};

// 1/(1 - e^-x) = 1/2 + 1/x + 2 x sum_j eta_j/(x^2 + xi_j^2).
struct Pade {
  std::vector<double> xi, eta;
};

std::vector<double> pade_roots(int size, int first) {
  Eigen::MatrixXd m = Eigen::MatrixXd::Zero(size, size);
  for (int k = 0; k + 1 < size; ++k) {
    const double b = 2 * (k + first) + 1;
    m(k, k + 1) = m(k + 1, k) = 1 / std::sqrt(b * (b + 2));
  }
  const Eigen::VectorXd values = oracle::hermitian_eigenvalues(m.cast<Complex>());
  std::vector<double> roots;
  for (int k = 0; k < size / 2; ++k)
    roots.push_back(2 / values(size - 1 - k));
  return roots;
}

Pade pade(int terms) {
  Pade result{pade_roots(2 * terms, 1), {}};
  const std::vector<double> zeta = pade_roots(2 * terms - 1, 2);
  for (int j = 0; j < terms; ++j) {
    double eta = 0.5 * terms * (2 * (terms + 1) + 1);
    const double x = result.xi[j] * result.xi[j];
    for (int k = 0; k < terms; ++k) {
      if (k < terms - 1) eta *= zeta[k] * zeta[k] - x;
      if (k != j) eta /= result.xi[k] * result.xi[k] - x;
    }
    result.eta.push_back(eta);
  }
  return result;
}

Complex bose(const Pade& expansion, Complex x) {
  Complex sum = 0.5 + 1.0 / x;
  for (std::size_t j = 0; j < expansion.xi.size(); ++j)
    sum += 2.0 * x * expansion.eta[j] / (x * x + expansion.xi[j] * expansion.xi[j]);
  return sum;
}

Complex density(const lindwurm::Pole& pole, Complex w) {
  const double half = pole.width / 2;
  const auto lorentz = [half](Complex x) { return half / (x * x + half * half); };
  return pole.strength / pi * (lorentz(w - pole.frequency) - lorentz(w + pole.frequency));
}

Matrix raise() { return (Matrix(2, 2) << 0, 0, 1, 0).finished(); }

}  // namespace

Exponentials ornstein_uhlenbeck(double variance, double lambda) {
  return {{variance}, {variance}, {lambda}};
}

// C(t) = int J(w)/(1 - e^{-w/T}) e^{-iwt} over all w: the residues below the axis.
Exponentials damped_mode(const lindwurm::Pole& pole, double T, int terms) {
  const Pade expansion = pade(terms);
  Exponentials c;
  for (const double sign : {1.0, -1.0}) {
    const Complex w(sign * pole.frequency, -pole.width / 2);
    c.a.push_back(sign * pole.strength * bose(expansion, w / T));
    c.mu.push_back(i1 * w);
  }
  c.conjugate = {std::conj(c.a[1]), std::conj(c.a[0])};
  for (int j = 0; j < terms; ++j) {
    c.mu.emplace_back(expansion.xi[j] * T);
    c.a.push_back(-2.0 * pi * i1 * density(pole, -i1 * c.mu.back()) * expansion.eta[j] * T);
    c.conjugate.push_back(std::conj(c.a.back()));
  }
  return c;
}

// One |1><0| or |0><1| of the interaction, and from which side it acts in the commutator.
struct Cumulants::Vertex {
  bool is_left, is_raising;
  [[nodiscard]] Matrix action() const {
    const Matrix s = is_raising ? raise() : Matrix(raise().adjoint());
    return is_left ? left(s) : Matrix(-right(s));
  }
  [[nodiscard]] double turns() const { return is_raising ? 1 : -1; }
};

Eigen::Matrix4cd Cumulants::second() const {
  Eigen::Matrix4cd r = Eigen::Matrix4cd::Zero();
  for (unsigned code = 0; code < 16; ++code) {
    const auto v = vertices(code, 2);
    const auto& a = amplitudes(v[1]);
    Complex integral = 0;
    for (std::size_t k = 0; k < a.size(); ++k)
      integral += a[k] / (c_.mu[k] + i1 * w0_ * v[1].turns());
    r -= weight(v[0], v[1]) * integral * v[0].action() * v[1].action();
  }
  return r;
}

// Eq. 41 with Wick's theorem: the order of the times minus that of the pairs.
Eigen::Matrix4cd Cumulants::fourth() const {
  Eigen::Matrix4cd r = Eigen::Matrix4cd::Zero();
  for (unsigned code = 0; code < 256; ++code) {
    const auto v = vertices(code, 4);
    const std::array<Matrix, 4> a{v[0].action(), v[1].action(), v[2].action(), v[3].action()};
    const Matrix crossed = a[0] * a[1] * a[2] * a[3] - a[0] * a[2] * a[1] * a[3];
    const Matrix nested = a[0] * a[1] * a[2] * a[3] - a[0] * a[3] * a[1] * a[2];
    if (!crossed.isZero()) {
      r += weight(v[0], v[2]) * weight(v[1], v[3]) * integral(v, true) * crossed;
    }
    if (!nested.isZero()) {
      r += weight(v[0], v[3]) * weight(v[1], v[2]) * integral(v, false) * nested;
    }
  }
  return r;
}

// From the latest to the earliest.
std::vector<Cumulants::Vertex> Cumulants::vertices(unsigned code, int number) {
  std::vector<Vertex> v;
  for (int k = 0; k < number; ++k)
    v.push_back({(code >> (2 * k) & 1U) != 0, (code >> (2 * k + 1) & 1U) != 0});
  return v;
}

double Cumulants::weight(const Vertex& later, const Vertex& earlier) const {
  return later.is_raising == earlier.is_raising ? ratio_ : 1;
}

const std::vector<Complex>& Cumulants::amplitudes(const Vertex& earlier) const {
  return earlier.is_left ? c_.a : c_.conjugate;
}

// Over the three intervals between the times; crossed pairs are (0, 2)(1, 3), nested ones
// (0, 3)(1, 2).
Complex Cumulants::integral(const std::vector<Vertex>& v, bool is_crossed) const {
  const Complex third = i1 * w0_ * v[3].turns();
  const Complex second = third + i1 * w0_ * v[2].turns();
  const Complex first = second + i1 * w0_ * v[1].turns();
  const auto& a = amplitudes(is_crossed ? v[2] : v[3]);
  const auto& b = amplitudes(is_crossed ? v[3] : v[2]);
  Complex sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) {
    for (std::size_t k = 0; k < b.size(); ++k) {
      const Complex last = c_.mu[is_crossed ? k : j];
      sum += a[j] * b[k] / ((c_.mu[j] + first) * (c_.mu[j] + c_.mu[k] + second) * (last + third));
    }
  }
  return sum;
}

namespace {

// Auxiliary density operators: how often each exponential of each coupling occurs.
using Occupation = std::vector<int>;

std::vector<Occupation> occupations(int number, int depth) {
  std::vector<Occupation> all{Occupation(number, 0)};
  std::map<Occupation, int> known{{all[0], 0}};
  for (std::size_t next = 0; next < all.size(); ++next) {
    const Occupation from = all[next];
    if (std::accumulate(from.begin(), from.end(), 0) == depth) continue;
    for (int k = 0; k < number; ++k) {
      Occupation above = from;
      ++above[k];
      if (known.emplace(above, 0).second) all.push_back(above);
    }
  }
  return all;
}

// One exponential of the noise on one coupling.
struct Channel {
  Matrix coupling;
  Complex a, conjugate, mu;
};

// sx B1 + sy B2 with the shares (1 + ratio)/2 and (1 - ratio)/2 of the correlation function.
std::vector<Channel> channels(const Exponentials& c, double ratio, Complex x) {
  const Matrix sx = raise() + raise().adjoint();
  const Matrix sy = i1 * (raise().adjoint() - raise());
  std::vector<Channel> all;
  for (std::size_t k = 0; k < c.mu.size(); ++k) {
    const Complex one = x * (1 + ratio) / 2.0;
    const Complex two = x * (1 - ratio) / 2.0;
    if (one != 0.0) all.push_back({sx, one * c.a[k], one * c.conjugate[k], c.mu[k]});
    if (two != 0.0) all.push_back({sy, two * c.a[k], two * c.conjugate[k], c.mu[k]});
  }
  return all;
}

Matrix hierarchy(const std::vector<Channel>& noise, double w0, int depth) {
  const std::vector<Occupation> nodes = occupations(static_cast<int>(noise.size()), depth);
  std::map<Occupation, int> place;
  for (const Occupation& n : nodes)
    place.emplace(n, 4 * static_cast<int>(place.size()));
  const Matrix h = w0 * raise() * raise().adjoint();
  const int size = 4 * static_cast<int>(nodes.size());
  Matrix l = Matrix::Zero(size, size);
  for (const Occupation& n : nodes) {
    const int p = place.at(n);
    l.block(p, p, 4, 4) -= i1 * (left(h) - right(h));
    for (std::size_t k = 0; k < noise.size(); ++k) {
      if (n[k] == 0) continue;
      Occupation below = n;
      --below[k];
      const int q = place.at(below);
      const Channel& channel = noise[k];
      const Matrix from_left = left(channel.coupling);
      const Matrix from_right = right(channel.coupling);
      l.block(p, p, 4, 4) -= double(n[k]) * channel.mu * Matrix::Identity(4, 4);
      l.block(q, p, 4, 4) -= i1 * (from_left - from_right);
      l.block(p, q, 4, 4) -=
          i1 * double(n[k]) * (channel.a * from_left - channel.conjugate * from_right);
    }
  }
  return l;
}

}  // namespace

Decay hierarchy_decay(const Exponentials& c, double ratio, double w0, Complex x, int depth) {
  const Matrix l = hierarchy(channels(c, ratio, x), w0, depth);
  const Eigen::VectorXcd values = oracle::eigen_pairs(l).values;
  std::vector<Complex> z(values.begin(), values.end());
  const auto nearest = [&z](Complex to, int number) {
    std::sort(z.begin(), z.end(),
              [to](Complex a, Complex b) { return std::abs(a - to) < std::abs(b - to); });
    return std::accumulate(z.begin(), z.begin() + number, Complex{0});
  };
  // Of the two near 0 one is 0, the steady state's.
  return {-nearest(0, 2), -nearest(-i1 * w0, 1)};
}

DecayOrders hierarchy_orders(const Exponentials& c, double ratio, double w0, double radius) {
  constexpr int points = 8;
  DecayOrders sum;
  for (int k = 0; k < points; ++k) {
    const Complex x = std::polar(radius, 2 * pi * (k + 0.5) / points);
    const Decay decay = hierarchy_decay(c, ratio, w0, x, 2);
    sum.second.relaxation += decay.relaxation / x / double(points);
    sum.second.coherence += decay.coherence / x / double(points);
    sum.fourth.relaxation += decay.relaxation / (x * x) / double(points);
    sum.fourth.coherence += decay.coherence / (x * x) / double(points);
  }
  return sum;
}

}  // namespace oracle
