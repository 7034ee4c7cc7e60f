// Named initial states against their expectation values.
#include "lindwurm/model/initial_state.hpp"

#include <fmt/format.h>

#include <boost/math/special_functions/gamma.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "oracle/comparison.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::Group;
using lindwurm::InputError;
using lindwurm::Space;
using oracle::Complex;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(initial_states)

static Matrix state(const std::string& text, const Group& site,
                    const lindwurm::Parameters& parameters = {}) {
  double neglected = 0;
  return site_state(Expression::parse(text), site, parameters, neglected);
}

static double neglected_by(const std::string& text, const Group& site) {
  double neglected = 0;
  (void)site_state(Expression::parse(text), site, {}, neglected);
  return neglected;
}

static Complex mean(const Matrix& a, const Matrix& rho) { return (a * rho).trace(); }

static bool is_state(const Matrix& rho) {
  return std::abs(rho.trace() - 1.0) < 1e-14 && oracle::distance(rho, rho.adjoint()) < 1e-16 &&
         oracle::hermitian_eigenvalues(rho).minCoeff() > -1e-15;
}

static double purity(const Matrix& rho) { return (rho * rho).trace().real(); }

static const Group mode = lindwurm::oscillator("mode", 40);
static const Group qubit = lindwurm::spin("q");
static const Group atom = lindwurm::level_site("atom", 4);

BOOST_AUTO_TEST_CASE(fock) {
  for (int level : {0, 1, 17, 39}) {
    const Matrix rho = state("fock(" + std::to_string(level) + ")", mode);
    BOOST_TEST(oracle::distance(rho, oracle::transition(level, level, 40)) == 0);
  }
  BOOST_TEST(oracle::distance(state("fock(k + 1)", mode, {{"k", {{2.0}}}}),
                              oracle::transition(3, 3, 40)) == 0);
}

BOOST_AUTO_TEST_CASE(coherent) {
  const Complex alpha(1.2, -0.7);
  const Matrix rho = state("coherent(1.2 - 0.7*i)", mode);
  BOOST_TEST(is_state(rho));
  BOOST_TEST(std::abs(purity(rho) - 1) < 1e-13);
  BOOST_TEST(std::abs(mean(oracle::annihilation(40), rho) - alpha) < 1e-12);
  BOOST_TEST(std::abs(mean(oracle::number(40), rho) - std::norm(alpha)) < 1e-12);
  BOOST_TEST(std::abs(rho(0, 0) - std::exp(-std::norm(alpha))) < 1e-14);
  BOOST_TEST(oracle::distance(state("coherent(0)", mode), oracle::transition(0, 0, 40)) == 0);
}

BOOST_AUTO_TEST_CASE(coherent_states_tell_what_the_cutoff_takes) {
  const Group small = lindwurm::oscillator("mode", 4);
  double kept = 0;
  double weight = std::exp(-1.0);
  for (int n = 0; n < 4; ++n) {
    kept += weight;
    weight /= n + 1;
  }
  BOOST_TEST(std::abs(neglected_by("coherent(1)", small) - (1 - kept)) < 1e-15);
  BOOST_TEST(is_state(state("coherent(1)", small)));
  BOOST_TEST(neglected_by("coherent(1)", mode) < 1e-15);
  BOOST_TEST(neglected_by("fock(3)", small) == 0);
}

// Closed formulas of (|alpha> + |-alpha>)/norm: with e = exp(-2|alpha|^2) its norm is
// sqrt(2(1 + e)), <n> = |alpha|^2 (1 - e)/(1 + e), a|cat> is the odd cat.
// Of a Poisson distribution of mean |alpha|^2, whose weight below n is Q(n, |alpha|^2).
BOOST_DATA_TEST_CASE(large_coherent_states, data::make({7.0, 27.0, 38.0, 39.0, 43.0}), size) {
  const double mean_number = size * size;
  const int levels = static_cast<int>(mean_number + 3 * size);
  const Complex alpha = std::polar(size, 0.4);
  double neglected = 0;
  const Matrix rho = site_state(
      Expression::parse(fmt::format("coherent({:.17g} + i*{:.17g})", alpha.real(), alpha.imag())),
      lindwurm::oscillator("m", levels), {}, neglected);
  const double lost = boost::math::gamma_p(static_cast<double>(levels), mean_number);
  BOOST_TEST(std::abs(neglected - lost) < 1e-9 * lost);
  BOOST_TEST(std::abs(rho.trace() - 1.0) < 1e-13);
  Complex mean_of_a = 0;
  double mean_of_n = 0;
  for (int n = 1; n < levels; ++n) {
    mean_of_a += std::sqrt(n) * rho(n, n - 1);
    mean_of_n += n * rho(n, n).real();
  }
  // What is cut off leaves the levels below: <n> = |alpha|^2 Q(L - 1)/Q(L).
  const double kept = boost::math::gamma_q(levels - 1.0, mean_number) / (1 - lost);
  BOOST_TEST(std::abs(mean_of_n - mean_number * kept) < 1e-11 * mean_number);
  BOOST_TEST(std::abs(mean_of_a - alpha * kept) < 1e-11 * size);
}

