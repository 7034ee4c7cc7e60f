#include <fstream>

#include "atomic_file.hpp"
#include "lindwurm/output/document.hpp"

namespace lindwurm {

void write_json(const std::filesystem::path& file, const Document& document) {
  write_whole(file, [&](const std::filesystem::path& temporary) {
    std::ofstream stream(temporary);
    stream << document.dump(2) << '\n';
    stream.close();
    if (!stream) throw Error("the disk or the folder does not take it");
  });
}

}  // namespace lindwurm
