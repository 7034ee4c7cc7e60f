#include "dense_spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "eigenvalue_errors.hpp"
#include "lindwurm/backend/agreement.hpp"
#include "stability_radius.hpp"

namespace lindwurm {

namespace {

// Errors below this share of a rate are irrelevant.
constexpr double known_share = 0.01;

// The number of rightmost eigenvalues to take, so that at least one of them is not zero.
int count_with_gap(const std::vector<Complex>& values, int count, double zero) {
  std::vector<Complex> ordered = values;
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](Complex a, Complex b) { return a.real() > b.real(); });
  const auto is_moving = [&](Complex value) { return std::abs(value) > zero; };
  const auto slowest = std::find_if(ordered.begin(), ordered.end(), is_moving);
  const auto needed = static_cast<int>(slowest - ordered.begin()) + 1;
  return std::min(std::max(count, needed), static_cast<int>(values.size()));
}

// The errors of the eigenvalues, on rank 0.
std::vector<double> errors_of(const RealSchur& schur, double norm) {
  const auto vectors = schur.vectors();
  const auto right = [&](std::size_t k) { return vectors.right(k); };
  const auto left = [&](std::size_t k) { return vectors.left(k); };
  return eigenvalue_errors(schur.values(), right, left, backward_error(norm), norm).errors;
}

// True if an eigenvalue that was not chosen has an error larger than a share of the slowest rate.
bool has_unknown_rest(const DenseSpectrum& found) {
  std::vector<bool> is_chosen(found.values.size(), false);
  for (std::size_t k : found.chosen)
    is_chosen[k] = true;
  double slowest = std::numeric_limits<double>::infinity();
  double worst = 0;
  for (std::size_t k = 0; k < found.values.size(); ++k) {
    if (is_chosen[k]) continue;
    slowest = std::min(slowest, -found.values[k].real());
    worst = std::max(worst, found.errors[k]);
  }
  return worst > known_share * slowest;
}

}  // namespace

bool rest_is_faster(RealSchur& schur, double rate, double tolerance, double norm) {
  std::vector<double> rates;
  for (const Complex& value : schur.values())
    rates.push_back(-value.real());
  std::sort(rates.begin(), rates.end());
  // Rounding splits a multiple eigenvalue by at most this distance, so it is kept together.
  const double together = 10 * std::sqrt(backward_error(norm) * norm);
  double fastest = rate;
  for (double next : rates)
    if (next <= fastest + together) fastest = std::max(fastest, next);
  std::vector<bool> is_slow;
  for (const Complex& value : schur.values())
    is_slow.push_back(-value.real() <= fastest);
  const auto m = std::count(is_slow.begin(), is_slow.end(), true);
  const auto rest = static_cast<Eigen::Index>(is_slow.size()) - m;
  if (rest == 0) return true;
  if (m > 0) schur.bring_forward(is_slow);
  // The block of the other eigenvalues changes by at most |P|^2 times the change of the whole
  // matrix, where P is the projection on the slow ones.
  const double change = std::max(1.0, schur.left_space(m).squaredNorm()) * backward_error(norm);
  return stability_radius(schur.triangle().bottomRightCorner(rest, rest), -(1 - tolerance) * rate) >
         change;
}

double backward_error(double norm) { return 4 * std::numeric_limits<double>::epsilon() * norm; }

DenseSpectrum dense_spectrum(const Liouvillian& liouvillian, const Balancing& balancing, int count,
                             double zero) {
  const MPI_Comm comm = liouvillian.communicator();
  const auto n = static_cast<int>(liouvillian.basis().size());
  DenseSpectrum found{{}, std::vector<Complex>(n), std::vector<double>(n), {}};
  std::optional<RealSchur> schur;
  on_rank_0(comm, [&] {
    schur.emplace(balancing.balanced());
    found.values = schur->values();
    found.errors = errors_of(*schur, balancing.balanced_norm());
  });
  MPI_Bcast(found.values.data(), n, MPI_CXX_DOUBLE_COMPLEX, 0, comm);
  MPI_Bcast(found.errors.data(), n, MPI_DOUBLE, 0, comm);
  found.chosen = rightmost(found.values, count_with_gap(found.values, count, zero), zero);
  const auto m = static_cast<int>(found.chosen.size());
  found.rightmost.matrix.resize(m, m);
  Eigen::MatrixXd right;
  Eigen::MatrixXd left;
  on_rank_0(comm, [&] {
    std::vector<bool> is_chosen(n, false);
    for (std::size_t k : found.chosen)
      is_chosen[k] = true;
    if (m < n) schur->bring_forward(is_chosen);
    right = schur->right_space(m);
    left = schur->left_space(m);
    found.rightmost.matrix = schur->triangle().topLeftCorner(m, m);
    if (m < n && has_unknown_rest(found)) found.schur = std::move(schur);
  });
  MPI_Bcast(found.rightmost.matrix.data(), m * m, MPI_DOUBLE, 0, comm);
  found.rightmost.right = scattered(right, m, liouvillian);
  found.rightmost.left = scattered(left, m, liouvillian);
  return found;
}

}  // namespace lindwurm
