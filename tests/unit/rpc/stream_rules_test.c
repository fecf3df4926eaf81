/*
 * What a peer may not do with a stream, by frames written by hand: the stream ends in words on both sides, or the connection
 * does; what was only late is ignored.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <coax/gen_server.h>

#include "flow.h"
#include "raw.h"
#include "rpc/parts.h"

#define WINDOW 8192u

static flow_server server;
static flow_end caller;
static pair_answer answer;
static raw bytes;

static int set_up(void **state)
{
    static pair two;
    memset(&server, 0, sizeof server);
    memset(&caller, 0, sizeof caller);
    memset(&answer, 0, sizeof answer);
    raw_clear(&bytes);
    pair_init(&two);
    two.client.config.limits.window = WINDOW;
    two.server.config.limits.window = WINDOW;
    pair_connect(&two);
    *state = &two;
    return flow_serve(&two.server, &server) == COAX_OK ? 0 : -1;
}

static uint32_t begin(pair *two, const coax_method *method)
{
    assert_int_equal(flow_start(&two->client, method, &caller), COAX_OK);
    pair_pump(two);
    return cx_call_out_wire_id(cx_handle_out(caller.call));
}

static uint32_t begin_unary(pair *two)
{
    coax_call made = { NULL, 0, 0 };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.ret_call = &made;
    const echo_note note = echo_make(1, "x");
    two->server.keeps_calls = true;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answer), COAX_OK);
    pair_pump(two);
    return cx_call_out_wire_id(cx_handle_out(made));
}

static void put_item(uint32_t call, const char *text, size_t body_len)
{
    static uint8_t encoded[1u << 20];
    static const uint8_t body[1u << 20];
    echo_note note = echo_make(1, text);
    note.body = (coax_bytes){ body, body_len };
    size_t len = raw_note(encoded, sizeof encoded, &note);
    raw_frame(&bytes, (cx_frame){ .type = CX_FRAME_ITEM, .call = call }, encoded, len);
}

static void put_end(uint32_t call)
{
    raw_frame(&bytes, (cx_frame){ .type = CX_FRAME_END, .call = call }, NULL, 0);
}

static void put_window(uint32_t call, uint32_t n)
{
    raw_frame(&bytes, (cx_frame){ .type = CX_FRAME_WINDOW, .call = call, .method = n }, NULL, 0);
}

/* Hands the bytes over, and lets both sides find out. */
static void feed(pair *two, pair_side *to)
{
    pair_feed(two, to, bytes.bytes, bytes.len, 0);
    raw_clear(&bytes);
    pair_pump(two);
}

/* The server found fault: the caller is told, both sides go on. */
static void assert_refused_by_server(const pair *two, const pair_answer *result, const char *words)
{
    assert_int_equal(result->n_done, 1);
    assert_int_equal(result->err, COAX_ERR_INVALID_ARGUMENT);
    if (strstr(result->message, words) == NULL)
        fail_msg("'%s' is not in '%s'", words, result->message);
    assert_int_equal(two->server.n_errors, 1);
    assert_string_equal(two->server.last_error.text, result->message);
    assert_true(cx_endpoint_is_open(&two->server.endpoint));
    assert_true(cx_endpoint_is_open(&two->client.endpoint));
}

/* The client found fault: its result says so, the handler is told that nobody waits. */
static void assert_refused_by_client(const pair *two, const pair_answer *result, const char *words)
{
    assert_int_equal(result->n_done, 1);
    assert_int_equal(result->err, COAX_ERR_INTERNAL);
    if (strstr(result->message, words) == NULL)
        fail_msg("'%s' is not in '%s'", words, result->message);
    assert_int_equal(two->client.n_errors, 1);
    if (server.n_ends > 0)
        assert_false(coax_call_is_live(server.ends[0].call));
    assert_true(cx_endpoint_is_open(&two->server.endpoint));
    assert_true(cx_endpoint_is_open(&two->client.endpoint));
}

