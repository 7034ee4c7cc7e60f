// Numbers that may depend on time.
#pragma once

#include <complex>
#include <functional>
#include <memory>
#include <string>

#include "lindwurm/operators/space.hpp"

namespace lindwurm {

/// A function of time with the text that identifies it: equal texts mean equal functions.
struct TimeFunction {
  std::string text;
  std::function<Complex(double)> value;
};

/// c or c f(t), with a complex number c.
class Coefficient {
 public:
  Coefficient(Complex constant = 0.0) : constant_(constant) {}
  Coefficient(double constant) : constant_(constant) {}
  Coefficient(std::string text, std::function<Complex(double)> value);

  [[nodiscard]] bool is_constant() const { return function_ == nullptr; }
  [[nodiscard]] bool is_zero() const { return constant_ == Complex(0.0); }
  /// The factor c beside the function, all of the coefficient if it is constant.
  [[nodiscard]] Complex constant() const { return constant_; }
  /// The function's text, empty for a constant.
  [[nodiscard]] std::string function_text() const { return function_ ? function_->text : ""; }
  /// f alone; the number 1 for a constant.
  [[nodiscard]] Coefficient function_part() const;
  [[nodiscard]] Complex at(double t) const;
  [[nodiscard]] std::string text() const;

  /// g(c f(t)) for a function g of one number, named `name`.
  [[nodiscard]] Coefficient map(const std::string& name,
                                std::function<Complex(Complex)> function) const;

  friend Coefficient operator+(const Coefficient& a, const Coefficient& b);
  friend Coefficient operator-(const Coefficient& a, const Coefficient& b);
  friend Coefficient operator*(const Coefficient& a, const Coefficient& b);
  friend Coefficient operator/(const Coefficient& a, const Coefficient& b);
  friend Coefficient pow(const Coefficient& base, const Coefficient& exponent);

 private:
  Complex constant_;
  std::shared_ptr<const TimeFunction> function_;
};

[[nodiscard]] Coefficient conj(const Coefficient& c);

}  // namespace lindwurm
