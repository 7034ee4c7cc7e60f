#include "lindwurm/liouville/packed_basis.hpp"

#include <algorithm>

namespace lindwurm {

PackedBasis::PackedBasis(const Space& space) : hilbert_dimension_(space.dimension()) {
  size_ = hilbert_dimension_ * hilbert_dimension_;
  std::int64_t stride = size_;
  for (int s = 0; s < space.sites(); ++s) {
    const int d = space.dimension(s);
    dimensions_.push_back(d * d);
    stride /= static_cast<std::int64_t>(d) * d;
    Site site{.levels = d, .stride = stride, .mirror = {}, .before = {}};
    std::int64_t before = 0;
    for (int e = 0; e < d * d; ++e) {
      site.mirror.push_back((e % d) * d + e / d);
      site.before.push_back(before);
      // Its own mirror: the later sites decide. Leader of a pair: its elements and their mirrors.
      if (e == site.mirror[e]) before += stride;
      if (e < site.mirror[e]) before += 2 * stride;
    }
    sites_.push_back(std::move(site));
  }
}

// Indices stay below 2^31, and division of 32-bit numbers is much faster: assembly spends most of
// its time here.
std::int64_t PackedBasis::mirror(std::int64_t x) const {
  std::int64_t mirrored = 0;
  auto rest = static_cast<std::uint32_t>(x);
  for (const Site& site : sites_) {
    const auto stride = static_cast<std::uint32_t>(site.stride);
    mirrored += site.mirror[rest / stride] * site.stride;
    rest %= stride;
  }
  return mirrored;
}

std::int64_t PackedBasis::position(std::int64_t x) const {
  std::int64_t base = 0;
  auto rest = static_cast<std::uint32_t>(x);
  for (const Site& site : sites_) {
    const auto stride = static_cast<std::uint32_t>(site.stride);
    const auto e = static_cast<int>(rest / stride);
    rest %= stride;
    if (e == site.mirror[e]) {
      base += site.before[e];
    } else if (e < site.mirror[e]) {
      return base + site.before[e] + 2 * static_cast<std::int64_t>(rest);
    } else {
      return base + site.before[site.mirror[e]] + 2 * (mirror(x) % site.stride) + 1;
    }
  }
  return base;
}

std::int64_t PackedBasis::element(std::int64_t position) const {
  std::int64_t x = 0;
  for (const Site& site : sites_) {
    // The last element that starts at or before the position: followers of a pair take no room.
    const auto next = std::upper_bound(site.before.begin(), site.before.end(), position);
    const auto e = static_cast<int>(next - site.before.begin()) - 1;
    position -= site.before[e];
    x += e * site.stride;
    if (e != site.mirror[e]) {
      x += position / 2;
      return position % 2 == 0 ? x : mirror(x);
    }
  }
  return x;
}

std::int64_t PackedBasis::index(std::int64_t m, std::int64_t n) const {
  std::int64_t x = 0;
  for (std::size_t s = sites_.size(); s-- > 0;) {
    const int d = sites_[s].levels;
    x += ((m % d) * d + n % d) * sites_[s].stride;
    m /= d;
    n /= d;
  }
  return x;
}

std::pair<std::int64_t, std::int64_t> PackedBasis::states(std::int64_t x) const {
  std::int64_t m = 0;
  std::int64_t n = 0;
  for (const Site& site : sites_) {
    const std::int64_t e = x / site.stride;
    x %= site.stride;
    m = m * site.levels + e / site.levels;
    n = n * site.levels + e % site.levels;
  }
  return {m, n};
}

std::pair<std::int64_t, std::int64_t> PackedBasis::share(int rank, int ranks) const {
  const auto boundary = [&](int r) {
    const std::int64_t even = size_ / ranks * r + std::min<std::int64_t>(r, size_ % ranks);
    if (even == 0 || even == size_) return even;
    const std::int64_t x = element(even);
    const bool follows = position(mirror(x)) == even - 1;
    return follows ? even - 1 : even;
  };
  return {boundary(rank), boundary(rank + 1)};
}

}  // namespace lindwurm
