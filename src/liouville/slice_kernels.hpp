// The inner loops of the matrix-free product: contiguous, and compiled for several instruction sets
// of which the best is taken at run time.
#pragma once

#include <vector>

namespace lindwurm {

/// A slice and its weight in a linear combination.
struct WeightedSlice {
  const double* values;
  double weight;
};

/// out = sum_k weight_k values_k, at least one; out overlaps none of them.
void combine(const WeightedSlice* slices, int count, int length, double* out);

/// Elements of a slice and of its mirror.
struct SlicePair {
  double* u;
  double* v;
};

/// out[k] += in[order[k]]
void add_permuted(const double* in, const int* order, int length, double* out);

/// One diagonal of a matrix beside what it multiplies, for a slice and its mirror.
struct BandTerm {
  const double* values;  ///< for each row, and zeros up to the next multiple of band_padding
  const double* in_u;
  const double* in_v;
};
inline constexpr int band_padding = 16;

/// out_u += sum value in_u over both lists; out_v += sum value in_v over `plain`, and minus that
/// over `turned`. `in` is read up to band_padding beyond the slice's end.
void add_band_terms(const std::vector<BandTerm>& plain, const std::vector<BandTerm>& turned,
                    int rows, double* out_u, double* out_v);

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
