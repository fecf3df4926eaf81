/*
 * Const tables that describe every type, method and service of a schema.
 *
 * idlc writes them; reflection, the command line, dumps and the table interpreter
 * (wire/interpret.h) read them. Invariants: everything is const and static; `fields` and `ids` are
 * in ascending id order and of equal length; a table of another COAX_GEN_ABI never gets here,
 * because its header does not compile.
 */
#ifndef COAX_DESCRIPTOR_H
#define COAX_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/error.h>
#include <coax/export.h>

COAX_BEGIN_DECLS

typedef struct coax_type coax_type;
typedef struct coax_writer coax_writer;
typedef struct coax_reader coax_reader;
typedef struct coax_violations coax_violations;

/** What a value is on the wire and in C. */
typedef enum coax_kind {
    COAX_KIND_BOOL = 1, /* bool */
    COAX_KIND_I8,
    COAX_KIND_I16,
    COAX_KIND_I32,
    COAX_KIND_I64,
    COAX_KIND_U8,
    COAX_KIND_U16,
    COAX_KIND_U32,
    COAX_KIND_U64,
    COAX_KIND_F32,
    COAX_KIND_F64,
    COAX_KIND_STRING,    /* coax_str */
    COAX_KIND_BYTES,     /* coax_bytes */
    COAX_KIND_TIMESTAMP, /* coax_timestamp */
    COAX_KIND_DURATION,  /* coax_duration */
    COAX_KIND_UUID,      /* coax_uuid */
    COAX_KIND_ANY,       /* coax_any */
    COAX_KIND_ENUM, /* a C enum, or an integer where the base is u32, u64 or i64; `base` is its wire
                       kind */
    COAX_KIND_FLAGS, /* an unsigned integer of the base's width; `base` is its wire kind */
    COAX_KIND_STRUCT,
    COAX_KIND_UNION, /* { kind; union as; }: `fields` are the variants, `offset` that of `as` */
    COAX_KIND_ERROR, /* a struct that can be thrown */
    COAX_KIND_LIST,  /* { const T *items; size_t count; } */
    COAX_KIND_ARRAY, /* T[count], inline; u8[N] is bin N on the wire, others an array of N */
    COAX_KIND_MAP    /* { const entry *items; size_t count; }, entry is { key; value; } */
} coax_kind;

typedef enum coax_presence {
    COAX_PRESENCE_REQUIRED = 0,
    COAX_PRESENCE_DEFAULTED, /* absent means the value in coax_type.initial */
    COAX_PRESENCE_OPTIONAL
} coax_presence;

/** How an optional field says that it is absent. */
typedef enum coax_absence {
    COAX_ABSENCE_NONE = 0,    /* not optional */
    COAX_ABSENCE_FLAG,        /* a bool at `has_offset` */
    COAX_ABSENCE_NULL_DATA,   /* string, bytes, any: .data == NULL */
    COAX_ABSENCE_NULL_POINTER /* struct and union: the member is a pointer, NULL when absent */
} coax_absence;

enum {
    COAX_FIELD_SENSITIVE = 1u << 0, /* redacted in dumps and logs */
    COAX_FIELD_DEPRECATED = 1u << 1,
    COAX_FIELD_POINTER =
        1u << 2 /* the member is `const T *`, not T (optional structs, struct variants) */
};

/** One member of a struct or error, or one variant of a union. */
typedef struct coax_field {
    const char *name;  /* as in the schema */
    const char *doc;   /* NULL when there is none */
    const char *rules; /* the constraints as written, "@len(1..32)"; NULL when there are none */
    const coax_type *type;
    uint32_t offset;     /* of the member in the C struct */
    uint32_t has_offset; /* of its `has_` bool, with COAX_ABSENCE_FLAG */
    uint16_t id;
    uint8_t presence; /* coax_presence */
    uint8_t absence;  /* coax_absence */
    uint32_t flags;
} coax_field;

/** One number of an enum, or one bit of a flags type. */
typedef struct coax_enum_value {
    const char *name;
    const char *doc;
    int64_t number; /* the bit pattern, for u64 */
} coax_enum_value;

