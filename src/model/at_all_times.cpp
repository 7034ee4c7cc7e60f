// Checks what a model must satisfy at all times of a run, not only at samples.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/model.hpp"
#include "lindwurm/operators/rows.hpp"
#include "lindwurm/operators/time_course.hpp"

namespace lindwurm {

namespace {

// The share of the terms of H that rounding may leave in H - H^dag.
constexpr double hermiticity_tolerance = 1e-12;
// The largest change of H between two samples that may remain unresolved.
constexpr double unseen = 1e-9;
constexpr long most_panels = 200'000;
// The largest number of rows that are checked.
constexpr std::int64_t most_rows = 1048576;

// The functions of time with the operators that they multiply. Constant terms have the function 1.
struct ByFunction {
  std::vector<Coefficient> functions;
  std::vector<std::vector<ProductTerm>> terms;
  std::vector<double> weights;
};

ByFunction by_function(const Operator& a) {
  ByFunction all;
  for (const auto& term : a.terms()) {
    std::size_t k = 0;
    while (k < all.functions.size() &&
           all.functions[k].function_key() != term.coefficient.function_key())
      ++k;
    if (k == all.functions.size()) {
      all.functions.push_back(term.coefficient.function_part());
      all.terms.emplace_back();
      all.weights.push_back(0);
    }
    ProductTerm number{Coefficient(term.coefficient.constant()), term.factors};
    all.weights[k] += largest_row_sum(number);
    all.terms[k].push_back(std::move(number));
  }
  return all;
}

// True if sum_k factors[k] terms[k] is 0 except for rounding. Rows that differ only on sites
// without terms are equal.
bool is_zero(const ByFunction& parts, const std::vector<Complex>& factors, const Space& space) {
  std::vector<ProductTerm> terms;
  for (std::size_t k = 0; k < factors.size(); ++k) {
    for (const auto& term : parts.terms[k])
      terms.push_back({Coefficient(factors[k]) * term.coefficient, term.factors});
  }
  const Operator sum = Operator(std::move(terms)).simplified();
  if (sum.terms().empty()) return true;
  double scale = 0;
  for (std::size_t k = 0; k < factors.size(); ++k)
    scale += std::abs(factors[k]) * parts.weights[k];
  if (largest_element(sum) <= hermiticity_tolerance * scale) return true;
  RowReader rows(sum.terms(), site_dimensions(space));
  const auto count = static_cast<std::int64_t>(
      std::min<double>(space.dimension(), static_cast<double>(most_rows)));
  for (std::int64_t m = 0; m < count; ++m) {
    std::map<std::int64_t, Complex> row;
    rows.read(m, [&](std::size_t term, std::int64_t column, Complex value) {
      row[column] += sum.terms()[term].coefficient.constant() * value;
    });
    for (const auto& [column, value] : row)
      if (!(std::abs(value) <= hermiticity_tolerance * scale)) return false;
  }
  return true;
}

// H - H^dag is linear in the values of its functions of time. If it vanishes for some vectors of
// values, it vanishes for all linear combinations of them.
class AntiHermitianPart {
 public:
  AntiHermitianPart(const Operator& left, const Space& space)
      : parts_(by_function(left)), space_(space) {}

  [[nodiscard]] const ByFunction& parts() const { return parts_; }

  bool vanishes(const std::vector<Complex>& values) {
    Eigen::VectorXcd v(static_cast<Eigen::Index>(values.size()));
    for (Eigen::Index k = 0; k < v.size(); ++k)
      v(k) = values[k] * parts_.weights[k];
    if (!(v.norm() > 0)) return true;
    v.normalize();
    Eigen::VectorXcd beyond = v;
    for (const auto& known : seen_)
      beyond -= known.dot(beyond) * known;
    if (beyond.norm() <= 1e-10) return true;
    std::vector<Complex> factors(values.size());
    for (std::size_t k = 0; k < factors.size(); ++k)
      factors[k] = v(static_cast<Eigen::Index>(k)) / parts_.weights[k];
    if (!is_zero(parts_, factors, space_)) return false;
    seen_.push_back(beyond.normalized());
    return true;
  }

 private:
  ByFunction parts_;
  const Space& space_;
  std::vector<Eigen::VectorXcd> seen_;
};

double weighted(const ByFunction& parts, double t) {
  double sum = 0;
  for (std::size_t k = 0; k < parts.functions.size(); ++k)
    sum += std::abs(parts.functions[k].at(t)) * parts.weights[k];
  return sum;
}

template <typename See>
void over_panels(TimeCourse& course, See see) {
  long panels = 0;
  for (double t = course.from();;) {
    const TimeCourse::Panel panel = course.panel(t);
    see(panel);
    if (!(panel.end < course.to()) || ++panels == most_panels) return;
    t = panel.end;
  }
}

}  // namespace

void require_finite_between(const Operator& a, double from, double to) {
  ByFunction parts = by_function(a.simplified());
  for (const auto& f : parts.functions) {
    if (f.is_constant()) continue;
    TimeCourse course({f}, {0.0}, from, to, 1);
    over_panels(course, [](const TimeCourse::Panel&) {});
  }
}

void require_hermitian_between(const Operator& h, const Space& space, double from, double to) {
  const Operator sum = h.simplified();
  require_finite_between(sum, from, to);
  const Operator left = (sum - dag(sum)).simplified();
  if (left.terms().empty()) return;
  AntiHermitianPart part(left, space);
  const ByFunction all = by_function(sum);
  const auto& functions = part.parts().functions;
  TimeCourse course(functions, part.parts().weights, from, to, unseen);
  std::vector<Complex> values;
  over_panels(course, [&](const TimeCourse::Panel& panel) {
    for (const double place : {0.5, 0.1, 0.9}) {
      const double t = panel.begin + place * (panel.end - panel.begin);
      course.values(t, values);
      double size = 0;
      for (std::size_t k = 0; k < values.size(); ++k)
        size += std::abs(values[k]) * part.parts().weights[k];
      if (size <= hermiticity_tolerance * weighted(all, t)) continue;
      if (!part.vanishes(values)) require_hermitian(h, space, t);
      if (panel.is_constant) break;
    }
  });
}

void require_rate_between(const Coefficient& rate, const std::string& of, double from, double to) {
  if (rate.is_constant()) return require_rate(rate, of, from);
  if (const auto found = find_negative(rate, from, to)) refuse_rate(rate, of, found->t);
}

void require_rates_between(const std::vector<Jump>& jumps, double from, double to) {
  for (const Jump& jump : jumps)
    require_rate_between(jump.rate, jump.text, from, to);
}

}  // namespace lindwurm
