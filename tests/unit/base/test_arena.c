/*
 * The arena: alignment, the limit, reuse, and what a failing allocator leaves behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void an_empty_arena_takes_no_memory_and_may_be_freed_twice(void **state)
{
    coax_arena arena = COAX_ARENA_INIT;
    (void)state;
    coax_arena_reset(&arena);
    assert_int_equal(arena.used, 0);
    coax_arena_deinit(&arena);
    coax_arena_deinit(&arena);
}

static void what_is_taken_is_aligned_and_apart(void **state)
{
    coax_arena arena = COAX_ARENA_INIT;
    uint8_t *before = NULL;
    (void)state;
    for (size_t i = 0; i < 3000; i++) {
        size_t align = (size_t)1 << (i % 5), size = i % 97;
        uint8_t *taken = coax_arena_take(&arena, size, align);
        assert_non_null(taken);
        assert_int_equal((uintptr_t)taken % align, 0);
        memset(taken, (int)i, size);
        if (before != NULL && size > 0)
            assert_int_equal(before[0], (uint8_t)(i - 1));
        before = size > 0 ? taken : NULL;
    }
    coax_arena_deinit(&arena);
    assert_int_equal(arena.used, 0);
}

static void nothing_is_room_too(void **state)
{
    coax_arena arena = COAX_ARENA_INIT;
    (void)state;
    assert_non_null(coax_arena_take(&arena, 0, 1));
    assert_non_null(coax_arena_array(&arena, 0, 100, 8));
    coax_arena_deinit(&arena);
}

static void the_limit_counts_blocks_and_is_never_passed(void **state)
{
    (void)state;
    for (size_t limit = 1; limit < 20000; limit = limit * 5 / 4 + 1) {
        coax_arena arena;
        size_t taken = 0;
        coax_arena_init(&arena, NULL, limit);
        while (coax_arena_take(&arena, 24, 8) != NULL)
            taken += 24;
        assert_true(arena.used <= limit);
        assert_true(taken <= limit);
        assert_true(limit < 200 || taken > limit / 3);
        assert_int_equal(cx_arena_refusal(&arena, limit), COAX_ERR_TOO_LARGE);
        coax_arena_deinit(&arena);
    }
}

static void a_product_that_overflows_is_refused(void **state)
{
    coax_arena arena = COAX_ARENA_INIT;
    (void)state;
    assert_null(coax_arena_array(&arena, SIZE_MAX / 2, 3, 1));
    assert_null(coax_arena_array(&arena, SIZE_MAX, SIZE_MAX, 1));
    assert_null(coax_arena_take(&arena, SIZE_MAX, 1));
    assert_null(coax_arena_take(&arena, SIZE_MAX - 8, 16));
    assert_int_equal(arena.used, 0);
}

static void a_reset_keeps_one_block_that_soon_holds_everything(void **state)
{
    coax_arena arena = COAX_ARENA_INIT;
    size_t used = 0;
    (void)state;
    for (int round = 0; round < 6; round++) {
        for (int i = 0; i < 500; i++)
            assert_non_null(coax_arena_take(&arena, 40, 8));
        if (round == 3)
            used = arena.used;
        if (round > 3)
            assert_int_equal(arena.used, used);
        coax_arena_reset(&arena);
    }
    coax_arena_deinit(&arena);
}

typedef struct meter {
    size_t n_taken;
    size_t n_live;
    size_t fail_at;
} meter;

static void *metered_resize(void *self, void *old, size_t size)
{
    meter *is = self;
    if (++is->n_taken == is->fail_at)
        return NULL;
    is->n_live += old == NULL;
    return realloc(old, size);
}

static void metered_release(void *self, void *memory)
{
    ((meter *)self)->n_live -= memory != NULL;
    free(memory);
}

static void a_failing_allocator_is_told_from_a_limit(void **state)
{
    (void)state;
    for (size_t fail_at = 1; fail_at < 5; fail_at++) {
        meter is = { 0, 0, fail_at };
        const coax_allocator allocator = { &is, metered_resize, metered_release };
        coax_arena arena;
        size_t taken = 0;
        coax_arena_init(&arena, &allocator, 1 << 20);
        while (coax_arena_take(&arena, 100, 1) != NULL)
            taken++;
        assert_int_equal(cx_arena_refusal(&arena, 100), COAX_ERR_NO_MEMORY);
        assert_int_equal(is.n_live, fail_at - 1);
        assert_true(coax_arena_take(&arena, 100, 1) != NULL); /* the next attempt works again */
        coax_arena_deinit(&arena);
        assert_int_equal(is.n_live, 0);
        assert_true(fail_at == 1 || taken > 0);
    }
}

/* An allocator that looks at what it is given back. */
typedef struct inspector {
    uint8_t *blocks[64];
    size_t sizes[64];
    size_t n;
    size_t n_released;
    size_t n_left; /* bytes of what was written, in blocks that were given back */
} inspector;

static void *inspected_resize(void *self, void *old, size_t size)
{
    inspector *it = self;
    assert_null(old);
    assert_true(it->n < 64);
    it->sizes[it->n] = size;
    it->blocks[it->n] = calloc(1, size); /* nothing of others */
    return it->blocks[it->n++];
}

static void inspected_release(void *self, void *memory)
{
    inspector *it = self;
    size_t i = it->n;
    while (i > 0 && it->blocks[--i] != memory)
        continue;
    assert_ptr_equal(it->blocks[i], memory);
    for (size_t k = 0; k + 8 <= it->sizes[i]; k++)
        it->n_left += memcmp(it->blocks[i] + k, "SSSSSSSS", 8) == 0;
    it->blocks[i] = NULL; /* the next one may lie at the same place */
    it->n_released++;
    free(memory);
}

/* Fills an arena with secrets of several blocks and gives it back; how much was found in what it gave back. */
static size_t leave_secrets(bool wipes, bool resets)
{
    inspector it = { .n = 0 };
    const coax_allocator allocator = { &it, inspected_resize, inspected_release };
    coax_arena arena;
    coax_arena_init(&arena, &allocator, 0);
    arena.wipes = wipes;
    for (int round = 0; round < 3; round++) {
        for (size_t i = 1; i < 200; i++)
            memset(coax_arena_take(&arena, i, 1), 'S', i);
        if (!resets)
            break;
        coax_arena_reset(&arena);
        if (wipes) /* also in the block that is kept */
            assert_true(arena.at[0] != 'S' && arena.at[500] != 'S');
    }
    coax_arena_deinit(&arena);
    assert_true(it.n > 1 && it.n_released == it.n);
    return it.n_left;
}

static void an_arena_that_wipes_gives_back_nothing_of_what_it_held(void **state)
{
    (void)state;
    assert_int_equal(leave_secrets(true, false), 0);
    assert_int_equal(leave_secrets(true, true), 0);
    assert_true(leave_secrets(false, false) > 0);
    assert_true(leave_secrets(false, true) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_arena_takes_no_memory_and_may_be_freed_twice),
        cmocka_unit_test(what_is_taken_is_aligned_and_apart),
        cmocka_unit_test(nothing_is_room_too),
        cmocka_unit_test(the_limit_counts_blocks_and_is_never_passed),
        cmocka_unit_test(a_product_that_overflows_is_refused),
        cmocka_unit_test(a_reset_keeps_one_block_that_soon_holds_everything),
        cmocka_unit_test(a_failing_allocator_is_told_from_a_limit),
        cmocka_unit_test(an_arena_that_wipes_gives_back_nothing_of_what_it_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
