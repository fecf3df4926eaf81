/*
 * Interceptors see every call, in order and in the opposite order, once at each end; and may refuse it before it costs much.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "flow.h"
#include "rpc/lot.h"
#include "rpc/parts.h"

#define SEEN_MAX 4096

/* What the two interceptors of one side did, in the order they did it: "a" and "b" start, "B" and "A" end. */
typedef struct witness {
    pair_side *side;
    cx_interceptors all;
    char order[SEEN_MAX];
    size_t n;
    coax_err refuses; /* what "b" refuses with */
    const char *words;
    void (*in_start)(struct witness *it, coax_call_info *info);
    void (*in_end)(struct witness *it, const coax_call_info *info);
    /* The last on_start and on_end of "a". */
    coax_call_info started;
    coax_call_info ended;
    coax_err code;
    char message[300];
    uint32_t error_id;
    char name[64];
    char trace[64]; /* of the metadata, at the end */
    int mark;       /* its address is what "a" leaves with the call */
    void *found;
    bool was_live; /* the handle, in either */
} witness;

static void note(witness *it, char what)
{
    if (it->n + 1 < SEEN_MAX)
        it->order[it->n++] = what;
}

static coax_err start_a(void *self, coax_call_info *info, coax_error *error)
{
    witness *it = self;
    (void)error;
    note(it, 'a');
    it->started = *info;
    it->was_live |= coax_call_is_live(info->call);
    info->data = &it->mark;
    if (it->in_start != NULL)
        it->in_start(it, info);
    return COAX_OK;
}

static void end_a(void *self, const coax_call_info *info)
{
    witness *it = self;
    note(it, 'A');
    it->ended = *info;
    it->code = info->status->code;
    it->error_id = info->status->error_id;
    it->found = info->data;
    it->was_live |= coax_call_is_live(info->call);
    snprintf(it->message, sizeof it->message, "%s", info->status->message);
    snprintf(it->name, sizeof it->name, "%s", info->method_name != NULL ? info->method_name : "");
    coax_str trace = coax_metadata_find(info->metadata, "trace");
    snprintf(it->trace, sizeof it->trace, "%s", trace.data != NULL ? trace.data : "");
    if (it->in_end != NULL)
        it->in_end(it, info);
}

static coax_err start_b(void *self, coax_call_info *info, coax_error *error)
{
    witness *it = self;
    note(it, 'b');
    assert_null(info->data);
    if (it->refuses != COAX_OK && it->words != NULL)
        return coax_error_set(error, it->refuses, "%s", it->words);
    return it->refuses;
}

static void end_b(void *self, const coax_call_info *info)
{
    note(self, 'B');
    assert_null(info->data);
}

/* A pair of which one side, or both, is looked at. */
typedef struct stage {
    pair two;
    witness client;
    witness server;
    flow_server flow;
} stage;

static void hire(witness *it, pair_side *side)
{
    const coax_interceptor a = { sizeof a, it, start_a, end_a };
    const coax_interceptor b = { sizeof b, it, start_b, end_b };
    it->side = side;
    cx_interceptors_init(&it->all, &side->core.host.pool);
    assert_int_equal(cx_interceptors_add(&it->all, &a), COAX_OK);
    assert_int_equal(cx_interceptors_add(&it->all, &b), COAX_OK);
    side->config.interceptors = &it->all;
}

static int set_up(void **state)
{
    static stage it;
    memset(&it, 0, sizeof it);
    pair_init(&it.two);
    pair_connect(&it.two);
    hire(&it.client, &it.two.client);
    hire(&it.server, &it.two.server);
    *state = &it;
    return flow_serve(&it.two.server, &it.flow) == COAX_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    stage *it = *state;
    cx_interceptors_deinit(&it->client.all);
    cx_interceptors_deinit(&it->server.all);
    it->two.client.config.interceptors = NULL;
    it->two.server.config.interceptors = NULL;
    pair_deinit(&it->two);
    return it->two.fake.n_live == 0 ? 0 : -1;
}

