// Numbers that may depend on time.
#pragma once

#include <complex>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "lindwurm/operators/formula.hpp"
#include "lindwurm/operators/space.hpp"

namespace lindwurm {

/// A constant c or a product c f(t), where c is a complex number. f is a formula of t, so its
/// behaviour in any interval is known in advance (time_course.hpp).
class Coefficient {
 public:
  Coefficient(Complex constant = 0.0) : constant_(constant) {}
  Coefficient(double constant) : constant_(constant) {}
  /// A C++ function. `behaviour` states what can be read off a formula but not off a C++ function.
  /// `text` is for messages only: two functions differ even if their texts are equal.
  Coefficient(std::string text, std::function<Complex(double)> value, TimeBehaviour behaviour = {});
  /// The values of any other source.
  explicit Coefficient(const std::shared_ptr<const TimeSource>& source);
  /// The time t itself. Messages call it `name`.
  [[nodiscard]] static Coefficient time(std::string name = "t");

  [[nodiscard]] bool is_constant() const { return function_ == nullptr; }
  [[nodiscard]] bool is_zero() const { return constant_ == Complex(0.0); }
  [[nodiscard]] bool is_finite() const;
  /// The factor c before the function, or the whole coefficient if it is constant.
  [[nodiscard]] Complex constant() const { return constant_; }
  /// f alone, without the factor c; the number 1 for a constant.
  [[nodiscard]] Coefficient function_part() const;
  /// A key that is equal for equal functions f and empty for a constant. It is not meant to be
  /// read.
  [[nodiscard]] const std::string& function_key() const;
  /// c f as one formula.
  [[nodiscard]] ComplexFormula formula() const;
  /// The value c f(t).
  [[nodiscard]] Complex at(double t) const;
  /// A text for messages, shortened if long.
  [[nodiscard]] std::string text() const;

  /// A function of the expression language, of one or two numbers. At least one of them depends on
  /// time.
  [[nodiscard]] static Coefficient call(std::string_view name, const Coefficient& a);
  [[nodiscard]] static Coefficient call(std::string_view name, const Coefficient& a,
                                        const Coefficient& b);

  friend Coefficient operator+(const Coefficient& a, const Coefficient& b);
  friend Coefficient operator-(const Coefficient& a, const Coefficient& b);
  friend Coefficient operator*(const Coefficient& a, const Coefficient& b);
  friend Coefficient operator/(const Coefficient& a, const Coefficient& b);
  friend Coefficient pow(const Coefficient& base, const Coefficient& exponent);
  friend Coefficient conj(const Coefficient& c);

 private:
  struct Function;
  Coefficient(std::string text, ComplexFormula formula);

  Complex constant_;
  std::shared_ptr<const Function> function_;
};

[[nodiscard]] Coefficient conj(const Coefficient& c);

}  // namespace lindwurm
