#include "lindwurm/model/model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <unordered_map>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/bath_equation.hpp"
#include "lindwurm/operators/rows.hpp"

namespace lindwurm {

namespace {

constexpr double hermiticity_tolerance = 1e-12;

using Row = std::unordered_map<std::int64_t, Complex>;

Row read_row(const RowReader& reader, const std::vector<Complex>& coefficients,
             std::int64_t index) {
  Row row;
  reader.read(index, [&](std::size_t term, std::int64_t column, Complex value) {
    row[column] += coefficients[term] * value;
  });
  return row;
}

std::vector<Complex> coefficients_at(const Operator& a, double t) {
  std::vector<Complex> values;
  for (const auto& term : a.terms())
    values.push_back(term.coefficient.at(t));
  return values;
}

}  // namespace

std::vector<int> site_dimensions(const Space& space) {
  std::vector<int> dimensions(space.sites());
  for (int s = 0; s < space.sites(); ++s)
    dimensions[s] = space.dimension(s);
  return dimensions;
}

std::string state_name(const Space& space, std::int64_t state) {
  std::vector<std::string> parts(space.sites());
  for (int s = space.sites() - 1; s >= 0; --s) {
    const auto level = state % space.dimension(s);
    const bool is_spin = space.group_of(s).kind == SiteKind::spin;
    parts[s] = is_spin ? fmt::format("{}={}{}", space.site_name(s), level == 0 ? "up" : "down",
                                     space.is_along_x(s) ? "_x" : "")
                       : fmt::format("{}={}", space.site_name(s), level);
    state /= space.dimension(s);
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

void require_hermitian(const Operator& h, const Space& space, double t) {
  const Operator sum = h.simplified();
  const Operator conjugate = dag(sum);
  // Most often the terms cancel as they are written, and no row need be read.
  if ((sum - conjugate).simplified().terms().empty()) return;
  const auto dimensions = site_dimensions(space);
  const RowReader rows(sum.terms(), dimensions);
  const RowReader conjugate_rows(conjugate.terms(), dimensions);
  const auto c = coefficients_at(sum, t);
  const auto conjugate_c = coefficients_at(conjugate, t);
  const auto dimension = static_cast<std::int64_t>(space.dimension_estimate());
  for (std::int64_t m = 0; m < dimension; ++m) {
    Row row = read_row(rows, c, m);
    double scale = 0;
    for (const auto& [column, value] : row)
      scale = std::max(scale, std::abs(value));
    Row difference = row;
    for (const auto& [column, value] : read_row(conjugate_rows, conjugate_c, m)) {
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
    for (const Scope& scope :
         bindings({dissipator.op, dissipator.rate}, model.space, model.parameters)) {
      const Value value = evaluate(dissipator.op, scope);
      const auto* op = std::get_if<Operator>(&value);
      if (op == nullptr) {
        throw InputError(fmt::format("\"{}\" is no operator", dissipator.op.text()));
      }
      all.push_back(
          {op->simplified(), evaluate_number(dissipator.rate, scope), dissipator.op.text()});
    }
  }
  for (const Jump& jump : all) {
    if (jump.rate.is_constant()) require_rate(jump.rate, jump.text, 0);
  }
  return all;
}

Superoperator generator(const Model& model, const std::vector<double>& times) {
  const Operator h = sum_over_members(model.hamiltonian, model.space, model.parameters);
  for (double t : times)
    require_hermitian(h, model.space, t);
  Superoperator sum = Coefficient(Complex(0, -1)) * commutator(h);
  for (const auto& entry : model.dissipators) {
    for (const Jump& jump : jumps(entry, model)) {
      for (double t : times)
        require_rate(jump.rate, jump.text, t);
      sum += jump.rate * dissipator(jump.op);
    }
  }
  for (const auto& term : model.superoperators) {
    sum += sum_of_superoperators(term, model.space, model.parameters);
  }
  for (const auto& bath : model.baths)
    sum += superoperator(bath, model);
  return sum.simplified();
}

}  // namespace lindwurm
