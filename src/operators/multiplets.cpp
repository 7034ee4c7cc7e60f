#include "lindwurm/operators/multiplets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

// The rounding error relative to the largest possible entry of a sum over the spins. It remains
// where the contributions of the two ways to couple a spin cancel.
constexpr double rounding = 1e-13;

// The Clebsch-Gordan coefficient <j m, 1/2 s | J M> with M = m + s and J = j +- 1/2 (Condon and
// Shortley). All arguments are doubled.
double clebsch_gordan(int two_j, int two_s, int big_two_j, int big_two_m) {
  const double along = two_j + 1 + two_s * big_two_m;
  const double against = two_j + 1 - two_s * big_two_m;
  const double whole = 2.0 * (two_j + 1);
  if (big_two_j > two_j) return along > 0 ? std::sqrt(along / whole) : 0;
  return against > 0 ? -two_s * std::sqrt(against / whole) : 0;
}

// The share of the copies of J in which the last spin is coupled to J1 of the others:
// d_{N-1}(J1)/d_N(J).
double share(int spins, int two_j, int two_j1) {
  const double whole = 2.0 * spins * (two_j + 1);
  if (two_j1 < two_j) return two_j * (spins + two_j + 2.0) / whole;
  return (two_j + 2.0) * (spins - two_j) / whole;
}

constexpr int two_s_of(int index) { return index == 0 ? 1 : -1; }

// The image of one element under S: J' = J - 1, J, J + 1, and M, M' each changed by -1, 0, 1.
using Image = std::array<std::array<std::array<Complex, 3>, 3>, 3>;

struct Entry {
  int to_bra, to_ket, from_bra, from_ket;  // m, n, k, l
  Complex value;
};

// Adds the image of |J,M><J,M'| with the last spin coupled to J1 of the others.
void add_image(Image& image, int spins, int two_j, int two_j1, int two_m, int two_n,
               const std::vector<Entry>& entries) {
  const double weight = spins * share(spins, two_j, two_j1);
  if (!(weight > 0)) return;
  for (const Entry& entry : entries) {
    const int s_k = two_s_of(entry.from_bra);
    const int s_l = two_s_of(entry.from_ket);
    const double before =
        clebsch_gordan(two_j1, s_k, two_j, two_m) * clebsch_gordan(two_j1, s_l, two_j, two_n);
    if (before == 0) continue;
    const int step_m = (two_s_of(entry.to_bra) - s_k) / 2;
    const int step_n = (two_s_of(entry.to_ket) - s_l) / 2;
    for (const int to : {two_j1 - 1, two_j1 + 1}) {
      if (to < 0 || to > spins) continue;
      const double after = clebsch_gordan(two_j1, two_s_of(entry.to_bra), to, two_m + 2 * step_m) *
                           clebsch_gordan(two_j1, two_s_of(entry.to_ket), to, two_n + 2 * step_n);
      image[(to - two_j) / 2 + 1][step_m + 1][step_n + 1] += weight * before * after * entry.value;
    }
  }
}

}  // namespace

Multiplets::Multiplets(int spins, int coherence)
    : spins_(spins), coherence_(std::min(coherence, spins)), reach_(coherence_ + margin) {
  if (spins < 1 || spins > most_spins) {
    throw InputError(fmt::format("an ensemble of {} spins; it needs at least 1 and at most {}",
                                 spins, most_spins));
  }
  if (coherence < 0) throw InputError(fmt::format("coherence = {} is negative", coherence));
  const double n = spins;
  for (int two_j = spins; two_j >= 0; two_j -= 2) {
    const double log_copies = std::lgamma(n + 1) + std::log(two_j + 1.0) -
                              std::lgamma((n + two_j) / 2 + 2) - std::lgamma((n - two_j) / 2 + 1);
    all_.push_back({two_j, states_, log_copies});
    for (int k = 0; k <= two_j; ++k) {
      row_.push_back(elements_);
      elements_ += std::min(two_j, k + reach_) - std::max(0, k - reach_) + 1;
    }
    states_ += two_j + 1;
  }
}

const Multiplets::Multiplet& Multiplets::of_state(int state) const {
  const auto after = std::upper_bound(all_.begin(), all_.end(), state,
                                      [](int s, const Multiplet& m) { return s < m.first_state; });
  return *(after - 1);
}

int Multiplets::two_m(int state) const {
  const Multiplet& multiplet = of_state(state);
  return multiplet.two_j - 2 * (state - multiplet.first_state);
}

int Multiplets::element(int m, int n) const {
  const Multiplet& multiplet = of_state(m);
  const int column = n - multiplet.first_state;
  if (column < 0 || column >= multiplet.size() || std::abs(m - n) > reach_) return -1;
  return row_[m] + n - std::max(multiplet.first_state, m - reach_);
}

std::pair<int, int> Multiplets::states_of(int element) const {
  const auto after = std::upper_bound(row_.begin(), row_.end(), element);
  const auto m = static_cast<int>(after - row_.begin()) - 1;
  const int first = std::max(of_state(m).first_state, m - reach_);
  return {m, first + element - row_[m]};
}

