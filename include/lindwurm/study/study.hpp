// A study: a model, where it starts, what is asked of it.
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

/// Above these a result carries a warning.
struct Thresholds {
  double top_level = 1e-6;   ///< population of an oscillator's highest level
  double trace = 1e-6;       ///< |tr rho - 1|, |psi^dag psi - 1|
  double energy = 1e-6;      ///< change of <H>, of kets
  double positivity = 1e-6;  ///< minus the lowest eigenvalue of rho
};

struct EvolveTask {
  std::vector<double> times;
  EvolveOptions options;
};

/// The dynamical map of a qubit, over the times of the evolution.
struct MapTask {
  int site = 0;
  double threshold = 1e-6;  ///< |D| below which rates mean nothing
};

/// <C(t) A(t + tau) B(t)>, as words: sums over members.
struct CorrelationTask {
  std::string name;
  Expression a{1.0};
  Expression b{1.0};
  Expression c{1.0};
  std::vector<double> times;  ///< t, in the evolution of the initial state; none: the steady state
  CorrelationOptions options;

  [[nodiscard]] bool is_steady() const { return times.empty(); }
  /// In the bases in which the model stores its spins.
  [[nodiscard]] TwoTimeOperators operators(const Model& model) const;
};

/// A quasi-probability of one site, at times of the evolution and in the steady state.
struct PhaseSpaceTask {
  std::string name;
  int site = 0;
  QuasiProbability function = QuasiProbability::husimi;
  std::vector<double> times{};  ///< output times, ascending; none without an evolution
  PhaseSpaceGrid grid{};
};

/// How Liouvillians are held. Results do not depend on it, time and memory do.
struct LiouvillianSettings {
  std::optional<Storage> storage;  ///< none: chosen for each task
  bool uses_sectors = true;
  PreconditionerChoice preconditioner = PreconditionerChoice::automatic;
};

struct Study {
  explicit Study(Model of) : model(std::move(of)) {}

  std::string title;
  std::string text;  ///< the model file with the overrides applied
  Model model;
  Dynamics dynamics = Dynamics::lindblad;
  LiouvillianSettings liouvillian;
  std::optional<ProductState> initial;
  Observables observables;
  MixtureOptions mixture;  ///< of kets, where the initial state is mixed
  TrajectoriesOptions trajectories;
  /// Of an earlier run, to go on from.
  std::optional<Ensemble> earlier;
  /// Sites whose reduced density matrices are wanted.
  std::vector<ReducedSpace> reduced;
  std::optional<EvolveTask> evolve;
  std::optional<MapTask> map;
  std::optional<SteadyOptions> steady;
  std::optional<SpectrumOptions> spectrum;
  std::vector<CorrelationTask> correlations;
  std::vector<PhaseSpaceTask> phase_space;
  Thresholds thresholds;
  std::filesystem::path output_file;
  /// Density matrices go into the HDF5 file; none: where D is at most states_limit.
  std::optional<bool> output_states;
  static constexpr std::int64_t states_limit = 512;

  /// The time of the initial state.
  [[nodiscard]] double initial_time() const { return evolve ? evolve->times.front() : 0; }
};

/// key=value of the command line: a dotted path into the model file, or a parameter's bare name.
struct Override {
  std::string key;
  std::string value;
};

enum class Reading {
  everything,
  /// All but what needs the generator written out: automatic spin bases stay so, [spectrum] is not
  /// read. The study cannot be run.
  without_generator,
};

/// Reads a model file (TOML; docs/model-file.md). Every name is looked up, every expression
/// evaluated and every number checked here, so that a study which is returned can be run.
/// Throws InputError with file, line, key, value and remedy.
[[nodiscard]] Study read_study(const std::filesystem::path& file,
                               const std::vector<Override>& overrides = {},
                               Reading reading = Reading::everything);

/// True if two model files, as texts, differ at most in how many trajectories they ask for and
/// where results go: an ensemble of the one can go on in the other.
[[nodiscard]] bool asks_for_the_same(const std::string& text, const std::string& other);

