#include "lindwurm/sectors/packed_basis.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <vector>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/generator/linear_equation.hpp"

namespace data = boost::unit_test::data;
using lindwurm::PackedBasis;
using lindwurm::Space;

BOOST_AUTO_TEST_SUITE(packed_basis)

static const std::vector<Space> spaces{
    Space{lindwurm::oscillator("m", 1)},
    Space{lindwurm::spin("s")},
    Space{lindwurm::level_site("v", 5)},
    Space{lindwurm::spins("s", 4)},
    Space{lindwurm::oscillator("m", 4), lindwurm::spins("s", 2)},
    Space{lindwurm::spin("s"), lindwurm::oscillator("m", 3), lindwurm::level_site("v", 2)},
    Space{lindwurm::oscillator("one", 1), lindwurm::oscillator("m", 3),
          lindwurm::oscillator("other", 1)},
    Space{lindwurm::oscillators("c", 2, 5)},
};

// Liouville index: element m_s d_s + n_s of each site, the first site slowest.
static std::int64_t index_by_digits(const Space& space, std::int64_t m, std::int64_t n) {
  std::int64_t x = 0;
  std::int64_t stride = 1;
  for (int s = space.sites(); s-- > 0;) {
    const int d = space.dimension(s);
    x += stride * ((m % d) * d + n % d);
    stride *= d * d;
    m /= d;
    n /= d;
  }
  return x;
}

BOOST_DATA_TEST_CASE(position_and_element_are_inverse, data::xrange(spaces.size()), which) {
  const PackedBasis basis(spaces[which]);
  const std::int64_t d = spaces[which].dimension();
  BOOST_TEST(basis.size() == d * d);
  BOOST_TEST(basis.hilbert_dimension() == d);
  std::vector<bool> taken(basis.size(), false);
  for (std::int64_t x = 0; x < basis.size(); ++x) {
    const std::int64_t position = basis.position(x);
    BOOST_REQUIRE((position >= 0 && position < basis.size()));
    BOOST_REQUIRE(!taken[position]);
    taken[position] = true;
    BOOST_REQUIRE(basis.element(position) == x);
  }
}

BOOST_DATA_TEST_CASE(a_mirror_follows_its_element, data::xrange(spaces.size()), which) {
  const PackedBasis basis(spaces[which]);
  for (std::int64_t x = 0; x < basis.size(); ++x) {
    const std::int64_t mirror = basis.mirror(x);
    const auto [m, n] = basis.states(x);
    BOOST_REQUIRE(mirror == basis.index(n, m));
    BOOST_REQUIRE(basis.mirror(mirror) == x);
    BOOST_REQUIRE((mirror == x) == (m == n));
    const std::int64_t apart = std::abs(basis.position(x) - basis.position(mirror));
    BOOST_REQUIRE(apart == (m == n ? 0 : 1));
  }
}

BOOST_DATA_TEST_CASE(index_and_states_are_inverse, data::xrange(spaces.size()), which) {
  const PackedBasis basis(spaces[which]);
  for (std::int64_t m = 0; m < basis.hilbert_dimension(); ++m) {
    for (std::int64_t n = 0; n < basis.hilbert_dimension(); ++n) {
      BOOST_REQUIRE(basis.index(m, n) == index_by_digits(spaces[which], m, n));
      const auto [k, l] = basis.states(basis.index(m, n));
      BOOST_REQUIRE((k == m && l == n));
    }
  }
}

BOOST_DATA_TEST_CASE(shares_cover_all_rows_and_split_no_pair, data::xrange(spaces.size()), which) {
  const PackedBasis basis(spaces[which]);
  for (int ranks = 1; ranks <= 40; ++ranks) {
    std::int64_t reached = 0;
    for (int rank = 0; rank < ranks; ++rank) {
      const auto [first, last] = basis.share(rank, ranks);
      BOOST_REQUIRE(first == reached);
      BOOST_REQUIRE(last >= first);
      BOOST_REQUIRE(last - first <= basis.size() / ranks + 2);
      for (std::int64_t position = first; position < last; ++position) {
        const std::int64_t mirror = basis.position(basis.mirror(basis.element(position)));
        BOOST_REQUIRE((mirror >= first && mirror < last));
      }
      reached = last;
    }
    BOOST_REQUIRE(reached == basis.size());
  }
}

BOOST_AUTO_TEST_CASE(large_bases_in_long_slices) {
  const Space space{lindwurm::oscillator("m", 45), lindwurm::spins("s", 10)};
  const lindwurm::Charges none(lindwurm::density_elements(space));
  const PackedBasis basis(whole_space(none), {0});
  BOOST_TEST(basis.size() == 45LL * 1024 * 45 * 1024);
  for (std::int64_t x = 1; x < basis.size(); x += 12345677) {
    BOOST_REQUIRE(basis.element(basis.position(x)) == x);
    BOOST_REQUIRE(std::abs(basis.position(x) - basis.position(basis.mirror(x))) <= 2 * 45 * 45);
  }
}

BOOST_AUTO_TEST_CASE(too_many_unknowns_are_refused) {
  BOOST_CHECK_THROW(PackedBasis(Space{lindwurm::oscillator("m", 46), lindwurm::spins("s", 10)}),
                    lindwurm::InputError);
  BOOST_CHECK_THROW(PackedBasis(Space{lindwurm::spins("s", 16)}), lindwurm::InputError);
  BOOST_CHECK_THROW(PackedBasis(Space{lindwurm::spins("s", 64)}), lindwurm::InputError);
  BOOST_CHECK_THROW(PackedBasis(Space{lindwurm::spins("s", 2000)}), lindwurm::InputError);
}

BOOST_AUTO_TEST_CASE(bases_agree_where_vectors_mean_the_same) {
  const auto named = [](const std::string& name, int levels, lindwurm::SpinBasis axis) {
    lindwurm::Group spins = lindwurm::spins("s", 2);
    spins.basis = axis;
    return Space{lindwurm::oscillator(name, levels), spins};
  };
  const auto z = lindwurm::SpinBasis::z;
  const PackedBasis basis(named("m", 3, z));
  BOOST_TEST(basis.agrees_with(PackedBasis(named("m", 3, z))));
  BOOST_TEST(basis.agrees_with(PackedBasis(named("other", 3, z))));
  BOOST_TEST(!basis.agrees_with(PackedBasis(named("m", 4, z))));
  BOOST_TEST(!basis.agrees_with(PackedBasis(named("m", 3, lindwurm::SpinBasis::x))));
  const lindwurm::Charges none(lindwurm::density_elements(named("m", 3, z)));
  BOOST_TEST(!basis.agrees_with(PackedBasis(whole_space(none), {0})));
  // Sectors of equal size that hold other elements.
  lindwurm::Model model(Space{lindwurm::spins("q", 2)});
  model.hamiltonian = lindwurm::Expression::parse("sz(q[0]) + 0.7*sz(q[1])");
  const lindwurm::EquationTerms equation(model, lindwurm::Dynamics::lindblad);
  const auto sectors = all_sectors(lindwurm::Charges(equation.terms, equation.elements));
  for (std::size_t j = 0; j < sectors.size(); ++j)
    for (std::size_t k = 0; k < sectors.size(); ++k)
      BOOST_TEST(PackedBasis(sectors[j]).agrees_with(PackedBasis(sectors[k])) == (j == k));
}

BOOST_AUTO_TEST_SUITE_END()
