/*
 * The model: what a schema means once every name is a pointer and every number is known.
 *
 * sema makes it from the syntax tree; lint, plan and the emitters read it and never change it. It knows nothing of C names
 * (plan/) nor of text (emit/). Everything lives in the arena of one run; strings are interned; spans lead back to the source.
 *
 * Invariants after a run without errors: no pointer below is NULL unless its comment says so; fields are in ascending id order in
 * `by_id` and in the schema's order in `fields`; recursion passes only through optional, list, map or union.
 */
#ifndef IDL_SEMA_MODEL_H
#define IDL_SEMA_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "front/source.h" /* idl_span with its source */

typedef struct idl_type idl_type;
typedef struct idl_decl idl_decl;
typedef struct idl_field idl_field;
typedef struct idl_method idl_method;
typedef struct idl_file idl_file;
typedef struct idl_expr idl_expr;

/* Same order as coax_kind in coax/descriptor.h up to ANY. */
typedef enum idl_kind {
    IDL_KIND_BOOL = 1,
    IDL_KIND_I8,
    IDL_KIND_I16,
    IDL_KIND_I32,
    IDL_KIND_I64,
    IDL_KIND_U8,
    IDL_KIND_U16,
    IDL_KIND_U32,
    IDL_KIND_U64,
    IDL_KIND_F32,
    IDL_KIND_F64,
    IDL_KIND_STRING,
    IDL_KIND_BYTES,
    IDL_KIND_TIMESTAMP,
    IDL_KIND_DURATION,
    IDL_KIND_UUID,
    IDL_KIND_ANY,
    IDL_KIND_NAMED, /* enum, flags, struct, union, error: `decl` */
    IDL_KIND_LIST,
    IDL_KIND_ARRAY,
    IDL_KIND_MAP
} idl_kind;

/* A number as written, wide enough for every field type. */
typedef enum idl_value_kind {
    IDL_VALUE_NONE = 0,
    IDL_VALUE_BOOL,   /* .u */
    IDL_VALUE_INT,    /* .is_negative, .u the magnitude */
    IDL_VALUE_FLOAT,  /* .f */
    IDL_VALUE_STRING, /* .text, .len: bytes after escapes */
    IDL_VALUE_ENUM    /* .enumerator; its number */
} idl_value_kind;

typedef struct idl_enumerator idl_enumerator;

typedef struct idl_value {
    idl_value_kind kind;
    bool is_negative;
    union {
        uint64_t u; /* ENUM: its magnitude, too */
        double f;
    };
    union {
        const char *text;
        const idl_enumerator *enumerator;
    };
    size_t len;
} idl_value;

/* One end of a range or a length; `value.kind` NONE: open. */
typedef struct idl_bound {
    idl_value value;
    bool is_exclusive; /* only floats keep it: integer ends are made inclusive by sema */
} idl_bound;

/* A minimal deterministic automaton for @pattern, as coax_dfa in coax/check.h: state 0 dead, 1 start. */
typedef struct idl_dfa {
    uint8_t classes[256];
    uint32_t n_classes;
    uint32_t n_states;
    const uint16_t *next;
    const uint8_t *accepts;
} idl_dfa;

typedef enum idl_constraint_kind {
    IDL_CONSTRAINT_RANGE = 1, /* low, high */
    IDL_CONSTRAINT_IN,        /* values */
    IDL_CONSTRAINT_NOT_IN,
    IDL_CONSTRAINT_MULTIPLE_OF, /* values[0] */
    IDL_CONSTRAINT_FINITE,
    IDL_CONSTRAINT_LEN, /* low, high; bytes */
    IDL_CONSTRAINT_CHARS,
    IDL_CONSTRAINT_ASCII,
    IDL_CONSTRAINT_PATTERN, /* values[0] is the text, dfa */
    IDL_CONSTRAINT_PREFIX,
    IDL_CONSTRAINT_SUFFIX,
    IDL_CONSTRAINT_FORMAT, /* format: a coax_format number */
    IDL_CONSTRAINT_ITEMS,  /* low, high */
    IDL_CONSTRAINT_UNIQUE
} idl_constraint_kind;

