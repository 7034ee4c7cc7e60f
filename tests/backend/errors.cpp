// Failed calls become exceptions that say which call failed.
#include "lindwurm/backend/error.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/backend/sundials.hpp"
#include "lindwurm/sectors/packed_basis.hpp"

using lindwurm::Error;
using lindwurm::InputError;
using lindwurm::PackedBasis;
using lindwurm::Space;

BOOST_AUTO_TEST_SUITE(errors)

template <typename Action>
static std::string message_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

static bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

BOOST_AUTO_TEST_CASE(a_failed_petsc_call_is_named) {
  lindwurm::VecHandle vector;
  LINDWURM_PETSC(VecCreateSeq(PETSC_COMM_SELF, 4, vector.put()));
  lindwurm::VecHandle longer;
  LINDWURM_PETSC(VecCreateSeq(PETSC_COMM_SELF, 5, longer.put()));
  const std::string message = message_of([&] { LINDWURM_PETSC(VecCopy(vector, longer)); });
  BOOST_TEST(holds(message, "VecCopy(vector, longer)"));
  BOOST_TEST(holds(message, "errors.cpp:"));
  BOOST_TEST(holds(message, "ncompatible"));
}

BOOST_AUTO_TEST_CASE(petsc_goes_on_after_an_error) {
  lindwurm::KspHandle ksp;
  LINDWURM_PETSC(KSPCreate(PETSC_COMM_WORLD, ksp.put()));
  BOOST_CHECK_THROW(LINDWURM_PETSC(KSPSetType(ksp, "no such solver")), Error);
  BOOST_CHECK_NO_THROW(LINDWURM_PETSC(KSPSetType(ksp, KSPGMRES)));
}

BOOST_AUTO_TEST_CASE(success_throws_nothing) {
  BOOST_CHECK_NO_THROW(lindwurm::check_petsc(static_cast<PetscErrorCode>(0), "nothing"));
  BOOST_CHECK_NO_THROW(lindwurm::check_sundials(0, "nothing"));
  BOOST_CHECK_NO_THROW(lindwurm::check_sundials(1, "a warning"));
}

BOOST_AUTO_TEST_CASE(a_failed_sundials_call_is_named) {
  const std::string message = message_of([] { LINDWURM_SUNDIALS(-4); });
  BOOST_TEST(holds(message, "-4"));
  BOOST_TEST(holds(message, "errors.cpp:"));
  N_Vector none = nullptr;
  BOOST_TEST(
      holds(message_of([&] { (void)lindwurm::own(none, "N_VMake_Petsc"); }), "N_VMake_Petsc"));
}

BOOST_AUTO_TEST_CASE(input_errors_are_errors) {
  BOOST_CHECK_THROW(throw InputError("wrong"), Error);
  BOOST_CHECK_THROW(throw InputError("wrong"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(sizes_beyond_the_indices_are_refused) {
  const double before = lindwurm::peak_memory_bytes(MPI_COMM_SELF);
  const std::string message = message_of([] {
    PackedBasis{Space{lindwurm::oscillator("mode", 1000), lindwurm::spins("bath", 6)}};
  });
  BOOST_TEST(holds(message, "64000"));
  BOOST_TEST(holds(message, "2147483647"));
  for (int count : {16, 31, 32, 33, 63, 64, 65, 128, 600, 5000}) {
    BOOST_CHECK_THROW(PackedBasis{Space{lindwurm::spins("s", count)}}, InputError);
  }
  BOOST_CHECK_THROW((void)density_elements(Space{lindwurm::oscillator("m", 46341)}), InputError);
  BOOST_CHECK_THROW((void)density_elements(Space{lindwurm::oscillator("m", 2147483647)}),
                    InputError);
  // Tables of the million elements of the oscillator alone are made before the unknowns are
  // counted.
  BOOST_TEST(lindwurm::peak_memory_bytes(MPI_COMM_SELF) - before < 3e7);
}

// What is conserved may leave few unknowns of many elements.
BOOST_AUTO_TEST_CASE(elements_are_counted_up_to_2_to_the_62) {
  BOOST_TEST((density_elements(Space{lindwurm::spins("s", 31)}).size() == std::int64_t{1} << 62));
  BOOST_CHECK_THROW((void)density_elements(Space{lindwurm::spins("s", 32)}), InputError);
}

BOOST_AUTO_TEST_CASE(dimensions_are_exact_up_to_2_to_the_62) {
  BOOST_TEST((Space{lindwurm::spins("s", 62)}.dimension() == std::int64_t{1} << 62));
  BOOST_TEST((Space{lindwurm::oscillators("m", 24, 5)}.dimension() == 59604644775390625));
  BOOST_CHECK_THROW((void)Space{lindwurm::spins("s", 63)}.dimension(), InputError);
  BOOST_CHECK_THROW((void)Space{lindwurm::spins("s", 5000)}.dimension(), InputError);
}

BOOST_AUTO_TEST_CASE(estimates_of_the_size_do_not_overflow) {
  BOOST_TEST((Space{lindwurm::spins("s", 64)}.dimension_estimate() == 18446744073709551616.0));
  BOOST_TEST(
      (Space{lindwurm::oscillator("m", 3), lindwurm::spins("s", 2)}.dimension_estimate() == 12.0));
}

BOOST_AUTO_TEST_CASE(memory_is_known) {
  BOOST_TEST(lindwurm::peak_memory_bytes(MPI_COMM_WORLD) > 1e6);
  BOOST_TEST(lindwurm::available_memory_bytes() > 1e6);
}

BOOST_AUTO_TEST_SUITE_END()
