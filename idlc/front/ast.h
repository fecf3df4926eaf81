/* The shape of a schema file: what was written, where, and nothing about what it means.
 *
 * Invariants:
 * - Every node lives in the arena of `idl_sources` and is const once idl_parse has returned.
 * - Names are interned: compare them with `==`. Lists are linked through `next`, in source order.
 * - A node that could not be read to its end is still there, with `is_poisoned` set and whatever
 * had been read (a name, if one was seen). Passes look poisoned things up but report nothing about
 * them. `has_errors` on a declaration says that one of its members is missing or poisoned.
 * - Spans cover what a person would underline: a declaration's `span` runs from its first word to
 * its closing brace or semicolon, `name.span` covers the name alone.
 *
 * Built-in types, `true` and `false` are plain names here: words are given meaning by scope, in
 * sema.
 *
 * Must not know: types, constants, ids. Read next: grammar.y (how it comes about), parse.h, sema.
 */
#ifndef IDL_FRONT_AST_H
#define IDL_FRONT_AST_H

#include "front/source.h"

#include <stdbool.h>
#include <stdint.h>

#define IDL_AST_MAX_NESTING 64

typedef struct idl_ast_type idl_ast_type;
typedef struct idl_ast_arg idl_ast_arg;
typedef struct idl_ast_annotation idl_ast_annotation;
typedef struct idl_ast_field idl_ast_field;
typedef struct idl_ast_enumerator idl_ast_enumerator;
typedef struct idl_ast_reserved idl_ast_reserved;
typedef struct idl_ast_method idl_ast_method;
typedef struct idl_ast_decl idl_ast_decl;
typedef struct idl_ast_import idl_ast_import;
typedef struct idl_ast_ref idl_ast_ref;

/* A single word. `text` is NULL where a name was expected and none was there (then poisoned). */
typedef struct idl_ast_name {
    const char *text; /* interned */
    idl_span span;
} idl_ast_name;

/* A word or a dotted name, `common.Money`. No spaces around the dots. */
typedef struct idl_ast_path {
    const char *text; /* interned, whole, with the dots */
    uint32_t n_parts; /* 1 for a plain word */
    idl_span span;
} idl_ast_path;

/* The `///` lines above something: joined by '\n', with the slashes and one space removed from
 * each. */
typedef struct idl_ast_doc {
    const char *text; /* NUL-terminated, no trailing newline */
    idl_span span;
} idl_ast_doc;

/* A string literal with its escapes decoded. To point at decoded bytes [from, to), for instance
 * into the expression of a @rule, use idl_string_span() in front/literal.h. */
typedef struct idl_ast_string {
    const char *text; /* `len` bytes and a NUL; may hold NULs itself (\x00) */
    uint32_t len;
    bool is_utf8;  /* false once a \xHH made it something else */
    idl_span span; /* with the quotes */
} idl_ast_string;

/* ---- values ---- */

typedef enum idl_ast_value_kind {
    IDL_AST_VALUE_POISONED, /* already reported */
    IDL_AST_VALUE_INTEGER,  /* 12, -3, 0xff, 0b101, 1_000, 4 KiB is 4KiB */
    IDL_AST_VALUE_FLOAT,    /* 1.5, 1e9 */
    IDL_AST_VALUE_DURATION, /* 5s, 1.5ms: whole nanoseconds */
    IDL_AST_VALUE_STRING,
    IDL_AST_VALUE_NAME, /* a constant, an enum value (`eur`, `Currency.eur`), true, false, an option
                           word */
} idl_ast_value_kind;

/* Integers and durations keep sign and magnitude, so that the whole range of i64 and u64 fits. A
 * zero is never negative. */
typedef struct idl_ast_value {
    idl_ast_value_kind kind;
    bool is_negative;
    idl_span span; /* with the sign */
    union { /* which one is `kind`'s business: there are many values, so they are kept small */
        uint64_t magnitude;    /* INTEGER: the number; DURATION: nanoseconds */
        double number;         /* FLOAT, with its sign */
        idl_ast_string string; /* STRING */
        idl_ast_path name;     /* NAME */
    };
} idl_ast_value;

/* ---- annotations ---- */

typedef enum idl_ast_arg_kind {
    IDL_AST_ARG_VALUE,
    IDL_AST_ARG_RANGE, /* a..b  a..  ..b  a..<b  ..<b */
} idl_ast_arg_kind;

