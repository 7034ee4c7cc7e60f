#include "balancing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>

#include "lindwurm/backend/agreement.hpp"
#include "strong_components.hpp"

namespace lindwurm {

namespace {

// A nonzero off-diagonal entry A_ij.
struct Coupling {
  int i;
  int j;
  double log;  // ln |A_ij|
};

// The smallest useful span of S, as a number of powers of two. Below it, S = 1 is used.
constexpr int least_span = 4;
// The largest allowed coupling from one strongly connected part to the next, relative to the
// diagonal.
const double log_weak = -5 * std::numbers::ln2;
constexpr int most_newton_steps = 200;
constexpr int most_cg_steps = 400;
// The accuracy of the logarithms of S. It is enough because S is rounded to powers of two.
constexpr double enough = 0.1;

// The Laplacian sum_e w_e (x_j - x_i)^2 of a weighted graph.
class Laplacian {
 public:
  Laplacian(const std::vector<Coupling>& edges, std::vector<double> weights, Eigen::Index n)
      : edges_(edges), weights_(std::move(weights)), diagonal_(Eigen::VectorXd::Zero(n)) {
    for (std::size_t e = 0; e < edges_.size(); ++e) {
      diagonal_(edges_[e].i) += weights_[e];
      diagonal_(edges_[e].j) += weights_[e];
    }
  }

  // Solves by conjugate gradients on D^-1/2 Laplacian D^-1/2, where D is the diagonal. So weakly
  // coupled unknowns count as much as others.
  [[nodiscard]] Eigen::VectorXd solve(const Eigen::VectorXd& b) const {
    const Eigen::VectorXd root =
        diagonal_.unaryExpr([](double d) { return d > 0 ? 1 / std::sqrt(d) : 0.0; });
    Eigen::VectorXd x = Eigen::VectorXd::Zero(b.size());
    Eigen::VectorXd r = root.cwiseProduct(b);
    Eigen::VectorXd p = r;
    double rr = r.squaredNorm();
    const double goal = 1e-12 * rr;
    for (int step = 0; step < most_cg_steps && rr > goal; ++step) {
      const Eigen::VectorXd image = root.cwiseProduct(times(root.cwiseProduct(p)));
      const double curvature = p.dot(image);
      if (!(curvature > 0)) break;
      const double alpha = rr / curvature;
      x += alpha * p;
      r -= alpha * image;
      const double next = r.squaredNorm();
      p = r + next / rr * p;
      rr = next;
    }
    return root.cwiseProduct(x);
  }

 private:
  [[nodiscard]] Eigen::VectorXd times(const Eigen::VectorXd& x) const {
    Eigen::VectorXd y = Eigen::VectorXd::Zero(x.size());
    for (std::size_t e = 0; e < edges_.size(); ++e) {
      const double flow = weights_[e] * (x(edges_[e].j) - x(edges_[e].i));
      y(edges_[e].j) += flow;
      y(edges_[e].i) -= flow;
    }
    return y;
  }

  const std::vector<Coupling>& edges_;
  std::vector<double> weights_;
  Eigen::VectorXd diagonal_;
};

// ln of sum_ij |A_ij|^2 exp(2 (s_j - s_i)). `shares` receives each term's share of the sum.
double log_square(const std::vector<Coupling>& edges, const Eigen::VectorXd& s,
                  std::vector<double>* shares = nullptr) {
  double most = -std::numeric_limits<double>::infinity();
  const auto exponent = [&](const Coupling& e) { return 2 * (e.log + s(e.j) - s(e.i)); };
  for (const Coupling& e : edges)
    most = std::max(most, exponent(e));
  double sum = 0;
  if (shares != nullptr) shares->clear();
  for (const Coupling& e : edges) {
    const double term = std::exp(exponent(e) - most);
    sum += term;
    if (shares != nullptr) shares->push_back(term);
  }
  if (shares != nullptr)
    for (double& share : *shares)
      share /= sum;
  return most + std::log(sum);
}

// The logarithms of S, as far as they are known relative to each other: a forest of trees, which
// are joined one by one.
class RelativeScales {
 public:
  explicit RelativeScales(Eigen::Index n) : parent_(n), beside_parent_(n, 0.0) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }

