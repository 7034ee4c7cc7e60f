#include "lindwurm/backend/random.hpp"

#include <Random123/philox.h>

namespace lindwurm {

double Draws::uniform(std::uint64_t k) const {
  const r123::Philox4x64 philox;
  const auto drawn = philox({{stream_, k, static_cast<std::uint64_t>(purpose_), 0}}, {{seed_, 0}});
  // The middles of 2^52 equal parts, all of which a double holds.
  return (static_cast<double>(drawn[0] >> 12) + 0.5) * 0x1p-52;
}

}  // namespace lindwurm
