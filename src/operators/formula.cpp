#include "lindwurm/operators/formula.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <numbers>
#include <unordered_map>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

using Operation = Formula::Operation;

// The largest depth of a formula, because formulas are traversed by recursion.
constexpr int most_depth = 20000;

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  // The finaliser of SplitMix64.
  std::uint64_t x = a * 0x9e3779b97f4a7c15U + b;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

std::uint64_t bits(double value) {
  std::uint64_t b = 0;
  std::memcpy(&b, &value, sizeof b);
  return b;
}

bool is_odd(Operation operation) {
  return operation == Operation::sin || operation == Operation::sinh ||
         operation == Operation::tan || operation == Operation::tanh ||
         operation == Operation::atan || operation == Operation::asin ||
         operation == Operation::sin_pi;
}
bool is_even(Operation operation) {
  return operation == Operation::cos || operation == Operation::cosh ||
         operation == Operation::abs || operation == Operation::cos_pi;
}

bool is_commutative(Operation operation) {
  return operation == Operation::add || operation == Operation::multiply;
}

// sin(pi a) or cos(pi a)
double of_half_turns(double a, bool is_sine) {
  const double turns = a - 2 * std::floor(a / 2);  // in [0, 2)
  if (turns == std::floor(turns)) return is_sine ? 0.0 : (turns == 1 ? -1.0 : 1.0);
  if (2 * turns == std::floor(2 * turns)) return is_sine ? (turns == 0.5 ? 1.0 : -1.0) : 0.0;
  return is_sine ? std::sin(std::numbers::pi * turns) : std::cos(std::numbers::pi * turns);
}

FormulaPointer folded_product(const FormulaPointer& a, const FormulaPointer& b) {
  if (a->is(0) || b->is(0)) return constant_formula(0);
  if (a->is(1)) return b;
  if (b->is(1)) return a;
  // The constant comes first.
  if (b->is_constant()) return make_formula(Operation::multiply, b, a);
  if (a->is_constant() && b->operation == Operation::multiply && b->a->is_constant() &&
      std::isfinite(a->value * b->a->value)) {
    return make_formula(Operation::multiply, constant_formula(a->value * b->a->value), b->b);
  }
  return nullptr;
}

// A simpler formula with the same value; null if there is none.
FormulaPointer folded(Operation operation, const FormulaPointer& a, const FormulaPointer& b) {
  if (a->is_constant() && (!b || b->is_constant()))
    return constant_formula(apply(operation, a->value, b ? b->value : 0));
  if (operation == Operation::multiply) return folded_product(a, b);
  if (operation == Operation::add) return a->is(0) ? b : b->is(0) ? a : nullptr;
  if (operation == Operation::divide) return b->is(1) ? a : a->is(0) ? a : nullptr;
  if (operation == Operation::power) {
    return b->is(0) ? constant_formula(1) : b->is(1) ? a : nullptr;
  }
  // f(-c x) = +f(c x) for even f and -f(c x) for odd f.
  const bool is_negative =
      a->operation == Operation::multiply && a->a->is_constant() && a->a->value < 0;
  if (is_negative && (is_odd(operation) || is_even(operation))) {
    const auto f = make_formula(
        operation, make_formula(Operation::multiply, constant_formula(-a->a->value), a->b));
    return is_even(operation) ? f : make_formula(Operation::multiply, constant_formula(-1), f);
  }
  return nullptr;
}

FormulaPointer one(Operation operation, const FormulaPointer& a) {
  return make_formula(operation, a);
}
FormulaPointer sum(const FormulaPointer& a, const FormulaPointer& b) {
  return make_formula(Operation::add, a, b);
}
FormulaPointer product(const FormulaPointer& a, const FormulaPointer& b) {
  return make_formula(Operation::multiply, a, b);
}
FormulaPointer quotient(const FormulaPointer& a, const FormulaPointer& b) {
  return make_formula(Operation::divide, a, b);
}
FormulaPointer times(double c, const FormulaPointer& a) { return product(constant_formula(c), a); }
FormulaPointer plus(double c, const FormulaPointer& a) { return sum(constant_formula(c), a); }
FormulaPointer least(const FormulaPointer& a, double c) {
  return make_formula(Operation::min, a, constant_formula(c));
}
FormulaPointer largest(const FormulaPointer& a, double c) {
  return make_formula(Operation::max, a, constant_formula(c));
}
// 1 for a < 0, else 0.
FormulaPointer is_below_zero(const FormulaPointer& a) {
  return plus(1, times(-1, one(Operation::step, a)));
}
FormulaPointer squared_modulus(const ComplexFormula& z) {
  return sum(product(z.re, z.re), product(z.im, z.im));
}
FormulaPointer modulus(const ComplexFormula& z) {
  return z.is_real() ? one(Operation::abs, z.re) : one(Operation::square_root, squared_modulus(z));
}

