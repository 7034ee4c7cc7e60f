#include "lindwurm/generator/dilu.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <vector>

#include "lindwurm/backend/error.hpp"
#include "sliced_sum.hpp"

namespace lindwurm {

namespace {

// The smallest |d_i| of a pivot, in units of tau.
constexpr double least_pivot = 1e-3;

// What a leader reads from one slot: the weight times the inner matrix of a group.
struct Coupling {
  int slot;
  int group;
  Reading reading;
  Complex weight;
};

}  // namespace

class Dilu::Factors {
 public:
  Factors(SlicedSum& sum, Complex z) : sum_(sum) {
    const LoggedEvent factoring(log_event("DiluFactor"));
    int longest = 0;
    std::size_t size = 0;
    for (int l = 0; l < sum_.own_leaders(); ++l) {
      first_.push_back(size);
      size += 2 * static_cast<std::size_t>(sum_.length_of(l));
      longest = std::max(longest, sum_.length_of(l));
    }
    inverse_.resize(size);
    incoming_.resize(2 * static_cast<std::size_t>(longest));
    single_.resize(longest);
    find_typical_size();
    for (int l = 0; l < sum_.own_leaders(); ++l)
      factor(l, z);
    products_known_.clear();
  }

  void solve(const double* b, double* x) {
    const LoggedEvent solving(solving_);
    const int leaders = sum_.own_leaders();
    std::copy_n(b, sum_.own_size(), x);
    for (int l = 0; l < leaders; ++l)
      sweep<true>(l, x);
    for (int l = leaders; l-- > 0;)
      sweep<false>(l, x);
  }

 private:
  // A leader's own block without its diagonal, by rows. In each row, the columns below the diagonal
  // come first, then those above.
  struct Block {
    std::vector<int> first;   // the first entry of each row, and one more at the end
    std::vector<int> middle;  // the first entry above the diagonal in each row
    std::vector<int> column;
    std::vector<Complex> value;
    // For entries below: the product with the entry at the mirrored place.
    std::vector<Complex> product;
  };
  // The sum over j of B_g[i, j] B_g'[j, i], as a matrix that acts on a vector with index j.
  struct ProductEntry {
    int row;
    int column;
    double value;
  };

  // The couplings in the order of the slots. If `only` names a slot, those of this slot alone.
  void read_couplings(int leader, int only, std::vector<Coupling>& to) const {
    to.clear();
    for (const Gather& gather : sum_.gathers(leader)) {
      for (const Link& link : sum_.links(gather)) {
        if (only >= 0 && link.slot != only) continue;
        to.push_back({link.slot, gather.group, link.reading(), sum_.weight(link)});
      }
    }
    std::stable_sort(to.begin(), to.end(),
                     [](const Coupling& a, const Coupling& b) { return a.slot < b.slot; });
  }

  [[nodiscard]] const PackedBasis::SliceKind& kind_of(int leader) const {
    return sum_.basis().kinds()[sum_.kind_of(leader)];
  }

  // True if L couples the leader's elements among themselves.
  static bool is_own(const Coupling& c, int leader) {
    return c.slot == leader && c.reading != Reading::crossed;
  }

  void add_diagonal(int leader, std::vector<Complex>& diagonal) {
    const auto& elements = kind_of(leader).elements;
    read_couplings(leader, leader, there_);
    for (const Coupling& c : there_) {
      if (!is_own(c, leader)) continue;
      for (std::size_t i = 0; i < elements.size(); ++i) {
        diagonal[i] += c.weight * sum_.inner_matrix(c.group).coeff(elements[i], elements[i]);
      }
    }
  }

  void find_typical_size() {
    double square = 0;
    double count = 0;
    for (int l = 0; l < sum_.own_leaders(); ++l) {
      std::vector<Complex> diagonal(sum_.length_of(l), 0.0);
      add_diagonal(l, diagonal);
      for (const Complex& value : diagonal)
        square += std::norm(value);
      count += static_cast<double>(diagonal.size());
    }
    MPI_Allreduce(MPI_IN_PLACE, &square, 1, MPI_DOUBLE, MPI_SUM, sum_.communicator());
    MPI_Allreduce(MPI_IN_PLACE, &count, 1, MPI_DOUBLE, MPI_SUM, sum_.communicator());
    if (square > 0) tau_ = std::sqrt(square / count);
  }

