#include "lindwurm/states/ket.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "lindwurm/backend/agreement.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/widest_vectors.hpp"
#include "lindwurm/generator/matrix_free.hpp"
#include "lindwurm/operators/rows.hpp"
#include "packing.hpp"

namespace lindwurm {

namespace {

// True if some elements of the sector stay in it under this change of their charges.
bool has_room(const Sector& sector, const Charge& change) {
  return std::any_of(sector.values.begin(), sector.values.end(), [&](const Charge& value) {
    return sector.values.contains(sector.charges.sum(value, change));
  });
}

// Calls see(start, length) for this rank's pairs of slices of a ket: the start of the first slice,
// counted from this rank's rows, and the length of each. The slice of the conjugates follows.
template <typename See>
void over_pairs(Vec ket, const PackedBasis& basis, See see) {
  PetscInt first = 0;
  PetscInt last = 0;
  LINDWURM_PETSC(VecGetOwnershipRange(ket, &first, &last));
  const int end = basis.leaders_before(last);
  for (int l = basis.leaders_before(first); l < end; ++l) {
    const std::int64_t start = basis.pair_start(l);
    const std::int64_t length = (basis.pair_start(l + 1) - start) / 2;
    see(start - first, length);
  }
}

// The number of partial sums, for vectorised loops.
constexpr int lanes = 8;

// For a pair of slices, adds R . S to the first `lanes` sums, and (i psi) . S to the others.
LINDWURM_WIDEST_VECTORS
void add_products(const double* r, const double* s, std::int64_t length, double* __restrict sums) {
  std::int64_t k = 0;
  for (; k + lanes <= length; k += lanes) {
    for (int j = 0; j < lanes; ++j) {
      const std::int64_t u = k + j;
      const std::int64_t v = u + length;
      sums[j] += r[u] * s[u] + r[v] * s[v];
      sums[lanes + j] += r[v] * s[u] - r[u] * s[v];
    }
  }
  for (; k < length; ++k) {
    sums[0] += r[k] * s[k] + r[k + length] * s[k + length];
    sums[lanes] += r[k + length] * s[k] - r[k] * s[k + length];
  }
}

}  // namespace

KetGenerator::KetGenerator(const std::shared_ptr<const KetEquation>& equation,
                           const GeneratorOptions& options)
    : PackedGenerator(equation, options) {}

KetGenerator::KetGenerator(const System& system, MPI_Comm comm, const std::vector<double>& times,
                           const GeneratorOptions& options)
    : KetGenerator(std::make_shared<const SchroedingerEquation>(system, comm, times), options) {}

VecHandle pack(const ProductKet& ket, const KetGenerator& generator) {
  return pack_stored(in_stored_basis(ket, generator.space()), generator);
}

VecHandle pack_stored(const ProductKet& stored, const KetGenerator& generator) {
  require_fit(stored, generator.space());
  if (!holds(generator.sector(), sector_of(stored, generator.sector().charges))) {
    refuse_state(name_of_ket_generator);
  }
  const PackedBasis& basis = generator.basis();
  const auto product_over = [&](const KetSites& sites, std::int64_t index) {
    Complex product = 1.0;
    sites.visit(index, [&](int s, int element) { product *= stored.sites[s](element); });
    return product;
  };
  const KetSites outer(basis, basis.outer_sites());
  const KetSites inner(basis, basis.inner_sites());
  std::vector<Complex> of_inner;
  for (int i = 0; i < basis.inner_size(); ++i)
    of_inner.push_back(product_over(inner, i));
  return fill_ket(
      generator, [&](std::int64_t o) { return product_over(outer, o); },
      [&](const Complex& slice, int i) { return slice * of_inner[i]; });
}

VecHandle pack(const Eigen::VectorXcd& ket, const KetGenerator& generator) {
  if (ket.size() != generator.basis().hilbert_dimension()) {
    throw InputError(
        fmt::format("a ket of {} numbers was given for a Hilbert space of dimension {}", ket.size(),
                    generator.basis().hilbert_dimension()));
  }
  Eigen::VectorXcd stored = ket;
  change_spin_axes(stored, generator.space());
  const auto d = static_cast<std::int64_t>(stored.size());
  VecHandle packed =
      fill(generator, [&](std::int64_t x) { return x < d ? stored(x) : std::conj(stored(x - d)); });
  if (!(norm(packed) > (1 - 1e-12) * std::numbers::sqrt2 * stored.norm())) {
    refuse_state(name_of_ket_generator);
  }
  return packed;
}

Eigen::VectorXcd unpack_ket(Vec packed, const PackedBasis& basis) {
  require_basis(packed, basis.mark(), "the basis");
  const auto d = basis.hilbert_dimension();
  const double bytes = 16 * static_cast<double>(d);
  if (d > largest_index || !tightest_node(bytes, communicator_of(packed)).suffices()) {
    throw InputError(fmt::format(
        "a ket in full has D = {} numbers and takes {:.3g} GB, however few its sector has; observe "
        "what is wanted of it, and leave output.states = true out",
        d, bytes / 1e9));
  }
  const VecHandle all = on_every_rank(packed);
  Eigen::VectorXcd psi = Eigen::VectorXcd::Zero(d);
  const PetscScalar* r = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(all, &r));
  for (std::int64_t m = 0; m < d; ++m) {
    const std::int64_t position = basis.position(m);
    if (position < 0) continue;
    const double here = r[position];
    const double mirrored = r[basis.position(basis.mirror(m))];
    psi(m) = Complex(here + mirrored, here - mirrored) / 2.0;
  }
  LINDWURM_PETSC(VecRestoreArrayRead(all, &r));
  change_spin_axes(psi, basis.space());
  return psi;
}

