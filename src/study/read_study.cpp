#include <fmt/format.h>

#include <algorithm>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/energy_basis.hpp"
#include "lindwurm/study/study.hpp"
#include "read_correlations.hpp"
#include "read_model.hpp"
#include "read_phase_space.hpp"
#include "read_tasks.hpp"
#include "toml_reader.hpp"

namespace lindwurm {

namespace {

Dynamics read_dynamics(const TomlValue& root) {
  const auto table = root.find("dynamics");
  if (!table) return Dynamics::lindblad;
  table->allow_only({"kind"});
  return static_cast<Dynamics>(
      table->require("kind").one_of({"lindblad", "unitary", "trajectories"}));
}

void refuse_parts(const TomlValue& root, const std::vector<std::string>& names,
                  const std::string& why) {
  for (const std::string& name : names)
    if (const auto part = root.find(name)) part->fail(why);
}

// Refuses what the dynamics of kets does not support.
void require_dynamics(const TomlValue& root, Dynamics dynamics) {
  if (dynamics == Dynamics::unitary) {
    refuse_parts(
        root, {"dissipator", "superoperator", "bath", "steady", "spectrum", "correlation"},
        "dynamics.kind = \"unitary\" is the evolution of kets under the Hamiltonian alone; "
        "leave this out, or take kind = \"lindblad\"");
  }
  if (dynamics == Dynamics::trajectories) {
    refuse_parts(
        root, {"superoperator", "map", "steady", "spectrum", "correlation"},
        "quantum trajectories are the evolution of kets that jump; leave this out, or take "
        "dynamics.kind = \"lindblad\"");
  }
}

void require_ket_method(const TomlValue& root, const Study& study) {
  if (study.evolve && study.evolve->options.method == EvolveMethod::bdf) {
    root.require("evolve").require("method").fail(
        "bdf is for density operators; kets take chebyshev, adams or auto");
  }
}

void require_unravelling(const TomlValue& root, const Study& study) {
  const TomlValue kind = root.require("dynamics").require("kind");
  kind.within([&] { (void)study.system.unravelling(); });
  for (const auto& [name, content] : study.observables) {
    if (!std::holds_alternative<StateFunction>(content)) continue;
    root.require("observables")
        .require(name)
        .fail(
            "purity and entropy are not means over trajectories; ask for those of some sites in "
            "[reduced], or take dynamics.kind = \"lindblad\"");
  }
}

// Checks what depends on the whole model: Hermiticity of H, and rates as functions of time.
void require_sound(const TomlValue& root, const Study& study) {
  const auto [from, to] = study.time_span();
  const Model& model = study.model();
  const Operator& h = study.system.hamiltonian();
  if (auto table = root.find("hamiltonian")) {
    const TomlValue terms = table->require("terms");
    for (const TomlValue& term : terms.elements()) {
      term.within([&] {
        require_finite_between(sum_over_members(term.expression(), model.space, model.parameters),
                               from, to);
      });
    }
    terms.within([&] { require_hermitian_between(h, model.space, from, to); });
  }
  const auto list = root.find("dissipator");
  const auto dissipators = list ? list->elements() : std::vector<TomlValue>{};
  const bool is_in_time = study.evolve || from < to;
  for (std::size_t k = 0; k < model.dissipators.size() && is_in_time; ++k) {
    const auto& all = study.system.jumps(k);
    dissipators[k].require("operator").within([&] {
      for (const Jump& jump : all)
        require_finite_between(jump.op, from, to);
    });
    dissipators[k].require("rate").within([&] {
      for (const Jump& jump : all)
        require_rate_between(jump.rate, jump.text, from, to);
    });
  }
  const auto maps = root.find("superoperator");
  for (const TomlValue& entry : maps ? maps->elements() : std::vector<TomlValue>{}) {
    const TomlValue term = entry.require("term");
    term.within([&] {
      const Superoperator sum =
          sum_of_superoperators(term.expression(), model.space, model.parameters);
      // Only the numbers in these terms are checked.
      require_finite_between(Operator(sum.terms()), from, to);
    });
  }
}

// Fills in what correlations need from the rest of the study.
void complete_correlations(Study& study) {
  for (CorrelationTask& task : study.correlations) {
    if (task.is_steady() && !study.steady) study.steady = SteadyOptions{};
    CorrelationOptions& options = task.options;
    if (study.evolve) options.evolution = study.evolve->options;
    options.preconditioner = study.liouvillian.preconditioner;
    options.storage = study.liouvillian.storage;
    options.uses_sectors = study.liouvillian.uses_sectors;
    options.evolution.preconditioner = study.liouvillian.preconditioner;
  }
}

// True if nothing is requested for single sites and nothing relies on them.
bool may_join_sites(const Study& study) {
  return study.dynamics == Dynamics::lindblad && study.reduced.empty() && !study.map &&
         study.phase_space.empty() && !study.liouvillian.storage &&
         study.liouvillian.preconditioner == PreconditionerChoice::automatic;
}

}  // namespace

std::pair<double, double> Study::time_span() const {
  double last = evolve ? evolve->times.back() : initial_time();
  for (const CorrelationTask& task : correlations) {
    if (task.is_steady()) continue;
    const auto& delays = task.options.delays;
    last = std::max(last, task.times.back() + (delays.empty() ? 0 : delays.back()));
  }
  return {initial_time(), last};
}

Study read_study(const std::filesystem::path& file, const std::vector<Override>& overrides,
                 Reading reading) {
  const TomlDocument document(file, overrides);
  const TomlValue root(document, document.root(), "");
  root.allow_only({"title",         "parameters",   "sites",       "hamiltonian", "dissipator",
                   "superoperator", "bath",         "dynamics",    "liouvillian", "initial",
                   "mixture",       "trajectories", "observables", "reduced",     "evolve",
                   "map",           "steady",       "spectrum",    "correlation", "phase_space",
                   "sweep",         "diagnostics",  "output"});
  const Dynamics dynamics = read_dynamics(root);
  require_dynamics(root, dynamics);
  Study study{read_model(root, dynamics)};
  study.dynamics = dynamics;
  study.text = document.text();
  if (auto title = root.find("title")) {
    study.title = title->string();
    require_plain_text(*title, study.title);
  }
  study.output_file = file.stem().string() + ".h5";
  study.initial = read_initial(root, study.model());
  study.observables = read_observables(root, study.model());
  study.trajectories = read_trajectories(root, study.model().parameters);
  study.mixture = read_mixture(root, study.model().parameters);
  study.reduced = read_reduced(root, study.model());
  study.evolve = read_evolve(root, study.model().parameters);
  study.map = read_map(root, study.model());
  study.steady = read_steady(root, study.model().parameters);
  study.correlations = read_correlations(root, study.model(), study.initial_time());
  study.phase_space = read_phase_space(root, study.model(),
                                       study.evolve ? study.evolve->times : std::vector<double>{},
                                       study.steady.has_value());
  study.liouvillian = read_liouvillian(root);
  study.thresholds = read_thresholds(root, study.model().parameters);
  read_output(root, study);
  complete_correlations(study);
  if (study.steady) study.steady->preconditioner = study.liouvillian.preconditioner;
  if (study.evolve) study.evolve->options.preconditioner = study.liouvillian.preconditioner;
  if (study.evolve && !study.initial) root.fail("[evolve] needs an [initial] state");
  if (study.map && !study.evolve) root.require("map").fail("it needs the times of [evolve]");
  if (study.evolve) {
    study.evolve->options.observe = study.observables;
    study.evolve->options.reduced = study.reduced;
    for (const PhaseSpaceTask& task : study.phase_space)
      study.evolve->options.sites.push_back({task.site, task.times});
  }
  if (dynamics != Dynamics::lindblad) require_ket_method(root, study);
  if (dynamics == Dynamics::trajectories) require_unravelling(root, study);
  require_sound(root, study);
  if (reading == Reading::without_generator) return study;
  if (may_join_sites(study)) study.system = in_energy_basis(study.system);
  study.system = with_chosen_bases(study.system, dynamics);
  study.spectrum = read_spectrum(root, study.system, study.liouvillian.uses_sectors);
  return study;
}

}  // namespace lindwurm