  void factor(int leader, Complex z) {
    const auto& kind = kind_of(leader);
    const auto n = kind.elements.size();
    if (z.imag() != 0 && sum_.is_single(leader))
      throw Error("D-ILU of L - z takes a real z where elements are their own mirrors");
    std::vector<Complex> d(n, -z);
    add_diagonal(leader, d);
    read_couplings(leader, -1, here_);
    for (const Coupling& c : here_) {
      const RealMatrix& inner = sum_.inner_matrix(c.group);
      const double weight = std::norm(c.weight) / tau_;
      for (std::size_t i = 0; i < n; ++i) {
        for (RealMatrix::InnerIterator it(inner, kind.elements[i]); it; ++it) {
          const bool is_diagonal = is_own(c, leader) && it.col() == kind.elements[i];
          if (!is_diagonal) d[i] -= weight * it.value() * it.value();
        }
      }
    }
    subtract_earlier(leader, d);
    const int number = block_of(leader);
    block_number_.push_back(number);
    const Block& block = blocks_[number];
    double* alpha = inverse_.data() + first_[leader];
    for (std::size_t i = 0; i < n; ++i) {
      for (int k = block.first[i]; k < block.middle[i]; ++k) {
        const int j = block.column[k];
        d[i] -= block.product[k] * Complex(alpha[j], alpha[n + j]);
      }
      if (std::abs(d[i]) < least_pivot * tau_) d[i] = -least_pivot * tau_;
      const Complex inverse = 1.0 / d[i];
      alpha[i] = inverse.real();
      alpha[n + i] = inverse.imag();
    }
  }

  // d_i -= L_ij L_ji / d_j over the leaders before this one. What is read crosswise comes from the
  // mirrors, whose pivots are the complex conjugates.
  void subtract_earlier(int leader, std::vector<Complex>& d) {
    int slot = -1;
    for (const Coupling& forth : here_) {
      if (forth.slot >= leader) break;
      if (forth.slot != slot) read_couplings(forth.slot, leader, there_);
      slot = forth.slot;
      const bool is_crossed = forth.reading == Reading::crossed;
      const double* alpha = inverse_.data() + first_[forth.slot];
      const auto n = static_cast<std::size_t>(sum_.length_of(forth.slot));
      for (const Coupling& back : there_) {
        const bool fits =
            back.reading == Reading::single || (back.reading == Reading::crossed) == is_crossed;
        if (!fits) continue;
        const Complex weight = forth.weight * (is_crossed ? std::conj(back.weight) : back.weight);
        for (const ProductEntry& entry : products(leader, forth, back)) {
          const Complex inverse(alpha[entry.column], alpha[n + entry.column]);
          d[entry.row] -= weight * entry.value * (is_crossed ? std::conj(inverse) : inverse);
        }
      }
    }
  }

  const std::vector<ProductEntry>& products(int leader, const Coupling& forth,
                                            const Coupling& back) {
    const bool is_crossed = forth.reading == Reading::crossed;
    const int kind_here = sum_.kind_of(leader);
    const int kind_there = sum_.kind_of(forth.slot);
    const auto [found, is_new] =
        products_known_.try_emplace({forth.group, back.group, kind_here, kind_there, is_crossed});
    if (!is_new) return found->second;
    const auto& basis = sum_.basis();
    const auto& rows = kind_of(leader);
    const auto& columns = kind_of(forth.slot);
    const RealMatrix& b = sum_.inner_matrix(forth.group);
    const RealMatrix& b_back = sum_.inner_matrix(back.group);
    const auto mirror = [&](int i) { return is_crossed ? basis.inner_mirror(i) : i; };
    for (std::size_t row = 0; row < rows.elements.size(); ++row) {
      const int i = rows.elements[row];
      for (RealMatrix::InnerIterator it(b, i); it; ++it) {
        const int j = mirror(static_cast<int>(it.col()));
        if (columns.place[j] < 0) continue;
        const double value = it.value() * b_back.coeff(j, mirror(i));
        if (value != 0) {
          found->second.push_back({static_cast<int>(row), columns.place[j], value});
        }
      }
    }
    return found->second;
  }

  // There are few different blocks. They depend on the kind of slice and on the weights of what
  // acts within it.
  int block_of(int leader) {
    const int kind_number = sum_.kind_of(leader);
    std::vector<std::tuple<int, double, double>> signature{{kind_number, 0, 0}};
    for (const Coupling& c : here_) {
      if (is_own(c, leader) && has_off_diagonal(c.group)) {
        signature.emplace_back(c.group, c.weight.real(), c.weight.imag());
      }
    }
    const auto [found, is_new] =
        blocks_known_.try_emplace(std::move(signature), static_cast<int>(blocks_.size()));
    if (is_new) blocks_.push_back(make_block(leader));
    return found->second;
  }

  bool has_off_diagonal(int group) {
    const auto [found, is_new] = off_diagonal_known_.try_emplace(group, false);
    if (is_new) {
      const RealMatrix& inner = sum_.inner_matrix(group);
      for (int row = 0; row < inner.outerSize(); ++row) {
        for (RealMatrix::InnerIterator it(inner, row); it; ++it)
          found->second = found->second || it.row() != it.col();
      }
    }
    return found->second;
  }