Complex inner_product(Vec psi, Vec phi, const PackedBasis& basis) {
  // R . S = 2 Re psi^dag phi. If R belongs to i psi, it is 2 Im psi^dag phi.
  require_basis(psi, basis.mark(), "the basis");
  require_basis(phi, basis.mark(), "the basis");
  double of_lanes[2 * lanes] = {};
  const PetscScalar* left = nullptr;
  const PetscScalar* right = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(psi, &left));
  LINDWURM_PETSC(VecGetArrayRead(phi, &right));
  over_pairs(psi, basis, [&](std::int64_t start, std::int64_t length) {
    add_products(left + start, right + start, length, of_lanes);
  });
  LINDWURM_PETSC(VecRestoreArrayRead(phi, &right));
  LINDWURM_PETSC(VecRestoreArrayRead(psi, &left));
  double sums[2] = {std::accumulate(of_lanes, of_lanes + lanes, 0.0),
                    std::accumulate(of_lanes + lanes, of_lanes + 2 * lanes, 0.0)};
  MPI_Allreduce(MPI_IN_PLACE, sums, 2, MPI_DOUBLE, MPI_SUM, communicator_of(psi));
  return {sums[0] / 2, sums[1] / 2};
}

// For i psi, the first number is -Im psi + Re psi, which is R of the mirror. The second one is
// -Im psi - Re psi.
void add_multiple(Complex factor, Vec psi, Vec to, const PackedBasis& basis) {
  require_basis(psi, basis.mark(), "the basis");
  require_basis(to, basis.mark(), "the basis");
  const double p = factor.real();
  const double q = factor.imag();
  const PetscScalar* from = nullptr;
  PetscScalar* sum = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(psi, &from));
  LINDWURM_PETSC(VecGetArray(to, &sum));
  over_pairs(psi, basis, [&](std::int64_t start, std::int64_t length) {
    for (std::int64_t u = start; u < start + length; ++u) {
      const std::int64_t v = u + length;
      sum[u] += p * from[u] + q * from[v];
      sum[v] += p * from[v] - q * from[u];
    }
  });
  LINDWURM_PETSC(VecRestoreArray(to, &sum));
  LINDWURM_PETSC(VecRestoreArrayRead(psi, &from));
}

void multiply(Vec psi, Complex factor, const PackedBasis& basis) {
  require_basis(psi, basis.mark(), "the basis");
  const double p = factor.real();
  const double q = factor.imag();
  PetscScalar* r = nullptr;
  LINDWURM_PETSC(VecGetArray(psi, &r));
  over_pairs(psi, basis, [&](std::int64_t start, std::int64_t length) {
    for (std::int64_t u = start; u < start + length; ++u) {
      const std::int64_t v = u + length;
      const double here = r[u];
      const double mirrored = r[v];
      r[u] = p * here + q * mirrored;
      r[v] = p * mirrored - q * here;
    }
  });
  LINDWURM_PETSC(VecRestoreArray(psi, &r));
}

Sector image(const Operator& a, const Sector& sector) { return image(acting_on_kets(a), sector); }

void apply(const Operator& a, Vec psi, const PackedBasis& from, Vec result, const PackedBasis& to) {
  require_basis(psi, from.mark(), "the basis");
  require_basis(result, to.mark(), "the basis of the result");
  const auto d = to.hilbert_dimension();
  std::vector<Complex> coefficients;
  for (const auto& term : a.terms())
    coefficients.push_back(term.coefficient.constant());
  RowReader rows(a.terms(), site_dimensions(to.space()));
  with_arrays(psi, result, [&](const PetscScalar* in, PetscScalar* out) {
    for (std::int64_t position = 0; position < to.size(); ++position) {
      const std::int64_t m = to.element(position);
      if (m >= d) continue;
      Complex sum = 0;
      rows.read(m, [&](std::size_t term, std::int64_t n, Complex value) {
        const std::int64_t at = from.position(n);
        if (at < 0) return;
        const double here = in[at];
        const double mirrored = in[from.position(d + n)];
        sum += coefficients[term] * value * Complex(here + mirrored, here - mirrored) / 2.0;
      });
      out[position] = sum.real() + sum.imag();
      out[to.position(d + m)] = sum.real() - sum.imag();
    }
  });
}

KetExpectation::KetExpectation(const Operator& a, const KetGenerator& generator)
    : mark_(generator.basis().mark()) {
  const Operator sum = a.simplified();
  require_constant_observable(sum);
  is_hermitian_ = lindwurm::is_hermitian(sum);
  const Sector& sector = generator.sector();
  for (const auto& [change, terms] : by_change(acting_on_kets(sum), sector.charges)) {
    if (!has_room(sector, change)) continue;
    const auto add_to = [&](std::vector<MatHandle>& parts, Complex factor) {
      parts.push_back(matrix_free(simplified(terms), generator.shared_basis(),
                                  generator.communicator(), factor, OutOfSector::left_out));
    };
    add_to(parts_, 1.0);
    if (!is_hermitian_) add_to(turned_, Complex(0, -1));
  }
}

// R . (A R) = 2 Re psi^dag A psi.
Complex KetExpectation::of(Vec ket, Vec scratch) const {
  require_basis(ket, mark_, "an observable");
  const auto half_product = [&](const std::vector<MatHandle>& parts) {
    double sum = 0;
    for (const MatHandle& part : parts) {
      LINDWURM_PETSC(MatMult(part, ket, scratch));
      sum += dot(ket, scratch);
    }
    return sum / 2;
  };
  return {half_product(parts_), half_product(turned_)};
}

}  // namespace lindwurm
