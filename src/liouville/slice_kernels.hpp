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

/// A matrix stored by stretches of its diagonals.
class BandedMatrix {
 public:
  struct Entry {
    int row;
    int column;
    double value;
  };
  /// No two entries in one place.
  explicit BandedMatrix(std::vector<Entry> entries);

  [[nodiscard]] bool is_empty() const { return bands_.empty(); }
  /// out += M in.
  void add_product(const double* in, double* out) const;

 private:
  struct Band {
    int row;
    int column;
    int length;
    int first;  // of its values
  };
  std::vector<Band> bands_;
  std::vector<double> values_;
};

}  // namespace lindwurm
