// Ensembles of equal spins against the full space of 2^N states, on its symmetric operators.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <map>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/solve/spectrum.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "oracle/comparison.hpp"
#include "oracle/storage.hpp"
#include "oracle/symmetric.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::Liouvillian;
using lindwurm::Model;
using lindwurm::Space;
using oracle::Complex;
using oracle::i;
using oracle::Jump;
using oracle::Matrix;
using oracle::SymmetricSpace;
using oracle::Vector;

BOOST_AUTO_TEST_SUITE(ensembles)

static const Matrix x = oracle::pauli_x();
static const Matrix y = oracle::pauli_y();
static const Matrix z = oracle::pauli_z();
static const Matrix up = oracle::raising();
static const Matrix down = oracle::lowering();
static const Matrix down_x = oracle::lowering_x();

struct Process {
  std::string name;
  int levels;  // of an oscillator beside the spins; 1: none
  std::string h;
  std::vector<lindwurm::Dissipator> dissipators;
  std::function<Matrix(const SymmetricSpace&)> dense_h;
  std::function<std::vector<Jump>(const SymmetricSpace&)> jumps;
};
static std::ostream& operator<<(std::ostream& out, const Process& process) {
  return out << process.name;
}

static Expression parsed(const std::string& text) { return Expression::parse(text); }

// rate D[A_k] of each spin.
static void add_each(std::vector<Jump>& jumps, const SymmetricSpace& space, double rate,
                     const Matrix& a, const Matrix& beside) {
  for (int k = 0; k < space.spins(); ++k)
    jumps.push_back({rate, space.on_oscillator(beside) * space.on_spin(a, k)});
}
static void add_each(std::vector<Jump>& jumps, const SymmetricSpace& space, double rate,
                     const Matrix& a) {
  for (int k = 0; k < space.spins(); ++k)
    jumps.push_back({rate, space.on_spin(a, k)});
}

// sum_{k != l} a_k b_l
static Matrix pairs(const SymmetricSpace& space, const Matrix& a, const Matrix& b) {
  return space.sum(a) * space.sum(b) - space.sum(a * b);
}

static const std::vector<Process> processes{
    {"decay, pumping and dephasing of each",
     1,
     "0.7*sz(bath) + 0.3*sx(bath)",
     {{parsed("sm(bath)"), 0.4}, {parsed("sp(bath)"), 0.1}, {parsed("sz(bath)"), 0.2}},
     [](const auto& s) { return Matrix(0.7 * s.sum(z) + 0.3 * s.sum(x)); },
     [](const auto& s) {
       std::vector<Jump> jumps;
       add_each(jumps, s, 0.4, down);
       add_each(jumps, s, 0.1, up);
       add_each(jumps, s, 0.2, z);
       return jumps;
     }},
    {"collective decay, one-spin operators off the axes",
     1,
     "0.4*sy(bath) - 0.2*sz(bath)",
     {{parsed("sm(bath)"), 0.5, true},
      {parsed("sm_x(bath) + 0.3*i*sz(bath)"), 0.3},
      {parsed("sy(bath)"), 0.1}},
     [](const auto& s) { return Matrix(0.4 * s.sum(y) - 0.2 * s.sum(z)); },
     [](const auto& s) {
       std::vector<Jump> jumps{{0.5, s.sum(down)}};
       add_each(jumps, s, 0.3, down_x + 0.3 * i * z);
       add_each(jumps, s, 0.1, y);
       return jumps;
     }},
    {"pairs of members",
     1,
     "0.2*sx(bath[k])*sx(bath[l]) + 0.1*i*sp(bath[k])*sz(bath[l]) - 0.1*i*sm(bath[k])*sz(bath[l])"
     " + 0.5*n_up(bath)",
     {{parsed("sm_x(bath)"), 0.3}, {parsed("sp_x(bath)"), 0.2}},
     [](const auto& s) {
       return Matrix(0.2 * pairs(s, x, x) + 0.1 * i * pairs(s, up, z) -
                     0.1 * i * pairs(s, down, z) + 0.5 * s.sum(up * down));
     },
     [](const auto& s) {
       std::vector<Jump> jumps;
       add_each(jumps, s, 0.3, down_x);
       add_each(jumps, s, 0.2, down_x.adjoint());
       return jumps;
     }},
    {"beside an oscillator",
     2,
     "n(mode) + 0.5*sx(bath) + 0.3*x(mode)*sz(bath)",
     {{parsed("a(mode)"), 0.2},
      {parsed("sm_x(bath)"), 0.3},
      {parsed("sp_x(bath)"), 0.1},
      {parsed("a(mode)*sp(bath)"), 0.25}},
     [](const auto& s) {
       return Matrix(s.on_oscillator(oracle::number(2)) + 0.5 * s.sum(x) +
                     0.3 * s.on_oscillator(oracle::position(2)) * s.sum(z));
     },
     [](const auto& s) {
       std::vector<Jump> jumps{{0.2, s.on_oscillator(oracle::annihilation(2))}};
       add_each(jumps, s, 0.3, down_x);
       add_each(jumps, s, 0.1, down_x.adjoint());
       add_each(jumps, s, 0.25, up, oracle::annihilation(2));
       return jumps;
     }},
};

