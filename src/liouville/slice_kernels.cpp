#include "slice_kernels.hpp"

#include <algorithm>

// Where the loader can choose among versions of a function, it takes the widest vectors that the
// processor has. Sanitizers run before the loader's choice and need the plain version.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LINDWURM_WIDEST_VECTORS __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define LINDWURM_WIDEST_VECTORS
#endif

namespace lindwurm {

namespace {

constexpr int width = 8;
using Lane = double __attribute__((vector_size(width * sizeof(double)), aligned(sizeof(double)),
                                   may_alias));

// Stretches of a diagonal that are this close are stored as one, with zeros between them.
constexpr int bridged_gap = 16;

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

namespace {

LINDWURM_WIDEST_VECTORS
void add_band(const double* __restrict values, const double* __restrict in, int length,
              double* __restrict out) {
  int at = 0;
  for (; at + width <= length; at += width) {
    *reinterpret_cast<Lane*>(out + at) += *reinterpret_cast<const Lane*>(values + at) *
                                          *reinterpret_cast<const Lane*>(in + at);
  }
  for (; at < length; ++at)
    out[at] += values[at] * in[at];
}

}  // namespace

BandedMatrix::BandedMatrix(std::vector<Entry> entries) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.column - a.row != b.column - b.row ? a.column - a.row < b.column - b.row
                                                : a.row < b.row;
  });
  for (const Entry& entry : entries) {
    if (!bands_.empty()) {
      Band& last = bands_.back();
      const int gap = entry.row - (last.row + last.length);
      if (last.column - last.row == entry.column - entry.row && gap <= bridged_gap) {
        values_.insert(values_.end(), gap, 0.0);
        values_.push_back(entry.value);
        last.length += gap + 1;
        continue;
      }
    }
    bands_.push_back({entry.row, entry.column, 1, static_cast<int>(values_.size())});
    values_.push_back(entry.value);
  }
}

void BandedMatrix::add_product(const double* in, double* out) const {
  for (const Band& band : bands_) {
    add_band(values_.data() + band.first, in + band.column, band.length, out + band.row);
  }
}

}  // namespace lindwurm
