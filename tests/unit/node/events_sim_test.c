/*
 * Subscriptions that outlive their connections: restored when a client dials again, told each time,
 * and never twice the same event.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "diary.h"
#include "events_client.h"
#include "events_server.h"

typedef struct hearer {
    diary d;
    coax_subscription subscription;
    uint32_t n_heard;
    uint32_t last;
    bool is_quiet; /* writes nothing */
    bool is_disordered;
} hearer;

static void on_said(void *self, coax_peer peer, const news_line *event)
{
    hearer *h = self;
    (void)peer;
    h->is_disordered |= event->number <= h->last;
    h->last = event->number;
    h->n_heard++;
    if (!h->is_quiet)
        diary_write(&h->d, "heard-%u", (unsigned)event->number);
}

static void on_status(void *self, const coax_status *status)
{
    hearer *h = self;
    if (!h->is_quiet)
        diary_write(&h->d, "status-%s", coax_err_name(status->code));
}

static void start_server(hearer *h, const coax_limits *limits)
{
    coax_server_options silent = COAX_SERVER_OPTIONS_INIT;
    if (limits != NULL)
        silent.limits = *limits;
    diary_start_server(&h->d, &silent);
    assert_int_equal(news_news_serve(h->d.server, NULL, NULL), COAX_OK);
}

static void start_client(hearer *h)
{
    coax_client_options options = diary_client_options(&h->d);
    coax_subscribe_options how = COAX_SUBSCRIBE_OPTIONS_INIT;
    how.on_status = on_status;
    diary_start_client(&h->d, &options);
    assert_int_equal(news_news_said_subscribe(h->d.client, on_said, h, &how, &h->subscription),
                     COAX_OK);
}

static void say_long(hearer *h, uint32_t number, size_t len)
{
    static uint8_t body[40000];
    news_line line = { .number = number, .room = coax_str_from("sim") };
    if (len > 0)
        line.body = (coax_bytes){ body, len };
    assert_int_equal(news_news_said_emit(h->d.server, &line, NULL), COAX_OK);
}

static void say(hearer *h, uint32_t number)
{
    say_long(h, number, 0);
}

static void open_both(hearer *h, const coax_limits *limits)
{
    memset(h, 0, sizeof *h);
    diary_open(&h->d, 1);
    start_server(h, limits);
    start_client(h);
    diary_run(&h->d, 10);
    diary_is(&h->d, "+server open status-ok");
}

static void a_subscription_comes_back_with_the_connection(void **state)
{
    (void)state;
    static hearer h;
    open_both(&h, NULL);
    say(&h, 1);
    diary_run(&h.d, 10);
    diary_is(&h.d, "heard-1");
    cx_sim_reset(h.d.sim, NULL);
    diary_run(&h.d, 10);
    diary_is(&h.d, "-server waiting");
    say(&h, 2); /* to nobody: it is not kept */
    diary_run(&h.d, 150);
    diary_is(&h.d, "connecting +server open status-ok");
    say(&h, 3);
    diary_run(&h.d, 10);
    diary_is(&h.d, "heard-3");
    assert_int_equal(coax_subscription_close(h.subscription), COAX_OK);
    cx_sim_reset(h.d.sim, NULL);
    diary_run(&h.d, 1000);
    diary_forget(&h.d);
    say(&h, 4);
    diary_run(&h.d, 10);
    diary_is(&h.d, "");
    diary_close(&h.d);
}

static void what_one_server_refused_the_next_is_asked_again(void **state)
{
    (void)state;
    static hearer h;
    memset(&h, 0, sizeof h);
    diary_open(&h.d, 1);
    coax_server_options silent = COAX_SERVER_OPTIONS_INIT;
    diary_start_server(&h.d, &silent); /* one that has no such event */
    start_client(&h);
    diary_run(&h.d, 10);
    diary_is(&h.d, "+server open status-unimplemented");
    diary_stop_server(&h.d);
    start_server(&h, NULL);
    diary_run(&h.d, 1000);
    diary_is(&h.d, "-server waiting connecting +server open status-ok");
    say(&h, 1);
    diary_run(&h.d, 10);
    diary_is(&h.d, "heard-1");
    diary_close(&h.d);
}

static void a_drained_server_is_left_without_a_word_to_handlers(void **state)
{
    (void)state;
    static hearer h;
    open_both(&h, NULL);
    for (uint32_t i = 1; i <= 20; i++)
        say_long(&h, i, 40000);
    assert_int_equal(coax_server_drain(h.d.server, 1000), COAX_OK);
    diary_run(&h.d, 2000);
    assert_int_equal(h.n_heard, 20); /* what waited has left before the connection ended */
    diary_stop_server(&h.d);
    h.d.text[0] = '\0';
    start_server(&h, NULL);
    diary_run(&h.d, 60000);
    assert_non_null(strstr(h.d.text, "open"));
    assert_non_null(strstr(h.d.text, "status-ok"));
    assert_null(strstr(h.d.text, "status-unavailable"));
    say(&h, 21);
    diary_run(&h.d, 10);
    assert_int_equal(h.last, 21);
    diary_close(&h.d);
}

