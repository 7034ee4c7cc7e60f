#include "lindwurm/tasks/rates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/baths/brownian.hpp"
#include "lindwurm/model/bath_equation.hpp"

namespace lindwurm {

namespace {

// Shifts that were not requested are given if there are at most this many.
constexpr std::size_t most_shifts = 200;
constexpr std::size_t largest_matrix = 64;
constexpr std::size_t most_lines = 40;

Document pair(Complex value) { return Document::array({value.real(), value.imag()}); }

// JSON has no infinity, so the time of something that never happens is left out.
void add_finite(Document& tree, const char* name, std::optional<double> value) {
  if (value && std::isfinite(*value)) tree[name] = *value;
}

Document validity(const Validity& validity) {
  Document tree = Document::object();
  add_finite(tree, "correlation_time", validity.scales.correlation_time);
  add_finite(tree, "bohr_period", validity.scales.bohr_period);
  add_finite(tree, "splitting_period", validity.scales.splitting_period);
  add_finite(tree, "interaction_period", validity.scales.interaction_period);
  add_finite(tree, "relaxation_time", validity.scales.relaxation_time);
  tree["warnings"] = validity.warnings;
  return tree;
}

template <typename Value>
Document matrix(const BathEquation& equation, Value value) {
  const std::size_t size = equation.operators.size();
  std::vector<std::vector<Complex>> full(size, std::vector<Complex>(size));
  for (const auto& each : equation.pairs)
    full[each.m][each.n] = value(each);
  Document rows = Document::array();
  for (const auto& row : full) {
    Document numbers = Document::array();
    for (const Complex& number : row)
      numbers.push_back(pair(number));
    rows.push_back(std::move(numbers));
  }
  return rows;
}

void add_operators(Document& tree, const BathEquation& equation, const Model& model) {
  Document frequencies = Document::array();
  Document texts = Document::array();
  Document norms = Document::array();
  const bool is_short = equation.operators.size() <= largest_matrix;
  for (const auto& x : equation.operators) {
    frequencies.push_back(x.frequency);
    norms.push_back(squared_norm(x));
    if (is_short) texts.push_back(text_of(in_product_basis(x), x.basis->sites, model.space));
  }
  tree["frequencies"] = std::move(frequencies);
  if (is_short) tree["eigenoperators"] = std::move(texts);
  tree["squared_norms"] = std::move(norms);
}

void add_rates(Document& tree, const BathEquation& equation) {
  const bool has_cross_terms = std::any_of(equation.pairs.begin(), equation.pairs.end(),
                                           [](const BathPair& each) { return each.m != each.n; });
  tree["rates"] = own_rates(equation);
  if (!equation.groups.empty()) tree["groups"] = equation.groups;
  if (!equation.half_sided.empty()) {
    Document half = Document::array();
    for (const Complex& g : equation.half_sided)
      half.push_back(pair(g));
    tree["half_sided"] = std::move(half);
  }
  if (has_cross_terms && equation.operators.size() <= largest_matrix)
    tree["gamma"] = matrix(equation, [](const BathPair& p) { return p.rate; });
}

// Adds Lambda(w_m), even if the equation does not use it. It is left out where it diverges.
void add_shifts(Document& tree, const BathCoupling& bath, const BathEquation& equation) {
  if (bath.bath.density().is_discrete()) return;
  // The shift of this scheme is that of Lambda_ij.
  if (bath.scheme == BathScheme::collective && bath.bath.kind() == BathKind::bosonic) return;
  if (!bath.lamb_shift && equation.operators.size() > most_shifts) return;
  Document shifts = Document::array();
  try {
    for (const auto& x : equation.operators)
      shifts.push_back(bath.bath.shift(x.frequency).value);
  } catch (const InputError&) {
    return;
  }
  tree["shifts"] = std::move(shifts);
  if (bath.lamb_shift && !equation.pairs.empty() && equation.operators.size() <= largest_matrix)
    tree["shift_matrix"] = matrix(equation, [](const BathPair& p) { return p.shift; });
}

void add_brownian(Document& tree, const BathCoupling& bath, const BathEquation& equation,
                  const Model& model) {
  const auto position = position_coupling(equation, model);
  if (!position || bath.bath.density().is_discrete()) return;
  try {
    const auto found = brownian_coefficients(bath.bath, position->w0, position->mass);
    tree["coefficients"] = {{"w0", position->w0},   {"mass", position->mass},
                            {"w2", found.w2.value}, {"gamma", found.gamma.value},
                            {"D", found.D.value},   {"f", found.f.value}};
  } catch (const InputError& error) {
    tree["coefficients_refused"] = error.what();
  }
}

Document term(const BlochTerm& bloch) {
  return {{"second", bloch.second.value},
          {"fourth", bloch.fourth.value},
          {"total", bloch.total().value}};
}

void add_bloch(Document& tree, const BathEquation& equation) {
  if (!equation.bloch) return;
  const BlochRates& rates = *equation.bloch;
  tree["bloch"] = {{"w0", rates.w0},
                   {"k10", term(rates.k10)},
                   {"k01", term(rates.k01)},
                   {"inverse_t1", term(rates.inverse_t1)},
                   {"inverse_t2", term(rates.inverse_t2)},
                   {"pure_dephasing", term(rates.pure_dephasing)},
                   {"shift", term(rates.shift)},
                   {"K",
                    {{"zeroth", rates.K.zeroth.value},
                     {"second", rates.K.second.value},
                     {"total", rates.K.total().value}}},
                   {"largest_correction", rates.largest_correction()}};
}

Document real_rows(const Eigen::MatrixXd& matrix) {
  Document rows = Document::array();
  for (Eigen::Index k = 0; k < matrix.rows(); ++k)
    rows.push_back(std::vector<double>(matrix.row(k).begin(), matrix.row(k).end()));
  return rows;
}

// Adds gamma_ij and Lambda_ij of Santos's Eqs. 49 and 50, from the lowering operators, one for each
// member.
void add_collective(Document& tree, const BathCoupling& bath, const BathEquation& equation) {
  if (bath.scheme != BathScheme::collective) return;
  std::vector<double> falling;
  for (const auto& x : equation.operators) {
    if (x.frequency > 0) falling.push_back(x.frequency);
  }
  const auto members = static_cast<Eigen::Index>(falling.size());
  if (bath.correlations && bath.correlations->rows() != members) return;
  const Bath vacuum(bath.bath.density(), 0, BathKind::bosonic);
  Eigen::MatrixXd gamma(members, members);
  Eigen::MatrixXd lambda(members, members);
  bool has_lambda = true;
  for (Eigen::Index i = 0; i < members; ++i) {
    for (Eigen::Index j = 0; j < members; ++j) {
      const double c = bath.correlations ? (*bath.correlations)(i, j) : 1.0;
      const double mean = (falling[i] + falling[j]) / 2;
      gamma(i, j) = c * vacuum.rate(mean);
      try {
        lambda(i, j) = -c * vacuum.shift(mean).value;
      } catch (const InputError&) {
        has_lambda = false;
      }
    }
  }
  tree["gamma_ij"] = real_rows(gamma);
  if (has_lambda) tree["Lambda_ij"] = real_rows(lambda);
  Document quanta = Document::array();
  for (double w : falling)
    quanta.push_back(planck(w, bath.bath.temperature()));
  tree["quanta"] = std::move(quanta);
}

// Adds rate D[operator] for each dissipator, if the equation is short enough to be read.
void add_dissipators(Document& tree, const BathEquation& equation, const Model& model) {
  if (!equation.is_gksl || equation.operators.size() > largest_matrix) return;
  if (!equation.half_sided.empty()) return;
  Document list = Document::array();
  for (const Jump& jump : jumps(equation, model))
    list.push_back({{"rate", jump.rate.constant().real()}, {"operator", jump.text}});
  tree["dissipators"] = std::move(list);
}

Document equation_document(const BathCoupling& bath, const BathEquation& equation,
                           const Model& model) {
  Document tree;
  Document sites = Document::array();
  for (int site : sites_of(equation))
    sites.push_back(model.space.site_name(site));
  tree["sites"] = std::move(sites);
  add_operators(tree, equation, model);
  add_rates(tree, equation);
  add_dissipators(tree, equation, model);
  add_shifts(tree, bath, equation);
  add_brownian(tree, bath, equation, model);
  add_collective(tree, bath, equation);
  add_bloch(tree, equation);
  tree["gksl"] = equation.is_gksl;
  tree["lowest_rate"] = equation.lowest_rate;
  tree["error"] = equation.error;
  tree["validity"] = validity(equation.validity);
  return tree;
}

Document bath_document(std::size_t k, const System& system) {
  const BathCoupling& bath = system.model().baths[k];
  const Model model = with_members(system.model());
  Document tree;
  tree["name"] = bath.name;
  tree["coupling"] = bath.coupling.text();
  tree["density"] = bath.bath.density().text();
  tree["temperature"] = bath.bath.temperature();
  tree["kind"] = name_of(bath.bath.kind());
  tree["scheme"] = name_of(bath.scheme);
  tree["order"] = bath.order;
  tree["lamb_shift"] = bath.lamb_shift;
  if (bath.dt > 0) tree["dt"] = bath.dt;
  const auto& equations = system.reported_bath_equations(k);
  if (equations.size() == 1) {
    tree.update(equation_document(bath, equations.front(), model));
    return tree;
  }
  Document members = Document::array();
  for (const auto& equation : equations)
    members.push_back(equation_document(bath, equation, model));
  tree["members"] = std::move(members);
  return tree;
}

std::string equation_summary(const Document& tree) {
  std::string text;
  const auto& frequencies = tree["frequencies"];
  const bool has_shifts = tree.contains("shifts");
  text += fmt::format("  {:>14} {:>14}{}  eigenoperator\n", "frequency", "rate",
                      has_shifts ? fmt::format(" {:>14}", "shift") : "");
  for (std::size_t k = 0; k < frequencies.size() && k < most_lines; ++k) {
    text += fmt::format(
        "  {:>14.8g} {:>14.8g}{}  {}\n", frequencies[k].get<double>(),
        tree["rates"][k].get<double>(),
        has_shifts ? fmt::format(" {:>14.8g}", tree["shifts"][k].get<double>()) : "",
        tree.contains("eigenoperators") ? tree["eigenoperators"][k].get<std::string>() : "");
  }
  if (frequencies.size() > most_lines)
    text += fmt::format("  ... {} frequencies in all\n", frequencies.size());
  if (tree.contains("gamma") && tree.contains("dissipators")) {
    for (const auto& dissipator : tree["dissipators"]) {
      text += fmt::format("  {:>14.8g} D[{}]\n", dissipator["rate"].get<double>(),
                          dissipator["operator"].get<std::string>());
    }
  }
  if (tree.contains("coefficients")) {
    text += "  coefficients of X and P:";
    for (const auto& [name, value] : tree["coefficients"].items())
      text += fmt::format(" {} = {:.8g}", name, value.get<double>());
    text += '\n';
  }
  if (tree.contains("bloch")) {
    for (const auto& [name, value] : tree["bloch"].items()) {
      if (!value.is_object()) continue;
      const char* leading = value.contains("zeroth") ? "zeroth" : "second";
      text += fmt::format("  {:<15} = {:.10g} ({} order {:.10g})\n", name,
                          value["total"].get<double>(), leading, value[leading].get<double>());
    }
  }
  text += fmt::format("  {}", tree["gksl"].get<bool>() ? "GKSL" : "not GKSL");
  const auto& report = tree["validity"];
  for (const auto& [name, value] : report.items()) {
    if (value.is_number()) text += fmt::format(", {} = {:.4g}", name, value.get<double>());
  }
  text += '\n';
  for (const auto& warning : report["warnings"])
    text += "  warning: " + warning.get<std::string>() + "\n";
  return text;
}

}  // namespace

Document rates_document(const Study& study) {
  Document tree;
  tree["title"] = study.title;
  tree["baths"] = Document::array();
  for (std::size_t k = 0; k < study.model().baths.size(); ++k)
    tree["baths"].push_back(bath_document(k, study.system));
  return tree;
}

std::string rates_summary(const Document& rates) {
  std::string text;
  if (const std::string title = rates.value("title", ""); !title.empty()) text = title + "\n";
  for (const auto& bath : rates["baths"]) {
    text += fmt::format("{}: {}, {} bath at T = {:g}, {}\n  by {}{}\n",
                        bath["name"].get<std::string>(), bath["density"].get<std::string>(),
                        bath["kind"].get<std::string>(), bath["temperature"].get<double>(),
                        bath["scheme"].get<std::string>(), bath["coupling"].get<std::string>(),
                        bath["lamb_shift"].get<bool>() ? ", with the Lamb shift" : "");
    if (!bath.contains("members")) {
      text += equation_summary(bath);
      continue;
    }
    for (const auto& member : bath["members"])
      text += fmt::format(" {}\n", member["sites"].dump()) + equation_summary(member);
  }
  return text;
}

}  // namespace lindwurm
