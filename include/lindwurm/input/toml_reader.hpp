// TOML with places: every error message names file, line and key.
#pragma once

#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/evaluate.hpp"

namespace lindwurm {

/// key=value of the command line. The key is a dotted path into the model file, or the name of a
/// parameter.
struct Override {
  std::string key;
  std::string value;
};

/// An error whose message already names the place.
class PlacedError : public InputError {
 public:
  using InputError::InputError;
};

class TomlValue;

/// A model file with overrides applied, together with the state of reading it.
class TomlDocument {
 public:
  TomlDocument(const std::filesystem::path& file, const std::vector<Override>& overrides);
  ~TomlDocument();
  TomlDocument(const TomlDocument&) = delete;
  TomlDocument& operator=(const TomlDocument&) = delete;

  /// The whole document as a table. This object must outlive it.
  [[nodiscard]] TomlValue root() const;
  /// The document as TOML text, with overrides applied.
  [[nodiscard]] std::string text() const;

 private:
  friend class TomlValue;
  struct Content;
  /// The place of a value: "model.toml:12:5: evolve.rtol", or "--set evolve.rtol" for a value from
  /// the command line.
  [[nodiscard]] std::string place(const TomlValue& value) const;

  std::unique_ptr<Content> content_;
};

/// One value of the document with its dotted key.
class TomlValue {
 public:
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
  [[nodiscard]] bool is_array() const;
  [[nodiscard]] bool is_table() const;
  [[nodiscard]] bool is_string() const;

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
  friend class TomlDocument;
  TomlValue(const TomlDocument& document, const void* node, std::string key)
      : document_(&document), node_(node), key_(std::move(key)) {}

  const TomlDocument* document_;
  const void* node_;  // a toml::node; readers need not see that library
  std::string key_;
};

/// Refuses a text with control characters, several lines or invalid UTF-8.
void require_plain_text(const TomlValue& at, const std::string& text);

/// Refuses a text that is not a valid name of a parameter, a site or a bath.
void require_identifier(const TomlValue& at, const std::string& name);

/// True if two model files, given as texts, differ at most in the number of trajectories and in the
/// output files. Then the ensemble of one can be continued by the other.
[[nodiscard]] bool asks_for_the_same(const std::string& text, const std::string& other);

/// True if two model files, given as texts, differ at most in the output files.
[[nodiscard]] bool differs_in_output_alone(const std::string& text, const std::string& other);

}  // namespace lindwurm
