/* Types of rule expressions: what each part yields, and the conversions between neighbours.
 *
 * Numbers meet like this: a literal takes the other side's type; u64 beside i64 becomes i64, which is checked when the
 * rule runs (u8 to u32 and lengths always fit); integers beside a float become floats. Subtraction of small unsigned
 * fields is done in i64, so that `to - from > 3` means what it says. Values of enums compare with fields of their enum.
 *
 * Recursion follows the tree, whose height parse.c has bounded. Read next: rules.c.
 */
#include "rules/rules.h"

#include "front/literal.h"

#include <string.h>

/* An expression while its neighbours may still change it. */
typedef struct operand {
    idl_expr *expr; /* NULL: reported */
    const idl_rule_node *node;
    const idl_type *type; /* the schema's, of fields and typed values; NULL: none */
    bool is_flexible;     /* an integer literal, whose type is not settled */
    bool is_pending;      /* a name that may be a value of the other side's enum */
    bool is_duration;
} operand;

static operand check_node(idl_rule_run *run, const idl_rule_node *node);

static const operand failed = { 0 };

static operand make(idl_rule_run *run, const idl_rule_node *node, idl_expr_op op,
                    idl_expr_type type)
{
    operand o = { .node = node };
    o.expr = idl_arena_alloc(run->sema->arena, sizeof *o.expr);
    o.expr->op = op;
    o.expr->type = type;
    o.expr->span = idl_string_span(run->sema->sources, run->source, node->from, node->to);
    return o;
}

static const char *type_words(const operand *o)
{
    static const char *const words[] = {
        [IDL_EXPR_BOOL] = "true or false",   [IDL_EXPR_I64] = "a number",
        [IDL_EXPR_U64] = "a number",         [IDL_EXPR_F64] = "a number",
        [IDL_EXPR_STRING] = "a text",        [IDL_EXPR_BYTES] = "bytes",
        [IDL_EXPR_OTHER] = "something else",
    };
    if (o->is_duration)
        return "a duration";
    return words[o->expr->type];
}

/* What a side is, for messages: the schema's type where there is one. */
static const char *side_words(idl_rule_run *run, const operand *o)
{
    if (o->type != NULL)
        return idl_arena_format(run->sema->arena, "'%s'", idl_type_text(run->sema, o->type));
    return type_words(o);
}

static operand refuse(idl_rule_run *run, const idl_rule_node *node, const char *message)
{
    idl_rule_report(run, IDL_DIAG_RULE_TYPE, node->from, node->to, "%s", message);
    return failed;
}

/* ---- leaves ---- */

static idl_expr_type type_of_field(const idl_type *type)
{
    switch (type->kind) {
    case IDL_KIND_BOOL: return IDL_EXPR_BOOL;
    case IDL_KIND_I8:
    case IDL_KIND_I16:
    case IDL_KIND_I32:
    case IDL_KIND_I64:
    case IDL_KIND_DURATION: return IDL_EXPR_I64;
    case IDL_KIND_U8:
    case IDL_KIND_U16:
    case IDL_KIND_U32:
    case IDL_KIND_U64: return IDL_EXPR_U64;
    case IDL_KIND_F32:
    case IDL_KIND_F64: return IDL_EXPR_F64;
    case IDL_KIND_STRING: return IDL_EXPR_STRING;
    case IDL_KIND_BYTES: return IDL_EXPR_BYTES;
    case IDL_KIND_NAMED:
        if (!idl_type_is_enum(type) || type->decl->type == NULL)
            return IDL_EXPR_OTHER;
        return type->decl->type->kind >= IDL_KIND_U8 ? IDL_EXPR_U64 : IDL_EXPR_I64;
    default: return IDL_EXPR_OTHER;
    }
}

static operand make_literal(idl_rule_run *run, const idl_rule_node *node, const idl_value *value,
                            const idl_type *type)
{
    idl_expr_type kind = IDL_EXPR_I64;
    if (value->kind == IDL_VALUE_BOOL)
        kind = IDL_EXPR_BOOL;
    else if (value->kind == IDL_VALUE_FLOAT)
        kind = IDL_EXPR_F64;
    else if (type != NULL)
        kind = type_of_field(type);
    else if (value->kind == IDL_VALUE_STRING)
        kind = IDL_EXPR_STRING;
    operand o = make(run, node, IDL_OP_LITERAL, kind);
    o.expr->value = *value;
    if (value->kind == IDL_VALUE_ENUM)
        o.type = type;
    o.is_duration = type != NULL && type->kind == IDL_KIND_DURATION;
    o.is_flexible = value->kind == IDL_VALUE_INT && !o.is_duration;
    return o;
}