BOOST_AUTO_TEST_CASE(small_coherent_states_keep_their_amplitude) {
  const Matrix rho = state("coherent(1e-30)", mode);
  BOOST_TEST(std::abs(rho(1, 0) - 1e-30) < 1e-45);
  BOOST_TEST(is_state(rho));
}

BOOST_AUTO_TEST_CASE(large_cats) {
  const Matrix rho = state("cat(20)", lindwurm::oscillator("m", 600));
  BOOST_TEST(std::abs(rho.trace() - 1.0) < 1e-13);
  double mean_number = 0;
  double odd = 0;
  for (int n = 0; n < 600; ++n) {
    mean_number += n * rho(n, n).real();
    odd += n % 2 == 1 ? std::abs(rho(n, n)) : 0;
  }
  BOOST_TEST(std::abs(mean_number - 400) < 1e-9);
  BOOST_TEST(odd == 0);
}

BOOST_AUTO_TEST_CASE(thermal_states_of_any_temperature) {
  for (const char* nbar : {"1e-320", "1e-30", "1e16", "1e300"}) {
    double neglected = 0;
    const Matrix rho =
        site_state(Expression::parse(fmt::format("thermal({})", nbar)), mode, {}, neglected);
    BOOST_TEST(is_state(rho), nbar);
    BOOST_TEST((neglected >= 0 && neglected <= 1), nbar);
  }
  BOOST_TEST(std::abs(state("thermal(1e16)", mode)(39, 39) - 1 / 40.0) < 1e-15);
  // exp(1000) is infinite, the population is not.
  BOOST_TEST(state("thermal(1/(1 + exp(beta)))", qubit, {{"beta", {{1000.0}}}})(1, 1) == 1.0);
  BOOST_TEST(state("thermal(1/(exp(beta) - 1))", mode, {{"beta", {{1000.0}}}})(0, 0) == 1.0);
}

BOOST_AUTO_TEST_CASE(cats) {
  const Complex alpha(1.2, -0.7);
  const double squared = std::norm(alpha);
  const double e = std::exp(-2 * squared);
  const Matrix rho = state("cat(1.2 - 0.7*i)", mode);
  BOOST_TEST(is_state(rho));
  BOOST_TEST(std::abs(purity(rho) - 1) < 1e-13);
  BOOST_TEST(std::abs(mean(oracle::annihilation(40), rho)) < 1e-15);
  BOOST_TEST(std::abs(mean(oracle::number(40), rho) - squared * (1 - e) / (1 + e)) < 1e-12);
  BOOST_TEST(std::abs(mean(oracle::annihilation(40) * oracle::annihilation(40), rho) -
                      alpha * alpha) < 1e-12);
  BOOST_TEST(std::abs(rho(0, 0) - 2 * std::exp(-squared) / (1 + e)) < 1e-14);
  BOOST_TEST(std::abs(mean(state("coherent(1.2 - 0.7*i)", mode), rho) - (1 + e) / 2) < 1e-13);
  BOOST_TEST(oracle::distance(state("cat(0)", mode), oracle::transition(0, 0, 40)) == 0);
  // Of cat(1) the levels 0 and 2 are kept: 1 and 1/2 of cosh(1).
  BOOST_TEST(std::abs(neglected_by("cat(1)", lindwurm::oscillator("m", 4)) -
                      (1 - 1.5 / std::cosh(1.0))) < 1e-15);
  BOOST_TEST(neglected_by("cat(1)", mode) < 1e-15);
}

