/* Tokens to a tree, by precedence climbing. From loosest to tightest:
 *
 *     ||      &&      == !=  < <= > >=  (no chains: a < b < c is refused)      + -      * / %      ! -
 *
 * Recursion is bounded by IDL_RULE_MAX_NESTING, the height of the tree by IDL_RULE_MAX_HEIGHT, so that whoever walks it
 * may recurse. Read next: check.c.
 */
#include "rules/rules.h"

#include <string.h>

static const idl_rule_node *parse_expression(idl_rule_run *run, unsigned tightness);

enum { LOOSEST = 1, COMPARISON = 3 };

static unsigned tightness_of(idl_expr_op op)
{
    switch (op) {
    case IDL_OP_OR: return 1;
    case IDL_OP_AND: return 2;
    case IDL_OP_EQ:
    case IDL_OP_NE:
    case IDL_OP_LT:
    case IDL_OP_LE:
    case IDL_OP_GT:
    case IDL_OP_GE: return COMPARISON;
    case IDL_OP_ADD:
    case IDL_OP_SUB: return 4;
    default: return 5;
    }
}

static const idl_rule_node *too_deep(idl_rule_run *run, uint32_t from, uint32_t to)
{
    idl_report *r =
        idl_rule_report(run, IDL_DIAG_RULE_TOO_DEEP, from, to, "this rule is nested too deep");
    idl_report_help(run->sema->diag, r, "write it as several rules; all must hold");
    return NULL;
}

static idl_rule_node *make(idl_rule_run *run, idl_rule_node_kind kind)
{
    idl_rule_node *node = idl_arena_alloc(run->sema->arena, sizeof *node);
    node->kind = kind;
    node->from = run->token.from;
    node->to = run->token.to;
    node->height = 1;
    return node;
}

/* ---- what stands between operators ---- */

static const idl_rule_node *expected_operand(idl_rule_run *run)
{
    const idl_rule_token *t = &run->token;
    if (t->kind == IDL_RULE_END)
        idl_rule_report(run, IDL_DIAG_RULE_SYNTAX, t->from, t->to,
                        run->source->len == 0 ? "a rule needs an expression"
                                              : "the rule ends too early");
    else
        idl_rule_report(run, IDL_DIAG_RULE_SYNTAX, t->from, t->to,
                        "expected a field, a value or '(', not this");
    return NULL;
}

static bool expect_close(idl_rule_run *run, uint32_t opened_at)
{
    if (run->token.kind == IDL_RULE_CLOSE)
        return idl_rule_next(run);
    if (run->token.kind == IDL_RULE_END)
        idl_rule_report(run, IDL_DIAG_RULE_SYNTAX, opened_at, opened_at + 1,
                        "this '(' is never closed");
    else
        idl_rule_report(run, IDL_DIAG_RULE_SYNTAX, run->token.from, run->token.to,
                        "expected an operator or ')'");
    return false;
}

static const idl_rule_node *parse_group(idl_rule_run *run)
{
    uint32_t opened_at = run->token.from;
    if (++run->nesting > IDL_RULE_MAX_NESTING)
        return too_deep(run, opened_at, opened_at + 1);
    if (!idl_rule_next(run))
        return NULL;
    const idl_rule_node *inner = parse_expression(run, LOOSEST);
    run->nesting--;
    return inner != NULL && expect_close(run, opened_at) ? inner : NULL;
}

/* len(x) and has(x); the name is taken, the parenthesis is next. */
static const idl_rule_node *parse_call(idl_rule_run *run, idl_rule_node *node)
{
    bool is_len = strcmp(node->text, "len") == 0;
    if (!is_len && strcmp(node->text, "has") != 0) {
        idl_report *r = idl_rule_report(run, IDL_DIAG_RULE_SYNTAX, node->from, node->to,
                                        "there is no function '%s'", node->text);
        idl_report_help(run->sema->diag, r, "there are len(x) and has(x)");
        return NULL;
    }
    node->kind = IDL_RULE_NODE_CALL;
    node->op = is_len ? IDL_OP_LEN : IDL_OP_HAS;
    node->left = parse_group(run);
    if (node->left == NULL)
        return NULL;
    node->height = node->left->height + 1;
    node->to = run->last_to;
    return node;
}

static const idl_rule_node *parse_name(idl_rule_run *run)
{
    idl_rule_node *node = make(run, IDL_RULE_NODE_NAME);
    node->text = run->token.text;
    if (!idl_rule_next(run))
        return NULL;
    return run->token.kind == IDL_RULE_OPEN ? parse_call(run, node) : node;
}

