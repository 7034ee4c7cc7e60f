#include <fstream>
#include <limits>

#include "atomic_file.hpp"
#include "lindwurm/output/document.hpp"

namespace lindwurm {

double real_of(const Document& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

std::vector<double> reals_of(const Document& list) {
  std::vector<double> all;
  for (const Document& value : list)
    all.push_back(real_of(value));
  return all;
}

void write_json(const std::filesystem::path& file, const Document& document) {
  write_whole(file, [&](const std::filesystem::path& temporary) {
    std::ofstream stream(temporary);
    stream << document.dump(2) << '\n';
    stream.close();
    if (!stream) throw Error("the disk or the folder does not take it");
  });
}

}  // namespace lindwurm
