// A study: a model, its initial state, and the tasks to be done.
#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lindwurm/solve/correlation.hpp"
#include "lindwurm/solve/phase_space.hpp"
#include "lindwurm/solve/qubit_map.hpp"
#include "lindwurm/solve/spectrum.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "lindwurm/solve/trajectories.hpp"

namespace lindwurm {

/// A result that exceeds one of these carries a warning, or a problem: the trace, and the
/// positivity of states under equations of GKSL form.
struct Thresholds {
  double top_level = 1e-6;   ///< population of an oscillator's highest level
  double trace = 1e-6;       ///< |tr rho - 1|, |psi^dag psi - 1|
  double energy = 1e-6;      ///< change of <H>, for kets
  double positivity = 1e-6;  ///< -(lowest eigenvalue of rho)
};

/// The time evolution at the given output times.
struct EvolveTask {
  std::vector<double> times;
  EvolveOptions options;
};

/// The dynamical map of a qubit at the times of the evolution.
struct MapTask {
  int site = 0;
  double threshold = 1e-6;  ///< |D| below which the rates are meaningless
};

/// <C(t) A(t + tau) B(t)>. The operators are given as expressions, summed over members.
struct CorrelationTask {
  std::string name;
  Expression a{1.0};
  Expression b{1.0};
  Expression c{1.0};
  /// The times t in the evolution of the initial state. Empty: in the steady state.
  std::vector<double> times;
  CorrelationOptions options;

  [[nodiscard]] bool is_steady() const { return times.empty(); }
  /// The operators in the bases in which the model stores its spins.
  [[nodiscard]] TwoTimeOperators operators(const Model& model) const;
};

/// A quasi-probability of one site, at some times of the evolution and in the steady state.
struct PhaseSpaceTask {
  std::string name;
  int site = 0;
  QuasiProbability function = QuasiProbability::husimi;
  std::vector<double> times{};  ///< output times, ascending; empty without an evolution
  PhaseSpaceGrid grid{};
};

/// How Liouvillians are stored. This changes time and memory, never a result.
struct LiouvillianSettings {
  std::optional<Storage> storage;  ///< if not given, it is chosen for each task
  bool uses_sectors = true;
  PreconditionerChoice preconditioner = PreconditionerChoice::automatic;
  Subdivision subdivision{};
};

/// A model, its initial state and the tasks. An absent task is not run.
struct Study {
  explicit Study(System of) : system(std::move(of)) {}

  std::string title;
  std::string text;  ///< the model file with the overrides applied
  System system;
  Dynamics dynamics = Dynamics::lindblad;
  LiouvillianSettings liouvillian;
  std::optional<ProductState> initial;
  Observables observables;
  MixtureOptions mixture;  ///< for kets, if the initial state is mixed
  TrajectoriesOptions trajectories;
  /// The ensemble of an earlier run, which this run continues.
  std::optional<Ensemble> earlier;
  /// The subsystems whose reduced density matrices are requested.
  std::vector<ReducedSpace> reduced;
  std::optional<EvolveTask> evolve;
  std::optional<MapTask> map;
  std::optional<SteadyOptions> steady;
  std::optional<SpectrumOptions> spectrum;
  std::vector<CorrelationTask> correlations;
  std::vector<PhaseSpaceTask> phase_space;
  Thresholds thresholds;
  std::filesystem::path output_file;
  /// Whether density matrices are written to the HDF5 file. If not given, they are if D is at most
  /// states_limit.
  std::optional<bool> output_states;
  static constexpr std::int64_t states_limit = 512;

