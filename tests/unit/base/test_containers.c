/*
 * Lists, the capped buffer and handles.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/idmap.h"
#include "base/list.h"

typedef struct numbered {
    int number;
    cx_list links;
} numbered;

static int take_number(cx_list *list)
{
    cx_list *first = cx_list_take_first(list);
    return first != NULL ? CX_CONTAINER(first, numbered, links)->number : -1;
}

static void a_list_keeps_order_and_lets_go_anywhere(void **state)
{
    numbered items[5];
    cx_list list;
    (void)state;
    cx_list_init(&list);
    for (int i = 0; i < 5; i++) {
        items[i].number = i;
        cx_list_init(&items[i].links);
        if (i == 4)
            cx_list_prepend(&list, &items[i].links);
        else
            cx_list_append(&list, &items[i].links);
    }
    cx_list_remove(&items[1].links);
    cx_list_remove(&items[1].links); /* fine twice */
    assert_int_equal(take_number(&list), 4);
    assert_int_equal(take_number(&list), 0);
    assert_int_equal(take_number(&list), 2);
    assert_int_equal(take_number(&list), 3);
    assert_int_equal(take_number(&list), -1);
    assert_true(cx_list_is_empty(&list));
}

static void a_whole_list_moves_behind_another(void **state)
{
    numbered items[4];
    cx_list a, b;
    (void)state;
    cx_list_init(&a);
    cx_list_init(&b);
    cx_list_append_all(&a, &b);
    assert_true(cx_list_is_empty(&a));
    for (int i = 0; i < 4; i++) {
        items[i].number = i;
        cx_list_append(i < 2 ? &a : &b, &items[i].links);
    }
    cx_list_append_all(&a, &b);
    assert_true(cx_list_is_empty(&b));
    for (int i = 0; i < 4; i++)
        assert_int_equal(take_number(&a), i);
}

static void a_buffer_never_grows_past_its_maximum(void **state)
{
    cx_buf buf;
    uint8_t *room;
    (void)state;
    cx_buf_init(&buf, NULL, 1000);
    assert_int_equal(cx_buf_append(&buf, "x", 1), COAX_OK);
    assert_int_equal(cx_buf_reserve(&buf, 1000, &room), COAX_ERR_TOO_LARGE);
    assert_int_equal(cx_buf_reserve(&buf, SIZE_MAX, &room), COAX_ERR_TOO_LARGE);
    assert_int_equal(cx_buf_reserve(&buf, 999, &room), COAX_OK);
    memset(room, 'y', 999);
    cx_buf_added(&buf, 999);
    assert_int_equal(buf.len, 1000);
    assert_true(buf.cap <= 1000);
    assert_int_equal(cx_buf_append(&buf, "z", 1), COAX_ERR_TOO_LARGE);
    assert_int_equal(cx_buf_append(&buf, NULL, 0), COAX_OK);
    cx_buf_deinit(&buf);
    cx_buf_deinit(&buf);
}

static void a_buffer_is_a_queue_of_bytes(void **state)
{
    cx_buf buf;
    uint8_t in = 0, out = 0;
    (void)state;
    cx_buf_init(&buf, NULL, 64);
    for (int round = 0; round < 2000; round++) {
        size_t n = (size_t)(round * 7 % 23);
        for (size_t i = 0; i < n && buf.len < 64; i++, in++)
            assert_int_equal(cx_buf_append(&buf, &in, 1), COAX_OK);
        size_t drop = (size_t)(round * 5 % 19);
        drop = drop < buf.len ? drop : buf.len;
        for (size_t i = 0; i < drop; i++, out++)
            assert_int_equal(cx_buf_bytes(&buf)[i], out);
        cx_buf_consume(&buf, drop);
    }
    assert_true(buf.cap <= 64);
    cx_buf_clear(&buf);
    assert_int_equal(buf.len, 0);
    cx_buf_deinit(&buf);
}

