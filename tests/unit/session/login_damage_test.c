/*
 * A login between two honest ends whose bytes are changed, lost or cut on the way, and a server that is not honest.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "doorstep.h"

static doorstep d;
static raw in, out;

static int set_up(void **state)
{
    (void)state;
    doorstep_init(&d);
    doorstep_show(&d, COAX_MECHANISM_PASSWORD, "alice", "right");
    doorstep_make(&d);
    raw_clear(&in);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    doorstep_deinit(&d);
    return 0;
}

static void again(void **state)
{
    tear_down(state);
    set_up(state);
}

static void collect(pair_side *side, raw *ret)
{
    raw_clear(ret);
    for (size_t n = 1; n > 0; ret->len += n)
        n = pair_take(side, ret->bytes + ret->len, sizeof ret->bytes - ret->len);
}

/* One load from a side to the other, with a byte of it changed or the rest of it cut away. */
static size_t pass(pair_side *from, pair_side *to, size_t at, uint8_t flip, bool cuts)
{
    collect(from, &in);
    const size_t len = in.len;
    if (at < len && !cuts)
        in.bytes[at] ^= flip;
    if (at < len && cuts)
        in.len = at;
    pair_feed(&d.two, to, in.bytes, in.len, 0);
    return len;
}

/* HELLO, KE2, KE3: in which of them something happens. */
static size_t log_in(int which, size_t at, uint8_t flip, bool cuts)
{
    pair_side *sides[] = { &d.two.client, &d.two.server };
    size_t len = 0;
    for (int i = 0; i < 3; i++) {
        size_t n = pass(sides[i % 2], sides[(i + 1) % 2], i == which ? at : SIZE_MAX, flip, cuts);
        if (i == which)
            len = n;
    }
    return len;
}

static bool is_in(void)
{
    return d.two.server.n_open > 0;
}

static void an_undamaged_login_gets_in(void **state)
{
    (void)state;
    (void)log_in(-1, 0, 0, false);
    assert_true(is_in());
    assert_string_equal(d.two.server.endpoint.session.person->principal, "alice");
    assert_true(coax_peer_has_role(cx_endpoint_peer(&d.two.server.endpoint), "staff"));
}

/* The proofs stand last in HELLO and in the client's AUTH; in the server's two numbers follow. */
static void no_byte_of_a_proof_can_be_changed(void **state)
{
    static const size_t proofs[] = { CX_OPAQUE_KE1, CX_OPAQUE_KE2, CX_OPAQUE_KE3 };
    for (int which = 0; which < 3; which++) {
        const size_t len = log_in(which, SIZE_MAX - 1, 0, false);
        const size_t behind = which == 0 ? 0 : which == 1 ? 6 : 4; /* the cost; zeros */
        assert_true(len > proofs[which] + behind);
        const size_t from = len - proofs[which] - behind;
        for (size_t at = from; at < from + proofs[which]; at += 5) {
            again(state);
            (void)log_in(which, at, (uint8_t)(1u << at % 8), false);
            if (is_in())
                fail_msg("byte %zu of message %d was changed", at, which);
        }
        again(state);
    }
}

/* What stands in front of a proof may be changed without harm here or there; nobody else gets in by it. */
static void a_changed_byte_anywhere_lets_in_nobody_else(void **state)
{
    for (int which = 0; which < 3; which++) {
        for (size_t at = 0; at < 80; at++) {
            again(state);
            (void)log_in(which, at, (uint8_t)(1u << at % 7), false);
            pair_pump(&d.two);
            if (is_in())
                assert_string_equal(d.two.server.endpoint.session.person->principal, "alice");
        }
    }
}

static void a_login_cut_at_any_byte_waits_and_ends_with_the_deadline(void **state)
{
    for (int which = 0; which < 3; which++) {
        for (size_t at = 0; at < 400; at += 13) {
            again(state);
            const size_t len = log_in(which, at, 0, true);
            if (at >= len)
                continue;
            assert_false(is_in());
            pair_advance(&d.two, 5010);
            assert_int_equal(d.two.server.n_closed, 1);
            assert_int_equal(d.two.client.n_closed, 1);
        }
    }
}

