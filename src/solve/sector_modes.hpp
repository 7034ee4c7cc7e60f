// The rightmost modes of one sector, by whichever method.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "invariant_subspace.hpp"
#include "krylov_search.hpp"
#include "lindwurm/solve/spectrum.hpp"
#include "stationary_scaling.hpp"

namespace lindwurm {

/// As far as they are known: sectors are searched in turns. Calls are collective.
class SectorModes {
 public:
  /// The Liouvillian of the sector and the scaling outlive this. Throws as spectrum() does.
  SectorModes(const Liouvillian& liouvillian, int number, StationaryScaling& scaling,
              const SpectrumOptions& options);

  /// Computes or finds the first of them; `parts` is the number of sectors.
  void begin(int parts, const SpectrumOptions& options);

  [[nodiscard]] const std::vector<Complex>& values() const {
    return search_ ? search_->values() : values_;
  }
  [[nodiscard]] bool is_searched() const { return search_.has_value(); }
  /// Real parts closer than this are not told apart.
  [[nodiscard]] double cluster() const;
  /// What counts as zero.
  [[nodiscard]] double zero() const;
  /// Of the modes that the search has found, the rate of the fastest: likely those to be found next
  /// are faster. None if it goes no further.
  [[nodiscard]] std::optional<double> frontier() const;
  void find_more(const SpectrumOptions& options);

  /// One step towards knowing all that decays no faster than this; true if that is known, or can
  /// not be.
  bool complete(double rate, const SpectrumOptions& options);
  /// Where the search did not succeed, all eigenvalues instead, if the choice is free and they are
  /// not too many. True if so.
  bool fall_back(const SpectrumOptions& options);

  /// Adds the modes that decay no faster than this.
  void add_to(Spectrum& all, double rate, const SpectrumOptions& options);

 private:
  template <typename Work>
  auto with_scaling(const SpectrumOptions& options, Work work);
  bool scale_further();
  void restart(const SpectrumOptions& options);
  void search_again(std::size_t known, double certified);
  InvariantSubspace unscaled(InvariantSubspace found);
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
  StationaryScaling& scaling_;
  int scalings_ = 0;  // that were tried
  VecHandle s_;       // by which L is scaled; null if it is not
  InvariantSubspace subspace_;
  std::vector<Complex> values_;
  std::optional<KrylovSearch> search_;
  bool is_stuck_ = false;
  double trace_defect_ = 0;
  long products_ = 0;  // of a search given up
  std::string failure_;
};

}  // namespace lindwurm