  [[nodiscard]] const Model& model() const { return system.model(); }
  /// The time of the initial state.
  [[nodiscard]] double initial_time() const { return evolve ? evolve->times.front() : 0; }
  /// The first and the last time that the model is evaluated at, in evolution and correlations.
  [[nodiscard]] std::pair<double, double> time_span() const;
};

/// key=value of the command line. The key is a dotted path into the model file, or the name of a
/// parameter.
struct Override {
  std::string key;
  std::string value;
};

/// How much of a model file is read.
enum class Reading {
  everything,
  /// Reads everything except what needs the generator to be written out: automatic spin bases are
  /// not resolved, and [spectrum] is not read. Such a study cannot be run.
  without_generator,
};

/// Reads a model file (TOML; docs/model-file.md). Every name is looked up, every expression is
/// evaluated and every number is checked, so that a study that is returned can be run. Throws
/// InputError with file, line, key, value and remedy.
[[nodiscard]] Study read_study(const std::filesystem::path& file,
                               const std::vector<Override>& overrides = {},
                               Reading reading = Reading::everything);

/// True if two model files, given as texts, differ at most in the number of trajectories and in the
/// output files. Then the ensemble of one can be continued by the other.
[[nodiscard]] bool asks_for_the_same(const std::string& text, const std::string& other);

/// True if two model files, given as texts, differ at most in the output files.
[[nodiscard]] bool differs_in_output_alone(const std::string& text, const std::string& other);

/// The space that a task worked in.
struct TaskSpace {
  std::int64_t unknowns = 0;
  /// The conserved charges of the elements |m><n| that were used; empty if finer charges were used.
  std::set<Charge> charges{};
  Storage storage = Storage::assembled;
};

/// Checks of a steady state by the first and the second law of thermodynamics.
struct Thermodynamics {
  std::vector<std::pair<std::string, double>> heat;  ///< current from each bath, tr(H K_p rho)
  /// |sum of the heat currents| over the sum of their magnitudes. Absent if other terms exchange
  /// energy.
  std::optional<double> first_law_defect;
  /// The trace distance from exp(-H/T)/Z, where T is the temperature of all baths. Absent if their
  /// temperatures differ.
  std::optional<double> gibbs_distance;
};

/// The result of a CorrelationTask.
struct CorrelationResult {
  std::string name;
  std::vector<double> times;  ///< empty: the steady state
  /// One for each time, or one for the steady state; empty if there is none.
  std::vector<Correlation> at;
};

/// The values of a PhaseSpaceTask on its grid.
struct PhaseSpaceResult {
  std::vector<Eigen::MatrixXd> at;  ///< one for each of its times
  std::optional<Eigen::MatrixXd> steady;
};

/// The results of a study. Tasks that were not run are absent or empty.
struct Results {
  /// For each conserved charge, its modulus; 0 for an integer charge.
  std::vector<int> charge_moduli;
  TaskSpace evolution_space;
  TaskSpace steady_space;
  std::optional<Evolution> evolution;
  /// Oscillators whose cutoff is exact, because the sector of the ket allows no higher excitation.
  std::set<std::string> exact_cutoffs;
  std::optional<KetEvolution> ket_evolution;  ///< for unitary dynamics and trajectories
  std::optional<QubitMap> map;
  std::optional<SteadyState> steady;
  std::vector<ReducedSeries> steady_reduced;
  std::vector<Complex> steady_values;  ///< the observables in the steady state; empty without one
  /// The estimated errors of these values. Absent if the state is not unique, and for the entropy.
  std::vector<std::optional<double>> steady_errors;
  std::optional<Thermodynamics> thermodynamics;  ///< for the steady state of a model with baths
  std::vector<bool> is_hermitian;                ///< for each observable
  std::optional<Spectrum> spectrum;
  std::vector<CorrelationResult> correlations;
  std::vector<PhaseSpaceResult> phase_space;  ///< in the order of the study's tasks
  /// "GKSL", "unitary", "not GKSL", or "not shown to be GKSL" if there are superoperator terms.
  std::string generator = "GKSL";
  std::vector<std::string> problems;  ///< why a result cannot be trusted
  std::vector<std::string> warnings;  ///< what should be looked at
  std::int64_t dimension = 0;
  std::int64_t unknowns = 0;  ///< D^2, or 2 D for kets
  double entries = 0;
  double seconds = 0;
  double peak_memory_bytes = 0;
  int ranks = 1;

  /// The evolution of density operators or of kets; null without one.
  [[nodiscard]] const TimeSeries* time_series() const {
    if (ket_evolution) return &*ket_evolution;
    return evolution ? &*evolution : nullptr;
  }
  /// The exit status: 0 if the results are sound, 3 if they cannot be trusted. With `strict`,
  /// warnings count as well.
  [[nodiscard]] int exit_status(bool strict) const {
    return problems.empty() && (!strict || warnings.empty()) ? 0 : 3;
  }
};

/// Called with the name of the current task and the fraction done.
using Progress = std::function<void(const std::string&, double)>;

/// What a run can take over from runs of similar models as starting points of its iterations.
/// Results do not depend on it beyond the tolerances of the solvers.
struct WarmStart {
  /// The number of steady states that are kept, from the latest runs.
  static constexpr std::size_t most_states = 6;

  std::shared_ptr<const PackedBasis> steady_basis;
  std::deque<VecHandle> steady_states;  ///< packed in steady_basis, latest first
};

/// Runs the tasks of the study in the order evolve, steady, spectrum, correlations. If `warm` is
/// not null, iterations start from its contents, and the results of this run are added to it.
/// Collective.
[[nodiscard]] Results run(const Study& study, MPI_Comm comm, const Progress& progress = {},
                          WarmStart* warm = nullptr);

}  // namespace lindwurm
