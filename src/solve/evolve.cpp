#include "lindwurm/solve/evolve.hpp"

#include <cvode/cvode.h>
#include <cvode/cvode_ls.h>
#include <fmt/format.h>
#include <nvector/nvector_petsc.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <optional>

#include "chebyshev.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/sundials.hpp"
#include "newton_system.hpp"

namespace lindwurm {

namespace {

// The automatic choice tries BDF for this many steps where the first choice would need more
// products than worth_a_trial, and takes it if it promises the end for this share of them.
constexpr int trial_steps = 300;
constexpr double worth_a_trial = 2000;
constexpr double clear_advantage = 0.8;
// A product of BDF brings vectors of GMRES with it, some five terms of a series in time.
constexpr double clear_advantage_over_series = 0.2;

void require_sound(const std::vector<double>& times, const EvolveOptions& options) {
  if (times.empty()) throw InputError("an evolution needs at least one output time");
  for (std::size_t k = 0; k < times.size(); ++k) {
    if (!std::isfinite(times[k])) throw InputError("an output time is not a finite number");
    if (k > 0 && times[k] <= times[k - 1]) {
      throw InputError(
          fmt::format("the output times do not increase: {} follows {}", times[k], times[k - 1]));
    }
  }
  if (!(options.rtol > 0 && options.atol > 0)) {
    throw InputError(
        fmt::format("rtol = {} and atol = {} must both be positive", options.rtol, options.atol));
  }
  if (options.max_steps < 1 || !(options.max_step >= 0)) {
    throw InputError("max_steps must be at least 1 and max_step not negative");
  }
}

// What CVODE's callbacks see, and where their exceptions wait.
struct Problem {
  const Liouvillian& liouvillian;
  double start;
  double span;
  const std::function<void(double)>& progress;
  std::exception_ptr failure = nullptr;
  std::string message{};

  void require_rates(double t) const {
    for (const Jump& jump : liouvillian.equation()->varying_rates())
      require_rate(jump.rate, jump.text, t);
  }
};

int right_hand_side(realtype t, N_Vector y, N_Vector ydot, void* data) {
  auto& problem = *static_cast<Problem*>(data);
  // CVODE would try again with ever smaller steps.
  if (problem.failure) return -1;
  try {
    problem.require_rates(t);
    problem.liouvillian.apply(t, N_VGetVector_Petsc(y), N_VGetVector_Petsc(ydot));
    if (problem.progress) problem.progress((t - problem.start) / problem.span);
    return 0;
  } catch (const InputError& error) {
    // A rate that was valid when the run began: the run fails, the input was accepted.
    problem.failure = std::make_exception_ptr(Error(error.what()));
  } catch (...) {
    problem.failure = std::current_exception();
  }
  return -1;
}

void keep_message(int code, const char*, const char* function, char* message, void* data) {
  if (code > 0) return;
  static_cast<Problem*>(data)->message = fmt::format("{}: {}", function, message);
}

struct CvodeDeleter {
  void operator()(void* memory) const { CVodeFree(&memory); }
};

// One integration: CVODE with the vector it works on and the solvers it needs.
class Integrator {
 public:
  Integrator(const Liouvillian& liouvillian, Vec initial, const std::vector<double>& times,
             const EvolveOptions& options, bool uses_bdf)
      : problem_{liouvillian, times.front(), times.back() - times.front(), options.progress},
        uses_bdf_(uses_bdf),
        state_(duplicate(initial)) {
    const double span = problem_.span;
    LINDWURM_PETSC(VecCopy(initial, state_));
    context_ = sundials_context(liouvillian.communicator());
    y_ = own(N_VMake_Petsc(state_, context_.get()), "N_VMake_Petsc");
    memory_.reset(CVodeCreate(uses_bdf_ ? CV_BDF : CV_ADAMS, context_.get()));
    if (!memory_) throw Error("CVodeCreate gave nothing");
    LINDWURM_SUNDIALS(CVodeSetErrHandlerFn(memory_.get(), keep_message, &problem_));
    LINDWURM_SUNDIALS(CVodeInit(memory_.get(), right_hand_side, times.front(), y_.get()));
    LINDWURM_SUNDIALS(CVodeSetUserData(memory_.get(), &problem_));
    LINDWURM_SUNDIALS(CVodeSStolerances(memory_.get(), options.rtol, options.atol));
    LINDWURM_SUNDIALS(CVodeSetMaxNumSteps(memory_.get(), options.max_steps));
    // No look beyond the last time, where a rate may no longer be one.
    if (span > 0) LINDWURM_SUNDIALS(CVodeSetStopTime(memory_.get(), times.back()));
    double longest = options.max_step;
    if (longest == 0 && !liouvillian.is_constant()) longest = span / 100;
    if (longest > 0) LINDWURM_SUNDIALS(CVodeSetMaxStep(memory_.get(), longest));
    attach_solver(liouvillian, options);
  }

