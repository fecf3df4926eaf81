/*
 * A small service of streams for tests of the rpc layer, in the shape that idlc gives, but by hand:
 *
 *     service Flow {
 *         rpc list(Note) -> stream Note throws Broken;
 *         rpc sum(Note, stream Note) -> Note throws Broken;
 *         rpc chat(Note, stream Note) -> stream Note throws Broken;
 *         rpc quick(Note, stream Note) -> stream Note @timeout(50ms);
 *         rpc small(Note, stream Note) -> stream Note @max_request(64) @max_reply(64);
 *     }
 *
 * A flow_end is one end of one stream, whichever side it is on: it records what it sees, and does what a test
 * hangs into it.
 */
#ifndef TEST_FLOW_H
#define TEST_FLOW_H

#include "pair.h"

#define FLOW_ENDS_MAX 64u

extern const coax_method flow_list, flow_sum, flow_chat, flow_quick, flow_small;
extern const coax_gen_stream_glue flow_glue;

typedef struct flow_end flow_end;
struct flow_end {
    const coax_method *method;
    coax_call call;
    void *user;   /* the test's; a handler's end has its server's */
    uint64_t tag; /* of the test's choice; travels with the request, so both ends have it */
    /* Seen. */
    uint32_t n_items;
    uint64_t next_id;  /* items count up from 1 */
    uint32_t n_broken; /* that did not, or whose body was not what its id says */
    size_t bytes;      /* of bodies */
    size_t last_len;
    uint32_t n_after;      /* anything after the end */
    uint32_t n_writable;   /* told that there is room */
    uint32_t n_peer_ended; /* a handler's on_end */
    bool was_live;         /* then */
    pair_answer result;    /* a caller's on_end */
    bool is_receiving;     /* a handler's */
    bool has_ended;        /* for a test to remember */
    /* Done. */
    void (*on_item)(flow_end *end, const echo_note *item);
    void (*on_writable)(flow_end *end);
    void (*on_peer_ended)(flow_end *end);
    /* Sent with flow_push: ids count up from 1. */
    uint64_t n_sent;
    uint32_t n_left; /* for a test to remember */
};

/* What a served side has: an end for each call, in the order they came. */
typedef struct flow_server {
    flow_end ends[FLOW_ENDS_MAX];
    uint32_t n_ends;
    void *user;
    bool is_late; /* handlers don't receive */
    void (*on_call)(flow_end *end, const echo_note *request);
} flow_server;

/* Serves all of it on a side. */
coax_err flow_serve(pair_side *side, flow_server *server);
coax_err flow_serve_in(cx_registry *registry, flow_server *server);
/* Starts a call that writes into `end`. */
coax_err flow_start(pair_side *side, const coax_method *method, flow_end *end);
coax_err flow_start_with(pair_side *side, const coax_method *method,
                         const coax_call_options *options, flow_end *end);
coax_err flow_start_at(cx_endpoint *endpoint, const coax_method *method,
                       const coax_call_options *options, flow_end *end);
/* What a handler does to take items. */
coax_err flow_receive(flow_end *end);
/* What is told that there is room; `self` is the end. */
void flow_on_writable(void *self, coax_call call);
/* Sends the next item, with a body of `len` bytes that its id decides. */
coax_err flow_push(flow_end *end, size_t len);
/* Pushes items of `len` bytes until one is refused; returns how many went. */
uint32_t flow_push_until_refused(flow_end *end, size_t len);
/* Encoded bytes of an item with a body of `len`. */
size_t flow_item_size(uint64_t id, size_t len);

#endif