static Model model_of(const Process& process, int spins) {
  std::vector<lindwurm::Group> groups;
  if (process.levels > 1) groups.push_back(lindwurm::oscillator("mode", process.levels));
  groups.push_back(lindwurm::ensemble("bath", spins));
  Model model{Space(groups)};
  model.hamiltonian = parsed(process.h);
  for (const auto& dissipator : process.dissipators)
    model.add(dissipator);
  return model;
}

constexpr int most_spins = 6;

// Expressions and what they mean.
struct Probe {
  std::string text;
  std::function<Matrix(const SymmetricSpace&)> dense;
};
static const std::vector<Probe> probes{
    {"sx(bath)", [](const auto& s) { return s.sum(x); }},
    {"sy(bath)", [](const auto& s) { return s.sum(y); }},
    {"sz(bath)", [](const auto& s) { return s.sum(z); }},
    {"sz(bath)*sx(bath)", [](const auto& s) { return s.sum(z * x); }},
    {"sz(bath[k])*sz(bath[l])", [](const auto& s) { return pairs(s, z, z); }},
    {"sp(bath[k])*sm(bath[l])", [](const auto& s) { return pairs(s, up, down); }},
};

static lindwurm::Observables observables() {
  lindwurm::Observables all;
  for (const Probe& probe : probes)
    all.push_back({probe.text, parsed(probe.text)});
  return all;
}

static Complex expectation(const Matrix& a, const Matrix& rho) {
  return a.transpose().cwiseProduct(rho).sum();
}

static const std::vector<double> times{0, 0.4, 1.5};

// The dense side of a process, which several tests compare with: computed once.
struct Reference {
  Reference(const Process& process, int spins)
      : space(process.levels, spins),
        l(space.liouvillian(process.dense_h(space), process.jumps(space))) {
    for (double t : times)
      propagators.push_back(oracle::exponential(l * t));
    for (const Probe& probe : probes)
      operators.push_back(probe.dense(space));
  }

  SymmetricSpace space;
  Matrix l;
  std::vector<Matrix> propagators;  // to each of the times
  std::vector<Matrix> operators;    // of each probe
};

static const Reference& reference(const Process& process, int spins) {
  static std::map<std::pair<std::string, int>, Reference> all;
  return all.try_emplace({process.name, spins}, process, spins).first->second;
}

BOOST_DATA_TEST_CASE(all_symmetric_eigenvalues, data::make(processes), process) {
  for (int spins = 1; spins <= most_spins; ++spins) {
    BOOST_TEST_CONTEXT(spins << " spins") {
      const auto expected = oracle::eigenvalues(reference(process, spins).l);
      const Liouvillian liouvillian = oracle::hold(model_of(process, spins));
      const auto found = lindwurm::spectrum(
          liouvillian,
          {.count = static_cast<int>(expected.size()), .method = lindwurm::SpectrumMethod::dense});
      BOOST_TEST(oracle::matching_distance(found.eigenvalues, expected) < 1e-10);
    }
  }
}

