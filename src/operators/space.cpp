#include "lindwurm/operators/space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/joint_basis.hpp"

namespace lindwurm {

namespace {

constexpr double most_states = 4611686018427387904.0;  // 2^62

}  // namespace

std::string_view name_of(SiteKind kind) {
  switch (kind) {
    case SiteKind::oscillator:
      return "oscillator";
    case SiteKind::spin:
      return "spin";
    case SiteKind::levels:
      return "levels";
    case SiteKind::ensemble:
      return "ensemble";
  }
  return "unknown";
}

std::string_view name_of(SpinBasis basis) {
  switch (basis) {
    case SpinBasis::z:
      return "z";
    case SpinBasis::x:
      return "x";
    case SpinBasis::automatic:
      return "auto";
  }
  return "unknown";
}

Group oscillator(std::string name, int levels) {
  return {.name = std::move(name), .kind = SiteKind::oscillator, .dimension = levels};
}

Group oscillators(std::string name, int count, int levels) {
  return {
      .name = std::move(name), .kind = SiteKind::oscillator, .dimension = levels, .count = count};
}

Group spin(std::string name) {
  return {.name = std::move(name), .kind = SiteKind::spin, .dimension = 2};
}

Group spins(std::string name, int count) {
  return {.name = std::move(name), .kind = SiteKind::spin, .dimension = 2, .count = count};
}

Group level_site(std::string name, int levels) {
  return {.name = std::move(name), .kind = SiteKind::levels, .dimension = levels};
}

Group custom_site(std::string name, std::shared_ptr<const SiteWords> words) {
  if (words == nullptr) throw InputError(fmt::format("site '{}' needs its words", name));
  require_sound(*words);
  Group group = level_site(std::move(name), words->dimension);
  group.words = std::move(words);
  return group;
}

Group custom_sites(std::string name, int count, std::shared_ptr<const SiteWords> words) {
  Group group = custom_site(std::move(name), std::move(words));
  group.count = count;
  return group;
}

Group ensemble(std::string name, int spins, int coherence) {
  auto multiplets = std::make_shared<const Multiplets>(spins, coherence);
  const int states = multiplets->states();
  return {.name = std::move(name),
          .kind = SiteKind::ensemble,
          .dimension = states,
          .multiplets = std::move(multiplets)};
}

std::vector<Group> ensembles(const std::string& name, const std::vector<int>& spins,
                             int coherence) {
  std::vector<Group> groups;
  for (std::size_t k = 0; k < spins.size(); ++k) {
    groups.push_back(ensemble(fmt::format("{}[{}]", name, k), spins[k], coherence));
    groups.back().family = name;
  }
  return groups;
}

int Group::class_of(int member) const {
  int k = 0;
  for (int rest = member; k + 1 < static_cast<int>(classes.size()) && rest >= classes[k]; ++k)
    rest -= classes[k];
  return k;
}

int Group::member_of(int spin) const {
  if (spin < 0 || spin >= size()) {
    throw InputError(fmt::format("{}[{}] does not exist: the group has the members 0 to {}", name,
                                 spin, size() - 1));
  }
  if (spins.empty()) return spin;
  return static_cast<int>(std::find(spins.begin(), spins.end(), spin) - spins.begin());
}

Space::Space(std::vector<Group> groups) : groups_(std::move(groups)) {
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    auto& group = groups_[g];
    if (group.dimension < 1) {
      throw InputError(
          fmt::format("site '{}' has {} levels; it needs at least 1", group.name, group.dimension));
    }
    if (group.size() < 1) {
      throw InputError(
          fmt::format("site '{}' has count {}; it needs at least 1", group.name, group.size()));
    }
    for (std::size_t other = 0; other < g; ++other) {
      if (groups_[other].name == group.name) {
        throw InputError(fmt::format("site '{}' is declared twice", group.name));
      }
    }
    if (g > 0 && !group.family.empty() && group.family == groups_[g - 1].family &&
        group.basis != groups_[g - 1].basis) {
      throw InputError(
          fmt::format("'{}' and '{}' are classes of one bath, and stored along one axis",
                      groups_[g - 1].name, group.name));
    }
    group.first = sites();
    dimensions_.insert(dimensions_.end(), group.size(), group.dimension);
    group_of_site_.insert(group_of_site_.end(), group.size(), static_cast<int>(g));
  }
}

