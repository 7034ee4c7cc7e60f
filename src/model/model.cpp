#include "lindwurm/model/model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <unordered_map>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/rows.hpp"
#include "lindwurm/operators/symmetrised.hpp"

namespace lindwurm {

namespace {

constexpr double hermiticity_tolerance = 1e-12;

// If there are more rows than the first number, only as many as the second number are checked.
constexpr double most_rows = 1073741824;
constexpr std::int64_t first_rows = 1048576;

using Row = std::unordered_map<std::int64_t, Complex>;

Row read_row(RowReader& reader, const Operator& a, std::int64_t index) {
  Row row;
  reader.read(index, [&](std::size_t term, std::int64_t column, Complex value) {
    row[column] += a.terms()[term].coefficient.constant() * value;
  });
  return row;
}

Operator at_time(const Operator& a, double t) {
  std::vector<ProductTerm> terms = a.terms();
  for (auto& term : terms)
    term.coefficient = Coefficient(term.coefficient.at(t));
  return Operator(std::move(terms));
}

// The sites that a sum acts on.
std::set<int> sites_of(const Operator& a) {
  std::set<int> sites;
  for (const auto& term : a.terms()) {
    for (const auto& factor : term.factors)
      sites.insert(factor.site);
  }
  return sites;
}

// The number of the state in which these sites are in their k-th product state, and all others in
// their first state.
std::int64_t state_on(const std::set<int>& sites, std::int64_t k, const Space& space) {
  std::int64_t state = 0;
  std::int64_t stride = 1;
  for (int s = space.sites(); s-- > 0;) {
    const int d = space.dimension(s);
    if (sites.contains(s)) {
      state += k % d * stride;
      k /= d;
    }
    stride *= d;
  }
  return state;
}

}  // namespace

Model with_members(Model model) {
  model.space = model.space.with_members();
  return model;
}

std::vector<int> site_dimensions(const Space& space) {
  std::vector<int> dimensions(space.sites());
  for (int s = 0; s < space.sites(); ++s)
    dimensions[s] = space.dimension(s);
  return dimensions;
}

namespace {

std::string level_name(const Group& group, int level) {
  const char* axis = group.basis == SpinBasis::x ? "_x" : "";
  if (group.kind == SiteKind::spin) return fmt::format("{}{}", level == 0 ? "up" : "down", axis);
  if (group.kind != SiteKind::ensemble) return fmt::format("{}", level);
  return fmt::format("dicke{}({}, {})", axis, group.multiplets->of_state(level).two_j / 2.0,
                     group.multiplets->two_m(level) / 2.0);
}

}  // namespace

std::string state_name(const Space& space, std::int64_t state) {
  std::vector<std::string> parts(space.sites());
  for (int s = space.sites() - 1; s >= 0; --s) {
    const auto level = state % space.dimension(s);
    parts[s] = fmt::format("{}={}", space.site_name(s),
                           level_name(space.group_of(s), static_cast<int>(level)));
    state /= space.dimension(s);
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

namespace {

// Bounds on the numbers that were added up to give the elements of an operator.
struct Rounding {
  Operator magnitudes;  // on the space itself; empty if not known there
  double bound = 0;     // a bound for every element
};

// A bound on |<m|A|n>|.
double norm_of(const ProductTerm& term) {
  double product = std::abs(term.coefficient.constant());
  for (const Factor& factor : term.factors) {
    double largest = 0;
    for (int row = 0; row < factor.matrix.outerSize(); ++row)
      largest = std::max(largest, factor.matrix.row(row).cwiseAbs().sum());
    product *= largest;
  }
  return product;
}

Rounding rounding_in(const Expression& h, const Model& model, double t) {
  Rounding rounding{magnitudes(h, model.space, model.parameters, t)};
  if (!model.space.has_ensembles() && !model.space.joint()) return rounding;
  // The states of an ensemble, or of a joint basis, are not those of the named sites, so only the
  // common bound applies.
  for (const ProductTerm& term : rounding.magnitudes.terms())
    rounding.bound += norm_of(term);
  rounding.magnitudes = {};
  return rounding;
}

double largest_in(const Row& row) {
  double largest = 0;
  for (const auto& [column, value] : row)
    largest = std::max(largest, std::abs(value));
  return largest;
}

// Describes an element that violates H = H^dag at time t by more than rounding explains; empty if
// there is none. Rounding is measured by the elements of each row, or by the numbers that were
// added up to give them.
std::optional<std::string> hermiticity_defect(const Operator& h, const Space& space, double t,
                                              const Rounding& rounding = {}) {
  const Operator sum = at_time(h.simplified(), t).simplified();
  const Operator conjugate = dag(sum);
  // Usually the terms cancel as they are written, and no row needs to be read. Rows that differ
  // only on sites without remaining terms are equal.
  const Operator left = (sum - conjugate).simplified();
  if (left.terms().empty()) return std::nullopt;
  const std::set<int> sites = sites_of(left);
  double all = 1;
  for (int s : sites)
    all *= space.dimension(s);
  const auto dimensions = site_dimensions(space);
  const Operator mirrored = dag(rounding.magnitudes);
  RowReader rows(sum.terms(), dimensions);
  RowReader conjugate_rows(conjugate.terms(), dimensions);
  RowReader magnitude_rows(rounding.magnitudes.terms(), dimensions);
  RowReader mirrored_rows(mirrored.terms(), dimensions);
  const std::int64_t count = all > most_rows ? first_rows : static_cast<std::int64_t>(all);
  for (std::int64_t k = 0; k < count; ++k) {
    const std::int64_t m = state_on(sites, k, space);
    Row row = read_row(rows, sum, m);
    const Row conjugate_row = read_row(conjugate_rows, conjugate, m);
    const double scale = std::max({largest_in(row), largest_in(conjugate_row), rounding.bound,
                                   largest_in(read_row(magnitude_rows, rounding.magnitudes, m)),
                                   largest_in(read_row(mirrored_rows, mirrored, m))});
    Row difference = row;
    for (const auto& [column, value] : conjugate_row)
      difference[column] -= value;
    for (const auto& [column, value] : difference) {
      if (!(std::abs(value) <= hermiticity_tolerance * scale)) {
        const Complex here = row.contains(column) ? row[column] : 0.0;
        return fmt::format(
            "the Hamiltonian is not Hermitian: <{}|H|{}> = {} but the conjugate of its mirror is "
            "{}{}; add the Hermitian conjugate of the term, dag(...)",
            state_name(space, m), state_name(space, column), Coefficient(here).text(),
            Coefficient(here - value).text(), t == 0 ? "" : fmt::format(" at t = {}", t));
      }
    }
  }
  if (all > most_rows) {
    return fmt::format(
        "the Hamiltonian is not seen to be Hermitian: terms on {} sites do not cancel against "
        "their Hermitian conjugates as they are written, and are too many to be compared row by "
        "row; write each as A + dag(A)",
        sites.size());
  }
  return std::nullopt;
}

}  // namespace

void require_hermitian(const Operator& h, const Space& space, double t) {
  if (const auto defect = hermiticity_defect(h, space, t)) throw InputError(*defect);
}

Operator hermitian_hamiltonian(const Model& model) {
  Operator h = sum_over_members(model.hamiltonian, model.space, model.parameters);
  std::vector<ProductTerm> constant_terms;
  std::vector<ProductTerm> varying_terms;
  for (const ProductTerm& term : h.terms())
    (term.coefficient.is_constant() ? constant_terms : varying_terms).push_back(term);
  const Operator constant(std::move(constant_terms));
  if (!hermiticity_defect(constant, model.space, 0)) return h;
  const Rounding rounding = rounding_in(model.hamiltonian, model, 0);
  if (hermiticity_defect(constant, model.space, 0, rounding)) return h;
  return (Coefficient(0.5) * (constant + dag(constant)) + Operator(std::move(varying_terms)))
      .simplified();
}

void require_rate(const Coefficient& rate, const std::string& of, double t) {
  const Complex value = rate.at(t);
  if (std::isfinite(value.real()) && value.real() >= 0 && value.imag() == 0) return;
  refuse_rate(rate, of, t);
}

void refuse_rate(const Coefficient& rate, const std::string& of, double t) {
  const Complex value = rate.at(t);
  throw InputError(fmt::format(
      "the rate of \"{}\" is {}{}; a rate is a real number >= 0 (a term that is meant to have "
      "another sign goes under [[superoperator]])",
      of, Coefficient(value).text(), rate.is_constant() ? "" : fmt::format(" at t = {}", t)));
}

namespace {

Coefficient rate_of(const Dissipator& dissipator, const Scope& scope) {
  Coefficient rate = evaluate_number(dissipator.rate, scope);
  try {
    require_finite(rate, dissipator.rate, scope);
  } catch (const InputError& error) {
    throw InputError(fmt::format("the rate of \"{}\": {}", dissipator.op.text(), error.what()));
  }
  return rate;
}

}  // namespace

namespace {

// A bound on the largest element of a sum of products.
double bound_on_elements(const Operator& a) {
  double bound = 0;
  for (const ProductTerm& term : a.terms())
    bound += largest_row_sum({Coefficient(term.coefficient.constant()), term.factors});
  return bound;
}

void require_finite_square(const Jump& jump) {
  const double bound = bound_on_elements(jump.op);
  const double rate = std::abs(jump.rate.constant());
  if (std::isfinite(rate * bound * bound)) return;
  throw InputError(fmt::format(
      "the dissipator of \"{}\" is not finite: beside the rate it holds the operator twice, whose "
      "elements reach {:.3g}; use smaller numbers, or another unit",
      jump.text, bound));
}

}  // namespace

std::vector<Jump> jumps(const Dissipator& dissipator, const Model& model) {
  std::vector<Jump> all;
  if (dissipator.collective) {
    const Scope scope{.space = &model.space, .parameters = &model.parameters};
    all.push_back({sum_over_members(dissipator.op, model.space, model.parameters),
                   rate_of(dissipator, scope), dissipator.op.text()});
  } else {
    const bool has_sums = names_ensembles_as_sums(dissipator.op, model.space);
    const Space space = has_sums ? model.space : model.space.with_members();
    for (const Scope& scope : bindings({dissipator.op, dissipator.rate}, space, model.parameters)) {
      const Value value = evaluate(dissipator.op, scope);
      const auto* op = std::get_if<Operator>(&value);
      if (op == nullptr) {
        throw InputError(fmt::format("\"{}\" is no operator", dissipator.op.text()));
      }
      all.push_back({op->simplified(), rate_of(dissipator, scope), dissipator.op.text(),
                     model.space.has_ensembles() && !has_sums});
    }
  }
  for (const Jump& jump : all) {
    if (jump.rate.is_constant()) require_rate(jump.rate, jump.text, 0);
    require_finite_square(jump);
  }
  return all;
}

namespace {

// The sum of f(jump). Jumps of members are summed over all members of their ensembles.
template <typename Sum, typename Function>
Sum sum_over(const std::vector<Jump>& jumps, const Space& space, Function f) {
  Sum sum;
  Sum of_members;
  for (const Jump& jump : jumps)
    (jump.is_of_members ? of_members : sum) += f(jump);
  return sum += symmetrised(of_members, space);
}

}  // namespace

Superoperator dissipation(const std::vector<Jump>& jumps, const Space& space) {
  return sum_over<Superoperator>(jumps, space,
                                 [](const Jump& jump) { return jump.rate * dissipator(jump.op); });
}

Operator decay(const std::vector<Jump>& jumps, const Space& space) {
  return sum_over<Operator>(jumps, space,
                            [](const Jump& jump) { return jump.rate * (dag(jump.op) * jump.op); });
}

bool is_unitary(const Model& model) {
  return model.dissipators.empty() && model.baths.empty() && model.superoperators.empty();
}

}  // namespace lindwurm
