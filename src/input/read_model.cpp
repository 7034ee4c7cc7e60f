#include "read_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/model/bath_equation.hpp"
#include "read_bath.hpp"

namespace lindwurm {

namespace {

void require_free_name(const TomlValue& at, const std::string& name) {
  require_identifier(at, name);
  if (is_reserved(name)) {
    at.fail(fmt::format("'{}' is a word of the language of operators; choose another name", name));
  }
}

// The reader recurses from a parameter to those that it is defined by.
constexpr std::size_t most_nested = 1000;
// Each parameter is written out in those that use it, so formulas of t can grow without limit.
constexpr std::size_t longest_formula = 100000;

// Reads the parameters, which may refer to each other in any order.
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
    if (open_.size() == most_nested) {
      value.fail(
          fmt::format("more than {} parameters are defined one through the other", most_nested));
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
        if (number.text().size() > longest_formula) {
          element.fail(fmt::format(
              "written out, the parameter is a formula of t of more than {} characters; use fewer "
              "parameters that depend on t in one another",
              longest_formula));
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

std::vector<double> real_array(const TomlValue& key, const Parameters& parameters) {
  const std::string name = key.string();
  const auto found = parameters.find(name);
  if (found == parameters.end() || !found->second.is_array)
    key.fail(fmt::format("'{}' is no array among the parameters", name));
  std::vector<double> values;
  for (const Coefficient& value : found->second.values) {
    if (!value.is_constant() || value.constant().imag() != 0)
      key.fail(fmt::format("'{}' holds {}, which is no real number", name, value.text()));
    values.push_back(value.constant().real());
  }
  return values;
}

void put_array(const std::vector<double>& values, const std::string& name, const std::string& group,
               Parameters& parameters) {
  Parameter& array = parameters.find(name)->second;
  array.values.assign(values.begin(), values.end());
  array.group = group;
}

// Replaces different spins, given by two arrays with one number for each spin, by an ensemble for
// each of a few classes. The arrays become those of the classes.
std::vector<Group> read_classes(const Group& all, const TomlValue& value, Model& model) {
  const TomlValue table = value.require("classes");
  table.allow_only({"count", "frequency", "coupling"});
  const TomlValue frequency = table.require("frequency");
  const TomlValue coupling = table.require("coupling");
  const auto frequencies = real_array(frequency, model.parameters);
  const auto couplings = real_array(coupling, model.parameters);
  const int spins = all.multiplets->spins();
  if (static_cast<int>(frequencies.size()) != spins) {
    frequency.fail(fmt::format("'{}' has {} values for {} spins", frequency.string(),
                               frequencies.size(), spins));
  }
  const auto count = static_cast<int>(
      std::min<std::int64_t>(table.require("count").integer(model.parameters, 1), spins + 1));
  const SpinClasses found =
      table.within([&] { return spin_classes(frequencies, couplings, count); });
  put_array(found.frequencies, frequency.string(), all.name, model.parameters);
  put_array(found.couplings, coupling.string(), all.name, model.parameters);
  model.classes[all.name] = found;
  std::vector<Group> groups = ensembles(all.name, found.counts, all.multiplets->coherence());
  auto first = found.spins.begin();
  for (Group& group : groups) {
    group.basis = all.basis;
    group.spins.assign(first, first + group.multiplets->spins());
    first += group.multiplets->spins();
  }
  return groups;
}

Group read_site(const std::string& name, const TomlValue& value, const Parameters& parameters) {
  require_free_name(value, name);
  if (parameters.contains(name)) {
    value.fail(fmt::format("'{}' is a parameter as well; a site needs a name of its own", name));
  }
  value.allow_only({"kind", "levels", "count", "basis", "coherence", "classes"});
  Group group{.name = name};
  static const std::vector<std::string> kinds{"oscillator", "spin", "levels", "ensemble"};
  group.kind = static_cast<SiteKind>(value.require("kind").one_of(kinds));
  if (group.kind == SiteKind::spin || group.kind == SiteKind::ensemble) {
    if (auto levels = value.find("levels")) {
      levels->fail("a spin 1/2 has two levels; for more use kind = \"levels\"");
    }
  } else {
    const TomlValue levels = value.require("levels");
    group.dimension = levels.small_integer(parameters, 1);
    if (group.dimension > 46340) {
      levels.fail(
          fmt::format("{} levels: a density matrix of one site alone exceeds the "
                      "2147483647 elements that 32-bit indices can number; use fewer levels",
                      group.dimension));
    }
  }
  if (group.kind == SiteKind::ensemble) {
    const TomlValue count = value.require("count");
    const std::int64_t spins = count.integer(parameters, 1);
    if (spins > Multiplets::most_spins)
      count.fail(fmt::format("{} spins; at most {} are possible", spins, Multiplets::most_spins));
    const auto key = value.find("coherence");
    const std::int64_t coherence = key ? key->integer(parameters, 0) : spins;
    group = ensemble(name, static_cast<int>(spins),
                     static_cast<int>(std::min<std::int64_t>(coherence, spins)));
  } else if (auto count = value.find("count")) {
    const std::int64_t members = count->integer(parameters, 1);
    if (members > 1000) {
      count->fail(
          fmt::format("{} members: even spins alone have 2^{} states; the density matrix "
                      "of a model may have D = 46340 at most",
                      members, members));
    }
    group.count = static_cast<int>(members);
  }
  if (const auto key = value.find("coherence"); key && group.kind != SiteKind::ensemble)
    key->fail("only ensembles have coherences to leave out");
  if (const auto key = value.find("classes"); key && group.kind != SiteKind::ensemble)
    key->fail("only ensembles have classes");
  const bool is_of_spins = group.kind == SiteKind::spin || group.kind == SiteKind::ensemble;
  if (is_of_spins) group.basis = SpinBasis::automatic;
  if (auto basis = value.find("basis")) {
    if (!is_of_spins) basis->fail("only spins and ensembles have a choice of basis");
    group.basis = static_cast<SpinBasis>(basis->one_of({"z", "x", "auto"}));
  }
  return group;
}

// The least number of bytes for each element of a site's matrices.
constexpr double bytes_of_site_element = 400;

// A first check before anything of the size of the sites is built. The number of unknowns is known
// only when the conserved charges are.
void require_room_for_sites(const Space& space, Dynamics dynamics) {
  if (dynamics != Dynamics::lindblad) {
    (void)ket_elements(space);
    return;
  }
  double largest = 0;
  for (int s = 0; s < space.sites(); ++s) {
    const double states = space.dimension(s);
    largest = std::max(largest, space.group_of(s).multiplets ? space.elements(s) : states * states);
  }
  const double needed = bytes_of_site_element * largest;
  const double available = available_memory_bytes();
  if (available > 0 && needed > available) {
    throw InputError(
        fmt::format("a run with a site whose density matrices have {:.4g} elements needs more than "
                    "{:.3g} GB, but {:.3g} GB are free; use fewer levels or spins, or a machine "
                    "with more memory",
                    largest, needed / 1e9, available / 1e9));
  }
  (void)density_elements(space);
}

void read_space(const TomlValue& root, Dynamics dynamics, Model& model) {
  const TomlValue sites = root.require("sites");
  std::vector<Group> groups;
  for (const auto& [name, value] : sites.entries()) {
    const Group group = read_site(name, value, model.parameters);
    if (!value.find("classes")) {
      groups.push_back(group);
      continue;
    }
    for (Group& each : read_classes(group, value, model))
      groups.push_back(std::move(each));
  }
  if (groups.empty()) sites.fail("a model needs at least one site");
  sites.within([&] {
    model.space = Space(groups);
    require_room_for_sites(model.space, dynamics);
  });
}

void read_hamiltonian(const TomlValue& root, Model& model) {
  const auto table = root.find("hamiltonian");
  if (!table) return;
  table->allow_only({"terms"});
  const TomlValue terms = table->require("terms");
  std::vector<Expression> sum{model.hamiltonian};
  for (const auto& term : terms.elements()) {
    sum.push_back(term.expression());
    term.within([&] { return sum_over_members(sum.back(), model.space, model.parameters); });
  }
  // In pairs, because functions recurse into an expression.
  while (sum.size() > 1) {
    for (std::size_t k = 0; 2 * k < sum.size(); ++k)
      sum[k] = 2 * k + 1 < sum.size() ? sum[2 * k] + sum[2 * k + 1] : sum[2 * k];
    sum.resize((sum.size() + 1) / 2, Expression(0.0));
  }
  model.hamiltonian = sum.front();
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
    model.add(std::move(dissipator));
  }
}

// Reports an error for the operator or for the rate, whichever is wrong.
void bind_dissipators(const TomlValue& root, const System& system) {
  const auto& dissipators = system.model().dissipators;
  for (std::size_t k = 0; k < dissipators.size(); ++k) {
    try {
      (void)system.jumps(k);
    } catch (const InputError&) {
      const TomlValue entry = root.require("dissipator").elements()[k];
      const Dissipator& all = dissipators[k];
      entry.require("operator").within([&] {
        return jumps({all.op, Expression(0.0), all.collective}, system.model());
      });
      entry.require("rate").within([&] { return system.jumps(k); });
    }
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

}  // namespace

Parameters read_parameters(const TomlValue& root) {
  const auto table = root.find("parameters");
  return table ? ParameterReader(*table).read() : Parameters{};
}

System read_model(const TomlValue& root, Dynamics dynamics) {
  Model model{Space()};
  model.parameters = read_parameters(root);
  read_space(root, dynamics, model);
  read_hamiltonian(root, model);
  read_dissipators(root, model);
  read_superoperators(root, model);
  read_baths(root, model);
  System system(std::move(model));
  bind_dissipators(root, system);
  bind_baths(root, system);
  return system;
}

std::optional<ProductState> read_initial(const TomlValue& root, const Model& model) {
  const auto table = root.find("initial");
  if (!table) return std::nullopt;
  std::map<std::string, std::vector<std::string>> names;
  std::vector<std::string> sites;
  for (const auto& group : model.space.groups())
    sites.push_back(group.word());
  for (const auto& [site, value] : table->entries(sites)) {
    const auto family = model.space.called(site);
    const Group& group = *family.front();
    const int members = group.size() * static_cast<int>(family.size());
    double neglected = 0;
    for (const auto& element : value.elements()) {
      // A single state applies to all members, and arrays run along them.
      const int first = value.is_array() ? static_cast<int>(names[site].size()) : 0;
      const int last = value.is_array() ? first + 1 : members;
      names[site].push_back(element.string());
      for (int member = first; member < std::min(last, members); ++member) {
        element.within([&] {
          if (group.kind == SiteKind::ensemble) {
            (void)ensemble_state(Expression::parse(element.string()), family, member,
                                 model.parameters);
            return Eigen::MatrixXcd();
          }
          return site_state(Expression::parse(element.string()), group, model.parameters, neglected,
                            member);
        });
      }
    }
    if (value.is_array() && static_cast<int>(names[site].size()) != members) {
      value.fail(fmt::format("'{}' has {} members but {} initial states", site, members,
                             names[site].size()));
    }
  }
  return table->within([&] { return product_state(model.space, names, model.parameters); });
}

namespace {

MultipletPopulation multiplet_population(const Expression::Call& call, const Model& model) {
  const auto* site =
      call.arguments.size() == 2 ? call.arguments[0].as<Expression::Name>() : nullptr;
  const Group* group = site == nullptr || site->index ? nullptr : model.space.find(site->name);
  if (group == nullptr || !group->multiplets)
    throw InputError("write multiplet(NAME, J), NAME that of an ensemble");
  const Scope scope{.space = &model.space, .parameters = &model.parameters};
  const Coefficient j = evaluate_number(call.arguments[1], scope);
  if (!j.is_constant() || j.constant().imag() != 0) {
    throw InputError(fmt::format("J is a real number that does not depend on t, not {}", j.text()));
  }
  const double two_j = 2 * j.constant().real();
  const int spins = group->multiplets->spins();
  if (!(two_j >= 0 && two_j <= spins && std::fmod(spins - two_j, 2) == 0)) {
    throw InputError(fmt::format("{} spins have no multiplet J = {}; J is {}, {}, ... down to {}",
                                 spins, two_j / 2, spins / 2.0, spins / 2.0 - 1, spins % 2 / 2.0));
  }
  return {group->name, static_cast<int>(two_j)};
}

// heat(bath), multiplet(ensemble, J), purity and entropy are observables by themselves; energy is
// H.
std::optional<Observable> special_observable(const std::string& name, const Expression& expression,
                                             const Model& model) {
  if (const auto* call = expression.as<Expression::Call>(); call && call->name == "heat") {
    const auto* bath =
        call->arguments.size() == 1 ? call->arguments[0].as<Expression::Name>() : nullptr;
    if (bath == nullptr || bath->index) throw InputError("write heat(NAME), NAME that of a bath");
    return Observable{name, HeatCurrent{bath_named(bath->name, model).name}};
  }
  if (const auto* call = expression.as<Expression::Call>(); call && call->name == "multiplet")
    return Observable{name, multiplet_population(*call, model)};
  for (const char* word : {"heat", "multiplet"}) {
    if (expression.text().find(fmt::format("{}(", word)) != std::string::npos) {
      throw InputError(
          fmt::format("{}(...) stands alone; observe it, and combine the values", word));
    }
  }
  const auto* word = expression.as<Expression::Name>();
  if (word == nullptr || word->index || model.parameters.contains(word->name)) return std::nullopt;
  if (word->name == "energy") return Observable{name, model.hamiltonian};
  if (word->name == "purity") return Observable{name, StateFunction::purity};
  if (word->name == "entropy") return Observable{name, StateFunction::entropy};
  return std::nullopt;
}

void require_constant(const Expression& expression, const Model& model) {
  const Operator sum = sum_over_members(expression, model.space, model.parameters);
  for (const auto& term : sum.terms()) {
    if (!term.coefficient.is_constant()) {
      throw InputError(
          fmt::format("an observable may not depend on time, as {} does", term.coefficient.text()));
    }
  }
}

}  // namespace

Observables read_observables(const TomlValue& root, const Model& model) {
  Observables observables;
  const auto table = root.find("observables");
  if (!table) return observables;
  for (const auto& [name, value] : table->entries()) {
    require_plain_text(value, name);
    // In the HDF5 file the name is that of a dataset, and "." would be the group itself.
    if (name.empty() || name == "." || name.find('/') != std::string::npos)
      value.fail("an observable's name may not be empty, \".\", or hold a '/'");
    const Expression expression = value.expression();
    value.within([&] {
      observables.push_back(
          special_observable(name, expression, model).value_or(Observable{name, expression}));
      const auto& content = observables.back().content;
      const auto* linear = std::get_if<Expression>(&content);
      if (linear != nullptr) require_constant(*linear, model);
      if (std::holds_alternative<HeatCurrent>(content)) require_constant(model.hamiltonian, model);
    });
  }
  return observables;
}

}  // namespace lindwurm
