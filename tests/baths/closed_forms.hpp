// Correlation functions in closed form, written without the library.
#pragma once

#include <complex>
#include <functional>
#include <vector>

namespace oracle {

using Complex = std::complex<double>;

/// sum_{n >= 1} term(n) for terms that fall like powers of 1/n, 1/n^2 and on, once n exceeds
/// `scale`: partial sums extrapolated by Richardson.
Complex extrapolated_sum(const std::function<Complex(double)>& term, double scale);

/// J(w) = g w L^2/(w^2 + L^2), bosons at temperature T > 0: C(t) = sum_k c_k e^{-nu_k t} with
/// nu_0 = L and Matsubara's frequencies.
struct DrudeBath {
  double g = 1;
  double cutoff = 1;
  double temperature = 1;

  [[nodiscard]] Complex correlation(double t) const;
  /// int_0^inf C(t) e^{iwt} dt
  [[nodiscard]] Complex half_sided(double w) const;
  /// (1/dt) int_0^dt ds int_0^s ds' C(s - s') e^{iws} e^{-iw's'}
  [[nodiscard]] Complex retarded(double w, double w_prime, double dt) const;
  /// The same for s' from 0 to dt.
  [[nodiscard]] Complex coarse(double w, double w_prime, double dt) const;

 private:
  /// `fastest`: above this nu the terms fall like powers.
  [[nodiscard]] Complex summed(const std::function<Complex(Complex c, double nu)>& f,
                               double fastest) const;
};

/// J(w) = g w^s wc^(1-s) exp(-w/wc), bosons at temperature T >= 0.
struct ExponentialBath {
  double g = 1;
  double cutoff = 1;
  double s = 1;
  double temperature = 0;

  [[nodiscard]] Complex correlation(double t) const;
};

/// int_a^b f by Gauss-Legendre on equal pieces.
Complex integral(const std::function<Complex(double)>& f, double a, double b, int pieces);

/// (1/dt) int_0^dt ds int_0^s ds' C(s - s') e^{iws} e^{-iw's'} by two nested quadratures.
Complex retarded_by_quadrature(const std::function<Complex(double)>& correlation, double w,
                               double w_prime, double dt, int pieces);

}  // namespace oracle
