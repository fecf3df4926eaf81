/*
 * Random values of every type of the kitchen sink, through generated code and through the table interpreter.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "money.h"
#include "random_value.h"
#include "sink.h"
#include "wire/interpret.h"
#include "wire/value.h"

enum { VALUES = 60, DEPTH = 4, ROOM = 1 << 20, PREFIX_MAX = 1500 };

static const coax_type *const types[] = {
    &acme_sink_scalars_type,    &acme_sink_optionals_type,   &acme_sink_defaults_type,
    &acme_sink_containers_type, &acme_sink_constraints_type, &acme_sink_rules_type,
    &acme_sink_choice_type,     &acme_sink_nothing_type,     &acme_sink_many_type,
    &acme_sink_node_type,       &acme_sink_tree_type,        &acme_sink_receipt_type,
    &acme_sink_secret_type,     &acme_sink_early_type,       &acme_sink_not_found_type,
    &acme_sink_empty_type,      &sink_common_money_type,     &sink_common_purse_type,
    &sink_common_broke_type,
};
enum { N_TYPES = sizeof types / sizeof types[0] };

typedef struct buffers {
    uint8_t straight[ROOM];
    uint8_t table[ROOM];
} buffers;

static int set_up(void **state)
{
    *state = malloc(sizeof(buffers));
    return *state == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static size_t encode(const coax_type *type, const void *value, uint8_t *buffer, bool by_table)
{
    coax_writer out;
    size_t len = 0;
    coax_writer_init(&out, buffer, ROOM);
    if (by_table)
        cx_interpret_encode(&out, type, value);
    else
        type->encode(&out, value);
    assert_int_equal(coax_writer_finish(&out, &len), COAX_OK);
    return len;
}

static coax_err decode(const coax_type *type, const uint8_t *data, size_t len, coax_arena *arena,
                       void *ret, bool by_table)
{
    coax_reader in;
    coax_error error = COAX_ERROR_INIT;
    coax_reader_init(&in, data, len, arena);
    if (by_table)
        cx_interpret_decode(&in, type, ret);
    else
        type->decode(&in, ret);
    coax_err err = coax_reader_finish(&in, &error);
    if (err != COAX_OK)
        assert_string_not_equal(error.text, "");
    return err;
}

/* A value for each type and seed; `check` gets it with its straight encoding. */
typedef void (*value_fn)(buffers *room, const coax_type *type, const void *value, size_t len);

static void for_each_value(void **state, uint64_t n, value_fn check)
{
    buffers *room = *state;
    for (size_t t = 0; t < N_TYPES; t++) {
        for (uint64_t seed = 1; seed <= n; seed++) {
            coax_arena arena = COAX_ARENA_INIT;
            random_source random = { seed * 1000 + t, &arena };
            void *value = calloc(1, types[t]->size);
            assert_non_null(value);
            random_value(&random, types[t], value, DEPTH);
            check(room, types[t], value, encode(types[t], value, room->straight, false));
            free(value);
            coax_arena_deinit(&arena);
        }
    }
}

static void compare_bytes(buffers *room, const coax_type *type, const void *value, size_t len)
{
    size_t table_len = encode(type, value, room->table, true);
    assert_int_equal(len, table_len);
    assert_memory_equal(room->straight, room->table, len);
}

static void straight_code_and_tables_write_the_same_bytes(void **state)
{
    for_each_value(state, VALUES, compare_bytes);
}

/* Not with the original: its maps are in any order, what was read is in the order of its keys. */
static void compare_values(buffers *room, const coax_type *type, const void *value, size_t len)
{
    coax_arena arenas[2] = { COAX_ARENA_INIT, COAX_ARENA_INIT };
    void *backs[2] = { calloc(1, type->size), calloc(1, type->size) };
    (void)value;
    assert_true(backs[0] != NULL && backs[1] != NULL);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(decode(type, room->straight, len, &arenas[i], backs[i], i != 0), COAX_OK);
        assert_int_equal(encode(type, backs[i], room->table, false), len);
        assert_memory_equal(room->straight, room->table, len);
    }
    assert_int_equal(cx_value_compare(type, backs[0], backs[1], COAX_DEPTH_MAX), 0);
    for (int i = 0; i < 2; i++) {
        free(backs[i]);
        coax_arena_deinit(&arenas[i]);
    }
}