static void a_proof_said_twice_counts_once(void **state)
{
    static raw again_said;
    (void)state;
    (void)pass(&d.two.client, &d.two.server, SIZE_MAX, 0, false);
    (void)pass(&d.two.server, &d.two.client, SIZE_MAX, 0, false);
    collect(&d.two.client, &again_said);
    pair_feed(&d.two, &d.two.server, again_said.bytes, again_said.len, 0);
    assert_true(is_in());
    pair_feed(&d.two, &d.two.server, again_said.bytes, again_said.len, 0);
    cx_core_run(&d.two.server.core, d.two.fake.now);
    assert_int_equal(d.two.server.n_closed, 1);
    assert_int_equal(d.two.server.reason.code, COAX_ERR_PROTOCOL);
}

/* ---- clients, and servers that are not honest ---- */

static void feed_client(void)
{
    pair_feed(&d.two, &d.two.client, in.bytes, in.len, 0);
    raw_clear(&in);
}

static void assert_client_ended(coax_err code, const char *words)
{
    assert_int_equal(d.two.client.n_closed, 1);
    assert_int_equal(d.two.client.n_open, 0);
    assert_int_equal(d.two.client.reason.code, code);
    if (strstr(d.two.client.reason.text, words) == NULL)
        fail_msg("'%s' is not in '%s'", words, d.two.client.reason.text);
}

static void a_welcome_without_a_proof_is_not_believed(void **state)
{
    (void)state;
    pair_answer answer = { 0 };
    const echo_note note = echo_make(1, "secret business");
    assert_int_equal(pair_call(&d.two.client, &echo_echo, &note, NULL, &answer), COAX_OK);
    collect(&d.two.client, &out);
    assert_int_equal(raw_count(&out, CX_FRAME_HELLO), 1);
    assert_int_equal(raw_count(&out, CX_FRAME_REQUEST), 0); /* not to whoever answers */
    raw_welcome(&in);
    feed_client();
    assert_client_ended(COAX_ERR_UNAUTHENTICATED, "without having proved");
    collect(&d.two.client, &out);
    assert_int_equal(raw_count(&out, CX_FRAME_REQUEST), 0);
    assert_int_equal(answer.err, COAX_ERR_UNAVAILABLE);
}

