// Quantum trajectories: their jumps against closed formulas, their means against the master
// equation.
#include "solve/kets/quantum_jumps.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/states/state.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"
#include "solve/kets/no_jump.hpp"

namespace lindwurm {
// For the names of test cases.
static std::ostream& operator<<(std::ostream& out, EvolveMethod method) {
  return out << (method == EvolveMethod::adams ? "adams" : "chebyshev");
}
}  // namespace lindwurm

namespace data = boost::unit_test::data;
using lindwurm::DrawPurpose;
using lindwurm::Draws;
using lindwurm::EvolveMethod;
using lindwurm::EvolveOptions;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::JumpEquation;
using lindwurm::JumpTrajectories;
using lindwurm::KetColumns;
using lindwurm::KetGenerator;
using lindwurm::Model;
using lindwurm::ProductState;
using lindwurm::ReducedSpace;
using lindwurm::Sector;
using lindwurm::Space;
using lindwurm::SpinBasis;
using lindwurm::Storage;
using lindwurm::Trajectory;
using lindwurm::TrajectoryOptions;
using lindwurm::VecHandle;
using oracle::along;
using oracle::Complex;
using oracle::Matrix;
using oracle::Vector;

using States = std::map<std::string, std::vector<std::string>>;

BOOST_AUTO_TEST_SUITE(quantum_jumps)

static constexpr std::uint64_t seed = 20;
static const auto storages = data::make({Storage::assembled, Storage::matrix_free});
static const auto bases = data::make({SpinBasis::z, SpinBasis::x});
static const std::vector<EvolveMethod> methods{EvolveMethod::chebyshev, EvolveMethod::adams};

static std::vector<double> evenly(double from, double to, int points) {
  std::vector<double> times;
  for (int k = 0; k < points; ++k)
    times.push_back(from + (to - from) * k / (points - 1));
  return times;
}

static std::shared_ptr<const JumpEquation> equation_of(const Model& model,
                                                       const std::vector<double>& times = {0.0}) {
  return std::make_shared<const JumpEquation>(model, MPI_COMM_SELF, times);
}

// Trajectories with all that they need.
struct Runs {
  Runs(const Model& model, const ProductState& initial, const std::vector<double>& times,
       const EvolveOptions& options, const TrajectoryOptions& held = {})
      : columns(model, options),
        trajectories(equation_of(model, times), initial, times, columns, options, seed, held) {}

  KetColumns columns;
  JumpTrajectories trajectories;
};

static Model damped_oscillator(double rate) {
  Model model(Space{lindwurm::oscillator("c", 6)});
  model.hamiltonian = Expression::parse("1.3*n(c)");
  model.add({Expression::parse("a(c)"), rate});
  return model;
}

// |psi|^2 = exp(-n rate t) from |n>: the n-th quantum leaves after -ln(r)/(n rate).
BOOST_DATA_TEST_CASE(quanta_leave_when_the_draws_say,
                     data::make(methods) * storages * data::make({true, false}), method, storage,
                     by_sectors) {
  const double rate = 0.3;
  const Model model = damped_oscillator(rate);
  EvolveOptions options{.method = method, .rtol = 1e-9, .atol = 1e-12};
  options.observe = {{"n", Expression::parse("n(c)")}};
  const auto times = evenly(0, 40, 41);
  Runs runs(model, product_state(model.space, {{"c", {"fock(4)"}}}), times, options,
            {.storage = storage, .by_sectors = by_sectors});
  const double tolerance = method == EvolveMethod::adams ? 1e-6 : 1e-10;
  for (std::uint64_t index = 0; index < 20; ++index) {
    const Trajectory run = runs.trajectories.run(index);
    const Draws draws(seed, index, DrawPurpose::waiting_time);
    double t = 0;
    std::vector<double> expected;
    for (int n = 4; n > 0; --n) {
      t -= std::log(draws.uniform(4 - n)) / (n * rate);
      if (t < times.back()) expected.push_back(t);
    }
    BOOST_REQUIRE(run.jumps.size() == expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k)
      BOOST_TEST(std::abs(run.jumps[k].time - expected[k]) < tolerance);
    const auto row = *runs.columns.row_of(0);
    for (std::size_t j = 0; j < times.size(); ++j) {
      const auto gone = std::count_if(expected.begin(), expected.end(),
                                      [&](double jump) { return jump < times[j]; });
      const auto column = run.columns.col(static_cast<Eigen::Index>(j));
      BOOST_TEST(std::abs(column(row) - (4.0 - static_cast<double>(gone))) < 1e-9);
      BOOST_TEST(std::abs(column(0) - 1.0) < 1e-14);
    }
  }
}

