#include "lindwurm/operators/joint_basis.hpp"

#include <map>
#include <numeric>

#include "lindwurm/backend/dense.hpp"
#include "lindwurm/operators/embedding.hpp"

namespace lindwurm {

namespace {

// The share of the largest element below which elements are rounding of the eigenvectors, and up to
// which a matrix counts as Hermitian.
constexpr double rounding = 1e-13;

// U^dag A U, Hermitian if A is.
SiteMatrix turned(const Eigen::MatrixXcd& a, const Eigen::MatrixXcd& u) {
  Eigen::MatrixXcd matrix = rotated(u.adjoint(), a);
  const double least = rounding * matrix.cwiseAbs().maxCoeff();
  if ((a - a.adjoint()).cwiseAbs().maxCoeff() <= least)
    matrix = (matrix + matrix.adjoint()).eval() / 2;
  return matrix.sparseView(1.0, least);
}

// The terms sorted by their function of time.
std::map<std::string, std::vector<ProductTerm>> by_function(const Operator& a) {
  std::map<std::string, std::vector<ProductTerm>> parts;
  for (const auto& term : a.terms())
    parts[term.coefficient.function_key()].push_back(term);
  return parts;
}

}  // namespace

Operator in_joint_basis(const Operator& a, const Space& space) {
  if (!space.joint()) return a;
  const JointBasis& joint = *space.joint();
  std::vector<int> sites(joint.sites.sites());
  std::iota(sites.begin(), sites.end(), 0);
  std::vector<ProductTerm> sum;
  for (auto& [text, terms] : by_function(a)) {
    const Coefficient function = terms.front().coefficient.function_part();
    for (auto& term : terms)
      term.coefficient = Coefficient(term.coefficient.constant());
    const Eigen::MatrixXcd matrix = matrix_on(sites, Operator(std::move(terms)), joint.sites);
    sum.push_back({function, {{0, turned(matrix, joint.states)}}});
  }
  return Operator(std::move(sum));
}

Eigen::MatrixXcd in_joint_basis(Eigen::MatrixXcd rho, const Space& space) {
  if (space.joint()) rho = rotated(space.joint()->states.adjoint(), rho);
  return rho;
}

Eigen::MatrixXcd from_joint_basis(Eigen::MatrixXcd rho, const Space& space) {
  if (space.joint()) rho = rotated(space.joint()->states, rho);
  return rho;
}

}  // namespace lindwurm