  // ln S_k relative to the root of its tree, and the root.
  [[nodiscard]] std::pair<double, int> of(int k) {
    double sum = 0;
    int root = k;
    for (; parent_[root] != root; root = parent_[root])
      sum += beside_parent_[root];
    // Path compression: later calls find the root directly.
    for (double rest = sum; parent_[k] != root && k != root;) {
      const double own = std::exchange(beside_parent_[k], rest);
      rest -= own;
      k = std::exchange(parent_[k], root);
    }
    return {sum, root};
  }
  // Sets s_j - s_i = step, unless it is already determined.
  void join(int i, int j, double step) {
    const auto [of_i, root_i] = of(i);
    const auto [of_j, root_j] = of(j);
    if (root_i == root_j) return;
    parent_[root_j] = root_i;
    beside_parent_[root_j] = of_i + step - of_j;
  }

 private:
  std::vector<int> parent_;
  std::vector<double> beside_parent_;
};

// Makes A_ij and A_ji equal in magnitude, for the strongest pairs that form no cycle. This is exact
// in detailed balance, however large the entries are. Entries without a partner come last, and are
// made equal to the mean.
Eigen::VectorXd pairwise_balance(const std::vector<Coupling>& edges, Eigen::Index n) {
  const auto before = [](const Coupling& a, const Coupling& b) {
    return a.i != b.i ? a.i < b.i : a.j < b.j;
  };
  struct Link {
    int i;
    int j;
    double step;  // s_j - s_i
    bool is_pair;
    double strength;  // ln of the geometric mean of A_ij and A_ji
  };
  double mean = 0;
  for (const Coupling& e : edges)
    mean += e.log / static_cast<double>(edges.size());
  std::vector<Link> links;
  for (const Coupling& e : edges) {
    const Coupling mirrored{e.j, e.i, 0};
    const auto partner = std::lower_bound(edges.begin(), edges.end(), mirrored, before);
    const bool is_pair = partner != edges.end() && partner->i == e.j && partner->j == e.i;
    if (!is_pair) {
      links.push_back({e.i, e.j, mean - e.log, false, e.log});
    } else if (e.i < e.j) {
      links.push_back({e.i, e.j, (partner->log - e.log) / 2, true, (partner->log + e.log) / 2});
    }
  }
  std::stable_sort(links.begin(), links.end(), [](const Link& a, const Link& b) {
    return a.is_pair != b.is_pair ? a.is_pair : a.strength > b.strength;
  });
  RelativeScales scales(n);
  for (const Link& link : links)
    scales.join(link.i, link.j, link.step);
  Eigen::VectorXd s(n);
  for (int k = 0; k < static_cast<int>(n); ++k)
    s(k) = scales.of(k).first;
  return s;
}

// ln of S for couplings within strongly connected parts.
Eigen::VectorXd smallest_norm(const std::vector<Coupling>& edges, Eigen::Index n) {
  Eigen::VectorXd s = Eigen::VectorXd::Zero(n);
  if (edges.empty()) return s;
  const Eigen::VectorXd guess = pairwise_balance(edges, n);
  if (log_square(edges, guess) < log_square(edges, s)) s = guess;
  for (int step = 0; step < most_newton_steps; ++step) {
    std::vector<double> shares;
    const double here = log_square(edges, s, &shares);
    Eigen::VectorXd gradient = Eigen::VectorXd::Zero(n);
    for (std::size_t e = 0; e < edges.size(); ++e) {
      gradient(edges[e].j) += 2 * shares[e];
      gradient(edges[e].i) -= 2 * shares[e];
    }
    for (double& share : shares)
      share *= 4;
    Eigen::VectorXd way = -Laplacian(edges, std::move(shares), n).solve(gradient);
    const double longest = way.cwiseAbs().maxCoeff();
    if (!(longest > enough)) break;
    // Far from the minimum, a Newton step reduces the exponentials only by a constant factor. A
    // longer step is taken if it reduces them more.
    double length = std::min(1.0, 4 / longest);
    double least = log_square(edges, s + length * way);
    while (!(least < here) && length > 1e-3)
      least = log_square(edges, s + (length /= 4) * way);
    if (!(least < here)) break;
    for (double next = least; (next = log_square(edges, s + 2 * length * way)) < least;) {
      least = next;
      length *= 2;
    }
    s += length * way;
    if (here - least < 1e-4 && longest < 1) break;
  }
  return s;
}

// Scales the parts relative to each other, so that the couplings between them are weak compared
// with the diagonal. Parts are numbered such that A_ij couples part_of[j] to an equal or later
// part_of[i].
void set_apart(const std::vector<Coupling>& between, const std::vector<int>& part_of,
               const SparseRows& a, Eigen::VectorXd& s) {
  if (between.empty()) return;
  double largest = 0;
  for (int i = 0; i < a.outerSize(); ++i)
    for (SparseRows::InnerIterator entry(a, i); entry; ++entry)
      largest = std::max(largest, std::abs(entry.value()));
  const Eigen::VectorXd diagonal = a.diagonal();
  const int parts = 1 + *std::max_element(part_of.begin(), part_of.end());
  std::vector<std::vector<Coupling>> into(parts);
  for (const Coupling& e : between)
    into[part_of[e.i]].push_back(e);
  Eigen::VectorXd shift = Eigen::VectorXd::Zero(parts);
  for (int part = 0; part < parts; ++part) {
    for (const Coupling& e : into[part]) {
      const double beside = std::max(std::abs(diagonal(e.i)), std::abs(diagonal(e.j)));
      const double allowed = std::log(beside > 0 ? beside : largest) + log_weak;
      shift(part) = std::max(shift(part), e.log + s(e.j) + shift(part_of[e.j]) - s(e.i) - allowed);
    }
  }
  for (Eigen::Index k = 0; k < s.size(); ++k)
    s(k) += shift(part_of[k]);
}

// A_ij 2^(e_j - e_i)
double scaled(double value, const std::vector<int>& e, int i, int j) {
  return std::ldexp(value, e[j] - e[i]);
}

}  // namespace

