// The norm of the stationary state, in which L is closest to a normal operator.
#pragma once

#include <optional>
#include <vector>

#include "lindwurm/liouville/liouvillian.hpp"

namespace lindwurm {

/// With the populations p of the stationary state, S^-1 L S with S = diag((p_m p_n)^(1/4)) at the
/// element |m><n| is Hermitian for a rate equation in detailed balance, and nearly normal for
/// generators not far from that, where L itself may be so far from normal that no polynomial of it
/// can be bounded by its eigenvalues. It has the eigenvalues of L.
class StationaryScaling {
 public:
  /// Of a constant model.
  explicit StationaryScaling(std::shared_ptr<const MasterEquation> equation)
      : equation_(std::move(equation)) {}

  /// S on a Liouvillian's sector. Populations below `floor` of the largest are taken as that: they
  /// are the less exactly known the smaller. Null if there is no unique stationary state, or it was
  /// not found. Finds the state when it is first needed. Collective.
  [[nodiscard]] VecHandle on(const Liouvillian& liouvillian, double floor);

 private:
  void find_populations();

  std::shared_ptr<const MasterEquation> equation_;
  std::optional<std::vector<double>> populations_;  // by state, the largest 1; empty if not found
};

/// L becomes S^-1 L S; scaled with 1/S it is what it was. Collective.
void scale(const Liouvillian& liouvillian, Vec s);
[[nodiscard]] VecHandle reciprocal(Vec s);

}  // namespace lindwurm
