// Evolutions that are refused, and those that fail on the way.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <limits>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "oracle/comparison.hpp"
#include "oracle/models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Error;
using lindwurm::EvolveMethod;
using lindwurm::EvolveOptions;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::Liouvillian;
using lindwurm::Model;
using lindwurm::Space;

BOOST_AUTO_TEST_SUITE(evolve_refusals)

static const MPI_Comm comm = lindwurm::Session::communicator();

static Model spin_with_rate(const std::string& rate) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("sx(q)");
  model.add({Expression::parse("sm(q)"), Expression::parse(rate)});
  return model;
}

static lindwurm::Evolution run(const Model& model, const std::vector<double>& times,
                               const EvolveOptions& options = {}) {
  const Liouvillian liouvillian = oracle::hold(model);
  return evolve(liouvillian, lindwurm::pack(oracle::transition(0, 0, 2), liouvillian), times,
                options);
}

static EvolveMethod method_of(bool uses_bdf) {
  return uses_bdf ? EvolveMethod::bdf : EvolveMethod::adams;
}

BOOST_AUTO_TEST_CASE(times_that_do_not_increase_are_refused) {
  const Model model = spin_with_rate("0.1");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const auto& times : std::vector<std::vector<double>>{
           {}, {0, 0}, {1, 0}, {0, 1, 1}, {0, 2, 1}, {0, nan}, {nan}, {0, infinity}}) {
    BOOST_CHECK_THROW(run(model, times), InputError);
  }
}

BOOST_AUTO_TEST_CASE(impossible_tolerances_and_limits_are_refused) {
  const Model model = spin_with_rate("0.1");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (double wrong : {0.0, -1e-8, nan}) {
    BOOST_CHECK_THROW(run(model, {0, 1}, {.rtol = wrong}), InputError);
    BOOST_CHECK_THROW(run(model, {0, 1}, {.atol = wrong}), InputError);
  }
  BOOST_CHECK_THROW(run(model, {0, 1}, {.max_steps = 0}), InputError);
  BOOST_CHECK_THROW(run(model, {0, 1}, {.max_step = -1}), InputError);
  BOOST_CHECK_THROW(run(model, {0, 1}, {.max_step = nan}), InputError);
}

BOOST_AUTO_TEST_CASE(unknown_observables_are_refused) {
  EvolveOptions options;
  options.observe = {{"x", Expression::parse("sz(p)")}};
  BOOST_CHECK_THROW(run(spin_with_rate("0.1"), {0, 1}, options), InputError);
  options.observe = {{"x", Expression::parse("cos(t)*sz(q)")}};
  BOOST_CHECK_THROW(run(spin_with_rate("0.1"), {0, 1}, options), InputError);
}

// Whether the run failed with this exception on every rank, and what it said.
static std::string failure(const Model& model, const std::vector<double>& times,
                           const EvolveOptions& options) {
  int failed = 0;
  std::string message;
  try {
    (void)run(model, times, options);
  } catch (const InputError& error) {
    message = std::string("refused as input: ") + error.what();
  } catch (const Error& error) {
    failed = 1;
    message = error.what();
  }
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_SUM, comm);
  BOOST_TEST(failed == ranks, message);
  return message;
}

BOOST_DATA_TEST_CASE(a_rate_that_turns_negative_stops_the_run, data::make({false, true}),
                     uses_bdf) {
  const std::string message = failure(spin_with_rate("0.2*cos(t)"), {0, 1, 3},
                                      {.method = method_of(uses_bdf), .max_steps = 10000});
  BOOST_TEST(message.find("sm(q)") != std::string::npos, message);
  BOOST_TEST(message.find("rate") != std::string::npos);
  BOOST_TEST(message.find("at t = 1.") != std::string::npos);
}

// One failure is enough: no creeping up to the instant at which the function fails.
BOOST_DATA_TEST_CASE(a_failed_function_of_time_is_not_asked_again_and_again,
                     data::make({false, true}), uses_bdf) {
  int failures = 0;
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("sx(q)");
  model.add({Expression::parse("sm(q)"), Expression("falling", [&](double t) {
               if (t > 0.7) ++failures;
               return lindwurm::Complex(0.7 - t);
             })});
  (void)failure(model, {0, 1, 3}, {.method = method_of(uses_bdf), .max_steps = 10000});
  BOOST_TEST(failures <= 20);
}

// What the rate does after the last time is nobody's concern.
BOOST_DATA_TEST_CASE(nothing_is_asked_beyond_the_last_time, data::make({false, true}), uses_bdf) {
  BOOST_CHECK_NO_THROW(run(spin_with_rate("1 - t"), {0, 0.5, 1}, {.method = method_of(uses_bdf)}));
  BOOST_CHECK_NO_THROW(run(spin_with_rate("sqrt(2 - t)"), {0, 2}, {.method = method_of(uses_bdf)}));
}

BOOST_DATA_TEST_CASE(too_many_steps_stop_the_run, data::make({false, true}), uses_bdf) {
  const std::string message =
      failure(spin_with_rate("0.1"), {0, 1000}, {.method = method_of(uses_bdf), .max_steps = 20});
  BOOST_TEST(message.find("stopped at t = ") != std::string::npos, message);
  BOOST_TEST(message.find("max_steps") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_exception_from_a_function_of_time_comes_through) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression("f",
                                 [](double t) {
                                   if (t > 0.5) throw Error("f is defined up to 0.5");
                                   return lindwurm::Complex(1.0);
                                 }) *
                      lindwurm::words::sx("q");
  for (bool uses_bdf : {false, true}) {
    const std::string message =
        failure(model, {0, 1}, {.method = method_of(uses_bdf), .max_steps = 10000});
    BOOST_TEST(message.find("f is defined up to 0.5") != std::string::npos, message);
  }
}

BOOST_AUTO_TEST_CASE(a_run_after_a_failed_one_is_sound) {
  (void)failure(spin_with_rate("0.1"), {0, 1000}, {.max_steps = 20});
  const auto good = run(spin_with_rate("0.1"), {0, 1});
  BOOST_TEST(good.diagnostics.trace_error < 1e-12);
}

BOOST_AUTO_TEST_SUITE_END()
