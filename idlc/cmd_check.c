/* `idlc check`: says what is wrong with schemas, and writes nothing. */
#include "cmd.h"
#include "compile.h"

static int run(const idl_command *self, int argc, char **argv)
{
    idl_compile c;
    idl_compile_init(&c);
    c.warn_unbounded = true;
    c.machine_out = stdout; /* the diagnostics are what this command makes */
    idl_args args = idl_args_of(self, &c.diag, argc, argv);
    for (int key; (key = idl_args_next(&args)) != IDL_ARGS_END;)
        idl_compile_take_option(&c, key, args.value);
    if (c.diag.n_errors == 0)
        (void)idl_compile_run(&c);
    return idl_compile_finish(&c);
}

const idl_command idl_cmd_check = {
    .name = "check",
    .usage = "[OPTIONS] FILE...",
    .summary = "say what is wrong with schemas",
    .help = "Reads the files and what they import, and reports every error and warning in them.\n"
            "Diagnostics for people go to standard error, json and sarif to standard output.\n",
    .reads_schemas = 1,
    .run = run,
};
