/*
 * Events over every transport: to whom they go, what is reported, and what may be done inside the
 * callbacks of both sides.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "room.h"

static uint32_t heard_by(const room *r)
{
    uint32_t mask = 0;
    for (uint32_t i = 0; i < r->n_guests; i++)
        mask |= r->guests[i].n_heard > 0 ? 1u << i : 0;
    return mask;
}

/* Says something, and checks who hears it: a bit for each guest. */
static void check_heard(room *r, const coax_emit_options *to, uint32_t who)
{
    coax_emit_report report = { 9, 9, 9, 9 };
    coax_emit_options options = *to;
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->n_guests; i++) {
        r->guests[i].n_heard = 0;
        n += who >> i & 1u;
    }
    options.ret_report = &report;
    assert_int_equal(room_say(r, 1, 10, &options), COAX_OK);
    assert_int_equal(report.n_queued, n);
    assert_int_equal(report.n_dropped + report.n_disconnected + report.n_failed, 0);
    room_settle(r);
    assert_int_equal(heard_by(r), who);
}

static void events_go_to_everyone_one_a_group_and_not_to_some(void **state)
{
    (void)state;
    static room r;
    room_open(&r, 5, NULL);
    guest *g = r.guests;
    check_heard(&r, &(coax_emit_options){ 0 }, 0x1f);
    check_heard(&r, &(coax_emit_options){ .except = g[2].peer }, 0x1b);
    check_heard(&r, &(coax_emit_options){ .peer = g[3].peer }, 0x08);
    check_heard(&r, &(coax_emit_options){ .peer = g[3].peer, .except = g[3].peer }, 0);
    check_heard(&r, &(coax_emit_options){ .group = "den" }, 0);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(coax_peer_join(g[i].peer, "den"), COAX_OK);
    assert_int_equal(coax_peer_join(g[0].peer, "den"), COAX_OK); /* twice is once */
    assert_int_equal(coax_peer_join(g[4].peer, "attic"), COAX_OK);
    assert_int_equal(coax_server_group_size(r.stage.server, "den"), 3);
    check_heard(&r, &(coax_emit_options){ .group = "den" }, 0x07);
    check_heard(&r, &(coax_emit_options){ .group = "den", .except = g[1].peer }, 0x05);
    check_heard(&r, &(coax_emit_options){ .group = "den", .peer = g[2].peer }, 0x04);
    check_heard(&r, &(coax_emit_options){ .group = "den", .peer = g[4].peer }, 0);
    check_heard(&r, &(coax_emit_options){ .group = "attic" }, 0x10);
    assert_int_equal(coax_peer_leave(g[1].peer, "den"), COAX_OK);
    assert_int_equal(coax_peer_leave(g[1].peer, "den"), COAX_ERR_NOT_FOUND);
    assert_int_equal(coax_peer_leave(g[1].peer, "nowhere"), COAX_ERR_NOT_FOUND);
    check_heard(&r, &(coax_emit_options){ .group = "den" }, 0x05);
    assert_int_equal(coax_peer_leave(g[4].peer, "attic"), COAX_OK);
    assert_int_equal(coax_server_group_size(r.stage.server, "attic"), 0);
    room_close(&r);
}

static void a_member_that_has_not_subscribed_hears_nothing(void **state)
{
    (void)state;
    static room r;
    room_open(&r, 3, NULL);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(coax_peer_join(r.guests[i].peer, "den"), COAX_OK);
    assert_int_equal(coax_subscription_close(r.guests[1].subscription), COAX_OK);
    room_settle(&r);
    check_heard(&r, &(coax_emit_options){ .group = "den" }, 0x05);
    check_heard(&r, &(coax_emit_options){ .peer = r.guests[1].peer }, 0);
    room_close(&r);
}

static void groups_forget_who_has_gone(void **state)
{
    (void)state;
    static room r;
    room_open(&r, 3, NULL);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(coax_peer_join(r.guests[i].peer, "den"), COAX_OK);
    coax_client_close(r.guests[0].client);
    stage_run_until_count(&r.stage, &r.n_gone, 1);
    assert_int_equal(r.size_at_end, 2);
    /* Closed from this side it is out of the group when the function returns. */
    assert_int_equal(coax_peer_close(r.guests[1].peer, COAX_ERR_ABORTED, "out"), COAX_OK);
    assert_int_equal(coax_server_group_size(r.stage.server, "den"), 1);
    assert_int_equal(coax_peer_join(r.guests[1].peer, "den"), COAX_ERR_STALE);
    assert_int_equal(coax_peer_leave(r.guests[1].peer, "den"), COAX_ERR_STALE);
    check_heard(&r, &(coax_emit_options){ .group = "den" }, 0x04);
    assert_int_equal(room_say(&r, 1, 0, &(coax_emit_options){ .peer = r.guests[0].peer }),
                     COAX_ERR_STALE);
    room_close(&r);
}

