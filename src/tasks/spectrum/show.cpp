#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "lindwurm/tasks/spectrum.hpp"
#include "spectrum_show.hpp"

namespace lindwurm {

namespace {

Document certificate_document(const Spectrum& spectrum) {
  const SpectrumCertificate& certificate = spectrum.certificate;
  Document tree{{"complete", spectrum.is_complete}, {"method", certificate.method}};
  if (spectrum.is_complete && std::isfinite(certificate.rate)) tree["rate"] = certificate.rate;
  if (spectrum.is_complete) tree["chance"] = certificate.chance;
  if (spectrum.is_complete && std::isfinite(certificate.rate))
    tree["unlisted"] = certificate.unlisted;
  if (!certificate.failure.empty()) tree["failure"] = certificate.failure;
  return tree;
}

Document named(const std::vector<std::string>& names, const std::vector<Complex>& values) {
  Document tree = Document::object();
  for (std::size_t k = 0; k < values.size(); ++k)
    tree[names[k]] = pair_of(values[k]);
  return tree;
}

Document mode_document(const Spectrum& spectrum, std::size_t k, const Space& space) {
  const Mode& mode = spectrum.modes[k];
  Document tree{{"eigenvalue", pair_of(spectrum.eigenvalues[k])},
                {"residual", spectrum.residuals[k]},
                {"sector", spectrum.sectors[k]},
                {"multiplicity", mode.multiplicity}};
  if (std::isfinite(mode.condition)) {
    tree["left_residual"] = mode.left_residual;
    tree["condition"] = mode.condition;
  }
  if (std::isfinite(mode.error)) tree["error"] = mode.error;
  if (!std::isnan(mode.condition)) tree["near_exceptional"] = mode.is_near_exceptional;
  tree["strengths"] = named(spectrum.observables, mode.strengths);
  if (mode.overlap) {
    tree["overlap"] = *mode.overlap;
    tree["amplitudes"] = named(spectrum.observables, mode.amplitudes);
  }
  tree["coherence"] = mode.coherence;
  if (!mode.sites.empty()) {
    Document sites = Document::object();
    for (int s = 0; s < space.named().sites(); ++s)
      sites[space.named().site_name(s)] = mode.sites[s];
    tree["sites"] = std::move(sites);
  }
  return tree;
}

}  // namespace

Document prediction(const Spectrum& spectrum, const Evolution& evolution,
                    const Observables& observables) {
  Document tree = Document::object();
  const auto predicted = spectrum.predicted(evolution.times);
  for (std::size_t a = 0; a < predicted.size(); ++a) {
    const std::string& name = spectrum.observables[a];
    const auto is_named = [&](const Observable& each) { return each.name == name; };
    const auto place = std::find_if(observables.begin(), observables.end(), is_named);
    const bool is_real = evolution.is_hermitian[place - observables.begin()];
    Document series = Document::array();
    for (const Complex& value : predicted[a])
      series.push_back(value_of(value, is_real));
    tree[name] = std::move(series);
  }
  return tree.empty() ? Document() : tree;
}

namespace {

Document spectrum_document(const Spectrum& spectrum, const Space& space) {
  Document tree;
  Document eigenvalues = Document::array();
  for (const Complex& value : spectrum.eigenvalues)
    eigenvalues.push_back(pair_of(value));
  tree["eigenvalues"] = std::move(eigenvalues);
  tree["residuals"] = spectrum.residuals;
  tree["sectors"] = spectrum.sectors;
  if (spectrum.gap) tree["gap"] = *spectrum.gap;
  if (spectrum.gap_error && std::isfinite(*spectrum.gap_error))
    tree["gap_error"] = *spectrum.gap_error;
  tree["stationary"] = spectrum.stationary;
  tree["complete"] = spectrum.is_complete;
  tree["certificate"] = certificate_document(spectrum);
  tree["method"] = spectrum.method;
  Document modes = Document::array();
  for (std::size_t k = 0; k < spectrum.modes.size(); ++k)
    modes.push_back(mode_document(spectrum, k, space));
  tree["modes"] = std::move(modes);
  return tree;
}

Document spectrum_diagnostics(const Spectrum& spectrum) {
  return {{"trace_defect", spectrum.trace_defect},
          {"sector_sizes", spectrum.sector_sizes},
          {"largest_residual_allowed", spectrum.largest_residual_allowed},
          {"products", spectrum.products},
          {"seconds", spectrum.seconds}};
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

}  // namespace

void SpectrumOutcome::describe(const Study& study, Document& results, Document& diagnostics) const {
  Document& tree = results["spectrum"];
  tree = spectrum_document(spectrum, study.model().space);
  if (!cutoff_errors.empty()) tree["cutoff_errors"] = cutoff_errors;
  if (gap_cutoff_error) tree["gap_cutoff_error"] = *gap_cutoff_error;
  if (!prediction.is_null()) tree["prediction"] = prediction;
  diagnostics["spectrum"] = spectrum_diagnostics(spectrum);
}

std::string spectrum_summary(const Document& results, const Document& all_diagnostics) {
  if (!results.contains("spectrum")) return "";
  const Document& part = results["spectrum"];
  const Document& diagnostics = all_diagnostics["spectrum"];
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
  if (part.contains("gap_cutoff_error"))
    text += fmt::format("   cutoff {:.1e}", real_of(part["gap_cutoff_error"]));
  if (part.contains("gap")) text += '\n';
  return text;
}

void draw_spectrum(const Document& results, Panels& panels) {
  if (!results.contains("spectrum")) return;
  const Document& spectrum = results["spectrum"];
  Series series{"eigenvalues", {}};
  for (const auto& value : spectrum["eigenvalues"])
    series.points.emplace_back(real_of(value[0]), real_of(value[1]));
  const std::string title =
      spectrum.contains("gap") ? fmt::format("gap {:.6g}", real_of(spectrum["gap"])) : "";
  panels.push_back(points_panel("eigenvalues", series, "Re λ", "Im λ", title));
}

}  // namespace lindwurm