static coax_err call_with(stage *it, const coax_method *method, const coax_metadata *metadata,
                          pair_answer *answer, coax_call *made, coax_error *error)
{
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    echo_note text = echo_make(7, "hello");
    options.timeout_ms = 100;
    options.metadata = metadata;
    options.ret_call = made;
    options.error = error;
    return pair_call(&it->two.client, method, &text, &options, answer);
}

static void begin(stage *it, const coax_method *method, pair_answer *answer, coax_call *made)
{
    memset(answer, 0, sizeof *answer);
    assert_int_equal(call_with(it, method, NULL, answer, made, NULL), COAX_OK);
    pair_pump(&it->two);
}

/* Both sides saw one call and its end, with this code and these words at the server. */
static void assert_seen(const stage *it, coax_err at_client, coax_err at_server, const char *words)
{
    assert_string_equal(it->client.order, "abBA");
    assert_string_equal(it->server.order, "abBA");
    assert_int_equal(it->client.code, at_client);
    assert_int_equal(it->server.code, at_server);
    if (words != NULL)
        assert_string_equal(it->server.message, words);
    assert_ptr_equal(it->client.found, &it->client.mark);
    assert_ptr_equal(it->server.found, &it->server.mark);
    assert_false(it->client.was_live || it->server.was_live);
}

static void a_call_is_seen_in_order_and_its_end_in_the_opposite_one(void **state)
{
    stage *it = *state;
    pair_answer answer = { 0 };
    const coax_metadata_pair pairs[] = { { coax_str_from("trace"), coax_str_from("t1") } };
    it->two.server.keeps_calls = true;
    assert_int_equal(call_with(it, &echo_echo, &(coax_metadata){ pairs, 1 }, &answer, NULL, NULL),
                     COAX_OK);
    pair_pump(&it->two);
    assert_string_equal(it->client.order, "ab");
    assert_string_equal(it->server.order, "ab");
    it->two.fake.now += 30u * 1000000u;
    echo_note reply = echo_make(8, "reply!");
    assert_int_equal(coax_gen_reply(it->two.server.kept[0], &echo_echo, &reply), COAX_OK);
    pair_pump(&it->two);
    assert_int_equal(answer.err, COAX_OK);
    assert_seen(it, COAX_OK, COAX_OK, "");
    const witness *both[] = { &it->client, &it->server };
    for (int i = 0; i < 2; i++) {
        const witness *w = both[i];
        assert_string_equal(w->name, "echo.Echo.echo");
        assert_string_equal(w->trace, "t1");
        assert_int_equal(w->started.method_id, echo_echo.id);
        assert_ptr_equal(w->started.method, &echo_echo);
        assert_int_equal(w->started.is_inbound, i == 1);
        assert_int_equal(w->started.request_bytes, 10); /* {1: "hello", 2: 7} */
        assert_int_equal(w->ended.request_bytes, 10);
        assert_int_equal(w->ended.reply_bytes, 11);
        assert_int_equal(w->ended.duration_ns, 30000000);
        assert_null(w->started.status);
        assert_memory_equal(&w->started.call, &w->ended.call, sizeof w->ended.call);
        assert_true(coax_peer_is_open(w->ended.peer));
    }
}

static void every_kind_of_answer_is_told(void **state)
{
    stage *it = *state;
    pair_answer answer;
    it->two.server.keeps_calls = true;
    begin(it, &echo_echo, &answer, NULL);
    assert_int_equal(coax_call_fail(it->two.server.kept[0], COAX_ERR_NOT_FOUND, "no %s", "such"),
                     COAX_OK);
    pair_pump(&it->two);
    assert_seen(it, COAX_ERR_NOT_FOUND, COAX_ERR_NOT_FOUND, "no such");
    assert_string_equal(it->client.message, "no such");
    it->client.n = it->server.n = 0;
    begin(it, &echo_echo, &answer, NULL);
    assert_int_equal(
        coax_gen_throw(it->two.server.kept[1], &echo_echo, &echo_broken_type, &(echo_broken){ 5 }),
        COAX_OK);
    pair_pump(&it->two);
    assert_seen(it, COAX_ERR_FAILED_PRECONDITION, COAX_ERR_FAILED_PRECONDITION, "echo.Broken");
    assert_int_equal(it->client.error_id, echo_broken_type.error_id);
    assert_int_equal(it->server.error_id, echo_broken_type.error_id);
}

