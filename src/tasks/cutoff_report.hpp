// The errors that the cutoffs of oscillators cause, as far as they are told.
#pragma once

#include <string>
#include <vector>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/tasks/study.hpp"

namespace lindwurm {

/// A number that the cutoff makes wrong by more than this, relative to 1 or to the number, is not
/// to be trusted.
inline constexpr double wrong_share = 0.1;

/// By how much each value of each observable changes if every oscillator has more levels
/// (model/cutoff.hpp). Empty if that was not computed.
struct CutoffErrors {
  std::vector<std::vector<double>> of_values;  ///< [k][j]: observable k at the j-th time
  /// True if nothing reaches the cutoff, which is then exact.
  bool is_exact = false;
};

/// A warning for an error larger than Thresholds::top_level, relative to 1 or to the value; a
/// problem for one larger than wrong_share. `of` names the task; `at` names a time, or is
/// empty.
void judge_cutoffs(const CutoffErrors& errors, const std::vector<std::vector<Complex>>& values,
                   const std::vector<std::string>& names, const std::vector<double>& times,
                   const std::string& of, const Thresholds& allowed, Verdict& verdict);

/// Runs `estimate`. If the larger system cannot be solved, which is no reason to lose the results,
/// the answer says why; otherwise it is empty. Collective if `estimate` is.
template <typename Estimate>
[[nodiscard]] std::string failure_of(Estimate&& estimate) {
  try {
    estimate();
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

/// A warning if an estimate failed.
void judge_failure(const std::string& failure, const std::string& of, Verdict& verdict);

/// What is known of the cutoffs: "exact" (no state leads beyond them), "estimated" or "not
/// estimated".
[[nodiscard]] std::string cutoff_word(bool is_exact, bool is_estimated);

/// |a - b| for each value.
[[nodiscard]] std::vector<std::vector<double>> differences(
    const std::vector<std::vector<Complex>>& a, const std::vector<std::vector<Complex>>& b);

}  // namespace lindwurm
