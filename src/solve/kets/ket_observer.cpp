#include "ket_observer.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "lindwurm/backend/dense.hpp"
#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

constexpr Eigen::Index norm_row = 0;
constexpr Eigen::Index energy_row = 1;

// A bound on |A|: the sum over the terms of the product of the factors' largest singular values.
// Each of these is at most the square root of the largest row sum times the largest column sum.
double norm_bound(const Operator& a) {
  double bound = 0;
  for (const auto& term : a.terms()) {
    double product = std::abs(term.coefficient.constant());
    for (const auto& factor : term.factors) {
      const Eigen::MatrixXd sizes = Eigen::MatrixXcd(factor.matrix).cwiseAbs();
      product *= std::sqrt(sizes.rowwise().sum().maxCoeff() * sizes.colwise().sum().maxCoeff());
    }
    bound += product;
  }
  return bound;
}

// A range that contains the eigenvalues of a Hermitian matrix times a real number.
Range eigenvalue_range(double coefficient, const Eigen::MatrixXcd& matrix) {
  const Eigen::VectorXd values = hermitian_eigenvalues(coefficient * matrix);
  return {values.minCoeff(), values.maxCoeff()};
}

bool is_hermitian_matrix(const SiteMatrix& matrix) {
  const Eigen::MatrixXcd dense(matrix);
  return (dense - dense.adjoint()).cwiseAbs().maxCoeff() <= 1e-14 * dense.cwiseAbs().maxCoeff();
}

// A range that contains <A> for one product of Hermitian matrices with a real coefficient. For any
// other term, it contains the expectation values of its Hermitian part.
Range range_of(const ProductTerm& term) {
  const Complex c = term.coefficient.constant();
  Range range{c.real(), c.real()};
  for (const auto& factor : term.factors) {
    if (c.imag() != 0 || !is_hermitian_matrix(factor.matrix)) {
      const double bound = norm_bound(Operator(std::vector<ProductTerm>{term}));
      return {-bound, bound};
    }
    const Range of_factor = eigenvalue_range(1, Eigen::MatrixXcd(factor.matrix));
    const auto corners = {range.least * of_factor.least, range.least * of_factor.greatest,
                          range.greatest * of_factor.least, range.greatest * of_factor.greatest};
    range = {std::min(corners), std::max(corners)};
  }
  return range;
}

// A range that contains the expectation values of the Hermitian part of A: the sum of the ranges of
// the terms.
Range hermitian_range(const Operator& a) {
  Range range;
  for (const auto& term : a.terms()) {
    const Range of_term = range_of(term);
    range.least += of_term.least;
    range.greatest += of_term.greatest;
  }
  return range;
}

// The largest possible difference of <A> between two states.
double spread_bound(const Operator& a) {
  if (is_hermitian(a)) return hermitian_range(a).width();
  return std::hypot(hermitian_range(a).width(),
                    hermitian_range(Coefficient(Complex(0, -1)) * a).width());
}

}  // namespace

KetColumns::KetColumns(const Model& model, const EvolveOptions& options)
    : reduced_(options.reduced),
      sites_(options.sites),
      space_(model.space),
      has_changes_(options.reduced_changes) {
  for (const SiteAt& each : sites_)
    reduced_.emplace_back(space_, std::vector<int>{each.site});
  const auto sum = [&](const Expression& expression) {
    return sum_over_members(expression, model.space, model.parameters).simplified();
  };
  size_ = 1;
  const auto add = [&](Operator a) {
    operators_.push_back(std::move(a));
    return size_++;
  };
  const Operator h = sum(model.hamiltonian);
  has_energy_ = model.dissipators.empty() && model.baths.empty() && h.is_constant();
  if (has_energy_) add(h);
  for (auto& [site, projector] : top_levels(model.space)) {
    tops_.push_back(site);
    add(std::move(projector));
  }
  for (const auto& [name, content] : options.observe) {
    if (std::holds_alternative<MultipletPopulation>(content))
      throw InputError(fmt::format("'{}': kets have no ensembles", name));
    if (std::holds_alternative<HeatCurrent>(content)) {
      throw InputError(fmt::format("'{}': kets know of no bath that heat could come from", name));
    }
    const auto* function = std::get_if<StateFunction>(&content);
    functions_.push_back(function != nullptr ? *function : StateFunction{});
    if (function != nullptr) {
      rows_.emplace_back();
      is_real_.push_back(true);
    } else {
      const Operator a =
          observable_operator(std::get<Expression>(content), model.space, model.parameters)
              .simplified();
      is_real_.push_back(is_hermitian(a));
      rows_.emplace_back(add(a));
    }
  }
  for (const ReducedSpace& each : reduced_)
    size_ +=
        static_cast<Eigen::Index>(each.dimension()) * each.dimension() * (has_changes_ ? 2 : 1);
}

