# What `cmake --install` lays down, and how users find it again: find_package(coax) and pkg-config.
#
# libuv and libsodium are in the interface of a static library only: who links a shared one gets them through the loader.
include(CMakePackageConfigHelpers)

set(_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/coax)
set(_pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(TARGETS coax EXPORT coax-targets)
install(EXPORT coax-targets NAMESPACE coax:: DESTINATION ${_package_dir})
install(DIRECTORY ${CMAKE_CURRENT_LIST_DIR}/include/coax DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING
        PATTERN "*.h" PATTERN "*.def")
if(TARGET coax_cli)
    install(TARGETS coax_cli)
endif()
if(TARGET idlc)
    install(TARGETS idlc)
endif()
install(FILES ${PROJECT_SOURCE_DIR}/idlc/CoaxIdl.cmake DESTINATION ${_package_dir})

configure_package_config_file(
    ${CMAKE_CURRENT_LIST_DIR}/coax-config.cmake.in ${PROJECT_BINARY_DIR}/coax-config.cmake
    INSTALL_DESTINATION ${_package_dir} PATH_VARS CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/coax-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/coax-config.cmake ${PROJECT_BINARY_DIR}/coax-config-version.cmake
        DESTINATION ${_package_dir})

# Relative, so that an unpacked or moved installation works.
file(RELATIVE_PATH COAX_PC_TO_PREFIX ${CMAKE_INSTALL_PREFIX}/${_pc_dir} ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" COAX_PC_TO_PREFIX ${COAX_PC_TO_PREFIX})
if(BUILD_SHARED_LIBS)
    set(COAX_PC_REQUIRES Requires.private)
else()
    set(COAX_PC_REQUIRES Requires)
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/coax.pc.in ${PROJECT_BINARY_DIR}/coax.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/coax.pc DESTINATION ${_pc_dir})

if(TARGET coax_any)
    set_target_properties(coax_any PROPERTIES EXPORT_NAME any)
    install(TARGETS coax_any EXPORT coax-any-targets)
    install(EXPORT coax-any-targets NAMESPACE coax:: DESTINATION ${_package_dir})
    set(COAX_PC_MSGPACK ${msgpack_MODULE_NAME})
    configure_file(${CMAKE_CURRENT_LIST_DIR}/coax-any.pc.in ${PROJECT_BINARY_DIR}/coax-any.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/coax-any.pc DESTINATION ${_pc_dir})
endif()
