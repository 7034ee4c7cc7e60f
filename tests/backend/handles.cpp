// Owning handles of PETSc objects.
#include <boost/test/unit_test.hpp>
#include <type_traits>
#include <utility>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/petsc.hpp"

using lindwurm::Handle;
using lindwurm::VecHandle;

// An object that counts how often it is destroyed.
struct Counted {
  int destroyed = 0;
};

static PetscErrorCode destroy(Counted** object) {
  ++(*object)->destroyed;
  *object = nullptr;
  return 0;
}

using CountedHandle = Handle<Counted*, destroy>;

BOOST_AUTO_TEST_SUITE(handles)

static_assert(!std::is_copy_constructible_v<VecHandle>);
static_assert(!std::is_copy_assignable_v<VecHandle>);
static_assert(std::is_nothrow_move_constructible_v<VecHandle>);
static_assert(std::is_nothrow_move_assignable_v<VecHandle>);

BOOST_AUTO_TEST_CASE(an_empty_handle_destroys_nothing) {
  const CountedHandle handle;
  BOOST_TEST(handle.get() == nullptr);
}

BOOST_AUTO_TEST_CASE(an_object_is_destroyed_once) {
  Counted object;
  {
    const CountedHandle handle(&object);
    BOOST_TEST(handle.get() == &object);
    BOOST_TEST(object.destroyed == 0);
  }
  BOOST_TEST(object.destroyed == 1);
}

BOOST_AUTO_TEST_CASE(moving_hands_the_object_over) {
  Counted object;
  {
    CountedHandle first(&object);
    const CountedHandle second(std::move(first));
    BOOST_TEST(first.get() == nullptr);
    BOOST_TEST(second.get() == &object);
    BOOST_TEST(object.destroyed == 0);
  }
  BOOST_TEST(object.destroyed == 1);
}

BOOST_AUTO_TEST_CASE(assignment_takes_the_object_and_both_are_destroyed_once) {
  Counted first;
  Counted second;
  {
    CountedHandle target(&first);
    CountedHandle source(&second);
    target = std::move(source);
    BOOST_TEST(target.get() == &second);
    BOOST_TEST(second.destroyed == 0);
  }
  BOOST_TEST(first.destroyed == 1);
  BOOST_TEST(second.destroyed == 1);
}

BOOST_AUTO_TEST_CASE(assignment_of_a_temporary_ends_the_old_object_at_once) {
  Counted first;
  Counted second;
  CountedHandle target(&first);
  target = CountedHandle(&second);
  BOOST_TEST(first.destroyed == 1);
  BOOST_TEST(second.destroyed == 0);
  target = CountedHandle();
  BOOST_TEST(second.destroyed == 1);
  BOOST_TEST(target.get() == nullptr);
}

BOOST_AUTO_TEST_CASE(assignment_to_itself_keeps_the_object) {
  Counted object;
  {
    CountedHandle handle(&object);
    CountedHandle& same = handle;
    handle = std::move(same);
    BOOST_TEST(handle.get() == &object);
    BOOST_TEST(object.destroyed == 0);
  }
  BOOST_TEST(object.destroyed == 1);
}

BOOST_AUTO_TEST_CASE(put_ends_the_old_object_and_takes_the_new) {
  Counted first;
  Counted second;
  {
    CountedHandle handle(&first);
    Counted** place = handle.put();
    BOOST_TEST(first.destroyed == 1);
    BOOST_TEST(*place == nullptr);
    *place = &second;
    BOOST_TEST(handle.get() == &second);
  }
  BOOST_TEST(second.destroyed == 1);
}

BOOST_AUTO_TEST_CASE(petsc_objects_lose_their_reference) {
  VecHandle outer;
  LINDWURM_PETSC(VecCreateMPI(PETSC_COMM_WORLD, PETSC_DECIDE, 10, outer.put()));
  const auto references = [&] {
    PetscInt count = 0;
    LINDWURM_PETSC(PetscObjectGetReference(reinterpret_cast<PetscObject>(outer.get()), &count));
    return count;
  };
  {
    LINDWURM_PETSC(PetscObjectReference(reinterpret_cast<PetscObject>(outer.get())));
    VecHandle inner(outer.get());
    const VecHandle moved = std::move(inner);
    BOOST_TEST(references() == 2);
  }
  BOOST_TEST(references() == 1);
}

BOOST_AUTO_TEST_CASE(duplicates_share_the_layout_only) {
  VecHandle first;
  LINDWURM_PETSC(VecCreateMPI(PETSC_COMM_WORLD, PETSC_DECIDE, 11, first.put()));
  LINDWURM_PETSC(VecSet(first, 2.0));
  const VecHandle second = lindwurm::duplicate(first);
  LINDWURM_PETSC(VecSet(second, 3.0));
  PetscInt size = 0;
  PetscInt local = 0;
  PetscInt expected = 0;
  LINDWURM_PETSC(VecGetSize(second, &size));
  LINDWURM_PETSC(VecGetLocalSize(second, &local));
  LINDWURM_PETSC(VecGetLocalSize(first, &expected));
  PetscScalar sum = 0;
  LINDWURM_PETSC(VecSum(first, &sum));
  BOOST_TEST(size == 11);
  BOOST_TEST(local == expected);
  BOOST_TEST(sum == 22);
}

BOOST_AUTO_TEST_SUITE_END()
