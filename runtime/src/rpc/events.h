/*
 * Events: who wants to hear of what, and what waits for whom.
 *
 * Two halves that share nothing but the wire. A subscriber (events_in.c) is a client's: it knows the
 * handlers, asks the connection it is attached to for each distinct event, and asks again on the
 * next connection. A hub (events_out.c) is a server's, one for each of its loops: it knows who has
 * subscribed to what, and which groups there are (groups.c). What is emitted waits for each peer in
 * a queue of its own (events_queue.c), which the link empties by its pull hook, so that what waits
 * can still be dropped. Knows no threads: an emit on several loops is one cx_hub_emit on each.
 *
 * Invariants: a peer is in no topic and no group from the moment its link has closed; what waits for
 * one peer counts at most max_event_queue, or is one event; events reach a peer in the order of
 * emitting, whatever their names. Read next: events_in.c, events_out.c.
 */
#ifndef CX_RPC_EVENTS_H
#define CX_RPC_EVENTS_H

#include <coax/event.h>
#include <coax/gen_client.h>

#include "base/list.h"
#include "base/siphash.h"
#include "link/idtable.h"
#include "link/link.h"
#include "rpc/core.h"
#include "rpc/registry.h"

typedef struct cx_endpoint cx_endpoint;

/* Bytes that an event counts for in a queue besides its own: what keeping it costs. */
#define CX_EVENT_COST 64u
/* Bytes of a group's name. */
#define CX_GROUP_NAME_MAX 128u

/* ---- A client's half. ---- */

typedef struct cx_wish cx_wish; /* one distinct event, and its handlers */

/*
 * What a client wants to hear. It outlives connections, and ends once: `end` tells every handler
 * and lets it go.
 */
typedef struct cx_subscriber {
    cx_core *core;
    cx_endpoint *endpoint; /* attached to; NULL: none */
    cx_idtable wishes;     /* event id -> cx_wish */
    cx_idtable asks;       /* call id of a SUBSCRIBE under way -> cx_wish */
    cx_list list;          /* the wishes, oldest first */
    uint32_t max;          /* distinct events */
    uint32_t n_asks;       /* so far */
    cx_wish *visited;      /* whose handlers are being called; NULL: none, or it is gone */
    cx_list *next;         /* the one after the handler being called */
    uint64_t n_visits;
    bool is_ended;
} cx_subscriber;

/* What coax_gen_subscribe is told, and a second one who wants to know how it began. */
typedef struct cx_subscribe_args {
    const coax_method *event;
    coax_gen_event_fn glue;
    coax_gen_any_fn user_fn;
    void *self;
    void (*on_status)(void *self, const coax_status *status); /* NULL: silence */
    /* NULL, or told of the first status only, after on_status: then who waited may forget `self`. */
    void (*on_first)(void *first_self, const coax_status *status);
    void *first_self;
} cx_subscribe_args;

/* Takes no memory yet. `limits` are resolved. */
void cx_subscriber_init(cx_subscriber *subscriber, cx_core *core, const coax_limits *limits);
/* Frees what there is without a word. Works on a zeroed one. */
void cx_subscriber_deinit(cx_subscriber *subscriber);

/* coax_gen_subscribe. Statuses and events come from the loop only. */
COAX_MUST_USE coax_err cx_subscriber_add(cx_subscriber *subscriber, const cx_subscribe_args *args,
                                         coax_error *error, coax_subscription *ret);

/*
 * From now on events come from `endpoint`, which is asked for every event there is a handler of;
 * handlers hear on_status for each answer. One attached before that goes on is told that its events
 * are not wanted any more. Legal as soon as calls are, open or not; twice is once. An endpoint whose
 * link closes is no longer attached, and handlers hear nothing of that.
 */
void cx_subscriber_attach(cx_subscriber *subscriber, cx_endpoint *endpoint);
/* There will be no connection any more: every handler hears `code` and `words` and is gone. */
void cx_subscriber_end(cx_subscriber *subscriber, coax_err code, const char *words);

