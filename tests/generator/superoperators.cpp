// Superoperator terms: their matrices, and which of them are refused.
#include "lindwurm/operators/superoperator.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/generator/assemble.hpp"
#include "lindwurm/generator/liouvillian.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::Liouvillian;
using lindwurm::Model;
using lindwurm::Space;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(superoperators)

static const MPI_Comm comm = lindwurm::Session::communicator();

static Model with_superoperator(const std::string& text) {
  Model model(Space{lindwurm::oscillator("m", 3), lindwurm::spin("q")});
  model.superoperators = {Expression::parse(text)};
  return model;
}

static const std::vector<std::string> breaking{
    "left(a(m))",
    "i*anticommutator(x(m))",
    "commutator(x(m))",
    "left(sp(q))*right(sp(q))",
    "anticommutator(sm(q))",
    "0.001*i*left(proj(q, 0))",
    "exp(i*t)*commutator(x(m))",
};

BOOST_DATA_TEST_CASE(maps_to_operators_that_are_not_hermitian_are_refused, data::make(breaking),
                     text) {
  // Every rank throws, or the ranks that do not would wait for the others for ever.
  int thrown = 0;
  std::string message;
  try {
    const Liouvillian liouvillian(with_superoperator(text), comm, {0.5});
  } catch (const lindwurm::InputError& error) {
    thrown = 1;
    message = error.what();
  }
  BOOST_TEST(message.find("Hermitian") != std::string::npos);
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  MPI_Allreduce(MPI_IN_PLACE, &thrown, 1, MPI_INT, MPI_SUM, comm);
  BOOST_TEST(thrown == ranks);
}

BOOST_AUTO_TEST_CASE(a_map_that_breaks_on_the_rows_of_one_rank_only_is_refused_by_all) {
  for (int level = 0; level < 8; ++level) {
    Model model(Space{lindwurm::level_site("v", 8)});
    model.superoperators = {Expression::parse("i*left(ket(v, k0, k0))*right(ket(v, k0, k0))")};
    model.parameters = {{"k0", {{static_cast<double>(level)}}}};
    BOOST_CHECK_THROW(Liouvillian(model, comm), lindwurm::InputError);
  }
}

BOOST_AUTO_TEST_CASE(a_map_that_breaks_at_a_later_time_is_refused_there) {
  const Model model = with_superoperator("t*left(a(m))*right(a(m))");
  BOOST_CHECK_NO_THROW(Liouvillian(model, comm, {0.0}));
  BOOST_CHECK_THROW(Liouvillian(model, comm, {0.0, 1.0}), lindwurm::InputError);
}

static const std::vector<std::string> keeping{
    "i*commutator(x(m))",
    "anticommutator(n(m))",
    "left(a(m)) + right(ad(m))",
    "left(sp(q))*right(sm(q))",
    "dissipator(a(m)*sz(q) + i*sx(q))",
    "-i*commutator(p(m))*anticommutator(sy(q))",
    "i*left(sp(q))*right(sp(q)) - i*left(sm(q))*right(sm(q))",
    "(0.3 + 0.4*i)*left(a(m))*right(sp(q)) + (0.3 - 0.4*i)*left(sm(q))*right(ad(m))",
};

BOOST_DATA_TEST_CASE(maps_that_keep_operators_hermitian_are_taken, data::make(keeping), text) {
  BOOST_CHECK_NO_THROW(Liouvillian(with_superoperator(text), comm));
}

// A product superoperator's matrix in the order m D + n, by its action on every |k><l|.
static Matrix by_columns(const lindwurm::Superoperator& map, const Space& space) {
  const lindwurm::PackedBasis basis(space);
  lindwurm::RowReader reader(map.terms(), basis.site_dimensions());
  const auto d = basis.hilbert_dimension();
  Matrix matrix = Matrix::Zero(d * d, d * d);
  for (std::int64_t x = 0; x < basis.size(); ++x) {
    reader.read(x, [&](std::size_t term, std::int64_t y, lindwurm::Complex value) {
      const auto [m, n] = basis.states(x);
      const auto [k, l] = basis.states(y);
      matrix(m * d + n, k * d + l) += map.terms()[term].coefficient.at(0) * value;
    });
  }
  return matrix;
}

BOOST_DATA_TEST_CASE(left_right_and_their_combinations, data::xrange(10u), seed) {
  const Space space{lindwurm::oscillator("m", 3), lindwurm::spins("s", 2)};
  static const std::vector<std::string> operators{
      "a(m)",       "p(m)*sy(s[1])",  "(1 + 2*i)*ad(m)*sm(s[0])",
      "sp_x(s[1])", "n(m) + i*sz(s)", "x(m)*sx(s[0])*sz(s[1])"};
  std::mt19937 random(seed);
  const auto pick = [&] {
    const auto& text = operators[random() % operators.size()];
    return lindwurm::sum_over_members(Expression::parse(text), space);
  };
  const lindwurm::Operator a = pick();
  const lindwurm::Operator b = pick();
  const Matrix a0 = oracle::matrix_of(a, space);
  const Matrix b0 = oracle::matrix_of(b, space);
  const auto check = [&](const lindwurm::Superoperator& map, const Matrix& expected) {
    BOOST_TEST(oracle::distance(by_columns(map, space), expected) < 1e-12);
    BOOST_TEST(oracle::distance(by_columns(map.simplified(), space), expected) < 1e-12);
  };
  check(left(a), oracle::left(a0));
  check(right(a), oracle::right(a0));
  check(commutator(a), oracle::commutator(a0));
  check(anticommutator(a), oracle::anticommutator(a0));
  check(dissipator(a), oracle::dissipator(a0));
  check(left(a) * right(b), oracle::kron(a0, b0.transpose()));
  check(left(a) * left(b), oracle::left(a0 * b0));
  check(right(a) * right(b), oracle::right(b0 * a0));
  check(commutator(a) * anticommutator(b), oracle::commutator(a0) * oracle::anticommutator(b0));
  check(dissipator(a + b) - dissipator(b), oracle::dissipator(a0 + b0) - oracle::dissipator(b0));
}

BOOST_AUTO_TEST_SUITE_END()
