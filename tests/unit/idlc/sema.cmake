# Tests of trees to models, of rules, and of patterns.
add_library(test_sema_support STATIC sema_support.c)
target_include_directories(test_sema_support PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(test_sema_support PUBLIC idlc_core PRIVATE coax_warnings PkgConfig::cmocka)

foreach(name dfa rules_expr sema_constraint sema_examples sema_limits sema_model sema_quiet sema_shape)
    coax_add_test(NAME idlc_${name} SOURCES ${name}_test.c LIBS test_sema_support)
endforeach()
