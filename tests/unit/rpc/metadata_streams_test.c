/*
 * Metadata of streams: in front of the first item and with the end; and priorities, which go with every frame of a call.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "flow.h"
#include "raw.h"
#include "rpc/parts.h"

static flow_server server;
static flow_end caller;
static char initial[100];  /* as the caller's first item found it */
static char trailing[100]; /* of the caller's result */
static coax_err late;      /* what a second or late send_metadata said */

static void on_end(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    flow_end *end = self;
    coax_str value = coax_metadata_find(&result->status.trailing, "sum");
    snprintf(trailing, sizeof trailing, "%s", value.data != NULL ? value.data : "");
    pair_done(&end->result, user_fn, result);
}

static void look(flow_end *end, const echo_note *item)
{
    (void)item;
    coax_str value = coax_metadata_find(coax_call_metadata(end->call), "format");
    snprintf(initial, sizeof initial, "%s", value.data != NULL ? value.data : "");
}

static int set_up(void **state)
{
    memset(&server, 0, sizeof server);
    memset(&caller, 0, sizeof caller);
    initial[0] = trailing[0] = '\0';
    caller.on_item = look;
    if (pair_set_up(state) != 0)
        return -1;
    return flow_serve(&((pair *)*state)->server, &server) == COAX_OK ? 0 : -1;
}

static void send_both(coax_call call)
{
    const coax_metadata_pair first[] = { { coax_str_from("format"), coax_str_from("text") } };
    const coax_metadata_pair last[] = { { coax_str_from("sum"), coax_str_from("42") } };
    assert_int_equal(coax_call_send_metadata(call, &(coax_metadata){ first, 1 }), COAX_OK);
    assert_int_equal(coax_call_set_trailer(call, &(coax_metadata){ last, 1 }), COAX_OK);
}

static void list_and_end(flow_end *end, const echo_note *request)
{
    (void)request;
    send_both(end->call);
    assert_int_equal(flow_push(end, 10), COAX_OK);
    late = coax_call_send_metadata(end->call, NULL);
    assert_int_equal(coax_call_end(end->call), COAX_OK);
}

static void list_and_fail(flow_end *end, const echo_note *request)
{
    (void)request;
    send_both(end->call);
    assert_int_equal(flow_push(end, 10), COAX_OK);
    assert_int_equal(coax_call_fail(end->call, COAX_ERR_DATA_LOSS, "torn"), COAX_OK);
}

/* The glue of flow's ends, with an end that looks at metadata. */
static void start(pair *two, const coax_call_options *options)
{
    assert_int_equal(flow_start_with(&two->client, &flow_list, options, &caller), COAX_OK);
    cx_call_out *call = cx_handle_out(caller.call);
    assert_non_null(call);
    call->done = on_end;
}

static void it_comes_in_front_of_the_first_item_and_with_the_end(void **state)
{
    pair *two = *state;
    server.on_call = list_and_end;
    start(two, NULL);
    pair_pump(two);
    assert_int_equal(caller.n_items, 1);
    assert_string_equal(initial, "text");
    assert_int_equal(caller.result.err, COAX_OK);
    assert_string_equal(trailing, "42");
    assert_int_equal(late, COAX_ERR_MISUSE);
}

static void it_comes_with_an_error_behind_items(void **state)
{
    pair *two = *state;
    server.on_call = list_and_fail;
    start(two, NULL);
    pair_pump(two);
    assert_int_equal(caller.n_items, 1);
    assert_string_equal(initial, "text");
    assert_int_equal(caller.result.err, COAX_ERR_DATA_LOSS);
    assert_string_equal(trailing, "42");
}

static void it_waits_with_the_end_while_the_caller_is_paused(void **state)
{
    pair *two = *state;
    server.on_call = list_and_end;
    start(two, NULL);
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 0);
    assert_int_equal(caller.result.n_done, 0);
    assert_int_equal(coax_call_metadata(caller.call)->count, 1);
    assert_int_equal(coax_call_resume(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 1);
    assert_string_equal(trailing, "42");
}

static void keep_quiet(flow_end *end, const echo_note *request)
{
    (void)end;
    (void)request;
}

