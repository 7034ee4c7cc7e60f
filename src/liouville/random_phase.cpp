#include "lindwurm/liouville/random_phase.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numbers>
#include <set>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/random.hpp"
#include "lindwurm/model/mixture.hpp"
#include "packing.hpp"

namespace lindwurm {

namespace {

// Eigenvectors that are basis states but for rounding.
bool is_diagonal(const SiteMixtures::Site& mixture) {
  return mixture.kets.cwiseAbs().colwise().maxCoeff().minCoeff() > 1 - 1e-12;
}

// sqrt(p) of a site that is mixed of basis states.
Eigen::VectorXcd roots_of_weights(const SiteMixtures::Site& mixture, const Space& space, int s) {
  Eigen::VectorXcd roots = Eigen::VectorXcd::Zero(space.dimension(s));
  if (!is_diagonal(mixture)) {
    throw InputError(fmt::format(
        "random phases need mixed sites that are diagonal in the basis they are stored in, which "
        "'{}' is not; {}take mixture.kind = \"product-states\"",
        space.site_name(s),
        space.group_of(s).kind == SiteKind::spin ? "change the basis of the site, or " : ""));
  }
  for (std::size_t k = 0; k < mixture.weights.size(); ++k) {
    Eigen::Index state = 0;
    mixture.kets.col(static_cast<Eigen::Index>(k)).cwiseAbs().maxCoeff(&state);
    roots(state) = std::sqrt(mixture.weights[k]);
  }
  return roots;
}

}  // namespace

RandomPhaseState::RandomPhaseState(const ProductState& state, const Charges& charges) {
  const Space& space = charges.elements().space();
  const SiteMixtures mixtures(in_stored_basis(state, space));
  sites_.resize(space.sites());
  // What the charges of chi, or of its conjugate, can be. The first of the elements' sites tells
  // one from the other; site s comes after it.
  std::set<Charge> of_chi{charges.of(0, 0), charges.of(0, 1)};
  // The charges of the b, with their weights and numbers of states, site by site.
  std::vector<Charge> found{charges.none()};
  std::vector<double> weights{1};
  std::vector<double> states{1};
  for (int s = space.sites(); s-- > 0;) {
    Site& site = sites_[s];
    site.is_mixed = mixtures.sites[s].weights.size() > 1;
    if (!site.is_mixed) {
      site.ket = mixtures.sites[s].kets.col(0);
      std::set<Charge> longer;
      for (const Charge& before : of_chi) {
        for (int e = 0; e < space.dimension(s); ++e)
          if (site.ket(e) != 0.0) longer.insert(charges.sum(before, charges.of(s + 1, e)));
      }
      of_chi = std::move(longer);
      continue;
    }
    site.ket = roots_of_weights(mixtures.sites[s], space, s);
    std::map<Charge, int> numbers;
    std::vector<double> next_weights;
    std::vector<double> next_states;
    for (std::size_t before = 0; before < found.size(); ++before) {
      for (int e = 0; e < space.dimension(s); ++e) {
        const double p = std::norm(site.ket(e));
        if (p == 0) {
          site.sum.push_back(-1);
          continue;
        }
        const auto [place, is_new] = numbers.try_emplace(
            charges.sum(found[before], charges.of(s + 1, e)), static_cast<int>(numbers.size()));
        if (is_new) {
          next_weights.push_back(0);
          next_states.push_back(0);
        }
        site.sum.push_back(place->second);
        next_weights[place->second] += weights[before] * p;
        next_states[place->second] += states[before];
      }
    }
    found.resize(numbers.size());
    for (const auto& [charge, number] : numbers)
      found[number] = charge;
    weights = std::move(next_weights);
    states = std::move(next_states);
  }
  for (std::size_t k = 0; k < found.size(); ++k) {
    Sector sector{charges, {}};
    for (const Charge& chi : of_chi)
      sector.values.insert(charges.sum(chi, found[k]));
    classes_.push_back({.weight = weights[k],
                        .states = states[k],
                        .sector = std::move(sector),
                        .number = static_cast<int>(k)});
  }
  std::stable_sort(classes_.begin(), classes_.end(),
                   [](const Class& a, const Class& b) { return a.weight > b.weight; });
}

std::span<const RandomPhaseState::Class> RandomPhaseState::classes_without(double neglected) const {
  double kept = 0;
  std::size_t count = 0;
  while (count < classes_.size() && kept < 1 - neglected)
    kept += classes_[count++].weight;
  return {classes_.data(), count};
}

VecHandle RandomPhaseState::ket(const Class& of, const KetGenerator& generator, std::uint64_t seed,
                                std::uint64_t sample) const {
  const Draws draws(seed, sample, DrawPurpose::random_phase);
  const Space& space = generator.space();
  VecHandle packed = fill(generator, [&](std::int64_t x) {
    Complex product = 1 / std::sqrt(of.weight);
    int charge = 0;
    std::uint64_t b = 0;
    for (int s = space.sites(); s-- > 0;) {
      const int d = space.dimension(s);
      const auto e = static_cast<int>(x % d);
      x /= d;
      const Site& site = sites_[s];
      product *= site.ket(e);
      if (product == 0.0) return product;
      if (!site.is_mixed) continue;
      charge = site.sum[charge * d + e];
      b = b * static_cast<std::uint64_t>(d) + static_cast<std::uint64_t>(e);
    }
    if (charge != of.number) return Complex(0);
    product *= std::polar(1.0, 2 * std::numbers::pi * draws.uniform(b));
    return x == 0 ? product : std::conj(product);
  });
  if (norm(packed) < (1 - 1e-10) * std::numbers::sqrt2) refuse_state(name_of_ket_generator);
  return packed;
}

Sector largest_sector_of(const ProductState& state, double neglected, const Charges& charges) {
  const SiteMixtures mixtures(in_stored_basis(state, charges.elements().space()));
  const bool is_in_basis = std::all_of(
      mixtures.sites.begin(), mixtures.sites.end(),
      [](const SiteMixtures::Site& site) { return site.weights.size() == 1 || is_diagonal(site); });
  if (!is_in_basis) return whole_space(charges);
  const RandomPhaseState phases(state, charges);
  const auto classes = phases.classes_without(neglected);
  return std::max_element(
             classes.begin(), classes.end(),
             [](const auto& a, const auto& b) { return size(a.sector) < size(b.sector); })
      ->sector;
}

}  // namespace lindwurm
