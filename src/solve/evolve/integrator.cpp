#include "integrator.hpp"

#include <cvode/cvode.h>
#include <cvode/cvode_ls.h>
#include <fmt/format.h>
#include <nvector/nvector_petsc.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

// What one panel of the coefficients may do unseen, between rounding and what results should be
// good to.
double unseen(double rtol) { return std::clamp(rtol, 1e-12, 1e-7); }
// The tolerance of the first steps as a share of the accuracy; and the least tolerance, which is
// still above rounding.
constexpr double first_share_of_accuracy = 0.01;
constexpr double least_tolerance = 1e-13;
// Tolerances are changed only if they change by more than this factor.
constexpr double clear_change = 1.2;
// A rest is worth a series of its own, and the new start behind it, from so many steps on.
constexpr double long_rest = 100;
constexpr double share_of_span = 0.01;
// Every one of the first steps is looked at, then one of so many.
constexpr long steps_an_estimate = 8;
// CVODE estimates the leading term of a local error. What it leaves out, and the steps between two
// looks, made the sum up to 1.8 times too small in runs of known error.
constexpr double margin = 3;
// A step that has to be shorter than this share of the step before starts CVODE anew. CVODE keeps
// y^(q) h^q/q!, which for so short a step are rounding errors, and these grow as h^q with the steps
// that follow: an evolution past t = 3 was wrong by 200 tolerances that way.
constexpr double much_shorter = 1e-3;
// Times closer than this, relative to themselves, are one for CVODE.
constexpr double same_time = 1e-14;

double first_tolerance(const EvolveOptions& options) {
  return std::min(options.rtol, first_share_of_accuracy * options.accuracy);
}

int right_hand_side(sunrealtype t, N_Vector y, N_Vector ydot, void* data) {
  auto& problem = *static_cast<Integrator::Problem*>(data);
  // CVODE would try again with ever smaller steps.
  if (problem.failure) return -1;
  try {
    if (problem.course) problem.course->values(t, problem.factors);
    problem.generator.apply(problem.factors, N_VGetVector_Petsc(y), N_VGetVector_Petsc(ydot));
    if (problem.progress) problem.progress((t - problem.start) / problem.span);
    return 0;
  } catch (...) {
    problem.failure = std::current_exception();
  }
  return -1;
}

// 1 / (rtol |y_i| + atol), of the share of both that is in use. CVODE's own function of this may
// not get other tolerances on the way.
int error_weights(N_Vector y, N_Vector weights, void* data) {
  const auto& problem = *static_cast<Integrator::Problem*>(data);
  N_VAbs(y, weights);
  N_VScale(problem.share * problem.rtol, weights, weights);
  N_VAddConst(weights, problem.share * problem.atol, weights);
  N_VInv(weights, weights);
  return 0;
}

// |y|^2 less its least value.
int square_left(sunrealtype, N_Vector y, sunrealtype* left, void* data) {
  auto& problem = *static_cast<Integrator::Problem*>(data);
  try {
    const double length = norm(N_VGetVector_Petsc(y));
    *left = length * length - problem.least_square;
    return 0;
  } catch (...) {
    problem.failure = std::current_exception();
  }
  return -1;
}

// What was accepted as input turns out to fail in this run.
template <typename Function>
void as_failure_of_the_run(Function function) {
  try {
    function();
  } catch (const InputError& error) {
    throw Error(error.what());
  }
}

}  // namespace

void Integrator::CvodeDeleter::operator()(void* memory) const { CVodeFree(&memory); }

Integrator::Integrator(const PackedGenerator& generator, Vec initial,
                       const std::vector<double>& times, const EvolveOptions& options,
                       std::unique_ptr<NewtonSystem> newton)
    : problem_{generator,
               times.front(),
               times.back() - times.front(),
               options.progress,
               first_tolerance(options),
               options.atol * first_tolerance(options) / options.rtol},
      state_(duplicate(initial)),
      end_(times.back()),
      longest_step_(options.max_step > 0 ? options.max_step
                                         : std::numeric_limits<double>::infinity()),
      most_steps_(options.max_steps),
      budget_(times.front(), times.back(), options.accuracy),
      time_(times.front()),
      reached_(times.front()),
      newton_(std::move(newton)) {
  LINDWURM_PETSC(VecCopy(initial, state_));
  if (!generator.is_constant()) {
    as_failure_of_the_run([&] {
      require_rates_between(generator.equation().varying_rates(), times.front(), times.back());
      problem_.course.emplace(
          generator.time_course(times.front(), times.back(), unseen(options.rtol)));
      problem_.course->enter(times.front());
    });
    if (newton_) newton_->follow(*problem_.course);
  }
  context_ = sundials_context(generator.communicator());
  y_ = own(N_VMake_Petsc(state_, context_.get()), "N_VMake_Petsc");
  error_vector_ = duplicate(state_);
  error_ = own(N_VMake_Petsc(error_vector_, context_.get()), "N_VMake_Petsc");
  memory_.reset(CVodeCreate(newton_ ? CV_BDF : CV_ADAMS, context_.get()));
  if (!memory_) throw Error("CVodeCreate gave nothing");
  keep_error_messages(memory_.get(), context_.get(), problem_.message);
  LINDWURM_SUNDIALS(CVodeInit(memory_.get(), right_hand_side, times.front(), y_.get()));
  LINDWURM_SUNDIALS(CVodeSetUserData(memory_.get(), &problem_));
  LINDWURM_SUNDIALS(CVodeWFtolerances(memory_.get(), error_weights));
  LINDWURM_SUNDIALS(CVodeSetMaxNumSteps(memory_.get(), options.max_steps));
  if (options.max_step > 0) LINDWURM_SUNDIALS(CVodeSetMaxStep(memory_.get(), options.max_step));
  attach_solver();
}

