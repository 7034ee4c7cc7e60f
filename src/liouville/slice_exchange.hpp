// Slices that one rank needs and another has.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "lindwurm/liouville/packed_basis.hpp"

namespace lindwurm {

/// Numbers the pairs of slices that a rank works with: its own in order, then those of others in
/// the order in which they are first asked for.
class SlotNumbers {
 public:
  /// `shares`: first position of each rank, and the number of positions.
  SlotNumbers(const PackedBasis& basis, const std::vector<std::int64_t>& shares, int rank);

  [[nodiscard]] int of_leader(int leader);
  /// The number, among all leaders, of this rank's first.
  [[nodiscard]] int first_own() const { return first_own_; }
  [[nodiscard]] int own() const { return own_; }
  /// The leading slices of the slots beyond the own ones.
  [[nodiscard]] const std::vector<int>& foreign() const { return foreign_; }

 private:
  const PackedBasis& basis_;
  int first_own_ = 0;
  int own_ = 0;
  std::vector<int> foreign_;
  std::unordered_map<int, int> foreign_slots_;
};

/// Sends own pairs of slices to the ranks that read them and receives theirs.
class SliceExchange {
 public:
  /// Collective.
  SliceExchange(const PackedBasis& basis, const SlotNumbers& slots,
                const std::vector<std::int64_t>& shares, MPI_Comm comm);
  ~SliceExchange();
  SliceExchange(const SliceExchange&) = delete;
  SliceExchange& operator=(const SliceExchange&) = delete;

  /// `in`: this rank's part of a packed vector, to be left alone until finish().
  void start(const double* in);
  void finish();

  /// Where an own slot starts in this rank's part of a packed vector.
  [[nodiscard]] std::int32_t start_of(int slot) const { return starts_[slot]; }
  /// The pair of slices of a slot that is not own, once finish() returned.
  [[nodiscard]] const double* received(int slot) const { return buffer_.data() + starts_[slot]; }

 private:
  struct Message {
    int rank;
    int first;  // within the buffer
    int length;
    MPI_Datatype pieces = MPI_DATATYPE_NULL;  // of the vector, for a message sent
  };
  MPI_Comm comm_;
  std::vector<std::int32_t> starts_;
  std::vector<double> buffer_;
  std::vector<Message> received_;
  std::vector<Message> sent_;
  std::vector<MPI_Request> requests_;
};

}  // namespace lindwurm