BOOST_AUTO_TEST_CASE(thermal_oscillators) {
  const Matrix rho = state("thermal(0.8)", mode);
  BOOST_TEST(is_state(rho));
  BOOST_TEST(std::abs(mean(oracle::number(40), rho) - 0.8) < 1e-10);
  for (int n = 0; n + 1 < 40; ++n) {
    BOOST_TEST(std::abs(rho(n + 1, n + 1) / rho(n, n) - 0.8 / 1.8) < 1e-12);
  }
  BOOST_TEST(std::abs(neglected_by("thermal(0.8)", lindwurm::oscillator("m", 5)) -
                      std::pow(0.8 / 1.8, 5)) < 1e-15);
  BOOST_TEST(oracle::distance(state("thermal(0)", mode), oracle::transition(0, 0, 40)) == 0);
}

struct Bloch {
  std::string name;
  double x, y, z;
};
static std::ostream& operator<<(std::ostream& out, const Bloch& b) { return out << b.name; }

static const std::vector<Bloch> bloch_vectors{
    {"up", 0, 0, 1},
    {"down", 0, 0, -1},
    {"up_x", 1, 0, 0},
    {"down_x", -1, 0, 0},
    {"up_y", 0, 1, 0},
    {"down_y", 0, -1, 0},
    {"maximally_mixed", 0, 0, 0},
    {"thermal(0.3)", 0, 0, -0.4},
    {"thermal(0)", 0, 0, -1},
    {"thermal(1)", 0, 0, 1},
};

BOOST_DATA_TEST_CASE(spins, data::make(bloch_vectors), bloch) {
  const Matrix rho = state(bloch.name, qubit);
  BOOST_TEST(is_state(rho));
  BOOST_TEST(std::abs(mean(oracle::pauli_x(), rho) - bloch.x) < 1e-15);
  BOOST_TEST(std::abs(mean(oracle::pauli_y(), rho) - bloch.y) < 1e-15);
  BOOST_TEST(std::abs(mean(oracle::pauli_z(), rho) - bloch.z) < 1e-15);
}

BOOST_AUTO_TEST_CASE(levels) {
  BOOST_TEST(oracle::distance(state("level(2)", atom), oracle::transition(2, 2, 4)) == 0);
  BOOST_TEST(oracle::distance(state("maximally_mixed", atom), oracle::identity(4) / 4) < 1e-16);
  BOOST_TEST(oracle::distance(state("maximally_mixed", mode), oracle::identity(40) / 40) < 1e-16);
}

struct Refused {
  std::string text;
  Group site;
  std::string told;
};
static std::ostream& operator<<(std::ostream& out, const Refused& r) { return out << r.text; }

static const std::vector<Refused> refused{
    {"fock(40)", mode, "levels 0 to 39"},
    {"fock(-1)", mode, "levels 0 to 39"},
    {"fock(0.5)", mode, ""},
    {"fock(i)", mode, "real number"},
    {"fock()", mode, ""},
    {"fock", mode, "argument"},
    {"fock(1, 2)", mode, "argument"},
    {"fok(1)", mode, "did you mean 'fock'"},
    {"coherent(6)", lindwurm::oscillator("m", 10), "raise its levels"},
    {"coherent(1000)", mode, "raise its levels"},
    {"cat(6)", lindwurm::oscillator("m", 10), "raise its levels"},
    {"cat(1000)", mode, "raise its levels"},
    {"cat", mode, "argument"},
    {"cat(1)", qubit, "spin"},
    {"(fock(4) + fock(2))/sqrt(2)", mode, "fock, coherent, cat, thermal, maximally_mixed"},
    {"2*up", qubit, "up_x"},
    {"coherent(log(0))", mode, "\"log(0)\" is not finite"},
    {"thermal(10^400)", mode, "\"10 ^ 400\" is not finite"},
    {"thermal(-0.1)", mode, "negative"},
    {"thermal(i)", mode, "real number"},
    {"thermal(1.1)", qubit, "between 0 and 1"},
    {"thermal(-0.1)", qubit, "between 0 and 1"},
    {"up(1)", qubit, "argument"},
    {"fock(0)", qubit, "spin"},
    {"up", mode, "oscillator"},
    {"level(4)", atom, "levels 0 to 3"},
    {"fock(0)", atom, "levels"},
    {"thermal(0.1)", atom, "levels"},
    {"2", mode, "is no state"},
    {"fock(0) + fock(1)", mode, "is no state"},
    {"fock(t)", mode, "depends on time"},
    {"fock(unknown)", mode, "unknown parameter"},
};

