#include "total_charges.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_map>

namespace lindwurm {

namespace {

// Sums are kept in a table if it has at most this many places.
constexpr double most_places = 1 << 22;
// Beyond this, the numbers of sums overflow.
constexpr double most_codes = 4611686018427387904.0;

// Numbers (codes) of all sums. The code of a sum is the sum of the codes. Charges that count modulo
// n are reduced only at the end.
class Codes {
 public:
  explicit Codes(const std::vector<Totals>& sites, std::size_t length)
      : lowest_(length, 0), strides_(length, 0) {
    std::vector<std::int64_t> range(length, 1);
    for (const Totals& site : sites) {
      for (std::size_t c = 0; c < length; ++c) {
        int low = std::numeric_limits<int>::max();
        int high = std::numeric_limits<int>::min();
        for (const auto& [charge, ways] : site) {
          low = std::min(low, charge[c]);
          high = std::max(high, charge[c]);
        }
        lowest_[c] += low;
        range[c] += high - low;
        low_of_sites_.push_back(low);
      }
    }
    for (std::size_t c = 0; c < length; ++c) {
      strides_[c] = places_ > most_codes ? 0 : static_cast<std::int64_t>(places_);
      places_ *= static_cast<double>(range[c]);
    }
  }
  [[nodiscard]] double places() const { return places_; }
  [[nodiscard]] std::int64_t of(const Charge& charge, std::size_t site) const {
    std::int64_t code = 0;
    for (std::size_t c = 0; c < charge.size(); ++c)
      code += (charge[c] - low_of_sites_[site * charge.size() + c]) * strides_[c];
    return code;
  }
  [[nodiscard]] Charge charge(std::int64_t code, const std::vector<int>& moduli) const {
    Charge charge(lowest_.size());
    for (std::size_t c = lowest_.size(); c-- > 0;) {
      const std::int64_t above = code / strides_[c];
      code -= above * strides_[c];
      charge[c] = static_cast<int>(lowest_[c] + above);
      if (moduli[c] != 0) charge[c] = (charge[c] % moduli[c] + moduli[c]) % moduli[c];
    }
    return charge;
  }

 private:
  std::vector<std::int64_t> lowest_;
  std::vector<std::int64_t> strides_;
  std::vector<std::int64_t> low_of_sites_;
  double places_ = 1;
};

using Coded = std::vector<std::pair<std::int64_t, double>>;

// All sums of a code in `sums` and a code of the next site. If there are more than `most`, counting
// stops, and the result has more than `most`.
Coded added(const Coded& sums, const Coded& of_site, std::vector<double>& table, std::size_t most) {
  Coded next;
  std::vector<std::int64_t> found;
  for (const auto& [sum, ways] : sums) {
    for (const auto& [code, members] : of_site) {
      double& place = table[sum + code];
      if (place == 0) found.push_back(sum + code);
      place += ways * members;
    }
    if (found.size() > most) break;
  }
  next.reserve(found.size());
  for (const std::int64_t code : found) {
    next.emplace_back(code, table[code]);
    table[code] = 0;
  }
  return next;
}

Coded added(const Coded& sums, const Coded& of_site, std::size_t most) {
  std::unordered_map<std::int64_t, double> found;
  for (const auto& [sum, ways] : sums) {
    for (const auto& [code, members] : of_site)
      found[sum + code] += ways * members;
    if (found.size() > most) break;
  }
  return {found.begin(), found.end()};
}

Charge sum_of(const Charge& a, const Charge& b, const std::vector<int>& moduli) {
  Charge sum(a.size());
  for (std::size_t c = 0; c < a.size(); ++c) {
    sum[c] = a[c] + b[c];
    if (moduli[c] != 0) sum[c] = (sum[c] % moduli[c] + moduli[c]) % moduli[c];
  }
  return sum;
}

// Adds charge by charge, without codes.
Totals slowly(const std::vector<Totals>& sites, const std::vector<int>& moduli, std::size_t most) {
  Totals sums{{Charge(moduli.size(), 0), 1}};
  for (std::size_t s = 0; s < sites.size() && sums.size() <= most; ++s) {
    Totals next;
    for (const auto& [sum, ways] : sums) {
      for (const auto& [charge, members] : sites[s])
        next[sum_of(sum, charge, moduli)] += ways * members;
      if (next.size() > most) break;
    }
    sums = std::move(next);
  }
  return sums;
}

}  // namespace

Totals sums_over_sites(const std::vector<Totals>& sites, const std::vector<int>& moduli,
                       std::size_t most) {
  if (std::any_of(sites.begin(), sites.end(), [](const Totals& site) { return site.empty(); }))
    return {};
  const Codes codes(sites, moduli.size());
  const bool counts_modulo =
      std::any_of(moduli.begin(), moduli.end(), [](int modulus) { return modulus != 0; });
  // Charges that count modulo n are reduced only at the end and would have more sums before that.
  const bool has_codes = codes.places() <= most_codes;
  const bool has_table = codes.places() <= most_places;
  if (!has_codes || (counts_modulo && !has_table)) return slowly(sites, moduli, most);
  const std::size_t most_coded = counts_modulo ? any_number : most;
  std::vector<double> table(has_table ? static_cast<std::size_t>(codes.places()) : 0, 0.0);
  Coded sums{{0, 1.0}};
  for (std::size_t s = 0; s < sites.size() && sums.size() <= most_coded; ++s) {
    Coded of_site;
    for (const auto& [charge, members] : sites[s])
      of_site.emplace_back(codes.of(charge, s), members);
    sums = has_table ? added(sums, of_site, table, most_coded) : added(sums, of_site, most_coded);
  }
  Totals totals;
  for (const auto& [code, ways] : sums) {
    totals[codes.charge(code, moduli)] += ways;
    if (totals.size() > most) break;
  }
  return totals;
}

}  // namespace lindwurm
