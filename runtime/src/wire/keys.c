/*
 * Keys of a map in C: loading, comparing and ordering them.
 *
 * Knows C values and descriptors and nothing of bytes on the wire. Read next: writer.c, where
 * canonical order is made.
 */
#include <assert.h>
#include <string.h>

#include <coax/bytes.h>

#include "wire/keys.h"

coax_kind cx_wire_kind(const coax_type *type)
{
    bool is_alias = type->kind == COAX_KIND_ENUM || type->kind == COAX_KIND_FLAGS;
    return (coax_kind)(is_alias ? type->base : type->kind);
}

bool cx_is_signed(const coax_type *type)
{
    coax_kind kind = cx_wire_kind(type);
    return (kind >= COAX_KIND_I8 && kind <= COAX_KIND_I64) || kind == COAX_KIND_DURATION;
}

int64_t cx_load_integer(const coax_type *type, const void *at)
{
    bool is_signed = cx_is_signed(type);
    switch (type->size) {
    case 1: {
        uint8_t value;
        memcpy(&value, at, sizeof value);
        return is_signed ? (int8_t)value : (int64_t)value;
    }
    case 2: {
        uint16_t value;
        memcpy(&value, at, sizeof value);
        return is_signed ? (int16_t)value : (int64_t)value;
    }
    case 4: {
        uint32_t value;
        memcpy(&value, at, sizeof value);
        return is_signed ? (int32_t)value : (int64_t)value;
    }
    default: {
        uint64_t value;
        assert(type->size == 8);
        memcpy(&value, at, sizeof value);
        return (int64_t)value;
    }
    }
}

void cx_store_integer(const coax_type *type, void *at, int64_t number)
{
    switch (type->size) {
    case 1: {
        uint8_t value = (uint8_t)number;
        memcpy(at, &value, sizeof value);
        break;
    }
    case 2: {
        uint16_t value = (uint16_t)number;
        memcpy(at, &value, sizeof value);
        break;
    }
    case 4: {
        uint32_t value = (uint32_t)number;
        memcpy(at, &value, sizeof value);
        break;
    }
    default:
        assert(type->size == 8);
        memcpy(at, &number, sizeof number);
        break;
    }
}

static int compare_bytes(const void *a, size_t a_len, const void *b, size_t b_len)
{
    size_t common = a_len < b_len ? a_len : b_len;
    int order = common != 0 ? memcmp(a, b, common) : 0;
    return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

int cx_key_compare(const coax_type *key, const void *a, const void *b)
{
    if (key->kind == COAX_KIND_STRING) {
        coax_str left, right;
        memcpy(&left, a, sizeof left);
        memcpy(&right, b, sizeof right);
        return compare_bytes(left.data, left.len, right.data, right.len);
    }
    if (key->kind == COAX_KIND_UUID)
        return memcmp(a, b, sizeof(coax_uuid));
    int64_t left = cx_load_integer(key, a);
    int64_t right = cx_load_integer(key, b);
    if (cx_is_signed(key))
        return (left > right) - (left < right);
    return ((uint64_t)left > (uint64_t)right) - ((uint64_t)left < (uint64_t)right);
}

/* The key is an entry's first member. */
static const void *entry_at(const coax_type *map, const void *items, size_t index)
{
    return (const uint8_t *)items + index * map->size;
}

bool cx_keys_ascend(const coax_type *map, const void *items, size_t count, size_t *ret_at)
{
    for (size_t i = 1; i < count; i++) {
        if (cx_key_compare(map->key, entry_at(map, items, i - 1), entry_at(map, items, i)) >= 0) {
            *ret_at = i;
            return false;
        }
    }
    return true;
}

static bool comes_before(const coax_type *map, const void *items, uint32_t a, uint32_t b)
{
    return cx_key_compare(map->key, entry_at(map, items, a), entry_at(map, items, b)) < 0;
}

/* Lets the index at `root` sink until no child of it comes later. */
static void sift_down(const coax_type *map, const void *items, uint32_t *order, size_t root,
                      size_t count)
{
    uint32_t sinking = order[root];
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && comes_before(map, items, order[child], order[child + 1]))
            child++;
        if (!comes_before(map, items, sinking, order[child]))
            break;
        order[root] = order[child];
    }
    order[root] = sinking;
}

void cx_keys_sort(const coax_type *map, const void *items, uint32_t *order, size_t count)
{
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    for (size_t root = count / 2; root-- > 0;)
        sift_down(map, items, order, root, count);
    for (size_t end = count; end-- > 1;) {
        uint32_t largest = order[0];
        order[0] = order[end];
        order[end] = largest;
        sift_down(map, items, order, 0, end);
    }
}

size_t cx_keys_find_duplicate(const coax_type *map, const void *items, const uint32_t *order,
                              size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (cx_key_compare(map->key, entry_at(map, items, order[i - 1]),
                           entry_at(map, items, order[i])) == 0)
            return i;
    }
    return count;
}
