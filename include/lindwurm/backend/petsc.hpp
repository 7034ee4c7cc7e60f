// PETSc and SLEPc as Lindwurm uses them: real scalars, checked calls, owning handles.
#pragma once

#include <petscksp.h>
#include <slepceps.h>

#include <limits>
#include <random>
#include <source_location>
#include <string>
#include <utility>

#include "lindwurm/backend/random.hpp"

#ifdef PETSC_USE_COMPLEX
#error "Lindwurm packs Hermitian operators into real vectors and needs the real build of PETSc"
#endif

namespace lindwurm {

/// Throws lindwurm::Error with the failed call, its place and PETSc's own message.
void check_petsc(PetscErrorCode code, const char* call,
                 std::source_location where = std::source_location::current());

/// Every PETSc and SLEPc call goes through this.
#define LINDWURM_PETSC(call) ::lindwurm::check_petsc((call), #call)

/// The sole owner of a PETSc or SLEPc object. Destruction is collective, as in PETSc: handles of
/// parallel objects must be destroyed in the same order on all ranks.
template <typename Object, PetscErrorCode (*destroy)(Object*)>
class Handle {
 public:
  Handle() = default;
  explicit Handle(Object object) : object_(object) {}
  Handle(Handle&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (object_ != nullptr) destroy(&object_);
  }

  operator Object() const { return object_; }
  Object get() const { return object_; }
  /// For PETSc's creation functions, which write a new object to an address.
  Object* put() {
    if (object_ != nullptr) destroy(&object_);
    return &object_;
  }

 private:
  Object object_ = nullptr;
};

using VecHandle = Handle<Vec, VecDestroy>;
using MatHandle = Handle<Mat, MatDestroy>;
using IsHandle = Handle<IS, ISDestroy>;
using ScatterHandle = Handle<VecScatter, VecScatterDestroy>;
using KspHandle = Handle<KSP, KSPDestroy>;

/// The largest PetscInt. PETSc's own name for it depends on the version, and may be that of an
/// enumeration.
inline constexpr PetscInt largest_index = std::numeric_limits<PetscInt>::max();
/// A text for messages: "the 2147483647 that this PETSc's 32-bit indices can number".
[[nodiscard]] std::string index_limit();

/// A new vector with the parallel layout of `like`, not initialised. Collective.
VecHandle duplicate(Vec like);

/// The communicator of a vector.
[[nodiscard]] MPI_Comm communicator_of(Vec v);

/// The 2-norm. Collective.
[[nodiscard]] double norm(Vec v);
/// The scalar product. Collective.
[[nodiscard]] double dot(Vec a, Vec b);

/// Fills v with numbers distributed uniformly in [-1, 1]. Every rank draws the numbers of all rows,
/// so that they do not depend on the number of ranks.
void fill_randomly(Vec v, std::mt19937_64& random);

/// Sets the k-th entry of v to the k-th normally distributed number of `draws`. Not collective.
void fill_normally(Vec v, const Draws& draws);

/// Calls work(const PetscScalar* in, PetscScalar* out) on this rank's parts of two vectors. The
/// second one must be overwritten completely. Not collective.
template <typename Work>
void with_arrays(Vec in, Vec out, Work work) {
  const PetscScalar* from = nullptr;
  PetscScalar* to = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(in, &from));
  LINDWURM_PETSC(VecGetArrayWrite(out, &to));
  work(from, to);
  LINDWURM_PETSC(VecRestoreArrayWrite(out, &to));
  LINDWURM_PETSC(VecRestoreArrayRead(in, &from));
}

}  // namespace lindwurm
