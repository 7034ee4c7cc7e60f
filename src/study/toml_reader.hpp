// TOML with places: every error message names file, line and key.
#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/evaluate.hpp"
#include "lindwurm/study/study.hpp"

namespace lindwurm {

/// An error whose message already names the place.
class PlacedError : public InputError {
 public:
  using InputError::InputError;
};

/// A model file with overrides applied, together with the state of reading it.
class TomlDocument {
 public:
  TomlDocument(const std::filesystem::path& file, const std::vector<Override>& overrides);

  [[nodiscard]] const toml::table& root() const { return root_; }
  /// The document as TOML text, with overrides applied.
  [[nodiscard]] std::string text() const;
  /// The place of a node: "model.toml:12:5: evolve.rtol", or "--set evolve.rtol" for a value from
  /// the command line.
  [[nodiscard]] std::string place(const toml::node* node, const std::string& key) const;

 private:
  void apply(const Override& override);

  std::string file_;
  std::string original_;
  toml::table root_;
  std::vector<Override> overrides_;
};

/// One value of the document with its dotted key.
class TomlValue {
 public:
  TomlValue(const TomlDocument& document, const toml::node& node, std::string key)
      : document_(&document), node_(&node), key_(std::move(key)) {}

  [[noreturn]] void fail(const std::string& message) const;
  /// Runs `read`. An InputError that it throws gets this place added.
  template <typename Read>
  auto within(Read&& read) const {
    try {
      return read();
    } catch (const PlacedError&) {
      throw;
    } catch (const InputError& error) {
      fail(error.what());
    }
  }

  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] bool is_array() const { return node_->is_array(); }
  [[nodiscard]] bool is_table() const { return node_->is_table(); }
  [[nodiscard]] bool is_string() const { return node_->is_string(); }

  [[nodiscard]] std::string string() const;
  [[nodiscard]] bool boolean() const;
  /// A number, or a string with arithmetic on parameters.
  [[nodiscard]] Expression expression() const;
  [[nodiscard]] double number(const Parameters& parameters) const;
  /// An integer from `least` to `most`. The default limit is 10^15, below which double precision
  /// represents all integers.
  [[nodiscard]] std::int64_t integer(const Parameters& parameters, std::int64_t least,
                                     std::int64_t most = 1000000000000000) const;
  /// The same for an int.
  [[nodiscard]] int small_integer(const Parameters& parameters, int least,
                                  int most = std::numeric_limits<int>::max()) const {
    return static_cast<int>(integer(parameters, least, most));
  }
  /// A number > 0 and at most `most`.
  [[nodiscard]] double positive(const Parameters& parameters,
                                double most = std::numeric_limits<double>::max()) const;
  /// A number > 0 and < 1.
  [[nodiscard]] double tolerance(const Parameters& parameters) const;
  /// The position of `word` among `known`.
  [[nodiscard]] std::size_t one_of(const std::vector<std::string>& known) const;

  /// The entries of an array. A single value counts as an array of one.
  [[nodiscard]] std::vector<TomlValue> elements() const;
  /// The entries of a table in the order of the file. Keys outside `known` are refused, with the
  /// nearest known key, unless `known` is empty.
  [[nodiscard]] std::vector<std::pair<std::string, TomlValue>> entries(
      const std::vector<std::string>& known = {}) const;
  /// Refuses keys outside `known`.
  void allow_only(const std::vector<std::string>& known) const {
    static_cast<void>(entries(known));
  }
  [[nodiscard]] std::optional<TomlValue> find(const std::string& name) const;
  [[nodiscard]] TomlValue require(const std::string& name) const;

 private:
  const TomlDocument* document_;
  const toml::node* node_;
  std::string key_;
};

/// Refuses a text with control characters, several lines or invalid UTF-8.
void require_plain_text(const TomlValue& at, const std::string& text);

/// Refuses a text that is not a valid name of a parameter, a site or a bath.
void require_identifier(const TomlValue& at, const std::string& name);

}  // namespace lindwurm
