/*
 * What waits for a subscriber that does not read: the three policies, the bound, what is counted,
 * and memory that runs out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "news.h"

/* What an event with a body of this length counts for, and a little more. */
enum { BODY = 1000, EVENT_BYTES = BODY + 20 + (int)CX_EVENT_COST };

static void ten_events(news_pair *news)
{
    news->two.server.config.limits.max_event_queue = 10 * EVENT_BYTES;
}

/*
 * A subscriber of both events that has stopped reading: the link is full, and whatever comes now
 * waits.
 */
static void stop_reading(news_pair *news, news_ear *ear)
{
    memset(ear, 0, sizeof *ear);
    news_again(news, ten_events);
    assert_int_equal(news_listen(news, &news_flash, ear), COAX_OK);
    assert_int_equal(news_listen(news, &news_quiet, ear), COAX_OK);
    pair_pump(&news->two);
    /* One long event fills the link. */
    assert_int_equal(news_emit(news, &news_flash, 1000, 300000, NULL).n_queued, 1);
    uint8_t byte;
    assert_int_equal(pair_take(&news->two.server, &byte, 0), 0);
    assert_false(cx_events_wait(&news->two.server.endpoint));
    news->two.server.is_held = true;
}

static void go_on(news_pair *news)
{
    news->two.server.is_held = false;
    pair_pump(&news->two);
}

static void the_newest_is_dropped(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    stop_reading(news, &ear);
    for (uint32_t i = 0; i < 14; i++) {
        coax_emit_report report = news_emit(news, &news_flash, i, BODY, NULL);
        assert_int_equal(report.n_queued, i < 10);
        assert_int_equal(report.n_dropped, i >= 10);
    }
    go_on(news);
    assert_int_equal(ear.n_events, 11);
    for (uint32_t i = 0; i < 10; i++)
        assert_int_equal(ear.ids[1 + i], i);
}

static void the_oldest_of_any_name_make_room(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    const cx_emission oldest = { .policy = COAX_SLOW_DROP_OLDEST };
    stop_reading(news, &ear);
    for (uint32_t i = 0; i < 10; i++)
        assert_int_equal(
            news_emit(news, i % 2 == 0 ? &news_flash : &news_quiet, i, BODY, NULL).n_queued, 1);
    for (uint32_t i = 10; i < 13; i++) {
        coax_emit_report report = news_emit(news, &news_flash, i, BODY, &oldest);
        assert_int_equal(report.n_queued, 1);
        assert_int_equal(report.n_dropped, 1);
    }
    /* A longer one needs the room of several. */
    coax_emit_report report = news_emit(news, &news_quiet, 13, 3 * EVENT_BYTES - 200, &oldest);
    assert_int_equal(report.n_queued, 1);
    assert_int_equal(report.n_dropped, 3);
    go_on(news);
    assert_int_equal(ear.n_events, 9);
    for (uint32_t i = 0; i < 8; i++)
        assert_int_equal(ear.ids[1 + i], 6 + i);
}

static void a_slow_subscriber_may_be_disconnected(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    const cx_emission strict = { .policy = COAX_SLOW_DISCONNECT };
    stop_reading(news, &ear);
    for (uint32_t i = 0; i < 10; i++)
        assert_int_equal(news_emit(news, &news_flash, i, BODY, &strict).n_queued, 1);
    coax_emit_report report = news_emit(news, &news_flash, 10, BODY, &strict);
    assert_int_equal(report.n_queued, 0);
    assert_int_equal(report.n_disconnected, 1);
    assert_int_equal(news->two.server.n_closed, 0); /* not inside the emit */
    /* It is forgotten at once. */
    assert_int_equal(news_emit(news, &news_flash, 11, BODY, &strict).n_disconnected, 0);
    pair_pump(&news->two);
    assert_int_equal(news->two.server.n_closed, 1);
    assert_int_equal(news->two.server.reason.code, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(news->two.server.reason.text, "a slow subscriber"));
    assert_non_null(strstr(news->two.server.reason.text, "max_event_queue"));
    go_on(news);
    assert_int_equal(news->two.client.n_closed, 1);
    assert_non_null(strstr(news->two.client.reason.text, "a slow subscriber"));
}

/* A log whose sink closes whom it hears of. */
static void close_whom_it_hears_of(void *self, coax_log_level level, const char *event,
                                   const coax_log_pair *pairs, size_t n_pairs)
{
    news_pair *news = self;
    (void)level;
    (void)pairs;
    (void)n_pairs;
    if (strcmp(event, "subscriber_slow") == 0)
        (void)coax_peer_close(cx_endpoint_peer(&news->two.server.endpoint), COAX_ERR_ABORTED,
                              "heard");
}

