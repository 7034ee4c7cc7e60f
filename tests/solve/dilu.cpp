// The diagonal incomplete factorisation against its definition, written densely, and at work.
#include "lindwurm/generator/dilu.hpp"

#include <petscksp.h>

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "lindwurm/states/state.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Dilu;
using lindwurm::Expression;
using lindwurm::Liouvillian;
using lindwurm::MasterEquation;
using lindwurm::MatHandle;
using lindwurm::Model;
using lindwurm::PackedBasis;
using lindwurm::Space;
using lindwurm::SpinBasis;
using lindwurm::Storage;
using lindwurm::VecHandle;
using oracle::Complex;
using oracle::Matrix;
using oracle::ReferenceModel;
using oracle::Vector;

BOOST_AUTO_TEST_SUITE(dilu)

static Liouvillian matrix_free(const Model& model, SpinBasis basis, bool uses_sectors = false) {
  const auto equation = std::make_shared<const MasterEquation>(oracle::along(basis, model),
                                                               lindwurm::Session::communicator());
  return Liouvillian(equation, {.storage = Storage::matrix_free,
                                .sector = uses_sectors ? sector_of_diagonal(equation->charges())
                                                       : whole_space(equation->charges())});
}

static int ranks() {
  int count = 1;
  MPI_Comm_size(lindwurm::Session::communicator(), &count);
  return count;
}

// P = (D + lower) D^-1 (D + upper) on complex elements. Elements come pair of slices after pair of
// slices, those of a slice and of its mirror side by side: what holds for an element holds, complex
// conjugated, for its mirror. A slice that is its own mirror is gone through in its own order, and
// then brought back to what is Hermitian. Reads across a pair, and from other ranks, are left out.
class DenseDilu {
 public:
  DenseDilu(const PackedBasis& basis, Matrix l, double z) : l_(std::move(l)) {
    const auto d = static_cast<int>(basis.hilbert_dimension());
    const auto number = [&](std::int64_t x) {
      const auto [m, n] = basis.states(x);
      return static_cast<int>(m * d + n);
    };
    int slot = 0;
    for (const int leader : basis.leaders()) {
      const auto of_leader = basis.slice(basis.outer(leader));
      const auto length = static_cast<int>(basis.kinds()[of_leader.kind].elements.size());
      std::vector<Place> slice;
      for (int k = 0; k < length; ++k) {
        const std::int64_t x = basis.element(basis.start(leader) + k);
        slice.push_back({number(x), number(basis.mirror(x)), slot, k, rank_of(basis, leader)});
      }
      is_single_.push_back(of_leader.mirror == leader);
      slices_.push_back(std::move(slice));
      ++slot;
    }
    const auto size = l_.rows();
    side_.assign(size, 0);
    place_.assign(size, nullptr);
    for (const auto& slice : slices_) {
      for (const Place& place : slice) {
        place_[place.element] = &place;
        if (is_single_[place.slot]) continue;
        place_[place.mirror] = &place;
        side_[place.mirror] = 1;
      }
    }
    find_pivots(z);
  }

  [[nodiscard]] Vector solve(Vector b) const {
    for (const auto& slice : slices_)
      sweep(
          slice, b, [](int j, int i) { return j < i; }, true);
    for (auto slice = slices_.rbegin(); slice != slices_.rend(); ++slice)
      sweep(
          {slice->rbegin(), slice->rend()}, b, [](int j, int i) { return j > i; }, false);
    return b;
  }

 private:
  struct Place {
    int element;
    int mirror;
    int slot;
    int order;
    int rank;
  };

  static int rank_of(const PackedBasis& basis, int leader) {
    int rank = 0;
    while (basis.share(rank, ranks()).second <= basis.start(leader))
      ++rank;
    return rank;
  }

  // Whether L[x, y] belongs to the triangle where `comes` holds for the order of y and x.
  template <typename Comes>
  [[nodiscard]] bool is_in(int x, int y, Comes comes) const {
    const Place& of_x = *place_[x];
    const Place& of_y = *place_[y];
    if (of_x.rank != of_y.rank) return false;
    if (of_x.slot != of_y.slot) return comes(of_y.slot, of_x.slot);
    return side_[x] == side_[y] && comes(of_y.order, of_x.order);
  }

