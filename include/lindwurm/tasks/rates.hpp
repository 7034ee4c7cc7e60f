// The rates and other quantities of a model's baths, without solving anything.
#pragma once

#include <string>

#include "lindwurm/tasks/study.hpp"

namespace lindwurm {

/// {"title", "baths": [one object for each bath]}. The names are those of docs/master-equations.md.
[[nodiscard]] Document rates_document(const Study& study);

/// The same as text.
[[nodiscard]] std::string rates_summary(const Document& rates);

}  // namespace lindwurm
