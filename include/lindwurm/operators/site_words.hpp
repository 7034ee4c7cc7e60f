// The operators and states of a kind of site that a program brings with it.
#pragma once

#include <Eigen/Core>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lindwurm/operators/site_matrix.hpp"

namespace lindwurm {

/// What expressions and initial states call the operators and states of a site. Every site has
/// id, proj, ket, and the states level(k) and maximally_mixed as well.
struct SiteWords {
  std::string kind;   ///< for messages, such as "spin 1"
  int dimension = 0;  ///< the number d of states
  /// d x d matrices by name: "Jz" is written Jz(site).
  std::map<std::string, SiteMatrix, std::less<>> operators{};
  /// Density matrices (d x d, Hermitian, trace 1) or kets (d x 1, norm 1) by name.
  std::map<std::string, Eigen::MatrixXcd, std::less<>> states{};
};

/// Throws InputError, with the name, for a matrix of another shape or with numbers that are not
/// finite, for a state that is none, for a name that no expression can have, and for a word of the
/// language of operators or of every site, which keeps its meaning.
void require_sound(const SiteWords& words);

}  // namespace lindwurm
