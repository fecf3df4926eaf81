/*
 * Events between two endpoints: subscribing, refusals, what reaches whom, in what order, and what
 * may be done inside the callbacks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "news.h"

static void an_event_reaches_its_subscriber(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    memset(&ear, 0, sizeof ear);
    assert_int_equal(news_listen(news, &news_flash, &ear), COAX_OK);
    assert_int_equal(ear.n_statuses, 0);
    pair_pump(&news->two);
    assert_int_equal(ear.n_statuses, 1);
    assert_int_equal(ear.status, COAX_OK);

    coax_emit_report report = news_emit(news, &news_flash, 7, 10, NULL);
    assert_int_equal(report.n_queued, 1);
    assert_int_equal(ear.n_events, 0);
    pair_pump(&news->two);
    assert_int_equal(ear.n_events, 1);
    assert_int_equal(ear.ids[0], 7);
    assert_int_equal(ear.body_len, 10);
}

static void an_event_that_nobody_subscribed_goes_nowhere(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    memset(&ear, 0, sizeof ear);
    assert_int_equal(news_listen(news, &news_quiet, &ear), COAX_OK);
    pair_pump(&news->two);
    coax_emit_report report = news_emit(news, &news_flash, 7, 0, NULL);
    assert_int_equal(report.n_queued, 0);
    pair_pump(&news->two);
    assert_int_equal(ear.n_events, 0);
}

static void several_handlers_cost_one_subscription(void **state)
{
    news_pair *news = *state;
    static news_ear ears[3];
    memset(ears, 0, sizeof ears);
    assert_int_equal(news_listen(news, &news_flash, &ears[0]), COAX_OK);
    assert_int_equal(news_listen(news, &news_flash, &ears[1]), COAX_OK);
    pair_pump(&news->two);
    assert_int_equal(news->n_asked, 1);
    /* One that comes late hears that it is subscribed as well. */
    assert_int_equal(news_listen(news, &news_flash, &ears[2]), COAX_OK);
    assert_int_equal(ears[2].n_statuses, 0);
    pair_pump(&news->two);
    assert_int_equal(ears[2].n_statuses, 1);
    assert_int_equal(news->n_asked, 1);

    assert_int_equal(news_emit(news, &news_flash, 1, 0, NULL).n_queued, 1);
    pair_pump(&news->two);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(ears[i].n_events, 1);

    /* The last one that closes unsubscribes. */
    assert_int_equal(coax_subscription_close(ears[0].subscription), COAX_OK);
    assert_int_equal(coax_subscription_close(ears[0].subscription), COAX_ERR_STALE);
    assert_int_equal(coax_subscription_close(ears[1].subscription), COAX_OK);
    pair_pump(&news->two);
    assert_int_equal(news_emit(news, &news_flash, 2, 0, NULL).n_queued, 1);
    assert_int_equal(coax_subscription_close(ears[2].subscription), COAX_OK);
    pair_pump(&news->two);
    assert_int_equal(ears[2].n_events, 1); /* the second was under way, and is dropped */
    assert_int_equal(news_emit(news, &news_flash, 3, 0, NULL).n_queued, 0);
    assert_int_equal(news->two.client.n_errors, 0);
}

static void an_unknown_event_is_unimplemented(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    memset(&ear, 0, sizeof ear);
    coax_method other = news_flash;
    other.id = 0x77u;
    assert_int_equal(news_listen(news, &other, &ear), COAX_OK);
    pair_pump(&news->two);
    assert_int_equal(ear.status, COAX_ERR_UNIMPLEMENTED);
    assert_string_equal(ear.words, "nobody emits the event 0x00000077");
    assert_int_equal(news->two.server.n_errors, 1);
    assert_int_equal(coax_subscription_close(ear.subscription), COAX_OK);
}