bool Multiplets::is_kept(int element) const {
  const auto [m, n] = states_of(element);
  return std::abs(m - n) <= coherence_;
}

// The columns are the eigenvectors of Jx with eigenvalue M', M' descending. The first row is
// positive, as in Sym^2J((1, 1; 1, -1)/sqrt 2). The recurrence of Jx is stable from the first row,
// where a vector may be as small as 2^-J, to the middle. The other half follows, because a column
// is even or odd under M -> -M.
Eigen::MatrixXd Multiplets::change_of_axis(int two_j) {
  constexpr double large = 1e150;
  const int middle = two_j / 2;
  const auto beside = [two_j](int k) { return std::sqrt((two_j - k) * (k + 1.0)) / 2; };
  Eigen::MatrixXd change(two_j + 1, two_j + 1);
  for (int column = 0; column <= two_j; ++column) {
    auto v = change.col(column);
    const double m = two_j / 2.0 - column;
    v[0] = 1;
    for (int k = 0; k < middle; ++k) {
      v[k + 1] = (m * v[k] - (k > 0 ? beside(k - 1) * v[k - 1] : 0)) / beside(k);
      if (std::abs(v[k + 1]) > large) v.head(k + 2) /= large;
    }
    const double parity = column % 2 == 0 ? 1 : -1;
    for (int k = 0; 2 * k < two_j; ++k)
      v[two_j - k] = parity * v[k];
    v.normalize();
  }
  return change;
}

Eigen::MatrixXd Multiplets::change_of_axis() const {
  Eigen::MatrixXd change = Eigen::MatrixXd::Zero(states_, states_);
  for (const Multiplet& multiplet : all_) {
    change.block(multiplet.first_state, multiplet.first_state, multiplet.size(), multiplet.size()) =
        change_of_axis(multiplet.two_j);
  }
  return change;
}

SiteMatrix Multiplets::sum(const Eigen::Matrix2cd& a) const {
  std::vector<Eigen::Triplet<Complex>> entries;
  for (const Multiplet& multiplet : all_) {
    const double j = multiplet.two_j / 2.0;
    for (int k = 0; k < multiplet.size(); ++k) {
      const int state = multiplet.first_state + k;
      const double m = j - k;
      const double ups = spins_ / 2.0 + m;
      const Complex diagonal = a(0, 0) * ups + a(1, 1) * (spins_ - ups);
      if (diagonal != 0.0) entries.emplace_back(state, state, diagonal);
      if (k + 1 == multiplet.size()) continue;
      const double lowered = std::sqrt((j + m) * (j - m + 1));  // <J,M-1|S-|J,M>
      if (a(1, 0) != 0.0) entries.emplace_back(state + 1, state, a(1, 0) * lowered);
      if (a(0, 1) != 0.0) entries.emplace_back(state, state + 1, a(0, 1) * lowered);
    }
  }
  SiteMatrix matrix(states_, states_);
  matrix.setFromTriplets(entries.begin(), entries.end());
  return matrix;
}

// rho is symmetric, so the sum is N times the action of S on the last spin. |J,M> of N spins
// consists of |J1,M-s> of the others, with J1 = J +- 1/2, and |s>. S acts on s. Then the trace over
// the copies is taken again, in which J1 does not change.
SiteMatrix Multiplets::sum(const Eigen::Matrix4cd& s) const {
  std::vector<Entry> of_one;
  for (int to = 0; to < 4; ++to) {
    for (int from = 0; from < 4; ++from) {
      if (s(to, from) != 0.0) of_one.push_back({to / 2, to % 2, from / 2, from % 2, s(to, from)});
    }
  }
  const double least = rounding * spins_ * s.cwiseAbs().maxCoeff();
  std::vector<Eigen::Triplet<Complex>> entries;
  for (int column = 0; column < elements_; ++column) {
    const auto [bra, ket] = states_of(column);
    const Multiplet& from = of_state(bra);
    Image image{};
    for (const int two_j1 : {from.two_j - 1, from.two_j + 1}) {
      if (two_j1 < 0 || two_j1 > spins_ - 1) continue;
      add_image(image, spins_, from.two_j, two_j1, two_m(bra), two_m(ket), of_one);
    }
    for (int dj = -1; dj <= 1; ++dj) {
      for (int dm = -1; dm <= 1; ++dm) {
        for (int dn = -1; dn <= 1; ++dn) {
          const Complex value = image[dj + 1][dm + 1][dn + 1];
          if (!(std::abs(value) > least)) continue;
          const Multiplet& to = all_[(spins_ - from.two_j) / 2 - dj];
          // J - M counts the states from the top.
          const int shift = to.first_state - from.first_state + dj;
          const int row = element(bra + shift - dm, ket + shift - dn);
          if (row >= 0) entries.emplace_back(row, column, value);
        }
      }
    }
  }
  SiteMatrix matrix(elements_, elements_);
  matrix.setFromTriplets(entries.begin(), entries.end());
  return matrix;
}

}  // namespace lindwurm
