#include <fmt/format.h>

#include <utility>

#include "evolve_show.hpp"
#include "lindwurm/tasks/evolve.hpp"
#include "tasks/cutoff_report.hpp"
#include "tasks/state_report.hpp"

namespace lindwurm {

namespace {

// The path in the HDF5 file of the ensemble of quantum trajectories, for continuation.
constexpr const char* ensemble_mean = "evolve/ensemble_mean";
constexpr const char* ensemble_scatter = "evolve/ensemble_scatter";

Document evolve_document(const Study& study, const EvolveOutcome& found) {
  const TimeSeries& run = found.series();
  Document tree;
  tree["times"] = run.times;
  Document observables = Document::object();
  for (std::size_t k = 0; k < study.observables.size(); ++k) {
    Document series = Document::array();
    for (const Complex& value : run.values[k])
      series.push_back(value_of(value, run.is_hermitian[k]));
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
  add_errors("cutoff_errors", found.cutoff_errors);
  if (!run.reduced.empty()) tree["reduced"] = reduced_document(run.reduced, study.model().space);
  return tree;
}

Document ket_diagnostics(const KetDiagnostics& found) {
  Document tree;
  tree["norm_error"] = found.norm_error;
  if (found.energy_drift) tree["energy_drift"] = *found.energy_drift;
  add_top_levels(tree, found.top_levels);
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

Document evolve_diagnostics(const EvolveOutcome& found) {
  Document tree = found.kets ? ket_diagnostics(found.kets->diagnostics)
                             : state_diagnostics(found.evolution->diagnostics);
  if (found.kets && found.kets->ensemble)
    tree["ensemble"] = ensemble_document(*found.kets->ensemble);
  const EvolveStatistics& s = found.series().statistics;
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

std::string ensemble_summary(const Document& ensemble) {
  std::string text = fmt::format("  {}: {} kets", ensemble["kind"].get<std::string>(),
                                 ensemble["members"].get<std::int64_t>());
  if (ensemble.contains("jumps"))
    text += fmt::format(", {:.3g} jumps each", real_of(ensemble["jumps"]));
  if (const double weight = real_of(ensemble["neglected_weight"]); weight > 0)
    text += fmt::format(", {:.2g} of the weight neglected", weight);
  text += fmt::format(", largest standard error {:.2g}", real_of(ensemble["largest_error"]));
  if (ensemble.contains("confidence"))
    text += fmt::format("; +-: all intervals together hold with {:.4g} %",
                        100 * real_of(ensemble["confidence"]));
  return text + '\n';
}

std::vector<Series> observable_series(const Document& evolve) {
  std::vector<Series> all;
  const auto times = reals_of(evolve["times"]);
  for (const auto& [name, values] : evolve["observables"].items()) {
    const bool is_pair = !values.empty() && values[0].is_array();
    for (std::size_t part = 0; part < (is_pair ? 2 : 1); ++part) {
      Series series{is_pair ? fmt::format("{} <{}>", part == 0 ? "Re" : "Im", name)
                            : fmt::format("<{}>", name),
                    {}};
      for (std::size_t k = 0; k < times.size(); ++k) {
        const auto& value = is_pair ? values[k][part] : values[k];
        series.points.emplace_back(times[k], real_of(value));
      }
      if (evolve.contains("errors")) series.errors = reals_of(evolve["errors"][name]);
      all.push_back(std::move(series));
    }
  }
  return all;
}

}  // namespace

void EvolveOutcome::describe(const Study& study, Document& results, Document& diagnostics) const {
  results["evolve"] = evolve_document(study, *this);
  diagnostics["evolve"] = evolve_diagnostics(*this);
  add_space(diagnostics["evolve"], series().space);
  diagnostics["evolve"]["cutoff"] = cutoff_word(is_cutoff_exact, !cutoff_errors.empty());
}

void EvolveOutcome::add_arrays(const Study& study, Arrays& arrays) const {
  add_reduced("evolve", series().reduced, study.model().space, arrays);
  if (kets && kets->ensemble && kets->ensemble->mean.size() > 0) {
    arrays.emplace(ensemble_mean, kets->ensemble->mean);
    arrays.emplace(ensemble_scatter, Eigen::MatrixXcd(kets->ensemble->scatter.cast<Complex>()));
  }
  if (!study.stores_states()) return;
  if (kets && kets->final_state.get() != nullptr)
    arrays.emplace("evolve/final_ket", unpack_ket(kets->final_state, *kets->basis));
  if (evolution)
    arrays.emplace("evolve/final_state", unpack(evolution->final_state, *evolution->basis));
}

Ensemble read_ensemble(const Study& study) {
  const std::filesystem::path& file = study.output_file;
  const Document document = read_hdf5(file);
  const Document::json_pointer place("/diagnostics/evolve/ensemble/kind");
  if (!document.contains(place) || document[place] != "trajectories") {
    throw InputError(fmt::format(
        "{}: it holds no quantum trajectories that could be continued; run without --continue",
        file.string()));
  }
  if (!asks_for_the_same(model_text(file), study.text)) {
    throw InputError(
        fmt::format("{}: its trajectories are those of another model; --continue may change "
                    "trajectories.count, "
                    "trajectories.error and [output] alone",
                    file.string()));
  }
  Ensemble ensemble{.kind = "trajectories"};
  ensemble.members = document["diagnostics"]["evolve"]["ensemble"]["members"].get<std::int64_t>();
  ensemble.mean = read_matrix(file, ensemble_mean);
  ensemble.scatter = read_matrix(file, ensemble_scatter).real();
  return ensemble;
}

std::string evolve_summary(const Document& results, const Document& all_diagnostics) {
  if (!results.contains("evolve")) return "";
  const Document& part = results["evolve"];
  const Document& diagnostics = all_diagnostics["evolve"];
  const auto& times = part["times"];
  std::string text =
      fmt::format("evolve    {} from t = {} to {}, {} steps, {} products{}, {:.2f} s\n",
                  diagnostics["method"].get<std::string>(), real_of(times.front()),
                  real_of(times.back()), diagnostics["steps"].get<std::int64_t>(),
                  diagnostics["rhs_evaluations"].get<std::int64_t>() +
                      diagnostics["linear_iterations"].get<std::int64_t>(),
                  space_text(diagnostics), real_of(diagnostics["seconds"]));
  if (diagnostics.contains("ensemble")) text += ensemble_summary(diagnostics["ensemble"]);
  for (const auto& [name, series] : part["observables"].items()) {
    text += fmt::format("  <{}>({}) = {}", name, real_of(times.back()), number_text(series.back()));
    if (part.contains("errors"))
      text += fmt::format(" +- {:.2g}", real_of(part["errors"][name].back()));
    if (part.contains("cutoff_errors"))
      text += fmt::format("   cutoff {:.1e}", real_of(part["cutoff_errors"][name].back()));
    text += '\n';
  }
  return text;
}

void draw_evolution(const Document& results, Panels& panels) {
  if (results.contains("evolve") && !results["evolve"]["observables"].empty())
    panels.push_back(curves_panel("series", observable_series(results["evolve"])));
}

}  // namespace lindwurm
