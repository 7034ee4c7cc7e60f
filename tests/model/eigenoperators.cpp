// Eigenoperators, and which Bohr frequencies belong together.
#include "lindwurm/model/eigenoperators.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <numeric>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/bath_equation.hpp"
#include "lindwurm/operators/embedding.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::Model;
using lindwurm::Space;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(eigenoperators_of_couplings)

namespace {

lindwurm::BathEquation equation(const Model& model, const std::string& coupling,
                                lindwurm::BathScheme scheme = lindwurm::BathScheme::secular,
                                std::optional<double> grouping = {}) {
  return bath_equations({.name = "bath",
                         .coupling = Expression::parse(coupling),
                         .bath = {lindwurm::ohmic(1e-3, 50, lindwurm::Cutoff::drude), 1.0},
                         .scheme = scheme,
                         .grouping = grouping},
                        model)
      .front();
}

Model two_qubits(double splitting) {
  Model model{Space{lindwurm::spins("q", 2)}};
  model.parameters["W"] = {{splitting}};
  model.hamiltonian = Expression::parse("0.5*sz(q) + W*(sp(q[0])*sm(q[1]) + sm(q[0])*sp(q[1]))");
  return model;
}

}  // namespace

BOOST_DATA_TEST_CASE(they_add_up_to_the_coupling_and_rotate, data::xrange(20u), seed) {
  const Model model = oracle::random_model(seed).model;
  const auto h = sum_over_members(model.hamiltonian, model.space, model.parameters);
  std::vector<int> sites(model.space.sites());
  std::iota(sites.begin(), sites.end(), 0);
  std::mt19937 random(seed);
  const Matrix a = oracle::random_hermitian(static_cast<int>(model.space.dimension()), random);
  const auto coupling = lindwurm::operator_on(sites, a, model.space);
  BOOST_TEST(oracle::distance(oracle::matrix_of(coupling, model.space), a) <= 1e-14);
  const auto basis =
      std::make_shared<const lindwurm::EnergyBasis>(lindwurm::energy_basis(h, sites, model.space));
  const auto all = eigenoperators(basis, coupling, model.space, 1e-9);
  const Matrix dense_h = oracle::matrix_of(h, model.space);
  Matrix sum = Matrix::Zero(a.rows(), a.cols());
  for (std::size_t k = 0; k < all.size(); ++k) {
    const Matrix x = in_product_basis(all[k]);
    sum += x;
    const double w = all[k].frequency;
    BOOST_TEST(oracle::distance(dense_h * x - x * dense_h, -w * x) <= 1e-8);
    const auto& partner = all[all.size() - 1 - k];
    BOOST_TEST(partner.frequency == -w);
    BOOST_TEST(oracle::distance(in_product_basis(partner), x.adjoint()) <= 1e-13);
    if (k > 0) BOOST_TEST(w > all[k - 1].frequency);
  }
  BOOST_TEST(oracle::distance(sum, a) <= 1e-12);
}

// Levels in clusters and apart, couplings with and without a diagonal: chains of frequencies that
// end near zero, on it, or cross it.
BOOST_DATA_TEST_CASE(they_add_up_to_the_coupling_whatever_the_tolerance, data::xrange(60u), seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> between(0, 1);
  const int levels = 2 + static_cast<int>(seed % 5);
  Model model{Space{lindwurm::level_site("l", levels)}};
  Matrix h = Matrix::Zero(levels, levels);
  for (int k = 0; k < levels; ++k)
    h(k, k) = seed % 3 == 0   ? 0.04 * k
              : seed % 3 == 1 ? between(random)
                              : std::floor(2 * between(random));
  Matrix a = oracle::random_hermitian(levels, random);
  if (seed % 2 == 0) a.diagonal().setZero();
  const auto basis = std::make_shared<const lindwurm::EnergyBasis>(
      lindwurm::energy_basis(lindwurm::operator_on({0}, h, model.space), {0}, model.space));
  const auto coupling = lindwurm::operator_on({0}, a, model.space);
  for (double tolerance = 0; tolerance < 1.5; tolerance += 0.1 * between(random)) {
    const auto all = eigenoperators(basis, coupling, model.space, tolerance);
    Matrix sum = Matrix::Zero(levels, levels);
    std::size_t elements = 0;
    for (std::size_t k = 0; k < all.size(); ++k) {
      sum += in_product_basis(all[k]);
      elements += all[k].elements.size();
      const auto& partner = all[all.size() - 1 - k];
      BOOST_TEST(partner.frequency == -all[k].frequency);
      BOOST_TEST((in_product_basis(partner) == in_product_basis(all[k]).adjoint()));
      if (k > 0) BOOST_TEST(all[k].frequency > all[k - 1].frequency);
    }
    BOOST_TEST(oracle::distance(sum, a) <= 1e-12);
    BOOST_TEST(elements == static_cast<std::size_t>((a.array() != 0.0).count()));
  }
}

