#include "lindwurm/study/sweep_document.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/tasks/rates.hpp"

namespace lindwurm {

namespace {

// The largest number of messages of points that the diagnostics repeat.
constexpr std::size_t most_messages = 8;

using Shape = std::vector<std::size_t>;

// Converts lists of objects to objects whose names are numbers, because HDF5 has groups but no
// lists of groups.
Document keyed(const Document& tree) {
  const bool is_list_of_objects =
      tree.is_array() &&
      std::any_of(tree.begin(), tree.end(), [](const Document& each) { return each.is_object(); });
  if (!tree.is_object() && !is_list_of_objects) return tree;
  Document object = Document::object();
  for (const auto& [name, value] : tree.items())
    object[name] = keyed(value);
  return object;
}

// Enlarges the shape to the longest lists at each depth.
void widen(Shape& shape, const Document& leaf, std::size_t depth = 0) {
  if (!leaf.is_array()) return;
  if (shape.size() <= depth) shape.resize(depth + 1);
  shape[depth] = std::max(shape[depth], leaf.size());
  for (const auto& element : leaf)
    widen(shape, element, depth + 1);
}

// A leaf padded to this shape. Where other leaves have pairs, a single number counts as real.
Document padded(const Document& leaf, const Shape& shape, const Document& fill,
                std::size_t depth = 0) {
  if (depth == shape.size()) {
    if (leaf.is_null()) return fill;
    return leaf.is_number() ? Document(leaf.get<double>()) : leaf;
  }
  if (leaf.is_number() && depth + 1 == shape.size() && shape[depth] == 2)
    return Document::array({leaf.get<double>(), 0.0});
  Document list = Document::array();
  for (std::size_t k = 0; k < shape[depth]; ++k) {
    const bool is_there = leaf.is_array() && k < leaf.size();
    list.push_back(padded(is_there ? leaf[k] : Document(), shape, fill, depth + 1));
  }
  return list;
}

// A list in the order of the points as nested lists, one level for each axis.
Document folded(Document list, const Shape& shape) {
  for (std::size_t axis = shape.size(); axis-- > 1;) {
    Document rows = Document::array();
    for (std::size_t k = 0; k < list.size(); ++k) {
      if (k % shape[axis] == 0) rows.push_back(Document::array());
      rows.back().push_back(std::move(list[k]));
    }
    list = std::move(rows);
  }
  return list;
}

bool holds_text(const Document& leaf) {
  if (leaf.is_array()) return std::any_of(leaf.begin(), leaf.end(), holds_text);
  return leaf.is_string();
}

// One tree whose leaves run over the points. A point that is null, or has no such leaf, leaves a
// gap: null, or an empty text among texts.
Document stacked(const std::vector<const Document*>& points, const Shape& grid) {
  const auto is_object = [](const Document* point) {
    return point != nullptr && point->is_object();
  };
  if (std::any_of(points.begin(), points.end(), is_object)) {
    Document tree = Document::object();
    for (const Document* point : points) {
      if (!is_object(point)) continue;
      for (const auto& item : point->items())
        tree[item.key()] = nullptr;
    }
    for (auto& [name, value] : tree.items()) {
      std::vector<const Document*> parts;
      for (const Document* point : points)
        parts.push_back(is_object(point) && point->contains(name) ? &(*point)[name] : nullptr);
      value = stacked(parts, grid);
    }
    return tree;
  }
  Shape shape;
  bool is_text = false;
  for (const Document* point : points) {
    if (point == nullptr) continue;
    widen(shape, *point);
    is_text = is_text || holds_text(*point);
  }
  Document list = Document::array();
  for (const Document* point : points) {
    list.push_back(
        padded(point != nullptr ? *point : Document(), shape, is_text ? Document("") : Document()));
  }
  return folded(std::move(list), grid);
}

bool is_gap(const Document& leaf) {
  if (leaf.is_array()) return std::all_of(leaf.begin(), leaf.end(), is_gap);
  return leaf.is_null() || leaf == "";
}

// The inverse of stacked(), for the point with these indices on the axes. Null if nothing is there.
Document part_of(const Document& tree, const Shape& place) {
  if (tree.is_object()) {
    Document part;
    for (const auto& [name, value] : tree.items())
      if (Document leaf = part_of(value, place); !leaf.is_null()) part[name] = std::move(leaf);
    return part;
  }
  const Document* leaf = &tree;
  for (const std::size_t index : place)
    leaf = &leaf->at(index);
  return is_gap(*leaf) && !leaf->empty() ? Document() : *leaf;
}

Shape place_of(std::size_t point, const Shape& shape) {
  Shape place(shape.size());
  for (std::size_t k = shape.size(); k-- > 0; point /= shape[k])
    place[k] = point % shape[k];
  return place;
}

// The messages as one text, one line for each.
Document lines(const std::vector<std::string>& messages) {
  return fmt::format("{}", fmt::join(messages, "\n"));
}

std::vector<std::string> split_lines(const Document& text) {
  std::vector<std::string> all;
  if (!text.is_string()) return all;
  const auto whole = text.get<std::string>();
  for (std::size_t start = 0; start < whole.size();) {
    const std::size_t end = std::min(whole.find('\n', start), whole.size());
    all.push_back(whole.substr(start, end - start));
    start = end + 1;
  }
  return all;
}

// Collects the messages of points for the diagnostics of the sweep: the first few, and the number
// of the others.
class Messages {
 public:
  explicit Messages(std::string name) : name_(std::move(name)) {}

