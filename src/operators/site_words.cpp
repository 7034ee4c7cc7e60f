#include "lindwurm/operators/site_words.hpp"

#include <fmt/format.h>

#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/evaluate.hpp"

namespace lindwurm {

namespace {

// |rho - rho^dag|, |tr rho - 1| and | |psi| - 1 | up to this are rounding.
constexpr double rounding = 1e-12;

void require_name(const SiteWords& words, const std::string& name) {
  bool is_plain = false;
  try {
    const auto* parsed = Expression::parse(name).as<Expression::Name>();
    is_plain = parsed != nullptr && !parsed->index && parsed->name == name;
  } catch (const InputError&) {
    is_plain = false;
  }
  if (!is_plain)
    throw InputError(
        fmt::format("{}: '{}' is no name that an expression can have", words.kind, name));
}

void require_operator(const SiteWords& words, const std::string& name, const SiteMatrix& matrix) {
  require_name(words, name);
  if (is_reserved(name)) {
    throw InputError(fmt::format(
        "{}: '{}' is a word of the language of operators; choose another name", words.kind, name));
  }
  if (matrix.rows() != words.dimension || matrix.cols() != words.dimension) {
    throw InputError(fmt::format("{}: the operator '{}' is a {} x {} matrix, not {} x {}",
                                 words.kind, name, matrix.rows(), matrix.cols(), words.dimension,
                                 words.dimension));
  }
  if (!std::isfinite(matrix.norm()))
    throw InputError(fmt::format("{}: the operator '{}' is not finite", words.kind, name));
}

void require_state(const SiteWords& words, const std::string& name, const Eigen::MatrixXcd& state) {
  require_name(words, name);
  if (name == "level" || name == "maximally_mixed") {
    throw InputError(fmt::format("{}: '{}' is a state of every site of levels; choose another name",
                                 words.kind, name));
  }
  const bool is_ket = state.cols() == 1;
  if (state.rows() != words.dimension || (!is_ket && state.cols() != words.dimension)) {
    throw InputError(fmt::format(
        "{}: the state '{}' is {} x {}; a ket is {} x 1, a density matrix {} x {}", words.kind,
        name, state.rows(), state.cols(), words.dimension, words.dimension, words.dimension));
  }
  const double weight = is_ket ? state.norm() : state.trace().real();
  const double defect = is_ket ? 0 : (state - state.adjoint()).norm();
  if (!(std::abs(weight - 1) <= rounding) || !(defect <= rounding)) {
    throw InputError(fmt::format(
        "{}: the state '{}' is no state: a ket has the norm 1, a density matrix is Hermitian with "
        "trace 1",
        words.kind, name));
  }
}

}  // namespace

void require_sound(const SiteWords& words) {
  if (words.dimension < 1)
    throw InputError(fmt::format("{}: a site needs at least one state", words.kind));
  for (const auto& [name, matrix] : words.operators)
    require_operator(words, name, matrix);
  for (const auto& [name, state] : words.states)
    require_state(words, name, state);
}

}  // namespace lindwurm
