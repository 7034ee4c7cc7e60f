#include "lindwurm/model/mixture.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <queue>

#include "lindwurm/backend/dense.hpp"

namespace lindwurm {

namespace {

// Eigenvalues below `negligible` are rounding. A site with |tr rho^2 - 1| up to this counts as
// pure. Elements of eigenvectors below `negligible_element` are rounding.
constexpr double negligible = 1e-14;
constexpr double negligible_element = 1e-15;
constexpr double purity_tolerance = 1e-12;

SiteMixtures::Site decompose(const Eigen::MatrixXcd& rho) {
  Eigen::VectorXd values = rho.diagonal().real();
  Eigen::MatrixXcd vectors = Eigen::MatrixXcd::Identity(rho.rows(), rho.cols());
  if (!rho.isDiagonal(negligible)) {
    if (std::abs(rho.squaredNorm() - 1) <= purity_tolerance) {
      Eigen::Index largest = 0;
      values.maxCoeff(&largest);
      return {{1.0}, rho.col(largest).normalized()};
    }
    const HermitianEigen eigen = hermitian_eigen(rho);
    values = eigen.values;
    vectors = (eigen.vectors.array().abs() > negligible_element).select(eigen.vectors, 0.0);
  }
  std::vector<Eigen::Index> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](Eigen::Index a, Eigen::Index b) { return values(a) > values(b); });
  SiteMixtures::Site site;
  for (const Eigen::Index k : order)
    if (values(k) > negligible) site.weights.push_back(values(k));
  site.kets.resize(rho.rows(), static_cast<Eigen::Index>(site.weights.size()));
  for (Eigen::Index column = 0; column < site.kets.cols(); ++column)
    site.kets.col(column) = vectors.col(order[column]);
  return site;
}

// A choice of one eigenvector for each site.
struct Choice {
  double weight = 1;
  std::vector<int> of;
  int last = 0;  // all sites after this one have their first eigenvector
};

}  // namespace

SiteMixtures::SiteMixtures(const ProductState& state) {
  for (const auto& rho : state.sites)
    sites.push_back(decompose(rho));
}

bool SiteMixtures::is_pure() const {
  return std::all_of(sites.begin(), sites.end(),
                     [](const Site& site) { return site.weights.size() == 1; });
}

double SiteMixtures::count() const {
  double product = 1;
  for (const Site& site : sites)
    product *= static_cast<double>(site.weights.size());
  return product;
}

double SiteMixtures::purity() const {
  double product = 1;
  for (const Site& site : sites) {
    product *= std::accumulate(site.weights.begin(), site.weights.end(), 0.0,
                               [](double sum, double p) { return sum + p * p; });
  }
  return product;
}

double SiteMixtures::entropy() const {
  double sum = 0;
  for (const Site& site : sites) {
    for (const double p : site.weights)
      sum -= p * std::log(p);
  }
  return sum;
}

std::vector<WeightedKet> product_kets(const SiteMixtures& mixtures, double neglect,
                                      std::size_t most) {
  const auto& sites = mixtures.sites;
  const auto lighter = [](const Choice& a, const Choice& b) { return a.weight < b.weight; };
  std::priority_queue<Choice, std::vector<Choice>, decltype(lighter)> open(lighter);
  Choice first{.of = std::vector<int>(sites.size(), 0)};
  for (const auto& site : sites)
    first.weight *= site.weights[0];
  open.push(first);
  std::vector<WeightedKet> kets;
  double rest = 1;
  while (!open.empty() && rest > neglect && kets.size() < most) {
    const Choice here = open.top();
    open.pop();
    WeightedKet member{.weight = here.weight, .ket = {}};
    for (std::size_t s = 0; s < sites.size(); ++s)
      member.ket.sites.emplace_back(sites[s].kets.col(here.of[s]));
    kets.push_back(std::move(member));
    rest -= here.weight;
    // Every choice is generated exactly once: its predecessor is the choice in which the last site
    // that does not have its first eigenvector is one step back.
    for (std::size_t s = here.last; s < sites.size(); ++s) {
      const auto next = static_cast<std::size_t>(here.of[s] + 1);
      if (next == sites[s].weights.size()) continue;
      Choice further = here;
      further.weight *= sites[s].weights[next] / sites[s].weights[next - 1];
      ++further.of[s];
      further.last = static_cast<int>(s);
      open.push(std::move(further));
    }
  }
  return kets;
}

}  // namespace lindwurm
