#include "lindwurm/states/random_phase.hpp"

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

// True if the eigenvectors are basis states except for rounding.
bool is_diagonal(const SiteMixtures::Site& mixture) {
  return mixture.kets.cwiseAbs().colwise().maxCoeff().minCoeff() > 1 - 1e-12;
}

// sqrt(p) for a site that is a mixture of basis states.
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
  // The possible charges of chi or of its conjugate. The first site of the elements distinguishes
  // the two, so site s has the position s + 1.
  std::set<Charge> of_chi{charges.of(0, 0), charges.of(0, 1)};
  // The charges of the states b, with their weights and numbers of states, computed site by site.
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
    std::map<Charge, std::size_t> numbers;
    std::vector<double> next_weights;
    std::vector<double> next_states;
    for (std::size_t before = 0; before < found.size(); ++before) {
      for (int e = 0; e < space.dimension(s); ++e) {
        const double p = std::norm(site.ket(e));
        if (p == 0) continue;
        const auto [place, is_new] =
            numbers.try_emplace(charges.sum(found[before], charges.of(s + 1, e)), numbers.size());
        if (is_new) {
          next_weights.push_back(0);
          next_states.push_back(0);
        }
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
  std::uint64_t stride = 1;
  for (int s = 0; s < space.sites(); ++s) {
    sites_[s].stride = stride;
    if (sites_[s].is_mixed) stride *= static_cast<std::uint64_t>(space.dimension(s));
  }
  for (std::size_t k = 0; k < found.size(); ++k) {
    Sector sector{charges, {}};
    for (const Charge& chi : of_chi)
      sector.values.insert(charges.sum(chi, found[k]));
    classes_.push_back({.weight = weights[k],
                        .states = states[k],
                        .sector = std::move(sector),
                        .charge = found[k]});
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
  const PackedBasis& basis = generator.basis();
  // Outer and inner sites each contribute a part: to the number of b, to the amplitude, and to the
  // charge of b, which is identified by a number.
  struct Part {
    Complex amplitude = 1;
    std::uint64_t b = 0;
    int charge = 0;
  };
  class Parts {
   public:
    Parts(const std::vector<Site>& sites, const PackedBasis& of, const std::vector<int>& among,
          const Charges& charges)
        : sites_(sites), among_(of, among), numbers_(charges, mixed(sites, among), any) {}
    [[nodiscard]] Part of(std::int64_t index) const {
      Part part;
      ProductNumbers::Place place;
      int k = 0;
      among_.visit(index, [&](int s, int e) {
        const Site& site = sites_[s];
        part.amplitude *= site.ket(e);
        if (!site.is_mixed) return;
        part.b += site.stride * static_cast<std::uint64_t>(e);
        place = numbers_.after(place, k++, e);
      });
      part.charge = place.charge;
      return part;
    }
    [[nodiscard]] const std::vector<Charge>& charges() const { return numbers_.charges(); }

   private:
    static bool any(const Charge&) { return true; }
    // The mixed sites in the order in which they are visited.
    static std::vector<int> mixed(const std::vector<Site>& sites, const std::vector<int>& among) {
      std::vector<int> found;
      for (std::size_t k = among.size(); k-- > 0;)
        if (among[k] > 0 && sites[among[k] - 1].is_mixed) found.push_back(among[k]);
      return found;
    }
    const std::vector<Site>& sites_;
    KetSites among_;
    ProductNumbers numbers_;
  };
  const Charges& charges = of.sector.charges;
  const Parts outer(sites_, basis, basis.outer_sites(), charges);
  const Parts inner(sites_, basis, basis.inner_sites(), charges);
  std::vector<Part> of_inner;
  for (int i = 0; i < basis.inner_size(); ++i)
    of_inner.push_back(inner.of(i));
  std::vector<std::vector<bool>> fits;
  for (const Charge& charge : outer.charges()) {
    auto& row = fits.emplace_back();
    for (const Charge& other : inner.charges())
      row.push_back(charges.sum(charge, other) == of.charge);
  }
  const double scale = 1 / std::sqrt(of.weight);
  VecHandle packed = fill_ket(
      generator, [&](std::int64_t o) { return outer.of(o); },
      [&](const Part& slice, int i) {
        const Part& within = of_inner[i];
        const Complex amplitude = scale * slice.amplitude * within.amplitude;
        if (amplitude == 0.0 || !fits[slice.charge][within.charge]) return Complex(0);
        const double turns = draws.uniform(slice.b + within.b);
        return amplitude * std::polar(1.0, 2 * std::numbers::pi * turns);
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
