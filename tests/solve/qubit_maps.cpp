// Maps of qubits against dense ones and closed formulas.
#include "lindwurm/solve/qubit_map.hpp"

#include <Eigen/LU>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/mixture.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::EvolveOptions;
using lindwurm::Expression;
using lindwurm::Model;
using lindwurm::QubitMap;
using lindwurm::ReducedSeries;
using lindwurm::ReducedSpace;
using lindwurm::Space;
using oracle::Complex;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(qubit_maps)

static const MPI_Comm comm = lindwurm::Session::communicator();

static std::vector<double> evenly(double to, int points) {
  std::vector<double> times;
  for (int k = 0; k < points; ++k)
    times.push_back(to * k / (points - 1));
  return times;
}

// The map of site "q", the others starting as `states` say.
static QubitMap map_of(const Model& model, std::map<std::string, std::vector<std::string>> states,
                       const std::vector<double>& times, bool is_closed, double threshold = 1e-6) {
  const int site = model.space.find("q")->first;
  const ReducedSpace qubit(model.space, {site});
  EvolveOptions options{.rtol = 1e-10, .atol = 1e-13};
  options.reduced = {qubit};
  options.reduced_changes = true;
  std::array<ReducedSeries, 4> from{ReducedSeries(qubit), ReducedSeries(qubit),
                                    ReducedSeries(qubit), ReducedSeries(qubit)};
  for (std::size_t k = 0; k < 4; ++k) {
    states["q"] = {lindwurm::qubit_starts[k]};
    const auto start = product_state(model.space, states);
    if (is_closed) {
      from[k] = evolve_mixture(model, start, times, options, {.neglect = 0},
                               {oracle::storage_asked_for(), oracle::sectors_are_asked_for()}, comm)
                    .reduced[0];
    } else {
      const auto liouvillian = oracle::hold(model, start, {times.front(), times.back()});
      from[k] = evolve(liouvillian, pack(start, liouvillian), times, options).reduced[0];
    }
  }
  return qubit_map(times, from, threshold);
}

// Decay, pumping and dephasing at rest: every number in closed form.
BOOST_AUTO_TEST_CASE(a_damped_qubit) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("0.7*sz(q)");
  model.add({Expression::parse("sm(q)"), Expression::parse("0.5"), false});
  model.add({Expression::parse("sp(q)"), Expression::parse("0.2"), false});
  model.add({Expression::parse("sz(q)"), Expression::parse("0.1"), false});
  const auto times = evenly(4, 9);
  const QubitMap map = map_of(model, {}, times, false);
  for (std::size_t j = 0; j < times.size(); ++j) {
    const double d = std::exp(-0.7 * times[j]);
    const double p = 0.2 / 0.7;
    const double c = std::exp(-(0.35 + 0.2) * times[j]);
    BOOST_TEST(std::abs(map.d[j] - d) < 1e-9);
    BOOST_TEST(std::abs(map.a[j] - (p + (1 - p) * d)) < 1e-9);
    BOOST_TEST(std::abs(map.b[j] - p * (1 - d)) < 1e-9);
    BOOST_TEST(std::abs(map.gamma_up[j] - 0.2) < 1e-7);
    BOOST_TEST(std::abs(map.gamma_down[j] - 0.5) < 1e-7);
    BOOST_TEST(std::abs(map.determinant[j] - d * c * c) < 1e-9);
    // Blocks of populations that flip, and of the others with the coherence between them.
    const double stay = (map.a[j] + 1 - map.b[j]) / 2;
    const double half = (map.a[j] - 1 + map.b[j]) / 2;
    const double lowest = std::min({1 - map.a[j], map.b[j], stay - std::hypot(half, c)});
    BOOST_TEST(std::abs(map.choi[j] - lowest) < 1e-9);
  }
  BOOST_TEST(map.mixing < 1e-12);
}

