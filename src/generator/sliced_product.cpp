// Applies a sliced sum to a vector. Its tables are made in sliced_sum.cpp.
#include <algorithm>

#include "sliced_sum.hpp"

namespace lindwurm {

void SlicedSum::apply(const double* in, double* out) {
  const LoggedEvent multiplying(multiplying_);
  const auto to = [&](int leader) { apply_gathers(leader, {{}, -1, in}, out + start_of(leader)); };
  {
    const LoggedEvent exchanging(exchanging_);
    exchange_->start(in);
  }
  std::for_each(inland_.begin(), inland_.end(), to);
  {
    const LoggedEvent exchanging(exchanging_);
    exchange_->finish();
  }
  std::for_each(border_.begin(), border_.end(), to);
}

void SlicedSum::apply_to(int leader, SlotRange range, const double* in, double* out) {
  range.last = std::min(range.last, own_);
  apply_gathers(leader, {range, leader, in}, out);
}

double* SlicedSum::first_room(const double* in) {
  double* room = room_.data() + reach_;
  return room + (before_alignment(room) + lane - before_alignment(in)) % lane;
}

// For L[x, y] = a + i b, with u the elements (o, i) and v their mirrors (o', i'): u += a u_2 + b
// v_2,  v += a v_2 - b u_2.
bool SlicedSum::read_complex(const Gather& gather, const Reader& reader, bool is_single,
                             double* to) {
  const int n = length(gather.in_kind);
  clear_lists();
  for (const Link& link : links(gather)) {
    if (!reader.reads(link)) continue;
    const double* u = slice(link.slot, reader.in);
    const double* v = u + n;
    const double a = weight(link).real();
    const double b = weight(link).imag();
    switch (link.reading()) {
      case Reading::straight:
        if (a != 0) reads_u_.add(u, a);
        if (b != 0) reads_u_.add(v, b);
        if (a != 0) reads_v_.add(v, a);
        if (b != 0) reads_v_.add(u, -b);
        break;
      case Reading::crossed:
        if (a != 0) reads_crossed_u_.add(v, a);
        if (b != 0) reads_crossed_u_.add(u, b);
        if (a != 0) reads_crossed_v_.add(u, a);
        if (b != 0) reads_crossed_v_.add(v, -b);
        break;
      case Reading::single:
        if (a != 0) reads_u_.add(u, a);
        if (b != 0) reads_crossed_u_.add(u, b);
        if (a != 0) reads_crossed_v_.add(u, a);
        if (b != 0) reads_v_.add(u, -b);
        break;
    }
  }
  if (reads_u_.empty() && reads_crossed_u_.empty()) return false;
  sum_lists(gather.in_kind, reads_u_, reads_crossed_u_, to);
  if (!is_single) sum_lists(gather.in_kind, reads_v_, reads_crossed_v_, to + n);
  return true;
}

// The same for weights that are all real or all imaginary. In the imaginary case `to` receives b
// (u_2, v_2), and the bands exchange u and v. `rows` is the length of the slice that the bands
// write.
const double* SlicedSum::read_pairs(const Gather& gather, const Reader& reader, int rows,
                                    double* to) {
  const int n = length(gather.in_kind);
  const bool is_real = gather.manner == Gather::Manner::real;
  clear_lists();
  for (const Link& link : links(gather)) {
    if (!reader.reads(link)) continue;
    const double* u = slice(link.slot, reader.in);
    const double* v = u + n;
    const double w = is_real ? weight(link).real() : weight(link).imag();
    switch (link.reading()) {
      case Reading::straight:
        reads_u_.add(u, w);
        reads_v_.add(v, w);
        break;
      case Reading::crossed:
        reads_crossed_u_.add(v, w);
        reads_crossed_v_.add(u, w);
        break;
      case Reading::single:
        reads_u_.add(u, w);
        reads_crossed_v_.add(u, w);
        break;
    }
  }
  if (reads_u_.empty() && reads_crossed_u_.empty()) return nullptr;
  if (!reads_crossed_v_.empty()) {
    sum_lists(gather.in_kind, reads_u_, reads_crossed_u_, to);
    sum_lists(gather.in_kind, reads_v_, reads_crossed_v_, to + n);
    return to;
  }
  if (reads_u_.size() == 1 && reads_u_.front().weight == 1) {
    // There is nothing to sum, so the slices are read in place, if bands that reach beyond them
    // stay within the vector. Bands read as many numbers as the slice that is written has rows,
    // which may be more than the slice that is read has.
    const double* there = reads_u_.front().values;
    const std::int64_t after = own_size_ - (there - reader.in) - n - std::max(n, rows);
    if (there - reader.in >= reach_ && after >= reach_ + band_padding) return there;
  }
  combine(reads_u_.data(), reads_u_.size(), 2 * n, to);
  return to;
}

void SlicedSum::clear_lists() {
  for (ReadList* list : {&reads_u_, &reads_v_, &reads_crossed_u_, &reads_crossed_v_})
    list->clear();
}

// The crossed slices are summed first, so that a single permutation is enough.
void SlicedSum::sum_lists(int kind, const ReadList& straight, const ReadList& crossed, double* to) {
  const int n = length(kind);
  if (straight.empty()) {
    std::fill_n(to, n, 0.0);
  } else {
    combine(straight.data(), straight.size(), n, to);
  }
  if (crossed.empty()) return;
  WeightedSlice sum = crossed.front();
  if (crossed.size() > 1) {
    combine(crossed.data(), crossed.size(), n, crossed_.data());
    sum = {crossed_.data(), 1};
  }
  add_permuted(sum, permutations_[kind].data(), n, to);
}

void SlicedSum::apply_gathers(int leader, const Reader& reader, double* out) {
  if (places_[leader].is_single) {
    apply_to_single(leader, reader, out);
  } else {
    apply_to_pair(leader, reader, out);
  }
}

void SlicedSum::apply_to_single(int leader, const Reader& reader, double* out) {
  const int n = places_[leader].length;
  std::fill_n(out, n, 0.0);
  for (const Gather& gather : gathers(leader)) {
    double* sums = room_.data() + reach_;
    if (!read_complex(gather, reader, true, sums)) continue;
    if (gather.bands >= 0) {
      bands_[gather.bands].add_product(sums, out);
    } else {
      for (int k = 0; k < n; ++k)
        out[k] += sums[k];
    }
  }
}

// First computes all sums over outer indices, each in its own place. Then applies all bands in one
// pass that writes the result.
void SlicedSum::apply_to_pair(int leader, const Reader& reader, double* out) {
  const int n = places_[leader].length;
  const auto all = gathers(leader);
  const bool has_bands = !all.empty() && all.back().bands >= 0;
  double* room = first_room(reader.in);
  double* base = has_bands ? room : out;
  pair_.set_rows(n, base, out);
  bool is_filled = false;
  for (const Gather& gather : all) {
    if (gather.bands < 0) {
      // The identity, which comes first.
      is_filled = read_complex(gather, reader, false, base);
      continue;
    }
    if (!is_filled) std::fill_n(base, 2 * n, 0.0);
    is_filled = true;
    room += apart_;
    const double* u = read_pairs(gather, reader, n, room);
    if (u == nullptr) continue;
    const double* v = u + length(gather.in_kind);
    const BandedMatrix& bands = bands_[gather.bands];
    if (gather.manner == Gather::Manner::imaginary) {
      bands.add_terms(v, u, pair_.turned);
      bands.add_stretches(v, 1.0, base);
      bands.add_stretches(u, -1.0, base + n);
    } else {
      bands.add_terms(u, v, pair_.plain);
      bands.add_stretches(u, 1.0, base);
      bands.add_stretches(v, 1.0, base + n);
    }
  }
  if (!is_filled) std::fill_n(base, 2 * n, 0.0);
  if (has_bands) apply_bands(pair_);
}

}  // namespace lindwurm
