/* The sink: keeps reports, drops echoes, sorts. Read next: suggest.c, render.c. */
#include "diag/diag.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const idl_diag_info registry[] = {
#define ERROR IDL_SEVERITY_ERROR
#define WARNING IDL_SEVERITY_WARNING
#define IDL_DIAG(id, name, slug, severity, summary, explain, bad, good)                            \
    { #id, slug, severity, summary, explain, bad, good },
#include "diag/diag.def"
#undef IDL_DIAG
#undef WARNING
#undef ERROR
};

void idl_diag_init(idl_diag *diag, idl_sources *sources)
{
    *diag = (idl_diag){ .sources = sources };
}

/* One mistake should not be reported twice because two passes tripped over it. Warnings don't
 * count: an error must not hide behind one. */
static bool is_echo(const idl_diag *diag, idl_span span)
{
    if (idl_span_is_none(span))
        return false;
    for (size_t i = 0; i < diag->count; i++) {
        const idl_report *known = diag->reports[i];
        if (known->severity == IDL_SEVERITY_ERROR && known->span.start == span.start &&
            known->span.end == span.end)
            return true;
    }
    return false;
}

/* Says whether there is room, and counts the report where it belongs. */
static bool admit(idl_diag *diag, idl_severity severity, idl_span span)
{
    if (severity == IDL_SEVERITY_ERROR && is_echo(diag, span))
        return false;
    bool has_room = severity == IDL_SEVERITY_ERROR ? diag->n_errors < IDL_DIAG_MAX_ERRORS
                                                   : diag->n_warnings < IDL_DIAG_MAX_WARNINGS;
    if (!has_room) {
        diag->n_dropped++;
        return false;
    }
    if (severity == IDL_SEVERITY_ERROR)
        diag->n_errors++;
    else
        diag->n_warnings++;
    return true;
}

idl_report *idl_diag_report(idl_diag *diag, idl_diag_id id, idl_span span, const char *format, ...)
{
    idl_severity severity = registry[id].severity;
    if (diag->warnings_are_errors)
        severity = IDL_SEVERITY_ERROR;
    if (!admit(diag, severity, span)) {
        diag->discard = (idl_report){ .id = id };
        return &diag->discard;
    }
    idl_arena *arena = &diag->sources->arena;
    diag->reports =
        idl_arena_grow(arena, diag->reports, diag->count, &diag->capacity, sizeof(idl_report *));
    idl_report *report = idl_arena_alloc(arena, sizeof *report);
    report->id = id;
    report->severity = severity;
    report->span = span;
    report->order = diag->count;
    va_list args;
    va_start(args, format);
    report->message = idl_arena_vformat(arena, format, args);
    va_end(args);
    diag->reports[diag->count++] = report;
    return report;
}

void idl_report_label(idl_diag *diag, idl_report *report, const char *format, ...)
{
    if (report == &diag->discard)
        return;
    va_list args;
    va_start(args, format);
    report->label = idl_arena_vformat(&diag->sources->arena, format, args);
    va_end(args);
}

void idl_report_note(idl_diag *diag, idl_report *report, idl_span span, const char *format, ...)
{
    if (report == &diag->discard)
        return;
    idl_diag_note *note = idl_arena_alloc(&diag->sources->arena, sizeof *note);
    note->span = span;
    va_list args;
    va_start(args, format);
    note->message = idl_arena_vformat(&diag->sources->arena, format, args);
    va_end(args);
    idl_diag_note **end = &report->notes;
    while (*end != NULL)
        end = &(*end)->next;
    *end = note;
}

void idl_report_help(idl_diag *diag, idl_report *report, const char *format, ...)
{
    if (report == &diag->discard)
        return;
    va_list args;
    va_start(args, format);
    report->help = idl_arena_vformat(&diag->sources->arena, format, args);
    va_end(args);
}

void idl_report_edit(idl_diag *diag, idl_report *report, idl_span span, const char *text,
                     idl_applicability applicability)
{
    if (report == &diag->discard)
        return;
    idl_diag_edit *edit = idl_arena_alloc(&diag->sources->arena, sizeof *edit);
    edit->span = span;
    edit->text = idl_arena_copy(&diag->sources->arena, text, strlen(text));
    edit->applicability = applicability;
    idl_diag_edit **end = &report->edits;
    while (*end != NULL)
        end = &(*end)->next;
    *end = edit;
}

bool idl_diag_is_full(const idl_diag *diag)
{
    return diag->n_errors >= IDL_DIAG_MAX_ERRORS;
}

/* Without a place first: what is wrong with the command line explains the rest. */
static int compare_reports(const void *left, const void *right)
{
    const idl_report *a = *(const idl_report *const *)left;
    const idl_report *b = *(const idl_report *const *)right;
    /* No place, UINT32_MAX, wraps to 0. Positions are in the order the files were opened in. */
    uint32_t a_start = a->span.start + 1;
    uint32_t b_start = b->span.start + 1;
    if (a_start != b_start)
        return a_start < b_start ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

void idl_diag_sort(idl_diag *diag)
{
    if (diag->count > 1)
        qsort(diag->reports, diag->count, sizeof(idl_report *), compare_reports);
}

const idl_diag_info *idl_diag_info_of(idl_diag_id id)
{
    return &registry[id];
}

static bool equal_ignoring_case(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++) {
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
    }
    return *a == *b;
}

bool idl_diag_is_retired(const idl_diag_info *info)
{
    return strcmp(info->summary, "retired") == 0;
}

const idl_diag_info *idl_diag_info_find(const char *id_or_slug)
{
    for (size_t i = 0; i < IDL_DIAG_COUNT; i++) {
        if (equal_ignoring_case(registry[i].id, id_or_slug) ||
            equal_ignoring_case(registry[i].slug, id_or_slug))
            return &registry[i];
    }
    return NULL;
}
