#include "lindwurm/solve/phase_space.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

using std::numbers::pi;

bool is_on_sphere(const Group& site) {
  return site.kind == SiteKind::spin || site.kind == SiteKind::ensemble;
}

// <n|alpha> for all n. Computed with logarithms, because the power and the factorial overflow for
// large n.
Eigen::VectorXcd coherent_amplitudes(std::complex<double> alpha, int levels) {
  Eigen::VectorXcd c(levels);
  const double log_size = std::log(std::abs(alpha));
  for (int n = 0; n < levels; ++n) {
    const double log_power = n == 0 ? 0 : n * log_size;
    c[n] = std::polar(std::exp(log_power - std::norm(alpha) / 2 - std::lgamma(n + 1.0) / 2),
                      n * std::arg(alpha));
  }
  return c;
}

Eigen::MatrixXd husimi_in_plane(const Eigen::MatrixXcd& rho, const PhaseSpaceGrid& grid) {
  Eigen::MatrixXd q(grid.rows.size(), grid.columns.size());
  Eigen::MatrixXcd amplitudes(rho.rows(), q.cols());
  for (Eigen::Index row = 0; row < q.rows(); ++row) {
    for (Eigen::Index column = 0; column < q.cols(); ++column) {
      amplitudes.col(column) =
          coherent_amplitudes({grid.rows[row], grid.columns[column]}, static_cast<int>(rho.rows()));
    }
    const Eigen::MatrixXcd image = rho * amplitudes;
    q.row(row) = amplitudes.conjugate().cwiseProduct(image).real().colwise().sum() / pi;
  }
  return q;
}

// D(alpha) (-1)^n D(-alpha) = D(2 alpha) (-1)^n. With beta = 2 alpha and x = |beta|^2,
//   <m+k|D(beta)|m> = (beta/|beta|)^k f_m,  f_m = (m!/(m+k)!)^(1/2) x^(k/2) e^(-x/2) L_m^k(x).
// The recurrence of the Laguerre polynomials is applied to the f_m, which are at most 1.
Eigen::MatrixXd wigner_in_plane(const Eigen::MatrixXcd& rho, const PhaseSpaceGrid& grid) {
  const auto levels = static_cast<int>(rho.rows());
  const Eigen::Map<const Eigen::ArrayXd> imaginary(grid.columns.data(),
                                                   static_cast<Eigen::Index>(grid.columns.size()));
  Eigen::MatrixXd w(grid.rows.size(), grid.columns.size());
  for (Eigen::Index row = 0; row < w.rows(); ++row) {
    const double real = grid.rows[row];
    const Eigen::ArrayXd x = 4 * (real * real + imaginary.square());
    const Eigen::ArrayXd angle = imaginary.unaryExpr([&](double y) { return std::atan2(y, real); });
    Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(x.size());
    for (int k = 0; k < levels; ++k) {
      Eigen::ArrayXd before = Eigen::ArrayXd::Zero(x.size());
      Eigen::ArrayXd f = -x / 2 - std::lgamma(k + 1.0) / 2;
      if (k > 0) f += k / 2.0 * x.log();
      f = f.exp();
      Eigen::ArrayXd even = Eigen::ArrayXd::Zero(x.size());
      Eigen::ArrayXd odd = Eigen::ArrayXd::Zero(x.size());
      for (int m = 0; m + k < levels; ++m) {
        const double sign = m % 2 == 0 ? 1 : -1;
        // The sum of rho_{m,m+k} <m+k|D|m> and its conjugate.
        const std::complex<double> weight = (k == 0 ? 1.0 : 2.0) * sign * rho(m, m + k);
        even += weight.real() * f;
        odd += weight.imag() * f;
        const double next = std::sqrt((m + 1.0) * (m + 1.0 + k));
        const Eigen::ArrayXd after =
            ((2 * m + 1 + k - x) * f - std::sqrt(m * (m + 0.0 + k)) * before) / next;
        before = f;
        f = after;
      }
      sum += even * (k * angle).cos() - odd * (k * angle).sin();
    }
    w.row(row) = 2 / pi * sum.matrix();
  }
  return w;
}

