/*
 * What can be done to records, once the handshake is over: S5 and what belongs to it. Each deed at the first records of both
 * ways, for every pattern, while questions go on.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "trio.h"

enum { N_RECORDS = 4 };

static const deed nothing = { .act = DEED_NOTHING };

static void talk_under(trio *t, const deed *one)
{
    trio_connect_under(t, one);
    (void)trio_until(t, trio_is_decided, 10000);
    trio_talk(t, 9, false);
    (void)trio_until(t, trio_is_settled, 200000);
    trio_wait(t, 100); /* what comes behind the last answer */
}

/* Who had to notice what was done to this way. */
static const coax_error *victim(const trio *t, mitm_way way)
{
    return way == MITM_UP ? &t->now.server : &t->now.client;
}

/*
 * The deed was noticed by whoever got the bytes: it names `code`, the other end was told, and nothing came of it.
 */
static void expect_noticed(trio *t, const deed *one, mitm_way way, coax_err code)
{
    char words[200];
    talk_under(t, one);
    const trio_outcome now = t->now;
    if (t->deeds.n_done == 0)
        fail_msg("%s: there was no such place", deed_print(one, words));
    if (now.n_closed != 1 || victim(t, way)->code != code || now.client.code == COAX_OK ||
        now.server.code == COAX_OK)
        fail_msg("%s: the client: %s: %s, the server: %s: %s", deed_print(one, words),
                 coax_err_name(now.client.code), now.client.text, coax_err_name(now.server.code),
                 now.server.text);
    trio_leave(t);
    trio_check(t);
}

/* Runs for every pattern, with one connection (number 0) that went well and may be borrowed from. */
static void each_way(void (*run)(trio *t))
{
    for (trio_way way = TRIO_XX; way < TRIO_WAYS; way++) {
        trio t;
        trio_open(&t, way, false, 500 + (uint64_t)way, NULL);
        talk_under(&t, &nothing);
        trio_leave(&t);
        trio_check(&t);
        assert_int_equal(t.now.n_good, 6);
        run(&t);
        trio_check_server(&t);
        trio_close(&t);
    }
}

/* One deed at each of the first records of both ways. */
static void at_each_record(trio *t, deed one)
{
    one.kind = MITM_RECORD;
    for (mitm_way way = MITM_UP; way <= MITM_DOWN; way++) {
        for (uint32_t i = 0; i < N_RECORDS; i++) {
            one.way = way;
            one.index = i;
            mitm_way hit = one.act == DEED_REFLECT ? (mitm_way)(1 - (int)way) : way;
            expect_noticed(t, &one, hit, COAX_ERR_TAMPERED);
        }
    }
}

static void replay(trio *t)
{
    at_each_record(t, (deed){ .act = DEED_REPEAT });
    for (uint32_t later = 1; later < 4; later++)
        at_each_record(t, (deed){ .act = DEED_AGAIN, .value = later });
}

static void reorder(trio *t)
{
    /* With one question at a time a record waits for ever for its next: so all at once. */
    for (mitm_way way = MITM_UP; way <= MITM_DOWN; way++) {
        const deed one = { .act = DEED_SWAP, .way = way, .kind = MITM_RECORD, .index = 1 };
        trio_connect_under(t, &one);
        (void)trio_until(t, trio_is_decided, 10000);
        for (int i = 0; i < 4; i++) {
            trio_talk(t, 3, true);
            trio_wait(t, 1);
        }
        (void)trio_until(t, trio_is_settled, 200000);
        assert_true(t->deeds.n_done > 0);
        assert_int_equal(victim(t, way)->code, COAX_ERR_TAMPERED);
        trio_leave(t);
        trio_check(t);
    }
}

