/*
 * What the three kinds of stream do when all goes well: items arrive whole and in order, each side ends its own half, one
 * terminal callback comes last.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow.h"

static flow_server server;
static flow_end caller;

static int set_up(void **state)
{
    memset(&server, 0, sizeof server);
    memset(&caller, 0, sizeof caller);
    if (pair_set_up(state) != 0)
        return -1;
    return flow_serve(&((pair *)*state)->server, &server) == COAX_OK ? 0 : -1;
}

static void list_three(flow_end *end, const echo_note *request)
{
    assert_int_equal(request->id, 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(flow_push(end, 10), COAX_OK);
    assert_int_equal(coax_call_end(end->call), COAX_OK);
    assert_int_equal(coax_call_end(end->call), COAX_ERR_STALE);
}

static void a_stream_of_replies_brings_items_and_then_success(void **state)
{
    pair *two = *state;
    server.on_call = list_three;
    assert_int_equal(flow_start(&two->client, &flow_list, &caller), COAX_OK);
    assert_int_equal(caller.n_items, 0);
    pair_pump(two);
    assert_int_equal(caller.n_items, 3);
    assert_int_equal(caller.n_broken, 0);
    assert_int_equal(caller.bytes, 30);
    assert_int_equal(caller.result.n_done, 1);
    assert_int_equal(caller.result.err, COAX_OK);
    assert_string_equal(caller.result.message, "");
    assert_int_equal(caller.n_after, 0);
    assert_false(coax_call_is_live(caller.call));
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 0);
    assert_int_equal(cx_endpoint_n_calls(&two->client.endpoint), 0);
}

static void reply_with_count(flow_end *end)
{
    const echo_note reply = echo_make(end->n_items, "sum");
    assert_true(end->was_live);
    assert_int_equal(coax_gen_reply(end->call, &flow_sum, &reply), COAX_OK);
}

static void reply_at_end(flow_end *end, const echo_note *request)
{
    (void)request;
    end->on_peer_ended = reply_with_count;
}

static void a_stream_of_requests_is_answered_with_one_reply(void **state)
{
    pair *two = *state;
    server.on_call = reply_at_end;
    assert_int_equal(flow_start(&two->client, &flow_sum, &caller), COAX_OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(flow_push(&caller, 100), COAX_OK);
    pair_pump(two);
    assert_int_equal(server.ends[0].n_items, 5);
    assert_int_equal(server.ends[0].n_peer_ended, 0);
    assert_int_equal(coax_call_end(caller.call), COAX_OK);
    assert_int_equal(coax_call_end(caller.call), COAX_ERR_CLOSED);
    assert_int_equal(flow_push(&caller, 1), COAX_ERR_CLOSED);
    pair_pump(two);
    assert_int_equal(server.ends[0].n_peer_ended, 1);
    assert_int_equal(server.ends[0].n_broken, 0);
    assert_int_equal(caller.result.n_done, 1);
    assert_int_equal(caller.result.err, COAX_OK);
    assert_int_equal(caller.result.id, 5);
}

static void echo_item(flow_end *end, const echo_note *item)
{
    assert_int_equal(flow_push(end, item->body.len), COAX_OK);
}

static void end_too(flow_end *end)
{
    assert_int_equal(coax_call_end(end->call), COAX_OK);
}

static void echo_items(flow_end *end, const echo_note *request)
{
    (void)request;
    end->on_item = echo_item;
    end->on_peer_ended = end_too;
}

static void streams_both_ways_flow_at_the_same_time(void **state)
{
    pair *two = *state;
    server.on_call = echo_items;
    assert_int_equal(flow_start(&two->client, &flow_chat, &caller), COAX_OK);
    for (size_t i = 0; i < 20; i++) {
        assert_int_equal(flow_push(&caller, i * 500), COAX_OK);
        pair_pump(two);
        assert_int_equal(caller.n_items, i + 1);
        assert_int_equal(caller.last_len, i * 500);
    }
    assert_int_equal(caller.result.n_done, 0);
    assert_int_equal(coax_call_end(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.result.n_done, 1);
    assert_int_equal(caller.result.err, COAX_OK);
    assert_int_equal(caller.n_broken + server.ends[0].n_broken, 0);
}

static void fail_after_two(flow_end *end, const echo_note *request)
{
    (void)request;
    assert_int_equal(flow_push(end, 1), COAX_OK);
    assert_int_equal(flow_push(end, 300000), COAX_OK); /* many frames */
    assert_int_equal(coax_call_fail(end->call, COAX_ERR_ABORTED, "no more of %s", "these"),
                     COAX_OK);
}

