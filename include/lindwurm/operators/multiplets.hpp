// Permutation-symmetric states of N two-level systems.
#pragma once

#include <Eigen/Core>
#include <complex>
#include <cstdint>
#include <utility>
#include <vector>

#include "lindwurm/operators/site_matrix.hpp"

namespace lindwurm {

/// The space of N spins 1/2 is a sum over J = N/2, N/2 - 1, ... of multiplets of 2J + 1 states
/// |J,M>. The multiplet J occurs d_J = N! (2J+1) / ((N/2+J+1)! (N/2-J)!) times. A density operator
/// that is invariant under permutations of the spins is
///
///     rho = sum_J sum_MM' r_{J,MM'} |J,M><J,M'| x 1/d_J
///
/// (Chase and Geremia 2008, Phys. Rev. A 78, 052101; Shammah et al. 2018, Phys. Rev. A 98, 063815).
/// The C(N+3, 3) numbers r are the partial trace of rho over the copies of each multiplet. r is
/// itself a density matrix, block diagonal on the states |J,M>. For every A that is a sum of
/// products of sums over the spins, tr(A rho) = tr(A r). This works for N = 1000 spins, because
/// d_J, which may exceed 10^300, never appears.
///
/// Order of states: J descending, then M descending. Order of elements |J,M><J,M'|: J descending,
/// then M, then M'.
///
/// A problem that conserves M - M' needs only the elements of some |M - M'|. `coherence` is the
/// largest |M - M'| that counts. Two more are stored, so that products of two maps that
/// change M - M' by up to 2 are correct between the elements that count.
class Multiplets {
 public:
  /// Throws InputError unless 1 <= spins <= most_spins and coherence >= 0.
  explicit Multiplets(int spins, int coherence = most_spins);
  static constexpr int most_spins = 2000;
  static constexpr int margin = 2;

  /// A multiplet of 2J + 1 states |J,M>.
  struct Multiplet {
    int two_j;          ///< 2J
    int first_state;    ///< |J,J>
    double log_copies;  ///< ln d_J
    [[nodiscard]] int size() const { return two_j + 1; }
  };

  [[nodiscard]] int spins() const { return spins_; }
  /// The number of states |J,M>, floor((N/2 + 1)^2) for even N.
  [[nodiscard]] int states() const { return states_; }
  /// The number of elements; C(N+3, 3) if all are kept.
  [[nodiscard]] int elements() const { return elements_; }
  /// The largest |M - M'| of the elements that count.
  [[nodiscard]] int coherence() const { return coherence_; }
  /// True if elements of high |M - M'| are left out.
  [[nodiscard]] bool is_limited() const { return coherence_ < spins_; }
  /// True for elements with |M - M'| up to `coherence`, false for those beyond.
  [[nodiscard]] bool is_kept(int element) const;
  [[nodiscard]] const std::vector<Multiplet>& all() const { return all_; }
  /// The multiplet that a state belongs to.
  [[nodiscard]] const Multiplet& of_state(int state) const;
  /// 2M of a state.
  [[nodiscard]] int two_m(int state) const;

  /// The number of the element |m><n| of two states m and n. It is -1 if they lie in different
  /// multiplets, or if |M - M'| is too large.
  [[nodiscard]] int element(int m, int n) const;
  /// The states {m, n} of an element.
  [[nodiscard]] std::pair<int, int> states_of(int element) const;

  /// The overlaps <J,M along z|J,M' along x>. The matrix is real, symmetric and its own inverse.
  /// The first function gives it for one J (2J + 1 rows), the second one for all states.
  [[nodiscard]] static Eigen::MatrixXd change_of_axis(int two_j);
  [[nodiscard]] Eigen::MatrixXd change_of_axis() const;

  /// The matrix of sum_i A_i on the states |J,M>, where A is a one-spin operator with |up> first.
  [[nodiscard]] SiteMatrix sum(const Eigen::Matrix2cd& a) const;
  /// The matrix of sum_i S_i on the elements r, where S maps the operators of one spin. Entry
  /// (2m + n, 2k + l) of S takes |k><l| to |m><n|.
  [[nodiscard]] SiteMatrix sum(const Eigen::Matrix4cd& s) const;

 private:
  int spins_;
  int coherence_;
  int reach_;  // the largest |M - M'| of stored elements
  int states_ = 0;
  int elements_ = 0;
  std::vector<Multiplet> all_;
  std::vector<int> row_;  // for each state m, the element |m><n| of the first n
};

}  // namespace lindwurm