struct idl_ast_arg {
    idl_ast_arg *next;
    idl_ast_arg_kind kind;
    bool is_exclusive; /* RANGE: `high` itself is outside (`..<`) */
    union {
        const idl_ast_value *value; /* VALUE */
        struct {                    /* RANGE; NULL: open, and never both of them */
            const idl_ast_value *low;
            const idl_ast_value *high;
        };
    };
    idl_span span;
};

/* @name or @name(args). */
struct idl_ast_annotation {
    idl_ast_annotation *next;
    idl_ast_name name; /* without the '@'; its span starts at the '@' */
    idl_ast_arg *args;
    uint32_t n_args;
    bool has_parens;
    bool is_statement; /* written as a member, `@rule(...);`, and about the whole declaration */
    bool is_poisoned;
    idl_span span;
};

typedef struct idl_ast_annotations {
    idl_ast_annotation *first;
    idl_ast_annotation *last;
    uint32_t count;
} idl_ast_annotations;

/* ---- types ---- */

typedef enum idl_ast_type_kind {
    IDL_AST_TYPE_POISONED,
    IDL_AST_TYPE_NAMED,    /* u32, Transfer, common.Money */
    IDL_AST_TYPE_LIST,     /* list<element> */
    IDL_AST_TYPE_MAP,      /* map<key, element> */
    IDL_AST_TYPE_ARRAY,    /* element[count] */
    IDL_AST_TYPE_OPTIONAL, /* element? */
} idl_ast_type_kind;

struct idl_ast_type {
    idl_ast_type_kind kind;
    uint32_t
        depth; /* 1 for a name; at most IDL_AST_MAX_NESTING, so recursion over types is bounded */
    union {
        idl_ast_path name; /* NAMED */
        struct {
            const idl_ast_type *key;     /* MAP, else NULL */
            const idl_ast_type *element; /* LIST, MAP, ARRAY, OPTIONAL */
            const idl_ast_value *count;  /* ARRAY: an integer or a constant's name */
        };
    };
    idl_ast_annotations *annotations; /* inside <...> only: list<string @len(1..32)>; NULL: none */
    idl_span span;                    /* without the annotations */
};

/* ---- members ---- */

/* A field of a struct, error or inline struct, or a variant of a union. */
struct idl_ast_field {
    idl_ast_field *next;
    bool has_id;             /* false: missing, and reported */
    bool is_poisoned;        /* read in part; `name` and `type` may be known */
    const idl_ast_value *id; /* any literal number; sema says whether it is a fair field number */
    const idl_ast_type *type;
    idl_ast_name name;
    const idl_ast_value *default_value; /* NULL: none */
    idl_ast_annotations annotations;
    const idl_ast_doc *doc; /* NULL: none */
    idl_span span;
};

typedef struct idl_ast_fields {
    idl_ast_field *first;
    idl_ast_field *last;
    uint32_t count; /* poisoned ones included */
} idl_ast_fields;

/* A value of an enum or a bit of flags. */
struct idl_ast_enumerator {
    idl_ast_enumerator *next;
    bool is_poisoned; /* also when its number is missing (reported) */
    idl_ast_name name;
    const idl_ast_value *value; /* NULL: missing, and reported */
    idl_ast_annotations annotations;
    const idl_ast_doc *doc;
    idl_span span;
};

typedef struct idl_ast_enumerators {
    idl_ast_enumerator *first;
    idl_ast_enumerator *last;
    uint32_t count;
} idl_ast_enumerators;

typedef enum idl_ast_reserved_kind {
    IDL_AST_RESERVED_NUMBERS, /* 10 (low == high) or 20..29 or 20.. (high NULL) */
    IDL_AST_RESERVED_NAME,    /* "iban" */
} idl_ast_reserved_kind;

/* One item of a `reserved` statement. */
struct idl_ast_reserved {
    idl_ast_reserved *next;
    idl_ast_reserved_kind kind;
    const idl_ast_value *low;
    const idl_ast_value *high; /* inclusive; NULL: open */
    idl_ast_string name;
    idl_span span;
};

typedef struct idl_ast_reserveds {
    idl_ast_reserved *first;
    idl_ast_reserved *last;
    uint32_t count;
} idl_ast_reserveds;

/* ---- methods ---- */

/* A mention of a declaration, for `throws`. */
struct idl_ast_ref {
    idl_ast_ref *next;
    idl_ast_path path;
};

typedef enum idl_ast_payload_kind {
    IDL_AST_PAYLOAD_ABSENT,   /* nothing written: an rpc without `->` (its reply is empty), oneway,
                                 event */
    IDL_AST_PAYLOAD_POISONED, /* reported */
    IDL_AST_PAYLOAD_EMPTY,    /* () or only a stream */
    IDL_AST_PAYLOAD_NAMED,    /* (Transfer) */
    IDL_AST_PAYLOAD_INLINE,   /* (1: Iban account) */
} idl_ast_payload_kind;

