/*
 * Values in C memory, seen through their descriptors: sizes, integers, parts, order.
 *
 * What generated code knows when it is compiled, the table-driven parts (interpreter, dump, @unique, map keys) learn
 * from coax_type here. Nothing of bytes on the wire.
 */
#ifndef CX_WIRE_VALUE_H
#define CX_WIRE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/bytes.h>
#include <coax/descriptor.h>

/* Every list and map in C begins like this, whatever it holds. */
typedef struct cx_items {
    const void *items;
    size_t count;
} cx_items;

/* The kind whose encoding a value of `type` has: its base for enums and flags. */
coax_kind cx_wire_kind(const coax_type *type);

/* Bytes of a value of `type` in C; coax_type.size of a list or map is that of one item. */
size_t cx_value_size(const coax_type *type);

/* Whether numbers of this type are signed on the wire and in C. */
bool cx_is_signed(const coax_type *type);

/* The integer at `at` that a value of `type` (bool, integer, enum, flags, duration) is in C, sign-extended if signed. */
int64_t cx_load_integer(const coax_type *type, const void *at);

/* Stores `number` as the C value of `type`; the caller has checked its range. */
void cx_store_integer(const coax_type *type, void *at, int64_t number);

/* Whether the struct at `value` has this field: false only for optional ones. */
bool cx_field_is_present(const coax_field *field, const void *value);

/* The field's value, behind the pointer where the member is one. The field is present; NULL when a pointer lacks anyway. */
const void *cx_field_value(const coax_field *field, const void *value);

/* The variant that the union at `value` holds; NULL for an unknown one. */
const coax_field *cx_union_variant(const coax_type *type, const void *value, uint32_t *ret_kind);

/* The raw value of a variant this schema doesn't know. */
coax_any cx_union_unknown(const coax_type *type, const void *value);

/*
 * Below 0, 0 or above 0 as `a` comes before, equals or follows `b`: false before true, numbers by value (a NaN last, and
 * equal to itself), text and bytes by bytes with a prefix first, structs by their fields (absent first), lists by their
 * items. Nothing nests deeper than `depth`, or what is deeper counts as equal.
 */
int cx_value_compare(const coax_type *type, const void *a, const void *b, uint32_t depth);

#endif
