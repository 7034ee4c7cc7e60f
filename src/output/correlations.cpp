#include "correlations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace lindwurm {

namespace {

Document pair_of(Complex value) { return {value.real(), value.imag()}; }

Document values_of(const Correlation& correlation) {
  Document list = Document::array();
  for (const Complex& value : correlation.values)
    list.push_back(pair_of(value));
  return list;
}

void add_delays(Document& tree, const CorrelationTask& task, const CorrelationResult& found) {
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

Document products_of(const CorrelationTask& task, const CorrelationResult& found) {
  if (task.is_steady()) return pair_of(found.at.front().product);
  Document list = Document::array();
  for (const Correlation& each : found.at)
    list.push_back(pair_of(each.product));
  return list;
}

// Tasks and results are in the same order.
Document correlation_document(const CorrelationTask& task, const CorrelationResult& found) {
  Document tree = Document::object();
  if (found.at.empty()) return tree;
  if (!task.is_steady()) tree["times"] = found.times;
  tree["product"] = products_of(task, found);
  if (!task.options.delays.empty()) add_delays(tree, task, found);
  if (task.options.frequencies.empty()) return tree;
  const Correlation& spectrum = found.at.front();
  tree["frequencies"] = task.options.frequencies;
  tree["spectrum"] = spectrum.spectrum;
  if (!spectrum.residuals.empty()) tree["residuals"] = spectrum.residuals;
  if (spectrum.tail) tree["tail"] = *spectrum.tail;
  return tree;
}

}  // namespace

Document correlations_document(const Study& study, const Results& results) {
  Document tree = Document::object();
  for (std::size_t k = 0; k < results.correlations.size(); ++k) {
    const CorrelationResult& found = results.correlations[k];
    tree[found.name] = correlation_document(study.correlations[k], found);
  }
  return tree;
}

Document correlations_diagnostics(const Results& results) {
  Document all = Document::object();
  for (const CorrelationResult& found : results.correlations) {
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
    all[found.name] = std::move(tree);
  }
  return all;
}

std::string correlations_summary(const Document& part, const Document& diagnostics) {
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

}  // namespace lindwurm
