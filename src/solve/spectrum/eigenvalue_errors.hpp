// Error bounds for the eigenvalues of a matrix that may be far from normal.
#pragma once

#include <Eigen/Core>
#include <functional>
#include <vector>

#include "lindwurm/operators/space.hpp"

namespace lindwurm {

/// Errors of the eigenvalues lambda_k of A + E, where only |E| <= backward is known. Each lambda_k
/// lies within errors[k] of an eigenvalue of A.
///
/// - A simple eigenvalue, with A v = lambda v and w^T A = lambda w^T, moves by
///   conditions[k] * backward to first order, where conditions[k] = |w| |v| / |w^T v|.
/// - If such circles overlap, their eigenvalues are treated together, until no circles overlap. Let
///   P be the projection on their common invariant subspace, and A = mean + M there. Then all of
///   them lie within r of the given ones, where
///
///       r = |P| backward sum_{q<k} (|M|/r)^q.
///
/// This is about |P| backward for semisimple eigenvalues. It is about the k-th root of that where k
/// of them share one eigenvector (P. Henrici, Numer. Math. 4, 24 (1962)).
struct EigenvalueErrors {
  std::vector<double> conditions;
  std::vector<double> errors;
};

/// Returns the k-th eigenvector, of any length.
using EigenvectorOf = std::function<Eigen::VectorXcd(std::size_t k)>;

/// `right` and `left` return v_k and w_k; `size` is |A|.
[[nodiscard]] EigenvalueErrors eigenvalue_errors(const std::vector<Complex>& values,
                                                 const EigenvectorOf& right,
                                                 const EigenvectorOf& left, double backward,
                                                 double size);

}  // namespace lindwurm