/* What one side of a method sends: at most one message, then at most one stream. */
typedef struct idl_ast_payload {
    idl_ast_payload_kind kind;
    const idl_ast_type *type;        /* NAMED */
    idl_ast_fields fields;           /* INLINE */
    idl_ast_reserveds reserved;      /* INLINE */
    idl_ast_annotations annotations; /* INLINE: (1: u32 a, 2: u32 b, @rule("a < b", "...")) */
    const idl_ast_type *stream;      /* NULL: none */
    idl_span stream_span;            /* from the word `stream` */
    bool is_mixed;                   /* the parser's own: becomes POISONED */
    idl_span span;
} idl_ast_payload;

typedef enum idl_ast_method_kind {
    IDL_AST_METHOD_RPC,
    IDL_AST_METHOD_ONEWAY,
    IDL_AST_METHOD_EVENT,
} idl_ast_method_kind;

/* The grammar takes `->`, `throws` and streams on all three kinds; sema refuses what makes no
 * sense. */
struct idl_ast_method {
    idl_ast_method *next;
    idl_ast_method_kind kind;
    bool is_poisoned;
    idl_ast_name name;
    idl_ast_payload request;
    idl_ast_payload reply;
    idl_ast_ref *throws;
    uint32_t n_throws;
    idl_ast_annotations annotations;
    const idl_ast_doc *doc;
    idl_span span;
};

typedef struct idl_ast_methods {
    idl_ast_method *first;
    idl_ast_method *last;
    uint32_t count;
} idl_ast_methods;

/* ---- declarations ---- */

typedef enum idl_ast_decl_kind {
    IDL_AST_CONST,   /* type, value */
    IDL_AST_ALIAS,   /* type */
    IDL_AST_ENUM,    /* type (the base, NULL: none written), values, reserved */
    IDL_AST_FLAGS,   /* the same */
    IDL_AST_STRUCT,  /* fields, reserved */
    IDL_AST_UNION,   /* fields, reserved */
    IDL_AST_ERROR,   /* fields, reserved */
    IDL_AST_SERVICE, /* methods */
} idl_ast_decl_kind;

/* One struct for all kinds: which members are used is said above, the others are empty. */
struct idl_ast_decl {
    idl_ast_decl *next;
    idl_ast_decl_kind kind;
    bool is_poisoned; /* its header or its end could not be read */
    bool has_errors; /* some member was dropped or is poisoned: don't complain of what seems missing
                      */
    idl_ast_name name;
    const idl_ast_type *type;
    const idl_ast_value *value;
    idl_ast_enumerators values;
    idl_ast_fields fields;
    idl_ast_reserveds reserved;
    idl_ast_methods methods;
    idl_ast_annotations annotations; /* those of the header, then the `@x(...);` statements */
    const idl_ast_doc *doc;
    idl_span span;
};

typedef struct idl_ast_decls {
    idl_ast_decl *first;
    idl_ast_decl *last;
    uint32_t count;
} idl_ast_decls;

struct idl_ast_import {
    idl_ast_import *next;
    idl_ast_string path; /* as written; sema/load.c finds it */
    const idl_ast_doc *doc;
    idl_span span;
};

/* What the formatter needs beside the tree: every comment, in order. White space is what is left.
 */
typedef enum idl_ast_comment_kind {
    IDL_AST_COMMENT_LINE,  // to the end of the line
    IDL_AST_COMMENT_BLOCK, /* like this one */
    IDL_AST_COMMENT_DOC,   /// one line of documentation
} idl_ast_comment_kind;

typedef struct idl_ast_comment {
    idl_ast_comment_kind kind;
    bool is_first_on_line;
    uint32_t start;
    uint32_t end; /* without the line end */
} idl_ast_comment;

typedef struct idl_ast_file {
    idl_source *source;
    bool has_namespace;
    idl_ast_path ns;                 /* empty when has_namespace is false */
    idl_ast_annotations annotations; /* of the namespace */
    const idl_ast_doc *doc;          /* above the namespace: about the file */
    idl_ast_import *imports;
    uint32_t n_imports;
    idl_ast_decls decls;
    idl_ast_comment *comments;
    size_t n_comments;
    bool has_syntax_errors;
} idl_ast_file;

/* "struct", "union", ... for messages. */
const char *idl_ast_decl_kind_name(idl_ast_decl_kind kind);

#endif
