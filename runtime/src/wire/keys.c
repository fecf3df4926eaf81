/*
 * Keys of a map in C, and items of a list: their order.
 *
 * Knows nothing of bytes on the wire. Read next: writer.c, where
 * canonical order is made.
 */
#include <coax/reader.h>

#include "wire/keys.h"
#include "wire/value.h"

/* The key is an entry's first member. */
static const void *entry_at(const coax_type *map, const void *items, size_t index)
{
    return (const uint8_t *)items + index * map->size;
}

static int compare(const coax_type *map, const void *a, const void *b)
{
    return cx_value_compare(map->key, a, b, COAX_DEPTH_MAX);
}

bool cx_keys_ascend(const coax_type *map, const void *items, size_t count, size_t *ret_at)
{
    for (size_t i = 1; i < count; i++) {
        if (compare(map, entry_at(map, items, i - 1), entry_at(map, items, i)) >= 0) {
            *ret_at = i;
            return false;
        }
    }
    return true;
}

static bool comes_before(const coax_type *map, const void *items, uint32_t a, uint32_t b)
{
    return compare(map, entry_at(map, items, a), entry_at(map, items, b)) < 0;
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
        if (compare(map, entry_at(map, items, order[i - 1]), entry_at(map, items, order[i])) == 0)
            return i;
    }
    return count;
}
