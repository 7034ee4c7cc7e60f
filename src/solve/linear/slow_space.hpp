// The eigenvalues of L nearest to 0 other than that of the stationary state, and whether the latter
// is unique.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <random>
#include <vector>

#include "stationary_system.hpp"

namespace lindwurm {

/// The invariant subspace U of the slowest eigenvalues of M = L + tau |1/D)(tr| on traceless
/// operators, M U = U H, or that of M^T. It is tested by solving, for a random v,
///
///     (1 - U U^T) M (1 - U U^T) y = v.
///
/// There is no solution if a stationary operator lies outside of U, and a long one if a slow
/// operator does. Then U gets one more column. Calls are collective.
class SlowSpace {
 public:
  using Side = StationarySystem::Side;

  /// `accuracy` is how accurately L is known, as a norm. The system must outlive this object.
  SlowSpace(StationarySystem& system, double accuracy, Side side = Side::right);

  /// Collects columns, at most `limit`, until no slow operator is left outside. If the solver
  /// solves for a random operator in `patience` iterations, the answer is trusted. `known` is an
  /// eigenvalue that was found elsewhere; all slower ones are wanted.
  void find_all(int limit, int patience, double known = 0);
  /// Finds this number of columns, with this number of iterations each.
  void find(int count, int patience);
  /// Applies Newton's method to M U = U H, until the eigenvalues of H that are not 0 within
  /// `accuracy` are known to a few digits.
  void refine();

  [[nodiscard]] int size() const { return static_cast<int>(columns_.size()); }
  [[nodiscard]] const std::vector<VecHandle>& columns() const { return columns_; }
  [[nodiscard]] const Eigen::MatrixXd& matrix() const { return h_; }
  /// The largest |M u - U h| of a column.
  [[nodiscard]] double residual() const { return residual_; }
  /// True if nothing slow is left outside, except with a probability of 1e-5.
  [[nodiscard]] bool is_complete() const { return is_complete_; }
  [[nodiscard]] int iterations() const { return iterations_; }

  /// The answer to a random operator of norm 1, including its part in the columns. Available once
  /// the space is complete and M is regular. sqrt(n) |<f, y>| estimates |M^-T f|, the largest
  /// change of <f> under a perturbation of norm 1.
  [[nodiscard]] VecHandle response() const;
  /// Solves M x = b with the help of the columns: the solver handles only the rest.
  StationarySystem::Outcome solve(Vec b, Vec x, double tolerance);

  /// Orthonormal combinations of the columns: the `count` directions that M changes least.
  [[nodiscard]] std::vector<VecHandle> slowest(int count) const;

 private:
  [[nodiscard]] VecHandle draw();
  bool answer(int iterations);
  StationarySystem::Outcome spend(Vec b, Vec x, double tolerance, int iterations);
  [[nodiscard]] VecHandle relaxed(int iterations, double& rate);
  void add(VecHandle candidate);
  void orthonormalise();
  [[nodiscard]] std::vector<VecHandle> rests();
  void keep_trace(Vec v) const;
  [[nodiscard]] double rate_of(Vec v) const;
  void add_slow_part(const Eigen::VectorXd& wanted, Vec x) const;

  StationarySystem& system_;
  double accuracy_;
  Side side_;
  std::mt19937_64 random_;
  double share_;  // 1/sqrt(n): the share of a random operator of norm 1 in one direction
  std::vector<VecHandle> columns_;
  Eigen::MatrixXd h_;
  double residual_ = 0;
  VecHandle question_;
  VecHandle answer_;
  bool is_complete_ = false;
  int iterations_ = 0;
  int allowed_;  // the number of iterations for the whole search
};

/// The number of stationary operators in a slow space.
struct Stationarity {
  int stationary = 0;  ///< changed by no more than rounding explains
  /// Changed by more, but by too little to be distinguished from stationary.
  int unresolved = 0;
  std::optional<double> gap;  ///< |lambda| of the slowest of the others
  double gap_error = 0;
};

/// `left` is the slow space of M^T with the same number of columns. If it is null, every eigenvalue
/// that is not 0 within `accuracy` is unresolved.
[[nodiscard]] Stationarity stationarity(const SlowSpace& right, const SlowSpace* left,
                                        double accuracy);

}  // namespace lindwurm
