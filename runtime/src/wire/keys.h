/*
 * Keys of a map in C: loading, comparing and ordering them.
 *
 * Encoders write maps in key order, decoders and checks look for duplicates: both need the same
 * order. It is: false before true, numbers by value, text by bytes (a prefix first), uuids by
 * bytes.
 */
#ifndef CX_WIRE_KEYS_H
#define CX_WIRE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/descriptor.h>

/* The integer at `at` that a value of `type` (bool, integer, enum, flags, duration) is in C,
 * sign-extended if signed. */
int64_t cx_load_integer(const coax_type *type, const void *at);

/* Stores `number` as the C value of `type`; the caller has checked its range. */
void cx_store_integer(const coax_type *type, void *at, int64_t number);

/* Whether numbers of this type are signed on the wire and in C. */
bool cx_is_signed(const coax_type *type);

/* The kind whose encoding a value of `type` has: its base for enums and flags. */
coax_kind cx_wire_kind(const coax_type *type);

/* Below 0, 0 or above 0 as the key at `a` comes before, equals or follows the one at `b`. */
int cx_key_compare(const coax_type *key, const void *a, const void *b);

/* Whether every entry's key is above the one before; `ret_at` gets the first index where it isn't.
 */
bool cx_keys_ascend(const coax_type *map, const void *items, size_t count, size_t *ret_at);

/* Fills order[0..count) with indices so that keys ascend. Heapsort: no memory, n log n always. */
void cx_keys_sort(const coax_type *map, const void *items, uint32_t *order, size_t count);

/* The index in `order` (from cx_keys_sort) of an entry whose key equals the one before; `count` if
 * all differ. */
size_t cx_keys_find_duplicate(const coax_type *map, const void *items, const uint32_t *order,
                              size_t count);

#endif