SparseRows gather_rows(Mat matrix) {
  int rank = 0;
  MPI_Comm_rank(PetscObjectComm(reinterpret_cast<PetscObject>(matrix)), &rank);
  PetscInt n = 0;
  LINDWURM_PETSC(MatGetSize(matrix, &n, nullptr));
  IsHandle all;
  LINDWURM_PETSC(ISCreateStride(PETSC_COMM_SELF, rank == 0 ? n : 0, 0, 1, all.put()));
  const IS rows = all;
  Mat* parts = nullptr;
  LINDWURM_PETSC(MatCreateSubMatrices(matrix, 1, &rows, &rows, MAT_INITIAL_MATRIX, &parts));
  std::vector<Eigen::Triplet<double, int>> entries;
  for (PetscInt row = 0; rank == 0 && row < n; ++row) {
    PetscInt count = 0;
    const PetscInt* columns = nullptr;
    const PetscScalar* values = nullptr;
    LINDWURM_PETSC(MatGetRow(parts[0], row, &count, &columns, &values));
    for (PetscInt k = 0; k < count; ++k)
      if (values[k] != 0) entries.emplace_back(row, columns[k], values[k]);
    LINDWURM_PETSC(MatRestoreRow(parts[0], row, &count, &columns, &values));
  }
  LINDWURM_PETSC(MatDestroySubMatrices(1, &parts));
  SparseRows gathered(rank == 0 ? n : 0, rank == 0 ? n : 0);
  gathered.setFromTriplets(entries.begin(), entries.end());
  return gathered;
}

