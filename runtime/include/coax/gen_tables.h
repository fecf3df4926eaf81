/*
 * How generated code writes its tables: one line per field, one per type.
 *
 * The macros fill coax_field and coax_type (see <coax/descriptor.h>) in the members' order, because
 * C++ takes no designated initialisers before C++20. Each begins with what a reader looks for. `c`
 * is a C type; what belongs to it is found by its name: c_type, c_fields, c_ids, c_optional,
 * c_initial, c_encode ...
 */
#ifndef COAX_GEN_TABLES_H
#define COAX_GEN_TABLES_H

#include <math.h>
#include <string.h>

#include <coax/bytes.h>
#include <coax/descriptor.h>

/** The open end of a range of floats. */
#define COAX_INFINITY ((double)INFINITY)

/** An initialiser with its braces, where a macro needs one: COAX_INIT(1, 2) is {1, 2}. */
#define COAX_INIT(...)                                                                             \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

#ifdef __cplusplus
#define COAX_ALIGNOF(type) alignof(type)
#else
#define COAX_ALIGNOF(type) _Alignof(type)
#endif

/**
 * Room for what is decoded, as `type *`; see coax_read_list, coax_read_map and coax_read_object.
 */
#define COAX_READ_LIST(in, type, ret_count)                                                        \
    ((type *)coax_read_list(in, sizeof(type), COAX_ALIGNOF(type), ret_count))
#define COAX_READ_MAP(in, type, ret_count)                                                         \
    ((type *)coax_read_map(in, sizeof(type), COAX_ALIGNOF(type), ret_count))
#define COAX_READ_OBJECT(in, type) ((type *)coax_read_object(in, sizeof(type), COAX_ALIGNOF(type)))

/** Below, equal, above: -1, 0, 1, by bytes. In rules. Any thread. */
static inline int coax_rule_compare_str(coax_str a, coax_str b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len == 0 ? 0 : memcmp(a.data, b.data, len);
    if (order != 0)
        return order < 0 ? -1 : 1;
    return a.len < b.len ? -1 : a.len > b.len ? 1 : 0;
}

/** The same for bytes. Any thread. */
static inline int coax_rule_compare_bytes(coax_bytes a, coax_bytes b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len == 0 ? 0 : memcmp(a.data, b.data, len);
    if (order != 0)
        return order < 0 ? -1 : 1;
    return a.len < b.len ? -1 : a.len > b.len ? 1 : 0;
}

