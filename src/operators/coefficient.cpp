#include "lindwurm/operators/coefficient.hpp"

#include <fmt/format.h>

#include <cmath>

namespace lindwurm {

namespace {

// The largest length of a text in messages.
constexpr std::size_t longest_text = 200;

std::string number_text(Complex c) {
  if (c.imag() == 0) return fmt::format("{}", c.real());
  if (c.real() == 0) return fmt::format("{}*i", c.imag());
  return fmt::format("({}{:+}*i)", c.real(), c.imag());
}

std::string shortened(std::string text) {
  if (text.size() <= longest_text) return text;
  return text.substr(0, longest_text - 3) + "...";
}

// The product of two numbers. If both are real, complex arithmetic is avoided, because it would
// turn inf * 0 in the imaginary part into NaN.
Complex product_of_numbers(Complex x, Complex y) {
  if (x.imag() == 0 && y.imag() == 0) return x.real() * y.real();
  return x * y;
}

Complex quotient_of_numbers(Complex x, Complex y) {
  if (x.imag() == 0 && y.imag() == 0) return x.real() / y.real();
  return x / y;
}

Complex power_of_numbers(Complex x, Complex y) {
  // For real arguments and integer exponents, the real pow is exact. pow(Complex) would leave
  // imaginary parts of the size of rounding.
  const bool is_whole = y.imag() == 0 && y.real() == std::floor(y.real());
  if (x.imag() == 0 && y.imag() == 0 && (x.real() >= 0 || is_whole))
    return std::pow(x.real(), y.real());
  if (is_whole && std::abs(y.real()) <= 64) {
    Complex power = 1.0;
    for (int k = 0; k < static_cast<int>(std::abs(y.real())); ++k)
      power *= x;
    return y.real() < 0 ? 1.0 / power : power;
  }
  return std::pow(x, y);
}

}  // namespace

// Data derived from the formula is computed on first use.
struct Coefficient::Function {
  Function(std::string name, ComplexFormula content)
      : text(shortened(std::move(name))), formula(std::move(content)) {}

  const Tape& as_tape() const {
    if (!tape) {
      tape = std::make_unique<Tape>(std::vector<FormulaPointer>{formula.re, formula.im});
      key = tape->key();
    }
    return *tape;
  }

  std::string text;
  ComplexFormula formula;
  mutable std::unique_ptr<Tape> tape;
  mutable std::string key;
};

Coefficient::Coefficient(std::string text, ComplexFormula formula) : constant_(1.0) {
  if (formula.re->is_constant() && formula.im->is_constant()) {
    constant_ = Complex(formula.re->value, formula.im->value);
  } else {
    function_ = std::make_shared<Function>(std::move(text), std::move(formula));
  }
}

Coefficient::Coefficient(std::string text, std::function<Complex(double)> value,
                         TimeBehaviour behaviour)
    : Coefficient(time_source(std::move(text), std::move(value), std::move(behaviour))) {}

Coefficient::Coefficient(const std::shared_ptr<const TimeSource>& source)
    : Coefficient(source->text(),
                  ComplexFormula(source_formula(source, Formula::Operation::source_real),
                                 source_formula(source, Formula::Operation::source_imaginary))) {}

Coefficient Coefficient::time(std::string name) {
  return {std::move(name), ComplexFormula(time_formula(), constant_formula(0))};
}

bool Coefficient::is_finite() const {
  return std::isfinite(constant_.real()) && std::isfinite(constant_.imag());
}

Coefficient Coefficient::function_part() const {
  Coefficient part(1.0);
  part.function_ = function_;
  return part;
}

const std::string& Coefficient::function_key() const {
  static const std::string none;
  if (!function_) return none;
  static_cast<void>(function_->as_tape());
  return function_->key;
}

ComplexFormula Coefficient::formula() const {
  return function_ ? ComplexFormula(constant_) * function_->formula : ComplexFormula(constant_);
}

Complex Coefficient::at(double t) const {
  if (!function_) return constant_;
  thread_local std::vector<double> work;
  thread_local std::vector<double> parts;
  function_->as_tape().evaluate(t, work, parts);
  // For infinite numbers, the complex product would give NaN.
  if (constant_.imag() == 0) return {constant_.real() * parts[0], constant_.real() * parts[1]};
  return constant_ * Complex(parts[0], parts[1]);
}

std::string Coefficient::text() const {
  if (!function_) return number_text(constant_);
  if (constant_ == Complex(1.0)) return function_->text;
  return number_text(constant_) + "*" + function_->text;
}

Coefficient Coefficient::call(std::string_view name, const Coefficient& a) {
  return {fmt::format("{}({})", name, a.text()), function_of(name, a.formula())};
}

Coefficient Coefficient::call(std::string_view name, const Coefficient& a, const Coefficient& b) {
  return {fmt::format("{}({}, {})", name, a.text(), b.text()),
          function_of(name, a.formula(), b.formula())};
}

Coefficient operator+(const Coefficient& a, const Coefficient& b) {
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  if (a.is_constant() && b.is_constant()) return a.constant_ + b.constant_;
  return {fmt::format("({} + {})", a.text(), b.text()), a.formula() + b.formula()};
}

Coefficient operator-(const Coefficient& a, const Coefficient& b) {
  return a + Coefficient(-1.0) * b;
}

Coefficient operator*(const Coefficient& a, const Coefficient& b) {
  const Complex constant = product_of_numbers(a.constant_, b.constant_);
  if (constant == Complex(0.0)) return 0.0;
  Coefficient product =
      a.is_constant() ? b.function_part()
      : b.is_constant()
          ? a.function_part()
          : Coefficient(fmt::format("({} * {})", a.function_->text, b.function_->text),
                        a.function_->formula * b.function_->formula);
  product.constant_ = product_of_numbers(product.constant_, constant);
  return product;
}

Coefficient operator/(const Coefficient& a, const Coefficient& b) {
  if (b.is_constant()) {
    Coefficient quotient = a;
    quotient.constant_ = quotient_of_numbers(quotient.constant_, b.constant_);
    return quotient;
  }
  return {fmt::format("({} / {})", a.text(), b.text()), a.formula() / b.formula()};
}

Coefficient pow(const Coefficient& base, const Coefficient& exponent) {
  if (base.is_constant() && exponent.is_constant())
    return power_of_numbers(base.constant_, exponent.constant_);
  return {fmt::format("({} ^ {})", base.text(), exponent.text()),
          pow(base.formula(), exponent.formula())};
}

Coefficient conj(const Coefficient& c) {
  Coefficient conjugate(std::conj(c.constant_));
  if (c.is_constant()) return conjugate;
  if (c.function_->formula.is_real()) {
    conjugate.function_ = c.function_;
    return conjugate;
  }
  return conjugate *
         Coefficient(fmt::format("conj({})", c.function_->text), conj(c.function_->formula));
}

}  // namespace lindwurm
