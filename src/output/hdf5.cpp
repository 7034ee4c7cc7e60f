#include <fmt/format.h>
#include <hdf5.h>

#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "atomic_file.hpp"
#include "lindwurm/output/document.hpp"
#include "lindwurm/version.hpp"

namespace lindwurm {

namespace {

// The value for a missing truth value, besides 1 and 0.
constexpr std::int8_t no_truth = -1;

// The owner of an HDF5 identifier. Throws if HDF5 returned an error.
class Id {
 public:
  Id(hid_t id, herr_t (*close)(hid_t), const std::string& what) : id_(id), close_(close) {
    if (id < 0) throw Error("HDF5 refused: " + what);
  }
  Id(Id&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Id& operator=(Id&&) = delete;
  ~Id() {
    if (id_ >= 0) close_(id_);
  }
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

void check(herr_t status, const std::string& what) {
  if (status < 0) throw Error("HDF5 refused: " + what);
}

Id string_type() {
  Id type(H5Tcopy(H5T_C_S1), H5Tclose, "a string type");
  check(H5Tset_size(type, H5T_VARIABLE), "a string type");
  check(H5Tset_cset(type, H5T_CSET_UTF8), "a string type");
  return type;
}

Id simple_space(const std::vector<hsize_t>& shape) {
  if (shape.empty()) return {H5Screate(H5S_SCALAR), H5Sclose, "a scalar"};
  return {H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose,
          "a shape"};
}

void write_data(hid_t parent, const std::string& name, hid_t type,
                const std::vector<hsize_t>& shape, const void* data) {
  const Id space = simple_space(shape);
  const Id set(H5Dcreate(parent, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
               H5Dclose, name);
  check(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), name);
}

void write_strings(hid_t parent, const std::string& name, const std::vector<std::string>& texts,
                   const std::vector<hsize_t>& shape) {
  std::vector<const char*> pointers;
  for (const auto& text : texts)
    pointers.push_back(text.c_str());
  write_data(parent, name, string_type(), shape, pointers.empty() ? nullptr : pointers.data());
}

void write_attribute(hid_t object, const std::string& name, const std::string& text) {
  const Id type = string_type();
  const Id space = simple_space({});
  const Id attribute(H5Acreate(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT),
                     H5Aclose, name);
  const char* pointer = text.c_str();
  check(H5Awrite(attribute, type, &pointer), name);
}

// The kind of the entries of nested lists.
enum class Entries { numbers, truths, texts };

// The first entry that is not null decides. Lists without such an entry count as lists of numbers.
Entries entries_of(const Document& list) {
  for (const auto& element : list) {
    if (element.is_array()) {
      const Entries found = entries_of(element);
      if (found != Entries::numbers) return found;
    }
    if (element.is_string()) return Entries::texts;
    if (element.is_boolean()) return Entries::truths;
    if (element.is_number()) return Entries::numbers;
  }
  return Entries::numbers;
}

// Calls visit(entry) for the entries of nested lists, with the last index the fastest.
template <typename Visit>
void for_each_entry(const Document& list, Visit&& visit) {
  for (const auto& element : list) {
    if (element.is_array()) {
      for_each_entry(element, visit);
    } else {
      visit(element);
    }
  }
}

// Nested lists have the same length as the first of them.
std::vector<hsize_t> shape_of_list(const Document& list) {
  std::vector<hsize_t> shape;
  for (const Document* part = &list; part->is_array(); part = &part->front()) {
    shape.push_back(part->size());
    if (part->empty()) break;
  }
  return shape;
}

// Writes nested lists that have one length at each depth.
void write_list(hid_t parent, const std::string& name, const Document& list, Entries entries) {
  const auto shape = shape_of_list(list);
  switch (entries) {
    case Entries::texts: {
      std::vector<std::string> texts;
      for_each_entry(list, [&](const Document& each) {
        texts.push_back(each.is_null() ? "" : each.get<std::string>());
      });
      write_strings(parent, name, texts, shape);
      return;
    }
    case Entries::truths: {
      std::vector<std::int8_t> truths;
      for_each_entry(list, [&](const Document& each) {
        truths.push_back(each.is_null() ? no_truth : each.get<bool>() ? 1 : 0);
      });
      write_data(parent, name, H5T_NATIVE_INT8, shape, truths.data());
      return;
    }
    case Entries::numbers: {
      std::vector<double> numbers;
      for_each_entry(list, [&](const Document& each) {
        numbers.push_back(each.is_null() ? std::numeric_limits<double>::quiet_NaN()
                                         : each.get<double>());
      });
      write_data(parent, name, H5T_NATIVE_DOUBLE, shape, numbers.data());
      return;
    }
  }
}

// Makes HDF5 list names in the order in which they were written.
void keep_order(hid_t properties) {
  check(H5Pset_link_creation_order(properties, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "keeping the order of names");
}

// A list of objects is stored as a group whose members are named by their numbers.
constexpr const char* list_mark = "list";

bool holds_objects(const Document& value) {
  return value.is_array() && !value.empty() && value[0].is_object();
}

// True for diagnostics that are lists of texts, even if they are empty.
bool are_messages(const std::string& place, const std::string& name) {
  return place == "/diagnostics" && (name == "problems" || name == "warnings");
}

// `place` is the path of the tree in the file; "" for the whole.
void write_tree(hid_t parent, const Document& tree, const std::string& place) {
  for (const auto& [name, value] : tree.items()) {
    if (value.is_object() || holds_objects(value)) {
      const Id order(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, name);
      keep_order(order);
      const Id group(H5Gcreate(parent, name.c_str(), H5P_DEFAULT, order, H5P_DEFAULT), H5Gclose,
                     name);
      if (value.is_array()) write_attribute(group, list_mark, "members are named by their numbers");
      write_tree(group, value, place + "/" + name);
    } else if (value.is_array()) {
      write_list(parent, name, value,
                 are_messages(place, name) ? Entries::texts : entries_of(value));
    } else if (value.is_string()) {
      write_strings(parent, name, {value.get<std::string>()}, {});
    } else if (value.is_boolean()) {
      const auto number = static_cast<std::uint8_t>(value.get<bool>() ? 1 : 0);
      write_data(parent, name, H5T_NATIVE_UINT8, {}, &number);
    } else if (value.is_number_integer()) {
      const auto number = value.get<std::int64_t>();
      write_data(parent, name, H5T_NATIVE_INT64, {}, &number);
    } else if (value.is_number()) {
      const auto number = value.get<double>();
      write_data(parent, name, H5T_NATIVE_DOUBLE, {}, &number);
    }
  }
}

Id complex_type() {
  Id type(H5Tcreate(H5T_COMPOUND, sizeof(std::complex<double>)), H5Tclose, "a complex type");
  check(H5Tinsert(type, "r", 0, H5T_NATIVE_DOUBLE), "a complex type");
  check(H5Tinsert(type, "i", sizeof(double), H5T_NATIVE_DOUBLE), "a complex type");
  return type;
}

void write_complex(hid_t file, const std::string& name, const ComplexArray& array) {
  write_data(file, name, complex_type(), {array.shape.begin(), array.shape.end()},
             array.values.data());
}

void write_units(hid_t file, const Document& document) {
  const auto describe = [&](const std::string& path, const std::string& text) {
    const Document::json_pointer pointer("/" + path);
    if (!document.contains(pointer)) return;
    const Id set(H5Oopen(file, path.c_str(), H5P_DEFAULT), H5Oclose, path);
    write_attribute(set, "units", text);
  };
  for (const std::string of : {"", "sweep/"}) {
    describe(of + "evolve/times", "inverse of the unit of the frequencies (hbar = 1)");
    describe(of + "steady/residual", "a rate, in the unit of the frequencies");
    describe(of + "spectrum/eigenvalues", "a rate, in the unit of the frequencies; [Re, Im]");
    describe(of + "spectrum/residuals", "a rate, in the unit of the frequencies");
    describe(of + "spectrum/gap", "a rate, in the unit of the frequencies");
    describe(of + "spectrum/gap_error", "a rate, in the unit of the frequencies");
  }
  if (!document.contains("correlations")) return;
  for (const auto& [name, found] : document["correlations"].items()) {
    describe("correlations/" + name + "/delays", "inverse of the unit of the frequencies");
    describe("correlations/" + name + "/frequencies", "the unit of the frequencies");
    describe(
        "correlations/" + name + "/spectrum",
        "A B over the unit of the frequencies; its integral over w/2 pi is Re C(0), connected");
  }
}

std::vector<hsize_t> shape_of(hid_t set) {
  const Id space(H5Dget_space(set), H5Sclose, "a shape");
  const int rank = H5Sget_simple_extent_ndims(space);
  std::vector<hsize_t> shape(rank > 0 ? rank : 0);
  if (rank > 0) H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  return shape;
}

std::size_t size_of(const std::vector<hsize_t>& shape) {
  std::size_t size = 1;
  for (hsize_t length : shape)
    size *= length;
  return size;
}

// Nested lists of this shape, whose entries are given one after the other. A shape without
// dimensions is the single entry.
template <typename Next>
Document nested(const std::vector<hsize_t>& shape, Next&& next, std::size_t depth = 0) {
  if (depth == shape.size()) return next();
  Document list = Document::array();
  for (hsize_t k = 0; k < shape[depth]; ++k)
    list.push_back(nested(shape, next, depth + 1));
  return list;
}

Document read_strings(hid_t set, const std::vector<hsize_t>& shape) {
  const Id type = string_type();
  std::vector<char*> pointers(size_of(shape));
  if (!pointers.empty())
    check(H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), "strings");
  auto pointer = pointers.begin();
  Document texts = nested(shape, [&] {
    const char* text = *pointer++;
    return Document(text != nullptr ? text : "");
  });
  if (!pointers.empty()) {
    const Id space(H5Dget_space(set), H5Sclose, "a shape");
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data());
  }
  return texts;
}

template <typename Number, typename ToEntry>
Document read_entries(hid_t set, hid_t type, const std::vector<hsize_t>& shape, ToEntry to_entry) {
  std::vector<Number> numbers(size_of(shape));
  if (!numbers.empty())
    check(H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data()), "numbers");
  auto number = numbers.begin();
  return nested(shape, [&] { return to_entry(*number++); });
}

// Empty for density matrices, which stay in the file.
std::optional<Document> read_set(hid_t set) {
  const Id type(H5Dget_type(set), H5Tclose, "a type");
  const auto shape = shape_of(set);
  switch (H5Tget_class(type)) {
    case H5T_STRING:
      return read_strings(set, shape);
    case H5T_FLOAT:
      return read_entries<double>(set, H5T_NATIVE_DOUBLE, shape, [](double number) {
        return std::isnan(number) ? Document(nullptr) : Document(number);
      });
    case H5T_INTEGER:
      if (H5Tget_size(type) > 1) {
        return read_entries<std::int64_t>(set, H5T_NATIVE_INT64, shape,
                                          [](std::int64_t number) { return Document(number); });
      }
      return read_entries<std::int8_t>(set, H5T_NATIVE_INT8, shape, [](std::int8_t truth) {
        return truth == no_truth ? Document(nullptr) : Document(truth != 0);
      });
    default:
      return std::nullopt;
  }
}

Document members_of(const Document& tree) {
  Document list = Document::array();
  for (const auto& member : tree)
    list.push_back(member);
  return list;
}

Document read_tree(hid_t group) {
  Document tree = Document::object();
  const auto visit = [](hid_t parent, const char* name, const H5L_info_t*, void* data) -> herr_t {
    try {
      const Id object(H5Oopen(parent, name, H5P_DEFAULT), H5Oclose, name);
      Document& into = *static_cast<Document*>(data);
      if (H5Iget_type(object) == H5I_GROUP) {
        into[name] = read_tree(object);
        if (H5Aexists(object, list_mark) > 0) into[name] = members_of(into[name]);
      } else if (auto value = read_set(object)) {
        into[name] = std::move(*value);
      }
      return 0;
    } catch (const std::exception&) {
      return -1;
    }
  };
  check(H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, visit, &tree),
        "reading a group");
  return tree;
}

std::string read_attribute(hid_t object, const std::string& name) {
  const Id attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, name);
  const Id type = string_type();
  char* pointer = nullptr;
  check(H5Aread(attribute, type, &pointer), name);
  std::string text = pointer != nullptr ? pointer : "";
  H5free_memory(pointer);
  return text;
}

