#include "state_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace lindwurm {

namespace {

constexpr std::size_t most_charges_shown = 64;

// The label of a reduced state: the names of its sites.
std::string label_of(const ReducedSpace& kept, const Space& space) {
  std::vector<std::string> names;
  for (int s : kept.sites())
    names.push_back(space.site_name(s));
  return fmt::format("{}", fmt::join(names, "+"));
}

}  // namespace

void add_top_levels(Document& tree,
                    const std::vector<std::pair<std::string, double>>& populations) {
  Document tops = Document::object();
  for (const auto& [site, population] : populations)
    tops[site] = population;
  if (!tops.empty()) tree["top_levels"] = std::move(tops);
}

Document state_diagnostics(const StateDiagnostics& found) {
  Document tree;
  tree["trace_error"] = found.trace_error;
  add_top_levels(tree, found.top_levels);
  if (found.lowest_eigenvalue) tree["lowest_eigenvalue"] = *found.lowest_eigenvalue;
  return tree;
}

void add_space(Document& tree, const UsedSpace& space) {
  tree["unknowns"] = space.unknowns;
  tree["storage"] = name_of(space.storage);
  const bool has_finer = space.charges.empty() && space.unknowns > 0;
  if (has_finer || space.charges.size() > most_charges_shown) return;
  Document charges = Document::array();
  for (const Charge& charge : space.charges)
    charges.push_back(fmt::format("({})", fmt::join(charge, ", ")));
  tree["charges"] = std::move(charges);
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

void add_reduced(const std::string& of, const std::vector<ReducedSeries>& all, const Space& space,
                 Arrays& arrays) {
  for (const ReducedSeries& series : all) {
    arrays.emplace(fmt::format("{}/reduced/{}/states", of, label_of(series.kept, space)),
                   series.states);
  }
}

void judge_top_levels(const std::vector<std::pair<std::string, double>>& populations,
                      const Thresholds& allowed, const std::string& of, Verdict& verdict) {
  const auto is_above = [&](const auto& each) { return !(each.second <= allowed.top_level); };
  const auto above = std::count_if(populations.begin(), populations.end(), is_above);
  if (above == 0) return;
  const auto worst =
      std::max_element(populations.begin(), populations.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  verdict.warnings.push_back(fmt::format(
      "{}: the top level of '{}' holds {:.3g} (more than {:.1g}){}; the truncation may be too "
      "small: raise its levels",
      of, worst->first, worst->second, allowed.top_level,
      above > 1 ? fmt::format(", and those of {} other sites too much", above - 1) : ""));
}

void judge(const StateDiagnostics& found, const Thresholds& allowed, const std::string& of,
           Verdict& verdict) {
  if (!(found.trace_error <= allowed.trace)) {
    verdict.problems.push_back(
        fmt::format("{}: the trace is off by {:.3g}", of, found.trace_error));
  }
  judge_top_levels(found.top_levels, allowed, of, verdict);
  if (found.lowest_eigenvalue && !(*found.lowest_eigenvalue >= -allowed.positivity)) {
    // An equation of GKSL form keeps states positive; others may leave them.
    const bool is_gksl = verdict.generator == "GKSL";
    auto& told = is_gksl ? verdict.problems : verdict.warnings;
    told.push_back(fmt::format("{}: rho is not positive, its lowest eigenvalue is {:.3g}{}", of,
                               *found.lowest_eigenvalue,
                               is_gksl ? ", which an equation of GKSL form does not do: lower the "
                                         "tolerances"
                                       : ""));
  }
}

std::string number_text(const Document& value) {
  if (!value.is_array()) return fmt::format("{:.10g}", real_of(value));
  return fmt::format("{:.10g} {} {:.10g}i", real_of(value[0]), real_of(value[1]) < 0 ? '-' : '+',
                     std::abs(real_of(value[1])));
}

std::string space_text(const Document& diagnostics) {
  if (!diagnostics.contains("unknowns")) return "";
  return fmt::format(" in {} unknowns, {}", diagnostics["unknowns"].get<std::int64_t>(),
                     diagnostics["storage"].get<std::string>());
}

}  // namespace lindwurm
