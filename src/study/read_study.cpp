#include <fmt/format.h>

#include <algorithm>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/unravelling.hpp"
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

// What there is no room for in the dynamics of kets.
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
  kind.within([&] { (void)unravelled(study.model, {}); });
  for (const auto& [name, content] : study.observables) {
    if (!std::holds_alternative<StateFunction>(content)) continue;
    root.require("observables")
        .require(name)
        .fail(
            "purity and entropy are not means over trajectories; ask for those of some sites in "
            "[reduced], or take dynamics.kind = \"lindblad\"");
  }
}

// What can only be judged of the whole: Hermiticity of H, rates in time.
void require_sound(const TomlValue& root, const Study& study) {
  std::vector<double> samples{0.0};
  if (study.evolve) {
    const auto& times = study.evolve->times;
    samples.clear();
    const std::size_t step = std::max<std::size_t>(1, times.size() / 8);
    for (std::size_t k = 0; k < times.size(); k += step)
      samples.push_back(times[k]);
  }
  const Model& model = study.model;
  const Operator h = sum_over_members(model.hamiltonian, model.space, model.parameters);
  if (auto table = root.find("hamiltonian")) {
    table->require("terms").within([&] {
      for (double t : samples) {
        require_hermitian(h, model.space, t);
        if (h.is_constant()) break;
      }
    });
  }
  for (std::size_t k = 0; k < model.dissipators.size(); ++k) {
    const TomlValue rate = root.require("dissipator").elements()[k].require("rate");
    rate.within([&] {
      for (const Jump& jump : jumps(model.dissipators[k], model)) {
        if (!study.evolve || jump.rate.is_constant()) continue;
        for (double t : study.evolve->times)
          require_rate(jump.rate, jump.text, t);
      }
    });
  }
}

// What correlations take from the rest of the study.
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

}  // namespace

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
  if (auto title = root.find("title")) study.title = title->string();
  study.output_file = file.stem().string() + ".h5";
  study.initial = read_initial(root, study.model);
  study.observables = read_observables(root, study.model);
  study.trajectories = read_trajectories(root, study.model.parameters);
  study.mixture = read_mixture(root, study.model.parameters);
  study.reduced = read_reduced(root, study.model);
  study.evolve = read_evolve(root, study.model.parameters);
  study.map = read_map(root, study.model);
  study.steady = read_steady(root, study.model.parameters);
  study.correlations = read_correlations(root, study.model, study.initial_time());
  study.phase_space = read_phase_space(root, study.model,
                                       study.evolve ? study.evolve->times : std::vector<double>{},
                                       study.steady.has_value());
  study.liouvillian = read_liouvillian(root);
  study.thresholds = read_thresholds(root, study.model.parameters);
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
  study.model = with_chosen_bases(std::move(study.model), dynamics);
  study.spectrum = read_spectrum(root, study.model, study.liouvillian.uses_sectors);
  return study;
}

}  // namespace lindwurm
