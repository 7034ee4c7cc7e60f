// The matrices of named operators.
#include "lindwurm/operators/site_operators.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/error.hpp"
#include "oracle/comparison.hpp"

namespace data = boost::unit_test::data;
using lindwurm::InputError;
using lindwurm::SiteKind;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(site_operators)

static const std::vector<std::string> oscillator_names{"a", "ad", "n", "x", "p", "id"};
static const std::vector<std::string> spin_names{"sx", "sy",   "sz",   "sp",
                                                 "sm", "sp_x", "sm_x", "id"};

static Matrix of(const std::string& name, SiteKind kind, int d) {
  return Matrix(lindwurm::site_operator(name, kind, d));
}

BOOST_DATA_TEST_CASE(oscillators, data::make(oscillator_names) * data::make({1, 2, 3, 10}), name,
                     d) {
  BOOST_TEST(oracle::distance(of(name, SiteKind::oscillator, d), oracle::named(name, d)) < 1e-15);
}

BOOST_DATA_TEST_CASE(spins, data::make(spin_names), name) {
  BOOST_TEST(oracle::distance(of(name, SiteKind::spin, 2), oracle::named(name, 2)) < 1e-15);
}

BOOST_AUTO_TEST_CASE(commutators_of_an_oscillator) {
  const int d = 7;
  const auto o = [&](const char* name) { return of(name, SiteKind::oscillator, d); };
  Matrix canonical = oracle::identity(d);
  canonical(d - 1, d - 1) = 1 - d;  // the truncation
  BOOST_TEST(oracle::distance(o("a") * o("ad") - o("ad") * o("a"), canonical) < 1e-14);
  BOOST_TEST(oracle::distance(o("x") * o("p") - o("p") * o("x"), 2.0 * oracle::i * canonical) <
             1e-14);
  BOOST_TEST(oracle::distance(o("n") * o("a") - o("a") * o("n"), -o("a")) < 1e-14);
  BOOST_TEST(oracle::distance(o("n"), o("ad") * o("a")) < 1e-14);
  BOOST_TEST((o("ad").col(d - 1).norm() == 0));
}

BOOST_AUTO_TEST_CASE(the_algebra_of_a_spin) {
  const auto s = [](const char* name) { return of(name, SiteKind::spin, 2); };
  const auto commutator = [](const Matrix& a, const Matrix& b) { return Matrix(a * b - b * a); };
  const Matrix x = s("sx");
  const Matrix y = s("sy");
  const Matrix z = s("sz");
  const oracle::Complex i(0, 1);
  BOOST_TEST(oracle::distance(commutator(x, y), 2.0 * i * z) == 0);
  BOOST_TEST(oracle::distance(commutator(y, z), 2.0 * i * x) == 0);
  BOOST_TEST(oracle::distance(commutator(z, x), 2.0 * i * y) == 0);
  for (const Matrix& m : {x, y, z})
    BOOST_TEST(oracle::distance(m * m, s("id")) == 0);
  BOOST_TEST(oracle::distance(s("sp"), (x + i * y) / 2.0) == 0);
  BOOST_TEST(oracle::distance(s("sm"), (x - i * y) / 2.0) == 0);
  BOOST_TEST(oracle::distance(commutator(s("sp"), s("sm")), z) == 0);
  BOOST_TEST(oracle::distance(commutator(s("sp_x"), s("sm_x")), x) == 0);
  BOOST_TEST(oracle::distance(s("sp_x"), s("sm_x").adjoint()) == 0);
  BOOST_TEST(oracle::distance(s("sm_x") * s("sm_x"), Matrix::Zero(2, 2)) == 0);
  // Up is the first basis state.
  BOOST_TEST(z(0, 0) == 1.0);
  BOOST_TEST(s("sp")(0, 1) == 1.0);
}

BOOST_AUTO_TEST_CASE(transitions) {
  for (int j = 0; j < 4; ++j) {
    for (int k = 0; k < 4; ++k) {
      BOOST_TEST(oracle::distance(Matrix(lindwurm::transition(j, k, 4)),
                                  oracle::transition(j, k, 4)) == 0);
    }
  }
  BOOST_CHECK_THROW((void)lindwurm::transition(4, 0, 4), InputError);
  BOOST_CHECK_THROW((void)lindwurm::transition(0, 4, 4), InputError);
  BOOST_CHECK_THROW((void)lindwurm::transition(-1, 0, 4), InputError);
}

BOOST_AUTO_TEST_CASE(operators_of_the_wrong_kind_are_refused) {
  for (const auto& name : spin_names) {
    if (name == "id") continue;
    BOOST_CHECK_THROW((void)lindwurm::site_operator(name, SiteKind::oscillator, 2), InputError);
    BOOST_CHECK_THROW((void)lindwurm::site_operator(name, SiteKind::levels, 2), InputError);
  }
  for (const auto& name : oscillator_names) {
    if (name == "id") continue;
    BOOST_CHECK_THROW((void)lindwurm::site_operator(name, SiteKind::spin, 2), InputError);
    BOOST_CHECK_THROW((void)lindwurm::site_operator(name, SiteKind::levels, 2), InputError);
  }
  try {
    (void)lindwurm::site_operator("sz", SiteKind::oscillator, 3);
    BOOST_ERROR("accepted");
  } catch (const InputError& error) {
    const std::string message = error.what();
    for (const char* part : {"oscillator", "sz", "ad", "proj"}) {
      BOOST_TEST(message.find(part) != std::string::npos, part);
    }
  }
}

BOOST_AUTO_TEST_CASE(all_names_are_listed) {
  const auto& names = lindwurm::site_operator_names();
  for (const char* name : {"a", "ad", "n", "x", "p", "id", "sx", "sy", "sz", "sp", "sm", "sp_x",
                           "sm_x", "proj", "ket"}) {
    BOOST_TEST(std::count(names.begin(), names.end(), name) == 1, name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
