/*
 * The plan: every C name, order and table that the emitters need, decided once.
 *
 * plan_make reads the model and is the only writer; afterwards the plan is const, and emitters
 * neither look names up nor invent any. It lives in the arena of the run.
 *
 * Read next: plan_types.c (what a schema type is in C), plan_decls.c (names), plan_order.c
 * (definition order, largest encoding), plan_symbols.c (clashes), then emit/emit.h.
 */
#ifndef IDL_PLAN_PLAN_H
#define IDL_PLAN_PLAN_H

#include "diag/diag.h"
#include "front/arena.h"
#include "sema/model.h"

typedef struct idl_plan_map idl_plan_map;
typedef struct idl_plan_type idl_plan_type;
typedef struct idl_plan_decl idl_plan_decl;
typedef struct idl_plan_field idl_plan_field;
typedef struct idl_plan_method idl_plan_method;
typedef struct idl_plan_file idl_plan_file;

/* What a value is in C. */
typedef enum idl_shape {
    IDL_SHAPE_SCALAR = 1, /* a C number, or one of coax/bytes.h */
    IDL_SHAPE_ENUM,       /* enum or flags: travels as `codec` */
    IDL_SHAPE_STRUCT,     /* struct or error */
    IDL_SHAPE_UNION,
    IDL_SHAPE_LIST,
    IDL_SHAPE_ARRAY,
    IDL_SHAPE_MAP
} idl_shape;

/* A C type; one object per distinct type and file. */
struct idl_plan_type {
    idl_shape shape;
    idl_kind kind;      /* as in the model; of an enum its base */
    const char *c_name; /* "double", "bank_transfer", "bank_transfer_list"; ARRAY: of its items */
    const char *codec;  /* "f64": coax_write_f64; LIST of scalars: "f64_list"; else NULL */
    const char *wire_c; /* ENUM: "uint8_t" */
    const char *table;  /* name of its coax_type */
    const char *word;   /* what it is called inside the names of lists and maps */
    const char *schema_name; /* "list<bank.Transfer>" */
    const char
        *size; /* "sizeof(double)", of an array the product, of a list or map that of an item */
    const idl_plan_decl *decl;
    const idl_plan_type *item; /* LIST, ARRAY, MAP's value */
    const idl_plan_type *key;  /* MAP */
    uint32_t count;            /* ARRAY */
    const char *entry; /* MAP: struct { K key; V value; }; LIST of arrays: struct { T items[N]; } */
    const char *helper; /* LIST, ARRAY, MAP: what its read and write functions begin with */
    bool is_runtime;    /* coax_f64_list: nothing to define */
    bool is_imported;   /* defined by another header */
    bool
        is_guarded; /* no own declaration is part of its name: another header may define the same */
    bool is_bin;    /* ARRAY of u8 */
};

typedef enum idl_absence {
    IDL_ABSENCE_NONE = 0,
    IDL_ABSENCE_FLAG,
    IDL_ABSENCE_NULL_DATA,
    IDL_ABSENCE_NULL_POINTER
} idl_absence;

struct idl_plan_field {
    const idl_field *model;
    const idl_plan_type *type;
    const char *c_name;   /* the member */
    const char *has_name; /* "has_x", with IDL_ABSENCE_FLAG */
    const char *constant; /* a variant's: BANK_RECEIPT_SETTLED */
    idl_absence absence;
    bool is_pointer; /* the member is `const T *` */
};

/* The kinds and flags of idl_method; the numbers are those of coax/descriptor.h, which idlc does not see. */
enum {
    IDL_METHOD_UNARY = 1,
    IDL_METHOD_ONEWAY,
    IDL_METHOD_SERVER_STREAM,
    IDL_METHOD_CLIENT_STREAM,
    IDL_METHOD_BIDI_STREAM,
    IDL_METHOD_EVENT
};

/* A service's method. */
struct idl_plan_method {
    const idl_method *model;
    const char *c_name;   /* "bank_bank_transfer" */
    const char *member;   /* in the handler struct */
    const char *packet;   /* BANK_PACKET_BANK_TRANSFER */
    const char *constant; /* BANK_BANK_TRANSFER_METHOD */
    size_t index;         /* in the service */
    bool is_blocking;     /* its handler may wait */
    const idl_plan_decl *request;
    const idl_plan_decl *response;
    const idl_plan_decl *request_item;
    const idl_plan_decl *response_item;
    const idl_plan_decl *const *errors;
    const char *const *error_words;   /* throw_<word> */
    const char *const *error_members; /* in the result struct */
};

struct idl_plan_decl {
    const idl_decl *model;
    const idl_plan_file *file;
    const char *word;          /* "transfer", without the namespace */
    const char *c_name;        /* "bank_transfer" */
    const char *upper;         /* "BANK_TRANSFER" */
    const idl_plan_type *type; /* ENUM, FLAGS, STRUCT, UNION, ERROR; CONST: of its value */
    idl_plan_field *fields;    /* schema order, model->n_fields */
    const idl_plan_field **by_id;
    const char *const *constants; /* ENUM, FLAGS: per enumerator */
    const bool *is_repeated;      /* ENUM, FLAGS: an earlier enumerator has the same number */
    bool is_c_enum;               /* ENUM: a C enum, else a typedef and macros */
    bool is_zero_init;            /* no defaults anywhere inside */
    bool needs_forward;           /* used through a pointer before it is defined */
    uint64_t max_encoded;         /* bytes; 0: not bounded */
    size_t order;                 /* position in file->ordered */
    const idl_plan_file *read_in; /* while planning: the last file whose `readers` took it */
    idl_plan_method *methods;     /* SERVICE */
};

/* A @pattern's automaton: one table, however many fields use the pattern. */
typedef struct idl_plan_pattern {
    const char *c_name; /* "bank_pattern1" */
    const idl_dfa *dfa;
    const char *text;
} idl_plan_pattern;

struct idl_plan_file {
    const idl_file *model;
    const char *stem;
    const char *prefix;                  /* "acme_bank" */
    const char *upper;                   /* "ACME_BANK" */
    const char *guard;                   /* "COAX_GEN_ACME_BANK_H" */
    const idl_plan_file *const *imports; /* direct ones */
    size_t n_imports;
    idl_plan_decl *decls; /* schema order */
    size_t n_decls;
    idl_plan_decl **ordered; /* structs, unions, errors: each after what it holds by value */
    size_t n_ordered;
    idl_plan_type **containers; /* lists, arrays and maps used here: items before what holds them */
    size_t n_containers;
    size_t containers_capacity;
    const idl_plan_decl **
        readers; /* declarations that decoding reads with a helper: those behind pointers, strict enums */
    size_t n_readers;
    size_t readers_capacity;
    idl_plan_pattern **patterns;
    size_t n_patterns;
    size_t patterns_capacity;
    const idl_plan_map *pattern_names; /* text -> idl_plan_pattern */
    size_t n_methods;                  /* of all services */
};

typedef struct idl_plan {
    idl_plan_file *files; /* as in the model */
    size_t n_files;
    const idl_plan_file **roots;
    size_t n_roots;
} idl_plan;

/* Plans all files of a model. False: two names clash, or the like; `diag` has the words. */
bool idl_plan_make(idl_arena *arena, idl_diag *diag, const idl_model *model,
                   const idl_plan **ret_plan);

/* The field of `owner` for a model field of the same declaration. */
const idl_plan_field *idl_plan_field_of(const idl_plan_decl *owner, const idl_field *field);

/* The automaton's table for an @pattern of a field of `file`. */
const char *idl_plan_pattern_name(const idl_plan_file *file, const idl_constraint *constraint);

#endif
