// The rightmost modes of one sector, by any method.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "balancing.hpp"
#include "invariant_subspace.hpp"
#include "krylov_search.hpp"
#include "lindwurm/solve/spectrum.hpp"
#include "real_schur.hpp"

namespace lindwurm {

/// The modes that are known so far; the sectors are searched in turns. Calls are collective.
class SectorModes {
 public:
  /// The Liouvillian of the sector must outlive this object. Throws as spectrum() does.
  SectorModes(const Liouvillian& liouvillian, int number, const SpectrumOptions& options);

  /// Computes or finds the first modes. `parts` is the number of sectors.
  void begin(int parts, const SpectrumOptions& options);

  [[nodiscard]] const std::vector<Complex>& values() const {
    return search_ ? search_->values() : values_;
  }
  /// True if values() holds all eigenvalues.
  [[nodiscard]] bool is_all_known() const {
    return static_cast<std::int64_t>(values().size()) == n_;
  }
  /// Real parts closer than this are not distinguished.
  [[nodiscard]] double cluster() const;
  /// Eigenvalues below this count as zero.
  [[nodiscard]] double zero() const;
  /// The rate of the fastest mode that the search has found. Later modes usually decay faster.
  /// Empty if the search goes no further.
  [[nodiscard]] std::optional<double> frontier() const;
  void find_more(const SpectrumOptions& options);

  /// One step towards knowing all modes that decay no faster than this rate. Returns true if all
  /// are known or if this cannot be achieved.
  bool complete(double rate, const SpectrumOptions& options);
  /// If the search failed, computes all eigenvalues instead, provided that the method is automatic
  /// and they are not too many. Returns true if so.
  bool fall_back(const SpectrumOptions& options);

  /// Finds the right and left modes that decay no faster than this rate. Returns false if L turned
  /// out to be so far from normal that the search has begun anew in the norm of the balanced
  /// matrix.
  bool find_modes(double rate, const SpectrumOptions& options);
  /// Adds these modes to the spectrum.
  void add_to(Spectrum& all, double rate, const SpectrumOptions& options);
  /// The number of known eigenvalues with Re lambda > -rate.
  [[nodiscard]] int slower_than(double rate) const;

 private:
  template <typename Work>
  bool with_balance(const SpectrumOptions& options, Work work);
  bool balance(const SpectrumOptions& options);
  void restart(const SpectrumOptions& options);
  void search_again(std::size_t known, double certified);
  void search_for(int count, const SpectrumOptions& options);
  void compute_all(const SpectrumOptions& options);
  void require_known(double rate);
  [[nodiscard]] bool is_rest_faster(double rate);
  [[nodiscard]] bool is_far_from_normal() const;
  [[nodiscard]] int limited(int count) const;
  [[nodiscard]] double residual_allowed() const;
  [[nodiscard]] const std::string& failure() const;
  void check_trace();
  void add_certificate(Spectrum& all) const;

  const Liouvillian& liouvillian_;
  int number_;
  SpectrumMethod method_;
  double scale_;
  std::int64_t n_;
  Balancing balancing_;
  bool is_balanced_ = false;                   // or balancing brings no gain
  std::unique_ptr<ScaledLiouvillian> scaled_;  // exists while the scaled L is searched
  InvariantSubspace subspace_;                 // in the coordinates of the balanced matrix
  double subspace_rate_ = -1;                  // the rate of the search that found subspace_
  std::vector<Complex> values_;
  std::vector<double> errors_;      // the errors of all eigenvalues, from dense matrices
  std::vector<bool> is_chosen_;     // true for those of these that subspace_ contains
  std::optional<RealSchur> schur_;  // on rank 0, if `errors_` are too large to be useful
  std::optional<KrylovSearch> search_;
  bool is_stuck_ = false;
  double trace_defect_ = 0;
  long products_ = 0;  // the products of a search that was given up
  std::string failure_;
};

}  // namespace lindwurm
