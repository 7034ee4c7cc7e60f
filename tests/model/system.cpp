// A system is bound once, and may be stored in other bases.
#include "lindwurm/model/system.hpp"

#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/generator/liouvillian.hpp"
#include "lindwurm/states/state.hpp"
#include "oracle/comparison.hpp"
#include "oracle/dense.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

using lindwurm::BathScheme;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::Liouvillian;
using lindwurm::Model;
using lindwurm::Space;
using lindwurm::SpinBasis;
using lindwurm::System;

BOOST_AUTO_TEST_SUITE(systems)

static Model spins_in_a_bath(BathScheme scheme) {
  Model model(Space{lindwurm::oscillator("m", 3), lindwurm::spins("s", 2)});
  model.hamiltonian = Expression::parse(
      "n(m) + 0.7*sz(s[0]) + 0.4*sx(s[1]) + 0.3*x(m)*sx(s[0]) + 0.2*sz(s[0])*sz(s[1])");
  model.add({Expression::parse("sm(s)"), 0.05});
  model.add({.name = "field",
             .coupling = Expression::parse("sx(s) + 0.3*sz(s)"),
             .bath = {lindwurm::ohmic(0.05, 3.0, lindwurm::Cutoff::drude), 0.7},
             .scheme = scheme,
             .lamb_shift = true,
             .dt = 2.0});
  return model;
}

BOOST_AUTO_TEST_CASE(copies_share_what_is_bound) {
  const System system(spins_in_a_bath(BathScheme::secular));
  const System copy = system;
  BOOST_TEST(&copy.hamiltonian() == &system.hamiltonian());
  BOOST_TEST(&copy.jumps(0) == &system.jumps(0));
  BOOST_TEST(&copy.bath_equations(0) == &system.bath_equations(0));
  BOOST_TEST(&copy.reported_bath_equations(0) == &system.bath_equations(0));
  BOOST_TEST(&copy.generator() == &system.generator());
  BOOST_TEST(&copy.unravelling() == &system.unravelling());
  BOOST_TEST(&copy.heat_operator(0) == &system.heat_operator(0));
}

BOOST_AUTO_TEST_CASE(what_was_taken_is_derived_again) {
  const System system(spins_in_a_bath(BathScheme::local));
  const auto terms = system.take_generator().terms().size();
  BOOST_TEST(system.generator().terms().size() == terms);
}

// The same L, and the same symmetries, whichever storage was bound first.
static void check_other_axes(BathScheme scheme, SpinBasis from, SpinBasis to) {
  const Model model = spins_in_a_bath(scheme);
  const Model there = oracle::along(to, model);
  const System system(oracle::along(from, model));
  (void)system.bath_equations(0);
  const System changed = system.stored_in(there.space);
  const auto comm = lindwurm::Session::communicator();
  const Liouvillian found(changed, comm);
  const Liouvillian expected(there, comm);
  std::mt19937 random(7);
  const oracle::Matrix rho = oracle::random_state(12, random);
  const auto change = [&](const Liouvillian& liouvillian) {
    const auto image = liouvillian.vector();
    liouvillian.apply(0, pack(rho, liouvillian), image);
    return oracle::Matrix(unpack(image, liouvillian.basis()));
  };
  BOOST_TEST(oracle::distance(change(found), change(expected)) <= 1e-12);
  BOOST_TEST(size(largest_sector(found.equation().charges())) ==
             size(largest_sector(expected.equation().charges())));
  BOOST_TEST(oracle::distance(oracle::matrix_of(changed.heat_operator(0), there.space),
                              oracle::matrix_of(System(there).heat_operator(0), there.space)) <=
             1e-12);
}

BOOST_AUTO_TEST_CASE(other_axes_change_no_equation) {
  for (const auto scheme :
       {BathScheme::local, BathScheme::secular, BathScheme::partial_secular,
        BathScheme::coarse_grained, BathScheme::redfield, BathScheme::collective}) {
    BOOST_TEST_CONTEXT(name_of(scheme)) {
      check_other_axes(scheme, SpinBasis::z, SpinBasis::x);
      check_other_axes(scheme, SpinBasis::x, SpinBasis::z);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_same_axes_keep_everything) {
  Model model = spins_in_a_bath(BathScheme::secular);
  const System system(oracle::along(SpinBasis::automatic, model));
  const auto terms = system.generator().terms().size();
  const System chosen = system.stored_in(oracle::along(SpinBasis::z, model).space);
  BOOST_TEST((chosen.space().groups()[1].basis == SpinBasis::z));
  BOOST_TEST(chosen.generator().terms().size() == terms);
}

BOOST_AUTO_TEST_CASE(baths_are_found_by_name) {
  const System system(spins_in_a_bath(BathScheme::secular));
  BOOST_TEST(system.bath_named("field") == 0U);
  BOOST_CHECK_THROW((void)system.bath_named("feild"), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