static void an_item_for_a_method_that_takes_none_is_refused(void **state)
{
    pair *two = *state;
    put_item(begin(two, &flow_list), "x", 10);
    feed(two, &two->server);
    assert_refused_by_server(two, &caller.result,
                             "flow.Flow.list: has no stream from this side, and an ITEM came");
    assert_false(coax_call_is_live(server.ends[0].call));
}

static void an_item_for_a_unary_method_is_refused(void **state)
{
    pair *two = *state;
    put_item(begin_unary(two), "x", 10);
    feed(two, &two->server);
    assert_refused_by_server(two, &answer, "echo.Echo.echo: has no stream from this side");
}

static void an_end_for_a_method_that_takes_no_items_is_refused(void **state)
{
    pair *two = *state;
    put_end(begin(two, &flow_list));
    feed(two, &two->server);
    assert_refused_by_server(two, &caller.result, "and an END came");
}

static void an_item_after_the_end_is_refused(void **state)
{
    pair *two = *state;
    uint32_t call = begin(two, &flow_sum);
    put_item(call, "x", 10);
    put_end(call);
    put_item(call, "x", 10);
    feed(two, &two->server);
    assert_int_equal(server.ends[0].n_items, 1);
    assert_int_equal(server.ends[0].n_peer_ended, 1);
    assert_refused_by_server(two, &caller.result, "an ITEM after the END");
}

static void a_second_end_is_refused(void **state)
{
    pair *two = *state;
    uint32_t call = begin(two, &flow_sum);
    put_end(call);
    put_end(call);
    feed(two, &two->server);
    assert_refused_by_server(two, &caller.result, "an END after the END");
    assert_int_equal(server.ends[0].n_peer_ended, 1);
}

static void an_item_past_the_credit_is_refused(void **state)
{
    pair *two = *state;
    server.is_late = true;
    uint32_t call = begin(two, &flow_sum);
    for (int i = 0; i < 9; i++)
        put_item(call, "x", 1000);
    feed(two, &two->server);
    assert_refused_by_server(two, &caller.result, "an ITEM past the credit (window)");
    assert_int_equal(two->server.endpoint.held,
                     cx_memory_size(cx_handle_in(server.ends[0].call)->memory));
}

static void an_item_without_a_message_is_refused(void **state)
{
    pair *two = *state;
    server.is_late = true; /* it would cost nothing to keep */
    uint32_t call = begin(two, &flow_sum);
    raw_frame(&bytes, (cx_frame){ .type = CX_FRAME_ITEM, .call = call }, NULL, 0);
    feed(two, &two->server);
    assert_refused_by_server(two, &caller.result, "an ITEM without a message");
}

static void an_item_that_is_no_message_of_its_type_is_refused(void **state)
{
    pair *two = *state;
    uint32_t call = begin(two, &flow_sum);
    raw_frame(&bytes, (cx_frame){ .type = CX_FRAME_ITEM, .call = call }, "\x81\x01\x05", 3);
    feed(two, &two->server);
    assert_refused_by_server(two, &caller.result, "flow.Flow.sum: a bad item: text");
    assert_int_equal(server.ends[0].n_items, 0);
    assert_int_equal(server.ends[0].n_peer_ended, 1);
    assert_false(server.ends[0].was_live);
}

static void an_item_that_breaks_a_constraint_is_refused(void **state)
{
    pair *two = *state;
    char text[102];
    memset(text, 'x', sizeof text);
    text[101] = '\0';
    put_item(begin(two, &flow_sum), text, 10);
    feed(two, &two->server);
    assert_refused_by_server(two, &caller.result, "a bad item: text");
}

static void an_item_longer_than_max_request_is_refused(void **state)
{
    pair *two = *state;
    put_item(begin(two, &flow_small), "x", 70);
    feed(two, &two->server);
    assert_int_equal(caller.result.err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(caller.result.message, "at most 64 allowed (@max_request)"));
}

