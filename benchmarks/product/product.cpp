// Times one product L R: a copy of R, the packed AIJ matrix and the matrix-free product side by
// side, as nanoseconds for each element of R.
//
//   product MODEL.toml [--no-sectors] [--no-assembled]
#include <cstdio>
#include <cstring>
#include <string>

#include "../common/seconds.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/study/study_file.hpp"

namespace {

using lindwurm::Liouvillian;
using lindwurm::Storage;
using lindwurm::VecHandle;

double time_product(const Liouvillian& liouvillian) {
  const VecHandle in = liouvillian.vector();
  const VecHandle out = liouvillian.vector();
  LINDWURM_PETSC(VecSetRandom(in, nullptr));
  return seconds(lindwurm::Session::communicator(), [&] { liouvillian.apply(0, in, out); });
}

}  // namespace

int main(int argc, char** argv) {
  const lindwurm::Session session;
  bool uses_sectors = true;
  bool assembles = true;
  std::string file;
  for (int k = 1; k < argc; ++k) {
    const std::string word = argv[k];
    if (word == "--no-sectors") {
      uses_sectors = false;
    } else if (word == "--no-assembled") {
      assembles = false;
    } else {
      file = word;
    }
  }
  const auto study = lindwurm::read_study(file);
  const MPI_Comm comm = lindwurm::Session::communicator();
  const auto equation = std::make_shared<const lindwurm::MasterEquation>(study.model(), comm);
  const auto sector = uses_sectors ? lindwurm::sector_of_diagonal(equation->charges())
                                   : lindwurm::whole_space(equation->charges());
  const Liouvillian shell(equation, {Storage::matrix_free, sector});
  const auto n = static_cast<double>(shell.basis().size());
  const VecHandle in = shell.vector();
  const VecHandle out = shell.vector();
  LINDWURM_PETSC(VecSetRandom(in, nullptr));
  const double copy = seconds(comm, [&] { LINDWURM_PETSC(VecCopy(in, out)); });
  const double free = time_product(shell);
  double stored = 0;
  if (assembles) stored = time_product(Liouvillian(equation, {Storage::assembled, sector}));
  if (session.rank() == 0) {
    std::printf("D = %lld, %.0f unknowns on %d rank%s\n",
                static_cast<long long>(study.model().space.dimension()), n, session.ranks(),
                session.ranks() == 1 ? "" : "s");
    std::printf("%-20s %10s %12s %10s\n", "", "ms", "ns/element", "copies");
    const auto line = [&](const char* name, double time) {
      std::printf("%-20s %10.3f %12.2f %10.1f\n", name, time * 1e3, time / n * 1e9, time / copy);
    };
    line("copy of R", copy);
    line("matrix-free", free);
    if (assembles) line("packed AIJ", stored);
  }
  return 0;
}