// Cresser and Facer, Eqs. 94: w = wS -+ Omega for sx of one qubit.
BOOST_AUTO_TEST_CASE(coupled_qubits_have_four_frequencies) {
  const auto found = equation(two_qubits(0.05), "sx(q[1])");
  const std::vector<double> expected{-1.05, -0.95, 0.95, 1.05};
  BOOST_REQUIRE(found.operators.size() == 4u);
  for (int k = 0; k < 4; ++k) {
    BOOST_TEST(std::abs(found.operators[k].frequency - expected[k]) <= 1e-13);
    BOOST_TEST(in_product_basis(found.operators[k]).squaredNorm() == 1.0,
               boost::test_tools::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(gaps_make_the_groups) {
  const auto pairs = [](double splitting, std::optional<double> grouping) {
    return equation(two_qubits(splitting), "sx(q[1])", lindwurm::BathScheme::partial_secular,
                    grouping)
        .pairs.size();
  };
  BOOST_TEST(pairs(0.05, {}) == 8u);   // 2 + 2 cross terms
  BOOST_TEST(pairs(0.05, 0.0) == 4u);  // as secular
  BOOST_TEST(pairs(0.05, 0.2) == 8u);
  BOOST_TEST(pairs(0.9, {}) == 4u);  // 0.1 and 1.9 have nothing in common
}

BOOST_AUTO_TEST_CASE(what_H_leaves_alone_is_not_involved) {
  Model model{Space{lindwurm::spin("q"), lindwurm::oscillator("far", 30), lindwurm::spin("r")}};
  model.hamiltonian = Expression::parse("sz(q) + n(far) + 0.3*sx(q)*sx(r) + sz(r)");
  const auto found = equation(model, "sx(q)");
  BOOST_TEST(sites_of(found) == (std::vector<int>{0, 2}));
}

BOOST_AUTO_TEST_CASE(position_couplings_are_recognised) {
  Model model{Space{lindwurm::oscillator("m", 12), lindwurm::spin("q")}};
  model.hamiltonian = Expression::parse("1.7*n(m) + 0.2*sz(q)");
  const auto found = position_coupling(equation(model, "0.4*x(m)"), model);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->w0 == 1.7, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(found->mass == 1 / (2 * 1.7 * 0.16), boost::test_tools::tolerance(1e-12));
  BOOST_TEST(!position_coupling(equation(model, "sx(q)"), model).has_value());
  BOOST_TEST(!position_coupling(equation(model, "p(m)"), model).has_value());
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused) {
  const Model model = two_qubits(0.1);
  BOOST_CHECK_THROW(equation(model, "sp(q[0])"), lindwurm::InputError);
  BOOST_CHECK_THROW(equation(model, "2.0"), lindwurm::InputError);
  BOOST_CHECK_THROW(equation(model, "sx(q[0])", lindwurm::BathScheme::coarse_grained),
                    lindwurm::InputError);
  Model driven = model;
  driven.hamiltonian = Expression::parse("cos(t)*sz(q)");
  BOOST_CHECK_THROW(equation(driven, "sx(q[0])"), lindwurm::InputError);
}

BOOST_AUTO_TEST_CASE(report_says_what_is_not_in_order) {
  const auto warnings = [](double splitting, double strength, lindwurm::BathScheme scheme) {
    return bath_equations({.name = "bath",
                           .coupling = Expression::parse("sx(q[0])"),
                           .bath = {lindwurm::ohmic(strength, 50, lindwurm::Cutoff::drude), 1.0},
                           .scheme = scheme},
                          two_qubits(splitting))
        .front()
        .validity.warnings;
  };
  BOOST_TEST(warnings(0.05, 1e-5, lindwurm::BathScheme::secular).empty());
  BOOST_TEST(warnings(1e-6, 1e-5, lindwurm::BathScheme::secular).size() == 1u);
  BOOST_TEST(warnings(1e-6, 1e-5, lindwurm::BathScheme::partial_secular).empty());
  BOOST_TEST(!warnings(0.05, 1.0, lindwurm::BathScheme::partial_secular).empty());
  const auto redfield = warnings(0.05, 1e-5, lindwurm::BathScheme::redfield);
  BOOST_REQUIRE(redfield.size() == 1u);
  BOOST_TEST(redfield.front().find("not of GKSL form") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