static void an_item_longer_than_max_message_is_refused(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_message = 4096;
    pair_connect(two);
    assert_int_equal(flow_serve(&two->server, &server), COAX_OK);
    put_item(begin(two, &flow_sum), "x", 5000);
    feed(two, &two->server);
    assert_int_equal(caller.result.err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(caller.result.message, "max_message (4096 bytes)"));
    assert_int_equal(two->server.n_errors, 1);
}

static void an_item_that_decodes_to_more_than_max_decoded_is_refused(void **state)
{
    pair *two = *state;
    static char text[10000];
    memset(text, 'a', sizeof text - 1);
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_decoded = 4096;
    pair_connect(two);
    assert_int_equal(flow_serve(&two->server, &server), COAX_OK);
    put_item(begin(two, &flow_sum), text, 10);
    feed(two, &two->server);
    assert_int_equal(caller.result.err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(caller.result.message, "max_decoded (4096 bytes)"));
}

static void an_item_from_a_server_that_streams_nothing_ends_the_call(void **state)
{
    pair *two = *state;
    put_item(begin(two, &flow_sum), "x", 10);
    feed(two, &two->client);
    assert_refused_by_client(two, &caller.result,
                             "flow.Flow.sum: has no stream from this side, and an ITEM came");
}

static void an_item_for_a_unary_call_ends_it(void **state)
{
    pair *two = *state;
    put_item(begin_unary(two), "x", 10);
    feed(two, &two->client);
    assert_refused_by_client(two, &answer, "echo.Echo.echo: has no stream from this side");
}

static void an_end_instead_of_a_reply_ends_the_call(void **state)
{
    pair *two = *state;
    put_end(begin(two, &flow_sum));
    feed(two, &two->client);
    assert_refused_by_client(two, &caller.result, "and an END came");
}

static void a_reply_instead_of_an_end_ends_the_call(void **state)
{
    pair *two = *state;
    uint32_t call = begin(two, &flow_list);
    uint8_t encoded[64];
    const echo_note note = echo_make(1, "x");
    size_t len = raw_note(encoded, sizeof encoded, &note);
    raw_frame(&bytes, (cx_frame){ .type = CX_FRAME_RESPONSE, .call = call }, encoded, len);
    pair_feed(two, &two->client, bytes.bytes, bytes.len, 0);
    assert_int_equal(caller.result.err, COAX_ERR_INTERNAL);
    assert_non_null(strstr(caller.result.message, "it is a reply, and should be a stream"));
    /* For the server the call has ended with its reply, whatever became of it. */
    assert_int_equal(coax_call_end(server.ends[0].call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.result.n_done, 1);
}

static void a_server_s_item_past_the_credit_ends_the_call(void **state)
{
    pair *two = *state;
    uint32_t call = begin(two, &flow_list);
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    for (int i = 0; i < 9; i++)
        put_item(call, "x", 1000);
    feed(two, &two->client);
    assert_refused_by_client(two, &caller.result, "an ITEM past the credit (window)");
    assert_int_equal(two->client.endpoint.held, 0);
}

static void a_server_s_bad_item_ends_the_call(void **state)
{
    pair *two = *state;
    uint32_t call = begin(two, &flow_list);
    put_item(call, "x", 10);
    raw_frame(&bytes, (cx_frame){ .type = CX_FRAME_ITEM, .call = call }, "\x81\x01\x05", 3);
    put_item(call, "x", 10);
    put_end(call);
    feed(two, &two->client);
    assert_int_equal(caller.n_items, 1);
    assert_refused_by_client(two, &caller.result, "flow.Flow.list: a bad item: text");
    assert_int_equal(caller.n_after, 0);
}

static void a_bad_item_that_waited_ends_the_call_when_its_turn_comes(void **state)
{
    pair *two = *state;
    uint32_t call = begin(two, &flow_list);
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    put_item(call, "x", 10);
    raw_frame(&bytes, (cx_frame){ .type = CX_FRAME_ITEM, .call = call }, "\x81\x01\x05", 3);
    put_item(call, "x", 10);
    feed(two, &two->client);
    assert_int_equal(caller.result.n_done, 0);
    assert_int_equal(coax_call_resume(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 1);
    assert_refused_by_client(two, &caller.result, "flow.Flow.list: a bad item: text");
    assert_int_equal(two->client.endpoint.held, 0);
}

static void a_server_s_item_longer_than_max_reply_ends_the_call(void **state)
{
    pair *two = *state;
    put_item(begin(two, &flow_small), "x", 70);
    feed(two, &two->client);
    assert_refused_by_client(two, &caller.result, "at most 64 allowed (@max_reply)");
}

static void grants_past_the_window_end_the_connection(void **state)
{
    pair *two = *state;
    const coax_method *methods[] = { &flow_chat, &flow_list, &echo_echo };
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 2; j++) {
            pair_deinit(two);
            assert_int_equal(set_up(state), 0);
            pair_side *to = j == 0 ? &two->server : &two->client;
            put_window(methods[i] == &echo_echo ? begin_unary(two) : begin(two, methods[i]), 1);
            feed(two, to);
            assert_int_equal(to->n_closed, 1);
            assert_int_equal(to->reason.code, COAX_ERR_PROTOCOL);
            assert_non_null(strstr(to->reason.text, "grants 1 bytes, more than were sent"));
        }
    }
}

