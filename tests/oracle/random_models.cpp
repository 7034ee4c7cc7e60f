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

  ClosedModel finish_closed(unsigned seed) { return closed(seed, hamiltonian()); }

  ReferenceModel finish(unsigned seed) {
    const ClosedModel of_h = finish_closed(seed);
    std::vector<Term> jumps;
    std::vector<double> rates;
    const int count = 1 + below(4, random_);
    for (int k = 0; k < count; ++k) {
      rates.push_back(number_in(0.05, 0.6, random_));
      jumps.push_back(below(2, random_) == 0 ? on_one_site() : on_two_sites());
    }
    return open(of_h, rates, jumps);
  }

  ClosedModel finish_conserving_closed(unsigned seed) { return closed(seed, hopping()); }

  ReferenceModel finish_conserving(unsigned seed, bool has_jumps) {
    const ClosedModel of_h = finish_conserving_closed(seed);
    std::vector<Term> jumps;
    std::vector<double> rates;
    const int count = has_jumps ? below(3, random_) : 0;
    for (int k = 0; k < count; ++k) {
      const int site = any_site();
      rates.push_back(number_in(0.05, 0.6, random_));
      jumps.push_back(below(3, random_) == 0 ? level(site) : lowered(site));
    }
    return open(of_h, rates, jumps);
  }

  ReferenceModel finish_losing(unsigned seed) {
    const ClosedModel of_h = closed(seed, below(6, random_) == 0 ? driven() : hopping());
    std::vector<Term> jumps;
    std::vector<double> rates;
    const int count = 1 + below(3, random_);
    for (int k = 0; k < count; ++k) {
      rates.push_back(number_in(0.05, 0.6, random_));
      jumps.push_back(losing_jump());
    }
    return open(of_h, rates, jumps);
  }

  std::vector<std::pair<std::string, Matrix>> operators(unsigned seed, int count) {
    random_.seed(seed + 4711);
    std::vector<std::pair<std::string, Matrix>> all;
    for (int k = 0; k < count; ++k) {
      const Term term = product(1 + below(2, random_));
      all.emplace_back(term.text, term.matrix);
    }
    return all;
  }

 private:
  ClosedModel closed(unsigned seed, const Term& h) const {
    Model model{Space(groups_)};
    std::string story = fmt::format("seed {}:", seed);
    for (const auto& site : sites_)
      story += fmt::format(" {}({})", site.name, site.levels);
    story += "; H = " + h.text;
    model.hamiltonian = Expression::parse(h.text);
    return {story, model, h.matrix};
  }

  static ReferenceModel open(ClosedModel of_h, const std::vector<double>& rates,
                             const std::vector<Term>& terms) {
    std::vector<Jump> jumps;
    for (std::size_t k = 0; k < terms.size(); ++k) {
      of_h.name += fmt::format("; {} D[{}]", rates[k], terms[k].text);
      of_h.model.add({Expression::parse(terms[k].text), rates[k]});
      jumps.push_back({rates[k], terms[k].matrix});
    }
    return {of_h.name, of_h.model, [l = liouvillian(of_h.h, jumps)](double) { return l; }};
  }

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

  // One quantum less, and what does nothing to the number of quanta.
  Term lowered(int site) {
    const auto& [name, kind, levels] = sites_[site];
    if (kind == lindwurm::SiteKind::levels)
      return {fmt::format("ket({}, 0, 1)", name),
              embed(transition(0, 1, levels), site, dimensions_)};
    const std::string op = kind == lindwurm::SiteKind::spin ? "sm" : "a";
    return {fmt::format("{}({})", op, name), embed(named(op, levels), site, dimensions_)};
  }

  Term level(int site) {
    const auto& [name, kind, levels] = sites_[site];
    if (kind == lindwurm::SiteKind::levels)
      return {fmt::format("ket({}, 1, 1)", name),
              embed(transition(1, 1, levels), site, dimensions_)};
    const std::string op = kind == lindwurm::SiteKind::spin ? "sz" : "n";
    return {fmt::format("{}({})", op, name), embed(named(op, levels), site, dimensions_)};
  }

  Term hopping() {
    Term sum{"0", Matrix::Zero(level(0).matrix.rows(), level(0).matrix.cols())};
    const auto count = static_cast<int>(sites_.size());
    for (int site = 0; site < count; ++site) {
      const double energy = number_in(-1, 1, random_);
      const Term here = level(site);
      sum.text += fmt::format(" + ({})*{}", energy, here.text);
      sum.matrix += energy * here.matrix;
    }
    for (int k = 0; count > 1 && k < count; ++k) {
      const int from = any_site();
      const int to = (from + 1 + below(count - 1, random_)) % count;
      const Term c = coefficient();
      const Term down = lowered(from);
      const Term up = lowered(to);
      const std::string text = fmt::format("{}*dag({})*{}", c.text, up.text, down.text);
      const Matrix hop = c.matrix(0, 0) * up.matrix.adjoint() * down.matrix;
      sum.text += fmt::format(" + {} + dag({})", text, text);
      sum.matrix += hop + hop.adjoint();
    }
    return sum;
  }

  // Beside hopping, quanta come and go at one site.
  Term driven() {
    const Term rest = hopping();
    const Term down = lowered(any_site());
    return {fmt::format("{} + 0.3*({} + dag({}))", rest.text, down.text, down.text),
            rest.matrix + 0.3 * (down.matrix + down.matrix.adjoint())};
  }

  // One quantum less, of one site or of two together; two at once; one that goes from site to site
  // and does not come back; and, less often, one more, or none.
  Term losing_jump() {
    const Term one = lowered(any_site());
    const Term other = lowered(any_site());
    switch (below(8, random_)) {
      case 0:
      case 1:
        return {fmt::format("{} + 0.7*{}", one.text, other.text), one.matrix + 0.7 * other.matrix};
      case 2:
        return {one.text + "*" + other.text, one.matrix * other.matrix};
      case 3:
        return {fmt::format("{}*dag({})", one.text, other.text),
                one.matrix * other.matrix.adjoint()};
      case 4:
        return {fmt::format("dag({})", one.text), one.matrix.adjoint()};
      case 5:
        return level(any_site());
      default:
        return one;
    }
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

ReferenceModel random_conserving_model(unsigned seed, bool has_jumps) {
  return Sketch(seed).finish_conserving(seed, has_jumps);
}

ReferenceModel random_losing_model(unsigned seed) { return Sketch(seed).finish_losing(seed); }

ClosedModel random_conserving_closed_model(unsigned seed) {
  return Sketch(seed).finish_conserving_closed(seed);
}

std::vector<std::pair<std::string, Matrix>> random_operators(unsigned seed, int count) {
  return Sketch(seed).operators(seed, count);
}

Vector random_site_ket(int d, unsigned pattern, std::mt19937& random) {
  Vector psi = Vector::Zero(d);
  for (int k = 0; k < d; ++k) {
    if ((pattern >> static_cast<unsigned>(k) & 1U) != 0) psi(k) = random_matrix(1, random)(0);
  }
  if (psi.norm() == 0) psi(0) = 1;
  return psi.normalized();
}

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
