# Installation, with what find_package(lindwurm) needs in other projects.
include(CMakePackageConfigHelpers)

set(_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/lindwurm)

install(TARGETS lindwurm lindwurm_app EXPORT lindwurm-targets
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/lindwurm ${PROJECT_BINARY_DIR}/include/lindwurm
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(EXPORT lindwurm-targets NAMESPACE lindwurm:: DESTINATION ${_package_dir})

configure_package_config_file(
  cmake/lindwurm-config.cmake.in ${PROJECT_BINARY_DIR}/lindwurm-config.cmake
  INSTALL_DESTINATION ${_package_dir}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/lindwurm-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/lindwurm-config.cmake
              ${PROJECT_BINARY_DIR}/lindwurm-config-version.cmake
              cmake/FindRealSlepc.cmake
        DESTINATION ${_package_dir})
