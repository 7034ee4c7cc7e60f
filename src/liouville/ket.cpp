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
#include "lindwurm/operators/site_operators.hpp"
#include "packing.hpp"

namespace lindwurm {

namespace {

// Of the largest terms; what is left of A - A^dag for reasons of rounding.
constexpr double hermiticity_tolerance = 1e-14;

constexpr const char* name_of_generator = "generator of kets";

// Between the axes of the model's words and those that the spins are stored along, both ways.
void change_spin_axes(Eigen::VectorXcd& psi, const Space& space) {
  Eigen::Index stride = psi.size();
  for (int s = 0; s < space.sites(); ++s) {
    stride /= space.dimension(s);
    if (!space.is_along_x(s)) continue;
    for (Eigen::Index m = 0; m < psi.size(); ++m) {
      if (m / stride % 2 != 0) continue;
      const Eigen::Vector2cd pair = change_spin_axis(Eigen::Vector2cd(psi(m), psi(m + stride)));
      psi(m) = pair(0);
      psi(m + stride) = pair(1);
    }
  }
}

// The largest that an element of the sum can be.
double bound_of(const Operator& a) {
  double bound = 0;
  for (const auto& term : a.terms()) {
    double product = std::abs(term.coefficient.constant());
    for (const auto& factor : term.factors)
      product *= factor.matrix.coeffs().abs().maxCoeff();
    bound += product;
  }
  return bound;
}

bool is_hermitian(const Operator& a) {
  return bound_of((a - dag(a)).simplified()) <= hermiticity_tolerance * bound_of(a);
}

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

// The terms that connect elements of the sector, by what they change the charges by.
std::map<Charge, std::vector<ProductTerm>> by_change(const std::vector<ProductTerm>& terms,
                                                     const Sector& sector) {
  const Charges& charges = sector.charges;
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
    for (auto& [change, product] : products) {
      if (has_room(sector, change)) sorted[change].push_back(std::move(product));
    }
  }
  return sorted;
}

}  // namespace

KetGenerator::KetGenerator(const std::shared_ptr<const SchroedingerEquation>& equation,
                           const GeneratorOptions& options)
    : PackedGenerator(equation, options) {}

KetGenerator::KetGenerator(const Model& model, MPI_Comm comm, const std::vector<double>& times,
                           const GeneratorOptions& options)
    : KetGenerator(std::make_shared<const SchroedingerEquation>(model, comm, times), options) {}

VecHandle pack(const ProductKet& ket, const KetGenerator& generator) {
  const Space& space = generator.space();
  const ProductKet stored = in_stored_basis(ket, space);
  if (!holds(generator.sector(), sector_of(stored, generator.sector().charges))) {
    refuse_state(name_of_generator);
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
    refuse_state(name_of_generator);
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

KetExpectation::KetExpectation(const Operator& a, const KetGenerator& generator) {
  const Operator sum = a.simplified();
  require_constant_observable(sum);
  is_hermitian_ = lindwurm::is_hermitian(sum);
  for (const auto& [change, terms] : by_change(acting_on_kets(sum), generator.sector())) {
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
