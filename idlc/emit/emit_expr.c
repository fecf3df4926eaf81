/*
 * Rule expressions as C expressions, with the statements they need in front.
 *
 * What is absent makes the comparison that mentions it true, and below a '!' false, so that the whole holds. Checked
 * arithmetic needs a statement each: it ends the rule with a violation, but only where the expression is evaluated at
 * all, so right of && and || the statements go inside an `if`.
 */
#include "emit/rules.h"

#include <string.h>

static bool is_number(const idl_expr *expr)
{
    return expr->type == IDL_EXPR_I64 || expr->type == IDL_EXPR_U64;
}

/* Whether evaluating this node itself, not its operands, can overflow. */
static bool is_checked(const idl_expr *expr)
{
    switch (expr->op) {
    case IDL_OP_NEG:
    case IDL_OP_MUL:
    case IDL_OP_DIV:
    case IDL_OP_MOD:
    case IDL_OP_ADD:
    case IDL_OP_SUB: return is_number(expr);
    case IDL_OP_CONVERT:
        return is_number(expr) && is_number(expr->left) && expr->type != expr->left->type;
    default: return false;
    }
}

/* Expressions nest as deep as the parser allows, so these may recurse. */
static bool is_pure(const idl_expr *expr)
{
    if (expr == NULL)
        return true;
    return !is_checked(expr) && is_pure(expr->left) && is_pure(expr->right);
}

/* What has to hold for a value to be there, and the opposite; both "" if nothing has to. */
typedef struct presence {
    const char *present; /* joined by && */
    const char *absent;  /* joined by || */
} presence;

static const presence always = { "", "" };

static presence join(idl_rule_writer *w, presence a, presence b)
{
    if (a.present[0] == '\0' || strcmp(a.present, b.present) == 0)
        return b;
    if (b.present[0] == '\0')
        return a;
    return (presence){ idl_arena_format(w->arena, "%s && %s", a.present, b.present),
                       idl_arena_format(w->arena, "%s || %s", a.absent, b.absent) };
}

/* Whether a member at `path` is there. */
static presence presence_of(idl_rule_writer *w, const idl_plan_field *field, const char *path,
                            const char *arrow)
{
    const char *data = field->absence == IDL_ABSENCE_NULL_DATA ? ".data" : "";
    const char *member = idl_arena_format(w->arena, "%s%s%s%s", path, arrow, field->c_name, data);
    switch (field->absence) {
    case IDL_ABSENCE_FLAG:
        return (presence){ idl_arena_format(w->arena, "%s%s%s", path, arrow, field->has_name),
                           idl_arena_format(w->arena, "!%s%s%s", path, arrow, field->has_name) };
    case IDL_ABSENCE_NULL_DATA:
    case IDL_ABSENCE_NULL_POINTER:
        return (presence){ idl_arena_format(w->arena, "%s != NULL", member),
                           idl_arena_format(w->arena, "%s == NULL", member) };
    case IDL_ABSENCE_NONE: break;
    }
    return always;
}

/* "value->parent->x". `ret_presence` gets what has to hold for it to be there. */
static const char *path_of(idl_rule_writer *w, const idl_expr *expr, presence *ret_presence)
{
    const char *path = "value";
    const char *arrow = "->";
    const idl_plan_decl *owner = w->decl;
    *ret_presence = always;
    for (size_t i = 0; i < expr->n_path; i++) {
        const idl_plan_field *field = idl_plan_field_of(owner, expr->path[i]);
        *ret_presence = join(w, *ret_presence, presence_of(w, field, path, arrow));
        path = idl_arena_format(w->arena, "%s%s%s", path, arrow, field->c_name);
        arrow = field->is_pointer ? "->" : ".";
        owner = field->type->decl;
    }
    return path;
}

