// A preconditioner from outside the library: Jacobi's, the inverse of the diagonal of L - z.
#include "lindwurm/solve/preconditioner.hpp"

#include <boost/test/unit_test.hpp>
#include <complex>
#include <memory>
#include <vector>

#include "lindwurm/lindwurm.hpp"

using namespace lindwurm;
using namespace lindwurm::words;

namespace {

// The diagonal of the packed real matrix is Re L_xx. The imaginary part of z couples the real and
// the imaginary part of an element. It lies beside the diagonal, so Jacobi leaves it out.
class Jacobi : public PackedPreconditioner {
 public:
  Jacobi(const PackedGenerator& generator, Complex z) : inverse_(generator.vector()) {
    LINDWURM_PETSC(MatGetDiagonal(generator.constant_part(), inverse_));
    LINDWURM_PETSC(VecShift(inverse_, -z.real()));
    LINDWURM_PETSC(VecReciprocal(inverse_));
  }
  void solve(Vec b, Vec x) override { LINDWURM_PETSC(VecPointwiseMult(x, b, inverse_)); }
  void solve_transposed(Vec b, Vec x) override { solve(b, x); }

 private:
  VecHandle inverse_;
};

Preconditioner jacobi() {
  return {"jacobi", [](const PackedGenerator& generator, Complex z) {
            return std::make_unique<::Jacobi>(generator, z);
          }};
}

// Two coupled, damped and driven spins.
System spins_in_contact() {
  Model model(Space{spins("s", 2)});
  model.hamiltonian = 0.3 * sx("s[0]") + 0.5 * sz("s[1]") + 0.2 * sx("s[0]") * sx("s[1]");
  model.add({sm("s"), 0.4});
  model.add({sz("s[0]"), 0.1});
  return System(std::move(model));
}

std::shared_ptr<const MasterEquation> equation_of(const System& system) {
  return std::make_shared<const MasterEquation>(system, Session::communicator());
}

double distance(const SteadyState& a, const SteadyState& b) {
  const VecHandle difference = duplicate(a.state);
  LINDWURM_PETSC(VecWAXPY(difference, -1.0, a.state, b.state));
  return norm(difference);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(preconditioner)

BOOST_AUTO_TEST_CASE(the_steady_state_is_that_of_a_complete_factorisation) {
  const auto equation = equation_of(spins_in_contact());
  for (const Storage storage : {Storage::assembled, Storage::matrix_free}) {
    BOOST_TEST_CONTEXT(name_of(storage)) {
      const Liouvillian liouvillian(equation, {.storage = storage});
      const auto exact = steady_state(liouvillian, {.solver = SteadySolver::mumps});
      const auto found =
          steady_state(liouvillian, {.solver = SteadySolver::gmres, .preconditioner = jacobi()});
      BOOST_TEST(found.is_converged);
      BOOST_TEST(found.is_unique);
      BOOST_TEST(found.solver == "gmres");
      BOOST_TEST(found.preconditioner == "jacobi");
      BOOST_TEST(distance(found, exact) < 1e-10);
    }
  }
}

// Two conserved populations: the left null vectors need the transposed solve.
BOOST_AUTO_TEST_CASE(a_steady_state_that_is_not_unique_is_recognised) {
  Model model(Space{spin("s")});
  model.hamiltonian = 0.5 * sz("s");
  model.add({sz("s"), 0.3});
  const Liouvillian liouvillian(equation_of(System(std::move(model))), {});
  const auto found =
      steady_state(liouvillian, {.solver = SteadySolver::gmres, .preconditioner = jacobi()});
  BOOST_TEST(!found.is_unique);
  BOOST_TEST(found.dimension == 2);
  BOOST_TEST(found.dimension_is_exact);
}

// BDF solves with 1 - gamma L, and makes the preconditioner anew when gamma changes.
BOOST_AUTO_TEST_CASE(an_evolution_by_bdf_uses_it) {
  const System system = spins_in_contact();
  const auto start = product_state(system.space(), {{"s", {"up", "down_x"}}});
  const Observables observe{{"z", sz("s[0]")}, {"x", sx("s[1]")}};
  const std::vector<double> times{0, 1, 5};
  const auto by_series = evolve(
      system, start, times, {.method = EvolveMethod::chebyshev, .rtol = 1e-10, .observe = observe},
      {}, Session::communicator());
  const auto by_bdf =
      evolve(system, start, times,
             {.method = EvolveMethod::bdf, .preconditioner = jacobi(), .observe = observe}, {},
             Session::communicator());
  BOOST_TEST(by_bdf.statistics.preconditioner_setups > 0);
  for (std::size_t k = 0; k < observe.size(); ++k) {
    for (std::size_t j = 0; j < times.size(); ++j)
      BOOST_TEST(std::abs(by_bdf.values[k][j] - by_series.values[k][j]) < 1e-5);
  }
}

BOOST_AUTO_TEST_CASE(an_option_is_one_of_the_library_or_one_from_outside) {
  SteadyOptions options;
  BOOST_TEST((options.preconditioner == PreconditionerChoice::automatic));
  options.preconditioner = PreconditionerChoice::dilu;
  BOOST_TEST((options.preconditioner == PreconditionerChoice::dilu));
  BOOST_TEST(options.preconditioner.name() == "dilu");
  options.preconditioner = jacobi();
  BOOST_TEST((options.preconditioner != PreconditionerChoice::dilu));
  BOOST_TEST((options.preconditioner != PreconditionerChoice::automatic));
  BOOST_TEST(options.preconditioner.name() == "jacobi");
  BOOST_TEST(!options.preconditioner.choice().has_value());
}

BOOST_AUTO_TEST_CASE(a_name_of_the_library_is_refused) {
  const auto factory = jacobi().factory();
  BOOST_CHECK_THROW(Preconditioner("ilu", factory), InputError);
  BOOST_CHECK_THROW(Preconditioner("auto", factory), InputError);
  BOOST_CHECK_THROW(Preconditioner("", factory), InputError);
  BOOST_CHECK_THROW(Preconditioner("nothing", {}), InputError);
}

BOOST_AUTO_TEST_CASE(one_that_is_not_made_is_an_error) {
  const Liouvillian liouvillian(equation_of(spins_in_contact()), {});
  const Preconditioner nothing("nothing", [](const PackedGenerator&, Complex) {
    return std::unique_ptr<PackedPreconditioner>();
  });
  BOOST_CHECK_THROW(
      (void)steady_state(liouvillian, {.solver = SteadySolver::gmres, .preconditioner = nothing}),
      Error);
}

BOOST_AUTO_TEST_SUITE_END()
