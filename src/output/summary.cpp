#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "correlations.hpp"
#include "lindwurm/output/document.hpp"
#include "phase_space.hpp"
#include "sweep_summary.hpp"

namespace lindwurm {

std::string bytes_text(double count) {
  if (count < 1e9) return fmt::format("{:.1f} MB", count / 1e6);
  return fmt::format("{:.2f} GB", count / 1e9);
}

namespace {

// Formats a number or a pair [Re, Im].
std::string number(const Document& value) {
  if (!value.is_array()) return fmt::format("{:.10g}", real_of(value));
  return fmt::format("{:.10g} {} {:.10g}i", real_of(value[0]), real_of(value[1]) < 0 ? '-' : '+',
                     std::abs(real_of(value[1])));
}

// The space that a task worked in.
std::string space(const Document& diagnostics) {
  if (!diagnostics.contains("unknowns")) return "";
  return fmt::format(" in {} unknowns, {}", diagnostics["unknowns"].get<std::int64_t>(),
                     diagnostics["storage"].get<std::string>());
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

std::string map_summary(const Document& part, double t) {
  return fmt::format("map       at t = {}: a = {}, b = {}, D = {}, lowest Choi eigenvalue {:.1e}\n",
                     t, number(part["a"].back()), number(part["b"].back()),
                     number(part["D"].back()), real_of(part["choi"].back()));
}

std::string evolve_summary(const Document& part, const Document& diagnostics) {
  const auto& times = part["times"];
  std::string text =
      fmt::format("evolve    {} from t = {} to {}, {} steps, {} products{}, {:.2f} s\n",
                  diagnostics["method"].get<std::string>(), real_of(times.front()),
                  real_of(times.back()), diagnostics["steps"].get<std::int64_t>(),
                  diagnostics["rhs_evaluations"].get<std::int64_t>() +
                      diagnostics["linear_iterations"].get<std::int64_t>(),
                  space(diagnostics), real_of(diagnostics["seconds"]));
  if (diagnostics.contains("ensemble")) text += ensemble_summary(diagnostics["ensemble"]);
  for (const auto& [name, series] : part["observables"].items()) {
    text += fmt::format("  <{}>({}) = {}", name, real_of(times.back()), number(series.back()));
    if (part.contains("errors"))
      text += fmt::format(" +- {:.2g}", real_of(part["errors"][name].back()));
    text += '\n';
  }
  return text;
}

std::string steady_summary(const Document& part, const Document& diagnostics) {
  std::string text = fmt::format(
      "steady    {}, {} + {} iterations{}, {}{:.2f} s\n", diagnostics["solver"].get<std::string>(),
      diagnostics["iterations"].get<std::int64_t>(),
      diagnostics["check_iterations"].get<std::int64_t>(), space(diagnostics),
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
      text += fmt::format("  <{}> = {}\n", name, number(value));
    }
  }
  if (part.contains("gap")) {
    text += fmt::format("  the eigenvalue of L nearest to 0 has |lambda| = {:.6g} +- {:.1g}\n",
                        part["gap"].get<double>(), part["gap_error"].get<double>());
  }
  if (part.contains("heat")) {
    for (const auto& [bath, current] : part["heat"].items())
      text += fmt::format("  heat from {} = {}\n", bath, number(current));
  }
  if (part.contains("gibbs_distance")) {
    text +=
        fmt::format("  trace distance from the Gibbs state = {}\n", number(part["gibbs_distance"]));
  }
  return text;
}

std::string certificate_summary(const Document& certificate) {
  if (!certificate["complete"].get<bool>())
    return fmt::format("  not shown complete: {}\n", certificate["failure"].get<std::string>());
  if (!certificate.contains("rate")) return "  complete: all eigenvalues were computed\n";
  const int unlisted = certificate["unlisted"].get<int>();
  const std::string more =
      unlisted == 0 ? ""
                    : fmt::format("; {} that {} were found and are not listed: raise count",
                                  unlisted, unlisted == 1 ? "does" : "do");
  return fmt::format(
      "  complete: no mode that was not found decays more slowly than {:.6g} (chance of error "
      "{:.1e}){}\n",
      real_of(certificate["rate"]), real_of(certificate["chance"]), more);
}

std::string spectrum_summary(const Document& part, const Document& diagnostics) {
  std::string text = fmt::format("spectrum  {}, {:.2f} s\n", part["method"].get<std::string>(),
                                 real_of(diagnostics["seconds"]));
  for (const auto& mode : part["modes"]) {
    const auto& value = mode["eigenvalue"];
    text += fmt::format("  {:>15.10f} {:>+15.10f}i   residual {:.1e}", real_of(value[0]),
                        real_of(value[1]), real_of(mode["residual"]));
    if (mode.contains("condition"))
      text += fmt::format("   condition {:.3g}", real_of(mode["condition"]));
    if (mode.contains("overlap"))
      text += fmt::format("   overlap {:.3g}", real_of(mode["overlap"]));
    text += '\n';
  }
  text += certificate_summary(part["certificate"]);
  if (part.contains("gap")) text += fmt::format("  gap = {:.10g}", real_of(part["gap"]));
  if (part.contains("gap_error")) text += fmt::format(" to {:.1e}", real_of(part["gap_error"]));
  if (part.contains("gap")) text += '\n';
  return text;
}

// The population of each top level if there are few, otherwise only the largest.
std::string top_levels(const Document& populations) {
  constexpr std::size_t few = 4;
  std::string text;
  std::string fullest;
  double most = -1;
  for (const auto& [site, population] : populations.items()) {
    text += fmt::format(", top level of {} {:.1e}", site, real_of(population));
    if (real_of(population) <= most) continue;
    most = real_of(population);
    fullest = site;
  }
  if (populations.size() <= few) return text;
  return fmt::format(", top level of {} {:.1e}, the fullest of {}", fullest, most,
                     populations.size());
}

std::string diagnostics_summary(const Document& diagnostics) {
  std::string worst;
  for (const char* of : {"evolve", "steady"}) {
    if (!diagnostics.contains(of)) continue;
    const auto& part = diagnostics[of];
    if (part.contains("norm_error")) {
      worst += fmt::format("  {}: norm error {:.1e}", of, real_of(part["norm_error"]));
    } else if (part.contains("trace_error")) {
      worst += fmt::format("  {}: trace error {:.1e}", of, real_of(part["trace_error"]));
    } else {
      continue;
    }
    if (part.contains("energy_drift")) {
      worst += fmt::format(", energy drift {:.1e}", real_of(part["energy_drift"]));
    }
    if (part.contains("top_levels")) {
      worst += top_levels(part["top_levels"]);
    }
    if (part.contains("lowest_eigenvalue")) {
      worst += fmt::format(", lowest eigenvalue of rho {:.1e}", real_of(part["lowest_eigenvalue"]));
    }
    worst += '\n';
  }
  return worst;
}

}  // namespace

namespace {

std::string run_summary(const Document& document) {
  const auto& diagnostics = document["diagnostics"];
  std::string text = fmt::format(
      "D = {}, {} unknowns, {:.0f} entries; {} rank{}, {:.2f} s, {}\n",
      diagnostics["dimension"].get<std::int64_t>(), diagnostics["unknowns"].get<std::int64_t>(),
      real_of(diagnostics["entries"]), diagnostics["ranks"].get<std::int64_t>(),
      diagnostics["ranks"].get<std::int64_t>() == 1 ? "" : "s", real_of(diagnostics["seconds"]),
      bytes_text(real_of(diagnostics["peak_memory_bytes"])));
  if (document.contains("evolve")) {
    text += evolve_summary(document["evolve"], diagnostics["evolve"]);
  }
  if (document.contains("map"))
    text += map_summary(document["map"], real_of(document["evolve"]["times"].back()));
  if (document.contains("steady")) {
    text += steady_summary(document["steady"], diagnostics["steady"]);
  }
  if (document.contains("spectrum")) {
    text += spectrum_summary(document["spectrum"], diagnostics["spectrum"]);
  }
  if (document.contains("phase_space")) text += phase_space_summary(document["phase_space"]);
  if (document.contains("correlations"))
    text += correlations_summary(document["correlations"], diagnostics["correlations"]);
  if (const std::string generator = diagnostics.value("generator", "GKSL");
      generator != "GKSL" && generator != "unitary") {
    text += fmt::format("the master equation is {}\n", generator);
  }
  return text + "diagnostics\n" + diagnostics_summary(diagnostics);
}

}  // namespace

std::string summary(const Document& document) {
  const auto& diagnostics = document["diagnostics"];
  std::string text;
  if (const std::string title = document.value("title", ""); !title.empty()) text = title + "\n";
  text += document.contains("sweep") ? sweep_summary(document) : run_summary(document);
  for (const auto& problem : diagnostics["problems"]) {
    text += "  not to be trusted: " + problem.get<std::string>() + "\n";
  }
  for (const auto& warning : diagnostics["warnings"]) {
    text += "  warning: " + warning.get<std::string>() + "\n";
  }
  return text;
}

std::string summary(const Study& study, const Prediction& prediction) {
  std::string text = study.title.empty() ? "" : study.title + "\n";
  for (const auto& group : study.model().space.named().groups()) {
    text += fmt::format("  {:<12} {}{}, {} levels\n", group.name,
                        group.count ? fmt::format("{} x ", *group.count) : "", name_of(group.kind),
                        group.dimension);
  }
  const bool has_kets = study.dynamics != Dynamics::lindblad;
  text += fmt::format("dimension D = {}, unknowns {} = {}\n", prediction.dimension,
                      has_kets                              ? "2 D"
                      : study.model().space.has_ensembles() ? "elements of ensembles"
                                                            : "D^2",
                      prediction.unknowns);
  for (const auto& [name, classes] : study.model().classes) {
    text += fmt::format(
        "  {}: {} spins in classes of {}, with the first {} moments of their density; alike up to "
        "t = {:.4g}\n",
        name, std::accumulate(classes.counts.begin(), classes.counts.end(), 0),
        fmt::join(classes.counts, ", "), 2 * classes.counts.size(), classes.agrees_until);
  }
  const auto task = [&](const std::optional<Prediction::Task>& asked, const char* name) {
    if (!asked) return;
    text += fmt::format("  {:<10} {} unknowns, {:.0f} entries of {}, {}, {}\n", name,
                        asked->unknowns, asked->entries, has_kets ? "-iH" : "L",
                        name_of(asked->storage), bytes_text(asked->bytes));
  };
  task(prediction.evolve, "evolve");
  task(prediction.steady, "steady");
  task(prediction.spectrum, "spectrum");
  task(prediction.correlation, "correlate");
  text += fmt::format("memory needed about {}\n", bytes_text(prediction.total_bytes));
  return text;
}

}  // namespace lindwurm