std::optional<Eigen::Index> KetColumns::row_of(std::size_t observable) const {
  return rows_[observable];
}

KetDiagnostics KetColumns::diagnostics(const Eigen::MatrixXcd& columns) const {
  KetDiagnostics worst;
  worst.norm_error = (columns.row(norm_row).real().array() - 1).abs().maxCoeff();
  if (has_energy_) {
    const auto energies = columns.row(energy_row).real().array();
    worst.energy_drift = (energies - energies(0)).abs().maxCoeff();
  }
  const Eigen::Index first_top = has_energy_ ? energy_row + 1 : energy_row;
  for (std::size_t k = 0; k < tops_.size(); ++k) {
    worst.top_levels.emplace_back(
        tops_[k], columns.row(first_top + static_cast<Eigen::Index>(k)).real().maxCoeff());
  }
  return worst;
}

void KetColumns::read(const Eigen::MatrixXcd& columns, double purity, double entropy,
                      TimeSeries& run) const {
  run.is_hermitian = is_real_;
  run.values.clear();
  for (std::size_t k = 0; k < rows_.size(); ++k) {
    auto& values = run.values.emplace_back();
    for (Eigen::Index j = 0; j < columns.cols(); ++j) {
      // The weight psi^dag psi of the state.
      const double weight = columns(norm_row, j).real();
      values.push_back(rows_[k]                                 ? columns(*rows_[k], j)
                       : functions_[k] == StateFunction::purity ? purity * weight * weight
                                                                : entropy);
    }
  }
  Eigen::Index row = 1 + static_cast<Eigen::Index>(operators_.size());
  run.reduced.clear();
  for (const ReducedSpace& kept : reduced_) {
    auto& series = run.reduced.emplace_back(kept);
    const Eigen::Index d = kept.dimension();
    const auto read_matrices = [&](std::vector<Eigen::MatrixXcd>& matrices) {
      for (Eigen::Index j = 0; j < columns.cols(); ++j)
        matrices.emplace_back(columns.col(j).segment(row, d * d).reshaped(d, d));
      row += d * d;
    };
    read_matrices(series.states);
    if (has_changes_) read_matrices(series.changes);
  }
  run.site_states.assign(sites_.size(), {});
  for (std::size_t k = 0; k < sites_.size(); ++k) {
    const ReducedSeries& series = run.reduced[reduced_.size() - sites_.size() + k];
    Group site = space_.group_of(sites_[k].site);
    site.basis = SpinBasis::z;
    for (std::size_t j = 0; j < run.times.size(); ++j) {
      if (!std::binary_search(sites_[k].times.begin(), sites_[k].times.end(), run.times[j]))
        continue;
      const Eigen::MatrixXcd rows = series.states[j].transpose();
      run.site_states[k].push_back({site, rows.reshaped()});
    }
  }
}

void KetColumns::read_errors(const Eigen::MatrixXd& squared, double neglected_weight,
                             TimeSeries& run) const {
  run.errors.clear();
  for (const auto& row : rows_) {
    auto& series = run.errors.emplace_back(squared.cols(), 0.0);
    if (!row) continue;
    const double bound = spread_bound(operators_[*row - 1]) * neglected_weight;
    for (Eigen::Index j = 0; j < squared.cols(); ++j)
      series[j] = std::sqrt(squared(*row, j)) + bound;
  }
  read_reduced_errors(squared, neglected_weight, run);
}

