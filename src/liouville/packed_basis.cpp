#include "lindwurm/liouville/packed_basis.hpp"

#include <algorithm>
#include <map>

namespace lindwurm {

PackedBasis::PackedBasis(const Space& space)
    : PackedBasis(whole_space(Charges(density_elements(space)))) {}

PackedBasis::PackedBasis(const Sector& sector, std::vector<int> inner_sites)
    : elements_(sector.charges.elements()),
      hilbert_dimension_(static_cast<std::int64_t>(space().dimension_estimate())) {
  strides_.resize(elements_.sites());
  std::int64_t stride = 1;
  for (int s = elements_.sites(); s-- > 0;) {
    strides_[s] = stride;
    stride *= site_dimensions()[s];
  }
  std::vector<int> outer_sites;
  for (int s = 0; s < elements_.sites(); ++s) {
    if (!std::binary_search(inner_sites.begin(), inner_sites.end(), s)) outer_sites.push_back(s);
  }
  outer_ = part(std::move(outer_sites));
  inner_ = part(std::move(inner_sites));
  std::vector<Charge> outer_charges;
  std::vector<Charge> inner_charges;
  kind_ = charge_numbers(outer_, sector.charges, outer_charges);
  const auto inner_charge = charge_numbers(inner_, sector.charges, inner_charges);
  make_kinds(outer_charges, inner_charges, inner_charge, sector);
  lay_out();
}

PackedBasis::Part PackedBasis::part(std::vector<int> sites) const {
  Part part{.sites = std::move(sites), .strides = {}};
  part.strides.resize(part.sites.size());
  for (std::size_t k = part.sites.size(); k-- > 0;) {
    part.strides[k] = part.size;
    part.size *= site_dimensions()[part.sites[k]];
  }
  return part;
}

int PackedBasis::mirror_of(const Part& part, int element) const {
  int mirrored = 0;
  for (std::size_t k = 0; k < part.sites.size(); ++k) {
    const int s = part.sites[k];
    const int e = element / part.strides[k] % site_dimensions()[s];
    mirrored += elements_.mirror(s, e) * part.strides[k];
  }
  return mirrored;
}

// The number of each element's total charge among those found, built up site by site.
std::vector<int> PackedBasis::charge_numbers(const Part& part, const Charges& charges,
                                             std::vector<Charge>& found) {
  std::vector<int> numbers{0};
  found = {charges.none()};
  for (int s : part.sites) {
    const int dimension = charges.elements().dimensions()[s];
    std::map<Charge, int> known;
    std::vector<Charge> next;
    std::vector<int> table(found.size() * dimension);
    for (std::size_t f = 0; f < found.size(); ++f) {
      for (int e = 0; e < dimension; ++e) {
        const Charge total = charges.sum(found[f], charges.of(s, e));
        const auto [place, is_new] = known.try_emplace(total, static_cast<int>(next.size()));
        if (is_new) next.push_back(total);
        table[f * dimension + e] = place->second;
      }
    }
    std::vector<int> longer;
    longer.reserve(numbers.size() * dimension);
    for (int number : numbers) {
      const auto row = table.begin() + static_cast<std::ptrdiff_t>(number) * dimension;
      longer.insert(longer.end(), row, row + dimension);
    }
    numbers = std::move(longer);
    found = std::move(next);
  }
  return numbers;
}

void PackedBasis::make_kinds(const std::vector<Charge>& outer, const std::vector<Charge>& inner,
                             const std::vector<int>& inner_charge, const Sector& sector) {
  for (const Charge& charge : outer) {
    std::vector<bool> fits;
    for (const Charge& other : inner)
      fits.push_back(sector.values.contains(sector.charges.sum(charge, other)));
    SliceKind kind{.elements = {}, .place = std::vector<int>(inner_.size, -1), .mirror = -1};
    for (int i = 0; i < inner_.size; ++i) {
      if (!fits[inner_charge[i]]) continue;
      kind.place[i] = static_cast<int>(kind.elements.size());
      kind.elements.push_back(i);
    }
    kinds_.push_back(std::move(kind));
  }
}

void PackedBasis::lay_out() {
  start_.assign(outer_.size, -1);
  std::int64_t next = 0;
  for (int o = 0; o < outer_.size; ++o) {
    const int mirrored = outer_mirror(o);
    kinds_[kind_[o]].mirror = kind_[mirrored];
    if (o > mirrored) continue;
    const auto length = static_cast<std::int64_t>(kind(o).elements.size());
    if (length == 0) continue;
    leaders_.push_back(o);
    start_[o] = static_cast<std::int32_t>(next);
    next += length;
    if (o == mirrored) continue;
    start_[mirrored] = static_cast<std::int32_t>(next);
    next += length;
  }
  size_ = next;
}

std::pair<int, int> PackedBasis::split(std::int64_t x) const {
  // 32-bit division is much faster, and assembly spends most of its time here.
  const auto index = static_cast<std::uint32_t>(x);
  const auto of = [&](const Part& part) {
    std::uint32_t element = 0;
    for (std::size_t k = 0; k < part.sites.size(); ++k) {
      const int s = part.sites[k];
      const std::uint32_t e = index / static_cast<std::uint32_t>(strides_[s]) %
                              static_cast<std::uint32_t>(site_dimensions()[s]);
      element += e * static_cast<std::uint32_t>(part.strides[k]);
    }
    return static_cast<int>(element);
  };
  return {of(outer_), of(inner_)};
}

std::int64_t PackedBasis::join(int outer, int inner) const {
  std::int64_t x = 0;
  const auto place = [&](const Part& part, int element) {
    for (std::size_t k = 0; k < part.sites.size(); ++k) {
      const int s = part.sites[k];
      x += element / part.strides[k] % site_dimensions()[s] * strides_[s];
    }
  };
  place(outer_, outer);
  place(inner_, inner);
  return x;
}

std::int64_t PackedBasis::mirror(std::int64_t x) const {
  const auto index = static_cast<std::uint32_t>(x);
  std::int64_t mirrored = 0;
  for (int s = 0; s < elements_.sites(); ++s) {
    const std::uint32_t e = index / static_cast<std::uint32_t>(strides_[s]) %
                            static_cast<std::uint32_t>(site_dimensions()[s]);
    mirrored += elements_.mirror(s, static_cast<int>(e)) * strides_[s];
  }
  return mirrored;
}

std::int64_t PackedBasis::position(std::int64_t x) const {
  const auto [o, i] = split(x);
  if (start_[o] < 0) return -1;
  const int mirrored = outer_mirror(o);
  const int place = o <= mirrored ? kind(o).place[i] : kind(mirrored).place[mirror_of(inner_, i)];
  return place < 0 ? -1 : start_[o] + place;
}

std::int64_t PackedBasis::element(std::int64_t position) const {
  const auto after =
      std::upper_bound(leaders_.begin(), leaders_.end(), position,
                       [&](std::int64_t p, std::int32_t leader) { return p < start_[leader]; });
  const int leader = *(after - 1);
  const auto& elements = kind(leader).elements;
  const auto place = static_cast<std::size_t>(position - start_[leader]);
  if (place < elements.size()) return join(leader, elements[place]);
  return join(outer_mirror(leader), inner_mirror(elements[place - elements.size()]));
}

std::int64_t PackedBasis::index(std::int64_t m, std::int64_t n) const {
  std::int64_t x = 0;
  for (int s = space().sites(); s-- > 0;) {
    const int d = space().dimension(s);
    x += ((m % d) * d + n % d) * strides_[s];
    m /= d;
    n /= d;
  }
  return x;
}

std::pair<std::int64_t, std::int64_t> PackedBasis::states(std::int64_t x) const {
  std::int64_t m = 0;
  std::int64_t n = 0;
  for (int s = 0; s < space().sites(); ++s) {
    const int d = space().dimension(s);
    const std::int64_t e = x / strides_[s];
    x %= strides_[s];
    m = m * d + e / d;
    n = n * d + e % d;
  }
  return {m, n};
}

int PackedBasis::leaders_before(std::int64_t position) const {
  const auto found =
      std::lower_bound(leaders_.begin(), leaders_.end(), position,
                       [&](std::int32_t leader, std::int64_t p) { return start_[leader] < p; });
  return static_cast<int>(found - leaders_.begin());
}

std::pair<std::int64_t, std::int64_t> PackedBasis::share(int rank, int ranks) const {
  const auto boundary = [&](int r) -> std::int64_t {
    const std::int64_t even = size_ / ranks * r + std::min<std::int64_t>(r, size_ % ranks);
    const int next = leaders_before(even);
    return next == static_cast<int>(leaders_.size()) ? size_ : start_[leaders_[next]];
  };
  return {boundary(rank), boundary(rank + 1)};
}

}  // namespace lindwurm