// Output times far apart, and none but the last: the same jumps.
BOOST_DATA_TEST_CASE(jumps_do_not_depend_on_the_output_times, data::make(methods), method) {
  Model model(Space{lindwurm::oscillator("c", 8), lindwurm::spin("s")});
  model.hamiltonian = Expression::parse("n(c) + 0.5*sz(s) + 0.2*x(c)*sx(s)");
  model.add({Expression::parse("a(c)"), 0.3});
  model.add({Expression::parse("sz(s)"), 0.05});
  const ProductState state = product_state(model.space, {{"c", {"coherent(1)"}}, {"s", {"up"}}});
  const EvolveOptions options{.method = method, .rtol = 1e-10, .atol = 1e-12};
  Runs dense(model, state, evenly(0, 30, 301), options);
  Runs sparse(model, state, {0, 30}, options);
  std::size_t jumps = 0;
  for (std::uint64_t index = 0; index < 10; ++index) {
    const auto some = dense.trajectories.run(index).jumps;
    const auto same = sparse.trajectories.run(index).jumps;
    BOOST_REQUIRE(some.size() == same.size());
    jumps += some.size();
    for (std::size_t k = 0; k < some.size(); ++k) {
      BOOST_TEST(some[k].channel == same[k].channel);
      BOOST_TEST(std::abs(some[k].time - same[k].time) < 1e-6);
    }
  }
  BOOST_TEST(jumps > 30);
}

// H = Omega/2 sx, decay rate g: from the lower state, with l^2 = Omega^2/4 - g^2/16,
// |psi|^2 = exp(-g t/2) ((cos lt + g/(4l) sin lt)^2 + (Omega/(2l) sin lt)^2).
BOOST_DATA_TEST_CASE(resonance_fluorescence, data::make(methods) * bases, method, basis) {
  const double omega = 1.1;
  const double g = 0.4;
  Model model(Space{lindwurm::spin("s")});
  model.hamiltonian = Expression::parse("0.55*sx(s)");
  model.add({Expression::parse("sm(s)"), g});
  model = along(basis, model);
  Runs runs(model, product_state(model.space, {{"s", {"down"}}}), evenly(0, 60, 13),
            {.method = method, .rtol = 1e-10, .atol = 1e-12});
  const double l = std::sqrt(omega * omega / 4 - g * g / 16);
  for (std::uint64_t index = 0; index < 10; ++index) {
    const Trajectory run = runs.trajectories.run(index);
    const Draws draws(seed, index, DrawPurpose::waiting_time);
    BOOST_TEST(run.jumps.size() > 2u);
    double last = 0;
    for (std::size_t k = 0; k < run.jumps.size(); ++k) {
      const double t = run.jumps[k].time - last;
      last = run.jumps[k].time;
      const double lower = std::cos(l * t) + g / (4 * l) * std::sin(l * t);
      const double upper = omega / (2 * l) * std::sin(l * t);
      const double left = std::exp(-g * t / 2) * (lower * lower + upper * upper);
      BOOST_TEST(std::abs(left - draws.uniform(k)) <
                 (method == EvolveMethod::adams ? 1e-7 : 1e-11));
    }
  }
}

