/*
 * Struct rules: calls inside x_check(), and functions in front of it for rules that need statements.
 */
#include "emit/rules.h"

#include <string.h>

/* The outermost parentheses are the call's. */
static const char *bare(idl_rule_writer *w, const char *text)
{
    size_t len = strlen(text);
    int depth = 0;
    for (size_t i = 0; i < len; i++) {
        depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        if (depth == 0 && i + 1 < len)
            return text;
    }
    return len > 2 && text[0] == '(' ? idl_arena_copy(w->arena, text + 1, len - 2) : text;
}

static void print_call(idl_rule_writer *w, const char *holds)
{
    idl_printer *p = w->e->p;
    const char *text = bare(w, holds);
    size_t align = p->indent + strlen("coax_check_rule(");
    bool is_long =
        align + strlen(text) + 1 > IDL_PRINTER_COLUMNS; /* no argument on a line of its own */
    idl_set(p, "holds", text);
    idl_print(p, is_long ? "/* clang-format off */\n" : "");
    idl_print(p, "coax_check_rule(why,~0,~$holds$,~");
    idl_print_literal(p, w->rule->expression);
    idl_print(p, ",~");
    idl_print_literal(p, w->rule->message != NULL ? w->rule->message : "a rule is broken");
    idl_print(p, is_long ? ");\n/* clang-format on */\n" : ");\n");
}

void idl_emit_rules(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    for (size_t i = 0; i < decl->model->n_rules; i++) {
        const idl_rule *rule = &decl->model->rules[i];
        if (rule->kind != IDL_RULE_EXPR || !idl_rule_needs_function(rule->expr))
            continue;
        idl_rule_writer w = { .e = e, .arena = e->text.arena, .decl = decl, .rule = rule };
        idl_blank(p);
        idl_set(p, "type", decl->c_name);
        idl_set_number(p, "number", i + 1);
        idl_print(
            p, "static void $type$_rule$number$(const $type$ *value,~coax_violations *why)\n{\n");
        idl_indent(p, 4);
        print_call(&w, idl_rule_condition(&w, rule->expr, true));
        idl_indent(p, -4);
        idl_print_text(p, "}\n");
    }
}

static void print_presence(idl_rule_writer *w, const idl_field *field)
{
    idl_print_text(w->e->p, idl_rule_presence(w, field));
}

static void print_counted(idl_rule_writer *w, const char *call)
{
    idl_printer *p = w->e->p;
    const idl_rule *rule = w->rule;
    idl_print(p, call);
    for (size_t i = 0; i < rule->n_fields; i++) {
        idl_print_text(p, i == 0 ? "(" : " + (");
        print_presence(w, rule->fields[i]);
        idl_print_text(p, " ? 1u : 0u)");
    }
    idl_print(p, ",~\"");
    for (size_t i = 0; i < rule->n_fields; i++) {
        idl_print_text(p, i == 0 ? "" : ", ");
        idl_print_text(p, rule->fields[i]->name);
    }
    idl_print(p, "\");\n");
}

/* The first field asks for each of the others. */
static void print_requires(idl_rule_writer *w)
{
    idl_printer *p = w->e->p;
    for (size_t i = 1; i < w->rule->n_fields; i++) {
        idl_print(p, "coax_check_requires(why,~");
        print_presence(w, w->rule->fields[0]);
        idl_print(p, ",~");
        print_presence(w, w->rule->fields[i]);
        idl_set(p, "a", w->rule->fields[0]->name);
        idl_set(p, "b", w->rule->fields[i]->name);
        idl_print(p, ",~\"$a$, $b$\");\n");
    }
}

void idl_emit_rule_calls(idl_emit *e, const idl_plan_decl *decl)
{
    for (size_t i = 0; i < decl->model->n_rules; i++) {
        const idl_rule *rule = &decl->model->rules[i];
        idl_rule_writer w = { .e = e, .arena = e->text.arena, .decl = decl, .rule = rule };
        switch (rule->kind) {
        case IDL_RULE_EXPR:
            if (idl_rule_needs_function(rule->expr)) {
                idl_set_number(e->p, "number", i + 1);
                idl_print(e->p, "$type$_rule$number$(value, why);\n");
            } else {
                print_call(&w, idl_rule_condition(&w, rule->expr, true));
            }
            break;
        case IDL_RULE_ONE_OF: print_counted(&w, "coax_check_exactly_one(why,~"); break;
        case IDL_RULE_AT_MOST_ONE: print_counted(&w, "coax_check_at_most_one(why,~"); break;
        case IDL_RULE_REQUIRES: print_requires(&w); break;
        }
    }
}
