// The exchange of slices between ranks.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/sectors/packed_basis.hpp"

namespace lindwurm {

/// Numbers the pairs of slices that a rank works with (slots). Its own pairs come first, in order.
/// Then come those of other ranks, in the order in which they are first requested.
class SlotNumbers {
 public:
  /// `shares` holds the first position of each rank, and the total number of positions.
  SlotNumbers(const PackedBasis& basis, const std::vector<std::int64_t>& shares, int rank);

  [[nodiscard]] int of_leader(int leader);
  /// The number of this rank's first leader among all leaders.
  [[nodiscard]] int first_own() const { return first_own_; }
  [[nodiscard]] int own() const { return own_; }
  /// The leading slices of the slots that are not own.
  [[nodiscard]] const std::vector<int>& foreign() const { return foreign_; }

 private:
  const PackedBasis& basis_;
  int first_own_ = 0;
  int own_ = 0;
  std::vector<int> foreign_;
  std::unordered_map<int, int> foreign_slots_;
};

/// Sends own pairs of slices to the ranks that read them, and receives those that this rank reads.
class SliceExchange {
 public:
  /// Collective.
  SliceExchange(const PackedBasis& basis, const SlotNumbers& slots,
                const std::vector<std::int64_t>& shares, MPI_Comm comm);
  ~SliceExchange();
  SliceExchange(const SliceExchange&) = delete;
  SliceExchange& operator=(const SliceExchange&) = delete;

  /// `in` is this rank's part of a packed vector. It must not change until finish().
  void start(const double* in);
  void finish();

  /// The start of an own slot in this rank's part of a packed vector.
  [[nodiscard]] PetscInt start_of(int slot) const { return starts_[slot]; }
  /// The pair of slices of a slot that is not own. Valid after finish().
  [[nodiscard]] const double* received(int slot) const { return buffer_.data() + starts_[slot]; }

 private:
  struct Message {
    int rank;
    int first;  // the position in the buffer
    int length;
    MPI_Datatype pieces = MPI_DATATYPE_NULL;  // the parts of the vector in a message that is sent
  };
  // PETSc's own duplicate of the communicator, and a tag on it that nobody else uses.
  MPI_Comm comm_ = MPI_COMM_NULL;
  PetscMPIInt tag_ = 0;
  std::vector<PetscInt> starts_;
  std::vector<double> buffer_;
  std::vector<Message> received_;
  std::vector<Message> sent_;
  std::vector<MPI_Request> requests_;
};

}  // namespace lindwurm
