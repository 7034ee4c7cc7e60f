// Master equations of baths against the textbook's sums over pairs of transitions.
#include "lindwurm/model/bath_equation.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <numbers>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/model/energy_basis.hpp"
#include "lindwurm/model/thermodynamics.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "lindwurm/states/state.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"

namespace data = boost::unit_test::data;
using lindwurm::BathCoupling;
using lindwurm::BathScheme;
using lindwurm::Expression;
using lindwurm::Model;
using lindwurm::Space;
using lindwurm::System;
using oracle::Complex;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(equations_of_baths)

static constexpr double close = 1e-7;  // Bohr frequencies that are one

static const MPI_Comm comm = lindwurm::Session::communicator();

/// gamma(w_m, w_n) and s(w_m, w_n) of transitions that give w_m and w_n to the bath.
using PairFunction = std::function<Complex(double, double)>;

// Each transition |a><c| is on its own: no eigenoperators, no groups.
static Matrix textbook(const Matrix& h, const Matrix& a, const PairFunction& gamma,
                       const PairFunction& shift) {
  const auto pairs = oracle::hermitian_pairs(h);
  const Eigen::VectorXd e = pairs.values;
  const Matrix u = pairs.vectors;
  const Matrix x = u.adjoint() * a * u;
  const auto d = static_cast<int>(h.rows());
  Matrix jump = Matrix::Zero(d * d, d * d);
  Matrix loss = Matrix::Zero(d, d);
  Matrix moved = Matrix::Zero(d, d);
  for (int p = 0; p < d; ++p) {
    for (int c = 0; c < d; ++c) {
      for (int q = 0; q < d; ++q) {
        for (int f = 0; f < d; ++f) {
          jump(p * d + q, c * d + f) =
              gamma(e(c) - e(p), e(f) - e(q)) * x(p, c) * std::conj(x(q, f));
        }
        // (X_n^dag X_m)_pc by way of q.
        const Complex product = std::conj(x(q, p)) * x(q, c);
        loss(p, c) += gamma(e(c) - e(q), e(p) - e(q)) * product;
        moved(p, c) += shift(e(c) - e(q), e(p) - e(q)) * product;
      }
    }
  }
  const Matrix turn = oracle::kron(u, u.conjugate());
  const Matrix back = u * loss * u.adjoint();
  const Matrix h_shift = u * moved * u.adjoint();
  return turn * jump * turn.adjoint() - 0.5 * oracle::anticommutator(back) -
         oracle::i * oracle::commutator(h_shift);
}

// Drude's density in closed form: the rate of the library is tested on its own.
static double drude_rate(double w, double strength, double cutoff, double temperature) {
  if (std::abs(w) < close) return 2 * std::numbers::pi * strength * temperature;
  const double j = strength * w / (1 + w * w / (cutoff * cutoff));
  return 2 * std::numbers::pi * j / (1 - std::exp(-w / temperature));
}

static int sign(double w) { return w > close ? 1 : w < -close ? -1 : 0; }

struct Case {
  Model model;
  Matrix h;
  BathCoupling bath;
  Matrix a;
};

// A model of the list of random ones with a bath at its first site instead of its dissipators.
static Case random_case(unsigned seed, BathScheme scheme) {
  Model model = oracle::random_model(seed).model;
  model.dissipators.clear();
  const auto& first = model.space.groups().front();
  const std::string name = model.space.site_name(0);
  const std::string text = first.kind == lindwurm::SiteKind::oscillator ? "x(" + name + ")"
                           : first.kind == lindwurm::SiteKind::spin
                               ? "sx(" + name + ") + 0.3*sz(" + name + ")"
                               : "proj(" + name + ",0)";
  BathCoupling bath{.name = "bath",
                    .coupling = Expression::parse(text),
                    .bath = {lindwurm::ohmic(0.05, 3.0, lindwurm::Cutoff::drude), 0.7},
                    .scheme = scheme,
                    .lamb_shift = seed % 2 == 0};
  const auto dense = [&](const Expression& expression) {
    return oracle::matrix_of(sum_over_members(expression, model.space, model.parameters),
                             model.space);
  };
  const Matrix h = dense(model.hamiltonian);
  const Matrix a = dense(bath.coupling);
  return {model, h, bath, a};
}

