/*
 * A bed for tests of idlc's front end: a schema in a string goes in, a tree and diagnostics come out.
 */
#ifndef COAX_TESTS_FRONT_SUPPORT_H
#define COAX_TESTS_FRONT_SUPPORT_H

#include "diag/diag.h"
#include "diag/render.h"
#include "front/parse.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

typedef struct bed {
    idl_sources sources;
    idl_diag diag;
    idl_ast_file *file;
} bed;

/* Parses `text` as "t.idl". Release with bed_done. */
bed *bed_parse(const char *text);
bed *bed_parse_bytes(const char *text, size_t len);

/* A bed without a file. */
bed *bed_empty(void);
void bed_done(bed *b);

/* All reports as "E0102 2:5, E0101 3:1", in order; "" for none. Good until bed_done. */
const char *bed_found(bed *b);

/* Parses, compares what bed_found says, and releases. */
void assert_finds(const char *text, const char *wanted);

/* The report with this index, sorted. */
const idl_report *bed_report(bed *b, size_t index);

/* Looks things up by name; fails the test when they are not there. */
const idl_ast_decl *bed_decl(const bed *b, const char *name);
const idl_ast_field *bed_field(const idl_ast_decl *decl, const char *name);
const idl_ast_method *bed_method(const idl_ast_decl *decl, const char *name);

/* What a renderer prints. Good until bed_done. */
const char *bed_rendered(bed *b, idl_format format, bool use_color);

#endif