BOOST_DATA_TEST_CASE(impossible_states_are_refused, data::make(refused), wrong) {
  try {
    (void)state(wrong.text, wrong.site);
    BOOST_ERROR("accepted");
  } catch (const InputError& error) {
    const std::string message = error.what();
    BOOST_TEST(message.find(wrong.told) != std::string::npos, message);
  }
}

BOOST_AUTO_TEST_CASE(products) {
  const Space space{lindwurm::oscillator("m", 3), lindwurm::spins("s", 2)};
  const auto one_for_all = product_state(space, {{"m", {"fock(1)"}}, {"s", {"up_x"}}});
  BOOST_REQUIRE(one_for_all.sites.size() == 3);
  BOOST_TEST(oracle::distance(one_for_all.sites[1], one_for_all.sites[2]) == 0);
  const auto each = product_state(space, {{"m", {"fock(1)"}}, {"s", {"up", "down"}}});
  BOOST_TEST(each.sites[1](0, 0) == 1.0);
  BOOST_TEST(each.sites[2](1, 1) == 1.0);
  BOOST_TEST(each.neglected_weight == 0);
  BOOST_TEST(product_state(space, {{"m", {"thermal(1)"}}, {"s", {"up"}}}).neglected_weight ==
             0.125);
}

// An array has a value for each member.
BOOST_AUTO_TEST_CASE(arrays_run_along_the_members) {
  const Space space{lindwurm::oscillators("m", 2, 5), lindwurm::spins("s", 3)};
  const lindwurm::Parameters parameters{{"p", {{0.1, 0.6, 1.0}, true}},
                                        {"q", {{0.2, 0.1, 0.0}, true}},
                                        {"n", {{3.0, 1.0}, true}},
                                        {"half", {{0.5}}}};
  const auto start = [&](const std::string& m, const std::vector<std::string>& s) {
    return product_state(space, {{"m", {m}}, {"s", s}}, parameters);
  };
  const auto product = start("fock(n - 1)", {"thermal(half*p + q)"});
  BOOST_TEST(product.sites[0](2, 2) == 1.0);
  BOOST_TEST(product.sites[1](0, 0) == 1.0);
  for (const auto& [site, up] : {std::pair(2, 0.25), std::pair(3, 0.4), std::pair(4, 0.5)})
    BOOST_TEST(std::abs(product.sites[site](0, 0) - up) < 1e-15);
  const auto each = start("fock(n[1])", {"thermal(p)", "down", "thermal_x(p)"});
  BOOST_TEST(each.sites[0](1, 1) == 1.0);
  BOOST_TEST(each.sites[1](1, 1) == 1.0);
  BOOST_TEST(std::abs(each.sites[2](0, 0) - 0.1) < 1e-15);
  BOOST_TEST(std::abs(each.sites[4](0, 1) - 0.5) < 1e-15);
  BOOST_CHECK_THROW((void)start("fock(p)", {"up"}), InputError);
  BOOST_CHECK_THROW((void)start("fock(0)", {"thermal(p + n)"}), InputError);
  BOOST_CHECK_THROW((void)start("fock(0)", {"thermal(p + 0.1)"}), InputError);
  const Space one{lindwurm::spin("s")};
  BOOST_CHECK_THROW((void)product_state(one, {{"s", {"thermal(p)"}}}, parameters), InputError);
}

BOOST_AUTO_TEST_CASE(incomplete_products_are_refused) {
  const Space space{lindwurm::oscillator("m", 3), lindwurm::spins("s", 2)};
  BOOST_CHECK_THROW((void)product_state(space, {{"m", {"fock(1)"}}}), InputError);
  BOOST_CHECK_THROW((void)product_state(space, {{"m", {"fock(1)"}}, {"s", {}}}), InputError);
  BOOST_CHECK_THROW((void)product_state(space, {{"m", {"fock(1)"}}, {"s", {"up", "up", "up"}}}),
                    InputError);
  BOOST_CHECK_THROW((void)product_state(space, {{"m", {"fock(1)", "fock(0)"}}, {"s", {"up"}}}),
                    InputError);
  BOOST_CHECK_THROW((void)product_state(space, {{"m", {"fock(1)"}}, {"s", {"up"}}, {"r", {"up"}}}),
                    InputError);
}

BOOST_AUTO_TEST_SUITE_END()
