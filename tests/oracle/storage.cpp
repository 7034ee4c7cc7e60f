#include "oracle/storage.hpp"

#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>

#include "lindwurm/backend/session.hpp"

namespace oracle {

using lindwurm::KetGenerator;
using lindwurm::Liouvillian;
using lindwurm::MasterEquation;
using lindwurm::Model;
using lindwurm::SchroedingerEquation;
using lindwurm::SpinBasis;
using lindwurm::Storage;

namespace {

// True for the second word, false for the first or none.
bool asks_for(const char* name, const std::string& usual, const std::string& other) {
  const char* value = std::getenv(name);
  const std::string word = value == nullptr || *value == '\0' ? usual : value;
  if (word != usual && word != other) throw std::runtime_error(std::string(name) + "=" + word);
  return word == other;
}

std::shared_ptr<const MasterEquation> equation_of(const Model& model,
                                                  const std::vector<double>& times) {
  return std::make_shared<const MasterEquation>(along(spin_basis_asked_for(), model),
                                                lindwurm::Session::communicator(), times,
                                                subdivision_asked_for());
}

std::shared_ptr<const SchroedingerEquation> ket_equation_of(const Model& model,
                                                            const std::vector<double>& times) {
  return std::make_shared<const SchroedingerEquation>(along(spin_basis_asked_for(), model),
                                                      lindwurm::Session::communicator(), times,
                                                      subdivision_asked_for());
}

}  // namespace

Model along(SpinBasis basis, Model model) {
  auto groups = model.space.groups();
  for (auto& group : groups) {
    if (group.kind == lindwurm::SiteKind::spin || group.multiplets) group.basis = basis;
  }
  model.space = lindwurm::Space(groups);
  return model;
}

Storage storage_asked_for() {
  return asks_for("LINDWURM_TEST_STORAGE", "assembled", "matrix-free") ? Storage::matrix_free
                                                                       : Storage::assembled;
}

SpinBasis spin_basis_asked_for() {
  return asks_for("LINDWURM_TEST_SPIN_BASIS", "z", "x") ? SpinBasis::x : SpinBasis::z;
}

bool sectors_are_asked_for() { return asks_for("LINDWURM_TEST_SECTORS", "off", "on"); }

lindwurm::Subdivision subdivision_asked_for() {
  const bool is_fine = asks_for("LINDWURM_TEST_SUBDIVISION", "usual", "fine");
  return is_fine ? lindwurm::Subdivision{.most_charges = 5, .slice_length = 3, .slices_of_rank = 1}
                 : lindwurm::Subdivision{};
}

Liouvillian hold(const Model& model, const std::vector<double>& times) {
  return Liouvillian(equation_of(model, times),
                     {.storage = storage_asked_for(), .sector = std::nullopt});
}

Liouvillian hold(const Model& model, const lindwurm::ProductState& state,
                 const std::vector<double>& times) {
  if (!sectors_are_asked_for()) return hold(model, times);
  const auto equation = equation_of(model, times);
  const auto stored = lindwurm::in_stored_basis(state, equation->model().space);
  const lindwurm::Flow& flow = equation->flow();
  return Liouvillian(
      equation, {.storage = storage_asked_for(), .sector = flow.smallest([&](const auto& charges) {
                   return flow.reached_from(sector_of(stored, charges));
                 })});
}

KetGenerator hold_kets(const Model& model, const std::vector<double>& times) {
  return KetGenerator(ket_equation_of(model, times),
                      {.storage = storage_asked_for(), .sector = std::nullopt});
}

KetGenerator hold_kets(const Model& model, const lindwurm::ProductKet& ket,
                       const std::vector<double>& times) {
  if (!sectors_are_asked_for()) return hold_kets(model, times);
  const auto equation = ket_equation_of(model, times);
  const auto stored = lindwurm::in_stored_basis(ket, equation->model().space);
  return KetGenerator(
      equation, {.storage = storage_asked_for(), .sector = sector_of(stored, equation->charges())});
}

Liouvillian hold_trace(const Model& model) {
  if (!sectors_are_asked_for()) return hold(model);
  const auto equation = equation_of(model, {0.0});
  return Liouvillian(equation, {.storage = storage_asked_for(),
                                .sector = sector_of_diagonal(equation->charges())});
}

}  // namespace oracle