static void limits_and_names_of_groups_are_checked(void **state)
{
    (void)state;
    static room r;
    char longest[130];
    coax_limits limits = COAX_LIMITS_INIT;
    limits.max_groups = 2;
    room_open(&r, 1, &limits);
    coax_peer peer = r.guests[0].peer;
    memset(longest, 'x', sizeof longest);
    longest[129] = '\0';
    assert_int_equal(coax_peer_join(peer, longest), COAX_ERR_INVALID_ARGUMENT);
    assert_int_equal(coax_peer_join(peer, ""), COAX_ERR_INVALID_ARGUMENT);
    assert_int_equal(coax_peer_join(peer, NULL), COAX_ERR_INVALID_ARGUMENT);
    longest[128] = '\0';
    assert_int_equal(coax_peer_join(peer, longest), COAX_OK);
    assert_int_equal(coax_peer_join(peer, "two"), COAX_OK);
    assert_int_equal(coax_peer_join(peer, "three"), COAX_ERR_RESOURCE_EXHAUSTED);
    assert_int_equal(coax_server_group_size(r.stage.server, "three"), 0);
    assert_int_equal(coax_peer_leave(peer, longest), COAX_OK);
    assert_int_equal(coax_peer_join(peer, "three"), COAX_OK);
    assert_int_equal(coax_peer_join(coax_client_peer(r.guests[0].client), "x"), COAX_ERR_MISUSE);
    coax_error error = COAX_ERROR_INIT;
    assert_int_equal(room_say(&r, 1, 0, &(coax_emit_options){ .group = "", .error = &error }),
                     COAX_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(error.text, "1 to 128 bytes"));
    room_close(&r);
}

static void what_can_not_be_emitted_is_refused_with_words(void **state)
{
    (void)state;
    static room r;
    coax_error error = COAX_ERROR_INIT;
    coax_emit_options options = COAX_EMIT_OPTIONS_INIT;
    char room_name[100];
    coax_limits limits = COAX_LIMITS_INIT;
    limits.max_message = 100000;
    room_open(&r, 1, &limits);
    options.error = &error;
    memset(room_name, 'a', sizeof room_name);
    news_line line = { .number = 1, .room = { room_name, sizeof room_name } };
    assert_int_equal(news_news_said_emit(r.stage.server, &line, &options),
                     COAX_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(error.text, "room"));
    line.room.len = 1;
    assert_int_equal(news_silent_nothing_emit(r.stage.server, &line, &options), COAX_ERR_MISUSE);
    assert_non_null(strstr(error.text, "not served"));
    assert_int_equal(room_say(&r, 1, 100000, &options), COAX_ERR_TOO_LARGE);
    assert_non_null(strstr(error.text, "max_message (100000 bytes)"));
    options.policy = (coax_slow_policy)7;
    assert_int_equal(room_say(&r, 1, 0, &options), COAX_ERR_BAD_OPTION);
    options.policy = COAX_SLOW_DROP_NEWEST;
    assert_int_equal(news_news_said_emit(NULL, &line, &options), COAX_ERR_MISUSE);
    options.peer = coax_client_peer(r.guests[0].client);
    assert_int_equal(room_say(&r, 1, 0, &options), COAX_ERR_STALE);
    room_settle(&r);
    assert_int_equal(r.guests[0].n_heard, 0);
    room_close(&r);
}

static void long_events_arrive_whole_and_once_each(void **state)
{
    (void)state;
    static room r;
    room_open(&r, 4, NULL);
    for (uint32_t n = 1; n <= 3; n++) {
        coax_emit_report report;
        assert_int_equal(room_say(&r, n, 900000 * n, &(coax_emit_options){ .ret_report = &report }),
                         COAX_OK);
        assert_int_equal(report.n_queued, 4);
        for (uint32_t i = 0; i < 4; i++) {
            stage_run_until_count(&r.stage, &r.guests[i].n_heard, n);
            assert_int_equal(r.guests[i].last, n);
            assert_int_equal(r.guests[i].body_len, 900000 * n);
        }
    }
    room_close(&r);
}

static void a_burst_in_one_turn_reaches_who_reads(void **state)
{
    (void)state;
    static room r;
    room_open(&r, 2, NULL);
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(room_say(&r, i, 100, NULL), COAX_OK);
    stage_run_until_count(&r.stage, &r.guests[1].n_heard, 1000);
    stage_run_until_count(&r.stage, &r.guests[0].n_heard, 1000);
    assert_int_equal(r.guests[0].last, 999);
    room_close(&r);
}