  void find_pivots(double z) {
    const auto size = l_.rows();
    const double tau = std::sqrt(leading([&](int x) { return std::norm(l_(x, x)); }) /
                                 leading([](int) { return 1.0; }));
    pivots_ = Vector::Zero(size);
    for (const auto& slice : slices_) {
      for (const Place& place : slice) {
        const int x = place.element;
        Complex pivot = l_(x, x) - z;
        for (int y = 0; y < size; ++y) {
          if (y == x || place_[y] == nullptr) continue;
          pivot -= std::norm(l_(x, y)) / tau;
          if (is_in(x, y, std::less<>{})) pivot -= l_(x, y) * l_(y, x) / pivots_(y);
        }
        pivots_(x) = pivot;
        if (!is_single_[place.slot]) pivots_(place.mirror) = std::conj(pivot);
      }
    }
  }

  // Over the elements that are stored as complex numbers.
  template <typename F>
  [[nodiscard]] double leading(F value) const {
    double sum = 0;
    for (const auto& slice : slices_) {
      for (const Place& place : slice)
        sum += value(place.element);
    }
    return sum;
  }

  template <typename Comes>
  void sweep(const std::vector<Place>& slice, Vector& b, Comes comes, bool is_forward) const {
    for (const Place& place : slice) {
      const int x = place.element;
      Complex sum = 0;
      for (int y = 0; y < l_.rows(); ++y) {
        if (place_[y] != nullptr && is_in(x, y, comes)) sum += l_(x, y) * b(y);
      }
      b(x) = is_forward ? (b(x) - sum) / pivots_(x) : b(x) - sum / pivots_(x);
      if (!is_single_[place.slot]) b(place.mirror) = std::conj(b(x));
    }
    if (!is_single_[slice.front().slot]) return;
    const Vector before = b;
    for (const Place& place : slice)
      b(place.element) = (before(place.element) + std::conj(before(place.mirror))) / 2.0;
  }

  Matrix l_;
  std::vector<std::vector<Place>> slices_;
  std::vector<bool> is_single_;
  std::vector<const Place*> place_;
  std::vector<int> side_;
  Vector pivots_;
};

static void check_definition(const ReferenceModel& model, SpinBasis basis, double z) {
  const Liouvillian liouvillian = matrix_free(model.model, basis);
  const Matrix u = oracle::stored_states(liouvillian.space());
  const Matrix both = oracle::kron(u, u.conjugate());
  Matrix l = both.adjoint() * model.liouvillian(0) * both;
  // What a change of basis leaves where nothing stands.
  const double rounding = 1e-14 * l.cwiseAbs().maxCoeff();
  l = l.unaryExpr([&](Complex value) { return std::abs(value) < rounding ? 0.0 : value; });
  const DenseDilu expected(liouvillian.basis(), l, z);
  // Packed, the transposed matrix is that of L^dag.
  const DenseDilu transposed(liouvillian.basis(), l.adjoint(), z);
  Dilu found(liouvillian.constant_part(), z);
  std::mt19937 random(61);
  const Matrix rho = oracle::random_hermitian(model.dimension(), random);
  const Vector stored = oracle::vec(u.adjoint() * rho * u);
  const VecHandle b = lindwurm::pack(rho, liouvillian);
  const VecHandle x = liouvillian.vector();
  const auto compare = [&](const DenseDilu& reference, const char* what) {
    const Matrix solution = u * oracle::unvec(reference.solve(stored)) * u.adjoint();
    const double distance = oracle::distance(lindwurm::unpack(x, liouvillian.basis()), solution);
    BOOST_TEST(distance < 1e-11 * solution.cwiseAbs().maxCoeff(),
               what << " is off by " << distance);
  };
  found.solve(b, x);
  compare(expected, "P^-1 b");
  found.solve_transposed(b, x);
  compare(transposed, "P^-T b");
}

struct Case {
  std::string model;
  SpinBasis basis;
};
static std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.model << " along " << c.basis;
}