static const idl_rule_node *parse_literal(idl_rule_run *run)
{
    bool is_number = run->token.kind == IDL_RULE_NUMBER;
    idl_rule_node *node = make(run, is_number ? IDL_RULE_NODE_NUMBER : IDL_RULE_NODE_TEXT);
    node->number = run->token.number;
    node->text = run->token.text;
    node->len = run->token.len;
    return idl_rule_next(run) ? node : NULL;
}

static const idl_rule_node *parse_unary(idl_rule_run *run)
{
    idl_rule_node *node = make(run, IDL_RULE_NODE_UNARY);
    node->op = run->token.kind == IDL_RULE_NOT ? IDL_OP_NOT : IDL_OP_NEG;
    if (++run->nesting > IDL_RULE_MAX_NESTING)
        return too_deep(run, node->from, node->to);
    if (!idl_rule_next(run))
        return NULL;
    node->left = parse_expression(run, 6);
    run->nesting--;
    if (node->left == NULL)
        return NULL;
    node->to = node->left->to;
    node->height = node->left->height + 1;
    return node;
}

static const idl_rule_node *parse_operand(idl_rule_run *run)
{
    switch (run->token.kind) {
    case IDL_RULE_NUMBER:
    case IDL_RULE_TEXT: return parse_literal(run);
    case IDL_RULE_NAME: return parse_name(run);
    case IDL_RULE_OPEN: return parse_group(run);
    case IDL_RULE_NOT: return parse_unary(run);
    case IDL_RULE_OPERATOR:
        if (run->token.op == IDL_OP_SUB)
            return parse_unary(run);
        return expected_operand(run);
    case IDL_RULE_END:
    case IDL_RULE_CLOSE: break;
    }
    return expected_operand(run);
}

/* ---- operators ---- */

static const idl_rule_node *refuse_chain(idl_rule_run *run)
{
    idl_report *r = idl_rule_report(run, IDL_DIAG_RULE_SYNTAX, run->token.from, run->token.to,
                                    "comparisons can't be chained");
    idl_report_help(run->sema->diag, r, "write a < b && b < c");
    return NULL;
}

static const idl_rule_node *parse_binary(idl_rule_run *run, const idl_rule_node *left)
{
    idl_rule_node *node = make(run, IDL_RULE_NODE_BINARY);
    node->sign_from = run->token.from;
    node->sign_to = run->token.to;
    node->op = run->token.op;
    node->left = left;
    if (!idl_rule_next(run))
        return NULL;
    node->right = parse_expression(run, tightness_of(node->op) + 1);
    if (node->right == NULL)
        return NULL;
    node->from = left->from;
    node->to = node->right->to;
    node->height = 1 + (left->height > node->right->height ? left->height : node->right->height);
    if (node->height > IDL_RULE_MAX_HEIGHT)
        return too_deep(run, node->sign_from, node->sign_to);
    return node;
}

/* Takes operators at least as tight as asked for. Recursion on the right side goes up in tightness, so it ends. */
static const idl_rule_node *parse_expression(idl_rule_run *run, unsigned tightness)
{
    const idl_rule_node *left = parse_operand(run);
    while (left != NULL && run->token.kind == IDL_RULE_OPERATOR &&
           tightness_of(run->token.op) >= tightness) {
        bool is_comparison = tightness_of(run->token.op) == COMPARISON;
        left = parse_binary(run, left);
        if (left != NULL && is_comparison && run->token.kind == IDL_RULE_OPERATOR &&
            tightness_of(run->token.op) == COMPARISON)
            return refuse_chain(run);
    }
    return left;
}

static const idl_rule_node *refuse_rest(idl_rule_run *run)
{
    static const char *const words[][2] = { { "and", "&&" }, { "or", "||" }, { "not", "!" } };
    const idl_rule_token *t = &run->token;
    bool is_close = t->kind == IDL_RULE_CLOSE;
    idl_report *r =
        idl_rule_report(run, IDL_DIAG_RULE_SYNTAX, t->from, t->to,
                        is_close ? "this ')' closes nothing" : "expected an operator before this");
    for (size_t i = 0; i < 3 && t->kind == IDL_RULE_NAME; i++) {
        if (strcmp(t->text, words[i][0]) == 0)
            idl_report_help(run->sema->diag, r, "did you mean '%s'?", words[i][1]);
    }
    return NULL;
}

const idl_rule_node *idl_rule_parse(idl_rule_run *run)
{
    if (!idl_rule_next(run))
        return NULL;
    const idl_rule_node *tree = parse_expression(run, LOOSEST);
    if (tree != NULL && run->token.kind != IDL_RULE_END)
        return refuse_rest(run);
    return tree;
}
