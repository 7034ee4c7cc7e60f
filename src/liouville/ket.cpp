#include "lindwurm/liouville/ket.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/liouville/matrix_free.hpp"
#include "lindwurm/operators/rows.hpp"
#include "packing.hpp"

namespace lindwurm {

namespace {

Charge difference(const Charge& a, Charge b, const Charges& charges) {
  for (int& value : b)
    value = -value;
  return charges.sum(a, b);
}

// A factor's parts by what they change the charges by.
std::map<Charge, SiteMatrix> parts_of(const Factor& factor, const Charges& charges) {
  std::map<Charge, std::vector<Eigen::Triplet<Complex>>> entries;
  for (int row = 0; row < factor.matrix.outerSize(); ++row) {
    for (SiteMatrix::InnerIterator it(factor.matrix, row); it; ++it) {
      const auto column = static_cast<int>(it.col());
      const Charge change =
          difference(charges.of(factor.site, row), charges.of(factor.site, column), charges);
      entries[change].emplace_back(row, column, it.value());
    }
  }
  std::map<Charge, SiteMatrix> parts;
  for (const auto& [change, of_change] : entries) {
    SiteMatrix part(factor.matrix.rows(), factor.matrix.cols());
    part.setFromTriplets(of_change.begin(), of_change.end());
    parts.emplace(change, std::move(part));
  }
  return parts;
}

// True if some elements of the sector stay in it when their charges change.
bool has_room(const Sector& sector, const Charge& change) {
  return std::any_of(sector.values.begin(), sector.values.end(), [&](const Charge& value) {
    return sector.values.contains(sector.charges.sum(value, change));
  });
}

// The parts of the terms by what they change the charges by.
std::map<Charge, std::vector<ProductTerm>> by_change(const std::vector<ProductTerm>& terms,
                                                     const Charges& charges) {
  std::map<Charge, std::vector<ProductTerm>> sorted;
  for (const auto& term : terms) {
    std::vector<std::pair<Charge, ProductTerm>> products{{charges.none(), {term.coefficient, {}}}};
    for (const Factor& factor : term.factors) {
      std::vector<std::pair<Charge, ProductTerm>> longer;
      for (const auto& [change, part] : parts_of(factor, charges)) {
        for (const auto& [before, product] : products) {
          longer.emplace_back(charges.sum(before, change), product);
          longer.back().second.factors.push_back({factor.site, part});
        }
      }
      products = std::move(longer);
    }
    for (auto& [change, product] : products)
      sorted[change].push_back(std::move(product));
  }
  return sorted;
}

}  // namespace

KetGenerator::KetGenerator(const std::shared_ptr<const KetEquation>& equation,
                           const GeneratorOptions& options)
    : PackedGenerator(equation, options) {}

KetGenerator::KetGenerator(const Model& model, MPI_Comm comm, const std::vector<double>& times,
                           const GeneratorOptions& options)
    : KetGenerator(std::make_shared<const SchroedingerEquation>(model, comm, times), options) {}

VecHandle pack(const ProductKet& ket, const KetGenerator& generator) {
  return pack_stored(in_stored_basis(ket, generator.space()), generator);
}

VecHandle pack_stored(const ProductKet& stored, const KetGenerator& generator) {
  const Space& space = generator.space();
  if (!holds(generator.sector(), sector_of(stored, generator.sector().charges))) {
    refuse_state(name_of_ket_generator);
  }
  return fill(generator, [&](std::int64_t x) {
    Complex product = 1.0;
    for (int s = space.sites(); s-- > 0;) {
      product *= stored.sites[s](x % space.dimension(s));
      x /= space.dimension(s);
    }
    return x == 0 ? product : std::conj(product);
  });
}

VecHandle pack(const Eigen::VectorXcd& ket, const KetGenerator& generator) {
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
  const auto d = basis.hilbert_dimension();
  const double bytes = 16 * static_cast<double>(d);
  double available = available_memory_bytes();
  MPI_Comm comm = MPI_COMM_NULL;
  LINDWURM_PETSC(PetscObjectGetComm(reinterpret_cast<PetscObject>(packed), &comm));
  MPI_Allreduce(MPI_IN_PLACE, &available, 1, MPI_DOUBLE, MPI_MIN, comm);
  if (d > std::numeric_limits<std::int32_t>::max() || (available > 0 && bytes > available)) {
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

Sector image(const Operator& a, const Sector& sector) {
  const Charges& charges = sector.charges;
  std::set<Charge> existing;
  for (const Sector& each : all_sectors(charges))
    existing.insert(each.values.begin(), each.values.end());
  Sector reached{charges, {}};
  for (const auto& [change, terms] : by_change(acting_on_kets(a), charges)) {
    if (simplified(terms).empty()) continue;
    for (const Charge& value : sector.values) {
      const Charge sum = charges.sum(value, change);
      if (existing.contains(sum)) reached.values.insert(sum);
    }
  }
  return reached;
}

void apply(const Operator& a, Vec psi, const PackedBasis& from, Vec result, const PackedBasis& to) {
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

KetExpectation::KetExpectation(const Operator& a, const KetGenerator& generator) {
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
