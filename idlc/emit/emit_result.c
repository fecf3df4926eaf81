/*
 * How a call ended: x_result, which a callback or a wait gives, and what turns the runtime's untyped result into it.
 */
#include "emit/stubs.h"

#include <string.h>

void idl_emit_result_struct(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    idl_print(p, "/** How $full_name$ ended. */\n"
                 "typedef struct $method$_result {\n"
                 "    coax_err err; /* == status.code */\n"
                 "    coax_status status;\n"
                 "    coax_memory *memory; /* what its pointers point into */\n");
    if (method->response != NULL)
        idl_print(p, "    /** Set when err is COAX_OK. */\n"
                     "    const $response$ *reply;\n");
    for (size_t i = 0; i < method->model->n_errors; i++) {
        idl_set(p, "error", method->errors[i]->c_name);
        idl_set(p, "error_member", method->error_members[i]);
        idl_set(p, "error_name", method->errors[i]->model->full_name);
        idl_print(p, "    /** Set when $error_name$ was thrown. */\n"
                     "    const $error$ *$error_member$;\n");
    }
    idl_print(
        p,
        "} $method$_result;\n"
        "\n"
        "/** One more owner of what a result points to: it then outlives the callback. Any thread. */\n"
        "$method$_result\f$method$_result_keep(\vconst $method$_result *result);\n"
        "/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */\n"
        "void $method$_result_free(\v$method$_result *result);\n");
}

static void error_case(idl_emit *e, const idl_plan_method *method, size_t index)
{
    idl_printer *p = e->p;
    const char *member = method->error_members[index];
    const char *error = method->errors[index]->c_name;
    idl_set_number(p, "index", index + 1);
    idl_set(p, "error", error);
    idl_set(p, "error_member", member);
    size_t len = strlen(member) + strlen(error);
    bool is_short =
        strlen("    case 1: typed. = (const  *)result->error; break;") + len <= IDL_PRINTER_COLUMNS;
    idl_print(p, is_short
                     ? "    case $index$: typed.$error_member$ = (const $error$ *)result->error; "
                       "break;\n"
                     : "    case $index$:\n"
                       "        typed.$error_member$ =^(const $error$ *)result->error;\n"
                       "        break;\n");
}

static void typed_result(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    size_t n = method->model->n_errors;
    idl_print(p, "static $method$_result\f$method$_typed(\vconst coax_result *result)\n"
                 "{\n"
                 "    $method$_result typed;\n"
                 "    memset(&typed, 0, sizeof typed);\n"
                 "    typed.err = result->err;\n"
                 "    typed.status = result->status;\n"
                 "    typed.memory = result->memory;\n");
    if (method->response != NULL)
        idl_print(p, "    typed.reply =^(const $response$ *)result->reply;\n");
    if (n > 0)
        idl_print(p, "    switch (result->error_index) {\n");
    for (size_t i = 0; i < n; i++)
        error_case(e, method, i);
    idl_print(p, n > 0 ? "    default: break;\n    }\n    return typed;\n}\n"
                       : "    return typed;\n}\n");
}

void idl_emit_result_functions(idl_emit *e, const idl_plan_method *method, const char *done_type)
{
    typed_result(e, method);
    idl_set(e->p, "done_type", done_type);
    idl_print(
        e->p,
        "\n"
        "$method$_result\f$method$_result_keep(\vconst $method$_result *result)\n"
        "{\n"
        "    $method$_result kept =^*result;\n"
        "    kept.memory = coax_memory_ref(result->memory);\n"
        "    return kept;\n"
        "}\n"
        "\n"
        "void $method$_result_free(\v$method$_result *result)\n"
        "{\n"
        "    coax_memory_unref(result->memory);\n"
        "    memset(result, 0, sizeof *result);\n"
        "}\n"
        "\n"
        "static void $method$_done(void *self,~coax_gen_any_fn user_fn,~const coax_result *result)\n"
        "{\n"
        "    $method$_result typed =^$method$_typed(result);\n"
        "    if (user_fn != NULL)\n"
        "        (($method$_$done_type$)user_fn)(self, &typed);\n"
        "}\n");
}