/*
 * Call ids of SUBSCRIBE and EVENT: their low 20 bits name none of CX_CALLS_MAX slots. Events of one
 * priority have always the same, so that the link keeps them in order.
 */
#define CX_EVENT_CALL 0xffffeu /* high; normal and low are the two below */
#define CX_ASK_FIRST 0xfffc2u
#define CX_ASK_COUNT 0x3au

/* Whether the answer to this call is one to a SUBSCRIBE. */
static inline bool cx_events_is_ask(uint32_t call)
{
    return (call & 0xfffffu) - CX_ASK_FIRST < CX_ASK_COUNT;
}

/* What dispatch.c brings: an EVENT; the RESPONSE or ERROR to a SUBSCRIBE, or why there is none. */
void cx_events_arrive(cx_endpoint *endpoint, const cx_frame *frame, cx_message *message);
void cx_events_answer(cx_endpoint *endpoint, const cx_frame *frame, cx_message *message);
void cx_events_no_answer(cx_endpoint *endpoint, const cx_frame *frame, const coax_error *why);
/* Whether an EVENT, or an answer, of several frames is wanted. */
bool cx_events_accept(const cx_endpoint *endpoint, const cx_frame *frame);

/* ---- A server's half. ---- */

typedef struct cx_follower cx_follower; /* one peer that has subscribed or is in a group */
typedef struct cx_group cx_group;

typedef struct cx_hub {
    cx_core *core;
    const cx_registry *registry;
    const coax_limits *limits;
    cx_idtable topics;  /* event id -> who has subscribed */
    cx_idtable follows; /* peer and event id -> its place there */
    cx_idtable groups;  /* hash of the name -> cx_group */
    cx_idtable members; /* peer and group -> its place there */
    uint64_t n_groups_made;
    bool is_walking; /* through subscribers: nobody outside may be called */
    uint8_t key[CX_SIPHASH_KEY];
    /* NULL, or asked whether a peer may subscribe; may emit, close, subscribe elsewhere. */
    coax_err (*allows)(void *self, coax_peer peer, uint32_t event_id, coax_error *error);
    /* NULL, or asked to send what waits for `endpoint` at once, if no callback can come of it. */
    void (*flush)(cx_endpoint *endpoint);
    void *self; /* for allows */
} cx_hub;

/* Takes no memory yet. What it is given is borrowed. */
void cx_hub_init(cx_hub *hub, cx_core *core, const cx_registry *registry,
                 const coax_limits *limits);
/* No endpoint uses it any more. Works on a zeroed one. */
void cx_hub_deinit(cx_hub *hub);

/* One event on its way to the subscribers of one loop. */
typedef struct cx_emission {
    const coax_method *event;
    cx_shared *message; /* borrowed */
    coax_peer peer;     /* zeroed: to all */
    coax_peer except;
    const char *group; /* NULL: members or not */
    coax_slow_policy policy;
    uint8_t priority; /* coax_priority */
} cx_emission;

/*
 * Queues it for whom it is for and adds up what became of it. No callback comes of it. Returns
 * COAX_ERR_STALE when `peer` is one of this loop's and gone, else COAX_OK.
 */
coax_err cx_hub_emit(cx_hub *hub, const cx_emission *emission, coax_emit_report *report);
/* Whether a group may be called so: 1 to CX_GROUP_NAME_MAX bytes. NULL is no name. */
bool cx_group_name_is_valid(const char *name);
/* Members on this loop. */
size_t cx_hub_group_size(const cx_hub *hub, const char *group);

/* What dispatch.c brings. */
void cx_events_subscribe(cx_endpoint *endpoint, const cx_frame *frame);
void cx_events_unsubscribe(cx_endpoint *endpoint, const cx_frame *frame);
void cx_events_pull(cx_endpoint *endpoint);

/* ---- Both. ---- */

/* The link has closed: a hub forgets the peer and what waited for it, a subscriber is detached. */
void cx_events_closed(cx_endpoint *endpoint);
/* Whether events wait to be sent. */
bool cx_events_wait(const cx_endpoint *endpoint);

#endif