static void what_was_written_reads_back_equal_and_writes_again_the_same(void **state)
{
    for_each_value(state, VALUES, compare_values);
}

/* In memory of its own size, so that a sanitizer sees a read behind the end. */
static void refuse_prefixes(buffers *room, const coax_type *type, const void *value, size_t len)
{
    (void)value;
    void *back = calloc(1, type->size);
    assert_non_null(back);
    for (size_t cut = 0; cut < len && cut < PREFIX_MAX; cut++) {
        coax_arena arena = COAX_ARENA_INIT;
        uint8_t *copy = malloc(cut + 1);
        assert_non_null(copy);
        memcpy(copy, room->straight, cut);
        assert_int_not_equal(decode(type, copy, cut, &arena, back, false), COAX_OK);
        free(copy);
        coax_arena_deinit(&arena);
    }
    free(back);
}

static void every_prefix_is_refused(void **state)
{
    for_each_value(state, 3, refuse_prefixes);
}

/* One byte changed: whatever comes out, straight code and tables agree on it. */
static void agree_on_damage(buffers *room, const coax_type *type, const void *value, size_t len)
{
    (void)value;
    random_source random = { len, NULL };
    for (int i = 0; i < 60 && len > 0; i++) {
        coax_arena arenas[2] = { COAX_ARENA_INIT, COAX_ARENA_INIT };
        void *backs[2] = { calloc(1, type->size), calloc(1, type->size) };
        size_t at = (size_t)random_below(&random, len);
        uint8_t old = room->straight[at];
        assert_true(backs[0] != NULL && backs[1] != NULL);
        room->straight[at] = (uint8_t)random_next(&random);
        coax_err straight = decode(type, room->straight, len, &arenas[0], backs[0], false);
        coax_err table = decode(type, room->straight, len, &arenas[1], backs[1], true);
        assert_int_equal(straight, table);
        if (straight == COAX_OK)
            assert_int_equal(cx_value_compare(type, backs[0], backs[1], COAX_DEPTH_MAX), 0);
        room->straight[at] = old;
        for (int k = 0; k < 2; k++) {
            free(backs[k]);
            coax_arena_deinit(&arenas[k]);
        }
    }
}

static void damaged_bytes_get_the_same_verdict_from_both(void **state)
{
    for_each_value(state, 12, agree_on_damage);
}

static void an_unknown_variant_of_an_open_union_is_passed_on(void **state)
{
    static const uint8_t unknown[] = {
        0x81, 0xcd, 0x01, 0x2c, 0x93, 1, 2, 3
    }; /* {300: [1, 2, 3]} */
    coax_arena arena = COAX_ARENA_INIT;
    acme_sink_receipt receipt;
    buffers *room = *state;
    assert_int_equal(
        decode(&acme_sink_receipt_type, unknown, sizeof unknown, &arena, &receipt, false), COAX_OK);
    assert_int_equal(receipt.kind, 300);
    assert_int_equal(receipt.as.unknown.len, 4);
    assert_int_equal(encode(&acme_sink_receipt_type, &receipt, room->straight, false),
                     sizeof unknown);
    assert_memory_equal(room->straight, unknown, sizeof unknown);
    coax_arena_deinit(&arena);
}

static void an_unknown_variant_of_a_strict_union_is_refused(void **state)
{
    static const uint8_t unknown[] = { 0x81, 9, 1 };
    coax_arena arena = COAX_ARENA_INIT;
    acme_sink_tree tree;
    (void)state;
    assert_int_equal(decode(&acme_sink_tree_type, unknown, sizeof unknown, &arena, &tree, false),
                     COAX_ERR_BAD_MESSAGE);
    coax_arena_deinit(&arena);
}