ComplexFormula real(FormulaPointer a) { return {std::move(a), constant_formula(0)}; }
const ComplexFormula& unit() {
  static const ComplexFormula i{std::complex<double>(0, 1)};
  return i;
}

ComplexFormula square_root(const ComplexFormula& z) {
  if (z.is_real()) {
    return {one(Operation::square_root, largest(z.re, 0)),
            one(Operation::square_root, largest(times(-1, z.re), 0))};
  }
  // Uses half the angle, which jumps at the negative real axis.
  const auto length = one(Operation::square_root, modulus(z));
  const auto angle = times(0.5, make_formula(Operation::atan2, z.im, z.re));
  return {product(length, one(Operation::cos, angle)), product(length, one(Operation::sin, angle))};
}

ComplexFormula exponential(const ComplexFormula& z) {
  const auto length = one(Operation::exp, z.re);
  return {product(length, one(Operation::cos, z.im)), product(length, one(Operation::sin, z.im))};
}

ComplexFormula logarithm(const ComplexFormula& z) {
  if (z.is_real())
    return {one(Operation::log, modulus(z)), times(std::numbers::pi, is_below_zero(z.re))};
  return {times(0.5, one(Operation::log, squared_modulus(z))),
          make_formula(Operation::atan2, z.im, z.re)};
}

ComplexFormula minus(const ComplexFormula& a, const ComplexFormula& b) {
  return a + ComplexFormula(-1.0) * b;
}

ComplexFormula sine(const ComplexFormula& z) {
  return {product(one(Operation::sin, z.re), one(Operation::cosh, z.im)),
          product(one(Operation::cos, z.re), one(Operation::sinh, z.im))};
}
ComplexFormula cosine(const ComplexFormula& z) {
  return {product(one(Operation::cos, z.re), one(Operation::cosh, z.im)),
          times(-1, product(one(Operation::sin, z.re), one(Operation::sinh, z.im)))};
}
ComplexFormula tangent(const ComplexFormula& z) {
  if (z.is_real()) return real(one(Operation::tan, z.re));
  return sine(z) / cosine(z);
}
ComplexFormula hyperbolic_sine(const ComplexFormula& z) {
  return {product(one(Operation::sinh, z.re), one(Operation::cos, z.im)),
          product(one(Operation::cosh, z.re), one(Operation::sin, z.im))};
}
ComplexFormula hyperbolic_cosine(const ComplexFormula& z) {
  return {product(one(Operation::cosh, z.re), one(Operation::cos, z.im)),
          product(one(Operation::sinh, z.re), one(Operation::sin, z.im))};
}
ComplexFormula hyperbolic_tangent(const ComplexFormula& z) {
  if (z.is_real()) return real(one(Operation::tanh, z.re));
  return hyperbolic_sine(z) / hyperbolic_cosine(z);
}

// Arc sine and arc cosine have an imaginary part for arguments beyond +-1.
ComplexFormula arc_sine(const ComplexFormula& z) {
  if (z.is_real()) {
    return {one(Operation::asin, least(largest(z.re, -1), 1)),
            one(Operation::acosh, largest(one(Operation::abs, z.re), 1))};
  }
  const ComplexFormula root = square_root(minus(ComplexFormula(1.0), z * z));
  return ComplexFormula({0, -1}) * logarithm(unit() * z + root);
}
ComplexFormula arc_cosine(const ComplexFormula& z) {
  return minus(ComplexFormula(std::numbers::pi / 2), arc_sine(z));
}
ComplexFormula arc_tangent(const ComplexFormula& z) {
  if (z.is_real()) return real(one(Operation::atan, z.re));
  return ComplexFormula({0, 0.5}) * minus(logarithm(minus(ComplexFormula(1.0), unit() * z)),
                                          logarithm(ComplexFormula(1.0) + unit() * z));
}

