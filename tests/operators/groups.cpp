// Terms are summed over the members of the groups that they name.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/evaluate.hpp"
#include "oracle/comparison.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::Parameters;
using lindwurm::Space;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(groups)

static Space space() {
  return Space{lindwurm::oscillator("m", 2), lindwurm::spins("s", 3),
               lindwurm::oscillators("c", 2, 3)};
}

static const Parameters parameters{{"w", {.values = {1.0, 2.0, 4.0}, .is_array = true}},
                                   {"v", {.values = {0.5, 0.25}, .is_array = true}},
                                   {"long", {.values = {1.0, 2.0, 3.0, 4.0}, .is_array = true}},
                                   {"g", {{0.3}}},
                                   {"first", {{0.0}}}};

static Matrix sum(const Expression& expression) {
  return oracle::matrix_of(sum_over_members(expression, space(), parameters), space());
}
static Matrix sum(const std::string& text) { return sum(Expression::parse(text)); }

// Equal matrices up to rounding of the sums.
static void check_equal(const std::string& found, const std::string& expected) {
  BOOST_TEST(oracle::distance(sum(found), sum(expected)) < 1e-14, found << " = " << expected);
}

BOOST_AUTO_TEST_CASE(members_lie_in_their_places) {
  const std::vector<int> d{2, 2, 2, 2, 3, 3};
  for (int k = 0; k < 3; ++k) {
    const std::string member = "s[" + std::to_string(k) + "]";
    BOOST_TEST(oracle::distance(sum("sy(" + member + ")"),
                                oracle::embed(oracle::pauli_y(), 1 + k, d)) == 0);
  }
  BOOST_TEST(oracle::distance(sum("n(c[1])"), oracle::embed(oracle::number(3), 5, d)) == 0);
  BOOST_TEST(oracle::distance(sum("x(m)*sz(s[2])"), oracle::embed(oracle::position(2), 0, d) *
                                                        oracle::embed(oracle::pauli_z(), 3, d)) ==
             0);
}

BOOST_AUTO_TEST_CASE(a_group_is_summed_over_its_members) {
  check_equal("sz(s)", "sz(s[0]) + sz(s[1]) + sz(s[2])");
  check_equal("g*x(m)*sx(s)", "g*x(m)*(sx(s[0]) + sx(s[1]) + sx(s[2]))");
}

BOOST_AUTO_TEST_CASE(a_term_is_summed_over_its_own_groups_alone) {
  check_equal("n(m) + sz(s)", "n(m) + sz(s[0]) + sz(s[1]) + sz(s[2])");
  check_equal("n(m) + sz(s) + n(c) + 1",
              "n(m) + sz(s[0]) + sz(s[1]) + sz(s[2]) + n(c[0]) + n(c[1]) + 1");
  check_equal("n(m)*(1 + sz(s))", "n(m) + n(m)*sz(s[0]) + n(m)*sz(s[1]) + n(m)*sz(s[2])");
  check_equal("(x(m) + sz(s))/2 - n(c)",
              "x(m)/2 + sz(s[0])/2 + sz(s[1])/2 + sz(s[2])/2 - n(c[0]) - n(c[1])");
  check_equal("dag(a(m) + i*sm(s))", "ad(m) - i*sp(s[0]) - i*sp(s[1]) - i*sp(s[2])");
}

BOOST_AUTO_TEST_CASE(a_square_is_a_product_with_itself) {
  check_equal("(n(m) + sz(s))^2", "(n(m) + sz(s))*(n(m) + sz(s))");
  check_equal("(x(m) + 1)^3", "(x(m) + 1)*(x(m) + 1)*(x(m) + 1)");
  check_equal("sx(s)^2", "sx(s)*sx(s)");
}

BOOST_AUTO_TEST_CASE(a_group_named_twice_is_the_same_member) {
  check_equal("sp(s)*sm(s)", "sp(s[0])*sm(s[0]) + sp(s[1])*sm(s[1]) + sp(s[2])*sm(s[2])");
  check_equal("n(c)^2", "n(c[0])^2 + n(c[1])^2");
}