void KetColumns::read_reduced_errors(const Eigen::MatrixXd& squared, double neglected_weight,
                                     TimeSeries& run) const {
  Eigen::Index row = 1 + static_cast<Eigen::Index>(operators_.size());
  for (ReducedSeries& series : run.reduced) {
    series.bound = neglected_weight;
    const Eigen::Index d = series.kept.dimension();
    for (Eigen::Index j = 0; j < squared.cols(); ++j) {
      const auto of_matrix = squared.col(j).segment(row, d * d).reshaped(d, d);
      series.errors.emplace_back(of_matrix.cwiseSqrt());
    }
    row += d * d * (has_changes_ ? 2 : 1);
  }
}

void KetColumns::read_intervals(const ColumnMean& mean, double miss, bool starts_exactly,
                                TimeSeries& run) const {
  const Eigen::MatrixXd squared = mean.squared_error();
  run.errors.clear();
  run.standard_errors.clear();
  Eigen::Index components = 0;
  for (std::size_t k = 0; k < rows_.size(); ++k)
    if (rows_[k]) components += (is_real_[k] ? 1 : 2) * squared.cols();
  const double miss_each = miss / static_cast<double>(std::max<Eigen::Index>(components, 1));
  for (std::size_t k = 0; k < rows_.size(); ++k) {
    auto& intervals = run.errors.emplace_back(squared.cols(), 0.0);
    auto& standard = run.standard_errors.emplace_back(squared.cols(), 0.0);
    if (!rows_[k]) continue;
    const Operator& a = operators_[*rows_[k] - 1];
    const Range real = hermitian_range(a);
    const Range imaginary =
        is_real_[k] ? Range{} : hermitian_range(Coefficient(Complex(0, -1)) * a);
    for (Eigen::Index j = starts_exactly ? 1 : 0; j < squared.cols(); ++j) {
      const Complex value = mean.mean()(*rows_[k], j);
      standard[j] = std::sqrt(squared(*rows_[k], j));
      // For a complex value, this is the variance of both parts together, which is no less than
      // that of either part.
      const double variance = squared(*rows_[k], j) * static_cast<double>(mean.count());
      intervals[j] = std::hypot(
          confidence_half_width(value.real(), variance, mean.count(), real, miss_each),
          confidence_half_width(value.imag(), variance, mean.count(), imaginary, miss_each));
    }
  }
  read_reduced_errors(squared, 0, run);
}

double KetColumns::largest_norm() const {
  double largest = 0;
  for (const auto& row : rows_)
    if (row) largest = std::max(largest, norm_bound(operators_[*row - 1]));
  return largest;
}

double KetColumns::largest_error(const Eigen::MatrixXd& squared) const {
  double largest = 0;
  for (const auto& row : rows_)
    if (row) largest = std::max(largest, squared.row(*row).maxCoeff());
  return std::sqrt(largest);
}

KetObserver::KetObserver(const KetColumns& columns, const KetGenerator& generator)
    : columns_(columns), generator_(generator), scratch_(generator.vector()) {
  for (const Operator& a : columns.operators())
    expectations_.emplace_back(a, generator);
  for (const ReducedSpace& kept : columns.reduced())
    traces_.emplace_back(kept, generator.basis(), scratch_);
}

Eigen::VectorXcd KetObserver::column(double t, Vec ket) const {
  Eigen::VectorXcd column(columns_.size());
  Eigen::Index row = 0;
  const double length = norm(ket);
  column(row++) = length * length / 2;
  for (const KetExpectation& expectation : expectations_)
    column(row++) = expectation.of(ket, scratch_);
  const auto append = [&](const Eigen::MatrixXcd& matrix) {
    column.segment(row, matrix.size()) = matrix.reshaped();
    row += matrix.size();
  };
  if (columns_.has_changes()) generator_.apply(t, ket, scratch_);
  for (const KetPartialTrace& trace : traces_) {
    append(trace.of(ket));
    if (!columns_.has_changes()) continue;
    const Eigen::MatrixXcd half = trace.of(scratch_, ket);
    append(half + half.adjoint());
  }
  return column;
}

}  // namespace lindwurm