static void a_cancel_is_told_once_though_the_handler_answers_later(void **state)
{
    stage *it = *state;
    pair_answer answer;
    coax_call made = { NULL, 0, 0 };
    it->two.server.keeps_calls = true;
    begin(it, &echo_echo, &answer, &made);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    pair_pump(&it->two);
    assert_seen(it, COAX_ERR_CANCELLED, COAX_ERR_CANCELLED, NULL);
    assert_int_equal(coax_call_fail(it->two.server.kept[0], COAX_ERR_ABORTED, "x"), COAX_ERR_STALE);
    pair_break(&it->two, "over");
    assert_seen(it, COAX_ERR_CANCELLED, COAX_ERR_CANCELLED, NULL);
}

static void a_deadline_and_a_lost_connection_are_told(void **state)
{
    stage *it = *state;
    pair_answer answer;
    it->two.server.keeps_calls = true;
    begin(it, &echo_echo, &answer, NULL);
    it->two.fake.now += 150u * 1000000u;
    cx_core_advance(&it->two.server.core, it->two.fake.now);
    pair_pump(&it->two);
    assert_seen(it, COAX_ERR_DEADLINE_EXCEEDED, COAX_ERR_DEADLINE_EXCEEDED,
                "the handler did not answer before the deadline");
    it->client.n = it->server.n = 0;
    begin(it, &echo_echo, &answer, NULL);
    pair_break(&it->two, "gone");
    assert_seen(it, COAX_ERR_UNAVAILABLE, COAX_ERR_UNAVAILABLE, NULL);
}

static void a_refusal_reaches_the_caller_and_no_handler(void **state)
{
    stage *it = *state;
    pair_answer answer;
    it->server.refuses = COAX_ERR_PERMISSION_DENIED;
    it->server.words = "not at night";
    begin(it, &echo_echo, &answer, NULL);
    assert_int_equal(answer.err, COAX_ERR_PERMISSION_DENIED);
    assert_string_equal(answer.message, "not at night");
    assert_int_equal(it->two.server.n_handled, 0);
    assert_int_equal(it->two.server.n_errors, 0); /* it was refused, and not because it is bad */
    assert_string_equal(it->server.order, "abA");
    assert_int_equal(it->server.code, COAX_ERR_PERMISSION_DENIED);
    assert_string_equal(it->server.message, "not at night");
    assert_string_equal(it->client.order, "abBA");
    it->server.words = NULL;
    begin(it, &echo_echo, &answer, NULL);
    assert_string_equal(answer.message, coax_err_meaning(COAX_ERR_PERMISSION_DENIED));
    assert_int_equal(cx_endpoint_n_handlers(&it->two.server.endpoint), 0);
}

static void a_call_refused_at_its_start_never_leaves(void **state)
{
    stage *it = *state;
    pair_answer answer = { 0 };
    coax_error why;
    uint64_t before = it->two.n_to_server;
    it->client.refuses = COAX_ERR_RESOURCE_EXHAUSTED;
    it->client.words = "slowly";
    assert_int_equal(call_with(it, &echo_echo, NULL, &answer, NULL, &why),
                     COAX_ERR_RESOURCE_EXHAUSTED);
    assert_string_equal(why.text, "slowly");
    pair_pump(&it->two);
    assert_string_equal(it->client.order, "abA");
    assert_string_equal(it->client.message, "slowly");
    assert_int_equal(it->two.n_to_server, before);
    assert_int_equal(answer.n_done, 0);
    assert_int_equal(cx_endpoint_n_calls(&it->two.client.endpoint), 0);
    assert_string_equal(it->server.order, "");
}

