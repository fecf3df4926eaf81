/* The front half of every command that reads schemas: options, files, parsing, meaning, diagnostics.
 *
 * Must not know: what a command does with the model. Read next: compile.c, sema/sema.h.
 */
#ifndef IDL_COMPILE_H
#define IDL_COMPILE_H

#include "args.h"
#include "diag/render.h"
#include "sema/model.h"

#include <stdbool.h>
#include <stdio.h>

/* The options every such command has, for `help` and for args.c: -I, -W, -Werror, --diagnostics, --color.
 * Ended by a NULL name. */
extern const idl_option idl_compile_options[];

typedef enum idl_color { IDL_COLOR_AUTO, IDL_COLOR_ALWAYS, IDL_COLOR_NEVER } idl_color;

typedef struct idl_compile {
    idl_sources sources;
    idl_diag diag;
    const char **files; /* operands, as given */
    size_t n_files;
    size_t file_capacity;
    const char **import_dirs;
    size_t n_import_dirs;
    size_t import_capacity;
    bool warn_unbounded; /* -W; `check` sets it too */
    idl_format format;
    idl_color color;
    FILE *machine_out;      /* where json and sarif go: stderr, unless the command sets another */
    const idl_model *model; /* NULL until idl_compile_run succeeded */
} idl_compile;

void idl_compile_init(idl_compile *c);

/* Takes an option of idl_compile_options or an operand (a schema file). Bad values are reported. */
void idl_compile_take_option(idl_compile *c, int key, const char *value);

/* Reads, parses and checks all files. True: `c->model` is set and holds no error. */
bool idl_compile_run(idl_compile *c);

/* Reports a file that could not be written; `reason` is an errno. */
void idl_compile_write_failed(idl_compile *c, const char *path, int reason);

/* Renders what was found, frees everything (the model too) and returns the exit status. */
int idl_compile_finish(idl_compile *c);

/* The status alone: an error without a place in a schema is the command line's or a file's. */
int idl_compile_status(const idl_compile *c);

#endif
