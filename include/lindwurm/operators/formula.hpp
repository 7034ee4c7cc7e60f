// Formulas of one real variable, the time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lindwurm/operators/time_source.hpp"

namespace lindwurm {

/// A real formula of t as a graph of operations. Parts may be shared. Constants are folded on
/// construction.
struct Formula {
  enum class Operation : std::uint8_t {
    constant,
    time,
    source_real,       ///< the real part of a TimeSource
    source_imaginary,  ///< the imaginary part of a TimeSource
    add,
    multiply,
    divide,
    power,  ///< a^b for a >= 0 or a whole b
    square_root,
    exp,
    log,
    sin,
    cos,
    sin_pi,  ///< sin(pi a), exact at multiples of 1/2
    cos_pi,
    tan,
    asin,
    atan,
    atan2,
    sinh,
    cosh,
    tanh,
    acosh,
    // Operations whose value or slope can jump.
    abs,
    floor,
    step,
    min,
    max,
  };

  Operation operation = Operation::constant;
  double value = 0;  ///< the value of a constant
  std::shared_ptr<const Formula> a{};
  std::shared_ptr<const Formula> b{};
  std::shared_ptr<const TimeSource> source{};
  std::uint64_t hash = 0;
  int depth = 1;

  [[nodiscard]] bool is_constant() const { return operation == Operation::constant; }
  [[nodiscard]] bool is(double number) const { return is_constant() && value == number; }
};

using FormulaPointer = std::shared_ptr<const Formula>;
/// True for operations whose value or slope jumps somewhere.
[[nodiscard]] bool has_corners(Formula::Operation operation);
[[nodiscard]] FormulaPointer constant_formula(double value);
[[nodiscard]] FormulaPointer time_formula();
/// Throws InputError if the formula becomes too long to handle.
[[nodiscard]] FormulaPointer make_formula(Formula::Operation operation, FormulaPointer a,
                                          FormulaPointer b = nullptr);
[[nodiscard]] FormulaPointer source_formula(std::shared_ptr<const TimeSource> source,
                                            Formula::Operation part);
/// Applies one operation to numbers.
[[nodiscard]] double apply(Formula::Operation operation, double a, double b);

/// re + i im.
struct ComplexFormula {
  FormulaPointer re;
  FormulaPointer im;

  ComplexFormula(FormulaPointer real, FormulaPointer imaginary)
      : re(std::move(real)), im(std::move(imaginary)) {}
  ComplexFormula(std::complex<double> c)
      : re(constant_formula(c.real())), im(constant_formula(c.imag())) {}
  [[nodiscard]] bool is_real() const { return im->is(0); }
};

[[nodiscard]] ComplexFormula operator+(const ComplexFormula& a, const ComplexFormula& b);
[[nodiscard]] ComplexFormula operator*(const ComplexFormula& a, const ComplexFormula& b);
[[nodiscard]] ComplexFormula operator/(const ComplexFormula& a, const ComplexFormula& b);
[[nodiscard]] ComplexFormula conj(const ComplexFormula& a);
[[nodiscard]] ComplexFormula pow(const ComplexFormula& a, const ComplexFormula& b);
/// A function of the expression language, of one or two numbers. It is the principal value if an
/// argument is complex or outside its real domain.
[[nodiscard]] ComplexFormula function_of(std::string_view name, const ComplexFormula& a,
                                         const ComplexFormula& b = {0.0});

/// Several formulas as one list of operations. Parts that occur several times are computed once.
class Tape {
 public:
  struct Entry {
    Formula::Operation operation;
    int a = -1;
    int b = -1;
    double value = 0;
    const TimeSource* source = nullptr;
  };

  Tape() = default;
  explicit Tape(std::vector<FormulaPointer> outputs);

  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  /// The entries of the list that are outputs.
  [[nodiscard]] const std::vector<int>& outputs() const { return outputs_; }
  /// The entries that have corners, and the entries that are sources.
  [[nodiscard]] const std::vector<int>& corners() const { return corners_; }
  [[nodiscard]] bool is_constant(std::size_t output) const {
    return entries_[outputs_[output]].operation == Formula::Operation::constant;
  }
  [[nodiscard]] bool is_constant() const;
  /// Two tapes with equal keys have equal outputs.
  [[nodiscard]] std::string key() const;

  /// Computes the outputs at time t.
  void evaluate(double t, std::vector<double>& work, std::vector<double>& outputs) const;
  /// Computes all entries at time t.
  void evaluate(double t, std::vector<double>& work) const;

  /// The formulas between two corners, where they are smooth. `branches` holds one value for each
  /// corner: the value of floor and step, the sign of the argument of abs, 0 or 1 for the side that
  /// min and max take. Sources that are constant between the two times become constants.
  [[nodiscard]] Tape frozen(const std::vector<double>& branches, double from, double to) const;

 private:
  std::vector<FormulaPointer> formulas_;
  std::vector<Entry> entries_;
  std::vector<int> outputs_;
  std::vector<int> corners_;
};

}  // namespace lindwurm
