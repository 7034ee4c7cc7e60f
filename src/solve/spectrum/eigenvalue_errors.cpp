#include "eigenvalue_errors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "lindwurm/backend/dense.hpp"

namespace lindwurm {

namespace {

// Eigenvectors closer to each other than this do not determine the subspace that they span.
constexpr double parallel = 1e-10;
// Clusters with more eigenvalues than this are not analysed.
constexpr std::size_t largest_cluster = 200;

// Solves r = change sum_{q<k} (departure/r)^q.
double henrici_radius(double change, double departure, std::size_t k) {
  const auto sum = [&](double r) {
    double power = 1;
    double total = 0;
    for (std::size_t q = 0; q < k; ++q, power *= departure / r)
      total += power;
    return change * total;
  };
  double above = static_cast<double>(k) * std::max(change, departure);
  double below = change;
  if (!(above > below)) return change;
  for (int step = 0; step < 200 && above > 1.01 * below; ++step) {
    const double middle = std::sqrt(below * above);
    (sum(middle) > middle ? below : above) = middle;
  }
  return above;
}

Eigen::MatrixXcd unit_columns(const EigenvectorOf& of, const std::vector<std::size_t>& members) {
  Eigen::MatrixXcd columns;
  for (std::size_t k = 0; k < members.size(); ++k) {
    const Eigen::VectorXcd v = of(members[k]);
    if (k == 0) columns.resize(v.size(), static_cast<Eigen::Index>(members.size()));
    columns.col(static_cast<Eigen::Index>(k)) = v.normalized();
  }
  return columns;
}

class Clusters {
 public:
  Clusters(const std::vector<Complex>& values, const EigenvectorOf& right,
           const EigenvectorOf& left, double backward, double size)
      : values_(values),
        right_(right),
        left_(left),
        backward_(backward),
        size_(size),
        cluster_of_(values.size()) {
    std::iota(cluster_of_.begin(), cluster_of_.end(), 0);
    for (std::size_t k = 0; k < values.size(); ++k) {
      members_.push_back({k});
      const Eigen::VectorXcd v = right(k);
      const Eigen::VectorXcd w = left(k);
      const double overlap = std::abs((w.transpose() * v).value());
      const double condition = w.norm() * v.norm() / overlap;
      found_.conditions.push_back(condition > 0 ? condition
                                                : std::numeric_limits<double>::infinity());
      found_.errors.push_back(std::min(found_.conditions.back() * backward, 2 * size));
    }
  }

  EigenvalueErrors merged() {
    while (merge_overlapping()) {
    }
    return found_;
  }

 private:
  // Merges overlapping circles. Returns true if there were any.
  bool merge_overlapping() {
    std::vector<std::size_t> order(values_.size());
    std::iota(order.begin(), order.end(), 0);
    const auto reach = [&](std::size_t k) { return values_[k].real() + found_.errors[k]; };
    const auto start = [&](std::size_t k) { return values_[k].real() - found_.errors[k]; };
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return start(a) < start(b); });
    std::vector<bool> is_changed(values_.size(), false);
    bool has_merged = false;
    for (std::size_t a = 0; a < order.size(); ++a) {
      for (std::size_t b = a + 1; b < order.size() && start(order[b]) <= reach(order[a]); ++b) {
        const std::size_t j = order[a];
        const std::size_t k = order[b];
        const double both = found_.errors[j] + found_.errors[k];
        if (cluster_of_[j] == cluster_of_[k] || std::abs(values_[j] - values_[k]) > both) continue;
        merge(cluster_of_[j], cluster_of_[k]);
        is_changed[cluster_of_[j]] = true;
        has_merged = true;
      }
    }
    for (std::size_t c = 0; c < members_.size(); ++c) {
      if (!is_changed[c] || members_[c].empty()) continue;
      const double r = radius(members_[c]);
      for (std::size_t k : members_[c])
        found_.errors[k] = r;
    }
    return has_merged;
  }

  void merge(std::size_t into, std::size_t from) {
    for (std::size_t k : members_[from]) {
      cluster_of_[k] = into;
      members_[into].push_back(k);
    }
    members_[from].clear();
  }

  [[nodiscard]] double radius(const std::vector<std::size_t>& members) const {
    const std::size_t k = members.size();
    const double root =
        size_ * std::pow(std::min(1.0, backward_ / size_), 1.0 / static_cast<double>(k));
    if (k > largest_cluster || !(size_ > 0)) return root;
    const Eigen::MatrixXcd v = unit_columns(right_, members);
    const Eigen::MatrixXcd w = unit_columns(left_, members);
    const auto [q, r] = thin_qr(v);
    const Eigen::MatrixXcd p = thin_qr(w).q;
    const double nearest = r.diagonal().cwiseAbs().minCoeff();
    const double overlap = singular_values(Eigen::MatrixXcd(p.transpose() * q)).tail(1)(0);
    if (!(nearest > parallel) || !(overlap > 0)) return root;
    Complex mean = 0;
    for (std::size_t j : members)
      mean += values_[j] / static_cast<double>(k);
    Eigen::VectorXcd beside(v.cols());
    for (std::size_t j = 0; j < k; ++j)
      beside(static_cast<Eigen::Index>(j)) = values_[members[j]] - mean;
    const Eigen::MatrixXcd m = r.transpose()
                                   .triangularView<Eigen::Lower>()
                                   .solve((r * beside.asDiagonal()).transpose().eval())
                                   .transpose();
    return henrici_radius(backward_ / overlap, m.norm(), k);
  }

  const std::vector<Complex>& values_;
  const EigenvectorOf& right_;
  const EigenvectorOf& left_;
  double backward_;
  double size_;
  std::vector<std::size_t> cluster_of_;
  std::vector<std::vector<std::size_t>> members_;
  EigenvalueErrors found_;
};

}  // namespace

EigenvalueErrors eigenvalue_errors(const std::vector<Complex>& values, const EigenvectorOf& right,
                                   const EigenvectorOf& left, double backward, double size) {
  return Clusters(values, right, left, backward, size).merged();
}

}  // namespace lindwurm
