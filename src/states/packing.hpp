// Functions shared by the packing of density operators and of kets.
#pragma once

#include <Eigen/Core>
#include <string_view>
#include <vector>

#include "generator/ket_slices.hpp"
#include "lindwurm/generator/packed_generator.hpp"
#include "sectors/bras.hpp"

namespace lindwurm {

// A new vector. write(values, first, last) fills this rank's rows.
template <typename Write>
VecHandle written(const PackedGenerator& generator, Write write) {
  VecHandle packed = generator.vector();
  PetscInt first = 0;
  PetscInt last = 0;
  LINDWURM_PETSC(VecGetOwnershipRange(packed, &first, &last));
  PetscScalar* values = nullptr;
  LINDWURM_PETSC(VecGetArrayWrite(packed, &values));
  write(values, first, last);
  LINDWURM_PETSC(VecRestoreArrayWrite(packed, &values));
  return packed;
}

// Fills this rank's rows with the sum of the real and the imaginary part of each element.
template <typename Element>
VecHandle fill(const PackedGenerator& generator, Element element) {
  return written(generator, [&](PetscScalar* values, PetscInt first, PetscInt last) {
    for (PetscInt row = first; row < last; ++row) {
      const Complex value = element(generator.basis().element(row));
      values[row - first] = value.real() + value.imag();
    }
  });
}

// The same for a ket. slice_of(outer) gives the data of an outer index that its slice needs, and
// number_of(slice, inner) the amplitude at an inner index.
template <typename SliceOf, typename NumberOf>
VecHandle fill_ket(const PackedGenerator& generator, SliceOf slice_of, NumberOf number_of) {
  return written(generator, [&](PetscScalar* values, PetscInt first, PetscInt last) {
    over_ket_slices(generator.basis(), first, last,
                    [&](const PackedBasis::Leader& leader, std::int64_t start,
                        const std::vector<int>& elements) {
                      const auto slice = slice_of(leader.outer);
                      PetscScalar* here = values + (start - first);
                      PetscScalar* mirrored = here + elements.size();
                      for (int i : elements) {
                        const Complex value = number_of(slice, i);
                        *here++ = value.real() + value.imag();
                        *mirrored++ = value.real() - value.imag();
                      }
                    });
  });
}

inline constexpr std::string_view name_of_ket_generator = "generator of kets";

// Throws the error for a state that lies outside the sector.
[[noreturn]] void refuse_state(std::string_view generator);

// Throws InputError for an observable that depends on time.
void require_constant_observable(const Operator& a);

// Transforms between the axes of the model's words and those along which the spins are stored. The
// transformation is its own inverse.
void change_spin_axes(Eigen::VectorXcd& psi, const Space& space);
// rho in the basis in which the space stores it, from the product basis of the model's words, and
// back.
[[nodiscard]] Eigen::MatrixXcd in_stored_basis(Eigen::MatrixXcd rho, const Space& space);
[[nodiscard]] Eigen::MatrixXcd from_stored_basis(Eigen::MatrixXcd rho, const Space& space);

// A copy of the whole vector on every rank. Collective.
[[nodiscard]] VecHandle on_every_rank(Vec packed);

}  // namespace lindwurm