static void check(const Case& c, const Matrix& expected) {
  Model model = c.model;
  model.baths = {c.bath};
  const lindwurm::Liouvillian liouvillian(model, comm);
  const Matrix l = oracle::liouvillian(c.h, {}) + expected;
  const double scale = std::max(1.0, l.cwiseAbs().maxCoeff());
  BOOST_TEST(oracle::largest_difference(liouvillian.constant_part(), liouvillian.basis(), l) <=
             1e-11 * scale);
}

static Complex no_shift(double /*m*/, double /*n*/) { return 0.0; }

// Pairs that are kept have the rate and the shift of their mean frequency.
static void check_mean_frequencies(const Case& c, const std::function<bool(double, double)>& kept) {
  const auto rate = [&](double m, double n) {
    return kept(m, n) ? drude_rate((m + n) / 2, 0.05, 3, 0.7) : 0.0;
  };
  const auto shift = [&](double m, double n) {
    return c.bath.lamb_shift && kept(m, n) ? c.bath.bath.shift((m + n) / 2).value : 0.0;
  };
  check(c, textbook(c.h, c.a, rate, shift));
}

BOOST_DATA_TEST_CASE(secular_keeps_equal_frequencies, data::xrange(25u), seed) {
  check_mean_frequencies(random_case(seed, BathScheme::secular),
                         [](double m, double n) { return std::abs(m - n) < close; });
}

// The frequency that each one counts as: the mean, weighted by |<a|A|b>|^2, of its chain of
// distances within the tolerance. All frequencies of both signs lie on one line.
static std::function<double(double)> chained(const Matrix& h, const Matrix& a, double tolerance) {
  const auto pairs = oracle::hermitian_pairs(h);
  const Matrix x = pairs.vectors.adjoint() * a * pairs.vectors;
  std::vector<std::pair<double, double>> line;  // frequency and weight
  for (Eigen::Index p = 0; p < h.rows(); ++p) {
    for (Eigen::Index c = 0; c < h.rows(); ++c) {
      if (std::abs(x(p, c)) > 1e-12 * x.cwiseAbs().maxCoeff())
        line.emplace_back(pairs.values(c) - pairs.values(p), std::norm(x(p, c)));
    }
  }
  std::sort(line.begin(), line.end());
  std::vector<std::pair<double, double>> chains;  // last frequency and mean
  for (std::size_t k = 0; k < line.size();) {
    double sum = 0;
    double weight = 0;
    double last = line[k].first;
    for (; k < line.size() && line[k].first - last <= tolerance; ++k) {
      sum += line[k].second * line[k].first;
      weight += line[k].second;
      last = line[k].first;
    }
    chains.emplace_back(last, sum / weight);
  }
  return [chains](double w) {
    for (const auto& [last, mean] : chains)
      if (w <= last + 1e-9) return mean;
    return w;
  };
}

BOOST_DATA_TEST_CASE(tolerance_makes_one_frequency_of_a_chain, data::xrange(25u), seed) {
  Case c = random_case(seed, BathScheme::secular);
  c.bath.tolerance = 0.02 * (1 + seed);
  const auto mean = chained(c.h, c.a, *c.bath.tolerance);
  const auto rate = [&](double m, double n) {
    return std::abs(mean(m) - mean(n)) < close ? drude_rate(mean(m), 0.05, 3, 0.7) : 0.0;
  };
  const auto shift = [&](double m, double n) {
    return c.bath.lamb_shift && std::abs(mean(m) - mean(n)) < close
               ? c.bath.bath.shift(std::abs(mean(m)) < close ? 0 : mean(m)).value
               : 0.0;
  };
  check(c, textbook(c.h, c.a, rate, shift));
}

