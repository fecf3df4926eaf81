/* For code hosts and editors: a SARIF 2.1.0 log (OASIS, sections 3.13 to 3.57).
 *
 * One run, the rules that were broken, and a result for each report. Regions carry lines and columns in
 * code points, which `columnKind` says.
 */
#include "diag/json.h"
#include "diag/render.h"

#include <coax/version.h>

#include <ctype.h>
#include <string.h>

/* A path as a URI reference (RFC 3986): everything but unreserved characters and '/' is escaped. */
static const char *uri_of(idl_diag *diag, const char *path)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t len = strlen(path);
    char *uri = idl_arena_array(&diag->sources->arena, len + 1, 3);
    size_t used = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)path[i];
        if ((c < 0x80 && isalnum(c)) || strchr("-._~/", c) != NULL) {
            uri[used++] = (char)c;
            continue;
        }
        uri[used++] = '%';
        uri[used++] = hex[c >> 4];
        uri[used++] = hex[c & 15];
    }
    return uri;
}

static void put_text(idl_json *json, const char *key, const char *text)
{
    idl_json_begin_object(json, key);
    idl_json_string(json, "text", text);
    idl_json_end_object(json);
}

static void put_region(idl_json *json, idl_diag *diag, const char *key, idl_span span)
{
    idl_source *source = idl_source_of(diag->sources, span);
    if (source == NULL)
        return;
    idl_place start = idl_source_locate(diag->sources, source, span.start);
    idl_place end = idl_source_locate(diag->sources, source, span.end);
    idl_json_begin_object(json, key);
    idl_json_number(json, "startLine", start.line);
    idl_json_number(json, "startColumn", start.column);
    idl_json_number(json, "endLine", end.line);
    idl_json_number(json, "endColumn", end.column);
    idl_json_end_object(json);
}

static void put_artifact(idl_json *json, idl_diag *diag, idl_span span)
{
    idl_source *source = idl_source_of(diag->sources, span);
    idl_json_begin_object(json, "artifactLocation");
    idl_json_string(json, "uri", uri_of(diag, source->path));
    idl_json_end_object(json);
}

static void put_location(idl_json *json, idl_diag *diag, idl_span span, const char *message)
{
    idl_json_begin_object(json, NULL);
    idl_json_begin_object(json, "physicalLocation");
    put_artifact(json, diag, span);
    put_region(json, diag, "region", span);
    idl_json_end_object(json);
    if (message != NULL)
        put_text(json, "message", message);
    idl_json_end_object(json);
}

static void put_related(idl_json *json, idl_diag *diag, const idl_report *report)
{
    idl_json_begin_array(json, "relatedLocations");
    for (const idl_diag_note *note = report->notes; note != NULL; note = note->next) {
        if (!idl_span_is_none(note->span))
            put_location(json, diag, note->span, note->message);
    }
    idl_json_end_array(json);
}

/* Edits are proposals to a viewer, so the uncertain ones go out too. One fix holds them all: they belong
 * together. */
static void put_fixes(idl_json *json, idl_diag *diag, const idl_report *report)
{
    if (report->edits == NULL)
        return;
    idl_json_begin_array(json, "fixes");
    idl_json_begin_object(json, NULL);
    put_text(json, "description", report->help != NULL ? report->help : report->message);
    idl_json_begin_array(json, "artifactChanges");
    for (const idl_diag_edit *edit = report->edits; edit != NULL; edit = edit->next) {
        idl_json_begin_object(json, NULL);
        put_artifact(json, diag, edit->span);
        idl_json_begin_array(json, "replacements");
        idl_json_begin_object(json, NULL);
        put_region(json, diag, "deletedRegion", edit->span);
        put_text(json, "insertedContent", edit->text);
        idl_json_end_object(json);
        idl_json_end_array(json);
        idl_json_end_object(json);
    }
    idl_json_end_array(json);
    idl_json_end_object(json);
    idl_json_end_array(json);
}

static void put_result(idl_json *json, idl_diag *diag, const idl_report *report)
{
    idl_json_begin_object(json, NULL);
    idl_json_string(json, "ruleId", idl_diag_info_of(report->id)->id);
    idl_json_string(json, "level", report->severity == IDL_SEVERITY_ERROR ? "error" : "warning");
    const char *message = report->message;
    if (report->help != NULL)
        message = idl_arena_format(&diag->sources->arena, "%s (%s)", message, report->help);
    put_text(json, "message", message);
    idl_json_begin_array(json, "locations");
    if (!idl_span_is_none(report->span))
        put_location(json, diag, report->span, report->label);
    idl_json_end_array(json);
    put_related(json, diag, report);
    put_fixes(json, diag, report);
    idl_json_end_object(json);
}

static void put_rule(idl_json *json, const idl_diag_info *info)
{
    idl_json_begin_object(json, NULL);
    idl_json_string(json, "id", info->id);
    idl_json_string(json, "name", info->slug);
    put_text(json, "shortDescription", info->summary);
    put_text(json, "fullDescription", info->explain);
    idl_json_begin_object(json, "defaultConfiguration");
    idl_json_string(json, "level", info->severity == IDL_SEVERITY_ERROR ? "error" : "warning");
    idl_json_end_object(json);
    idl_json_end_object(json);
}

static void put_rules(idl_json *json, const idl_diag *diag)
{
    bool is_used[IDL_DIAG_COUNT] = { false };
    for (size_t i = 0; i < diag->count; i++)
        is_used[diag->reports[i]->id] = true;
    idl_json_begin_array(json, "rules");
    for (size_t id = 0; id < IDL_DIAG_COUNT; id++) {
        if (is_used[id])
            put_rule(json, idl_diag_info_of((idl_diag_id)id));
    }
    idl_json_end_array(json);
}

void idl_render_sarif(idl_diag *diag, FILE *out)
{
    idl_json json = { .out = out };
    idl_json_begin_object(&json, NULL);
    idl_json_string(&json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    idl_json_string(&json, "version", "2.1.0");
    idl_json_begin_array(&json, "runs");
    idl_json_begin_object(&json, NULL);
    idl_json_begin_object(&json, "tool");
    idl_json_begin_object(&json, "driver");
    idl_json_string(&json, "name", "idlc");
    idl_json_string(&json, "version", COAX_VERSION);
    put_rules(&json, diag);
    idl_json_end_object(&json);
    idl_json_end_object(&json);
    idl_json_string(&json, "columnKind", "unicodeCodePoints");
    idl_json_begin_array(&json, "results");
    for (size_t i = 0; i < diag->count; i++)
        put_result(&json, diag, diag->reports[i]);
    idl_json_end_array(&json);
    idl_json_end_object(&json);
    idl_json_end_array(&json);
    idl_json_end_object(&json);
}
