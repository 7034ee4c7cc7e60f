#include "sliced_sum.hpp"

#include <algorithm>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/rows.hpp"

namespace lindwurm {

namespace {

std::size_t in_whole_lanes(std::size_t count) { return (count + lane - 1) / lane * lane; }

}  // namespace

SlicedSum::SlicedSum(const std::vector<ProductTerm>& terms,
                     std::shared_ptr<const PackedBasis> basis, MPI_Comm comm, Complex factor,
                     OutOfSector out)
    : SlicedSum(group_terms(terms, *basis, factor), basis, comm, out) {}

SlicedSum::SlicedSum(std::vector<TermGroup> groups, std::shared_ptr<const PackedBasis> basis,
                     MPI_Comm comm, OutOfSector out)
    : shared_basis_(std::move(basis)),
      basis_(*shared_basis_),
      comm_(comm),
      out_(basis_.is_cut_out() ? OutOfSector::left_out : out),
      groups_(std::move(groups)) {
  find_permutations();
  link();
}

// The transpose of the packed matrix is the packed matrix of the adjoint terms.
SlicedSum& SlicedSum::transposed() {
  if (!transposed_) {
    std::vector<TermGroup> adjoint;
    for (const TermGroup& group : groups_)
      adjoint.push_back(
          {conjugated(group.outer), RealMatrix(group.inner.transpose()), group.is_identity});
    transposed_.reset(new SlicedSum(std::move(adjoint), shared_basis_, comm_, out_));
  }
  return *transposed_;
}

void SlicedSum::find_permutations() {
  std::map<std::vector<int>, int> known;
  for (const auto& kind : basis_.kinds())
    alike_.push_back(
        known.try_emplace(kind.elements, static_cast<int>(alike_.size())).first->second);
  for (const auto& kind : basis_.kinds()) {
    const auto& mirrored = basis_.kinds()[kind.mirror];
    std::vector<int> permutation;
    for (int i : kind.elements)
      permutation.push_back(mirrored.place[basis_.inner_mirror(i)]);
    permutations_.push_back(std::move(permutation));
  }
}

int SlicedSum::weight_number(Complex weight) {
  const auto [place, is_new] =
      weights_known_.try_emplace({weight.real(), weight.imag()}, static_cast<int>(weights_.size()));
  if (is_new) weights_.push_back(weight);
  return place->second;
}

int SlicedSum::bands_of(int group, int out_kind, int in_kind) {
  const auto [place, is_new] =
      bands_known_.try_emplace({group, out_kind, in_kind}, static_cast<int>(bands_.size()));
  if (!is_new) return place->second;
  const auto& rows = basis_.kinds()[out_kind];
  const auto& columns = basis_.kinds()[in_kind];
  std::vector<BandedMatrix::Entry> entries;
  for (std::size_t place_out = 0; place_out < rows.elements.size(); ++place_out) {
    for (RealMatrix::InnerIterator it(groups_[group].inner, rows.elements[place_out]); it; ++it) {
      const int place_in = columns.place[it.col()];
      if (place_in < 0 && out_ == OutOfSector::left_out) continue;
      if (place_in < 0) throw Error("a term of the Liouvillian leads out of its sector");
      entries.push_back({static_cast<int>(place_out), place_in, it.value()});
    }
  }
  bands_.emplace_back(static_cast<int>(rows.elements.size()), std::move(entries));
  return place->second;
}

// If L is cut to a part of the space, a row may read slices of several kinds. The identity, if
// present, comes first.
void SlicedSum::add_gathers(int group, const PackedBasis::Slice& to, std::vector<Read>& row,
                            SlotNumbers& slots) {
  int kind = alike_[to.kind];
  const auto is_of_kind = [&](const Read& read) { return alike_[read.slice.kind] == kind; };
  for (auto begin = row.begin(); begin != row.end(); kind = alike_[begin->slice.kind]) {
    const auto end = std::stable_partition(begin, row.end(), is_of_kind);
    add_gather(group, to, {begin, end}, slots);
    begin = end;
    if (begin == row.end()) break;
  }
}

// Reads slices of one kind.
void SlicedSum::add_gather(int group, const PackedBasis::Slice& to, std::span<const Read> row,
                           SlotNumbers& slots) {
  using Manner = Gather::Manner;
  if (row.empty()) return;
  const int in_kind = alike_[row.front().slice.kind];
  const int out_kind = alike_[to.kind];
  int bands = -1;
  // Between slices of two kinds even the identity moves elements, because their places differ.
  if (!groups_[group].is_identity || in_kind != out_kind) {
    bands = bands_of(group, out_kind, in_kind);
    if (bands_[bands].is_empty()) return;
  }
  // If real and imaginary weights are treated separately, bands act on whole pairs. Imaginary parts
  // then only exchange u and v.
  const bool is_split = bands >= 0 && to.mirror != to.number;
  for (const Manner manner : {Manner::complex, Manner::real, Manner::imaginary}) {
    if (is_split == (manner == Manner::complex)) continue;
    const std::size_t before = links_.size();
    for (const auto& [from, weight] : row) {
      const Reading reading = from.number < from.mirror    ? Reading::straight
                              : from.number == from.mirror ? Reading::single
                                                           : Reading::crossed;
      // A complex weight is read twice: its real part and its imaginary part.
      const Complex part = manner == Manner::real        ? Complex(weight.real(), 0)
                           : manner == Manner::imaginary ? Complex(0, weight.imag())
                                                         : weight;
      if (part == 0.0) continue;
      links_.emplace_back(slots.of_leader(std::min(from.number, from.mirror)), weight_number(part),
                          reading);
    }
    if (links_.size() == before) continue;
    gathers_.push_back({group, bands, in_kind, manner, static_cast<std::int64_t>(links_.size())});
  }
}

void SlicedSum::link() {
  const auto& leaders = basis_.leaders();
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(comm_, &rank);
  MPI_Comm_size(comm_, &ranks);
  std::vector<std::int64_t> shares;
  for (int r = 0; r < ranks; ++r)
    shares.push_back(basis_.share(r, ranks).first);
  shares.push_back(basis_.size());
  SlotNumbers slots(basis_, shares, rank);
  own_ = slots.own();

  std::vector<int> dimensions;
  for (int s : basis_.outer_sites())
    dimensions.push_back(basis_.site_dimensions()[s]);
  std::vector<RowReader> readers;
  std::vector<std::vector<Complex>> coefficients;
  for (const auto& group : groups_) {
    readers.emplace_back(group.outer, dimensions);
    auto& numbers = coefficients.emplace_back();
    for (const auto& term : group.outer)
      numbers.push_back(term.coefficient.constant());
  }
  std::vector<std::pair<std::int64_t, Complex>> row;
  std::vector<Read> reads;
  first_gather_.push_back(0);
  for (int l = 0; l < own_; ++l) {
    const int number = leaders[slots.first_own() + l];
    const std::int64_t outer = basis_.outer(number);
    const PackedBasis::Slice slice = basis_.slice(outer);
    const std::size_t first_link = links_.size();
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      row.clear();
      readers[g].read(outer, [&](std::size_t term, std::int64_t column, Complex value) {
        row.emplace_back(column, coefficients[g][term] * value);
      });
      std::sort(row.begin(), row.end(),
                [](const auto& a, const auto& b) { return a.first < b.first; });
      reads.clear();
      for (std::size_t k = 0; k < row.size();) {
        auto [column, total] = row[k++];
        while (k < row.size() && row[k].first == column)
          total += row[k++].second;
        if (total == 0.0) continue;
        const PackedBasis::Slice read = basis_.slice(column);
        if (read.number >= 0) reads.push_back({read, total});
      }
      add_gathers(static_cast<int>(g), slice, reads, slots);
    }
    first_gather_.push_back(static_cast<std::int64_t>(gathers_.size()));
    places_.push_back({static_cast<PetscInt>(basis_.start(number) - shares[rank]),
                       length(slice.kind), slice.kind, slice.mirror == number});
    const bool is_inland = std::all_of(links_.begin() + static_cast<std::ptrdiff_t>(first_link),
                                       links_.end(), [&](const Link& x) { return x.slot < own_; });
    (is_inland ? inland_ : border_).push_back(l);
  }
  links_.shrink_to_fit();
  gathers_.shrink_to_fit();
  weights_known_.clear();
  exchange_ = std::make_unique<SliceExchange>(basis_, slots, shares, comm_);