static const idl_plan_field *last_field(const idl_rule_writer *w, const idl_expr *expr)
{
    const idl_plan_decl *owner = w->decl;
    const idl_plan_field *field = NULL;
    for (size_t i = 0; i < expr->n_path; i++) {
        field = idl_plan_field_of(owner, expr->path[i]);
        owner = field->type->decl;
    }
    return field;
}

/* What must be there for an operand to have a value. */
static presence needed_by(idl_rule_writer *w, const idl_expr *expr)
{
    presence result = always;
    if (expr == NULL || expr->op == IDL_OP_HAS)
        return result;
    if (expr->op == IDL_OP_FIELD) {
        (void)path_of(w, expr, &result);
        return result;
    }
    return join(w, needed_by(w, expr->left), needed_by(w, expr->right));
}

static const char *float_literal(idl_rule_writer *w, double value)
{
    char text[40];
    idl_format_f64(text, sizeof text, value, false);
    return idl_arena_format(w->arena, "%s", text);
}

static const char *literal_of(idl_rule_writer *w, const idl_expr *expr)
{
    const idl_value *value = &expr->value;
    bool is_enum = value->kind == IDL_VALUE_ENUM;
    uint64_t u = is_enum ? value->enumerator->number : value->u;
    bool is_negative = is_enum ? value->enumerator->is_negative : value->is_negative;
    switch (expr->type) {
    case IDL_EXPR_BOOL: return u != 0 ? "true" : "false";
    case IDL_EXPR_U64:
        return idl_arena_format(w->arena, u <= INT32_MAX ? "%lluu" : "UINT64_C(%llu)",
                                (unsigned long long)u);
    case IDL_EXPR_F64:
        return float_literal(w, value->kind == IDL_VALUE_FLOAT ? value->f
                                : is_negative                  ? -(double)u
                                                               : (double)u);
    default: break;
    }
    if (is_negative && u > (uint64_t)INT64_MAX)
        return "INT64_MIN";
    if (!is_negative && u > (uint64_t)INT64_MAX)
        return idl_arena_format(w->arena, "(int64_t)UINT64_C(%llu)", (unsigned long long)u);
    return idl_arena_format(w->arena, u <= INT32_MAX ? "%s%llu" : "INT64_C(%s%llu)",
                            is_negative ? "-" : "", (unsigned long long)u);
}

/* A static coax_str or coax_bytes for a literal, since neither language has both constructor and constant. */
static const char *text_literal(idl_rule_writer *w, const idl_expr *expr)
{
    idl_printer *p = w->e->p;
    const char *name = idl_arena_format(w->arena, "text%u", ++w->n_temporaries);
    idl_set(p, "name", name);
    idl_print(p, expr->type == IDL_EXPR_BYTES
                     ? "static const coax_bytes $name$ =^{ (const uint8_t *)"
                     : "static const coax_str $name$ =^{ ");
    idl_print_bytes_literal(p, expr->value.text, expr->value.len);
    idl_set_number(p, "len", expr->value.len);
    idl_print(p, ", $len$ };\n");
    return name;
}

static const char *length_of(idl_rule_writer *w, const idl_expr *expr)
{
    presence guard;
    if (expr->op != IDL_OP_FIELD)
        return idl_arena_format(w->arena, "(uint64_t)%lu", (unsigned long)expr->value.len);
    const char *path = path_of(w, expr, &guard);
    const idl_plan_type *type = last_field(w, expr)->type;
    if (type->shape == IDL_SHAPE_ARRAY)
        return idl_arena_format(w->arena, "UINT64_C(%lu)", (unsigned long)type->count);
    return idl_arena_format(w->arena, "(uint64_t)%s.%s", path,
                            type->shape == IDL_SHAPE_SCALAR ? "len" : "count");
}

