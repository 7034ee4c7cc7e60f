// Summaries of sweeps as text.
#pragma once

#include <string>

#include "lindwurm/output/document.hpp"

namespace lindwurm {

/// The results of a sweep, without its problems and warnings.
[[nodiscard]] std::string sweep_summary(const Document& document);

/// Formats a number of bytes, such as "120.5 MB" or "1.2 GB".
[[nodiscard]] std::string bytes_text(double count);

}  // namespace lindwurm