static void a_connection_that_only_finishes_its_calls_is_heard_until_the_next_is_open(void **state)
{
    (void)state;
    static hearer h;
    coax_server *second = NULL;
    probe p;
    memset(&p, 0, sizeof p);
    open_both(&h, NULL);
    assert_int_equal(diary_hold(&h.d, false, 60000), COAX_OK);
    diary_run(&h.d, 500);
    assert_int_equal(coax_server_drain(h.d.server, 30000), COAX_OK);
    say(&h, 1);
    diary_run(&h.d, 5);
    assert_int_equal(h.n_heard, 1);
    assert_int_equal(coax_server_create(h.d.there, NULL, &second, NULL), COAX_OK);
    assert_int_equal(probe_serve(second, &p), COAX_OK);
    assert_int_equal(news_news_serve(second, NULL, NULL), COAX_OK);
    assert_int_equal(coax_server_listen(second, DIARY_URL, NULL), COAX_OK);
    diary_run(&h.d, 2000);
    say(&h, 2); /* on the old one, which still has a call */
    diary_run(&h.d, 10);
    assert_int_equal(h.n_heard, 1);
    h.d.server = second;
    say(&h, 3);
    diary_run(&h.d, 10);
    assert_int_equal(h.last, 3);
    assert_int_equal(h.n_heard, 2);
    diary_close(&h.d);
}

static void the_end_of_the_client_is_the_end_of_its_subscriptions(void **state)
{
    (void)state;
    static hearer h;
    open_both(&h, NULL);
    coax_client_close(h.d.client);
    h.d.client = NULL;
    diary_run(&h.d, 10);
    diary_is(&h.d, "-server status-cancelled closed");
    diary_close(&h.d);
}

static void events_keep_a_connection_from_being_idle(void **state)
{
    (void)state;
    static hearer h;
    coax_limits limits = COAX_LIMITS_INIT;
    limits.idle_timeout_ms = 1000;
    open_both(&h, &limits);
    for (uint32_t i = 1; i <= 10; i++) {
        say(&h, i);
        diary_run(&h.d, 400);
    }
    assert_int_equal(h.n_heard, 10);
    assert_null(strstr(h.d.text, "-server"));
    diary_run(&h.d, 3000); /* a subscription alone does not */
    assert_non_null(strstr(h.d.text, "-server"));
    diary_close(&h.d);
}

static void connections_that_break_at_any_time_lose_events_but_never_mix_them(void **state)
{
    (void)state;
    static hearer h;
    for (uint64_t seed = 1; seed <= 150; seed++) {
        memset(&h, 0, sizeof h);
        diary_open(&h.d, seed);
        h.is_quiet = true;
        start_server(&h, NULL);
        start_client(&h);
        uint32_t number = 0;
        uint64_t chance = seed * 0x9e3779b97f4a7c15u;
        for (uint32_t i = 0; i < 60; i++) {
            chance = chance * 6364136223846793005u + 1442695040888963407u;
            if ((chance >> 60) < 11)
                say(&h, ++number);
            else if ((chance >> 60) < 13)
                cx_sim_reset(h.d.sim, NULL);
            diary_run(&h.d, (chance >> 40) % 60);
            diary_forget(&h.d);
        }
        diary_run(&h.d, 120000);
        uint32_t heard = h.n_heard;
        say(&h, ++number);
        diary_run(&h.d, 1000);
        assert_int_equal(h.n_heard, heard + 1);
        assert_int_equal(h.last, number);
        assert_false(h.is_disordered);
        diary_close(&h.d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subscription_comes_back_with_the_connection),
        cmocka_unit_test(what_one_server_refused_the_next_is_asked_again),
        cmocka_unit_test(a_drained_server_is_left_without_a_word_to_handlers),
        cmocka_unit_test(a_connection_that_only_finishes_its_calls_is_heard_until_the_next_is_open),
        cmocka_unit_test(the_end_of_the_client_is_the_end_of_its_subscriptions),
        cmocka_unit_test(events_keep_a_connection_from_being_idle),
        cmocka_unit_test(connections_that_break_at_any_time_lose_events_but_never_mix_them),
    };
    return cmocka_run_group_tests_name("node_events", tests, NULL, NULL);
}
