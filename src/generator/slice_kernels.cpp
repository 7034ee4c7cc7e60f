#include "slice_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "lindwurm/backend/widest_vectors.hpp"

namespace lindwurm {

namespace {

using Lane =
    double __attribute__((vector_size(lane * sizeof(double)), aligned(sizeof(double)), may_alias));

// Runs of a diagonal with gaps up to this length are stored as one, with zeros in the gaps.
constexpr int bridged_gap = 16;
// Diagonals with at least this share of nonzero entries are stored in full.
constexpr double well_filled = 0.3;

template <int lanes>
[[gnu::always_inline]] inline void combine_block(const WeightedSlice* slices, int count, int at,
                                                 double* out) {
  Lane sum[lanes];
  const double first = slices[0].weight;
  const double* values = slices[0].values + at;
#pragma GCC unroll 8
  for (int l = 0; l < lanes; ++l)
    sum[l] = first * *reinterpret_cast<const Lane*>(values + l * lane);
  for (int k = 1; k < count; ++k) {
    const double weight = slices[k].weight;
    values = slices[k].values + at;
#pragma GCC unroll 8
    for (int l = 0; l < lanes; ++l)
      sum[l] += weight * *reinterpret_cast<const Lane*>(values + l * lane);
  }
#pragma GCC unroll 8
  for (int l = 0; l < lanes; ++l)
    *reinterpret_cast<Lane*>(out + at + l * lane) = sum[l];
}

}  // namespace

LINDWURM_WIDEST_VECTORS
void combine(const WeightedSlice* slices, int count, int length, double* out) {
  if (length < lane) {
    for (int at = 0; at < length; ++at) {
      double sum = 0;
      for (int k = 0; k < count; ++k)
        sum += slices[k].weight * slices[k].values[at];
      out[at] = sum;
    }
    return;
  }
  // The blocks at the two ends may overlap others, so that all blocks between them are aligned.
  int at = before_alignment(slices[0].values);
  if (at != 0) combine_block<1>(slices, count, 0, out);
  for (; at + 4 * lane <= length; at += 4 * lane)
    combine_block<4>(slices, count, at, out);
  for (; at + lane <= length; at += lane)
    combine_block<1>(slices, count, at, out);
  if (at != length) combine_block<1>(slices, count, length - lane, out);
}

LINDWURM_WIDEST_VECTORS
void add_permuted(WeightedSlice in, const int* __restrict order, int length,
                  double* __restrict out) {
  const double* __restrict values = in.values;
  for (int k = 0; k < length; ++k)
    out[k] += in.weight * values[order[k]];
}

namespace {

LINDWURM_WIDEST_VECTORS
void add_stretch(const double* __restrict values, const double* __restrict in, int length,
                 double sign, double* __restrict out) {
  for (int k = 0; k < length; ++k)
    out[k] += sign * values[k] * in[k];
}

[[gnu::always_inline]] inline Lane load(const double* from) {
  return *reinterpret_cast<const Lane*>(from);
}

[[gnu::always_inline]] inline void store(double* to, Lane value) {
  *reinterpret_cast<Lane*>(to) = value;
}

template <int lanes>
[[gnu::always_inline]] inline void apply_band_rows(const BandedPair& pair, int row) {
  Lane u[lanes];
  Lane v[lanes];
#pragma GCC unroll 4
  for (int l = 0; l < lanes; ++l) {
    u[l] = load(pair.base_u + row + l * lane);
    v[l] = load(pair.base_v + row + l * lane);
  }
  for (const BandTerm& term : pair.plain) {
#pragma GCC unroll 4
    for (int l = 0; l < lanes; ++l) {
      const Lane value = load(term.values + row + l * lane);
      u[l] += value * load(term.in_u + row + l * lane);
      v[l] += value * load(term.in_v + row + l * lane);
    }
  }
  for (const BandTerm& term : pair.turned) {
#pragma GCC unroll 4
    for (int l = 0; l < lanes; ++l) {
      const Lane value = load(term.values + row + l * lane);
      u[l] += value * load(term.in_u + row + l * lane);
      v[l] -= value * load(term.in_v + row + l * lane);
    }
  }
#pragma GCC unroll 4
  for (int l = 0; l < lanes; ++l) {
    store(pair.out_u + row + l * lane, u[l]);
    store(pair.out_v + row + l * lane, v[l]);
  }
}

void apply_bands_to_few_rows(const BandedPair& pair) {
  for (int row = 0; row < pair.rows; ++row) {
    double u = pair.base_u[row];
    double v = pair.base_v[row];
    for (const BandTerm& term : pair.plain) {
      u += term.values[row] * term.in_u[row];
      v += term.values[row] * term.in_v[row];
    }
    for (const BandTerm& term : pair.turned) {
      u += term.values[row] * term.in_u[row];
      v -= term.values[row] * term.in_v[row];
    }
    pair.out_u[row] = u;
    pair.out_v[row] = v;
  }
}

}  // namespace

LINDWURM_WIDEST_VECTORS
void apply_bands(const BandedPair& pair) {
  if (pair.rows < lane) {
    apply_bands_to_few_rows(pair);
    return;
  }
  // As in combine().
  int row = before_alignment(pair.base_u);
  if (row != 0) apply_band_rows<1>(pair, 0);
  for (; row + 2 * lane <= pair.rows; row += 2 * lane)
    apply_band_rows<2>(pair, row);
  for (; row + lane <= pair.rows; row += lane)
    apply_band_rows<1>(pair, row);
  if (row != pair.rows) apply_band_rows<1>(pair, pair.rows - lane);
}

BandedMatrix::BandedMatrix(int rows, std::vector<Entry> entries)
    : rows_(rows), stride_((rows + band_padding - 1) / band_padding * band_padding) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.column - a.row != b.column - b.row ? a.column - a.row < b.column - b.row
                                                : a.row < b.row;
  });
  for (auto first = entries.begin(); first != entries.end();) {
    const int offset = first->column - first->row;
    auto last = first;
    while (last != entries.end() && last->column - last->row == offset)
      ++last;
    if (static_cast<double>(last - first) >= well_filled * rows) {
      offsets_.push_back(offset);
      reach_ = std::max(reach_, std::abs(offset));
      bands_.resize(bands_.size() + stride_, 0.0);
      for (auto entry = first; entry != last; ++entry)
        bands_[bands_.size() - stride_ + entry->row] = entry->value;
    } else {
      store_stretches(first, last);
    }
    first = last;
  }
}

