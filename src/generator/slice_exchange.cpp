#include "slice_exchange.hpp"

#include <algorithm>
#include <numeric>

namespace lindwurm {

namespace {

int pair_length(const PackedBasis& basis, int leader) {
  const auto slice = basis.slice(basis.outer(leader));
  const auto n = static_cast<int>(basis.kinds()[slice.kind].elements.size());
  return slice.mirror == leader ? n : 2 * n;
}

}  // namespace

SlotNumbers::SlotNumbers(const PackedBasis& basis, const std::vector<std::int64_t>& shares,
                         int rank)
    : basis_(basis) {
  first_own_ = basis.leaders_before(shares[rank]);
  own_ = basis.leaders_before(shares[rank + 1]) - first_own_;
}

int SlotNumbers::of_leader(int leader) {
  const auto& leaders = basis_.leaders();
  const auto first = leaders.begin() + first_own_;
  const auto last = first + own_;
  if (own_ > 0 && leader >= *first && leader <= *(last - 1)) {
    return static_cast<int>(std::lower_bound(first, last, leader) - first);
  }
  const auto [place, is_new] =
      foreign_slots_.try_emplace(leader, own_ + static_cast<int>(foreign_.size()));
  if (is_new) foreign_.push_back(leader);
  return place->second;
}

SliceExchange::SliceExchange(const PackedBasis& basis, const SlotNumbers& slots,
                             const std::vector<std::int64_t>& shares, MPI_Comm comm) {
  LINDWURM_PETSC(PetscCommDuplicate(comm, &comm_, &tag_));
  const int ranks = static_cast<int>(shares.size()) - 1;
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  for (int l = 0; l < slots.own(); ++l) {
    starts_.push_back(
        static_cast<PetscInt>(basis.start(basis.leaders()[slots.first_own() + l]) - shares[rank]));
  }
  // The buffer holds the received slices rank by rank, so that each message is contiguous.
  const auto& foreign = slots.foreign();
  const auto owner = [&](int leader) {
    const auto after = std::upper_bound(shares.begin(), shares.end(), basis.start(leader));
    return static_cast<int>(after - shares.begin()) - 1;
  };
  std::vector<int> order(foreign.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return owner(foreign[a]) != owner(foreign[b]) ? owner(foreign[a]) < owner(foreign[b])
                                                  : foreign[a] < foreign[b];
  });
  starts_.resize(slots.own() + foreign.size());
  std::vector<int> wanted(ranks, 0);
  std::vector<int> wanted_leaders;
  int filled = 0;
  for (int k : order) {
    const int leader = foreign[k];
    const int from = owner(leader);
    const int length = pair_length(basis, leader);
    if (received_.empty() || received_.back().rank != from) received_.push_back({from, filled, 0});
    received_.back().length += length;
    starts_[slots.own() + k] = filled;
    filled += length;
    ++wanted[from];
    wanted_leaders.push_back(leader);
  }
  buffer_.resize(filled);

  std::vector<int> asked(ranks, 0);
  MPI_Alltoall(wanted.data(), 1, MPI_INT, asked.data(), 1, MPI_INT, comm);
  std::vector<int> wanted_first(ranks, 0);
  std::vector<int> asked_first(ranks, 0);
  std::exclusive_scan(wanted.begin(), wanted.end(), wanted_first.begin(), 0);
  std::exclusive_scan(asked.begin(), asked.end(), asked_first.begin(), 0);
  std::vector<int> asked_leaders(std::accumulate(asked.begin(), asked.end(), 0));
  MPI_Alltoallv(wanted_leaders.data(), wanted.data(), wanted_first.data(), MPI_INT,
                asked_leaders.data(), asked.data(), asked_first.data(), MPI_INT, comm);
  for (int to = 0; to < ranks; ++to) {
    if (asked[to] == 0) continue;
    std::vector<int> starts;
    std::vector<int> lengths;
    for (int k = 0; k < asked[to]; ++k) {
      const int leader = asked_leaders[asked_first[to] + k];
      const auto start = static_cast<int>(basis.start(leader) - shares[rank]);
      const int length = pair_length(basis, leader);
      if (!starts.empty() && starts.back() + lengths.back() == start) {
        lengths.back() += length;
      } else {
        starts.push_back(start);
        lengths.push_back(length);
      }
    }
    Message message{.rank = to, .first = 0, .length = 1};
    MPI_Type_indexed(static_cast<int>(starts.size()), lengths.data(), starts.data(), MPI_DOUBLE,
                     &message.pieces);
    MPI_Type_commit(&message.pieces);
    sent_.push_back(message);
  }
}

SliceExchange::~SliceExchange() {
  for (auto& message : sent_)
    MPI_Type_free(&message.pieces);
  PetscCommDestroy(&comm_);
}

void SliceExchange::start(const double* in) {
  requests_.assign(received_.size() + sent_.size(), MPI_REQUEST_NULL);
  auto request = requests_.begin();
  for (const auto& message : received_) {
    MPI_Irecv(buffer_.data() + message.first, message.length, MPI_DOUBLE, message.rank, tag_, comm_,
              &*request++);
  }
  for (const auto& message : sent_)
    MPI_Isend(in, message.length, message.pieces, message.rank, tag_, comm_, &*request++);
}

void SliceExchange::finish() {
  MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE);
}

}  // namespace lindwurm
