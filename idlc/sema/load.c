/* Files: follows imports, each file once, and puts imported files before those that import them.
 *
 * An import is looked for beside the file that names it, then in the -I folders. One file under two paths is one file
 * (front/source.h knows by device and inode). The walk keeps its own stack, so a long chain of imports is no deep
 * recursion. Must not know: what is in the files. Read next: declare.c.
 */
#include "sema/context.h"

#include "front/parse.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

typedef struct loader {
    idl_sema *sema;
    idl_unit **stack; /* the path of imports being followed */
    size_t depth, capacity;
    size_t n_files;
} loader;

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text);
    size_t k = strlen(end);
    return n >= k && strcmp(text + n - k, end) == 0;
}

/* "bank" for "x/bank.idl". */
static const char *stem_of(idl_sema *sema, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    size_t len = strlen(base);
    return idl_names_intern(&sema->sources->names, base, ends_with(base, ".idl") ? len - 4 : len);
}

static idl_unit *unit_of(loader *l, const idl_ast_file *ast, const char *path)
{
    idl_sema *sema = l->sema;
    idl_unit *known = idl_table_get(&sema->unit_of_source, idl_key_of(ast->source));
    if (known != NULL)
        return known;
    idl_unit *unit = idl_arena_alloc(sema->arena, sizeof *unit);
    idl_file *file = idl_arena_alloc(sema->arena, sizeof *file);
    file->source = ast->source;
    file->path = path;
    file->stem = stem_of(sema, path);
    file->doc = ast->doc == NULL ? NULL : ast->doc->text;
    unit->ast = ast;
    unit->file = file;
    unit->next_import = ast->imports;
    unit->edges = idl_arena_array(sema->arena, ast->n_imports, sizeof *unit->edges);
    (void)idl_table_put(sema->arena, &sema->unit_of_source, idl_key_of(ast->source), unit);
    l->n_files++;
    return unit;
}

static void push(loader *l, idl_unit *unit)
{
    l->stack = idl_arena_grow(l->sema->arena, l->stack, l->depth, &l->capacity, sizeof *l->stack);
    l->stack[l->depth++] = unit;
    unit->is_loading = true;
    unit->is_entered = true;
}

/* ---- finding the file ---- */

static const char *join_path(idl_sema *sema, const char *folder, size_t len, const char *path)
{
    if (len == 0)
        return path;
    const char *slash = folder[len - 1] == '/' ? "" : "/";
    return idl_arena_format(sema->arena, "%.*s%s%s", (int)len, folder, slash, path);
}

static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

static idl_open_result open_path(idl_sema *sema, const char *path, idl_source **ret_source)
{
    if (sema->options->open != NULL)
        return sema->options->open(sema->options->open_user, sema->sources, path, ret_source);
    return idl_source_open(sema->sources, path, ret_source);
}

/* The i-th place to look: beside the file, then each -I folder. NULL behind the last. */
static const char *candidate(idl_sema *sema, const idl_unit *unit, const char *path, size_t i)
{
    if (i == 0) {
        const char *from = unit->ast->source->path;
        return join_path(sema, from, folder_length(from), path);
    }
    if (i > sema->options->n_import_dirs)
        return NULL;
    const char *folder = sema->options->import_dirs[i - 1];
    return join_path(sema, folder, strlen(folder), path);
}

static void report_missing(idl_sema *sema, const idl_unit *unit, const idl_ast_import *import)
{
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_IMPORT_NOT_FOUND, import->path.span,
                                    "can't find '%s'", import->path.text);
    const char *path = NULL;
    for (size_t i = 0; (path = candidate(sema, unit, import->path.text, i)) != NULL; i++)
        idl_report_note(sema->diag, r, IDL_SPAN_NONE, "there is no '%s'", path);
    idl_report_help(sema->diag, r, "add the folder it lies in with -I");
}

static void report_unusable(idl_sema *sema, const idl_ast_import *import, const char *path,
                            idl_open_result result, int error)
{
    if (result == IDL_OPEN_TOO_LARGE) {
        idl_diag_report(sema->diag, IDL_DIAG_FILE_TOO_LARGE, import->path.span,
                        "'%s' is larger than 4 MiB", path);
        return;
    }
    idl_diag_report(sema->diag, IDL_DIAG_CANNOT_READ_FILE, import->path.span, "can't read '%s': %s",
                    path, strerror(error));
}

/* NULL after reporting. */
static idl_source *find_source(idl_sema *sema, const idl_unit *unit, const idl_ast_import *import)
{
    const char *path = NULL;
    for (size_t i = 0; (path = candidate(sema, unit, import->path.text, i)) != NULL; i++) {
        idl_source *source = NULL;
        errno = 0;
        idl_open_result result = open_path(sema, path, &source);
        if (result == IDL_OPEN_OK)
            return source;
        if (result != IDL_OPEN_MISSING) {
            report_unusable(sema, import, path, result, errno);
            return NULL;
        }
    }
    report_missing(sema, unit, import);
    return NULL;
}

/* ---- following an import ---- */

static const char *fault_of_path(const idl_ast_string *path)
{
    if (path->len == 0)
        return "an import needs a path";
    if (strlen(path->text) != path->len || strpbrk(path->text, "\\\n\r\t") != NULL)
        return "an import's path has '/' between its parts, and no control characters";
    if (path->text[0] == '/')
        return "an import's path is relative, so that the schema means the same everywhere";
    if (!ends_with(path->text, ".idl"))
        return "an import names a file that ends in '.idl'";
    return NULL;
}

