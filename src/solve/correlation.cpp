#include "lindwurm/solve/correlation.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "fourier_transform.hpp"
#include "integrator.hpp"
#include "ket_run.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/superoperator.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "resolvent.hpp"

namespace lindwurm {

namespace {

// A step of GMRES, and a complete factorisation of a small matrix, in products of a series in time:
// docs/correlations.md.
constexpr double products_of_step = 5;
constexpr double products_of_factorisation = 150;

void require_answerable(const CorrelationOptions& options, const CorrelatedState& state,
                        bool is_constant) {
  if (!options.delays.empty()) {
    require_sound(options.delays, options.evolution);
    if (options.delays.front() < 0) {
      throw InputError(
          fmt::format("the delay {} is negative: tau >= 0; exchange A and B for tau < 0",
                      options.delays.front()));
    }
  }
  for (const double w : options.frequencies)
    if (!std::isfinite(w)) throw InputError("a frequency of the spectrum is not a finite number");
  if (!options.frequencies.empty() && !(is_constant && state.is_stationary)) {
    throw InputError(
        "a spectrum is that of a stationary state of a model that does not depend on time; ask for "
        "delays alone");
  }
  if (!(options.tolerance > 0)) {
    throw InputError(
        fmt::format("the spectrum's tolerance = {} must be positive", options.tolerance));
  }
}

VecHandle zeros_like(Vec v) {
  VecHandle zeros = duplicate(v);
  LINDWURM_PETSC(VecSet(zeros, 0.0));
  return zeros;
}

Superoperator product_with(const TwoTimeOperators& operators) {
  return (left(operators.b) * right(operators.c)).simplified();
}

// {<A>, <C B>}
std::vector<Complex> means(const TwoTimeOperators& operators, const CorrelatedState& state,
                           MPI_Comm comm) {
  std::vector<Functional> both;
  both.emplace_back(operators.a, state.basis, comm);
  both.emplace_back(operators.c * operators.b, state.basis, comm);
  return expectations(both, state.rho);
}

// X = B rho C - offset rho.
VecHandle start_of(const TwoTimeOperators& operators, const CorrelatedState& state, Complex offset,
                   const OperatorGenerator& generator) {
  const Superoperator map = product_with(operators) - Superoperator(Coefficient(offset));
  return apply(map, state.rho, state.basis, generator);
}

std::vector<Complex> over_delays(const OperatorGenerator& generator, Vec start, const Functional& a,
                                 double t, const CorrelationOptions& options,
                                 EvolveStatistics& statistics) {
  std::vector<double> times;
  if (options.delays.front() > 0) times.push_back(t);
  for (const double delay : options.delays)
    times.push_back(t + delay);
  std::vector<Complex> values;
  if (generator.is_constant()) {
    values = evolve_by_series(generator, find_line(generator), start, times, options.evolution, {a},
                              statistics)[0];
  } else {
    // X may be small as a whole.
    EvolveOptions evolution = options.evolution;
    if (const double size = norm(start); size > 0) evolution.atol *= size;
    Integrator integrator(generator, start, times, evolution);
    for (std::size_t k = 0; k < times.size(); ++k) {
      if (k > 0) integrator.advance(times[k]);
      values.push_back(expectations({a}, integrator.state())[0]);
    }
    statistics = integrator.statistics();
  }
  if (values.size() > options.delays.size()) values.erase(values.begin());
  return values;
}

// Fills in the spectrum by one evolution; false if X has not decayed by its end.
bool transform(const OperatorGenerator& generator, Vec start, const Functional& a,
               double most_products, const CorrelationOptions& options, Correlation& found) {
  const auto evolved = fourier_transform(generator, start, a, options.frequencies,
                                         options.tolerance, most_products, options.evolution);
  found.method = "evolve";
  found.products += evolved.products;
  found.tail = 2 * evolved.tail;
  found.spectrum.clear();
  for (const Complex& value : evolved.values)
    found.spectrum.push_back(2 * value.real());
  return evolved.has_decayed;
}

// Fills in the spectrum by a solve at each frequency, the last solution being the next start.
void solve(Resolvent& resolvent, Vec start, const Functional& a, const CorrelationOptions& options,
           Correlation& found) {
  found.method = "solve";
  found.preconditioner = resolvent.preconditioner();
  found.tail.reset();
  found.spectrum.clear();
  const double size = norm(start);
  const VecHandle y = zeros_like(start);
  for (const double w : options.frequencies) {
    const auto outcome = resolvent.solve(Complex(0, w), start, y, options.tolerance * size);
    found.iterations += outcome.iterations;
    found.residuals.push_back(size > 0 ? outcome.residual / size : 0.0);
    // The residual itself decides: two evaluations of it differ by rounding, and where a step of a
    // tiny system leaves nothing, GMRES breaks down at the solution.
    const bool is_small = found.residuals.back() <= 10 * options.tolerance;
    found.is_converged = found.is_converged && is_small;
    found.spectrum.push_back(2 * expectations({a}, y)[0].real());
    // No start for the next frequency.
    if (!std::isfinite(outcome.residual)) LINDWURM_PETSC(VecSet(y, 0.0));
  }
}

// What solving at every frequency will take, in products of a series, from the solve at one of
// them.
double forecast_products(Resolvent& resolvent, Vec start, const CorrelationOptions& options,
                         Correlation& found) {
  const auto count = static_cast<double>(options.frequencies.size());
  if (resolvent.is_complete()) return count * products_of_factorisation;
  const double middle = options.frequencies[options.frequencies.size() / 2];
  const VecHandle y = zeros_like(start);
  const auto outcome =
      resolvent.solve(Complex(0, middle), start, y, options.tolerance * norm(start));
  found.iterations += outcome.iterations;
  return count * products_of_step * outcome.iterations;
}

// Evolves for as long as solving takes, and solves if that was not long enough: about twice the
// time of the better of the two at most.
void find_by_the_cheaper(const OperatorGenerator& generator, Vec start, const Functional& a,
                         const CorrelationOptions& options, Correlation& found) {
  Resolvent resolvent(generator, options);
  const bool may_evolve = options.frequencies.size() > 1;
  const double products = may_evolve ? forecast_products(resolvent, start, options, found) : 0.0;
  if (may_evolve && transform(generator, start, a, products, options, found)) return;
  solve(resolvent, start, a, options, found);
}

void find_spectrum(const OperatorGenerator& generator, Vec start, const Functional& a,
                   const CorrelationOptions& options, Correlation& found) {
  const auto count = static_cast<double>(options.frequencies.size());
  switch (options.method) {
    case TransformMethod::evolve:
      found.is_converged =
          transform(generator, start, a, options.max_iterations * count, options, found);
      return;
    case TransformMethod::solve: {
      Resolvent resolvent(generator, options);
      solve(resolvent, start, a, options, found);
      return;
    }
    case TransformMethod::automatic:
      find_by_the_cheaper(generator, start, a, options, found);
      return;
  }
}

}  // namespace

std::string_view name_of(TransformMethod method) {
  switch (method) {
    case TransformMethod::automatic:
      return "auto";
    case TransformMethod::solve:
      return "solve";
    case TransformMethod::evolve:
      return "evolve";
  }
  return "unknown";
}

Sector sector_of(const TwoTimeOperators& operators, const Sector& state, bool uses_sectors) {
  if (!uses_sectors) return whole_space(state.charges);
  Sector touched = image(product_with(operators), state);
  // Only there X has a trace, and rho is taken off.
  if (!intersection(touched, sector_of_diagonal(state.charges)).values.empty())
    touched.values.insert(state.values.begin(), state.values.end());
  return intersection(touched, sector_read_by(operators.a, state.charges));
}

Storage storage_of(const CorrelationOptions& options, std::int64_t unknowns) {
  const bool is_factored = options.preconditioner == PreconditionerChoice::ilu ||
                           (options.preconditioner == PreconditionerChoice::automatic &&
                            unknowns <= SteadyOptions::small_enough_for_mumps);
  return options.storage.value_or(
      is_factored && !options.frequencies.empty() ? Storage::assembled : Storage::matrix_free);
}

Correlation correlate(const std::shared_ptr<const OperatorEquation>& equation,
                      const TwoTimeOperators& operators, const CorrelatedState& state,
                      const CorrelationOptions& options) {
  const bool is_constant = equation->groups().size() == 1;
  require_answerable(options, state, is_constant);
  const auto begin = std::chrono::steady_clock::now();
  const MPI_Comm comm = equation->communicator();
  const auto mean = means(operators, state, comm);
  Correlation found;
  found.product = mean[0] * mean[1];
  const Sector sector = sector_of(operators, state.sector, options.uses_sectors);
  if (sector.values.empty()) {
    // Zero, for whatever is conserved; so is one of the means.
    found.values.assign(options.delays.size(), 0.0);
    found.spectrum.assign(options.frequencies.size(), 0.0);
    if (!options.frequencies.empty()) found.method = "conserved";
    return found;
  }
  found.unknowns = size(sector);
  found.charges = sector.values;
  found.storage = storage_of(options, found.unknowns);
  const OperatorGenerator generator(equation, {found.storage, sector});
  const Functional a(operators.a, generator.basis(), comm);
  if (!options.delays.empty()) {
    const Complex offset = options.is_connected ? mean[1] : 0.0;
    const VecHandle start = start_of(operators, state, offset, generator);
    found.values = over_delays(generator, start, a, state.t, options, found.statistics);
  }
  if (!options.frequencies.empty()) {
    const VecHandle start = start_of(operators, state, mean[1], generator);
    find_spectrum(generator, start, a, options, found);
  }
  found.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return found;
}

}  // namespace lindwurm