// Resonant exchange with an empty mode: a = cos^2 g t, b = 0, D = a, gamma_down = 2 g tan g t.
BOOST_AUTO_TEST_CASE(vacuum_rabi_oscillations) {
  Model model(Space{lindwurm::spin("q"), lindwurm::oscillator("c", 3)});
  model.hamiltonian = Expression::parse("0.5*sz(q) + n(c) + 0.3*(sp(q)*a(c) + sm(q)*ad(c))");
  auto times = evenly(8, 33);
  const double quarter = std::acos(0.0) / 0.3;  // D = 0
  times.insert(std::upper_bound(times.begin(), times.end(), quarter), quarter);
  const QubitMap map = map_of(model, {{"c", {"fock(0)"}}}, times, true, 1e-9);
  int unreliable = 0;
  for (std::size_t j = 0; j < times.size(); ++j) {
    const double c = std::cos(0.3 * times[j]);
    BOOST_TEST(std::abs(map.a[j] - c * c) < 1e-11);
    BOOST_TEST(std::abs(map.b[j]) < 1e-11);
    BOOST_TEST(std::abs(map.determinant[j] - std::pow(c, 4)) < 1e-10);
    BOOST_TEST(map.choi[j] > -1e-12);
    if (!map.is_reliable[j]) {
      ++unreliable;
      BOOST_TEST(std::isnan(map.gamma_down[j]));
      continue;
    }
    const double rate = 0.6 * std::tan(0.3 * times[j]);
    BOOST_TEST(std::abs(map.gamma_down[j] - rate) < 1e-8 / (c * c));
    BOOST_TEST(std::abs(map.gamma_up[j]) < 1e-8 / (c * c));
  }
  BOOST_TEST(unreliable == 1);
}

// A thermal mode, dense: U (rho x thermal) U^dag; and complete positivity at every time.
BOOST_DATA_TEST_CASE(a_thermal_mode, data::make({"n(c)*0.1*sz(q)", "x(c)*sx(q)*0.2", "0.4*sx(q)"}),
                     extra) {
  Model model(Space{lindwurm::oscillator("c", 5), lindwurm::spin("q")});
  model.hamiltonian = Expression::parse(
      std::string("0.6*sz(q) + n(c) + 0.3*(sp(q)*a(c) + sm(q)*ad(c)) + ") + extra);
  model = oracle::along(oracle::spin_basis_asked_for(), std::move(model));
  const auto times = evenly(6, 7);
  const QubitMap map = map_of(model, {{"c", {"thermal(0.3)"}}}, times, true);
  const Space along_z = oracle::along(lindwurm::SpinBasis::z, model).space;
  const Matrix h = oracle::matrix_of(
      lindwurm::sum_over_members(model.hamiltonian, along_z, model.parameters), along_z);
  Matrix thermal = Matrix::Zero(5, 5);
  for (int n = 0; n < 5; ++n)
    thermal(n, n) = std::pow(0.3 / 1.3, n);
  thermal /= thermal.trace();
  for (std::size_t j = 0; j < times.size(); ++j) {
    const Matrix u = oracle::exponential(-oracle::i * times[j] * h);
    Eigen::Matrix4cd choi;
    for (int m = 0; m < 2; ++m) {
      for (int n = 0; n < 2; ++n) {
        const Matrix start = oracle::kron(thermal, oracle::transition(m, n, 2));
        const Matrix end = u * start * u.adjoint();
        Matrix reduced = Matrix::Zero(2, 2);
        for (int k = 0; k < 5; ++k)
          reduced += end.block(2 * k, 2 * k, 2, 2);
        choi.block(2 * m, 2 * n, 2, 2) = reduced;
      }
    }
    BOOST_TEST(std::abs(map.choi[j] - oracle::hermitian_eigenvalues(choi).minCoeff()) < 1e-10);
    BOOST_TEST(map.choi[j] > -1e-12);
    BOOST_TEST(std::abs(map.a[j] - choi(0, 0).real()) < 1e-10);
    BOOST_TEST(std::abs(map.b[j] - choi(2, 2).real()) < 1e-10);
    // Columns of the superoperator in the basis of matrix units.
    Eigen::Matrix4cd super;
    for (int m = 0; m < 2; ++m) {
      for (int n = 0; n < 2; ++n) {
        for (int k = 0; k < 2; ++k)
          for (int l = 0; l < 2; ++l)
            super(2 * k + l, 2 * m + n) = choi(2 * m + k, 2 * n + l);
      }
    }
    // One row and column of it preserve the trace.
    BOOST_TEST(std::abs(map.determinant[j] - super.determinant().real()) < 1e-10);
  }
}

BOOST_AUTO_TEST_SUITE_END()
