/*
 * What one peer may ask for in a second: what is refused, with which hint, and that it comes back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow.h"
#include "news.h"
#include "raw.h"
#include "rpc/parts.h"
#include "rpc/quota.h"

static coax_err call(pair *two, pair_answer *answer, size_t body_len)
{
    static const uint8_t body[20000];
    echo_note note = echo_make(1, "x");
    note.body = (coax_bytes){ body, body_len };
    memset(answer, 0, sizeof *answer);
    coax_err err = pair_call(&two->client, &echo_echo, &note, NULL, answer);
    pair_pump(two);
    return err;
}

static void calls_past_max_calls_per_s_are_told_when_to_come_back(void **state)
{
    pair *two = *state;
    pair_answer answer;
    two->server.config.limits.max_calls_per_s = 10;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(call(two, &answer, 0), COAX_OK);
        assert_int_equal(answer.err, COAX_OK);
    }
    assert_int_equal(call(two, &answer, 0), COAX_OK);
    assert_int_equal(answer.err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_int_equal(answer.retry_after_ms, 100);
    assert_string_equal(answer.message, "this peer asks for more than max_calls_per_s (10)");
    assert_int_equal(two->server.n_handled, 10);
    assert_int_equal(two->server.n_errors, 0); /* which is no bad input */

    pair_advance(two, 100);
    assert_int_equal(call(two, &answer, 0), COAX_OK);
    assert_int_equal(answer.err, COAX_OK);
    assert_int_equal(answer.retry_after_ms, 0);
    assert_int_equal(cx_count_read(&two->server.stats.calls_limited), 1);
}

static void bytes_count_as_well_and_one_large_message_is_paid_off(void **state)
{
    pair *two = *state;
    pair_answer answer;
    two->server.config.limits.max_bytes_per_s = 5000;
    assert_int_equal(call(two, &answer, 20000), COAX_OK);
    assert_int_equal(answer.err, COAX_OK);
    assert_int_equal(call(two, &answer, 1), COAX_OK);
    assert_int_equal(answer.err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_in_range(answer.retry_after_ms, 3000, 3100);
    assert_string_equal(answer.message, "this peer asks for more than max_bytes_per_s (5000)");
    pair_advance(two, answer.retry_after_ms);
    assert_int_equal(call(two, &answer, 1), COAX_OK);
    assert_int_equal(answer.err, COAX_OK);
}

static void a_call_refused_for_its_bytes_costs_no_call(void **state)
{
    pair *two = *state;
    pair_answer answer;
    two->server.config.limits.max_calls_per_s = 2;
    two->server.config.limits.max_bytes_per_s = 1000;
    assert_int_equal(call(two, &answer, 3000), COAX_OK);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(call(two, &answer, 3000), COAX_OK);
        assert_non_null(strstr(answer.message, "max_bytes_per_s"));
    }
    two->server.config.limits.max_bytes_per_s = 0;
    assert_int_equal(call(two, &answer, 0), COAX_OK);
    assert_int_equal(answer.err, COAX_OK);
}

static void one_way_messages_past_it_are_dropped_and_counted(void **state)
{
    pair *two = *state;
    echo_note note = echo_make(1, "x");
    two->server.config.limits.max_calls_per_s = 3;
    for (int i = 0; i < 8; i++)
        assert_int_equal(cx_rpc_send(&two->client.endpoint, &echo_hint, &note, NULL), COAX_OK);
    pair_pump(two);
    assert_int_equal(two->server.n_hints, 3);
    assert_int_equal(cx_count_read(&two->server.stats.calls_limited), 5);
}

static void the_one_who_calls_is_not_limited_by_its_own_limit(void **state)
{
    pair *two = *state;
    pair_answer answer;
    two->client.config.limits.max_calls_per_s = 1;
    two->client.config.limits.max_bytes_per_s = 1;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(call(two, &answer, 100), COAX_OK);
        assert_int_equal(answer.err, COAX_OK); /* answers are what it asked for */
    }
}