// Models in which no two terms couple the same pair of elements, so that sums of squares are those
// of the terms: two spins along z, which both multiply x with a sign, would be another matter.
static const std::vector<Case> plain_models{{"damped_oscillator", SpinBasis::z},
                                            {"driven_spin", SpinBasis::z},
                                            {"driven_spin", SpinBasis::x},
                                            {"oscillator_spin_bath_6_1", SpinBasis::z},
                                            {"oscillator_spin_bath_6_1", SpinBasis::x},
                                            {"oscillator_spin_bath_3_2", SpinBasis::x},
                                            {"jaynes_cummings", SpinBasis::z},
                                            {"jaynes_cummings", SpinBasis::x},
                                            {"cavity_chain_3x2", SpinBasis::z},
                                            {"cavity_chain_3x3", SpinBasis::z},
                                            {"lambda_site", SpinBasis::z}};

BOOST_DATA_TEST_CASE(it_is_what_its_definition_says,
                     data::make(plain_models) * data::make({0.0, 0.7}), c, z) {
  check_definition(oracle::model_named(c.model), c.basis, z);
}

static VecHandle random_vector(const Liouvillian& liouvillian, unsigned seed) {
  std::mt19937 random(seed);
  const auto d = static_cast<int>(liouvillian.basis().hilbert_dimension());
  return lindwurm::pack(oracle::random_hermitian(d, random), liouvillian);
}

BOOST_DATA_TEST_CASE(it_is_linear_and_leaves_what_it_is_given, data::xrange(600u, 615u), seed) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    const Liouvillian liouvillian =
        matrix_free(model.model, seed % 2 == 0 ? SpinBasis::x : SpinBasis::z);
    Dilu preconditioner(liouvillian.constant_part(), 0.2);
    const VecHandle a = random_vector(liouvillian, seed);
    const VecHandle b = random_vector(liouvillian, seed + 1);
    const VecHandle sum = lindwurm::duplicate(a);
    const VecHandle x = lindwurm::duplicate(a);
    const VecHandle y = lindwurm::duplicate(a);
    const VecHandle xy = lindwurm::duplicate(a);
    LINDWURM_PETSC(VecWAXPY(sum, -2.5, a, b));
    const double before = dot(a, a);
    for (const bool transposed : {false, true}) {
      const auto solve = [&](Vec in, Vec out) {
        if (transposed) {
          preconditioner.solve_transposed(in, out);
        } else {
          preconditioner.solve(in, out);
        }
      };
      solve(a, x);
      solve(b, y);
      solve(sum, xy);
      LINDWURM_PETSC(VecAXPY(y, -2.5, x));
      const double norm = dot(y, y);
      LINDWURM_PETSC(VecAXPY(y, -1.0, xy));
      BOOST_TEST(std::isfinite(norm));
      BOOST_TEST(dot(y, y) <= 1e-20 * norm);
    }
    BOOST_TEST(dot(a, a) == before);
  }
}

static Dilu* dilu_of(PC shell) {
  void* context = nullptr;
  LINDWURM_PETSC(PCShellGetContext(shell, &context));
  return static_cast<Dilu*>(context);
}

