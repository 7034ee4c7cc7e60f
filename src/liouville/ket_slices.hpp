// Kets slice by slice: what depends on the outer sites is found once for each slice, what depends
// on the inner ones once for all.
#pragma once

#include <cstdint>
#include <vector>

#include "lindwurm/liouville/packed_basis.hpp"

namespace lindwurm {

// The sites of the Hilbert space among the outer or the inner sites of kets, in their order.
class KetSites {
 public:
  KetSites(const PackedBasis& basis, const std::vector<int>& among) {
    std::int64_t stride = 1;
    for (std::size_t k = among.size(); k-- > 0;) {
      const int d = basis.site_dimensions()[among[k]];
      // The first site tells kets from their conjugates.
      if (among[k] > 0) sites_.push_back({among[k] - 1, d, stride});
      stride *= d;
    }
  }
  // Calls see(site, element) for what an index over these sites holds, from the last to the first.
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

// Calls see(leader, start, elements) for the slices of psi, not those of its conjugate, in a range
// of positions that cuts no pair: `elements` are the inner indices that it has, from its start on.
// As many positions further the elements of the conjugate follow.
template <typename See>
void over_ket_slices(const PackedBasis& basis, std::int64_t first, std::int64_t last, See see) {
  const int end = basis.leaders_before(last);
  for (int l = basis.leaders_before(first); l < end; ++l) {
    const PackedBasis::Leader leader = basis.leader(l);
    see(leader, basis.pair_start(l), basis.kinds()[leader.kind].elements);
  }
}

}  // namespace lindwurm
