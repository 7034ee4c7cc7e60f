#include "lindwurm/backend/agreement.hpp"
#include "lindwurm/study/study_file.hpp"

namespace lindwurm {

namespace {

Document classes_document(const Model& model) {
  Document tree = Document::object();
  for (const auto& [name, classes] : model.classes) {
    tree[name] = {{"counts", classes.counts},
                  {"frequencies", classes.frequencies},
                  {"couplings", classes.couplings},
                  {"moments", 2 * classes.counts.size()},
                  {"agrees_until", with_gaps({classes.agrees_until})[0]}};
  }
  return tree;
}

}  // namespace

Document to_document(const Study& study, const Results& results, bool strict) {
  Document tree;
  tree["title"] = study.title;
  tree.update(results.document);
  Document diagnostics;
  diagnostics["status"] = results.exit_status(strict);
  diagnostics["problems"] = results.verdict.problems;
  diagnostics["warnings"] = results.verdict.warnings;
  diagnostics["generator"] = results.verdict.generator;
  diagnostics["dimension"] = results.dimension;
  diagnostics["unknowns"] = results.unknowns;
  diagnostics["entries"] = results.entries;
  diagnostics["charge_moduli"] = results.charge_moduli;
  diagnostics["ranks"] = results.ranks;
  diagnostics["seconds"] = results.seconds;
  diagnostics["peak_memory_bytes"] = results.peak_memory_bytes;
  if (!study.model().classes.empty()) diagnostics["classes"] = classes_document(study.model());
  diagnostics.update(results.diagnostics);
  tree["diagnostics"] = std::move(diagnostics);
  return tree;
}

Arrays arrays_to_store(const Study& study, const Results& results) {
  Arrays arrays;
  for (const auto& outcome : results.outcomes)
    outcome->add_arrays(study, arrays);
  return arrays;
}

void write_hdf5(const std::filesystem::path& file, const Study& study, const Results& results,
                bool strict) {
  const Document document = to_document(study, results, strict);
  const Arrays arrays = arrays_to_store(study, results);
  agree(results.communicator, [&] {
    int rank = 0;
    MPI_Comm_rank(results.communicator, &rank);
    if (rank == 0) write_hdf5(file, document, study.text, arrays);
  });
}

}  // namespace lindwurm
