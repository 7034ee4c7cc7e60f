#include "lindwurm/solve/mixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/mixture.hpp"
#include "lindwurm/states/random_phase.hpp"
#include "solve/kets/column_mean.hpp"
#include "solve/kets/ket_run.hpp"

namespace lindwurm {

namespace {

// The number of samples of each class between two checks of the errors.
constexpr std::int64_t samples_a_round = 8;
constexpr double no_weight = 1e-12;

// What a member needs in addition to its ket. It is kept while successive members lie in one
// sector.
struct Stage {
  Stage(const std::shared_ptr<const SchroedingerEquation>& equation, const KetStorage& held,
        const KetColumns& columns, const Sector& of)
      : values(of.values),
        generator(equation, {held.storage, held.uses_sectors ? of : whole_space(of.charges)}),
        observer(columns, generator) {}
  std::set<Charge> values;
  KetGenerator generator;
  KetObserver observer;
  KnownLine line;
};

class Members {
 public:
  Members(const System& system, const std::vector<double>& times, const EvolveOptions& options,
          const KetStorage& held, const KetColumns& columns, MPI_Comm comm)
      : times_(times),
        options_(options),
        held_(held),
        columns_(columns),
        equation_(std::make_shared<const SchroedingerEquation>(
            system, comm, std::vector<double>{times.front(), times.back()}, held.subdivision)) {}

  [[nodiscard]] const Charges& charges() const { return equation_->charges(); }

  // `ket` makes the packed ket for a generator. `progress` is called with the fraction of this
  // member that is done.
  template <typename MakeKet>
  Eigen::MatrixXcd run(const Sector& sector, MakeKet ket, std::function<void(double)> progress) {
    options_.progress = std::move(progress);
    if (!stage_ || stage_->values != sector.values) {
      stage_.reset();
      stage_ = std::make_unique<Stage>(equation_, held_, columns_, sector);
      require_ket_method(stage_->generator, options_);
    }
    KetRun one = run_ket(stage_->generator, stage_->observer, ket(stage_->generator), times_,
                         options_, stage_->line);
    statistics_ += one.statistics;
    return std::move(one.columns);
  }
  // The statistics of this rank's members.
  [[nodiscard]] const EvolveStatistics& statistics() const { return statistics_; }

 private:
  const std::vector<double>& times_;
  EvolveOptions options_;
  KetStorage held_;
  const KetColumns& columns_;
  std::shared_ptr<const SchroedingerEquation> equation_;
  std::unique_ptr<Stage> stage_;
  EvolveStatistics statistics_;
};

// A weighted mean of columns, and the square of its standard error.
struct WeightedMean {
  Eigen::MatrixXcd mean;
  Eigen::MatrixXd squared_error;

  void add(double weight, const Eigen::MatrixXcd& columns) {
    if (mean.size() == 0) {
      mean = Eigen::MatrixXcd::Zero(columns.rows(), columns.cols());
      squared_error = Eigen::MatrixXd::Zero(columns.rows(), columns.cols());
    }
    mean += weight * columns;
  }
};

class MixtureRun {
 public:
  MixtureRun(const System& system, const std::vector<double>& times, const EvolveOptions& options,
             const MixtureOptions& mixture, const KetStorage& held, const KetColumns& columns,
             MPI_Comm comm)
      : system_(system),
        times_(times),
        options_(options),
        mixture_(mixture),
        held_(held),
        columns_(columns),
        comm_(comm) {
    MPI_Comm_size(comm, &ranks_);
  }

