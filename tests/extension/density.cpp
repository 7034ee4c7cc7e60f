// A spectral density from outside the library: that of acoustic phonons at a quantum dot,
// J(w) = strength w^3 exp(-(w/cutoff)^2) for w > 0.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "lindwurm/lindwurm.hpp"

using namespace lindwurm;
using namespace lindwurm::words;

namespace {

constexpr double strength = 0.02;
constexpr double cutoff = 1.5;
constexpr double splitting = 1.2;

// The same at any w > 0, as a formula.
double j_of(double w) { return strength * w * w * w * std::exp(-w * w / (cutoff * cutoff)); }

SpectralDensity phonons() {
  // The quadrature looks closely at the maximum, w = cutoff sqrt(3/2), and at the tail.
  return formula(fmt::format("phonons(strength = {}, cutoff = {})", strength, cutoff), j_of,
                 {0.3 * cutoff, cutoff * std::sqrt(1.5), 3 * cutoff});
}

// H = w/2 sz with the coupling sx B: the golden rule gives the rates 2 pi J(w) (n + 1) down and
// 2 pi J(w) n up, with the Planck occupation n.
System two_level_system(double temperature) {
  Model model(Space{spin("s")});
  model.hamiltonian = splitting / 2 * sz("s");
  model.add(
      BathCoupling{.name = "phonons", .coupling = sx("s"), .bath = Bath(phonons(), temperature)});
  return System(std::move(model));
}

double occupation(double temperature) { return 1 / std::expm1(splitting / temperature); }

}  // namespace

BOOST_AUTO_TEST_SUITE(density)

BOOST_AUTO_TEST_CASE(it_has_its_values_and_its_name) {
  for (const double w : {0.01, 0.5, 1.2, 4.0})
    BOOST_TEST(phonons()(w) == j_of(w), boost::test_tools::tolerance(1e-14));
  BOOST_TEST(phonons()(-1.0) == 0);
  BOOST_TEST(phonons().text() == "phonons(strength = 0.02, cutoff = 1.5)");
}

BOOST_AUTO_TEST_CASE(its_rate_is_that_of_the_golden_rule) {
  const double golden = 2 * std::numbers::pi * j_of(splitting);
  const Bath cold(phonons(), 0);
  BOOST_TEST(cold.rate(splitting) == golden, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(cold.rate(-splitting) == 0);
  const double temperature = 0.8;
  const double n = occupation(temperature);
  const Bath warm(phonons(), temperature);
  BOOST_TEST(warm.rate(splitting) == golden * (n + 1), boost::test_tools::tolerance(1e-12));
  BOOST_TEST(warm.rate(-splitting) == golden * n, boost::test_tools::tolerance(1e-12));
}

// C(0) at T = 0 is int_0^inf J dw = strength cutoff^4/2.
BOOST_AUTO_TEST_CASE(its_integral_is_that_of_the_closed_form) {
  const auto c = Bath(phonons(), 0).correlation(0);
  BOOST_TEST(c.value.real() == strength * std::pow(cutoff, 4) / 2,
             boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(a_two_level_system_decays_by_the_golden_rule) {
  const double golden = 2 * std::numbers::pi * j_of(splitting);
  for (const double temperature : {0.0, 0.8}) {
    const double n = temperature > 0 ? occupation(temperature) : 0;
    const double rate = golden * (2 * n + 1);
    const double steady = n / (2 * n + 1);
    const System system = two_level_system(temperature);
    const std::vector<double> times{0, 0.5 / rate, 2 / rate};
    const auto found = evolve(system, product_state(system.space(), {{"s", {"up"}}}), times,
                              {.rtol = 1e-10, .atol = 1e-12, .observe = {{"up", n_up("s")}}}, {},
                              Session::communicator());
    for (std::size_t k = 0; k < times.size(); ++k) {
      const double up = steady + (1 - steady) * std::exp(-rate * times[k]);
      BOOST_TEST(found.values[0][k].real() == up, boost::test_tools::tolerance(1e-8));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