// All frequencies chain to one: X(0) = A is Hermitian, and leaves the mixture of all levels alone.
BOOST_AUTO_TEST_CASE(chain_across_zero_is_the_whole_coupling) {
  Model model{Space{lindwurm::level_site("l", 3)}};
  model.hamiltonian = Expression::parse("0.04*proj(l,1) + 0.08*proj(l,2)");
  const BathCoupling bath{
      .name = "bath",
      .coupling = Expression::parse("0.5*proj(l,0) + ket(l,0,2) + ket(l,2,0) + 0.1*ket(l,0,1) + "
                                    "0.1*ket(l,1,0)"),
      .bath = {lindwurm::ohmic(0.02, 5, lindwurm::Cutoff::drude), 1.0},
      .tolerance = 0.045};
  Matrix a = Matrix::Zero(3, 3);
  a(0, 0) = 0.5;
  a(0, 2) = a(2, 0) = 1;
  a(0, 1) = a(1, 0) = 0.1;
  Matrix h = Matrix::Zero(3, 3);
  h(1, 1) = 0.04;
  h(2, 2) = 0.08;
  check({model, h, bath, a}, drude_rate(0, 0.02, 5, 1) * oracle::dissipator(a));
}

// The equation in the eigenstates of H is the same one, turned.
BOOST_DATA_TEST_CASE(energy_basis_does_not_change_the_equation, data::xrange(25u), seed) {
  for (auto scheme : {BathScheme::secular, BathScheme::partial_secular}) {
    Case c = random_case(seed, scheme);
    if (scheme == BathScheme::partial_secular) c.bath.grouping = 1e3;
    c.model.baths = {c.bath};
    const System joined = lindwurm::in_energy_basis(c.model, 2);
    if (!joined.space().joint()) continue;
    const lindwurm::Liouvillian in_products(c.model, comm);
    const lindwurm::Liouvillian in_energies(joined, comm);
    std::mt19937 random(seed);
    const Matrix rho = oracle::random_state(static_cast<int>(c.h.rows()), random);
    const auto change = [&](const lindwurm::Liouvillian& liouvillian) {
      const auto packed = pack(rho, liouvillian);
      BOOST_TEST(oracle::distance(unpack(packed, liouvillian.basis()), rho) <= 1e-12);
      const auto image = liouvillian.vector();
      liouvillian.apply(0, packed, image);
      return Matrix(unpack(image, liouvillian.basis()));
    };
    const Matrix expected = change(in_products);
    BOOST_TEST(oracle::distance(change(in_energies), expected) <= 1e-10);
    const Matrix heat = oracle::matrix_of(System(c.model).heat_operator(0), c.model.space);
    const lindwurm::Functional turned(joined.heat_operator(0), in_energies.basis(), comm);
    const auto packed = pack(rho, in_energies);
    BOOST_TEST(std::abs(expectations({turned}, packed)[0] - (heat * rho).trace()) <=
               1e-10 * std::max(1.0, heat.cwiseAbs().maxCoeff()));
  }
}

// Ultrastrong coupling, 60 states, no two Bohr frequencies equal: the populations of the
// eigenstates obey rate equations.
BOOST_AUTO_TEST_CASE(dressed_states_have_the_populations_of_rate_equations) {
  const int levels = 30;
  Model model{Space{lindwurm::oscillator("c", levels), lindwurm::spin("q")}};
  model.hamiltonian = Expression::parse("n(c) + 0.5*sz(q) + 0.5*i*(a(c) - ad(c))*sx(q)");
  const auto density = lindwurm::ohmic(0.01, 50, lindwurm::Cutoff::drude);
  for (const char* coupling : {"i*(a(c) - ad(c))", "sx(q)"})
    model.add({.name = coupling, .coupling = Expression::parse(coupling), .bath = {density, 0.7}});
  const System joined = lindwurm::in_energy_basis(model);
  BOOST_REQUIRE(joined.space().joint());
  const lindwurm::Liouvillian liouvillian(joined, comm);
  const auto found = steady_state(liouvillian);
  const lindwurm::Functional number(sum_over_members(Expression::parse("n(c)"), joined.space()),
                                    liouvillian.basis(), comm);

  const Matrix one = Matrix::Identity(2, 2);
  const Matrix a = oracle::kron(oracle::annihilation(levels), one);
  const Matrix n = oracle::kron(oracle::number(levels), one);
  const Matrix field = oracle::i * (a - a.adjoint());
  const Matrix flip = oracle::kron(Matrix::Identity(levels, levels), oracle::pauli_x());
  const Matrix h = n + 0.5 * oracle::kron(Matrix::Identity(levels, levels), oracle::pauli_z()) +
                   0.5 * field * flip;
  const auto pairs = oracle::hermitian_pairs(h);
  const Matrix& u = pairs.vectors;
  const auto states = h.rows();
  Eigen::MatrixXd rates = Eigen::MatrixXd::Zero(states, states);
  for (const Matrix& x : {Matrix(u.adjoint() * field * u), Matrix(u.adjoint() * flip * u)}) {
    for (Eigen::Index to = 0; to < states; ++to) {
      for (Eigen::Index from = 0; from < states; ++from) {
        if (to == from) continue;
        const double w = pairs.values(from) - pairs.values(to);
        const double rate = drude_rate(w, 0.01, 50, 0.7) * std::norm(x(to, from));
        rates(to, from) += rate;
        rates(from, from) -= rate;
      }
    }
  }
  rates.row(0).setOnes();
  const Eigen::VectorXd p =
      oracle::solution(rates.cast<Complex>(), oracle::Vector::Unit(states, 0)).real();
  const double expected = (u.adjoint() * n * u).diagonal().real().dot(p);
  BOOST_TEST(std::abs(expectations({number}, found.state)[0].real() - expected) <= 1e-9);
}