typedef struct idl_constraint {
    idl_constraint_kind kind;
    idl_span span;
    const char *source_text; /* as written, "@len(1..32)", one line */
    idl_bound low, high;
    const idl_value *values;
    size_t n_values;
    int format;
    const idl_dfa *dfa;
} idl_constraint;

/* A use of a type. Aliases are gone: their constraints are in `constraints`, their name in `alias`. */
struct idl_type {
    idl_kind kind;
    idl_span span;        /* none where all uses share it: unconstrained, built in or declared */
    const idl_decl *decl; /* NAMED */
    const idl_type *item; /* LIST, ARRAY, MAP's value */
    const idl_type *key;  /* MAP */
    uint32_t count;       /* ARRAY */
    const char *alias;    /* the alias it was written with, or NULL */
    const idl_constraint *constraints; /* of the value itself; an item's are in item->constraints */
    size_t n_constraints;
};

typedef enum idl_presence {
    IDL_PRESENCE_REQUIRED = 0,
    IDL_PRESENCE_DEFAULTED,
    IDL_PRESENCE_OPTIONAL
} idl_presence;

struct idl_field {
    uint16_t id; /* also a union's variant id */
    const char *name;
    const char *doc;    /* lines joined by '\n', without the slashes; NULL when there is none */
    const char *c_name; /* from @c_name, or NULL */
    idl_span span, name_span;
    idl_presence presence;
    const idl_type *type;
    idl_value initial; /* DEFAULTED */
    bool is_sensitive;
    bool is_deprecated;
    const char *deprecated_note; /* or NULL */
};

struct idl_enumerator {
    const char *name;
    const char *doc;
    const char *c_name;
    idl_span span;
    bool is_negative;
    uint64_t number; /* magnitude */
    bool is_deprecated;
    const char *deprecated_note;
};

/* A struct rule: an expression, or one of the presence rules. */
typedef enum idl_rule_kind {
    IDL_RULE_EXPR = 1,
    IDL_RULE_ONE_OF,
    IDL_RULE_AT_MOST_ONE,
    IDL_RULE_REQUIRES
} idl_rule_kind;

typedef struct idl_rule {
    idl_rule_kind kind;
    idl_span span;
    const char *expression; /* as written */
    const char *message;
    const idl_expr *expr;           /* EXPR: typed, resolved */
    const idl_field *const *fields; /* the others */
    size_t n_fields;
} idl_rule;

/* Typed rule expressions. `type` is what the operator yields; operands of a binary operator have equal types after sema's
 * conversions (INT literals take the other side's). */
typedef enum idl_expr_type {
    IDL_EXPR_BOOL = 1,
    IDL_EXPR_I64,
    IDL_EXPR_U64,
    IDL_EXPR_F64,
    IDL_EXPR_STRING,
    IDL_EXPR_BYTES,
    IDL_EXPR_OTHER
} idl_expr_type;

typedef enum idl_expr_op {
    IDL_OP_LITERAL = 1, /* value */
    IDL_OP_FIELD, /* path, n_path: fields from the struct inwards; every step but the last is a struct */
    IDL_OP_LEN, /* len(left): bytes of text and bytes, items of lists and maps; u64 */
    IDL_OP_HAS, /* has(left) */
    IDL_OP_NOT,
    IDL_OP_NEG,
    IDL_OP_MUL,
    IDL_OP_DIV,
    IDL_OP_MOD,
    IDL_OP_ADD,
    IDL_OP_SUB,
    IDL_OP_LT,
    IDL_OP_LE,
    IDL_OP_GT,
    IDL_OP_GE,
    IDL_OP_EQ,
    IDL_OP_NE,
    IDL_OP_AND,
    IDL_OP_OR,
    IDL_OP_CONVERT /* left to `type`: i64 <-> u64 is checked, integers to f64 */
} idl_expr_op;

