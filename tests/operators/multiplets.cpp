// Permutation-symmetric states against the full space of 2^N states.
#include "lindwurm/operators/multiplets.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/evaluate.hpp"
#include "lindwurm/operators/superoperator.hpp"
#include "oracle/dense.hpp"
#include "oracle/random_models.hpp"
#include "oracle/symmetric.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Complex;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::Multiplets;
using lindwurm::SiteMatrix;
using lindwurm::Space;
using oracle::Matrix;
using oracle::SymmetricSpace;

BOOST_AUTO_TEST_SUITE(multiplets)

static Eigen::Matrix2cd random_operator(std::mt19937& random) {
  return oracle::random_matrix(2, random);
}

static lindwurm::Factor on_elements(const Multiplets& all, SiteMatrix matrix) {
  return {0, std::move(matrix), std::make_shared<const Multiplets>(all)};
}

BOOST_AUTO_TEST_CASE(sizes) {
  for (int n : {1, 2, 3, 7, 20, 101}) {
    const Multiplets all(n);
    BOOST_TEST(all.elements() == (n + 3) * (n + 2) * (n + 1) / 6);
    BOOST_TEST(all.states() == (n % 2 == 0 ? (n / 2 + 1) * (n / 2 + 1) : (n + 1) * (n + 3) / 4));
    // Together the copies are all states of the spins.
    double whole = 0;
    for (const auto& each : all.all())
      whole += each.size() * std::exp(each.log_copies - n * std::log(2.0));
    BOOST_TEST(std::abs(whole - 1) < 1e-11);
  }
}

BOOST_AUTO_TEST_CASE(numbers_of_elements_and_states) {
  const Multiplets all(7);
  for (int e = 0; e < all.elements(); ++e) {
    const auto [m, n] = all.states_of(e);
    BOOST_TEST(all.element(m, n) == e);
    BOOST_TEST(all.of_state(m).two_j == all.of_state(n).two_j);
  }
  BOOST_TEST(all.element(0, 8) == -1);  // J = 7/2 and 5/2
  BOOST_TEST(all.two_m(0) == 7);
  BOOST_TEST(all.two_m(8) == 5);
}

BOOST_DATA_TEST_CASE(elements_of_few_coherences, data::xrange(0, 8), coherence) {
  const Multiplets all(7, coherence);
  const Multiplets whole(7);
  int kept = 0;
  for (int e = 0; e < all.elements(); ++e) {
    const auto [m, n] = all.states_of(e);
    BOOST_TEST(all.element(m, n) == e);
    BOOST_TEST(std::abs(all.two_m(m) - all.two_m(n)) <= 2 * (coherence + Multiplets::margin));
    BOOST_TEST(all.is_kept(e) == (std::abs(m - n) <= coherence));
    if (all.is_kept(e)) ++kept;
  }
  int expected = 0;
  for (int e = 0; e < whole.elements(); ++e) {
    const auto [m, n] = whole.states_of(e);
    if (std::abs(m - n) <= coherence) ++expected;
  }
  BOOST_TEST(kept == expected);
  BOOST_TEST(all.is_limited() == (coherence < 7));
}

// Between kept elements a dissipator is that of all elements, though its parts lead further.
BOOST_DATA_TEST_CASE(dissipators_between_kept_elements, data::xrange(0, 4), coherence) {
  std::mt19937 random(7);
  const Eigen::Matrix2cd a = random_operator(random);
  const auto dissipator_on = [&](const Multiplets& all) {
    const lindwurm::Operator sum(std::vector<lindwurm::ProductTerm>{
        {lindwurm::Coefficient(1.0), {on_elements(all, all.sum(a))}}});
    return lindwurm::dissipator(sum).simplified().terms()[0].factors[0].matrix;
  };
  const Multiplets some(6, coherence);
  const Multiplets whole(6);
  const SiteMatrix of_some = dissipator_on(some);
  const Matrix of_all = dissipator_on(whole);
  for (int row = 0; row < some.elements(); ++row) {
    for (int column = 0; column < some.elements(); ++column) {
      if (!some.is_kept(row) || !some.is_kept(column)) continue;
      const auto [m, n] = some.states_of(row);
      const auto [k, l] = some.states_of(column);
      BOOST_TEST(std::abs(of_some.coeff(row, column) -
                          of_all(whole.element(m, n), whole.element(k, l))) < 1e-12);
    }
  }
}

