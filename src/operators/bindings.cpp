// Which members, indices and array elements a term runs over.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/evaluate.hpp"
#include "lindwurm/operators/mentions.hpp"
#include "lindwurm/operators/vocabulary.hpp"

namespace lindwurm {

namespace {

struct IndexedSite {
  const Group* group;
  Expression index;
};

struct Open {
  std::vector<const Group*> groups;         // named without an index
  std::map<std::string, int> free_indices;  // name -> members of the largest group it runs in
  std::set<std::pair<std::string, std::string>> rivals;  // free indices that never meet
  std::vector<IndexedSite> indexed;
  std::set<std::string> arrays;   // parameters without an index
  int largest_offset = 0;         // of an index in brackets where the free ones are 0
  bool has_plain_indices = true;  // each index in brackets is a number or a free index as it is
  bool has_values = false;        // arrays of numbers from C++
};

bool is_free(const std::string& name, const Parameters& parameters) {
  return !is_reserved(name) && !parameters.contains(name);
}

// Free indices in the brackets of sites; the same group's indices keep out of each other's way.
void note_free_indices(Open& open, const Parameters& parameters) {
  std::map<const Group*, std::set<std::string>> of_group;
  for (const auto& site : open.indexed) {
    for (const auto& name : names_in(site.index)) {
      if (!is_free(name, parameters)) continue;
      int& range = open.free_indices[name];
      range = std::max(range, site.group->size());
      of_group[site.group].insert(name);
    }
  }
  for (const auto& [group, names] : of_group) {
    for (const auto& first : names) {
      for (const auto& second : names) {
        if (first < second) open.rivals.emplace(first, second);
      }
    }
  }
}

Open find_open(const std::vector<Expression>& expressions, const Space& space,
               const Parameters& parameters) {
  Open open;
  for (const auto& expression : expressions) {
    const Mentions found = mentions(expression);
    for (const auto& site : found.sites) {
      const Group* group = space.find(site.name);
      if (group == nullptr || !group->count) continue;  // evaluation reports unknown sites
      if (site.index) {
        open.indexed.push_back({group, *site.index});
      } else if (std::find(open.groups.begin(), open.groups.end(), group) == open.groups.end()) {
        open.groups.push_back(group);
      }
    }
    for (const auto& array : vocabulary::arrays_without_index(expression, parameters)) {
      open.arrays.insert(array);
    }
    open.has_values = open.has_values || !found.value_counts.empty();
    for (std::size_t count : found.value_counts) {
      if (open.groups.size() == 1 && static_cast<int>(count) != open.groups[0]->size()) {
        throw InputError(fmt::format("an array of {} values meets the group '{}' of {}", count,
                                     open.groups[0]->name, open.groups[0]->size()));
      }
    }
  }
  note_free_indices(open, parameters);
  Scope origin{.space = &space, .parameters = &parameters};
  for (const auto& [name, range] : open.free_indices)
    origin.indices[name] = 0;
  for (const auto& site : open.indexed) {
    const bool is_plain = site.index.as<Expression::Name>() != nullptr ||
                          site.index.as<Expression::Number>() != nullptr;
    open.has_plain_indices = open.has_plain_indices && is_plain;
    const double offset = std::abs(evaluate_number(site.index, origin).constant().real());
    open.largest_offset = std::max(open.largest_offset, static_cast<int>(std::min(offset, 1e4)));
  }
  return open;
}

// The group that an array without an index runs along.
const Group* companion(const std::string& array, int length, const Open& open) {
  if (open.groups.empty()) {
    throw InputError(fmt::format(
        "the array '{}' ({} values) has no group to run along here; give it an index, as in {}[0]",
        array, length, array));
  }
  std::vector<const Group*> fitting;
  for (const Group* group : open.groups) {
    if (group->size() == length || static_cast<int>(group->classes.size()) == length)
      fitting.push_back(group);
  }
  if (fitting.size() == 1) return fitting.front();
  if (fitting.empty()) {
    throw InputError(fmt::format("the array '{}' has {} values, but the group '{}' has {} members",
                                 array, length, open.groups.front()->name,
                                 open.groups.front()->size()));
  }
  throw InputError(fmt::format(
      "the array '{}' could run along '{}' or '{}'; use free indices, as in "
      "{}[k]*sz({}[k])*sz({}[l])",
      array, fitting[0]->name, fitting[1]->name, array, fitting[0]->name, fitting[1]->name));
}

// All members that the indices name exist.
bool members_exist(const Scope& scope, const Open& open) {
  return std::all_of(open.indexed.begin(), open.indexed.end(), [&](const IndexedSite& site) {
    const auto names = names_in(site.index);
    const bool runs = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return open.free_indices.contains(name);
    });
    if (!runs) return true;  // a fixed index that does not exist is an error, told in evaluation
    const double member = evaluate_number(site.index, scope).constant().real();
    return member >= 0 && member < site.group->size();
  });
}

