/*
 * The reader, through a type with every kind of field: straight code and table must agree on any input, what they take
 * must encode and decode to the same again, and memory must stay within the arena's limit.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kinds.h"
#include "wire/interpret.h"
#include "wire/value.h"

enum { LIMIT = 1 << 20 };

/* Asserts vanish in release builds; a finding must not. */
static void must(bool holds)
{
    if (!holds)
        abort();
}

static coax_err read_straight(const uint8_t *data, size_t size, coax_arena *arena, kinds_all *ret,
                              coax_error *words)
{
    coax_reader in;
    coax_reader_init(&in, data, size, arena);
    kinds_all_decode(&in, ret);
    return coax_reader_finish(&in, words);
}

static coax_err read_by_table(const uint8_t *data, size_t size, coax_arena *arena, kinds_all *ret,
                              coax_error *words)
{
    coax_reader in;
    coax_reader_init(&in, data, size, arena);
    cx_interpret_decode(&in, &kinds_all_type, ret);
    return coax_reader_finish(&in, words);
}

/* Canonical: shorter than what was read, or as long, and the same once it is read again. */
static void round_trip(const kinds_all *value, size_t size, coax_arena *arena)
{
    uint8_t *first = malloc(size * 2 + 64), *second = malloc(size * 2 + 64);
    coax_writer out;
    size_t first_len = 0, second_len = 0;
    kinds_all again;
    must(first != NULL && second != NULL);
    coax_writer_init(&out, first, size * 2 + 64); /* defaults that were absent are written */
    kinds_all_encode(&out, value);
    must(coax_writer_finish(&out, &first_len) == COAX_OK);
    coax_writer_init(&out, second, size * 2 + 64);
    cx_interpret_encode(&out, &kinds_all_type, value);
    must(coax_writer_finish(&out, &second_len) == COAX_OK);
    must(first_len == second_len && memcmp(first, second, first_len) == 0);
    /* A map that came unsorted is sorted now, so it is the bytes that must settle. */
    must(read_straight(first, first_len, arena, &again, NULL) == COAX_OK);
    coax_writer_init(&out, second, size * 2 + 64);
    kinds_all_encode(&out, &again);
    must(coax_writer_finish(&out, &second_len) == COAX_OK);
    must(first_len == second_len && memcmp(first, second, first_len) == 0);
    free(first);
    free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    coax_arena straight_arena, table_arena, again_arena = COAX_ARENA_INIT;
    coax_error straight_words, table_words;
    kinds_all straight, table;
    memset(&straight, 0, sizeof straight);
    memset(&table, 0, sizeof table);
    coax_arena_init(&straight_arena, NULL, LIMIT);
    coax_arena_init(&table_arena, NULL, LIMIT);
    coax_err err = read_straight(data, size, &straight_arena, &straight, &straight_words);
    coax_err table_err = read_by_table(data, size, &table_arena, &table, &table_words);
    must(straight_arena.used <= LIMIT && table_arena.used <= LIMIT);
    /* The table aligns objects more coarsely, so near the limit the two may differ. */
    if (err != COAX_ERR_TOO_LARGE && table_err != COAX_ERR_TOO_LARGE) {
        must(err == table_err && strcmp(straight_words.text, table_words.text) == 0);
        must(err == COAX_OK || straight_words.text[0] != '\0');
        if (err == COAX_OK) {
            must(cx_value_compare(&kinds_all_type, &straight, &table, COAX_DEPTH_MAX) == 0);
            round_trip(&straight, size, &again_arena);
        }
    }
    coax_arena_deinit(&straight_arena);
    coax_arena_deinit(&table_arena);
    coax_arena_deinit(&again_arena);
    return 0;
}