// [A, B] of sums is the sum of commutators, and the sum of identities is N.
BOOST_DATA_TEST_CASE(sums_of_operators_are_a_representation, data::xrange(1, 9), n) {
  std::mt19937 random(n);
  const Multiplets all(n);
  const Eigen::Matrix2cd a = random_operator(random);
  const Eigen::Matrix2cd b = random_operator(random);
  const Matrix x = all.sum(a);
  const Matrix y = all.sum(b);
  const Eigen::Matrix2cd commutator = a * b - b * a;
  BOOST_TEST((x * y - y * x - Matrix(all.sum(commutator))).norm() < 1e-12 * x.norm() * y.norm());
  BOOST_TEST((Matrix(all.sum(Eigen::Matrix2cd::Identity().eval())) -
              n * Matrix::Identity(all.states(), all.states()))
                 .norm() < 1e-12 * n);
}

// Of the eigenvalues of a sum in the full space, each J holds those of Sym^2J as often as d_J says.
BOOST_DATA_TEST_CASE(traces_with_copies, data::xrange(1, 7), n) {
  std::mt19937 random(40 + n);
  const Multiplets all(n);
  const Eigen::Matrix2cd a = random_operator(random);
  const SymmetricSpace space(1, n);
  const Matrix dense = space.sum(a);
  const SiteMatrix sum = all.sum(a);
  const Matrix powers[] = {Matrix(sum), Matrix(sum * sum), Matrix(sum * sum * sum)};
  const Matrix dense_powers[] = {dense, dense * dense, dense * dense * dense};
  for (int p = 0; p < 3; ++p) {
    Complex trace = 0;
    for (int m = 0; m < all.states(); ++m)
      trace += powers[p](m, m) * std::exp(all.of_state(m).log_copies);
    BOOST_TEST(std::abs(trace - dense_powers[p].trace()) < 1e-10 * (1 + std::abs(trace)));
  }
}

// sum_i A_i rho is the sum of A on the states, from the left; from the right likewise.
BOOST_DATA_TEST_CASE(one_sided_maps, data::xrange(1, 10), n) {
  std::mt19937 random(70 + n);
  const Multiplets all(n);
  const Eigen::Matrix2cd a = random_operator(random);
  const lindwurm::Operator sum(std::vector<lindwurm::ProductTerm>{
      {lindwurm::Coefficient(1.0), {on_elements(all, all.sum(a))}}});
  const Eigen::Matrix4cd from_left = oracle::kron(a, Matrix::Identity(2, 2));
  const Eigen::Matrix4cd from_right = oracle::kron(Matrix::Identity(2, 2), a.transpose());
  const SiteMatrix left = lindwurm::left(sum).terms()[0].factors[0].matrix;
  const SiteMatrix right = lindwurm::right(sum).terms()[0].factors[0].matrix;
  BOOST_TEST((left - all.sum(from_left)).norm() < 1e-12 * left.norm());
  BOOST_TEST((right - all.sum(from_right)).norm() < 1e-12 * right.norm());
}

// The trace of sum_i S_i rho for a map that keeps every trace is N tr rho: at any N, where no d_J
// could be written down.
BOOST_DATA_TEST_CASE(maps_keep_the_trace_at_any_number, data::make({1, 2, 9, 40, 101}), n) {
  std::mt19937 random(90 + n);
  const Multiplets all(n);
  const Matrix k = oracle::random_matrix(2, random);
  const auto [values, vectors] = oracle::hermitian_pairs(k.adjoint() * k);
  const Matrix kraus = k * vectors * values.cwiseSqrt().cwiseInverse().asDiagonal();  // K^dag K = 1
  const Eigen::Matrix4cd map = oracle::kron(kraus, kraus.conjugate());
  const SiteMatrix sum = all.sum(map);
  Eigen::RowVectorXcd trace = Eigen::RowVectorXcd::Zero(all.elements());
  for (int m = 0; m < all.states(); ++m)
    trace[all.element(m, m)] = 1;
  const Eigen::RowVectorXcd image = trace * sum;
  BOOST_TEST((image - n * trace).cwiseAbs().maxCoeff() < 1e-12 * n);
}