static operand check_number(idl_rule_run *run, const idl_rule_node *node)
{
    idl_value value = { .kind = IDL_VALUE_INT, .u = node->number.magnitude };
    if (node->number.kind == IDL_AST_VALUE_FLOAT)
        value = (idl_value){ .kind = IDL_VALUE_FLOAT, .f = node->number.number };
    operand o = make_literal(run, node, &value, NULL);
    if (node->number.kind == IDL_AST_VALUE_DURATION) {
        o.is_duration = true;
        o.is_flexible = false;
    }
    return o;
}

static operand check_name(idl_rule_run *run, const idl_rule_node *node)
{
    idl_rule_name name = idl_rule_resolve(run, node);
    switch (name.meaning) {
    case IDL_RULE_MEANS_ERROR: run->has_failed = true; return failed;
    case IDL_RULE_MEANS_VALUE: return make_literal(run, node, &name.value, name.type);
    case IDL_RULE_MEANS_FIELD: {
        operand o = make(run, node, IDL_OP_FIELD, type_of_field(name.type));
        o.expr->path = name.path;
        o.expr->n_path = name.n_path;
        o.type = name.type;
        o.is_duration = name.type->kind == IDL_KIND_DURATION;
        return o;
    }
    case IDL_RULE_MEANS_NOTHING: break;
    }
    operand o = make(run, node, IDL_OP_LITERAL, IDL_EXPR_OTHER);
    o.is_pending = true;
    return o;
}

/* A pending name that met no enum. */
static bool settle(idl_rule_run *run, operand *o)
{
    if (o->expr != NULL && o->is_pending) {
        idl_rule_report_unknown(run, o->node, NULL);
        o->expr = NULL;
    }
    return o->expr != NULL;
}

/* ---- len and has ---- */

static bool is_optional_path(const idl_expr *expr)
{
    for (size_t i = 0; i < expr->n_path; i++) {
        if (expr->path[i]->presence == IDL_PRESENCE_OPTIONAL)
            return true;
    }
    return false;
}

static operand check_has(idl_rule_run *run, const idl_rule_node *node, operand inner)
{
    if (inner.expr->op != IDL_OP_FIELD)
        return refuse(run, node->left, "has(...) asks about a field");
    if (!is_optional_path(inner.expr)) {
        idl_rule_report(run, IDL_DIAG_RULE_CONSTANT, node->from, node->to,
                        "'%s' is not optional, so it is always there", node->left->text);
        return failed;
    }
    operand o = make(run, node, IDL_OP_HAS, IDL_EXPR_BOOL);
    o.expr->left = inner.expr;
    return o;
}

static bool has_length(const operand *o)
{
    if (o->expr->op == IDL_OP_LITERAL)
        return o->expr->type == IDL_EXPR_STRING || o->expr->type == IDL_EXPR_BYTES;
    if (o->expr->op != IDL_OP_FIELD)
        return false;
    switch (o->type->kind) {
    case IDL_KIND_STRING:
    case IDL_KIND_BYTES:
    case IDL_KIND_LIST:
    case IDL_KIND_MAP:
    case IDL_KIND_ARRAY: return true;
    default: return false;
    }
}

static operand check_call(idl_rule_run *run, const idl_rule_node *node)
{
    operand inner = check_node(run, node->left);
    if (!settle(run, &inner))
        return failed;
    if (node->op == IDL_OP_HAS)
        return check_has(run, node, inner);
    if (!has_length(&inner))
        return refuse(run, node->left, "len(...) takes a string, bytes, a list or a map");
    operand o = make(run, node, IDL_OP_LEN, IDL_EXPR_U64);
    o.expr->left = inner.expr;
    return o;
}

/* ---- numbers ---- */

static bool is_number(const operand *o)
{
    return o->expr->type == IDL_EXPR_I64 || o->expr->type == IDL_EXPR_U64 ||
           o->expr->type == IDL_EXPR_F64;
}

static bool is_enum(const operand *o)
{
    return o->type != NULL && idl_type_is_enum(o->type);
}

/* A number that is not an enum's. */
static bool is_plain_number(const operand *o)
{
    return is_number(o) && !is_enum(o);
}

static bool is_literal(const operand *o)
{
    return o->expr->op == IDL_OP_LITERAL;
}

static bool overflow(idl_rule_run *run, const operand *o, const char *type)
{
    idl_rule_report(run, IDL_DIAG_RULE_OVERFLOW, o->node->from, o->node->to, "%s is no %s",
                    idl_value_text(run->sema, &o->expr->value), type);
    return false;
}