static void drop(trio *t)
{
    for (mitm_way way = MITM_UP; way <= MITM_DOWN; way++) {
        for (uint32_t i = 1; i < N_RECORDS; i++) {
            const deed one = { .act = DEED_DROP, .way = way, .kind = MITM_RECORD, .index = i };
            trio_connect_under(t, &one);
            (void)trio_until(t, trio_is_decided, 10000);
            for (int k = 0; k < 8; k++) {
                trio_talk(t, 1, true);
                trio_wait(t, 1);
            }
            (void)trio_until(t, trio_is_settled, 200000);
            assert_true(t->deeds.n_done > 0);
            assert_int_equal(victim(t, way)->code, COAX_ERR_TAMPERED);
            trio_leave(t);
            trio_check(t);
        }
    }
}

static void reflect(trio *t)
{
    at_each_record(t, (deed){ .act = DEED_REFLECT, .value = 0 });
    at_each_record(t, (deed){ .act = DEED_REFLECT, .value = 1 });
}

static void s5_replay(void **state)
{
    (void)state;
    each_way(replay);
}

static void s5_reorder(void **state)
{
    (void)state;
    each_way(reorder);
}

static void s5_drop(void **state)
{
    (void)state;
    each_way(drop);
}

static void s5_reflect(void **state)
{
    (void)state;
    each_way(reflect);
}

/* Made up: any length that a record may have, with and without the right one behind it. */
static void forge(trio *t)
{
    static const uint32_t lengths[] = { 16, 17, 40, 56, 1000, 65535 };
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        for (mitm_way way = MITM_UP; way <= MITM_DOWN; way++) {
            const deed one = { .act = i % 2 == 0 ? DEED_FORGE : DEED_REPLACE,
                               .way = way,
                               .kind = MITM_RECORD,
                               .index = 1 + (uint32_t)i % 3,
                               .value = lengths[i] };
            expect_noticed(t, &one, way, COAX_ERR_TAMPERED);
        }
    }
}

static void nothing_can_be_made_up(void **state)
{
    (void)state;
    each_way(forge);
}

/* Records of the connection before, which carry the same calls under the same numbers. */
static void splice(trio *t)
{
    at_each_record(t, (deed){ .act = DEED_SPLICE, .from = 0 });
    at_each_record(t, (deed){ .act = DEED_GRAFT, .from = 0 });
}

static void connections_cannot_be_mixed(void **state)
{
    (void)state;
    each_way(splice);
}

/* Where the first record lies that goes this way while nobody interferes. */
static mitm_unit first_record(trio *t, mitm_way way)
{
    trio_connect_under(t, &nothing);
    (void)trio_until(t, trio_is_decided, 10000);
    trio_talk(t, 1, false);
    const mitm_unit *record = mitm_find(mitm_last(&t->mitm), way, MITM_RECORD, 1);
    assert_non_null(record);
    const mitm_unit found = *record;
    trio_leave(t);
    return found;
}

/* Every byte of a request and of its answer, their frames' headers included: S20. */
static void flip(trio *t)
{
    for (mitm_way way = MITM_UP; way <= MITM_DOWN; way++) {
        const mitm_unit record = first_record(t, way);
        const size_t begin = record.offset + 2;
        const size_t end = record.offset + record.len;
        for (size_t at = begin; at < end; at += at < begin + 20 || at + 20 > end ? 1 : 13) {
            const deed one = { .act = DEED_FLIP, .way = way, .at = at, .value = 1u << at % 8 };
            expect_noticed(t, &one, way, COAX_ERR_TAMPERED);
        }
    }
}

static void no_byte_of_a_record_can_be_changed(void **state)
{
    (void)state;
    each_way(flip);
}

/* Only what holds a length can be changed without a tag to tell: then the record has another end. */
static void lengths(trio *t)
{
    for (mitm_way way = MITM_UP; way <= MITM_DOWN; way++) {
        const mitm_unit record = first_record(t, way);
        const size_t at = record.offset;
        const uint32_t len = (uint32_t)record.len - 2;
        for (uint32_t wrong = 0; wrong < len; wrong += wrong < 20 ? 1 : 7) {
            const uint8_t two[2] = { (uint8_t)wrong, (uint8_t)(wrong >> 8) };
            const deed one = { .act = DEED_WRITE, .way = way, .at = at, .value = 2, .bytes = two };
            expect_noticed(t, &one, way, COAX_ERR_TAMPERED);
        }
    }
}

