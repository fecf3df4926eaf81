/*
 * Interceptors of one server or client, and the watch that a call has while they look at it.
 *
 * Where there are none a call has no watch, and nothing is done. A watch lives from the first on_start to the last
 * on_end, in a block of the pool. Invariants: on_end comes once for each interceptor whose on_start let the call
 * pass; the call's handle is no live one inside of both. Read next: intercept.c.
 */
#ifndef CX_RPC_INTERCEPT_H
#define CX_RPC_INTERCEPT_H

#include <coax/intercept.h>

#include "rpc/rpc.h"

/* In order. Grows only; calls that were started before see those that were there then. */
typedef struct cx_interceptors {
    cx_pool *pool; /* borrowed */
    coax_interceptor *items;
    size_t cap; /* bytes */
    uint32_t n;
} cx_interceptors;

typedef struct cx_watch cx_watch;

/* Takes no memory yet. */
void cx_interceptors_init(cx_interceptors *interceptors, cx_pool *pool);
void cx_interceptors_deinit(cx_interceptors *interceptors);
/* Copied. COAX_ERR_BAD_OPTION (its size), COAX_ERR_NO_MEMORY. */
COAX_MUST_USE coax_err cx_interceptors_add(cx_interceptors *interceptors,
                                           const coax_interceptor *interceptor);

static inline bool cx_is_intercepted(const cx_endpoint *endpoint)
{
    const cx_interceptors *all = endpoint->config->interceptors;
    return COAX_UNLIKELY(all != NULL && all->n > 0);
}

/* What a call is to those who look at it, from both ends of its life. */
typedef struct cx_watched {
    cx_endpoint *endpoint;
    const coax_method *method; /* NULL: nobody here knows it */
    uint32_t method_id;
    bool is_inbound;
    coax_call call;
    const coax_metadata *metadata; /* NULL: none */
} cx_watched;

/*
 * Runs on_start for all. COAX_OK: `ret` is to be given to cx_watch_end. Else it was refused, by an interceptor or for want
 * of memory; those that had let it pass have been told, `error` has the words.
 */
COAX_MUST_USE coax_err cx_watch_start(const cx_watched *what, size_t request_len, cx_watch **ret,
                                      coax_error *error);
/* Has the watch remember the metadata of a call made here, which its maker takes back. */
void cx_watch_keep(cx_watch *watch, const cx_watched *what);
/* Counts what passes; NULL is fine. */
COAX_COLD void cx_watch_count_reply(cx_watch *watch, size_t len);
static inline void cx_watch_replied(cx_watch *watch, size_t len)
{
    if (COAX_UNLIKELY(watch != NULL))
        cx_watch_count_reply(watch, len);
}
void cx_watch_item_in(cx_watch *watch, size_t len);
void cx_watch_item_out(cx_watch *watch, size_t len);
/* How the peer was told that the call has ended; borrowed until the end, which comes at once. NULL is fine. */
void cx_watch_told(cx_watch *watch, coax_err code, const char *words, uint32_t error_id);
/* Runs on_end in the opposite order, and frees. `status` NULL: what was told, else what `code` means. */
void cx_watch_end(cx_watch *watch, const cx_watched *what, coax_err code,
                  const coax_status *status);
/* Frees without telling: for an endpoint that its shell gives up. NULL is fine. */
void cx_watch_drop(cx_watch *watch, cx_core *core);

#endif