  WeightedMean over_product_kets(const std::vector<WeightedKet>& kets, Ensemble& ensemble) {
    ensemble.kind = "product-states";
    ensemble.members = static_cast<std::int64_t>(kets.size());
    Members members = make_members(ensemble.members);
    struct Start {
      const WeightedKet* ket;
      Sector sector;
    };
    std::vector<Start> starts;
    double kept = 0;
    for (const WeightedKet& each : kets) {
      starts.push_back(
          {&each, sector_of(in_stored_basis(each.ket, system_.space()), members.charges())});
      kept += each.weight;
    }
    std::stable_sort(starts.begin(), starts.end(), [](const Start& a, const Start& b) {
      return a.sector.values < b.sector.values;
    });
    ensemble.neglected_weight = std::max(0.0, 1 - kept);
    WeightedMean estimate;
    std::size_t taken = 0;
    go_through(
        0, ensemble.members, ensemble.members,
        [&](std::int64_t k, std::function<void(double)> progress) {
          const Start& start = starts[k];
          return members.run(
              start.sector,
              [&](const KetGenerator& generator) { return pack(start.ket->ket, generator); },
              std::move(progress));
        },
        [&](const Eigen::MatrixXcd& columns) {
          estimate.add(starts[taken++].ket->weight / kept, columns);
        });
    statistics_ = summed(members.statistics(), shared_comm());
    return estimate;
  }

  WeightedMean over_random_phases(const ProductState& initial, Ensemble& ensemble) {
    ensemble.kind = "random-phase";
    ensemble.requested = mixture_.error;
    // The classes are known only after the equation was made.
    Members members = make_members(mixture_.samples);
    const RandomPhaseState state(initial, members.charges());
    const auto classes = state.classes_without(mixture_.neglect);
    double kept = 0;
    for (const auto& of : classes)
      kept += of.weight;
    ensemble.neglected_weight = std::max(0.0, 1 - kept);
    std::vector<ColumnMean> means(classes.size());
    WeightedMean estimate;
    for (std::int64_t first = 0; first < mixture_.samples; first += samples_a_round) {
      const std::int64_t last = std::min(first + samples_a_round, mixture_.samples);
      struct Sample {
        std::size_t of;
        std::int64_t number;
      };
      std::vector<Sample> round;
      for (std::size_t k = 0; k < classes.size(); ++k) {
        for (std::int64_t number = first; number < last; ++number) {
          // A single state has only a global phase, so one sample is enough.
          if (number == 0 || classes[k].states > 1) round.push_back({k, number});
        }
      }
      std::size_t taken = 0;
      go_through(
          ensemble.members, static_cast<std::int64_t>(round.size()),
          ensemble.members +
              static_cast<std::int64_t>(round.size()) * (mixture_.samples - first) / (last - first),
          [&](std::int64_t k, std::function<void(double)> progress) {
            const auto& of = classes[round[k].of];
            return members.run(
                of.sector,
                [&](const KetGenerator& generator) {
                  return state.ket(of, generator, mixture_.seed,
                                   static_cast<std::uint64_t>(round[k].number));
                },
                std::move(progress));
          },
          [&](const Eigen::MatrixXcd& columns) { means[round[taken++].of].add(columns); });
      ensemble.members += static_cast<std::int64_t>(round.size());
      estimate = {};
      for (std::size_t k = 0; k < classes.size(); ++k) {
        const double share = classes[k].weight / kept;
        estimate.add(share, means[k].mean());
        estimate.squared_error += share * share * means[k].squared_error();
      }
      ensemble.largest_error = columns_.largest_error(estimate.squared_error);
      if (mixture_.error && ensemble.largest_error <= *mixture_.error) break;
    }
    ensemble.is_reached = !mixture_.error || ensemble.largest_error <= *mixture_.error;
    statistics_ = summed(members.statistics(), shared_comm());
    return estimate;
  }

  [[nodiscard]] const EvolveStatistics& statistics() const { return statistics_; }

 private:
  // Each rank runs members of its own if there are enough members.
  Members make_members(std::int64_t count) {
    runs_alone_ = ranks_ > 1 && count >= ranks_;
    return {system_, times_, options_, held_, columns_, runs_alone_ ? MPI_COMM_SELF : comm_};
  }
  [[nodiscard]] MPI_Comm shared_comm() const { return runs_alone_ ? comm_ : MPI_COMM_SELF; }

