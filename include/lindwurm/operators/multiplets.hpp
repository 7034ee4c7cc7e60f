// Permutation-symmetric states of N two-level systems.
#pragma once

#include <Eigen/Dense>
#include <complex>
#include <cstdint>
#include <utility>
#include <vector>

#include "lindwurm/operators/site_matrix.hpp"

namespace lindwurm {

/// The space of N spins 1/2 is the sum over J = N/2, N/2 - 1, ... of 2J + 1 states |J,M>, each as
/// often as the multiplet J is found: d_J = N! (2J+1) / ((N/2+J+1)! (N/2-J)!) times. A density
/// operator that no permutation of the spins changes is
///
///     rho = sum_J sum_MM' r_{J,MM'} |J,M><J,M'| x 1/d_J
///
/// (Chase and Geremia 2008, Phys. Rev. A 78, 052101; Shammah et al. 2018, Phys. Rev. A 98, 063815),
/// with C(N+3, 3) numbers r: the partial trace of rho over the copies of each multiplet. r is
/// itself a density matrix, block diagonal on the states |J,M>, and tr(A rho) = tr(A r) for every A
/// that is a sum of products of sums over the spins. Numbers of N = 1000 spins fit it: no d_J,
/// which may exceed 10^300, appears.
///
/// States: J descending, M descending within. Elements |J,M><J,M'|: J descending, then M, then M'.
///
/// What conserves M - M' needs no more than the elements of some |M - M'|: `coherence` keeps those
/// up to it, and two more, so that products of two maps that change M - M' by up to 2 come out
/// right between kept elements.
class Multiplets {
 public:
  /// Throws InputError unless 1 <= spins <= most_spins and coherence >= 0.
  explicit Multiplets(int spins, int coherence = most_spins);
  static constexpr int most_spins = 2000;
  static constexpr int margin = 2;

  struct Multiplet {
    int two_j;          ///< 2J
    int first_state;    ///< |J,J>
    double log_copies;  ///< ln d_J
    [[nodiscard]] int size() const { return two_j + 1; }
  };

  [[nodiscard]] int spins() const { return spins_; }
  /// The number of states |J,M>, floor((N/2 + 1)^2) for even N.
  [[nodiscard]] int states() const { return states_; }
  /// C(N+3, 3) if all are kept.
  [[nodiscard]] int elements() const { return elements_; }
  /// The largest |M - M'| of elements that are kept.
  [[nodiscard]] int coherence() const { return coherence_; }
  /// True if elements of high |M - M'| are left out.
  [[nodiscard]] bool is_limited() const { return coherence_ < spins_; }
  /// True for elements that count, false for those beyond `coherence`.
  [[nodiscard]] bool is_kept(int element) const;
  [[nodiscard]] const std::vector<Multiplet>& all() const { return all_; }
  /// The multiplet that a state belongs to.
  [[nodiscard]] const Multiplet& of_state(int state) const;
  /// 2M of a state.
  [[nodiscard]] int two_m(int state) const;

  /// The number of |m><n|, of which m and n are states; -1 if they lie in different multiplets, or
  /// too far apart.
  [[nodiscard]] int element(int m, int n) const;
  /// {m, n} of an element.
  [[nodiscard]] std::pair<int, int> states_of(int element) const;

  /// <J,M along one axis|J,M' along the other> of z and x, real, symmetric and its own inverse, for
  /// one J (2J + 1 rows) and for all states.
  [[nodiscard]] static Eigen::MatrixXd change_of_axis(int two_j);
  [[nodiscard]] Eigen::MatrixXd change_of_axis() const;

  /// sum_i A_i of an operator of one spin, |up> first, on the states.
  [[nodiscard]] SiteMatrix sum(const Eigen::Matrix2cd& a) const;
  /// sum_i S_i of a map of one spin's operators on the elements r: entry (2m + n, 2k + l) of S
  /// takes |k><l| to |m><n|.
  [[nodiscard]] SiteMatrix sum(const Eigen::Matrix4cd& s) const;

 private:
  int spins_;
  int coherence_;
  int reach_;  // |M - M'| of elements is at most this
  int states_ = 0;
  int elements_ = 0;
  std::vector<Multiplet> all_;
  std::vector<int> row_;  // of each state m, the element |m><n| of the first n
};

}  // namespace lindwurm
