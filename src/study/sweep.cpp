#include "lindwurm/study/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>
#include <list>
#include <numeric>
#include <thread>

#include "lindwurm/backend/agreement.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"

namespace lindwurm {

std::size_t Sweep::points() const {
  return std::transform_reduce(axes.begin(), axes.end(), std::size_t{1}, std::multiplies<>{},
                               [](const SweepAxis& axis) { return axis.values.size(); });
}

std::vector<double> Sweep::values(std::size_t point) const {
  std::vector<double> found(axes.size());
  for (std::size_t k = axes.size(); k-- > 0;) {
    found[k] = axes[k].values[point % axes[k].values.size()];
    point /= axes[k].values.size();
  }
  return found;
}

std::string Sweep::label(std::size_t point) const {
  const auto here = values(point);
  std::string joined;
  for (std::size_t k = 0; k < axes.size(); ++k)
    joined += fmt::format("{}{} = {:.6g}", k == 0 ? "" : ", ", axes[k].key, here[k]);
  return joined;
}

Study Sweep::study(std::size_t point) const {
  const auto here = values(point);
  std::vector<Override> all = overrides;
  for (std::size_t k = 0; k < axes.size(); ++k)
    all.push_back({axes[k].key, fmt::format("{}", here[k])});
  try {
    return read_study(file, all);
  } catch (const InputError& error) {
    throw InputError(fmt::format("at {}: {}", label(point), error.what()));
  }
}

namespace {

// The unknowns of every step-th point from `first` on, and 0 for the others. Reading stops at
// `refused`, the first point that cannot be read; the text says why.
struct PointsRead {
  std::vector<double> unknowns;
  std::size_t refused = std::numeric_limits<std::size_t>::max();
  std::string why;
};

PointsRead read_every(const Sweep& sweep, std::size_t first, std::size_t step) {
  PointsRead read{.unknowns = std::vector<double>(sweep.points()), .why = {}};
  for (std::size_t point = first; point < sweep.points(); point += step) {
    try {
      const Study study = sweep.study(point);
      const double d = study.model().space.dimension_estimate();
      read.unknowns[point] = study.has_kets() ? 2 * d : d * d;
    } catch (const InputError& error) {
      read.refused = point;
      read.why = error.what();
      break;
    }
  }
  return read;
}

// Gives all ranks the text of rank `root`. Collective.
void broadcast(std::string& text, int root, MPI_Comm comm) {
  auto size = static_cast<int>(text.size());
  MPI_Bcast(&size, 1, MPI_INT, root, comm);
  text.resize(size);
  MPI_Bcast(text.data(), size, MPI_CHAR, root, comm);
}

}  // namespace

std::vector<double> read_points(const Sweep& sweep) {
  PointsRead read = read_every(sweep, 0, 1);
  if (!read.why.empty()) throw InputError(read.why);
  return read.unknowns;
}

std::vector<double> read_points(const Sweep& sweep, MPI_Comm comm) {
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  PointsRead read = read_every(sweep, rank, ranks);
  const auto most = static_cast<std::size_t>(std::numeric_limits<int>::max());
  struct {
    int point;
    int rank;
  } first{static_cast<int>(std::min(read.refused, most)), rank};
  MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_2INT, MPI_MINLOC, comm);
  broadcast(read.why, first.rank, comm);
  if (!read.why.empty()) throw InputError(read.why);
  MPI_Allreduce(MPI_IN_PLACE, read.unknowns.data(), static_cast<int>(read.unknowns.size()),
                MPI_DOUBLE, MPI_SUM, comm);
  return read.unknowns;
}

namespace {

// The number of rows that is enough for a forecast of the memory.
constexpr std::int64_t rows_sampled = 1000;
// Several points are tried, because sectors may be smaller at a point where a parameter vanishes.
constexpr std::size_t points_forecast = 8;

// The memory of the states that are kept. The vectors made from them at the start of an iteration
// use the memory of GMRES's basis.
double warm_start_bytes(const Forecast& steady) {
  return WarmStart::most_states * 8.0 * static_cast<double>(steady.unknowns);
}

Prediction predict_point(const Study& study, int ranks) {
  Prediction prediction = predict(study, ranks, rows_sampled);
  if (Forecast* steady = prediction.find("steady")) {
    const double warm = warm_start_bytes(*steady);
    steady->bytes += warm;
    prediction.total_bytes += warm;
  }
  return prediction;
}

}  // namespace