Eigen::MatrixXcd read_array(hid_t file, const std::string& name) {
  const Id set(H5Dopen(file, name.c_str(), H5P_DEFAULT), H5Dclose, name);
  const auto shape = shape_of(set);
  if (shape.size() != 2) throw Error("HDF5: " + name + " is no matrix");
  Eigen::MatrixXcd columns(static_cast<Eigen::Index>(shape[1]),
                           static_cast<Eigen::Index>(shape[0]));
  check(H5Dread(set, complex_type(), H5S_ALL, H5S_ALL, H5P_DEFAULT, columns.data()), name);
  return columns.transpose();
}

}  // namespace

void write_hdf5(const std::filesystem::path& file, const Document& document,
                const std::string& model_text, const Arrays& arrays) {
  H5Eset_auto(H5E_DEFAULT, nullptr, nullptr);
  write_whole(file, [&](const std::filesystem::path& temporary) {
    const Id order(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "file properties");
    keep_order(order);
    const Id handle(H5Fcreate(temporary.c_str(), H5F_ACC_TRUNC, order, H5P_DEFAULT), H5Fclose,
                    "creating " + temporary.string());
    write_attribute(handle, "title", document.value("title", ""));
    write_attribute(handle, "model", model_text);
    write_attribute(handle, "units",
                    "hbar = k_B = 1; frequencies, rates and eigenvalues in one unit, times in its "
                    "inverse");
    write_attribute(handle, "lindwurm", version);
    write_tree(handle, document, "");
    write_units(handle, document);
    for (const auto& [name, array] : arrays)
      write_complex(handle, name, array);
    check(H5Fflush(handle, H5F_SCOPE_GLOBAL), "writing to disk");
  });
}

Document read_hdf5(const std::filesystem::path& file) {
  H5Eset_auto(H5E_DEFAULT, nullptr, nullptr);
  if (!std::filesystem::exists(file)) {
    throw InputError(fmt::format("{}: there is no such file", file.string()));
  }
  try {
    const Id handle(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "opening it");
    Document document = read_tree(handle);
    if (!document.contains("diagnostics")) throw Error("it holds no diagnostics");
    return document;
  } catch (const Error& error) {
    throw InputError(fmt::format("{}: not a result of lindwurm: {}", file.string(), error.what()));
  }
}

Eigen::MatrixXcd read_matrix(const std::filesystem::path& file, const std::string& path) {
  const Id handle(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, file.string());
  return read_array(handle, path);
}

std::string model_text(const std::filesystem::path& file) {
  const Id handle(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, file.string());
  return read_attribute(handle, "model");
}

}  // namespace lindwurm
