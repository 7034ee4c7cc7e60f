#include "lindwurm/model/initial_state.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/site_operators.hpp"
#include "lindwurm/operators/vocabulary.hpp"

namespace lindwurm {

namespace {

// |tr rho^2 - 1| of a state that passes for pure.
constexpr double purity_tolerance = 1e-12;

struct Word {
  std::string name;
  std::vector<Complex> arguments;
};

// The elements that arrays have at one of the group's members.
std::map<std::string, int, std::less<>> arrays_at(int member, const Expression& text,
                                                  const Group& site, const Parameters& parameters) {
  std::map<std::string, int, std::less<>> running;
  if (!site.count) return running;
  for (const auto& name : vocabulary::arrays_without_index(text, parameters)) {
    const std::size_t length = parameters.find(name)->second.values.size();
    if (length != static_cast<std::size_t>(site.size())) {
      throw InputError(fmt::format("the array '{}' of {} values meets the group '{}' of {}", name,
                                   length, site.name, site.size()));
    }
    running[name] = member;
  }
  return running;
}

Word read_word(const Expression& text, const Group& site, int member,
               const Parameters& parameters) {
  static const Space no_sites;
  const Scope scope{.space = &no_sites,
                    .parameters = &parameters,
                    .running = arrays_at(member, text, site, parameters)};
  if (const auto* name = text.as<Expression::Name>(); name != nullptr && !name->index) {
    return {name->name, {}};
  }
  if (const auto* call = text.as<Expression::Call>()) {
    Word word{call->name, {}};
    for (const auto& argument : call->arguments) {
      const Coefficient number = evaluate_number(argument, scope);
      if (!number.is_constant()) {
        throw InputError(fmt::format("the state \"{}\" depends on time", text.text()));
      }
      word.arguments.push_back(number.constant());
    }
    return word;
  }
  throw InputError(fmt::format("\"{}\" is no state", text.text()));
}

double real_argument(const Word& word, std::size_t k = 0) {
  if (word.arguments.at(k).imag() != 0 || !std::isfinite(word.arguments[k].real())) {
    throw InputError(fmt::format("{} takes a real number, not {}", word.name,
                                 Coefficient(word.arguments[k]).text()));
  }
  return word.arguments[k].real();
}

Eigen::MatrixXcd level_state(const Word& word, const Group& site) {
  const double level = real_argument(word);
  if (level != std::floor(level) || level < 0 || level >= site.dimension) {
    throw InputError(fmt::format(
        "{}({}) is beyond the cutoff of '{}', which has the levels 0 to {}; raise its levels",
        word.name, level, site.name, site.dimension - 1));
  }
  Eigen::MatrixXcd rho = Eigen::MatrixXcd::Zero(site.dimension, site.dimension);
  rho(static_cast<int>(level), static_cast<int>(level)) = 1;
  return rho;
}

// |alpha> with c_n = exp(-|alpha|^2/2) alpha^n / sqrt(n!), and cat(alpha), its even levels alone:
// (|alpha> + |-alpha>)/norm.
Eigen::MatrixXcd coherent_state(const Word& word, const Group& site, double& neglected_weight) {
  const Complex alpha = word.arguments[0];
  const bool is_cat = word.name == "cat";
  Eigen::VectorXcd c(site.dimension);
  c(0) = std::exp(-std::norm(alpha) / 2);
  for (int n = 1; n < site.dimension; ++n)
    c(n) = c(n - 1) * alpha / std::sqrt(n);
  if (is_cat) {
    for (int n = 1; n < site.dimension; n += 2)
      c(n) = 0;
  }
  // The even levels of |alpha> hold (1 + <alpha|-alpha>)/2.
  const double whole = is_cat ? (1 + std::exp(-2 * std::norm(alpha))) / 2 : 1;
  const double squares = c.squaredNorm();
  const double kept = squares / whole;
  if (!(kept > 0.5)) {
    throw InputError(fmt::format(
        "{}({}) keeps only {:.3g} of its weight in the {} levels of '{}'; raise its levels well "
        "above |alpha|^2 = {:.4g}",
        word.name, Coefficient(alpha).text(), kept, site.dimension, site.name, std::norm(alpha)));
  }
  neglected_weight = std::max(neglected_weight, 1 - kept);
  return c * c.adjoint() / squares;
}

// p_n proportional to (nbar/(nbar + 1))^n
Eigen::MatrixXcd thermal_oscillator(const Word& word, const Group& site, double& neglected_weight) {
  const double nbar = real_argument(word);
  if (nbar < 0) throw InputError(fmt::format("thermal({}): nbar is negative", nbar));
  const double ratio = nbar / (nbar + 1);
  Eigen::VectorXd p(site.dimension);
  for (int n = 0; n < site.dimension; ++n)
    p(n) = std::pow(ratio, n);
  neglected_weight = std::max(neglected_weight, std::pow(ratio, site.dimension));
  return (p / p.sum()).cast<Complex>().asDiagonal();
}

Eigen::MatrixXcd spin_along(double x, double y, double z) {
  Eigen::Matrix2cd rho;
  rho << Complex(1 + z, 0), Complex(x, -y), Complex(x, y), Complex(1 - z, 0);
  return rho / 2;
}

// thermal(p_up) along z, thermal_x(p_up) along x
Eigen::MatrixXcd thermal_spin(const Word& word) {
  const double p_up = real_argument(word);
  if (p_up < 0 || p_up > 1) {
    throw InputError(
        fmt::format("{}({}): the probability of up lies between 0 and 1", word.name, p_up));
  }
  const double polarisation = 2 * p_up - 1;
  return word.name == "thermal_x" ? spin_along(polarisation, 0, 0) : spin_along(0, 0, polarisation);
}

const std::vector<std::string>& states_of(SiteKind kind) {
  static const std::vector<std::string> oscillator{"fock", "coherent", "cat", "thermal",
                                                   "maximally_mixed"};
  static const std::vector<std::string> spin{
      "up", "down", "up_x", "down_x", "up_y", "down_y", "thermal", "thermal_x", "maximally_mixed"};
  static const std::vector<std::string> levels{"level", "maximally_mixed"};
  switch (kind) {
    case SiteKind::oscillator:
      return oscillator;
    case SiteKind::spin:
      return spin;
    case SiteKind::levels:
      break;
  }
  return levels;
}

}  // namespace

Eigen::MatrixXcd site_state(const Expression& text, const Group& site, const Parameters& parameters,
                            double& neglected_weight, int member) {
  const Word word = read_word(text, site, member, parameters);
  const auto& known = states_of(site.kind);
  if (std::find(known.begin(), known.end(), word.name) == known.end()) {
    throw InputError(fmt::format("a site of kind \"{}\" has no state '{}'{}", name_of(site.kind),
                                 word.name, suggestion(word.name, known)));
  }
  static const std::vector<std::string> with_argument{"fock",    "coherent",  "cat",
                                                      "thermal", "thermal_x", "level"};
  const std::size_t expected =
      std::find(with_argument.begin(), with_argument.end(), word.name) == with_argument.end() ? 0
                                                                                              : 1;
  if (word.arguments.size() != expected) {
    throw InputError(fmt::format("the state {} takes {} argument{}, not {}", word.name, expected,
                                 expected == 1 ? "" : "s", word.arguments.size()));
  }
  if (word.name == "maximally_mixed") {
    return Eigen::MatrixXcd::Identity(site.dimension, site.dimension) / site.dimension;
  }
  if (word.name == "fock" || word.name == "level") return level_state(word, site);
  if (word.name == "coherent" || word.name == "cat")
    return coherent_state(word, site, neglected_weight);
  if (word.name.starts_with("thermal")) {
    return site.kind == SiteKind::spin ? thermal_spin(word)
                                       : thermal_oscillator(word, site, neglected_weight);
  }
  const double sign = word.name.starts_with("up") ? 1 : -1;
  if (word.name.ends_with("_x")) return spin_along(sign, 0, 0);
  if (word.name.ends_with("_y")) return spin_along(0, sign, 0);
  return spin_along(0, 0, sign);
}

ProductState in_stored_basis(ProductState state, const Space& space) {
  for (int s = 0; s < space.sites(); ++s) {
    if (space.is_along_x(s)) state.sites[s] = change_spin_axis(Eigen::Matrix2cd(state.sites[s]));
  }
  return state;
}

ProductKet ket_of(const ProductState& state, const Space& space) {
  ProductKet ket;
  for (int s = 0; s < space.sites(); ++s) {
    const Eigen::MatrixXcd& rho = state.sites[s];
    const double purity = rho.squaredNorm();
    if (!(std::abs(purity - 1) <= purity_tolerance)) {
      throw InputError(
          fmt::format("'{}' is in a mixed state, of purity {:.6g}; a ket takes pure ones",
                      space.site_name(s), purity));
    }
    Eigen::Index largest = 0;
    rho.diagonal().real().maxCoeff(&largest);
    ket.sites.emplace_back(rho.col(largest).normalized());
  }
  return ket;
}

ProductKet in_stored_basis(ProductKet ket, const Space& space) {
  for (int s = 0; s < space.sites(); ++s) {
    if (space.is_along_x(s)) ket.sites[s] = change_spin_axis(Eigen::Vector2cd(ket.sites[s]));
  }
  return ket;
}

ProductState product_state(const Space& space,
                           const std::map<std::string, std::vector<std::string>>& states,
                           const Parameters& parameters) {
  ProductState product;
  std::vector<std::string> missing;
  for (const Group& group : space.groups()) {
    auto found = states.find(group.name);
    if (found == states.end()) {
      missing.push_back(group.name);
      continue;
    }
    const auto& names = found->second;
    if (names.size() != 1 && static_cast<int>(names.size()) != group.size()) {
      throw InputError(fmt::format("'{}' has {} members but {} initial states", group.name,
                                   group.size(), names.size()));
    }
    for (int member = 0; member < group.size(); ++member) {
      const auto& name = names.size() == 1 ? names[0] : names[member];
      product.sites.push_back(
          site_state(Expression::parse(name), group, parameters, product.neglected_weight, member));
    }
  }
  for (const auto& [name, unused] : states) {
    if (space.find(name) != nullptr) continue;
    std::vector<std::string> known;
    for (const auto& group : space.groups())
      known.push_back(group.name);
    throw InputError(
        fmt::format("an initial state for the unknown site '{}'{}", name, suggestion(name, known)));
  }
  if (!missing.empty()) {
    throw InputError(fmt::format("no initial state for {}", fmt::join(missing, ", ")));
  }
  return product;
}

}  // namespace lindwurm