struct idl_expr {
    idl_expr_op op;
    idl_expr_type type;
    idl_span span;
    const idl_expr *left, *right; /* NULL where the operator has none */
    idl_value value;
    const idl_field *const *path;
    size_t n_path;
};
/* An absent optional (or a path through one) makes every comparison that mentions it true, unless has() guards it otherwise:
 * a rule about an absent field holds. Written down in docs/idl.md. */

typedef enum idl_decl_kind {
    IDL_DECL_CONST = 1,
    IDL_DECL_ENUM,
    IDL_DECL_FLAGS,
    IDL_DECL_ALIAS,
    IDL_DECL_STRUCT,
    IDL_DECL_UNION,
    IDL_DECL_ERROR,
    IDL_DECL_SERVICE
} idl_decl_kind;

struct idl_decl {
    idl_decl_kind kind;
    const idl_file *file;
    const char *
        name; /* as written; of an inline struct "divide_request" with `service` and `method` set */
    const char *full_name; /* "bank.Transfer" */
    const char *doc;
    const char *c_name;
    idl_span span, name_span;
    bool is_deprecated;
    const char *deprecated_note;
    bool is_strict; /* ENUM, FLAGS, UNION */

    const idl_type *type; /* CONST, ALIAS; ENUM and FLAGS: the base */
    idl_value value;      /* CONST */

    const idl_enumerator *enumerators; /* ENUM, FLAGS: the schema's order */
    size_t n_enumerators;

    const idl_field *fields; /* STRUCT, ERROR; UNION: variants: the schema's order */
    size_t n_fields;
    const idl_field *const *by_id;
    const idl_rule *rules;
    size_t n_rules;
    bool is_recursive;       /* contains itself through any path */
    bool holds_sensitive;    /* a @sensitive field, or something that holds one */
    const idl_method *owner; /* inline request or response struct, else NULL */

    uint32_t error_id; /* ERROR */
    int status;        /* ERROR: canonical code 1..16 */

    const idl_method *methods; /* SERVICE: rpc, oneway and event in the schema's order */
    size_t n_methods;
    const char *version; /* or NULL */
    uint64_t shape;      /* SERVICE */
};

/* Numbers as coax_method_kind and the COAX_METHOD_ flags in coax/descriptor.h. */
struct idl_method {
    int kind;
    const char *name;
    const char *full_name; /* "bank.Bank.transfer" */
    const char *id_name;   /* what the id is the hash of: full_name, or the name in @was */
    const char *doc;
    const char *c_name;
    idl_span span, name_span;
    const idl_decl *service;
    uint32_t id;
    bool has_pinned_id;
    uint32_t flags;
    const idl_decl *request;  /* never NULL: an empty inline struct when there are no parameters */
    const idl_decl *response; /* NULL for oneway and event, and for a pure response stream */
    const idl_decl *request_item; /* struct or union that is streamed, or NULL */
    const idl_decl *response_item;
    const idl_decl *const *errors;
    size_t n_errors;
    uint32_t timeout_ms;
    uint32_t max_request, max_reply;
    const char *const *roles;
    size_t n_roles;
    const char *deprecated_note;
};

/* One schema file. */
struct idl_file {
    const idl_source *source;
    const char *path;                /* as it was named on the command line or in the import */
    const char *stem;                /* "bank" for "x/bank.idl" */
    const char *ns;                  /* "acme.bank" */
    const char *doc;                 /* doc comment of the namespace line, or NULL */
    const idl_file *const *imports;  /* direct ones, the schema's order */
    const char *const *import_paths; /* as written in the import, "common/money.idl" */
    size_t n_imports;
    const idl_decl *const
        *decls; /* the schema's order; an inline struct stands before its service */
    size_t n_decls;
};

typedef struct idl_model {
    const idl_file *const
        *files; /* imported ones before those that import them; the named ones last, in order */
    size_t n_files;
    const idl_file *const *roots; /* the files named on the command line */
    size_t n_roots;
} idl_model;

#endif
