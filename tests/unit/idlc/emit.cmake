# plan/ and emit/. What comes out is held to goldens (tests/golden) and to compilers (tests/compile).
foreach(name plan_cname emit_printer emit_outfile)
    coax_add_test(NAME idlc_${name} SOURCES ${name}_test.c LIBS idlc_core)
endforeach()
