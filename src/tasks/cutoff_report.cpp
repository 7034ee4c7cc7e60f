#include "cutoff_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lindwurm {

std::vector<std::vector<double>> differences(const std::vector<std::vector<Complex>>& a,
                                             const std::vector<std::vector<Complex>>& b) {
  std::vector<std::vector<double>> all(a.size());
  for (std::size_t k = 0; k < a.size(); ++k)
    for (std::size_t j = 0; j < a[k].size(); ++j)
      all[k].push_back(std::abs(a[k][j] - b[k][j]));
  return all;
}

std::string cutoff_word(bool is_exact, bool is_estimated) {
  return is_exact ? "exact" : is_estimated ? "estimated" : "not estimated";
}

void judge_failure(const std::string& failure, const std::string& of, Verdict& verdict) {
  if (failure.empty()) return;
  verdict.warnings.push_back(fmt::format(
      "{}: the errors of the cutoffs are not known, the task failed with more levels: {}", of,
      failure));
}

void judge_cutoffs(const CutoffErrors& errors, const std::vector<std::vector<Complex>>& values,
                   const std::vector<std::string>& names, const std::vector<double>& times,
                   const std::string& of, const Thresholds& allowed, Verdict& verdict) {
  double worst = 0;
  std::size_t observable = 0;
  std::size_t time = 0;
  for (std::size_t k = 0; k < errors.of_values.size(); ++k) {
    for (std::size_t j = 0; j < errors.of_values[k].size(); ++j) {
      const double relative = errors.of_values[k][j] / std::max(1.0, std::abs(values[k][j]));
      if (relative <= worst) continue;
      worst = relative;
      observable = k;
      time = j;
    }
  }
  if (!(worst > allowed.top_level)) return;
  auto& told =
      worst > std::max(wrong_share, allowed.top_level) ? verdict.problems : verdict.warnings;
  told.push_back(fmt::format(
      "{}: the cutoff of the oscillators makes an error of about {:.2g} in <{}>{}, as a run with "
      "more levels shows; raise their levels",
      of, errors.of_values[observable][time], names[observable],
      times.empty() ? "" : fmt::format(" at t = {:.6g}", times[time])));
}

}  // namespace lindwurm