BOOST_DATA_TEST_CASE(partial_secular_takes_the_mean_frequency, data::xrange(12u), seed) {
  Case c = random_case(seed, BathScheme::partial_secular);
  c.bath.grouping = 1e3;
  check_mean_frequencies(c, [](double m, double n) { return sign(m) == sign(n); });
}

BOOST_DATA_TEST_CASE(redfield_keeps_all_pairs, data::xrange(25u), seed) {
  const Case c = random_case(seed, BathScheme::redfield);
  const auto half = [&](double w) {
    return Complex(drude_rate(w, 0.05, 3, 0.7) / 2,
                   c.bath.lamb_shift ? c.bath.bath.shift(w).value : 0.0);
  };
  check(c, textbook(
               c.h, c.a, [&](double m, double n) { return half(m) + std::conj(half(n)); },
               [&](double m, double n) {
                 return (half(m) - std::conj(half(n))) / (2.0 * oracle::i);
               }));
}

BOOST_DATA_TEST_CASE(coarse_graining_averages_all_pairs, data::xrange(6u), seed) {
  Case c = random_case(seed, BathScheme::coarse_grained);
  c.bath.dt = 2.3;
  c.bath.lamb_shift = false;
  check(c, textbook(
               c.h, c.a,
               [&](double m, double n) { return c.bath.bath.coarse_grained(n, m, 2.3).value; },
               no_shift));
}

// The bath sees its own site alone, whatever that is coupled to.
BOOST_AUTO_TEST_CASE(local_forgets_the_coupling_of_sites) {
  Model model{Space{lindwurm::spin("q"), lindwurm::oscillator("m", 4)}};
  model.hamiltonian = Expression::parse("0.7*sz(q) + 1.3*n(m) + 0.4*sx(q)*x(m)");
  const BathCoupling bath{.name = "bath",
                          .coupling = Expression::parse("x(m)"),
                          .bath = {lindwurm::flat(0.2), 0.9},
                          .scheme = BathScheme::local};
  const Matrix a = oracle::embed(oracle::annihilation(4), 1, {2, 4});
  const double quanta = 1 / (std::exp(1.3 / 0.9) - 1);
  const Matrix h = 0.7 * oracle::embed(oracle::pauli_z(), 0, {2, 4}) +
                   1.3 * oracle::embed(oracle::number(4), 1, {2, 4}) +
                   0.4 * oracle::embed(oracle::pauli_x(), 0, {2, 4}) *
                       oracle::embed(oracle::position(4), 1, {2, 4});
  const Matrix expected =
      0.2 * (quanta + 1) * oracle::dissipator(a) + 0.2 * quanta * oracle::dissipator(a.adjoint());
  check({model, h, bath, a}, expected);
}