static void a_request_that_can_not_be_handled_is_seen_too(void **state)
{
    stage *it = *state;
    pair_answer answer;
    const coax_method unknown = { .name = "echo.Echo.unknown",
                                  .id = 0xdead,
                                  .kind = COAX_METHOD_UNARY,
                                  .request = &echo_note_type,
                                  .response = &echo_note_type };
    begin(it, &unknown, &answer, NULL);
    assert_int_equal(answer.err, COAX_ERR_UNIMPLEMENTED);
    assert_seen(it, COAX_ERR_UNIMPLEMENTED, COAX_ERR_UNIMPLEMENTED,
                "nobody serves the method 0x0000dead");
    assert_null(it->server.started.method);
    assert_int_equal(it->server.started.method_id, 0xdead);
    it->client.n = it->server.n = 0;
    it->two.server.config.has_fallback = true;
    begin(it, &unknown, &answer, NULL);
    assert_int_equal(answer.err, COAX_OK);
    assert_int_equal(it->two.server.n_unknown, 1);
    assert_seen(it, COAX_OK, COAX_OK, "");
    it->client.n = it->server.n = 0;
    coax_method lax = echo_small;
    lax.max_request = 0;
    echo_note text =
        echo_make(1, "a text that is longer than what the method takes as its request");
    memset(&answer, 0, sizeof answer);
    assert_int_equal(pair_call(&it->two.client, &lax, &text, NULL, &answer), COAX_OK);
    pair_pump(&it->two);
    assert_seen(it, COAX_ERR_RESOURCE_EXHAUSTED, COAX_ERR_RESOURCE_EXHAUSTED, NULL);
}

static void one_way_messages_are_seen_without_a_handle(void **state)
{
    stage *it = *state;
    echo_note text = echo_make(1, "x");
    assert_int_equal(cx_rpc_send(&it->two.client.endpoint, &echo_hint, &text, NULL), COAX_OK);
    pair_pump(&it->two);
    assert_int_equal(it->two.server.n_hints, 1);
    assert_seen(it, COAX_OK, COAX_OK, "");
    assert_null(it->client.started.call.loop);
    assert_null(it->server.started.call.loop);
    it->client.n = it->server.n = 0;
    it->server.refuses = COAX_ERR_ABORTED;
    assert_int_equal(cx_rpc_send(&it->two.client.endpoint, &echo_hint, &text, NULL), COAX_OK);
    pair_pump(&it->two);
    assert_int_equal(it->two.server.n_hints, 1);
    it->client.refuses = COAX_ERR_ABORTED;
    assert_int_equal(cx_rpc_send(&it->two.client.endpoint, &echo_hint, &text, NULL),
                     COAX_ERR_ABORTED);
}

static void answer_items(flow_end *end, const echo_note *request)
{
    (void)request;
    for (int i = 0; i < 3; i++)
        assert_int_equal(flow_push(end, 10), COAX_OK);
}

static void end_too(flow_end *end)
{
    (void)coax_call_end(end->call);
}

static void items_of_streams_are_counted(void **state)
{
    stage *it = *state;
    static flow_end caller;
    memset(&caller, 0, sizeof caller);
    it->flow.on_call = answer_items;
    assert_int_equal(flow_start(&it->two.client, &flow_chat, &caller), COAX_OK);
    pair_pump(&it->two);
    it->flow.ends[0].on_peer_ended = end_too;
    assert_int_equal(flow_push(&caller, 20), COAX_OK);
    assert_int_equal(flow_push(&caller, 20), COAX_OK);
    assert_int_equal(coax_call_end(caller.call), COAX_OK);
    pair_pump(&it->two);
    assert_int_equal(caller.result.err, COAX_OK);
    assert_seen(it, COAX_OK, COAX_OK, "");
    assert_int_equal(it->client.ended.n_items_out, 2);
    assert_int_equal(it->client.ended.n_items_in, 3);
    assert_int_equal(it->server.ended.n_items_in, 2);
    assert_int_equal(it->server.ended.n_items_out, 3);
    assert_int_equal(it->client.ended.request_bytes, it->server.ended.request_bytes);
    assert_int_equal(it->client.ended.reply_bytes, it->server.ended.reply_bytes);
    assert_true(it->client.ended.reply_bytes >= 30);
    assert_true(it->client.ended.request_bytes > it->client.started.request_bytes + 40);
}

