/*
 * The schema compiler's way in: bytes are read, parsed and checked, and what was found is rendered in every format.
 * Imports are refused, so an input is one file.
 */
#include "fuzz.h"

#include "diag/render.h"
#include "front/parse.h"
#include "sema/sema.h"

#include <stdio.h>
#include <stdlib.h>

static idl_open_result refuse(void *user, idl_sources *sources, const char *path,
                              idl_source **ret_source)
{
    (void)user;
    (void)sources;
    (void)path;
    (void)ret_source;
    return IDL_OPEN_MISSING;
}

/* Excerpts and escapes meet the same hostile bytes as the parser. */
static void render_all(idl_diag *diag)
{
    FILE *nowhere = fopen("/dev/null", "w");
    if (nowhere == NULL)
        abort();
    idl_diag_sort(diag);
    for (int format = IDL_FORMAT_HUMAN; format <= IDL_FORMAT_SARIF; format++)
        idl_diag_render(diag, (idl_format)format, true, nowhere);
    fclose(nowhere);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    idl_sources sources;
    idl_diag diag;
    idl_source *source;
    idl_sources_init(&sources);
    idl_diag_init(&diag, &sources);
    if (idl_source_from_memory(&sources, "fuzz.idl", (const char *)data, size, &source) ==
        IDL_OPEN_OK) {
        const idl_ast_file *file = idl_parse(&sources, source, &diag);
        /* A file without complaint has been read to its end. */
        if (file->has_syntax_errors && diag.n_errors == 0)
            abort();
        const idl_sema_options options = { .warn_unbounded = true, .open = refuse };
        const idl_model *model = NULL;
        if (idl_sema_run(&sources, &diag, &file, 1, &options, &model) != (diag.n_errors == 0))
            abort();
        render_all(&diag);
    }
    idl_sources_deinit(&sources);
    return 0;
}