  /// Goes on to time t, which must lie ahead.
  void advance(double t) { go(t, CV_NORMAL); }

  /// Takes up to `steps` steps and forecasts the products with L that are left to the end, from the
  /// pace of the last half of them; 0 if the end is reached.
  double forecast_products(int steps) {
    const double end = problem_.start + problem_.span;
    double t = problem_.start;
    double half_time = t;
    long half_products = 0;
    for (int k = 0; k < steps && t < end; ++k) {
      t = go(end, CV_ONE_STEP);
      if (k == steps / 2) {
        half_time = t;
        half_products = products();
      }
    }
    if (t >= end) return 0;
    return static_cast<double>(products() - half_products) * (end - t) / (t - half_time);
  }

  [[nodiscard]] Vec state() const { return state_; }
  VecHandle take_state() { return std::move(state_); }

  [[nodiscard]] EvolveStatistics statistics() const {
    EvolveStatistics s;
    void* m = memory_.get();
    LINDWURM_SUNDIALS(CVodeGetNumSteps(m, &s.steps));
    LINDWURM_SUNDIALS(CVodeGetNumRhsEvals(m, &s.rhs_evaluations));
    LINDWURM_SUNDIALS(CVodeGetNumErrTestFails(m, &s.error_test_failures));
    LINDWURM_SUNDIALS(CVodeGetNumNonlinSolvIters(m, &s.nonlinear_iterations));
    LINDWURM_SUNDIALS(CVodeGetNumNonlinSolvConvFails(m, &s.nonlinear_failures));
    LINDWURM_SUNDIALS(CVodeGetLastOrder(m, &s.last_order));
    LINDWURM_SUNDIALS(CVodeGetLastStep(m, &s.last_step));
    s.method = "adams";
    if (newton_) {
      s.method = "bdf";
      LINDWURM_SUNDIALS(CVodeGetNumLinIters(m, &s.linear_iterations));
      LINDWURM_SUNDIALS(CVodeGetNumLinConvFails(m, &s.linear_failures));
      s.preconditioner_setups = newton_->preconditioner_setups();
    }
    return s;
  }

 private:
  double go(double t, int task) {
    realtype reached = 0;
    const int flag = CVode(memory_.get(), t, y_.get(), &reached, task);
    if (problem_.failure) std::rethrow_exception(problem_.failure);
    if (newton_ && newton_->failure) std::rethrow_exception(newton_->failure);
    if (flag < 0) {
      throw Error(fmt::format(
          "the evolution stopped at t = {:.6g} on its way to {:.6g}: {}{}", reached, t,
          problem_.message,
          flag == CV_TOO_MUCH_WORK
              ? "; raise evolve.max_steps, loosen rtol and atol, or try method = \"bdf\""
              : ""));
    }
    return reached;
  }

  [[nodiscard]] long products() const {
    const EvolveStatistics s = statistics();
    return s.rhs_evaluations + s.linear_iterations;
  }

