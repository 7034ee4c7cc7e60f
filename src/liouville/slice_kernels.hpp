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

/// out.u += in.v, out.v -= in.u: a pair of slices times i.
void add_turned(SlicePair in, int length, SlicePair out);

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
  /// out += M in for one slice.
  void add_product(const double* in, double* out) const;
  /// out += M in for both slices.
  void add_product(SlicePair in, SlicePair out) const;
  /// out.u += M in.v, out.v -= M in.u: i M in.
  void add_turned_product(SlicePair in, SlicePair out) const;

 private:
  struct Stretch {
    int row;
    int column;
    int length;
    int first;  // of its values
  };
  void add_stretches(std::vector<Entry>::const_iterator first,
                     std::vector<Entry>::const_iterator last);

  int rows_;
  int reach_ = 0;
  std::vector<int> offsets_;   // of the diagonals in full
  std::vector<double> bands_;  // for every eight rows, eight values of each diagonal
  std::vector<Stretch> stretches_;
  std::vector<double> values_;
};

}  // namespace lindwurm
