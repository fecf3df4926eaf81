# Tests of bytes to trees, of diagnostics, and of the commands that belong to neither sema nor emit.
add_library(test_front_support STATIC front_support.c)
target_include_directories(test_front_support PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(test_front_support PUBLIC idlc_core PRIVATE coax_warnings PkgConfig::cmocka)

foreach(name front_memory front_literal front_scan front_grammar front_recovery front_resync diag_registry diag_sink diag_render)
    coax_add_test(NAME idlc_${name} SOURCES ${name}_test.c LIBS test_front_support)
endforeach()
if(TARGET idlc)
    coax_add_script_test(NAME idlc_front_commands COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/front_commands_test.sh
                                                          $<TARGET_FILE:idlc>)
endif()
