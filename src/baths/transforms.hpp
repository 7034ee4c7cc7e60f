// Integrals over a bath's spectrum: principal values, Fourier transforms, coarse-graining.
#pragma once

#include <complex>
#include <string>

#include "lindwurm/baths/bath.hpp"
#include "spectrum.hpp"

namespace lindwurm {

/// Throws the InputError of an integral over `density` that does not exist: what diverges, where
/// and what to do.
[[noreturn]] void refuse_divergence(const std::string& density, const char* what,
                                    const char* remedy);

/// Lambda(w) = P int dw' S(w')/(2 pi (w - w')); `density` is for messages, here and below.
[[nodiscard]] Estimate<double> shift_integral(const Spectrum& spectrum, double w,
                                              const std::string& density);

/// C(t), t >= 0.
[[nodiscard]] Estimate<std::complex<double>> correlation_integral(const Spectrum& spectrum,
                                                                  double t,
                                                                  const std::string& density);

/// Two frequencies and a time over which (1/dt) int ds int ds' C(s - s') e^{iws} e^{-iw's'} goes.
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

/// The same of e^{-iv(s - s')} in the place of C: a mode of frequency v. One of -v has the
/// conjugate of that in the mirrored window.
[[nodiscard]] std::complex<double> window_kernel(const Window& window, Ordering ordering, double v);

[[nodiscard]] Estimate<std::complex<double>> coarse_integral(const Spectrum& spectrum,
                                                             const Window& window,
                                                             Ordering ordering,
                                                             const std::string& density);

}  // namespace lindwurm
