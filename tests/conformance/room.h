/*
 * A server that emits and clients that listen, on one stage: what each of them heard.
 */
#ifndef TESTS_CONFORMANCE_ROOM_H
#define TESTS_CONFORMANCE_ROOM_H

#include "events_client.h"
#include "events_server.h"
#include "stage.h"

enum { ROOM_GUESTS = 6 };

typedef struct room room;

/* One client, what it heard, and what it does then. */
typedef struct guest {
    room *room;
    coax_client *client;
    coax_peer peer; /* at the server */
    coax_subscription subscription;
    coax_subscription alarm;
    uint32_t n_heard;
    uint32_t n_alarms;
    uint32_t last;
    size_t body_len;
    uint32_t n_statuses;
    coax_err status;
    char words[300];
    bool is_closed;
    void (*then)(struct guest *guest); /* with each event */
    void (*then_status)(struct guest *guest);
} guest;

struct room {
    stage stage;
    guest guests[ROOM_GUESTS];
    uint32_t n_guests;
    uint32_t n_connected;
    uint32_t n_gone;
    uint32_t n_asked;
    coax_err verdict;
    size_t size_at_end; /* of the group "den", as on_disconnect found it */
    void (*on_connect)(room *r, coax_peer peer);
    void (*on_subscribe)(room *r, coax_peer peer);
};

/* A server, and `n` clients that have subscribed to said and alarm; all is quiet. `limits` may be NULL. */
void room_open(room *r, uint32_t n, const coax_limits *limits);
/* The same without the clients. */
void room_open_empty(room *r, const coax_limits *limits);
/* One more client; `limits` may be NULL. */
guest *room_enter(room *r, const coax_limits *limits);
void room_close(room *r);

coax_err room_listen(guest *g);
/* Emits said. */
coax_err room_say(room *r, uint32_t number, size_t body_len, const coax_emit_options *options);
/* Lets everything arrive. */
void room_settle(room *r);

#endif
