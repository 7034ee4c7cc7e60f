// Headers of other projects that most tests include and that take long to parse. The build parses
// them once. Files include what they need all the same: they also compile without this one.
#pragma once

#include <fmt/format.h>
#include <slepceps.h>

#include <Eigen/Core>
#include <Eigen/SparseCore>
#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <complex>
#include <functional>
#include <map>
#include <memory>
#include <numbers>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <variant>
#include <vector>
