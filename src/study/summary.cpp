#include <fmt/format.h>
#include <fmt/ranges.h>

#include <numeric>

#include "lindwurm/study/study_file.hpp"
#include "sweep_panels.hpp"
#include "sweep_summary.hpp"

namespace lindwurm {

std::string bytes_text(double count) {
  if (count < 1e9) return fmt::format("{:.1f} MB", count / 1e6);
  return fmt::format("{:.2f} GB", count / 1e9);
}

namespace {

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

std::string run_summary(const Document& document, const std::vector<TaskKind>& kinds) {
  const auto& diagnostics = document["diagnostics"];
  std::string text = fmt::format(
      "D = {}, {} unknowns, {:.0f} entries; {} rank{}, {:.2f} s, {}\n",
      diagnostics["dimension"].get<std::int64_t>(), diagnostics["unknowns"].get<std::int64_t>(),
      real_of(diagnostics["entries"]), diagnostics["ranks"].get<std::int64_t>(),
      diagnostics["ranks"].get<std::int64_t>() == 1 ? "" : "s", real_of(diagnostics["seconds"]),
      bytes_text(real_of(diagnostics["peak_memory_bytes"])));
  for (const TaskKind& kind : kinds)
    if (kind.summary) text += kind.summary(document, diagnostics);
  if (const std::string generator = diagnostics.value("generator", "GKSL");
      generator != "GKSL" && generator != "unitary") {
    text += fmt::format("the master equation is {}\n", generator);
  }
  return text + "diagnostics\n" + diagnostics_summary(diagnostics);
}

Panels run_panels(const Document& document, const std::vector<TaskKind>& kinds) {
  Panels panels;
  for (const TaskKind& kind : kinds)
    if (kind.draw) kind.draw(document, panels);
  return panels;
}

}  // namespace

std::string summary(const Document& document, const std::vector<TaskKind>& kinds) {
  const auto& diagnostics = document["diagnostics"];
  std::string text;
  if (const std::string title = document.value("title", ""); !title.empty()) text = title + "\n";
  text += document.contains("sweep") ? sweep_summary(document) : run_summary(document, kinds);
  for (const auto& problem : diagnostics["problems"]) {
    text += "  not to be trusted: " + problem.get<std::string>() + "\n";
  }
  for (const auto& warning : diagnostics["warnings"]) {
    text += "  warning: " + warning.get<std::string>() + "\n";
  }
  return text;
}

void plot(const Document& document, const std::filesystem::path& picture,
          const std::vector<TaskKind>& kinds) {
  draw(document.contains("sweep") ? sweep_panels(document["sweep"]) : run_panels(document, kinds),
       document.value("title", ""), picture);
}

std::string summary(const Study& study, const Prediction& prediction) {
  std::string text = study.title.empty() ? "" : study.title + "\n";
  for (const auto& group : study.model().space.named().groups()) {
    text += fmt::format("  {:<12} {}{}, {} levels\n", group.name,
                        group.count ? fmt::format("{} x ", *group.count) : "", name_of(group.kind),
                        group.dimension);
  }
  const bool has_kets = study.has_kets();
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
  for (const Forecast& task : prediction.tasks) {
    text += fmt::format("  {:<10} {} unknowns, {:.0f} entries of {}, {}, {}\n", task.name,
                        task.unknowns, task.entries, has_kets ? "-iH" : "L", name_of(task.storage),
                        bytes_text(task.bytes));
  }
  text += fmt::format("memory needed about {}\n", bytes_text(prediction.total_bytes));
  return text;
}

}  // namespace lindwurm