static void the_log_may_close_a_slow_subscriber(void **state)
{
    news_pair *news = *state;
    static const coax_slow_policy policies[] = { COAX_SLOW_DROP_NEWEST, COAX_SLOW_DROP_OLDEST,
                                                 COAX_SLOW_DISCONNECT };
    static news_ear ear;
    for (unsigned p = 0; p < 3; p++) {
        const cx_emission emission = { .policy = policies[p] };
        stop_reading(news, &ear);
        cx_log *log = &news->two.server.core.host.log;
        log->sink = close_whom_it_hears_of;
        log->self = news;
        log->level = COAX_LOG_WARN;
        for (uint32_t i = 0; i < 12; i++)
            (void)news_emit(news, &news_flash, i, BODY, &emission);
        log->sink = NULL;
        pair_pump(&news->two);
        assert_int_equal(news->two.server.n_closed, 1);
        assert_string_equal(news->two.server.reason.text, "heard");
    }
}

static void tiny_events_are_bounded_as_well(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    stop_reading(news, &ear);
    uint32_t n_queued = 0;
    for (uint32_t i = 0; i < 10000; i++)
        n_queued += news_emit(news, &news_flash, 1, 0, NULL).n_queued;
    assert_in_range(n_queued, 100, 10 * EVENT_BYTES / CX_EVENT_COST);
    go_on(news);
    assert_int_equal(ear.n_events, n_queued + 1);
}

static void one_longer_than_the_queue_waits_alone(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    stop_reading(news, &ear);
    assert_int_equal(news_emit(news, &news_flash, 1, 200000, NULL).n_queued, 1);
    assert_int_equal(news_emit(news, &news_flash, 2, 200000, NULL).n_dropped, 1);
    assert_int_equal(news_emit(news, &news_flash, 3, 1, NULL).n_dropped, 1);
    go_on(news);
    assert_int_equal(ear.n_events, 2);
    assert_int_equal(ear.ids[1], 1);
}

static void one_longer_than_the_peer_takes_fails(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    memset(&ear, 0, sizeof ear);
    assert_int_equal(news_listen(news, &news_flash, &ear), COAX_OK);
    pair_pump(&news->two);
    size_t most = news->two.client.config.limits.max_message;
    coax_emit_report report = news_emit(news, &news_flash, 1, most + 1, NULL);
    assert_int_equal(report.n_failed, 1);
    assert_int_equal(report.n_queued, 0);
    assert_int_equal(news_emit(news, &news_flash, 2, most - 100, NULL).n_queued, 1);
    pair_pump(&news->two);
    assert_int_equal(ear.n_events, 1);
    assert_int_equal(ear.body_len, most - 100);
}

/* What a shell does when it is asked: the link's output leaves, now. */
static void flush_now(cx_endpoint *endpoint)
{
    news_pair *news = endpoint->config->hub->self;
    uint8_t bytes[4096];
    for (size_t n; (n = pair_take(&news->two.server, bytes, sizeof bytes)) > 0;)
        cx_endpoint_receive(&news->two.client.endpoint, bytes, n, news->two.fake.now);
}

static void a_burst_is_sent_before_anything_is_dropped(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    memset(&ear, 0, sizeof ear);
    news_again(news, ten_events);
    news->hub.flush = flush_now;
    assert_int_equal(news_listen(news, &news_flash, &ear), COAX_OK);
    pair_pump(&news->two);
    for (uint32_t i = 0; i < 100; i++)
        assert_int_equal(news_emit(news, &news_flash, i, BODY, NULL).n_dropped, 0);
    pair_pump(&news->two);
    assert_int_equal(ear.n_events, 100);
}

static void what_was_unsubscribed_does_not_leave(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    stop_reading(news, &ear);
    (void)news_emit(news, &news_flash, 1, BODY, NULL);
    (void)news_emit(news, &news_quiet, 2, BODY, NULL);
    const cx_frame frame = { .type = CX_FRAME_UNSUBSCRIBE, .method = news_flash.id };
    assert_true(cx_link_send_empty(&news->two.client.endpoint.link, &frame, NULL));
    pair_pump(&news->two);
    go_on(news);
    assert_int_equal(ear.n_events, 2);
    assert_int_equal(ear.ids[1], 2);
}

static void what_waits_goes_with_the_connection(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    stop_reading(news, &ear);
    for (uint32_t i = 0; i < 10; i++)
        (void)news_emit(news, &news_flash, i, BODY, NULL);
    assert_true(cx_events_wait(&news->two.server.endpoint));
    size_t before = news->two.fake.n_live;
    cx_endpoint_lost(&news->two.server.endpoint, COAX_ERR_UNAVAILABLE, "gone");
    assert_false(cx_events_wait(&news->two.server.endpoint));
    assert_true(news->two.fake.n_live < before);
    assert_int_equal(news_emit(news, &news_flash, 1, BODY, NULL).n_queued, 0);
}