/* Gives a number another type: a literal and a field that fits simply change, others get a conversion. */
static bool convert(idl_rule_run *run, operand *o, idl_expr_type to)
{
    idl_expr *e = o->expr;
    if (e->type == to && !o->is_flexible)
        return true;
    if (is_literal(o) && e->value.kind == IDL_VALUE_INT) {
        idl_value *v = &e->value;
        if (to == IDL_EXPR_F64)
            *v = (idl_value){ .kind = IDL_VALUE_FLOAT,
                              .f = v->is_negative ? -(double)v->u : (double)v->u };
        else if (!idl_integer_fits(to == IDL_EXPR_I64 ? IDL_KIND_I64 : IDL_KIND_U64, v->is_negative,
                                   v->u))
            return overflow(
                run, o, to == IDL_EXPR_I64 ? "64-bit signed integer" : "64-bit unsigned integer");
        o->is_flexible = false;
        e->type = to;
        return true;
    }
    bool is_small =
        e->op == IDL_OP_FIELD && o->type->kind >= IDL_KIND_U8 && o->type->kind <= IDL_KIND_U32;
    if (is_small && to == IDL_EXPR_I64) {
        e->type = to;
        return true;
    }
    operand outer = make(run, o->node, IDL_OP_CONVERT, to);
    outer.expr->left = e;
    o->expr = outer.expr;
    return true;
}

/* The type in which two numbers meet. */
static idl_expr_type meeting_type(const operand *a, const operand *b)
{
    const operand *flexible = a->is_flexible ? a : b;
    const operand *other = a->is_flexible ? b : a;
    if (a->expr->type == IDL_EXPR_F64 || b->expr->type == IDL_EXPR_F64)
        return IDL_EXPR_F64;
    if (a->is_flexible && b->is_flexible) {
        bool needs_u64 = (!a->expr->value.is_negative && a->expr->value.u > INT64_MAX) ||
                         (!b->expr->value.is_negative && b->expr->value.u > INT64_MAX);
        return needs_u64 ? IDL_EXPR_U64 : IDL_EXPR_I64;
    }
    if (flexible->is_flexible)
        return other->expr->type == IDL_EXPR_U64 && flexible->expr->value.is_negative
                   ? IDL_EXPR_I64
                   : other->expr->type;
    return a->expr->type == b->expr->type ? a->expr->type : IDL_EXPR_I64;
}

static bool unify_numbers(idl_rule_run *run, operand *a, operand *b)
{
    idl_expr_type to = meeting_type(a, b);
    return convert(run, a, to) && convert(run, b, to);
}

/* ---- operators ---- */

static operand refuse_sides(idl_rule_run *run, const idl_rule_node *node, const operand *a,
                            const operand *b)
{
    idl_report *r = idl_rule_report(run, IDL_DIAG_RULE_TYPE, node->sign_from, node->sign_to,
                                    "this joins %s and %s", side_words(run, a), side_words(run, b));
    if ((is_enum(a) && is_number(b)) || (is_enum(b) && is_number(a)))
        idl_report_help(run->sema->diag, r, "write the name of one of its values");
    else if (a->is_duration != b->is_duration && is_number(a) && is_number(b))
        idl_report_help(run->sema->diag, r, "durations have a unit: 5s, 200ms");
    return failed;
}

static operand link(idl_rule_run *run, const idl_rule_node *node, idl_expr_type type,
                    const operand *a, const operand *b)
{
    operand o = make(run, node, node->op, type);
    o.expr->left = a->expr;
    o.expr->right = b->expr;
    return o;
}

/* Whether the number surely fits i64. */
static bool is_small_unsigned(const operand *o)
{
    switch (o->expr->op) {
    case IDL_OP_FIELD: return o->type->kind >= IDL_KIND_U8 && o->type->kind <= IDL_KIND_U32;
    case IDL_OP_LEN: return true;
    case IDL_OP_LITERAL:
        return o->expr->value.kind == IDL_VALUE_INT && o->expr->value.u <= INT64_MAX;
    default: return false;
    }
}

static bool is_zero(const operand *o)
{
    return is_literal(o) && (o->expr->value.kind == IDL_VALUE_FLOAT ? o->expr->value.f == 0.0
                                                                    : o->expr->value.u == 0);
}

