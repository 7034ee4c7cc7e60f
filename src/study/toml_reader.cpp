#include "toml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
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

// "evolve.times.to", "dissipator[0].rate" -> evolve, times, to; dissipator, [0], rate
// Quotes keep a step whole: sweep."sites.mode.levels" -> sweep, sites.mode.levels
std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> steps(1);
  bool is_quoted = false;
  for (char c : path) {
    if (c == '"') {
      is_quoted = !is_quoted;
    } else if (is_quoted) {
      steps.back() += c;
    } else if (c == '.' || c == '[') {
      steps.emplace_back(c == '[' ? "[" : "");
    } else if (c != ']') {
      steps.back() += c;
    }
  }
  return steps;
}

// A TOML value where the text is one, else a string: --set g=0.2/sqrt(N).
toml::table parse_value(const std::string& text) {
  try {
    return toml::parse("value = " + text);
  } catch (const toml::parse_error&) {
    toml::table table;
    table.insert("value", text);
    return table;
  }
}

}  // namespace

TomlDocument::TomlDocument(const std::filesystem::path& file,
                           const std::vector<Override>& overrides)
    : file_(file.string()), original_(read_text(file)) {
  try {
    root_ = toml::parse(original_, file_);
  } catch (const toml::parse_error& error) {
    const auto& where = error.source().begin;
    throw InputError(
        fmt::format("{}:{}:{}: {}", file_, where.line, where.column, error.description()));
  }
  for (const auto& override : overrides)
    apply(override);
}

void TomlDocument::apply(const Override& override) {
  const auto refuse = [&](const std::string& why) {
    throw InputError(fmt::format("--set {}={}: {}", override.key, override.value, why));
  };
  std::vector<std::string> steps = split_path(override.key);
  if (steps.size() == 1) {
    std::vector<std::string> known;
    if (const auto* parameters = root_["parameters"].as_table()) {
      for (const auto& [key, value] : *parameters)
        known.emplace_back(key.str());
    }
    if (std::find(known.begin(), known.end(), steps[0]) == known.end()) {
      refuse(
          fmt::format("there is no parameter '{}'{}; a key of another table is written with its "
                      "path, as in evolve.rtol",
                      steps[0], suggestion(steps[0], known)));
    }
    steps.insert(steps.begin(), "parameters");
  }
  toml::node* node = &root_;
  for (std::size_t k = 0; k + 1 < steps.size(); ++k) {
    if (steps[k].starts_with("[")) {
      auto* array = node->as_array();
      const auto index = static_cast<std::size_t>(std::atoi(steps[k].c_str() + 1));
      if (array == nullptr || index >= array->size()) refuse("there is no such array element");
      node = array->get(index);
    } else {
      auto* table = node->as_table();
      if (table == nullptr) refuse(fmt::format("'{}' is not within a table", steps[k]));
      if (!table->contains(steps[k])) table->insert(steps[k], toml::table{});
      node = table->get(steps[k]);
    }
  }
  toml::table parsed = parse_value(override.value);
  const std::string& last = steps.back();
  parsed.get("value")->visit([&](auto& value) {
    if (last.starts_with("[")) {
      auto* array = node->as_array();
      const auto index = static_cast<std::size_t>(std::atoi(last.c_str() + 1));
      if (array == nullptr || index >= array->size()) refuse("there is no such array element");
      array->replace(array->cbegin() + static_cast<std::ptrdiff_t>(index), value);
    } else if (auto* table = node->as_table()) {
      table->insert_or_assign(last, value);
    } else {
      refuse("its path does not lead through tables");
    }
  });
  overrides_.push_back(override);
  if (steps.size() == 2 && steps[0] == "parameters") overrides_.back().key = "parameters." + last;
}

std::string TomlDocument::text() const {
  if (overrides_.empty()) return original_;
  std::ostringstream stream;
  stream << root_ << '\n';
  return stream.str();
}

std::string TomlDocument::place(const toml::node* node, const std::string& key) const {
  for (const auto& override : overrides_) {
    if (key == override.key || key.starts_with(override.key + ".") ||
        key.starts_with(override.key + "[")) {
      return fmt::format("--set {}={}: {}", override.key, override.value, key);
    }
  }
  if (node != nullptr && node->source().begin.line > 0) {
    const auto& where = node->source().begin;
    return fmt::format("{}:{}:{}: {}", file_, where.line, where.column, key);
  }
  return key.empty() ? file_ : fmt::format("{}: {}", file_, key);
}

void TomlValue::fail(const std::string& message) const {
  throw PlacedError(fmt::format("{}: {}", document_->place(node_, key_), message));
}

std::string TomlValue::string() const {
  if (auto text = node_->value_exact<std::string>()) return *text;
  fail("a string is expected here");
}

bool TomlValue::boolean() const {
  if (auto value = node_->value_exact<bool>()) return *value;
  fail("true or false is expected here");
}

Expression TomlValue::expression() const {
  if (node_->is_number()) return Expression(node_->value<double>().value_or(0));
  if (auto text = node_->value_exact<std::string>()) {
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

std::int64_t TomlValue::integer(const Parameters& parameters, std::int64_t least) const {
  const double value = number(parameters);
  if (value != std::floor(value) || std::abs(value) > 1e15) {
    fail(fmt::format("a whole number is expected here, not {}", value));
  }
  if (value < static_cast<double>(least)) fail(fmt::format("{} is below {}", value, least));
  return static_cast<std::int64_t>(value);
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
  for (const auto& element : *node_->as_array()) {
    all.emplace_back(*document_, element, fmt::format("{}[{}]", key_, all.size()));
  }
  return all;
}

std::vector<std::pair<std::string, TomlValue>> TomlValue::entries(
    const std::vector<std::string>& known) const {
  const auto* table = node_->as_table();
  if (table == nullptr) fail("a table is expected here");
  struct Entry {
    toml::source_position where;
    std::string name;
    const toml::node* node;
  };
  std::vector<Entry> in_order;
  for (const auto& [key, node] : *table) {
    toml::source_position where = key.source().begin;
    // Keys that the command line added have no place in the file and follow the others.
    if (where.line == 0) where.line = std::numeric_limits<toml::source_index>::max();
    in_order.push_back({where, std::string(key.str()), &node});
  }
  std::stable_sort(in_order.begin(), in_order.end(),
                   [](const Entry& a, const Entry& b) { return a.where < b.where; });
  std::vector<std::pair<std::string, TomlValue>> all;
  for (const auto& entry : in_order) {
    const std::string path = key_.empty() ? entry.name : key_ + "." + entry.name;
    const TomlValue value(*document_, *entry.node, path);
    if (!known.empty() && std::find(known.begin(), known.end(), entry.name) == known.end()) {
      value.fail(fmt::format("unknown key '{}'{}", entry.name, suggestion(entry.name, known)));
    }
    all.emplace_back(entry.name, value);
  }
  return all;
}

std::optional<TomlValue> TomlValue::find(const std::string& name) const {
  const auto* table = node_->as_table();
  if (table == nullptr) fail("a table is expected here");
  const toml::node* node = table->get(name);
  if (node == nullptr) return std::nullopt;
  return TomlValue(*document_, *node, key_.empty() ? name : key_ + "." + name);
}

TomlValue TomlValue::require(const std::string& name) const {
  if (auto value = find(name)) return *value;
  fail(fmt::format("the key '{}' is missing", name));
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