  void attach_solver(const Liouvillian& liouvillian, const EvolveOptions& options) {
    if (!uses_bdf_) {
      fixed_point_ =
          own(SUNNonlinSol_FixedPoint(y_.get(), 0, context_.get()), "SUNNonlinSol_FixedPoint");
      LINDWURM_SUNDIALS(CVodeSetNonlinearSolver(memory_.get(), fixed_point_.get()));
      return;
    }
    newton_ = std::make_unique<NewtonSystem>(liouvillian, options);
    linear_ = own(newton_->as_sundials(memory_.get(), context_.get()), "SUNLinSolNewEmpty");
    LINDWURM_SUNDIALS(CVodeSetLinearSolver(memory_.get(), linear_.get(), nullptr));
  }

  Problem problem_;
  bool uses_bdf_;
  VecHandle state_;
  SundialsHandle<SUNContext> context_;
  SundialsHandle<N_Vector> y_;
  std::unique_ptr<NewtonSystem> newton_;
  SundialsHandle<SUNNonlinearSolver> fixed_point_;
  SundialsHandle<SUNLinearSolver> linear_;
  std::unique_ptr<void, CvodeDeleter> memory_;
};

// What `automatic` stands for: series for a constant model, for which a line was found, else Adams;
// or BDF, where many products are worth a trial and the trial shows that it is faster.
EvolveMethod chosen_method(const Liouvillian& liouvillian, const std::optional<SpectralLine>& line,
                           Vec initial, const std::vector<double>& times, EvolveOptions options) {
  const EvolveMethod first = line ? EvolveMethod::chebyshev : EvolveMethod::adams;
  if (options.method != EvolveMethod::automatic) return options.method;
  if (times.size() < 2) return first;
  options.progress = {};
  const double products =
      line ? forecast_products(*line, times.back() - times.front())
           : Integrator(liouvillian, initial, times, options, false).forecast_products(trial_steps);
  if (products < worth_a_trial) return first;
  Integrator bdf(liouvillian, initial, times, options, true);
  const double share = line ? clear_advantage_over_series : clear_advantage;
  return bdf.forecast_products(trial_steps) < share * products ? EvolveMethod::bdf : first;
}

void integrate(const Liouvillian& liouvillian, bool uses_bdf, Vec initial,
               const EvolveOptions& options, Observer& observer, StateMonitor& monitor,
               Evolution& run) {
  const auto& times = run.times;
  Integrator integrator(liouvillian, initial, times, options, uses_bdf);
  for (std::size_t k = 0; k < times.size(); ++k) {
    if (k > 0) integrator.advance(times[k]);
    observer.record(integrator.state());
    monitor.look(integrator.state(), k + 1 == times.size());
  }
  run.statistics = integrator.statistics();
  run.final_state = integrator.take_state();
}

}  // namespace

Evolution evolve(const Liouvillian& liouvillian, Vec initial, const std::vector<double>& times,
                 const EvolveOptions& options) {
  require_sound(times, options);
  if (options.method == EvolveMethod::chebyshev && !liouvillian.is_constant()) {
    throw InputError(
        "method = \"chebyshev\" is for models whose coefficients do not depend on time; use adams, "
        "bdf or auto");
  }
  const auto start = std::chrono::steady_clock::now();
  Evolution run;
  run.times = times;
  Observer observer(options.observe, liouvillian);
  run.is_hermitian = observer.is_real();
  StateMonitor monitor(liouvillian);
  const bool may_use_series =
      options.method == EvolveMethod::chebyshev || options.method == EvolveMethod::automatic;
  std::optional<SpectralLine> line;
  if (may_use_series && liouvillian.is_constant()) line = find_line(liouvillian);
  const EvolveMethod method = chosen_method(liouvillian, line, initial, times, options);
  if (method == EvolveMethod::chebyshev) {
    evolve_by_series(liouvillian, *line, initial, options, observer, monitor, run);
  } else {
    integrate(liouvillian, method == EvolveMethod::bdf, initial, options, observer, monitor, run);
  }
  run.values = observer.values();
  run.basis = liouvillian.shared_basis();
  run.diagnostics = monitor.worst();
  run.statistics.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return run;
}

}  // namespace lindwurm