static Matrix effective_hamiltonian(const Model& model, const JumpEquation& equation) {
  Matrix h = oracle::matrix_of(sum_over_members(model.hamiltonian, model.space, model.parameters),
                               model.space);
  for (const auto& channel : equation.channels()) {
    const Matrix a = oracle::matrix_of(channel.jump.op, model.space);
    h -= 0.5 * oracle::i * channel.jump.rate.at(0) * (a.adjoint() * a);
  }
  const Matrix states = oracle::stored_states(model.space);
  return states * h * states.adjoint();
}

BOOST_DATA_TEST_CASE(between_jumps_kets_follow_the_effective_hamiltonian,
                     data::xrange(100u, 115u) * data::make(methods) * storages * bases, number,
                     method, storage, basis) {
  const auto reference = oracle::random_model(number);
  BOOST_TEST_CONTEXT(reference.name) {
    const Model model = along(basis, reference.model);
    const auto equation = equation_of(model);
    const Matrix h = effective_hamiltonian(model, *equation);
    const std::vector<double> times{0, 0.3, 0.31, 2.5};
    const EvolveOptions options{.method = method, .rtol = 1e-9, .atol = 1e-13};
    for (const Sector& sector : all_sectors(equation->charges())) {
      const KetGenerator generator(equation, {.storage = storage, .sector = sector});
      std::mt19937_64 random(number);
      const VecHandle packed = generator.vector();
      fill_randomly(packed, random);
      LINDWURM_PETSC(VecNormalize(packed, nullptr));
      const Vector psi = unpack_ket(packed, generator.basis());
      const auto evolution = no_jump_evolution(generator, times, options);
      std::size_t next = 1;
      lindwurm::EvolveStatistics statistics;
      const auto look = [&](Vec ket) {
        const Matrix propagator = oracle::exponential(-oracle::i * h * times[next]);
        const double error = (unpack_ket(ket, generator.basis()) - propagator * psi).norm();
        BOOST_TEST(error < (method == EvolveMethod::adams ? 1e-6 : 1e-10), "at " << times[next]);
      };
      BOOST_TEST(!evolution->run(0, packed, 0, next, look, statistics).has_value());
      BOOST_TEST(next == times.size());
    }
  }
}

