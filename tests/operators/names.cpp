// Unknown names, and words in the wrong place.
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

BOOST_AUTO_TEST_SUITE(names)

static const Parameters parameters{{"kappa", {{0.1}}}, {"Omega", {{1.0}}}};

static std::string complaint(const std::string& text) {
  const Space space{lindwurm::oscillator("mode", 3), lindwurm::spins("bath", 2),
                    lindwurm::level_site("atom", 3)};
  try {
    (void)sum_over_members(Expression::parse(text), space, parameters);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

struct Mistake {
  std::string text;
  std::string told;  // part of the message
};
static std::ostream& operator<<(std::ostream& out, const Mistake& m) { return out << m.text; }

static const std::vector<Mistake> mistakes{
    {"kapa*n(mode)", "did you mean 'kappa'"},
    {"omega*n(mode)", "did you mean 'Omega'"},
    {"zzzzzzz*n(mode)", "known are"},
    {"n(mod)", "did you mean 'mode'"},
    {"sz(bat)", "did you mean 'bath'"},
    {"n(mdoe)", "mode"},
    {"sq(bath)", "unknown operator 'sq'"},
    {"dagg(a(mode))", "did you mean 'dag'"},
    {"comutator(a(mode))", "did you mean 'commutator'"},
    {"sz(mode)", "oscillator"},
    {"a(bath)", "spin"},
    {"n(atom)", "levels"},
    {"mode*2", "the site 'mode' stands where"},
    {"n(1)", "is no site"},
    {"n(a(mode))", "is no site"},
    {"n()", ""},
    {"n(mode, 1)", "takes 1 argument"},
    {"ket(atom, 0)", "takes 3 arguments"},
    {"proj(atom)", "takes 2 arguments"},
    {"ket(atom, 0, 3)", "does not fit"},
    {"proj(atom, -1)", "does not fit"},
    {"proj(atom, 0.5)", "whole number"},
    {"n(mode)/a(mode)", "only numbers divide"},
    {"1/n(mode)", "only numbers divide"},
    {"n(mode)^0.5", "whole number"},
    {"n(mode)^-1", "whole number"},
    {"2^n(mode)", "an exponent is a number"},
    {"sqrt(n(mode))", "is an operator where a number belongs"},
    {"commutator(n(mode))", "superoperator where an operator belongs"},
    {"commutator(n(mode)) + n(mode)", ""},
    {"left(commutator(n(mode)))", "takes an operator"},
    {"dag(left(n(mode)))", "takes an operator"},
};

BOOST_DATA_TEST_CASE(mistakes_are_told, data::make(mistakes), mistake) {
  std::string message;
  try {
    message = complaint(mistake.text);
  } catch (...) {
    BOOST_ERROR("another exception than InputError");
  }
  BOOST_TEST(message.find(mistake.told) != std::string::npos, message);
  if (mistake.text != "n()") BOOST_TEST(!message.empty());
}

BOOST_AUTO_TEST_CASE(operators_are_no_superoperators) {
  const Space space{lindwurm::oscillator("mode", 3)};
  BOOST_CHECK_THROW((void)sum_of_superoperators(Expression::parse("n(mode)"), space), InputError);
  BOOST_CHECK_THROW((void)sum_of_superoperators(Expression::parse("n(mode)*left(a(mode))"), space),
                    InputError);
  BOOST_CHECK_NO_THROW(
      (void)sum_of_superoperators(Expression::parse("2*left(a(mode))*right(3)"), space));
}

BOOST_AUTO_TEST_CASE(reserved_words) {
  for (const char* word : {"i", "t", "pi", "a", "sz", "sp_x", "dag", "commutator", "dissipator",
                           "sin", "min", "ket"}) {
    BOOST_TEST(lindwurm::is_reserved(word), word);
  }
  for (const char* word : {"k", "kappa", "mode", "I", "A", "tt", ""}) {
    BOOST_TEST(!lindwurm::is_reserved(word), word);
  }
}

BOOST_AUTO_TEST_CASE(suggestions) {
  using lindwurm::suggestion;
  BOOST_TEST(suggestion("kapa", {"kappa", "gamma"}) == "; did you mean 'kappa'?");
  BOOST_TEST(suggestion("w", {"w0", "gamma"}) == "; did you mean 'w0'?");
  BOOST_TEST(suggestion("zebra", {"kappa", "gamma"}) == "; known are: kappa, gamma");
  BOOST_TEST(suggestion("zebra", {}) == "");
}

BOOST_AUTO_TEST_CASE(names_of_an_expression) {
  const auto names = lindwurm::names_in(Expression::parse("g*x(mode)*sz(bath[k+1]) + w[l]*kappa"));
  for (const char* name : {"g", "k", "w", "l", "kappa"}) {
    BOOST_TEST(std::count(names.begin(), names.end(), name) == 1, name);
  }
  for (const char* name : {"mode", "bath", "x"}) {
    BOOST_TEST(std::count(names.begin(), names.end(), name) == 0, name);
  }
}

BOOST_AUTO_TEST_CASE(identities_and_numbers_are_multiples_of_one) {
  const Space space{lindwurm::oscillator("mode", 3), lindwurm::spin("q")};
  const auto matrix = [&](const std::string& text) {
    return oracle::matrix_of(sum_over_members(Expression::parse(text), space), space);
  };
  BOOST_TEST(oracle::distance(matrix("2"), 2 * oracle::identity(6)) == 0);
  BOOST_TEST(oracle::distance(matrix("id(mode)*id(q)"), oracle::identity(6)) == 0);
  BOOST_TEST(oracle::distance(matrix("n(mode)^0"), oracle::identity(6)) == 0);
  BOOST_TEST(oracle::distance(matrix("n(mode) - 1 + id(q)"), matrix("n(mode)")) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