static void a_stream_past_max_bytes_per_s_fails_with_the_hint(void **state)
{
    pair *two = *state;
    static flow_server server;
    static flow_end caller;
    memset(&server, 0, sizeof server);
    memset(&caller, 0, sizeof caller);
    assert_int_equal(flow_serve(&two->server, &server), COAX_OK);
    two->server.config.limits.max_bytes_per_s = 5000;
    assert_int_equal(flow_start(&two->client, &flow_chat, &caller), COAX_OK);
    pair_pump(two);
    for (int i = 0; i < 6; i++)
        (void)flow_push(&caller, 1000);
    pair_pump(two);
    assert_int_equal(caller.result.err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_true(caller.result.retry_after_ms > 0);
    assert_non_null(strstr(caller.result.message, "max_bytes_per_s (5000)"));
    assert_int_equal(server.ends[0].n_items, 4);
}

/* What stands in front of an item takes no credit; bytes they are all the same. */
static void metadata_with_items_counts(void **state)
{
    static const uint8_t front[] = { 0x82, 1, 0x91, 0x82, 1, 0xa1, 'k', 2, 0xc5, 0x03, 0xe8 };
    pair *two = *state;
    static flow_server server;
    static flow_end caller;
    static raw bytes;
    uint8_t payload[2000] = { 0 };
    const size_t metadata = sizeof front + 1000 + 2;
    const echo_note note = echo_make(1, "x");
    memset(&server, 0, sizeof server);
    memset(&caller, 0, sizeof caller);
    assert_int_equal(flow_serve(&two->server, &server), COAX_OK);
    two->server.config.limits.max_bytes_per_s = 5000;
    assert_int_equal(flow_start(&two->client, &flow_chat, &caller), COAX_OK);
    pair_pump(two);
    payload[0] = (uint8_t)metadata;
    payload[1] = (uint8_t)(metadata >> 8);
    memcpy(payload + 2, front, sizeof front);
    payload[2 + metadata - 2] = 2;
    payload[2 + metadata - 1] = 0x90;
    const size_t len =
        2 + metadata + raw_note(payload + 2 + metadata, sizeof payload - 2 - metadata, &note);
    raw_clear(&bytes);
    for (int i = 0; i < 6; i++)
        raw_frame(&bytes,
                  (cx_frame){ .type = CX_FRAME_ITEM,
                              .flags = CX_FLAG_META,
                              .call = cx_call_out_wire_id(cx_handle_out(caller.call)) },
                  payload, len);
    pair_feed(two, &two->server, bytes.bytes, bytes.len, 0);
    pair_pump(two);
    assert_int_equal(caller.result.err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_int_equal(server.ends[0].n_items, 4);
}

static void a_draining_side_tells_when_to_come_back(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    two->client.is_held = true; /* the call crosses the news */
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    two->server.keeps_calls = true;
    cx_endpoint_drain(&two->server.endpoint, 750, "closing");
    two->client.is_held = false;
    pair_pump(two);
    assert_int_equal(answer.err, COAX_ERR_UNAVAILABLE);
    assert_int_equal(answer.retry_after_ms, 750);
}

static void busy(pair_side *side, coax_call call, const echo_note *request)
{
    (void)request;
    assert_int_equal(coax_call_set_retry(call, 1234), COAX_OK);
    side->answered = coax_call_fail(call, COAX_ERR_UNAVAILABLE, "busy");
}

static void busy_throwing(pair_side *side, coax_call call, const echo_note *request)
{
    const echo_broken broken = { request->id };
    assert_int_equal(coax_call_set_retry(call, 99), COAX_OK);
    side->answered = coax_gen_throw(call, &echo_echo, &echo_broken_type, &broken);
}

static void a_handler_may_tell_when_to_come_back(void **state)
{
    pair *two = *state;
    pair_answer answer;
    two->server.in_handler = busy;
    assert_int_equal(call(two, &answer, 0), COAX_OK);
    assert_int_equal(answer.err, COAX_ERR_UNAVAILABLE);
    assert_int_equal(answer.retry_after_ms, 1234);
    two->server.in_handler = busy_throwing;
    assert_int_equal(call(two, &answer, 0), COAX_OK);
    assert_int_equal(answer.retry_after_ms, 99);
    assert_int_equal(answer.broken_id, 1);
    two->server.in_handler = NULL;
    assert_int_equal(call(two, &answer, 0), COAX_OK);
    assert_int_equal(answer.err, COAX_OK);
    assert_int_equal(answer.retry_after_ms, 0);
    assert_int_equal(coax_call_set_retry((coax_call){ NULL, 0, 0 }, 1), COAX_ERR_STALE);
}

static void subscriptions_and_events_count(void **state)
{
    static news_pair news;
    static news_ear ear, other;
    (void)state;
    memset(&ear, 0, sizeof ear);
    memset(&other, 0, sizeof other);
    pair_init(&news.two);
    news_connect(&news);
    news.two.server.config.limits.max_calls_per_s = 1;
    assert_int_equal(news_listen(&news, &news_flash, &ear), COAX_OK);
    assert_int_equal(news_listen(&news, &news_quiet, &other), COAX_OK);
    pair_pump(&news.two);
    assert_int_equal(ear.status, COAX_OK);
    assert_int_equal(other.status, COAX_ERR_RESOURCE_EXHAUSTED);

    news.two.client.config.limits.max_bytes_per_s = 2500;
    for (uint64_t i = 1; i <= 5; i++)
        (void)news_emit(&news, &news_flash, i, 1000, NULL);
    pair_pump(&news.two);
    assert_int_equal(ear.n_events, 2);
    assert_int_equal(cx_count_read(&news.two.client.stats.calls_limited), 3);
    assert_int_equal(coax_subscription_close(ear.subscription), COAX_OK);
    assert_int_equal(coax_subscription_close(other.subscription), COAX_OK);
    news_deinit(&news);
}

static void never_means_no_limit(void **state)
{
    (void)state;
    coax_limits limits = COAX_LIMITS_INIT;
    coax_error error;
    limits.max_calls_per_s = COAX_NEVER_MS;
    limits.max_bytes_per_s = COAX_NEVER_MS;
    assert_int_equal(cx_limits_resolve(&limits, &error), COAX_OK);
    assert_false(cx_quota_is_set(&limits));
}

int main(void)
{
#define ON_A_PAIR(test) cmocka_unit_test_setup_teardown(test, pair_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        ON_A_PAIR(calls_past_max_calls_per_s_are_told_when_to_come_back),
        ON_A_PAIR(bytes_count_as_well_and_one_large_message_is_paid_off),
        ON_A_PAIR(a_call_refused_for_its_bytes_costs_no_call),
        ON_A_PAIR(one_way_messages_past_it_are_dropped_and_counted),
        ON_A_PAIR(the_one_who_calls_is_not_limited_by_its_own_limit),
        ON_A_PAIR(a_stream_past_max_bytes_per_s_fails_with_the_hint),
        ON_A_PAIR(metadata_with_items_counts),
        ON_A_PAIR(a_draining_side_tells_when_to_come_back),
        ON_A_PAIR(a_handler_may_tell_when_to_come_back),
        cmocka_unit_test(subscriptions_and_events_count),
        cmocka_unit_test(never_means_no_limit),
    };
    return cmocka_run_group_tests_name("rpc_quota", tests, NULL, NULL);
}
