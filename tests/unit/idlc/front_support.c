#include "front_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bed *bed_empty(void)
{
    bed *b = calloc(1, sizeof *b);
    assert_non_null(b);
    idl_sources_init(&b->sources);
    idl_diag_init(&b->diag, &b->sources);
    return b;
}

bed *bed_parse_bytes(const char *text, size_t len)
{
    bed *b = bed_empty();
    idl_source *source;
    assert_int_equal(idl_source_from_memory(&b->sources, "t.idl", text, len, &source), IDL_OPEN_OK);
    b->file = idl_parse(&b->sources, source, &b->diag);
    idl_diag_sort(&b->diag);
    return b;
}

bed *bed_parse(const char *text)
{
    return bed_parse_bytes(text, strlen(text));
}

void bed_done(bed *b)
{
    idl_sources_deinit(&b->sources);
    free(b);
}

const char *bed_found(bed *b)
{
    const char *found = "";
    for (size_t i = 0; i < b->diag.count; i++) {
        const idl_report *report = b->diag.reports[i];
        idl_source *source = idl_source_of(&b->sources, report->span);
        idl_place place = { 0, 0 };
        if (source != NULL)
            place = idl_source_locate(&b->sources, source, report->span.start);
        found = idl_arena_format(&b->sources.arena, "%s%s%s %u:%u", found, i == 0 ? "" : ", ",
                                 idl_diag_info_of(report->id)->id, place.line, place.column);
    }
    return found;
}

void assert_finds(const char *text, const char *wanted)
{
    bed *b = bed_parse(text);
    assert_string_equal(bed_found(b), wanted);
    bed_done(b);
}

const idl_report *bed_report(bed *b, size_t index)
{
    assert_true(index < b->diag.count);
    return b->diag.reports[index];
}

const idl_ast_decl *bed_decl(const bed *b, const char *name)
{
    for (const idl_ast_decl *decl = b->file->decls.first; decl != NULL; decl = decl->next) {
        if (decl->name.text != NULL && strcmp(decl->name.text, name) == 0)
            return decl;
    }
    fail_msg("no declaration '%s'", name);
    return NULL;
}

const idl_ast_field *bed_field(const idl_ast_decl *decl, const char *name)
{
    for (const idl_ast_field *field = decl->fields.first; field != NULL; field = field->next) {
        if (strcmp(field->name.text, name) == 0)
            return field;
    }
    fail_msg("no field '%s'", name);
    return NULL;
}

const idl_ast_method *bed_method(const idl_ast_decl *decl, const char *name)
{
    for (const idl_ast_method *method = decl->methods.first; method != NULL;
         method = method->next) {
        if (strcmp(method->name.text, name) == 0)
            return method;
    }
    fail_msg("no method '%s'", name);
    return NULL;
}

const char *bed_rendered(bed *b, idl_format format, bool use_color)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    idl_diag_sort(&b->diag);
    idl_diag_render(&b->diag, format, use_color, out);
    assert_int_equal(fclose(out), 0);
    const char *copy = idl_arena_copy(&b->sources.arena, text, len);
    free(text);
    return copy;
}
