/*
 * `idlc c`: writes C for schemas, or says what would be written or what differs.
 *
 * Must not know: what the text looks like (emit/). Read next: emit/outfile.h.
 */
#include "cmd.h"
#include "compile.h"
#include "emit/emit.h"
#include "emit/outfile.h"

#include <errno.h>
#include <string.h>

enum { KEY_DEPFILE = 256, KEY_CHECK, KEY_LIST, KEY_NO_CLIENT, KEY_NO_SERVER };

typedef struct c_command {
    idl_compile compile;
    const char *folder; /* NULL: the current one */
    const char *depfile;
    bool is_check;
    bool is_list;
    bool no_client;
    bool no_server;
    size_t n_stale; /* outputs that --check found missing or different */
} c_command;

static bool is_wanted(const c_command *cmd, const idl_artefact *artefact)
{
    if (artefact->side == IDL_SIDE_CLIENT)
        return !cmd->no_client;
    if (artefact->side == IDL_SIDE_SERVER)
        return !cmd->no_server;
    return true;
}

/* "gen/bank_client.h" */
static const char *output_path(c_command *cmd, const char *stem, size_t stem_len,
                               const idl_artefact *artefact)
{
    const char *folder = cmd->folder != NULL ? cmd->folder : "";
    size_t len = strlen(folder);
    const char *slash = len > 0 && folder[len - 1] != '/' ? "/" : "";
    return idl_arena_format(&cmd->compile.sources.arena, "%s%s%.*s%s", folder, slash, (int)stem_len,
                            stem, artefact->suffix);
}

/* Names follow from the command line alone, so that a build can ask before the schemas are right. */
static void list_outputs(c_command *cmd)
{
    for (size_t i = 0; i < cmd->compile.n_files; i++) {
        const char *slash = strrchr(cmd->compile.files[i], '/');
        const char *stem = slash != NULL ? slash + 1 : cmd->compile.files[i];
        const char *dot = strrchr(stem, '.');
        size_t len = dot != NULL && dot != stem ? (size_t)(dot - stem) : strlen(stem);
        for (size_t k = 0; k < IDL_ARTEFACTS; k++)
            if (is_wanted(cmd, &idl_artefacts[k]))
                puts(output_path(cmd, stem, len, &idl_artefacts[k]));
    }
}

static void report_stale(c_command *cmd, const idl_outfile *file)
{
    idl_diag *diag = &cmd->compile.diag;
    cmd->n_stale++;
    if (file->is_missing) {
        idl_report *report = idl_diag_report(diag, IDL_DIAG_OUTPUT_DIFFERS, IDL_SPAN_NONE,
                                             "'%s' is missing", file->path);
        idl_report_help(diag, report, "run the same command without --check");
        return;
    }
    idl_report *report = idl_diag_report(diag, IDL_DIAG_OUTPUT_DIFFERS, IDL_SPAN_NONE,
                                         "'%s' is not what the schema says, from line %lu on",
                                         file->path, (unsigned long)file->line);
    idl_report_note(diag, report, IDL_SPAN_NONE, "the file has:   %s", file->there);
    idl_report_note(diag, report, IDL_SPAN_NONE, "it should have: %s", file->wanted);
    idl_report_help(diag, report, "run the same command without --check");
}

static void finish_output(c_command *cmd, idl_outfile *file)
{
    if (!idl_outfile_close(file))
        idl_compile_write_failed(&cmd->compile, file->path, file->error);
    else if (cmd->is_check && file->differs)
        report_stale(cmd, file);
}

static void write_artefact(c_command *cmd, const idl_plan_file *file, const idl_artefact *artefact)
{
    idl_outfile out;
    idl_printer printer;
    idl_arena scratch;
    const char *path = output_path(cmd, file->stem, strlen(file->stem), artefact);
    idl_arena_init(&scratch);
    idl_outfile_open(&out, &cmd->compile.sources.arena, path, cmd->is_check);
    idl_printer_init(&printer, idl_outfile_write, &out);
    idl_emit_run(artefact, file, &printer, &scratch);
    idl_printer_finish(&printer);
    idl_arena_deinit(&scratch);
    finish_output(cmd, &out);
}

/* A path as make reads it back: blanks, '#' and '$' are special there. */
static void print_make_path(idl_printer *p, const char *path)
{
    for (; *path != '\0'; path++) {
        if (*path == ' ' || *path == '\t' || *path == '#' || *path == '\\')
            idl_print_raw(p, "\\", 1);
        if (*path == '$')
            idl_print_raw(p, "$", 1);
        idl_print_raw(p, path, 1);
    }
}

