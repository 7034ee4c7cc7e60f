// A series of Chebyshev polynomials of L, from one state to later ones.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "chebyshev.hpp"
#include "lindwurm/backend/petsc.hpp"

namespace lindwurm {

/// Evaluates one series after another, each from the final state of the one before. L is that of a
/// constant generator, or of given values of its functions of time.
class ChebyshevSeries {
 public:
  /// What is computed at output times within a series, in addition to the values of the watched
  /// functionals.
  enum class Outputs { values, states };

  /// The truncation error of a series is below `tolerance` |state|. The functionals must outlive
  /// this object.
  ChebyshevSeries(const PackedGenerator& generator, const SpectralLine& line, Vec initial,
                  double tolerance, std::vector<const Functional*> watched,
                  Outputs outputs = Outputs::values, Factors factors = {});

  /// Starts anew from another state. `initial` may be output() or before().
  void begin(Vec initial);
  /// The same with other values of the functions of time.
  void begin(Vec initial, const SpectralLine& line, Factors factors);

  /// The largest step that advance() is expected to accept.
  [[nodiscard]] double reach() const;
  [[nodiscard]] long products() const { return products_; }
  [[nodiscard]] long failures() const { return failures_; }
  [[nodiscard]] Vec state() const { return state_; }
  VecHandle take_state() { return std::move(state_); }

  /// Advances the state by `step`. Returns false and leaves the state unchanged if that is too far.
  /// `since` holds output times relative to the start of the step, ascending. `progress` is called
  /// with the fraction of the step done. Collective.
  bool advance(double step, const std::vector<double>& since,
               const std::function<void(double)>& progress);

  /// The state before the last series, for going back to it.
  [[nodiscard]] Vec before() const { return sum_; }
  void undo() { std::swap(state_, sum_); }

  /// The watched values at the output times of the last series, one vector for each. Collective.
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
  Factors factors_;     // the values of the functions of time
  int first_pair_ = 0;  // the first of this rank's pairs of slices
  int last_pair_ = 0;
  double tolerance_;
  std::vector<const Functional*> watched_;
  Outputs kind_;
  VecHandle state_, sum_, here_, next_, image_;
  std::vector<VecHandle> outputs_;          // the states at output times before the end of the step
  std::vector<std::vector<double>> inner_;  // the coefficients of each of them
  std::vector<double> since_;
  double negligible_ = 0;  // contributions of this size are neglected
  double shortened_ = 1;
  long products_ = line_.products;
  long failures_ = 0;
  std::vector<Complex> values_;  // for each term, one watched functional after the other
};

}  // namespace lindwurm