// Santos, Eq. 49: sum_ij gamma_ij {(n + 1) [s-_j rho s+_i - ...] + n [s+_j rho s-_i - ...]}.
BOOST_AUTO_TEST_CASE(collective_bath_has_cross_terms_between_members) {
  Model model{Space{lindwurm::spins("q", 3)}};
  model.hamiltonian = Expression::parse("0.5*sz(q)");
  Eigen::MatrixXd correlations(3, 3);
  correlations << 1, 0.8, 0.3, 0.8, 1, 0.5, 0.3, 0.5, 1;
  const BathCoupling bath{.name = "bath",
                          .coupling = Expression::parse("sx(q)"),
                          .bath = {lindwurm::flat(0.1), 1.1},
                          .scheme = BathScheme::collective,
                          .correlations = correlations};
  const double quanta = 1 / (std::exp(1 / 1.1) - 1);
  Matrix h = Matrix::Zero(8, 8);
  Matrix expected = Matrix::Zero(64, 64);
  const std::vector<int> dimensions{2, 2, 2};
  for (int i = 0; i < 3; ++i) {
    h += 0.5 * oracle::embed(oracle::pauli_z(), i, dimensions);
    for (int j = 0; j < 3; ++j) {
      const Matrix down_i = oracle::embed(oracle::lowering(), i, dimensions);
      const Matrix down_j = oracle::embed(oracle::lowering(), j, dimensions);
      const auto cross = [](const Matrix& x, const Matrix& y) -> Matrix {
        return oracle::left(x) * oracle::right(y.adjoint()) -
               0.5 * oracle::anticommutator(y.adjoint() * x);
      };
      expected += 0.1 * correlations(i, j) *
                  ((quanta + 1) * cross(down_j, down_i) +
                   quanta * cross(down_j.adjoint(), down_i.adjoint()));
    }
  }
  check({model, h, bath, Matrix()}, expected);
}

// Members of a group have baths of their own unless the bath is collective.
BOOST_AUTO_TEST_CASE(group_has_a_bath_for_each_member) {
  Model model{Space{lindwurm::spins("q", 2)}};
  model.hamiltonian = Expression::parse("0.5*sz(q[0]) + 0.8*sz(q[1])");
  const BathCoupling bath{
      .name = "bath", .coupling = Expression::parse("sx(q)"), .bath = {lindwurm::flat(0.1), 0.0}};
  Matrix h = 0.5 * oracle::embed(oracle::pauli_z(), 0, {2, 2}) +
             0.8 * oracle::embed(oracle::pauli_z(), 1, {2, 2});
  const Matrix expected = 0.1 * oracle::dissipator(oracle::embed(oracle::lowering(), 0, {2, 2})) +
                          0.1 * oracle::dissipator(oracle::embed(oracle::lowering(), 1, {2, 2}));
  check({model, h, bath, Matrix()}, expected);
  BOOST_TEST(bath_equations(bath, model).size() == 2u);
}

// rate_k D[L_k] add up to the equation that they are the eigenvectors of.
BOOST_DATA_TEST_CASE(dissipators_add_up, data::xrange(10u), seed) {
  for (auto scheme : {BathScheme::secular, BathScheme::coarse_grained, BathScheme::collective}) {
    Case c = random_case(seed, scheme);
    c.bath.lamb_shift = false;
    if (scheme == BathScheme::coarse_grained) c.bath.dt = 1.7;
    Matrix expected = Matrix::Zero(c.h.rows() * c.h.rows(), c.h.rows() * c.h.rows());
    bool is_gksl = true;
    for (const auto& equation : bath_equations(c.bath, c.model)) {
      is_gksl = is_gksl && equation.is_gksl;
      if (!equation.is_gksl) continue;
      for (const auto& jump : jumps(equation, c.model)) {
        BOOST_TEST(jump.rate.constant().real() > 0);
        expected += jump.rate.constant().real() *
                    oracle::dissipator(oracle::matrix_of(jump.op, c.model.space));
      }
    }
    // The rate at a mean frequency is positive semidefinite for flat densities alone.
    BOOST_TEST((is_gksl || scheme == BathScheme::collective));
    if (is_gksl) check(c, expected);
  }
}

