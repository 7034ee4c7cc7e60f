// Which models are refused, and what dissipators stand for.
#include <fmt/format.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/model.hpp"
#include "oracle/comparison.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Dissipator;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::Model;
using lindwurm::Space;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(generators)

static Model with_hamiltonian(const std::string& text) {
  Model model(Space{lindwurm::oscillator("m", 3), lindwurm::spins("s", 2)});
  model.hamiltonian = Expression::parse(text);
  return model;
}

static std::string complaint(const Model& model, const std::vector<double>& times = {0.0}) {
  try {
    const lindwurm::System system(model);
    system.require_valid(times);
    (void)system.generator();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

static const std::vector<std::string> not_hermitian{
    "a(m)",
    "i*n(m)",
    "x(m)*p(m)",
    "sp(s[0])*sm(s[1])",
    "n(m) + 1e-6*a(m)",
    "(1 + 1e-9*i)*n(m)",
    "ad(m)*a(m)*sp(s)",
    "1e10*n(m) + a(m)",
    "n(m) + 0.5*(a(m)*sp(s) + ad(m)*sp(s))",
    "i",
};

BOOST_DATA_TEST_CASE(hamiltonians_that_are_not_hermitian_are_refused, data::make(not_hermitian),
                     text) {
  const std::string message = complaint(with_hamiltonian(text));
  BOOST_TEST(message.find("not Hermitian") != std::string::npos, message);
  BOOST_TEST(message.find("dag(...)") != std::string::npos);
}

static const std::vector<std::string> hermitian{
    "0",
    "3",
    "i*(a(m) - ad(m))",
    "x(m)*p(m) + p(m)*x(m)",
    "0.1*n(m)*3 + 0.3*(a(m)*sp(s) + dag(a(m)*sp(s)))",
    "(0.3 + 0.1*i)*sp(s[k])*sm(s[k+1]) + dag((0.3 + 0.1*i)*sp(s[k])*sm(s[k+1]))",
    "sqrt(2)*x(m)/3 + pi*sy(s)*p(m)^3",
    "sp(s[k])*sm(s[l])",
    "cos(t)*x(m) + exp(-i*t)*a(m) + exp(i*t)*ad(m)",
};

BOOST_DATA_TEST_CASE(hermitian_hamiltonians_are_taken, data::make(hermitian), text) {
  BOOST_TEST(complaint(with_hamiltonian(text), {0.0, 0.3, 7.0}) == "");
}

// Products whose factors cancel to rounding, in an order of their own in A and in dag(A).
static std::string random_product(std::mt19937& random) {
  static const std::vector<std::string> words{
      "sx(s[0])", "sy(s[0])",   "sm_x(s[0])", "sp_x(s[0])", "n_up(s[0])",  "proj(s[0],0)",
      "sm(s[1])", "sp_x(s[1])", "sm_x(s[1])", "x(m)",       "p(m)",        "ad(m)",
      "a(m)",     "n(m)",       "id(m)",      "sz(s[1])",   "ket(m,0,2)/3"};
  const auto word = [&] { return words[random() % words.size()]; };
  std::string text = fmt::format("({} - {} + {}^2)", word(), word(), word());
  const int factors = static_cast<int>(random() % 4);
  for (int k = 0; k < factors; ++k)
    text += random() % 2 == 0 ? "*" + word() : fmt::format("*({} + {}/3)", word(), word());
  return text;
}

static std::string random_hermitian_sum(unsigned seed) {
  std::mt19937 random(seed);
  std::string text = "0";
  for (int k = 0; k < 3; ++k) {
    const double c = std::uniform_real_distribution<double>(-0.5, 0.5)(random);
    const std::string a = random_product(random);
    text += fmt::format(" + {:.3f}*({} + dag({}))", c, a, a);
  }
  return text;
}

BOOST_DATA_TEST_CASE(a_difference_that_rounding_explains_is_none, data::xrange(150u), seed) {
  const std::string text = random_hermitian_sum(seed);
  for (const auto basis : {lindwurm::SpinBasis::z, lindwurm::SpinBasis::x}) {
    std::vector<lindwurm::Group> groups{lindwurm::oscillator("m", 3), lindwurm::spins("s", 2)};
    groups[1].basis = basis;
    Model model{Space(groups)};
    model.hamiltonian = Expression::parse(text);
    BOOST_TEST(complaint(model) == "", text);
    const oracle::Matrix h = oracle::matrix_of(hermitian_hamiltonian(model), model.space);
    BOOST_TEST(oracle::distance(h, h.adjoint()) <= 1e-15 * (1 + h.norm()), text);
  }
  // What is more than rounding is not overlooked.
  BOOST_TEST(complaint(with_hamiltonian(text + " + 1e-8*i*n_up(s[0])")) != "", text);
}

// Numbers that cancel, and what is left of them.
BOOST_AUTO_TEST_CASE(numbers_that_cancel_leave_no_trace) {
  BOOST_TEST(complaint(with_hamiltonian("n(m) + (0.1 + 0.2 - 0.3)*i*sx(s[0])")) == "");
  BOOST_TEST(complaint(with_hamiltonian("(0.1 + 0.2 - 0.3)*a(m)")) == "");
  BOOST_TEST(complaint(with_hamiltonian("(0.1 + 0.2 - 0.3000001)*a(m)")) != "");
  // Beside rounding nothing else is taken off.
  const Model model = with_hamiltonian("(0.1 + 0.2 - 0.3)*i*sx(s[0]) + i*sin(t)*n(m)");
  BOOST_TEST(complaint(model, {0.0}) == "");
  BOOST_TEST(complaint(model, {0.0, 1.0}) != "");
}

BOOST_AUTO_TEST_CASE(the_members_of_an_ensemble_round_as_others_do) {
  for (const char* a : {"sm_x(b[k])*sm(b[l])*n_up(b[j])", "sp_x(b[k])*sm_x(b[l])*sx(b[j])",
                        "sm_x(b[k])*sm(b[l])", "sy(b[k])*sm_x(b[l])*sp(b[j])"}) {
    for (const int spins : {3, 4, 5}) {
      Model model(Space{lindwurm::ensemble("b", spins)});
      model.hamiltonian = Expression::parse(fmt::format("0.14*({0} + dag({0}))", a));
      BOOST_TEST(complaint(model) == "", a << " of " << spins);
      model.hamiltonian = model.hamiltonian + Expression::parse("1e-8*i*sum(sx(b))");
      BOOST_TEST(complaint(model) != "", a << " of " << spins);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_message_names_the_states) {
  const std::string message = complaint(with_hamiltonian("n(m) + ad(m)*proj(s[1], 0)"));
  BOOST_TEST(message.find("m=0") != std::string::npos, message);
  BOOST_TEST(message.find("m=1") != std::string::npos);
  BOOST_TEST(message.find("s[1]=up") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_hamiltonian_is_checked_at_every_time) {
  const Model model = with_hamiltonian("exp(i*t)*n(m)");
  BOOST_TEST(complaint(model, {0.0}) == "");
  // Not at the given times alone.
  const std::string message = complaint(model, {0.0, 0.5});
  BOOST_TEST(message.find("at t = 0.25") != std::string::npos, message);
  BOOST_TEST(complaint(with_hamiltonian("exp(2*pi*i*t)*n(m)"), {0.0, 0.5, 1.0}) != "");
}

BOOST_AUTO_TEST_CASE(a_hamiltonian_that_is_no_number_is_refused) {
  Model model = with_hamiltonian("g*n(m)");
  model.parameters = {{"g", {{std::numeric_limits<double>::quiet_NaN()}}}};
  BOOST_TEST(complaint(model) != "");
  model.parameters = {{"g", {{std::numeric_limits<double>::infinity()}}}};
  BOOST_TEST(complaint(model) != "");
}

struct Rate {
  std::string name;
  oracle::Complex value;
};
static std::ostream& operator<<(std::ostream& out, const Rate& rate) { return out << rate.name; }

static const std::vector<Rate> wrong_rates{
    {"negative", -0.1},
    {"tiny negative", -1e-300},
    {"NaN", std::numeric_limits<double>::quiet_NaN()},
    {"infinite", std::numeric_limits<double>::infinity()},
    {"complex", {0.1, 1e-3}},
    {"imaginary", {0, 0.1}},
};

BOOST_DATA_TEST_CASE(wrong_rates_are_refused, data::make(wrong_rates) * data::make({false, true}),
                     rate, collective) {
  Model model(Space{lindwurm::spins("s", 2)});
  model.add({.op = Expression::parse("sm(s)"), .rate = rate.value, .collective = collective});
  const std::string message = complaint(model);
  BOOST_TEST(message.find("rate") != std::string::npos, message);
  BOOST_TEST(message.find("sm(s)") != std::string::npos, message);
}

BOOST_AUTO_TEST_CASE(a_rate_that_turns_negative_is_refused_where_it_does) {
  Model model(Space{lindwurm::spin("q")});
  model.add({Expression::parse("sm(q)"), Expression::parse("cos(t)")});
  BOOST_TEST(complaint(model, {0.0}) == "");
  BOOST_TEST(complaint(model, {0.0, 2.0}).find("at t = 1.6") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_wrong_rate_of_an_array_is_refused) {
  Model model(Space{lindwurm::spins("s", 3)});
  model.parameters = {{"gamma", {.values = {0.1, -0.2, 0.3}, .is_array = true}}};
  model.add({Expression::parse("sm(s)"), Expression::parse("gamma")});
  BOOST_TEST(complaint(model) != "");
}

static std::vector<lindwurm::Jump> jumps_of(const Model& model, const std::string& op,
                                            const std::string& rate, bool collective = false) {
  return jumps({Expression::parse(op), Expression::parse(rate), collective}, model);
}

BOOST_AUTO_TEST_CASE(a_dissipator_of_a_group_is_one_for_each_member) {
  Model model(Space{lindwurm::oscillator("m", 2), lindwurm::spins("s", 3)});
  model.parameters = {{"gamma", {.values = {0.1, 0.2, 0.3}, .is_array = true}}};
  const auto all = jumps_of(model, "sm(s)", "2*gamma");
  BOOST_REQUIRE(all.size() == 3);
  for (int k = 0; k < 3; ++k) {
    BOOST_TEST(all[k].rate.constant().real() == 2 * (0.1 * (k + 1)),
               boost::test_tools::tolerance(1e-15));
    BOOST_TEST(oracle::distance(oracle::matrix_of(all[k].op, model.space),
                                oracle::embed(oracle::lowering(), 1 + k, {2, 2, 2, 2})) == 0);
  }
  BOOST_TEST(jumps_of(model, "a(m)", "1").size() == 1);
  BOOST_TEST(jumps_of(model, "sm(s[1])", "gamma[1]").size() == 1);
  BOOST_TEST(jumps_of(model, "sm(s[k])*sp(s[k+1])", "1").size() == 2);
  BOOST_TEST(jumps_of(model, "sm(s[k])*sp(s[l])", "1").size() == 6);
  BOOST_TEST(jumps_of(model, "a(m)*sz(s)", "gamma").size() == 3);
}

BOOST_AUTO_TEST_CASE(a_collective_dissipator_is_one_for_the_sum) {
  Model model(Space{lindwurm::spins("s", 3)});
  model.parameters = {{"c", {.values = {1.0, -1.0, 2.0}, .is_array = true}}};
  const auto all = jumps_of(model, "c*sm(s)", "0.5", true);
  BOOST_REQUIRE(all.size() == 1);
  const std::vector<int> d{2, 2, 2};
  const Matrix expected = oracle::embed(oracle::lowering(), 0, d) -
                          oracle::embed(oracle::lowering(), 1, d) +
                          2 * oracle::embed(oracle::lowering(), 2, d);
  BOOST_TEST(oracle::distance(oracle::matrix_of(all[0].op, model.space), expected) == 0);
  BOOST_CHECK_THROW((void)jumps_of(model, "sm(s)", "c", true), InputError);
}

BOOST_AUTO_TEST_CASE(dissipators_of_numbers_or_superoperators_are_refused) {
  const Model model(Space{lindwurm::spins("s", 2)});
  BOOST_CHECK_THROW((void)jumps_of(model, "left(sm(s))", "1"), InputError);
  BOOST_CHECK_THROW((void)jumps_of(model, "sm(r)", "1"), InputError);
  BOOST_CHECK_THROW((void)jumps_of(model, "sm(s)", "sz(s)"), InputError);
  BOOST_CHECK_THROW((void)jumps_of(model, "sm(s)", "unknown"), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