/// True if two model files, as texts, differ at most in where results go.
[[nodiscard]] bool differs_in_output_alone(const std::string& text, const std::string& other);

/// What a task worked in.
struct TaskSpace {
  std::int64_t unknowns = 0;
  std::set<Charge> charges;  ///< of the elements |m><n| that it worked with
  Storage storage = Storage::assembled;
};

/// What the first and the second law say of a steady state.
struct Thermodynamics {
  std::vector<std::pair<std::string, double>> heat;  ///< current from each bath, tr(H K_p rho)
  /// |sum of the heats| over the sum of their magnitudes; none where other terms exchange energy.
  std::optional<double> first_law_defect;
  /// Trace distance from exp(-H/T)/Z, T the temperature of all baths; none if they differ.
  std::optional<double> gibbs_distance;
};

struct CorrelationResult {
  std::string name;
  std::vector<double> times;    ///< none: the steady state
  std::vector<Correlation> at;  ///< each time, or the steady state; empty if there is none
};

/// The values of a PhaseSpaceTask on its grid.
struct PhaseSpaceResult {
  std::vector<Eigen::MatrixXd> at;  ///< each of its times
  std::optional<Eigen::MatrixXd> steady;
};

struct Results {
  std::vector<int> charge_moduli;  ///< of each conserved charge, 0 for an integer
  TaskSpace evolution_space;
  TaskSpace steady_space;
  std::optional<Evolution> evolution;
  /// Oscillators that cannot be more highly excited in the sector of a ket.
  std::set<std::string> exact_cutoffs;
  std::optional<KetEvolution> ket_evolution;  ///< of unitary dynamics
  std::optional<QubitMap> map;
  std::optional<SteadyState> steady;
  std::vector<ReducedSeries> steady_reduced;
  std::vector<Complex> steady_values;  ///< observables in the steady state, empty without a state
  std::optional<Thermodynamics> thermodynamics;  ///< of the steady state of a model with baths
  std::vector<bool> is_hermitian;                ///< of each observable
  std::optional<Spectrum> spectrum;
  std::vector<CorrelationResult> correlations;
  std::vector<PhaseSpaceResult> phase_space;  ///< in the order of the study's
  /// "GKSL", "unitary", "not GKSL", or "not shown to be GKSL" with superoperator terms.
  std::string generator = "GKSL";
  std::vector<std::string> problems;  ///< why a result is not to be trusted
  std::vector<std::string> warnings;  ///< what deserves a look
  std::int64_t dimension = 0;
  std::int64_t unknowns = 0;  ///< D^2, or 2 D of kets
  double entries = 0;
  double seconds = 0;
  double peak_memory_bytes = 0;
  int ranks = 1;

  /// The evolution of either kind, null without one.
  [[nodiscard]] const TimeSeries* time_series() const {
    if (ket_evolution) return &*ket_evolution;
    return evolution ? &*evolution : nullptr;
  }
  /// 0 sound, 3 not to be trusted; `strict` counts warnings.
  [[nodiscard]] int exit_status(bool strict) const {
    return problems.empty() && (!strict || warnings.empty()) ? 0 : 3;
  }
};

/// Called with what is being done and the fraction done.
using Progress = std::function<void(const std::string&, double)>;

/// What one run can take over from runs of neighbouring models, to start iterations from. No result
/// depends on it beyond the solvers' tolerances.
struct WarmStart {
  /// Steady states kept, of the latest runs.
  static constexpr std::size_t most_states = 6;

  std::shared_ptr<const PackedBasis> steady_basis;
  std::deque<VecHandle> steady_states;  ///< packed in steady_basis, the latest first
};

/// Runs the parts that the study names, in the order evolve, steady, spectrum,
/// correlations. Starts from what
/// `warm` holds, unless it is null, and leaves there what this run found. Collective.
[[nodiscard]] Results run(const Study& study, MPI_Comm comm, const Progress& progress = {},
                          WarmStart* warm = nullptr);

}  // namespace lindwurm
