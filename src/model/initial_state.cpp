#include "lindwurm/model/initial_state.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <unsupported/Eigen/KroneckerProduct>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/joint_basis.hpp"
#include "lindwurm/operators/site_operators.hpp"
#include "lindwurm/operators/vocabulary.hpp"

namespace lindwurm {

namespace {

// A state with |tr rho^2 - 1| up to this counts as pure.
constexpr double purity_tolerance = 1e-12;
// A matrix with |rho - rho^dag|/|rho| up to this counts as Hermitian.
constexpr double hermiticity_tolerance = 1e-12;

const std::vector<std::string>& states_of(SiteKind kind) {
  static const std::vector<std::string> oscillator{"fock", "coherent", "cat", "thermal",
                                                   "maximally_mixed"};
  static const std::vector<std::string> spin{"up",        "down",           "up_x",     "down_x",
                                             "up_y",      "down_y",         "coherent", "thermal",
                                             "thermal_x", "maximally_mixed"};
  static const std::vector<std::string> ensemble = [] {
    std::vector<std::string> all = spin;
    all.emplace_back("dicke");
    return all;
  }();
  static const std::vector<std::string> levels{"level", "maximally_mixed"};
  switch (kind) {
    case SiteKind::oscillator:
      return oscillator;
    case SiteKind::spin:
      return spin;
    case SiteKind::ensemble:
      return ensemble;
    case SiteKind::levels:
      break;
  }
  return levels;
}

// Those of the kind of site, and those that a program has brought for it.
std::vector<std::string> states_of(const Group& site) {
  std::vector<std::string> all = states_of(site.kind);
  if (!site.words) return all;
  for (const auto& [name, state] : site.words->states)
    all.push_back(name);
  return all;
}

std::string_view kind_of(const Group& site) {
  return site.words ? std::string_view(site.words->kind) : name_of(site.kind);
}

struct Word {
  std::string name;
  std::vector<Complex> arguments;
};

// The element that each array without an index takes in a state.
using Running = std::map<std::string, int, std::less<>>;

// The elements of the arrays for one member of the group.
Running arrays_at(int member, const Expression& text, const Group& site,
                  const Parameters& parameters) {
  Running running;
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

// The spins of a class have one common state, so their elements must be equal.
int common_element(const std::string& name, const std::vector<Coefficient>& values,
                   const Group& site) {
  const int first = site.spin_of(0);
  for (int member = 1; member < site.multiplets->spins(); ++member) {
    const int other = site.spin_of(member);
    if (values[other].at(0) == values[first].at(0)) continue;
    throw InputError(fmt::format(
        "the array '{}' has {} and {} for spins of the ensemble '{}', which start equal; take "
        "kind = \"spin\", or more classes",
        name, values[first].text(), values[other].text(), site.name));
  }
  return first;
}

// The elements of the arrays for one of the classes of a bath.
Running arrays_at_class(int number, const Expression& text, const std::vector<const Group*>& family,
                        const Parameters& parameters) {
  std::size_t spins = 0;
  for (const Group* each : family)
    spins += each->multiplets->spins();
  Running running;
  for (const auto& name : vocabulary::arrays_without_index(text, parameters)) {
    const auto& values = parameters.find(name)->second.values;
    if (values.size() == family.size() && !family[0]->family.empty()) {
      running[name] = number;
    } else if (values.size() == spins && (family.size() == 1 || !family[0]->spins.empty())) {
      running[name] = common_element(name, values, *family[number]);
    } else {
      throw InputError(
          fmt::format("the array '{}' of {} values meets '{}' of {} spins in {} "
                      "classes",
                      name, values.size(), family[0]->word(), spins, family.size()));
    }
  }
  return running;
}

Word read_word(const Expression& text, const Group& site, const Running& running,
               const Parameters& parameters) {
  static const Space no_sites;
  const Scope scope{.space = &no_sites, .parameters = &parameters, .running = running};
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
      require_finite(number, argument, scope);
      word.arguments.push_back(number.constant());
    }
    return word;
  }
  throw InputError(fmt::format(
      "\"{}\" is no state: it is no word with numbers in parentheses; a site of kind \"{}\" has {}",
      text.text(), kind_of(site), fmt::join(states_of(site), ", ")));
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

// The amplitudes c_n of |alpha>, divided by that of a level near the largest one. They follow from
// there by c_n = c_(n-1) alpha/sqrt(n), which works for any alpha. Also the sums of |c_n|^2 over
// the levels below the cutoff and over all levels.
struct CoherentLevels {
  CoherentLevels(Complex alpha, int levels, int step)
      : ratios(Eigen::VectorXcd::Zero(levels)), step_(step) {
    constexpr double negligible = 1e-150;  // |c_n| relative to the largest
    const auto start = static_cast<int>(std::norm(alpha));
    Complex c = 1;
    for (int n = start; n >= 0 && std::abs(c) > negligible; --n) {
      take(n, c);
      c *= std::sqrt(n) / (n > 0 ? alpha : 1.0);
    }
    c = alpha / std::sqrt(start + 1.0);
    for (int n = start + 1; std::abs(c) > negligible; ++n) {
      take(n, c);
      c *= alpha / std::sqrt(n + 1.0);
    }
  }

