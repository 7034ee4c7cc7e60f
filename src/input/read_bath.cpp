#include "read_bath.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "lindwurm/model/bath_equation.hpp"
#include "lindwurm/operators/mentions.hpp"

namespace lindwurm {

namespace {

std::vector<double> numbers(const TomlValue& list, const Parameters& parameters) {
  std::vector<double> values;
  for (const auto& element : list.elements()) {
    // The name of a parameter may stand for an array.
    const Parameter parameter =
        element.within([&] { return evaluate_parameter(element.expression(), parameters); });
    for (const auto& value : parameter.values) {
      if (!value.is_constant() || value.constant().imag() != 0) {
        element.fail(fmt::format("a real number is expected here, not {}", value.text()));
      }
      values.push_back(value.constant().real());
    }
  }
  return values;
}

// In the formula of a density, w is the variable, even if a parameter has this name.
std::function<double(double)> function_of_w(const Expression& expression, Parameters parameters) {
  for (const auto& name : mentions(expression).names) {
    const auto parameter = parameters.find(name.name);
    const bool varies =
        parameter != parameters.end() && name.name != "w" &&
        std::any_of(parameter->second.values.begin(), parameter->second.values.end(),
                    [](const Coefficient& c) { return !c.is_constant(); });
    if (name.name == "t" || varies) {
      throw InputError(fmt::format(
          "a spectral density depends on w alone, not on time as '{}' does", name.name));
    }
  }
  parameters["w"] = {{Coefficient::time("w")}};
  static const Space no_sites;
  const Coefficient j =
      evaluate_number(expression, {.space = &no_sites, .parameters = &parameters});
  return [j, text = expression.text()](double w) {
    const Complex value = j.at(w);
    if (std::abs(value.imag()) > 1e-12 * std::abs(value.real())) {
      throw InputError(fmt::format("the density {} is not real at w = {}: {}", text, w,
                                   Coefficient(value).text()));
    }
    return value.real();
  };
}

// The maximum of w J(w), and decades around it.
std::vector<double> likely_landmarks(const std::function<double(double)>& j) {
  double peak = 1;
  double largest = 0;
  for (int k = -160; k <= 160; ++k) {
    const double w = std::pow(10.0, k / 20.0);
    const double value = w * j(w);
    if (std::isfinite(value) && value > largest) {
      largest = value;
      peak = w;
    }
  }
  std::vector<double> landmarks;
  for (double factor : {1e-4, 1e-3, 1e-2, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0})
    landmarks.push_back(factor * peak);
  return landmarks;
}

class DensityReader {
 public:
  DensityReader(const TomlValue& table, const Parameters& parameters)
      : table_(table), parameters_(parameters) {}

  SpectralDensity read() {
    static const std::vector<std::string> kinds{
        "flat",  "ohmic-drude", "ohmic-exponential", "ohmic-hard", "lorentzian",
        "poles", "table",       "expression",        "modes",      "spins"};
    const std::size_t kind = table_.require("kind").one_of(kinds);
    return table_.within([&] {
      switch (kind) {
        case 0:
          return read_flat();
        case 1:
          return read_ohmic(Cutoff::drude);
        case 2:
          return read_ohmic(Cutoff::exponential);
        case 3:
          return read_ohmic(Cutoff::hard);
        case 4:
          allow({"strength", "frequency", "width"});
          return poles({{number("strength"), number("frequency"), number("width")}});
        case 5:
          return read_poles();
        case 6:
          allow({"frequencies", "values"});
          return tabulated(list("frequencies"), list("values"));
        case 7:
          return read_expression();
        case 8:
          allow({"frequencies", "couplings"});
          return discrete_modes(list("frequencies"), list("couplings"));
        default:
          allow({"couplings", "asymmetries", "tunnelings"});
          return discrete_spins(list("couplings"), list("asymmetries"), list("tunnelings"));
      }
    });
  }

 private:
  void allow(const std::vector<std::string>& others) const {
    std::vector<std::string> keys{"kind"};
    keys.insert(keys.end(), others.begin(), others.end());
    table_.allow_only(keys);
  }
  [[nodiscard]] double number(const std::string& key) const {
    return table_.require(key).number(parameters_);
  }
  [[nodiscard]] std::vector<double> list(const std::string& key) const {
    return numbers(table_.require(key), parameters_);
  }

  SpectralDensity read_flat() const {
    allow({"rate", "strength"});
    const auto rate = table_.find("rate");
    if (rate && table_.find("strength"))
      rate->fail("rate and strength are two names of one number");
    return flat(rate ? rate->number(parameters_) : number("strength"));
  }

  SpectralDensity read_ohmic(Cutoff shape) const {
    allow({"strength", "cutoff", "exponent"});
    const auto exponent = table_.find("exponent");
    return ohmic(number("strength"), number("cutoff"), shape,
                 exponent ? exponent->number(parameters_) : 1.0);
  }

  SpectralDensity read_poles() const {
    allow({"strengths", "frequencies", "widths"});
    const auto strengths = list("strengths");
    const auto frequencies = list("frequencies");
    const auto widths = list("widths");
    if (strengths.size() != frequencies.size() || widths.size() != frequencies.size()) {
      table_.fail(
          fmt::format("strengths, frequencies and widths need equal lengths, not {}, {}, {}",
                      strengths.size(), frequencies.size(), widths.size()));
    }
    std::vector<Pole> all;
    for (std::size_t k = 0; k < strengths.size(); ++k)
      all.push_back({strengths[k], frequencies[k], widths[k]});
    return poles(all);
  }

  SpectralDensity read_expression() const {
    allow({"expression", "landmarks"});
    const TomlValue text = table_.require("expression");
    auto j = text.within([&] { return function_of_w(text.expression(), parameters_); });
    auto landmarks = table_.find("landmarks") ? list("landmarks") : likely_landmarks(j);
    return formula(text.expression().text(), std::move(j), std::move(landmarks));
  }