static void bad_metadata_with_the_end_fails_the_call(void **state)
{
    pair *two = *state;
    static raw bytes;
    server.on_call = keep_quiet;
    start(two, NULL);
    pair_pump(two);
    const cx_frame end = { .type = CX_FRAME_END,
                           .flags = CX_FLAG_META,
                           .call = cx_call_out_wire_id(cx_handle_out(caller.call)) };
    raw_clear(&bytes);
    raw_frame(&bytes, end, "\x01\x00\xc1", 3);
    pair_feed(two, &two->client, bytes.bytes, bytes.len, 0);
    pair_pump(two);
    assert_int_equal(caller.result.err, COAX_ERR_INTERNAL);
    assert_non_null(strstr(caller.result.message, "the end of flow.Flow.list: the metadata"));
    assert_false(coax_call_is_live(server.ends[0].call));
}

static void the_first_item_closes_the_way_for_initial_metadata(void **state)
{
    pair *two = *state;
    server.on_call = keep_quiet;
    start(two, NULL);
    pair_pump(two);
    flow_end *there = &server.ends[0];
    assert_int_equal(flow_push(there, 10), COAX_OK);
    const coax_metadata_pair pairs[] = { { coax_str_from("format"), coax_str_from("text") } };
    assert_int_equal(coax_call_send_metadata(there->call, &(coax_metadata){ pairs, 1 }),
                     COAX_ERR_MISUSE);
    assert_int_equal(coax_call_end(there->call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.result.err, COAX_OK);
}

/* Queues one call of each priority, lowest first, and looks in which order they arrive. */
static void urgent_calls_leave_first(void **state)
{
    pair *two = *state;
    const coax_priority priorities[] = { COAX_PRIORITY_LOW, COAX_PRIORITY_DEFAULT,
                                         COAX_PRIORITY_HIGH };
    pair_answer answers[3] = { { 0 }, { 0 }, { 0 } };
    two->server.keeps_calls = true;
    for (unsigned i = 0; i < 3; i++) {
        coax_call_options options = COAX_CALL_OPTIONS_INIT;
        options.priority = priorities[i];
        echo_note note = echo_make(i, "x");
        assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answers[i]),
                         COAX_OK);
    }
    pair_pump(two);
    assert_int_equal(two->server.n_kept, 3);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(two->server.kept_requests[i]->id, 2 - i);
}

static void a_priority_that_is_none_is_refused(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    coax_error why;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.priority = (coax_priority)(COAX_PRIORITY_LOW + 1);
    options.error = &why;
    echo_note note = echo_make(1, "x");
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answer),
                     COAX_ERR_BAD_OPTION);
    assert_string_equal(why.text, "option `priority` is 4, which is none");
    assert_int_equal(cx_rpc_send(&two->client.endpoint, &echo_hint, &note, &options),
                     COAX_ERR_BAD_OPTION);
}

static void a_method_has_the_priority_of_its_schema(void **state)
{
    pair *two = *state;
    pair_answer answers[2] = { { 0 }, { 0 } };
    coax_method urgent = echo_echo;
    urgent.flags = COAX_METHOD_PRIORITY_HIGH;
    assert_int_equal(cx_method_priority(&urgent), COAX_PRIORITY_HIGH);
    urgent.flags = COAX_METHOD_PRIORITY_LOW;
    assert_int_equal(cx_method_priority(&urgent), COAX_PRIORITY_LOW);
    assert_int_equal(cx_method_priority(&echo_echo), COAX_PRIORITY_DEFAULT);
    two->server.keeps_calls = true;
    echo_note first = echo_make(1, "low");
    echo_note second = echo_make(2, "normal");
    assert_int_equal(pair_call(&two->client, &urgent, &first, NULL, &answers[0]), COAX_OK);
    assert_int_equal(pair_call(&two->client, &echo_echo, &second, NULL, &answers[1]), COAX_OK);
    pair_pump(two);
    assert_int_equal(two->server.kept_requests[0]->id, 2);
    assert_int_equal(two->server.kept_requests[1]->id, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, pair_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_comes_in_front_of_the_first_item_and_with_the_end),
        TEST(it_comes_with_an_error_behind_items),
        TEST(it_waits_with_the_end_while_the_caller_is_paused),
        TEST(bad_metadata_with_the_end_fails_the_call),
        TEST(the_first_item_closes_the_way_for_initial_metadata),
        TEST(urgent_calls_leave_first),
        TEST(a_priority_that_is_none_is_refused),
        TEST(a_method_has_the_priority_of_its_schema),
    };
    return cmocka_run_group_tests_name("rpc_metadata_streams", tests, NULL, NULL);
}