/** The same for UUIDs. Any thread. */
static inline int coax_rule_compare_uuid(coax_uuid a, coax_uuid b)
{
    int order = memcmp(a.bytes, b.bytes, sizeof a.bytes);
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

/** The same for points in time, the earlier one being below. Any thread. */
static inline int coax_rule_compare_timestamp(coax_timestamp a, coax_timestamp b)
{
    if (a.seconds != b.seconds)
        return a.seconds < b.seconds ? -1 : 1;
    return a.nanoseconds < b.nanoseconds ? -1 : a.nanoseconds > b.nanoseconds ? 1 : 0;
}

/* Fields: id, owner and member in C, name in the schema, type table, COAX_FIELD_ flags,
 * constraints, documentation. */

#define COAX_FIELD_ROW(id, offset, has_offset, name, type, presence, absence, flags, rules, doc)   \
    {                                                                                              \
        name, doc, rules, &type, offset, has_offset, id, presence, absence, flags                  \
    }
/** A required field. */
#define COAX_FIELD(id, c, member, name, type, flags, rules, doc)                                   \
    COAX_FIELD_ROW(id, offsetof(c, member), 0, name, type, COAX_PRESENCE_REQUIRED,                 \
                   COAX_ABSENCE_NONE, flags, rules, doc)
/** A field with a default. */
#define COAX_FIELD_DEFAULTED(id, c, member, name, type, flags, rules, doc)                         \
    COAX_FIELD_ROW(id, offsetof(c, member), 0, name, type, COAX_PRESENCE_DEFAULTED,                \
                   COAX_ABSENCE_NONE, flags, rules, doc)
/** An optional field that is absent when `has` is false. */
#define COAX_FIELD_FLAGGED(id, c, member, has, name, type, flags, rules, doc)                      \
    COAX_FIELD_ROW(id, offsetof(c, member), offsetof(c, has), name, type, COAX_PRESENCE_OPTIONAL,  \
                   COAX_ABSENCE_FLAG, flags, rules, doc)
/** Optional text, bytes or any, absent when its `data` is NULL. */
#define COAX_FIELD_NULLABLE(id, c, member, name, type, flags, rules, doc)                          \
    COAX_FIELD_ROW(id, offsetof(c, member), 0, name, type, COAX_PRESENCE_OPTIONAL,                 \
                   COAX_ABSENCE_NULL_DATA, flags, rules, doc)
/** An optional struct or union: the member is a pointer, NULL when absent. */
#define COAX_FIELD_BEHIND(id, c, member, name, type, flags, rules, doc)                            \
    COAX_FIELD_ROW(id, offsetof(c, member), 0, name, type, COAX_PRESENCE_OPTIONAL,                 \
                   COAX_ABSENCE_NULL_POINTER, COAX_FIELD_POINTER | (flags), rules, doc)
/** A union's variant that is kept in place. */
#define COAX_VARIANT(id, c, name, type, flags, rules, doc)                                         \
    COAX_FIELD_ROW(id, offsetof(c, as), 0, name, type, COAX_PRESENCE_REQUIRED, COAX_ABSENCE_NONE,  \
                   flags, rules, doc)
/** A union's variant behind a pointer: structs and unions. */
#define COAX_VARIANT_BEHIND(id, c, name, type, flags, rules, doc)                                  \
    COAX_FIELD_ROW(id, offsetof(c, as), 0, name, type, COAX_PRESENCE_REQUIRED, COAX_ABSENCE_NONE,  \
                   COAX_FIELD_POINTER | (flags), rules, doc)

/* Types. */

/**
 * The three functions of a struct, error or union as coax_type wants them, without the type in
 * their signatures.
 */
#define COAX_TYPE_FUNCTIONS(c)                                                                     \
    static void c##_encode_any(coax_writer *out, const void *value)                                \
    {                                                                                              \
        c##_encode(out, (const c *)value);                                                         \
    }                                                                                              \
    static void c##_decode_any(coax_reader *in, void *ret_value)                                   \
    {                                                                                              \
        c##_decode(in, (c *)ret_value);                                                            \
    }                                                                                              \
    static bool c##_check_any(const void *value, coax_violations *why)                             \
    {                                                                                              \
        return c##_check((const c *)value, why);                                                   \
    }

#define COAX_OBJECT_ROW(c, kind, name, is_strict, n_fields, fields, ids, optional, id, status,     \
                        doc)                                                                       \
    const coax_type c##_type = { name,                                                             \
                                 doc,                                                              \
                                 kind,                                                             \
                                 0,                                                                \
                                 is_strict,                                                        \
                                 sizeof(c),                                                        \
                                 0,                                                                \
                                 0,                                                                \
                                 n_fields,                                                         \
                                 0,                                                                \
                                 fields,                                                           \
                                 ids,                                                              \
                                 optional,                                                         \
                                 NULL,                                                             \
                                 NULL,                                                             \
                                 NULL,                                                             \
                                 &c##_initial,                                                     \
                                 c##_encode_any,                                                   \
                                 c##_decode_any,                                                   \
                                 c##_check_any,                                                    \
                                 id,                                                               \
                                 status }
/** A struct of n fields, or of none. */
#define COAX_STRUCT_TYPE(c, name, n, doc)                                                          \
    COAX_OBJECT_ROW(c, COAX_KIND_STRUCT, name, false, n, c##_fields, c##_ids, c##_optional, 0,     \
                    COAX_OK, doc)
#define COAX_EMPTY_STRUCT_TYPE(c, name, doc)                                                       \
    COAX_OBJECT_ROW(c, COAX_KIND_STRUCT, name, false, 0, NULL, NULL, NULL, 0, COAX_OK, doc)
