#include "integrator.hpp"

#include <cvode/cvode.h>
#include <cvode/cvode_ls.h>
#include <fmt/format.h>
#include <nvector/nvector_petsc.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

int right_hand_side(realtype t, N_Vector y, N_Vector ydot, void* data) {
  auto& problem = *static_cast<Integrator::Problem*>(data);
  // CVODE would try again with ever smaller steps.
  if (problem.failure) return -1;
  try {
    problem.require_rates(t);
    problem.generator.apply(t, N_VGetVector_Petsc(y), N_VGetVector_Petsc(ydot));
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

// |y|^2 less its least value.
int square_left(realtype, N_Vector y, realtype* left, void* data) {
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

void keep_message(int code, const char*, const char* function, char* message, void* data) {
  if (code > 0) return;
  static_cast<Integrator::Problem*>(data)->message = fmt::format("{}: {}", function, message);
}

}  // namespace

void Integrator::Problem::require_rates(double t) const {
  for (const Jump& jump : generator.equation().varying_rates())
    require_rate(jump.rate, jump.text, t);
}

void Integrator::CvodeDeleter::operator()(void* memory) const { CVodeFree(&memory); }

Integrator::Integrator(const PackedGenerator& generator, Vec initial,
                       const std::vector<double>& times, const EvolveOptions& options,
                       std::unique_ptr<NewtonSystem> newton)
    : problem_{generator, times.front(), times.back() - times.front(), options.progress},
      state_(duplicate(initial)),
      time_(times.front()),
      newton_(std::move(newton)) {
  const double span = problem_.span;
  LINDWURM_PETSC(VecCopy(initial, state_));
  context_ = sundials_context(generator.communicator());
  y_ = own(N_VMake_Petsc(state_, context_.get()), "N_VMake_Petsc");
  memory_.reset(CVodeCreate(newton_ ? CV_BDF : CV_ADAMS, context_.get()));
  if (!memory_) throw Error("CVodeCreate gave nothing");
  LINDWURM_SUNDIALS(CVodeSetErrHandlerFn(memory_.get(), keep_message, &problem_));
  LINDWURM_SUNDIALS(CVodeInit(memory_.get(), right_hand_side, times.front(), y_.get()));
  LINDWURM_SUNDIALS(CVodeSetUserData(memory_.get(), &problem_));
  LINDWURM_SUNDIALS(CVodeSStolerances(memory_.get(), options.rtol, options.atol));
  LINDWURM_SUNDIALS(CVodeSetMaxNumSteps(memory_.get(), options.max_steps));
  // No look beyond the last time, where a rate may no longer be one.
  if (span > 0) LINDWURM_SUNDIALS(CVodeSetStopTime(memory_.get(), times.back()));
  double longest = options.max_step;
  if (longest == 0 && !generator.is_constant()) longest = span / 100;
  if (longest > 0) LINDWURM_SUNDIALS(CVodeSetMaxStep(memory_.get(), longest));
  attach_solver();
}

void Integrator::restart(double t, Vec state, double least_square) {
  void* memory = memory_.get();
  LINDWURM_PETSC(VecCopy(state, state_));
  time_ = t;
  problem_.least_square = least_square;
  problem_.failure = nullptr;
  LINDWURM_SUNDIALS(CVodeReInit(memory, t, y_.get()));
  const double end = problem_.start + problem_.span;
  if (t < end) LINDWURM_SUNDIALS(CVodeSetStopTime(memory, end));
  if (watches_square_) return;
  LINDWURM_SUNDIALS(CVodeRootInit(memory, 1, square_left));
  LINDWURM_SUNDIALS(CVodeSetNoInactiveRootWarn(memory));
  watches_square_ = true;
}

bool Integrator::advance(double t) { return go(t, CV_NORMAL) != CV_ROOT_RETURN; }

double Integrator::forecast_products(int steps) {
  const double end = problem_.start + problem_.span;
  double t = problem_.start;
  double half_time = t;
  long half_products = 0;
  for (int k = 0; k < steps && t < end; ++k) {
    go(end, CV_ONE_STEP);
    t = time_;
    if (k == steps / 2) {
      half_time = t;
      half_products = products();
    }
  }
  if (t >= end) return 0;
  return static_cast<double>(products() - half_products) * (end - t) / (t - half_time);
}

EvolveStatistics Integrator::statistics() const {
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

int Integrator::go(double t, int task) {
  const int flag = CVode(memory_.get(), t, y_.get(), &time_, task);
  if (problem_.failure) std::rethrow_exception(problem_.failure);
  if (newton_ && newton_->failure) std::rethrow_exception(newton_->failure);
  if (flag < 0) {
    throw Error(
        fmt::format("the evolution stopped at t = {:.6g} on its way to {:.6g}: {}{}", time_, t,
                    problem_.message,
                    flag == CV_TOO_MUCH_WORK
                        ? "; raise evolve.max_steps, loosen rtol and atol, or try method = \"bdf\""
                        : ""));
  }
  return flag;
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
