// Spectra of generators far from normal: rate equations on ladders, trees and cycles whose
// stationary populations span hundreds of orders of magnitude, and cascades, which are triangular.
// The references are symmetrised matrices, closed forms and numbers from 50 digits.
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/spectrum.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::MasterEquation;
using lindwurm::Model;
using lindwurm::Observables;
using lindwurm::ProductState;
using lindwurm::Space;
using lindwurm::Spectrum;
using lindwurm::SpectrumMethod;
using lindwurm::SpectrumOptions;

BOOST_AUTO_TEST_SUITE(far_from_normal)

static std::string ket_bra(int to, int from) {
  return "ket(l," + std::to_string(to) + "," + std::to_string(from) + ")";
}

// Rates up[k] from k to k+1 and down[k] back, each direction by one operator, which hands on
// coherences as well.
struct Ladder {
  std::string name;
  std::vector<double> up, down;

  [[nodiscard]] int levels() const { return static_cast<int>(up.size()) + 1; }
};
static std::ostream& operator<<(std::ostream& out, const Ladder& ladder) {
  return out << ladder.name;
}

static Expression hops(const std::vector<double>& rates, bool is_up) {
  Expression sum = Expression::parse("0*id(l)");
  for (int k = 0; k < static_cast<int>(rates.size()); ++k) {
    const std::string hop = is_up ? ket_bra(k + 1, k) : ket_bra(k, k + 1);
    sum = sum + std::sqrt(rates[k]) * Expression::parse(hop);
  }
  return sum;
}

static Model model_of(const Ladder& ladder) {
  Model model(Space{lindwurm::level_site("l", ladder.levels())});
  model.add({hops(ladder.up, true), 1.0});
  model.add({hops(ladder.down, false), 1.0});
  return model;
}

// All rates, in order. The elements |n+q><n| of one q make up a tridiagonal matrix, which the
// stationary populations symmetrise.
static std::vector<double> rates_of(const Ladder& ladder) {
  const int levels = ladder.levels();
  const auto up = [&](int k) { return k < levels - 1 ? ladder.up[k] : 0.0; };
  const auto down = [&](int k) { return k > 0 ? ladder.down[k - 1] : 0.0; };
  std::vector<double> rates;
  for (int q = 0; q < levels; ++q) {
    const int size = levels - q;
    Eigen::VectorXd diagonal(size);
    Eigen::VectorXd beside(std::max(0, size - 1));
    for (int n = 0; n < size; ++n) {
      diagonal(n) = (up(n) + up(n + q) + down(n) + down(n + q)) / 2;
      if (n + 1 < size)
        beside(n) =
            std::sqrt(std::sqrt(up(n) * up(n + q)) * std::sqrt(down(n + 1) * down(n + q + 1)));
    }
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
    solver.computeFromTridiagonal(diagonal, beside, Eigen::EigenvaluesOnly);
    for (double rate : solver.eigenvalues())
      for (int copies = q == 0 ? 1 : 2; copies > 0; --copies)
        rates.push_back(rate);
  }
  std::sort(rates.begin(), rates.end());
  return rates;
}

static std::shared_ptr<const MasterEquation> equation_of(const Model& model) {
  return std::make_shared<const MasterEquation>(model, lindwurm::Session::communicator());
}

static bool is_sound(const Spectrum& found) {
  return found.is_complete && found.is_found && found.is_converged() && found.gap &&
         found.gap_error && *found.gap_error < 0.1 * *found.gap;
}

static void check_gap(const Spectrum& found, double gap) {
  BOOST_TEST(is_sound(found), found.certificate.failure);
  BOOST_REQUIRE(found.gap.has_value());
  BOOST_TEST(std::abs(*found.gap - gap) <= 1e-9 * gap + 1e-12);
  BOOST_REQUIRE(found.gap_error.has_value());
  BOOST_TEST(std::abs(*found.gap - gap) <= *found.gap_error);
  BOOST_TEST(found.stationary == 1);
}

static void check_rates(const Spectrum& found, const std::vector<double>& rates) {
  check_gap(found, rates[1]);
  for (std::size_t k = 0; k < found.eigenvalues.size(); ++k) {
    const auto z = found.eigenvalues[k];
    BOOST_TEST(std::abs(z + rates[k]) <= 1e-8);
    // Nearly equal ones come in any order.
    double nearest = std::numeric_limits<double>::infinity();
    for (double rate : rates)
      nearest = std::min(nearest, std::abs(z + rate));
    BOOST_TEST(nearest <= found.modes[k].error + 1e-14);
  }
}

