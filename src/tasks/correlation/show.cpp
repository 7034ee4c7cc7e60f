#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "correlation_show.hpp"
#include "lindwurm/tasks/correlation.hpp"
#include "tasks/state_report.hpp"

namespace lindwurm {

namespace {

Document values_of(const Correlation& correlation) {
  Document list = Document::array();
  for (const Complex& value : correlation.values)
    list.push_back(pair_of(value));
  return list;
}

void add_delays(Document& tree, const CorrelationResult& found) {
  const CorrelationRequest& task = found.request;
  tree["delays"] = task.options.delays;
  if (task.is_steady()) {
    tree["values"] = values_of(found.at.front());
    return;
  }
  Document values = Document::array();
  for (const Correlation& each : found.at)
    values.push_back(values_of(each));
  tree["values"] = std::move(values);
}

Document products_of(const CorrelationResult& found) {
  const CorrelationRequest& task = found.request;
  if (task.is_steady()) return pair_of(found.at.front().product);
  Document list = Document::array();
  for (const Correlation& each : found.at)
    list.push_back(pair_of(each.product));
  return list;
}

Document correlation_document(const CorrelationResult& found) {
  const CorrelationRequest& task = found.request;
  Document tree = Document::object();
  if (found.at.empty()) return tree;
  if (!task.is_steady()) tree["times"] = task.times;
  tree["product"] = products_of(found);
  if (!task.options.delays.empty()) add_delays(tree, found);
  if (task.options.frequencies.empty()) return tree;
  const Correlation& spectrum = found.at.front();
  tree["frequencies"] = task.options.frequencies;
  tree["spectrum"] = spectrum.spectrum;
  if (!spectrum.residuals.empty()) tree["residuals"] = spectrum.residuals;
  if (spectrum.tail) tree["tail"] = *spectrum.tail;
  return tree;
}

Document correlations_diagnostics(const std::vector<CorrelationResult>& results) {
  Document all = Document::object();
  for (const CorrelationResult& found : results) {
    Document tree = Document::object();
    long products = 0;
    double seconds = 0;
    for (const Correlation& each : found.at) {
      products += each.products + each.statistics.rhs_evaluations;
      seconds += each.seconds;
    }
    if (!found.at.empty()) {
      const Correlation& last = found.at.back();
      add_space(tree, {last.unknowns, last.charges, last.storage});
      if (!last.method.empty()) tree["method"] = last.method;
      if (!last.preconditioner.empty()) tree["preconditioner"] = last.preconditioner;
      tree["iterations"] = last.iterations;
      tree["converged"] = last.is_converged;
    }
    tree["products"] = products;
    tree["seconds"] = seconds;
    all[found.request.name] = std::move(tree);
  }
  return all;
}

bool has_values(const Series& series) {
  return std::any_of(series.points.begin(), series.points.end(),
                     [](const auto& point) { return std::abs(point.second) > 1e-12; });
}

// Adds Re and, if present, Im of a correlation function. `at` names the time if there are several.
void add_correlation(const std::string& name, const Document& delays, const Document& values,
                     const std::string& at, std::vector<Series>& all) {
  for (const std::size_t part : {0, 1}) {
    Series series{fmt::format("{} {}{}", part == 0 ? "Re" : "Im", name, at), {}};
    for (std::size_t k = 0; k < delays.size(); ++k)
      series.points.emplace_back(real_of(delays[k]), real_of(values[k][part]));
    if (part == 0 || has_values(series)) all.push_back(std::move(series));
  }
}

std::vector<Series> correlation_series(const Document& correlations) {
  std::vector<Series> all;
  for (const auto& [name, found] : correlations.items()) {
    if (!found.contains("delays")) continue;
    if (!found.contains("times")) {
      add_correlation(name, found["delays"], found["values"], "", all);
      continue;
    }
    for (std::size_t k = 0; k < found["times"].size(); ++k) {
      add_correlation(name, found["delays"], found["values"][k],
                      fmt::format("({:.4g})", real_of(found["times"][k])), all);
    }
  }
  return all;
}

std::vector<Series> emission_series(const Document& correlations) {
  std::vector<Series> all;
  for (const auto& [name, found] : correlations.items()) {
    if (!found.contains("spectrum")) continue;
    Series series{"S " + name, {}};
    for (std::size_t k = 0; k < found["spectrum"].size(); ++k) {
      series.points.emplace_back(real_of(found["frequencies"][k]), real_of(found["spectrum"][k]));
    }
    all.push_back(std::move(series));
  }
  return all;
}

}  // namespace

void CorrelationOutcome::describe(const Study& /*study*/, Document& tree,
                                  Document& diagnostics) const {
  Document& all = tree["correlations"] = Document::object();
  for (const CorrelationResult& found : results)
    all[found.request.name] = correlation_document(found);
  diagnostics["correlations"] = correlations_diagnostics(results);
}

std::string correlations_summary(const Document& results, const Document& all_diagnostics) {
  if (!results.contains("correlations")) return "";
  const Document& part = results["correlations"];
  const Document& diagnostics = all_diagnostics["correlations"];
  std::string text;
  for (const auto& [name, found] : part.items()) {
    const Document& told = diagnostics[name];
    text += fmt::format("correlation {}", name);
    if (!told.contains("unknowns")) {
      text += ": not found\n";
      continue;
    }
    if (told.contains("method")) text += fmt::format(", {}", told["method"].get<std::string>());
    text +=
        fmt::format(", {} products, {} iterations in {} unknowns, {}, {:.2f} s\n",
                    told["products"].get<std::int64_t>(), told["iterations"].get<std::int64_t>(),
                    told["unknowns"].get<std::int64_t>(), told["storage"].get<std::string>(),
                    real_of(told["seconds"]));
    if (!found.contains("spectrum")) continue;
    const auto spectrum = reals_of(found["spectrum"]);
    const auto highest = std::max_element(spectrum.begin(), spectrum.end());
    text += fmt::format("  highest at w = {:.8g}: S = {:.8g}\n",
                        real_of(found["frequencies"][highest - spectrum.begin()]), *highest);
  }
  return text;
}

void draw_correlations(const Document& results, Panels& panels) {
  if (!results.contains("correlations")) return;
  const Document& correlations = results["correlations"];
  if (const auto all = correlation_series(correlations); !all.empty())
    panels.push_back(curves_panel("correlation", all, "τ"));
  if (const auto all = emission_series(correlations); !all.empty())
    panels.push_back(curves_panel("emission", all, "ω"));
}

}  // namespace lindwurm
