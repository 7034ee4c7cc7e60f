#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/operators/site_operators.hpp"
#include "lindwurm/study/study.hpp"
#include "toml_reader.hpp"

namespace lindwurm {

namespace {

bool is_identifier(const std::string& name) {
  const auto letter = [](char c) {
    return std::isalpha(static_cast<unsigned char>(c)) || c == '_';
  };
  return !name.empty() && letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
    return letter(c) || std::isdigit(static_cast<unsigned char>(c));
  });
}

void require_free_name(const TomlValue& at, const std::string& name) {
  if (!is_identifier(name)) {
    at.fail(fmt::format("'{}' is no name: letters, digits and _ make one, and no digit begins it",
                        name));
  }
  if (is_reserved(name)) {
    at.fail(fmt::format("'{}' is a word of the language of operators; choose another name", name));
  }
}

// Parameters may refer to each other in any order.
class ParameterReader {
 public:
  explicit ParameterReader(const TomlValue& table) {
    for (auto& [name, value] : table.entries()) {
      require_free_name(value, name);
      pending_.emplace(name, value);
    }
  }

  Parameters read() {
    for (const auto& [name, value] : pending_)
      resolve(name, value);
    return std::move(done_);
  }

 private:
  void resolve(const std::string& name, const TomlValue& value) {
    if (done_.contains(name)) return;
    if (std::find(open_.begin(), open_.end(), name) != open_.end()) {
      value.fail(fmt::format("the parameter '{}' is defined through itself", name));
    }
    open_.push_back(name);
    Parameter parameter{.values = {}, .is_array = value.is_array()};
    for (const auto& element : value.elements()) {
      const Expression expression = element.expression();
      for (const auto& other : names_in(expression)) {
        auto next = pending_.find(other);
        if (next != pending_.end()) resolve(other, next->second);
      }
      const Parameter part = element.within([&] { return evaluate_parameter(expression, done_); });
      if (value.is_array() && part.is_array) element.fail("an array stands within an array");
      parameter.is_array = parameter.is_array || part.is_array;
      for (const auto& number : part.values) {
        if (!std::isfinite(std::abs(number.constant()))) {
          element.fail(fmt::format("the parameter is not finite: {}", number.text()));
        }
        parameter.values.push_back(number);
      }
    }
    if (parameter.values.empty()) value.fail("an array needs at least one value");
    open_.pop_back();
    done_.emplace(name, std::move(parameter));
  }

  std::map<std::string, TomlValue> pending_;
  std::vector<std::string> open_;
  Parameters done_;
};

Group read_site(const std::string& name, const TomlValue& value, const Parameters& parameters) {
  require_free_name(value, name);
  if (parameters.contains(name)) {
    value.fail(fmt::format("'{}' is a parameter as well; a site needs a name of its own", name));
  }
  value.allow_only({"kind", "levels", "count"});
  Group group{.name = name};
  static const std::vector<std::string> kinds{"oscillator", "spin", "levels"};
  group.kind = static_cast<SiteKind>(value.require("kind").one_of(kinds));
  if (group.kind == SiteKind::spin) {
    if (auto levels = value.find("levels")) {
      levels->fail("a spin 1/2 has two levels; for more use kind = \"levels\"");
    }
  } else {
    const TomlValue levels = value.require("levels");
    group.dimension = static_cast<int>(
        std::min<std::int64_t>(levels.integer(parameters, 1), std::numeric_limits<int>::max()));
    if (group.dimension > 46340) {
      levels.fail(
          fmt::format("{} levels: a density matrix of one site alone exceeds the "
                      "2147483647 elements that 32-bit indices can number",
                      group.dimension));
    }
  }
  if (auto count = value.find("count")) {
    const std::int64_t members = count->integer(parameters, 1);
    if (members > 1000) {
      count->fail(
          fmt::format("{} members: even spins alone have 2^{} states; the density matrix "
                      "of a model may have D = 46340 at most",
                      members, members));
    }
    group.count = static_cast<int>(members);
  }
  return group;
}