ComplexFormula modulo(const ComplexFormula& a, const ComplexFormula& b) {
  const auto whole = one(Operation::floor, quotient(a.re, b.re));
  return real(sum(a.re, times(-1, product(b.re, whole))));
}

}  // namespace

bool has_corners(Operation operation) { return operation >= Operation::abs; }

double apply(Operation operation, double a, double b) {
  switch (operation) {
    case Operation::add:
      return a + b;
    case Operation::multiply:
      return a * b;
    case Operation::divide:
      return a / b;
    case Operation::power:
      return std::pow(a, b);
    case Operation::square_root:
      return std::sqrt(a);
    case Operation::exp:
      return std::exp(a);
    case Operation::log:
      return std::log(a);
    case Operation::sin:
      return std::sin(a);
    case Operation::cos:
      return std::cos(a);
    case Operation::sin_pi:
      return of_half_turns(a, true);
    case Operation::cos_pi:
      return of_half_turns(a, false);
    case Operation::tan:
      return std::tan(a);
    case Operation::asin:
      return std::asin(a);
    case Operation::atan:
      return std::atan(a);
    case Operation::atan2:
      return std::atan2(a, b);
    case Operation::sinh:
      return std::sinh(a);
    case Operation::cosh:
      return std::cosh(a);
    case Operation::tanh:
      return std::tanh(a);
    case Operation::acosh:
      return std::acosh(a);
    case Operation::abs:
      return std::abs(a);
    case Operation::floor:
      return std::floor(a);
    case Operation::step:
      return a >= 0 ? 1.0 : 0.0;
    case Operation::min:
      return b < a ? b : a;
    case Operation::max:
      return a < b ? b : a;
    default:
      return a;
  }
}

FormulaPointer constant_formula(double value) {
  return std::make_shared<Formula>(
      Formula{.value = value, .hash = mixed(1, bits(value == 0 ? 0.0 : value))});
}

FormulaPointer time_formula() {
  return std::make_shared<Formula>(Formula{.operation = Operation::time, .hash = 2});
}

FormulaPointer source_formula(std::shared_ptr<const TimeSource> source, Operation part) {
  if (part == Operation::source_imaginary && !source->is_complex()) return constant_formula(0);
  const std::uint64_t hash =
      mixed(std::hash<std::string>()(source->identity()), static_cast<std::uint64_t>(part));
  return std::make_shared<Formula>(
      Formula{.operation = part, .source = std::move(source), .hash = hash});
}

FormulaPointer make_formula(Operation operation, FormulaPointer a, FormulaPointer b) {
  if (auto simpler = folded(operation, a, b)) return simpler;
  // Sums and products are brought into one order, so that both ways to write them are equal. A
  // constant stays first.
  if (is_commutative(operation) && !a->is_constant() && (b->is_constant() || b->hash < a->hash)) {
    std::swap(a, b);
  }
  const int depth = 1 + std::max(a->depth, b ? b->depth : 0);
  if (depth > most_depth)
    throw InputError("a function of time is made of too many operations on top of each other");
  const std::uint64_t hash =
      mixed(mixed(static_cast<std::uint64_t>(operation) + 3, a->hash), b ? b->hash : 0);
  return std::make_shared<Formula>(Formula{
      .operation = operation, .a = std::move(a), .b = std::move(b), .hash = hash, .depth = depth});
}

ComplexFormula operator+(const ComplexFormula& a, const ComplexFormula& b) {
  return {sum(a.re, b.re), sum(a.im, b.im)};
}

ComplexFormula operator*(const ComplexFormula& a, const ComplexFormula& b) {
  return {sum(product(a.re, b.re), times(-1, product(a.im, b.im))),
          sum(product(a.re, b.im), product(a.im, b.re))};
}

ComplexFormula operator/(const ComplexFormula& a, const ComplexFormula& b) {
  if (b.is_real()) return {quotient(a.re, b.re), quotient(a.im, b.re)};
  const ComplexFormula numerator = a * conj(b);
  const auto square = squared_modulus(b);
  return {quotient(numerator.re, square), quotient(numerator.im, square)};
}

ComplexFormula conj(const ComplexFormula& a) { return {a.re, times(-1, a.im)}; }