void Integrator::restart(double t, Vec state, double least_square) {
  void* memory = memory_.get();
  LINDWURM_PETSC(VecCopy(state, state_));
  if (least_square >= 0) {  // another run, however many there were before
    budget_.begin(t);
    problem_.share = 1;
    steps_of_run_ = 0;
  }
  time_ = reached_ = t;
  before_ = {};
  local_errors_ = error_of_step_ = largest_state_ = 0;
  steps_since_estimate_ = 0;
  is_at_corner_ = has_stepped_ = has_fallen_ = false;
  problem_.least_square = least_square;
  problem_.failure = nullptr;
  if (problem_.course) problem_.course->enter(t);
  LINDWURM_SUNDIALS(CVodeReInit(memory, t, y_.get()));
  const bool watches = least_square >= 0;
  if (watches == watches_square_) return;
  LINDWURM_SUNDIALS(CVodeRootInit(memory, watches ? 1 : 0, square_left));
  if (watches) LINDWURM_SUNDIALS(CVodeSetNoInactiveRootWarn(memory));
  watches_square_ = watches;
}

Integrator::Reached Integrator::advance(double t, bool stops_at_rest) {
  for (long taken = 0; reached_ < t; ++taken) {
    if (has_fallen_) {
      interpolate(reached_);
      return Reached::threshold;
    }
    if (stops_at_rest && is_at_rest()) {
      estimate_local_errors();
      interpolate(reached_);
      return Reached::rest;
    }
    if (taken == most_steps_) {
      throw Error(
          fmt::format("the evolution stopped at t = {:.6g} on its way to {:.6g}: it took "
                      "evolve.max_steps = {} steps; raise evolve.max_steps, loosen rtol and atol, "
                      "or try method = \"bdf\"",
                      reached_, t, most_steps_));
    }
    has_fallen_ = !step(t);
  }
  interpolate(t);
  return Reached::time;
}

Factors Integrator::factors() const {
  Factors now;
  if (problem_.course) problem_.course->values(time_, now);
  return now;
}

double Integrator::forecast_products(int steps) {
  double t = problem_.start;
  double half_time = t;
  long half_products = 0;
  for (int k = 0; k < steps && t < end_; ++k) {
    step(end_);
    t = reached_;
    if (k == steps / 2) {
      half_time = t;
      half_products = products();
    }
  }
  if (t >= end_) return 0;
  return static_cast<double>(products() - half_products) * (end_ - t) / (t - half_time);
}

EvolveStatistics Integrator::statistics() const {
  EvolveStatistics all = before_;
  return all += counters();
}

EvolveStatistics Integrator::counters() const {
  EvolveStatistics s;
  void* m = memory_.get();
  LINDWURM_SUNDIALS(CVodeGetNumSteps(m, &s.steps));
  LINDWURM_SUNDIALS(CVodeGetNumRhsEvals(m, &s.rhs_evaluations));
  LINDWURM_SUNDIALS(CVodeGetNumErrTestFails(m, &s.error_test_failures));
  LINDWURM_SUNDIALS(CVodeGetNumNonlinSolvIters(m, &s.nonlinear_iterations));
  LINDWURM_SUNDIALS(CVodeGetNumNonlinSolvConvFails(m, &s.nonlinear_failures));
  LINDWURM_SUNDIALS(CVodeGetLastOrder(m, &s.last_order));
  LINDWURM_SUNDIALS(CVodeGetLastStep(m, &s.last_step));
  s.local_errors = local_errors_ + static_cast<double>(steps_since_estimate_) * error_of_step_;
  s.method = "adams";
  if (newton_) {
    s.method = "bdf";
    LINDWURM_SUNDIALS(CVodeGetNumLinIters(m, &s.linear_iterations));
    LINDWURM_SUNDIALS(CVodeGetNumLinConvFails(m, &s.linear_failures));
    s.preconditioner_setups = newton_->preconditioner_setups();
  }
  return s;
}