static bool check_division(idl_rule_run *run, const idl_rule_node *node, const operand *a,
                           const operand *b)
{
    if (is_zero(b)) {
        idl_rule_report(run, IDL_DIAG_RULE_CONSTANT, b->node->from, b->node->to,
                        "division by zero");
        return false;
    }
    bool is_float = a->expr->type == IDL_EXPR_F64 || b->expr->type == IDL_EXPR_F64;
    if (node->op == IDL_OP_MOD && is_float) {
        idl_rule_report(run, IDL_DIAG_RULE_TYPE, node->sign_from, node->sign_to,
                        "'%%' is for whole numbers only");
        return false;
    }
    return true;
}

static bool is_duration_result(const idl_rule_node *node, const operand *a, const operand *b)
{
    if (node->op == IDL_OP_DIV)
        return a->is_duration && !b->is_duration;
    return a->is_duration || b->is_duration;
}

static operand check_arithmetic(idl_rule_run *run, const idl_rule_node *node, operand *a,
                                operand *b)
{
    if (!is_plain_number(a) || !is_plain_number(b))
        return refuse_sides(run, node, a, b);
    if ((node->op == IDL_OP_DIV || node->op == IDL_OP_MOD) && !check_division(run, node, a, b))
        return failed;
    bool is_duration = is_duration_result(node, a, b);
    bool is_both_small = is_small_unsigned(a) && is_small_unsigned(b);
    if (node->op == IDL_OP_SUB && is_both_small &&
        (!convert(run, a, IDL_EXPR_I64) || !convert(run, b, IDL_EXPR_I64)))
        return failed;
    if (!unify_numbers(run, a, b))
        return failed;
    operand o = link(run, node, a->expr->type, a, b);
    o.is_duration = is_duration;
    return o;
}

/* A name that was left open becomes a value of the other side's enum. */
static bool resolve_pending(idl_rule_run *run, operand *o, const operand *other)
{
    if (!o->is_pending)
        return true;
    if (!is_enum(other))
        return settle(run, o);
    const idl_symbol *symbol = idl_symbol_of(other->type->decl);
    const idl_enumerator *enumerator = idl_table_get(&symbol->values, idl_key_of(o->node->text));
    if (enumerator == NULL) {
        if (symbol->is_poisoned)
            run->has_failed = true;
        else
            idl_rule_report_unknown(run, o->node, &symbol->decl);
        return false;
    }
    idl_value value = { .kind = IDL_VALUE_ENUM,
                        .is_negative = enumerator->is_negative,
                        .u = enumerator->number,
                        .enumerator = enumerator };
    *o = make_literal(run, o->node, &value, other->type);
    return true;
}

static bool is_comparable_other(const operand *a, const operand *b, idl_expr_op op)
{
    if (a->type == NULL || b->type == NULL || a->type->kind != b->type->kind)
        return false;
    bool is_equality = op == IDL_OP_EQ || op == IDL_OP_NE;
    return a->type->kind == IDL_KIND_TIMESTAMP || (a->type->kind == IDL_KIND_UUID && is_equality);
}

/* Both of one enum, or flags beside a plain number. */
static bool unify_enums(idl_rule_run *run, operand *a, operand *b)
{
    if (is_enum(a) && is_enum(b))
        return a->type->decl == b->type->decl;
    operand *named = is_enum(a) ? a : b;
    operand *number = is_enum(a) ? b : a;
    return named->type->decl->kind == IDL_DECL_FLAGS && number->is_flexible &&
           unify_numbers(run, a, b);
}

static bool unify(idl_rule_run *run, idl_expr_op op, operand *a, operand *b)
{
    if (is_enum(a) || is_enum(b))
        return unify_enums(run, a, b);
    if (is_number(a) && is_number(b)) {
        bool is_mixed = a->is_duration != b->is_duration;
        const operand *plain = a->is_duration ? b : a;
        if (is_mixed && !is_zero(plain))
            return false;
        return unify_numbers(run, a, b);
    }
    /* A text literal is bytes beside bytes. */
    if (a->expr->type == IDL_EXPR_BYTES && b->expr->type == IDL_EXPR_STRING && is_literal(b))
        b->expr->type = IDL_EXPR_BYTES;
    if (b->expr->type == IDL_EXPR_BYTES && a->expr->type == IDL_EXPR_STRING && is_literal(a))
        a->expr->type = IDL_EXPR_BYTES;
    if (a->expr->type != b->expr->type)
        return false;
    if (a->expr->type == IDL_EXPR_OTHER)
        return is_comparable_other(a, b, op);
    return a->expr->type != IDL_EXPR_BOOL || op == IDL_OP_EQ || op == IDL_OP_NE;
}

