// One integration with CVODE.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "error_budget.hpp"
#include "lindwurm/backend/sundials.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "newton_system.hpp"

namespace lindwurm {

/// CVODE with the vector that it works on and the solvers that it needs: BDF with a Newton system,
/// else Adams.
///
/// The integration starts anew at each corner of the coefficients, and L(t) is that of the segment
/// between two corners up to its ends. A step is no longer than what TimeCourse allows, so that
/// nothing the coefficients do is stepped over. The tolerances are lowered where local errors would
/// add up to more than EvolveOptions::accuracy. Calls are collective.
class Integrator {
 public:
  /// Throws Error if a rate is negative, or a coefficient infinite, at any time of the run.
  Integrator(const PackedGenerator& generator, Vec initial, const std::vector<double>& times,
             const EvolveOptions& options, std::unique_ptr<NewtonSystem> newton = nullptr);

  /// Starts anew from another state at time t, as if nothing had been before. From now on the
  /// evolution stops where |state|^2 falls to `least_square`, unless that is negative.
  void restart(double t, Vec state, double least_square = -1);

  enum class Reached {
    time,       ///< that was asked for
    threshold,  ///< |state|^2 has fallen to its least, at time()
    rest,       ///< from time() on, which is before, all coefficients keep their values for long
  };
  /// Goes on to time t, which must lie ahead.
  Reached advance(double t, bool stops_at_rest = false);
  [[nodiscard]] double time() const { return time_; }
  /// The end of the rest at which advance() stopped, and the coefficients' values there.
  [[nodiscard]] double end_of_rest() const { return end_of_rest_; }
  [[nodiscard]] Factors factors() const;

  /// Takes up to `steps` steps and forecasts the products with L that are left to the end, from the
  /// pace of the last half of them; 0 if the end is reached.
  double forecast_products(int steps);

  [[nodiscard]] Vec state() const { return state_; }
  VecHandle take_state() { return std::move(state_); }
  /// The statistics of all steps since the last restart().
  [[nodiscard]] EvolveStatistics statistics() const;

  // What CVODE's callbacks see, and where their exceptions wait.
  struct Problem {
    const PackedGenerator& generator;
    double start;
    double span;
    const std::function<void(double)>& progress;
    double rtol;
    double atol;
    double share = 1;                    // of the tolerances that is in use
    std::optional<TimeCourse> course{};  // of a time-dependent generator
    Factors factors{};
    double least_square = 0;
    std::exception_ptr failure = nullptr;
    std::string message{};
  };

 private:
  struct CvodeDeleter {
    void operator()(void* memory) const;
  };

  // One step of CVODE; false if |state|^2 fell to its least within.
  bool step(double towards);
  void begin_segment();
  void estimate_local_errors();
  bool is_at_rest();
  [[nodiscard]] double last_step() const;
  void interpolate(double t);
  [[nodiscard]] EvolveStatistics counters() const;
  [[nodiscard]] long products() const;
  void attach_solver();

  Problem problem_;
  VecHandle state_;
  double end_;
  double longest_step_;
  long most_steps_;
  ErrorBudget budget_;
  double time_;     // of the state
  double reached_;  // by CVODE
  double end_of_rest_ = 0;
  bool is_at_corner_ = false;  // where the next segment begins
  bool has_stepped_ = false;   // in this segment
  bool has_fallen_ = false;
  bool watches_square_ = false;
  EvolveStatistics before_;  // this segment
  long steps_of_run_ = 0;
  long steps_since_estimate_ = 0;  // of the local error
  double error_of_step_ = 0;       // by the latest estimate
  double local_errors_ = 0;
  double largest_state_ = 0;
  SundialsHandle<N_Vector> error_;
  VecHandle error_vector_;
  SundialsHandle<SUNContext> context_;
  SundialsHandle<N_Vector> y_;
  std::unique_ptr<NewtonSystem> newton_;
  SundialsHandle<SUNNonlinearSolver> fixed_point_;
  SundialsHandle<SUNLinearSolver> linear_;
  std::unique_ptr<void, CvodeDeleter> memory_;
};

}  // namespace lindwurm