static void *no_resize(void *self, void *old, size_t size)
{
    (void)self, (void)old, (void)size;
    return NULL;
}

static void no_release(void *self, void *memory)
{
    (void)self;
    assert_null(memory);
}

static const coax_allocator no_memory = { NULL, no_resize, no_release };

static void no_memory_is_an_error_that_changes_nothing(void **state)
{
    cx_buf buf;
    cx_idmap map;
    uint64_t handle;
    int value = 0;
    (void)state;
    cx_buf_init(&buf, &no_memory, 10);
    assert_int_equal(cx_buf_append(&buf, "x", 1), COAX_ERR_NO_MEMORY);
    assert_int_equal(buf.len, 0);
    cx_buf_deinit(&buf);
    cx_idmap_init(&map, &no_memory, 10);
    assert_int_equal(cx_idmap_add(&map, &value, &handle), COAX_ERR_NO_MEMORY);
    assert_int_equal(map.count, 0);
    cx_idmap_deinit(&map);
}

static void handles_find_what_they_name_and_stale_ones_nothing(void **state)
{
    cx_idmap map;
    int values[40];
    uint64_t handles[40], again;
    (void)state;
    cx_idmap_init(&map, NULL, 40);
    assert_null(cx_idmap_get(&map, 0));
    for (int i = 0; i < 40; i++)
        assert_int_equal(cx_idmap_add(&map, &values[i], &handles[i]), COAX_OK);
    assert_int_equal(cx_idmap_add(&map, &values[0], &again), COAX_ERR_RESOURCE_EXHAUSTED);
    for (int i = 0; i < 40; i++) {
        assert_int_not_equal(handles[i], 0);
        assert_ptr_equal(cx_idmap_get(&map, handles[i]), &values[i]);
    }
    assert_ptr_equal(cx_idmap_remove(&map, handles[7]), &values[7]);
    assert_null(cx_idmap_remove(&map, handles[7]));
    assert_null(cx_idmap_get(&map, handles[7]));
    assert_int_equal(cx_idmap_add(&map, &values[7], &again), COAX_OK);
    assert_int_equal((uint32_t)again, (uint32_t)handles[7]);
    assert_int_not_equal(again, handles[7]);
    assert_null(cx_idmap_get(&map, handles[7]));
    assert_ptr_equal(cx_idmap_get(&map, again), &values[7]);
    assert_null(cx_idmap_get(&map, UINT64_MAX));
    cx_idmap_deinit(&map);
    assert_null(cx_idmap_get(&map, again));
}

static void a_walk_over_handles_sees_each_once(void **state)
{
    cx_idmap map;
    int values[20];
    uint64_t handles[20], handle;
    uint32_t cursor = 0, n = 0;
    (void)state;
    cx_idmap_init(&map, NULL, 1000);
    for (int i = 0; i < 20; i++)
        assert_int_equal(cx_idmap_add(&map, &values[i], &handles[i]), COAX_OK);
    for (int i = 0; i < 20; i += 2)
        assert_non_null(cx_idmap_remove(&map, handles[i]));
    for (int *value; (value = cx_idmap_next(&map, &cursor, &handle)) != NULL; n++) {
        assert_ptr_equal(cx_idmap_get(&map, handle), value);
        assert_non_null(cx_idmap_remove(&map, handle)); /* removing meanwhile is fine */
    }
    assert_int_equal(n, 10);
    assert_int_equal(map.count, 0);
    cx_idmap_deinit(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_keeps_order_and_lets_go_anywhere),
        cmocka_unit_test(a_whole_list_moves_behind_another),
        cmocka_unit_test(a_buffer_never_grows_past_its_maximum),
        cmocka_unit_test(a_buffer_is_a_queue_of_bytes),
        cmocka_unit_test(no_memory_is_an_error_that_changes_nothing),
        cmocka_unit_test(handles_find_what_they_name_and_stale_ones_nothing),
        cmocka_unit_test(a_walk_over_handles_sees_each_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
