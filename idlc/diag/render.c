/* Choice of format, the summary, and gcc's form, which is too small for a file of its own. */
#include "diag/render.h"

const char *const idl_format_names[] = { "human", "gcc", "json", "sarif", NULL };

void idl_diag_render(idl_diag *diag, idl_format format, bool use_color, FILE *out)
{
    switch (format) {
    case IDL_FORMAT_HUMAN: idl_render_human(diag, use_color, out); break;
    case IDL_FORMAT_GCC: idl_render_gcc(diag, out); break;
    case IDL_FORMAT_JSON: idl_render_json(diag, out); break;
    case IDL_FORMAT_SARIF: idl_render_sarif(diag, out); break;
    }
}

static const char *count_text(idl_diag *diag, size_t count, const char *what)
{
    return idl_arena_format(&diag->sources->arena, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

const char *idl_render_summary(idl_diag *diag)
{
    const char *errors = count_text(diag, diag->n_errors, "error");
    const char *warnings = count_text(diag, diag->n_warnings, "warning");
    const char *kept = errors;
    if (diag->n_errors == 0 && diag->n_warnings == 0)
        return NULL;
    if (diag->n_errors == 0)
        kept = warnings;
    else if (diag->n_warnings != 0)
        kept = idl_arena_format(&diag->sources->arena, "%s and %s", errors, warnings);
    if (diag->n_dropped == 0)
        return kept;
    return idl_arena_format(&diag->sources->arena, "%s; stopped there, %zu more are not shown",
                            kept, diag->n_dropped);
}

/* ---- gcc ---- */

static void print_place(idl_diag *diag, idl_span span, FILE *out)
{
    idl_source *source = idl_source_of(diag->sources, span);
    if (source == NULL) {
        fputs("idlc: ", out);
        return;
    }
    idl_place place = idl_source_locate(diag->sources, source, span.start);
    fprintf(out, "%s:%u:%u: ", source->path, place.line, place.column);
}

void idl_render_gcc(idl_diag *diag, FILE *out)
{
    for (size_t i = 0; i < diag->count; i++) {
        const idl_report *report = diag->reports[i];
        print_place(diag, report->span, out);
        fprintf(out, "%s: %s [%s]\n", report->severity == IDL_SEVERITY_ERROR ? "error" : "warning",
                report->message, idl_diag_info_of(report->id)->id);
        for (const idl_diag_note *note = report->notes; note != NULL; note = note->next) {
            print_place(diag, idl_span_is_none(note->span) ? report->span : note->span, out);
            fprintf(out, "note: %s\n", note->message);
        }
        if (report->help != NULL) {
            print_place(diag, report->span, out);
            fprintf(out, "note: %s\n", report->help);
        }
    }
}