bool rivals_meet(const Scope& scope, const Open& open) {
  return std::any_of(open.rivals.begin(), open.rivals.end(), [&](const auto& pair) {
    return scope.indices.find(pair.first)->second == scope.indices.find(pair.second)->second;
  });
}

// Every free index is the number of a member.
bool is_own_number(const Scope& scope, const Open& open) {
  return std::all_of(scope.indices.begin(), scope.indices.end(), [&](const auto& index) {
    return index.second >= 0 && index.second < open.free_indices.find(index.first)->second;
  });
}

// The members that all sites with and without an index name in this scope.
std::vector<int> members_named(const Scope& scope, const Open& open) {
  std::vector<int> members;
  for (const auto& site : open.indexed) {
    members.push_back(static_cast<int>(evaluate_number(site.index, scope).constant().real()));
  }
  for (const auto& [group, member] : scope.members)
    members.push_back(member);
  return members;
}

}  // namespace

std::vector<Scope> bindings(const std::vector<Expression>& expressions, const Space& space,
                            const Parameters& parameters) {
  const Open open = find_open(expressions, space, parameters);
  std::vector<Scope> scopes{{.space = &space, .parameters = &parameters}};
  const auto spread = [&](int count, auto&& bind) {
    std::vector<Scope> wider;
    for (const auto& scope : scopes) {
      for (int value = 0; value < count; ++value) {
        wider.push_back(scope);
        bind(wider.back(), value);
      }
    }
    scopes = std::move(wider);
  };
  for (const Group* group : open.groups) {
    spread(group->size(), [&](Scope& scope, int member) {
      scope.members[group->name] = member;
      scope.element = member;
    });
  }
  for (const auto& [name, range] : open.free_indices) {
    // A member's own numbers first. Offsets such as k - 1 shift the values for which members
    // exist, so values on either side are tried as well.
    const int beside = open.has_plain_indices ? 0 : range + open.largest_offset;
    spread(range + 2 * beside, [&](Scope& scope, int value) {
      scope.indices[name] = value < range + beside ? value : range + beside - 1 - value;
    });
  }
  if (open.has_values && open.groups.size() != 1) {
    throw InputError(
        fmt::format("an array of numbers runs along exactly one group, but the term names {}",
                    open.groups.size()));
  }
  for (const auto& array : open.arrays) {
    const auto length = static_cast<int>(parameters.find(array)->second.values.size());
    const Group* group = companion(array, length, open);
    for (auto& scope : scopes) {
      const int member = scope.members.find(group->name)->second;
      scope.running[array] = group->size() == length ? member : group->class_of(member);
    }
  }
  std::erase_if(scopes, [&](const Scope& scope) {
    return !members_exist(scope, open) || rivals_meet(scope, open);
  });
  // Beyond a member's own numbers a value counts only if it names members that no other names: in
  // c[mod(k, 3)] it does not.
  std::stable_partition(scopes.begin(), scopes.end(),
                        [&](const Scope& scope) { return is_own_number(scope, open); });
  std::set<std::vector<int>> named;
  std::erase_if(scopes, [&](const Scope& scope) {
    return !named.insert(members_named(scope, open)).second && !is_own_number(scope, open);
  });
  return scopes;
}

}  // namespace lindwurm