static void a_hundred_megabytes_to_one_that_never_reads_take_no_more_than_the_bound(void **state)
{
    news_pair *news = *state;
    static const coax_slow_policy policies[] = { COAX_SLOW_DROP_NEWEST, COAX_SLOW_DROP_OLDEST };
    static news_ear ear;
    for (unsigned p = 0; p < 2; p++) {
        const cx_emission emission = { .policy = policies[p] };
        stop_reading(news, &ear);
        size_t before = news->two.fake.bytes;
        uint32_t n_dropped = 0;
        news->two.fake.most = before;
        for (uint32_t i = 0; i < 100000; i++)
            n_dropped += news_emit(news, &news_flash, i, BODY, &emission).n_dropped;
        assert_int_equal(n_dropped, 100000 - 10);
        assert_in_range(news->two.fake.bytes - before, 0, 16 * 1024);
        assert_in_range(news->two.fake.most - before, 0, 32 * 1024);
        go_on(news);
        assert_int_equal(ear.n_events, 11);
        assert_int_equal(ear.ids[10], p == 0 ? 9 : 99999);
    }
}

/* Emits in steady state take memory for the event, once, and for nothing else. */
static void an_emit_takes_one_block(void **state)
{
    news_pair *news = *state;
    static news_ear ear;
    memset(&ear, 0, sizeof ear);
    assert_int_equal(news_listen(news, &news_flash, &ear), COAX_OK);
    pair_pump(&news->two);
    for (uint32_t i = 0; i < 10; i++) {
        (void)news_emit(news, &news_flash, i, BODY, NULL);
        pair_pump(&news->two);
    }
    size_t before = news->two.fake.n_taken;
    for (uint32_t i = 0; i < 100; i++) {
        assert_int_equal(news_emit(news, &news_flash, i, 50, NULL).n_queued, 1);
        pair_pump(&news->two);
    }
    assert_int_equal(news->two.fake.n_taken - before, 100);
}

static void as_usual(news_pair *news)
{
    (void)news;
}

static bool talk(news_pair *news, news_ear *ears)
{
    bool all = true;
    for (unsigned i = 0; i < 3; i++)
        all &= news_listen(news, i == 1 ? &news_quiet : &news_flash, &ears[i]) == COAX_OK;
    pair_pump(&news->two);
    coax_peer peer = cx_endpoint_peer(&news->two.server.endpoint);
    coax_err joined = coax_peer_join(peer, "room");
    assert_true(joined == COAX_OK || joined == COAX_ERR_NO_MEMORY || joined == COAX_ERR_STALE);
    const cx_emission to_room = { .group = "room" };
    for (uint32_t i = 0; i < 20; i++)
        (void)news_emit(news, &news_flash, i, i * 100, i % 2 == 0 ? &to_room : NULL);
    pair_pump(&news->two);
    (void)coax_peer_leave(peer, "room");
    for (unsigned i = 0; i < 3; i++)
        (void)coax_subscription_close(ears[i].subscription);
    pair_pump(&news->two);
    return all && joined == COAX_OK && ears[0].n_events == 20;
}

static void every_allocation_may_fail(void **state)
{
    news_pair *news = *state;
    static news_ear ears[3];
    uint32_t n_failed = 0;
    for (size_t at = 1; at < 400; at++) {
        news_again(news, as_usual);
        memset(ears, 0, sizeof ears);
        size_t so_far = news->two.fake.n_taken;
        news->two.fake.fail_from = so_far + at;
        news->two.fake.fail_count = 1;
        bool went_well = talk(news, ears);
        bool has_failed = news->two.fake.n_taken >= so_far + at;
        news->two.fake.fail_from = 0;
        n_failed += has_failed;
        if (!has_failed) {
            assert_true(went_well);
            break;
        }
    }
    assert_in_range(n_failed, 10, 390);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, news_set_up, news_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_newest_is_dropped),
        TEST(the_oldest_of_any_name_make_room),
        TEST(a_slow_subscriber_may_be_disconnected),
        TEST(the_log_may_close_a_slow_subscriber),
        TEST(tiny_events_are_bounded_as_well),
        TEST(one_longer_than_the_queue_waits_alone),
        TEST(one_longer_than_the_peer_takes_fails),
        TEST(a_burst_is_sent_before_anything_is_dropped),
        TEST(what_was_unsubscribed_does_not_leave),
        TEST(what_waits_goes_with_the_connection),
        TEST(a_hundred_megabytes_to_one_that_never_reads_take_no_more_than_the_bound),
        TEST(an_emit_takes_one_block),
        TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("rpc_events_queue", tests, NULL, NULL);
}