BOOST_AUTO_TEST_CASE(the_change_of_axis_takes_jz_to_jx) {
  for (int two_j = 0; two_j <= 30; ++two_j) {
    const Multiplets all(std::max(two_j, 1));
    const auto& multiplet =
        *std::find_if(all.all().begin(), all.all().end(),
                      [&](const auto& each) { return each.two_j == std::max(two_j, 1); });
    const auto block = [&](const Matrix& a) {
      return Matrix(Matrix(all.sum(Eigen::Matrix2cd(a)))
                        .block(multiplet.first_state, multiplet.first_state, multiplet.size(),
                               multiplet.size()));
    };
    const Matrix u = Multiplets::change_of_axis(multiplet.two_j).cast<Complex>();
    BOOST_TEST((u * u - Matrix::Identity(u.rows(), u.cols())).norm() < 1e-11);
    BOOST_TEST((u * block(oracle::pauli_z()) * u - block(oracle::pauli_x())).norm() < 1e-10);
    BOOST_TEST((u * block(oracle::pauli_y()) * u + block(oracle::pauli_y())).norm() < 1e-10);
  }
}

// Where the first row is 2^-J: signs are all that rounding could take.
BOOST_DATA_TEST_CASE(the_change_of_axis_of_large_spins, data::make({100, 401, 2000}), two_j) {
  const Eigen::MatrixXd u = Multiplets::change_of_axis(two_j);
  BOOST_TEST((u - u.transpose()).cwiseAbs().maxCoeff() < 1e-11);
  BOOST_TEST((u * u - Eigen::MatrixXd::Identity(two_j + 1, two_j + 1)).cwiseAbs().maxCoeff() <
             1e-11);
}

static const Space three{lindwurm::oscillator("mode", 2), lindwurm::ensemble("bath", 3)};

static lindwurm::Operator in_three(const std::string& text,
                                   const lindwurm::Parameters& parameters = {}) {
  return lindwurm::sum_over_members(Expression::parse(text), three, parameters);
}

static lindwurm::Parameters numbers(const std::vector<double>& values) {
  lindwurm::Parameter parameter{.values = {}, .is_array = true};
  for (double value : values)
    parameter.values.emplace_back(value);
  return {{"c", parameter}};
}

BOOST_AUTO_TEST_CASE(arrays_of_equal_values_run_along_an_ensemble) {
  const auto scaled = in_three("c*sz(bath)", numbers({2, 2, 2}));
  BOOST_TEST(lindwurm::largest_element((scaled - in_three("2*sz(bath)")).simplified()) < 1e-14);
}

BOOST_DATA_TEST_CASE(what_tells_members_apart_is_refused,
                     data::make({"c*sz(bath)", "sz(bath[0])", "sz(bath[k])*sz(bath[k+1])",
                                 "k*sz(bath[k])", "c[k]*sx(bath[k])*sx(bath[l])"}),
                     text) {
  BOOST_CHECK_EXCEPTION((void)in_three(text, numbers({1, 1, 2})), InputError,
                        [](const InputError& error) {
                          const std::string what = error.what();
                          return what.find("'bath'") != std::string::npos &&
                                 what.find("kind = \"spin\"") != std::string::npos;
                        });
}

// Products of sums are not written out: of 300 members they would have 10^10 terms.
BOOST_AUTO_TEST_CASE(products_of_sums) {
  const Space many{lindwurm::oscillator("mode", 2), lindwurm::ensemble("bath", 300)};
  const auto product = lindwurm::sum_over_members(
      Expression::parse("x(mode)*sum(sx(bath))^2*sum(sz(bath))^2"), many);
  BOOST_TEST(product.terms().size() == 1u);
  const auto by_hand = in_three("sum(sx(bath)*sum(sx(bath)*sum(sz(bath)*sum(sz(bath)))))");
  const auto folded = in_three("sum(sx(bath))^2*sum(sz(bath))^2");
  BOOST_TEST(lindwurm::largest_element((folded - by_hand).simplified()) < 1e-12);
}

BOOST_AUTO_TEST_CASE(squares_of_sums_have_pairs) {
  const auto square = in_three("sum(sx(bath))^2");
  const auto by_hand = in_three("sx(bath[k])*sx(bath[l]) + sx(bath)*sx(bath)");
  BOOST_TEST(lindwurm::largest_element((square - by_hand).simplified()) < 1e-13);
}

BOOST_AUTO_TEST_SUITE_END()
