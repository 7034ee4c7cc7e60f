#include "oracle/models.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>
#include <stdexcept>

namespace oracle {

using lindwurm::Expression, lindwurm::Model, lindwurm::Parameter, lindwurm::Space;
using lindwurm::level_site, lindwurm::oscillator, lindwurm::oscillators, lindwurm::spin,
    lindwurm::spins;
using namespace lindwurm::words;

namespace {

// Named operators of sites with these dimensions.
class Sites {
 public:
  explicit Sites(std::vector<int> dimensions) : dimensions_(std::move(dimensions)) {}
  Matrix operator()(const std::string& name, int site) const {
    return embed(named(name, dimensions_[site]), site, dimensions_);
  }
  Matrix ket_bra(int site, int j, int k) const {
    return embed(transition(j, k, dimensions_[site]), site, dimensions_);
  }
  Matrix zero() const {
    const int d = std::accumulate(dimensions_.begin(), dimensions_.end(), 1, std::multiplies<>{});
    return Matrix::Zero(d, d);
  }

 private:
  std::vector<int> dimensions_;
};

std::function<Matrix(double)> constant(Matrix l) {
  return [l = std::move(l)](double) { return l; };
}

Parameter array(const std::vector<double>& values) {
  Parameter parameter{.values = {}, .is_array = true};
  for (double value : values)
    parameter.values.emplace_back(value);
  return parameter;
}

ReferenceModel damped_oscillator() {
  Model m(Space{oscillator("mode", 6)});
  m.hamiltonian = 1.3 * n("mode");
  m.add({a("mode"), 0.4 * 1.7});
  m.add({ad("mode"), 0.4 * 0.7});
  const Sites s({6});
  return {
      "damped_oscillator", m,
      constant(liouvillian(1.3 * s("n", 0), {{0.4 * 1.7, s("a", 0)}, {0.4 * 0.7, s("ad", 0)}}))};
}

ReferenceModel driven_spin() {
  Model m(Space{spin("qubit")});
  m.hamiltonian = Expression::parse("Delta/2*sz(qubit) + Omega/2*sx(qubit)");
  m.parameters = {{"Delta", {{0.3}}}, {"Omega", {{1.1}}}, {"gamma", {{0.2}}}};
  m.add({sm("qubit"), Expression::parse("gamma")});
  m.add({sp("qubit"), Expression::parse("gamma/4")});
  m.add({sz("qubit"), 0.07});
  return {"driven_spin", m,
          constant(liouvillian(0.15 * pauli_z() + 0.55 * pauli_x(),
                               {{0.2, lowering()}, {0.05, raising()}, {0.07, pauli_z()}}))};
}

ReferenceModel jaynes_cummings() {
  Model m(Space{oscillator("cavity", 5), spin("atom")});
  m.hamiltonian = Expression::parse(
      "wc*n(cavity) + wa/2*sz(atom) + g*(ad(cavity)*sm(atom) + dag(ad(cavity)*sm(atom)))");
  m.parameters = {{"wc", {{1.0}}}, {"wa", {{0.9}}}, {"g", {{0.35}}}};
  m.add({a("cavity"), 0.3});
  m.add({ad("cavity"), 0.05});
  m.add({sm("atom"), 0.1});
  const Sites s({5, 2});
  const Matrix exchange = s("ad", 0) * s("sm", 1);
  return {
      "jaynes_cummings", m,
      constant(liouvillian(s("n", 0) + 0.45 * s("sz", 1) + 0.35 * (exchange + exchange.adjoint()),
                           {{0.3, s("a", 0)}, {0.05, s("ad", 0)}, {0.1, s("sm", 1)}}))};
}

ReferenceModel cavity_chain(int count, int levels) {
  Model m(Space{oscillators("c", count, levels)});
  m.hamiltonian = Expression::parse("w*n(c) + J*(ad(c[k])*a(c[k+1]) + dag(ad(c[k])*a(c[k+1])))");
  std::vector<double> w;
  std::vector<double> kappa;
  for (int k = 0; k < count; ++k) {
    w.push_back(1 + 0.25 * k);
    kappa.push_back(0.1 * (k + 1));
  }
  m.parameters = {{"w", array(w)}, {"J", {{0.4}}}, {"kappa", array(kappa)}};
  m.add({a("c"), Expression::parse("kappa")});
  m.add({ad("c[0]"), 0.15});
  const Sites s(std::vector<int>(count, levels));
  Matrix h = s.zero();
  std::vector<Jump> jumps{{0.15, s("ad", 0)}};
  for (int k = 0; k < count; ++k) {
    h += w[k] * s("n", k);
    jumps.push_back({kappa[k], s("a", k)});
    if (k + 1 == count) continue;
    const Matrix hop = s("ad", k) * s("a", k + 1);
    h += 0.4 * (hop + hop.adjoint());
  }
  return {fmt::format("cavity_chain_{}x{}", count, levels), m, constant(liouvillian(h, jumps))};
}

ReferenceModel spins_with_collective_decay() {
  Model m(Space{spins("s", 3)});
  m.hamiltonian = Expression::parse("w*sz(s) + J*sx(s[k])*sx(s[l])");
  m.parameters = {{"w", array({0.5, 0.6, 0.8})}, {"J", {{0.1}}}};
  m.add({.op = Expression::parse("c*sm(s)"), .rate = 0.3, .collective = true});
  m.parameters["c"] = array({1.0, 0.7, -0.4});
  m.add({sz("s"), 0.02});
  m.add({sp("s[1]"), 0.05});
  const Sites s({2, 2, 2});
  Matrix h = 0.5 * s("sz", 0) + 0.6 * s("sz", 1) + 0.8 * s("sz", 2);
  for (int k = 0; k < 3; ++k) {
    for (int l = 0; l < 3; ++l) {
      if (k != l) h += 0.1 * s("sx", k) * s("sx", l);
    }
  }
  std::vector<Jump> jumps{{0.3, s("sm", 0) + 0.7 * s("sm", 1) - 0.4 * s("sm", 2)},
                          {0.05, s("sp", 1)}};
  for (int k = 0; k < 3; ++k)
    jumps.push_back({0.02, s("sz", k)});
  return {"spins_with_collective_decay", m, constant(liouvillian(h, jumps))};
}

ReferenceModel lambda_site() {
  Model m(Space{level_site("atom", 3)});
  m.hamiltonian =
      0.4 * proj("atom", 2) - 0.1 * proj("atom", 1) +
      Expression::parse("0.5*(ket(atom, 2, 0) + dag(ket(atom, 2, 0)))") +
      Expression::parse("(0.2 + 0.3*i)*ket(atom, 2, 1) + dag((0.2 + 0.3*i)*ket(atom, 2, 1))");
  m.add({ket("atom", 0, 2), 0.6});
  m.add({ket("atom", 1, 2), 0.25});
  m.add({ket("atom", 1, 0), 0.01});
  const Matrix up = Complex(0.2, 0.3) * transition(2, 1, 3);
  const Matrix h = 0.4 * transition(2, 2, 3) - 0.1 * transition(1, 1, 3) +
                   0.5 * (transition(2, 0, 3) + transition(0, 2, 3)) + up + up.adjoint();
  return {"lambda_site", m,
          constant(liouvillian(h, {{0.6, transition(0, 2, 3)},
                                   {0.25, transition(1, 2, 3)},
                                   {0.01, transition(1, 0, 3)}}))};
}

ReferenceModel complex_couplings() {
  Model m(Space{spin("q"), oscillator("mode", 4)});
  m.hamiltonian = Expression::parse(
      "0.9*n(mode) + 0.3*sy(q)*p(mode) + 0.2*sz(q) + (0.1 - 0.4*i)*a(mode)*sp(q) + "
      "dag((0.1 - 0.4*i)*a(mode)*sp(q)) + 0.15*p(mode)^2");
  m.add({Expression::parse("a(mode) + 0.5*i*ad(mode)"), 0.2});
  m.add({Expression::parse("sm_x(q) + (0.3 + 0.2*i)*sy(q)"), 0.3});
  m.add({Expression::parse("i*a(mode)*sz(q) + sp_x(q)"), 0.1});
  const Sites s({2, 4});
  const Matrix exchange = Complex(0.1, -0.4) * s("a", 1) * s("sp", 0);
  const Matrix h = 0.9 * s("n", 1) + 0.3 * s("sy", 0) * s("p", 1) + 0.2 * s("sz", 0) + exchange +
                   exchange.adjoint() + 0.15 * s("p", 1) * s("p", 1);
  return {"complex_couplings", m,
          constant(liouvillian(h, {{0.2, s("a", 1) + 0.5 * i * s("ad", 1)},
                                   {0.3, s("sm_x", 0) + Complex(0.3, 0.2) * s("sy", 0)},
                                   {0.1, i * s("a", 1) * s("sz", 0) + s("sp_x", 0)}}))};
}

ReferenceModel caldeira_leggett() {
  Model m(Space{oscillator("particle", 6)});
  m.hamiltonian = Expression::parse("n(particle) + 0.05*x(particle)^4");
  m.superoperators = {
      Expression::parse("-i*gamma*commutator(x(particle))*anticommutator(p(particle))"),
      Expression::parse("-D*commutator(x(particle))*commutator(x(particle))")};
  m.parameters = {{"gamma", {{0.04}}}, {"D", {{0.06}}}};
  const Matrix x = position(6);
  const Matrix p = momentum(6);
  Matrix l = liouvillian(number(6) + 0.05 * x * x * x * x, {});
  l += -i * 0.04 * commutator(x) * anticommutator(p);
  l += -0.06 * commutator(x) * commutator(x);
  return {"caldeira_leggett", m, constant(l), true, false};
}

ReferenceModel sandwiched_spins() {
  Model m(Space{spins("s", 2), oscillator("mode", 3)});
  m.hamiltonian = Expression::parse("n(mode) + 0.5*sz(s) + 0.2*sx(s)*x(mode)");
  m.superoperators = {
      Expression::parse("g*(left(sm(s[k]))*right(sp(s[k])) - "
                        "0.5*anticommutator(sp(s[k])*sm(s[k])))"),
      0.1 * lindwurm::words::dissipator(a("mode")),
      Expression::parse("0.05*(left(sz(s[0]))*right(sz(s[1])) + left(sz(s[1]))*right(sz(s[0])) - "
                        "anticommutator(sz(s[0])*sz(s[1])))")};
  m.parameters = {{"g", {{0.2}}}};
  const Sites s({2, 2, 3});
  Matrix h = s("n", 2);
  for (int k = 0; k < 2; ++k)
    h += 0.5 * s("sz", k) + 0.2 * s("sx", k) * s("x", 2);
  Matrix l = liouvillian(h, {{0.2, s("sm", 0)}, {0.2, s("sm", 1)}, {0.1, s("a", 2)}});
  const Matrix z0 = s("sz", 0);
  const Matrix z1 = s("sz", 1);
  l += 0.05 * (left(z0) * right(z1) + left(z1) * right(z0) - anticommutator(z0 * z1));
  return {"sandwiched_spins", m, constant(l), true, false};
}

ReferenceModel cosine_drive() {
  Model m(Space{spin("q")});
  m.hamiltonian = Expression::parse("0.5*sz(q) + 0.6*cos(1.2*t)*sx(q) + 0.2*sin(t)^2*sy(q)");
  m.add({sm("q"), 0.15});
  return {"cosine_drive", m,
          [](double t) {
            return liouvillian(0.5 * pauli_z() + 0.6 * std::cos(1.2 * t) * pauli_x() +
                                   0.2 * std::pow(std::sin(t), 2) * pauli_y(),
                               {{0.15, lowering()}});
          },
          false};
}

ReferenceModel rotating_drive() {
  Model m(Space{oscillator("mode", 5)});
  m.hamiltonian = Expression::parse(
      "w*n(mode) + F*(exp(-i*nu*t)*ad(mode) + dag(exp(-i*nu*t)*ad(mode))) + "
      "0.1*ad(mode)^2*a(mode)^2");
  m.parameters = {{"w", {{1.0}}}, {"nu", {{0.8}}}, {"F", {{0.3}}}};
  m.add({a("mode"), 0.2});
  return {"rotating_drive", m,
          [](double t) {
            const Matrix drive = std::exp(-i * 0.8 * t) * creation(5);
            const Matrix two = annihilation(5) * annihilation(5);
            return liouvillian(
                number(5) + 0.3 * (drive + drive.adjoint()) + 0.1 * two.adjoint() * two,
                {{0.2, annihilation(5)}});
          },
          false};
}

ReferenceModel breathing_rates() {
  Model m(Space{spins("s", 2), oscillator("mode", 2)});
  m.hamiltonian = 0.5 * sz("s") +
                  Expression("pulse", [](double t) { return Complex(0.4 * std::exp(-t * t)); }) *
                      x("mode") * sx("s") +
                  0.7 * n("mode");
  m.add({sm("s"), Expression::parse("0.1*(1 + cos(2*t))")});
  m.add({a("mode"), Expression::parse("0.2*(1 - exp(-t^2))")});
  m.add({Expression::parse("a(mode) + exp(-i*t)*sm(s[1])"), 0.1});
  m.superoperators = {Expression::parse("-0.05*sin(t)^2*commutator(sz(s))*commutator(sz(s))")};
  const Sites s({2, 2, 2});
  const Matrix mean = 0.5 * (s("sz", 0) + s("sz", 1)) + 0.7 * s("n", 2);
  const Matrix coupling = s("x", 2) * (s("sx", 0) + s("sx", 1));
  const Matrix dephasing = commutator(s("sz", 0)) * commutator(s("sz", 0)) +
                           commutator(s("sz", 1)) * commutator(s("sz", 1));
  return {"breathing_rates", m,
          [=](double t) {
            const double rate = 0.1 * (1 + std::cos(2 * t));
            Matrix l = liouvillian(mean + 0.4 * std::exp(-t * t) * coupling,
                                   {{rate, s("sm", 0)},
                                    {rate, s("sm", 1)},
                                    {0.2 * (1 - std::exp(-t * t)), s("a", 2)},
                                    {0.1, s("a", 2) + std::exp(-i * t) * s("sm", 1)}});
            l -= 0.05 * std::pow(std::sin(t), 2) * dephasing;
            return l;
          },
          false, false};
}

template <typename Keep>
std::vector<ReferenceModel> chosen(Keep keep) {
  std::vector<ReferenceModel> models;
  for (const auto& model : all_models()) {
    if (keep(model)) models.push_back(model);
  }
  return models;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const ReferenceModel& model) {
  return out << model.name;
}

ReferenceModel oscillator_spin_bath(int levels, int count) {
  Model m(Space{oscillator("mode", levels), spins("bath", count)});
  std::vector<double> delta;
  for (int k = 0; k < count; ++k)
    delta.push_back(1 + 0.1 * k);
  const double g = 0.2 / std::sqrt(count);
  m.hamiltonian = n("mode") + Expression(delta) / 2.0 * sx("bath") + g * x("mode") * sz("bath");
  m.add({a("mode"), 0.05 * 1.5});
  m.add({ad("mode"), 0.05 * 0.5});
  m.add({sm_x("bath"), 0.1 * 1.2});
  m.add({sp_x("bath"), 0.1 * 0.2});
  std::vector<int> dimensions{levels};
  dimensions.insert(dimensions.end(), count, 2);
  const Sites s(dimensions);
  Matrix h = s("n", 0);
  std::vector<Jump> jumps{{0.075, s("a", 0)}, {0.025, s("ad", 0)}};
  for (int k = 1; k <= count; ++k) {
    h += delta[k - 1] / 2 * s("sx", k) + g * s("x", 0) * s("sz", k);
    jumps.push_back({0.12, s("sm_x", k)});
    jumps.push_back({0.02, s("sp_x", k)});
  }
  return {fmt::format("oscillator_spin_bath_{}_{}", levels, count), m,
          constant(liouvillian(h, jumps))};
}

ReferenceModel collective_decay(int count, double rate) {
  Model m(Space{spins("s", count)});
  m.add({.op = sm("s"), .rate = rate, .collective = true});
  const Sites s(std::vector<int>(count, 2));
  Matrix sum = s.zero();
  for (int k = 0; k < count; ++k)
    sum += s("sm", k);
  return {fmt::format("collective_decay_{}", count), m, constant(rate * oracle::dissipator(sum))};
}

const std::vector<ReferenceModel>& all_models() {
  static const std::vector<ReferenceModel> models{damped_oscillator(),
                                                  driven_spin(),
                                                  oscillator_spin_bath(6, 1),
                                                  oscillator_spin_bath(3, 2),
                                                  oscillator_spin_bath(10, 2),
                                                  jaynes_cummings(),
                                                  cavity_chain(3, 2),
                                                  cavity_chain(3, 3),
                                                  lambda_site(),
                                                  spins_with_collective_decay(),
                                                  complex_couplings(),
                                                  caldeira_leggett(),
                                                  sandwiched_spins(),
                                                  collective_decay(2, 0.7),
                                                  cosine_drive(),
                                                  rotating_drive(),
                                                  breathing_rates()};
  return models;
}

const std::vector<ReferenceModel>& small_constant_models() {
  static const auto models = chosen(
      [](const ReferenceModel& model) { return model.is_constant && model.dimension() <= 12; });
  return models;
}

const std::vector<ReferenceModel>& time_dependent_models() {
  static const auto models = chosen([](const ReferenceModel& model) { return !model.is_constant; });
  return models;
}

const ReferenceModel& model_named(std::string_view name) {
  for (const auto& model : all_models()) {
    if (model.name == name) return model;
  }
  throw std::logic_error("no model " + std::string(name));
}

ReferenceModel written(const lindwurm::Space& space, const std::string& h,
                       const std::vector<std::pair<double, std::string>>& dissipators,
                       const Matrix& dense_h, const std::vector<Jump>& jumps) {
  lindwurm::Model model(space);
  model.hamiltonian = lindwurm::Expression::parse(h);
  for (const auto& [rate, op] : dissipators)
    model.add({lindwurm::Expression::parse(op), rate});
  const Matrix l = liouvillian(dense_h, jumps);
  return {h, model, [l](double) { return l; }};
}

}  // namespace oracle