static void no_length_of_a_record_can_be_shortened(void **state)
{
    (void)state;
    each_way(lengths);
}

/* A longer one swallows what follows: as soon as enough has come it is noticed, and else in time. */
static void longer(trio *t)
{
    for (mitm_way way = MITM_UP; way <= MITM_DOWN; way++) {
        const mitm_unit record = first_record(t, way);
        const size_t at = record.offset;
        const uint32_t len = (uint32_t)record.len - 2;
        for (int k = 0; k < 3; k++) {
            const uint32_t wrong = k == 0 ? len + 1 : k == 1 ? len + 300 : 65535;
            const uint8_t two[2] = { (uint8_t)wrong, (uint8_t)(wrong >> 8) };
            const deed one = { .act = DEED_WRITE, .way = way, .at = at, .value = 2, .bytes = two };
            talk_under(t, &one);
            assert_int_equal(t->now.n_closed, 1);
            const coax_err code = victim(t, way)->code;
            assert_true(code == COAX_ERR_TAMPERED || code == COAX_ERR_DEADLINE_EXCEEDED);
            trio_leave(t);
            trio_check(t);
        }
    }
}

static void a_longer_length_only_waits(void **state)
{
    (void)state;
    each_way(longer);
}

/* The end of a connection, at every byte of its last records. */
static void cut(trio *t)
{
    for (mitm_way way = MITM_UP; way <= MITM_DOWN; way++) {
        const mitm_unit record = first_record(t, way);
        const size_t begin = record.offset;
        const size_t end = begin + record.len;
        for (size_t at = begin; at < end; at += at < begin + 4 ? 1 : 11) {
            const deed one = { .act = DEED_CUT, .way = way, .at = at, .how = MITM_FIN };
            expect_noticed(t, &one, way, COAX_ERR_TRUNCATED);
            assert_int_equal(t->now.client.code, COAX_ERR_TRUNCATED);
            assert_int_equal(t->now.server.code, COAX_ERR_TRUNCATED);
        }
    }
}

static void an_end_that_nobody_meant_is_noticed(void **state)
{
    (void)state;
    each_way(cut);
}

static void delay(trio *t)
{
    for (mitm_way way = MITM_UP; way <= MITM_DOWN; way++) {
        const deed hold = {
            .act = DEED_HOLD, .way = way, .kind = MITM_RECORD, .index = 1, .value = 1500
        };
        talk_under(t, &hold);
        assert_int_equal(t->now.n_good, 6);
        trio_leave(t);
        trio_check(t);
    }
    const deed crumble = { .act = DEED_CRUMBLE };
    talk_under(t, &crumble);
    assert_int_equal(t->now.n_good, 6);
    trio_leave(t);
    trio_check(t);
}

static void delays_and_crumbs_do_no_harm(void **state)
{
    (void)state;
    each_way(delay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "S5: a record cannot be replayed inside a session", s5_replay, NULL, NULL, NULL },
        { "S5: records cannot be reordered", s5_reorder, NULL, NULL, NULL },
        { "S5: a record cannot be left out", s5_drop, NULL, NULL, NULL },
        { "S5: a record cannot be reflected to whom it came from", s5_reflect, NULL, NULL, NULL },
        { "S5: records of one connection are none of another", connections_cannot_be_mixed, NULL,
          NULL, NULL },
        { "S20: no byte of a record can be changed, the frame's header included",
          no_byte_of_a_record_can_be_changed, NULL, NULL, NULL },
        { "S20: nothing can be made up", nothing_can_be_made_up, NULL, NULL, NULL },
        { "no length of a record can be shortened", no_length_of_a_record_can_be_shortened, NULL,
          NULL, NULL },
        { "a longer length only waits, and not for ever", a_longer_length_only_waits, NULL, NULL,
          NULL },
        { "an end that nobody meant is a truncation", an_end_that_nobody_meant_is_noticed, NULL,
          NULL, NULL },
        { "delays and crumbs do no harm", delays_and_crumbs_do_no_harm, NULL, NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
