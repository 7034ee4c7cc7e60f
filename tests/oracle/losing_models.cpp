#include "oracle/losing_models.hpp"

namespace oracle {

namespace {

using lindwurm::level_site;
using lindwurm::oscillator;
using lindwurm::Space;
using lindwurm::spins;

ReferenceModel named(const std::string& name, ReferenceModel model) {
  model.name = name;
  return model;
}

std::vector<Matrix> lowering_of(const std::vector<int>& dimensions) {
  std::vector<Matrix> all;
  for (std::size_t s = 0; s < dimensions.size(); ++s)
    all.push_back(embed(annihilation(dimensions[s]), static_cast<int>(s), dimensions));
  return all;
}

// Spins store |up> first: their lowering operator leads from element 0 to 1.
std::vector<Matrix> spin_lowering(int count) {
  std::vector<Matrix> all;
  for (int s = 0; s < count; ++s)
    all.push_back(embed(lowering(), s, std::vector<int>(count, 2)));
  return all;
}

Matrix hop(const Matrix& a, const Matrix& b) { return a.adjoint() * b + b.adjoint() * a; }

std::vector<ReferenceModel> make_models() {
  std::vector<ReferenceModel> all;
  const auto s = spin_lowering(4);
  const Matrix chain = hop(s[0], s[1]) + hop(s[1], s[2]) + hop(s[2], s[3]);
  const std::string chain_text = "sp(s[k])*sm(s[k+1]) + dag(sp(s[k])*sm(s[k+1]))";
  const Space four{spins("s", 4)};
  all.push_back(
      named("lossy_chain", written(four, chain_text, {{0.3, "sm(s)"}}, chain,
                                   {{0.3, s[0]}, {0.3, s[1]}, {0.3, s[2]}, {0.3, s[3]}})));
  all.push_back(named("chain_that_loses_at_its_end",
                      written(four, chain_text, {{0.3, "sm(s[3])"}}, chain, {{0.3, s[3]}})));
  all.push_back(
      named("driven_chain", written(four, chain_text + " + 0.2*sx(s[0])", {{0.3, "sm(s[3])"}},
                                    chain + 0.2 * (s[0] + s[0].adjoint()), {{0.3, s[3]}})));
  all.push_back(
      named("pumped_chain", written(four, chain_text, {{0.3, "sm(s[3])"}, {0.2, "sp(s[0])"}}, chain,
                                    {{0.3, s[3]}, {0.2, s[0].adjoint()}})));
  const Matrix sum = s[0] + s[1] + s[2] + s[3];
  const Matrix none = Matrix::Zero(16, 16);
  all.push_back(named("collective_decay_of_spins",
                      written(four, "0", {{0.3, "sm(s[0]) + sm(s[1]) + sm(s[2]) + sm(s[3])"}}, none,
                              {{0.3, sum}})));
  all.push_back(named(
      "dephased_and_decaying_alone",
      written(four, "0", {{0.3, "sm(s[0])"}, {0.2, "sm(s[2])"}, {0.1, "sz(s[1])"}}, none,
              {{0.3, s[0]}, {0.2, s[2]}, {0.1, embed(pauli_z(), 1, std::vector<int>(4, 2))}})));
  const auto c = lowering_of({4, 3});
  const Space cavities{oscillator("b", 4), oscillator("c", 3)};
  all.push_back(named("cascaded_cavities",
                      written(cavities, "n(b)*n(b)", {{0.4, "a(b)*ad(c)"}, {0.2, "a(c)"}},
                              (c[0].adjoint() * c[0] * c[0].adjoint() * c[0]),
                              {{0.4, c[0] * c[1].adjoint()}, {0.2, c[1]}})));
  all.push_back(named(
      "two_kinds_of_quanta",
      written(cavities, "n(b)*n(c)", {{0.4, "a(b)"}, {0.2, "a(c)*a(c)"}},
              c[0].adjoint() * c[0] * c[1].adjoint() * c[1], {{0.4, c[0]}, {0.2, c[1] * c[1]}})));
  all.push_back(
      named("pumped_to_the_cutoff", written(cavities, "ad(b)*a(c) + a(b)*ad(c)", {{0.4, "ad(b)"}},
                                            hop(c[0], c[1]), {{0.4, c[0].adjoint()}})));
  all.push_back(named(
      "thermal_cavity_beside_a_cold_one",
      written(cavities, "ad(b)*a(c) + a(b)*ad(c)", {{0.4, "a(b)"}, {0.1, "ad(b)"}, {0.3, "a(c)"}},
              hop(c[0], c[1]), {{0.4, c[0]}, {0.1, c[0].adjoint()}, {0.3, c[1]}})));
  const auto ket = [](int j, int k) { return transition(j, k, 5); };
  all.push_back(
      named("ladder_with_a_trap", written(Space{level_site("v", 5)}, "ket(v, 3, 4) + ket(v, 4, 3)",
                                          {{0.3, "ket(v, 2, 3)"},
                                           {0.2, "ket(v, 1, 2)"},
                                           {0.1, "ket(v, 0, 2)"},
                                           {0.5, "ket(v, 1, 0)"},
                                           {0.4, "ket(v, 0, 1)"}},
                                          ket(3, 4) + ket(4, 3),
                                          {{0.3, ket(2, 3)},
                                           {0.2, ket(1, 2)},
                                           {0.1, ket(0, 2)},
                                           {0.5, ket(1, 0)},
                                           {0.4, ket(0, 1)}})));
  return all;
}

}  // namespace

const std::vector<ReferenceModel>& losing_models() {
  static const std::vector<ReferenceModel> all = make_models();
  return all;
}

}  // namespace oracle
