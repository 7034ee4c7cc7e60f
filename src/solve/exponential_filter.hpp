// A fixed polynomial of L that is close to exp(tau L).
#pragma once

#include <optional>
#include <vector>

#include "chebyshev.hpp"

namespace lindwurm {

/// F = p(L) or its transpose, p a Chebyshev series of fixed length for exp(tau L). F has the
/// eigenvectors of L to rounding, however long the series is, and the eigenvalues p(lambda), the
/// larger the slower the mode.
class ExponentialFilter {
 public:
  enum class Side { right, left };

  /// `line` is the place of the spectrum of the constant L, which outlives this. tau makes the
  /// series as long as `degree`, or is `longest_time`. Collective.
  ExponentialFilter(const Liouvillian& liouvillian, const SpectralLine& line, Side side, int degree,
                    double longest_time);

  /// out = F in. Collective. Throws SpectrumOutside where L has eigenvalues that the line knows
  /// nothing of.
  void apply(Vec in, Vec out);

  [[nodiscard]] MPI_Comm communicator() const { return liouvillian_.communicator(); }
  [[nodiscard]] double time() const { return time_; }
  /// |p(lambda) - exp(tau lambda)| for every lambda in the ellipse of the line.
  [[nodiscard]] static constexpr double truncation() { return 1e-16; }
  /// The size of the last term of the series in the last apply(), relative to `in`: what is left
  /// out is smaller, even beyond the ellipse.
  [[nodiscard]] double last_term() const { return last_term_; }
  /// Of the polynomial: products with L that F takes.
  [[nodiscard]] int degree() const { return static_cast<int>(coefficients_.size()) - 1; }
  [[nodiscard]] long products() const { return products_; }
  /// A vector of the layout of what F acts on. Borrowed.
  [[nodiscard]] Vec like() const { return here_; }
  /// F as a shell for SLEPc. It lives no longer than this. Collective.
  [[nodiscard]] MatHandle matrix();

  /// What apply() threw within SLEPc, which passes on return codes alone.
  void rethrow() const;

 private:
  void multiply(Vec in, Vec out) const;
  double next_term(double times, double sign, double c, Vec sum);
  friend PetscErrorCode apply_filter(Mat shell, Vec in, Vec out);

  const Liouvillian& liouvillian_;
  SpectralLine line_;
  Side side_;
  double time_ = 0;
  std::vector<double> coefficients_;
  VecHandle here_, next_, image_;
  long products_ = 0;
  double last_term_ = 0;
  std::exception_ptr failure_;
};

/// L has eigenvalues outside the ellipse that a filter was made for.
class SpectrumOutside : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace lindwurm
