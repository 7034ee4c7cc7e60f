#include "slice_kernels.hpp"

#include <algorithm>
#include <cstdlib>

#include "lindwurm/backend/widest_vectors.hpp"

namespace lindwurm {

namespace {

constexpr int width = 8;
using Lane =
    double __attribute__((vector_size(width * sizeof(double)), aligned(sizeof(double)), may_alias));

// Stretches of a diagonal that are this close are stored as one, with zeros between them.
constexpr int bridged_gap = 16;
// Diagonals that are filled by this share are stored in full.
constexpr double well_filled = 0.3;

template <int lanes>
[[gnu::always_inline]] inline void combine_block(const WeightedSlice* slices, int count, int at,
                                                 double* out) {
  Lane sum[lanes];
  const double first = slices[0].weight;
  const double* values = slices[0].values + at;
#pragma GCC unroll 8
  for (int l = 0; l < lanes; ++l)
    sum[l] = first * *reinterpret_cast<const Lane*>(values + l * width);
  for (int k = 1; k < count; ++k) {
    const double weight = slices[k].weight;
    values = slices[k].values + at;
#pragma GCC unroll 8
    for (int l = 0; l < lanes; ++l)
      sum[l] += weight * *reinterpret_cast<const Lane*>(values + l * width);
  }
#pragma GCC unroll 8
  for (int l = 0; l < lanes; ++l)
    *reinterpret_cast<Lane*>(out + at + l * width) = sum[l];
}

}  // namespace

LINDWURM_WIDEST_VECTORS
void combine(const WeightedSlice* slices, int count, int length, double* out) {
  int at = 0;
  for (; at + 4 * width <= length; at += 4 * width)
    combine_block<4>(slices, count, at, out);
  for (; at + width <= length; at += width)
    combine_block<1>(slices, count, at, out);
  if (at == length) return;
  if (length >= width) {
    combine_block<1>(slices, count, length - width, out);
    return;
  }
  for (; at < length; ++at) {
    double sum = 0;
    for (int k = 0; k < count; ++k)
      sum += slices[k].weight * slices[k].values[at];
    out[at] = sum;
  }
}

LINDWURM_WIDEST_VECTORS
void add_permuted(const double* __restrict in, const int* __restrict order, int length,
                  double* __restrict out) {
  for (int k = 0; k < length; ++k)
    out[k] += in[order[k]];
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

struct BandTerms {
  const BandTerm* terms;
  int count;
};

template <int lanes>
[[gnu::always_inline]] inline void add_band_rows(BandTerms plain, BandTerms turned, int row,
                                                 double* out_u, double* out_v) {
  Lane u[lanes];
  Lane v[lanes];
#pragma GCC unroll 4
  for (int l = 0; l < lanes; ++l) {
    u[l] = load(out_u + row + l * width);
    v[l] = load(out_v + row + l * width);
  }
  for (int k = 0; k < plain.count; ++k) {
    const BandTerm& term = plain.terms[k];
#pragma GCC unroll 4
    for (int l = 0; l < lanes; ++l) {
      const Lane value = load(term.values + row + l * width);
      u[l] += value * load(term.in_u + row + l * width);
      v[l] += value * load(term.in_v + row + l * width);
    }
  }
  for (int k = 0; k < turned.count; ++k) {
    const BandTerm& term = turned.terms[k];
#pragma GCC unroll 4
    for (int l = 0; l < lanes; ++l) {
      const Lane value = load(term.values + row + l * width);
      u[l] += value * load(term.in_u + row + l * width);
      v[l] -= value * load(term.in_v + row + l * width);
    }
  }
#pragma GCC unroll 4
  for (int l = 0; l < lanes; ++l) {
    store(out_u + row + l * width, u[l]);
    store(out_v + row + l * width, v[l]);
  }
}

LINDWURM_WIDEST_VECTORS
void add_bands_to_pair(BandTerms plain, BandTerms turned, int rows, double* out_u, double* out_v) {
  int row = 0;
  for (; row + 2 * width <= rows; row += 2 * width)
    add_band_rows<2>(plain, turned, row, out_u, out_v);
  for (; row + width <= rows; row += width)
    add_band_rows<1>(plain, turned, row, out_u, out_v);
  for (; row < rows; ++row) {
    for (int k = 0; k < plain.count; ++k) {
      out_u[row] += plain.terms[k].values[row] * plain.terms[k].in_u[row];
      out_v[row] += plain.terms[k].values[row] * plain.terms[k].in_v[row];
    }
    for (int k = 0; k < turned.count; ++k) {
      out_u[row] += turned.terms[k].values[row] * turned.terms[k].in_u[row];
      out_v[row] -= turned.terms[k].values[row] * turned.terms[k].in_v[row];
    }
  }
}

}  // namespace

void add_band_terms(const std::vector<BandTerm>& plain, const std::vector<BandTerm>& turned,
                    int rows, double* out_u, double* out_v) {
  add_bands_to_pair({plain.data(), static_cast<int>(plain.size())},
                    {turned.data(), static_cast<int>(turned.size())}, rows, out_u, out_v);
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