// Storage along x is a matter of storage alone.
BOOST_AUTO_TEST_CASE(stored_axis_does_not_change_the_equation) {
  for (auto axis : {lindwurm::SpinBasis::z, lindwurm::SpinBasis::x}) {
    auto group = lindwurm::spins("q", 2);
    group.basis = axis;
    Model model{Space{group}};
    model.hamiltonian = Expression::parse("0.5*sz(q[0]) + 0.6*sz(q[1]) + 0.2*sx(q[0])*sx(q[1])");
    const BathCoupling bath{.name = "bath",
                            .coupling = Expression::parse("sx(q[0])"),
                            .bath = {lindwurm::ohmic(0.02, 4, lindwurm::Cutoff::drude), 0.4}};
    const Matrix x = oracle::pauli_x();
    const std::vector<int> two{2, 2};
    const Matrix h = 0.5 * oracle::embed(oracle::pauli_z(), 0, two) +
                     0.6 * oracle::embed(oracle::pauli_z(), 1, two) + 0.2 * oracle::kron(x, x);
    const Matrix k = textbook(
        h, oracle::embed(x, 0, two),
        [](double m, double n) {
          return std::abs(m - n) < close ? drude_rate((m + n) / 2, 0.02, 4, 0.4) : 0.0;
        },
        no_shift);
    model.baths = {bath};
    const lindwurm::Liouvillian liouvillian(model, comm);
    const Matrix u = oracle::stored_states(model.space);
    const Matrix turn = oracle::kron(u.adjoint(), u.transpose());
    const Matrix l = turn * (oracle::liouvillian(h, {}) + k) * turn.adjoint();
    BOOST_TEST(oracle::largest_difference(liouvillian.constant_part(), liouvillian.basis(), l) <=
               1e-12);
  }
}

BOOST_DATA_TEST_CASE(heat_is_the_energy_that_the_bath_gives, data::xrange(8u), seed) {
  for (auto scheme : {BathScheme::secular, BathScheme::partial_secular, BathScheme::coarse_grained,
                      BathScheme::redfield, BathScheme::local, BathScheme::collective}) {
    Case c = random_case(seed, scheme);
    if (scheme == BathScheme::coarse_grained) {
      c.bath.dt = 1.7;
      c.bath.lamb_shift = false;
    }
    Model model = c.model;
    model.baths = {c.bath};
    const Matrix found = oracle::matrix_of(System(model).heat_operator(0), model.space);
    // K from the whole Liouvillian, by the assembled matrix that the other tests check.
    const lindwurm::Liouvillian with(model, comm);
    std::mt19937 random(seed);
    const Matrix rho = oracle::random_state(static_cast<int>(c.h.rows()), random);
    const auto packed = pack(rho, with);
    const auto image = with.vector();
    with.apply(0, packed, image);
    const Complex expected = (c.h * unpack(image, with.basis())).trace();
    BOOST_TEST(std::abs((found * rho).trace() - expected) <=
               1e-11 * std::max(1.0, c.h.cwiseAbs().maxCoeff()));
  }
}

BOOST_AUTO_TEST_CASE(gibbs_state_is_stationary_under_a_secular_bath) {
  for (unsigned seed = 0; seed < 10; ++seed) {
    const Case c = random_case(seed, BathScheme::secular);
    const Matrix rho = lindwurm::gibbs_state(c.model, 0.7);
    BOOST_TEST(std::abs(rho.trace() - 1.0) <= 1e-13);
    const auto pairs = oracle::hermitian_pairs(c.h);
    Matrix expected = Matrix::Zero(c.h.rows(), c.h.cols());
    double z = 0;
    for (Eigen::Index k = 0; k < c.h.rows(); ++k) {
      const double weight = std::exp(-pairs.values(k) / 0.7);
      expected += weight * pairs.vectors.col(k) * pairs.vectors.col(k).adjoint();
      z += weight;
    }
    expected /= z;
    BOOST_TEST(oracle::distance(rho, expected) <= 1e-12);
    BOOST_TEST(lindwurm::trace_distance(rho, expected) <= 1e-11);
  }
}

BOOST_AUTO_TEST_SUITE_END()
