// Sites of any number of elements with any mirrors: order, sectors and products.
#include "lindwurm/sectors/element_space.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <map>
#include <numeric>
#include <random>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/generator/assemble.hpp"
#include "lindwurm/generator/matrix_free.hpp"
#include "oracle/dense.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Charges;
using lindwurm::ElementSpace;
using lindwurm::MatHandle;
using lindwurm::PackedBasis;
using lindwurm::ProductTerm;
using lindwurm::Sector;
using lindwurm::SiteMatrix;
using lindwurm::Space;
using lindwurm::VecHandle;
using oracle::Complex;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(element_spaces)

static const MPI_Comm comm = lindwurm::Session::communicator();

// Pairs of elements change places, as many as chance wants.
static std::vector<int> random_mirror(int dimension, std::mt19937& random) {
  std::vector<int> order(dimension);
  std::iota(order.begin(), order.end(), 0);
  std::vector<int> mirror = order;
  std::shuffle(order.begin(), order.end(), random);
  for (int k = 0; k + 1 < dimension; k += 2) {
    if (random() % 4 != 0) std::swap(mirror[order[k]], mirror[order[k + 1]]);
  }
  return mirror;
}

static ElementSpace random_elements(std::mt19937& random) {
  std::vector<std::vector<int>> mirrors;
  const int sites = 1 + static_cast<int>(random() % 4);
  for (int s = 0; s < sites; ++s)
    mirrors.push_back(random_mirror(1 + static_cast<int>(random() % 4), random));
  return {Space{}, std::move(mirrors)};
}

static SiteMatrix random_sparse(int d, std::mt19937& random) {
  std::vector<Eigen::Triplet<Complex>> entries;
  std::normal_distribution<double> normal;
  for (int k = 0; k < d + 1; ++k) {
    const auto row = static_cast<int>(random() % d);
    const auto column = static_cast<int>(random() % d);
    const double real = random() % 2 == 0 ? normal(random) : 0;
    entries.emplace_back(row, column, Complex(real, random() % 2 == 0 ? normal(random) : 0));
  }
  SiteMatrix matrix(d, d);
  matrix.setFromTriplets(entries.begin(), entries.end());
  return SiteMatrix(matrix.pruned());
}

// conj(M) between mirrored elements.
static SiteMatrix mirrored(const SiteMatrix& m, const ElementSpace& elements, int site) {
  std::vector<Eigen::Triplet<Complex>> entries;
  for (int row = 0; row < m.outerSize(); ++row) {
    for (SiteMatrix::InnerIterator it(m, row); it; ++it) {
      entries.emplace_back(elements.mirror(site, row),
                           elements.mirror(site, static_cast<int>(it.col())),
                           std::conj(it.value()));
    }
  }
  SiteMatrix matrix(m.rows(), m.cols());
  matrix.setFromTriplets(entries.begin(), entries.end());
  return matrix;
}

// Random products, each with the one that makes it commute with the mirror and conjugation.
static std::vector<ProductTerm> random_terms(const ElementSpace& elements, std::mt19937& random) {
  std::vector<ProductTerm> terms;
  const int count = 1 + static_cast<int>(random() % 3);
  for (int k = 0; k < count; ++k) {
    const Complex c(std::normal_distribution<double>()(random),
                    std::normal_distribution<double>()(random));
    ProductTerm term{lindwurm::Coefficient(c), {}};
    ProductTerm partner{lindwurm::Coefficient(std::conj(c)), {}};
    for (int s = 0; s < elements.sites(); ++s) {
      if (random() % 3 == 0) continue;
      const SiteMatrix m = random_sparse(elements.dimensions()[s], random);
      term.factors.push_back({s, m});
      partner.factors.push_back({s, mirrored(m, elements, s)});
    }
    terms.push_back(std::move(term));
    terms.push_back(std::move(partner));
  }
  return terms;
}