static const char *field_of(idl_rule_writer *w, const idl_expr *expr)
{
    presence guard;
    const char *path = path_of(w, expr, &guard);
    const idl_plan_type *type = last_field(w, expr)->type;
    const char *cast = "";
    if (expr->type == IDL_EXPR_I64 && (type->kind != IDL_KIND_I64 || type->shape == IDL_SHAPE_ENUM))
        cast = "(int64_t)";
    else if (expr->type == IDL_EXPR_U64 &&
             (type->kind != IDL_KIND_U64 || type->shape == IDL_SHAPE_ENUM))
        cast = "(uint64_t)";
    else if (expr->type == IDL_EXPR_F64 && type->kind != IDL_KIND_F64)
        cast = "(double)";
    else if (expr->type == IDL_EXPR_OTHER && type->shape == IDL_SHAPE_ENUM)
        cast = "(int64_t)";
    return idl_arena_format(w->arena, "%s%s", cast, path);
}

static void print_overflow(idl_rule_writer *w)
{
    idl_printer *p = w->e->p;
    idl_indent(p, 4);
    idl_print(p, "coax_check_rule_overflow(why,~0,~");
    idl_print_literal(p, w->rule->expression);
    idl_print(p, ");\nreturn;\n");
    idl_indent(p, -4);
    idl_print_text(p, "}\n");
}

static const char *number(idl_rule_writer *w, const idl_expr *expr);

/* A temporary that a checked operation fills. */
static const char *checked(idl_rule_writer *w, const idl_expr *expr)
{
    static const struct {
        idl_expr_op op;
        const char *name;
    } names[] = { { IDL_OP_NEG, "neg" }, { IDL_OP_MUL, "mul" }, { IDL_OP_DIV, "div" },
                  { IDL_OP_MOD, "mod" }, { IDL_OP_ADD, "add" }, { IDL_OP_SUB, "sub" } };
    idl_printer *p = w->e->p;
    const char *left = number(w, expr->left);
    const char *right = expr->right != NULL ? number(w, expr->right) : NULL;
    const char *name = idl_arena_format(w->arena, "n%u", ++w->n_temporaries);
    bool is_signed = expr->type == IDL_EXPR_I64;
    const char *operation = "";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        operation = names[i].op == expr->op ? names[i].name : operation;
    if (expr->op == IDL_OP_NEG && !is_signed) { /* 0 - x */
        operation = "sub";
        right = left;
        left = "0";
    }
    idl_set(p, "n", name);
    idl_set(p, "op", operation);
    idl_set(p, "left", left);
    idl_set(p, "right", right != NULL ? right : "");
    idl_set(p, "class", is_signed ? "i64" : "u64");
    idl_print(p, is_signed ? "int64_t $n$ = 0;\n" : "uint64_t $n$ = 0;\n");
    idl_print(p, right != NULL ? "if (!coax_rule_$op$_$class$($left$,~$right$,~&$n$)) {\n"
                               : "if (!coax_rule_$op$_$class$($left$,~&$n$)) {\n");
    print_overflow(w);
    return name;
}

/* i64 and u64 into each other: what doesn't fit is an overflow. */
static const char *converted(idl_rule_writer *w, const idl_expr *expr)
{
    idl_printer *p = w->e->p;
    const char *left = number(w, expr->left);
    if (expr->type == IDL_EXPR_F64)
        return idl_arena_format(w->arena, "(double)(%s)", left);
    if (expr->type == expr->left->type)
        return left;
    bool to_signed = expr->type == IDL_EXPR_I64;
    const char *name = idl_arena_format(w->arena, "n%u", ++w->n_temporaries);
    idl_set(p, "n", name);
    idl_set(p, "left", left);
    idl_print(p, to_signed ? "const uint64_t $n$ =^$left$;\nif ($n$ > (uint64_t)INT64_MAX) {\n"
                           : "const int64_t $n$ =^$left$;\nif ($n$ < 0) {\n");
    print_overflow(w);
    return idl_arena_format(w->arena, to_signed ? "(int64_t)%s" : "(uint64_t)%s", name);
}