PointPrediction predict_largest(const Sweep& sweep, const std::vector<double>& unknowns,
                                int ranks) {
  const double most = *std::max_element(unknowns.begin(), unknowns.end());
  std::vector<std::size_t> largest;
  for (std::size_t point = 0; point < unknowns.size(); ++point)
    if (unknowns[point] == most) largest.push_back(point);
  PointPrediction found;
  const std::size_t tries = std::min(points_forecast, largest.size());
  for (std::size_t k = 0; k < tries; ++k) {
    const std::size_t point = largest[tries == 1 ? 0 : k * (largest.size() - 1) / (tries - 1)];
    const Prediction here = predict_point(sweep.study(point), ranks);
    if (k == 0 || here.total_bytes > found.prediction.total_bytes) found = {point, here};
  }
  return found;
}

int groups_that_fit(const Sweep& sweep, const std::vector<double>& unknowns, int ranks,
                    std::size_t points, double available) {
  auto groups = static_cast<int>(std::clamp<std::size_t>(points, 1, ranks));
  while (true) {
    const Prediction largest =
        predict_largest(sweep, unknowns, (ranks + groups - 1) / groups).prediction;
    const bool fits = available <= 0 || groups * largest.total_bytes <= available;
    if (fits || groups == 1) {
      require_memory(largest, available);
      return groups;
    }
    groups /= 2;
  }
}

namespace {

// Owns a communicator and frees it.
class OwnComm {
 public:
  explicit OwnComm(MPI_Comm comm) : comm_(comm) {}
  ~OwnComm() { MPI_Comm_free(&comm_); }
  OwnComm(const OwnComm&) = delete;
  OwnComm& operator=(const OwnComm&) = delete;
  operator MPI_Comm() const { return comm_; }

 private:
  MPI_Comm comm_;
};

MPI_Comm split(MPI_Comm comm, int group, int rank) {
  MPI_Comm part = MPI_COMM_NULL;
  MPI_Comm_split(comm, group, rank, &part);
  return part;
}

MPI_Comm copy(MPI_Comm comm) {
  MPI_Comm other = MPI_COMM_NULL;
  MPI_Comm_dup(comm, &other);
  return other;
}

// Sends outcomes to rank 0, which may be busy with a point of its own.
class Post {
 public:
  explicit Post(MPI_Comm comm) : comm_(copy(comm)) {}

  void send(const PointOutcome& outcome) {
    const auto number = static_cast<std::uint64_t>(outcome.point);
    Letter& letter = sent_.emplace_back();
    letter.bytes.resize(sizeof number + 1);
    std::memcpy(letter.bytes.data(), &number, sizeof number);
    letter.bytes[sizeof number] = outcome.is_computed ? 1 : 0;
    letter.bytes += outcome.content;
    MPI_Isend(letter.bytes.data(), static_cast<int>(letter.bytes.size()), MPI_CHAR, 0, 0, comm_,
              &letter.request);
    sent_.remove_if([](Letter& each) {
      int done = 0;
      MPI_Test(&each.request, &done, MPI_STATUS_IGNORE);
      return done != 0;
    });
  }

  /// Returns an outcome that has arrived. Waits for one if `waits`.
  std::optional<PointOutcome> receive(bool waits) {
    MPI_Status status;
    int is_there = 1;
    if (waits) {
      MPI_Probe(MPI_ANY_SOURCE, 0, comm_, &status);
    } else {
      MPI_Iprobe(MPI_ANY_SOURCE, 0, comm_, &is_there, &status);
    }
    if (is_there == 0) return std::nullopt;
    int size = 0;
    MPI_Get_count(&status, MPI_CHAR, &size);
    std::string bytes(size, '\0');
    MPI_Recv(bytes.data(), size, MPI_CHAR, status.MPI_SOURCE, 0, comm_, MPI_STATUS_IGNORE);
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data(), sizeof number);
    return PointOutcome{number, bytes[sizeof number] == 1, bytes.substr(sizeof number + 1)};
  }

  /// Waits until everything that was sent has arrived.
  void wait() {
    for (Letter& letter : sent_)
      MPI_Wait(&letter.request, MPI_STATUS_IGNORE);
    sent_.clear();
  }

 private:
  struct Letter {
    std::string bytes;
    MPI_Request request = MPI_REQUEST_NULL;
  };
  OwnComm comm_;
  std::list<Letter> sent_;
};