Space::Space(std::shared_ptr<const JointBasis> joint)
    : Space({level_site("all sites", static_cast<int>(joint->states.cols()))}) {
  joint_ = std::move(joint);
}

const Space& Space::named() const { return joint_ ? joint_->sites : *this; }

const Group* Space::find(std::string_view name) const {
  auto found = std::find_if(groups_.begin(), groups_.end(),
                            [&](const Group& group) { return group.name == name; });
  return found == groups_.end() ? nullptr : &*found;
}

std::vector<const Group*> Space::called(std::string_view word) const {
  std::vector<const Group*> all;
  for (const Group& group : groups_) {
    if (group.word() == word) all.push_back(&group);
  }
  return all;
}

bool Space::has_word(std::string_view name) const {
  return std::any_of(groups_.begin(), groups_.end(), [&](const Group& group) {
    return group.words && group.words->operators.find(name) != group.words->operators.end();
  });
}

std::vector<std::string> Space::words() const {
  std::set<std::string> all;
  for (const Group& group : groups_) {
    if (!group.words) continue;
    for (const auto& [name, matrix] : group.words->operators)
      all.insert(name);
  }
  return {all.begin(), all.end()};
}

std::string Space::site_name(int site) const {
  const auto& group = group_of(site);
  return group.count ? fmt::format("{}[{}]", group.name, site - group.first) : group.name;
}

SiteElements Space::elements_of(int site) const {
  return {dimension(site), group_of(site).multiplets.get()};
}

int Space::elements(int site) const { return elements_of(site).count(); }

int Space::element(int site, int m, int n) const { return elements_of(site).number(m, n); }

std::pair<int, int> Space::states(int site, int element) const {
  return elements_of(site).states(element);
}

double Space::log_copies(int site, int state) const {
  const auto& multiplets = group_of(site).multiplets;
  return multiplets ? multiplets->of_state(state).log_copies : 0;
}

bool Space::has_ensembles() const {
  return std::any_of(groups_.begin(), groups_.end(),
                     [](const Group& group) { return group.kind == SiteKind::ensemble; });
}

Space Space::with_members() const {
  std::vector<Group> groups;
  for (const Group& group : named().groups()) {
    if (group.kind != SiteKind::ensemble) {
      groups.push_back(group);
      continue;
    }
    const int members = group.multiplets->spins();
    const bool is_next_class =
        !group.family.empty() && !groups.empty() && groups.back().name == group.family;
    if (!is_next_class) {
      groups.push_back(spins(group.word(), 0));
      groups.back().basis = group.basis;
    }
    Group& all = groups.back();
    for (int member = 0; member < members; ++member)
      all.spins.push_back(group.spins.empty() ? all.size() + member : group.spins[member]);
    *all.count += members;
    all.classes.push_back(members);
  }
  return Space(std::move(groups));
}

double Space::elements_estimate() const {
  double product = 1;
  for (int s = 0; s < sites(); ++s) {
    const double d = dimension(s);
    product *= group_of(s).multiplets ? elements(s) : d * d;
  }
  return product;
}

double Space::dimension_estimate() const {
  double product = 1;
  for (int dimension : dimensions_)
    product *= dimension;
  return product;
}

std::int64_t Space::dimension() const {
  if (!(dimension_estimate() <= most_states)) {
    throw InputError(
        fmt::format("the Hilbert space of dimension D = {:.6g} has more states than 64-bit numbers "
                    "can count; use fewer sites or fewer levels",
                    dimension_estimate()));
  }
  std::int64_t product = 1;
  for (int dimension : dimensions_)
    product *= dimension;
  return product;
}

}  // namespace lindwurm