static void a_client_is_no_place_to_subscribe_at(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    memset(&ear, 0, sizeof ear);
    cx_subscriber at_server;
    cx_subscriber_init(&at_server, &news->two.server.core, &news->two.server.config.limits);
    cx_subscriber_attach(&at_server, &news->two.server.endpoint);
    const cx_subscribe_args args = { .event = &news_flash, .self = &ear };
    assert_int_equal(cx_subscriber_add(&at_server, &args, NULL, NULL), COAX_OK);
    pair_pump(&news->two);
    assert_int_equal(news->two.client.n_errors, 1);
    assert_non_null(strstr(news->two.client.last_error.text, "nobody emits"));
    assert_int_equal(coax_peer_join(cx_endpoint_peer(&news->two.client.endpoint), "x"),
                     COAX_ERR_MISUSE);
    cx_subscriber_deinit(&at_server);
}

static void emit_in_hook(news_pair *news)
{
    (void)news_emit(news, &news_flash, 99, 0, NULL);
}

static void the_hook_may_refuse_and_may_emit(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    memset(&ear, 0, sizeof ear);
    news->in_hook = emit_in_hook;
    news->verdict = COAX_ERR_PERMISSION_DENIED;
    assert_int_equal(news_listen(news, &news_flash, &ear), COAX_OK);
    pair_pump(&news->two);
    assert_int_equal(ear.status, COAX_ERR_PERMISSION_DENIED);
    assert_string_equal(ear.words, "not for you");
    assert_int_equal(ear.n_events, 0);
    assert_int_equal(news_emit(news, &news_flash, 1, 0, NULL).n_queued, 0);

    /* Another handler asks again. */
    news->verdict = COAX_OK;
    static news_ear second;
    memset(&second, 0, sizeof second);
    assert_int_equal(news_listen(news, &news_flash, &second), COAX_OK);
    pair_pump(&news->two);
    assert_int_equal(ear.status, COAX_OK);
    assert_int_equal(second.status, COAX_OK);
    assert_int_equal(second.n_events, 1);
    assert_int_equal(second.ids[0], 99);
}

static void close_in_hook(news_pair *news)
{
    (void)coax_peer_close(cx_endpoint_peer(&news->two.server.endpoint), COAX_ERR_ABORTED, "enough");
}

static void the_hook_may_close_the_peer(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    memset(&ear, 0, sizeof ear);
    news->in_hook = close_in_hook;
    assert_int_equal(news_listen(news, &news_flash, &ear), COAX_OK);
    pair_pump(&news->two);
    assert_int_equal(news->two.client.n_closed, 1);
    assert_int_equal(ear.n_statuses, 0); /* whoever owns the client says what the end means */
    cx_subscriber_end(&news->subscriber, COAX_ERR_UNAVAILABLE, "gone for good");
    assert_int_equal(ear.status, COAX_ERR_UNAVAILABLE);
    assert_string_equal(ear.words, "gone for good");
    assert_int_equal(coax_subscription_close(ear.subscription), COAX_ERR_STALE);
    assert_int_equal(news_listen(news, &news_flash, &ear), COAX_ERR_UNAVAILABLE);
}

static void limit_to_two(news_pair *news)
{
    news->two.server.config.limits.max_subscriptions = 1;
}

static void max_subscriptions_is_named(void **state)
{
    news_pair *news = *state;
    news_again(news, limit_to_two);
    static news_ear ears[2];
    memset(ears, 0, sizeof ears);
    assert_int_equal(news_listen(news, &news_flash, &ears[0]), COAX_OK);
    assert_int_equal(news_listen(news, &news_quiet, &ears[1]), COAX_OK);
    pair_pump(&news->two);
    assert_int_equal(ears[0].status, COAX_OK);
    assert_int_equal(ears[1].status, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(ears[1].words, "max_subscriptions"));
    /* The own limit is told at once. */
    news->subscriber.max = 2;
    coax_method third = news_flash;
    third.id = 0x99u;
    coax_error error = COAX_ERROR_INIT;
    const cx_subscribe_args args = { .event = &third };
    assert_int_equal(cx_subscriber_add(&news->subscriber, &args, &error, NULL),
                     COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(error.text, "max_subscriptions"));
}

/* Frames by hand, as a client that keeps no books would send them. */
static void send_frame(news_pair *news, uint8_t type, uint32_t call, uint32_t event_id)
{
    const cx_frame frame = { .type = type, .call = call, .method = event_id };
    assert_true(cx_link_send_empty(&news->two.client.endpoint.link, &frame, NULL));
}

