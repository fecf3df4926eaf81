# Tests of bytes to trees, of diagnostics, and of the commands that belong to neither sema nor emit.
add_library(test_front_support STATIC front_support.c)
target_include_directories(test_front_support PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(test_front_support PUBLIC idlc_core PRIVATE coax_warnings PkgConfig::cmocka)

foreach(
    file
    front_memory_test
    front_literal_test
    front_scan_test
    front_grammar_test
    front_recovery_test
    front_resync_test
    diag_registry_test
    diag_sink_test
    diag_render_test)
    string(REPLACE "_test" "" name ${file})
    coax_add_test(NAME idlc_${name} SOURCES ${file}.c LIBS test_front_support)
endforeach()
if(TARGET idlc)
    coax_add_script_test(NAME idlc_front_commands COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/front_commands_test.sh
                                                          $<TARGET_FILE:idlc>)
endif()
