#include "lindwurm/operators/expression.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lindwurm {

namespace {

struct Printer {
  std::string operator()(const Expression::Number& number) const {
    return Coefficient(number.value).text();
  }
  std::string operator()(const Expression::Time& time) const { return time.value.text(); }
  std::string operator()(const Expression::Values& values) const {
    return fmt::format("[{}]", fmt::join(values.values, ", "));
  }
  std::string operator()(const Expression::Name& name) const {
    return name.index ? fmt::format("{}[{}]", name.name, name.index->text()) : name.name;
  }
  std::string operator()(const Expression::Call& call) const {
    std::vector<std::string> arguments;
    for (const auto& argument : call.arguments)
      arguments.push_back(argument.text());
    return fmt::format("{}({})", call.name, fmt::join(arguments, ", "));
  }
  std::string operator()(const Expression::Binary& binary) const {
    const auto side = [&](const Expression& part) {
      const bool bare = part.as<Expression::Binary>() == nullptr || binary.symbol == '+';
      return bare ? part.text() : "(" + part.text() + ")";
    };
    return fmt::format("{} {} {}", side(binary.sides[0]), binary.symbol, side(binary.sides[1]));
  }
};

Expression binary(char symbol, const Expression& a, const Expression& b) {
  return Expression(Expression::Binary{symbol, {a, b}});
}

Expression call(std::string name, std::vector<Expression> arguments) {
  return Expression(Expression::Call{std::move(name), std::move(arguments)});
}

}  // namespace

std::string Expression::text() const { return std::visit(Printer{}, content()); }

Expression operator+(const Expression& a, const Expression& b) { return binary('+', a, b); }
Expression operator-(const Expression& a, const Expression& b) { return binary('-', a, b); }
Expression operator*(const Expression& a, const Expression& b) { return binary('*', a, b); }
Expression operator/(const Expression& a, const Expression& b) { return binary('/', a, b); }
Expression operator-(const Expression& a) { return binary('*', Expression(-1.0), a); }

namespace words {
Expression on_site(std::string name, std::string_view site) {
  return call(std::move(name), {Expression::parse(site)});
}
Expression a(std::string_view site) { return on_site("a", site); }
Expression ad(std::string_view site) { return on_site("ad", site); }
Expression n(std::string_view site) { return on_site("n", site); }
Expression x(std::string_view site) { return on_site("x", site); }
Expression p(std::string_view site) { return on_site("p", site); }
Expression id(std::string_view site) { return on_site("id", site); }
Expression sx(std::string_view site) { return on_site("sx", site); }
Expression sy(std::string_view site) { return on_site("sy", site); }
Expression sz(std::string_view site) { return on_site("sz", site); }
Expression sp(std::string_view site) { return on_site("sp", site); }
Expression sm(std::string_view site) { return on_site("sm", site); }
Expression sp_x(std::string_view site) { return on_site("sp_x", site); }
Expression sm_x(std::string_view site) { return on_site("sm_x", site); }
Expression n_up(std::string_view site) { return on_site("n_up", site); }
Expression proj(std::string_view site, int k) {
  return call("proj", {Expression::parse(site), Expression(k)});
}
Expression ket(std::string_view site, int j, int k) {
  return call("ket", {Expression::parse(site), Expression(j), Expression(k)});
}
Expression dag(const Expression& a) { return call("dag", {a}); }
Expression sum(const Expression& a) { return call("sum", {a}); }
Expression left(const Expression& a) { return call("left", {a}); }
Expression right(const Expression& a) { return call("right", {a}); }
Expression commutator(const Expression& a) { return call("commutator", {a}); }
Expression anticommutator(const Expression& a) { return call("anticommutator", {a}); }
Expression dissipator(const Expression& a) { return call("dissipator", {a}); }
}  // namespace words

}  // namespace lindwurm
