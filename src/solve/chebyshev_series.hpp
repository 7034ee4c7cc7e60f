// A series of Chebyshev polynomials of L, from one state to later ones.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "chebyshev.hpp"
#include "lindwurm/backend/petsc.hpp"

namespace lindwurm {

/// One series at a time, from the state that it leaves behind.
class ChebyshevSeries {
 public:
  /// What becomes of the output times within a series beside the values of the
  /// watched functionals.
  enum class Outputs { values, states };

  /// What is left out of a series is below `tolerance` |state|. The functionals
  /// outlive this.
  ChebyshevSeries(const PackedGenerator& generator, const SpectralLine& line, Vec initial,
                  double tolerance, std::vector<const Functional*> watched,
                  Outputs outputs = Outputs::values);

  /// Starts anew from another state, as if nothing had been before; `initial` may be output() or
  /// before().
  void begin(Vec initial);

  /// The largest step that advance() is likely to take.
  [[nodiscard]] double reach() const;
  [[nodiscard]] long products() const { return products_; }
  [[nodiscard]] long failures() const { return failures_; }
  [[nodiscard]] Vec state() const { return state_; }
  VecHandle take_state() { return std::move(state_); }

  /// Advances the state by `step`; false, and nothing done, if that is too far.
  /// `since` are output times after the start of the step, ascending.
  /// `progress` is told the part of the step done. Collective.
  bool advance(double step, const std::vector<double>& since,
               const std::function<void(double)>& progress);

  /// The state before the last series, and the way back to it.
  [[nodiscard]] Vec before() const { return sum_; }
  void undo() { std::swap(state_, sum_); }

  /// The watched values at the output times of the last series, one vector for
  /// each. Collective.
  [[nodiscard]] std::vector<std::vector<Complex>> values();
  /// The state at an output time of the last series.
  [[nodiscard]] Vec output(std::size_t k) const { return k < inner_.size() ? outputs_[k] : state_; }

 private:
  bool fail();
  void start(double step, const std::vector<double>& since);
  double term(double times, double sign, double c);
  void turn(Vec ket, double t) const;
  void look(Vec v);
  void add_to_outputs(std::size_t k, double size);

  const PackedGenerator& generator_;
  SpectralLine line_;
  int first_pair_ = 0;  // of this rank's slices
  int last_pair_ = 0;
  double tolerance_;
  std::vector<const Functional*> watched_;
  Outputs kind_;
  VecHandle state_, sum_, here_, next_, image_;
  std::vector<VecHandle> outputs_;          // states at output times before the end of the step
  std::vector<std::vector<double>> inner_;  // coefficients of each of them
  std::vector<double> since_;
  double negligible_ = 0;  // size of a contribution
  double shortened_ = 1;
  long products_ = line_.products;
  long failures_ = 0;
  std::vector<Complex> values_;  // of each term, one watched functional after the other
};

}  // namespace lindwurm
