// Agreement of all ranks on the outcome of something that can fail on one rank.
#pragma once

#include <mpi.h>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace lindwurm {

/// If some ranks have a failure, all ranks throw that of the first of these: an InputError if it is
/// one, otherwise an Error with the same text. Call it after anything that one rank may fail at
/// alone (a file, an allocation, a library on rank 0) and before the next collective call, in which
/// the other ranks would wait for ever. Collective.
void agree(MPI_Comm comm, const std::exception_ptr& failure);

/// Calls work() on every rank, then agree() on its failures. work() must not make collective calls.
/// Collective.
template <typename Work>
auto agree(MPI_Comm comm, Work work) requires std::is_invocable_v<Work> {
  std::exception_ptr failure;
  if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
    try {
      work();
    } catch (...) {
      failure = std::current_exception();
    }
    agree(comm, failure);
  } else {
    std::optional<std::invoke_result_t<Work>> result;
    try {
      result.emplace(work());
    } catch (...) {
      failure = std::current_exception();
    }
    agree(comm, failure);
    return std::move(*result);
  }
}

/// Calls work() on rank 0 only. What it throws there is thrown on all ranks. Collective.
template <typename Work>
void on_rank_0(MPI_Comm comm, Work work) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  agree(comm, [&] {
    if (rank == 0) work();
  });
}

/// The memory that the ranks on one machine need together, and the memory that it has available.
struct NodeMemory {
  double needed = 0;
  double available = 0;  ///< 0 if the machine does not report it
  [[nodiscard]] bool suffices() const { return available == 0 || needed <= available; }
};

/// The values of the machine that lacks most, if each rank needs `bytes` (its own value). The
/// result is the same on all ranks. Collective.
[[nodiscard]] NodeMemory tightest_node(double bytes, MPI_Comm comm);

}  // namespace lindwurm