void BandedMatrix::store_stretches(std::vector<Entry>::const_iterator first,
                                   std::vector<Entry>::const_iterator last) {
  const std::size_t start = stretches_.size();
  for (auto entry = first; entry != last; ++entry) {
    if (stretches_.size() > start) {
      Stretch& open = stretches_.back();
      const int gap = entry->row - (open.row + open.length);
      if (gap <= bridged_gap) {
        values_.insert(values_.end(), gap, 0.0);
        values_.push_back(entry->value);
        open.length += gap + 1;
        continue;
      }
    }
    stretches_.push_back({entry->row, entry->column, 1, static_cast<int>(values_.size())});
    values_.push_back(entry->value);
  }
}

void BandedMatrix::add_product(const double* in, double* out) const {
  for (std::size_t d = 0; d < offsets_.size(); ++d) {
    const int first = std::max(0, -offsets_[d]);
    const int last = std::min(rows_, rows_ - offsets_[d] + reach_);
    add_stretch(bands_.data() + d * stride_ + first, in + first + offsets_[d], last - first, 1.0,
                out + first);
  }
  add_stretches(in, 1.0, out);
}

void BandedMatrix::add_terms(const double* in_u, const double* in_v,
                             std::vector<BandTerm>& terms) const {
  for (std::size_t d = 0; d < offsets_.size(); ++d)
    terms.push_back({bands_.data() + d * stride_, in_u + offsets_[d], in_v + offsets_[d]});
}

void BandedMatrix::add_stretches(const double* in, double sign, double* out) const {
  for (const Stretch& s : stretches_)
    add_stretch(values_.data() + s.first, in + s.column, s.length, sign, out + s.row);
}

}  // namespace lindwurm