BOOST_AUTO_TEST_CASE(different_groups_run_independently) {
  std::string expected = "0";
  for (int k = 0; k < 3; ++k) {
    for (int l = 0; l < 2; ++l) {
      expected += " + sz(s[" + std::to_string(k) + "])*x(c[" + std::to_string(l) + "])";
    }
  }
  check_equal("sz(s)*x(c)", expected);
}

BOOST_AUTO_TEST_CASE(a_free_index_runs_over_the_members_that_exist) {
  check_equal("sp(s[k])*sm(s[k])", "sp(s)*sm(s)");
  check_equal("sp(s[k])*sm(s[k+1])", "sp(s[0])*sm(s[1]) + sp(s[1])*sm(s[2])");
  check_equal("sp(s[k+1])*sm(s[k])", "sp(s[1])*sm(s[0]) + sp(s[2])*sm(s[1])");
  check_equal("sz(s[k-1])*sz(s[k])", "sz(s[0])*sz(s[1]) + sz(s[1])*sz(s[2])");
  check_equal("sz(s[k])*sz(s[k+2])", "sz(s[0])*sz(s[2])");
  check_equal("sz(s[k])*sz(s[k+3])", "0*sz(s[0])");
  check_equal("sz(s[2*k])", "sz(s[0]) + sz(s[2])");
  check_equal("sz(s[mod(k+1, 3)])*sx(s[k])",
              "sz(s[1])*sx(s[0]) + sz(s[2])*sx(s[1]) + sz(s[0])*sx(s[2])");
}

BOOST_AUTO_TEST_CASE(an_offset_names_the_same_members_in_either_direction) {
  check_equal("sz(s[k-1])*sx(s[k])", "sz(s[k])*sx(s[k+1])");
  check_equal("sz(s[k-1])*sx(s[k-2])", "sz(s[k+1])*sx(s[k])");
  check_equal("sz(s[k+5])*sx(s[k+4])", "sz(s[k+1])*sx(s[k])");
  check_equal("sz(s[k-1])", "sz(s)");
  check_equal("sz(s[k+1])", "sz(s)");
}

// Every bond of a ring once.
BOOST_AUTO_TEST_CASE(a_ring_has_as_many_bonds_as_members) {
  const std::string ring = "sz(s[0])*sx(s[1]) + sz(s[1])*sx(s[2]) + sz(s[2])*sx(s[0])";
  check_equal("sz(s[k])*sx(s[mod(k+1, 3)])", ring);
  check_equal("sz(s[mod(k, 3)])*sx(s[mod(k+1, 3)])", ring);
  check_equal("sz(s[mod(k-1, 3)])*sx(s[mod(k, 3)])", ring);
  check_equal("sz(s[mod(k, 3)])", "sz(s)");
}

BOOST_AUTO_TEST_CASE(two_free_indices_of_a_group_never_meet) {
  std::string expected = "0";
  for (int k = 0; k < 3; ++k) {
    for (int l = 0; l < 3; ++l) {
      if (k == l) continue;
      expected += " + sp(s[" + std::to_string(k) + "])*sm(s[" + std::to_string(l) + "])";
    }
  }
  check_equal("sp(s[k])*sm(s[l])", expected);
}

BOOST_AUTO_TEST_CASE(free_indices_of_different_groups_meet) {
  std::string expected = "0";
  for (int k = 0; k < 3; ++k) {
    for (int l = 0; l < 2; ++l) {
      expected += " + sz(s[" + std::to_string(k) + "])*n(c[" + std::to_string(l) + "])";
    }
  }
  check_equal("sz(s[k])*n(c[l])", expected);
  check_equal("sz(s[k])*n(c[k])", "sz(s[0])*n(c[0]) + sz(s[1])*n(c[1])");
}

BOOST_AUTO_TEST_CASE(free_indices_count) {
  check_equal("k*sz(s[k])", "sz(s[1]) + 2*sz(s[2])");
  check_equal("(k - l)^2*sz(s[k])*sz(s[l])",
              "2*sz(s[0])*sz(s[1]) + 8*sz(s[0])*sz(s[2]) + 2*sz(s[1])*sz(s[2])");
}

