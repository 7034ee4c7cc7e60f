#include "lindwurm/backend/agreement.hpp"

#include <string>

#include "failure.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"

namespace lindwurm {

void agree(MPI_Comm comm, const std::exception_ptr& failure) {
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  int source = failure ? rank : ranks;
  MPI_Allreduce(MPI_IN_PLACE, &source, 1, MPI_INT, MPI_MIN, comm);
  if (source == ranks) return;
  Failure first;
  if (rank == source) first = described(failure);
  int head[2] = {first.is_input ? 1 : 0, static_cast<int>(first.text.size())};
  MPI_Bcast(head, 2, MPI_INT, source, comm);
  first.text.resize(head[1]);
  MPI_Bcast(first.text.data(), head[1], MPI_CHAR, source, comm);
  if (head[0] != 0) throw InputError(first.text);
  throw Error(first.text);
}

NodeMemory tightest_node(double bytes, MPI_Comm comm) {
  MPI_Comm node = MPI_COMM_NULL;
  MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
  NodeMemory here{bytes, available_memory_bytes()};
  MPI_Allreduce(MPI_IN_PLACE, &here.needed, 1, MPI_DOUBLE, MPI_SUM, node);
  MPI_Allreduce(MPI_IN_PLACE, &here.available, 1, MPI_DOUBLE, MPI_MIN, node);
  MPI_Comm_free(&node);
  struct {
    double share;
    int rank;
  } worst{here.available > 0 ? here.needed / here.available : 0, 0};
  MPI_Comm_rank(comm, &worst.rank);
  MPI_Allreduce(MPI_IN_PLACE, &worst, 1, MPI_DOUBLE_INT, MPI_MAXLOC, comm);
  double numbers[2] = {here.needed, here.available};
  MPI_Bcast(numbers, 2, MPI_DOUBLE, worst.rank, comm);
  return {numbers[0], numbers[1]};
}

}  // namespace lindwurm