ComplexFormula pow(const ComplexFormula& a, const ComplexFormula& b) {
  const bool is_whole =
      b.is_real() && b.re->is_constant() && b.re->value == std::floor(b.re->value);
  if (is_whole && a.is_real()) return real(make_formula(Operation::power, a.re, b.re));
  if (is_whole && std::abs(b.re->value) <= 64) {
    ComplexFormula result(1.0);
    for (int k = 0; k < static_cast<int>(std::abs(b.re->value)); ++k)
      result = result * a;
    return b.re->value < 0 ? ComplexFormula(1.0) / result : result;
  }
  if (a.is_real() && b.is_real()) {
    // (-x)^y = x^y (cos(pi y) + i sin(pi y))
    const auto size = make_formula(Operation::power, one(Operation::abs, a.re), b.re);
    const auto below = is_below_zero(a.re);
    const auto turned = plus(-1, one(Operation::cos_pi, b.re));
    return {product(size, plus(1, product(below, turned))),
            product(size, product(below, one(Operation::sin_pi, b.re)))};
  }
  return exponential(b * logarithm(a));
}

ComplexFormula function_of(std::string_view name, const ComplexFormula& a,
                           const ComplexFormula& b) {
  using Function = ComplexFormula (*)(const ComplexFormula&, const ComplexFormula&);
  using F = const ComplexFormula&;
  static const std::unordered_map<std::string_view, Function> functions{
      {"sqrt", [](F x, F) { return square_root(x); }},
      {"exp", [](F x, F) { return exponential(x); }},
      {"log", [](F x, F) { return logarithm(x); }},
      {"sin", [](F x, F) { return sine(x); }},
      {"cos", [](F x, F) { return cosine(x); }},
      {"tan", [](F x, F) { return tangent(x); }},
      {"asin", [](F x, F) { return arc_sine(x); }},
      {"acos", [](F x, F) { return arc_cosine(x); }},
      {"atan", [](F x, F) { return arc_tangent(x); }},
      {"sinh", [](F x, F) { return hyperbolic_sine(x); }},
      {"cosh", [](F x, F) { return hyperbolic_cosine(x); }},
      {"tanh", [](F x, F) { return hyperbolic_tangent(x); }},
      {"abs", [](F x, F) { return real(modulus(x)); }},
      {"conj", [](F x, F) { return conj(x); }},
      {"real", [](F x, F) { return real(x.re); }},
      {"imag", [](F x, F) { return real(x.im); }},
      {"floor", [](F x, F) { return real(one(Operation::floor, x.re)); }},
      {"step", [](F x, F) { return real(one(Operation::step, x.re)); }},
      {"min", [](F x, F y) { return real(make_formula(Operation::min, x.re, y.re)); }},
      {"max", [](F x, F y) { return real(make_formula(Operation::max, x.re, y.re)); }},
      {"mod", [](F x, F y) { return modulo(x, y); }},
  };
  const auto found = functions.find(name);
  if (found == functions.end())
    throw Error(fmt::format("the function '{}' has no formula of time", name));
  return found->second(a, b);
}

namespace {

// Numbers the parts of formulas. Equal parts have the same number.
class Numbering {
 public:
  explicit Numbering(std::vector<Tape::Entry>& entries, std::vector<FormulaPointer>& formulas)
      : entries_(entries), formulas_(formulas) {}

  int of(const FormulaPointer& f) {
    if (const auto known = by_pointer_.find(f.get()); known != by_pointer_.end())
      return known->second;
    Tape::Entry entry{.operation = f->operation, .value = f->value, .source = f->source.get()};
    if (f->a) entry.a = of(f->a);
    if (f->b) entry.b = of(f->b);
    const int number = equal_entry(f, entry);
    by_pointer_[f.get()] = number;
    return number;
  }

 private:
  int equal_entry(const FormulaPointer& f, const Tape::Entry& entry) {
    const std::uint64_t key =
        mixed(mixed(static_cast<std::uint64_t>(entry.operation), bits(entry.value)),
              mixed(static_cast<std::uint64_t>(entry.a + 1),
                    mixed(static_cast<std::uint64_t>(entry.b + 1),
                          std::hash<const TimeSource*>()(entry.source))));
    const auto [first, last] = by_key_.equal_range(key);
    for (auto it = first; it != last; ++it) {
      const Tape::Entry& other = entries_[it->second];
      if (other.operation == entry.operation && other.a == entry.a && other.b == entry.b &&
          other.value == entry.value && other.source == entry.source) {
        return it->second;
      }
    }
    const int number = static_cast<int>(entries_.size());
    entries_.push_back(entry);
    formulas_.push_back(f);
    by_key_.emplace(key, number);
    return number;
  }

