// Headers of other projects that many files include and that take long to parse. The build parses
// them once. Files include what they need all the same: they also compile without this one. Every
// header here costs each file some hundredths of a second, so rare ones stay out, JSON for
// instance.
#pragma once

#include <fmt/format.h>
#include <slepceps.h>

#include <Eigen/Core>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <source_location>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>
