/* Subcommands: one const descriptor each, in a file of its own, and the table in main.c.
 *
 * To add one: write cmd_NAME.c with an `idl_cmd_NAME`, declare it below, and name it in main.c's table and
 * in CMakeLists.txt.
 *
 * A command is:
 *
 *     static int run(const idl_command *self, int argc, char **argv)
 *     {
 *         idl_compile c;
 *         idl_compile_init(&c);
 *         idl_args args = idl_args_of(self, &c.diag, argc, argv);
 *         for (int key; (key = idl_args_next(&args)) != IDL_ARGS_END;) {
 *             if (key == 'o')
 *                 folder = args.value;
 *             else
 *                 idl_compile_take_option(&c, key, args.value);
 *         }
 *         if (idl_compile_run(&c))
 *             ...use c.model...
 *         return idl_compile_finish(&c);
 *     }
 *
 * Must not know: what commands do. Read next: args.h, compile.h.
 */
#ifndef IDL_CMD_H
#define IDL_CMD_H

#include <stddef.h>

/* What idlc exits with. */
enum {
    IDL_EXIT_OK = 0,
    IDL_EXIT_SCHEMA = 1, /* a schema is wrong, or (--check) an output is stale */
    IDL_EXIT_USAGE = 2,  /* the command line or a file is wrong */
};

/* An option. `key` is what idl_args_next returns: a letter, or a number from 256. */
typedef struct idl_option {
    const char *name;  /* "-o", "--check" */
    const char *value; /* "DIR"; NULL: takes none */
    const char *help;  /* one line */
    int key;
} idl_option;

typedef struct idl_command idl_command;
struct idl_command {
    const char *name;
    const char *usage;         /* behind the name: "[OPTIONS] FILE..." */
    const char *summary;       /* one line, for the list of commands */
    const char *help;          /* paragraphs, each line ended by '\n'; may be NULL */
    const idl_option *options; /* its own; ended by a NULL name; may be NULL */
    int reads_schemas;         /* takes the options of compile.h as well */
    int (*run)(const idl_command *self, int argc,
               char **argv); /* argv[0]: first word behind the name */
};

extern const idl_command idl_cmd_c;
extern const idl_command idl_cmd_check;
extern const idl_command idl_cmd_explain;
extern const idl_command idl_cmd_json;

#endif
