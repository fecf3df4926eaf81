/*
 * `idlc json`: writes the descriptor of schemas and their imports. Its layout is described in emit/emit_json.c.
 */
#include "cmd.h"
#include "compile.h"
#include "emit/emit.h"
#include "emit/outfile.h"

#include <errno.h>
#include <string.h>

typedef struct stream {
    FILE *file;
    int error;
} stream;

static void write_stream(void *self, const char *data, size_t len)
{
    stream *to = (stream *)self;
    if (to->error == 0 && fwrite(data, 1, len, to->file) != len)
        to->error = errno != 0 ? errno : EIO;
}

static void print_json(const idl_plan *plan, idl_sink_fn sink, void *self)
{
    idl_printer printer;
    idl_arena scratch;
    idl_arena_init(&scratch);
    idl_printer_init(&printer, sink, self);
    idl_emit_json(plan, &printer, &scratch);
    idl_printer_finish(&printer);
    idl_arena_deinit(&scratch);
}

static void write_json(idl_compile *c, const char *path)
{
    const idl_plan *plan = NULL;
    if (!idl_plan_make(&c->sources.arena, &c->diag, c->model, &plan))
        return;
    if (path == NULL) {
        stream to = { stdout, 0 };
        print_json(plan, write_stream, &to);
        if (to.error == 0 && fflush(stdout) != 0)
            to.error = errno;
        if (to.error != 0)
            idl_compile_write_failed(c, "standard output", to.error);
        return;
    }
    idl_outfile out;
    idl_outfile_open(&out, &c->sources.arena, path, false);
    print_json(plan, idl_outfile_write, &out);
    if (!idl_outfile_close(&out))
        idl_compile_write_failed(c, path, out.error);
}

static int run(const idl_command *self, int argc, char **argv)
{
    idl_compile c;
    const char *path = NULL;
    idl_compile_init(&c);
    idl_args args = idl_args_of(self, &c.diag, argc, argv);
    for (int key; (key = idl_args_next(&args)) != IDL_ARGS_END;) {
        if (key == 'o')
            path = args.value;
        else
            idl_compile_take_option(&c, key, args.value);
    }
    if (c.diag.n_errors == 0 && idl_compile_run(&c))
        write_json(&c, path);
    return idl_compile_finish(&c);
}

static const idl_option options[] = {
    { "-o", "FILE", "write here instead of to standard output", 'o' },
    { NULL, NULL, NULL, 0 },
};

const idl_command idl_cmd_json = {
    .name = "json",
    .usage = "[OPTIONS] FILE...",
    .summary = "write a descriptor of schemas as JSON",
    .help =
        "Everything the schemas and their imports say, in order: types with fields, constraints and\n"
        "documentation, services with methods, ids and shapes.\n",
    .options = options,
    .reads_schemas = 1,
    .run = run,
};