/** An error with its wire id and the code it travels under. */
#define COAX_ERROR_TYPE(c, name, n, id, status, doc)                                               \
    COAX_OBJECT_ROW(c, COAX_KIND_ERROR, name, false, n, c##_fields, c##_ids, c##_optional, id,     \
                    status, doc)
#define COAX_EMPTY_ERROR_TYPE(c, name, id, status, doc)                                            \
    COAX_OBJECT_ROW(c, COAX_KIND_ERROR, name, false, 0, NULL, NULL, NULL, id, status, doc)
/** A union of n variants. */
#define COAX_UNION_TYPE(c, name, is_strict, n, doc)                                                \
    COAX_OBJECT_ROW(c, COAX_KIND_UNION, name, is_strict, n, c##_fields, c##_ids, c##_optional, 0,  \
                    COAX_OK, doc)

/** An enum or flags type that travels as `base`; c_values are its names. */
#define COAX_ENUM_TYPE(c, kind, base, name, is_strict, n, doc)                                     \
    const coax_type c##_type = { name, doc,  kind, base, is_strict, sizeof(c),  0,    0,           \
                                 0,    n,    NULL, NULL, NULL,      c##_values, NULL, NULL,        \
                                 NULL, NULL, NULL, NULL, 0,         COAX_OK }

#define COAX_CONTAINER_ROW(kind, name, size, count, value_offset, item, key)                       \
    {                                                                                              \
        name, NULL, kind, 0, false, size, count, value_offset, 0, 0, NULL, NULL, NULL, NULL, item, \
            key, NULL, NULL, NULL, NULL, 0, COAX_OK                                                \
    }
/** A list whose items are `size` bytes each in C. */
#define COAX_LIST_TYPE(table, name, size, item)                                                    \
    static const coax_type table = COAX_CONTAINER_ROW(COAX_KIND_LIST, name, size, 0, 0, &item, NULL)
/** An array of `count` items, `size` bytes in all. */
#define COAX_ARRAY_TYPE(table, name, size, count, item)                                            \
    static const coax_type table =                                                                 \
        COAX_CONTAINER_ROW(COAX_KIND_ARRAY, name, size, count, 0, &item, NULL)
/** A map whose entries are `entry` in C. */
#define COAX_MAP_TYPE(table, name, entry, key, item)                                               \
    static const coax_type table = COAX_CONTAINER_ROW(COAX_KIND_MAP, name, sizeof(entry), 0,       \
                                                      offsetof(entry, value), &item, &key)

/* Services and automata. */

/** A service of n methods, c_methods, or of none. */
#define COAX_SERVICE(c, name, version, shape, n, doc)                                              \
    const coax_service c##_service = { name, doc, version, shape, c##_methods, n }
#define COAX_EMPTY_SERVICE(c, name, version, shape, doc)                                           \
    const coax_service c##_service = { name, doc, version, shape, NULL, 0 }
/**
 * What a server registers for a service: n rows of c_rows, into c_handlers. Needs
 * <coax/gen_server.h>.
 */
#define COAX_SERVED(c, n)                                                                          \
    static const coax_gen_service c##_served = { &c##_service, c##_rows, n, sizeof(c##_handlers) }
/** The same for a service of events only, which has no handlers. */
#define COAX_SERVED_EVENTS(c)                                                                      \
    static const coax_gen_service c##_served = { &c##_service, NULL, 0, 0 }
/**
 * How a streaming call's callbacks are called: c_done, and `item` where there are items. Needs
 * <coax/gen_client.h>.
 */
#define COAX_STREAM_GLUE(c, item) static const coax_gen_stream_glue c##_glue = { item, c##_done }
/** An automaton over c_classes, c_next and c_accepts. */
#define COAX_PATTERN(c, text, n_classes, n_states)                                                 \
    static const coax_dfa c = { text, c##_classes, c##_next, c##_accepts, n_classes, n_states }

#endif
