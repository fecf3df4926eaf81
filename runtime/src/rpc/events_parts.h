/*
 * What the files of the events share: the places of a peer in topics and groups, and its queue.
 */
#ifndef CX_RPC_EVENTS_PARTS_H
#define CX_RPC_EVENTS_PARTS_H

#include "rpc/events.h"
#include "rpc/parts.h"

/* ---- A client's half. ---- */

typedef enum cx_wish_state {
    CX_WISH_IDLE = 0, /* no connection, or it has not been asked */
    CX_WISH_ASKED,
    CX_WISH_HELD,
    CX_WISH_REFUSED
} cx_wish_state;

struct cx_wish {
    cx_subscriber *subscriber;
    const coax_method *event;
    cx_list links;     /* subscriber->list */
    cx_list handlers;  /* cx_subscription, oldest first */
    cx_timer timer;    /* while ASKED: for the answer */
    uint32_t ask;      /* while ASKED: the call's id */
    uint8_t state;     /* cx_wish_state */
    cx_stats_row *row; /* where it is counted; NULL: not looked up yet, or nobody counts */
    coax_err refusal;  /* while REFUSED */
};

/* What a coax_subscription names. */
typedef struct cx_subscription {
    cx_slot slot;
    cx_list links; /* wish->handlers */
    cx_wish *wish;
    cx_subscribe_args args;
    uint64_t born;  /* the visit it was added in, which does not reach it */
    cx_work status; /* tells it alone how its wish stands */
} cx_subscription;

typedef void (*cx_visit_fn)(cx_subscription *subscription, const void *what);

/* events_in.c */
/* Calls `fn` for every handler that was there when it began and still is when its turn comes. */
void cx_wish_visit(cx_wish *wish, cx_visit_fn fn, const void *what);
/* The answer is there: every handler is told. */
void cx_wish_answered(cx_wish *wish, const coax_status *status);
/* There is no answer that counts; the next connection is asked. */
void cx_wish_put_off(cx_wish *wish);
/* Lets go of the endpoint, which is told where it goes on. Fine when there is none. */
void cx_subscriber_let_go(cx_subscriber *subscriber);

/* ---- A server's half. ---- */

#define CX_EVENTS_AT_HAND 4u

typedef struct cx_waiting_event {
    cx_shared *message;
    uint32_t event_id;
    uint8_t priority;
} cx_waiting_event;

/* A ring; `count` of them from `first` on. An empty one takes no memory. */
typedef struct cx_event_queue {
    cx_waiting_event *ring; /* at_hand, or a block of the pool */
    uint32_t first;
    uint32_t count;
    uint32_t capacity; /* a power of two */
    size_t bytes;      /* what they count for */
    cx_waiting_event at_hand[CX_EVENTS_AT_HAND];
} cx_event_queue;

/* Those who have subscribed to one event. It is there while there is one. */
typedef struct cx_topic {
    uint32_t event_id;
    uint32_t n_follows;
    cx_list follows;
} cx_topic;

/* One peer's subscription to one event. */
typedef struct cx_follow {
    cx_list in_topic;
    cx_list mine; /* follower->follows */
    cx_topic *topic;
    cx_follower *follower;
} cx_follow;

struct cx_group {
    cx_group *next; /* with the same hash */
    cx_list members;
    uint64_t number; /* no other group has had it */
    size_t n_members;
    uint64_t hash;
    size_t size; /* of this block */
    char name[]; /* NUL-terminated */
};

typedef struct cx_member {
    cx_list in_group;
    cx_list mine; /* follower->memberships */
    cx_group *group;
    cx_follower *follower;
} cx_member;

struct cx_follower {
    cx_endpoint *endpoint;
    cx_hub *hub;
    cx_list follows;
    cx_list memberships;
    cx_list slow; /* found too slow by the emit under way */
    uint32_t n_follows;
    uint32_t n_groups;
    bool is_slow; /* its queue was full, and has not been empty since; it was logged */
    cx_event_queue queue;
};

/* events_out.c: the one of an endpoint, made when it is needed. NULL: no memory. */
cx_follower *cx_follower_of(cx_endpoint *endpoint);
bool cx_follower_has(const cx_follower *follower, uint32_t event_id);

/* events_queue.c */
void cx_event_queue_init(cx_event_queue *queue);
void cx_event_queue_deinit(cx_event_queue *queue, cx_pool *pool);
/*
 * Queues for one peer as the policy says. True: it is slow, and is to be noted or closed when all have
 * been seen to.
 */
bool cx_follower_push(cx_follower *follower, const cx_emission *emission, coax_emit_report *report);
/* Logged once until its queue has been empty: the drops themselves are counted. The sink may do anything. */
void cx_follower_note_slow(cx_follower *follower, const coax_method *event);

/* groups.c */
cx_group *cx_group_find(const cx_hub *hub, const char *name);
bool cx_group_has(const cx_hub *hub, const cx_group *group, const cx_follower *follower);
/* Takes a peer out of all its groups. */
void cx_groups_forget(cx_follower *follower);

#endif
