/*
 * What checks look up: sets of values, and automata of patterns.
 *
 * Sets are numbered in the order in which emit_check.c meets them.
 */
#include "emit/emit.h"

#include <stdio.h>
#include <string.h>

static void print_set(idl_emit *e, const idl_plan_type *type, const idl_constraint *c, unsigned n)
{
    idl_printer *p = e->p;
    idl_number_class class = idl_class_of(type);
    idl_blank(p);
    idl_set(p, "class", idl_class_types[class]);
    idl_set_number(p, "set", n);
    bool is_block = class == IDL_CLASS_STR || c->n_values > 2; /* or clang-format sets columns */
    idl_print_text(p, is_block ? "/* clang-format off */\n" : "");
    idl_print(p, "static const $class$ $type$_set$set$[] = {");
    idl_print_text(p, is_block ? "\n" : " ");
    for (size_t i = 0; i < c->n_values; i++) {
        idl_print_text(p, is_block ? "    " : i > 0 ? ", " : "");
        idl_print_as(p, class, &c->values[i]);
        idl_print_text(p, is_block ? ",\n" : "");
    }
    idl_print_text(p, is_block ? "};\n/* clang-format on */\n" : " };\n");
}

static bool is_set(const idl_constraint *c)
{
    return c->kind == IDL_CONSTRAINT_IN || c->kind == IDL_CONSTRAINT_NOT_IN;
}

static void print_sets(idl_emit *e, const idl_plan_type *type, const idl_type *model, unsigned *n)
{
    for (; model != NULL; model = model->item, type = type->item) {
        for (size_t i = 0; i < model->n_constraints; i++)
            if (is_set(&model->constraints[i]))
                print_set(e, type, &model->constraints[i], ++*n);
        if (model->key != NULL)
            print_sets(e, type->key, model->key, n); /* a key holds no other type */
    }
}

void idl_emit_check_tables(idl_emit *e, const idl_plan_decl *decl)
{
    unsigned n = 0;
    idl_set(e->p, "type", decl->c_name);
    for (size_t i = 0; i < decl->model->n_fields; i++)
        print_sets(e, decl->by_id[i]->type, decl->by_id[i]->model->type, &n);
}

static void print_numbers(idl_printer *p, const char *head, size_t n, const uint16_t *wide,
                          const uint8_t *narrow)
{
    idl_print(p, head);
    for (size_t i = 0; i < n; i++) {
        char text[16];
        unsigned number = wide != NULL ? wide[i] : narrow[i];
        (void)snprintf(text, sizeof text, i % 16 == 0 ? "\n    %u," : " %u,", number);
        idl_print_text(p, text);
    }
    idl_print_text(p, "\n};\n");
}

void idl_emit_patterns(idl_emit *e)
{
    idl_printer *p = e->p;
    for (size_t i = 0; i < e->file->n_patterns; i++) {
        const idl_plan_pattern *pattern = e->file->patterns[i];
        const idl_dfa *dfa = pattern->dfa;
        idl_set(p, "dfa", pattern->c_name);
        idl_set_number(p, "n_classes", dfa->n_classes);
        idl_set_number(p, "n_states", dfa->n_states);
        idl_blank(p);
        idl_print(p, "/* clang-format off */\n");
        print_numbers(p, "static const uint8_t $dfa$_classes[256] = {", 256, NULL, dfa->classes);
        print_numbers(p, "static const uint16_t $dfa$_next[] = {",
                      (size_t)dfa->n_states * dfa->n_classes, dfa->next, NULL);
        print_numbers(p, "static const uint8_t $dfa$_accepts[] = {", (dfa->n_states + 7) / 8, NULL,
                      dfa->accepts);
        idl_print(p, "/* clang-format on */\n"
                     "COAX_PATTERN($dfa$,~");
        idl_print_literal(p, pattern->text);
        idl_print(p, ",~$n_classes$,~$n_states$);\n");
    }
}