static void subscribing_twice_and_unsubscribing_nothing_is_fine(void **state)
{
    news_pair *news = *state;
    send_frame(news, CX_FRAME_UNSUBSCRIBE, 0, news_flash.id);
    send_frame(news, CX_FRAME_UNSUBSCRIBE, 0, 0x1234u);
    for (uint32_t i = 0; i < 10; i++)
        send_frame(news, CX_FRAME_SUBSCRIBE, CX_ASK_FIRST + i, news_flash.id);
    pair_pump(&news->two);
    assert_int_equal(news->n_asked, 1);
    assert_int_equal(news_emit(news, &news_flash, 1, 0, NULL).n_queued, 1);
    pair_pump(&news->two);
    assert_int_equal(news->two.server.n_errors, 0);
    assert_int_equal(news->two.client.n_errors, 0);
    assert_true(cx_endpoint_is_open(&news->two.client.endpoint));
}

static void a_short_queue(news_pair *news)
{
    news->two.server.config.limits.max_send_queue = 2 * CX_FRAME_MIN_MAX;
}

static void who_subscribes_and_never_reads_the_answers_is_closed(void **state)
{
    news_pair *news = *state;
    news_again(news, a_short_queue);
    news->two.server.is_held = true;
    for (uint32_t i = 0; i < 2000; i++)
        send_frame(news, CX_FRAME_SUBSCRIBE, CX_ASK_FIRST + 1, news_flash.id);
    pair_pump(&news->two);
    assert_int_equal(news->two.server.n_closed, 1);
    assert_int_equal(news->two.server.reason.code, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(news->two.server.reason.text, "max_send_queue (8192 bytes)"));
}

static void a_bad_event_is_reported_and_skipped(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    memset(&ear, 0, sizeof ear);
    assert_int_equal(news_listen(news, &news_flash, &ear), COAX_OK);
    pair_pump(&news->two);
    const cx_frame frame = { .type = CX_FRAME_EVENT,
                             .call = CX_CALL_ROLE_BIT | 5,
                             .method = news_flash.id };
    cx_sending sending;
    assert_int_equal(cx_link_begin(&news->two.server.endpoint.link, &frame, NULL, &sending),
                     COAX_OK);
    coax_write_nil(&sending.writer);
    assert_int_equal(cx_link_commit(&sending), COAX_OK);
    assert_int_equal(news_emit(news, &news_flash, 2, 0, NULL).n_queued, 1);
    pair_pump(&news->two);
    assert_int_equal(news->two.client.n_errors, 1);
    assert_non_null(strstr(news->two.client.last_error.text, "the event news.News.flash:"));
    assert_int_equal(ear.n_events, 1);
    assert_int_equal(ear.ids[0], 2);
}

static void close_itself(news_ear *ear)
{
    assert_int_equal(coax_subscription_close(ear->subscription), COAX_OK);
}

static void close_the_next(news_ear *ear)
{
    assert_int_equal(coax_subscription_close(ear[1].subscription), COAX_OK);
}

static void close_the_client(news_ear *ear)
{
    news_pair *news = ear->self;
    cx_endpoint_close(&news->two.client.endpoint, COAX_ERR_CANCELLED, COAX_ERR_CANCELLED, "bye");
}

static void add_another(news_ear *ear)
{
    if (ear->n_events == 1)
        assert_int_equal(news_listen(ear->self, &news_flash, &ear[1]), COAX_OK);
}

static void handlers_may_close_themselves_and_each_other(void **state)
{
    news_pair *news = *state;
    static news_ear ears[4];
    memset(ears, 0, sizeof ears);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(news_listen(news, &news_flash, &ears[i]), COAX_OK);
    ears[0].then = close_itself;
    ears[1].then = close_the_next;
    pair_pump(&news->two);
    (void)news_emit(news, &news_flash, 1, 0, NULL);
    pair_pump(&news->two);
    assert_int_equal(ears[0].n_events, 1);
    assert_int_equal(ears[1].n_events, 1);
    assert_int_equal(ears[2].n_events, 0);
    assert_int_equal(ears[3].n_events, 1);

    /* All of them close themselves: the last one unsubscribes from inside. */
    ears[1].then = close_itself;
    ears[3].then = close_itself;
    (void)news_emit(news, &news_flash, 2, 0, NULL);
    (void)news_emit(news, &news_flash, 3, 0, NULL);
    pair_pump(&news->two);
    assert_int_equal(ears[1].n_events, 2);
    assert_int_equal(ears[3].n_events, 2);
    assert_int_equal(news_emit(news, &news_flash, 4, 0, NULL).n_queued, 0);
}

