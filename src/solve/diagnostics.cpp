#include "lindwurm/solve/diagnostics.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "lindwurm/backend/dense.hpp"
#include "lindwurm/operators/joint_basis.hpp"
#include "lindwurm/operators/site_operators.hpp"

namespace lindwurm {

std::vector<std::pair<std::string, Operator>> top_levels(const Space& stored) {
  const Space& space = stored.named();
  std::vector<std::pair<std::string, Operator>> all;
  for (int s = 0; s < space.sites(); ++s) {
    if (space.group_of(s).kind != SiteKind::oscillator) continue;
    const int top = space.dimension(s) - 1;
    all.emplace_back(space.site_name(s),
                     in_joint_basis(Operator(s, transition(top, top, top + 1)), stored));
  }
  return all;
}

StateMonitor::StateMonitor(const Liouvillian& liouvillian, const EigenvalueLimits& eigenvalues)
    : basis_(liouvillian.basis()), eigenvalues_(eigenvalues) {
  const MPI_Comm comm = liouvillian.communicator();
  functionals_.emplace_back(Operator(Coefficient(1.0)), basis_, comm);
  for (const auto& [site, projector] : top_levels(liouvillian.space())) {
    functionals_.emplace_back(projector, basis_, comm);
    worst_.top_levels.emplace_back(site, 0.0);
  }
}

void StateMonitor::look(Vec packed, bool is_last) {
  look_at(expectations(functionals_, packed));
  const std::int64_t dimension = basis_.hilbert_dimension();
  if (dimension > (is_last ? eigenvalues_.of_last_state : eigenvalues_.of_every_state)) return;
  const double lowest = hermitian_eigenvalues(unpack(packed, basis_)).minCoeff();
  worst_.lowest_eigenvalue = std::min(worst_.lowest_eigenvalue.value_or(lowest), lowest);
}

void StateMonitor::look_at(const std::vector<Complex>& values) {
  worst_.trace_error = std::max(worst_.trace_error, std::abs(values[0] - 1.0));
  for (std::size_t k = 0; k < worst_.top_levels.size(); ++k) {
    auto& population = worst_.top_levels[k].second;
    population = std::max(population, values[k + 1].real());
  }
}

}  // namespace lindwurm