  std::vector<Tape::Entry>& entries_;
  std::vector<FormulaPointer>& formulas_;
  std::unordered_map<const Formula*, int> by_pointer_;
  std::unordered_multimap<std::uint64_t, int> by_key_;
};

bool is_source(Operation operation) {
  return operation == Operation::source_real || operation == Operation::source_imaginary;
}

double part_of(std::complex<double> value, Operation operation) {
  return operation == Operation::source_real ? value.real() : value.imag();
}

}  // namespace

Tape::Tape(std::vector<FormulaPointer> outputs) {
  Numbering number(entries_, formulas_);
  for (const auto& output : outputs)
    outputs_.push_back(number.of(output));
  for (std::size_t k = 0; k < entries_.size(); ++k) {
    if (has_corners(entries_[k].operation) || is_source(entries_[k].operation))
      corners_.push_back(static_cast<int>(k));
  }
}

bool Tape::is_constant() const {
  for (const int output : outputs_)
    if (entries_[output].operation != Operation::constant) return false;
  return true;
}

std::string Tape::key() const {
  std::string key;
  const auto add = [&key](const auto& number) {
    key.append(reinterpret_cast<const char*>(&number), sizeof number);
  };
  for (const Entry& entry : entries_) {
    add(entry.operation);
    add(entry.a);
    add(entry.b);
    add(entry.value);
    if (entry.source != nullptr) key += entry.source->identity();
  }
  for (const int output : outputs_)
    add(output);
  return key;
}

void Tape::evaluate(double t, std::vector<double>& work) const {
  work.resize(entries_.size());
  const TimeSource* last = nullptr;
  std::complex<double> of_last;
  for (std::size_t k = 0; k < entries_.size(); ++k) {
    const Entry& entry = entries_[k];
    switch (entry.operation) {
      case Operation::constant:
        work[k] = entry.value;
        break;
      case Operation::time:
        work[k] = t;
        break;
      case Operation::source_real:
      case Operation::source_imaginary:
        if (entry.source != last) of_last = entry.source->value(t);
        last = entry.source;
        work[k] = part_of(of_last, entry.operation);
        break;
      default:
        work[k] = apply(entry.operation, work[entry.a], entry.b < 0 ? 0 : work[entry.b]);
    }
  }
}

void Tape::evaluate(double t, std::vector<double>& work, std::vector<double>& outputs) const {
  evaluate(t, work);
  outputs.resize(outputs_.size());
  for (std::size_t k = 0; k < outputs_.size(); ++k)
    outputs[k] = work[outputs_[k]];
}

Tape Tape::frozen(const std::vector<double>& branches, double from, double to) const {
  std::vector<FormulaPointer> now(entries_.size());
  std::size_t corner = 0;
  for (std::size_t k = 0; k < entries_.size(); ++k) {
    const Entry& entry = entries_[k];
    const FormulaPointer a = entry.a < 0 ? nullptr : now[entry.a];
    const FormulaPointer b = entry.b < 0 ? nullptr : now[entry.b];
    if (corner < corners_.size() && corners_[corner] == static_cast<int>(k)) {
      const double branch = branches[corner++];
      switch (entry.operation) {
        case Operation::abs:
          now[k] = times(branch, a);
          break;
        case Operation::min:
        case Operation::max:
          now[k] = branch == 0 ? a : b;
          break;
        case Operation::source_real:
        case Operation::source_imaginary:
          now[k] = entry.source->is_constant(from, to)
                       ? constant_formula(
                             part_of(entry.source->value(from + (to - from) / 2), entry.operation))
                       : formulas_[k];
          break;
        default:
          now[k] = constant_formula(branch);
      }
    } else {
      now[k] = a ? make_formula(entry.operation, a, b) : formulas_[k];
    }
  }
  std::vector<FormulaPointer> outputs;
  for (const int output : outputs_)
    outputs.push_back(now[output]);
  return Tape(std::move(outputs));
}

}  // namespace lindwurm
