/*
 * Keys of a map in C, and items of a list: their order.
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
