// One integration with CVODE.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lindwurm/backend/sundials.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "newton_system.hpp"

namespace lindwurm {

/// CVODE with the vector that it works on and the solvers that it needs: BDF with a Newton system,
/// else Adams. Calls are collective.
class Integrator {
 public:
  Integrator(const PackedGenerator& generator, Vec initial, const std::vector<double>& times,
             const EvolveOptions& options, std::unique_ptr<NewtonSystem> newton = nullptr);

  /// Starts anew from another state at time t, as if nothing had been before. From now on the
  /// evolution stops where |state|^2 falls to `least_square`.
  void restart(double t, Vec state, double least_square);

  /// Goes on to time t, which must lie ahead. False if |state|^2 fell to its least on the way, at
  /// time().
  bool advance(double t);
  [[nodiscard]] double time() const { return time_; }

  /// Takes up to `steps` steps and forecasts the products with L that are left to the end, from the
  /// pace of the last half of them; 0 if the end is reached.
  double forecast_products(int steps);

  [[nodiscard]] Vec state() const { return state_; }
  VecHandle take_state() { return std::move(state_); }
  [[nodiscard]] EvolveStatistics statistics() const;

  // What CVODE's callbacks see, and where their exceptions wait.
  struct Problem {
    const PackedGenerator& generator;
    double start;
    double span;
    const std::function<void(double)>& progress;
    double least_square = 0;
    std::exception_ptr failure = nullptr;
    std::string message{};

    void require_rates(double t) const;
  };

 private:
  struct CvodeDeleter {
    void operator()(void* memory) const;
  };

  // The flag that CVODE returns.
  int go(double t, int task);
  [[nodiscard]] long products() const;
  void attach_solver();

  Problem problem_;
  VecHandle state_;
  double time_;
  bool watches_square_ = false;
  SundialsHandle<SUNContext> context_;
  SundialsHandle<N_Vector> y_;
  std::unique_ptr<NewtonSystem> newton_;
  SundialsHandle<SUNNonlinearSolver> fixed_point_;
  SundialsHandle<SUNLinearSolver> linear_;
  std::unique_ptr<void, CvodeDeleter> memory_;
};

}  // namespace lindwurm