static Ladder uniform(int levels, double up, double down) {
  return {std::to_string(levels) + " levels, " + std::to_string(up / down),
          std::vector<double>(levels - 1, up), std::vector<double>(levels - 1, down)};
}

static Ladder thermal(int levels, double quanta) {
  Ladder ladder{
      std::to_string(levels) + " levels at " + std::to_string(quanta) + " quanta", {}, {}};
  for (int k = 1; k < levels; ++k) {
    ladder.up.push_back(0.1 * quanta * k);
    ladder.down.push_back(0.1 * (quanta + 1) * k);
  }
  return ladder;
}

static Ladder uneven(int levels, double ratio, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> factor(-1, 1);
  Ladder ladder{std::to_string(levels) + " uneven levels, seed " + std::to_string(seed), {}, {}};
  for (int k = 1; k < levels; ++k) {
    ladder.up.push_back(ratio * std::pow(10, factor(random)));
    ladder.down.push_back(std::pow(10, factor(random)));
  }
  return ladder;
}

static std::vector<Ladder> ladders() {
  return {uniform(10, 0.4, 1),   uniform(55, 0.4, 1), uniform(80, 0.01, 1), uniform(60, 1, 0.01),
          uniform(120, 1e-6, 1), thermal(60, 1e-3),   thermal(20, 1e-6),    uneven(60, 1e-4, 1)};
}

BOOST_DATA_TEST_CASE(ladders_in_detailed_balance, data::make(ladders()) * data::make({1, 6}),
                     ladder, count) {
  check_rates(spectrum_by_sectors(equation_of(model_of(ladder)), {.count = count}),
              rates_of(ladder));
}

BOOST_DATA_TEST_CASE(ladders_in_the_whole_space,
                     data::make({uniform(24, 1e-3, 1), uneven(20, 1e-3, 4)}) *
                         data::make({true, false}),
                     ladder, is_dense) {
  const auto method = is_dense ? SpectrumMethod::dense : SpectrumMethod::krylov;
  const auto equation = equation_of(model_of(ladder));
  for (int count : {1, 6}) {
    check_rates(spectrum_by_sectors(equation, {.count = count, .method = method},
                                    {whole_space(equation->charges())}),
                rates_of(ladder));
  }
}

BOOST_DATA_TEST_CASE(searched_ladders, data::make({uniform(60, 0.01, 1), uneven(80, 1e-4, 5)}),
                     ladder) {
  const SpectrumOptions options{.count = 4, .method = SpectrumMethod::krylov};
  check_rates(spectrum_by_sectors(equation_of(model_of(ladder)), options), rates_of(ladder));
}

// Single jumps between levels: a coherence decays by itself, and populations obey a rate equation,
// in detailed balance on a tree.
struct Jump {
  int from, to;
  double rate;
};

static Model model_of(int levels, const std::vector<Jump>& jumps) {
  Model model(Space{lindwurm::level_site("l", levels)});
  for (const auto& [from, to, rate] : jumps)
    model.add({Expression::parse(ket_bra(to, from)), rate});
  return model;
}

static std::vector<double> rates_on_tree(int levels, const std::vector<Jump>& jumps) {
  Eigen::MatrixXd w = Eigen::MatrixXd::Zero(levels, levels);
  Eigen::VectorXd loss = Eigen::VectorXd::Zero(levels);
  for (const auto& [from, to, rate] : jumps) {
    w(to, from) += rate;
    loss(from) += rate;
  }
  Eigen::MatrixXd symmetric = -w.cwiseProduct(w.transpose()).cwiseSqrt();
  symmetric += loss.asDiagonal();
  std::vector<double> rates;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(symmetric, Eigen::EigenvaluesOnly);
  rates.assign(solver.eigenvalues().begin(), solver.eigenvalues().end());
  for (int m = 0; m < levels; ++m)
    for (int n = 0; n < levels; ++n)
      if (m != n) rates.push_back((loss(m) + loss(n)) / 2);
  std::sort(rates.begin(), rates.end());
  return rates;
}