static void a_union_without_its_value_is_not_written(void **state)
{
    acme_sink_receipt receipt = ACME_SINK_RECEIPT_INIT;
    uint8_t buffer[64];
    coax_writer out;
    (void)state;
    coax_writer_init(&out, buffer, sizeof buffer);
    acme_sink_receipt_encode(&out, &receipt);
    assert_int_equal(coax_writer_finish(&out, NULL), COAX_ERR_INVALID_ARGUMENT);
    receipt.kind = ACME_SINK_RECEIPT_SETTLED;
    coax_writer_init(&out, buffer, sizeof buffer);
    acme_sink_receipt_encode(&out, &receipt);
    assert_int_equal(coax_writer_finish(&out, NULL), COAX_ERR_INVALID_ARGUMENT);
}

static void absent_fields_get_their_defaults(void **state)
{
    static const uint8_t empty[] = { 0x80 };
    coax_arena arena = COAX_ARENA_INIT;
    acme_sink_defaults back, initial;
    (void)state;
    acme_sink_defaults_init(&initial);
    assert_int_equal(decode(&acme_sink_defaults_type, empty, sizeof empty, &arena, &back, false),
                     COAX_OK);
    assert_int_equal(cx_value_compare(&acme_sink_defaults_type, &back, &initial, 4), 0);
    assert_true(back.flag);
    assert_int_equal(back.medium, -7);
    assert_int_equal(back.retries, 3);
    assert_string_equal(back.name.data, "nobody");
    assert_int_equal(back.color, ACME_SINK_COLOR_GREEN);
    assert_int_equal(back.wait, 250000000);
    assert_int_equal(back.side, ACME_SINK_SIDE_BUY);
    assert_true(back.total == UINT64_MAX);
    coax_arena_deinit(&arena);
}

static void names_go_both_ways(void **state)
{
    acme_sink_side side = ACME_SINK_SIDE_SELL;
    acme_sink_big big = 0;
    uint32_t id = 0;
    (void)state;
    assert_string_equal(acme_sink_side_name(ACME_SINK_SIDE_SELL), "sell");
    assert_null(acme_sink_side_name((acme_sink_side)7));
    assert_true(acme_sink_side_parse("buy", &side));
    assert_int_equal(side, ACME_SINK_SIDE_BUY);
    assert_false(acme_sink_side_parse("lend", &side));
    assert_true(acme_sink_big_parse("large", &big));
    assert_true(big == ACME_SINK_BIG_LARGE);
    assert_string_equal(acme_sink_packet_name(ACME_SINK_PACKET_SINK_RATE), "acme.sink.Sink.rate");
    assert_null(acme_sink_packet_name(0));
    assert_true(acme_sink_packet_parse("acme.sink.Sink.chat", &id));
    assert_int_equal(id, ACME_SINK_PACKET_SINK_CHAT);
    assert_false(acme_sink_packet_parse("acme.sink.Sink.nothing", &id));
}

static void tables_are_in_ascending_order_of_ids(void **state)
{
    (void)state;
    for (size_t t = 0; t < N_TYPES; t++) {
        for (uint32_t i = 0; i < types[t]->n_fields; i++) {
            assert_int_equal(types[t]->ids[i], types[t]->fields[i].id);
            if (i > 0)
                assert_true(types[t]->ids[i] > types[t]->ids[i - 1]);
            bool is_optional = types[t]->fields[i].presence == COAX_PRESENCE_OPTIONAL;
            assert_int_equal(types[t]->optional[i / 64] >> (i % 64) & 1, is_optional);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_code_and_tables_write_the_same_bytes),
        cmocka_unit_test(what_was_written_reads_back_equal_and_writes_again_the_same),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(damaged_bytes_get_the_same_verdict_from_both),
        cmocka_unit_test(an_unknown_variant_of_an_open_union_is_passed_on),
        cmocka_unit_test(an_unknown_variant_of_a_strict_union_is_refused),
        cmocka_unit_test(a_union_without_its_value_is_not_written),
        cmocka_unit_test(absent_fields_get_their_defaults),
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(tables_are_in_ascending_order_of_ids),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