BOOST_AUTO_TEST_CASE(arrays_run_along) {
  check_equal("w*sz(s)", "sz(s[0]) + 2*sz(s[1]) + 4*sz(s[2])");
  check_equal("w[k]*sz(s[k])", "w*sz(s)");
  check_equal("w[k]*v[l]*sz(s[k])*n(c[l])", "w*sz(s)*v*n(c)");
  check_equal("w*v*sz(s)*n(c)", "w*sz(s)*v*n(c)");
  check_equal("w[2]*sz(s)", "4*sz(s)");
  check_equal("w[first]*sz(s[first + 1])", "sz(s[1])");
  check_equal("w^2*sz(s)/(1 + w)", "0.5*sz(s[0]) + 4/3*sz(s[1]) + 3.2*sz(s[2])");
  check_equal("w*n(m)*sz(s) + g*n(m)", "n(m)*(sz(s[0]) + 2*sz(s[1]) + 4*sz(s[2])) + g*n(m)");
  check_equal("w[k+1]*sz(s[k])*sz(s[k+1])", "2*sz(s[0])*sz(s[1]) + 4*sz(s[1])*sz(s[2])");
}

BOOST_AUTO_TEST_CASE(arrays_of_numbers_run_along) {
  using namespace lindwurm::words;
  const Expression values(std::vector<double>{1, 2, 4});
  BOOST_TEST(oracle::distance(sum(values / 2.0 * sx("s")), sum("w/2*sx(s)")) < 1e-15);
  BOOST_TEST(oracle::distance(sum(sx("s") * x("m") * values + n("m")), sum("w*sx(s)*x(m) + n(m)")) <
             1e-15);
}

static const std::vector<std::string> refused{
    "w*n(m)",           // no group to run along
    "w",                // nor here
    "w*n(c)",           // three values, two members
    "long*sz(s)",       // four values, three members
    "v*sz(s)",          // two values, three members
    "w[3]*sz(s)",       // beyond the array
    "w[k+1]*sz(s[k])",  // beyond the array for the last member
    "sz(s[3])",         // beyond the group
    "sz(s[-1])",
    "sz(s[0.5])",
    "sz(s[g])",
    "sz(s[i])",
    "n(m[0])",  // no group
    "sz(s[t])",
    "g[0]*n(m)",
};

BOOST_DATA_TEST_CASE(what_does_not_match_is_refused, data::make(refused), text) {
  BOOST_CHECK_THROW(sum(text), InputError);
}

BOOST_AUTO_TEST_CASE(arrays_of_numbers_that_do_not_match_are_refused) {
  using namespace lindwurm::words;
  const Expression three(std::vector<double>{1, 2, 4});
  BOOST_CHECK_THROW(sum(three * n("c")), InputError);
  BOOST_CHECK_THROW(sum(three * n("m")), InputError);
  BOOST_CHECK_THROW(sum(three), InputError);
  BOOST_CHECK_THROW(sum(three * sz("s") * n("c")), InputError);
  BOOST_CHECK_THROW(sum(Expression(std::vector<double>{1, 2, 3, 4}) * sz("s")), InputError);
  BOOST_CHECK_THROW(sum(Expression(std::vector<double>{1, 2}) * sz("s")), InputError);
  BOOST_CHECK_THROW(sum(Expression(std::vector<double>{}) * sz("s")), InputError);
}

BOOST_AUTO_TEST_CASE(an_array_that_fits_two_groups_needs_an_index) {
  const Space two{lindwurm::spins("s", 2), lindwurm::spins("r", 2)};
  const Parameters j{{"J", {.values = {1.0, 2.0}, .is_array = true}}};
  BOOST_CHECK_THROW((void)sum_over_members(Expression::parse("J*sz(s)*sz(r)"), two, j), InputError);
  BOOST_CHECK_NO_THROW((void)sum_over_members(Expression::parse("J[k]*sz(s[k])*sz(r[l])"), two, j));
}

BOOST_AUTO_TEST_SUITE_END()
