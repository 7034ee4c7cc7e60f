// What of a study's results is not to be trusted, and why.
#pragma once

#include "lindwurm/study/study.hpp"

namespace lindwurm {

/// Each adds to the problems and the warnings of the results what it finds; `of` names the task.
void judge(const StateDiagnostics& found, const Thresholds& allowed, const std::string& of,
           Results& results);
void judge(const KetDiagnostics& found, const Thresholds& allowed, const std::string& of,
           Results& results);
void judge(const Ensemble& ensemble, Results& results);
void judge(const QubitMap& map, Results& results);
void judge(const SteadyState& steady, const Study& study, Results& results);
/// Errors of an evolution that add up, and what it says itself.
void judge(const TimeSeries& run, double accuracy, std::int64_t members, Results& results);
void judge(const Spectrum& spectrum, Results& results);
void judge(const CorrelationTask& task, const CorrelationResult& found, Results& results);
/// Also tells of what form the generator is.
void judge_baths(const System& system, Results& results);
void judge_ensembles(const Study& study, Results& results);
void judge_initial(const Study& study, Results& results);
/// A number of the results that is not finite is a problem.
void judge_finite(const Study& study, Results& results);
void judge_phase_space(const Study& study, Results& results);

}  // namespace lindwurm
