// Spectral densities: their formulas, their behaviour at low frequency and what they refuse.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <utility>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/baths/spectral_density.hpp"

using lindwurm::Cutoff;
using lindwurm::InputError;
using lindwurm::SpectralDensity;

BOOST_AUTO_TEST_SUITE(densities)

static const double pi = std::numbers::pi;
static const double infinity = std::numeric_limits<double>::infinity();

static void equal(double found, double expected, double tolerance = 1e-14) {
  BOOST_TEST(std::abs(found - expected) <= tolerance * std::abs(expected),
             found << " instead of " << expected);
}

BOOST_AUTO_TEST_CASE(formulas) {
  const auto drude = lindwurm::ohmic(0.1, 5, Cutoff::drude);
  equal(drude(2), 0.1 * 2 * 25 / (4 + 25.0));
  BOOST_TEST(drude.text() == "ohmic-drude(strength = 0.1, cutoff = 5)");
  equal(lindwurm::ohmic(0.1, 5, Cutoff::exponential, 0.5)(2),
        0.1 * std::sqrt(2.0 * 5) * std::exp(-0.4));
  equal(lindwurm::ohmic(0.1, 5, Cutoff::hard, 3)(2), 0.1 * 8 / 25);
  BOOST_TEST(lindwurm::ohmic(0.1, 5, Cutoff::hard)(5.001) == 0);
  BOOST_TEST(lindwurm::ohmic(0.1, 5, Cutoff::hard).reach() == 5);
  equal(lindwurm::flat(3)(17), 3 / (2 * pi));
  BOOST_TEST(drude(0) == 0);
  BOOST_TEST(drude(-1) == 0);
  const auto lorentzian = [](double x) { return 0.1 / (x * x + 0.01); };
  equal(lindwurm::poles({{.strength = 0.5, .frequency = 2, .width = 0.2}})(1.7),
        0.5 / pi * (lorentzian(-0.3) - lorentzian(3.7)));
}

// int J -> strength for a narrow pole, seen as a sum on a fine grid.
BOOST_AUTO_TEST_CASE(a_narrow_pole_weighs_its_strength) {
  const auto pole = lindwurm::poles({{.strength = 0.7, .frequency = 3, .width = 1e-3}});
  double sum = 0;
  const double step = 1e-5;
  for (int k = 1; k <= 600000; ++k)
    sum += step * pole(k * step);
  equal(sum, 0.7, 1e-3);
}

BOOST_AUTO_TEST_CASE(low_frequencies) {
  const auto has_law = [](const SpectralDensity& j, double power, double slope) {
    BOOST_TEST_CONTEXT(j.text()) {
      BOOST_TEST(std::abs(j.low_frequency().power - power) <= 1e-9);
      equal(j.low_frequency().slope, slope, 1e-7);
      equal(j(1e-9) / (slope * std::pow(1e-9, power)), 1, 1e-6);
    }
  };
  has_law(lindwurm::flat(3), 0, 3 / (2 * pi));
  for (double s : {0.5, 1.0, 2.7}) {
    for (Cutoff shape : {Cutoff::drude, Cutoff::exponential, Cutoff::hard})
      has_law(lindwurm::ohmic(0.1, 5, shape, s), s, 0.1 * std::pow(5, 1 - s));
    has_law(lindwurm::formula("power", [=](double w) { return 3 * std::pow(w, s) / (1 + w); }, {1}),
            s, 3);
  }
  has_law(lindwurm::formula("rounded", [](double w) { return 1 - std::exp(-w); }, {1}), 1, 1);
  has_law(lindwurm::formula("sine", [](double w) { return w * std::sin(w) * std::exp(-w); }, {1}),
          2, 1);
  has_law(lindwurm::poles({{.strength = 1, .frequency = 2, .width = 0.3},
                           {.strength = 2, .frequency = 0.5, .width = 0.1}}),
          1,
          4 * 0.15 * 2 / pi / std::pow(4 + 0.0225, 2) +
              2 * 4 * 0.05 * 0.5 / pi / std::pow(0.25 + 0.0025, 2));
  has_law(lindwurm::tabulated({1, 2, 3, 4}, {0.5, 2, 1, 0}), 1, 0.5);
  const auto gap = lindwurm::formula(
      "gap", [](double w) { return w > 1 ? std::sqrt(w - 1) * std::exp(-w) : 0; }, {1});
  BOOST_TEST(gap.low_frequency().slope == 0);
}

BOOST_AUTO_TEST_CASE(tables) {
  const std::vector<double> w{0.5, 1, 2, 3, 5};
  const std::vector<double> values{0.2, 1, 0.4, 0.4, 0};
  const auto j = lindwurm::tabulated(w, values);
  for (std::size_t k = 0; k < w.size(); ++k)
    BOOST_TEST(std::abs(j(w[k]) - values[k]) < 1e-15);
  equal(j(0.25), 0.1);
  BOOST_TEST(j(5.1) == 0);
  // Monotone between the points.
  for (std::size_t k = 0; k + 1 < w.size(); ++k) {
    for (double share : {0.1, 0.5, 0.8}) {
      const double value = j(w[k] + share * (w[k + 1] - w[k]));
      BOOST_TEST(value <= std::max(values[k], values[k + 1]) + 1e-15);
      BOOST_TEST(value >= std::min(values[k], values[k + 1]) - 1e-15);
    }
  }
}