BOOST_DATA_TEST_CASE(rate_equations_on_trees, data::xrange(1u, 4u), seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> power(-3, 0);
  const int levels = 15 + 5 * static_cast<int>(seed);
  std::vector<Jump> jumps;
  for (int k = 1; k < levels; ++k) {
    const int parent = std::uniform_int_distribution<int>(std::max(0, k - 3), k - 1)(random);
    jumps.push_back({k, parent, std::pow(10, power(random) / 3)});
    jumps.push_back({parent, k, std::pow(10, power(random) - 1)});
  }
  check_rates(spectrum_by_sectors(equation_of(model_of(levels, jumps)), {.count = 4}),
              rates_on_tree(levels, jumps));
}

BOOST_AUTO_TEST_CASE(two_ladders_weakly_coupled) {
  std::vector<Jump> jumps;
  const int half = 20;
  for (int side : {0, 1}) {
    for (int k = 1; k < half; ++k) {
      jumps.push_back({side * half + k - 1, side * half + k, side == 0 ? 1e-2 : 1e-4});
      jumps.push_back({side * half + k, side * half + k - 1, 1.0});
    }
  }
  jumps.push_back({0, half, 1e-5});
  jumps.push_back({half, 0, 3e-5});
  for (int count : {1, 6}) {
    const auto found =
        spectrum_by_sectors(equation_of(model_of(2 * half, jumps)), {.count = count});
    check_rates(found, rates_on_tree(2 * half, jumps));
  }
}

// Each jump operator turns the cycle by one: unitary, so that all is normal.
BOOST_DATA_TEST_CASE(cycles, data::make({0.0, 0.3}), back) {
  const int levels = 40;
  Expression turn = Expression::parse("0*id(l)");
  for (int k = 0; k < levels; ++k)
    turn = turn + Expression::parse(ket_bra((k + 1) % levels, k));
  Model model(Space{lindwurm::level_site("l", levels)});
  model.add({turn, 1.0});
  if (back > 0) model.add({lindwurm::words::dag(turn), back});
  const auto found = spectrum_by_sectors(equation_of(model), {.count = 3});
  BOOST_TEST(found.stationary == levels);
  BOOST_TEST(std::abs(*found.gap - (1 + back) * (1 - std::cos(2 * std::numbers::pi / levels))) <
             1e-10);
}

// One way round, by single jumps of rate 1 but for one of rate e: the rates -x obey
// (1 - x)^(N-1) (e - x) = e.
BOOST_DATA_TEST_CASE(a_directed_cycle_with_a_weak_link, data::make({1e-2, 1e-6}), weak) {
  const int levels = 30;
  std::vector<Jump> jumps;
  for (int k = 0; k < levels; ++k)
    jumps.push_back({k, (k + 1) % levels, k == levels - 1 ? weak : 1.0});
  const auto found = spectrum_by_sectors(equation_of(model_of(levels, jumps)), {.count = 4});
  BOOST_TEST(is_sound(found), found.certificate.failure);
  BOOST_TEST(found.stationary == 1);
  for (std::size_t k = 1; k < found.eigenvalues.size(); ++k) {
    const std::complex<double> z = found.eigenvalues[k];
    const bool is_coherence = std::abs(z + 1.0) < 1e-10 || std::abs(z + (1 + weak) / 2) < 1e-10;
    const auto p = std::pow(1.0 + z, levels - 1) * (weak + z) / weak - 1.0;
    BOOST_TEST((is_coherence || std::abs(p) < 1e-6));
  }
}

// Lost quanta do not come back: L is triangular, with the eigenvalues -kappa (m + n)/2.
BOOST_DATA_TEST_CASE(lossy_cascades, data::make({12, 60}), levels) {
  Model model(Space{lindwurm::oscillator("m", levels)});
  model.add({Expression::parse("a(m)"), 0.2});
  for (int count : {1, 12}) {
    const auto found = spectrum_by_sectors(equation_of(model), {.count = count});
    check_gap(found, 0.1);
    std::vector<double> rates;
    for (int m = 0; m < levels; ++m)
      for (int n = 0; n < levels; ++n)
        rates.push_back(0.1 * (m + n));
    std::sort(rates.begin(), rates.end());
    for (std::size_t k = 0; k < found.eigenvalues.size(); ++k)
      BOOST_TEST(std::abs(found.eigenvalues[k] + rates[k]) < 1e-11);
  }
}

