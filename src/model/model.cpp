#include "lindwurm/model/model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <set>
#include <unordered_map>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/bath_equation.hpp"
#include "lindwurm/operators/rows.hpp"
#include "lindwurm/operators/symmetrised.hpp"

namespace lindwurm {

namespace {

constexpr double hermiticity_tolerance = 1e-12;

// Of more rows than the first number only as many as the second are looked at.
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

// The number of the state that has these sites in their k-th product state, all others in their
// first.
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

void require_hermitian(const Operator& h, const Space& space, double t) {
  const Operator sum = at_time(h.simplified(), t).simplified();
  const Operator conjugate = dag(sum);
  // Most often the terms cancel as they are written, and no row need be read. Rows that differ on
  // sites without terms that are left differ in nothing else.
  const Operator left = (sum - conjugate).simplified();
  if (left.terms().empty()) return;
  const std::set<int> sites = sites_of(left);
  double all = 1;
  for (int s : sites)
    all *= space.dimension(s);
  const auto dimensions = site_dimensions(space);
  RowReader rows(sum.terms(), dimensions);
  RowReader conjugate_rows(conjugate.terms(), dimensions);
  const std::int64_t count = all > most_rows ? first_rows : static_cast<std::int64_t>(all);
  for (std::int64_t k = 0; k < count; ++k) {
    const std::int64_t m = state_on(sites, k, space);
    Row row = read_row(rows, sum, m);
    double scale = 0;
    for (const auto& [column, value] : row)
      scale = std::max(scale, std::abs(value));
    Row difference = row;
    for (const auto& [column, value] : read_row(conjugate_rows, conjugate, m)) {
      difference[column] -= value;
      scale = std::max(scale, std::abs(value));
    }
    for (const auto& [column, value] : difference) {
      if (!(std::abs(value) <= hermiticity_tolerance * scale)) {
        const Complex here = row.contains(column) ? row[column] : 0.0;
        throw InputError(fmt::format(
            "the Hamiltonian is not Hermitian: <{}|H|{}> = {} but the conjugate of its mirror is "
            "{}{}; add the Hermitian conjugate of the term, dag(...)",
            state_name(space, m), state_name(space, column), Coefficient(here).text(),
            Coefficient(here - value).text(), t == 0 ? "" : fmt::format(" at t = {}", t)));
      }
    }
  }
  if (all > most_rows) {
    throw InputError(fmt::format(
        "the Hamiltonian is not seen to be Hermitian: terms on {} sites do not cancel against "
        "their Hermitian conjugates as they are written, and are too many to be compared row by "
        "row; write each as A + dag(A)",
        sites.size()));
  }
}

void require_rate(const Coefficient& rate, const std::string& of, double t) {
  const Complex value = rate.at(t);
  if (std::isfinite(value.real()) && value.real() >= 0 && value.imag() == 0) return;
  throw InputError(fmt::format(
      "the rate of \"{}\" is {}{}; a rate is a real number >= 0 (a term that is meant to have "
      "another sign goes under [[superoperator]])",
      of, Coefficient(value).text(), rate.is_constant() ? "" : fmt::format(" at t = {}", t)));
}

std::vector<Jump> jumps(const Dissipator& dissipator, const Model& model) {
  std::vector<Jump> all;
  if (dissipator.collective) {
    const Scope scope{.space = &model.space, .parameters = &model.parameters};
    all.push_back({sum_over_members(dissipator.op, model.space, model.parameters),
                   evaluate_number(dissipator.rate, scope), dissipator.op.text()});
  } else {
    const bool has_sums = names_ensembles_as_sums(dissipator.op, model.space);
    const Space space = has_sums ? model.space : model.space.with_members();
    for (const Scope& scope : bindings({dissipator.op, dissipator.rate}, space, model.parameters)) {
      const Value value = evaluate(dissipator.op, scope);
      const auto* op = std::get_if<Operator>(&value);
      if (op == nullptr) {
        throw InputError(fmt::format("\"{}\" is no operator", dissipator.op.text()));
      }
      all.push_back({op->simplified(), evaluate_number(dissipator.rate, scope),
                     dissipator.op.text(), model.space.has_ensembles() && !has_sums});
    }
  }
  for (const Jump& jump : all) {
    if (jump.rate.is_constant()) require_rate(jump.rate, jump.text, 0);
  }
  return all;
}

namespace {

// The sum of f(jump), those of members over all members of their ensembles.
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

Superoperator generator(const Model& model, const std::vector<double>& times) {
  const Operator h = sum_over_members(model.hamiltonian, model.space, model.parameters);
  for (double t : times)
    require_hermitian(h, model.space, t);
  Superoperator sum = Coefficient(Complex(0, -1)) * commutator(h);
  for (const auto& entry : model.dissipators) {
    const std::vector<Jump> all = jumps(entry, model);
    for (const Jump& jump : all) {
      for (double t : times)
        require_rate(jump.rate, jump.text, t);
    }
    sum += dissipation(all, model.space);
  }
  for (const auto& term : model.superoperators) {
    sum += sum_of_superoperators(term, model.space, model.parameters);
  }
  for (const auto& bath : model.baths)
    sum += superoperator(bath, model);
  return sum.simplified();
}

}  // namespace lindwurm
