#include "lindwurm/sectors/packed_basis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/joint_basis.hpp"

namespace lindwurm {

namespace {

constexpr std::int64_t fingerprint_samples = 64;

void require_slice_numbers(std::int64_t slices) {
  if (slices <= std::numeric_limits<int>::max()) return;
  throw InputError(fmt::format(
      "the unknowns lie in {:.4g} slices, more than the {} that can be numbered; take storage = "
      "\"matrix-free\", whose slices are long",
      static_cast<double>(slices), std::numeric_limits<int>::max()));
}

void require_kept_coherences(const Sector& sector) {
  const Group* group = ensemble_left_by(sector);
  if (group == nullptr) return;
  throw InputError(fmt::format(
      "the ensemble '{}' keeps the coherences up to an order only, and what is asked for reaches "
      "beyond; raise sites.{}.coherence or leave it out, or work in sectors if that is switched "
      "off",
      group->name, group->name));
}

void require_indices(const Sector& sector) {
  const std::int64_t unknowns = size(sector);
  if (unknowns <= largest_index) return;
  const ElementSpace& elements = sector.charges.elements();
  throw InputError(fmt::format(
      "{} of the {:.4g} elements of states in the Hilbert space of dimension D = {:.6g} would be "
      "unknowns, more than {}; use fewer "
      "levels or fewer spins, work in sectors if that is switched off, start from fewer values of "
      "what is conserved, or write the terms so that more is conserved",
      unknowns == elements.size() ? "all" : fmt::format("{:.4g}", static_cast<double>(unknowns)),
      static_cast<double>(elements.size()), elements.space().dimension_estimate(), index_limit()));
}

}  // namespace

PackedBasis::PackedBasis(const Space& space)
    : PackedBasis(whole_space(Charges(density_elements(space)))) {}

PackedBasis::PackedBasis(const Sector& sector, std::vector<int> inner_sites)
    : elements_(sector.charges.elements()),
      is_cut_out_(!sector.charges.are_conserved()),
      hilbert_dimension_(space().dimension()),
      inner_sites_(std::move(inner_sites)) {
  require_indices(sector);
  require_kept_coherences(sector);
  find_sites();
  const ProductNumbers inner(sector.charges, inner_sites_, [](const Charge&) { return true; });
  const std::set<Charge> of_inner(inner.charges().begin(), inner.charges().end());
  numbers_ = ProductNumbers(sector.charges, outer_sites_, [&](const Charge& outer) {
    return std::any_of(sector.values.begin(), sector.values.end(), [&](const Charge& value) {
      return of_inner.contains(sector.charges.difference(value, outer));
    });
  });
  make_kinds(inner, sector);
  require_slice_numbers(numbers_.size());
  start_.resize(numbers_.size());
  lay_out(0, {}, {});
  fingerprint_ = found_fingerprint();
}

// FNV-1a over the sites and a sample of the elements.
std::uint64_t PackedBasis::found_fingerprint() const {
  std::uint64_t hash = 14695981039346656037U;
  const auto add = [&](auto number) {
    for (unsigned bits = 0; bits < 64; bits += 8)
      hash = (hash ^ (static_cast<std::uint64_t>(number) >> bits & 255U)) * 1099511628211U;
  };
  for (const Group& group : space().groups()) {
    add(static_cast<int>(group.kind));
    add(group.dimension);
    add(group.size());
    add(static_cast<int>(group.basis));
  }
  // Vectors in the eigenstates of different Hamiltonians do not agree.
  if (const auto& joint = space().joint()) {
    for (const Complex& element : joint->states.reshaped()) {
      add(std::bit_cast<std::uint64_t>(element.real()));
      add(std::bit_cast<std::uint64_t>(element.imag()));
    }
  }
  for (const int s : inner_sites_)
    add(s);
  add(elements_.size());
  add(size_);
  const std::int64_t step = std::max<std::int64_t>(1, size_ / fingerprint_samples);
  for (std::int64_t position = 0; position < size_; position += step)
    add(element(position));
  return hash;
}

bool PackedBasis::agrees_with(const PackedBasis& other) const {
  const auto same_group = [](const Group& a, const Group& b) {
    return a.kind == b.kind && a.dimension == b.dimension && a.size() == b.size() &&
           a.basis == b.basis;
  };
  const auto& joint = space().joint();
  const auto& other_joint = other.space().joint();
  if (!joint != !other_joint || (joint && joint->states != other_joint->states)) return false;
  const auto& groups = space().groups();
  const auto& others = other.space().groups();
  if (size_ != other.size_ || site_dimensions() != other.site_dimensions() ||
      inner_sites_ != other.inner_sites_ || start_ != other.start_ ||
      !std::equal(groups.begin(), groups.end(), others.begin(), others.end(), same_group)) {
    return false;
  }
  for (int number = 0; number < static_cast<int>(slices()); ++number) {
    const auto [outer, kind] = numbers_.product(number);
    const auto [other_outer, other_kind] = other.numbers_.product(number);
    if (outer != other_outer || kinds_[kind].elements != other.kinds_[other_kind].elements)
      return false;
  }
  return true;
}

void PackedBasis::find_sites() {
  sites_.resize(elements_.sites());
  std::int64_t stride = 1;
  std::int64_t outer_stride = 1;
  std::int64_t inner_stride = 1;
  for (int s = elements_.sites(); s-- > 0;) {
    const bool is_outer = !std::binary_search(inner_sites_.begin(), inner_sites_.end(), s);
    std::int64_t& stride_in_part = is_outer ? outer_stride : inner_stride;
    sites_[s] = {stride, is_outer, 0, stride_in_part};
    stride *= site_dimensions()[s];
    stride_in_part *= site_dimensions()[s];
  }
  for (int s = 0; s < elements_.sites(); ++s) {
    if (sites_[s].is_outer) outer_sites_.push_back(s);
    sites_[s].place =
        static_cast<int>(sites_[s].is_outer ? outer_sites_.size() - 1 : s - outer_sites_.size());
  }
  inner_mirrors_.assign(inner_stride, 0);
  for (int i = 0; i < inner_size(); ++i) {
    for (int s : inner_sites_) {
      const auto stride_of_s = static_cast<int>(sites_[s].stride_in_part);
      inner_mirrors_[i] +=
          elements_.mirror(s, i / stride_of_s % site_dimensions()[s]) * stride_of_s;
    }
  }
}

void PackedBasis::make_kinds(const ProductNumbers& inner, const Sector& sector) {
  std::vector<int> charge_of_inner;
  for (int i = 0; i < inner_size(); ++i)
    charge_of_inner.push_back(inner.charge_of(i));
  for (const Charge& charge : numbers_.charges()) {
    if (!numbers_.is_wanted(static_cast<int>(kinds_.size()))) {
      kinds_.push_back({});
      continue;
    }
    std::vector<bool> fits;
    for (const Charge& other : inner.charges())
      fits.push_back(sector.values.contains(sector.charges.sum(charge, other)));
    SliceKind kind{.elements = {}, .place = std::vector<int>(inner_size(), -1), .mirror = 0};
    for (int i = 0; i < inner_size(); ++i) {
      if (!fits[charge_of_inner[i]]) continue;
      kind.place[i] = static_cast<int>(kind.elements.size());
      kind.elements.push_back(i);
    }
    kinds_.push_back(std::move(kind));
  }
}

// Goes through the outer sites from the k-th one on, as far as they lead to slices that are not
// empty.
void PackedBasis::lay_out(int k, ProductNumbers::Place here, ProductNumbers::Place mirrored) {
  if (numbers_.count(k, here.charge) == 0) return;
  if (k < static_cast<int>(outer_sites_.size())) {
    const int s = outer_sites_[k];
    for (int e = 0; e < site_dimensions()[s]; ++e) {
      lay_out(k + 1, numbers_.after(here, k, e),
              numbers_.after(mirrored, k, elements_.mirror(s, e)));
    }
    return;
  }
  SliceKind& kind = kinds_[here.charge];
  kind.mirror = mirrored.charge;
  if (here.number > mirrored.number) return;
  leaders_.push_back(static_cast<int>(here.number));
  for (const std::int64_t number : {here.number, mirrored.number}) {
    start_[number] = static_cast<PetscInt>(size_);
    size_ += static_cast<std::int64_t>(kind.elements.size());
    if (here.number == mirrored.number) return;
  }
}

PackedBasis::Slice PackedBasis::slice(std::int64_t outer) const {
  ProductNumbers::Place here;
  ProductNumbers::Place mirrored;
  int k = 0;
  for (int s : outer_sites_) {
    const auto e = static_cast<int>(outer / sites_[s].stride_in_part);
    outer -= e * sites_[s].stride_in_part;
    here = numbers_.after(here, k, e);
    mirrored = numbers_.after(mirrored, k, elements_.mirror(s, e));
    ++k;
  }
  if (!numbers_.is_wanted(here.charge)) return {-1, -1, here.charge};
  return {static_cast<int>(here.number), static_cast<int>(mirrored.number), here.charge};
}

std::int64_t PackedBasis::join(std::int64_t outer, std::int64_t inner) const {
  std::int64_t x = 0;
  for (const Site& site : sites_) {
    std::int64_t& part = site.is_outer ? outer : inner;
    const std::int64_t e = part / site.stride_in_part;
    part -= e * site.stride_in_part;
    x += e * site.stride;
  }
  return x;
}

std::int64_t PackedBasis::mirror(std::int64_t x) const {
  std::int64_t mirrored = 0;
  for (int s = 0; s < elements_.sites(); ++s) {
    const std::int64_t stride = sites_[s].stride;
    const std::int64_t e = x / stride;
    x -= e * stride;
    mirrored += elements_.mirror(s, static_cast<int>(e)) * stride;
  }
  return mirrored;
}

std::int64_t PackedBasis::position(std::int64_t x) const {
  ProductNumbers::Place outer;
  std::int64_t inner = 0;
  int mirrors_way = 0;  // on which side the mirror of the outer index lies
  for (int s = 0; s < elements_.sites(); ++s) {
    const Site& site = sites_[s];
    const std::int64_t e = x / site.stride;
    x -= e * site.stride;
    if (site.is_outer) {
      const auto element = static_cast<int>(e);
      outer = numbers_.after(outer, site.place, element);
      if (mirrors_way == 0) mirrors_way = elements_.mirror(s, element) - element;
    } else {
      inner += e * site.stride_in_part;
    }
  }
  if (!numbers_.is_wanted(outer.charge)) return -1;
  const SliceKind& kind = kinds_[outer.charge];
  const int place =
      mirrors_way >= 0 ? kind.place[inner] : kinds_[kind.mirror].place[inner_mirrors_[inner]];
  return place < 0 ? -1 : start_[outer.number] + place;
}

std::int64_t PackedBasis::element(std::int64_t position) const {
  const auto after =
      std::upper_bound(leaders_.begin(), leaders_.end(), position,
                       [&](std::int64_t p, int leader) { return p < start_[leader]; });
  const int leader = *(after - 1);
  const auto [outer, kind] = numbers_.product(leader);
  const auto& elements = kinds_[kind].elements;
  const auto place = static_cast<std::size_t>(position - start_[leader]);
  if (place < elements.size()) return join(outer, elements[place]);
  return mirror(join(outer, elements[place - elements.size()]));
}

std::int64_t PackedBasis::index(std::int64_t m, std::int64_t n) const {
  const int first = elements_.sites() - space().sites();
  std::int64_t x = 0;
  for (int s = space().sites(); s-- > 0;) {
    const int d = space().dimension(s);
    const int e = space().element(s, static_cast<int>(m % d), static_cast<int>(n % d));
    if (e < 0) return -1;
    x += e * sites_[first + s].stride;
    m /= d;
    n /= d;
  }
  return x;
}

std::pair<std::int64_t, std::int64_t> PackedBasis::states(std::int64_t x) const {
  const int first = elements_.sites() - space().sites();
  if (first > 0) x %= sites_[first - 1].stride;
  std::int64_t m = 0;
  std::int64_t n = 0;
  for (int s = 0; s < space().sites(); ++s) {
    const int d = space().dimension(s);
    const std::int64_t stride = sites_[first + s].stride;
    const auto [bra, ket] = space().states(s, static_cast<int>(x / stride));
    x %= stride;
    m = m * d + bra;
    n = n * d + ket;
  }
  return {m, n};
}

int PackedBasis::leaders_before(std::int64_t position) const {
  const auto found =
      std::lower_bound(leaders_.begin(), leaders_.end(), position,
                       [&](int leader, std::int64_t p) { return start_[leader] < p; });
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

namespace {

constexpr const char* name_of_note = "lindwurm_basis";

}  // namespace

// The note is the number itself, stored in place of a pointer to it.
void note_basis(Vec v, const PackedBasis& basis) {
  Handle<PetscContainer, PetscContainerDestroy> note;
  LINDWURM_PETSC(PetscContainerCreate(PETSC_COMM_SELF, note.put()));
  LINDWURM_PETSC(PetscContainerSetPointer(
      note, reinterpret_cast<void*>(static_cast<std::uintptr_t>(basis.mark().fingerprint))));
  LINDWURM_PETSC(PetscObjectCompose(reinterpret_cast<PetscObject>(v), name_of_note,
                                    reinterpret_cast<PetscObject>(note.get())));
}

// A vector without a note was made by the caller. Only its length can be checked.
void require_basis(Vec v, const PackedBasis::Mark& mark, std::string_view what) {
  PetscInt size = 0;
  LINDWURM_PETSC(VecGetSize(v, &size));
  PetscObject note = nullptr;
  LINDWURM_PETSC(PetscObjectQuery(reinterpret_cast<PetscObject>(v), name_of_note, &note));
  bool fits = size == mark.size;
  if (fits && note != nullptr) {
    void* number = nullptr;
    LINDWURM_PETSC(PetscContainerGetPointer(reinterpret_cast<PetscContainer>(note), &number));
    fits =
        reinterpret_cast<std::uintptr_t>(number) == static_cast<std::uintptr_t>(mark.fingerprint);
  }
  if (fits) return;
  throw InputError(fmt::format(
      "{} was made for another space or another sector than the vector that it is used with; make "
      "both with one generator, or with generators of one sector and one storage",
      what));
}

}  // namespace lindwurm