// Values of scipy's PchipInterpolator.
BOOST_AUTO_TEST_CASE(tables_are_the_pchip_of_scipy) {
  const auto f = lindwurm::tabulated({0.2, 0.5, 1.2, 2, 3.1, 5}, {0, 0.02, 0.05, 0.03, 0.02, 0.01});
  for (const auto& [w, value] :
       std::vector<std::pair<double, double>>{{0.25, 0.003671177840953959},
                                              {0.4, 0.014066966753533918},
                                              {0.7, 0.03143031199686698},
                                              {1.1, 0.048996127235542405},
                                              {1.5, 0.04463298111510791},
                                              {2.2, 0.027501564518072782},
                                              {3.0, 0.02068428127406606},
                                              {3.5, 0.017343309877532163},
                                              {4.7, 0.011000766900979307}}) {
    equal(f(w), value);
  }
  // Through the origin where that is given, with whatever power law that makes.
  const auto g = lindwurm::tabulated({0, 0.5, 1, 2, 3, 5}, {0, 0.2, 1, 0.4, 0.4, 0});
  for (const auto& [w, value] : std::vector<std::pair<double, double>>{{0.01, 0.00011136},
                                                                       {0.25, 0.06},
                                                                       {0.7, 0.52768},
                                                                       {1.3, 0.8704},
                                                                       {2.5, 0.4},
                                                                       {4.0, 0.2833333333333333},
                                                                       {4.9, 0.0329833333333332}}) {
    equal(g(w), value);
  }
  BOOST_TEST(g.low_frequency().power == 2);
}

BOOST_AUTO_TEST_CASE(discrete) {
  const auto modes = lindwurm::discrete_modes({2, 1}, {0.3, -0.5});
  BOOST_TEST(modes.is_discrete());
  BOOST_TEST(modes(1) == 0);
  BOOST_TEST(modes.modes().size() == 2u);
  BOOST_TEST(modes.modes()[0].frequency == 1);
  equal(modes.modes()[0].weight, 0.25);
  BOOST_TEST(modes.landmarks().empty());
  BOOST_TEST(modes.static_part(1) == 0);
  const auto spins = lindwurm::discrete_spins({0.5}, {3}, {4});
  equal(spins.modes()[0].frequency, 5);
  equal(spins.modes()[0].weight, 0.16);
  equal(spins.static_part(2), 0.09 * (1 - std::pow(std::tanh(1.25), 2)));
  BOOST_TEST(spins.static_part(0) == 0);
}

static void refused(const std::function<void()>& make, const char* word) {
  BOOST_CHECK_EXCEPTION(make(), InputError, [&](const InputError& error) {
    const bool names_it = std::string(error.what()).find(word) != std::string::npos;
    BOOST_TEST(names_it, error.what());
    return names_it;
  });
}

BOOST_AUTO_TEST_CASE(senseless_parameters) {
  using namespace lindwurm;
  refused([] { static_cast<void>(flat(-1)); }, "rate");
  refused([] { static_cast<void>(ohmic(-1, 1, Cutoff::drude)); }, "strength");
  refused([] { static_cast<void>(ohmic(1, 0, Cutoff::drude)); }, "cutoff");
  refused([] { static_cast<void>(ohmic(1, infinity, Cutoff::drude)); }, "cutoff");
  refused([] { static_cast<void>(ohmic(1, 1, Cutoff::hard, 0)); }, "s = 0");
  refused([] { static_cast<void>(poles({})); }, "without a pole");
  refused([] { static_cast<void>(poles({{1, 1, 0}})); }, "width");
  refused([] { static_cast<void>(poles({{1, -1, 1}})); }, "frequency");
  refused([] { static_cast<void>(tabulated({1, 2}, {1, 2, 3})); }, "as many");
  refused([] { static_cast<void>(tabulated({1, 2}, {1, 2})); }, "4 or more");
  refused([] { static_cast<void>(tabulated({1, 2, 2, 3}, {1, 2, 1, 0})); }, "ascend");
  refused([] { static_cast<void>(tabulated({1, 2, 3, 4}, {1, 2, -1, 0})); }, "value");
  refused([] { static_cast<void>(tabulated({0, 1, 2, 3}, {1, 2, 1, 0})); }, "must be 0");
  refused([] { static_cast<void>(formula("f", [](double w) { return w; }, {})); }, "landmark");
  refused([] { static_cast<void>(formula("f", [](double w) { return w; }, {-1})); }, "landmark");
  refused([] { static_cast<void>(discrete_modes({}, {})); }, "one or more");
  refused([] { static_cast<void>(discrete_modes({0}, {1})); }, "frequency");
  refused([] { static_cast<void>(discrete_modes({1}, {infinity})); }, "finite");
  refused([] { static_cast<void>(discrete_spins({1}, {0}, {0})); }, "splitting");
  const auto negative = formula("1 - w", [](double w) { return 1 - w; }, {1});
  refused([&] { static_cast<void>(negative(2)); }, "J = -1 at the frequency 2");
}

BOOST_AUTO_TEST_SUITE_END()
