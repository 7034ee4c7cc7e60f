// A kind of site from outside the library: a spin 1 with Jz, Jp and Jm.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <complex>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "lindwurm/lindwurm.hpp"

using namespace lindwurm;
using namespace lindwurm::words;

namespace {

// The states are |m = 1>, |m = 0>, |m = -1>. Jp |m> = sqrt(2 - m (m + 1)) |m + 1>.
std::shared_ptr<const SiteWords> spin_1() {
  SiteMatrix jz(3, 3);
  jz.insert(0, 0) = 1;
  jz.insert(2, 2) = -1;
  SiteMatrix jp(3, 3);
  jp.insert(0, 1) = std::numbers::sqrt2;
  jp.insert(1, 2) = std::numbers::sqrt2;
  Eigen::MatrixXcd along_x(3, 1);  // the eigenstate of Jx with the eigenvalue 1
  along_x << 0.5, 1 / std::numbers::sqrt2, 0.5;
  return std::make_shared<SiteWords>(
      SiteWords{.kind = "spin 1",
                .dimension = 3,
                .operators = {{"Jz", jz}, {"Jp", jp}, {"Jm", SiteMatrix(jp.adjoint())}},
                .states = {{"plus", Eigen::Vector3cd(1, 0, 0)},
                           {"minus", Eigen::Vector3cd(0, 0, 1)},
                           {"along_x", along_x},
                           {"unpolarised", Eigen::MatrixXcd::Identity(3, 3) / 3.0}}});
}

Space one() { return Space{custom_site("s", spin_1())}; }

Evolution evolved(const Model& model, const std::string& start, const std::vector<double>& times,
                  const Observables& observe) {
  const System system(model);
  return evolve(system, product_state(system.space(), {{"s", {start}}}), times,
                {.rtol = 1e-10, .atol = 1e-12, .observe = observe}, {}, Session::communicator());
}

// True if the message of an InputError holds the text.
auto says(const std::string& text) {
  return [text](const InputError& error) {
    return std::string(error.what()).find(text) != std::string::npos;
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(site)

// H = w Jx turns |m = 1> about x: <Jz> = cos wt, and <Jz^2> = (1 + cos^2 wt)/2.
BOOST_AUTO_TEST_CASE(it_precesses_about_x) {
  constexpr double w = 1.3;
  Model model(one());
  model.hamiltonian = Expression::parse("1.3/2*(Jp(s) + Jm(s))");
  const std::vector<double> times{0, 0.4, 1.7, 5};
  const auto found =
      evolved(model, "plus", times,
              {{"z", on_site("Jz", "s")}, {"zz", on_site("Jz", "s") * on_site("Jz", "s")}});
  for (std::size_t k = 0; k < times.size(); ++k) {
    const double c = std::cos(w * times[k]);
    BOOST_TEST(std::abs(found.values[0][k] - c) < 1e-8);
    BOOST_TEST(std::abs(found.values[1][k] - (1 + c * c) / 2) < 1e-8);
  }
}

// H = w Jz + d Jz^2 has the Bohr frequencies w + d and w - d. From the eigenstate of Jx,
// <Jp> = exp(iwt) (exp(idt) + exp(-idt))/2 = exp(iwt) cos dt.
BOOST_AUTO_TEST_CASE(its_coherence_beats_with_the_zero_field_splitting) {
  constexpr double w = 0.9;
  constexpr double d = 0.4;
  Model model(one());
  model.hamiltonian = w * on_site("Jz", "s") + d * on_site("Jz", "s") * on_site("Jz", "s");
  const std::vector<double> times{0, 0.5, 2, 6};
  const auto found = evolved(model, "along_x", times, {{"p", on_site("Jp", "s")}});
  for (std::size_t k = 0; k < times.size(); ++k) {
    const auto expected = std::cos(d * times[k]) * std::polar(1.0, w * times[k]);
    BOOST_TEST(std::abs(found.values[0][k] - expected) < 1e-8);
  }
}

// Jm with the rate g takes |1> to |0> to |-1>, each with the rate 2 g.
BOOST_AUTO_TEST_CASE(it_decays_to_its_lowest_state) {
  constexpr double g = 0.35;
  Model model(one());
  model.hamiltonian = 0.5 * on_site("Jz", "s");
  model.add({on_site("Jm", "s"), g});
  const std::vector<double> times{0, 0.5, 2};
  const auto found = evolved(model, "plus", times, {{"z", on_site("Jz", "s")}});
  for (std::size_t k = 0; k < times.size(); ++k) {
    const double x = 2 * g * times[k];
    const double up = std::exp(-x);
    const double middle = x * std::exp(-x);
    BOOST_TEST(std::abs(found.values[0][k] - (up - (1 - up - middle))) < 1e-8);
  }
  const auto steady = steady_state(System(model), {.observe = {{"z", on_site("Jz", "s")}}},
                                   std::nullopt, {}, Session::communicator());
  BOOST_TEST(std::abs(steady.values[0] + 1.0) < 1e-10);
}

// A term is summed over the members of a group. The exchange keeps the sum of Jz, which begins as
// 1 + 0, but not each Jz.
BOOST_AUTO_TEST_CASE(a_group_runs_over_its_members) {
  const Space pair{custom_sites("s", 2, spin_1())};
  Model model(pair);
  model.hamiltonian = Expression::parse("Jz(s) + 0.2*(Jp(s[0])*Jm(s[1]) + Jm(s[0])*Jp(s[1]))");
  const System system(model);
  const auto found =
      evolve(system, product_state(system.space(), {{"s", {"plus", "unpolarised"}}}), {0, 3},
             {.rtol = 1e-10,
              .atol = 1e-12,
              .observe = {{"total", on_site("Jz", "s")}, {"first", on_site("Jz", "s[0]")}}},
             {}, Session::communicator());
  BOOST_TEST(std::abs(found.values[0][0] - 1.0) < 1e-12);
  BOOST_TEST(std::abs(found.values[0][1] - 1.0) < 1e-8);
  BOOST_TEST(std::abs(found.values[1][0] - 1.0) < 1e-12);
  BOOST_TEST(found.values[1][1].real() < 0.99);
}

BOOST_AUTO_TEST_CASE(unknown_names_are_refused_with_the_known_ones) {
  const Space both{custom_site("s", spin_1()), spin("q")};
  const auto operator_of = [&](const char* text) {
    return sum_over_members(Expression::parse(text), both);
  };
  BOOST_CHECK_NO_THROW((void)operator_of("Jz(s)*sz(q)"));
  BOOST_CHECK_EXCEPTION((void)operator_of("sz(s)"), InputError,
                        says("(spin 1) has no operator 'sz'; it has Jm, Jp, Jz, id, proj, ket"));
  BOOST_CHECK_EXCEPTION((void)operator_of("Jz(q)"), InputError,
                        says("\"spin\" has no operator 'Jz'"));
  BOOST_CHECK_EXCEPTION((void)operator_of("Jy(s)"), InputError, says("unknown operator 'Jy'"));
  BOOST_CHECK_EXCEPTION((void)sum_over_members(Expression::parse("Jz(q)"), Space{spin("q")}),
                        InputError, says("unknown operator 'Jz'"));
  BOOST_CHECK_EXCEPTION((void)product_state(one(), {{"s", {"pluss"}}}), InputError,
                        says("did you mean 'plus'"));
  // The words of every site of levels.
  BOOST_CHECK_NO_THROW((void)operator_of("ket(s, 0, 2) + proj(s, 1) + id(s)"));
  BOOST_CHECK_NO_THROW((void)product_state(one(), {{"s", {"level(2)"}}}));
  BOOST_CHECK_NO_THROW((void)product_state(one(), {{"s", {"maximally_mixed"}}}));
}

BOOST_AUTO_TEST_CASE(words_that_cannot_be_used_are_refused) {
  const auto refuses = [](auto change) {
    auto words = std::make_shared<SiteWords>(*spin_1());
    change(*words);
    BOOST_CHECK_THROW((void)custom_site("s", words), InputError);
  };
  refuses([](SiteWords& words) { words.dimension = 4; });
  refuses([](SiteWords& words) { words.operators["sz"] = words.operators["Jz"]; });
  refuses([](SiteWords& words) { words.operators["dag"] = words.operators["Jz"]; });
  refuses([](SiteWords& words) { words.operators["J z"] = words.operators["Jz"]; });
  refuses([](SiteWords& words) { words.operators["small"] = SiteMatrix(2, 2); });
  refuses([](SiteWords& words) { words.states["level"] = words.states["plus"]; });
  refuses([](SiteWords& words) { words.states["twice"] = 2 * words.states["plus"]; });
  refuses([](SiteWords& words) { words.states["small"] = Eigen::Vector2cd(1, 0); });
  BOOST_CHECK_THROW((void)custom_site("s", nullptr), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
