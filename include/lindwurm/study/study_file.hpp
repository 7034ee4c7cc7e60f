// Studies from model files: reading, running and showing them.
#pragma once

#include <mpi.h>

#include <filesystem>
#include <string>
#include <vector>

#include "lindwurm/tasks/forecast.hpp"
#include "lindwurm/tasks/runner.hpp"
#include "lindwurm/tasks/study.hpp"

namespace lindwurm {

/// How much of a model file is read.
enum class Reading {
  everything,
  /// Reads everything except what needs the generator to be written out: automatic spin bases are
  /// not resolved. Such a study cannot be run.
  without_generator,
};

/// Reads a model file (TOML; docs/model-file.md). Every name is looked up, every expression is
/// evaluated and every number is checked, so that a study that is returned can be run. Throws
/// InputError with file, line, key, value and remedy.
[[nodiscard]] Study read_study(const std::filesystem::path& file,
                               const std::vector<Override>& overrides = {},
                               Reading reading = Reading::everything,
                               const std::vector<TaskKind>& kinds = standard_tasks());

/// Completes a study that a program has put together: its tasks take over what they need from each
/// other, and the system is stored in the bases in which it is solved best. Call it once, before
/// run(); read_study() has done so. Throws InputError for a task that cannot be done.
void complete(Study& study);

/// Runs the tasks of the study in their order. If `warm` is not null, iterations start from its
/// contents, and the results of this run are added to it. Collective.
[[nodiscard]] Results run(const Study& study, MPI_Comm comm, const Progress& progress = {},
                          WarmStart* warm = nullptr);

/// The tree of docs/results.md: title, one part for each task, diagnostics. The values of Hermitian
/// observables are numbers. Those of other observables, and eigenvalues, are pairs [Re, Im].
[[nodiscard]] Document to_document(const Study& study, const Results& results, bool strict);

/// The arrays that are stored only in the HDF5 file. Collective.
[[nodiscard]] Arrays arrays_to_store(const Study& study, const Results& results);

/// Writes all results to an HDF5 file. Collective. Throws Error on every rank if that fails.
void write_hdf5(const std::filesystem::path& file, const Study& study, const Results& results,
                bool strict = false);

/// A short summary of a tree of results as text, with lines that fit a terminal.
[[nodiscard]] std::string summary(const Document& document,
                                  const std::vector<TaskKind>& kinds = standard_tasks());

/// The text that `lindwurm check` prints.
[[nodiscard]] std::string summary(const Study& study, const Prediction& prediction);

/// Draws a tree of results with gnuplot: what its tasks draw, or a sweep. The extension of
/// `picture` (png or svg) decides the format. Throws InputError for another extension and if there
/// is nothing to draw; throws Error if gnuplot fails.
void plot(const Document& document, const std::filesystem::path& picture,
          const std::vector<TaskKind>& kinds = standard_tasks());

}  // namespace lindwurm
