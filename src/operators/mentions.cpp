#include "lindwurm/operators/mentions.hpp"

#include "lindwurm/operators/site_operators.hpp"
#include "lindwurm/operators/vocabulary.hpp"

namespace lindwurm {

namespace {

struct Collector {
  Mentions& found;
  const Space* space;  // may be null

  void operator()(const Expression::Number&) const {}
  void operator()(const Expression::Time&) const {}
  void operator()(const Expression::Values& values) const {
    found.value_counts.push_back(values.values.size());
  }
  void operator()(const Expression::Name& name) const {
    found.names.push_back(name);
    if (name.index) visit(*name.index);
  }
  void operator()(const Expression::Call& call) const {
    found.calls.push_back(call.name);
    if (call.name == "sum") return;  // sum() binds the names in it by itself
    std::size_t first = 0;
    if (!call.arguments.empty() && is_of_site(call.name)) {
      if (const auto* site = call.arguments[0].as<Expression::Name>()) {
        found.sites.push_back(*site);
        if (site->index) visit(*site->index);
        first = 1;
      }
    }
    for (std::size_t k = first; k < call.arguments.size(); ++k)
      visit(call.arguments[k]);
  }
  void operator()(const Expression::Binary& binary) const {
    for (const auto& side : binary.sides)
      visit(side);
  }
  [[nodiscard]] bool is_of_site(const std::string& word) const {
    return vocabulary::contains(site_operator_names(), word) ||
           (space != nullptr && space->has_word(word));
  }
  void visit(const Expression& expression) const { std::visit(*this, expression.content()); }
};

}  // namespace

Mentions mentions(const Expression& expression, const Space* space) {
  Mentions found;
  Collector{found, space}.visit(expression);
  return found;
}

}  // namespace lindwurm
