#include "lindwurm/model/ensemble_state.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>

#include "lindwurm/operators/site_operators.hpp"

namespace lindwurm {

namespace {

constexpr double none = -std::numeric_limits<double>::infinity();
// Overlaps |<J,M'|J,M>| between two axes below this are rounding.
constexpr double rounding = 1e-15;

// k ln(x), with 0^0 = 1.
double log_power(double log_of_x, int k) { return k == 0 ? 0.0 : k * log_of_x; }

// Computes <J,M|Sym^n(sigma)|J,M'> times exp(log_factor). With p = J+M, p' = J+M', q = n-p,
// q' = n-p' and sigma = (a b; c d), the matrix element is
//   sqrt(p! q! p'! q'!) sum_i a^i b^(p-i) c^(p'-i) d^(q'-p+i) / (i! (p-i)! (p'-i)! (q'-p+i)!).
// Since c = b^*, all terms have the same phase and nothing cancels.
class SymmetricPower {
 public:
  explicit SymmetricPower(const Eigen::Matrix2cd& sigma, int most)
      : log_a_(std::log(std::max(sigma(0, 0).real(), 0.0))),
        log_b_(std::log(std::abs(sigma(0, 1)))),
        log_d_(std::log(std::max(sigma(1, 1).real(), 0.0))),
        phase_(std::arg(sigma(0, 1))) {
    for (int n = 0; n <= most; ++n)
      log_factorial_.push_back(std::lgamma(n + 1.0));
  }

  [[nodiscard]] Complex element(int n, int p, int p2, double log_factor) const {
    const auto& f = log_factorial_;
    const double front = log_factor + (f[p] + f[n - p] + f[p2] + f[n - p2]) / 2;
    double sum = 0;
    for (int i = std::max(0, p + p2 - n); i <= std::min(p, p2); ++i) {
      const int j = n - p - p2 + i;
      const double size = log_power(log_a_, i) + log_power(log_b_, p + p2 - 2 * i) +
                          log_power(log_d_, j) - f[i] - f[p - i] - f[p2 - i] - f[j];
      if (size > none) sum += std::exp(front + size);
    }
    return p == p2 ? Complex(sum) : std::polar(sum, phase_ * (p - p2));
  }

 private:
  double log_a_;
  double log_b_;
  double log_d_;
  double phase_;
  std::vector<double> log_factorial_;
};

void add_product(const EnsembleState::Part& part, const Multiplets& multiplets,
                 Eigen::VectorXcd& r) {
  const double determinant = part.spin.determinant().real();
  // The determinant of a pure state is 0 up to rounding.
  const bool is_pure = !(determinant > 1e-15);
  const SymmetricPower power(part.spin, multiplets.spins());
  for (const auto& multiplet : multiplets.all()) {
    const int n = multiplet.two_j;
    const int pairs = (multiplets.spins() - n) / 2;
    if (is_pure && pairs > 0) break;
    const double log_factor =
        multiplet.log_copies + log_power(is_pure ? none : std::log(determinant), pairs);
    const bool is_diagonal = part.spin(0, 1) == 0.0;
    for (int row = 0; row <= n; ++row) {
      for (int column = is_diagonal ? row : 0; column <= (is_diagonal ? row : n); ++column) {
        const int element =
            multiplets.element(multiplet.first_state + row, multiplet.first_state + column);
        if (element >= 0)
          r[element] += part.weight * power.element(n, n - row, n - column, log_factor);
      }
    }
  }
}

void add_multiplet_state(const EnsembleState::Part& part, const Multiplets& multiplets,
                         Eigen::VectorXcd& r) {
  const auto& all = multiplets.all();
  const auto multiplet = std::find_if(all.begin(), all.end(),
                                      [&](const auto& each) { return each.two_j == part.two_j; });
  const int size = multiplet->size();
  const int state = (part.two_j - part.two_m) / 2;
  Eigen::VectorXd c = Eigen::VectorXd::Unit(size, state);
  if (part.is_turned) c = Multiplets::change_of_axis(part.two_j).col(state);
  for (int row = 0; row < size; ++row) {
    for (int column = 0; column < size; ++column) {
      const double value = c[row] * c[column];
      const int element =
          multiplets.element(multiplet->first_state + row, multiplet->first_state + column);
      if (std::abs(value) > rounding && element >= 0) r[element] += part.weight * value;
    }
  }
}

}  // namespace

EnsembleState change_spin_axis(EnsembleState state) {
  for (auto& part : state.parts) {
    part.spin = change_spin_axis(part.spin);
    part.is_turned = !part.is_turned;
  }
  return state;
}

Eigen::VectorXcd elements(const EnsembleState& state, const Multiplets& multiplets) {
  Eigen::VectorXcd r = Eigen::VectorXcd::Zero(multiplets.elements());
  for (const auto& part : state.parts) {
    if (part.two_j < 0) {
      add_product(part, multiplets, r);
    } else {
      add_multiplet_state(part, multiplets, r);
    }
  }
  return r;
}

}  // namespace lindwurm
