// What the reports on evolutions and steady states have in common: diagnostics of states, the space
// that was used, and reduced states.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lindwurm/tasks/study.hpp"

namespace lindwurm {

/// The names and populations of top levels, as a part of diagnostics; nothing if there are none.
void add_top_levels(Document& tree, const std::vector<std::pair<std::string, double>>& populations);
[[nodiscard]] Document state_diagnostics(const StateDiagnostics& found);
void add_space(Document& tree, const UsedSpace& space);
[[nodiscard]] Document reduced_document(const std::vector<ReducedSeries>& all, const Space& space);
/// The reduced density matrices, below the path `of`.
void add_reduced(const std::string& of, const std::vector<ReducedSeries>& all, const Space& space,
                 Arrays& arrays);

/// A warning for the fullest of the top levels that hold too much; `of` names the task.
void judge_top_levels(const std::vector<std::pair<std::string, double>>& populations,
                      const Thresholds& allowed, const std::string& of, Verdict& verdict);
void judge(const StateDiagnostics& found, const Thresholds& allowed, const std::string& of,
           Verdict& verdict);

/// Lines of a summary. A number, or a pair [Re, Im].
[[nodiscard]] std::string number_text(const Document& value);
/// The space that a task worked in.
[[nodiscard]] std::string space_text(const Document& diagnostics);

}  // namespace lindwurm