// All rates equal: the populations are one Jordan block.
BOOST_AUTO_TEST_CASE(a_cascade_of_equal_rates) {
  const int levels = 30;
  std::vector<Jump> jumps;
  for (int k = 1; k < levels; ++k)
    jumps.push_back({k, k - 1, 1.0});
  const auto found = spectrum_by_sectors(equation_of(model_of(levels, jumps)), {.count = 6});
  BOOST_TEST(found.stationary == 1);
  BOOST_REQUIRE(found.gap.has_value());
  BOOST_TEST((!is_sound(found) || std::abs(*found.gap - 0.5) < 1e-8));
}

static ProductState fock(int levels, int n) {
  Eigen::MatrixXcd rho = Eigen::MatrixXcd::Zero(levels, levels);
  rho(n, n) = 1;
  return {{rho}};
}

// The stationary mode of any state is the stationary state, and that of the gap tells how far <n>
// is from it: <n>(t) - <n> falls with one rate in a thermal oscillator, to rounding in the cutoff.
BOOST_DATA_TEST_CASE(modes_of_a_cold_oscillator, data::make({1e-2, 1e-6}), quanta) {
  const int levels = 40;
  const double kappa = 0.1;
  Model model(Space{lindwurm::oscillator("m", levels)});
  model.add({Expression::parse("a(m)"), kappa * (quanta + 1)});
  model.add({Expression::parse("ad(m)"), kappa * quanta});
  const Observables observables{{"n", Expression::parse("n(m)")},
                                {"one", Expression::parse("id(m)")}};
  for (int n : {0, 12, 25}) {
    const auto found = spectrum_by_sectors(
        equation_of(model), {.count = 6, .observe = observables, .initial = fock(levels, n)});
    std::complex<double> stationary = 0;
    std::complex<double> trace = 0;
    std::complex<double> slow = 0;
    for (std::size_t k = 0; k < found.modes.size(); ++k) {
      const auto& mode = found.modes[k];
      BOOST_TEST(!mode.is_near_exceptional);
      BOOST_REQUIRE(mode.overlap.has_value());
      if (std::abs(found.eigenvalues[k]) < 1e-10) {
        stationary += mode.amplitudes[0];
        trace += mode.amplitudes[1];
      }
      // Beside coherences of the same rate, which do not show in <n>.
      if (std::abs(found.eigenvalues[k] + kappa) < 1e-10) slow += mode.amplitudes[0];
    }
    BOOST_TEST(std::abs(stationary - quanta) < 1e-9);
    BOOST_TEST(std::abs(trace - 1.0) < 1e-9);
    BOOST_TEST(std::abs(slow - (n - quanta)) < 1e-7 * (1 + n));
  }
}

// Every mode of a ladder beyond the range in which left modes can be written down.
BOOST_AUTO_TEST_CASE(overlaps_that_are_given_are_right) {
  const Ladder ladder = uniform(40, 1e-3, 1);
  const auto equation = equation_of(model_of(ladder));
  for (int n : {0, 5, 20, 39}) {
    const auto found =
        spectrum_by_sectors(equation, {.count = 3, .initial = fock(ladder.levels(), n)});
    for (std::size_t k = 0; k < found.modes.size(); ++k) {
      if (!found.modes[k].overlap || std::abs(found.eigenvalues[k]) > 1e-9) continue;
      // |rho_ss| = sqrt(sum p^2), p geometric.
      const double expected = std::sqrt(std::pow(1 - 1e-3, 2) / (1 - 1e-6));
      BOOST_TEST(std::abs(*found.modes[k].overlap - expected) < 1e-9);
    }
  }
}

// What is found, and slower than the certificate's rate, is listed or counted.
BOOST_AUTO_TEST_CASE(slow_modes_that_are_not_listed_are_counted) {
  const auto equation = equation_of(model_of(uniform(24, 0.4, 1)));
  const std::vector<double> rates = rates_of(uniform(24, 0.4, 1));
  const auto found = spectrum_by_sectors(equation, {.count = 1, .method = SpectrumMethod::krylov},
                                         {whole_space(equation->charges())});
  BOOST_TEST(found.is_complete, found.certificate.failure);
  const double rate = found.certificate.rate;
  const auto slower =
      std::count_if(rates.begin(), rates.end(), [&](double r) { return r < rate - 1e-9; });
  BOOST_TEST(found.certificate.unlisted + static_cast<int>(found.eigenvalues.size()) == slower);
}

BOOST_AUTO_TEST_SUITE_END()
