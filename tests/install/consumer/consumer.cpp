// An oscillator coupled to two damped spins: its evolution, its steady state, its relaxation rates.
#include <cmath>
#include <complex>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/generator/liouvillian.hpp"
#include "lindwurm/model/initial_state.hpp"
#include "lindwurm/model/model.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/solve/spectrum.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "lindwurm/states/state.hpp"

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

void run(const Session& session) {
  const Model model = damped_oscillator();
  const Liouvillian liouvillian(model, session.communicator());

  const auto start = product_state(model.space, {{"mode", {"fock(1)"}}, {"bath", {"down_x"}}});
  const auto evolution = evolve(liouvillian, pack(start, liouvillian), {0, 10},
                                {.rtol = 1e-10, .atol = 1e-12, .observe = {{"n", n("mode")}}});
  const auto n_at_10 = evolution.values[0].back();

  const auto steady = steady_state(liouvillian);
  const Functional number(sum_over_members(n("mode"), model.space), liouvillian.basis(),
                          liouvillian.communicator());
  const auto n_steady = expectations({number}, steady.state).front();

  const auto modes = spectrum(liouvillian, {.count = 6});

  if (session.rank() == 0) {
    std::printf("<n>(10)     %.10f\n", n_at_10.real());
    std::printf("<n> steady  %.10f, unique: %s\n", n_steady.real(),
                steady.is_unique ? "yes" : "no");
    for (const auto& value : modes.eigenvalues) {
      std::printf("eigenvalue  %13.10f %+.10f i\n", value.real(), value.imag());
    }
  }

  expect("<n>(10)", n_at_10, 0.3379523389);
  expect("the steady <n>", n_steady, 0.3641943085);
  const std::vector<std::complex<double>> expected = {{0, 0},
                                                      {-0.0747433422, 0},
                                                      {-0.0757581159, 0.8361883685},
                                                      {-0.0757581159, -0.8361883685},
                                                      {-0.0838244394, 1.2158905738},
                                                      {-0.0838244394, -1.2158905738}};
  if (modes.eigenvalues.size() != expected.size() || !steady.is_unique || !modes.is_complete) {
    throw std::runtime_error("the steady state is unique and has six eigenvalues asked for");
  }
  for (std::size_t k = 0; k < expected.size(); ++k) {
    expect("eigenvalue " + std::to_string(k), modes.eigenvalues[k], expected[k]);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Session session(argc, argv);
    run(session);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "consumer: %s\n", error.what());
    return 1;
  }
}
