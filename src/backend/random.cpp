#include "lindwurm/backend/random.hpp"

#include <Random123/philox.h>

#include <Random123/boxmuller.hpp>

namespace lindwurm {

namespace {

auto draw(std::uint64_t seed, std::uint64_t stream, DrawPurpose purpose, std::uint64_t k) {
  const r123::Philox4x64 philox;
  return philox({{stream, k, static_cast<std::uint64_t>(purpose), 0}}, {{seed, 0}});
}

}  // namespace

double Draws::uniform(std::uint64_t k) const {
  const auto drawn = draw(seed_, stream_, purpose_, k);
  // The midpoints of 2^52 equal intervals, which a double represents exactly.
  return (static_cast<double>(drawn[0] >> 12) + 0.5) * 0x1p-52;
}

double Draws::normal(std::uint64_t k) const {
  const auto drawn = draw(seed_, stream_, purpose_, k);
  return r123::boxmuller(drawn[0], drawn[1]).x;
}

}  // namespace lindwurm
