#include "read_correlations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "read_tasks.hpp"

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

void read_operators(const TomlValue& table, const Model& model, CorrelationTask& task) {
  // Spin bases may still change, and with them the matrices. Therefore only the expressions are
  // kept.
  for (const char* key : {"A", "B"})
    (void)read_operator(table.require(key), model);
  task.a = table.require("A").expression();
  task.b = table.require("B").expression();
  if (const auto c = table.find("C")) {
    (void)read_operator(*c, model);
    task.c = c->expression();
  }
}

void read_times_of(const TomlValue& root, const TomlValue& table, const Model& model, double start,
                   CorrelationTask& task) {
  const auto at = table.find("at");
  if (!at || (at->is_string() && at->string() == "steady")) return;
  task.times = read_increasing(*at, model.parameters, "times");
  if (task.times.front() < start) {
    at->fail(fmt::format("the time {} comes before that of [initial], which is {}",
                         task.times.front(), start));
  }
  if (!root.find("initial")) at->fail("a correlation at a time needs an [initial] state");
}

void read_spectrum_of(const TomlValue& table, const Parameters& parameters, CorrelationTask& task) {
  CorrelationOptions& options = task.options;
  if (const auto key = table.find("frequencies")) {
    if (!task.times.empty()) {
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

CorrelationTask read_correlation(const TomlValue& root, const TomlValue& table, const Model& model,
                                 double start) {
  CorrelationTask task;
  task.name = table.require("name").string();
  require_identifier(table.require("name"), task.name);
  read_operators(table, model, task);
  read_times_of(root, table, model, start, task);
  if (const auto key = table.find("delays")) {
    task.options.delays = read_increasing(*key, model.parameters, "delays");
    if (task.options.delays.front() < 0) {
      key->fail(fmt::format("the delay {} is negative: tau >= 0, and exchange A and B for tau < 0",
                            task.options.delays.front()));
    }
  }
  read_spectrum_of(table, model.parameters, task);
  if (const auto key = table.find("connected")) task.options.is_connected = key->boolean();
  if (task.options.delays.empty() && task.options.frequencies.empty())
    table.fail("a correlation needs delays, frequencies of its spectrum, or both");
  return task;
}

}  // namespace

std::vector<CorrelationTask> read_correlations(const TomlValue& root, const Model& model,
                                               double start) {
  std::vector<CorrelationTask> tasks;
  const auto tables = root.find("correlation");
  if (!tables) return tasks;
  for (const auto& table : tables->elements()) {
    table.allow_only({"run", "name", "A", "B", "C", "at", "delays", "frequencies", "connected",
                      "method", "tolerance", "max_iterations"});
    CorrelationTask task = read_correlation(root, table, model, start);
    const bool is_known = std::any_of(tasks.begin(), tasks.end(),
                                      [&](const auto& other) { return other.name == task.name; });
    if (is_known) {
      table.require("name").fail(fmt::format("there is a correlation '{}' already", task.name));
    }
    const auto run = table.find("run");
    if (!run || run->boolean()) tasks.push_back(std::move(task));
  }
  return tasks;
}

}  // namespace lindwurm
