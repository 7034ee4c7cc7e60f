#include <fmt/format.h>

#include <utility>

#include "lindwurm/tasks/steady.hpp"
#include "steady_show.hpp"
#include "tasks/cutoff_report.hpp"
#include "tasks/state_report.hpp"

namespace lindwurm {

namespace {

void add_thermodynamics(Document& tree, const Thermodynamics& found) {
  Document heat = Document::object();
  for (const auto& [bath, current] : found.heat)
    heat[bath] = current;
  tree["heat"] = std::move(heat);
  if (found.first_law_defect) tree["first_law_defect"] = *found.first_law_defect;
  if (found.gibbs_distance) tree["gibbs_distance"] = *found.gibbs_distance;
}

Document steady_document(const Study& study, const SteadyState& steady) {
  Document tree;
  if (steady.state.get() != nullptr) {
    Document observables = Document::object();
    for (std::size_t k = 0; k < study.observables.size(); ++k) {
      observables[study.observables[k].name] = value_of(steady.values[k], steady.is_hermitian[k]);
    }
    tree["observables"] = std::move(observables);
    Document errors = Document::object();
    for (std::size_t k = 0; k < steady.errors.size(); ++k)
      if (steady.errors[k]) errors[study.observables[k].name] = *steady.errors[k];
    if (!errors.empty()) tree["errors"] = std::move(errors);
    tree["residual"] = steady.residual;
  }
  if (!steady.failure.empty()) tree["failure"] = steady.failure;
  if (steady.gap) {
    tree["gap"] = *steady.gap;
    tree["gap_error"] = steady.gap_error;
  }
  if (steady.growth) tree["growth"] = *steady.growth;
  if (!steady.reduced.empty())
    tree["reduced"] = reduced_document(steady.reduced, study.model().space);
  if (steady.thermodynamics) add_thermodynamics(tree, *steady.thermodynamics);
  tree["converged"] = steady.is_converged;
  tree["unique"] = steady.is_unique;
  tree["dimension"] = steady.dimension;
  tree["dimension_exact"] = steady.dimension_is_exact;
  return tree;
}

Document steady_diagnostics(const SteadyState& steady) {
  Document tree;
  if (steady.state.get() != nullptr) {
    tree = state_diagnostics(steady.diagnostics);
    tree["positivity_tested"] = steady.diagnostics.lowest_eigenvalue.has_value();
  }
  tree["stability_shown"] = steady.is_stability_shown;
  tree["solver"] = steady.solver;
  tree["preconditioner"] = steady.preconditioner;
  tree["reason"] = steady.reason;
  tree["iterations"] = steady.iterations;
  tree["check_iterations"] = steady.check_iterations;
  tree["seconds"] = steady.seconds;
  return tree;
}

}  // namespace

void SteadyOutcome::describe(const Study& study, Document& results, Document& diagnostics) const {
  results["steady"] = steady_document(study, steady);
  if (!cutoff_errors.empty()) {
    Document& errors = results["steady"]["cutoff_errors"] = Document::object();
    for (std::size_t k = 0; k < cutoff_errors.size(); ++k)
      errors[study.observables[k].name] = cutoff_errors[k];
  }
  diagnostics["steady"] = steady_diagnostics(steady);
  add_space(diagnostics["steady"], steady.space);
  diagnostics["steady"]["cutoff"] = cutoff_word(is_cutoff_exact, !cutoff_errors.empty());
}

void SteadyOutcome::add_arrays(const Study& study, Arrays& arrays) const {
  add_reduced("steady", steady.reduced, study.model().space, arrays);
  if (study.stores_states() && steady.state.get() != nullptr)
    arrays.emplace("steady/state", unpack(steady.state, *steady.basis));
}

std::string steady_summary(const Document& results, const Document& all_diagnostics) {
  if (!results.contains("steady")) return "";
  const Document& part = results["steady"];
  const Document& diagnostics = all_diagnostics["steady"];
  std::string text = fmt::format(
      "steady    {}, {} + {} iterations{}, {}{:.2f} s\n", diagnostics["solver"].get<std::string>(),
      diagnostics["iterations"].get<std::int64_t>(),
      diagnostics["check_iterations"].get<std::int64_t>(), space_text(diagnostics),
      part.contains("residual") ? fmt::format("|L rho|/|rho| = {:.1e}, ", real_of(part["residual"]))
                                : "",
      real_of(diagnostics["seconds"]));
  if (part.contains("failure")) {
    text += "  none\n";
  } else if (!part["unique"].get<bool>()) {
    text += fmt::format("  not unique: {} dimensions\n", part["dimension"].get<std::int64_t>());
  }
  if (part.contains("observables")) {
    for (const auto& [name, value] : part["observables"].items()) {
      text += fmt::format("  <{}> = {}", name, number_text(value));
      if (part.contains("cutoff_errors"))
        text += fmt::format("   cutoff {:.1e}", real_of(part["cutoff_errors"][name]));
      text += '\n';
    }
  }
  if (part.contains("gap")) {
    text += fmt::format("  the eigenvalue of L nearest to 0 has |lambda| = {:.6g} +- {:.1g}\n",
                        part["gap"].get<double>(), part["gap_error"].get<double>());
  }
  if (part.contains("heat")) {
    for (const auto& [bath, current] : part["heat"].items())
      text += fmt::format("  heat from {} = {}\n", bath, number_text(current));
  }
  if (part.contains("gibbs_distance")) {
    text += fmt::format("  trace distance from the Gibbs state = {}\n",
                        number_text(part["gibbs_distance"]));
  }
  return text;
}

}  // namespace lindwurm
