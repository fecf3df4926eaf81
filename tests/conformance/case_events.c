/*
 * Events in every style: who hears what the host is asked to tell. More of them, by callback, are in events_test.c.
 *
 * Nobody runs a dialled client between its calls, so a listener of that style hears while it calls. What did not reach
 * a listener is known once it has heard what was told later: events of one name keep their order.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "talk.h"
#include "ask.h"

/* No group. */
#define NOBODYS                                                                                    \
    {                                                                                              \
        "", 0                                                                                      \
    }

enum { LISTENERS = 3, HEARD = 64 };

typedef struct listener {
    scene *scene;
    coax_client *client;
    coax_subscription subscription;
    uint32_t n_heard; /* under the host's mutex, as the next */
    uint32_t n_wrong;
    uint32_t lens[HEARD];
    uint32_t n_statuses;
    coax_err status;
} listener;

typedef struct hall {
    scene scene;
    listener listeners[LISTENERS]; /* the first one tells */
} hall;

#define ASK_HERE(name, stub)                                                                       \
    stub##_result name(stage *s, const stub##_request *asked, const coax_call_options *options);   \
    ASK(name, stub##_result, stub##_request, stub)

ASK_HERE(ask_tell, interop_news_tell)
ASK_HERE(ask_join, interop_news_join)
ASK_HERE(ask_leave, interop_news_leave)

static void on_told(void *self, coax_peer peer, const interop_chunk *event)
{
    listener *l = self;
    (void)peer;
    if (!chunk_is_right(event, event->index))
        host_count(&l->scene->host, &l->n_wrong, 1);
    if (l->n_heard < HEARD)
        l->lens[l->n_heard] = (uint32_t)event->body.len;
    host_count(&l->scene->host, &l->n_heard, 1);
}

static void on_status(void *self, const coax_status *status)
{
    listener *l = self;
    l->status = status->code;
    host_count(&l->scene->host, &l->n_statuses, 1);
}

/* Has the listener's client make the stage's calls. */
static stage *as(listener *l)
{
    l->scene->stage.client = l->client;
    return &l->scene->stage;
}

static void subscribe(listener *l)
{
    coax_subscribe_options options = COAX_SUBSCRIBE_OPTIONS_INIT;
    options.on_status = on_status;
    if (l->scene->stage.style == STYLE_CALLBACK) {
        assert_int_equal(
            interop_news_told_subscribe(l->client, on_told, l, &options, &l->subscription),
            COAX_OK);
        scene_wait(l->scene, &l->n_statuses, 1);
    } else {
        assert_int_equal(
            interop_news_told_subscribe_wait(l->client, on_told, l, &options, &l->subscription),
            COAX_OK);
    }
    assert_int_equal(l->status, COAX_OK);
}

/* One more client, as the stage's was opened. */
static void create(void *self)
{
    listener *l = self;
    assert_int_equal(
        coax_client_create(l->scene->stage.loop, l->scene->stage.url, NULL, &l->client, NULL),
        COAX_OK);
}

static void open_hall(hall *h)
{
    memset(h, 0, sizeof *h);
    scene_open(&h->scene, NULL, NULL);
    for (int i = 0; i < LISTENERS; i++) {
        listener *l = &h->listeners[i];
        l->scene = &h->scene;
        l->client = h->scene.stage.client;
        if (i > 0 && h->scene.stage.style == STYLE_DIALLED)
            assert_int_equal(coax_dial(h->scene.stage.url, NULL, &l->client, NULL), COAX_OK);
        else if (i > 0)
            scene_on_loop(&h->scene, create, l);
        subscribe(l);
    }
}

static void close_hall(hall *h)
{
    for (int i = 1; i < LISTENERS && h->scene.stage.style == STYLE_DIALLED; i++)
        coax_client_close(h->listeners[i].client);
    (void)as(&h->listeners[0]);
    scene_close(&h->scene);
    for (int i = 0; i < LISTENERS; i++)
        assert_int_equal(h->listeners[i].n_wrong, 0);
}

/* Has the first listener ask for it. @return to how many it goes. */
static uint32_t tell(hall *h, const interop_news_tell_request *request)
{
    interop_news_tell_result result = ask_tell(as(&h->listeners[0]), request, NULL);
    if (result.err != COAX_OK)
        fail_msg("%s", result.status.message);
    assert_int_equal(
        result.reply->n_dropped + result.reply->n_disconnected + result.reply->n_failed, 0);
    uint32_t n = result.reply->n_queued;
    interop_news_tell_result_free(&result);
    return n;
}

/* Waits until the listener has heard `n` in all, of these lengths. */
static void assert_heard(listener *l, const uint32_t *lens, uint32_t n)
{
    scene *s = l->scene;
    (void)as(l);
    while (s->stage.style == STYLE_DIALLED && host_read(&s->host, &l->n_heard) < n)
        scene_assert_alive(s);
    scene_wait(s, &l->n_heard, n);
    assert_int_equal(host_read(&s->host, &l->n_heard), n);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(l->lens[i], lens[i]);
}

static uint32_t join(listener *l, const char *group)
{
    const interop_news_join_request request = { .group = coax_str_from(group) };
    interop_news_join_result result = ask_join(as(l), &request, NULL);
    if (result.err != COAX_OK)
        fail_msg("%s", result.status.message);
    uint32_t n = result.reply->n_members;
    interop_news_join_result_free(&result);
    return n;
}

static coax_err leave(listener *l, const char *group)
{
    const interop_news_leave_request request = { .group = coax_str_from(group) };
    interop_news_leave_result result = ask_leave(as(l), &request, NULL);
    coax_err rc = result.err;
    interop_news_leave_result_free(&result);
    return rc;
}

static void everyone_hears_in_order(void **state)
{
    (void)state;
    hall h;
    const interop_news_tell_request many = { .count = 20, .len = 5000, .group = NOBODYS };
    const interop_news_tell_request large = { .count = 1, .len = 300000, .group = NOBODYS };
    uint32_t lens[21];
    open_hall(&h);
    assert_int_equal(tell(&h, &many), 20 * LISTENERS);
    assert_int_equal(tell(&h, &large), LISTENERS);
    for (int i = 0; i < 20; i++)
        lens[i] = 5000;
    lens[20] = 300000;
    for (int i = 0; i < LISTENERS; i++)
        assert_heard(&h.listeners[i], lens, 21);
    close_hall(&h);
}

static void one_hears_what_is_for_it_alone(void **state)
{
    (void)state;
    hall h;
    const interop_news_tell_request mine = {
        .count = 1, .len = 10, .group = NOBODYS, .only_me = true
    };
    const interop_news_tell_request all = { .count = 1, .len = 20, .group = NOBODYS };
    open_hall(&h);
    assert_int_equal(tell(&h, &mine), 1);
    assert_int_equal(tell(&h, &all), LISTENERS);
    assert_heard(&h.listeners[0], (const uint32_t[]){ 10, 20 }, 2);
    for (int i = 1; i < LISTENERS; i++)
        assert_heard(&h.listeners[i], (const uint32_t[]){ 20 }, 1);
    close_hall(&h);
}

static void all_but_one_hear(void **state)
{
    (void)state;
    hall h;
    const interop_news_tell_request others = {
        .count = 1, .len = 10, .group = NOBODYS, .but_me = true
    };
    const interop_news_tell_request all = { .count = 1, .len = 20, .group = NOBODYS };
    open_hall(&h);
    assert_int_equal(tell(&h, &others), LISTENERS - 1);
    assert_int_equal(tell(&h, &all), LISTENERS);
    assert_heard(&h.listeners[0], (const uint32_t[]){ 20 }, 1);
    for (int i = 1; i < LISTENERS; i++)
        assert_heard(&h.listeners[i], (const uint32_t[]){ 10, 20 }, 2);
    close_hall(&h);
}

static void the_members_of_a_group_hear_until_they_leave_it(void **state)
{
    (void)state;
    hall h;
    interop_news_tell_request club = { .count = 1, .len = 10, .group = coax_str_from("club") };
    const interop_news_tell_request all = { .count = 1, .len = 20, .group = NOBODYS };
    open_hall(&h);
    assert_int_equal(tell(&h, &club), 0);
    uint32_t n = join(&h.listeners[0], "club");
    assert_int_equal(n, 1);
    n = join(&h.listeners[1], "club");
    assert_in_range(n, stage_is("loops2") ? 1 : 2, 2); /* counted on one loop */
    (void)join(&h.listeners[1], "club");
    assert_int_equal(tell(&h, &club), 2);
    club.but_me = true;
    club.len = 11;
    assert_int_equal(tell(&h, &club), 1);
    assert_int_equal(leave(&h.listeners[1], "club"), COAX_OK);
    assert_int_equal(leave(&h.listeners[1], "club"), COAX_ERR_NOT_FOUND);
    club.but_me = false;
    club.len = 12;
    assert_int_equal(tell(&h, &club), 1);
    assert_int_equal(tell(&h, &all), LISTENERS);
    assert_heard(&h.listeners[0], (const uint32_t[]){ 10, 12, 20 }, 3);
    assert_heard(&h.listeners[1], (const uint32_t[]){ 10, 11, 20 }, 3);
    assert_heard(&h.listeners[2], (const uint32_t[]){ 20 }, 1);
    close_hall(&h);
}

static void close_subscription(void *self)
{
    listener *l = self;
    assert_int_equal(coax_subscription_close(l->subscription), COAX_OK);
    assert_int_equal(coax_subscription_close(l->subscription), COAX_ERR_STALE);
}

static void who_has_had_enough_hears_no_more(void **state)
{
    (void)state;
    hall h;
    const interop_news_tell_request all = { .count = 1, .len = 20, .group = NOBODYS };
    open_hall(&h);
    if (h.scene.stage.style == STYLE_DIALLED) /* its loop is run by nobody else now */
        close_subscription(&h.listeners[1]);
    else
        scene_on_loop(&h.scene, close_subscription, &h.listeners[1]);
    (void)as(&h.listeners[1]);
    scene_assert_alive(&h.scene);
    assert_int_equal(tell(&h, &all), LISTENERS - 1);
    assert_heard(&h.listeners[0], (const uint32_t[]){ 20 }, 1);
    assert_heard(&h.listeners[2], (const uint32_t[]){ 20 }, 1);
    assert_int_equal(host_read(&h.scene.host, &h.listeners[1].n_heard), 0);
    close_hall(&h);
}

static void on_ring(void *self, coax_peer peer, const interop_bells_rings_request *event)
{
    listener *l = self;
    (void)peer;
    l->lens[0] = event->times;
    host_count(&l->scene->host, &l->n_heard, 1);
}

static void on_absent_ring(void *self, coax_peer peer, const interop_unserved_rings_request *event)
{
    (void)self;
    (void)peer;
    (void)event;
}

static void a_service_may_have_events_alone_and_one_that_is_not_served_has_none(void **state)
{
    (void)state;
    scene s;
    listener l = { .scene = &s };
    coax_subscribe_options options = COAX_SUBSCRIBE_OPTIONS_INIT;
    const interop_bells_rings_request three = { .times = 3 };
    options.on_status = on_status;
    scene_open(&s, NULL, NULL);
    l.client = s.stage.client;
    if (s.stage.style == STYLE_CALLBACK) {
        assert_int_equal(interop_bells_rings_subscribe(l.client, on_ring, &l, &options, NULL),
                         COAX_OK);
        scene_wait(&s, &l.n_statuses, 1);
        assert_int_equal(l.status, COAX_OK);
        assert_int_equal(
            interop_unserved_rings_subscribe(l.client, on_absent_ring, &l, &options, NULL),
            COAX_OK);
        scene_wait(&s, &l.n_statuses, 2);
        assert_int_equal(l.status, COAX_ERR_UNIMPLEMENTED);
    } else {
        assert_int_equal(interop_bells_rings_subscribe_wait(l.client, on_ring, &l, &options, NULL),
                         COAX_OK);
        assert_int_equal(
            interop_unserved_rings_subscribe_wait(l.client, on_absent_ring, &l, &options, NULL),
            COAX_ERR_UNIMPLEMENTED);
    }
    assert_int_equal(interop_bells_rings_emit(s.stage.server, &three, NULL), COAX_OK);
    assert_heard(&l, (const uint32_t[]){ 3 }, 1);
    scene_close(&s);
}

int cases_of_events(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everyone_hears_in_order),
        cmocka_unit_test(one_hears_what_is_for_it_alone),
        cmocka_unit_test(all_but_one_hear),
        cmocka_unit_test(the_members_of_a_group_hear_until_they_leave_it),
        cmocka_unit_test(who_has_had_enough_hears_no_more),
        cmocka_unit_test(a_service_may_have_events_alone_and_one_that_is_not_served_has_none),
    };
    return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
