#include "oracle/random_models.hpp"

#include <fmt/format.h>

namespace oracle {

using lindwurm::Expression;
using lindwurm::Group;
using lindwurm::Model;
using lindwurm::Space;

namespace {

int below(int end, std::mt19937& random) {
  return std::uniform_int_distribution<int>(0, end - 1)(random);
}

double number_in(double low, double high, std::mt19937& random) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

struct Site {
  std::string name;  // as in an expression, "s[1]"
  lindwurm::SiteKind kind;
  int levels;
};

struct Term {
  std::string text;
  Matrix matrix;
};

class Sketch {
 public:
  explicit Sketch(unsigned seed) : random_(seed) { draw_sites(); }

  ClosedModel finish_closed(unsigned seed) {
    Model model{Space(groups_)};
    std::string story = fmt::format("seed {}:", seed);
    for (const auto& site : sites_)
      story += fmt::format(" {}({})", site.name, site.levels);
    const auto [h_text, h] = hamiltonian();
    story += "; H = " + h_text;
    model.hamiltonian = Expression::parse(h_text);
    return {story, model, h};
  }

  ReferenceModel finish(unsigned seed) {
    auto [story, model, h] = finish_closed(seed);
    std::vector<Jump> jumps;
    const int count = 1 + below(4, random_);
    for (int k = 0; k < count; ++k) {
      const double rate = number_in(0.05, 0.6, random_);
      const auto [text, op] = below(2, random_) == 0 ? on_one_site() : on_two_sites();
      story += fmt::format("; {} D[{}]", rate, text);
      model.add({Expression::parse(text), rate});
      jumps.push_back({rate, op});
    }
    return {story, model, [l = liouvillian(h, jumps)](double) { return l; }};
  }

 private:
  void draw_sites() {
    int total = 1;
    int number = 0;
    const int wanted = 1 + below(3, random_);
    while (number < wanted) {
      const int kind = below(4, random_);
      const std::string name =
          fmt::format("{}{}", kind == 0 ? "m" : (kind == 1 ? "v" : "s"), number);
      const int levels = kind < 2 ? 2 + below(3, random_) : 2;
      const int members = kind == 3 ? 2 : 1;
      int grown = total;
      for (int k = 0; k < members; ++k)
        grown *= levels;
      if (grown > 12) break;
      total = grown;
      ++number;
      if (kind == 0) groups_.push_back(lindwurm::oscillator(name, levels));
      if (kind == 1) groups_.push_back(lindwurm::level_site(name, levels));
      if (kind == 2) groups_.push_back(lindwurm::spin(name));
      if (kind == 3) groups_.push_back(lindwurm::spins(name, members));
      for (int k = 0; k < members; ++k) {
        dimensions_.push_back(levels);
        sites_.push_back(
            {kind == 3 ? fmt::format("{}[{}]", name, k) : name, groups_.back().kind, levels});
      }
    }
  }

  Term coefficient() {
    const double re = number_in(-1, 1, random_);
    const double im = below(2, random_) == 0 ? 0 : number_in(-1, 1, random_);
    return {fmt::format("({} + ({})*i)", re, im), Matrix::Constant(1, 1, Complex(re, im))};
  }

  Term word(int site) {
    static const std::vector<std::string> oscillator{"a", "ad", "n", "x", "p", "id"};
    static const std::vector<std::string> spin{"sx", "sy", "sz", "sp", "sm", "sp_x", "sm_x", "id"};
    const auto& [name, kind, levels] = sites_[site];
    if (kind == lindwurm::SiteKind::levels || below(5, random_) == 0) {
      const int j = below(levels, random_);
      const int k = below(levels, random_);
      return {fmt::format("ket({}, {}, {})", name, j, k),
              embed(transition(j, k, levels), site, dimensions_)};
    }
    const auto& names = kind == lindwurm::SiteKind::spin ? spin : oscillator;
    const auto& op = names[below(static_cast<int>(names.size()), random_)];
    return {fmt::format("{}({})", op, name), embed(named(op, levels), site, dimensions_)};
  }

  int any_site() { return below(static_cast<int>(sites_.size()), random_); }

  Term product(int factors) {
    Term c = coefficient();
    Term all = word(any_site());
    all.text = c.text + "*" + all.text;
    all.matrix *= c.matrix(0, 0);
    for (int k = 1; k < factors; ++k) {
      const Term next = word(any_site());
      all.text += "*" + next.text;
      all.matrix = all.matrix * next.matrix;
    }
    return all;
  }

  Term hamiltonian() {
    Term sum = product(1 + below(3, random_));
    const int more = 1 + below(3, random_);
    for (int k = 0; k < more; ++k) {
      const Term next = product(1 + below(3, random_));
      sum.text += " + " + next.text;
      sum.matrix += next.matrix;
    }
    return {fmt::format("{} + dag({})", sum.text, sum.text), sum.matrix + sum.matrix.adjoint()};
  }

  Term on_one_site() {
    const int site = any_site();
    const Term c = coefficient();
    const Term first = word(site);
    const Term second = word(site);
    return {fmt::format("{} + {}*{}", first.text, c.text, second.text),
            first.matrix + c.matrix(0, 0) * second.matrix};
  }

  Term on_two_sites() {
    const Term first = word(any_site());
    const Term second = word(any_site());
    if (below(2, random_) == 0) {
      return {first.text + "*" + second.text, first.matrix * second.matrix};
    }
    const Term c = coefficient();
    return {fmt::format("{} - {}*{}", first.text, c.text, second.text),
            first.matrix - c.matrix(0, 0) * second.matrix};
  }

  std::mt19937 random_;
  std::vector<Group> groups_;
  std::vector<Site> sites_;
  std::vector<int> dimensions_;
};

}  // namespace

ReferenceModel random_model(unsigned seed) { return Sketch(seed).finish(seed); }

ClosedModel random_closed_model(unsigned seed) { return Sketch(seed).finish_closed(seed); }

Matrix random_matrix(int d, std::mt19937& random) {
  std::normal_distribution<double> normal;
  Matrix m(d, d);
  for (auto& element : m.reshaped()) {
    const double re = normal(random);
    element = Complex(re, normal(random));
  }
  return m;
}

Vector random_ket(int d, std::mt19937& random) {
  return random_matrix(d, random).col(0).normalized();
}

Matrix random_hermitian(int d, std::mt19937& random) {
  const Matrix m = random_matrix(d, random);
  return (m + m.adjoint()) / 2;
}

Matrix random_state(int d, std::mt19937& random) {
  const Matrix m = random_matrix(d, random);
  const Matrix rho = m * m.adjoint();
  return rho / rho.trace();
}

}  // namespace oracle
