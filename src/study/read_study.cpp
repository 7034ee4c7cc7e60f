#include <fmt/format.h>

#include <algorithm>

#include "input/read_model.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/input/read_values.hpp"
#include "lindwurm/study/study_file.hpp"
#include "preparation.hpp"

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
  const bool is_in_time =
      from < to || std::any_of(study.tasks.begin(), study.tasks.end(),
                               [](const auto& task) { return task->last_time().has_value(); });
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

LiouvillianSettings read_liouvillian(const TomlValue& root) {
  LiouvillianSettings settings;
  const auto table = root.find("liouvillian");
  if (!table) return settings;
  table->allow_only({"storage", "sectors", "preconditioner"});
  if (auto key = table->find("preconditioner")) {
    settings.preconditioner = static_cast<PreconditionerChoice>(
        key->one_of({"auto", "none", "dilu", "ilu", "one-site", "no-jump"}));
  }
  if (auto key = table->find("storage")) {
    const std::size_t choice = key->one_of({"auto", "assembled", "matrix-free"});
    if (choice == 1) settings.storage = Storage::assembled;
    if (choice == 2) settings.storage = Storage::matrix_free;
  }
  if (auto key = table->find("sectors")) settings.uses_sectors = key->boolean();
  return settings;
}

std::vector<ReducedSpace> read_reduced(const TomlValue& root, const Model& model) {
  std::vector<ReducedSpace> reduced;
  const auto tables = root.find("reduced");
  if (!tables) return reduced;
  for (const auto& table : tables->elements()) {
    table.allow_only({"sites"});
    const TomlValue sites = table.require("sites");
    sites.within([&] { reduced.emplace_back(model.space, read_sites(sites, model)); });
  }
  return reduced;
}

Thresholds read_thresholds(const TomlValue& root, const Parameters& parameters) {
  Thresholds thresholds;
  const auto table = root.find("diagnostics");
  if (!table) return thresholds;
  table->allow_only({"top_level", "trace", "energy", "positivity", "cutoff"});
  if (auto key = table->find("top_level")) thresholds.top_level = key->positive(parameters, 1);
  if (auto key = table->find("energy")) thresholds.energy = key->positive(parameters);
  if (auto key = table->find("trace")) thresholds.trace = key->positive(parameters, 1);
  if (auto key = table->find("positivity")) thresholds.positivity = key->positive(parameters, 1);
  return thresholds;
}

// Whether the errors of cutoffs are estimated; empty for "auto".
std::optional<bool> read_cutoff(const TomlValue& root) {
  const auto table = root.find("diagnostics");
  const auto key = table ? table->find("cutoff") : std::nullopt;
  if (!key) return std::nullopt;
  if (!key->is_string()) return key->boolean();
  (void)key->one_of({"auto"});
  return std::nullopt;
}

void read_output(const TomlValue& root, Study& study) {
  const auto table = root.find("output");
  if (!table) return;
  table->allow_only({"file", "states"});
  if (auto key = table->find("file")) {
    study.output_file = key->string();
    require_plain_text(*key, key->string());
    if (study.output_file.empty()) key->fail("the file needs a name");
  }
  if (auto key = table->find("states")) study.output_states = key->boolean();
}

// The tables that are not those of a task.
const std::vector<std::string> own_tables{
    "title",         "parameters", "sites",    "hamiltonian", "dissipator",
    "superoperator", "bath",       "dynamics", "initial",     "liouvillian",
    "observables",   "reduced",    "sweep",    "diagnostics", "output"};

}  // namespace

Study read_study(const std::filesystem::path& file, const std::vector<Override>& overrides,
                 Reading reading, const std::vector<TaskKind>& kinds) {
  const TomlDocument document(file, overrides);
  const TomlValue root = document.root();
  std::vector<std::string> tables = own_tables;
  for (const TaskKind& kind : kinds)
    tables.insert(tables.end(), kind.tables.begin(), kind.tables.end());
  root.allow_only(tables);
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
  study.reduced = read_reduced(root, study.model());
  study.liouvillian = read_liouvillian(root);
  study.thresholds = read_thresholds(root, study.model().parameters);
  study.estimates_cutoffs = read_cutoff(root);
  read_output(root, study);
  for (const TaskKind& kind : kinds)
    kind.read(root, study);
  complete_tasks(study);
  if (dynamics == Dynamics::trajectories) require_unravelling(root, study);
  require_sound(root, study);
  if (reading == Reading::without_generator) return study;
  choose_bases(study);
  for (const auto& task : study.tasks) {
    const auto table = root.find(std::string(task->name()));
    table.value_or(root).within([&] { task->require_feasible(study); });
  }
  return study;
}

}  // namespace lindwurm
