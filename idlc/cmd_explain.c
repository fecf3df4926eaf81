/* `idlc explain`: the long text behind a diagnostic's id. */
#include "args.h"
#include "cmd.h"
#include "compile.h"
#include "diag/suggest.h"

#include <ctype.h>
#include <string.h>

#define TEXT_WIDTH 80u

static void print_wrapped(const char *text)
{
    size_t column = 0;
    while (*text != '\0') {
        size_t len = strcspn(text, " ");
        if (column > 0 && column + 1 + len > TEXT_WIDTH) {
            putchar('\n');
            column = 0;
        }
        if (column > 0)
            column += (size_t)printf(" ");
        fwrite(text, 1, len, stdout);
        column += len;
        text += len;
        text += strspn(text, " ");
    }
    putchar('\n');
}

/* Indented, with bytes that are no text shown as \xHH: an example may be about just that. */
static void print_example(const char *title, const char *text)
{
    printf("\n%s\n\n", title);
    bool is_line_start = true;
    for (const char *c = text; *c != '\0'; c++) {
        if (is_line_start && *c != '\n')
            fputs("    ", stdout);
        unsigned char byte = (unsigned char)*c;
        if (byte >= 0x80)
            printf("\\x%02X", byte);
        else
            putchar(byte);
        is_line_start = *c == '\n';
    }
    if (!is_line_start)
        putchar('\n');
}

static void print_one(const idl_diag_info *info)
{
    printf("%s  %s  (%s)\n\n", info->id, info->slug,
           info->severity == IDL_SEVERITY_ERROR ? "error" : "warning");
    print_wrapped(info->summary);
    putchar('\n');
    print_wrapped(info->explain);
    if (idl_diag_is_retired(info))
        return;
    print_example("Refused:", info->bad);
    print_example("Right:", info->good);
}

static void print_list(void)
{
    for (size_t i = 0; i < IDL_DIAG_COUNT; i++) {
        const idl_diag_info *info = idl_diag_info_of((idl_diag_id)i);
        printf("%s  %-26s  %s\n", info->id, info->slug, info->summary);
    }
}

static void report_unknown(idl_compile *c, const char *wanted)
{
    idl_report *r = idl_diag_report(&c->diag, IDL_DIAG_BAD_OPERANDS, IDL_SPAN_NONE,
                                    "there is no diagnostic '%s'", wanted);
    idl_suggest suggest;
    idl_suggest_init(&suggest, wanted);
    for (size_t i = 0; i < IDL_DIAG_COUNT; i++)
        if (!idl_diag_is_retired(idl_diag_info_of((idl_diag_id)i)))
            idl_suggest_offer(&suggest, idl_diag_info_of((idl_diag_id)i)->slug);
    if (idl_suggest_best(&suggest) != NULL)
        idl_report_help(&c->diag, r, "did you mean '%s'?", idl_suggest_best(&suggest));
    else
        idl_report_help(&c->diag, r, "'idlc explain' lists them all");
}

static int run(const idl_command *self, int argc, char **argv)
{
    idl_compile c;
    idl_compile_init(&c);
    size_t n_shown = 0;
    size_t n_operands = 0;
    idl_args args = idl_args_of(self, &c.diag, argc, argv);
    for (int key; (key = idl_args_next(&args)) != IDL_ARGS_END;) {
        n_operands++;
        const idl_diag_info *info = idl_diag_info_find(args.value);
        if (info == NULL) {
            report_unknown(&c, args.value);
            continue;
        }
        if (n_shown++ > 0)
            putchar('\n');
        print_one(info);
    }
    if (n_operands == 0 && c.diag.n_errors == 0)
        print_list();
    return idl_compile_finish(&c);
}

const idl_command idl_cmd_explain = {
    .name = "explain",
    .usage = "[ID...]",
    .summary = "tell more about a diagnostic, or list them all",
    .help = "Prints why something is refused, with an example and the same put right. ID is what\n"
            "stands in brackets, as in error[E0102], or its name: missing-semicolon.\n",
    .reads_schemas = 0,
    .run = run,
};
