// MPI and PETSc live as long as the tests.
#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/session.hpp"

// The registrar of the test module's tree, filled by the test cases themselves.
static bool registered() { return true; }

int main(int argc, char* argv[]) {
  const lindwurm::Session session;
  return boost::unit_test::unit_test_main(&registered, argc, argv);
}
