// How long a call takes.
#pragma once

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <vector>

// The median over rounds of the seconds that one call takes. Collective: all ranks make the same
// number of calls, and the slowest one counts.
template <typename Call>
double seconds(MPI_Comm comm, Call call) {
  constexpr int rounds = 5;
  constexpr double seconds_per_round = 0.2;
  const auto timed = [&](int calls) {
    using Clock = std::chrono::steady_clock;
    MPI_Barrier(comm);
    const auto start = Clock::now();
    for (int k = 0; k < calls; ++k)
      call();
    double spent = std::chrono::duration<double>(Clock::now() - start).count();
    MPI_Allreduce(MPI_IN_PLACE, &spent, 1, MPI_DOUBLE, MPI_MAX, comm);
    return spent / calls;
  };
  call();
  const int calls = std::max(1, static_cast<int>(seconds_per_round / timed(1)));
  std::vector<double> each;
  for (int round = 0; round < rounds; ++round)
    each.push_back(timed(calls));
  std::sort(each.begin(), each.end());
  return each[each.size() / 2];
}
