// Operator expressions: the words of a model file and of the C++ interface, before they meet a
// space. "g*x(mode)*sz(bath)" and g * x("mode") * sz("bath") are the same expression.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lindwurm/operators/coefficient.hpp"

namespace lindwurm {

class Expression {
 public:
  struct Number {
    Complex value;
  };
  /// A number that depends on time, given as a C++ function.
  struct Time {
    Coefficient value;
  };
  /// One number for each member of the group that the term names.
  struct Values {
    std::vector<double> values;
  };
  /// A parameter, a site or a free index, perhaps with an index in brackets.
  struct Name {
    std::string name;
    std::shared_ptr<const Expression> index;  ///< null without brackets
  };
  struct Call {
    std::string name;
    std::vector<Expression> arguments;
  };
  struct Binary {
    char symbol;  ///< one of + - * / ^
    std::vector<Expression> sides;
  };
  using Content = std::variant<Number, Time, Values, Name, Call, Binary>;

  Expression(double number) : Expression(Number{number}) {}
  Expression(Complex number) : Expression(Number{number}) {}
  Expression(std::vector<double> values) : Expression(Values{std::move(values)}) {}
  /// f(t); `text` names the function in messages, and equal texts must mean equal functions.
  Expression(std::string text, std::function<Complex(double)> function)
      : Expression(Time{{std::move(text), std::move(function)}}) {}
  template <typename Alternative>
  requires std::is_constructible_v<Content, Alternative>
  explicit Expression(Alternative content)
      : content_(std::make_shared<Content>(std::move(content))) {}

  /// Reads an expression such as "Delta/2*sx(bath)". Throws InputError with the position and the
  /// text when it is malformed. Grammar: docs/model-file.md.
  [[nodiscard]] static Expression parse(std::string_view text);

  [[nodiscard]] const Content& content() const { return *content_; }
  template <typename Alternative>
  [[nodiscard]] const Alternative* as() const {
    return std::get_if<Alternative>(content_.get());
  }
  [[nodiscard]] std::string text() const;

 private:
  std::shared_ptr<const Content> content_;
};

[[nodiscard]] Expression operator+(const Expression& a, const Expression& b);
[[nodiscard]] Expression operator-(const Expression& a, const Expression& b);
[[nodiscard]] Expression operator*(const Expression& a, const Expression& b);
[[nodiscard]] Expression operator/(const Expression& a, const Expression& b);
[[nodiscard]] Expression operator-(const Expression& a);

/// The words of expressions. `site` is the name of a site, of a group (all members, one after the
/// other) or of one member, as in "bath[0]"; docs/conventions.md gives each matrix.
namespace words {
[[nodiscard]] Expression a(std::string_view site);
[[nodiscard]] Expression ad(std::string_view site);
[[nodiscard]] Expression n(std::string_view site);
[[nodiscard]] Expression x(std::string_view site);
[[nodiscard]] Expression p(std::string_view site);
[[nodiscard]] Expression id(std::string_view site);
[[nodiscard]] Expression sx(std::string_view site);
[[nodiscard]] Expression sy(std::string_view site);
[[nodiscard]] Expression sz(std::string_view site);
[[nodiscard]] Expression sp(std::string_view site);
[[nodiscard]] Expression sm(std::string_view site);
[[nodiscard]] Expression sp_x(std::string_view site);
[[nodiscard]] Expression sm_x(std::string_view site);
[[nodiscard]] Expression n_up(std::string_view site);
[[nodiscard]] Expression proj(std::string_view site, int k);
[[nodiscard]] Expression ket(std::string_view site, int j, int k);
[[nodiscard]] Expression dag(const Expression& a);
/// The sum over all members as one operator: sum(sx("bath")) * sum(sx("bath")) has pairs of
/// members, where sx("bath") * sx("bath") is the square of each one's.
[[nodiscard]] Expression sum(const Expression& a);
[[nodiscard]] Expression left(const Expression& a);
[[nodiscard]] Expression right(const Expression& a);
[[nodiscard]] Expression commutator(const Expression& a);
[[nodiscard]] Expression anticommutator(const Expression& a);
[[nodiscard]] Expression dissipator(const Expression& a);
}  // namespace words

}  // namespace lindwurm
