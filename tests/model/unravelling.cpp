// Quantum jumps stand for the same master equation as the model that they were read from.
#include "lindwurm/model/unravelling.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/generator/liouvillian.hpp"
#include "lindwurm/model/bath_equation.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::BathCoupling;
using lindwurm::BathScheme;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::Model;
using lindwurm::Space;
using lindwurm::SpinBasis;
using lindwurm::System;
using lindwurm::Unravelling;
using oracle::Complex;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(unravellings)

static Matrix liouvillian_of(const Unravelling& unravelling, const Space& space, double t) {
  std::vector<oracle::Jump> jumps;
  for (const auto& [jump, number] : unravelling.channels)
    jumps.push_back({jump.rate.at(t).real(), oracle::matrix_of(jump.op, space, t)});
  return oracle::liouvillian(oracle::matrix_of(unravelling.hamiltonian, space, t), jumps);
}

static void check(const Model& model, double t = 0) {
  const System system(model);
  system.require_valid({t});
  const Unravelling& unravelling = system.unravelling();
  const lindwurm::Liouvillian generator(system, lindwurm::Session::communicator(), {t});
  const Matrix l = liouvillian_of(unravelling, model.space, t);
  const double scale = std::max(1.0, l.cwiseAbs().maxCoeff());
  BOOST_TEST(oracle::largest_difference(generator.assembled(t), generator.basis(), l) <=
             1e-11 * scale);
  Matrix h = oracle::matrix_of(unravelling.hamiltonian, model.space, t);
  for (const auto& [jump, number] : unravelling.channels) {
    const Matrix a = oracle::matrix_of(jump.op, model.space, t);
    BOOST_TEST(oracle::distance(oracle::matrix_of(number, model.space), a.adjoint() * a) <=
               1e-12 * scale);
    h -= 0.5 * oracle::i * jump.rate.at(t) * (a.adjoint() * a);
  }
  BOOST_TEST(
      oracle::distance(oracle::matrix_of(unravelling.effective_hamiltonian(), model.space, t), h) <=
      1e-12 * scale);
}

static const auto bases = data::make({SpinBasis::z, SpinBasis::x});

BOOST_DATA_TEST_CASE(of_random_models, data::xrange(40u) * bases, seed, basis) {
  const auto model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) { check(oracle::along(basis, model.model)); }
}

BOOST_DATA_TEST_CASE(of_known_models, data::make(oracle::all_models()) * bases, model, basis) {
  if (!model.is_gksl || !model.model.superoperators.empty()) return;
  for (double t : {0.0, 0.7})
    check(oracle::along(basis, model.model), t);
}

static BathCoupling bath_at_first_site(const Model& model, BathScheme scheme, bool lamb_shift) {
  const auto& first = model.space.groups().front();
  const std::string name = model.space.site_name(0);
  const std::string text = first.kind == lindwurm::SiteKind::oscillator ? "x(" + name + ")"
                           : first.kind == lindwurm::SiteKind::spin
                               ? "sx(" + name + ") + 0.3*sz(" + name + ")"
                               : "proj(" + name + ",0)";
  return {.name = "bath",
          .coupling = Expression::parse(text),
          .bath = {lindwurm::ohmic(0.05, 3.0, lindwurm::Cutoff::drude), 0.7},
          .scheme = scheme,
          .lamb_shift = lamb_shift,
          .dt = 2.0};
}

BOOST_AUTO_TEST_CASE(of_baths) {
  int taken = 0;
  for (const BathScheme scheme : {BathScheme::secular, BathScheme::partial_secular,
                                  BathScheme::coarse_grained, BathScheme::local}) {
    for (unsigned seed = 0; seed < 12; ++seed) {
      Model model = oracle::random_model(seed).model;
      model.dissipators.erase(model.dissipators.begin() + 1, model.dissipators.end());
      model.baths = {bath_at_first_site(model, scheme, seed % 2 == 0)};
      bool is_gksl = true;
      try {
        for (const auto& equation : bath_equations(model.baths.front(), model))
          is_gksl = is_gksl && equation.is_gksl;
      } catch (const InputError&) {
        continue;  // no frequencies at the first site
      }
      BOOST_TEST_CONTEXT(name_of(scheme) << " " << seed) {
        if (is_gksl) {
          check(oracle::along(seed % 4 < 2 ? SpinBasis::x : SpinBasis::z, model));
          ++taken;
        } else {
          BOOST_CHECK_THROW((void)System(model).unravelling(), InputError);
        }
      }
    }
  }
  BOOST_TEST(taken > 30);
}

BOOST_AUTO_TEST_CASE(of_a_collective_bath) {
  Model model(Space{lindwurm::spins("s", 3)});
  model.hamiltonian = Expression::parse("0.5*sz(s)");
  model.baths = {{.name = "field",
                  .coupling = Expression::parse("sx(s)"),
                  .bath = {lindwurm::ohmic(0.05, 3.0, lindwurm::Cutoff::drude), 0.7},
                  .scheme = BathScheme::collective,
                  .lamb_shift = true}};
  check(model);
  BOOST_TEST(System(model).unravelling().channels.size() == 2);
}

BOOST_AUTO_TEST_CASE(rates_that_vary_and_rates_of_zero) {
  Model model(Space{lindwurm::spins("s", 2)});
  model.add({Expression::parse("sm(s)"), Expression::parse("0.1*(1 + cos(2*t))")});
  model.add({Expression::parse("sz(s)"), 0.0});
  BOOST_TEST(System(model).unravelling().channels.size() == 2);
  for (double t : {0.0, 0.4, 2.0})
    check(model, t);
}

static std::string complaint(const Model& model, const std::vector<double>& times = {0.0}) {
  try {
    const System system(model);
    system.require_valid(times);
    (void)system.unravelling();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

BOOST_AUTO_TEST_CASE(what_has_no_jumps_is_refused) {
  Model model(Space{lindwurm::spins("s", 2)});
  model.hamiltonian = Expression::parse("0.5*sz(s)");
  BOOST_TEST(complaint(model) == "");
  Model with_superoperator = model;
  with_superoperator.superoperators = {Expression::parse("0.1*dissipator(sz(s))")};
  BOOST_TEST(complaint(with_superoperator).find("dissipators") != std::string::npos);
  Model redfield = model;
  redfield.baths = {bath_at_first_site(model, BathScheme::redfield, false)};
  BOOST_TEST(complaint(redfield).find("secular") != std::string::npos);
  // One frequency alone: of GKSL form, and yet without pairs.
  redfield.baths.front().coupling = Expression::parse("sz(s)");
  BOOST_TEST(complaint(redfield).find("secular") != std::string::npos);
  Model turning = model;
  turning.add({Expression::parse("sm(s[0]) + exp(i*t)*sm(s[1])"), 0.1});
  BOOST_TEST(complaint(turning).find("into its rate") != std::string::npos);
  Model negative = model;
  negative.add({Expression::parse("sm(s)"), Expression::parse("cos(t)")});
  BOOST_TEST(complaint(negative) == "");
  BOOST_TEST(complaint(negative, {0.0, 2.0}) != "");
  Model open = model;
  open.hamiltonian = Expression::parse("sp(s)");
  BOOST_TEST(complaint(open).find("not Hermitian") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