/* Floats compute as C does: no overflow but infinity. */
static const char *plain(idl_rule_writer *w, const idl_expr *expr)
{
    const char *left = number(w, expr->left);
    if (expr->op == IDL_OP_NEG)
        return idl_arena_format(w->arena, "(-%s)", left);
    const char *right = number(w, expr->right);
    switch (expr->op) {
    case IDL_OP_MUL: return idl_arena_format(w->arena, "(%s * %s)", left, right);
    case IDL_OP_DIV: return idl_arena_format(w->arena, "(%s / %s)", left, right);
    case IDL_OP_ADD: return idl_arena_format(w->arena, "(%s + %s)", left, right);
    default: return idl_arena_format(w->arena, "(%s - %s)", left, right);
    }
}

/* Anything but a bool. */
static const char *number(idl_rule_writer *w, const idl_expr *expr)
{
    switch (expr->op) {
    case IDL_OP_LITERAL:
        if (expr->type == IDL_EXPR_STRING || expr->type == IDL_EXPR_BYTES)
            return text_literal(w, expr);
        return literal_of(w, expr);
    case IDL_OP_FIELD: return field_of(w, expr);
    case IDL_OP_LEN: return length_of(w, expr->left);
    case IDL_OP_CONVERT: return converted(w, expr);
    default: return is_checked(expr) ? checked(w, expr) : plain(w, expr);
    }
}

static const char *operator_of(idl_expr_op op)
{
    switch (op) {
    case IDL_OP_LT: return "<";
    case IDL_OP_LE: return "<=";
    case IDL_OP_GT: return ">";
    case IDL_OP_GE: return ">=";
    case IDL_OP_EQ: return "==";
    default: return "!=";
    }
}

/* What compares values that C has no operator for; NULL where it has one. */
static const char *comparer(const idl_rule_writer *w, const idl_expr *operand,
                            const idl_expr *other)
{
    if (operand->type == IDL_EXPR_STRING)
        return "str";
    if (operand->type == IDL_EXPR_BYTES)
        return "bytes";
    if (operand->type != IDL_EXPR_OTHER)
        return NULL;
    const idl_expr *field = operand->op == IDL_OP_FIELD ? operand : other;
    if (field->op != IDL_OP_FIELD)
        return NULL;
    switch (last_field(w, field)->type->kind) {
    case IDL_KIND_UUID: return "uuid";
    case IDL_KIND_TIMESTAMP: return "timestamp";
    default: return NULL;
    }
}

static const char *comparison(idl_rule_writer *w, const idl_expr *expr)
{
    const idl_expr *left = expr->left;
    const idl_expr *right = expr->right;
    const char *operation = operator_of(expr->op);
    if (left->type == IDL_EXPR_BOOL)
        return idl_arena_format(w->arena, "%s %s %s", idl_rule_condition(w, left, true), operation,
                                idl_rule_condition(w, right, true));
    /* A number below zero is no unsigned one: say so here, not in a warning. */
    bool is_zero = left->type == IDL_EXPR_U64 && right->op == IDL_OP_LITERAL && right->value.u == 0;
    if (is_zero && (expr->op == IDL_OP_GE || expr->op == IDL_OP_LT))
        return expr->op == IDL_OP_GE ? "true" : "false";
    const char *compare = comparer(w, left, right);
    const char *a = number(w, left);
    const char *b = number(w, right);
    if (compare != NULL)
        return idl_arena_format(w->arena, "coax_rule_compare_%s(%s, %s) %s 0", compare, a, b,
                                operation);
    return idl_arena_format(w->arena, "%s %s %s", a, operation, b);
}

