#include "ket_run.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "lindwurm/backend/error.hpp"
#include "solve/evolve/propagation.hpp"

namespace lindwurm {

namespace {

// The interpolation uses pieces of this length, in units of the inverse of the largest frequency of
// a ket, and this degree. This resolves all values to rounding: J_degree(length) is 1e-15.
constexpr double piece_length = 32;
constexpr int piece_degree = 72;
// The largest size of the last coefficients of a function that counts as resolved, as a share of
// rtol.
constexpr double share_of_rtol = 1e-3;
constexpr double tightest = 1e-12;

class Columns {
 public:
  Columns(const KetObserver& observer, const std::vector<double>& times)
      : observer_(observer), times_(times) {}

  void look(Vec ket) {
    const Eigen::VectorXcd column = observer_.column(times_[done_], ket);
    if (done_ == 0) all_.resize(column.size(), static_cast<Eigen::Index>(times_.size()));
    all_.col(static_cast<Eigen::Index>(done_++)) = column;
  }
  Eigen::MatrixXcd take() { return std::move(all_); }

 private:
  const KetObserver& observer_;
  const std::vector<double>& times_;
  std::size_t done_ = 0;
  Eigen::MatrixXcd all_;
};

KetRun run_by_series(const KetGenerator& generator, const SpectralLine& line,
                     const KetObserver& observer, Vec initial, const std::vector<double>& times,
                     const EvolveOptions& options) {
  KetRun run;
  Columns columns(observer, times);
  run.final_state = evolve_by_series(
      generator, line, initial, times, options, [&](Vec ket) { columns.look(ket); },
      run.statistics);
  run.columns = columns.take();
  return run;
}

KetRun run_by_steps(const KetGenerator& generator, const KetObserver& observer, Vec initial,
                    const std::vector<double>& times, const EvolveOptions& options) {
  KetRun run;
  Columns columns(observer, times);
  Propagation how;
  if (options.method == EvolveMethod::automatic)
    how.line_at = [&](const Factors& factors) { return find_line(generator, factors); };
  run.final_state = propagate(
      generator, initial, times, options, std::move(how), [&](Vec ket) { columns.look(ket); },
      run.statistics);
  run.columns = columns.take();
  return run;
}

// Chebyshev-Lobatto nodes in equal pieces of the time span. Neighbouring pieces share a node.
std::vector<double> nodes_over(const std::vector<double>& times, int pieces) {
  const double from = times.front();
  const double length = (times.back() - from) / pieces;
  std::vector<double> nodes{from};
  for (int piece = 0; piece < pieces; ++piece) {
    for (int k = 1; k <= piece_degree; ++k) {
      const double place = (1 - std::cos(std::numbers::pi * k / piece_degree)) / 2;
      nodes.push_back(from + (piece + place) * length);
    }
  }
  nodes.back() = times.back();
  return nodes;
}

double sign_of(int k) { return k % 2 == 0 ? 1 : -1; }

// The size of the last two Chebyshev coefficients of each row, relative to the largest number in
// the row.
double tail_of(const Eigen::MatrixXcd& at_nodes) {
  double worst = 0;
  const Eigen::VectorXd scale = at_nodes.cwiseAbs().rowwise().maxCoeff();
  for (const int order : {piece_degree - 1, piece_degree}) {
    Eigen::VectorXd weights(piece_degree + 1);
    for (int k = 0; k <= piece_degree; ++k) {
      const double end = k == 0 || k == piece_degree ? 0.5 : 1;
      weights(k) = end * std::cos(std::numbers::pi * order * k / piece_degree) * 2 / piece_degree;
    }
    const Eigen::VectorXd size = (at_nodes * weights.cast<Complex>()).cwiseAbs();
    for (Eigen::Index row = 0; row < size.size(); ++row)
      if (scale(row) > 0) worst = std::max(worst, size(row) / std::max(scale(row), 1e-3));
  }
  return worst;
}

// The weights of the nodes for the value at t, by the barycentric formula (J.-P. Berrut and L. N.
// Trefethen, SIAM Rev. 46, 501 (2004)).
Eigen::VectorXd weights_at(double t, const double* nodes) {
  Eigen::VectorXd weights = Eigen::VectorXd::Zero(piece_degree + 1);
  for (int k = 0; k <= piece_degree; ++k) {
    if (t == nodes[k]) {
      weights.setZero();
      weights(k) = 1;
      return weights;
    }
    const double end = k == 0 || k == piece_degree ? 0.5 : 1;
    weights(k) = end * sign_of(k) / (t - nodes[k]);
  }
  return weights / weights.sum();
}

// The interpolated values; empty if the nodes turn out to be too few.
std::optional<Eigen::MatrixXcd> interpolated(const Eigen::MatrixXcd& at_nodes,
                                             const std::vector<double>& nodes,
                                             const std::vector<double>& times, double tolerance) {
  Eigen::MatrixXcd columns(at_nodes.rows(), static_cast<Eigen::Index>(times.size()));
  std::size_t done = 0;
  for (std::size_t first = 0; first + piece_degree < nodes.size(); first += piece_degree) {
    const auto piece = at_nodes.middleCols(static_cast<Eigen::Index>(first), piece_degree + 1);
    if (tail_of(piece) > tolerance) return std::nullopt;
    const bool is_last = first + piece_degree + 1 == nodes.size();
    for (; done < times.size() && (is_last || times[done] <= nodes[first + piece_degree]); ++done) {
      columns.col(static_cast<Eigen::Index>(done)) =
          piece * weights_at(times[done], &nodes[first]).cast<Complex>();
    }
  }
  return columns;
}

}  // namespace

void require_ket_method(const KetGenerator& generator, const EvolveOptions& options) {
  require_series_fit(generator, options);
  if (options.method == EvolveMethod::bdf) {
    throw InputError(
        "method = \"bdf\" is for equations with damping; kets take chebyshev, adams or auto");
  }
}

KetRun run_ket(const KetGenerator& generator, const KetObserver& observer, Vec initial,
               const std::vector<double>& times, const EvolveOptions& options, KnownLine& known) {
  if (!may_use_series(generator, options))
    return run_by_steps(generator, observer, initial, times, options);
  const SpectralLine line = known.line ? *known.line : find_line(generator);
  known.line = line;
  known.line->products = 0;
  const double span = times.back() - times.front();
  const double pieces = std::max(1.0, std::ceil(line.focus * span / piece_length));
  if (static_cast<double>(times.size()) > 1 + pieces * piece_degree) {
    const auto nodes = nodes_over(times, static_cast<int>(pieces));
    KetRun run = run_by_series(generator, line, observer, initial, nodes, options);
    const double tolerance = std::max(tightest, share_of_rtol * options.rtol);
    if (auto columns = interpolated(run.columns, nodes, times, tolerance)) {
      run.columns = std::move(*columns);
      return run;
    }
  }
  return run_by_series(generator, line, observer, initial, times, options);
}

}  // namespace lindwurm
