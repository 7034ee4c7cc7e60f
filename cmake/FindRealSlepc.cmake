# PETSc and SLEPc with real scalars, as the target RealSlepc::RealSlepc.
#
# Debian keeps the real and the complex build side by side, and either may be the default of
# pkg-config: the folders of the real one are put first. Elsewhere point PKG_CONFIG_PATH, or
# PETSC_DIR and SLEPC_DIR with PETSC_ARCH, at a real build.

find_package(PkgConfig REQUIRED)

file(GLOB _debian_real
     /usr/lib/slepcdir/slepc*/*-real/lib/pkgconfig
     /usr/lib/petscdir/petsc*/*-real/lib/pkgconfig)
set(_search ${_debian_real})
foreach(_dir IN ITEMS SLEPC_DIR PETSC_DIR)
  if(DEFINED ENV{${_dir}})
    list(PREPEND _search $ENV{${_dir}}/$ENV{PETSC_ARCH}/lib/pkgconfig)
  endif()
endforeach()

set(_saved_path "$ENV{PKG_CONFIG_PATH}")
list(JOIN _search ":" _search)
set(ENV{PKG_CONFIG_PATH} "$ENV{PKG_CONFIG_PATH}:${_search}")
pkg_check_modules(RealSlepc_PKG QUIET IMPORTED_TARGET GLOBAL SLEPc)
pkg_check_modules(RealPetsc_PKG QUIET IMPORTED_TARGET GLOBAL PETSc)
set(ENV{PKG_CONFIG_PATH} "${_saved_path}")

include(CheckCXXSourceCompiles)
if(RealSlepc_PKG_FOUND AND RealPetsc_PKG_FOUND)
  set(RealSlepc_VERSION ${RealSlepc_PKG_VERSION})
  find_package(MPI REQUIRED COMPONENTS CXX)
  set(CMAKE_REQUIRED_LIBRARIES MPI::MPI_CXX)
  set(CMAKE_REQUIRED_INCLUDES ${RealPetsc_PKG_INCLUDE_DIRS})
  check_cxx_source_compiles("
    #include <petscconf.h>
    #ifdef PETSC_USE_COMPLEX
    #error complex
    #endif
    int main() {}" RealSlepc_IS_REAL)
  unset(CMAKE_REQUIRED_LIBRARIES)
  unset(CMAKE_REQUIRED_INCLUDES)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  RealSlepc
  REQUIRED_VARS RealSlepc_PKG_LIBRARIES RealPetsc_PKG_LIBRARIES RealSlepc_IS_REAL
  VERSION_VAR RealSlepc_VERSION
  REASON_FAILURE_MESSAGE "Lindwurm needs the real builds (Debian: libslepc-real-dev)")

if(RealSlepc_FOUND AND NOT TARGET RealSlepc::RealSlepc)
  add_library(RealSlepc::RealSlepc INTERFACE IMPORTED)
  target_link_libraries(RealSlepc::RealSlepc INTERFACE
                        PkgConfig::RealSlepc_PKG PkgConfig::RealPetsc_PKG MPI::MPI_CXX)
endif()
