/*
 * The pair with events.
 */
#include <stdio.h>
#include <string.h>

#include "news.h"

const coax_method news_methods[2] = {
    { .name = "news.News.flash",
      .id = 0xbe0u,
      .kind = COAX_METHOD_EVENT,
      .request = &echo_note_type },
    { .name = "news.News.quiet",
      .id = 0xbe1u,
      .kind = COAX_METHOD_EVENT,
      .request = &echo_note_type },
};
static const coax_service service = { .name = "news.News",
                                      .methods = news_methods,
                                      .n_methods = 2 };
const coax_gen_service news_gen_service = { &service, NULL, 0, 0 };

static coax_err allow(void *self, coax_peer peer, uint32_t event_id, coax_error *error)
{
    news_pair *news = self;
    (void)peer;
    (void)event_id;
    news->n_asked++;
    if (news->in_hook != NULL)
        news->in_hook(news);
    return news->verdict == COAX_OK ? COAX_OK : coax_error_set(error, news->verdict, "not for you");
}

void news_connect(news_pair *news)
{
    pair *two = &news->two;
    if (pair_make(two) != COAX_OK)
        return;
    cx_hub_init(&news->hub, &two->server.core, &two->server.registry, &two->server.config.limits);
    news->hub.allows = allow;
    news->hub.self = news;
    two->server.config.hub = &news->hub;
    cx_subscriber_init(&news->subscriber, &two->client.core, &two->client.config.limits);
    cx_subscriber_attach(&news->subscriber, &two->client.endpoint);
    if (cx_registry_add(&two->server.registry, &news_gen_service, NULL, NULL, NULL) == COAX_OK)
        pair_pump(two);
}

void news_deinit(news_pair *news)
{
    cx_subscriber_deinit(&news->subscriber);
    pair *two = &news->two;
    cx_endpoint_deinit(&two->server.endpoint);
    cx_hub_deinit(&news->hub);
    pair_deinit(two);
}

void news_again(news_pair *news, void (*change)(news_pair *news))
{
    news_deinit(news);
    memset(news, 0, sizeof *news);
    pair_init(&news->two);
    change(news);
    news_connect(news);
}

int news_set_up(void **state)
{
    static news_pair news;
    memset(&news, 0, sizeof news);
    pair_init(&news.two);
    news_connect(&news);
    *state = &news;
    return news.two.client.n_open == 1 && news.two.server.n_open == 1 ? 0 : -1;
}

int news_tear_down(void **state)
{
    news_pair *news = *state;
    news_deinit(news);
    return news->two.fake.n_live == 0 ? 0 : -1;
}

static void glue(void *self, coax_gen_any_fn user_fn, coax_peer peer, const void *event)
{
    const echo_note *note = event;
    news_ear *ear = self;
    (void)user_fn;
    (void)peer;
    ear->ids[ear->n_events++ % NEWS_KEPT_MAX] = note->id;
    ear->body_len = note->body.len;
    if (ear->then != NULL)
        ear->then(ear);
}

static void on_status(void *self, const coax_status *status)
{
    news_ear *ear = self;
    ear->n_statuses++;
    ear->status = status->code;
    (void)snprintf(ear->words, sizeof ear->words, "%s", status->message);
    if (ear->then_status != NULL)
        ear->then_status(ear);
}

coax_err news_listen(news_pair *news, const coax_method *event, news_ear *ear)
{
    const cx_subscribe_args args = {
        .event = event, .glue = glue, .self = ear, .on_status = on_status
    };
    return cx_subscriber_add(&news->subscriber, &args, NULL, &ear->subscription);
}

coax_emit_report news_emit(news_pair *news, const coax_method *event, uint64_t id, size_t body_len,
                           const cx_emission *emission)
{
    static uint8_t body[5 * 1024 * 1024];
    coax_emit_report report = { 0, 0, 0, 0 };
    cx_emission it = { .policy = COAX_SLOW_DROP_NEWEST };
    echo_note note = echo_make(id, "news");
    if (emission != NULL)
        it = *emission;
    if (body_len > 0)
        note.body = (coax_bytes){ body, body_len };
    it.event = event;
    if (cx_shared_encode(&news->two.fake.env.allocator, event->request->encode, &note, sizeof body,
                         false, &it.message) != COAX_OK)
        return report;
    (void)cx_hub_emit(&news->hub, &it, &report);
    cx_shared_unref(it.message);
    return report;
}