static void a_failure_comes_behind_the_items_sent_before_it(void **state)
{
    pair *two = *state;
    server.on_call = fail_after_two;
    assert_int_equal(flow_start(&two->client, &flow_list, &caller), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 2);
    assert_int_equal(caller.last_len, 300000);
    assert_int_equal(caller.result.n_done, 1);
    assert_int_equal(caller.result.err, COAX_ERR_ABORTED);
    assert_string_equal(caller.result.message, "no more of these");
}

static void throw_at_end(flow_end *end)
{
    const echo_broken broken = { 7 };
    assert_int_equal(coax_gen_throw(end->call, end->method, &echo_broken_type, &broken), COAX_OK);
}

static void throw_when_ended(flow_end *end, const echo_note *request)
{
    (void)request;
    end->on_peer_ended = throw_at_end;
}

static void a_typed_error_ends_a_stream(void **state)
{
    pair *two = *state;
    server.on_call = throw_when_ended;
    assert_int_equal(flow_start(&two->client, &flow_chat, &caller), COAX_OK);
    assert_int_equal(coax_call_end(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.result.err, COAX_ERR_FAILED_PRECONDITION);
    assert_int_equal(caller.result.error_index, 1);
    assert_int_equal(caller.result.broken_id, 7);
}

static void reply_at_once(flow_end *end, const echo_note *request)
{
    assert_int_equal(coax_gen_reply(end->call, &flow_sum, request), COAX_OK);
}

static void a_reply_may_come_before_the_caller_has_ended(void **state)
{
    pair *two = *state;
    server.on_call = reply_at_once;
    assert_int_equal(flow_start(&two->client, &flow_sum, &caller), COAX_OK);
    assert_int_equal(flow_push(&caller, 200000), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.result.n_done, 1);
    assert_int_equal(caller.result.err, COAX_OK);
    assert_int_equal(server.ends[0].n_peer_ended, 0); /* it ended the call itself */
    assert_int_equal(server.ends[0].n_items, 0);
    assert_int_equal(flow_push(&caller, 1), COAX_ERR_STALE);
    assert_int_equal(coax_call_end(caller.call), COAX_ERR_STALE);
    assert_int_equal(two->server.n_errors + two->client.n_errors, 0);
    /* The rest of the large item is not waited for. */
    pair_advance(two, 60000);
    assert_true(cx_endpoint_is_open(&two->client.endpoint));
    assert_true(cx_endpoint_is_open(&two->server.endpoint));
}

static void a_stream_without_a_single_item_is_a_stream(void **state)
{
    pair *two = *state;
    server.on_call = echo_items;
    assert_int_equal(flow_start(&two->client, &flow_chat, &caller), COAX_OK);
    assert_int_equal(coax_call_end(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 0);
    assert_int_equal(caller.result.err, COAX_OK);
}

static void a_server_may_stream_from_its_client(void **state)
{
    pair *two = *state;
    static flow_server at_client;
    memset(&at_client, 0, sizeof at_client);
    at_client.on_call = echo_items;
    assert_int_equal(flow_serve(&two->client, &at_client), COAX_OK);
    const coax_peer peer = cx_endpoint_peer(&two->server.endpoint);
    assert_true(coax_peer_is_open(peer));
    assert_int_equal(flow_start(&two->server, &flow_chat, &caller), COAX_OK);
    assert_int_equal(flow_push(&caller, 50), COAX_OK);
    assert_int_equal(coax_call_end(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 1);
    assert_int_equal(caller.result.err, COAX_OK);
}

static void items_arrive_whole_however_the_bytes_are_cut(void **state)
{
    pair *two = *state;
    two->chunk = 7;
    server.on_call = echo_items;
    assert_int_equal(flow_start(&two->client, &flow_chat, &caller), COAX_OK);
    assert_int_equal(flow_push(&caller, 3), COAX_OK);
    assert_int_equal(flow_push(&caller, 40000), COAX_OK);
    assert_int_equal(flow_push(&caller, 5), COAX_OK); /* may not overtake the large one */
    assert_int_equal(coax_call_end(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 3);
    assert_int_equal(caller.n_broken + server.ends[0].n_broken, 0);
    assert_int_equal(caller.result.err, COAX_OK);
}

static void a_call_of_another_kind_is_refused_by_name(void **state)
{
    pair *two = *state;
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.error = &error;
    assert_int_equal(flow_start_with(&two->client, &echo_echo, &options, &caller), COAX_ERR_MISUSE);
    assert_string_equal(error.text, "echo.Echo.echo is no streaming method");
    const echo_note note = echo_make(1, "x");
    pair_answer answer = { .n_done = 0 };
    assert_int_equal(pair_call(&two->client, &flow_chat, &note, &options, &answer),
                     COAX_ERR_MISUSE);
    assert_string_equal(error.text, "flow.Flow.chat is no unary method");
}

static void misuse(flow_end *end, const echo_note *request)
{
    assert_int_equal(coax_gen_item(end->call, &flow_chat, request), COAX_ERR_MISUSE);
    assert_int_equal(coax_gen_item(end->call, &flow_sum, request), COAX_ERR_MISUSE);
    assert_int_equal(coax_call_end(end->call), COAX_ERR_MISUSE); /* it ends with its reply */
    assert_int_equal(flow_receive(end), COAX_ERR_MISUSE);        /* a second time */
    assert_int_equal(coax_call_on_writable(end->call, NULL, NULL), COAX_ERR_MISUSE);
}

static void what_a_method_does_not_stream_is_refused_as_misuse(void **state)
{
    pair *two = *state;
    server.on_call = misuse;
    assert_int_equal(flow_start(&two->client, &flow_sum, &caller), COAX_OK);
    pair_pump(two);
    assert_int_equal(server.n_ends, 1);
    assert_int_equal(coax_call_pause(caller.call), COAX_ERR_MISUSE);
    const echo_note note = echo_make(1, "x");
    assert_int_equal(coax_gen_item(caller.call, &flow_chat, &note), COAX_ERR_MISUSE);

    static flow_end list;
    memset(&list, 0, sizeof list);
    server.on_call = NULL;
    assert_int_equal(flow_start(&two->client, &flow_list, &list), COAX_OK);
    pair_pump(two);
    assert_int_equal(coax_call_end(list.call), COAX_ERR_MISUSE);
    assert_int_equal(coax_gen_reply(server.ends[1].call, &flow_list, &note), COAX_ERR_MISUSE);
    assert_int_equal(flow_receive(&server.ends[1]), COAX_ERR_MISUSE);
    assert_int_equal(coax_call_resume(server.ends[1].call), COAX_ERR_MISUSE);
    assert_int_equal(coax_call_end(server.ends[1].call), COAX_OK);
    pair_pump(two);
    assert_int_equal(list.result.err, COAX_OK);
}

static void a_bad_item_is_refused_before_it_leaves(void **state)
{
    pair *two = *state;
    char text[102];
    memset(text, 'x', sizeof text);
    text[101] = '\0';
    server.on_call = echo_items;
    assert_int_equal(flow_start(&two->client, &flow_chat, &caller), COAX_OK);
    pair_pump(two);
    const echo_note bad = echo_make(1, text);
    assert_int_equal(coax_gen_item(caller.call, &flow_chat, &bad), COAX_ERR_INVALID_ARGUMENT);
    assert_non_null(
        strstr(two->client.last_error.text, "an item of flow.Flow.chat was not sent: text"));
    assert_int_equal(coax_gen_item(server.ends[0].call, &flow_chat, &bad),
                     COAX_ERR_INVALID_ARGUMENT);
    assert_non_null(
        strstr(two->server.last_error.text, "an item of flow.Flow.chat was not sent: text"));
    /* The stream goes on. */
    assert_int_equal(flow_push(&caller, 1), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 1);
}

static void an_item_past_its_method_s_limit_is_refused_before_it_leaves(void **state)
{
    pair *two = *state;
    assert_int_equal(flow_start(&two->client, &flow_small, &caller), COAX_OK);
    pair_pump(two);
    assert_int_equal(flow_push(&caller, 60), COAX_ERR_TOO_LARGE);
    assert_int_equal(flow_push(&server.ends[0], 60), COAX_ERR_TOO_LARGE);
    assert_int_equal(flow_push(&caller, 40), COAX_OK);
    assert_int_equal(flow_push(&server.ends[0], 40), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 1);
    assert_int_equal(server.ends[0].n_items, 1);
}

static void an_item_past_the_peers_max_message_is_refused_before_it_leaves(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_message = 100000;
    pair_connect(two);
    assert_int_equal(flow_serve(&two->server, &server), COAX_OK);
    assert_int_equal(flow_start(&two->client, &flow_chat, &caller), COAX_OK);
    assert_int_equal(flow_push(&caller, 100001), COAX_ERR_TOO_LARGE);
    assert_int_equal(flow_push(&caller, 90000), COAX_OK);
    pair_pump(two);
    assert_int_equal(server.ends[0].n_items, 1);
}

static void a_stream_begun_before_the_connection_is_open_begins_with_it(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    assert_int_equal(pair_make(two), COAX_OK);
    assert_int_equal(flow_serve(&two->server, &server), COAX_OK);
    server.on_call = echo_items;
    assert_int_equal(flow_start(&two->client, &flow_chat, &caller), COAX_OK);
    assert_int_equal(flow_push(&caller, 1), COAX_ERR_WOULD_BLOCK); /* the window isn't known */
    assert_int_equal(caller.n_writable, 0);
    pair_pump(two);
    assert_int_equal(caller.n_writable, 1);
    assert_int_equal(flow_push(&caller, 1), COAX_OK);
    assert_int_equal(coax_call_end(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 1);
    assert_int_equal(caller.result.err, COAX_OK);
}

static void a_stream_ended_before_the_connection_is_open_is_ended_behind_its_request(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    assert_int_equal(pair_make(two), COAX_OK);
    assert_int_equal(flow_serve(&two->server, &server), COAX_OK);
    server.on_call = echo_items;
    assert_int_equal(flow_start(&two->client, &flow_chat, &caller), COAX_OK);
    assert_int_equal(coax_call_end(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.result.n_done, 1);
    assert_int_equal(caller.result.err, COAX_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, pair_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_stream_of_replies_brings_items_and_then_success),
        TEST(a_stream_of_requests_is_answered_with_one_reply),
        TEST(streams_both_ways_flow_at_the_same_time),
        TEST(a_failure_comes_behind_the_items_sent_before_it),
        TEST(a_typed_error_ends_a_stream),
        TEST(a_reply_may_come_before_the_caller_has_ended),
        TEST(a_stream_without_a_single_item_is_a_stream),
        TEST(a_server_may_stream_from_its_client),
        TEST(items_arrive_whole_however_the_bytes_are_cut),
        TEST(a_call_of_another_kind_is_refused_by_name),
        TEST(what_a_method_does_not_stream_is_refused_as_misuse),
        TEST(a_bad_item_is_refused_before_it_leaves),
        TEST(an_item_past_its_method_s_limit_is_refused_before_it_leaves),
        TEST(an_item_past_the_peers_max_message_is_refused_before_it_leaves),
        TEST(a_stream_begun_before_the_connection_is_open_begins_with_it),
        TEST(a_stream_ended_before_the_connection_is_open_is_ended_behind_its_request),
    };
    return cmocka_run_group_tests_name("rpc_stream_calls", tests, NULL, NULL);
}
