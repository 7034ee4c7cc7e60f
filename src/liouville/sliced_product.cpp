// What a sliced sum does to a vector; sliced_sum.cpp makes its tables.
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

bool SlicedSum::read_complex(const Gather& gather, const Reader& reader, double* to) {
  const int n = length(gather.in_kind);
  reads_u_.clear();
  reads_v_.clear();
  for (const Link& link : links(gather)) {
    if (!reader.reads(link)) continue;
    const double* u = slice(link.slot, reader.in);
    const Complex w = weight(link);
    if (w.real() != 0) {
      reads_u_.add(u, w.real());
      reads_v_.add(u + n, w.real());
    }
    if (w.imag() != 0) {
      reads_u_.add(u + n, w.imag());
      reads_v_.add(u, -w.imag());
    }
  }
  if (reads_u_.empty()) return false;
  combine(reads_u_.data(), reads_u_.size(), n, to);
  combine(reads_v_.data(), reads_v_.size(), n, to + n);
  return true;
}

const double* SlicedSum::read_pairs(const Gather& gather, const Reader& reader, double* to) {
  const int n = length(gather.in_kind);
  const bool is_real = gather.manner == Gather::Manner::real;
  reads_u_.clear();
  for (const Link& link : links(gather)) {
    if (!reader.reads(link)) continue;
    const Complex w = weight(link);
    reads_u_.add(slice(link.slot, reader.in), is_real ? w.real() : w.imag());
  }
  if (reads_u_.empty()) return nullptr;
  if (reads_u_.size() == 1 && reads_u_.data()->weight == 1) {
    // Nothing to sum: read in place, if bands that reach beyond the slices stay within the vector.
    const double* there = reads_u_.data()->values;
    const std::int64_t after = own_size_ - (there - reader.in) - 2 * static_cast<std::int64_t>(n);
    if (there - reader.in >= reach_ && after >= reach_ + band_padding) return there;
  }
  combine(reads_u_.data(), reads_u_.size(), 2 * n, to);
  return to;
}

// For L[x, y] = a + i b, u stands for the elements (o, i) and v for their mirrors (o', i'):
// u += a u_2 + b v_2,  v += a v_2 - b u_2.
bool SlicedSum::read_any(const Gather& gather, const Reader& reader, bool is_single, double* to) {
  const int n = length(gather.in_kind);
  reads_u_.clear();
  reads_v_.clear();
  reads_crossed_u_.clear();
  reads_crossed_v_.clear();
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
  const int* permutation = permutations_[gather.in_kind].data();
  const auto sum = [&](const ReadList& straight, const ReadList& crossed, double* out) {
    if (straight.empty()) {
      std::fill_n(out, n, 0.0);
    } else {
      combine(straight.data(), straight.size(), n, out);
    }
    if (crossed.empty()) return;
    combine(crossed.data(), crossed.size(), n, crossed_.data());
    add_permuted(crossed_.data(), permutation, n, out);
  };
  sum(reads_u_, reads_crossed_u_, to);
  if (!is_single) sum(reads_v_, reads_crossed_v_, to + n);
  return true;
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
    double* sums = gathered_[0];
    if (!read_any(gather, reader, true, sums)) continue;
    if (gather.bands >= 0) {
      bands_[gather.bands].add_product(sums, out);
    } else {
      for (int k = 0; k < n; ++k)
        out[k] += sums[k];
    }
  }
}

// First all sums over outer indices, each into a place of its own, then all bands in one pass.
void SlicedSum::apply_to_pair(int leader, const Reader& reader, double* out) {
  using Manner = Gather::Manner;
  const int n = places_[leader].length;
  bool is_filled = false;
  const auto fill = [&] {
    if (!is_filled) std::fill_n(out, 2 * n, 0.0);
    is_filled = true;
  };
  plain_.clear();
  turned_.clear();
  std::size_t place = 0;
  for (const Gather& gather : gathers(leader)) {
    double* to = gathered_[place++];
    if (gather.manner == Manner::complex) {
      is_filled = read_complex(gather, reader, out);
      continue;
    }
    const double* sums = to;
    if (gather.manner == Manner::any) {
      if (!read_any(gather, reader, false, to)) continue;
    } else {
      sums = read_pairs(gather, reader, to);
      if (sums == nullptr) continue;
    }
    fill();
    if (gather.bands < 0) {
      for (int k = 0; k < 2 * n; ++k)
        out[k] += sums[k];
      continue;
    }
    const BandedMatrix& bands = bands_[gather.bands];
    const int n_in = length(gather.in_kind);
    if (gather.manner == Manner::imaginary) {
      bands.add_terms(sums + n_in, sums, turned_);
      bands.add_stretches(sums + n_in, 1.0, out);
      bands.add_stretches(sums, -1.0, out + n);
    } else {
      bands.add_terms(sums, sums + n_in, plain_);
      bands.add_stretches(sums, 1.0, out);
      bands.add_stretches(sums + n_in, 1.0, out + n);
    }
  }
  fill();
  if (!plain_.empty() || !turned_.empty()) add_band_terms(plain_, turned_, n, out, out + n);
}

}  // namespace lindwurm
