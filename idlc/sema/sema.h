/* From trees to meaning: the one entry of the semantic passes.
 *
 * Must not know: command lines, C names, text that comes out. Read next: model.h (what comes out), context.h
 * (what the passes share), sema.c (their order).
 */
#ifndef IDL_SEMA_SEMA_H
#define IDL_SEMA_SEMA_H

#include "diag/diag.h"
#include "front/ast.h"
#include "sema/model.h"

#include <stdbool.h>
#include <stddef.h>

/* Opens a file by path, as idl_source_open does. Called for imports only. */
typedef idl_open_result (*idl_open_fn)(void *user, idl_sources *sources, const char *path,
                                       idl_source **ret_source);

typedef struct idl_sema_options {
    const char *const *import_dirs; /* the -I folders, in order */
    size_t n_import_dirs;
    bool warn_unbounded; /* W0503: on in `idlc check`, in `idlc c` only with -W */
    idl_open_fn open;    /* NULL: idl_source_open; tests hand in files that are in memory */
    void *open_user;
} idl_sema_options;

/* Loads what `roots` import, then checks all of it together. Everything found goes to `diag`; syntax errors that are
 * already there stay quiet companions, because passes skip what is poisoned.
 *
 * True: `diag` holds no error, and `*ret_model` is the model, which lives as long as `sources`. False: there was at
 * least one error, in these passes or before, and `*ret_model` is not written. */
bool idl_sema_run(idl_sources *sources, idl_diag *diag, const idl_ast_file *const *roots,
                  size_t n_roots, const idl_sema_options *options, const idl_model **ret_model);

#endif
