/*
 * A server that asks, and bytes written by hand: early requests, frames out of order, credentials that are none.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "coax/link.h"
#include "doorstep.h"
#include "link/link_parts.h"

static doorstep d;
static raw in, out;

static int set_up(void **state)
{
    (void)state;
    doorstep_init(&d);
    d.two.client.is_held = true;
    d.two.server.is_held = true;
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

static void collect(void)
{
    raw_clear(&out);
    for (size_t n = 1; n > 0; out.len += n)
        n = pair_take(&d.two.server, out.bytes + out.len, sizeof out.bytes - out.len);
}

static void feed_by(size_t chunk)
{
    pair_feed(&d.two, &d.two.server, in.bytes, in.len, chunk);
    collect();
    raw_clear(&in);
}

static void run_put_off(void)
{
    while (cx_core_has_work(&d.two.server.core))
        cx_core_run(&d.two.server.core, d.two.fake.now);
    collect();
}

static void assert_ended(coax_err code, const char *words)
{
    assert_int_equal(d.two.server.n_closed, 1);
    assert_int_equal(d.two.server.n_open, 0);
    assert_int_equal(d.two.server.reason.code, code);
    if (strstr(d.two.server.reason.text, words) == NULL)
        fail_msg("'%s' is not in '%s'", words, d.two.server.reason.text);
}

static void put_goodbye(void)
{
    uint8_t bytes[64];
    size_t len = 0;
    coax_writer writer;
    const cx_control_goaway goaway = { .words = coax_str_from("enough") };
    coax_writer_init(&writer, bytes, sizeof bytes);
    cx_control_goaway_encode(&writer, &goaway);
    assert_int_equal(coax_writer_finish(&writer, &len), COAX_OK);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_GOAWAY, .aux = 1 }, bytes, len);
}

static void what_is_sent_ahead_waits_however_it_was_cut(void **state)
{
    for (size_t chunk = 0; chunk < 60; chunk++) {
        doorstep_hello(&in, "plain", "erin", "swordfish", 9);
        raw_request(&in, 1, 41);
        raw_request(&in, 3, 42);
        feed_by(chunk);
        assert_int_equal(d.n_asked, 1);
        assert_int_equal(d.two.server.n_handled, 0);
        assert_int_equal(d.two.server.n_open, 0);
        assert_int_equal(out.len, 0);
        assert_int_equal(doorstep_accept(&d, "erin"), COAX_OK);
        assert_int_equal(d.two.server.n_open, 0); /* nothing happens inside of it */
        run_put_off();
        assert_int_equal(d.two.server.n_open, 1);
        assert_int_equal(d.two.server.n_handled, 2);
        assert_int_equal(raw_count(&out, CX_FRAME_WELCOME), 1);
        assert_int_equal(raw_count(&out, CX_FRAME_RESPONSE), 2);
        assert_null(d.two.server.endpoint.link.tail);
        tear_down(state);
        set_up(state);
    }
}

static void half_a_frame_that_was_held_goes_on_afterwards(void **state)
{
    (void)state;
    static raw request;
    raw_clear(&request);
    raw_request(&request, 1, 42);
    doorstep_hello(&in, "plain", "erin", "swordfish", 9);
    raw_put(&in, request.bytes, request.len / 2);
    feed_by(0);
    assert_int_equal(doorstep_accept(&d, "erin"), COAX_OK);
    run_put_off();
    assert_int_equal(d.two.server.n_open, 1);
    assert_int_equal(d.two.server.n_handled, 0);
    raw_put(&in, request.bytes + request.len / 2, request.len - request.len / 2);
    feed_by(1);
    assert_int_equal(d.two.server.n_handled, 1);
}

static void no_more_than_four_kilobytes_wait(void **state)
{
    (void)state;
    doorstep_hello(&in, "plain", "erin", "swordfish", 9);
    const size_t hello = in.len;
    const size_t room = CX_EARLY_FRAMES - hello;
    raw_header(&in, (cx_frame){ .type = CX_FRAME_REQUEST, .call = 1, .method = 7 }, 1u << 20);
    while (in.len < hello + room)
        raw_put(&in, "x", 1);
    feed_by(0);
    assert_int_equal(d.two.server.n_closed, 0); /* exactly as much as there may be */
    const size_t before = d.two.fake.bytes;
    for (int i = 0; i < 100; i++)
        raw_put(&in, "0123456789", 10);
    feed_by(1);
    assert_ended(COAX_ERR_RESOURCE_EXHAUSTED, "more than 4096 bytes before WELCOME");
    assert_true(d.two.fake.bytes <= before + 32768); /* GOAWAY's block */
    assert_int_equal(doorstep_accept(&d, "erin"), COAX_ERR_STALE);
}

