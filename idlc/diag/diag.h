/* Diagnostics: the only road from a finding to a person or a tool.
 *
 * A report has an id from the registry (diag.def), a message, a primary place, and may have notes
 * with their own places, one line of help, and edits a tool can apply. Reports are kept, sorted by
 * file and offset, and rendered once at the end.
 *
 * Manners: the message says what is wrong, then what would be right; names in single quotes; lower
 * case; no full stop. There is no second error on the very same span. After IDL_DIAG_MAX_ERRORS
 * errors the sink is full and passes should stop (idl_diag_is_full); further reports are counted
 * and dropped.
 *
 * Must not know: the grammar or the model. Read next: diag.def, render.h.
 */
#ifndef IDL_DIAG_DIAG_H
#define IDL_DIAG_DIAG_H

#include "front/source.h"

#include <stdbool.h>
#include <stddef.h>

#define IDL_DIAG_MAX_ERRORS 100
#define IDL_DIAG_MAX_WARNINGS 100

typedef enum idl_severity {
    IDL_SEVERITY_ERROR,
    IDL_SEVERITY_WARNING,
} idl_severity;

/* IDL_DIAG_MISSING_SEMICOLON and so on: one constant for each row of diag.def, in its order. */
typedef enum idl_diag_id {
#define IDL_DIAG(id, name, slug, severity, summary, explain, bad, good) IDL_DIAG_##name,
#include "diag/diag.def"
#undef IDL_DIAG
    IDL_DIAG_COUNT,
} idl_diag_id;

/* A row of the registry. */
typedef struct idl_diag_info {
    const char *id;   /* "E0102"; never reused, even when retired */
    const char *slug; /* "missing-semicolon" */
    idl_severity severity;
    const char *summary; /* one line, without the particulars */
    const char *explain; /* why it is refused, and the way out */
    const char *bad;     /* a schema (or command line) that earns exactly this id */
    const char *good;    /* the same, put right */
} idl_diag_info;

typedef enum idl_applicability {
    IDL_EDIT_SAFE,  /* means the same to everybody: tools may apply it unasked */
    IDL_EDIT_MAYBE, /* probably what was meant: a person should look */
} idl_applicability;

typedef struct idl_diag_note {
    struct idl_diag_note *next;
    idl_span span; /* may be IDL_SPAN_NONE */
    const char *message;
} idl_diag_note;

/* Replace the bytes of `span` (empty: insert) by `text` (empty: delete). */
typedef struct idl_diag_edit {
    struct idl_diag_edit *next;
    idl_span span;
    const char *text;
    idl_applicability applicability;
} idl_diag_edit;

typedef struct idl_report {
    idl_diag_id id;
    idl_severity severity;
    idl_span span;
    const char *message;
    const char *label; /* beside the caret; NULL: none */
    const char *help;  /* NULL: none */
    idl_diag_note *notes;
    idl_diag_edit *edits;
    size_t order; /* of arrival, so that sorting is stable */
} idl_report;

typedef struct idl_diag {
    idl_sources *sources; /* borrowed */
    idl_report **reports;
    size_t count;
    size_t capacity;
    size_t n_errors;   /* kept */
    size_t n_warnings; /* kept */
    size_t n_dropped;  /* over a cap */
    bool warnings_are_errors;
    idl_report discard; /* handed out for reports that are not kept */
} idl_diag;

/* `sources` must outlive the sink; memory is taken from its arena, so there is nothing to deinit.
 */
void idl_diag_init(idl_diag *diag, idl_sources *sources);

/* Adds a report with the severity of its id. Never NULL: what is not kept (same span as an earlier
 * error, or over the cap) gets a scratch report, so callers add notes without asking. */
idl_report *idl_diag_report(idl_diag *diag, idl_diag_id id, idl_span span, const char *format, ...)
    IDL_PRINTF(4, 5);

/* Adds to a report: words beside the caret; a second place; a line of help; an edit. */
void idl_report_label(idl_diag *diag, idl_report *report, const char *format, ...) IDL_PRINTF(3, 4);
void idl_report_note(idl_diag *diag, idl_report *report, idl_span span, const char *format, ...)
    IDL_PRINTF(4, 5);
void idl_report_help(idl_diag *diag, idl_report *report, const char *format, ...) IDL_PRINTF(3, 4);
void idl_report_edit(idl_diag *diag, idl_report *report, idl_span span, const char *text,
                     idl_applicability applicability);

/* No more errors will be kept: a pass may return. */
bool idl_diag_is_full(const idl_diag *diag);

/* Sorts by file and offset; call once, before rendering. */
void idl_diag_sort(idl_diag *diag);

/* The registry. */
const idl_diag_info *idl_diag_info_of(idl_diag_id id);

/* Nothing is reported with it any more: its row only keeps the number from being given to something else. */
bool idl_diag_is_retired(const idl_diag_info *info);

/* By "E0214" (any case) or by slug; NULL if there is none. */
const idl_diag_info *idl_diag_info_find(const char *id_or_slug);

#endif
