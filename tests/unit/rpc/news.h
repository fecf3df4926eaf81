/*
 * A service of two events, by hand like echo.h, and a pair on which they can be subscribed:
 *
 *     service News { event flash(Note); event quiet(Note); }
 *
 * The server of the pair has a hub, the client a subscriber that is attached. What handlers and
 * statuses come is written down.
 */
#ifndef TEST_NEWS_H
#define TEST_NEWS_H

#include "pair.h"
#include "rpc/events.h"

extern const coax_method news_methods[2];
#define news_flash news_methods[0]
#define news_quiet news_methods[1]
extern const coax_gen_service news_gen_service;

#define NEWS_KEPT_MAX 4096u

/* One handler: what it was given, and what it does. */
typedef struct news_ear {
    uint64_t ids[NEWS_KEPT_MAX]; /* of the first ones */
    size_t body_len;             /* of the last one */
    uint32_t n_events;
    uint32_t n_statuses;
    coax_err status; /* the last */
    char words[300];
    coax_subscription subscription;
    void (*then)(struct news_ear *ear);        /* in the handler */
    void (*then_status)(struct news_ear *ear); /* in on_status */
    void *self;                                /* the test's */
} news_ear;

typedef struct news_pair {
    pair two; /* first: it is what pair_ functions take */
    cx_hub hub;
    cx_subscriber subscriber;
    coax_err verdict; /* of the hook */
    uint32_t n_asked;
    void (*in_hook)(struct news_pair *news);
} news_pair;

/* Connects; limits may be changed in two.server.config and two.client.config before. */
void news_connect(news_pair *news);
void news_deinit(news_pair *news);

/* cmocka's fixture: *state is a connected news_pair; nothing it took is left behind. */
int news_set_up(void **state);
int news_tear_down(void **state);
/* The same anew with other limits, set by `change`. */
void news_again(news_pair *news, void (*change)(news_pair *news));

/* Subscribes `ear` to an event. */
coax_err news_listen(news_pair *news, const coax_method *event, news_ear *ear);
/* Emits a note with this id and `body_len` bytes; `emission` NULL: to all, dropping the newest. */
coax_emit_report news_emit(news_pair *news, const coax_method *event, uint64_t id, size_t body_len,
                           const cx_emission *emission);

#endif
