#include "lindwurm/solve/correlation.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "fourier_transform.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/superoperator.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "solve/evolve/propagation.hpp"
#include "solve/kets/ket_run.hpp"
#include "solve/linear/resolvent.hpp"

namespace lindwurm {

namespace {

// The cost of a GMRES step, and of a complete factorisation of a small matrix, in units of one
// product of a series in time; see docs/correlations.md.
constexpr double products_of_step = 5;
constexpr double products_of_factorisation = 150;
// Below the first of these, |X| counts as 0; its square is still a normal number. The second one is
// relative to the two terms whose difference X is. It is needed because the spectrum requires X to
// decay, and rounding errors may not decay.
constexpr double smallest_start = 1e-150;
constexpr double rounding_of_start = 4e-16;

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

// The means {<A>, <C B>}.
std::vector<Complex> means(const TwoTimeOperators& operators, const CorrelatedState& state,
                           MPI_Comm comm) {
  std::vector<Functional> both;
  both.emplace_back(operators.a, state.basis, comm);
  both.emplace_back(operators.c * operators.b, state.basis, comm);
  return expectations(both, state.rho);
}

// X = B rho C - offset rho, written as a number times an X of norm 1. The latter is evolved, since
// X itself may be very small. The number is 0 if X is 0 or only rounding.
struct Start {
  VecHandle x;
  double size = 0;
};

// A bound on |S rho|/|rho|.
double norm_bound(const Superoperator& map) {
  double bound = 0;
  for (const ProductTerm& term : map.terms()) {
    double product = std::abs(term.coefficient.constant());
    for (const Factor& factor : term.factors)
      product *= factor.matrix.norm();
    bound += product;
  }
  return bound;
}

Start start_of(const TwoTimeOperators& operators, const CorrelatedState& state, Complex offset,
               const OperatorGenerator& generator, double rounding) {
  const Superoperator map = product_with(operators) - Superoperator(Coefficient(offset));
  Start start{apply(map, state.rho, state.basis, generator)};
  const double size = norm(start.x);
  if (!std::isfinite(size)) throw Error("the start of a correlation function is not finite");
  if (size <= std::max(smallest_start, rounding * norm_bound(map) * norm(state.rho))) return start;
  start.size = size;
  LINDWURM_PETSC(VecScale(start.x, 1 / size));
  return start;
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
    Propagation how;
    if (options.evolution.method == EvolveMethod::automatic)
      how.line_at = [&](const Factors& factors) { return find_line(generator, factors); };
    const VecHandle last = propagate(
        generator, start, times, options.evolution, std::move(how),
        [&](Vec x) { values.push_back(expectations({a}, x)[0]); }, statistics);
  }
  if (values.size() > options.delays.size()) values.erase(values.begin());
  return values;
}

// Computes the spectrum by one evolution. Returns false if X has not decayed at its end.
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

// Computes the spectrum by a solve at each frequency. Each solve starts from the previous solution.
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
    // Convergence is judged by the residual itself. Two evaluations of it differ by rounding, and
    // in a tiny system GMRES breaks down at the exact solution.
    const bool is_small = found.residuals.back() <= 10 * options.tolerance;
    found.is_converged = found.is_converged && is_small;
    found.spectrum.push_back(2 * expectations({a}, y)[0].real());
    // Such a result is no starting point for the next frequency.
    if (!std::isfinite(outcome.residual)) LINDWURM_PETSC(VecSet(y, 0.0));
  }
}

// An estimate of the cost of solving at every frequency, from a solve at one of them. The unit is
// one product of a series.
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

// Evolves for at most as long as solving would take, and solves if X has not decayed by then. This
// takes at most about twice the time of the faster method.
void find_by_the_cheaper(const OperatorGenerator& generator, Vec start, const Functional& a,
                         const CorrelationOptions& options, Correlation& found) {
  Resolvent resolvent(generator, options);
  const bool may_evolve = options.frequencies.size() > 1;
  const double products = may_evolve ? forecast_products(resolvent, start, options, found) : 0.0;
  if (may_evolve && transform(generator, start, a, products, options, found)) return;
  solve(resolvent, start, a, options, found);
}

void find_normalised(const OperatorGenerator& generator, Vec start, const Functional& a,
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

void find_spectrum(const OperatorGenerator& generator, const Start& start, const Functional& a,
                   const CorrelationOptions& options, Correlation& found) {
  if (start.size == 0) {
    found.spectrum.assign(options.frequencies.size(), 0.0);
    found.method = "zero";
    return;
  }
  find_normalised(generator, start.x, a, options, found);
  for (double& value : found.spectrum)
    value *= start.size;
  if (found.tail) *found.tail *= start.size;
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

Sector sector_of(const TwoTimeOperators& operators, const Flow::Region& state, const Flow& flow,
                 bool uses_sectors) {
  if (!uses_sectors) return whole_space(flow.charges());
  return flow.smallest([&](const Charges& charges) {
    const Sector rho = state(charges);
    const Sector diagonal = sector_of_diagonal(charges);
    Sector touched = image(product_with(operators), rho);
    // Only in this case X has a trace, and rho must be subtracted.
    if (!intersection(touched, diagonal).values.empty())
      touched.values.insert(rho.values.begin(), rho.values.end());
    touched = flow.reached_from(std::move(touched));
    Sector read = flow.leading_to(sector_read_by(operators.a, charges));
    // At w = 0 the solution must have trace 0, which requires all populations.
    if (!intersection(intersection(touched, read), diagonal).values.empty()) {
      read.values.insert(diagonal.values.begin(), diagonal.values.end());
      read = flow.leading_to(std::move(read));
    }
    return intersection(touched, read);
  });
}

Storage storage_of(const CorrelationOptions& options, std::int64_t unknowns) {
  const bool is_factored = options.preconditioner == PreconditionerChoice::ilu ||
                           (options.preconditioner == PreconditionerChoice::automatic &&
                            unknowns <= options.direct_limit);
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
  const Sector sector = sector_of(operators, state.region, equation->flow(), options.uses_sectors);
  if (sector.values.empty()) {
    // The correlation function is zero because of a conserved charge, and so is one of the means.
    found.values.assign(options.delays.size(), 0.0);
    found.spectrum.assign(options.frequencies.size(), 0.0);
    if (!options.frequencies.empty()) found.method = "conserved";
    return found;
  }
  found.unknowns = size(sector);
  found.charges = conserved_values(sector);
  found.storage = storage_of(options, found.unknowns);
  const OperatorGenerator generator(equation, {found.storage, sector});
  const Functional a(operators.a, generator.basis(), comm);
  if (!options.delays.empty()) {
    const Complex offset = options.is_connected ? mean[1] : 0.0;
    const Start start = start_of(operators, state, offset, generator, 0);
    found.values.assign(options.delays.size(), 0.0);
    if (start.size > 0)
      found.values = over_delays(generator, start.x, a, state.t, options, found.statistics);
    for (Complex& value : found.values)
      value *= start.size;
  }
  if (!options.frequencies.empty()) {
    const Start start = start_of(operators, state, mean[1], generator, rounding_of_start);
    find_spectrum(generator, start, a, options, found);
  }
  found.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return found;
}

}  // namespace lindwurm
