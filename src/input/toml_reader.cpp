#include "lindwurm/input/toml_reader.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <sstream>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(file)) {
    throw InputError(fmt::format("{}: cannot be read; is the path right?", file.string()));
  }
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

// Checks UTF-8: the first byte of each character tells how many follow it.
bool is_utf8(const std::string& text) {
  int following = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool follows = (byte & 0xc0U) == 0x80U;
    if (follows != (following > 0) || byte >= 0xf8) return false;
    following = follows ? following - 1 : byte < 0x80 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  }
  return following == 0;
}

// A printable version of the text on one line.
std::string printable(const std::string& text) {
  const bool is_text = is_utf8(text);
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_shown = !is_control(c) && (is_text || byte < 0x80);
    result += is_shown ? std::string(1, c) : fmt::format("\\x{:02x}", byte);
  }
  return result;
}

// The key of a table, or the index of an array element.
struct Step {
  std::string key;
  std::optional<std::size_t> index{};
};

std::size_t read_index(const std::string& text) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    throw InputError(
        fmt::format("'[{}]' is no index: write the number of an element, [0] for the first", text));
  }
  return index;
}

// "evolve.times.to", "dissipator[0].rate" -> evolve, times, to; dissipator, 0, rate
//
// Quotes keep a step together: sweep."sites.mode.levels" -> sweep, sites.mode.levels
std::vector<Step> split_path(const std::string& path) {
  std::vector<Step> steps;
  const auto refuse = [] {
    throw InputError(
        "its path is malformed: keys are separated by one dot, and elements numbered, as in "
        "evolve.rtol, dissipator[0].rate or sweep.\"sites.mode.levels\"");
  };
  std::size_t at = 0;
  while (at < path.size()) {
    if (path[at] == '[') {
      const std::size_t end = path.find(']', at);
      if (end == std::string::npos || steps.empty()) refuse();
      steps.push_back({"", read_index(path.substr(at + 1, end - at - 1))});
      at = end + 1;
    } else {
      if (!steps.empty() && path[at++] != '.') refuse();
      const bool is_quoted = at < path.size() && path[at] == '"';
      const std::size_t start = is_quoted ? at + 1 : at;
      const std::size_t end =
          is_quoted ? path.find('"', start) : path.find_first_of(".[\"]", start);
      if (is_quoted && end == std::string::npos) refuse();
      steps.push_back({path.substr(start, end == std::string::npos ? end : end - start)});
      if (steps.back().key.empty()) refuse();
      at = end == std::string::npos ? path.size() : is_quoted ? end + 1 : end;
    }
  }
  if (steps.empty()) refuse();
  return steps;
}

// The TOML value if the text is one, otherwise a string: --set g=0.2/sqrt(N).
toml::table parse_value(const std::string& text) {
  try {
    return toml::parse("value = " + text);
  } catch (const toml::parse_error&) {
    toml::table table;
    table.insert("value", text);
    return table;
  }
}

const toml::node& node_of(const void* node) { return *static_cast<const toml::node*>(node); }

}  // namespace

struct TomlDocument::Content {
  void apply(const Override& override);

  std::string file;
  std::string original;
  toml::table root;
  std::vector<Override> overrides{};
};

TomlDocument::~TomlDocument() = default;

TomlDocument::TomlDocument(const std::filesystem::path& file,
                           const std::vector<Override>& overrides)
    : content_(std::make_unique<Content>(Content{file.string(), read_text(file), {}})) {
  try {
    content_->root = toml::parse(content_->original, content_->file);
  } catch (const toml::parse_error& error) {
    const auto& where = error.source().begin;
    throw InputError(
        fmt::format("{}:{}:{}: {}", file.string(), where.line, where.column, error.description()));
  }
  for (const auto& override : overrides)
    content_->apply(override);
}

TomlValue TomlDocument::root() const {
  const toml::node& root = content_->root;
  return {*this, &root, ""};
}

