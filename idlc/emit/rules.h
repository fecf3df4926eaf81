/*
 * What emit_rules.c asks of emit_expr.c.
 */
#ifndef IDL_EMIT_RULES_H
#define IDL_EMIT_RULES_H

#include "emit/emit.h"

/* One rule being written. */
typedef struct idl_rule_writer {
    idl_emit *e;
    idl_arena *arena; /* holds expressions in C */
    const idl_plan_decl *decl;
    const idl_rule *rule;
    unsigned n_temporaries;
} idl_rule_writer;

/* Whether the expression needs statements: checked arithmetic, or a constant text. */
bool idl_rule_needs_function(const idl_expr *expr);

/* The expression in C; prints the statements it needs. `when_absent` is what a comparison about something absent counts as. */
const char *idl_rule_condition(idl_rule_writer *w, const idl_expr *expr, bool when_absent);

/* What tells in C whether a field is there. */
const char *idl_rule_presence(idl_rule_writer *w, const idl_field *field);

#endif