static void frames_out_of_place_end_it(void **state)
{
    static const struct {
        cx_frame frame;
        const char *words;
    } bad[] = {
        { { .type = CX_FRAME_HELLO }, "HELLO out of place" },
        { { .type = CX_FRAME_WELCOME }, "WELCOME out of place" },
        { { .type = CX_FRAME_AUTH }, "AUTH out of place" },
        { { .type = CX_FRAME_PONG, .length = 8 }, "PONG without a PING" },
        { { .type = CX_FRAME_RESUME }, "RESUME before AUTH" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        doorstep_hello(&in, "plain", "erin", "swordfish", 9);
        raw_frame(&in, bad[i].frame, "12345678", bad[i].frame.length);
        feed_by(i % 2);
        assert_ended(COAX_ERR_PROTOCOL, bad[i].words);
        tear_down(state);
        set_up(state);
    }
}

static void auth_without_hello_is_out_of_place(void **state)
{
    (void)state;
    doorstep_auth(&in, "x", 1, 0, 0);
    feed_by(0);
    assert_ended(COAX_ERR_PROTOCOL, "AUTH out of place");
}

static void who_has_a_step_to_say_says_nothing_else(void **state)
{
    (void)state;
    uint8_t ke1[CX_OPAQUE_KE1];
    cx_opaque_client_random random;
    cx_opaque_login login;
    memset(&random, 7, sizeof random);
    const coax_bytes password = { (const uint8_t *)"right", 5 };
    assert_int_equal(cx_opaque_start(password, &random, &login, ke1, NULL), COAX_OK);
    doorstep_hello(&in, "opaque", "alice", ke1, sizeof ke1);
    feed_by(0);
    assert_int_equal(raw_count(&out, CX_FRAME_AUTH), 1);
    raw_request(&in, 1, 42);
    feed_by(0);
    assert_ended(COAX_ERR_PROTOCOL, "REQUEST before AUTH");
    assert_int_equal(d.two.server.n_handled, 0);
    cx_opaque_forget(&login);
}

static void a_goodbye_before_the_verdict_ends_it(void **state)
{
    (void)state;
    doorstep_hello(&in, "plain", "erin", "swordfish", 9);
    put_goodbye();
    feed_by(0);
    assert_ended(COAX_ERR_CANCELLED, "the peer closed the connection");
    assert_int_equal(doorstep_accept(&d, "erin"), COAX_ERR_STALE);
}

static void a_goodbye_behind_an_early_request_waits_with_it(void **state)
{
    (void)state;
    doorstep_hello(&in, "plain", "erin", "swordfish", 9);
    raw_request(&in, 1, 42);
    put_goodbye();
    feed_by(3);
    assert_int_equal(d.two.server.n_closed, 0);
    assert_int_equal(doorstep_accept(&d, "erin"), COAX_OK);
    run_put_off();
    run_put_off();
    assert_int_equal(d.two.server.n_open, 1);
    assert_int_equal(d.two.server.n_handled, 1);
    assert_int_equal(d.two.server.n_closed, 1);
}

static void silence_after_the_first_half_meets_the_open_deadline(void **state)
{
    (void)state;
    uint8_t ke1[CX_OPAQUE_KE1];
    cx_opaque_client_random random;
    cx_opaque_login login;
    memset(&random, 7, sizeof random);
    const coax_bytes password = { (const uint8_t *)"right", 5 };
    assert_int_equal(cx_opaque_start(password, &random, &login, ke1, NULL), COAX_OK);
    doorstep_hello(&in, "opaque", "nobody", ke1, sizeof ke1);
    feed_by(0);
    assert_int_equal(raw_count(&out, CX_FRAME_AUTH), 1);
    pair_advance(&d.two, 5010);
    assert_ended(COAX_ERR_DEADLINE_EXCEEDED, "AUTH did not come within open_timeout_ms (5000)");
    cx_opaque_forget(&login);
}

static void what_can_not_be_a_credential_is_a_failed_login(void **state)
{
    static uint8_t zeros[2048];
    char long_user[256];
    memset(long_user, 'x', 255);
    long_user[255] = '\0';
    const struct {
        const char *mechanism;
        const char *user;
        size_t len;
    } bad[] = {
        { "opaque", "alice", 0 },  { "opaque", "alice", 95 }, { "opaque", "alice", 97 },
        { "opaque", "alice", 96 }, /* no group elements */
        { "opaque", "", 96 },      { "opaque", "a\nb", 96 },  { "opaque", "\xc2\x85", 96 },
        { "OPAQUE", "alice", 96 }, { "opaqu", "alice", 96 },  { "opaque ", "alice", 96 },
        { "key", "", 32 },         { "none", "", 0 },         { "opaque", long_user, 2048 },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        doorstep_hello(&in, bad[i].mechanism, bad[i].user, zeros, bad[i].len);
        raw_request(&in, 1, 42);
        feed_by(0);
        assert_ended(COAX_ERR_UNAUTHENTICATED, "login failed");
        assert_int_equal(d.n_asked, 0);
        assert_int_equal(d.two.server.n_handled, 0);
        assert_int_equal(raw_count(&out, CX_FRAME_GOAWAY), 1);
        tear_down(state);
        set_up(state);
    }
}

static void a_credential_beyond_its_bounds_breaks_the_protocol(void **state)
{
    static uint8_t zeros[2049];
    char user[258];
    memset(user, 'x', sizeof user);
    user[256] = '\0';
    doorstep_hello(&in, "plain", "erin", zeros, 2049);
    feed_by(0);
    assert_ended(COAX_ERR_PROTOCOL, "HELLO:");
    tear_down(state);
    set_up(state);
    doorstep_hello(&in, "plain", user, zeros, 1);
    feed_by(0);
    assert_ended(COAX_ERR_PROTOCOL, "HELLO:");
    tear_down(state);
    set_up(state);
    doorstep_hello(&in, "", "erin", zeros, 1);
    feed_by(0);
    assert_ended(COAX_ERR_PROTOCOL, "HELLO:");
}

static void credentials_count_for_nothing_where_others_listen(void **state)
{
    (void)state;
    d.is_far = true;
    doorstep_hello(&in, "token", "", DOORSTEP_TOKEN, strlen(DOORSTEP_TOKEN));
    feed_by(0);
    assert_ended(COAX_ERR_UNAUTHENTICATED, "on encrypted connections only");
}

static void a_verdict_after_the_end_of_the_endpoint_is_stale(void **state)
{
    (void)state;
    doorstep_hello(&in, "plain", "erin", "swordfish", 9);
    feed_by(0);
    cx_endpoint_close(&d.two.server.endpoint, COAX_ERR_UNAVAILABLE, COAX_ERR_UNAVAILABLE, "enough");
    assert_int_equal(doorstep_accept(&d, "erin"), COAX_ERR_STALE);
    assert_int_equal(coax_login_refuse(d.asked, NULL), COAX_ERR_STALE);
    run_put_off();
    assert_int_equal(doorstep_accept(&d, "erin"), COAX_ERR_STALE);
    assert_int_equal(d.two.server.n_open, 0);
}

static void an_end_between_verdict_and_welcome_lets_nobody_in(void **state)
{
    (void)state;
    doorstep_hello(&in, "plain", "erin", "swordfish", 9);
    raw_request(&in, 1, 42);
    feed_by(0);
    assert_int_equal(doorstep_accept(&d, "erin"), COAX_OK);
    cx_endpoint_lost(&d.two.server.endpoint, COAX_ERR_UNAVAILABLE, "the cable");
    run_put_off();
    run_put_off();
    assert_int_equal(d.two.server.n_open, 0);
    assert_int_equal(d.two.server.n_closed, 1);
    assert_int_equal(d.two.server.n_handled, 0);
}

/* ---- who shows nothing ---- */

static void who_shows_nothing_is_turned_away_where_nothing_is_public(void **state)
{
    (void)state;
    doorstep_hello(&in, NULL, "", "", 0);
    raw_request(&in, 1, 42);
    feed_by(0);
    assert_ended(COAX_ERR_UNAUTHENTICATED, "this server lets in only who logs in");
    assert_int_equal(d.two.server.n_handled, 0);
}

static void who_shows_nothing_may_have_what_is_public_and_no_more(void **state)
{
    (void)state;
    d.two.server.registry.has_public = true;
    doorstep_hello(&in, NULL, "", "", 0);
    raw_request(&in, 1, 42);
    feed_by(0);
    assert_int_equal(d.two.server.n_open, 1);
    assert_false(d.two.server.endpoint.session.is_full);
    assert_null(d.two.server.endpoint.session.person);
    assert_int_equal(d.two.server.n_handled, 0); /* echo is not public */
    assert_int_equal(raw_count(&out, CX_FRAME_ERROR), 1);
}

static void who_shows_nothing_is_asked_about_by_his_key(void **state)
{
    (void)state;
    d.has_key = true;
    doorstep_hello(&in, NULL, "", "", 0);
    feed_by(0);
    assert_int_equal(d.n_asked, 1);
    assert_int_equal(d.mechanism, COAX_MECHANISM_KEY);
    assert_int_equal(strlen(d.key_id), 52);
    assert_int_equal(doorstep_accept(&d, "heidi"), COAX_OK);
    run_put_off();
    assert_int_equal(d.two.server.n_open, 1);
    assert_true(d.two.server.endpoint.session.is_full);
    assert_string_equal(d.two.server.endpoint.session.key_id, d.key_id);
    assert_int_equal(d.two.server.endpoint.session.mechanism, COAX_MECHANISM_KEY);
}

static void a_key_that_is_refused_leaves_what_is_public(void **state)
{
    (void)state;
    d.has_key = true;
    d.two.server.registry.has_public = true;
    doorstep_hello(&in, NULL, "", "", 0);
    feed_by(0);
    assert_int_equal(coax_login_refuse(d.asked, "who is this?"), COAX_OK);
    run_put_off();
    assert_int_equal(d.two.server.n_open, 1);
    assert_false(d.two.server.endpoint.session.is_full);
    assert_int_equal(d.two.server.endpoint.session.mechanism, COAX_MECHANISM_NONE);
}

static void a_key_that_is_refused_ends_it_where_nothing_is_public(void **state)
{
    (void)state;
    d.has_key = true;
    doorstep_hello(&in, NULL, "", "", 0);
    feed_by(0);
    assert_int_equal(coax_login_refuse(d.asked, "who is this?"), COAX_OK);
    run_put_off();
    assert_ended(COAX_ERR_UNAUTHENTICATED, "login failed");
}

static void a_wrong_credential_is_refused_also_where_something_is_public(void **state)
{
    (void)state;
    d.has_key = true;
    d.two.server.registry.has_public = true;
    doorstep_hello(&in, "token", "", "not-the-robot-at-all", 20);
    feed_by(0);
    assert_int_equal(d.mechanism, COAX_MECHANISM_TOKEN);
    assert_int_equal(coax_login_refuse(d.asked, NULL), COAX_OK);
    run_put_off();
    assert_ended(COAX_ERR_UNAUTHENTICATED, "login failed");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_sent_ahead_waits_however_it_was_cut),
        TEST(half_a_frame_that_was_held_goes_on_afterwards),
        TEST(no_more_than_four_kilobytes_wait),
        TEST(frames_out_of_place_end_it),
        TEST(auth_without_hello_is_out_of_place),
        TEST(who_has_a_step_to_say_says_nothing_else),
        TEST(a_goodbye_before_the_verdict_ends_it),
        TEST(a_goodbye_behind_an_early_request_waits_with_it),
        TEST(silence_after_the_first_half_meets_the_open_deadline),
        TEST(what_can_not_be_a_credential_is_a_failed_login),
        TEST(a_credential_beyond_its_bounds_breaks_the_protocol),
        TEST(credentials_count_for_nothing_where_others_listen),
        TEST(who_shows_nothing_is_turned_away_where_nothing_is_public),
        TEST(who_shows_nothing_may_have_what_is_public_and_no_more),
        TEST(who_shows_nothing_is_asked_about_by_his_key),
        TEST(a_key_that_is_refused_leaves_what_is_public),
        TEST(a_key_that_is_refused_ends_it_where_nothing_is_public),
        TEST(a_wrong_credential_is_refused_also_where_something_is_public),
        TEST(a_verdict_after_the_end_of_the_endpoint_is_stale),
        TEST(an_end_between_verdict_and_welcome_lets_nobody_in),
    };
    return cmocka_run_group_tests_name("session_login_frames", tests, NULL, NULL);
}
