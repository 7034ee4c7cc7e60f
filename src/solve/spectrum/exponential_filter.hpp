// A fixed polynomial of L that approximates exp(tau L).
#pragma once

#include <exception>
#include <optional>
#include <vector>

#include "solve/evolve/chebyshev.hpp"

namespace lindwurm {

/// F = p(L), or its transpose. p is a Chebyshev series of fixed length for exp(tau L). F has the
/// eigenvectors of L up to rounding, for any length of the series. Its eigenvalues are p(lambda),
/// which are the larger, the slower the mode is.
class ExponentialFilter {
 public:
  enum class Side { right, left };

  /// `line` describes the spectrum of the constant L, which must outlive this object. tau is the
  /// time for which the series has the degree `degree`, but at most `longest_time`. Collective.
  ExponentialFilter(const Liouvillian& liouvillian, const SpectralLine& line, Side side, int degree,
                    double longest_time);

  /// out = F in. Collective. Throws SpectrumOutside if L has eigenvalues outside the region of the
  /// line.
  void apply(Vec in, Vec out);

  [[nodiscard]] MPI_Comm communicator() const { return liouvillian_.communicator(); }
  [[nodiscard]] double time() const { return time_; }
  /// A bound on |p(lambda) - exp(tau lambda)| for every lambda in the ellipse of the line.
  [[nodiscard]] static constexpr double truncation() { return 1e-16; }
  /// The norm of the last term of the series in the last apply(), relative to `in`. The truncation
  /// error is smaller than this, even for eigenvalues outside the ellipse.
  [[nodiscard]] double last_term() const { return last_term_; }
  /// The degree of the polynomial: the number of products with L that F takes.
  [[nodiscard]] int degree() const { return static_cast<int>(coefficients_.size()) - 1; }
  [[nodiscard]] long products() const { return products_; }
  /// A vector with the layout that F acts on. Borrowed.
  [[nodiscard]] Vec like() const { return here_; }
  /// F as a shell matrix for SLEPc. It must not outlive this object. Collective.
  [[nodiscard]] MatHandle matrix();

  /// Throws again what apply() threw inside SLEPc, which passes on only return codes.
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
