// The inner loops of the matrix-free product. They work on contiguous data and are compiled for
// several instruction sets; the best one is chosen at run time.
#pragma once

#include <cstdint>
#include <vector>

namespace lindwurm {

/// Loops process this many numbers at a time. They are fastest if the data starts at a multiple of
/// this.
inline constexpr int lane = 8;

/// The number of doubles up to the next such start.
[[nodiscard]] inline int before_alignment(const double* values) {
  const auto past = reinterpret_cast<std::uintptr_t>(values) / sizeof(double) % lane;
  return static_cast<int>((lane - past) % lane);
}

/// A slice and its weight in a linear combination.
struct WeightedSlice {
  const double* values;
  double weight;
};

/// out = sum_k weight_k values_k with at least one term. out must not overlap any of them.
void combine(const WeightedSlice* slices, int count, int length, double* out);

/// out[k] += weight in[order[k]]
void add_permuted(WeightedSlice in, const int* order, int length, double* out);

/// One diagonal of a matrix and its operands, for a slice and its mirror.
struct BandTerm {
  const double* values;  ///< one for each row, and zeros up to the next multiple of band_padding
  const double* in_u;
  const double* in_v;
};
inline constexpr int band_padding = 16;

/// The equations of a pair of slices: out_u = base_u + sum value in_u over both lists, and
/// out_v = base_v + sum value in_v over `plain` minus that over `turned`.
struct BandedPair {
  /// Sets the rows, with v directly after u, and removes all terms.
  void set_rows(int count, const double* base, double* out) {
    rows = count;
    base_u = base;
    base_v = base + count;
    out_u = out;
    out_v = out + count;
    plain.clear();
    turned.clear();
  }

  int rows = 0;
  const double* base_u = nullptr;
  const double* base_v = nullptr;
  double* out_u = nullptr;
  double* out_v = nullptr;
  std::vector<BandTerm> plain;
  std::vector<BandTerm> turned;
};

/// `out` must not overlap anything that is read.
void apply_bands(const BandedPair& pair);

/// A matrix stored by its diagonals. Diagonals with many entries are stored in full, and the others
/// as runs of entries.
class BandedMatrix {
 public:
  struct Entry {
    int row;
    int column;
    double value;
  };
  /// No two entries may have the same position.
  BandedMatrix(int rows, std::vector<Entry> entries);

  [[nodiscard]] bool is_empty() const { return offsets_.empty() && stretches_.empty(); }
  /// The number of places before and after the slices at which `in` is read. The numbers there are
  /// multiplied by zero.
  [[nodiscard]] int reach() const { return reach_; }
  /// out += M in.
  void add_product(const double* in, double* out) const;
  /// Adds the diagonals that are stored in full as terms for in_u and in_v.
  void add_terms(const double* in_u, const double* in_v, std::vector<BandTerm>& terms) const;
  /// out += sign M in, with only the diagonals that are stored as runs.
  void add_stretches(const double* in, double sign, double* out) const;

 private:
  struct Stretch {
    int row;
    int column;
    int length;
    int first;  // the first of its values
  };
  void store_stretches(std::vector<Entry>::const_iterator first,
                       std::vector<Entry>::const_iterator last);

  int rows_;
  int stride_;  // the number of rows, rounded up
  int reach_ = 0;
  std::vector<int> offsets_;   // the offsets of the diagonals that are stored in full
  std::vector<double> bands_;  // their values, one diagonal after the other
  std::vector<Stretch> stretches_;
  std::vector<double> values_;
};

}  // namespace lindwurm
