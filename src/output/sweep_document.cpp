#include "lindwurm/output/sweep_document.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/output/rates.hpp"

namespace lindwurm {

namespace {

// Messages of points that the diagnostics repeat.
constexpr std::size_t most_messages = 8;

using Shape = std::vector<std::size_t>;

// Lists of objects become objects with numbers for names: HDF5 has groups, and no lists of them.
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

// The longest lists at each depth.
void widen(Shape& shape, const Document& leaf, std::size_t depth = 0) {
  if (!leaf.is_array()) return;
  if (shape.size() <= depth) shape.resize(depth + 1);
  shape[depth] = std::max(shape[depth], leaf.size());
  for (const auto& element : leaf)
    widen(shape, element, depth + 1);
}

// A leaf in that shape, what is missing filled up. A number where others are pairs is real.
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

// A list in the order of the points, as nested lists with one level for each axis.
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

// One tree whose leaves run over the points; a point that lacks a leaf, or is null itself, leaves a
// gap: null, and no text among texts.
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

// The inverse of stacked(), for the point with these indices on the axes; null where nothing is.
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

// As one text, a line each.
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

// What the sweep's own tables hold beside results.
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
  point["problems"] = results.problems;
  point["warnings"] = results.warnings;
  point["seconds"] = results.seconds;
  for (const char* name : {"status", "problems", "warnings", "seconds", "ranks"})
    tree["diagnostics"].erase(name);
  if (!study.model.baths.empty()) {
    Document rates = Document::object();
    Document found = rates_document(study);
    for (auto& bath : found["baths"]) {
      const auto name = bath["name"].get<std::string>();
      bath.erase("name");
      rates[name] = keyed(bath);
    }
    tree["rates"] = std::move(rates);
  }
  point["results"] = std::move(tree);
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
    point.state = Point::State::failed;
    point.problems = {outcome.content};
    return;
  }
  Document tree = Document::from_cbor(outcome.content);
  point.state = Point::State::computed;
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
    point.state = status == 1 ? Point::State::failed : Point::State::computed;
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
    if (points_[k].state != Point::State::computed) numbers.push_back(k);
  return numbers;
}

Document SweepDocument::document(const Run& run) const {
  Document status = Document::array();
  Document problems = Document::array();
  Document warnings = Document::array();
  Document seconds = Document::array();
  Document diagnostics;
  diagnostics["status"] = 0;
  diagnostics["problems"] = Document::array();
  diagnostics["warnings"] = Document::array();
  std::vector<const Document*> results;
  std::size_t computed = 0;
  std::size_t failed = 0;
  std::size_t with_problems = 0;
  std::size_t with_warnings = 0;
  const auto tell = [&](const char* list, std::size_t& count, std::size_t number,
                        const std::vector<std::string>& messages) {
    if (messages.empty() || ++count > most_messages) return;
    const std::string label = sweep_.label(number);
    const std::string& first = messages.front();
    diagnostics[list].push_back(first.starts_with("at ") ? first
                                                         : fmt::format("at {}: {}", label, first));
  };
  for (std::size_t k = 0; k < points_.size(); ++k) {
    const Point& point = points_[k];
    const bool is_computed = point.state == Point::State::computed;
    computed += is_computed ? 1 : 0;
    failed += point.state == Point::State::failed ? 1 : 0;
    status.push_back(point.status(run.is_strict));
    problems.push_back(lines(point.problems));
    warnings.push_back(lines(point.warnings));
    seconds.push_back(is_computed ? Document(point.seconds) : Document());
    results.push_back(is_computed ? &point.results : nullptr);
    if (point.status(run.is_strict) > 0) diagnostics["status"] = 3;
    tell("problems", with_problems, k, point.problems);
    tell("warnings", with_warnings, k, point.warnings);
  }
  for (const auto& [list, count] :
       {std::pair{"problems", with_problems}, {"warnings", with_warnings}}) {
    if (count > most_messages)
      diagnostics[list].push_back(
          fmt::format("at {} points more: see sweep.{}", count - most_messages, list));
  }
  diagnostics["points"] = points_.size();
  diagnostics["computed"] = computed;
  diagnostics["failed"] = failed;
  diagnostics["ranks"] = run.ranks;
  diagnostics["groups"] = run.groups;
  diagnostics["seconds"] = run.seconds;
  diagnostics["peak_memory_bytes"] = run.peak_memory_bytes;

  Document tree = axes_document(sweep_);
  const Shape grid = shape();
  tree["status"] = folded(std::move(status), grid);
  tree["problems"] = folded(std::move(problems), grid);
  tree["warnings"] = folded(std::move(warnings), grid);
  tree["seconds"] = folded(std::move(seconds), grid);
  if (computed > 0) tree.update(stacked(results, grid));
  Document whole;
  whole["title"] = run.title;
  whole["sweep"] = std::move(tree);
  whole["diagnostics"] = std::move(diagnostics);
  return whole;
}

}  // namespace lindwurm
