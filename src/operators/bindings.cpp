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
  std::vector<const Group*> groups;  // groups named without an index
  // Maps a name to the number of members of the largest group it runs in.
  std::map<std::string, int> free_indices;
  // Pairs of free indices that are never equal.
  std::set<std::pair<std::string, std::string>> rivals;
  std::vector<IndexedSite> indexed;
  std::set<std::string> arrays;  // array parameters without an index
  // The largest value of an index in brackets when all free indices are 0.
  int largest_offset = 0;
  bool has_plain_indices = true;  // each index in brackets is a number or a plain free index
  bool has_values = false;        // there are arrays of numbers from C++
};

// The largest number of ways to bind the names of one term. More would take too much time and
// memory.
constexpr std::size_t most_bindings = 5000000;

bool is_free(const std::string& name, const Parameters& parameters) {
  return !is_reserved(name) && !parameters.contains(name);
}

// Notes the free indices in the brackets of sites. Two free indices of the same group are rivals:
// they are never equal.
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
    const Mentions found = mentions(expression, &space);
    for (const auto& site : found.sites) {
      const Group* group = space.find(site.name);
      if (group == nullptr) unknown_site(site.name, space);
      if (!group->count) continue;
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
    const Coefficient at_origin = evaluate_number(site.index, origin);
    require_finite(at_origin, site.index, origin);
    const double offset = std::abs(at_origin.constant().real());
    open.largest_offset = std::max(open.largest_offset, static_cast<int>(std::min(offset, 1e4)));
  }
  return open;
}

// Misspelt names are reported before errors that depend on them.
void require_known(const std::vector<Expression>& expressions, const Space& space,
                   const Parameters& parameters) {
  const auto calls = vocabulary::calls();
  for (const auto& expression : expressions) {
    const Mentions found = mentions(expression, &space);
    for (const auto& call : found.calls) {
      if (!vocabulary::contains(calls, call) && !space.has_word(call))
        vocabulary::unknown_operator(call, space);
    }
    for (const auto& name : found.names) {
      const bool is_index =
          std::any_of(found.sites.begin(), found.sites.end(), [&](const Expression::Name& site) {
            return site.index && vocabulary::contains(names_in(*site.index), name.name);
          });
      if (is_index || is_reserved(name.name) || parameters.contains(name.name)) continue;
      const Scope scope{.space = &space, .parameters = &parameters};
      static_cast<void>(evaluate(Expression(Expression::Name{name.name, nullptr}), scope));
    }
  }
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

// True if all members that the indices name exist.
bool members_exist(const Scope& scope, const Open& open) {
  return std::all_of(open.indexed.begin(), open.indexed.end(), [&](const IndexedSite& site) {
    const auto names = names_in(site.index);
    const bool runs = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return open.free_indices.contains(name);
    });
    // A fixed index that does not exist is an error, which evaluation reports.
    if (!runs) return true;
    const double member = evaluate_number(site.index, scope).constant().real();
    return member >= 0 && member < site.group->size();
  });
}

bool rivals_meet(const Scope& scope, const Open& open) {
  return std::any_of(open.rivals.begin(), open.rivals.end(), [&](const auto& pair) {
    return scope.indices.find(pair.first)->second == scope.indices.find(pair.second)->second;
  });
}

// True if every free index is the number of a member.
bool is_own_number(const Scope& scope, const Open& open) {
  return std::all_of(scope.indices.begin(), scope.indices.end(), [&](const auto& index) {
    return index.second >= 0 && index.second < open.free_indices.find(index.first)->second;
  });
}

// The members named by all sites, with and without an index, in this scope.
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
    if (scopes.size() * static_cast<std::size_t>(count) > most_bindings) {
      throw InputError(
          fmt::format("the term \"{}\" has more than {} ways to name its members; use fewer groups "
                      "and free indices in one term, or sum(...)",
                      expressions.front().text(), most_bindings));
    }
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
    // The numbers of the members come first. Offsets such as k - 1 shift the values for which
    // members exist, so values on both sides are tried as well.
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
  if (open.groups.empty() && !open.arrays.empty()) require_known(expressions, space, parameters);
  for (const auto& array : open.arrays) {
    const auto length = static_cast<int>(parameters.find(array)->second.values.size());
    const Group* group = companion(array, length, open);
    for (auto& scope : scopes) {
      const int member = scope.members.find(group->name)->second;
      scope.running[array] =
          group->size() == length ? group->spin_of(member) : group->class_of(member);
    }
  }
  std::erase_if(scopes, [&](const Scope& scope) {
    return !members_exist(scope, open) || rivals_meet(scope, open);
  });
  // Values beyond the numbers of the members count only if they name members that no other value
  // names. In c[mod(k, 3)] they do not.
  std::stable_partition(scopes.begin(), scopes.end(),
                        [&](const Scope& scope) { return is_own_number(scope, open); });
  std::set<std::vector<int>> named;
  std::erase_if(scopes, [&](const Scope& scope) {
    return !named.insert(members_named(scope, open)).second && !is_own_number(scope, open);
  });
  return scopes;
}

}  // namespace lindwurm
