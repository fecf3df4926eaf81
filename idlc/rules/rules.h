/* What the stages of rule expressions hand each other: text -> tokens (token.c) -> tree (parse.c) -> typed expression
 * (check.c). rules.c is the pass.
 */
#ifndef IDL_RULES_RULES_H
#define IDL_RULES_RULES_H

#include "sema/context.h"

#define IDL_RULE_MAX_LEN 4096u   /* bytes; carets are looked up by walking the string */
#define IDL_RULE_MAX_NESTING 64u /* parentheses and signs */
#define IDL_RULE_MAX_HEIGHT 256u /* of the tree: a + b + c + ... grows it too */

typedef enum idl_rule_token_kind {
    IDL_RULE_END,
    IDL_RULE_NUMBER, /* number */
    IDL_RULE_TEXT,   /* text, len: without the quotes, escapes decoded */
    IDL_RULE_NAME,   /* text: a word, or words joined with dots; interned */
    IDL_RULE_OPEN,
    IDL_RULE_CLOSE,
    IDL_RULE_OPERATOR, /* op; a '-' is IDL_OP_SUB */
    IDL_RULE_NOT
} idl_rule_token_kind;

typedef struct idl_rule_token {
    idl_rule_token_kind kind;
    uint32_t from, to; /* bytes of the expression */
    idl_expr_op op;
    idl_ast_value number;
    const char *text;
    size_t len;
} idl_rule_token;

/* One expression on its way. */
typedef struct idl_rule_run {
    idl_sema *sema;
    idl_unit *unit;
    const idl_decl *decl;         /* whose fields it is about */
    const idl_ast_string *source; /* where it is written */
    uint32_t at;                  /* token.c */
    idl_rule_token token;         /* the next one */
    uint32_t last_to;             /* where the one before ended */
    unsigned nesting;
    bool mentions_field;
    bool has_failed;
} idl_rule_run;

/* Reports with the caret inside the string; only the first of a rule, since the others would follow from it. Always
 * false. The report is a scratch one if it was not kept. */
idl_report *idl_rule_report(idl_rule_run *run, idl_diag_id id, uint32_t from, uint32_t to,
                            const char *format, ...) IDL_PRINTF(5, 6);

/* token.c: reads the next token into `run->token`; false after an error. */
bool idl_rule_next(idl_rule_run *run);

typedef enum idl_rule_node_kind {
    IDL_RULE_NODE_NUMBER,
    IDL_RULE_NODE_TEXT,
    IDL_RULE_NODE_NAME,
    IDL_RULE_NODE_CALL, /* len or has: op; left */
    IDL_RULE_NODE_UNARY,
    IDL_RULE_NODE_BINARY
} idl_rule_node_kind;

typedef struct idl_rule_node idl_rule_node;
struct idl_rule_node {
    idl_rule_node_kind kind;
    uint32_t from, to;
    uint32_t sign_from, sign_to; /* BINARY: the operator */
    uint32_t height;
    idl_expr_op op;
    const idl_rule_node *left, *right;
    idl_ast_value number;
    const char *text;
    size_t len;
};

/* parse.c: NULL after an error. */
const idl_rule_node *idl_rule_parse(idl_rule_run *run);

/* names.c: what a name can be. */
typedef enum idl_rule_meaning {
    IDL_RULE_MEANS_NOTHING, /* yet: maybe a value of the enum on the other side */
    IDL_RULE_MEANS_FIELD,   /* path, n_path */
    IDL_RULE_MEANS_VALUE,   /* value, type */
    IDL_RULE_MEANS_ERROR    /* reported, or a field whose type is unknown */
} idl_rule_meaning;

typedef struct idl_rule_name {
    idl_rule_meaning meaning;
    const idl_field *const *path;
    size_t n_path;
    idl_value value;
    const idl_type *type; /* of the field at the end of the path, or of the value */
} idl_rule_name;

idl_rule_name idl_rule_resolve(idl_rule_run *run, const idl_rule_node *node);

/* Reports a name that means nothing; with an enum, one that is none of its values. */
void idl_rule_report_unknown(idl_rule_run *run, const idl_rule_node *node, const idl_decl *of);

/* check.c: typed, NULL after an error. */
const idl_expr *idl_rule_check(idl_rule_run *run, const idl_rule_node *tree);

/* presence.c: @one_of and its kin. False: reported. */
bool idl_presence_build(idl_sema *sema, const idl_decl *decl, const idl_ast_annotation *annotation,
                        int anno, idl_rule *ret_rule);

#endif
