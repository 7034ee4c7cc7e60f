// The inner loops of the matrix-free product: contiguous, and compiled for several instruction sets
// of which the best is taken at run time.
#pragma once

#include <cstdint>
#include <vector>

namespace lindwurm {

/// Loops take so many numbers at once, and are fastest where these start in places that are a
/// multiple of this.
inline constexpr int lane = 8;

/// The number of doubles up to such a place.
[[nodiscard]] inline int before_alignment(const double* values) {
  const auto past = reinterpret_cast<std::uintptr_t>(values) / sizeof(double) % lane;
  return static_cast<int>((lane - past) % lane);
}

/// A slice and its weight in a linear combination.
struct WeightedSlice {
  const double* values;
  double weight;
};

/// out = sum_k weight_k values_k, at least one; out overlaps none of them.
void combine(const WeightedSlice* slices, int count, int length, double* out);

/// out[k] += weight in[order[k]]
void add_permuted(WeightedSlice in, const int* order, int length, double* out);

/// One diagonal of a matrix beside what it multiplies, for a slice and its mirror.
struct BandTerm {
  const double* values;  ///< for each row, and zeros up to the next multiple of band_padding
  const double* in_u;
  const double* in_v;
};
inline constexpr int band_padding = 16;

/// A pair of slices: out_u = base_u + sum value in_u over both lists; out_v = base_v + sum value
/// in_v over `plain`, and minus that over `turned`.
struct BandedPair {
  /// v lies behind u; no terms.
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

/// `out` overlaps nothing that is read.
void apply_bands(const BandedPair& pair);

/// A matrix stored by its diagonals: those that are well filled in full, stretches of the others.
class BandedMatrix {
 public:
  struct Entry {
    int row;
    int column;
    double value;
  };
  /// No two entries in one place.
  BandedMatrix(int rows, std::vector<Entry> entries);

  [[nodiscard]] bool is_empty() const { return offsets_.empty() && stretches_.empty(); }
  /// How far before and after the slices `in` is read, the numbers there counting as nothing.
  [[nodiscard]] int reach() const { return reach_; }
  /// out += M in.
  void add_product(const double* in, double* out) const;
  /// The diagonals that are stored in full, as terms for in_u and in_v.
  void add_terms(const double* in_u, const double* in_v, std::vector<BandTerm>& terms) const;
  /// out += sign M in for the others alone.
  void add_stretches(const double* in, double sign, double* out) const;

 private:
  struct Stretch {
    int row;
    int column;
    int length;
    int first;  // of its values
  };
  void store_stretches(std::vector<Entry>::const_iterator first,
                       std::vector<Entry>::const_iterator last);

  int rows_;
  int stride_;  // rows, rounded up
  int reach_ = 0;
  std::vector<int> offsets_;   // of the diagonals in full
  std::vector<double> bands_;  // one after the other
  std::vector<Stretch> stretches_;
  std::vector<double> values_;
};

}  // namespace lindwurm
