/*
 * What idlc generates, for every type of the kitchen sink: the first byte chooses the type, the rest is the message.
 *
 * Generated decoder and table must agree on any input; what they take is checked, and comes back the same when it is
 * encoded and read once more. Memory stays within the arena's limit. Read next: reader.c, which does it for a type written by hand.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "money.h"
#include "sink.h"
#include "wire/interpret.h"
#include "wire/value.h"

enum { LIMIT = 1 << 20 };

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

/* Asserts vanish in release builds; a finding must not. */
static void must(bool holds)
{
    if (!holds)
        abort();
}

/* A decoded message, and what it lives in. */
typedef struct reading {
    coax_arena arena;
    void *value;
    coax_err err;
    coax_error words;
} reading;

static void read_as(reading *ret, const coax_type *type, const uint8_t *data, size_t len,
                    bool by_table)
{
    coax_reader in;
    coax_arena_init(&ret->arena, NULL, LIMIT);
    ret->value = calloc(1, type->size);
    must(ret->value != NULL);
    coax_reader_init(&in, data, len, &ret->arena);
    if (by_table)
        cx_interpret_decode(&in, type, ret->value);
    else
        type->decode(&in, ret->value);
    ret->err = coax_reader_finish(&in, &ret->words);
    must(ret->arena.used <= LIMIT);
    must(ret->err == COAX_OK || ret->words.text[0] != '\0');
}

static void forget(reading *r)
{
    coax_arena_deinit(&r->arena);
    free(r->value);
}

static size_t encode(const coax_type *type, const void *value, uint8_t *room, size_t size)
{
    coax_writer out;
    size_t len = 0;
    coax_writer_init(&out, room, size);
    type->encode(&out, value);
    must(coax_writer_finish(&out, &len) == COAX_OK);
    return len;
}

/* Checks, encodes, reads and encodes again: the bytes must have settled. */
static void round_trip(const coax_type *type, const void *value, size_t len)
{
    size_t size = 2 * len + 4096; /* defaults that were absent are written */
    uint8_t *first = malloc(size);
    uint8_t *second = malloc(size);
    coax_violations why;
    reading again;
    must(first != NULL && second != NULL);
    coax_violations_init(&why, COAX_CHECK_ALL);
    must(type->check(value, &why) == (why.count == 0));
    size_t first_len = encode(type, value, first, size);
    read_as(&again, type, first, first_len, false);
    must(again.err == COAX_OK);
    must(encode(type, again.value, second, size) == first_len);
    must(memcmp(first, second, first_len) == 0);
    forget(&again);
    free(first);
    free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const coax_type *type = types[data[0] % N_TYPES];
    reading straight, table;
    read_as(&straight, type, data + 1, size - 1, false);
    read_as(&table, type, data + 1, size - 1, true);
    /* The table aligns objects more coarsely, so near the limit the two may differ. */
    if (straight.err != COAX_ERR_TOO_LARGE && table.err != COAX_ERR_TOO_LARGE) {
        must(straight.err == table.err);
        must(straight.err == COAX_OK || strcmp(straight.words.text, table.words.text) == 0);
        if (straight.err == COAX_OK) {
            must(cx_value_compare(type, straight.value, table.value, COAX_DEPTH_MAX) == 0);
            round_trip(type, straight.value, size);
        }
    }
    forget(&straight);
    forget(&table);
    return 0;
}
