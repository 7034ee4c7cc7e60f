#include "lindwurm/backend/session.hpp"

#include <dlfcn.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <thread>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/petsc.hpp"

namespace lindwurm {

namespace {

// Vector operations are limited by memory bandwidth, and the ranks already share the cores, so
// threads inside BLAS only waste time. The variable is OpenBLAS's own: if the user has set it, it
// is kept.
void keep_blas_on_one_thread() {
  if (std::getenv("OPENBLAS_NUM_THREADS") != nullptr) return;
  using SetThreads = void (*)(int);
  auto set = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set != nullptr) set(1);
}

}  // namespace

Session::Session(std::vector<std::string> petsc_options) : words_(std::move(petsc_options)) {
  words_.insert(words_.begin(), "lindwurm");
  for (auto& word : words_)
    pointers_.push_back(word.data());
  int argc = static_cast<int>(pointers_.size());
  pointers_.push_back(nullptr);
  char** argv = pointers_.data();
  keep_blas_on_one_thread();
  LINDWURM_PETSC(SlepcInitialize(&argc, &argv, nullptr, nullptr));
  // Errors become exceptions with PETSc's message. PETSc should not print a trace as well.
  LINDWURM_PETSC(PetscPushErrorHandler(PetscReturnErrorHandler, nullptr));
  MPI_Comm_rank(communicator(), &rank_);
  MPI_Comm_size(communicator(), &ranks_);
  MPI_Comm_dup(communicator(), &for_failures_);
}

Session::Session(int argc, char** argv)
    : Session(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc)) {}

Session::~Session() {
  MPI_Comm_free(&for_failures_);
  SlepcFinalize();
}

bool Session::all_arrive(double seconds) const {
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibarrier(for_failures_, &request);
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  int done = 0;
  while (MPI_Test(&request, &done, MPI_STATUS_IGNORE), done == 0) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

double peak_memory_bytes(MPI_Comm comm) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  double bytes = static_cast<double>(usage.ru_maxrss) * 1024.0;
  MPI_Allreduce(MPI_IN_PLACE, &bytes, 1, MPI_DOUBLE, MPI_SUM, comm);
  return bytes;
}

double available_memory_bytes() {
  std::ifstream file("/proc/meminfo");
  std::string key;
  while (file >> key) {
    double kilobytes = 0;
    if (key == "MemAvailable:" && file >> kilobytes) return kilobytes * 1024.0;
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return 0;
}

}  // namespace lindwurm