// Also to the whole space, and from it.
BOOST_DATA_TEST_CASE(jumps_lead_from_sector_to_sector, data::xrange(60u) * storages * bases, number,
                     storage, basis) {
  const auto reference = oracle::random_model(number);
  BOOST_TEST_CONTEXT(reference.name) {
    const Model model = along(basis, reference.model);
    const auto equation = equation_of(model);
    const Matrix states = oracle::stored_states(model.space);
    std::vector<Sector> sectors = all_sectors(equation->charges());
    sectors.push_back(whole_space(equation->charges()));
    for (const auto& channel : equation->channels()) {
      const Matrix a = states * oracle::matrix_of(channel.jump.op, model.space) * states.adjoint();
      for (const Sector& sector : sectors) {
        const KetGenerator from(equation, {.storage = storage, .sector = sector});
        std::mt19937_64 random(number);
        const VecHandle in = from.vector();
        fill_randomly(in, random);
        const Vector expected = a * unpack_ket(in, from.basis());
        const Sector reached = image(channel.jump.op, sector);
        if (reached.values.empty()) {
          BOOST_TEST(expected.norm() < 1e-13);
          continue;
        }
        const KetGenerator to(equation, {.storage = storage, .sector = reached});
        const VecHandle out = to.vector();
        apply(channel.jump.op, in, from.basis(), out, to.basis());
        BOOST_TEST((unpack_ket(out, to.basis()) - expected).norm() < 1e-12);
        BOOST_TEST(std::abs(norm(out) - std::sqrt(2.0) * expected.norm()) < 1e-12);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(photon_loss_leads_to_the_sector_below) {
  Model model(Space{lindwurm::oscillator("c", 5), lindwurm::spins("s", 2)});
  model.hamiltonian = Expression::parse("n(c) + 0.5*sz(s) + 0.2*(ad(c)*sm(s) + a(c)*sp(s))");
  model.add({Expression::parse("a(c)"), 0.1});
  const auto equation = equation_of(model);
  const auto state =
      ket_of(product_state(model.space, {{"c", {"fock(2)"}}, {"s", {"down"}}}), model.space);
  const Sector two = sector_of(state, equation->charges());
  BOOST_TEST(size(two) == 2 * 4);
  const Sector one = image(equation->channels()[0].jump.op, two);
  BOOST_TEST(size(one) == 2 * 3);
  const Sector none = image(equation->channels()[0].jump.op, one);
  BOOST_TEST(size(none) == 2);
}

// What all states between two jumps have in common of their energy changes no trajectory and costs
// no products.
BOOST_DATA_TEST_CASE(a_large_energy_in_common_costs_nothing, storages, storage) {
  const Space space{lindwurm::oscillator("c", 8), lindwurm::spin("s")};
  const auto times = evenly(0, 20, 11);
  EvolveOptions options;
  options.observe = {{"n", Expression::parse("n(c)")}};
  std::vector<std::vector<Trajectory>> found;
  for (const char* frequency : {"0", "60"}) {
    Model model(space);
    model.hamiltonian = Expression::parse(std::string(frequency) + "*(n(c) + sz(s)/2) + " +
                                          "0.4*(ad(c)*sm(s) + a(c)*sp(s))");
    model.add({Expression::parse("a(c)"), 0.1});
    Runs runs(model, product_state(space, {{"c", {"fock(5)"}}, {"s", {"up"}}}), times, options,
              {.storage = storage});
    auto& list = found.emplace_back();
    for (std::uint64_t index = 0; index < 10; ++index)
      list.push_back(runs.trajectories.run(index));
  }
  for (std::size_t k = 0; k < found[0].size(); ++k) {
    const Trajectory& slow = found[0][k];
    const Trajectory& fast = found[1][k];
    BOOST_REQUIRE(slow.jumps.size() == fast.jumps.size());
    for (std::size_t j = 0; j < slow.jumps.size(); ++j)
      BOOST_TEST(std::abs(slow.jumps[j].time - fast.jumps[j].time) < 1e-9);
    BOOST_TEST((slow.columns - fast.columns).cwiseAbs().maxCoeff() < 1e-8);
    BOOST_TEST(fast.statistics.rhs_evaluations < 1.2 * slow.statistics.rhs_evaluations);
  }
}

// Spins go along the axis that leaves H_eff the smaller sectors.
BOOST_AUTO_TEST_CASE(spin_bases_are_chosen_for_the_effective_hamiltonian) {
  const auto& reference = oracle::model_named("oscillator_spin_bath_6_1");
  const Model model = along(SpinBasis::automatic, reference.model);
  const lindwurm::System chosen = with_chosen_bases(model, lindwurm::Dynamics::trajectories);
  BOOST_TEST(chosen.space().is_along_x(1));
  BOOST_TEST(largest_sector_size(chosen, lindwurm::Dynamics::trajectories) == 2 * 6);
}

static std::vector<int> all_sites(const Space& space) {
  std::vector<int> sites(space.sites());
  std::iota(sites.begin(), sites.end(), 0);
  return sites;
}

static void check_mean(const Model& model, const States& states, const std::vector<double>& times,
                       EvolveMethod method, int count,
                       const std::function<Matrix(double)>& expected,
                       const TrajectoryOptions& held = {}) {
  EvolveOptions options{.method = method, .rtol = 1e-7, .atol = 1e-9};
  options.reduced = {ReducedSpace(model.space, all_sites(model.space))};
  Runs runs(model, product_state(model.space, states), times, options, held);
  const auto d = static_cast<Eigen::Index>(model.space.dimension());
  const auto last = static_cast<Eigen::Index>(times.size());
  Eigen::MatrixXcd sum = Eigen::MatrixXcd::Zero(d * d, last);
  Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(d * d, last);
  for (int k = 0; k < count; ++k) {
    const Trajectory run = runs.trajectories.run(k);
    const Eigen::MatrixXcd states_seen = run.columns.bottomRows(d * d);
    sum += states_seen;
    squares += states_seen.cwiseAbs2();
  }
  for (Eigen::Index j = 0; j < last; ++j) {
    const Matrix rho = expected(times[j]);
    const Vector mean = sum.col(j) / count;
    for (Eigen::Index x = 0; x < d * d; ++x) {
      const double variance = squares(x, j) / count - std::norm(mean(x));
      // What happens in none of so many trajectories may still happen.
      const double error = std::sqrt(std::max(variance, 1.0 / count) / count);
      BOOST_TEST(std::abs(mean(x) - rho.reshaped()(x)) < 4.5 * error,
                 "element " << x << " at " << times[j] << ": " << mean(x) << " for "
                            << rho.reshaped()(x) << ", standard error " << error);
    }
  }
}

// From the product of the first levels, spins up.
static States first_levels(const Space& space) {
  States states;
  for (const auto& group : space.groups()) {
    states[group.name] = {group.kind == lindwurm::SiteKind::spin         ? "up_y"
                          : group.kind == lindwurm::SiteKind::oscillator ? "fock(1)"
                                                                         : "level(1)"};
  }
  return states;
}

static Matrix density_matrix(const ProductState& state) {
  Matrix rho = Matrix::Ones(1, 1);
  for (const auto& site : state.sites)
    rho = oracle::kron(rho, site);
  return rho;
}

static std::function<Matrix(double)> evolved(const Model& model, const States& states,
                                             const std::function<Matrix(double)>& l) {
  const Matrix rho = density_matrix(product_state(model.space, states));
  return [=](double t) { return oracle::evolve(l(0), rho, t); };
}

BOOST_DATA_TEST_CASE(means_of_constant_models, data::make(oracle::small_constant_models()) * bases,
                     model, basis) {
  if (!model.is_gksl || !model.model.superoperators.empty()) return;
  const States states = first_levels(model.model.space);
  check_mean(along(basis, model.model), states, {0, 0.4, 3}, EvolveMethod::automatic, 600,
             evolved(model.model, states, model.liouvillian));
}

BOOST_DATA_TEST_CASE(means_of_random_models, data::xrange(300u, 308u), number) {
  const auto model = oracle::random_model(number);
  BOOST_TEST_CONTEXT(model.name) {
    const States states = first_levels(model.model.space);
    const bool is_even = number % 2 == 0;
    check_mean(along(is_even ? SpinBasis::x : SpinBasis::z, model.model), states, {0, 1, 3},
               is_even ? EvolveMethod::adams : EvolveMethod::chebyshev, 500,
               evolved(model.model, states, model.liouvillian),
               {.storage = is_even ? Storage::assembled : Storage::matrix_free,
                .by_sectors = number % 3 != 0});
  }
}

BOOST_DATA_TEST_CASE(means_of_models_that_depend_on_time,
                     data::make(oracle::time_dependent_models()), model) {
  if (!model.is_gksl || !model.model.superoperators.empty()) return;
  const States states = first_levels(model.model.space);
  const Matrix rho = density_matrix(product_state(model.model.space, states));
  check_mean(model.model, states, {0, 0.6, 3}, EvolveMethod::automatic, 500, [&](double t) {
    return t == 0 ? rho : oracle::evolve(model.liouvillian, rho, 0, t, 300);
  });
}

BOOST_AUTO_TEST_CASE(means_with_rates_that_depend_on_time) {
  Model model(Space{lindwurm::spins("s", 2)});
  model.hamiltonian = Expression::parse("0.5*sz(s) + 0.4*sx(s[0])*sx(s[1])");
  model.add({Expression::parse("sm(s)"), Expression::parse("0.6*sin(t)^2")});
  model.add({Expression::parse("sz(s[0])"), Expression::parse("0.2*exp(-t)")});
  const auto site = [](const Matrix& a, int s) { return oracle::embed(a, s, {2, 2}); };
  const Matrix h = 0.5 * (site(oracle::pauli_z(), 0) + site(oracle::pauli_z(), 1)) +
                   0.4 * site(oracle::pauli_x(), 0) * site(oracle::pauli_x(), 1);
  const auto l = [&](double t) {
    const double rate = 0.6 * std::pow(std::sin(t), 2);
    return oracle::liouvillian(h, {{rate, site(oracle::lowering(), 0)},
                                   {rate, site(oracle::lowering(), 1)},
                                   {0.2 * std::exp(-t), site(oracle::pauli_z(), 0)}});
  };
  const States states{{"s", {"up", "up_x"}}};
  const Matrix rho = density_matrix(product_state(model.space, states));
  check_mean(model, states, {0, 1, 4}, EvolveMethod::automatic, 1000,
             [&](double t) { return t == 0 ? rho : oracle::evolve(l, rho, 0, t, 300); });
}

BOOST_AUTO_TEST_CASE(means_with_baths_and_mixed_starts) {
  Model model(Space{lindwurm::oscillator("c", 3), lindwurm::spin("s")});
  model.hamiltonian = Expression::parse("n(c) + 0.6*sz(s) + 0.2*x(c)*sx(s)");
  for (const auto& [name, coupling] : {std::pair("cold", "x(c)"), std::pair("hot", "sx(s)")}) {
    model.add({.name = name,
               .coupling = Expression::parse(coupling),
               .bath = {lindwurm::ohmic(0.05, 3.0, lindwurm::Cutoff::drude), 0.7},
               .scheme = lindwurm::BathScheme::secular,
               .lamb_shift = true});
  }
  const std::vector<double> times{0, 0.8, 3};
  for (const States& states : {States{{"c", {"thermal(0.4)"}}, {"s", {"thermal_x(0.3)"}}},
                               States{{"c", {"maximally_mixed"}}, {"s", {"up_x"}}}}) {
    const lindwurm::Liouvillian liouvillian(model, MPI_COMM_SELF);
    const VecHandle initial = pack(product_state(model.space, states), liouvillian);
    const auto expected = [&](double t) {
      if (t == 0) return unpack(initial, liouvillian.basis());
      return unpack(evolve(liouvillian, initial, {0, t}).final_state, liouvillian.basis());
    };
    check_mean(model, states, times, EvolveMethod::automatic, 1000, expected);
  }
}

BOOST_AUTO_TEST_CASE(means_of_a_collective_decay_from_a_mixed_start) {
  const auto model = oracle::collective_decay(3, 0.7);
  const States states{{"s", {"up", "maximally_mixed", "thermal(0.8)"}}};
  for (const auto basis : {SpinBasis::x, SpinBasis::z}) {
    check_mean(along(basis, model.model), states, {0, 1, 4}, EvolveMethod::automatic, 1000,
               evolved(model.model, states, model.liouvillian));
  }
}

// Whatever ran before, in the same object or in another.
BOOST_DATA_TEST_CASE(a_trajectory_depends_on_seed_and_number_alone, data::make(methods), method) {
  const auto& reference = oracle::model_named("oscillator_spin_bath_3_2");
  const Model model = along(SpinBasis::x, reference.model);
  EvolveOptions options{.method = method};
  options.observe = {{"n", Expression::parse("n(mode)")}, {"z", Expression::parse("sz(bath[0])")}};
  const auto times = evenly(0, 30, 31);
  const ProductState state =
      product_state(model.space, {{"mode", {"thermal(0.5)"}}, {"bath", {"thermal_x(0.3)"}}});
  Runs runs(model, state, times, options);
  const auto same = [](const Trajectory& a, const Trajectory& b) {
    return a.columns == b.columns && a.jumps.size() == b.jumps.size() &&
           std::equal(a.jumps.begin(), a.jumps.end(), b.jumps.begin(),
                      [](const auto& p, const auto& q) {
                        return p.time == q.time && p.channel == q.channel;
                      });
  };
  std::vector<Trajectory> first;
  for (std::uint64_t k = 0; k < 8; ++k)
    first.push_back(runs.trajectories.run(k));
  for (std::uint64_t k = 8; k-- > 0;) {
    BOOST_TEST(same(runs.trajectories.run(k), first[k]));
    Runs alone(model, state, times, options);
    BOOST_TEST(same(alone.trajectories.run(k), first[k]));
    if (k > 0) BOOST_TEST(!same(first[k], first[k - 1]));
  }
}

BOOST_AUTO_TEST_CASE(what_trajectories_cannot_do_is_refused) {
  const Model model = damped_oscillator(0.3);
  const ProductState state = product_state(model.space, {{"c", {"fock(4)"}}});
  const auto run = [&](const Model& of, const std::vector<double>& times,
                       const EvolveOptions& options) { Runs(of, state, times, options); };
  BOOST_CHECK_NO_THROW(run(model, {0, 1}, {}));
  BOOST_CHECK_THROW(run(model, {1, 0}, {}), InputError);
  BOOST_CHECK_THROW(run(model, {0, 1}, {.rtol = -1}), InputError);
  BOOST_CHECK_THROW(run(model, {0, 1}, {.method = EvolveMethod::bdf}), InputError);
  EvolveOptions changes;
  changes.reduced = {ReducedSpace(model.space, {0})};
  changes.reduced_changes = true;
  BOOST_CHECK_THROW(run(model, {0, 1}, changes), InputError);
  Model driven = model;
  driven.hamiltonian = Expression::parse("cos(t)*n(c)");
  BOOST_CHECK_THROW(run(driven, {0, 1}, {.method = EvolveMethod::chebyshev}), InputError);
}

// Though it is valid when the run begins: what is told is when it is negative, and how large it is.
BOOST_AUTO_TEST_CASE(a_rate_that_turns_negative_is_refused_before_the_run) {
  Model model(Space{lindwurm::spin("s")});
  model.add({Expression::parse("sz(s)"), Expression::parse("0.1*cos(t)")});
  const ProductState state = product_state(model.space, {{"s", {"up"}}});
  const auto is_told = [](const lindwurm::Error& error) {
    const std::string message = error.what();
    const std::string before_value = "the rate of \"sz(s)\" is ";
    const std::string before_time = " at t = ";
    const auto place = message.find(before_time);
    if (!message.starts_with(before_value) || place == std::string::npos) return false;
    const double rate = std::stod(message.substr(before_value.size()));
    const double t = std::stod(message.substr(place + before_time.size()));
    return t > std::numbers::pi / 2 && t <= 3 && rate < 0 &&
           std::abs(rate - 0.1 * std::cos(t)) < 1e-6;
  };
  const KetColumns columns(model, {});
  // Of the equation from the first time on, and of one that knows of its first time alone.
  BOOST_CHECK_EXCEPTION((void)equation_of(model, {0, 3}), InputError, is_told);
  BOOST_CHECK_EXCEPTION(JumpTrajectories(equation_of(model), state, {0, 3}, columns, {}, seed),
                        lindwurm::Error, is_told);
  // It never is negative in this time.
  BOOST_CHECK_NO_THROW(
      (void)JumpTrajectories(equation_of(model), state, {0, 1.57}, columns, {}, seed).run(0));
}

BOOST_AUTO_TEST_SUITE_END()
