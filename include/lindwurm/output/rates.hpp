// What the baths of a model amount to, without solving anything.
#pragma once

#include <string>

#include "lindwurm/output/document.hpp"

namespace lindwurm {

/// {"title", "baths": [one object for each bath]}, its names those of docs/master-equations.md.
[[nodiscard]] Document rates_document(const Study& study);

/// The same for people.
[[nodiscard]] std::string rates_summary(const Document& rates);

}  // namespace lindwurm
