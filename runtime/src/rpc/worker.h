/*
 * Calls whose handlers run on threads of their own (@blocking): what the rpc layer and the pool want of each other.
 *
 * The pool is node's, because threads are. On the loop such a call is like any whose handler has returned without an
 * answer; its handler has another handle, with CX_HANDLE_WORKER in it, and every public function that
 * it may be given to asks here first. What the pool does to the call it does on the loop, with the call's own
 * handle. Read next: worker.c, node/workers.h.
 */
#ifndef CX_RPC_WORKER_H
#define CX_RPC_WORKER_H

#include <coax/gen_server.h>

#include "rpc/parts.h"

/* In coax_call.index, beside CX_HANDLE_INBOUND: the handle of a handler on a worker. */
#define CX_HANDLE_WORKER 0x40000000u

/* A call that a worker is to run. */
typedef struct cx_worker_job {
    coax_call call; /* on the loop */
    const cx_row *row;
    const void *request;
    coax_memory *memory; /* the request's */
    uint64_t deadline;
    uint32_t window;      /* bytes of items that may wait for credit */
    uint32_t max_message; /* what the peer takes */
    uint32_t max_metadata;
    const coax_metadata *metadata; /* that came; in `memory`, or empty */
    cx_person *person;             /* who made it; NULL: anonymous */
} cx_worker_job;

/* What is known of a worker's call without asking its loop. */
typedef struct cx_worker_view {
    coax_peer peer;
    uint64_t deadline; /* CX_NO_DEADLINE: none */
    uint32_t method_id;
    const coax_metadata *metadata; /* never NULL */
    void *data;
    const cx_person *person; /* as long as the handler runs */
} cx_worker_view;

struct cx_worker_ops {
    /* Loop's thread. On failure it is as if it had not been asked. */
    coax_err (*start)(struct cx_workers *pool, const cx_worker_job *job);
    /* The worker's thread: as the public functions of their names. */
    coax_err (*reply)(coax_call call, const coax_method *method, const void *reply);
    coax_err (*throw_error)(coax_call call, const coax_method *method, const coax_type *error,
                            const void *value);
    coax_err (*fail)(coax_call call, coax_err code, const char *words);
    coax_err (*item)(coax_call call, const coax_method *method, const void *item);
    coax_err (*end)(coax_call call);
    bool (*take)(coax_call call, const coax_method *method, const void **ret_item);
    coax_err (*set_data)(coax_call call, void *data);
    coax_err (*send_metadata)(coax_call call, const coax_metadata *metadata);
    coax_err (*set_trailer)(coax_call call, const coax_metadata *metadata);
    coax_err (*set_retry)(coax_call call, uint32_t retry_after_ms);
    /* False: the call has ended. Any thread while the handler runs. */
    bool (*view)(coax_call call, cx_worker_view *ret);
};

static inline bool cx_is_worker(coax_call call)
{
    return call.loop != NULL && (call.index & CX_HANDLE_WORKER) != 0;
}

static inline const struct cx_worker_ops *cx_workers_of(coax_call call)
{
    return cx_core_of(call.loop)->workers;
}

/* Whether calls of `method` go to the pool of `endpoint`. */
static inline bool cx_worker_wanted(const cx_endpoint *endpoint, const coax_method *method)
{
    return COAX_UNLIKELY((method->flags & COAX_METHOD_BLOCKING) != 0) &&
           endpoint->config->workers != NULL;
}

/* Hands a call to the pool, where the handler would run. false: it could not, and its caller has been told. */
bool cx_worker_start(cx_call_in *call, const cx_row *row, const void *request);

/*
 * The handler has returned, and what it said has been sent: ends the call if it did not, and lets go of it if it was
 * abandoned.
 */
void cx_worker_settle(coax_call call);

/* What a worker encoded, on the loop. As coax_gen_reply, coax_gen_throw and coax_gen_item. */
coax_err cx_worker_reply(coax_call call, const coax_method *method, coax_bytes encoded);
coax_err cx_worker_item(coax_call call, const coax_method *method, coax_bytes encoded);
/* An answer that breaks its schema: our own side hears `why`, the caller that much. */
void cx_worker_report(coax_call call, const char *why); /* an item */
coax_err cx_worker_bad_answer(coax_call call, const char *why);
coax_err cx_worker_throw(coax_call call, const coax_method *method, const coax_type *error,
                         coax_bytes encoded);

#endif