  if (own_ > 0) {
    const Place& last = places_.back();
    own_size_ = last.start + (last.is_single ? 1 : 2) * last.length;
  }
  int longest = 0;
  for (std::size_t k = 0; k < basis_.kinds().size(); ++k)
    longest = std::max(longest, length(static_cast<int>(k)));
  for (const auto& bands : bands_)
    reach_ = std::max(reach_, bands.reach());
  std::int64_t most = 1;
  for (int l = 0; l < own_; ++l)
    most = std::max(most, first_gather_[l + 1] - first_gather_[l]);
  apart_ = in_whole_lanes(2 * static_cast<std::size_t>(longest) + reach_ + band_padding);
  room_.resize(in_whole_lanes(reach_) + static_cast<std::size_t>(most + 1) * apart_ + lane);
  crossed_.resize(longest);
  std::int64_t most_links = 0;
  for (std::size_t g = 0; g < gathers_.size(); ++g)
    most_links = std::max(most_links, gathers_[g].end - (g == 0 ? 0 : gathers_[g - 1].end));
  // A complex weight reads both slices of a pair.
  for (ReadList* list : {&reads_u_, &reads_v_, &reads_crossed_u_, &reads_crossed_v_})
    list->make_room(2 * static_cast<std::size_t>(most_links));
}

void SlicedSum::diagonal(double* out) const {
  for (int l = 0; l < own_; ++l) {
    const bool single = is_single(l);
    const auto& elements = basis_.kinds()[kind_of(l)].elements;
    const int n = length_of(l);
    double* u = out + start_of(l);
    std::fill_n(u, single ? n : 2 * n, 0.0);
    for (const Gather& gather : gathers(l)) {
      const RealMatrix& inner = groups_[gather.group].inner;
      for (const Link& link : links(gather)) {
        if (link.slot != l) continue;
        // An entry a + i b adds a at (x, x), and b at (x, y') if y' = x.
        const double a = link.reading() == Reading::crossed ? 0 : weight(link).real();
        const double b = link.reading() == Reading::straight ? 0 : weight(link).imag();
        for (int p = 0; p < n; ++p) {
          const int i = elements[p];
          const double kept = a == 0 ? 0 : a * inner.coeff(i, i);
          const double turned = b == 0 ? 0 : b * inner.coeff(i, basis_.inner_mirror(i));
          u[p] += kept + turned;
          if (!single) u[n + p] += kept - turned;
        }
      }
    }
  }
}

}  // namespace lindwurm
