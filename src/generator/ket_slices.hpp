// Kets slice by slice. What depends on the outer sites is computed once for each slice. What
// depends on the inner sites is computed once for all slices.
#pragma once

#include <cstdint>
#include <vector>

#include "lindwurm/sectors/packed_basis.hpp"

namespace lindwurm {

// The sites of the Hilbert space among the outer or the inner sites of kets, in their order.
class KetSites {
 public:
  KetSites(const PackedBasis& basis, const std::vector<int>& among) {
    std::int64_t stride = 1;
    for (std::size_t k = among.size(); k-- > 0;) {
      const int d = basis.site_dimensions()[among[k]];
      // The first site distinguishes kets from their conjugates.
      if (among[k] > 0) sites_.push_back({among[k] - 1, d, stride});
      stride *= d;
    }
  }
  // Calls see(site, element) for each of these sites, given an index over them, from the last site
  // to the first.
  template <typename See>
  void visit(std::int64_t index, See see) const {
    for (const Site& each : sites_)
      see(each.site, static_cast<int>(index / each.stride % each.dimension));
  }

 private:
  struct Site {
    int site;
    int dimension;
    std::int64_t stride;
  };
  std::vector<Site> sites_;
};

// Calls see(leader, start, elements) for the slices of psi, not of its conjugate, in a range of
// positions that splits no pair. `elements` are the inner indices in the slice, which begins at
// `start`. The slice of the conjugate follows and has the same length.
template <typename See>
void over_ket_slices(const PackedBasis& basis, std::int64_t first, std::int64_t last, See see) {
  const int end = basis.leaders_before(last);
  for (int l = basis.leaders_before(first); l < end; ++l) {
    const PackedBasis::Leader leader = basis.leader(l);
    see(leader, basis.pair_start(l), basis.kinds()[leader.kind].elements);
  }
}

}  // namespace lindwurm
