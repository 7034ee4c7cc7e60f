// How long a call takes.
#pragma once

#include <mpi.h>

#include <algorithm>
#include <ctime>
#include <vector>

// The median over rounds of the seconds that one call takes. Collective: all ranks make the same
// number of calls, and the slowest one counts. On one rank it is the processor's time, so that
// others on the machine count less; on several it is the time that passes.
template <typename Call>
double seconds(MPI_Comm comm, Call call) {
  constexpr int rounds = 5;
  constexpr double seconds_per_round = 0.2;
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  const auto now = [&] {
    return ranks > 1 ? MPI_Wtime() : static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  };
  const auto timed = [&](int calls) {
    MPI_Barrier(comm);
    const double start = now();
    for (int k = 0; k < calls; ++k)
      call();
    double spent = now() - start;
    MPI_Allreduce(MPI_IN_PLACE, &spent, 1, MPI_DOUBLE, MPI_MAX, comm);
    return spent / calls;
  };
  call();
  const int calls = std::max(1, static_cast<int>(seconds_per_round / std::max(timed(1), 1e-6)));
  std::vector<double> each;
  for (int round = 0; round < rounds; ++round)
    each.push_back(timed(calls));
  std::sort(each.begin(), each.end());
  return each[each.size() / 2];
}