struct Start {
  std::string word;
  Matrix spin;
};
static std::ostream& operator<<(std::ostream& out, const Start& start) { return out << start.word; }

static Matrix bloch(double a, double b, double c) {
  return (Matrix::Identity(2, 2) + a * x + b * y + c * z) / 2;
}

static const std::vector<Start> starts{
    {"up", bloch(0, 0, 1)},
    {"down_x", bloch(-1, 0, 0)},
    {"thermal(0.3)", bloch(0, 0, -0.4)},
    {"coherent(0.7, 2.1)",
     bloch(std::sin(0.7) * std::cos(2.1), std::sin(0.7) * std::sin(2.1), std::cos(0.7))},
    {"0.25*thermal_x(0.9) + 0.75*down_x", bloch(-0.55, 0, 0)},  // equal only for one spin
};

static Matrix all_in(const Matrix& spin, int levels, int spins) {
  Matrix rho = oracle::transition(0, 0, levels);
  for (int k = 0; k < spins; ++k)
    rho = oracle::kron(rho, spin);
  return rho;
}

static Matrix dense_start(const Start& start, int levels, int spins) {
  if (start.word.find('+') == std::string::npos) return all_in(start.spin, levels, spins);
  return 0.25 * all_in(bloch(0.8, 0, 0), levels, spins) +
         0.75 * all_in(bloch(-1, 0, 0), levels, spins);
}

BOOST_DATA_TEST_CASE(evolutions, data::make(processes) * data::make(starts), process, start) {
  for (int spins = 1; spins <= most_spins; ++spins) {
    const Reference& expected = reference(process, spins);
    const oracle::Vector rho =
        expected.space.coefficients(dense_start(start, process.levels, spins));
    const Model model = model_of(process, spins);
    std::map<std::string, std::vector<std::string>> words{{"bath", {start.word}}};
    if (process.levels > 1) words["mode"] = {"fock(0)"};
    const auto initial = product_state(model.space, words);
    const Liouvillian liouvillian = oracle::hold(model, initial);
    const auto run = evolve(liouvillian, pack(initial, liouvillian), times,
                            {.rtol = 1e-11, .atol = 1e-13, .observe = observables()});
    for (std::size_t t = 0; t < times.size(); ++t) {
      const Matrix now = expected.space.combined(expected.propagators[t] * rho);
      for (std::size_t a = 0; a < probes.size(); ++a) {
        BOOST_TEST_CONTEXT(spins << " spins, t = " << times[t] << ", " << probes[a].text) {
          BOOST_TEST(std::abs(run.values[a][t] - expectation(expected.operators[a], now)) < 1e-10);
        }
      }
    }
  }
}

BOOST_DATA_TEST_CASE(steady_states, data::make(processes), process) {
  for (int spins = 1; spins <= most_spins; ++spins) {
    const Reference& expected = reference(process, spins);
    const Matrix null = oracle::null_space(expected.l);
    BOOST_REQUIRE(null.cols() == 1);
    Matrix rho = expected.space.combined(null.col(0));
    rho /= rho.trace();
    const Liouvillian liouvillian = oracle::hold_trace(model_of(process, spins));
    const auto found = lindwurm::steady_state(liouvillian, {.tolerance = 1e-13});
    BOOST_TEST(found.is_unique);
    for (std::size_t a = 0; a < probes.size(); ++a) {
      BOOST_TEST_CONTEXT(spins << " spins, " << probes[a].text) {
        const lindwurm::Functional functional(
            lindwurm::sum_over_members(parsed(probes[a].text), liouvillian.space()),
            liouvillian.basis(), liouvillian.communicator());
        const Complex value = lindwurm::expectations({functional}, found.state)[0];
        BOOST_TEST(std::abs(value - expectation(expected.operators[a], rho)) < 1e-10);
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