static Matrix dense(const std::vector<ProductTerm>& terms, const ElementSpace& elements) {
  const auto size = static_cast<int>(elements.size());
  Matrix sum = Matrix::Zero(size, size);
  for (const auto& term : terms) {
    Matrix product = term.coefficient.constant() * oracle::identity(size);
    for (const auto& factor : term.factors)
      product = product * oracle::embed(Matrix(factor.matrix), factor.site, elements.dimensions());
    sum += product;
  }
  return sum;
}

static std::int64_t mirror_by_digits(const ElementSpace& elements, std::int64_t x) {
  std::int64_t mirror = 0;
  std::int64_t stride = 1;
  for (int s = elements.sites(); s-- > 0;) {
    const int d = elements.dimensions()[s];
    mirror += elements.mirror(s, static_cast<int>(x % d)) * stride;
    stride *= d;
    x /= d;
  }
  return mirror;
}

static std::vector<int> sites_of(unsigned chosen, int sites) {
  std::vector<int> inner;
  for (int s = 0; s < sites; ++s) {
    if ((chosen >> static_cast<unsigned>(s) & 1U) != 0) inner.push_back(s);
  }
  return inner;
}

BOOST_DATA_TEST_CASE(elements_stand_beside_their_mirrors, data::xrange(40u), seed) {
  std::mt19937 random(seed);
  const ElementSpace elements = random_elements(random);
  for (unsigned chosen = 0; chosen < 1U << static_cast<unsigned>(elements.sites()); ++chosen) {
    const PackedBasis basis(whole_space(Charges(elements)), sites_of(chosen, elements.sites()));
    BOOST_REQUIRE(basis.size() == elements.size());
    for (std::int64_t x = 0; x < basis.size(); ++x) {
      const std::int64_t mirror = basis.mirror(x);
      BOOST_REQUIRE(mirror == mirror_by_digits(elements, x));
      BOOST_REQUIRE(basis.element(basis.position(x)) == x);
      if (chosen != 0) continue;
      const std::int64_t apart = std::abs(basis.position(x) - basis.position(mirror));
      BOOST_REQUIRE(apart == (mirror == x ? 0 : 1));
    }
  }
}

// The order of an outer or an inner part of the sites, as PackedBasis describes it.
static std::int64_t part_of(const ElementSpace& elements, const std::vector<int>& sites,
                            std::int64_t x) {
  std::vector<int> digits(elements.sites());
  for (int s = elements.sites(); s-- > 0;) {
    digits[s] = static_cast<int>(x % elements.dimensions()[s]);
    x /= elements.dimensions()[s];
  }
  std::int64_t index = 0;
  for (int s : sites)
    index = index * elements.dimensions()[s] + digits[s];
  return index;
}

// The elements of a sector in the order of their positions, from a walk through the whole space.
static std::vector<std::int64_t> elements_in_order(const Sector& sector,
                                                   const std::vector<int>& inner) {
  const ElementSpace& elements = sector.charges.elements();
  std::vector<int> outer;
  for (int s = 0; s < elements.sites(); ++s) {
    if (std::find(inner.begin(), inner.end(), s) == inner.end()) outer.push_back(s);
  }
  std::map<std::int64_t, std::map<std::int64_t, std::int64_t>> slices;
  std::map<std::int64_t, std::int64_t> mirrors;
  for (std::int64_t x = 0; x < elements.size(); ++x) {
    lindwurm::Charge charge = sector.charges.none();
    std::int64_t rest = x;
    for (int s = elements.sites(); s-- > 0;) {
      const int d = elements.dimensions()[s];
      charge = sector.charges.sum(charge, sector.charges.of(s, static_cast<int>(rest % d)));
      rest /= d;
    }
    if (!sector.values.contains(charge)) continue;
    const std::int64_t o = part_of(elements, outer, x);
    slices[o][part_of(elements, inner, x)] = x;
    mirrors[o] = part_of(elements, outer, mirror_by_digits(elements, x));
  }
  std::vector<std::int64_t> order;
  for (const auto& [o, slice] : slices) {
    if (mirrors[o] < o) continue;
    for (const auto& [i, x] : slice)
      order.push_back(x);
    if (mirrors[o] == o) continue;
    for (const auto& [i, x] : slice)
      order.push_back(mirror_by_digits(elements, x));
  }
  return order;
}

