// Operator expressions, as in a model file and in C++, before they are evaluated on a space.
// "g*x(mode)*sz(bath)" and g * x("mode") * sz("bath") are the same expression.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lindwurm/operators/coefficient.hpp"

namespace lindwurm {

/// An operator, a superoperator or a number as an expression, not yet evaluated on a space.
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
  /// f(t); messages call it `text`. `behaviour` tells when it jumps and how fast it changes.
  /// Without it, steps are at most a thousandth of the time span, and the result carries a warning.
  Expression(std::string text, std::function<Complex(double)> function,
             TimeBehaviour behaviour = {})
      : Expression(Time{{std::move(text), std::move(function), std::move(behaviour)}}) {}
  template <typename Alternative>
  requires std::is_constructible_v<Content, Alternative>
  explicit Expression(Alternative content)
      : content_(std::make_shared<Content>(std::move(content))) {}

  /// Reads an expression such as "Delta/2*sx(bath)". Throws InputError with the position and the
  /// text if it is malformed. The grammar is in docs/model-file.md.
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

/// The words of expressions. `site` is the name of a site, of a group (which stands for all
/// members, one after the other) or of one member, as in "bath[0]". The matrices are in
/// docs/conventions.md:
/// - oscillators: a, ad = a^dag, n = ad a, x = a + ad, p = -i (a - ad);
/// - spins: the Pauli matrices sx, sy, sz (sz = +1 for up), sp = |up><down|, sm = |down><up|,
///   n_up = |up><up|, and along x sp_x = |+><-|, sm_x = |-><+|;
/// - all sites: the identity id, proj(k) = |k><k|, ket(j, k) = |j><k|;
/// - operators: the Hermitian conjugate dag(A);
/// - superoperators: left(A) rho = A rho, right(A) rho = rho A, commutator(A) rho = [A, rho],
///   anticommutator(A) rho = {A, rho}, dissipator(A) rho = D[A] rho.
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
/// An operator by its name, such as the "Jz" of a site with SiteWords.
[[nodiscard]] Expression on_site(std::string name, std::string_view site);
[[nodiscard]] Expression proj(std::string_view site, int k);
[[nodiscard]] Expression ket(std::string_view site, int j, int k);
[[nodiscard]] Expression dag(const Expression& a);
/// The sum over all members as one operator. sum(sx("bath")) * sum(sx("bath")) contains pairs of
/// members, while sx("bath") * sx("bath") is the square of each member's sx.
[[nodiscard]] Expression sum(const Expression& a);
[[nodiscard]] Expression left(const Expression& a);
[[nodiscard]] Expression right(const Expression& a);
[[nodiscard]] Expression commutator(const Expression& a);
[[nodiscard]] Expression anticommutator(const Expression& a);
[[nodiscard]] Expression dissipator(const Expression& a);
}  // namespace words

}  // namespace lindwurm