typedef void (*coax_encode_fn)(coax_writer *out, const void *value);
typedef void (*coax_decode_fn)(coax_reader *in, void *ret_value);
typedef bool (*coax_check_fn)(const void *value, coax_violations *why);

/** Most fields a struct, or variants a union, may have: what a reader's seen-set holds without
 * memory. */
#define COAX_FIELDS_MAX 256u
/** Largest field id. */
#define COAX_FIELD_ID_MAX 65535u

struct coax_type {
    const char *name; /* "bank.Transfer", "u32", "list<bank.Transfer>" */
    const char *doc;
    uint8_t kind;          /* coax_kind */
    uint8_t base;          /* coax_kind on the wire, of an enum or flags */
    bool is_strict;        /* enum, union: unknown numbers are refused */
    uint32_t size;         /* sizeof the C value; of a map or list: of one item */
    uint32_t count;        /* of an array */
    uint32_t value_offset; /* of a map's value in its entry */
    uint32_t n_fields;
    uint32_t n_values;
    const coax_field *fields;
    const uint16_t *ids; /* the fields' ids again, dense, for the reader */
    const uint64_t
        *optional; /* bit i: field i is optional, so nil means absent; (n_fields + 63) / 64 words */
    const coax_enum_value *values;
    const coax_type *item; /* of a list, an array, a map's value */
    const coax_type *key;  /* of a map */
    const void *initial;   /* what a decode starts from: the defaults */
    coax_encode_fn encode; /* struct, error, union only; else NULL */
    coax_decode_fn decode;
    coax_check_fn check;
    uint32_t error_id; /* of an error: its wire id */
    coax_err status;   /* of an error: the code it travels under */
};

/* The scalar types, shared by all schemas. */
extern COAX_API const coax_type coax_type_bool, coax_type_i8, coax_type_i16, coax_type_i32,
    coax_type_i64, coax_type_u8, coax_type_u16, coax_type_u32, coax_type_u64, coax_type_f32,
    coax_type_f64, coax_type_string, coax_type_bytes, coax_type_timestamp, coax_type_duration,
    coax_type_uuid, coax_type_any;

/** How a method talks. */
typedef enum coax_method_kind {
    COAX_METHOD_UNARY = 1,
    COAX_METHOD_ONEWAY,
    COAX_METHOD_SERVER_STREAM,
    COAX_METHOD_CLIENT_STREAM,
    COAX_METHOD_BIDI_STREAM,
    COAX_METHOD_EVENT
} coax_method_kind;

enum {
    COAX_METHOD_IDEMPOTENT = 1u << 0,
    COAX_METHOD_PUBLIC = 1u << 1,   /* callable before authentication */
    COAX_METHOD_BLOCKING = 1u << 2, /* runs on the worker pool */
    COAX_METHOD_DEPRECATED = 1u << 3,
    COAX_METHOD_PRIORITY_HIGH = 1u << 4,
    COAX_METHOD_PRIORITY_LOW = 1u << 5,
    COAX_METHOD_SENSITIVE =
        1u << 6 /* something it says holds a @sensitive field: memory is wiped */
};

typedef struct coax_method {
    const char *name; /* "bank.Bank.transfer" */
    const char *doc;
    uint32_t id;  /* packet id: FNV-1a of the name unless pinned */
    uint8_t kind; /* coax_method_kind */
    uint32_t flags;
    const coax_type *request;      /* never NULL: a method without parameters has an empty struct */
    const coax_type *response;     /* NULL for one-way calls and events */
    const coax_type *request_item; /* what the client streams, or NULL */
    const coax_type *response_item; /* what the server streams, or NULL */
    const coax_type *const *errors; /* what it may throw */
    uint32_t n_errors;
    uint32_t timeout_ms;  /* 0: the caller's default */
    uint32_t max_request; /* bytes; 0: the connection's limit */
    uint32_t max_reply;
    const char *const *roles; /* NULL-terminated; NULL: any */
} coax_method;

typedef struct coax_service {
    const char *name; /* "bank.Bank" */
    const char *doc;
    const char *version; /* NULL when there is none */
    uint64_t shape; /* FNV-1a (64 bit) over the canonical shape of everything it says; equal shapes
                       agree on the wire */
    const coax_method *methods;
    uint32_t n_methods;
} coax_service;

COAX_END_DECLS

#endif