static operand check_comparison(idl_rule_run *run, const idl_rule_node *node, operand *a,
                                operand *b)
{
    if (!unify(run, node->op, a, b))
        return run->has_failed ? failed : refuse_sides(run, node, a, b);
    return link(run, node, IDL_EXPR_BOOL, a, b);
}

static operand check_binary(idl_rule_run *run, const idl_rule_node *node)
{
    operand a = check_node(run, node->left);
    operand b = check_node(run, node->right);
    if (a.expr == NULL || b.expr == NULL)
        return failed;
    if (a.is_pending && b.is_pending)
        (void)settle(run, &a);
    if (a.expr == NULL || !resolve_pending(run, &a, &b) || !resolve_pending(run, &b, &a))
        return failed;
    switch (node->op) {
    case IDL_OP_AND:
    case IDL_OP_OR:
        if (a.expr->type != IDL_EXPR_BOOL)
            return refuse(run, a.node, "this side is neither true nor false");
        if (b.expr->type != IDL_EXPR_BOOL)
            return refuse(run, b.node, "this side is neither true nor false");
        return link(run, node, IDL_EXPR_BOOL, &a, &b);
    case IDL_OP_EQ:
    case IDL_OP_NE:
    case IDL_OP_LT:
    case IDL_OP_LE:
    case IDL_OP_GT:
    case IDL_OP_GE: return check_comparison(run, node, &a, &b);
    default: return check_arithmetic(run, node, &a, &b);
    }
}

/* ---- signs ---- */

static operand negate_literal(idl_rule_run *run, const idl_rule_node *node, operand *o)
{
    idl_value *v = &o->expr->value;
    o->node = node;
    if (v->kind == IDL_VALUE_FLOAT) {
        v->f = -v->f;
        return *o;
    }
    v->is_negative = !v->is_negative && v->u != 0;
    if (!idl_integer_fits(IDL_KIND_I64, v->is_negative, v->u)) {
        (void)overflow(run, o, "64-bit signed integer");
        return failed;
    }
    return *o;
}

static operand check_unary(idl_rule_run *run, const idl_rule_node *node)
{
    operand inner = check_node(run, node->left);
    if (!settle(run, &inner))
        return failed;
    if (node->op == IDL_OP_NOT) {
        if (inner.expr->type != IDL_EXPR_BOOL)
            return refuse(run, node->left, "'!' takes what is true or false");
        operand o = make(run, node, IDL_OP_NOT, IDL_EXPR_BOOL);
        o.expr->left = inner.expr;
        return o;
    }
    if (!is_plain_number(&inner))
        return refuse(run, node->left, "'-' takes a number");
    if (is_literal(&inner))
        return negate_literal(run, node, &inner);
    if (inner.expr->type == IDL_EXPR_U64 && !convert(run, &inner, IDL_EXPR_I64))
        return failed;
    operand o = make(run, node, IDL_OP_NEG, inner.expr->type);
    o.expr->left = inner.expr;
    o.is_duration = inner.is_duration;
    return o;
}

static operand check_node(idl_rule_run *run, const idl_rule_node *node)
{
    switch (node->kind) {
    case IDL_RULE_NODE_NUMBER: return check_number(run, node);
    case IDL_RULE_NODE_TEXT: {
        idl_value value = { .kind = IDL_VALUE_STRING, .text = node->text, .len = node->len };
        return make_literal(run, node, &value, NULL);
    }
    case IDL_RULE_NODE_NAME: return check_name(run, node);
    case IDL_RULE_NODE_CALL: return check_call(run, node);
    case IDL_RULE_NODE_UNARY: return check_unary(run, node);
    case IDL_RULE_NODE_BINARY: return check_binary(run, node);
    }
    return failed;
}

const idl_expr *idl_rule_check(idl_rule_run *run, const idl_rule_node *tree)
{
    operand whole = check_node(run, tree);
    if (run->has_failed || !settle(run, &whole))
        return NULL;
    if (whole.expr->type != IDL_EXPR_BOOL) {
        idl_report *r =
            idl_rule_report(run, IDL_DIAG_RULE_NOT_BOOL, tree->from, tree->to,
                            "this is %s, neither true nor false", side_words(run, &whole));
        idl_report_help(run->sema->diag, r, "say what must hold, for instance with a comparison");
        return NULL;
    }
    if (!run->mentions_field) {
        idl_rule_report(run, IDL_DIAG_RULE_CONSTANT, tree->from, tree->to,
                        "this rule mentions no field, so it is always the same");
        return NULL;
    }
    return whole.expr;
}
