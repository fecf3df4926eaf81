/*
 * A bed for tests of idlc's semantic passes: schemas in strings go in, a model and diagnostics come out.
 *
 * A text of one file is "t.idl". A text of several says "// file: name.idl" on a line above each; the last one is the
 * root, and imports find the others.
 */
#ifndef COAX_TESTS_SEMA_SUPPORT_H
#define COAX_TESTS_SEMA_SUPPORT_H

#include "diag/diag.h"
#include "front/parse.h"
#include "sema/sema.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#define SEMA_BED_MAX_FILES 1100

typedef struct sema_file {
    const char *path;
    const char *text;
    size_t len;
    idl_source *source; /* NULL until it is opened */
} sema_file;

typedef struct sema_bed {
    idl_sources sources;
    idl_diag diag;
    sema_file files[SEMA_BED_MAX_FILES];
    size_t n_files;
    size_t n_roots; /* counted from the end */
    bool warn_unbounded;
    const idl_model *model; /* NULL after errors */
} sema_bed;

/* Compiles; release with sema_done. */
sema_bed *sema_compile(const char *text);

/* In steps: files are added first; the last `n_roots` are roots. */
sema_bed *sema_empty(void);
void sema_add_file(sema_bed *b, const char *path, const char *text);
void sema_run(sema_bed *b);

void sema_done(sema_bed *b);

/* All reports, sorted: "E0209 2:15, b.idl E0213 1:4" (files other than the root are named); "" for none. */
const char *sema_found(sema_bed *b);

/* Compiles, compares what sema_found says, and releases. */
void assert_sema_finds(const char *text, const char *wanted);

/* The same for "namespace t; struct S { ... }" around `members`, which begin on line 2. */
void assert_struct_finds(const char *members, const char *wanted);

/* The report with this index; fails the test if there is none. */
const idl_report *sema_report(sema_bed *b, size_t index);

/* Look things up in the root's model; fail the test when they are not there. */
const idl_decl *sema_decl(const sema_bed *b, const char *name);
const idl_field *sema_field(const idl_decl *decl, const char *name);
const idl_method *sema_method(const idl_decl *service, const char *name);

#endif