void TomlDocument::Content::apply(const Override& override) {
  const auto refuse = [&](const std::string& why) {
    throw InputError(printable(fmt::format("--set {}={}: {}", override.key, override.value, why)));
  };
  std::vector<Step> steps;
  try {
    steps = split_path(override.key);
  } catch (const InputError& error) {
    refuse(error.what());
  }
  if (steps.size() == 1) {
    std::vector<std::string> known;
    if (const auto* parameters = root["parameters"].as_table()) {
      for (const auto& [key, value] : *parameters)
        known.emplace_back(key.str());
    }
    if (std::find(known.begin(), known.end(), steps[0].key) == known.end()) {
      refuse(
          fmt::format("there is no parameter '{}'{}; a key of another table is written with its "
                      "path, as in evolve.rtol",
                      steps[0].key, suggestion(steps[0].key, known)));
    }
    steps.insert(steps.begin(), {"parameters"});
  }
  const auto element = [&](toml::node* node, std::size_t index) -> toml::array& {
    auto* array = node->as_array();
    if (array == nullptr) refuse(fmt::format("there is no array that has an element [{}]", index));
    if (index >= array->size()) {
      refuse(fmt::format("there is no element [{}]: the array has {}, numbered from 0", index,
                         array->size()));
    }
    return *array;
  };
  toml::node* node = &root;
  for (std::size_t k = 0; k + 1 < steps.size(); ++k) {
    if (steps[k].index) {
      node = element(node, *steps[k].index).get(*steps[k].index);
    } else {
      auto* table = node->as_table();
      if (table == nullptr) refuse(fmt::format("'{}' is not within a table", steps[k].key));
      if (!table->contains(steps[k].key)) table->insert(steps[k].key, toml::table{});
      node = table->get(steps[k].key);
    }
  }
  toml::table parsed = parse_value(override.value);
  const Step& last = steps.back();
  parsed.get("value")->visit([&](auto& value) {
    if (last.index) {
      toml::array& array = element(node, *last.index);
      array.replace(array.cbegin() + static_cast<std::ptrdiff_t>(*last.index), value);
    } else if (auto* table = node->as_table()) {
      table->insert_or_assign(last.key, value);
    } else {
      refuse("its path does not lead through tables");
    }
  });
  overrides.push_back(override);
  if (steps.size() == 2 && steps[0].key == "parameters")
    overrides.back().key = "parameters." + last.key;
}

std::string TomlDocument::text() const {
  if (content_->overrides.empty()) return content_->original;
  std::ostringstream stream;
  stream << content_->root << '\n';
  return stream.str();
}

std::string TomlDocument::place(const TomlValue& value) const {
  const std::string& key = value.key_;
  for (const auto& override : content_->overrides) {
    if (key == override.key || key.starts_with(override.key + ".") ||
        key.starts_with(override.key + "[")) {
      return fmt::format("--set {}={}: {}", override.key, override.value, key);
    }
  }
  const auto& where = node_of(value.node_).source().begin;
  if (where.line > 0)
    return fmt::format("{}:{}:{}: {}", content_->file, where.line, where.column, key);
  return key.empty() ? content_->file : fmt::format("{}: {}", content_->file, key);
}

void TomlValue::fail(const std::string& message) const {
  throw PlacedError(printable(fmt::format("{}: {}", document_->place(*this), message)));
}

bool TomlValue::is_array() const { return node_of(node_).is_array(); }
bool TomlValue::is_table() const { return node_of(node_).is_table(); }
bool TomlValue::is_string() const { return node_of(node_).is_string(); }

std::string TomlValue::string() const {
  if (auto text = node_of(node_).value_exact<std::string>()) return *text;
  fail("a string is expected here");
}

bool TomlValue::boolean() const {
  if (auto value = node_of(node_).value_exact<bool>()) return *value;
  fail("true or false is expected here");
}

Expression TomlValue::expression() const {
  // An integer above 2^53 becomes the nearest double. value<double>() would refuse to round it.
  if (const auto whole = node_of(node_).value_exact<std::int64_t>())
    return Expression(static_cast<double>(*whole));
  if (const auto number = node_of(node_).value_exact<double>()) return Expression(*number);
  if (auto text = node_of(node_).value_exact<std::string>()) {
    return within([&] { return Expression::parse(*text); });
  }
  fail("a number, or a string with arithmetic on parameters, is expected here");
}

double TomlValue::number(const Parameters& parameters) const {
  static const Space no_sites;
  const Scope scope{.space = &no_sites, .parameters = &parameters};
  const Coefficient value = within([&] { return evaluate_number(expression(), scope); });
  if (!value.is_constant() || value.constant().imag() != 0 ||
      !std::isfinite(value.constant().real())) {
    fail(fmt::format("a real, finite number that does not depend on t is expected here, not {}",
                     value.text()));
  }
  return value.constant().real();
}

std::int64_t TomlValue::integer(const Parameters& parameters, std::int64_t least,
                                std::int64_t most) const {
  const double value = number(parameters);
  if (value != std::floor(value))
    fail(fmt::format("a whole number is expected here, not {}", value));
  if (value < static_cast<double>(least)) fail(fmt::format("{} is below {}", value, least));
  if (value > static_cast<double>(most)) fail(fmt::format("{:.17g} is above {}", value, most));
  return static_cast<std::int64_t>(value);
}

