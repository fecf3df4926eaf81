# Run from tests/golden/CMakeLists.txt.
coax_add_script_test(NAME golden_ok COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/run_ok
                     ENVIRONMENT IDLC=$<TARGET_FILE:idlc>)
