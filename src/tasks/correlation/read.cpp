#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "correlation_show.hpp"
#include "lindwurm/input/read_values.hpp"
#include "lindwurm/tasks/correlation.hpp"

namespace lindwurm {

namespace {

// A sum over members that must not depend on time.
Operator read_operator(const TomlValue& value, const Model& model) {
  return value.within([&] {
    const Operator sum =
        sum_over_members(value.expression(), model.space, model.parameters).simplified();
    for (const auto& term : sum.terms()) {
      if (term.coefficient.is_constant()) continue;
      throw InputError(
          fmt::format("an operator of a correlation may not depend on time, as {} does",
                      term.coefficient.text()));
    }
    return sum;
  });
}

void read_operators(const TomlValue& table, const Model& model, CorrelationRequest& request) {
  // Spin bases may still change, and with them the matrices. Therefore only the expressions are
  // kept.
  for (const char* key : {"A", "B"})
    (void)read_operator(table.require(key), model);
  request.a = table.require("A").expression();
  request.b = table.require("B").expression();
  if (const auto c = table.find("C")) {
    (void)read_operator(*c, model);
    request.c = c->expression();
  }
}

void read_times_of(const TomlValue& root, const TomlValue& table, const Model& model, double start,
                   CorrelationRequest& request) {
  const auto at = table.find("at");
  if (!at || (at->is_string() && at->string() == "steady")) return;
  request.times = read_increasing(*at, model.parameters, "times");
  if (request.times.front() < start) {
    at->fail(fmt::format("the time {} comes before that of [initial], which is {}",
                         request.times.front(), start));
  }
  if (!root.find("initial")) at->fail("a correlation at a time needs an [initial] state");
}

void read_spectrum_of(const TomlValue& table, const Parameters& parameters,
                      CorrelationRequest& request) {
  CorrelationOptions& options = request.options;
  if (const auto key = table.find("frequencies")) {
    if (!request.times.empty()) {
      key->fail("a spectrum is that of the steady state; leave `at` out, or ask for delays alone");
    }
    options.frequencies = read_increasing(*key, parameters, "frequencies");
  }
  if (const auto key = table.find("method"))
    options.method = static_cast<TransformMethod>(key->one_of({"auto", "solve", "evolve"}));
  if (const auto key = table.find("tolerance")) options.tolerance = key->tolerance(parameters);
  if (const auto key = table.find("max_iterations"))
    options.max_iterations = key->small_integer(parameters, 1);
}

CorrelationRequest read_correlation(const TomlValue& root, const TomlValue& table,
                                    const Model& model, double start) {
  CorrelationRequest request;
  request.name = table.require("name").string();
  require_identifier(table.require("name"), request.name);
  read_operators(table, model, request);
  read_times_of(root, table, model, start, request);
  if (const auto key = table.find("delays")) {
    request.options.delays = read_increasing(*key, model.parameters, "delays");
    if (request.options.delays.front() < 0) {
      key->fail(fmt::format("the delay {} is negative: tau >= 0, and exchange A and B for tau < 0",
                            request.options.delays.front()));
    }
  }
  read_spectrum_of(table, model.parameters, request);
  if (const auto key = table.find("connected")) request.options.is_connected = key->boolean();
  if (request.options.delays.empty() && request.options.frequencies.empty())
    table.fail("a correlation needs delays, frequencies of its spectrum, or both");
  return request;
}

void read(const TomlValue& root, Study& study) {
  const auto tables = root.find("correlation");
  if (!tables) return;
  auto task = std::make_shared<CorrelationTask>();
  std::vector<std::string> names;
  for (const auto& table : tables->elements()) {
    table.allow_only({"run", "name", "A", "B", "C", "at", "delays", "frequencies", "connected",
                      "method", "tolerance", "max_iterations"});
    CorrelationRequest request = read_correlation(root, table, study.model(), study.initial_time);
    if (std::find(names.begin(), names.end(), request.name) != names.end()) {
      table.require("name").fail(fmt::format("there is a correlation '{}' already", request.name));
    }
    names.push_back(request.name);
    const auto run = table.find("run");
    if (!run || run->boolean()) task->requests.push_back(std::move(request));
  }
  if (!task->requests.empty()) study.tasks.push_back(std::move(task));
}

}  // namespace

TaskKind correlation_kind() {
  return {{"correlation"}, read, correlations_summary, draw_correlations};
}

}  // namespace lindwurm