// Determines whether all ranks of a group succeeded.
class Agreement {
 public:
  explicit Agreement(MPI_Comm group) : comm_(copy(group)) { MPI_Comm_rank(comm_, &rank_); }

  /// Runs the work. Returns why it failed on the first rank on which it did; empty if on none. If a
  /// rank fails alone, the others wait for it inside the work. It stops waiting for them after a
  /// while and throws.
  template <typename Work>
  std::string attempt(Work&& work) {
    std::string why;
    try {
      work();
    } catch (const std::exception& error) {
      why = error.what();
      if (why.empty()) why = "an error without a message";
    }
    int failed_rank = why.empty() ? std::numeric_limits<int>::max() : rank_;
    wait_for_others(failed_rank, why);
    if (failed_rank == std::numeric_limits<int>::max()) return {};
    broadcast(why, failed_rank, comm_);
    return why;
  }

 private:
  static constexpr std::chrono::seconds patience{60};

  // Sets `failed_rank` to the lowest value on all ranks.
  void wait_for_others(int& failed_rank, const std::string& why) {
    const bool failed = !why.empty();
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Iallreduce(MPI_IN_PLACE, &failed_rank, 1, MPI_INT, MPI_MIN, comm_, &request);
    if (!failed) {
      MPI_Wait(&request, MPI_STATUS_IGNORE);
      return;
    }
    const auto until = std::chrono::steady_clock::now() + patience;
    int done = 0;
    while (MPI_Test(&request, &done, MPI_STATUS_IGNORE), done == 0) {
      if (std::chrono::steady_clock::now() > until)
        throw Error("a point failed on one rank of its group alone: " + why);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  OwnComm comm_;
  int rank_ = 0;
};

// The contiguous range of points for a group, such that all groups have about the same number of
// unknowns.
std::vector<std::size_t> share_of(int group, int groups, const std::vector<std::size_t>& points,
                                  const std::vector<double>& unknowns) {
  double total = 0;
  for (const std::size_t point : points)
    total += unknowns[point];
  std::vector<std::size_t> share;
  double before = 0;
  for (const std::size_t point : points) {
    const double middle = before + unknowns[point] / 2;
    before += unknowns[point];
    if (static_cast<int>(middle / total * groups) == group) share.push_back(point);
  }
  return share;
}

}  // namespace

void run_sweep(const Sweep& sweep, const std::vector<std::size_t>& points,
               const std::vector<double>& unknowns, int groups, MPI_Comm comm,
               const SweepHooks& hooks) {
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  const int group = static_cast<int>(static_cast<std::int64_t>(rank) * groups / ranks);
  const OwnComm group_comm(split(comm, group, rank));
  int group_rank = 0;
  int group_ranks = 1;
  MPI_Comm_rank(group_comm, &group_rank);
  MPI_Comm_size(group_comm, &group_ranks);
  Agreement agreement(group_comm);
  Post post(comm);
  WarmStart warm;
  std::size_t arrived = 0;
  const auto deliver = [&](const PointOutcome& outcome) {
    hooks.deliver(outcome);
    ++arrived;
  };
  const auto show = [&](const std::string&, double) {
    if (!hooks.progress || rank != 0) return;
    hooks.progress(fmt::format("{} of {} points", arrived, points.size()),
                   static_cast<double>(arrived) / static_cast<double>(points.size()));
  };
  for (const std::size_t point : share_of(group, groups, points, unknowns)) {
    PointOutcome outcome{.point = point, .is_computed = false, .content = {}};
    std::optional<Study> study;
    outcome.content = agreement.attempt([&] {
      const Prediction prediction = agree(group_comm, [&] {
        study = sweep.study(point);
        return predict_point(*study, group_ranks);
      });
      require_memory(prediction, group_comm);
    });
    std::string encoded;
    if (outcome.content.empty()) {
      outcome.content = agreement.attempt([&] {
        const Results results = run(*study, group_comm, show, &warm);
        if (group_rank == 0) encoded = hooks.encode(*study, results);
      });
    }
    outcome.is_computed = outcome.content.empty();
    if (outcome.is_computed) outcome.content = std::move(encoded);
    if (group_rank == 0 && rank != 0) post.send(outcome);
    if (rank != 0) continue;
    deliver(outcome);
    while (const auto letter = post.receive(false))
      deliver(*letter);
  }
  while (rank == 0 && arrived < points.size()) {
    show("", 0);
    deliver(*post.receive(true));
  }
  post.wait();
}

}  // namespace lindwurm
