#include "lindwurm/output/document.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "correlations.hpp"
#include "phase_space.hpp"
#include "spectrum_document.hpp"

namespace lindwurm {

namespace {

constexpr std::size_t most_charges_shown = 64;

Document value_of(Complex value, bool is_real) {
  if (is_real) return value.real();
  return Document::array({value.real(), value.imag()});
}

// The label of a reduced state: the names of its sites.
std::string label_of(const ReducedSpace& kept, const Space& space) {
  std::vector<std::string> names;
  for (int s : kept.sites())
    names.push_back(space.site_name(s));
  return fmt::format("{}", fmt::join(names, "+"));
}

Document reduced_document(const std::vector<ReducedSeries>& all, const Space& space) {
  Document tree = Document::object();
  for (const ReducedSeries& series : all) {
    Document purities = Document::array();
    Document entropies = Document::array();
    for (const auto& rho : series.states) {
      purities.push_back(purity(rho, series.kept.log_copies()));
      entropies.push_back(entropy(rho, series.kept.log_copies()));
    }
    tree[label_of(series.kept, space)] = {{"purity", purities}, {"entropy", entropies}};
  }
  return tree;
}

// Null for numbers that are missing.
Document with_gaps(const std::vector<double>& numbers) {
  Document list = Document::array();
  for (const double number : numbers)
    list.push_back(std::isfinite(number) ? Document(number) : Document(nullptr));
  return list;
}

Document map_document(const QubitMap& map) {
  Document tree{{"a", map.a},
                {"b", map.b},
                {"D", map.d},
                {"gamma_up", with_gaps(map.gamma_up)},
                {"gamma_down", with_gaps(map.gamma_down)},
                {"reliable", map.is_reliable},
                {"determinant", map.determinant},
                {"choi", map.choi},
                {"mixing", map.mixing}};
  if (!map.error_a.empty()) tree["errors"] = {{"a", map.error_a}, {"b", map.error_b}};
  return tree;
}

Document evolve_document(const Study& study, const TimeSeries& run) {
  Document tree;
  tree["times"] = run.times;
  Document observables = Document::object();
  for (std::size_t k = 0; k < study.observables.size(); ++k) {
    Document series = Document::array();
    for (const Complex& value : run.values[k]) {
      series.push_back(value_of(value, run.is_hermitian[k]));
    }
    observables[study.observables[k].name] = std::move(series);
  }
  tree["observables"] = std::move(observables);
  const auto add_errors = [&](const char* key, const std::vector<std::vector<double>>& all) {
    if (all.empty()) return;
    Document errors = Document::object();
    for (std::size_t k = 0; k < study.observables.size(); ++k)
      errors[study.observables[k].name] = all[k];
    tree[key] = std::move(errors);
  };
  add_errors("errors", run.errors);
  add_errors("standard_errors", run.standard_errors);
  if (!run.reduced.empty()) tree["reduced"] = reduced_document(run.reduced, study.model().space);
  return tree;
}

void add_thermodynamics(Document& tree, const Thermodynamics& found) {
  Document heat = Document::object();
  for (const auto& [bath, current] : found.heat)
    heat[bath] = current;
  tree["heat"] = std::move(heat);
  if (found.first_law_defect) tree["first_law_defect"] = *found.first_law_defect;
  if (found.gibbs_distance) tree["gibbs_distance"] = *found.gibbs_distance;
}

Document steady_document(const Study& study, const Results& results) {
  const SteadyState& steady = *results.steady;
  Document tree;
  if (steady.state.get() != nullptr) {
    Document observables = Document::object();
    for (std::size_t k = 0; k < study.observables.size(); ++k) {
      observables[study.observables[k].name] =
          value_of(results.steady_values[k], results.is_hermitian[k]);
    }
    tree["observables"] = std::move(observables);
    Document errors = Document::object();
    for (std::size_t k = 0; k < results.steady_errors.size(); ++k)
      if (results.steady_errors[k]) errors[study.observables[k].name] = *results.steady_errors[k];
    if (!errors.empty()) tree["errors"] = std::move(errors);
    tree["residual"] = steady.residual;
  }
  if (!steady.failure.empty()) tree["failure"] = steady.failure;
  if (steady.gap) {
    tree["gap"] = *steady.gap;
    tree["gap_error"] = steady.gap_error;
  }
  if (steady.growth) tree["growth"] = *steady.growth;
  if (!results.steady_reduced.empty())
    tree["reduced"] = reduced_document(results.steady_reduced, study.model().space);
  if (results.thermodynamics) add_thermodynamics(tree, *results.thermodynamics);
  tree["converged"] = steady.is_converged;
  tree["unique"] = steady.is_unique;
  tree["dimension"] = steady.dimension;
  tree["dimension_exact"] = steady.dimension_is_exact;
  return tree;
}

void add_top_levels(Document& tree,
                    const std::vector<std::pair<std::string, double>>& populations) {
  Document tops = Document::object();
  for (const auto& [site, population] : populations)
    tops[site] = population;
  if (!tops.empty()) tree["top_levels"] = std::move(tops);
}

Document ket_diagnostics(const KetDiagnostics& found) {
  Document tree;
  tree["norm_error"] = found.norm_error;
  if (found.energy_drift) tree["energy_drift"] = *found.energy_drift;
  add_top_levels(tree, found.top_levels);
  return tree;
}

Document state_diagnostics(const StateDiagnostics& found) {
  Document tree;
  tree["trace_error"] = found.trace_error;
  add_top_levels(tree, found.top_levels);
  if (found.lowest_eigenvalue) tree["lowest_eigenvalue"] = *found.lowest_eigenvalue;
  return tree;
}

Document ensemble_document(const Ensemble& ensemble) {
  Document tree;
  tree["kind"] = ensemble.kind;
  tree["members"] = ensemble.members;
  tree["neglected_weight"] = ensemble.neglected_weight;
  tree["largest_error"] = ensemble.largest_error;
  if (ensemble.kind == "trajectories") {
    tree["jumps"] = ensemble.jumps;
    tree["confidence"] = ensemble.confidence;
  }
  if (ensemble.requested) tree["requested_error"] = *ensemble.requested;
  return tree;
}

Document evolve_diagnostics(const Results& results) {
  Document tree = results.ket_evolution ? ket_diagnostics(results.ket_evolution->diagnostics)
                                        : state_diagnostics(results.evolution->diagnostics);
  if (results.ket_evolution && results.ket_evolution->ensemble)
    tree["ensemble"] = ensemble_document(*results.ket_evolution->ensemble);
  const EvolveStatistics& s = results.time_series()->statistics;
  tree["method"] = s.method;
  tree["steps"] = s.steps;
  tree["rhs_evaluations"] = s.rhs_evaluations;
  tree["error_test_failures"] = s.error_test_failures;
  tree["nonlinear_iterations"] = s.nonlinear_iterations;
  tree["nonlinear_failures"] = s.nonlinear_failures;
  tree["linear_iterations"] = s.linear_iterations;
  tree["linear_failures"] = s.linear_failures;
  tree["preconditioner_setups"] = s.preconditioner_setups;
  tree["last_order"] = s.last_order;
  tree["last_step"] = s.last_step;
  tree["local_errors"] = s.local_errors;
  tree["seconds"] = s.seconds;
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

void add_space(Document& tree, const TaskSpace& space) {
  tree["unknowns"] = space.unknowns;
  tree["storage"] = name_of(space.storage);
  const bool has_finer = space.charges.empty() && space.unknowns > 0;
  if (has_finer || space.charges.size() > most_charges_shown) return;
  Document charges = Document::array();
  for (const Charge& charge : space.charges)
    charges.push_back(fmt::format("({})", fmt::join(charge, ", ")));
  tree["charges"] = std::move(charges);
}

Document classes_document(const Model& model) {
  Document tree = Document::object();
  for (const auto& [name, classes] : model.classes) {
    tree[name] = {{"counts", classes.counts},
                  {"frequencies", classes.frequencies},
                  {"couplings", classes.couplings},
                  {"moments", 2 * classes.counts.size()},
                  {"agrees_until", with_gaps({classes.agrees_until})[0]}};
  }
  return tree;
}

Document to_document(const Study& study, const Results& results, bool strict) {
  Document tree;
  tree["title"] = study.title;
  if (const TimeSeries* run = results.time_series()) tree["evolve"] = evolve_document(study, *run);
  if (results.map) tree["map"] = map_document(*results.map);
  if (results.steady) tree["steady"] = steady_document(study, results);
  if (results.spectrum) tree["spectrum"] = spectrum_document(study, results);
  if (!results.correlations.empty()) tree["correlations"] = correlations_document(study, results);
  if (!results.phase_space.empty()) tree["phase_space"] = phase_space_document(study, results);
  Document diagnostics;
  diagnostics["status"] = results.exit_status(strict);
  diagnostics["problems"] = results.problems;
  diagnostics["warnings"] = results.warnings;
  diagnostics["generator"] = results.generator;
  diagnostics["dimension"] = results.dimension;
  diagnostics["unknowns"] = results.unknowns;
  diagnostics["entries"] = results.entries;
  diagnostics["charge_moduli"] = results.charge_moduli;
  diagnostics["ranks"] = results.ranks;
  diagnostics["seconds"] = results.seconds;
  diagnostics["peak_memory_bytes"] = results.peak_memory_bytes;
  if (!study.model().classes.empty()) diagnostics["classes"] = classes_document(study.model());
  if (results.time_series() != nullptr) {
    diagnostics["evolve"] = evolve_diagnostics(results);
    add_space(diagnostics["evolve"], results.evolution_space);
  }
  if (results.steady) {
    diagnostics["steady"] = steady_diagnostics(*results.steady);
    add_space(diagnostics["steady"], results.steady_space);
  }
  if (results.spectrum) diagnostics["spectrum"] = spectrum_diagnostics(*results.spectrum);
  if (!results.correlations.empty())
    diagnostics["correlations"] = correlations_diagnostics(results);
  tree["diagnostics"] = std::move(diagnostics);
  return tree;
}

ComplexArray::ComplexArray(const Eigen::MatrixXcd& matrix)
    : shape{static_cast<std::size_t>(matrix.rows()), static_cast<std::size_t>(matrix.cols())} {
  const Eigen::MatrixXcd columns = matrix.transpose();
  values.assign(columns.data(), columns.data() + columns.size());
}

ComplexArray::ComplexArray(const std::vector<Eigen::MatrixXcd>& matrices)
    : shape{matrices.size(), static_cast<std::size_t>(matrices.front().rows()),
            static_cast<std::size_t>(matrices.front().cols())} {
  for (const auto& matrix : matrices) {
    const ComplexArray one(matrix);
    values.insert(values.end(), one.values.begin(), one.values.end());
  }
}

std::map<std::string, ComplexArray> states_to_store(const Study& study, const Results& results) {
  std::map<std::string, ComplexArray> arrays;
  const auto add_reduced = [&](const std::string& of, const std::vector<ReducedSeries>& all) {
    for (const ReducedSeries& series : all) {
      arrays.emplace(
          fmt::format("{}/reduced/{}/states", of, label_of(series.kept, study.model().space)),
          series.states);
    }
  };
  if (const TimeSeries* run = results.time_series()) add_reduced("evolve", run->reduced);
  if (results.ket_evolution && results.ket_evolution->ensemble &&
      results.ket_evolution->ensemble->mean.size() > 0) {
    const Ensemble& ensemble = *results.ket_evolution->ensemble;
    arrays.emplace(ensemble_mean, ensemble.mean);
    arrays.emplace(ensemble_scatter, Eigen::MatrixXcd(ensemble.scatter.cast<Complex>()));
  }
  add_reduced("steady", results.steady_reduced);
  if (!study.output_states.value_or(results.dimension <= Study::states_limit)) return arrays;
  if (results.ket_evolution && results.ket_evolution->final_state.get() != nullptr) {
    arrays.emplace("evolve/final_ket",
                   unpack_ket(results.ket_evolution->final_state, *results.ket_evolution->basis));
  }
  if (results.evolution) {
    arrays.emplace("evolve/final_state",
                   unpack(results.evolution->final_state, *results.evolution->basis));
  }
  if (results.steady && results.steady->state.get() != nullptr)
    arrays.emplace("steady/state", unpack(results.steady->state, *results.steady->basis));
  return arrays;
}

}  // namespace lindwurm