  // Runs `count` members after those that are done. `expected` is the total number, for the
  // progress.
  template <typename Run, typename Take>
  void go_through(std::int64_t done, std::int64_t count, std::int64_t expected, Run run,
                  Take take) {
    const std::int64_t at_a_time =
        members_at_a_time(columns_.size() * static_cast<Eigen::Index>(times_.size()));
    for (std::int64_t first = 0; first < count; first += at_a_time) {
      const std::int64_t last = std::min(first + at_a_time, count);
      over_ranks(
          first, last, shared_comm(),
          [&](std::int64_t k) {
            if (!options_.progress) return run(k, {});
            // When ranks run their own members, they work on them at the same time.
            const std::int64_t begun = runs_alone_ ? k - (k - first) % ranks_ : k;
            const std::int64_t abreast =
                runs_alone_ ? std::min<std::int64_t>(ranks_, last - begun) : 1;
            const auto before = static_cast<double>(done + begun);
            return run(k, [=, this](double part) {
              options_.progress((before + part * static_cast<double>(abreast)) /
                                static_cast<double>(expected));
            });
          },
          take);
    }
  }

  const System& system_;
  const std::vector<double>& times_;
  const EvolveOptions& options_;
  const MixtureOptions& mixture_;
  KetStorage held_;
  const KetColumns& columns_;
  MPI_Comm comm_;
  int ranks_ = 1;
  bool runs_alone_ = false;
  EvolveStatistics statistics_;
};

void require_sound(const MixtureOptions& mixture) {
  if (!(mixture.neglect >= 0 && mixture.neglect < 1)) {
    throw InputError(
        fmt::format("neglect = {} must be a weight from 0 to below 1", mixture.neglect));
  }
  if (mixture.samples < 2) {
    throw InputError(
        fmt::format("samples = {}: a statistical error takes at least 2 samples", mixture.samples));
  }
}

// The product kets; empty if random phases are requested or are the better choice.
std::vector<WeightedKet> fitting_product_kets(const SiteMixtures& mixtures,
                                              const MixtureOptions& mixture) {
  if (mixture.kind == MixtureKind::random_phase) return {};
  const bool is_asked_for = mixture.kind == MixtureKind::product_states;
  const double neglect = std::max(mixture.neglect, no_weight);
  auto kets = product_kets(mixtures, neglect,
                           is_asked_for ? mixture.most_product_kets : mixture.few_product_kets);
  double left = 1;
  for (const WeightedKet& each : kets)
    left -= each.weight;
  if (left <= neglect) return kets;
  if (!is_asked_for) return {};
  throw InputError(
      fmt::format("the {} likeliest of {:.4g} product states leave the weight {:.3g} of the mixed "
                  "initial state, more than mixture.neglect = {:.3g}; take mixture.kind = "
                  "\"random-phase\" or a larger mixture.neglect",
                  kets.size(), mixtures.count(), left, neglect));
}

}  // namespace

bool has_members_for(int ranks, const ProductState& initial, const MixtureOptions& mixture) {
  const auto kets = fitting_product_kets(SiteMixtures(initial), mixture);
  return (kets.empty() ? mixture.samples : static_cast<std::int64_t>(kets.size())) >= ranks;
}

KetEvolution evolve_mixture(const System& system, const ProductState& initial,
                            const std::vector<double>& times, const EvolveOptions& options,
                            const MixtureOptions& mixture, const KetStorage& held, MPI_Comm comm) {
  require_sound(times, options);
  require_sound(mixture);
  const auto start = std::chrono::steady_clock::now();
  const KetColumns columns(system.model(), options);
  const SiteMixtures mixtures(initial);
  MixtureRun runner(system, times, options, mixture, held, columns, comm);
  Ensemble ensemble;
  WeightedMean estimate;
  if (const auto kets = fitting_product_kets(mixtures, mixture); !kets.empty()) {
    estimate = runner.over_product_kets(kets, ensemble);
  } else {
    estimate = runner.over_random_phases(initial, ensemble);
  }
  KetEvolution run;
  run.times = times;
  columns.read(estimate.mean, mixtures.purity(), mixtures.entropy(), run);
  if (ensemble.largest_error > 0 || ensemble.neglected_weight > no_weight) {
    columns.read_errors(estimate.squared_error, ensemble.neglected_weight, run);
  }
  run.diagnostics = columns.diagnostics(estimate.mean);
  run.statistics = runner.statistics();
  run.ensemble = std::move(ensemble);
  run.statistics.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return run;
}

}  // namespace lindwurm
