/* From operands to a model. Read next: front/parse.h, sema/sema.h. */
#include "compile.h"

#include "diag/suggest.h"
#include "front/parse.h"
#include "sema/sema.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_COLOR = 1000, KEY_DIAGNOSTICS, KEY_WERROR };

const idl_option idl_compile_options[] = {
    { "-I", "DIR", "look for imports in DIR too; may be repeated", 'I' },
    { "-W", NULL, "warn of lists, strings and maps without an upper bound", 'W' },
    { "-Werror", NULL, "take warnings for errors", KEY_WERROR },
    { "--diagnostics", "FORMAT", "human (the default), gcc, json or sarif", KEY_DIAGNOSTICS },
    { "--color", "WHEN", "auto (the default: on a terminal, unless NO_COLOR), always or never",
      KEY_COLOR },
    { NULL, NULL, NULL, 0 },
};

static const char *const color_names[] = { "auto", "always", "never", NULL };

void idl_compile_init(idl_compile *c)
{
    *c =
        (idl_compile){ .format = IDL_FORMAT_HUMAN, .color = IDL_COLOR_AUTO, .machine_out = stderr };
    idl_sources_init(&c->sources);
    idl_diag_init(&c->diag, &c->sources);
}

static void add_word(idl_compile *c, const char ***words, size_t *count, size_t *capacity,
                     const char *word)
{
    *words = idl_arena_grow(&c->sources.arena, *words, *count, capacity, sizeof **words);
    (*words)[(*count)++] = word;
}

/* The index of a value in a list of names, reported when it is in none; then the default stays. */
static int choose(idl_compile *c, const char *option, const char *value, const char *const *names,
                  int otherwise)
{
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], value) == 0)
            return i;
    }
    idl_report *r = idl_diag_report(&c->diag, IDL_DIAG_BAD_OPTION_VALUE, IDL_SPAN_NONE,
                                    "'%s' can't be '%s'", option, value);
    const char *nearest = idl_suggest_among(value, names);
    if (nearest != NULL)
        idl_report_help(&c->diag, r, "did you mean '%s'?", nearest);
    else if (names == color_names)
        idl_report_help(&c->diag, r, "it is auto, always or never");
    else
        idl_report_help(&c->diag, r, "it is human, gcc, json or sarif");
    return otherwise;
}

void idl_compile_take_option(idl_compile *c, int key, const char *value)
{
    switch (key) {
    case IDL_ARGS_OPERAND: add_word(c, &c->files, &c->n_files, &c->file_capacity, value); break;
    case 'I': add_word(c, &c->import_dirs, &c->n_import_dirs, &c->import_capacity, value); break;
    case 'W': c->warn_unbounded = true; break;
    case KEY_WERROR: c->diag.warnings_are_errors = true; break;
    case KEY_DIAGNOSTICS:
        c->format = (idl_format)choose(c, "--diagnostics", value, idl_format_names, (int)c->format);
        break;
    case KEY_COLOR:
        c->color = (idl_color)choose(c, "--color", value, color_names, (int)c->color);
        break;
    default: break;
    }
}

static bool open_file(idl_compile *c, const char *path, idl_source **ret_source)
{
    switch (idl_source_open(&c->sources, path, ret_source)) {
    case IDL_OPEN_OK: return true;
    case IDL_OPEN_TOO_LARGE: {
        idl_report *r = idl_diag_report(&c->diag, IDL_DIAG_FILE_TOO_LARGE, IDL_SPAN_NONE,
                                        "'%s' is larger than 4 MiB", path);
        idl_report_help(&c->diag, r, "is it a schema? A real one can be split and imported");
        return false;
    }
    case IDL_OPEN_MISSING:
    case IDL_OPEN_UNREADABLE: break;
    }
    idl_diag_report(&c->diag, IDL_DIAG_CANNOT_READ_FILE, IDL_SPAN_NONE, "can't read '%s': %s", path,
                    strerror(errno));
    return false;
}

static bool is_known(const idl_ast_file *const *roots, size_t count, const idl_source *source)
{
    for (size_t i = 0; i < count; i++) {
        if (roots[i]->source == source)
            return true;
    }
    return false;
}

/* Every file that opens is parsed, whatever became of the others. A file named twice is read once. */
static const idl_ast_file **parse_all(idl_compile *c, size_t *ret_count)
{
    const idl_ast_file **roots =
        idl_arena_array(&c->sources.arena, c->n_files, sizeof(idl_ast_file *));
    size_t count = 0;
    for (size_t i = 0; i < c->n_files; i++) {
        idl_source *source;
        if (!open_file(c, c->files[i], &source) || is_known(roots, count, source))
            continue;
        roots[count++] = idl_parse(&c->sources, source, &c->diag);
    }
    *ret_count = count;
    return roots;
}

bool idl_compile_run(idl_compile *c)
{
    if (c->n_files == 0) {
        idl_diag_report(&c->diag, IDL_DIAG_BAD_OPERANDS, IDL_SPAN_NONE, "no schema file is named");
        return false;
    }
    size_t n_roots;
    const idl_ast_file **roots = parse_all(c, &n_roots);
    idl_sema_options options = {
        .import_dirs = c->import_dirs,
        .n_import_dirs = c->n_import_dirs,
        .warn_unbounded = c->warn_unbounded,
    };
    return idl_sema_run(&c->sources, &c->diag, roots, n_roots, &options, &c->model) &&
           c->diag.n_errors == 0;
}

void idl_compile_write_failed(idl_compile *c, const char *path, int reason)
{
    idl_diag_report(&c->diag, IDL_DIAG_CANNOT_WRITE_FILE, IDL_SPAN_NONE, "can't write '%s': %s",
                    path, strerror(reason));
}

/* https://no-color.org: any value but the empty one says no. */
static bool wants_color(const idl_compile *c)
{
    if (c->color != IDL_COLOR_AUTO)
        return c->color == IDL_COLOR_ALWAYS;
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if ((no_color != NULL && no_color[0] != '\0') || term == NULL || strcmp(term, "dumb") == 0)
        return false;
    return isatty(STDERR_FILENO) == 1;
}

int idl_compile_status(const idl_compile *c)
{
    int status = IDL_EXIT_OK;
    for (size_t i = 0; i < c->diag.count; i++) {
        const idl_report *report = c->diag.reports[i];
        if (report->severity != IDL_SEVERITY_ERROR)
            continue;
        if (idl_span_is_none(report->span))
            return IDL_EXIT_USAGE;
        status = IDL_EXIT_SCHEMA;
    }
    return status;
}

int idl_compile_finish(idl_compile *c)
{
    int status = idl_compile_status(c);
    bool is_machine = c->format == IDL_FORMAT_JSON || c->format == IDL_FORMAT_SARIF;
    idl_diag_sort(&c->diag);
    idl_diag_render(&c->diag, c->format, wants_color(c), is_machine ? c->machine_out : stderr);
    idl_sources_deinit(&c->sources);
    c->model = NULL;
    return status;
}