double TomlValue::positive(const Parameters& parameters, double most) const {
  const double value = number(parameters);
  if (!(value > 0)) fail(fmt::format("{} must be positive", value));
  if (!(value <= most)) fail(fmt::format("{} is above {}, the most that makes sense", value, most));
  return value;
}

double TomlValue::tolerance(const Parameters& parameters) const {
  const double value = number(parameters);
  if (!(value > 0)) fail(fmt::format("{} must be positive, and below 1", value));
  if (!(value < 1)) fail(fmt::format("{} must be below 1", value));
  return value;
}

std::size_t TomlValue::one_of(const std::vector<std::string>& known) const {
  const std::string word = string();
  const auto found = std::find(known.begin(), known.end(), word);
  if (found == known.end()) fail(fmt::format("unknown \"{}\"{}", word, suggestion(word, known)));
  return static_cast<std::size_t>(found - known.begin());
}

std::vector<TomlValue> TomlValue::elements() const {
  if (!is_array()) return {*this};
  std::vector<TomlValue> all;
  for (const auto& element : *node_of(node_).as_array()) {
    all.push_back(TomlValue(*document_, &element, fmt::format("{}[{}]", key_, all.size())));
  }
  return all;
}

std::vector<std::pair<std::string, TomlValue>> TomlValue::entries(
    const std::vector<std::string>& known) const {
  const auto* table = node_of(node_).as_table();
  if (table == nullptr) fail("a table is expected here");
  struct Entry {
    toml::source_position where;
    std::string name;
    const toml::node* node;
  };
  std::vector<Entry> in_order;
  for (const auto& [key, node] : *table) {
    toml::source_position where = key.source().begin;
    // Keys from the command line have no place in the file, and come last.
    if (where.line == 0) where.line = std::numeric_limits<toml::source_index>::max();
    in_order.push_back({where, std::string(key.str()), &node});
  }
  std::stable_sort(in_order.begin(), in_order.end(),
                   [](const Entry& a, const Entry& b) { return a.where < b.where; });
  std::vector<std::pair<std::string, TomlValue>> all;
  for (const auto& entry : in_order) {
    const std::string path = key_.empty() ? entry.name : key_ + "." + entry.name;
    const TomlValue value(*document_, entry.node, path);
    if (!known.empty() && std::find(known.begin(), known.end(), entry.name) == known.end()) {
      value.fail(fmt::format("unknown key '{}'{}", entry.name, suggestion(entry.name, known)));
    }
    all.emplace_back(entry.name, value);
  }
  return all;
}

std::optional<TomlValue> TomlValue::find(const std::string& name) const {
  const auto* table = node_of(node_).as_table();
  if (table == nullptr) fail("a table is expected here");
  const toml::node* node = table->get(name);
  if (node == nullptr) return std::nullopt;
  return TomlValue(*document_, node, key_.empty() ? name : key_ + "." + name);
}

TomlValue TomlValue::require(const std::string& name) const {
  if (auto value = find(name)) return *value;
  fail(fmt::format("the key '{}' is missing", name));
}

void require_plain_text(const TomlValue& at, const std::string& text) {
  if (!is_utf8(text)) at.fail("the text is no UTF-8");
  const auto found = std::find_if(text.begin(), text.end(), is_control);
  if (found == text.end()) return;
  at.fail(fmt::format("a text on one line is expected here; it holds the control character {:#04x}",
                      static_cast<unsigned char>(*found)));
}

void require_identifier(const TomlValue& at, const std::string& name) {
  const auto is_letter = [](char c) {
    return std::isalpha(static_cast<unsigned char>(c)) || c == '_';
  };
  const bool is_name =
      !name.empty() && is_letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
        return is_letter(c) || std::isdigit(static_cast<unsigned char>(c));
      });
  if (is_name) return;
  at.fail(
      fmt::format("'{}' is no name: letters, digits and _ make one, and no digit begins it", name));
}

namespace {

toml::table without_output(const std::string& text) {
  toml::table table = toml::parse(text);
  table.erase("output");
  return table;
}

}  // namespace

bool differs_in_output_alone(const std::string& text, const std::string& other) {
  return without_output(text) == without_output(other);
}

bool asks_for_the_same(const std::string& text, const std::string& other) {
  const auto stripped = [](const std::string& document) {
    toml::table table = without_output(document);
    if (auto* trajectories = table["trajectories"].as_table()) {
      trajectories->erase("count");
      trajectories->erase("error");
      if (trajectories->empty()) table.erase("trajectories");
    }
    return table;
  };
  return stripped(text) == stripped(other);
}

}  // namespace lindwurm