/* "outputs: schemas", so that a build runs again when an imported file changed. */
static void write_depfile(c_command *cmd, const idl_plan *plan)
{
    idl_outfile out;
    idl_printer printer;
    idl_outfile_open(&out, &cmd->compile.sources.arena, cmd->depfile, false);
    idl_printer_init(&printer, idl_outfile_write, &out);
    for (size_t i = 0; i < plan->n_roots; i++)
        for (size_t k = 0; k < IDL_ARTEFACTS; k++) {
            if (!is_wanted(cmd, &idl_artefacts[k]))
                continue;
            const idl_plan_file *file = plan->roots[i];
            print_make_path(&printer,
                            output_path(cmd, file->stem, strlen(file->stem), &idl_artefacts[k]));
            idl_print_raw(&printer, " ", 1);
        }
    idl_print_raw(&printer, ":", 1);
    for (size_t i = 0; i < plan->n_files; i++) {
        idl_print_raw(&printer, " ", 1);
        print_make_path(&printer, plan->files[i].model->source->path);
    }
    idl_print_raw(&printer, "\n", 1);
    idl_printer_finish(&printer);
    finish_output(cmd, &out);
}

static void write_outputs(c_command *cmd)
{
    const idl_plan *plan = NULL;
    idl_compile *c = &cmd->compile;
    if (!idl_plan_make(&c->sources.arena, &c->diag, c->model, &plan))
        return;
    if (cmd->folder != NULL && !cmd->is_check &&
        !idl_make_folders(&c->sources.arena, cmd->folder)) {
        idl_compile_write_failed(c, cmd->folder, errno);
        return;
    }
    for (size_t i = 0; i < plan->n_roots; i++)
        for (size_t k = 0; k < IDL_ARTEFACTS; k++)
            if (is_wanted(cmd, &idl_artefacts[k]))
                write_artefact(cmd, plan->roots[i], &idl_artefacts[k]);
    if (cmd->depfile != NULL && !cmd->is_check)
        write_depfile(cmd, plan);
}

static void take_option(c_command *cmd, int key, const char *value)
{
    switch (key) {
    case 'o': cmd->folder = value; break;
    case KEY_DEPFILE: cmd->depfile = value; break;
    case KEY_CHECK: cmd->is_check = true; break;
    case KEY_LIST: cmd->is_list = true; break;
    case KEY_NO_CLIENT: cmd->no_client = true; break;
    case KEY_NO_SERVER: cmd->no_server = true; break;
    default: idl_compile_take_option(&cmd->compile, key, value); break;
    }
}

static int run(const idl_command *self, int argc, char **argv)
{
    c_command cmd;
    memset(&cmd, 0, sizeof cmd);
    idl_compile_init(&cmd.compile);
    idl_args args = idl_args_of(self, &cmd.compile.diag, argc, argv);
    for (int key; (key = idl_args_next(&args)) != IDL_ARGS_END;)
        take_option(&cmd, key, args.value);
    bool is_fine = cmd.compile.diag.n_errors == 0;
    if (is_fine && cmd.is_list && cmd.compile.n_files > 0)
        list_outputs(&cmd);
    else if (is_fine && idl_compile_run(&cmd.compile))
        write_outputs(&cmd);
    bool is_stale_only = cmd.n_stale > 0 && cmd.n_stale >= cmd.compile.diag.n_errors;
    int status = idl_compile_finish(&cmd.compile);
    return is_stale_only ? IDL_EXIT_SCHEMA : status;
}

static const idl_option options[] = {
    { "-o", "DIR", "write into this folder, made if it is missing", 'o' },
    { "--depfile", "FILE", "write which schemas the outputs depend on, for make and ninja",
      KEY_DEPFILE },
    { "--check", NULL, "write nothing; say what differs from the schemas, and exit with 1",
      KEY_CHECK },
    { "--list-outputs", NULL, "print the names of the outputs and do nothing else", KEY_LIST },
    { "--no-client", NULL, "leave out the _client files", KEY_NO_CLIENT },
    { "--no-server", NULL, "leave out the _server files", KEY_NO_SERVER },
    { NULL, NULL, NULL, 0 },
};

const idl_command idl_cmd_c = {
    .name = "c",
    .usage = "[OPTIONS] FILE...",
    .summary = "write C: types, codecs, checks, stubs",
    .help =
        "For bank.idl it writes bank.h and bank.c, bank_client.h and .c, bank_server.h and .c, all into one\n"
        "folder. An import \"common/money.idl\" becomes #include \"money.h\"; compile that schema too.\n"
        "A file whose text would stay the same is not touched.\n",
    .options = options,
    .reads_schemas = 1,
    .run = run,
};