// A first look before anything of the model's size is built: a run keeps some twenty vectors of D^2
// numbers, and matrices beside them.
void require_room_for_states(const Space& space) {
  const auto unknowns = static_cast<double>(space.dimension() * space.dimension());
  const double needed = 20 * 8 * unknowns;
  const double available = available_memory_bytes();
  if (available > 0 && needed > available) {
    throw InputError(
        fmt::format("a run with density matrices of D^2 = {:.4g} elements needs more than {:.3g} "
                    "GB, but {:.3g} "
                    "GB are free; use fewer levels or spins, or a machine with more memory",
                    unknowns, needed / 1e9, available / 1e9));
  }
}

Space read_space(const TomlValue& root, const Parameters& parameters) {
  const TomlValue sites = root.require("sites");
  std::vector<Group> groups;
  for (const auto& [name, value] : sites.entries()) {
    groups.push_back(read_site(name, value, parameters));
  }
  if (groups.empty()) sites.fail("a model needs at least one site");
  return sites.within([&] {
    Space space(groups);
    require_room_for_states(space);
    return space;
  });
}

void read_hamiltonian(const TomlValue& root, Model& model) {
  const auto table = root.find("hamiltonian");
  if (!table) return;
  table->allow_only({"terms"});
  const TomlValue terms = table->require("terms");
  for (const auto& term : terms.elements()) {
    const Expression expression = term.expression();
    term.within([&] { return sum_over_members(expression, model.space, model.parameters); });
    model.hamiltonian = model.hamiltonian + expression;
  }
}

void read_dissipators(const TomlValue& root, Model& model) {
  const auto list = root.find("dissipator");
  if (!list) return;
  for (const auto& entry : list->elements()) {
    entry.allow_only({"operator", "rate", "collective"});
    const TomlValue op = entry.require("operator");
    const TomlValue rate = entry.require("rate");
    Dissipator dissipator{op.expression(), rate.expression(), false};
    if (auto collective = entry.find("collective")) dissipator.collective = collective->boolean();
    // First the operator on its own, so that a complaint about the rate is told of the rate.
    op.within([&] {
      return jumps({dissipator.op, Expression(0.0), dissipator.collective}, model);
    });
    rate.within([&] { return jumps(dissipator, model); });
    model.add(std::move(dissipator));
  }
}

void read_superoperators(const TomlValue& root, Model& model) {
  const auto list = root.find("superoperator");
  if (!list) return;
  for (const auto& entry : list->elements()) {
    entry.allow_only({"term"});
    const TomlValue term = entry.require("term");
    const Expression expression = term.expression();
    term.within([&] { return sum_of_superoperators(expression, model.space, model.parameters); });
    model.superoperators.push_back(expression);
  }
}

std::optional<ProductState> read_initial(const TomlValue& root, const Model& model) {
  const auto table = root.find("initial");
  if (!table) return std::nullopt;
  std::map<std::string, std::vector<std::string>> names;
  std::vector<std::string> sites;
  for (const auto& group : model.space.groups())
    sites.push_back(group.name);
  for (const auto& [site, value] : table->entries(sites)) {
    const Group& group = *model.space.find(site);
    double neglected = 0;
    for (const auto& element : value.elements()) {
      names[site].push_back(element.string());
      element.within([&] {
        return site_state(Expression::parse(element.string()), group, model.parameters, neglected);
      });
    }
    if (value.is_array() && static_cast<int>(names[site].size()) != group.size()) {
      value.fail(fmt::format("'{}' has {} members but {} initial states", site, group.size(),
                             names[site].size()));
    }
  }
  return table->within([&] { return product_state(model.space, names, model.parameters); });
}

Observables read_observables(const TomlValue& root, const Model& model) {
  Observables observables;
  const auto table = root.find("observables");
  if (!table) return observables;
  for (const auto& [name, value] : table->entries()) {
    if (name.empty() || name.find('/') != std::string::npos) {
      value.fail("an observable's name may not be empty or hold a '/'");
    }
    const Expression expression = value.expression();
    value.within([&] {
      const Operator sum = sum_over_members(expression, model.space, model.parameters);
      for (const auto& term : sum.terms()) {
        if (!term.coefficient.is_constant()) {
          throw InputError(fmt::format("an observable may not depend on time, as {} does",
                                       term.coefficient.text()));
        }
      }
    });
    observables.emplace_back(name, expression);
  }
  return observables;
}