static int kept_with_call;

static void meddle(witness *it, coax_call_info *info)
{
    (void)it;
    assert_int_equal(coax_call_set_data(info->call, &kept_with_call), COAX_OK);
    assert_int_equal(coax_call_cancel(info->call), COAX_ERR_STALE);
    assert_int_not_equal(coax_call_fail(info->call, COAX_ERR_ABORTED, "x"), COAX_OK);
    assert_int_equal(coax_call_set_trailer(info->call, NULL), COAX_ERR_STALE);
    assert_int_equal(coax_call_on_cancel(info->call, NULL, NULL), COAX_ERR_STALE);
    assert_int_equal(coax_call_end(info->call), COAX_ERR_STALE);
}

static void meddle_at_end(witness *it, const coax_call_info *info)
{
    (void)it;
    assert_int_equal(coax_call_cancel(info->call), COAX_ERR_STALE);
    assert_int_not_equal(coax_call_fail(info->call, COAX_ERR_ABORTED, "x"), COAX_OK);
}

static void a_pointer_left_with_a_call_is_all_that_can_be_done_to_it(void **state)
{
    stage *it = *state;
    pair_answer answer;
    coax_call made = { NULL, 0, 0 };
    it->two.server.keeps_calls = true;
    it->client.in_start = meddle;
    it->server.in_start = meddle;
    it->client.in_end = meddle_at_end;
    it->server.in_end = meddle_at_end;
    begin(it, &echo_echo, &answer, &made);
    assert_ptr_equal(coax_call_data(made), &kept_with_call);
    assert_ptr_equal(coax_call_data(it->two.server.kept[0]), &kept_with_call);
    assert_int_equal(coax_call_fail(it->two.server.kept[0], COAX_ERR_ABORTED, "x"), COAX_OK);
    pair_pump(&it->two);
    assert_seen(it, COAX_ERR_ABORTED, COAX_ERR_ABORTED, "x");
}

static void hang_up(witness *it, coax_call_info *info)
{
    it->in_start = NULL;
    (void)coax_peer_close(info->peer, COAX_ERR_ABORTED, "enough");
}

static void the_connection_may_be_closed_from_inside(void **state)
{
    stage *it = *state;
    pair_answer answer = { 0 };
    it->server.in_start = hang_up;
    begin(it, &echo_echo, &answer, NULL);
    assert_int_equal(answer.err, COAX_ERR_UNAVAILABLE);
    assert_int_equal(it->two.server.n_handled, 0);
    assert_seen(it, COAX_ERR_UNAVAILABLE, COAX_ERR_UNAVAILABLE, NULL);
}

static void a_caller_may_close_it_too(void **state)
{
    stage *it = *state;
    pair_answer answer = { 0 };
    it->client.in_start = hang_up;
    assert_int_equal(call_with(it, &echo_echo, NULL, &answer, NULL, NULL), COAX_ERR_UNAVAILABLE);
    assert_string_equal(it->client.order, "abBA");
    assert_int_equal(it->client.code, COAX_ERR_UNAVAILABLE);
    pair_pump(&it->two);
    assert_int_equal(answer.n_done, 0);
}

static void nobody_needs_both_functions(void **state)
{
    stage *it = *state;
    pair_answer answer;
    const coax_interceptor lazy = COAX_INTERCEPTOR_INIT;
    const coax_interceptor foreign = { 3, NULL, NULL, NULL };
    assert_int_equal(cx_interceptors_add(&it->server.all, &lazy), COAX_OK);
    assert_int_equal(cx_interceptors_add(&it->server.all, &foreign), COAX_ERR_BAD_OPTION);
    begin(it, &echo_echo, &answer, NULL);
    assert_int_equal(answer.err, COAX_OK);
    assert_seen(it, COAX_OK, COAX_OK, "");
}