// CVODE counts from its last start on, the Newton system from its making.
void Integrator::begin_segment() {
  estimate_local_errors();
  before_ += counters();
  before_.preconditioner_setups = 0;
  before_.local_errors = 0;
  interpolate(reached_);
  if (problem_.course) problem_.course->enter(reached_);
  LINDWURM_SUNDIALS(CVodeReInit(memory_.get(), reached_, y_.get()));
  is_at_corner_ = has_stepped_ = false;
}

bool Integrator::step(double towards) {
  void* memory = memory_.get();
  int flag = CV_SUCCESS;
  bool is_corner = false;
  double limit = end_;
  as_failure_of_the_run([&] {
    if (is_at_corner_) begin_segment();
    if (!problem_.course) return;
    const TimeCourse::Limit allowed = problem_.course->limit(reached_, longest_step_);
    limit = allowed.time;
    is_corner = allowed.is_corner;
  });
  if (limit - reached_ <= same_time * std::max(std::abs(reached_), std::abs(limit))) {
    interpolate(reached_);
    time_ = reached_ = limit;
    is_at_corner_ = is_corner;
    return true;
  }
  if (has_stepped_ && limit - reached_ < much_shorter * last_step()) begin_segment();
  // No look beyond the last time, or beyond a corner.
  LINDWURM_SUNDIALS(CVodeSetStopTime(memory, limit));
  flag = CVode(memory, limit, y_.get(), &reached_, CV_ONE_STEP);
  if (problem_.failure) std::rethrow_exception(problem_.failure);
  if (newton_ && newton_->failure) std::rethrow_exception(newton_->failure);
  if (flag < 0) {
    throw Error(fmt::format("the evolution stopped at t = {:.6g} on its way to {:.6g}: {}",
                            reached_, towards, problem_.message));
  }
  time_ = reached_;
  has_stepped_ = true;
  ++steps_since_estimate_;
  if (++steps_of_run_ <= steps_an_estimate || steps_since_estimate_ == steps_an_estimate)
    estimate_local_errors();
  if (flag == CV_ROOT_RETURN) return false;
  if (flag == CV_TSTOP_RETURN) time_ = reached_ = limit;
  is_at_corner_ = is_corner && reached_ >= limit;
  return true;
}

// The error of one step stands for those of several steps, because an estimate costs as much as a
// tenth of a step.
void Integrator::estimate_local_errors() {
  if (steps_since_estimate_ == 0) return;
  const long steps = std::exchange(steps_since_estimate_, 0);
  LINDWURM_SUNDIALS(CVodeGetEstLocalErrors(memory_.get(), error_.get()));
  largest_state_ = std::max(largest_state_, norm(state_));
  if (!(largest_state_ > 0)) return;
  error_of_step_ = margin * norm(error_vector_) / largest_state_;
  const double error = static_cast<double>(steps) * error_of_step_;
  local_errors_ += error;
  budget_.spend(reached_, steps, error, problem_.share);
  const double least = std::min(1.0, least_tolerance / problem_.rtol);
  const double share = std::max(budget_.share(), least);
  const double change = share / problem_.share;
  if (change >= clear_change || change <= 1 / clear_change) problem_.share = share;
}

bool Integrator::is_at_rest() {
  if (!problem_.course) return false;
  if (is_at_corner_) begin_segment();
  const auto rest = problem_.course->rest(reached_);
  if (!rest) return false;
  end_of_rest_ = rest->end;
  const double length = rest->end - reached_;
  // A start there is in any case.
  if (!has_stepped_) return rest->ends_at_corner || length > share_of_span * problem_.span;
  return length > long_rest * last_step();
}

double Integrator::last_step() const {
  double step = 0;
  LINDWURM_SUNDIALS(CVodeGetLastStep(memory_.get(), &step));
  return step;
}

// The state at a time within the last step.
void Integrator::interpolate(double t) {
  if (time_ == t) return;
  LINDWURM_SUNDIALS(CVodeGetDky(memory_.get(), t, 0, y_.get()));
  time_ = t;
}

long Integrator::products() const {
  const EvolveStatistics s = statistics();
  return s.rhs_evaluations + s.linear_iterations;
}

void Integrator::attach_solver() {
  if (!newton_) {
    fixed_point_ =
        own(SUNNonlinSol_FixedPoint(y_.get(), 0, context_.get()), "SUNNonlinSol_FixedPoint");
    LINDWURM_SUNDIALS(CVodeSetNonlinearSolver(memory_.get(), fixed_point_.get()));
    return;
  }
  linear_ = own(newton_->as_sundials(memory_.get(), context_.get()), "SUNLinSolNewEmpty");
  LINDWURM_SUNDIALS(CVodeSetLinearSolver(memory_.get(), linear_.get(), nullptr));
}

}  // namespace lindwurm
