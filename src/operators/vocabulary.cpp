#include "lindwurm/operators/vocabulary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/mentions.hpp"
#include "lindwurm/operators/site_operators.hpp"

namespace lindwurm {

namespace vocabulary {

namespace {

// A function that uses real arithmetic if the argument is real, and its complex continuation
// otherwise.
Function numeric(
    double (*real)(double), Complex (*complex)(const Complex&),
    bool (*in_domain)(double) = [](double) { return true; }) {
  return {.arguments = 1, .of_one = [=](Complex z) -> Complex {
            if (z.imag() == 0 && in_domain(z.real())) return real(z.real());
            return complex(z);
          }};
}

Function of_two(std::function<Complex(Complex, Complex)> apply) {
  return {.arguments = 2, .of_two = std::move(apply)};
}

Function of_one(std::function<Complex(Complex)> apply) {
  return {.arguments = 1, .of_one = std::move(apply)};
}

const std::map<std::string, Function, std::less<>>& table() {
  static const auto not_negative = [](double x) { return x >= 0; };
  static const auto up_to_one = [](double x) { return std::abs(x) <= 1; };
  static const std::map<std::string, Function, std::less<>> functions{
      {"sqrt", numeric(std::sqrt, std::sqrt, not_negative)},
      {"exp", numeric(std::exp, std::exp)},
      {"log", numeric(std::log, std::log, not_negative)},
      {"sin", numeric(std::sin, std::sin)},
      {"cos", numeric(std::cos, std::cos)},
      {"tan", numeric(std::tan, std::tan)},
      {"asin", numeric(std::asin, std::asin, up_to_one)},
      {"acos", numeric(std::acos, std::acos, up_to_one)},
      {"atan", numeric(std::atan, std::atan)},
      {"sinh", numeric(std::sinh, std::sinh)},
      {"cosh", numeric(std::cosh, std::cosh)},
      {"tanh", numeric(std::tanh, std::tanh)},
      {"abs", of_one([](Complex z) -> Complex { return std::abs(z); })},
      {"conj", of_one([](Complex z) { return std::conj(z); })},
      {"real", of_one([](Complex z) -> Complex { return z.real(); })},
      {"imag", of_one([](Complex z) -> Complex { return z.imag(); })},
      {"floor", of_one([](Complex z) -> Complex { return std::floor(z.real()); })},
      {"step", of_one([](Complex z) -> Complex { return z.real() >= 0 ? 1.0 : 0.0; })},
      {"min", of_two([](Complex a, Complex b) -> Complex { return std::min(a.real(), b.real()); })},
      {"max", of_two([](Complex a, Complex b) -> Complex { return std::max(a.real(), b.real()); })},
      {"mod", of_two([](Complex a, Complex b) -> Complex {
         return a.real() - b.real() * std::floor(a.real() / b.real());
       })},
  };
  return functions;
}

}  // namespace

const std::vector<std::string>& functions() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [name, function] : table())
      all.push_back(name);
    return all;
  }();
  return names;
}

const Function& function(std::string_view name) { return table().find(name)->second; }

const std::vector<std::string>& superoperators() {
  static const std::vector<std::string> names{"left", "right", "commutator", "anticommutator",
                                              "dissipator"};
  return names;
}

std::vector<std::string> calls() {
  std::vector<std::string> all = site_operator_names();
  all.insert(all.end(), superoperators().begin(), superoperators().end());
  all.insert(all.end(), functions().begin(), functions().end());
  all.emplace_back("dag");
  all.emplace_back("sum");
  return all;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void unknown_operator(const std::string& name, const Space& space) {
  std::vector<std::string> known = calls();
  for (std::string& word : space.words())
    known.push_back(std::move(word));
  throw InputError(fmt::format("unknown operator '{}'{}", name, suggestion(name, known)));
}

std::vector<std::string> arrays_without_index(const Expression& expression,
                                              const Parameters& parameters) {
  std::vector<std::string> arrays;
  for (const auto& name : mentions(expression).names) {
    auto found = parameters.find(name.name);
    if (!name.index && found != parameters.end() && found->second.is_array &&
        !contains(arrays, name.name)) {
      arrays.push_back(name.name);
    }
  }
  return arrays;
}

}  // namespace vocabulary

std::vector<std::string> names_in(const Expression& expression) {
  std::vector<std::string> names;
  for (const auto& name : mentions(expression).names)
    names.push_back(name.name);
  return names;
}

bool is_reserved(std::string_view name) {
  return name == "i" || name == "t" || name == "pi" ||
         vocabulary::contains(vocabulary::calls(), name);
}

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row[b.size()];
}

}  // namespace

void unknown_site(const std::string& name, const Space& space) {
  std::vector<std::string> known;
  for (const Group& group : space.groups())
    known.push_back(group.name);
  throw InputError(fmt::format("unknown site '{}'{}", name, suggestion(name, known)));
}

std::string suggestion(std::string_view wrong, const std::vector<std::string>& candidates) {
  if (candidates.empty()) return "";
  const auto nearest = std::min_element(candidates.begin(), candidates.end(),
                                        [&](const std::string& a, const std::string& b) {
                                          return edit_distance(wrong, a) < edit_distance(wrong, b);
                                        });
  if (edit_distance(wrong, *nearest) <= std::max<std::size_t>(1, wrong.size() / 3)) {
    return fmt::format("; did you mean '{}'?", *nearest);
  }
  return fmt::format("; known are: {}", fmt::join(candidates, ", "));
}

}  // namespace lindwurm