  const TomlValue& table_;
  const Parameters& parameters_;
};

Eigen::MatrixXd read_matrix(const TomlValue& rows, const Parameters& parameters) {
  std::vector<std::vector<double>> all;
  for (const auto& row : rows.elements())
    all.push_back(numbers(row, parameters));
  const auto size = static_cast<Eigen::Index>(all.size());
  Eigen::MatrixXd matrix(size, size);
  for (Eigen::Index k = 0; k < size; ++k) {
    if (static_cast<Eigen::Index>(all[k].size()) != size) {
      rows.fail(
          fmt::format("{} rows need {} numbers each, row {} has {}", size, size, k, all[k].size()));
    }
    for (Eigen::Index l = 0; l < size; ++l)
      matrix(k, l) = all[k][l];
  }
  return matrix;
}

double positive_or_zero(const TomlValue& value, const Parameters& parameters) {
  const double number = value.number(parameters);
  if (!(number >= 0)) value.fail(fmt::format("{} is negative", number));
  return number;
}

Bath read_reservoir(const TomlValue& entry, const Parameters& parameters) {
  auto density = DensityReader(entry.require("density"), parameters).read();
  const auto kind_key = entry.find("kind");
  const auto kind = kind_key
                        ? static_cast<BathKind>(kind_key->one_of({"bosonic", "spin", "classical"}))
                        : BathKind::bosonic;
  const auto temperature = entry.find("temperature");
  if (!temperature) return {std::move(density), 0, kind};
  return temperature->within(
      [&] { return Bath(std::move(density), temperature->number(parameters), kind); });
}

BathCoupling read_bath(const TomlValue& entry, std::size_t number, const Parameters& parameters) {
  entry.allow_only({"name", "coupling", "density", "temperature", "kind", "scheme", "dt",
                    "grouping", "correlations", "tolerance", "lamb_shift", "order", "anisotropy"});
  BathCoupling bath{.name = fmt::format("bath{}", number + 1),
                    .coupling = entry.require("coupling").expression(),
                    .bath = read_reservoir(entry, parameters)};
  if (auto key = entry.find("name")) {
    bath.name = key->string();
    require_identifier(*key, bath.name);
  }
  if (auto key = entry.find("scheme")) {
    bath.scheme = static_cast<BathScheme>(key->one_of(
        {"local", "secular", "partial-secular", "coarse-grained", "redfield", "collective"}));
  }
  // One file may contain the settings of several schemes. With the default scheme, these settings
  // would have no effect.
  for (const char* setting : {"dt", "grouping"}) {
    if (auto key = entry.find(setting); key && !entry.find("scheme"))
      key->fail("it needs a scheme; the default, \"secular\", has no use for it");
  }
  if (auto key = entry.find("lamb_shift")) bath.lamb_shift = key->boolean();
  if (auto key = entry.find("dt")) {
    bath.dt = key->positive(parameters);
  }
  if (auto key = entry.find("grouping"); key && !(key->is_string() && key->string() == "auto"))
    bath.grouping = positive_or_zero(*key, parameters);
  if (auto key = entry.find("correlations")) bath.correlations = read_matrix(*key, parameters);
  if (auto key = entry.find("tolerance")) bath.tolerance = positive_or_zero(*key, parameters);
  if (auto key = entry.find("order")) {
    bath.order = key->small_integer(parameters, 2);
    if (bath.order != 2 && bath.order != 4) key->fail("the order is 2 or 4");
  }
  if (auto key = entry.find("anisotropy")) bath.anisotropy = key->number(parameters);
  return bath;
}

std::set<int> sites_reached(const std::vector<BathEquation>& equations) {
  std::set<int> sites;
  for (const auto& equation : equations) {
    const auto own = sites_of(equation);
    sites.insert(own.begin(), own.end());
  }
  return sites;
}

// Beyond second order, the effects of two baths do not add up. `taken` holds the sites of the first
// baths.
void require_alone(std::size_t bath, const std::set<int>& sites,
                   const std::vector<BathCoupling>& baths,
                   const std::vector<std::set<int>>& taken) {
  for (std::size_t k = 0; k < taken.size(); ++k) {
    if (baths[bath].order == 2 && baths[k].order == 2) continue;
    const bool is_shared =
        std::any_of(sites.begin(), sites.end(), [&](int site) { return taken[k].contains(site); });
    if (is_shared) {
      throw InputError(fmt::format(
          "'{}' and '{}' act on one site: their fourth orders do not add up; take order "
          "= 2, or one bath with an anisotropy",
          baths[k].name, baths[bath].name));
    }
  }
}

}  // namespace

void read_baths(const TomlValue& root, Model& model) {
  const auto list = root.find("bath");
  if (!list) return;
  std::set<std::string> names;
  for (const auto& entry : list->elements()) {
    BathCoupling bath = read_bath(entry, model.baths.size(), model.parameters);
    if (!names.insert(bath.name).second) {
      entry.require("name").fail(fmt::format("two baths are called '{}'", bath.name));
    }
    model.baths.push_back(std::move(bath));
  }
}

void bind_baths(const TomlValue& root, const System& system) {
  const auto& baths = system.model().baths;
  if (baths.empty()) return;
  const auto entries = root.require("bath").elements();
  std::vector<std::set<int>> taken;  // the sites of each bath
  for (std::size_t k = 0; k < baths.size(); ++k) {
    entries[k].within([&] {
      auto sites = sites_reached(system.bath_equations(k));
      require_alone(k, sites, baths, taken);
      taken.push_back(std::move(sites));
    });
  }
}

}  // namespace lindwurm