BOOST_DATA_TEST_CASE(sectors_hold_their_elements_in_order, data::xrange(80u), seed) {
  std::mt19937 random(500 + seed);
  const ElementSpace elements = random_elements(random);
  const Charges charges(random_terms(elements, random), elements);
  for (const Sector& sector : all_sectors(charges)) {
    for (unsigned chosen = 0; chosen < 1U << static_cast<unsigned>(elements.sites()); ++chosen) {
      const std::vector<int> inner = sites_of(chosen, elements.sites());
      const PackedBasis basis(sector, inner);
      const auto order = elements_in_order(sector, inner);
      BOOST_REQUIRE(basis.size() == static_cast<std::int64_t>(order.size()));
      std::vector<std::int64_t> positions(elements.size(), -1);
      for (std::int64_t p = 0; p < basis.size(); ++p) {
        BOOST_REQUIRE(basis.element(p) == order[p]);
        positions[order[p]] = p;
      }
      for (std::int64_t x = 0; x < elements.size(); ++x)
        BOOST_REQUIRE(basis.position(x) == positions[x]);
    }
  }
}

// Slices by number: outer indices, mirrors and starts belong together.
BOOST_DATA_TEST_CASE(slices_have_numbers, data::xrange(40u), seed) {
  std::mt19937 random(700 + seed);
  const ElementSpace elements = random_elements(random);
  const Charges charges(random_terms(elements, random), elements);
  for (const Sector& sector : all_sectors(charges)) {
    for (unsigned chosen = 0; chosen < 1U << static_cast<unsigned>(elements.sites()); ++chosen) {
      const PackedBasis basis(sector, sites_of(chosen, elements.sites()));
      std::int64_t before = -1;
      for (int number = 0; number < basis.slices(); ++number) {
        const std::int64_t outer = basis.outer(number);
        BOOST_REQUIRE(outer > before);
        before = outer;
        const auto slice = basis.slice(outer);
        BOOST_REQUIRE(slice.number == number);
        BOOST_REQUIRE(basis.slice(basis.outer(slice.mirror)).mirror == number);
        const auto& kind = basis.kinds()[slice.kind];
        const std::int64_t x = basis.element(basis.start(number));
        BOOST_REQUIRE(part_of(elements, basis.outer_sites(), x) == outer);
        if (number <= slice.mirror) {
          BOOST_REQUIRE(part_of(elements, basis.inner_sites(), x) == kind.elements.front());
        }
      }
    }
  }
}

// Real columns for R_y = Re + Im: L[x, y] adds its real part at (x, y), its imaginary part at
// (x, y'). What leads out of the sector must not be there.
static double difference(Vec found, const Matrix& l, const PackedBasis& basis,
                         const std::vector<double>& in) {
  PetscInt first = 0;
  PetscInt last = 0;
  LINDWURM_PETSC(VecGetOwnershipRange(found, &first, &last));
  const PetscScalar* values = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(found, &values));
  double largest = 0;
  for (PetscInt position = first; position < last; ++position) {
    const std::int64_t x = basis.element(position);
    double expected = 0;
    for (std::int64_t y = 0; y < l.cols(); ++y) {
      if (l(x, y) == 0.0 || basis.position(y) < 0) continue;
      expected += l(x, y).real() * in[basis.position(y)] +
                  l(x, y).imag() * in[basis.position(mirror_by_digits(basis.elements(), y))];
    }
    largest = std::max(largest, std::abs(expected - values[position - first]));
  }
  LINDWURM_PETSC(VecRestoreArrayRead(found, &values));
  MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, comm);
  return largest;
}