static void a_call_that_waits_for_a_connection_is_seen_once(void **state)
{
    stage *it = *state;
    static const cx_lot_events no_events;
    cx_lot lot;
    pair_answer answers[2] = { { 0 }, { 0 } };
    cx_lot_init(&lot, &it->two.client.core, &it->two.client.config, &no_events, NULL);
    echo_note text = echo_make(7, "hello");
    assert_int_equal(
        cx_rpc_call(&lot.endpoint, &echo_echo, &text, NULL, pair_done, NULL, &answers[0]), COAX_OK);
    assert_string_equal(it->client.order, "ab");
    cx_endpoint_adopt(&it->two.client.endpoint, &lot);
    pair_pump(&it->two);
    assert_int_equal(answers[0].err, COAX_OK);
    assert_seen(it, COAX_OK, COAX_OK, "");
    it->client.n = it->server.n = 0;
    cx_lot_detach(&lot);
    assert_int_equal(
        cx_rpc_call(&lot.endpoint, &echo_echo, &text, NULL, pair_done, NULL, &answers[1]), COAX_OK);
    cx_lot_close(&lot, COAX_ERR_UNAVAILABLE, "nobody there");
    pair_pump(&it->two);
    assert_string_equal(it->client.order + 2, "BA");
    assert_string_equal(it->client.message, "nobody there");
    cx_lot_deinit(&lot);
}

static void steady_use_takes_no_memory(void **state)
{
    stage *it = *state;
    pair_answer answer;
    size_t before = 0;
    for (int i = 0; i < 100; i++) {
        begin(it, &echo_echo, &answer, NULL);
        assert_int_equal(answer.err, COAX_OK);
        if (i == 20)
            before = it->two.fake.n_taken;
    }
    assert_int_equal(it->two.fake.n_taken, before);
}

/* As many ends as starts that passed, whatever was refused on the way. */
static void assert_balanced(const witness *it)
{
    int open[2] = { 0, 0 };
    for (size_t i = 0; i < it->n; i++) {
        open[0] += (it->order[i] == 'a') - (it->order[i] == 'A');
        open[1] += (it->order[i] == 'b') - (it->order[i] == 'B');
    }
    assert_int_equal(open[0], 0);
    assert_int_equal(open[1], 0);
}

static void without_memory_every_start_has_its_end(void **state)
{
    (void)state;
    for (size_t fail = 1; fail < 60; fail++) {
        void *made;
        assert_int_equal(set_up(&made), 0);
        stage *it = made;
        pair_answer answer = { 0 };
        const coax_metadata_pair pairs[] = { { coax_str_from("trace"), coax_str_from("t1") } };
        it->two.fake.fail_from = it->two.fake.n_taken + fail;
        it->two.fake.fail_count = 1;
        coax_err err = call_with(it, &echo_echo, &(coax_metadata){ pairs, 1 }, &answer, NULL, NULL);
        pair_pump(&it->two);
        pair_break(&it->two, "over");
        assert_int_equal(answer.n_done, err == COAX_OK);
        assert_balanced(&it->client);
        assert_balanced(&it->server);
        assert_int_equal(tear_down(&made), 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_call_is_seen_in_order_and_its_end_in_the_opposite_one),
        TEST(every_kind_of_answer_is_told),
        TEST(a_cancel_is_told_once_though_the_handler_answers_later),
        TEST(a_deadline_and_a_lost_connection_are_told),
        TEST(a_refusal_reaches_the_caller_and_no_handler),
        TEST(a_call_refused_at_its_start_never_leaves),
        TEST(a_request_that_can_not_be_handled_is_seen_too),
        TEST(one_way_messages_are_seen_without_a_handle),
        TEST(items_of_streams_are_counted),
        TEST(a_pointer_left_with_a_call_is_all_that_can_be_done_to_it),
        TEST(the_connection_may_be_closed_from_inside),
        TEST(a_caller_may_close_it_too),
        TEST(nobody_needs_both_functions),
        TEST(a_call_that_waits_for_a_connection_is_seen_once),
        TEST(steady_use_takes_no_memory),
        cmocka_unit_test(without_memory_every_start_has_its_end),
    };
    return cmocka_run_group_tests_name("rpc_intercept", tests, NULL, NULL);
}