/* A comparison, or a bool field, that counts as `when_absent` if part of it isn't there. */
static const char *guarded(idl_rule_writer *w, const idl_expr *expr, bool when_absent)
{
    idl_printer *p = w->e->p;
    bool is_field = expr->op == IDL_OP_FIELD;
    bool is_guarded = is_field || expr->left->type != IDL_EXPR_BOOL;
    presence guard = is_guarded ? needed_by(w, expr) : always;
    if (guard.present[0] == '\0')
        return is_field ? field_of(w, expr)
                        : idl_arena_format(w->arena, "(%s)", comparison(w, expr));
    if (is_pure(expr)) {
        const char *core = is_field ? field_of(w, expr) : comparison(w, expr);
        return idl_arena_format(w->arena, when_absent ? "(%s || %s)" : "(%s && %s)",
                                when_absent ? guard.absent : guard.present, core);
    }
    const char *name = idl_arena_format(w->arena, "is_met%u", ++w->n_temporaries);
    idl_set(p, "n", name);
    idl_set(p, "guard", guard.present);
    idl_print(p, when_absent ? "bool $n$ = true;\nif ($guard$) {\n"
                             : "bool $n$ = false;\nif ($guard$) {\n");
    idl_indent(p, 4);
    const char *core = comparison(w, expr);
    idl_set(p, "n", name);
    idl_set(p, "core", core);
    idl_print(p, "$n$ =^$core$;\n");
    idl_indent(p, -4);
    idl_print_text(p, "}\n");
    return name;
}

static const char *both(idl_rule_writer *w, const idl_expr *expr, bool when_absent)
{
    idl_printer *p = w->e->p;
    bool is_and = expr->op == IDL_OP_AND;
    const char *left = idl_rule_condition(w, expr->left, when_absent);
    if (is_pure(expr->right)) {
        const char *right = idl_rule_condition(w, expr->right, when_absent);
        return idl_arena_format(w->arena, is_and ? "(%s && %s)" : "(%s || %s)", left, right);
    }
    const char *name = idl_arena_format(w->arena, "is_met%u", ++w->n_temporaries);
    idl_set(p, "n", name);
    idl_set(p, "left", left);
    idl_print(p, is_and ? "bool $n$ =^$left$;\nif ($n$) {\n" : "bool $n$ =^$left$;\nif (!$n$) {\n");
    idl_indent(p, 4);
    const char *right = idl_rule_condition(w, expr->right, when_absent);
    idl_set(p, "n", name);
    idl_set(p, "right", right);
    idl_print(p, "$n$ =^$right$;\n");
    idl_indent(p, -4);
    idl_print_text(p, "}\n");
    return name;
}

const char *idl_rule_condition(idl_rule_writer *w, const idl_expr *expr, bool when_absent)
{
    presence guard;
    switch (expr->op) {
    case IDL_OP_LITERAL: return literal_of(w, expr);
    case IDL_OP_HAS:
        (void)path_of(w, expr->left, &guard);
        return guard.present[0] == '\0' ? "true"
                                        : idl_arena_format(w->arena, "(%s)", guard.present);
    case IDL_OP_NOT:
        return idl_arena_format(w->arena, "!%s", idl_rule_condition(w, expr->left, !when_absent));
    case IDL_OP_AND:
    case IDL_OP_OR: return both(w, expr, when_absent);
    default: return guarded(w, expr, when_absent);
    }
}

/* Needs statements of its own: checked arithmetic, or a constant text. */
bool idl_rule_needs_function(const idl_expr *expr)
{
    if (expr == NULL)
        return false;
    bool is_text = expr->op == IDL_OP_LITERAL &&
                   (expr->type == IDL_EXPR_STRING || expr->type == IDL_EXPR_BYTES);
    return is_text || is_checked(expr) || idl_rule_needs_function(expr->left) ||
           idl_rule_needs_function(expr->right);
}

const char *idl_rule_presence(idl_rule_writer *w, const idl_field *field)
{
    idl_expr expr = { .op = IDL_OP_FIELD, .path = &field, .n_path = 1 };
    presence guard;
    (void)path_of(w, &expr, &guard);
    return guard.present[0] != '\0' ? guard.present : "true";
}
