/* Diagnostics as text: for people, for editors that know gcc's form, and for tools.
 *
 * Call idl_diag_sort() first. Output is the same for the same reports, byte for byte.
 *
 * Must not know: where reports come from. Read next: render_human.c, render_json.c, render_sarif.c.
 */
#ifndef IDL_DIAG_RENDER_H
#define IDL_DIAG_RENDER_H

#include "diag/diag.h"

#include <stdio.h>

typedef enum idl_format {
    IDL_FORMAT_HUMAN, /* excerpt and caret */
    IDL_FORMAT_GCC,   /* file:line:column: error: message [E0102] */
    IDL_FORMAT_JSON,
    IDL_FORMAT_SARIF, /* OASIS SARIF 2.1.0 */
} idl_format;

/* The names --diagnostics takes, in the order of the enum, NULL at the end. */
extern const char *const idl_format_names[];

void idl_diag_render(idl_diag *diag, idl_format format, bool use_color, FILE *out);

/* Each format in its file. */
void idl_render_human(idl_diag *diag, bool use_color, FILE *out);
void idl_render_gcc(idl_diag *diag, FILE *out);
void idl_render_json(idl_diag *diag, FILE *out);
void idl_render_sarif(idl_diag *diag, FILE *out);

/* "2 errors and 1 warning", or NULL when there is nothing to say. Lives in the arena. */
const char *idl_render_summary(idl_diag *diag);

#endif
