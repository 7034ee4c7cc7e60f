// Integrals over a bath's spectrum: principal values, Fourier transforms, coarse-graining.
#pragma once

#include <complex>
#include <string>

#include "lindwurm/baths/bath.hpp"
#include "spectrum.hpp"

namespace lindwurm {

/// Throws InputError for an integral over `density` that does not exist. The message says what
/// diverges, where, and what to do.
[[noreturn]] void refuse_divergence(const std::string& density, const char* what,
                                    const char* remedy);

/// Lambda(w) = P int dw' S(w')/(2 pi (w - w')). Here and below, `density` is for messages.
[[nodiscard]] Estimate<double> shift_integral(const Spectrum& spectrum, double w,
                                              const std::string& density);

/// C(t), t >= 0.
[[nodiscard]] Estimate<std::complex<double>> correlation_integral(const Spectrum& spectrum,
                                                                  double t,
                                                                  const std::string& density);

/// The two frequencies and the time of (1/dt) int ds int ds' C(s - s') e^{iws} e^{-iw's'}.
struct Window {
  double w = 0;
  double w_prime = 0;
  double dt = 0;

  [[nodiscard]] Window mirrored() const { return {-w, -w_prime, dt}; }
};

enum class Ordering {
  both,      ///< s and s' from 0 to dt
  retarded,  ///< s' only up to s
};

/// The same with C replaced by e^{-iv(s - s')}, a mode of frequency v. A mode of frequency -v has
/// the complex conjugate of this in the mirrored window.
[[nodiscard]] std::complex<double> window_kernel(const Window& window, Ordering ordering, double v);

[[nodiscard]] Estimate<std::complex<double>> coarse_integral(const Spectrum& spectrum,
                                                             const Window& window,
                                                             Ordering ordering,
                                                             const std::string& density);

}  // namespace lindwurm
