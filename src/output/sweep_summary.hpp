// Sweeps for people.
#pragma once

#include <string>

#include "lindwurm/output/document.hpp"

namespace lindwurm {

/// What a run of a sweep found, without its problems and warnings.
[[nodiscard]] std::string sweep_summary(const Document& document);

/// "120.5 MB", "1.2 GB"
[[nodiscard]] std::string bytes_text(double count);

}  // namespace lindwurm
