// A run of a study: what its tasks share.
#pragma once

#include <mpi.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "lindwurm/tasks/study.hpp"

namespace lindwurm {

/// Called with the name of the current task and the fraction done.
using Progress = std::function<void(const std::string&, double)>;

/// What the tasks of one run share: the equation of motion, made once, and the outcomes so far.
class Runner {
 public:
  Runner(const Study& study, MPI_Comm comm, Results& results, const Progress& progress,
         WarmStart* warm)
      : study_(study), comm_(comm), results_(results), progress_(progress), warm_(warm) {}

  [[nodiscard]] const Study& study() const { return study_; }
  [[nodiscard]] MPI_Comm communicator() const { return comm_; }
  /// States of earlier runs that iterations may start from; null without any.
  [[nodiscard]] WarmStart* warm_start() const { return warm_; }
  [[nodiscard]] const Verdict& verdict() const { return results_.verdict; }
  /// Reports the progress of a task by its name; empty if nobody listens.
  [[nodiscard]] std::function<void(double)> progress(const std::string& task) const;

  /// d rho/dt = L(t) rho, for studies of density operators.
  [[nodiscard]] const std::shared_ptr<const MasterEquation>& master_equation();
  /// d psi/dt = -i H(t) psi, for unitary studies.
  [[nodiscard]] const std::shared_ptr<const SchroedingerEquation>& schroedinger_equation();
  /// The equation of kets that jump.
  [[nodiscard]] const std::shared_ptr<const JumpEquation>& jump_equation();
  /// The same system with more levels of its oscillators, for the errors of the cutoffs, and its
  /// equations. Empty if there are no oscillators, if the study does not want it, or if the
  /// matrices of this many elements would cost too much.
  struct Enlarged {
    System system;
    std::shared_ptr<const MasterEquation> master;
    std::shared_ptr<const SchroedingerEquation> schroedinger;
  };
  [[nodiscard]] const std::optional<Enlarged>& enlarged();
  /// True if so many multiplications are worth an estimate that nobody has asked for.
  [[nodiscard]] bool is_worth(double multiplications) const;
  /// Why L does not keep the trace; empty if it does.
  [[nodiscard]] const std::string& trace_loss();

  /// The outcome of a task before, of this class; null if there is none.
  template <typename Wanted>
  [[nodiscard]] const Wanted* find() const {
    return results_.find<Wanted>();
  }

 private:
  template <typename Equation>
  void make(std::shared_ptr<const Equation>& equation);

  const Study& study_;
  MPI_Comm comm_;
  Results& results_;
  const Progress& progress_;
  WarmStart* warm_;
  std::shared_ptr<const MasterEquation> master_;
  std::shared_ptr<const SchroedingerEquation> schroedinger_;
  std::shared_ptr<const JumpEquation> jump_;
  std::optional<std::string> trace_loss_;
  std::optional<std::optional<Enlarged>> enlarged_;
};

}  // namespace lindwurm