std::vector<double> read_times(const TomlValue& value, const Parameters& parameters) {
  std::vector<double> times;
  if (value.is_table()) {
    value.allow_only({"from", "to", "points"});
    const double from = value.require("from").number(parameters);
    const TomlValue to_key = value.require("to");
    const double to = to_key.number(parameters);
    const std::int64_t points = value.require("points").integer(parameters, 2);
    if (!(to > from)) to_key.fail(fmt::format("the times decrease: from = {}, to = {}", from, to));
    if (points > 10'000'000) value.require("points").fail("more than 10 million output times");
    for (std::int64_t k = 0; k < points; ++k) {
      times.push_back(k + 1 == points ? to
                                      : from + (to - from) * static_cast<double>(k) /
                                                   static_cast<double>(points - 1));
    }
    return times;
  }
  for (const auto& element : value.elements()) {
    times.push_back(element.number(parameters));
    if (times.size() > 1 && times.back() <= times[times.size() - 2]) {
      element.fail(fmt::format("the times do not increase: {} follows {}", times.back(),
                               times[times.size() - 2]));
    }
  }
  if (times.empty()) value.fail("an evolution needs at least one output time");
  return times;
}

double positive(const TomlValue& value, const Parameters& parameters) {
  const double number = value.number(parameters);
  if (!(number > 0)) value.fail(fmt::format("{} must be positive", number));
  return number;
}

// The table of a task, unless it is absent or switched off by run = false.
std::optional<TomlValue> task_table(const TomlValue& root, const std::string& name) {
  const auto table = root.find(name);
  if (!table) return std::nullopt;
  const auto run = table->find("run");
  return run && !run->boolean() ? std::nullopt : table;
}

std::optional<EvolveTask> read_evolve(const TomlValue& root, const Parameters& parameters) {
  const auto table = task_table(root, "evolve");
  if (!table) return std::nullopt;
  table->allow_only(
      {"run", "times", "method", "rtol", "atol", "jacobian", "max_steps", "max_step"});
  EvolveTask task;
  task.times = read_times(table->require("times"), parameters);
  if (auto key = table->find("method")) {
    task.options.method = static_cast<EvolveMethod>(key->one_of({"auto", "adams", "bdf"}));
  }
  if (auto key = table->find("jacobian")) {
    task.options.jacobian =
        static_cast<Jacobian>(key->one_of({"auto", "matrix-free", "assembled"}));
  }
  if (auto key = table->find("rtol")) task.options.rtol = positive(*key, parameters);
  if (auto key = table->find("atol")) task.options.atol = positive(*key, parameters);
  if (auto key = table->find("max_steps")) {
    task.options.max_steps = static_cast<long>(key->integer(parameters, 1));
  }
  if (auto key = table->find("max_step")) task.options.max_step = positive(*key, parameters);
  return task;
}

std::optional<SteadyOptions> read_steady(const TomlValue& root, const Parameters& parameters) {
  const auto table = task_table(root, "steady");
  if (!table) return std::nullopt;
  table->allow_only({"run", "solver", "tolerance", "max_iterations", "restart"});
  SteadyOptions options;
  if (auto key = table->find("solver")) {
    options.solver = static_cast<SteadySolver>(key->one_of({"auto", "gmres", "mumps"}));
  }
  if (auto key = table->find("tolerance")) options.tolerance = positive(*key, parameters);
  if (auto key = table->find("max_iterations")) {
    options.max_iterations = static_cast<int>(key->integer(parameters, 1));
  }
  if (auto key = table->find("restart")) {
    options.restart = static_cast<int>(key->integer(parameters, 1));
  }
  return options;
}

