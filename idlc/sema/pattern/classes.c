/* Sets of code points: what stands between [ and ], and \d \w \s.
 *
 * Must not know: the syntax (parse.c) and bytes (nfa.c).
 */
#include "sema/pattern/internal.h"

#include <stdlib.h>

#define LAST_CODE_POINT 0x10ffffu
#define FIRST_SURROGATE 0xd800u
#define LAST_SURROGATE 0xdfffu

void idl_cp_set_add(idl_arena *arena, idl_cp_set *set, uint32_t low, uint32_t high)
{
    set->items =
        idl_arena_grow(arena, set->items, set->count, &set->capacity, sizeof(idl_cp_range));
    set->items[set->count++] = (idl_cp_range){ .low = low, .high = high };
}

static void add_lower(idl_arena *arena, idl_cp_set *set, char name)
{
    if (name == 's') {
        idl_cp_set_add(arena, set, '\t', '\r');
        idl_cp_set_add(arena, set, ' ', ' ');
        return;
    }
    idl_cp_set_add(arena, set, '0', '9');
    if (name == 'w') {
        idl_cp_set_add(arena, set, 'A', 'Z');
        idl_cp_set_add(arena, set, '_', '_');
        idl_cp_set_add(arena, set, 'a', 'z');
    }
}

void idl_cp_set_add_named(idl_arena *arena, idl_cp_set *set, char name)
{
    bool is_upper = name >= 'A' && name <= 'Z';
    if (!is_upper) {
        add_lower(arena, set, name);
        return;
    }
    idl_cp_set inner = { 0 };
    add_lower(arena, &inner, (char)(name - 'A' + 'a'));
    idl_cp_set_finish(arena, &inner, true);
    for (size_t i = 0; i < inner.count; i++)
        idl_cp_set_add(arena, set, inner.items[i].low, inner.items[i].high);
}

static int by_low(const void *a, const void *b)
{
    const idl_cp_range *x = a;
    const idl_cp_range *y = b;
    return (x->low > y->low) - (x->low < y->low);
}

/* Sorts and joins what overlaps or touches. */
static void normalize(idl_cp_set *set)
{
    if (set->count == 0)
        return;
    qsort(set->items, set->count, sizeof *set->items, by_low);
    size_t kept = 0;
    for (size_t i = 1; i < set->count; i++) {
        idl_cp_range *last = &set->items[kept];
        if (set->items[i].low <= last->high + 1)
            last->high = set->items[i].high > last->high ? set->items[i].high : last->high;
        else
            set->items[++kept] = set->items[i];
    }
    set->count = kept + 1;
}

static void invert(idl_arena *arena, idl_cp_set *set)
{
    idl_cp_set rest = { 0 };
    uint32_t next = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (set->items[i].low > next)
            idl_cp_set_add(arena, &rest, next, set->items[i].low - 1);
        next = set->items[i].high + 1;
    }
    if (next <= LAST_CODE_POINT)
        idl_cp_set_add(arena, &rest, next, LAST_CODE_POINT);
    *set = rest;
}

/* UTF-8 has no surrogates, so neither has a set. */
static void drop_surrogates(idl_arena *arena, idl_cp_set *set)
{
    idl_cp_set kept = { 0 };
    for (size_t i = 0; i < set->count; i++) {
        idl_cp_range r = set->items[i];
        if (r.low < FIRST_SURROGATE)
            idl_cp_set_add(arena, &kept, r.low,
                           r.high < FIRST_SURROGATE ? r.high : FIRST_SURROGATE - 1);
        if (r.high > LAST_SURROGATE)
            idl_cp_set_add(arena, &kept, r.low > LAST_SURROGATE ? r.low : LAST_SURROGATE + 1,
                           r.high);
    }
    *set = kept;
}

void idl_cp_set_finish(idl_arena *arena, idl_cp_set *set, bool negate)
{
    normalize(set);
    if (negate)
        invert(arena, set);
    drop_surrogates(arena, set);
}