static void a_handler_may_add_another_and_close_the_client(void **state)
{
    news_pair *news = *state;
    static news_ear ears[3];
    memset(ears, 0, sizeof ears);
    ears[0].self = news;
    ears[0].then = add_another;
    assert_int_equal(news_listen(news, &news_flash, &ears[0]), COAX_OK);
    assert_int_equal(news_listen(news, &news_flash, &ears[2]), COAX_OK);
    pair_pump(&news->two);
    (void)news_emit(news, &news_flash, 1, 0, NULL);
    pair_pump(&news->two);
    assert_int_equal(ears[1].n_events, 0); /* not the event it was added in */
    assert_int_equal(ears[1].n_statuses, 1);
    ears[0].then = close_the_client;
    (void)news_emit(news, &news_flash, 2, 0, NULL);
    pair_pump(&news->two);
    assert_int_equal(ears[0].n_events, 2);
    assert_int_equal(ears[1].n_events, 0);
    assert_int_equal(news->two.client.n_closed, 1);
    assert_int_equal(news_emit(news, &news_flash, 3, 0, NULL).n_queued, 0);
}

static void resubscribe(news_ear *ear)
{
    news_pair *news = ear->self;
    close_itself(ear);
    assert_int_equal(news_listen(news, &news_flash, ear), COAX_OK);
}

static void a_handler_may_subscribe_anew_inside_itself(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    memset(&ear, 0, sizeof ear);
    ear.self = news;
    ear.then = resubscribe;
    assert_int_equal(news_listen(news, &news_flash, &ear), COAX_OK);
    pair_pump(&news->two);
    for (unsigned i = 1; i <= 5; i++) {
        (void)news_emit(news, &news_flash, i, 0, NULL);
        pair_pump(&news->two);
        assert_int_equal(ear.n_events, i);
    }
    assert_int_equal(ear.n_statuses, 6);
}

static void small_frames(news_pair *news)
{
    news->two.client.config.limits.max_frame = CX_FRAME_MIN_MAX;
}

static void check_order(news_pair *news, size_t chunk, uint8_t priority)
{
    static news_ear ear;
    memset(&ear, 0, sizeof ear);
    news->two.chunk = chunk;
    assert_int_equal(news_listen(news, &news_flash, &ear), COAX_OK);
    assert_int_equal(news_listen(news, &news_quiet, &ear), COAX_OK);
    pair_pump(&news->two);
    static const size_t sizes[] = { 10, 400000, 0, 70000, 5, 17000, 200000, 1, 1 };
    const cx_emission quiet = { .priority = priority };
    for (unsigned i = 0; i < 9; i++) {
        bool is_quiet = i % 3 == 0;
        assert_int_equal(news_emit(news, is_quiet ? &news_quiet : &news_flash, i, sizes[i],
                                   is_quiet ? &quiet : NULL)
                             .n_queued,
                         1);
    }
    pair_pump(&news->two);
    assert_int_equal(news->two.client.n_closed, 0);
    assert_int_equal(ear.n_events, 9);
    uint64_t last[2] = { 0, 0 };
    for (unsigned i = 1; i < 9; i++) {
        bool is_quiet = ear.ids[i] % 3 == 0;
        assert_true(ear.ids[i] > last[is_quiet] || ear.ids[i] == 0);
        last[is_quiet] = ear.ids[i];
        if (priority == COAX_PRIORITY_NORMAL)
            assert_int_equal(ear.ids[i], i);
    }
}

static void events_stay_in_order_whatever_their_size(void **state)
{
    news_pair *news = *state;
    check_order(news, 3000, COAX_PRIORITY_NORMAL);
    news_again(news, small_frames);
    check_order(news, 0, COAX_PRIORITY_NORMAL);
    news_again(news, small_frames);
    check_order(news, 1000, COAX_PRIORITY_NORMAL);
}