std::optional<SpectrumOptions> read_spectrum(const TomlValue& root, const Model& model) {
  const auto table = task_table(root, "spectrum");
  if (!table) return std::nullopt;
  table->allow_only({"run", "count", "method", "dense_limit"});
  SpectrumOptions options;
  const std::int64_t unknowns = model.space.dimension() * model.space.dimension();
  if (auto key = table->find("method")) {
    options.method = static_cast<SpectrumMethod>(key->one_of({"auto", "dense", "slepc"}));
  }
  if (auto key = table->find("dense_limit")) {
    options.dense_limit = key->integer(model.parameters, 1);
  }
  if (auto key = table->find("count")) {
    const std::int64_t count = key->integer(model.parameters, 1);
    if (count > unknowns) {
      key->fail(
          fmt::format("{} eigenvalues are asked for, but the space has D^2 = {}", count, unknowns));
    }
    options.count = static_cast<int>(count);
  } else {
    options.count = static_cast<int>(std::min<std::int64_t>(options.count, unknowns));
  }
  if (unknowns > options.dense_limit && options.method != SpectrumMethod::slepc) {
    table->fail(fmt::format(
        "the spectrum of {} unknowns is refused: all eigenvalues are computed, so that none can "
        "be missing, and that is limited to {} unknowns; leave it out with spectrum.run = false, "
        "use fewer levels or spins, raise "
        "spectrum.dense_limit, or take spectrum.method = \"slepc\", which cannot show that none is "
        "missing",
        unknowns, options.dense_limit));
  }
  return options;
}

Thresholds read_thresholds(const TomlValue& root, const Parameters& parameters) {
  Thresholds thresholds;
  const auto table = root.find("diagnostics");
  if (!table) return thresholds;
  table->allow_only({"top_level", "trace", "positivity"});
  if (auto key = table->find("top_level")) thresholds.top_level = positive(*key, parameters);
  if (auto key = table->find("trace")) thresholds.trace = positive(*key, parameters);
  if (auto key = table->find("positivity")) thresholds.positivity = positive(*key, parameters);
  return thresholds;
}

void read_output(const TomlValue& root, Study& study) {
  const auto table = root.find("output");
  if (!table) return;
  table->allow_only({"file", "states"});
  if (auto key = table->find("file")) {
    study.output_file = key->string();
    if (study.output_file.empty()) key->fail("the file needs a name");
  }
  if (auto key = table->find("states")) study.output_states = key->boolean();
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
  const bool is_constant = std::all_of(h.terms().begin(), h.terms().end(), [](const auto& term) {
    return term.coefficient.is_constant();
  });
  if (auto table = root.find("hamiltonian")) {
    table->require("terms").within([&] {
      for (double t : samples) {
        require_hermitian(h, model.space, t);
        if (is_constant) break;
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

}  // namespace

Study read_study(const std::filesystem::path& file, const std::vector<Override>& overrides) {
  const TomlDocument document(file, overrides);
  const TomlValue root(document, document.root(), "");
  root.allow_only({"title", "parameters", "sites", "hamiltonian", "dissipator", "superoperator",
                   "initial", "observables", "evolve", "steady", "spectrum", "diagnostics",
                   "output"});
  Parameters parameters;
  if (auto table = root.find("parameters")) parameters = ParameterReader(*table).read();
  Study study{Model(read_space(root, parameters))};
  study.model.parameters = std::move(parameters);
  study.text = document.text();
  if (auto title = root.find("title")) study.title = title->string();
  study.output_file = file.stem().string() + ".h5";
  read_hamiltonian(root, study.model);
  read_dissipators(root, study.model);
  read_superoperators(root, study.model);
  study.initial = read_initial(root, study.model);
  study.observables = read_observables(root, study.model);
  study.evolve = read_evolve(root, study.model.parameters);
  study.steady = read_steady(root, study.model.parameters);
  study.spectrum = read_spectrum(root, study.model);
  study.thresholds = read_thresholds(root, study.model.parameters);
  read_output(root, study);
  if (study.evolve && !study.initial) root.fail("[evolve] needs an [initial] state");
  if (study.evolve) study.evolve->options.observe = study.observables;
  require_sound(root, study);
  return study;
}

}  // namespace lindwurm