// <J,M|J;theta,phi=0> with M descending.
Eigen::VectorXd direction(int two_j, double theta) {
  Eigen::VectorXd c(two_j + 1);
  const double log_cos = std::log(std::abs(std::cos(theta / 2)));
  const double log_sin = std::log(std::abs(std::sin(theta / 2)));
  for (int k = 0; k <= two_j; ++k) {
    const double log_ways =
        std::lgamma(two_j + 1.0) - std::lgamma(k + 1.0) - std::lgamma(two_j - k + 1.0);
    c[k] = std::exp(log_ways / 2 + (k == two_j ? 0 : (two_j - k) * log_cos) +
                    (k == 0 ? 0 : k * log_sin));
  }
  return c;
}

// |J;theta,phi> has the phase exp(i phi (J - M)). So Q is a Fourier series in phi whose
// coefficients are sums along the diagonals of rho_J.
Eigen::MatrixXd husimi_on_sphere(const SiteState& state, const PhaseSpaceGrid& grid) {
  const int spins = state.site.multiplets ? state.site.multiplets->spins() : 1;
  Eigen::MatrixXcd fourier = Eigen::MatrixXcd::Zero(grid.rows.size(), spins + 1);
  for (int b = 0; b < state.blocks(); ++b) {
    const Eigen::MatrixXcd rho = state.block(b);
    const auto two_j = static_cast<int>(rho.rows()) - 1;
    for (Eigen::Index row = 0; row < fourier.rows(); ++row) {
      const Eigen::VectorXd c = direction(two_j, grid.rows[row]);
      for (int k = 0; k <= two_j; ++k) {
        const Eigen::Index length = two_j + 1 - k;
        const Eigen::VectorXd products = c.head(length).cwiseProduct(c.tail(length));
        fourier(row, k) += (two_j + 1) / (4 * pi) * rho.diagonal(k).cwiseProduct(products).sum();
      }
    }
  }
  fourier.rightCols(spins) *= 2;
  Eigen::MatrixXcd waves(spins + 1, grid.columns.size());
  for (Eigen::Index column = 0; column < waves.cols(); ++column) {
    for (int k = 0; k <= spins; ++k)
      waves(k, column) = std::polar(1.0, k * grid.columns[column]);
  }
  return (fourier * waves).real();
}

// The weights of the trapezoidal rule for the points of an axis.
Eigen::VectorXd lengths(const std::vector<double>& axis) {
  Eigen::VectorXd all = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(axis.size()));
  for (std::size_t k = 0; k + 1 < axis.size(); ++k) {
    const double half = (axis[k + 1] - axis[k]) / 2;
    all[static_cast<Eigen::Index>(k)] += half;
    all[static_cast<Eigen::Index>(k) + 1] += half;
  }
  return all;
}

}  // namespace

std::string_view name_of(QuasiProbability function) {
  return function == QuasiProbability::husimi ? "husimi" : "wigner";
}

void require_phase_space(const Group& site, QuasiProbability function) {
  const bool is_oscillator = site.kind == SiteKind::oscillator;
  if (!is_oscillator && !is_on_sphere(site)) {
    throw InputError(
        fmt::format("'{}' is of kind {}, which has no phase space; oscillators, spins "
                    "and ensembles have one",
                    site.name, name_of(site.kind)));
  }
  if (function == QuasiProbability::wigner && !is_oscillator) {
    throw InputError(
        fmt::format("the Wigner function of '{}', which is no oscillator; take the Husimi function",
                    site.name));
  }
  if (is_oscillator && site.dimension > most_phase_space_levels) {
    throw InputError(
        fmt::format("the phase space of '{}' with {} levels; it is drawn for {} levels "
                    "at most",
                    site.name, site.dimension, most_phase_space_levels));
  }
}

Eigen::MatrixXd quasi_probability(const SiteState& state, QuasiProbability function,
                                  const PhaseSpaceGrid& grid) {
  require_phase_space(state.site, function);
  if (is_on_sphere(state.site)) return husimi_on_sphere(state, grid);
  return function == QuasiProbability::husimi ? husimi_in_plane(state.block(0), grid)
                                              : wigner_in_plane(state.block(0), grid);
}

double integral(const Eigen::MatrixXd& values, const Group& site, const PhaseSpaceGrid& grid) {
  Eigen::VectorXd along = lengths(grid.rows);
  if (is_on_sphere(site)) {
    for (Eigen::Index k = 0; k < along.size(); ++k)
      along[k] *= std::sin(grid.rows[k]);
  }
  return along.dot(values * lengths(grid.columns));
}

}  // namespace lindwurm