static void what_was_called_ahead_leaves_after_the_login(void **state)
{
    (void)state;
    pair_answer answer = { 0 };
    const echo_note note = echo_make(7, "x");
    assert_int_equal(pair_call(&d.two.client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_pump(&d.two);
    assert_int_equal(answer.err, COAX_OK);
    assert_int_equal(answer.id, 7);
}

static void a_server_that_says_nonsense_learns_nothing(void **state)
{
    static uint8_t zeros[400];
    static const struct {
        size_t len;
        uint32_t memory_kib;
        uint32_t passes;
        coax_err code;
    } bad[] = {
        { 0, 8192, 1, COAX_ERR_PROTOCOL },
        { CX_OPAQUE_KE2 - 1, 8192, 1, COAX_ERR_PROTOCOL },
        { CX_OPAQUE_KE2 + 1, 8192, 1, COAX_ERR_PROTOCOL },
        { CX_OPAQUE_KE2, 8192, 1, COAX_ERR_UNAUTHENTICATED },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        collect(&d.two.client, &out);
        doorstep_auth(&in, zeros, bad[i].len, bad[i].memory_kib, bad[i].passes);
        feed_client();
        assert_client_ended(bad[i].code, "");
        collect(&d.two.client, &out);
        assert_int_equal(raw_count(&out, CX_FRAME_AUTH), 0);
        again(state);
    }
}

/* Whoever stands between could make a guess cheap, or dear. */
static void another_cost_than_the_stores_is_noticed(void **state)
{
    static const struct {
        uint32_t memory_kib;
        uint32_t passes;
        coax_err code;
    } other[] = {
        { 8193, 1, COAX_ERR_UNAUTHENTICATED },   { 8192, 2, COAX_ERR_UNAUTHENTICATED },
        { 1, 1, COAX_ERR_INVALID_ARGUMENT },     { UINT32_MAX, 1, COAX_ERR_INVALID_ARGUMENT },
        { 8192, 65, COAX_ERR_INVALID_ARGUMENT }, { 8192, UINT32_MAX, COAX_ERR_INVALID_ARGUMENT },
    };
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
        cx_frame frame;
        const uint8_t *payload = NULL;
        static uint8_t ke2[CX_OPAQUE_KE2];
        (void)pass(&d.two.client, &d.two.server, SIZE_MAX, 0, false);
        collect(&d.two.server, &out);
        assert_true(raw_find(&out, CX_FRAME_AUTH, &frame, &payload));
        memcpy(ke2, payload + frame.length - 6 - sizeof ke2, sizeof ke2);
        raw_clear(&in);
        doorstep_auth(&in, ke2, sizeof ke2, other[i].memory_kib, other[i].passes);
        feed_client();
        assert_client_ended(other[i].code, "");
        again(state);
    }
}

static void a_second_question_is_out_of_place(void **state)
{
    (void)state;
    (void)pass(&d.two.client, &d.two.server, SIZE_MAX, 0, false);
    collect(&d.two.server, &in);
    const size_t len = in.len;
    raw_put(&in, in.bytes, len);
    feed_client();
    assert_client_ended(COAX_ERR_PROTOCOL, "AUTH out of place");
}

static void who_shows_a_token_is_asked_nothing(void **state)
{
    tear_down(state);
    doorstep_init(&d);
    doorstep_show(&d, COAX_MECHANISM_TOKEN, "", DOORSTEP_TOKEN);
    doorstep_make(&d);
    collect(&d.two.client, &out);
    doorstep_auth(&in, "x", 1, 8192, 1);
    feed_client();
    assert_client_ended(COAX_ERR_PROTOCOL, "AUTH out of place");
}

static void a_secret_is_not_shown_where_others_listen(void **state)
{
    tear_down(state);
    doorstep_init(&d);
    d.is_far = true;
    doorstep_show(&d, COAX_MECHANISM_TOKEN, "", DOORSTEP_TOKEN);
    doorstep_make(&d);
    collect(&d.two.client, &out);
    assert_int_equal(out.len, 0);
    cx_core_run(&d.two.client.core, d.two.fake.now);
    assert_client_ended(COAX_ERR_INSECURE, "not encrypted");
}

/* ---- Argon2id, elsewhere ---- */

static void begin_stretch(void)
{
    d.keeps_stretch = true;
    (void)pass(&d.two.client, &d.two.server, SIZE_MAX, 0, false);
    (void)pass(&d.two.server, &d.two.client, SIZE_MAX, 0, false);
    assert_non_null(d.away);
}

static void a_stretch_may_take_its_time(void **state)
{
    (void)state;
    begin_stretch();
    pair_advance(&d.two, 1000);
    assert_int_equal(d.two.client.n_open, 0);
    cx_stretch_run(d.away);
    cx_stretch_finish(d.away);
    pair_pump(&d.two);
    assert_int_equal(d.two.client.n_open, 1);
    assert_true(is_in());
}

static void a_stretch_that_nobody_waits_for_any_more_frees_itself(void **state)
{
    (void)state;
    begin_stretch();
    cx_endpoint_close(&d.two.client.endpoint, COAX_ERR_CANCELLED, COAX_ERR_CANCELLED, "enough");
    pair_pump(&d.two);
    assert_int_equal(d.two.client.n_closed, 1);
    cx_stretch_run(d.away);
    cx_stretch_finish(d.away); /* the sanitizer looks for what is left */
}

static void a_client_that_gives_up_after_ke2_has_failed_at_the_server(void **state)
{
    tear_down(state);
    doorstep_init(&d);
    doorstep_show(&d, COAX_MECHANISM_PASSWORD, "alice", "wrong");
    doorstep_make(&d);
    pair_pump(&d.two);
    assert_client_ended(COAX_ERR_UNAUTHENTICATED, "login failed");
    assert_int_equal(d.two.server.n_closed, 1);
    assert_int_equal(d.two.server.n_open, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_undamaged_login_gets_in),
        TEST(no_byte_of_a_proof_can_be_changed),
        TEST(a_changed_byte_anywhere_lets_in_nobody_else),
        TEST(a_login_cut_at_any_byte_waits_and_ends_with_the_deadline),
        TEST(a_proof_said_twice_counts_once),
        TEST(a_welcome_without_a_proof_is_not_believed),
        TEST(what_was_called_ahead_leaves_after_the_login),
        TEST(a_server_that_says_nonsense_learns_nothing),
        TEST(another_cost_than_the_stores_is_noticed),
        TEST(a_second_question_is_out_of_place),
        TEST(who_shows_a_token_is_asked_nothing),
        TEST(a_secret_is_not_shown_where_others_listen),
        TEST(a_stretch_may_take_its_time),
        TEST(a_stretch_that_nobody_waits_for_any_more_frees_itself),
        TEST(a_client_that_gives_up_after_ke2_has_failed_at_the_server),
    };
    return cmocka_run_group_tests_name("session_login_damage", tests, NULL, NULL);
}
