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
void add_turned(SlicePair in, int length, SlicePair out) {
  for (int k = 0; k < length; ++k) {
    out.u[k] += in.v[k];
    out.v[k] -= in.u[k];
  }
}

namespace {

LINDWURM_WIDEST_VECTORS
void add_stretch(const double* __restrict values, const double* __restrict in, int length,
                 double* __restrict out) {
  for (int k = 0; k < length; ++k)
    out[k] += values[k] * in[k];
}

LINDWURM_WIDEST_VECTORS
void subtract_stretch(const double* __restrict values, const double* __restrict in, int length,
                      double* __restrict out) {
  for (int k = 0; k < length; ++k)
    out[k] -= values[k] * in[k];
}

// Diagonals in full, eight rows at a time: values[block][diagonal][row].
struct FullBands {
  const int* offsets;
  int count;
  const double* values;
  int rows;
};

[[gnu::always_inline]] inline Lane load(const double* from) {
  return *reinterpret_cast<const Lane*>(from);
}

[[gnu::always_inline]] inline void store(double* to, Lane value) {
  *reinterpret_cast<Lane*>(to) = value;
}

LINDWURM_WIDEST_VECTORS
void add_bands(const FullBands& bands, const double* in, double* out) {
  int row = 0;
  const double* values = bands.values;
  for (; row + width <= bands.rows; row += width) {
    Lane sum = load(out + row);
    for (int d = 0; d < bands.count; ++d, values += width)
      sum += load(values) * load(in + row + bands.offsets[d]);
    store(out + row, sum);
  }
  for (; row < bands.rows; ++row, ++values) {
    for (int d = 0; d < bands.count; ++d)
      out[row] += values[d * width] * in[row + bands.offsets[d]];
  }
}

// The sign of the second slice's product is that of a product with i, or plain.
template <bool is_turned>
[[gnu::always_inline]] inline void add_bands_to_pair(const FullBands& bands, const double* in_u,
                                                     const double* in_v, SlicePair out) {
  int row = 0;
  const double* values = bands.values;
  for (; row + width <= bands.rows; row += width) {
    Lane u = load(out.u + row);
    Lane v = load(out.v + row);
    for (int d = 0; d < bands.count; ++d, values += width) {
      const Lane value = load(values);
      u += value * load(in_u + row + bands.offsets[d]);
      if constexpr (is_turned) {
        v -= value * load(in_v + row + bands.offsets[d]);
      } else {
        v += value * load(in_v + row + bands.offsets[d]);
      }
    }
    store(out.u + row, u);
    store(out.v + row, v);
  }
  for (; row < bands.rows; ++row, ++values) {
    for (int d = 0; d < bands.count; ++d) {
      const double value = values[d * width];
      out.u[row] += value * in_u[row + bands.offsets[d]];
      const double product = value * in_v[row + bands.offsets[d]];
      out.v[row] += is_turned ? -product : product;
    }
  }
}

LINDWURM_WIDEST_VECTORS
void add_bands(const FullBands& bands, SlicePair in, SlicePair out) {
  add_bands_to_pair<false>(bands, in.u, in.v, out);
}

LINDWURM_WIDEST_VECTORS
void add_turned_bands(const FullBands& bands, SlicePair in, SlicePair out) {
  add_bands_to_pair<true>(bands, in.v, in.u, out);
}

}  // namespace

BandedMatrix::BandedMatrix(int rows, std::vector<Entry> entries) : rows_(rows) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.column - a.row != b.column - b.row ? a.column - a.row < b.column - b.row
                                                : a.row < b.row;
  });
  std::vector<std::vector<double>> full;
  for (auto first = entries.begin(); first != entries.end();) {
    const int offset = first->column - first->row;
    auto last = first;
    while (last != entries.end() && last->column - last->row == offset)
      ++last;
    if (static_cast<double>(last - first) >= well_filled * rows) {
      offsets_.push_back(offset);
      reach_ = std::max(reach_, std::abs(offset));
      auto& band = full.emplace_back(rows, 0.0);
      for (auto entry = first; entry != last; ++entry)
        band[entry->row] = entry->value;
    } else {
      add_stretches(first, last);
    }
    first = last;
  }
  for (int block = 0; block < rows; block += width) {
    for (const auto& band : full) {
      for (int row = block; row < block + width; ++row)
        bands_.push_back(row < rows ? band[row] : 0.0);
    }
  }
}

void BandedMatrix::add_stretches(std::vector<Entry>::const_iterator first,
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
  if (!offsets_.empty()) {
    add_bands({offsets_.data(), static_cast<int>(offsets_.size()), bands_.data(), rows_}, in, out);
  }
  for (const Stretch& s : stretches_)
    add_stretch(values_.data() + s.first, in + s.column, s.length, out + s.row);
}

void BandedMatrix::add_product(SlicePair in, SlicePair out) const {
  if (!offsets_.empty()) {
    add_bands({offsets_.data(), static_cast<int>(offsets_.size()), bands_.data(), rows_}, in, out);
  }
  for (const Stretch& s : stretches_) {
    add_stretch(values_.data() + s.first, in.u + s.column, s.length, out.u + s.row);
    add_stretch(values_.data() + s.first, in.v + s.column, s.length, out.v + s.row);
  }
}

void BandedMatrix::add_turned_product(SlicePair in, SlicePair out) const {
  if (!offsets_.empty()) {
    add_turned_bands({offsets_.data(), static_cast<int>(offsets_.size()), bands_.data(), rows_}, in,
                     out);
  }
  for (const Stretch& s : stretches_) {
    add_stretch(values_.data() + s.first, in.v + s.column, s.length, out.u + s.row);
    subtract_stretch(values_.data() + s.first, in.u + s.column, s.length, out.v + s.row);
  }
}

}  // namespace lindwurm
