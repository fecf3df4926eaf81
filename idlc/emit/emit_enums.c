/*
 * x_name() and x_parse() of enums and flags, with the table behind them.
 */
#include "emit/emit.h"

#include <string.h>

static void print_number(idl_printer *p, const idl_enumerator *one)
{
    idl_value number = { .kind = IDL_VALUE_INT, .is_negative = one->is_negative, .u = one->number };
    bool is_pattern = !one->is_negative && one->number > (uint64_t)INT64_MAX;
    if (is_pattern)
        idl_print(p, "(int64_t)");
    if (is_pattern)
        idl_print_u64(p, &number);
    else
        idl_print_i64(p, &number);
}

static void emit_values(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    bool is_long =
        decl->model->n_enumerators > 4; /* clang-format would set short rows in columns */
    idl_print(p, is_long ? "/* clang-format off */\n" : "");
    idl_print(p, "static const coax_enum_value $type$_values[] = {\n");
    idl_indent(p, 4);
    for (size_t i = 0; i < decl->model->n_enumerators; i++) {
        const idl_enumerator *one = &decl->model->enumerators[i];
        idl_print(p, "{ ");
        idl_print_literal(p, one->name);
        idl_print(p, ",~");
        idl_print_literal(p, one->doc);
        idl_print(p, ",~");
        print_number(p, one);
        idl_print(p, " },\n");
    }
    idl_indent(p, -4);
    idl_print(p, is_long ? "};\n/* clang-format on */\n" : "};\n");
}

static void emit_name(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_print(p, "const char *$type$_name(\v$type$ value)\n"
                 "{\n"
                 "    switch (value) {\n");
    for (size_t i = 0; i < decl->model->n_enumerators; i++) {
        if (decl->is_repeated[i])
            continue;
        idl_set(p, "VALUE", decl->constants[i]);
        idl_set(p, "name", decl->model->enumerators[i].name);
        size_t len = strlen(decl->constants[i]) + strlen(decl->model->enumerators[i].name);
        idl_print(p, len + strlen("    case : return \"\";") <= IDL_PRINTER_COLUMNS
                         ? "    case $VALUE$: return \"$name$\";\n"
                         : "    case $VALUE$:\n        return \"$name$\";\n");
    }
    idl_print(p, "    default: return NULL;\n"
                 "    }\n"
                 "}\n");
}

static void emit_type(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    static const char *const kinds[] = { "BOOL", "I8",  "I16", "I32", "I64",
                                         "U8",   "U16", "U32", "U64" };
    idl_set(p, "kind", decl->model->kind == IDL_DECL_FLAGS ? "FLAGS" : "ENUM");
    idl_set(p, "base", kinds[(size_t)decl->type->kind - (size_t)IDL_KIND_BOOL]);
    idl_set(p, "strict", decl->model->is_strict ? "true" : "false");
    idl_set(p, "full_name", decl->model->full_name);
    idl_set_number(p, "n", decl->model->n_enumerators);
    idl_print(
        p,
        "COAX_ENUM_TYPE($type$,~COAX_KIND_$kind$,~COAX_KIND_$base$,~\"$full_name$\",~$strict$,~$n$,~");
    idl_print_literal(p, decl->model->doc);
    idl_print(p, ");\n");
}

void idl_emit_enum_functions(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_blank(p);
    idl_set(p, "type", decl->c_name);
    emit_values(e, decl);
    idl_blank(p);
    emit_type(e, decl);
    idl_blank(p);
    emit_name(e, decl);
    idl_blank(p);
    idl_set_number(p, "n", decl->model->n_enumerators);
    idl_print(p, "bool $type$_parse(const char *name,~$type$ *ret_value)\n"
                 "{\n"
                 "    for (size_t i = 0; i < $n$; i++) {\n"
                 "        if (strcmp($type$_values[i].name,~name) != 0)\n"
                 "            continue;\n"
                 "        *ret_value =^($type$)$type$_values[i].number;\n"
                 "        return true;\n"
                 "    }\n"
                 "    return false;\n"
                 "}\n");
}
