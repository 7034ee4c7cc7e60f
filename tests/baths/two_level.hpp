// A two-level system that is coupled to noise whose correlation function is a sum of exponentials:
// its exact decay, by two routes, neither of which knows spectra, principal values or the formulas
// of Laird, Budimir and Skinner, J. Chem. Phys. 94, 4391 (1991).
#pragma once

#include <Eigen/Core>
#include <complex>
#include <vector>

#include "lindwurm/baths/spectral_density.hpp"

namespace oracle {

/// C(t) = sum_k a_k exp(-mu_k t), its conjugate sum_k conjugate_k exp(-mu_k t), t > 0.
struct Exponentials {
  std::vector<std::complex<double>> a, conjugate, mu;
};

/// Classical noise, C(t) = variance exp(-lambda |t|).
[[nodiscard]] Exponentials ornstein_uhlenbeck(double variance, double lambda);

/// A bosonic bath of one pole of lindwurm::poles at temperature T > 0; `terms` poles of the Bose
/// function in the Pade approximation of Hu, Xu and Yan, J. Chem. Phys. 133, 101106 (2010).
[[nodiscard]] Exponentials damped_mode(const lindwurm::Pole& pole, double T, int terms);

/// Levels in the order 0 (lower), 1 (upper); |m><n| is number 2 m + n.
enum Element { e00 = 0, e01 = 1, e10 = 2, e11 = 3 };

/// The generator R of Laird et al. Eqs. 37-43 by time-ordered cumulants, every time integral done
/// exactly; H_I = Lambda |1><0| + h.c. with <Lambda Lambda> = ratio <Lambda Lambda^dag>.
class Cumulants {
 public:
  Cumulants(Exponentials c, double ratio, double w0) : c_(std::move(c)), ratio_(ratio), w0_(w0) {}
  [[nodiscard]] Eigen::Matrix4cd second() const;
  [[nodiscard]] Eigen::Matrix4cd fourth() const;

 private:
  struct Vertex;
  static std::vector<Vertex> vertices(unsigned code, int number);
  [[nodiscard]] double weight(const Vertex& later, const Vertex& earlier) const;
  [[nodiscard]] const std::vector<std::complex<double>>& amplitudes(const Vertex& earlier) const;
  [[nodiscard]] std::complex<double> integral(const std::vector<Vertex>& v, bool is_crossed) const;

  Exponentials c_;
  double ratio_, w0_;
};

/// 1/T1 and 1/T2 + i (w0 + shift), or coefficients of their expansions.
struct Decay {
  std::complex<double> relaxation, coherence;
};

/// The slow eigenvalues of the hierarchical equations of motion, the correlation function
/// multiplied by x.
[[nodiscard]] Decay hierarchy_decay(const Exponentials& c, double ratio, double w0,
                                    std::complex<double> x, int depth);

/// The coefficients of x and x^2 of the same from values on the circle |x| = radius; they are those
/// of the whole hierarchy, because fourth order knows depth 2 only.
struct DecayOrders {
  Decay second, fourth;
};
[[nodiscard]] DecayOrders hierarchy_orders(const Exponentials& c, double ratio, double w0,
                                           double radius);

}  // namespace oracle