BOOST_DATA_TEST_CASE(products_in_every_sector_and_split, data::xrange(60u), seed) {
  std::mt19937 random(1000 + seed);
  const ElementSpace elements = random_elements(random);
  const auto terms = random_terms(elements, random);
  const Matrix l = dense(terms, elements);
  const Charges charges(terms, elements);
  std::int64_t total = 0;
  for (const Sector& sector : all_sectors(charges)) {
    total += size(sector);
    for (unsigned chosen = 0; chosen < 1U << static_cast<unsigned>(elements.sites()); ++chosen) {
      const auto basis =
          std::make_shared<const PackedBasis>(sector, sites_of(chosen, elements.sites()));
      std::vector<double> in;
      for (std::int64_t k = 0; k < basis->size(); ++k)
        in.push_back(std::uniform_real_distribution<double>(-1, 1)(random));
      const MatHandle stored = lindwurm::assemble(terms, *basis, comm);
      const MatHandle shell = lindwurm::matrix_free(terms, basis, comm);
      for (Mat matrix : {stored.get(), shell.get()}) {
        VecHandle from;
        VecHandle to;
        LINDWURM_PETSC(MatCreateVecs(stored, from.put(), to.put()));
        for (std::int64_t k = 0; k < basis->size(); ++k)
          LINDWURM_PETSC(VecSetValue(from, static_cast<PetscInt>(k), in[k], INSERT_VALUES));
        LINDWURM_PETSC(VecAssemblyBegin(from));
        LINDWURM_PETSC(VecAssemblyEnd(from));
        LINDWURM_PETSC(MatMult(matrix, from, to));
        BOOST_TEST(difference(to, l, *basis, in) <=
                   1e-13 * std::max(1.0, l.cwiseAbs().maxCoeff()) * static_cast<double>(l.rows()));
      }
    }
  }
  BOOST_TEST(total == elements.size());
}

BOOST_AUTO_TEST_CASE(density_operators) {
  const ElementSpace elements =
      lindwurm::density_elements(Space{lindwurm::oscillator("m", 3), lindwurm::spin("s")});
  BOOST_TEST(elements.dimensions() == std::vector<int>({9, 4}), boost::test_tools::per_element());
  BOOST_TEST(elements.size() == 36);
  for (int m = 0; m < 3; ++m) {
    for (int n = 0; n < 3; ++n)
      BOOST_TEST(elements.mirror(0, m * 3 + n) == n * 3 + m);
  }
  BOOST_TEST(!elements.moves_all(0));
}

// Such a site stays outside: with it inside, every slice would be its own mirror.
BOOST_AUTO_TEST_CASE(a_site_that_moves_all_stays_outside) {
  std::vector<std::vector<int>> mirrors{{1, 0}, {0, 1, 2, 3, 4}, {1, 0, 3, 2}};
  const ElementSpace elements(Space{}, mirrors);
  BOOST_TEST(elements.moves_all(0));
  BOOST_TEST(!elements.moves_all(1));
  BOOST_TEST(lindwurm::inner_sites_for_products(elements, 1) == std::vector<int>{1},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(too_many_elements_are_refused) {
  const std::vector<std::vector<int>> most(62, {1, 0});
  BOOST_TEST(ElementSpace(Space{}, most).size() == std::int64_t{1} << 62);
  const std::vector<std::vector<int>> more(63, {1, 0});
  BOOST_CHECK_THROW(ElementSpace(Space{}, more), lindwurm::InputError);
}

// The limit is that of the unknowns, 2^31 here, not of the space.
BOOST_AUTO_TEST_CASE(too_many_unknowns_are_refused) {
  const ElementSpace elements(Space{}, std::vector<std::vector<int>>(31, {1, 0}));
  BOOST_CHECK_EXCEPTION(PackedBasis{whole_space(Charges(elements))}, lindwurm::InputError,
                        [](const lindwurm::InputError& error) {
                          const std::string text = error.what();
                          return text.find("2147483647") != std::string::npos &&
                                 text.find("sectors") != std::string::npos;
                        });
}

BOOST_AUTO_TEST_SUITE_END()
