#include "quantum_jumps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>
#include <span>

#include "ket_run.hpp"
#include "lindwurm/backend/error.hpp"
#include "no_jump.hpp"

namespace lindwurm {

namespace {

// A decay rate below this share of what the rates allow is rounding.
constexpr double negligible_decay = 1e-13;

// The first weight at which the cumulated sum exceeds the share u of the total.
std::ptrdiff_t drawn(std::span<const double> weights, double u) {
  double left = u * std::accumulate(weights.begin(), weights.end(), 0.0);
  std::size_t last = 0;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    if (weights[k] <= 0) continue;
    last = k;
    left -= weights[k];
    if (left < 0) break;
  }
  return static_cast<std::ptrdiff_t>(last);
}

std::shared_ptr<const JumpEquation> on_one_rank(std::shared_ptr<const JumpEquation> equation) {
  int ranks = 1;
  MPI_Comm_size(equation->communicator(), &ranks);
  if (ranks == 1) return equation;
  throw InputError(
      "a quantum trajectory runs on one rank; make its equation with MPI_COMM_SELF on each");
}

}  // namespace

struct JumpTrajectories::Stay {
  Stay(const JumpTrajectories& all, const Sector& sector)
      : generator(all.equation_, {.storage = all.held_.storage, .sector = sector}),
        observer(all.columns_, generator),
        evolution(no_jump_evolution(generator, all.times_, all.options_)),
        start(generator.vector()),
        scratch(generator.vector()) {
    for (const auto& channel : all.equation_->channels())
      leads_to.push_back(image(channel.jump.op, sector).values);
  }

  [[nodiscard]] bool is_dark() const {
    return std::all_of(leads_to.begin(), leads_to.end(),
                       [](const std::set<Charge>& values) { return values.empty(); });
  }

  // A^dag A of each channel, made when the first ket jumps.
  const std::vector<std::optional<KetExpectation>>& numbers(
      const std::vector<JumpChannel>& channels) {
    if (!expectations.empty()) return expectations;
    for (std::size_t k = 0; k < channels.size(); ++k) {
      expectations.emplace_back();
      if (!leads_to[k].empty()) expectations.back().emplace(channels[k].number, generator);
    }
    return expectations;
  }

  KetGenerator generator;
  KetObserver observer;
  std::unique_ptr<NoJumpEvolution> evolution;
  std::vector<std::set<Charge>> leads_to;  // for each channel; empty if it annihilates the sector
  std::vector<std::optional<KetExpectation>> expectations;
  VecHandle start;  // the ket that entered this sector
  VecHandle scratch;
  long entered = 0;
};

JumpTrajectories::JumpTrajectories(std::shared_ptr<const JumpEquation> equation,
                                   const ProductState& initial, std::vector<double> times,
                                   const KetColumns& columns, EvolveOptions options,
                                   std::uint64_t seed, const TrajectoryOptions& held)
    : equation_(on_one_rank(std::move(equation))),
      initial_(in_stored_basis(initial, equation_->model().space)),
      times_(std::move(times)),
      columns_(columns),
      options_(std::move(options)),
      seed_(seed),
      held_(held) {
  require_sound(times_, options_);
  if (columns_.has_changes()) {
    throw InputError(
        "rates of change of reduced density matrices are not known from quantum trajectories, "
        "which jump; ask for the matrices alone, or evolve the density operator");
  }
  options_.progress = {};
  for (const auto& channel : equation_->channels())
    bounds_.push_back(largest_element(channel.number));
  const auto sector = sector_of(drawn_start(0), equation_->charges());
  require_ket_method(stay_in(sector.values).generator, options_);
}

JumpTrajectories::~JumpTrajectories() = default;

ProductKet JumpTrajectories::drawn_start(std::uint64_t index) const {
  const Draws draws(seed_, index, DrawPurpose::initial_state);
  ProductKet ket;
  for (std::size_t s = 0; s < initial_.sites.size(); ++s) {
    const auto& [weights, kets] = initial_.sites[s];
    ket.sites.emplace_back(kets.col(weights.size() == 1 ? 0 : drawn(weights, draws.uniform(s))));
  }
  return ket;
}

JumpTrajectories::Stay& JumpTrajectories::stay_in(const std::set<Charge>& values) {
  const Sector sector =
      held_.by_sectors ? Sector{equation_->charges(), values} : whole_space(equation_->charges());
  auto& stay = stays_[sector.values];
  if (!stay) stay = std::make_unique<Stay>(*this, sector);
  stay->entered = ++stays_entered_;
  Stay& present = *stay;
  if (stays_.size() > std::max<std::size_t>(2, held_.kept_sectors)) {
    stays_.erase(std::min_element(stays_.begin(), stays_.end(), [](const auto& a, const auto& b) {
      return a.second->entered < b.second->entered;
    }));
  }
  return present;
}

int JumpTrajectories::chosen_channel(Stay& stay, double t, Vec ket, double u) const {
  const auto& channels = equation_->channels();
  const auto& numbers = stay.numbers(channels);
  Eigen::VectorXd weights = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(channels.size()));
  double allowed = 0;
  for (std::size_t k = 0; k < channels.size(); ++k) {
    if (!numbers[k]) continue;
    const Jump& jump = channels[k].jump;
    const double rate = std::max(0.0, jump.rate.at(t).real());
    allowed += rate * bounds_[k];
    weights(static_cast<Eigen::Index>(k)) =
        rate * std::max(0.0, numbers[k]->of(ket, stay.scratch).real());
  }
  const double length = norm(ket);
  if (!(weights.sum() > negligible_decay * allowed * length * length)) {
    throw Error(
        fmt::format("at t = {:.6g} a ket has lost length though nothing decays: the tolerance is "
                    "too crude; lower evolve.rtol and evolve.atol",
                    t));
  }
  return static_cast<int>(drawn({weights.data(), channels.size()}, u));
}

Trajectory JumpTrajectories::run(std::uint64_t index) {
  const auto begun = std::chrono::steady_clock::now();
  const Draws waiting(seed_, index, DrawPurpose::waiting_time);
  const Draws channel_draws(seed_, index, DrawPurpose::jump_channel);
  const ProductKet initial = drawn_start(index);
  Stay* stay = &stay_in(sector_of(initial, equation_->charges()).values);
  LINDWURM_PETSC(VecCopy(pack_stored(initial, stay->generator), stay->start));
  Trajectory result;
  result.columns.resize(columns_.size(), static_cast<Eigen::Index>(times_.size()));
  Eigen::Index seen = 0;
  const auto look = [&](Vec ket) {
    const Eigen::VectorXcd column = stay->observer.column(0, ket);
    result.columns.col(seen++) = column / column(0).real();
  };
  look(stay->start);
  double t = times_.front();
  std::size_t next = 1;
  for (std::uint64_t k = 0; next < times_.size(); ++k) {
    const double threshold = stay->is_dark() ? 0 : waiting.uniform(k);
    const auto jump =
        stay->evolution->run(t, stay->start, threshold, next, look, result.statistics);
    if (!jump) break;
    t = *jump;
    const Vec ket = stay->evolution->ket();
    const int channel = chosen_channel(*stay, t, ket, channel_draws.uniform(k));
    result.jumps.push_back({t, channel});
    Stay& from = *stay;
    stay = &stay_in(from.leads_to[channel]);
    apply(equation_->channels()[channel].jump.op, ket, from.generator.basis(), stay->start,
          stay->generator.basis());
    LINDWURM_PETSC(VecScale(stay->start, std::numbers::sqrt2 / norm(stay->start)));
  }
  result.statistics.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return result;
}

}  // namespace lindwurm
