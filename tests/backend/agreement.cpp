// A failure on one rank is the same failure on all; exceptions come through C libraries.
#include "lindwurm/backend/agreement.hpp"

#include <boost/test/unit_test.hpp>
#include <new>
#include <string>

#include "lindwurm/backend/callback.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"

using lindwurm::agree;
using lindwurm::Error;
using lindwurm::InputError;

static const MPI_Comm comm = lindwurm::Session::communicator();

static int own_rank() {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

static int all_ranks() {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  return ranks;
}

struct Told {
  bool is_input = false;
  std::string text;
};

template <typename Action>
static Told told_by(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    return {true, error.what()};
  } catch (const Error& error) {
    return {false, error.what()};
  }
  return {};
}

BOOST_AUTO_TEST_SUITE(agreement)

BOOST_AUTO_TEST_CASE(a_failure_on_one_rank_is_one_on_all) {
  for (int failing = 0; failing < all_ranks(); ++failing) {
    const Told input = told_by([&] {
      agree(comm, [&] {
        if (own_rank() == failing) throw InputError("line 3 of rank " + std::to_string(failing));
      });
    });
    BOOST_TEST(input.is_input);
    BOOST_TEST(input.text == "line 3 of rank " + std::to_string(failing));

    const Told run = told_by([&] {
      (void)agree(comm, [&] {
        if (own_rank() == failing) throw std::runtime_error("LAPACK gave up");
        return 1;
      });
    });
    BOOST_TEST(!run.is_input);
    BOOST_TEST(run.text == "LAPACK gave up");

    const Told memory = told_by([&] {
      agree(comm, [&] {
        if (own_rank() == failing) throw std::bad_alloc();
      });
    });
    BOOST_TEST(!memory.is_input);
    BOOST_TEST(memory.text.find("memory") != std::string::npos);

    const Told odd = told_by([&] {
      agree(comm, [&] {
        if (own_rank() == failing) throw 7;
      });
    });
    BOOST_TEST(!odd.text.empty());
  }
}

BOOST_AUTO_TEST_CASE(of_several_failures_all_ranks_throw_the_first) {
  const int first = all_ranks() > 2 ? 1 : 0;
  const Told told = told_by([&] {
    agree(comm, [&] {
      if (own_rank() >= first) throw Error("rank " + std::to_string(own_rank()));
    });
  });
  BOOST_TEST(told.text == "rank " + std::to_string(first));
}

BOOST_AUTO_TEST_CASE(without_a_failure_each_rank_has_its_own_result) {
  BOOST_TEST(agree(comm, [] { return own_rank() + 10; }) == own_rank() + 10);
  BOOST_CHECK_NO_THROW(agree(comm, nullptr));
}

BOOST_AUTO_TEST_CASE(work_of_rank_0_fails_on_all_ranks) {
  int calls = 0;
  lindwurm::on_rank_0(comm, [&] { ++calls; });
  BOOST_TEST(calls == (own_rank() == 0 ? 1 : 0));
  const Told told =
      told_by([] { lindwurm::on_rank_0(comm, [] { throw Error("LAPACK's dgeev gave 3"); }); });
  BOOST_TEST(!told.is_input);
  BOOST_TEST(told.text == "LAPACK's dgeev gave 3");
  const Told memory = told_by([] { lindwurm::on_rank_0(comm, [] { throw std::bad_alloc(); }); });
  BOOST_TEST(memory.text.find("memory") != std::string::npos);
}

// The ranks of a test share a machine.
BOOST_AUTO_TEST_CASE(needs_of_one_machine_are_added_up) {
  const auto memory = lindwurm::tightest_node(1e3 * (own_rank() + 1), comm);
  const int ranks = all_ranks();
  BOOST_TEST(memory.needed == 1e3 * ranks * (ranks + 1) / 2);
  BOOST_TEST(memory.suffices());
  BOOST_TEST(!lindwurm::tightest_node(1e30, comm).suffices());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(callbacks)

enum class Kind { input, error, memory, unknown };

static PetscErrorCode fail(Mat shell, Vec, Vec) {
  return lindwurm::petsc_callback([&] {
    void* kind = nullptr;
    LINDWURM_PETSC(MatShellGetContext(shell, &kind));
    switch (*static_cast<Kind*>(kind)) {
      case Kind::input:
        throw InputError("the rate of loss is -0.2 at t = 1");
      case Kind::error:
        throw Error("a mistake with 100 % of the text");
      case Kind::memory:
        throw std::bad_alloc();
      case Kind::unknown:
        throw 7;
    }
  });
}

// What LINDWURM_PETSC throws around a solver that multiplies with a shell that fails.
static Told told_by_solver(Kind kind) {
  lindwurm::MatHandle shell;
  LINDWURM_PETSC(MatCreateShell(comm, 2, 2, PETSC_DETERMINE, PETSC_DETERMINE, &kind, shell.put()));
  LINDWURM_PETSC(MatShellSetOperation(shell, MATOP_MULT, reinterpret_cast<void (*)(void)>(fail)));
  lindwurm::VecHandle x;
  lindwurm::VecHandle b;
  LINDWURM_PETSC(MatCreateVecs(shell, x.put(), b.put()));
  LINDWURM_PETSC(VecSet(b, 1.0));
  lindwurm::KspHandle ksp;
  LINDWURM_PETSC(KSPCreate(comm, ksp.put()));
  LINDWURM_PETSC(KSPSetOperators(ksp, shell, shell));
  PC pc = nullptr;
  LINDWURM_PETSC(KSPGetPC(ksp, &pc));
  LINDWURM_PETSC(PCSetType(pc, PCNONE));
  return told_by([&] { LINDWURM_PETSC(KSPSolve(ksp, b, x)); });
}

BOOST_AUTO_TEST_CASE(exceptions_of_any_kind_come_through_petsc_with_their_text) {
  const Told input = told_by_solver(Kind::input);
  BOOST_TEST(input.is_input);
  BOOST_TEST(input.text == "the rate of loss is -0.2 at t = 1");
  const Told error = told_by_solver(Kind::error);
  BOOST_TEST(!error.is_input);
  BOOST_TEST(error.text.find("a mistake with 100 % of the text") != std::string::npos);
  BOOST_TEST(error.text.find("KSPSolve") != std::string::npos);
  BOOST_TEST(told_by_solver(Kind::memory).text.find("memory is used up") != std::string::npos);
  BOOST_TEST(told_by_solver(Kind::unknown).text.find("unknown") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_first_exception_is_kept) {
  std::exception_ptr kept;
  const auto code = lindwurm::petsc_callback(kept, [] { throw Error("first"); });
  BOOST_TEST(code != 0);
  BOOST_TEST(lindwurm::sundials_callback(kept, -1, []() -> int { throw Error("second"); }) == -1);
  BOOST_TEST(told_by([&] { std::rethrow_exception(kept); }).text == "first");
  BOOST_TEST(lindwurm::sundials_callback(kept, -1, [] { return 3; }) == 3);
}

BOOST_AUTO_TEST_SUITE_END()
