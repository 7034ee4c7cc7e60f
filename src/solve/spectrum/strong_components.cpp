#include "strong_components.hpp"

#include <algorithm>

namespace lindwurm {

std::vector<int> strong_components(const Eigen::SparseMatrix<double, Eigen::RowMajor, int>& a) {
  const auto n = static_cast<int>(a.rows());
  constexpr int unseen = -1;
  std::vector<int> component(n, unseen);
  std::vector<int> order(n, unseen);
  std::vector<int> lowest(n, 0);
  std::vector<int> open;  // visited, but not yet in a component
  struct Visit {
    int unknown;
    int next;  // the next entry of its row
  };
  std::vector<Visit> path;
  int seen = 0;
  int components = 0;
  const auto enter = [&](int unknown) {
    order[unknown] = lowest[unknown] = seen++;
    open.push_back(unknown);
    path.push_back({unknown, a.outerIndexPtr()[unknown]});
  };
  for (int root = 0; root < n; ++root) {
    if (order[root] == unseen) enter(root);
    while (!path.empty()) {
      auto& [here, next] = path.back();
      if (next < a.outerIndexPtr()[here + 1]) {
        const int other = a.innerIndexPtr()[next++];
        if (order[other] == unseen) {
          enter(other);
        } else if (component[other] == unseen) {
          lowest[here] = std::min(lowest[here], order[other]);
        }
        continue;
      }
      const int done = here;
      path.pop_back();
      if (!path.empty())
        lowest[path.back().unknown] = std::min(lowest[path.back().unknown], lowest[done]);
      if (lowest[done] != order[done]) continue;
      for (int member = unseen; member != done;) {
        member = open.back();
        open.pop_back();
        component[member] = components;
      }
      ++components;
    }
  }
  return component;
}

}  // namespace lindwurm
