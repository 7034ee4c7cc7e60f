#include "lindwurm/operators/coefficient.hpp"

#include <fmt/format.h>

#include <cmath>

namespace lindwurm {

namespace {

std::string number_text(Complex c) {
  if (c.imag() == 0) return fmt::format("{}", c.real());
  if (c.real() == 0) return fmt::format("{}*i", c.imag());
  return fmt::format("({}{:+}*i)", c.real(), c.imag());
}

Coefficient combine(const Coefficient& a, const Coefficient& b, std::string_view symbol,
                    Complex (*apply)(Complex, Complex)) {
  if (a.is_constant() && b.is_constant()) return apply(a.constant(), b.constant());
  return {fmt::format("({} {} {})", a.text(), symbol, b.text()),
          [=](double t) { return apply(a.at(t), b.at(t)); }};
}

}  // namespace

Coefficient::Coefficient(std::string text, std::function<Complex(double)> value)
    : constant_(1.0),
      function_(std::make_shared<TimeFunction>(TimeFunction{std::move(text), std::move(value)})) {}

Coefficient Coefficient::function_part() const {
  Coefficient part(1.0);
  part.function_ = function_;
  return part;
}

Complex Coefficient::at(double t) const {
  return function_ ? constant_ * function_->value(t) : constant_;
}

std::string Coefficient::text() const {
  if (!function_) return number_text(constant_);
  if (constant_ == Complex(1.0)) return function_->text;
  return number_text(constant_) + "*" + function_->text;
}

Coefficient Coefficient::map(const std::string& name,
                             std::function<Complex(Complex)> function) const {
  if (is_constant()) return function(constant_);
  return {fmt::format("{}({})", name, text()),
          [*this, function = std::move(function)](double t) { return function(at(t)); }};
}

Coefficient operator+(const Coefficient& a, const Coefficient& b) {
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  return combine(a, b, "+", [](Complex x, Complex y) { return x + y; });
}

Coefficient operator-(const Coefficient& a, const Coefficient& b) {
  return a + Coefficient(-1.0) * b;
}

Coefficient operator*(const Coefficient& a, const Coefficient& b) {
  const Complex constant = a.constant_ * b.constant_;
  Coefficient product = a.is_constant()   ? b.function_part()
                        : b.is_constant() ? a.function_part()
                                          : combine(a.function_part(), b.function_part(), "*",
                                                    [](Complex x, Complex y) { return x * y; });
  product.constant_ = constant;
  return constant == Complex(0.0) ? Coefficient(0.0) : product;
}

Coefficient operator/(const Coefficient& a, const Coefficient& b) {
  if (b.is_constant()) {
    Coefficient quotient = a;
    quotient.constant_ /= b.constant_;
    return quotient;
  }
  return combine(a, b, "/", [](Complex x, Complex y) { return x / y; });
}

Coefficient pow(const Coefficient& base, const Coefficient& exponent) {
  return combine(base, exponent, "^", [](Complex x, Complex y) -> Complex {
    // Real and whole powers are exact; pow(Complex) leaves imaginary parts of rounding size.
    const bool is_whole = y.imag() == 0 && y.real() == std::floor(y.real());
    if (x.imag() == 0 && y.imag() == 0 && (x.real() >= 0 || is_whole)) {
      return std::pow(x.real(), y.real());
    }
    if (is_whole && std::abs(y.real()) <= 64) {
      Complex power = 1.0;
      for (int k = 0; k < static_cast<int>(std::abs(y.real())); ++k)
        power *= x;
      return y.real() < 0 ? 1.0 / power : power;
    }
    return std::pow(x, y);
  });
}

Coefficient conj(const Coefficient& c) {
  if (c.is_constant()) return std::conj(c.constant());
  return Coefficient(std::conj(c.constant())) *
         c.function_part().map("conj", [](Complex x) { return std::conj(x); });
}

}  // namespace lindwurm
