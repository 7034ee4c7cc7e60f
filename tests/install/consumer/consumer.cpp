// An oscillator coupled to two damped spins: its evolution, its steady state, its relaxation rates,
// all in one study, and its results in a file.
#include <cmath>
#include <complex>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "lindwurm/lindwurm.hpp"

namespace {

using namespace lindwurm;
using namespace lindwurm::words;

Model damped_oscillator() {
  const double g = 0.2 / std::sqrt(2.0);
  const double kappa = 0.05;
  const double nth = 0.5;
  const double gamma = 0.1;
  const double nb = 0.2;
  const Expression delta = std::vector{1.0, 1.1};  // one value for each spin of the bath

  Model model(Space{oscillator("mode", 10), spins("bath", 2)});
  model.hamiltonian = n("mode") + delta / 2.0 * sx("bath") + g * x("mode") * sz("bath");
  model.add({a("mode"), kappa * (nth + 1)});
  model.add({ad("mode"), kappa * nth});
  model.add({sm_x("bath"), gamma * (nb + 1)});
  model.add({sp_x("bath"), gamma * nb});
  return model;
}

void expect(const std::string& what, std::complex<double> value, std::complex<double> expected) {
  if (!(std::abs(value - expected) <= 1e-8)) {
    throw std::runtime_error(what + " differs from the expected value");
  }
}

void check(double n_at_10, const SteadyState& steady, const Spectrum& modes) {
  expect("<n>(10)", n_at_10, 0.3379523389);
  expect("the steady <n>", steady.values[0], 0.3641943085);
  const std::vector<std::complex<double>> expected = {{0, 0},
                                                      {-0.0747433422, 0},
                                                      {-0.0757581159, 0.8361883685},
                                                      {-0.0757581159, -0.8361883685},
                                                      {-0.0838244394, 1.2158905738},
                                                      {-0.0838244394, -1.2158905738}};
  if (modes.eigenvalues.size() != expected.size() || !steady.is_unique || !modes.is_complete) {
    throw std::runtime_error("the steady state is unique and has six eigenvalues asked for");
  }
  for (std::size_t k = 0; k < expected.size(); ++k)
    expect("eigenvalue " + std::to_string(k), modes.eigenvalues[k], expected[k]);
}

// The verbs alone.
void solve(const System& system, const ProductState& start, MPI_Comm comm) {
  const Observables observe{{"n", n("mode")}};
  const auto evolution =
      evolve(system, start, {0, 10}, {.rtol = 1e-10, .atol = 1e-12, .observe = observe}, {}, comm);
  const auto steady = steady_state(system, {.observe = observe}, start, {}, comm);
  const auto modes = spectrum(system, {.count = 6}, {}, comm);
  check(evolution.values[0].back().real(), steady, modes);
}

// The same as a study, whose results are judged and written to a file.
int run(const System& system, const ProductState& start, MPI_Comm comm) {
  Study study(system);
  study.initial = start;
  study.observables = {{"n", n("mode")}};
  const auto evolution = std::make_shared<EvolveTask>();
  evolution->times = {0, 10};
  study.tasks = {evolution, std::make_shared<SteadyTask>(), std::make_shared<SpectrumTask>()};
  complete(study);
  const Results results = run(study, comm);
  write_hdf5("results.h5", study, results);
  std::printf("%s", summary(read_hdf5("results.h5")).c_str());
  check(results.find<EvolveOutcome>()->series().values[0].back().real(),
        results.find<SteadyOutcome>()->steady, results.find<SpectrumOutcome>()->spectrum);
  return results.exit_status(false);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Session session(argc, argv);
    const System system(damped_oscillator());
    const auto start = product_state(system.space(), {{"mode", {"fock(1)"}}, {"bath", {"down_x"}}});
    solve(system, start, Session::communicator());
    return run(system, start, Session::communicator());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "consumer: %s\n", error.what());
    return 1;
  }
}
