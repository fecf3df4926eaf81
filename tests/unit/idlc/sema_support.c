#include "sema_support.h"

#include <stdlib.h>
#include <string.h>

sema_bed *sema_empty(void)
{
    sema_bed *b = calloc(1, sizeof *b);
    assert_non_null(b);
    idl_sources_init(&b->sources);
    idl_diag_init(&b->diag, &b->sources);
    b->n_roots = 1;
    return b;
}

void sema_add_file(sema_bed *b, const char *path, const char *text)
{
    assert_true(b->n_files < SEMA_BED_MAX_FILES);
    b->files[b->n_files++] = (sema_file){ .path = path, .text = text, .len = strlen(text) };
}

static idl_open_result open_known(void *user, idl_sources *sources, const char *path,
                                  idl_source **ret_source)
{
    sema_bed *b = user;
    for (size_t i = 0; i < b->n_files; i++) {
        sema_file *file = &b->files[i];
        if (strcmp(file->path, path) != 0)
            continue;
        if (file->source == NULL)
            assert_int_equal(
                idl_source_from_memory(sources, path, file->text, file->len, &file->source),
                IDL_OPEN_OK);
        *ret_source = file->source;
        return IDL_OPEN_OK;
    }
    return IDL_OPEN_MISSING;
}

void sema_run(sema_bed *b)
{
    const idl_ast_file *roots[SEMA_BED_MAX_FILES];
    for (size_t i = 0; i < b->n_roots; i++) {
        idl_source *source = NULL;
        const sema_file *file = &b->files[b->n_files - b->n_roots + i];
        assert_int_equal(open_known(b, &b->sources, file->path, &source), IDL_OPEN_OK);
        roots[i] = idl_parse(&b->sources, source, &b->diag);
    }
    static const char *const dirs[] = { "inc" };
    idl_sema_options options = { .import_dirs = dirs,
                                 .n_import_dirs = 1,
                                 .warn_unbounded = b->warn_unbounded,
                                 .open = open_known,
                                 .open_user = b };
    bool is_good = idl_sema_run(&b->sources, &b->diag, roots, b->n_roots, &options, &b->model);
    assert_true(is_good == (b->model != NULL));
    assert_true(is_good == (b->diag.n_errors == 0));
    idl_diag_sort(&b->diag);
}

static const char marker[] = "// file: ";

/* Cuts a text at its markers. */
static void add_files(sema_bed *b, const char *text)
{
    if (strncmp(text, marker, sizeof marker - 1) != 0) {
        sema_add_file(b, "t.idl", text);
        return;
    }
    while (*text != '\0') {
        const char *name = text + sizeof marker - 1;
        const char *end = strchr(name, '\n');
        assert_non_null(end);
        const char *next = strstr(end, marker);
        size_t len = next == NULL ? strlen(end + 1) : (size_t)(next - end - 1);
        sema_add_file(b, idl_arena_copy(&b->sources.arena, name, (size_t)(end - name)),
                      idl_arena_copy(&b->sources.arena, end + 1, len));
        text = end + 1 + len;
    }
}

sema_bed *sema_compile(const char *text)
{
    sema_bed *b = sema_empty();
    add_files(b, text);
    sema_run(b);
    return b;
}

void sema_done(sema_bed *b)
{
    idl_sources_deinit(&b->sources);
    free(b);
}

const char *sema_found(sema_bed *b)
{
    const char *found = "";
    const char *root = b->files[b->n_files - 1].path;
    for (size_t i = 0; i < b->diag.count; i++) {
        const idl_report *report = b->diag.reports[i];
        idl_source *source = idl_source_of(&b->sources, report->span);
        assert_non_null(source); /* everything sema says has a place */
        idl_place place = idl_source_locate(&b->sources, source, report->span.start);
        bool is_root = strcmp(source->path, root) == 0;
        found = idl_arena_format(&b->sources.arena, "%s%s%s%s%s %u:%u", found, i == 0 ? "" : ", ",
                                 is_root ? "" : source->path, is_root ? "" : " ",
                                 idl_diag_info_of(report->id)->id, place.line, place.column);
    }
    return found;
}

void assert_sema_finds(const char *text, const char *wanted)
{
    sema_bed *b = sema_compile(text);
    if (strcmp(sema_found(b), wanted) != 0)
        fail_msg("found '%s', not '%s', in:\n%s", sema_found(b), wanted, text);
    sema_done(b);
}

void assert_struct_finds(const char *members, const char *wanted)
{
    idl_arena arena;
    idl_arena_init(&arena);
    assert_sema_finds(idl_arena_format(&arena, "namespace t; struct S {\n%s\n}\n", members),
                      wanted);
    idl_arena_deinit(&arena);
}

const idl_report *sema_report(sema_bed *b, size_t index)
{
    assert_true(index < b->diag.count);
    return b->diag.reports[index];
}

const idl_decl *sema_decl(const sema_bed *b, const char *name)
{
    assert_non_null(b->model);
    const idl_file *root = b->model->roots[b->model->n_roots - 1];
    for (size_t i = 0; i < root->n_decls; i++) {
        if (strcmp(root->decls[i]->name, name) == 0)
            return root->decls[i];
    }
    fail_msg("no declaration '%s'", name);
    return NULL;
}

const idl_field *sema_field(const idl_decl *decl, const char *name)
{
    for (size_t i = 0; i < decl->n_fields; i++) {
        if (strcmp(decl->fields[i].name, name) == 0)
            return &decl->fields[i];
    }
    fail_msg("no field '%s'", name);
    return NULL;
}

const idl_method *sema_method(const idl_decl *service, const char *name)
{
    for (size_t i = 0; i < service->n_methods; i++) {
        if (strcmp(service->methods[i].name, name) == 0)
            return &service->methods[i];
    }
    fail_msg("no method '%s'", name);
    return NULL;
}
