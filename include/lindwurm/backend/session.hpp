// The life of the libraries underneath: MPI, PETSc and SLEPc.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

namespace lindwurm {

/// Starts MPI, PETSc and SLEPc, and ends them. One at a time; it must outlive every object that is
/// built while it lives. Collective over all ranks.
class Session {
 public:
  /// `petsc_options` are words as on a command line, such as {"-log_view", "-steady_ksp_monitor"}.
  explicit Session(std::vector<std::string> petsc_options = {});
  /// Takes PETSc's options from the command line of a program.
  Session(int argc, char** argv);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] static MPI_Comm communicator() { return MPI_COMM_WORLD; }
  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] int ranks() const { return ranks_; }

 private:
  std::vector<std::string> words_;  // PETSc keeps pointers to the words of its command line
  std::vector<char*> pointers_;
  int rank_ = 0;
  int ranks_ = 1;
};

/// Peak resident memory in bytes, summed over the ranks of `comm`. Collective.
[[nodiscard]] double peak_memory_bytes(MPI_Comm comm);

/// Memory in bytes that this machine can still give, 0 where it does not say.
[[nodiscard]] double available_memory_bytes();

}  // namespace lindwurm
