/*
 * A man in the middle for one moment: he does one deed to one connection, and is gone. A client that reconnects is back soon, by
 * a handshake that proves everything anew; nobody can stop it for good with one bit.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "trio.h"

static bool has_come_back(const trio *t)
{
    return t->now.n_opened > 0 && coax_client_get_state(t->client) == COAX_CLIENT_OPEN;
}

static bool has_done_it(const trio *t)
{
    return t->deeds.n_done > 0;
}

/* Whatever becomes of what is asked meanwhile: afterwards all is well. */
static void expect_back(trio *t, const deed *one)
{
    char words[200];
    t->options.reconnects = true;
    trio_connect_under(t, one);
    (void)trio_until(t, trio_is_open, 1000);
    for (int i = 0; i < 6 && !has_done_it(t); i++)
        (void)trio_ask_one(t, TRIO_PUT, 1);
    (void)trio_until(t, has_done_it, 1000);
    trio_wait(t, 1000);
    if (!has_done_it(t) || !trio_until(t, has_come_back, 60000))
        fail_msg("%s: it does not come back: %s: %s", deed_print(one, words),
                 coax_err_name(t->now.client.code), t->now.client.text);
    const uint32_t good = t->now.n_good;
    assert_true(trio_ask_one(t, TRIO_PUT, 1));
    assert_true(trio_until(t, trio_is_answered, 60000));
    assert_int_equal(t->now.n_good, good + 1);
    trio_leave(t);
    trio_check(t);
}

static const deed moments[] = {
    { .act = DEED_FLIP, .at = 330, .value = 1 },
    { .act = DEED_REPEAT, .kind = MITM_RECORD, .index = 1 },
    { .act = DEED_FORGE, .kind = MITM_RECORD, .index = 1, .value = 100 },
    { .act = DEED_REPLACE, .kind = MITM_RECORD, .index = 0, .value = 100 },
    { .act = DEED_CUT, .at = 330, .how = MITM_FIN },
    { .act = DEED_CUT, .at = 330, .how = MITM_RST },
    { .act = DEED_CUT, .at = 30, .how = MITM_RST },
};

/* Every way, with a client that reconnects. */
static void each_way(void (*run)(trio *t))
{
    for (trio_way way = TRIO_XX; way < TRIO_WAYS; way++) {
        trio t;
        trio_open(&t, way, false, 15, NULL);
        run(&t);
        t.options.reconnects = false;
        trio_check_server(&t);
        trio_close(&t);
    }
}

static void in_the_middle(trio *t)
{
    for (size_t i = 0; i < 2 * sizeof moments / sizeof moments[0]; i++) {
        deed one = moments[i / 2];
        one.way = i % 2 == 0 ? MITM_UP : MITM_DOWN;
        expect_back(t, &one);
    }
}

static void one_moment_stops_nobody(void **state)
{
    (void)state;
    each_way(in_the_middle);
}

/* Each byte of the opening, two bits of it. */
static void at_the_opening(trio *t)
{
    static const size_t len[] = { 100, 60 };
    for (mitm_way way = MITM_UP; way <= MITM_DOWN; way++) {
        for (size_t at = 0; at < len[way]; at += at < 28 ? 1 : 5) {
            const deed low = { .act = DEED_FLIP, .way = way, .at = at, .value = 1u << at % 7 };
            const deed high = { .act = DEED_FLIP, .way = way, .at = at, .value = 0x80 };
            expect_back(t, &low);
            expect_back(t, &high);
        }
    }
}

static void one_bit_of_the_opening_stops_nobody(void **state)
{
    (void)state;
    each_way(at_the_opening);
}

/* In clear, in the place of the server's answer: once. */
typedef struct lie {
    uint8_t bytes[40];
    size_t len;
    uint32_t link;
    mitm_kind instead_of;
} lie;

static void tell_it(void *self, mitm_link *link, const mitm_unit *unit)
{
    lie *l = self;
    const bool is_place = unit->way == MITM_DOWN && unit->kind == l->instead_of && unit->index == 0;
    if (link->number != l->link || !is_place) {
        mitm_pass(link, unit);
        return;
    }
    mitm_send(link, MITM_DOWN, l->bytes, l->len);
    mitm_cut(link, MITM_FIN);
}