static void a_subscription_before_the_connection_is_told_when_it_is_there(void **state)
{
    (void)state;
    static room r;
    room_open_empty(&r, NULL);
    guest *g = room_enter(&r, NULL);
    assert_int_equal(room_listen(g), COAX_OK);
    assert_int_equal(coax_client_get_state(g->client), COAX_CLIENT_CONNECTING);
    stage_run_until_count(&r.stage, &g->n_statuses, 1);
    assert_int_equal(g->status, COAX_OK);
    room_close(&r);
}

static void a_refusal_has_the_words_of_the_hook(void **state)
{
    (void)state;
    static room r;
    room_open_empty(&r, NULL);
    r.verdict = COAX_ERR_PERMISSION_DENIED;
    guest *g = room_enter(&r, NULL);
    assert_int_equal(room_listen(g), COAX_OK);
    stage_run_until_count(&r.stage, &g->n_statuses, 1);
    assert_int_equal(g->status, COAX_ERR_PERMISSION_DENIED);
    assert_string_equal(g->words, "members only");
    check_heard(&r, &(coax_emit_options){ 0 }, 0);
    room_close(&r);
}

static void the_end_of_a_client_is_told_before_it_is_closed(void **state)
{
    (void)state;
    static room r;
    room_open(&r, 2, NULL);
    coax_client_close(r.guests[0].client);
    while (!r.guests[0].is_closed)
        stage_run_some(&r.stage);
    assert_int_equal(r.guests[0].n_statuses, 2);
    assert_int_equal(r.guests[0].status, COAX_ERR_CANCELLED);
    assert_int_equal(coax_subscription_close(r.guests[0].subscription), COAX_ERR_STALE);
    assert_int_equal(coax_peer_close(r.guests[1].peer, COAX_ERR_ABORTED, "enough"), COAX_OK);
    while (!r.guests[1].is_closed)
        stage_run_some(&r.stage);
    assert_int_equal(r.guests[1].n_statuses, 2);
    assert_int_equal(r.guests[1].status, COAX_ERR_UNAVAILABLE);
    assert_non_null(strstr(r.guests[1].words, "enough"));
    assert_int_equal(room_listen(&r.guests[1]), COAX_ERR_UNAVAILABLE);
    room_close(&r);
}

static void close_client(guest *g)
{
    coax_client_close(g->client);
    g->client = NULL;
}

static void close_subscription(guest *g)
{
    assert_int_equal(coax_subscription_close(g->subscription), COAX_OK);
    assert_int_equal(coax_subscription_close(g->subscription), COAX_ERR_STALE);
}

static void say_again(guest *g)
{
    if (g->n_heard < 5)
        assert_int_equal(room_say(g->room, g->n_heard, 0, NULL), COAX_OK);
}

static void handlers_may_close_their_client_or_subscription_and_emit(void **state)
{
    (void)state;
    static room r;
    room_open(&r, 4, NULL);
    r.guests[0].then = close_client;
    r.guests[1].then = close_subscription;
    r.guests[2].then = say_again;
    assert_int_equal(room_say(&r, 1, 0, NULL), COAX_OK);
    stage_run_until_count(&r.stage, &r.guests[2].n_heard, 5);
    room_settle(&r);
    assert_int_equal(r.guests[0].n_heard, 1);
    assert_true(r.guests[0].is_closed);
    assert_int_equal(r.guests[1].n_heard, 1);
    assert_int_equal(r.guests[3].n_heard, 5);
    room_close(&r);
}

static void close_in_status_when_open(guest *g)
{
    if (g->status == COAX_OK)
        close_client(g);
}

static void a_client_may_be_closed_in_its_on_status(void **state)
{
    (void)state;
    static room r;
    room_open_empty(&r, NULL);
    guest *g = room_enter(&r, NULL);
    g->then_status = close_in_status_when_open;
    assert_int_equal(room_listen(g), COAX_OK);
    while (!g->is_closed)
        stage_run_some(&r.stage);
    assert_int_equal(g->n_statuses, 2);
    room_close(&r);
}

static void say_hello(room *r, coax_peer peer)
{
    (void)peer;
    assert_int_equal(room_say(r, 77, 0, NULL), COAX_OK);
}

static void join_den(room *r, coax_peer peer)
{
    (void)r;
    assert_int_equal(coax_peer_join(peer, "den"), COAX_OK);
}

