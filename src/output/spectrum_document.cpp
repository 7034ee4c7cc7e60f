#include "spectrum_document.hpp"

#include <algorithm>
#include <cmath>

namespace lindwurm {

namespace {

Document pair(Complex value) { return Document::array({value.real(), value.imag()}); }

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
    tree[names[k]] = pair(values[k]);
  return tree;
}

Document mode_document(const Spectrum& spectrum, std::size_t k, const Space& space) {
  const Mode& mode = spectrum.modes[k];
  Document tree{{"eigenvalue", pair(spectrum.eigenvalues[k])},
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

// The observables as predicted by the modes alone, for comparison with an evolution.
Document prediction_document(const Spectrum& spectrum, const Evolution& evolution,
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
      series.push_back(is_real ? Document(value.real()) : pair(value));
    tree[name] = std::move(series);
  }
  return tree;
}

}  // namespace

Document spectrum_document(const Study& study, const Results& results) {
  const Spectrum& spectrum = *results.spectrum;
  Document tree;
  Document eigenvalues = Document::array();
  for (const Complex& value : spectrum.eigenvalues)
    eigenvalues.push_back(pair(value));
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
    modes.push_back(mode_document(spectrum, k, study.model().space));
  tree["modes"] = std::move(modes);
  if (results.evolution) {
    Document predicted = prediction_document(spectrum, *results.evolution, study.observables);
    if (!predicted.empty()) tree["prediction"] = std::move(predicted);
  }
  return tree;
}

Document spectrum_diagnostics(const Spectrum& spectrum) {
  return {{"trace_defect", spectrum.trace_defect},
          {"sector_sizes", spectrum.sector_sizes},
          {"largest_residual_allowed", spectrum.largest_residual_allowed},
          {"products", spectrum.products},
          {"seconds", spectrum.seconds}};
}

}  // namespace lindwurm
