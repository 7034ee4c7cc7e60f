// Quasi-probabilities against closed forms and against displaced and rotated dense matrices.
#include "lindwurm/solve/phase_space.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "lindwurm/backend/error.hpp"
#include "oracle/random_models.hpp"

namespace data = boost::unit_test::data;
using lindwurm::InputError;
using lindwurm::PhaseSpaceGrid;
using lindwurm::QuasiProbability;
using lindwurm::SiteState;
using oracle::Complex;
using oracle::Matrix;
using oracle::Vector;
using std::numbers::pi;

BOOST_AUTO_TEST_SUITE(phase_space)

static SiteState oscillator_state(const Matrix& rho) {
  const Matrix rows = rho.transpose();
  return {lindwurm::oscillator("m", static_cast<int>(rho.rows())), rows.reshaped()};
}

static std::vector<double> evenly(double from, double to, int points) {
  std::vector<double> axis;
  for (int k = 0; k < points; ++k)
    axis.push_back(from + (to - from) * k / (points - 1));
  return axis;
}

// D(alpha) on each Fock state of a space in which nothing reaches the cutoff.
static Matrix displacement(Complex alpha, int levels) {
  const Matrix a = oracle::annihilation(levels);
  const Matrix h = oracle::i * (alpha * a.adjoint() - std::conj(alpha) * a);
  Matrix d(levels, levels);
  for (int n = 0; n < levels; ++n)
    d.col(n) = oracle::evolve_ket(h, Vector::Unit(levels, n), 1);
  return d;
}

BOOST_DATA_TEST_CASE(of_random_oscillators, data::xrange(4u), seed) {
  constexpr int levels = 7;
  constexpr int room = 70;
  std::mt19937 random(seed);
  const Matrix rho = oracle::random_state(levels, random);
  Matrix wide = Matrix::Zero(room, room);
  wide.topLeftCorner(levels, levels) = rho;
  const PhaseSpaceGrid grid{{-1.3, 0, 0.4}, {-0.7, 0, 1.1, 2.0}};
  const auto state = oscillator_state(rho);
  const Eigen::MatrixXd q = quasi_probability(state, QuasiProbability::husimi, grid);
  const Eigen::MatrixXd w = quasi_probability(state, QuasiProbability::wigner, grid);
  for (int j = 0; j < q.rows(); ++j) {
    for (int k = 0; k < q.cols(); ++k) {
      const Matrix d = displacement({grid.rows[j], grid.columns[k]}, room);
      const Matrix moved = d.adjoint() * wide * d;
      double parity = 0;
      for (int n = 0; n < room; ++n)
        parity += (n % 2 == 0 ? 1 : -1) * moved(n, n).real();
      BOOST_TEST(std::abs(q(j, k) - moved(0, 0).real() / pi) < 1e-12);
      BOOST_TEST(std::abs(w(j, k) - 2 / pi * parity) < 1e-12);
    }
  }
}

// Q = exp(-r^2) r^2n/(pi n!), W = (2/pi) (-1)^n L_n(4 r^2) exp(-2 r^2).
BOOST_DATA_TEST_CASE(of_fock_states, data::make({0, 1, 17, 120, 255}), n) {
  Matrix rho = Matrix::Zero(256, 256);
  rho(n, n) = 1;
  const PhaseSpaceGrid grid{{0}, evenly(0, 16, 41)};
  const auto state = oscillator_state(rho);
  const Eigen::MatrixXd q = quasi_probability(state, QuasiProbability::husimi, grid);
  const Eigen::MatrixXd w = quasi_probability(state, QuasiProbability::wigner, grid);
  for (int k = 0; k < q.cols(); ++k) {
    const double r2 = grid.columns[k] * grid.columns[k];
    const double log_q = n == 0 ? -r2 : -r2 + n * std::log(r2) - std::lgamma(n + 1.0);
    BOOST_TEST(std::abs(q(0, k) - std::exp(log_q) / pi) < 1e-13);
    const double sign = n % 2 == 0 ? 1 : -1;
    const double laguerre = std::laguerre(n, 4 * r2);
    BOOST_TEST(std::abs(w(0, k) - 2 / pi * sign * laguerre * std::exp(-2 * r2)) < 1e-11);
  }
}

BOOST_AUTO_TEST_CASE(integrals_are_one) {
  std::mt19937 random(5);
  const PhaseSpaceGrid plane{evenly(-6, 6, 101), evenly(-6, 6, 121)};
  const auto mode = oscillator_state(oracle::random_state(9, random));
  for (const auto function : {QuasiProbability::husimi, QuasiProbability::wigner}) {
    const Eigen::MatrixXd values = quasi_probability(mode, function, plane);
    BOOST_TEST(std::abs(integral(values, mode.site, plane) - 1) < 1e-8);
    BOOST_TEST((values.minCoeff() > -1e-15) == (function == QuasiProbability::husimi));
  }
  const Matrix rho = oracle::random_state(2, random);
  const SiteState spin{lindwurm::spin("s"), Matrix(rho.transpose()).reshaped()};
  const PhaseSpaceGrid sphere{evenly(0, pi, 201), evenly(-pi, pi, 51)};
  const Eigen::MatrixXd q = quasi_probability(spin, QuasiProbability::husimi, sphere);
  BOOST_TEST(std::abs(integral(q, spin.site, sphere) - 1) < 1e-4);
}