static void hooks_may_emit_and_join(void **state)
{
    (void)state;
    static room r;
    room_open_empty(&r, NULL);
    r.on_connect = join_den;
    r.on_subscribe = say_hello;
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(room_listen(room_enter(&r, NULL)), COAX_OK);
    stage_run_until_count(&r.stage, &r.n_asked, 3);
    room_settle(&r);
    /* Each one hears what was said while it subscribed, and those after it. */
    assert_int_equal(r.guests[0].n_heard + r.guests[1].n_heard + r.guests[2].n_heard, 6);
    assert_int_equal(coax_server_group_size(r.stage.server, "den"), 3);
    r.on_connect = say_hello;
    (void)room_enter(&r, NULL);
    stage_run_until_count(&r.stage, &r.n_connected, 4);
    room_settle(&r);
    assert_int_equal(r.guests[0].last, 77);
    room_close(&r);
}

static void close_server(room *r, coax_peer peer)
{
    (void)peer;
    coax_server_close(r->stage.server);
    r->stage.server = NULL;
}

static void the_server_may_be_closed_in_on_subscribe(void **state)
{
    (void)state;
    static room r;
    room_open_empty(&r, NULL);
    r.on_subscribe = close_server;
    guest *g = room_enter(&r, NULL);
    assert_int_equal(room_listen(g), COAX_OK);
    while (!g->is_closed)
        stage_run_some(&r.stage);
    assert_int_equal(g->status, COAX_ERR_UNAVAILABLE);
    room_close(&r);
}

typedef struct done {
    uint32_t n;
    coax_emit_report report;
} done;

static void on_done(void *self, const coax_emit_report *report)
{
    done *d = self;
    d->n++;
    d->report = *report;
}

static void on_done_tells_the_report_once_and_later(void **state)
{
    (void)state;
    static room r;
    done d = { 0 };
    room_open(&r, 3, NULL);
    coax_emit_options options = COAX_EMIT_OPTIONS_INIT;
    options.on_done = on_done;
    options.self = &d;
    assert_int_equal(room_say(&r, 1, 0, &options), COAX_OK);
    assert_int_equal(d.n, 0);
    stage_run_until_count(&r.stage, &d.n, 1);
    assert_int_equal(d.report.n_queued, 3);
    room_settle(&r);
    assert_int_equal(d.n, 1);
    room_close(&r);
}

static void an_event_longer_than_one_peer_takes_reaches_the_others(void **state)
{
    (void)state;
    static room r;
    coax_limits small = COAX_LIMITS_INIT;
    small.max_message = 5000;
    room_open(&r, 2, NULL);
    guest *g = room_enter(&r, &small);
    assert_int_equal(room_listen(g), COAX_OK);
    stage_run_until_count(&r.stage, &g->n_statuses, 1);
    coax_emit_report report;
    assert_int_equal(room_say(&r, 1, 6000, &(coax_emit_options){ .ret_report = &report }), COAX_OK);
    assert_int_equal(report.n_queued, 2);
    assert_int_equal(report.n_failed, 1);
    room_settle(&r);
    assert_int_equal(heard_by(&r), 0x3);
    room_close(&r);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_go_to_everyone_one_a_group_and_not_to_some),
        cmocka_unit_test(a_member_that_has_not_subscribed_hears_nothing),
        cmocka_unit_test(groups_forget_who_has_gone),
        cmocka_unit_test(limits_and_names_of_groups_are_checked),
        cmocka_unit_test(what_can_not_be_emitted_is_refused_with_words),
        cmocka_unit_test(long_events_arrive_whole_and_once_each),
        cmocka_unit_test(a_burst_in_one_turn_reaches_who_reads),
        cmocka_unit_test(a_subscription_before_the_connection_is_told_when_it_is_there),
        cmocka_unit_test(a_refusal_has_the_words_of_the_hook),
        cmocka_unit_test(the_end_of_a_client_is_told_before_it_is_closed),
        cmocka_unit_test(handlers_may_close_their_client_or_subscription_and_emit),
        cmocka_unit_test(a_client_may_be_closed_in_its_on_status),
        cmocka_unit_test(hooks_may_emit_and_join),
        cmocka_unit_test(the_server_may_be_closed_in_on_subscribe),
        cmocka_unit_test(on_done_tells_the_report_once_and_later),
        cmocka_unit_test(an_event_longer_than_one_peer_takes_reaches_the_others),
    };
    int rc = stage_choose(argc, argv);
    if (rc != 0)
        return rc;
    int failed = cmocka_run_group_tests_name(argv[1], tests, NULL, NULL);
    return failed + stage_done();
}