// Iterations of GMRES on (L - z) x = b, or on the transposed system.
static int iterations(const Liouvillian& liouvillian, double z, bool transposed) {
  using KspHandle = lindwurm::Handle<KSP, KSPDestroy>;
  const MatHandle stored = liouvillian.assembled();
  LINDWURM_PETSC(MatShift(stored, -z));
  Dilu preconditioner(liouvillian.constant_part(), z);
  KspHandle ksp;
  LINDWURM_PETSC(KSPCreate(liouvillian.communicator(), ksp.put()));
  LINDWURM_PETSC(KSPSetType(ksp, KSPGMRES));
  LINDWURM_PETSC(KSPSetPCSide(ksp, PC_RIGHT));
  LINDWURM_PETSC(KSPGMRESSetRestart(ksp, 100));
  LINDWURM_PETSC(KSPSetOperators(ksp, stored, stored));
  LINDWURM_PETSC(KSPSetTolerances(ksp, 1e-10, PETSC_DEFAULT, PETSC_DEFAULT, 1000));
  PC pc = nullptr;
  LINDWURM_PETSC(KSPGetPC(ksp, &pc));
  LINDWURM_PETSC(PCSetType(pc, PCSHELL));
  LINDWURM_PETSC(PCShellSetContext(pc, &preconditioner));
  LINDWURM_PETSC(PCShellSetApply(pc, [](PC shell, Vec b, Vec x) -> PetscErrorCode {
    dilu_of(shell)->solve(b, x);
    return 0;
  }));
  LINDWURM_PETSC(PCShellSetApplyTranspose(pc, [](PC shell, Vec b, Vec x) -> PetscErrorCode {
    dilu_of(shell)->solve_transposed(b, x);
    return 0;
  }));
  const VecHandle b = random_vector(liouvillian, 77);
  const VecHandle x = lindwurm::duplicate(b);
  LINDWURM_PETSC(transposed ? KSPSolveTranspose(ksp, b, x) : KSPSolve(ksp, b, x));
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  PetscInt count = 0;
  LINDWURM_PETSC(KSPGetConvergedReason(ksp, &reason));
  LINDWURM_PETSC(KSPGetIterationNumber(ksp, &count));
  BOOST_TEST(reason > 0);
  // The residual that counts.
  const VecHandle left = lindwurm::duplicate(b);
  LINDWURM_PETSC(transposed ? MatMultTranspose(stored, x, left) : MatMult(stored, x, left));
  LINDWURM_PETSC(VecAXPY(left, -1.0, b));
  BOOST_TEST(dot(left, left) <= 1e-18 * dot(b, b));
  return static_cast<int>(count);
}

BOOST_DATA_TEST_CASE(shifted_systems_converge_faster,
                     data::make({SpinBasis::z, SpinBasis::x}) * data::make({false, true}), basis,
                     transposed) {
  for (const auto& model :
       {oracle::oscillator_spin_bath(6, 2), oracle::model_named("jaynes_cummings"),
        oracle::model_named("complex_couplings"), oracle::random_model(620)}) {
    const Liouvillian liouvillian = matrix_free(model.model, basis);
    int before = iterations(liouvillian, 0.05, transposed);
    BOOST_TEST(before < 150);
    for (double z : {0.5, 5.0, 50.0, 5000.0}) {
      const int now = iterations(liouvillian, z, transposed);
      BOOST_TEST(now <= before, model.name << ": " << now << " after " << before << " at " << z);
      before = now;
    }
    BOOST_TEST(before <= 5);
  }
}

// An oscillator of 10 levels and N spins as in the example oscillator_spins.
static Model bath(int count) {
  Model model(Space{lindwurm::oscillator("mode", 10), lindwurm::spins("bath", count)});
  lindwurm::Parameter delta{.values = {}, .is_array = true};
  for (int k = 0; k < count; ++k)
    delta.values.emplace_back(1 + 0.1 * k);
  model.parameters["Delta"] = delta;
  model.parameters["g"] = {.values = {0.2 / std::sqrt(count)}, .is_array = false};
  model.hamiltonian = Expression::parse("n(mode) + Delta/2*sx(bath) + g*x(mode)*sz(bath)");
  model.add({Expression::parse("a(mode)"), 0.05 * 1.5});
  model.add({Expression::parse("ad(mode)"), 0.05 * 0.5});
  model.add({Expression::parse("sm_x(bath)"), 0.1 * 1.2});
  model.add({Expression::parse("sp_x(bath)"), 0.1 * 0.2});
  return model;
}

BOOST_DATA_TEST_CASE(few_iterations_on_oscillator_and_spins,
                     data::make({2, 3, 4}) * data::make({false, true}), count, uses_sectors) {
  const Liouvillian liouvillian = matrix_free(bath(count), SpinBasis::x, uses_sectors);
  const auto found =
      steady_state(liouvillian, {.solver = lindwurm::SteadySolver::gmres, .tolerance = 1e-10});
  BOOST_TEST_MESSAGE(count << " spins: " << found.iterations << " + " << found.check_iterations);
  BOOST_TEST(found.is_converged);
  BOOST_TEST(found.is_unique);
  BOOST_TEST(found.preconditioner == "dilu");
  BOOST_TEST(found.iterations < (ranks() == 1 ? 60 : 120), found.iterations << " iterations");
}

BOOST_AUTO_TEST_SUITE_END()
