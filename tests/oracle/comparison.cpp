#include "oracle/comparison.hpp"

#include <algorithm>
#include <limits>

namespace oracle {

Matrix matrix_of(const lindwurm::Operator& a, const lindwurm::Space& space, double t) {
  std::vector<int> dimensions;
  for (int s = 0; s < space.sites(); ++s)
    dimensions.push_back(space.dimension(s));
  const auto d = static_cast<int>(space.dimension());
  Matrix sum = Matrix::Zero(d, d);
  for (const auto& term : a.terms()) {
    Matrix product = term.coefficient.at(t) * identity(d);
    for (const auto& factor : term.factors) {
      product = product * embed(Matrix(factor.matrix), factor.site, dimensions);
    }
    sum += product;
  }
  return sum;
}

double largest_difference(Mat packed, const lindwurm::PackedBasis& basis, const Matrix& l) {
  const Eigen::MatrixXd expected = oracle::packed(l);
  const auto d = basis.hilbert_dimension();
  const auto place = [&](std::int64_t position) {
    const auto [m, n] = basis.states(basis.element(position));
    return m * d + n;
  };
  std::vector<std::int64_t> places;
  for (std::int64_t position = 0; position < basis.size(); ++position) {
    places.push_back(place(position));
  }
  PetscInt first = 0;
  PetscInt last = 0;
  LINDWURM_PETSC(MatGetOwnershipRange(packed, &first, &last));
  double largest = expected.rows() == basis.size() ? 0 : std::numeric_limits<double>::infinity();
  for (PetscInt row = first; row < last; ++row) {
    Eigen::RowVectorXd left = expected.row(places[row]);
    PetscInt count = 0;
    const PetscInt* columns = nullptr;
    const PetscScalar* values = nullptr;
    LINDWURM_PETSC(MatGetRow(packed, row, &count, &columns, &values));
    for (PetscInt k = 0; k < count; ++k)
      left(places[columns[k]]) -= values[k];
    LINDWURM_PETSC(MatRestoreRow(packed, row, &count, &columns, &values));
    largest = std::max(largest, left.cwiseAbs().maxCoeff());
  }
  MPI_Comm comm = MPI_COMM_NULL;
  LINDWURM_PETSC(PetscObjectGetComm(reinterpret_cast<PetscObject>(packed), &comm));
  MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, comm);
  return largest;
}

int part_of(int state, const lindwurm::Space& space, unsigned bits, bool chosen) {
  std::vector<int> digits(space.sites());
  for (int s = space.sites(); s-- > 0;) {
    digits[s] = state % space.dimension(s);
    state /= space.dimension(s);
  }
  int index = 0;
  for (int s = 0; s < space.sites(); ++s)
    if (((bits >> s & 1U) != 0) == chosen) index = index * space.dimension(s) + digits[s];
  return index;
}

double distance(const Matrix& rho, const Matrix& sigma) {
  return (rho - sigma).cwiseAbs().maxCoeff();
}

double matching_distance(const std::vector<Complex>& found, std::vector<Complex> expected) {
  if (found.size() > expected.size()) return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (Complex value : found) {
    const auto nearest = std::min_element(
        expected.begin(), expected.end(),
        [&](Complex a, Complex b) { return std::abs(a - value) < std::abs(b - value); });
    largest = std::max(largest, std::abs(*nearest - value));
    expected.erase(nearest);
  }
  return largest;
}

Matrix stored_states(const lindwurm::Space& space) {
  Matrix all = Matrix::Identity(1, 1);
  for (int s = 0; s < space.sites(); ++s) {
    Matrix site = identity(space.dimension(s));
    if (space.is_along_x(s)) site << 1, 1, 1, -1;
    if (space.is_along_x(s)) site /= std::sqrt(2.0);
    all = kron(all, site);
  }
  return all;
}

}  // namespace oracle