static void expect_back_after(trio *t, lie *l, mitm_kind instead_of)
{
    t->options.reconnects = true;
    l->link = t->mitm.n_links;
    l->instead_of = instead_of;
    trio_connect(t);
    t->mitm.script = tell_it;
    t->mitm.self = l;
    trio_wait(t, 50);
    assert_int_equal(t->now.n_opened, 0);
    if (!trio_until(t, has_come_back, 60000))
        fail_msg("code %u: %s: %s", l->bytes[2], coax_err_name(t->now.client.code),
                 t->now.client.text);
    trio_leave(t);
    trio_check(t);
}

/* Where the handshake's answer should be, and where its first record should. */
static void forged_refusals(trio *t)
{
    for (unsigned code = 0; code < 18; code++) {
        lie l = { .bytes = { 0xff, 0xff, (uint8_t)code, 0, 4, 0, 'a', 'w', 'a', 'y' }, .len = 10 };
        expect_back_after(t, &l, MITM_MESSAGE);
        if (t->way != TRIO_IK) /* after IK's answer there is none */
            expect_back_after(t, &l, MITM_RECORD);
    }
    lie http = { .bytes = "HTTP/1.1 302 Found\r\n", .len = 20 };
    expect_back_after(t, &http, MITM_MESSAGE);
    lie plain = { .bytes = { 19, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80 }, .len = 17 };
    expect_back_after(t, &plain, MITM_MESSAGE);
}

static void one_forged_refusal_stops_nobody(void **state)
{
    (void)state;
    each_way(forged_refusals);
}

/* What this side itself found out is another matter; and somebody who does not reconnect is told at once. */
static void what_is_proved_ends_it(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        coax_server_options options = COAX_SERVER_OPTIONS_INIT;
        trio t;
        options.password = "what everybody here knows";
        trio_open(&t, TRIO_XX, false, 16, &options);
        t.options.reconnects = true;
        if (i == 0)
            t.options.password = "what nobody knows"; /* the server says so, under seal */
        else
            t.options.trust = COAX_TRUST_KNOWN;
        t.options.known_hosts = i == 1 ? "/nonexistent/known_hosts" : NULL;
        trio_connect(&t);
        assert_true(trio_until(&t, trio_is_closed, 5000));
        assert_int_equal(t.now.client.code,
                         i == 0 ? COAX_ERR_UNAUTHENTICATED : COAX_ERR_KEY_UNKNOWN);
        assert_int_equal(t.mitm.n_links, 1);
        trio_leave(&t);
        trio_close(&t);
    }
}

static void who_does_not_reconnect_is_told_at_once(void **state)
{
    lie l = { .bytes = { 0xff, 0xff, COAX_ERR_UNAUTHENTICATED, 0, 4, 0, 'a', 'w', 'a', 'y' },
              .len = 10,
              .instead_of = MITM_MESSAGE };
    trio t;
    (void)state;
    trio_open(&t, TRIO_XX, false, 17, NULL);
    trio_connect(&t);
    t.mitm.script = tell_it;
    t.mitm.self = &l;
    assert_true(trio_until(&t, trio_is_closed, 1000));
    assert_int_equal(t.now.client.code, COAX_ERR_UNAUTHENTICATED);
    trio_leave(&t);
    t.options.reconnects = true; /* and max_attempts bounds the others */
    t.options.max_attempts = 1;
    l.link = t.mitm.n_links;
    trio_connect(&t);
    t.mitm.script = tell_it;
    t.mitm.self = &l;
    assert_true(trio_until(&t, trio_is_closed, 5000));
    assert_int_equal(t.now.client.code, COAX_ERR_UNAUTHENTICATED);
    trio_leave(&t);
    trio_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "one moment in the middle stops no client for good", one_moment_stops_nobody, NULL, NULL,
          NULL },
        { "nor does one bit of the opening", one_bit_of_the_opening_stops_nobody, NULL, NULL,
          NULL },
        { "nor one forged refusal", one_forged_refusal_stops_nobody, NULL, NULL, NULL },
        { "what is proved, or found out here, does", what_is_proved_ends_it, NULL, NULL, NULL },
        { "who does not reconnect is told at once", who_does_not_reconnect_is_told_at_once, NULL,
          NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
