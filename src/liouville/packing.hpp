// What the packing of density operators and of kets has in common.
#pragma once

#include <Eigen/Dense>
#include <string_view>

#include "ket_slices.hpp"
#include "lindwurm/liouville/packed_generator.hpp"

namespace lindwurm {

// A new vector of which write(values, first, last) fills this rank's rows.
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

// Fills this rank's rows with the real and the imaginary part of each element, added up.
template <typename Element>
VecHandle fill(const PackedGenerator& generator, Element element) {
  return written(generator, [&](PetscScalar* values, PetscInt first, PetscInt last) {
    for (PetscInt row = first; row < last; ++row) {
      const Complex value = element(generator.basis().element(row));
      values[row - first] = value.real() + value.imag();
    }
  });
}

// The same of a ket: slice_of(outer) is what an outer index tells of its slice, and
// number_of(slice, inner) the number for an inner index.
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

// For a state that lies outside the sector.
[[noreturn]] void refuse_state(std::string_view generator);

// Throws InputError for an observable that depends on time.
void require_constant_observable(const Operator& a);

// Between the axes of the model's words and those that the spins are stored along, both ways.
void change_spin_axes(Eigen::VectorXcd& psi, const Space& space);
void change_spin_axes(Eigen::MatrixXcd& rho, const Space& space);

// All of a vector. Collective.
[[nodiscard]] VecHandle on_every_rank(Vec packed);

}  // namespace lindwurm