static bool is_acceptable(loader *l, const idl_ast_import *import)
{
    idl_sema *sema = l->sema;
    const char *fault = fault_of_path(&import->path);
    if (fault != NULL) {
        idl_report *r =
            idl_diag_report(sema->diag, IDL_DIAG_BAD_IMPORT, import->path.span, "%s", fault);
        if (import->path.len > 0 && import->path.text[0] == '/')
            idl_report_help(sema->diag, r, "write the end of the path, and the folder with -I");
        return false;
    }
    if (l->n_files >= IDL_SEMA_MAX_FILES) {
        idl_diag_report(sema->diag, IDL_DIAG_TOO_MANY_FILES, import->path.span,
                        "one run reads at most %u files", IDL_SEMA_MAX_FILES);
        return false;
    }
    return true;
}

/* `to` is on the path already: says so with every step of the way round. */
static void report_cycle(loader *l, const idl_unit *to)
{
    idl_unit *last = l->stack[l->depth - 1];
    idl_report *r = idl_diag_report(l->sema->diag, IDL_DIAG_IMPORT_CYCLE, last->followed->path.span,
                                    "importing '%s' here closes a cycle", to->file->path);
    size_t from = 0;
    while (l->stack[from] != to)
        from++;
    for (; from + 1 < l->depth; from++)
        idl_report_note(l->sema->diag, r, l->stack[from]->followed->path.span, "'%s' imports '%s'",
                        l->stack[from]->file->path, l->stack[from + 1]->file->path);
    if (last != to)
        idl_report_note(l->sema->diag, r, last->followed->path.span, "'%s' imports '%s' again",
                        last->file->path, to->file->path);
    idl_report_help(l->sema->diag, r, "move what both need into a third file");
}

static void warn_twice(idl_sema *sema, const idl_ast_import *import, const idl_edge *first)
{
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_DUPLICATE_IMPORT, import->span,
                                    "'%s' is imported already", import->path.text);
    idl_report_note(sema->diag, r, first->ast->span, "first imported here");
    idl_report_edit(sema->diag, r, import->span, "", IDL_EDIT_SAFE);
}

static void add_edge(idl_sema *sema, idl_unit *unit, const idl_ast_import *import, idl_unit *to)
{
    idl_edge *edge = &unit->edges[unit->n_edges];
    *edge = (idl_edge){ .unit = to, .ast = import, .is_used = to->is_loading };
    const idl_edge *first = idl_table_put(sema->arena, &unit->edge_of, idl_key_of(to), edge);
    if (first != NULL)
        warn_twice(sema, import, first);
    else
        unit->n_edges++;
}

static void follow(loader *l, idl_unit *unit, const idl_ast_import *import)
{
    idl_sema *sema = l->sema;
    idl_source *source = is_acceptable(l, import) ? find_source(sema, unit, import) : NULL;
    if (source == NULL) {
        unit->has_failed_import = true;
        return;
    }
    idl_unit *known = idl_table_get(&sema->unit_of_source, idl_key_of(source));
    idl_unit *to =
        known != NULL ? known
                      : unit_of(l, idl_parse(sema->sources, source, sema->diag), import->path.text);
    if (to->is_loading)
        report_cycle(l, to);
    add_edge(sema, unit, import, to);
    if (!to->is_entered)
        push(l, to);
}

static void finish(loader *l, idl_unit *unit)
{
    idl_sema *sema = l->sema;
    idl_file *file = unit->file;
    const idl_file **imports = idl_arena_array(sema->arena, unit->n_edges, sizeof *imports);
    const char **paths = idl_arena_array(sema->arena, unit->n_edges, sizeof *paths);
    for (size_t i = 0; i < unit->n_edges; i++) {
        imports[i] = unit->edges[i].unit->file;
        paths[i] = unit->edges[i].ast->path.text;
    }
    file->imports = imports;
    file->import_paths = paths;
    file->n_imports = unit->n_edges;
    unit->is_loading = false;
    sema->units = idl_arena_grow(sema->arena, sema->units, sema->n_units, &sema->units_capacity,
                                 sizeof *sema->units);
    sema->units[sema->n_units++] = unit;
    l->depth--;
}

static void walk_from(loader *l, idl_unit *root)
{
    push(l, root);
    while (l->depth > 0) {
        idl_unit *unit = l->stack[l->depth - 1];
        const idl_ast_import *import = unit->next_import;
        if (import == NULL) {
            finish(l, unit);
            continue;
        }
        unit->followed = import;
        unit->next_import = import->next;
        follow(l, unit, import);
    }
}

bool idl_pass_load(idl_sema *sema, const idl_ast_file *const *roots, size_t n_roots)
{
    loader l = { .sema = sema };
    sema->roots = idl_arena_array(sema->arena, n_roots, sizeof(idl_unit *));
    /* All of them first, so that one that another imports is not parsed again. */
    for (size_t i = 0; i < n_roots; i++) {
        idl_unit *root = unit_of(&l, roots[i], roots[i]->source->path);
        if (!root->is_root)
            sema->roots[sema->n_roots++] = root;
        root->is_root = true;
    }
    for (size_t i = 0; i < sema->n_roots; i++) {
        if (!sema->roots[i]->is_entered)
            walk_from(&l, sema->roots[i]);
    }
    return !idl_diag_is_full(sema->diag);
}
