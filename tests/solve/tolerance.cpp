// The error follows the tolerance.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::EvolveMethod;
using lindwurm::Liouvillian;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(tolerances)

struct Case {
  std::string model;
  EvolveMethod method;
  double factor;  ///< allowed error in units of rtol
};
static std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.model << (c.method == EvolveMethod::bdf ? " bdf" : " adams");
}

// A BDF error adds up over many more steps than an Adams error does.
static const std::vector<Case> cases{
    {"driven_spin", EvolveMethod::adams, 20},       {"driven_spin", EvolveMethod::bdf, 100},
    {"jaynes_cummings", EvolveMethod::adams, 20},   {"jaynes_cummings", EvolveMethod::bdf, 100},
    {"complex_couplings", EvolveMethod::adams, 20}, {"complex_couplings", EvolveMethod::bdf, 100},
    {"cosine_drive", EvolveMethod::adams, 20},      {"cosine_drive", EvolveMethod::bdf, 100},
};

BOOST_DATA_TEST_CASE(errors_shrink_with_rtol, data::make(cases), c) {
  const auto& model = oracle::model_named(c.model);
  std::mt19937 random(31);
  const Matrix rho = oracle::random_state(model.dimension(), random);
  const double end = 5;
  const Matrix expected = model.is_constant ? oracle::evolve(model.liouvillian(0), rho, end)
                                            : oracle::evolve(model.liouvillian, rho, 0, end, 4000);
  const Liouvillian liouvillian = oracle::hold(model.model, {0, end});
  const std::vector<double> tolerances{1e-4, 1e-6, 1e-8, 1e-10};
  std::vector<double> errors;
  for (double rtol : tolerances) {
    const auto run = evolve(liouvillian, lindwurm::pack(rho, liouvillian), {0, end},
                            {.method = c.method, .rtol = rtol, .atol = rtol / 100, .accuracy = 1});
    errors.push_back(
        oracle::distance(lindwurm::unpack(run.final_state, liouvillian.basis()), expected));
    BOOST_TEST(errors.back() < c.factor * rtol, "rtol " << rtol << " error " << errors.back());
  }
  for (std::size_t k = 1; k < errors.size(); ++k) {
    BOOST_TEST(errors[k] < errors[k - 1], errors[k] << " after " << errors[k - 1]);
  }
  // Over the whole sweep the error falls about as much as the tolerance.
  const double slope = std::log10(errors.front() / errors.back()) /
                       std::log10(tolerances.front() / tolerances.back());
  BOOST_TEST(slope > 0.7, "error ~ rtol^" << slope);
}

BOOST_AUTO_TEST_CASE(a_loose_atol_alone_bounds_the_error) {
  const auto& model = oracle::model_named("driven_spin");
  const Liouvillian liouvillian = oracle::hold(model.model);
  const Matrix rho = oracle::transition(0, 0, 2);
  const Matrix expected = oracle::evolve(model.liouvillian(0), rho, 5);
  for (double atol : {1e-4, 1e-6, 1e-8}) {
    const auto run = evolve(liouvillian, lindwurm::pack(rho, liouvillian), {0, 5},
                            {.method = EvolveMethod::adams, .rtol = 1e-14, .atol = atol});
    BOOST_TEST(oracle::distance(lindwurm::unpack(run.final_state, liouvillian.basis()), expected) <
               20 * atol);
  }
}

BOOST_AUTO_TEST_SUITE_END()