std::vector<int> balancing_exponents(const SparseRows& a) {
  const std::vector<int> part_of = strong_components(a);
  std::vector<Coupling> within;
  std::vector<Coupling> between;
  for (int i = 0; i < a.outerSize(); ++i) {
    for (SparseRows::InnerIterator entry(a, i); entry; ++entry) {
      const int j = static_cast<int>(entry.col());
      if (i == j) continue;
      (part_of[i] == part_of[j] ? within : between)
          .push_back({i, j, std::log(std::abs(entry.value()))});
    }
  }
  Eigen::VectorXd s = smallest_norm(within, a.rows());
  set_apart(between, part_of, a, s);
  std::vector<int> exponents(a.rows(), 0);
  if (a.rows() == 0) return exponents;
  const double middle = (s.maxCoeff() + s.minCoeff()) / 2;
  if ((s.maxCoeff() - s.minCoeff()) / std::numbers::ln2 < least_span) return exponents;
  for (Eigen::Index k = 0; k < s.size(); ++k) {
    const double power = std::round((s(k) - middle) / std::numbers::ln2);
    exponents[k] = static_cast<int>(std::clamp<double>(power, -largest_exponent, largest_exponent));
  }
  return exponents;
}

Balancing::Balancing(const Liouvillian& liouvillian) {
  const MPI_Comm comm = liouvillian.communicator();
  {
    const AssembledPart matrix(liouvillian);
    rows_ = gather_rows(matrix);
  }
  const auto n = static_cast<int>(liouvillian.basis().size());
  on_rank_0(comm, [&] {
    exponents_ = balancing_exponents(rows_);
    double square = 0;
    for (int i = 0; i < n; ++i)
      for (SparseRows::InnerIterator entry(rows_, i); entry; ++entry)
        square += std::pow(scaled(entry.value(), exponents_, i, static_cast<int>(entry.col())), 2);
    balanced_norm_ = std::sqrt(square);
    const auto [least, most] = std::minmax_element(exponents_.begin(), exponents_.end());
    span_ = n > 0 ? *most - *least : 0;
  });
  MPI_Bcast(&balanced_norm_, 1, MPI_DOUBLE, 0, comm);
  MPI_Bcast(&span_, 1, MPI_INT, 0, comm);
  if (span_ == 0) return;
  std::vector<int> all = exponents_;
  all.resize(n);
  MPI_Bcast(all.data(), n, MPI_INT, 0, comm);
  scale_ = liouvillian.vector();
  PetscInt first = 0;
  PetscInt last = 0;
  LINDWURM_PETSC(VecGetOwnershipRange(scale_, &first, &last));
  PetscScalar* values = nullptr;
  LINDWURM_PETSC(VecGetArrayWrite(scale_, &values));
  for (PetscInt k = first; k < last; ++k)
    values[k - first] = std::ldexp(1.0, all[k]);
  LINDWURM_PETSC(VecRestoreArrayWrite(scale_, &values));
}

Eigen::MatrixXd Balancing::balanced() const {
  Eigen::MatrixXd b = Eigen::MatrixXd::Zero(rows_.rows(), rows_.cols());
  for (int i = 0; i < rows_.outerSize(); ++i)
    for (SparseRows::InnerIterator entry(rows_, i); entry; ++entry)
      b(i, entry.col()) = scaled(entry.value(), exponents_, i, static_cast<int>(entry.col()));
  return b;
}

void Balancing::to_right(Vec v) const {
  if (!is_trivial()) LINDWURM_PETSC(VecPointwiseMult(v, v, scale_));
}
void Balancing::to_left(Vec w) const {
  if (!is_trivial()) LINDWURM_PETSC(VecPointwiseDivide(w, w, scale_));
}

ScaledLiouvillian::ScaledLiouvillian(const Liouvillian& liouvillian, const Balancing& balancing)
    : matrix_(liouvillian.constant_part()) {
  if (balancing.is_trivial()) return;
  scale_ = liouvillian.vector();
  inverse_ = liouvillian.vector();
  LINDWURM_PETSC(VecCopy(balancing.scale(), scale_));
  LINDWURM_PETSC(VecCopy(balancing.scale(), inverse_));
  LINDWURM_PETSC(VecReciprocal(inverse_));
  LINDWURM_PETSC(MatDiagonalScale(matrix_, inverse_, scale_));
}

ScaledLiouvillian::~ScaledLiouvillian() {
  // Scaling back by powers of two restores the matrix exactly.
  if (scale_.get() != nullptr) (void)MatDiagonalScale(matrix_, scale_, inverse_);
}

}  // namespace lindwurm