static void a_grant_may_give_back_no_more_than_was_sent(void **state)
{
    pair *two = *state;
    server.is_late = true;
    uint32_t call = begin(two, &flow_chat);
    assert_int_equal(flow_push(&caller, 1000), COAX_OK);
    put_window(call, (uint32_t)flow_item_size(1, 1000));
    feed(two, &two->client);
    assert_true(cx_endpoint_is_open(&two->client.endpoint));
    put_window(call, UINT32_MAX);
    feed(two, &two->client);
    assert_int_equal(two->client.reason.code, COAX_ERR_PROTOCOL);
}

static void what_comes_for_a_stream_that_has_ended_is_ignored(void **state)
{
    pair *two = *state;
    uint32_t call = begin(two, &flow_chat);
    assert_int_equal(coax_call_end(server.ends[0].call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.result.n_done, 1);
    for (int i = 0; i < 2; i++) {
        put_item(call, "x", 10);
        put_item(call, "x", 20000);
        put_end(call);
        put_window(call, 5);
        feed(two, i == 0 ? &two->server : &two->client);
    }
    assert_int_equal(two->server.n_errors + two->client.n_errors, 0);
    assert_int_equal(caller.result.n_done, 1);
    assert_int_equal(caller.n_items + server.ends[0].n_items, 0);
    assert_true(cx_endpoint_is_open(&two->server.endpoint));
    assert_true(cx_endpoint_is_open(&two->client.endpoint));
}

static void what_comes_for_a_call_that_never_was_is_ignored(void **state)
{
    pair *two = *state;
    put_item(77, "x", 10);
    put_end(77);
    put_window(77, 5);
    feed(two, &two->server);
    assert_int_equal(two->server.n_errors, 0);
    assert_true(cx_endpoint_is_open(&two->server.endpoint));
}

static void an_end_with_a_status_ends_the_connection(void **state)
{
    pair *two = *state;
    uint32_t call = begin(two, &flow_list);
    raw_frame(&bytes, (cx_frame){ .type = CX_FRAME_END, .call = call, .aux = 3 }, NULL, 0);
    feed(two, &two->client);
    assert_int_equal(two->client.reason.code, COAX_ERR_PROTOCOL);
    assert_int_equal(caller.result.err, COAX_ERR_UNAVAILABLE);
}

static void a_half_received_item_is_thrown_away_with_its_call(void **state)
{
    pair *two = *state;
    uint32_t call = begin(two, &flow_list);
    static const uint8_t part[4000];
    raw_frame(&bytes, (cx_frame){ .type = CX_FRAME_ITEM, .flags = CX_FLAG_MORE, .call = call },
              part, sizeof part);
    feed(two, &two->client);
    assert_int_equal(coax_call_fail(server.ends[0].call, COAX_ERR_ABORTED, "no"), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.result.err, COAX_ERR_ABORTED);
    pair_advance(two, 60000); /* nobody waits for its rest */
    assert_true(cx_endpoint_is_open(&two->client.endpoint));
}

static void put_error(uint32_t call, uint16_t code)
{
    raw_frame(&bytes, (cx_frame){ .type = CX_FRAME_ERROR, .aux = code, .call = call },
              "\x82\x01\xa4gone\x02\x00", 9);
}

static void what_comes_behind_an_end_that_waits_is_ignored(void **state)
{
    pair *two = *state;
    uint32_t call = begin(two, &flow_chat);
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    put_item(call, "x", 10);
    put_error(call, COAX_ERR_ABORTED);
    feed(two, &two->client);
    assert_int_equal(caller.result.n_done, 0); /* it waits behind the item */
    size_t before = two->fake.bytes;
    for (int i = 0; i < 1000; i++) {
        put_error(call, COAX_ERR_INTERNAL);
        put_item(call, "y", 10);
        put_end(call);
        put_window(call, 1);
        feed(two, &two->client);
    }
    assert_true(two->fake.bytes <= before);
    assert_int_equal(coax_call_resume(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 1);
    assert_int_equal(caller.result.n_done, 1);
    assert_int_equal(caller.result.err, COAX_ERR_ABORTED);
    assert_int_equal(two->client.n_errors, 0);
    assert_true(cx_endpoint_is_open(&two->client.endpoint));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, pair_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_item_for_a_method_that_takes_none_is_refused),
        TEST(an_item_for_a_unary_method_is_refused),
        TEST(an_end_for_a_method_that_takes_no_items_is_refused),
        TEST(an_item_after_the_end_is_refused),
        TEST(a_second_end_is_refused),
        TEST(an_item_past_the_credit_is_refused),
        TEST(an_item_without_a_message_is_refused),
        TEST(an_item_that_is_no_message_of_its_type_is_refused),
        TEST(an_item_that_breaks_a_constraint_is_refused),
        TEST(an_item_longer_than_max_request_is_refused),
        TEST(an_item_longer_than_max_message_is_refused),
        TEST(an_item_that_decodes_to_more_than_max_decoded_is_refused),
        TEST(an_item_from_a_server_that_streams_nothing_ends_the_call),
        TEST(an_item_for_a_unary_call_ends_it),
        TEST(an_end_instead_of_a_reply_ends_the_call),
        TEST(a_reply_instead_of_an_end_ends_the_call),
        TEST(a_server_s_item_past_the_credit_ends_the_call),
        TEST(a_server_s_bad_item_ends_the_call),
        TEST(a_bad_item_that_waited_ends_the_call_when_its_turn_comes),
        TEST(a_server_s_item_longer_than_max_reply_ends_the_call),
        TEST(grants_past_the_window_end_the_connection),
        TEST(a_grant_may_give_back_no_more_than_was_sent),
        TEST(what_comes_for_a_stream_that_has_ended_is_ignored),
        TEST(what_comes_for_a_call_that_never_was_is_ignored),
        TEST(an_end_with_a_status_ends_the_connection),
        TEST(a_half_received_item_is_thrown_away_with_its_call),
        TEST(what_comes_behind_an_end_that_waits_is_ignored),
    };
    return cmocka_run_group_tests_name("rpc_stream_rules", tests, NULL, NULL);
}