  Eigen::VectorXcd ratios;
  double kept = 0;
  double lost = 0;

 private:
  void take(int n, Complex c) {
    if (n % step_ != 0) return;
    const bool is_kept = n < ratios.size();
    (is_kept ? kept : lost) += std::norm(c);
    if (is_kept) ratios(n) = c;
  }

  int step_;
};

// |alpha>, or cat(alpha), which has only even levels: (|alpha> + |-alpha>)/norm.
Eigen::MatrixXcd coherent_state(const Word& word, const Group& site, double& neglected_weight) {
  const Complex alpha = word.arguments[0];
  // Half of the weight lies above the level |alpha|^2 - 1. Beyond twice the levels nothing is left.
  const double photons = std::norm(alpha);
  double kept = 0;
  if (photons <= 2.0 * site.dimension + 100) {
    const CoherentLevels levels(alpha, site.dimension, word.name == "cat" ? 2 : 1);
    kept = levels.kept / (levels.kept + levels.lost);
    if (kept > 0.5) {
      neglected_weight = std::max(neglected_weight, levels.lost / (levels.kept + levels.lost));
      const Eigen::VectorXcd c = levels.ratios / std::sqrt(levels.kept);
      return c * c.adjoint();
    }
  }
  throw InputError(fmt::format(
      "{}({}) keeps only {:.3g} of its weight in the {} levels of '{}'; raise its levels well "
      "above |alpha|^2 = {:.4g}",
      word.name, Coefficient(alpha).text(), kept, site.dimension, site.name, photons));
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

std::size_t arguments_of(const std::string& state, SiteKind kind) {
  static const std::vector<std::string> with_one{"fock",    "coherent",  "cat",
                                                 "thermal", "thermal_x", "level"};
  const bool is_of_spins = kind == SiteKind::spin || kind == SiteKind::ensemble;
  if (state == "dicke" || (state == "coherent" && is_of_spins)) return 2;
  return std::find(with_one.begin(), with_one.end(), state) == with_one.end() ? 0 : 1;
}

// True for a state that a program has brought for this kind of site.
bool has_own(const Word& word, const Group& site) {
  return site.words && site.words->states.contains(word.name);
}

void require_known(const Word& word, const Group& site) {
  const std::vector<std::string> known = states_of(site);
  if (std::find(known.begin(), known.end(), word.name) == known.end()) {
    throw InputError(fmt::format("a site of kind \"{}\" has no state '{}'{}", kind_of(site),
                                 word.name, suggestion(word.name, known)));
  }
  const std::size_t expected = has_own(word, site) ? 0 : arguments_of(word.name, site.kind);
  if (word.arguments.size() != expected) {
    throw InputError(fmt::format("the state {} takes {} argument{}, not {}", word.name, expected,
                                 expected == 1 ? "" : "s", word.arguments.size()));
  }
}

// A ket is a matrix of one column.
Eigen::MatrixXcd density_matrix(const Eigen::MatrixXcd& state) {
  return state.cols() == 1 && state.rows() > 1 ? Eigen::MatrixXcd(state * state.adjoint()) : state;
}

// cos(theta/2) |up> + exp(i phi) sin(theta/2) |down>, and the other words of one spin.
Eigen::MatrixXcd spin_state(const Word& word) {
  if (word.name == "maximally_mixed") return spin_along(0, 0, 0);
  if (word.name.starts_with("thermal")) return thermal_spin(word);
  if (word.name == "coherent") {
    const double theta = real_argument(word, 0);
    const double phi = real_argument(word, 1);
    return spin_along(std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi),
                      std::cos(theta));
  }
  const double sign = word.name.starts_with("up") ? 1 : -1;
  if (word.name.ends_with("_x")) return spin_along(sign, 0, 0);
  if (word.name.ends_with("_y")) return spin_along(0, sign, 0);
  return spin_along(0, 0, sign);
}

EnsembleState::Part multiplet_state(const Word& word, const Group& site) {
  const double two_j = 2 * real_argument(word, 0);
  const double two_m = 2 * real_argument(word, 1);
  const int spins = site.multiplets->spins();
  const auto differs_evenly = [](double a, double b) {
    return a == std::floor(a) && std::fmod(a - b, 2) == 0;
  };
  if (!differs_evenly(two_j, spins) || two_j < 0 || two_j > spins) {
    throw InputError(fmt::format("dicke({}, {}): J of {} spins is {}, {}, ... down to {}",
                                 two_j / 2, two_m / 2, spins, spins / 2.0, spins / 2.0 - 1,
                                 spins % 2 / 2.0));
  }
  if (!differs_evenly(two_m, two_j) || std::abs(two_m) > two_j) {
    throw InputError(
        fmt::format("dicke({}, {}): M is one of -J, -J + 1, ..., J", two_j / 2, two_m / 2));
  }
  EnsembleState::Part part;
  part.two_j = static_cast<int>(two_j);
  part.two_m = static_cast<int>(two_m);
  return part;
}

void add_parts(const Expression& text, double weight, const Group& site, const Running& running,
               const Parameters& parameters, EnsembleState& state) {
  const auto* binary = text.as<Expression::Binary>();
  if (binary != nullptr && binary->symbol == '+') {
    for (const Expression& side : binary->sides)
      add_parts(side, weight, site, running, parameters, state);
    return;
  }
  if (binary != nullptr && binary->symbol == '*') {
    static const Space no_sites;
    const Scope scope{.space = &no_sites, .parameters = &parameters, .running = running};
    const Coefficient weight_of = evaluate_number(binary->sides[0], scope);
    if (!weight_of.is_constant())
      throw InputError(fmt::format("the state \"{}\" depends on time", text.text()));
    require_finite(weight_of, binary->sides[0], scope);
    const Complex factor = weight_of.constant();
    if (factor.imag() != 0 || !(factor.real() >= 0)) {
      throw InputError(fmt::format("\"{}\" has the weight {}; weights are numbers >= 0",
                                   text.text(), Coefficient(factor).text()));
    }
    add_parts(binary->sides[1], weight * factor.real(), site, running, parameters, state);
    return;
  }
  const Word word = read_word(text, site, running, parameters);
  require_known(word, site);
  EnsembleState::Part part;
  if (word.name == "dicke") {
    part = multiplet_state(word, site);
  } else {
    part.spin = spin_state(word);
  }
  part.weight = weight;
  state.parts.push_back(std::move(part));
}

}  // namespace

EnsembleState ensemble_state(const Expression& text, const std::vector<const Group*>& family,
                             int number, const Parameters& parameters) {
  EnsembleState state;
  add_parts(text, 1, *family[number], arrays_at_class(number, text, family, parameters), parameters,
            state);
  double whole = 0;
  for (const auto& part : state.parts)
    whole += part.weight;
  if (!(std::abs(whole - 1) <= 1e-12)) {
    throw InputError(
        fmt::format("the weights of \"{}\" add up to {}, not to 1", text.text(), whole));
  }
  return state;
}

Eigen::MatrixXcd site_state(const Expression& text, const Group& site, const Parameters& parameters,
                            double& neglected_weight, int member) {
  const Word word = read_word(text, site, arrays_at(member, text, site, parameters), parameters);
  require_known(word, site);
  if (has_own(word, site)) return density_matrix(site.words->states.find(word.name)->second);
  if (site.kind == SiteKind::spin) return spin_state(word);
  if (word.name == "maximally_mixed") {
    return Eigen::MatrixXcd::Identity(site.dimension, site.dimension) / site.dimension;
  }
  if (word.name == "fock" || word.name == "level") return level_state(word, site);
  if (word.name == "thermal") return thermal_oscillator(word, site, neglected_weight);
  return coherent_state(word, site, neglected_weight);
}

namespace {

void require_number_of_sites(std::size_t given, const Space& space) {
  if (static_cast<int>(given) == space.sites()) return;
  throw InputError(
      fmt::format("the states of {} sites were given for a space of {}", given, space.sites()));
}

}  // namespace

void require_fit(const ProductState& state, const Space& space) {
  require_number_of_sites(state.sites.size(), space);
  for (int s = 0; s < space.sites(); ++s) {
    if (space.group_of(s).multiplets) {
      if (state.ensembles.contains(s)) continue;
      throw InputError(fmt::format("no state was given for the ensemble '{}'", space.site_name(s)));
    }
    const Eigen::MatrixXcd& rho = state.sites[s];
    if (rho.rows() != space.dimension(s) || rho.cols() != space.dimension(s)) {
      throw InputError(fmt::format("a {} x {} matrix was given for '{}', which has {} states",
                                   rho.rows(), rho.cols(), space.site_name(s), space.dimension(s)));
    }
    const double defect = (rho - rho.adjoint()).norm();
    if (!(defect <= hermiticity_tolerance * rho.norm())) {
      throw InputError(fmt::format(
          "the matrix given for '{}' is not Hermitian, |A - A^dag| = {:.3g}: it is no density "
          "matrix",
          space.site_name(s), defect));
    }
  }
}

void require_fit(const ProductKet& ket, const Space& space) {
  require_number_of_sites(ket.sites.size(), space);
  for (int s = 0; s < space.sites(); ++s) {
    if (ket.sites[s].size() == space.dimension(s)) continue;
    throw InputError(fmt::format("a ket of {} numbers was given for '{}', which has {} states",
                                 ket.sites[s].size(), space.site_name(s), space.dimension(s)));
  }
}

ProductState in_stored_basis(ProductState state, const Space& stored) {
  const Space& space = stored.named();
  require_fit(state, space);
  for (int s = 0; s < space.sites(); ++s) {
    if (!space.is_along_x(s)) continue;
    if (const auto found = state.ensembles.find(s); found != state.ensembles.end()) {
      found->second = change_spin_axis(std::move(found->second));
    } else {
      state.sites[s] = change_spin_axis(Eigen::Matrix2cd(state.sites[s]));
    }
  }
  if (stored.joint()) {
    Eigen::MatrixXcd rho = Eigen::MatrixXcd::Ones(1, 1);
    for (const Eigen::MatrixXcd& site : state.sites)
      rho = Eigen::kroneckerProduct(rho, site).eval();
    state.sites = {in_joint_basis(std::move(rho), stored)};
  }
  return state;
}

Eigen::VectorXcd site_elements(const ProductState& state, int site, const Space& space) {
  if (const auto found = state.ensembles.find(site); found != state.ensembles.end())
    return elements(found->second, *space.group_of(site).multiplets);
  const Eigen::MatrixXcd& rho = state.sites[site];
  return rho.transpose().reshaped();
}

ProductKet ket_of(const ProductState& state, const Space& space) {
  require_fit(state, space);
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
  require_fit(ket, space);
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
    auto found = states.find(group.word());
    if (found == states.end()) {
      missing.push_back(group.name);
      continue;
    }
    const auto& names = found->second;
    const auto family = space.called(group.word());
    const std::size_t members = group.size() * family.size();
    if (names.size() != 1 && names.size() != members) {
      throw InputError(fmt::format("'{}' has {} members but {} initial states", group.word(),
                                   members, names.size()));
    }
    if (group.kind == SiteKind::ensemble) {
      const auto place = std::find(family.begin(), family.end(), &group) - family.begin();
      product.ensembles[group.first] =
          ensemble_state(Expression::parse(names.size() == 1 ? names[0] : names[place]), family,
                         static_cast<int>(place), parameters);
      product.sites.emplace_back();
      continue;
    }
    for (int member = 0; member < group.size(); ++member) {
      const auto& name = names.size() == 1 ? names[0] : names[member];
      product.sites.push_back(
          site_state(Expression::parse(name), group, parameters, product.neglected_weight, member));
    }
  }
  for (const auto& [name, unused] : states) {
    if (!space.called(name).empty()) continue;
    std::vector<std::string> known;
    for (const auto& group : space.groups())
      known.push_back(group.word());
    throw InputError(
        fmt::format("an initial state for the unknown site '{}'{}", name, suggestion(name, known)));
  }
  if (!missing.empty()) {
    throw InputError(fmt::format("no initial state for {}", fmt::join(missing, ", ")));
  }
  return product;
}

}  // namespace lindwurm