static void events_of_one_name_stay_in_order_beside_those_of_another_priority(void **state)
{
    news_pair *news = *state;
    for (unsigned i = 0; i < 4; i++) {
        news_again(news, small_frames);
        check_order(news, i < 2 ? 0 : 700, i % 2 == 0 ? COAX_PRIORITY_HIGH : COAX_PRIORITY_LOW);
    }
}

static void a_new_connection_is_asked_again(void **state)
{
    news_pair *news = *state;
    pair *two = &news->two;
    static news_ear ears[2];
    memset(ears, 0, sizeof ears);
    assert_int_equal(news_listen(news, &news_flash, &ears[0]), COAX_OK);
    pair_pump(two);
    pair_break(two, "the cable");
    assert_null(news->subscriber.endpoint);
    assert_int_equal(ears[0].n_statuses, 1);
    assert_int_equal(news_listen(news, &news_quiet, &ears[1]), COAX_OK); /* waits for one */

    cx_endpoint_deinit(&two->client.endpoint);
    cx_endpoint_deinit(&two->server.endpoint);
    assert_int_equal(cx_endpoint_init(&two->client.endpoint, &two->client.core, &two->client.config,
                                      &two->client),
                     COAX_OK);
    assert_int_equal(cx_endpoint_init(&two->server.endpoint, &two->server.core, &two->server.config,
                                      &two->server),
                     COAX_OK);
    cx_endpoint_start(&two->client.endpoint, two->fake.now);
    cx_endpoint_start(&two->server.endpoint, two->fake.now);
    cx_subscriber_attach(&news->subscriber, &two->client.endpoint);
    cx_subscriber_attach(&news->subscriber, &two->client.endpoint);
    pair_pump(two);
    assert_int_equal(ears[0].n_statuses, 2);
    assert_int_equal(ears[1].n_statuses, 1);
    assert_int_equal(news->n_asked, 3);
    assert_int_equal(news_emit(news, &news_flash, 1, 0, NULL).n_queued, 1);
    assert_int_equal(news_emit(news, &news_quiet, 2, 0, NULL).n_queued, 1);
    pair_pump(two);
    assert_int_equal(ears[0].n_events + ears[1].n_events, 2);
}

static void a_server_that_does_not_answer_is_given_up(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    memset(&ear, 0, sizeof ear);
    news->two.server.is_held = true;
    assert_int_equal(news_listen(news, &news_flash, &ear), COAX_OK);
    pair_pump(&news->two);
    pair_advance(&news->two, 10001);
    assert_int_equal(ear.status, COAX_ERR_DEADLINE_EXCEEDED);
    /* Its late answer and its events are not heard. */
    (void)news_emit(news, &news_flash, 1, 0, NULL);
    news->two.server.is_held = false;
    pair_pump(&news->two);
    assert_int_equal(ear.n_statuses, 1);
    assert_int_equal(ear.n_events, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, news_set_up, news_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_event_reaches_its_subscriber),
        TEST(an_event_that_nobody_subscribed_goes_nowhere),
        TEST(several_handlers_cost_one_subscription),
        TEST(an_unknown_event_is_unimplemented),
        TEST(a_client_is_no_place_to_subscribe_at),
        TEST(the_hook_may_refuse_and_may_emit),
        TEST(the_hook_may_close_the_peer),
        TEST(max_subscriptions_is_named),
        TEST(subscribing_twice_and_unsubscribing_nothing_is_fine),
        TEST(who_subscribes_and_never_reads_the_answers_is_closed),
        TEST(a_bad_event_is_reported_and_skipped),
        TEST(handlers_may_close_themselves_and_each_other),
        TEST(a_handler_may_add_another_and_close_the_client),
        TEST(a_handler_may_subscribe_anew_inside_itself),
        TEST(events_stay_in_order_whatever_their_size),
        TEST(events_of_one_name_stay_in_order_beside_those_of_another_priority),
        TEST(a_new_connection_is_asked_again),
        TEST(a_server_that_does_not_answer_is_given_up),
    };
    return cmocka_run_group_tests_name("rpc_events", tests, NULL, NULL);
}
