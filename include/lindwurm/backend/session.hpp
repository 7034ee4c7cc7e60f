// Initialisation and finalisation of MPI, PETSc and SLEPc.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

namespace lindwurm {

/// Starts MPI, PETSc and SLEPc, and ends them on destruction. Only one may exist at a time. It must
/// outlive every object that is made while it exists. Collective over all ranks.
class Session {
 public:
  /// `petsc_options` are words as on a command line, such as {"-log_view", "-steady_ksp_monitor"}.
  explicit Session(std::vector<std::string> petsc_options = {});
  /// Takes PETSc's options from the command line of a program.
  Session(int argc, char** argv);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// The communicator of all ranks.
  [[nodiscard]] static MPI_Comm communicator() { return MPI_COMM_WORLD; }
  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] int ranks() const { return ranks_; }

  /// True once every rank has called this; false if some have not within this time. It is for the
  /// end of a run that failed, on all ranks or on one that the others are waiting for. Call it at
  /// most once in a session.
  [[nodiscard]] bool all_arrive(double seconds) const;

 private:
  std::vector<std::string> words_;  // PETSc keeps pointers to the words of its command line
  std::vector<char*> pointers_;
  int rank_ = 0;
  int ranks_ = 1;
  MPI_Comm for_failures_ = MPI_COMM_NULL;  // used for nothing else
};

/// Peak resident memory in bytes, summed over the ranks of `comm`. Collective.
[[nodiscard]] double peak_memory_bytes(MPI_Comm comm);

/// The memory in bytes that is available on this machine; 0 if the machine does not report it.
[[nodiscard]] double available_memory_bytes();

}  // namespace lindwurm