  void add(const std::string& label, const std::vector<std::string>& of_point) {
    if (of_point.empty() || ++points_ > most_messages) return;
    const std::string& first = of_point.front();
    // The message of a point that could not be read already names the point.
    list_.push_back(first.starts_with("at ") ? first : fmt::format("at {}: {}", label, first));
  }
  [[nodiscard]] Document list() const {
    Document all = list_;
    if (points_ > most_messages)
      all.push_back(fmt::format("at {} points more: see sweep.{}", points_ - most_messages, name_));
    return all;
  }

 private:
  std::string name_;
  std::size_t points_ = 0;
  Document list_ = Document::array();
};

// The keys of the sweep's own tables, which are not results of points.
const std::vector<std::string> of_the_sweep{"names",    "axes",     "scales", "status",
                                            "problems", "warnings", "seconds"};

Document axes_document(const Sweep& sweep) {
  Document tree;
  tree["names"] = Document::array();
  tree["axes"] = Document::object();
  tree["scales"] = Document::array();
  for (const SweepAxis& axis : sweep.axes) {
    tree["names"].push_back(axis.key);
    tree["axes"][axis.key] = axis.values;
    tree["scales"].push_back(axis.is_logarithmic ? "log" : "linear");
  }
  return tree;
}

}  // namespace

std::string encoded_point(const Study& study, const Results& results) {
  Document tree = to_document(study, results, false);
  tree.erase("title");
  Document point;
  point["problems"] = results.verdict.problems;
  point["warnings"] = results.verdict.warnings;
  point["seconds"] = results.seconds;
  for (const char* name :
       {"status", "problems", "warnings", "seconds", "ranks", "peak_memory_bytes"})
    tree["diagnostics"].erase(name);
  if (!study.model().baths.empty()) {
    Document rates = Document::object();
    Document found = rates_document(study);
    for (auto& bath : found["baths"]) {
      const auto name = bath["name"].get<std::string>();
      bath.erase("name");
      rates[name] = std::move(bath);
    }
    tree["rates"] = std::move(rates);
  }
  point["results"] = keyed(tree);
  const auto bytes = Document::to_cbor(point);
  return {bytes.begin(), bytes.end()};
}

std::vector<std::size_t> SweepDocument::shape() const {
  std::vector<std::size_t> lengths;
  for (const SweepAxis& axis : sweep_.axes)
    lengths.push_back(axis.values.size());
  return lengths;
}

int SweepDocument::Point::status(bool is_strict) const {
  switch (state) {
    case State::not_reached:
      return -1;
    case State::failed:
      return 1;
    case State::computed:
      break;
  }
  return problems.empty() && (!is_strict || warnings.empty()) ? 0 : 3;
}

void SweepDocument::add(const PointOutcome& outcome) {
  Point& point = points_.at(outcome.point);
  point = Point{};
  if (!outcome.is_computed) {
    point.state = State::failed;
    point.problems = {outcome.content};
    return;
  }
  Document tree = Document::from_cbor(outcome.content);
  point.state = State::computed;
  point.problems = tree["problems"].get<std::vector<std::string>>();
  point.warnings = tree["warnings"].get<std::vector<std::string>>();
  point.seconds = tree["seconds"].get<double>();
  point.results = std::move(tree["results"]);
}

void SweepDocument::take_over(const std::filesystem::path& file) {
  const Document earlier = read_hdf5(file);
  if (!earlier.contains("sweep")) {
    throw InputError(fmt::format(
        "{}: it holds no sweep that could be continued; run without --continue", file.string()));
  }
  const Document& tree = earlier["sweep"];
  const Document axes = axes_document(sweep_);
  const bool has_these_axes = tree["names"] == axes["names"] && tree["axes"] == axes["axes"];
  if (!has_these_axes || !differs_in_output_alone(model_text(file), sweep_.text)) {
    throw InputError(fmt::format(
        "{}: it holds another sweep; with --continue the model file and --set may change [output] "
        "alone",
        file.string()));
  }
  for (std::size_t k = 0; k < points_.size(); ++k) {
    const Shape place = place_of(k, shape());
    const int status = part_of(tree["status"], place).get<int>();
    if (status < 0) continue;
    Point& point = points_[k];
    point.state = status == 1 ? State::failed : State::computed;
    point.problems = split_lines(part_of(tree["problems"], place));
    point.warnings = split_lines(part_of(tree["warnings"], place));
    if (status == 1) continue;
    point.seconds = part_of(tree["seconds"], place).get<double>();
    for (const auto& [name, value] : tree.items()) {
      if (std::find(of_the_sweep.begin(), of_the_sweep.end(), name) != of_the_sweep.end()) continue;
      point.results[name] = part_of(value, place);
    }
  }
}

std::vector<std::size_t> SweepDocument::missing() const {
  std::vector<std::size_t> numbers;
  for (std::size_t k = 0; k < points_.size(); ++k)
    if (points_[k].state != State::computed) numbers.push_back(k);
  return numbers;
}

Document SweepDocument::document(const Run& run) const {
  Document whole;
  whole["title"] = run.title;
  whole["sweep"] = grid_document(run.is_strict);
  whole["diagnostics"] = diagnostics_document(run);
  return whole;
}

Document SweepDocument::grid_document(bool is_strict) const {
  const auto over_grid = [&](auto&& of_point) {
    Document list = Document::array();
    for (const Point& point : points_)
      list.push_back(of_point(point));
    return folded(std::move(list), shape());
  };
  Document tree = axes_document(sweep_);
  tree["status"] = over_grid([&](const Point& point) { return Document(point.status(is_strict)); });
  tree["problems"] = over_grid([](const Point& point) { return lines(point.problems); });
  tree["warnings"] = over_grid([](const Point& point) { return lines(point.warnings); });
  tree["seconds"] = over_grid([](const Point& point) {
    return point.state == State::computed ? Document(point.seconds) : Document();
  });
  std::vector<const Document*> results;
  for (const Point& point : points_)
    results.push_back(point.state == State::computed ? &point.results : nullptr);
  const bool is_empty =
      std::all_of(results.begin(), results.end(), [](const Document* each) { return !each; });
  if (!is_empty) tree.update(stacked(results, shape()));
  return tree;
}

Document SweepDocument::diagnostics_document(const Run& run) const {
  Messages problems("problems");
  Messages warnings("warnings");
  int status = 0;
  for (std::size_t k = 0; k < points_.size(); ++k) {
    problems.add(sweep_.label(k), points_[k].problems);
    warnings.add(sweep_.label(k), points_[k].warnings);
    if (points_[k].status(run.is_strict) > 0) status = 3;
  }
  const auto count = [&](State state) {
    return std::count_if(points_.begin(), points_.end(),
                         [&](const Point& point) { return point.state == state; });
  };
  // There is not a single result, so the run failed.
  if (status > 0 && count(State::computed) == 0) status = 1;
  Document diagnostics;
  diagnostics["status"] = status;
  diagnostics["problems"] = problems.list();
  diagnostics["warnings"] = warnings.list();
  diagnostics["points"] = points_.size();
  diagnostics["computed"] = count(State::computed);
  diagnostics["failed"] = count(State::failed);
  diagnostics["ranks"] = run.ranks;
  diagnostics["groups"] = run.groups;
  diagnostics["seconds"] = run.seconds;
  diagnostics["peak_memory_bytes"] = run.peak_memory_bytes;
  return diagnostics;
}

}  // namespace lindwurm
