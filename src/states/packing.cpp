#include "packing.hpp"

#include <fmt/format.h>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/joint_basis.hpp"
#include "lindwurm/operators/site_operators.hpp"

namespace lindwurm {

void refuse_state(std::string_view generator) {
  throw InputError(
      fmt::format("the state reaches beyond the sector that the {} was made for; make it for "
                  "sector_of(state, charges) or for the whole space",
                  generator));
}

void require_constant_observable(const Operator& a) {
  for (const auto& term : a.terms()) {
    if (!term.coefficient.is_constant()) {
      throw InputError(
          fmt::format("an observable depends on time through {}; observe the "
                      "operators and combine their values",
                      term.coefficient.text()));
    }
  }
}

void change_spin_axes(Eigen::VectorXcd& psi, const Space& space) {
  Eigen::Index stride = psi.size();
  for (int s = 0; s < space.sites(); ++s) {
    stride /= space.dimension(s);
    if (!space.is_along_x(s)) continue;
    for (Eigen::Index m = 0; m < psi.size(); ++m) {
      if (m / stride % 2 != 0) continue;
      const Eigen::Vector2cd pair = change_spin_axis(Eigen::Vector2cd(psi(m), psi(m + stride)));
      psi(m) = pair(0);
      psi(m + stride) = pair(1);
    }
  }
}

namespace {

// U rho U^dag with U = 1 x U_s x 1, where U_s is the real, symmetric change of axis of an ensemble.
void change_axis_of_ensemble(Eigen::MatrixXcd& rho, const Multiplets& multiplets,
                             Eigen::Index stride) {
  const Eigen::MatrixXd u = multiplets.change_of_axis();
  const Eigen::Index d = u.rows();
  for (int side = 0; side < 2; ++side) {
    for (Eigen::Index first = 0; first < rho.rows(); first += d * stride) {
      for (Eigen::Index k = first; k < first + stride; ++k) {
        const auto rows = Eigen::seqN(k, d, stride);
        const Eigen::MatrixXcd before = rho(rows, Eigen::all);
        rho(rows, Eigen::all) = u * before;
      }
    }
    rho.adjointInPlace();
  }
}

// The transformation is its own inverse.
void change_spin_axes(Eigen::MatrixXcd& rho, const Space& space) {
  Eigen::Index stride = rho.rows();
  for (int s = 0; s < space.sites(); ++s) {
    stride /= space.dimension(s);
    if (!space.is_along_x(s)) continue;
    if (const auto& multiplets = space.group_of(s).multiplets) {
      change_axis_of_ensemble(rho, *multiplets, stride);
      continue;
    }
    for (Eigen::Index m = 0; m < rho.rows(); ++m) {
      for (Eigen::Index n = 0; n < rho.cols(); ++n) {
        if (m / stride % 2 != 0 || n / stride % 2 != 0) continue;
        Eigen::Matrix2cd block;
        block << rho(m, n), rho(m, n + stride), rho(m + stride, n), rho(m + stride, n + stride);
        block = change_spin_axis(block);
        rho(m, n) = block(0, 0);
        rho(m, n + stride) = block(0, 1);
        rho(m + stride, n) = block(1, 0);
        rho(m + stride, n + stride) = block(1, 1);
      }
    }
  }
}

}  // namespace

Eigen::MatrixXcd in_stored_basis(Eigen::MatrixXcd rho, const Space& space) {
  change_spin_axes(rho, space.named());
  return in_joint_basis(std::move(rho), space);
}

Eigen::MatrixXcd from_stored_basis(Eigen::MatrixXcd rho, const Space& space) {
  rho = from_joint_basis(std::move(rho), space);
  change_spin_axes(rho, space.named());
  return rho;
}

VecHandle on_every_rank(Vec packed) {
  VecHandle all;
  ScatterHandle scatter;
  LINDWURM_PETSC(VecScatterCreateToAll(packed, scatter.put(), all.put()));
  LINDWURM_PETSC(VecScatterBegin(scatter, packed, all, INSERT_VALUES, SCATTER_FORWARD));
  LINDWURM_PETSC(VecScatterEnd(scatter, packed, all, INSERT_VALUES, SCATTER_FORWARD));
  return all;
}

}  // namespace lindwurm
