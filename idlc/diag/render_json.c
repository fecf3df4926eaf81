/* For tools: one JSON object. Lines and columns count from 1, columns in code points; `start` and `end`
 * are byte offsets, which is what an edit is applied to.
 */
#include "diag/json.h"
#include "diag/render.h"

static void put_place(idl_json *json, idl_diag *diag, const char *key, idl_span span)
{
    idl_source *source = idl_source_of(diag->sources, span);
    if (source == NULL)
        return;
    idl_place start = idl_source_locate(diag->sources, source, span.start);
    idl_place end = idl_source_locate(diag->sources, source, span.end);
    idl_json_begin_object(json, key);
    idl_json_string(json, "file", source->path);
    idl_json_number(json, "line", start.line);
    idl_json_number(json, "column", start.column);
    idl_json_number(json, "end_line", end.line);
    idl_json_number(json, "end_column", end.column);
    idl_json_number(json, "start", span.start - source->base);
    idl_json_number(json, "end", span.end - source->base);
    idl_json_end_object(json);
}

static void put_notes(idl_json *json, idl_diag *diag, const idl_report *report)
{
    idl_json_begin_array(json, "notes");
    for (const idl_diag_note *note = report->notes; note != NULL; note = note->next) {
        idl_json_begin_object(json, NULL);
        idl_json_string(json, "message", note->message);
        put_place(json, diag, "place", note->span);
        idl_json_end_object(json);
    }
    idl_json_end_array(json);
}

static void put_edits(idl_json *json, idl_diag *diag, const idl_report *report)
{
    idl_json_begin_array(json, "edits");
    for (const idl_diag_edit *edit = report->edits; edit != NULL; edit = edit->next) {
        idl_json_begin_object(json, NULL);
        put_place(json, diag, "place", edit->span);
        idl_json_string(json, "text", edit->text);
        idl_json_bool(json, "safe", edit->applicability == IDL_EDIT_SAFE);
        idl_json_end_object(json);
    }
    idl_json_end_array(json);
}

static void put_report(idl_json *json, idl_diag *diag, const idl_report *report)
{
    const idl_diag_info *info = idl_diag_info_of(report->id);
    idl_json_begin_object(json, NULL);
    idl_json_string(json, "id", info->id);
    idl_json_string(json, "name", info->slug);
    idl_json_string(json, "severity", report->severity == IDL_SEVERITY_ERROR ? "error" : "warning");
    idl_json_string(json, "message", report->message);
    put_place(json, diag, "place", report->span);
    if (report->label != NULL)
        idl_json_string(json, "label", report->label);
    if (report->help != NULL)
        idl_json_string(json, "help", report->help);
    put_notes(json, diag, report);
    put_edits(json, diag, report);
    idl_json_end_object(json);
}

void idl_render_json(idl_diag *diag, FILE *out)
{
    idl_json json = { .out = out };
    idl_json_begin_object(&json, NULL);
    idl_json_number(&json, "errors", diag->n_errors);
    idl_json_number(&json, "warnings", diag->n_warnings);
    idl_json_number(&json, "not_shown", diag->n_dropped);
    idl_json_begin_array(&json, "diagnostics");
    for (size_t i = 0; i < diag->count; i++)
        put_report(&json, diag, diag->reports[i]);
    idl_json_end_array(&json);
    idl_json_end_object(&json);
}
