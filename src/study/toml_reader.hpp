// TOML with places: every complaint names file, line and key.
#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/evaluate.hpp"
#include "lindwurm/study/study.hpp"

namespace lindwurm {

/// An error that already names its place.
class PlacedError : public InputError {
 public:
  using InputError::InputError;
};

/// A model file with overrides applied, and the state of reading it.
class TomlDocument {
 public:
  TomlDocument(const std::filesystem::path& file, const std::vector<Override>& overrides);

  [[nodiscard]] const toml::table& root() const { return root_; }
  /// The document as TOML text, overrides applied.
  [[nodiscard]] std::string text() const;
  /// "model.toml:12:5: evolve.rtol", or "--set evolve.rtol" for what the command line gave.
  [[nodiscard]] std::string place(const toml::node* node, const std::string& key) const;

 private:
  void apply(const Override& override);

  std::string file_;
  std::string original_;
  toml::table root_;
  std::vector<Override> overrides_;
};

/// One value of the document, with its dotted key.
class TomlValue {
 public:
  TomlValue(const TomlDocument& document, const toml::node& node, std::string key)
      : document_(&document), node_(&node), key_(std::move(key)) {}

  [[noreturn]] void fail(const std::string& message) const;
  /// Runs `read`; an InputError that it throws is given this place.
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
  [[nodiscard]] std::int64_t integer(const Parameters& parameters, std::int64_t least) const;
  /// The position of `word` among `known`.
  [[nodiscard]] std::size_t one_of(const std::vector<std::string>& known) const;

  /// The entries of an array, or the one value that stands in its place.
  [[nodiscard]] std::vector<TomlValue> elements() const;
  /// The entries of a table in the order of the file, keys outside `known` refused unless it is
  /// empty. Names the nearest known key.
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

/// Refuses what is no name of a parameter, a site or a bath.
void require_identifier(const TomlValue& at, const std::string& name);

}  // namespace lindwurm