// Q = (1 + n.<sigma>)/(4 pi), whichever axis the spin is stored along.
BOOST_AUTO_TEST_CASE(of_a_spin) {
  std::mt19937 random(3);
  const Matrix rho = oracle::random_state(2, random);
  const Matrix turn = (oracle::pauli_x() + oracle::pauli_z()) / std::sqrt(2.0);
  const auto mean = [&](const Matrix& a) { return (a * rho).trace().real(); };
  const PhaseSpaceGrid grid{{0, 0.4, 1.9, pi}, {-2, 0, 0.3, 3}};
  for (const bool is_along_x : {false, true}) {
    SiteState spin{lindwurm::spin("s"), {}};
    if (is_along_x) spin.site.basis = lindwurm::SpinBasis::x;
    spin.elements = Matrix((is_along_x ? Matrix(turn * rho * turn) : rho).transpose()).reshaped();
    const Eigen::MatrixXd q = quasi_probability(spin, QuasiProbability::husimi, grid);
    for (int j = 0; j < q.rows(); ++j) {
      for (int k = 0; k < q.cols(); ++k) {
        const double theta = grid.rows[j];
        const double phi = grid.columns[k];
        const double along = std::sin(theta) * std::cos(phi) * mean(oracle::pauli_x()) +
                             std::sin(theta) * std::sin(phi) * mean(oracle::pauli_y()) +
                             std::cos(theta) * mean(oracle::pauli_z());
        BOOST_TEST(std::abs(q(j, k) - (1 + along) / (4 * pi)) < 1e-14);
      }
    }
  }
}

// <J,J|exp(i theta Jy) exp(i phi Jz) rho_J exp(-i phi Jz) exp(-i theta Jy)|J,J>
BOOST_DATA_TEST_CASE(of_random_ensembles, data::make({1, 2, 5, 8}), spins) {
  std::mt19937 random(spins);
  SiteState state{lindwurm::ensemble("e", spins), {}};
  const auto& multiplets = *state.site.multiplets;
  state.elements.resize(multiplets.elements());
  for (int k = 0; k < multiplets.elements(); ++k) {
    const auto [m, n] = multiplets.states_of(k);
    if (m > n) continue;
    const Matrix number = oracle::random_matrix(1, random);
    state.elements[k] = m == n ? number(0, 0).real() : number(0, 0);
    state.elements[multiplets.element(n, m)] = std::conj(state.elements[k]);
  }
  const PhaseSpaceGrid grid{{0, 0.3, 1.2, pi / 2, 2.8, pi}, {-3, -0.5, 0, 1, pi}};
  const Eigen::MatrixXd q = quasi_probability(state, QuasiProbability::husimi, grid);
  Eigen::MatrixXd expected = Eigen::MatrixXd::Zero(q.rows(), q.cols());
  for (int b = 0; b < state.blocks(); ++b) {
    const int size = multiplets.all()[b].size();
    const double j = (size - 1) / 2.0;
    Matrix jy = Matrix::Zero(size, size);
    Matrix jz = Matrix::Zero(size, size);
    for (int k = 0; k < size; ++k) {
      const double m = j - k;
      jz(k, k) = m;
      if (k + 1 == size) continue;
      const double lowered = std::sqrt(j * (j + 1) - m * (m - 1));
      jy(k + 1, k) = oracle::i * lowered / 2.0;
      jy(k, k + 1) = -oracle::i * lowered / 2.0;
    }
    for (int row = 0; row < q.rows(); ++row) {
      for (int column = 0; column < q.cols(); ++column) {
        const Vector tilted = oracle::evolve_ket(jy, Vector::Unit(size, 0), grid.rows[row]);
        const Vector c = oracle::evolve_ket(jz, tilted, grid.columns[column]);
        expected(row, column) += size / (4 * pi) * c.dot(state.block(b) * c).real();
      }
    }
  }
  BOOST_TEST((q - expected).cwiseAbs().maxCoeff() < 1e-12 * expected.cwiseAbs().maxCoeff());
}

// Of 200 spins that are all up: (2J+1)/(4 pi) cos(theta/2)^(4J), J = 100.
BOOST_AUTO_TEST_CASE(of_many_spins) {
  SiteState state{lindwurm::ensemble("e", 200, 0), {}};
  state.elements = Vector::Unit(state.site.multiplets->elements(), 0);
  const PhaseSpaceGrid grid{evenly(0, pi, 181), evenly(-pi, pi, 13)};
  const Eigen::MatrixXd q = quasi_probability(state, QuasiProbability::husimi, grid);
  for (int j = 0; j < q.rows(); ++j) {
    const double expected = 201 / (4 * pi) * std::pow(std::cos(grid.rows[j] / 2), 400);
    BOOST_TEST((q.row(j).array() - expected).abs().maxCoeff() < 1e-11);
  }
  BOOST_TEST(std::abs(integral(q, state.site, grid) - 1) < 5e-3);
}

BOOST_AUTO_TEST_CASE(what_has_no_picture_is_refused) {
  const auto refuses = [](const lindwurm::Group& site, QuasiProbability function) {
    BOOST_CHECK_THROW(require_phase_space(site, function), InputError);
  };
  refuses(lindwurm::level_site("a", 3), QuasiProbability::husimi);
  refuses(lindwurm::spin("s"), QuasiProbability::wigner);
  refuses(lindwurm::ensemble("e", 3), QuasiProbability::wigner);
  refuses(lindwurm::oscillator("m", 257), QuasiProbability::husimi);
}

BOOST_AUTO_TEST_SUITE_END()
