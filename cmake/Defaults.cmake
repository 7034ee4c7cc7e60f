# What every target of this project is compiled with.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

option(LINDWURM_WARNINGS_AS_ERRORS "Treat compiler warnings as errors" OFF)
option(LINDWURM_SANITIZE "Address and undefined-behaviour sanitizers" OFF)

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# More false alarms of GCC 12 on strings, since precompiled headers do not count as the system's.
set(LINDWURM_FALSE_ALARMS)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  set(LINDWURM_FALSE_ALARMS -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
endif()

add_library(lindwurm_defaults INTERFACE)
target_compile_features(lindwurm_defaults INTERFACE cxx_std_20)
target_compile_options(lindwurm_defaults INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # false alarms of GCC 12 on string concatenation
  ${LINDWURM_FALSE_ALARMS}
  $<$<BOOL:${LINDWURM_WARNINGS_AS_ERRORS}>:-Werror>)
# The deprecated C++ bindings of MPI only bring warnings.
target_compile_definitions(lindwurm_defaults INTERFACE OMPI_SKIP_MPICXX)
if(LINDWURM_SANITIZE)
  target_compile_options(lindwurm_defaults INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(lindwurm_defaults INTERFACE -fsanitize=address,undefined)
endif()
