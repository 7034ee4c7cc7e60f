#include "lindwurm/operators/time_course.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "time_course_search.hpp"

namespace lindwurm {

namespace {

// Shares of the tolerance: what a panel may do unseen, and what may pass for constant.
constexpr double negligible = 1e-3;
constexpr double constant = 1e-4;
// The shortest time of C++ functions that do not tell theirs, as a share of the time span.
constexpr double guessed_share = 1e-3;
// Panels looked at ahead of a step: those that it has to mind, and all, as for a rest.
constexpr int most_to_mind = 64;
constexpr std::size_t most_ahead = 4096;
constexpr long most_corners = 10'000'000;
// Corners about as close together as numbers are, or parts that are still not smooth, one after the
// other: more accumulate at a time.
constexpr long most_slivers = 2000;
// So many parts that are not smooth, one after the other, whose coefficients can be taken for
// constant only because they are short.
constexpr long most_unresolved = 1'000'000;
// A segment of so many slivers tells that corners do not accumulate.
constexpr double clear_of_slivers = 1000;
// No step shorter than this share of the step before it is left over before a corner.
constexpr double least_rest = 1e-3;
// Where a removable singularity is crossed, as a share of the time span.
constexpr double aside = 1e-11;

std::vector<FormulaPointer> parts_of(const std::vector<Coefficient>& functions) {
  std::vector<FormulaPointer> parts;
  for (const auto& f : functions) {
    const ComplexFormula formula = f.formula();
    parts.push_back(formula.re);
    parts.push_back(formula.im);
  }
  return parts;
}

}  // namespace

TimeCourse::TimeCourse(std::vector<Coefficient> functions, std::vector<double> weights, double from,
                       double to, double tolerance)
    : functions_(std::move(functions)),
      weights_(std::move(weights)),
      from_(from),
      to_(to),
      tolerance_(tolerance),
      tape_(parts_of(functions_)),
      search_(std::make_unique<Search>()) {
  begin_again(from);
}

TimeCourse::~TimeCourse() = default;
TimeCourse::TimeCourse(TimeCourse&&) noexcept = default;

void TimeCourse::begin_again(double t) {
  ahead_.clear();
  search_->stack.clear();
  search_->skip_before = t;
  search_->last_end = from_;
  search_->last = nullptr;
  search_->corners = 0;
  search_->slivers = search_->unresolved = 0;
  search_->stack.push_back({.begin = from_, .end = to_, .clips = {}, .frozen = {}});
}

double TimeCourse::smallest(const Node& node) const {
  return Search::epsilon *
         std::max(Search::units_apart * std::max(std::abs(node.begin), std::abs(node.end)),
                  0.1 * (to_ - from_));
}

// The panel so many after the first; null beyond the last.
const TimeCourse::Panel* TimeCourse::at(std::size_t ahead) {
  while (ahead_.size() <= ahead)
    if (!find_next()) return nullptr;
  return &ahead_[ahead];
}

bool TimeCourse::find_next() {
  auto& stack = search_->stack;
  while (!stack.empty()) {
    Node node = std::move(stack.back());
    stack.pop_back();
    const bool is_past = node.end <= search_->skip_before && node.end < to_;
    if (is_past) {
      search_->last_end = node.end;
      continue;
    }
    if (visit(std::move(node))) return true;
  }
  // Slivers beyond the last panel belong to it.
  if (!ahead_.empty()) ahead_.back().end = to_;
  return false;
}

void TimeCourse::divide(const Node& node, double at) {
  Node right = node;
  Node left = node;
  left.end = right.begin = at;
  right.follows_break = false;
  search_->stack.push_back(std::move(right));
  search_->stack.push_back(std::move(left));
}

void TimeCourse::count_sliver() {
  if (++search_->slivers > most_slivers) refuse_what_accumulates();
}

void TimeCourse::refuse_what_accumulates() const {
  throw InputError(fmt::format(
      "the coefficients have corners, jumps or oscillations closer together than numbers can tell "
      "from t = {:.6g} on, as floor(1/t) and sin(1/t^2) have at t = 0; begin the run later, or end "
      "it before",
      search_->last_end));
}

// True if a panel came of it.
bool TimeCourse::visit(Node node) {
  const bool is_instant = from_ == to_;
  if (!node.frozen) {
    if (node.length() <= clear_of_slivers * smallest(node)) count_sliver();
    if (node.length() <= smallest(node) && !is_instant) return false;
    search_->rough.find(tape_, node.begin, node.end, node.clips, 0);
    if (!is_instant && cut_at_corner(node)) return false;
    std::vector<double> branches;
    for (const CornerArgument& x : search_->rough.corners())
      branches.push_back(x.branch);
    node.frozen = std::make_shared<Tape>(tape_.frozen(branches, node.begin, node.end));
    node.clips.clear();
  }
  bool is_negligible = false;
  bool is_constant = false;
  if (!is_instant && !is_resolved(node, is_negligible, is_constant)) {
    if (node.length() > smallest(node)) {
      divide(node, node.middle());
      return false;
    }
    is_negligible = true;
    count_sliver();
  }
  if (!is_negligible) search_->unresolved = 0;
  if (is_negligible && ++search_->unresolved > most_unresolved) refuse_what_accumulates();
  if (is_negligible || is_instant) refuse_unless_removable(node, *node.frozen);
  emit(node, node.frozen, is_negligible, is_constant);
  return true;
}

void TimeCourse::emit(const Node& node, const std::shared_ptr<const Tape>& frozen,
                      bool is_negligible, bool is_constant) {
  Search& s = *search_;
  Panel panel{.begin = s.last_end,
              .end = node.end,
              .frozen = frozen,
              .is_negligible = is_negligible,
              .is_constant = is_constant};
  if (s.last != frozen) {
    std::string key = frozen->key();
    if (s.last && key == s.last_key && !node.follows_break) {
      panel.frozen = s.last;
    } else {
      panel.follows_corner = s.last != nullptr;
      s.last = frozen;
      s.last_key = std::move(key);
    }
  }
  if (panel.follows_corner && ++s.corners > most_corners) {
    throw InputError(
        fmt::format("the coefficients have more than {} corners and jumps before t = {:.6g}, at "
                    "each of which the integration starts anew; make the run shorter",
                    most_corners, node.end));
  }
  if (node.length() > clear_of_slivers * smallest(node)) s.slivers = 0;
  s.last_end = node.end;
  ahead_.push_back(std::move(panel));
}

bool TimeCourse::is_resolved(const Node& node, bool& is_negligible, bool& is_constant) {
  is_negligible = is_constant = true;
  if (node.frozen->is_constant()) return true;
  Search& s = *search_;
  const double length = node.length();
  s.fine.find(*node.frozen, node.begin, node.end, {}, guessed_share * (to_ - from_));
  bool is_smooth = true;
  for (std::size_t k = 0; k < node.frozen->outputs().size(); ++k) {
    if (node.frozen->is_constant(k)) continue;
    const Series<Search::degree>& f = s.fine.of(node.frozen->outputs()[k]);
    if (!f.c[0].is_finite()) {
      is_negligible = is_constant = false;
      return false;
    }
    const double weight = weights_[k / 2];
    if (weight == 0) {
      is_constant = false;
      continue;
    }
    const double remainder = f.c[Search::degree].magnitude() * std::pow(length / 2, Search::degree);
    const double change = weight * f.c[0].width() * length;
    is_constant = is_constant && change <= constant * tolerance_;
    if (change <= negligible * tolerance_) continue;
    is_negligible = false;
    is_smooth = is_smooth && weight * remainder * length <= tolerance_;
  }
  return is_smooth;
}

// Around a singularity: of 0/0 and the like the limit will do.
void TimeCourse::refuse_unless_removable(const Node& node, const Tape& frozen) const {
  std::vector<double> work;
  std::vector<double> here;
  std::vector<double> near;
  std::vector<double> far;
  const double t = node.middle();
  frozen.evaluate(t, work, here);
  const bool is_tiny = node.length() <= smallest(node);
  for (std::size_t k = 0; k < here.size(); ++k) {
    const bool is_near_none = !is_tiny || frozen.is_constant(k) || from_ == to_;
    if (is_near_none && std::isfinite(here[k])) continue;
    // What is infinite all along a segment has no limit there.
    bool is_removable = from_ < to_ && !frozen.is_constant(k);
    for (const double side : {-1.0, 1.0}) {
      const double beside = t + side * 8 * std::max(node.length(), smallest(node));
      const double beyond = t + side * 8000 * std::max(node.length(), smallest(node));
      if (beyond < from_ || beyond > to_) continue;
      frozen.evaluate(beside, work, near);
      frozen.evaluate(beyond, work, far);
      const double moved = std::abs(near[k] - far[k]);
      is_removable = is_removable && std::isfinite(near[k]) && std::isfinite(far[k]) &&
                     moved <= 1e-3 * (1 + std::abs(far[k]));
    }
    if (is_removable) continue;
    // The very time, where that is a number.
    double place = t;
    Complex value = functions_[k / 2].at(t);
    for (const double end : {node.begin, node.end}) {
      if (std::isfinite(value.real()) && std::isfinite(value.imag()))
        value = functions_[k / 2].at(place = end);
    }
    const bool is_undefined = std::isnan(value.real()) || std::isnan(value.imag());
    throw InputError(fmt::format("\"{}\" is {} at t = {:.6g}, within the times of the run",
                                 functions_[k / 2].text(),
                                 is_undefined ? "not defined" : "infinite", place));
  }
}

void TimeCourse::enter(double t) {
  corner_ahead_ = std::numeric_limits<double>::infinity();
  if (!ahead_.empty() && t < ahead_.front().begin) begin_again(t);
  if (at(0) == nullptr) {
    begin_again(from_);
    static_cast<void>(at(0));
  }
  while (ahead_.front().end <= t && at(1) != nullptr)
    ahead_.pop_front();
}

const TimeCourse::Panel& TimeCourse::panel(double t) {
  enter(t);
  return ahead_.front();
}

TimeCourse::Limit TimeCourse::limit(double t, double longest_step) {
  while (ahead_.front().end <= t && at(1) != nullptr && !ahead_[1].follows_corner)
    ahead_.pop_front();
  Limit found{.time = std::min(to_, t + longest_step), .is_corner = false};
  int minded = 0;
  for (std::size_t k = 0;; ++k) {
    const Panel* panel = at(k);
    if (panel == nullptr) break;
    if (k > 0 && panel->follows_corner) {
      // No step is left over that is but rounding.
      if (panel->begin <= found.time + least_rest * (found.time - t)) {
        found = {.time = panel->begin, .is_corner = true};
        corner_ahead_ = panel->begin;
      }
      break;
    }
    if (panel->begin >= found.time) break;
    if (k >= most_ahead || minded >= most_to_mind) {
      found.time = panel->begin;
      break;
    }
    if (panel->is_negligible) continue;
    ++minded;
    found.time = std::min(found.time, std::max(panel->begin, t) + panel->end - panel->begin);
  }
  if (to_ - found.time <= least_rest * (found.time - t)) found.time = to_;
  return found;
}

void TimeCourse::values(double t, std::vector<Complex>& f) const {
  thread_local std::vector<double> work;
  thread_local std::vector<double> parts;
  const Panel& panel = ahead_.front();
  // C++ functions know nothing of segments.
  if (!panel.frozen->corners().empty()) {
    const double low = panel.follows_corner ? panel.begin : -corner_ahead_;
    const double nudge = 4 * Search::epsilon * std::max(std::abs(t), 1e-6 * (to_ - from_));
    if (t <= low + nudge) t = low + nudge;
    if (t >= corner_ahead_ - nudge) t = corner_ahead_ - nudge;
  }
  panel.frozen->evaluate(t, work, parts);
  const auto is_finite = [](double x) { return std::isfinite(x); };
  if (!std::all_of(parts.begin(), parts.end(), is_finite)) {
    const double step = aside * (to_ - from_);
    // On this side of the corner: sqrt(sin(t)) has no value beyond.
    const bool is_ahead = t + step <= std::min(to_, corner_ahead_);
    panel.frozen->evaluate(is_ahead ? t + step : t - step, work, parts);
  }
  f.resize(functions_.size());
  for (std::size_t k = 0; k < f.size(); ++k)
    f[k] = Complex(parts[2 * k], parts[2 * k + 1]);
}

std::optional<TimeCourse::Rest> TimeCourse::rest(double t) {
  while (ahead_.front().end <= t && at(1) != nullptr && !ahead_[1].follows_corner)
    ahead_.pop_front();
  if (!ahead_.front().is_constant || ahead_.front().end <= t) return std::nullopt;
  std::vector<double> work;
  std::vector<double> first;
  std::vector<double> here;
  Rest found{.end = t, .ends_at_corner = false};
  for (std::size_t k = 0; k < most_ahead; ++k) {
    const Panel* panel = at(k);
    if (panel == nullptr) {
      found.ends_at_corner = true;
      break;
    }
    if (k > 0 && panel->follows_corner) {
      found.ends_at_corner = true;
      break;
    }
    if (!panel->is_constant) break;
    panel->frozen->evaluate(panel->begin + (panel->end - panel->begin) / 2, work, here);
    if (k == 0) first = here;
    bool is_same = true;
    for (std::size_t j = 0; j < here.size(); ++j) {
      is_same = is_same && weights_[j / 2] * std::abs(here[j] - first[j]) * (panel->end - t) <=
                               negligible * tolerance_;
    }
    if (!is_same) break;
    found.end = panel->end;
  }
  return found;
}

std::optional<double> TimeCourse::next_corner(double t) {
  enter(t);
  while (at(1) != nullptr) {
    if (ahead_[1].follows_corner) return ahead_[1].begin;
    ahead_.pop_front();
  }
  return std::nullopt;
}

std::pair<Interval, Interval> bounds(const Coefficient& c, double from, double to) {
  const Tape tape(parts_of({c}));
  Enclosure<1> enclosure;
  enclosure.find(tape, from, to, {}, 0);
  return {enclosure.of(tape.outputs()[0]).c[0], enclosure.of(tape.outputs()[1]).c[0]};
}

std::vector<double> corners(const Coefficient& c, double from, double to, std::size_t most) {
  TimeCourse course({c}, {0.0}, from, to, 1);
  std::vector<double> all;
  for (auto next = course.next_corner(from); next && all.size() < most;
       next = course.next_corner(*next))
    all.push_back(*next);
  return all;
}

bool has_unknown_shortest_time(const Coefficient& c, double from, double to) {
  const Tape tape(parts_of({c}));
  return std::any_of(tape.entries().begin(), tape.entries().end(), [&](const Tape::Entry& entry) {
    return entry.source != nullptr && !(entry.source->shortest_time(from, to) > 0);
  });
}

}  // namespace lindwurm