  Block make_block(int leader) {
    const auto& kind = kind_of(leader);
    std::vector<std::map<int, Complex>> rows(kind.elements.size());
    for (const Coupling& c : here_) {
      if (!is_own(c, leader) || !has_off_diagonal(c.group)) continue;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        for (RealMatrix::InnerIterator it(sum_.inner_matrix(c.group), kind.elements[i]); it; ++it) {
          if (it.col() == kind.elements[i] || kind.place[it.col()] < 0) continue;
          rows[i][kind.place[it.col()]] += c.weight * it.value();
        }
      }
    }
    Block block;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      block.first.push_back(static_cast<int>(block.column.size()));
      bool is_below = true;
      for (const auto& [j, value] : rows[i]) {
        if (is_below && j > static_cast<int>(i)) {
          block.middle.push_back(static_cast<int>(block.column.size()));
          is_below = false;
        }
        const auto back = rows[j].find(static_cast<int>(i));
        block.column.push_back(j);
        block.value.push_back(value);
        block.product.push_back(back == rows[j].end() ? 0.0 : value * back->second);
      }
      if (is_below) block.middle.push_back(static_cast<int>(block.column.size()));
    }
    block.first.push_back(static_cast<int>(block.column.size()));
    return block;
  }

  // One leader of the forward solve w = (D + lower)^-1 b, or of the backward solve x = w - D^-1
  // upper x. A complex number a + i b acts on packed pairs as u' = a u + b v, v' = a v - b u.
  template <bool is_forward>
  void sweep(int leader, double* x) {
    const int n = sum_.length_of(leader);
    const bool is_single = sum_.is_single(leader);
    double* u = x + sum_.start_of(leader);
    double* v = is_single ? single_.data() : u + n;
    double* in_u = incoming_.data();
    double* in_v = in_u + n;
    const SlotRange range =
        is_forward ? SlotRange{0, leader} : SlotRange{leader + 1, std::numeric_limits<int>::max()};
    sum_.apply_to(leader, range, x, in_u);
    const int* permutation = sum_.permutation(sum_.kind_of(leader)).data();
    if (is_single) {
      for (int i = 0; i < n; ++i) {
        v[i] = u[permutation[i]];
        in_v[i] = in_u[permutation[i]];
      }
    }
    const double* alpha = inverse_.data() + first_[leader];
    const double* beta = alpha + n;
    const Block& block = blocks_[block_number_[leader]];
    for (int step = 0; step < n; ++step) {
      const int i = is_forward ? step : n - 1 - step;
      double sum_u = in_u[i];
      double sum_v = in_v[i];
      const int first = is_forward ? block.first[i] : block.middle[i];
      const int last = is_forward ? block.middle[i] : block.first[i + 1];
      for (int k = first; k < last; ++k) {
        const double a = block.value[k].real();
        const double b = block.value[k].imag();
        const int j = block.column[k];
        sum_u += a * u[j] + b * v[j];
        sum_v += a * v[j] - b * u[j];
      }
      if constexpr (is_forward) {
        sum_u = u[i] - sum_u;
        sum_v = v[i] - sum_v;
        u[i] = alpha[i] * sum_u + beta[i] * sum_v;
        v[i] = alpha[i] * sum_v - beta[i] * sum_u;
      } else {
        u[i] -= alpha[i] * sum_u + beta[i] * sum_v;
        v[i] -= alpha[i] * sum_v - beta[i] * sum_u;
      }
    }
    if (is_single) {
      // Both orders of the elements have the same weight.
      for (int i = 0; i < n; ++i)
        in_u[i] = (u[i] + v[permutation[i]]) / 2;
      std::copy_n(in_u, n, u);
    }
  }

  SlicedSum& sum_;
  PetscLogEvent solving_ = log_event("DiluSolve");
  double tau_ = 1;
  std::vector<std::size_t> first_;  // the first pivot of each leader
  std::vector<double> inverse_;     // the inverse pivots of each leader's slice, Re, then Im
  std::vector<int> block_number_;   // the block of each leader
  std::vector<Block> blocks_;
  std::vector<double> incoming_;
  std::vector<double> single_;

  // Used only while factoring:
  std::vector<Coupling> here_;   // the couplings of the leader that is factored
  std::vector<Coupling> there_;  // those of another leader that read this one
  std::map<std::tuple<int, int, int, int, bool>, std::vector<ProductEntry>> products_known_;
  std::map<std::vector<std::tuple<int, double, double>>, int> blocks_known_;
  std::map<int, bool> off_diagonal_known_;
};

Dilu::Dilu(Mat matrix, Complex z)
    : sum_(sliced_sum(matrix)), z_(z), factors_(std::make_unique<Factors>(sum_, z)) {}

Dilu::~Dilu() = default;

void Dilu::solve(Vec b, Vec x) const {
  with_arrays(b, x, [&](const double* from, double* to) { factors_->solve(from, to); });
}

void Dilu::solve_transposed(Vec b, Vec x) {
  if (!transposed_) transposed_ = std::make_unique<Factors>(sum_.transposed(), std::conj(z_));
  with_arrays(b, x, [&](const double* from, double* to) { transposed_->solve(from, to); });
}

}  // namespace lindwurm
