/*
 * Interceptors: functions that see every call on its way in or out, and may refuse it.
 *
 * For logging, tracing, measuring and admission. Several run in the order they were added; on the
 * way back in the opposite one. Calls of methods that nobody serves and requests that can't be
 * decoded are seen as well; not those that one of the connection's own limits refuses, nor calls
 * here that could not start for a reason of their own. Invariants: on_end comes exactly once for
 * every call that passed this interceptor's on_start, with what became of it; on_start may refuse,
 * nothing may be changed. Both may run inside a function that the user called, where that begins or
 * ends a call.
 */
#ifndef COAX_INTERCEPT_H
#define COAX_INTERCEPT_H

#include <coax/call.h>

COAX_BEGIN_DECLS

/** A call as an interceptor sees it. All pointers are borrowed for the callback. */
typedef struct coax_call_info {
    const char *method_name;   /* "bank.Bank.transfer"; NULL when nobody here knows the method */
    const coax_method *method; /* likewise */
    uint32_t method_id;
    bool is_inbound; /* handled here; else made here */
    coax_peer peer;  /* the other end */
    /**
     * Names the call; absent for one-way ones. Inside both functions it is stale but for
     * coax_call_set_data; what on_start has let pass may be used once on_start has returned.
     */
    coax_call call;
    const coax_metadata *metadata; /* that came or goes with the request; never NULL */
    void *data; /* this interceptor's own, for one call: what on_start leaves here on_end finds */
    /* On the way back only: */
    const coax_status *status; /* NULL in on_start */
    uint64_t
        request_bytes; /* encoded, items of streams included; in on_start those of the request */
    uint64_t reply_bytes;
    uint32_t n_items_in; /* of a stream */
    uint32_t n_items_out;
    uint64_t duration_ns; /* from on_start to the end */
} coax_call_info;

typedef struct coax_interceptor {
    size_t size;
    void *self; /* for both */
    /**
     * Before a call's request is decoded (inbound) or sent. Anything but COAX_OK refuses it: the
     * caller gets that code with the words of `error`. NULL: let all pass.
     */
    coax_err (*on_start)(void *self, coax_call_info *info, coax_error *error);
    /** The call is over. NULL: not told. */
    void (*on_end)(void *self, const coax_call_info *info);
} coax_interceptor;

#define COAX_INTERCEPTOR_INIT                                                                      \
    {                                                                                              \
        sizeof(coax_interceptor), NULL, NULL, NULL                                                 \
    }

/**
 * Adds one for calls that come in to a server's connections and calls that its handlers make to
 * peers. Before the first listen. Copied. With many loops it runs on each of them at once. @return
 * COAX_OK, COAX_ERR_MISUSE (listening already), COAX_ERR_NO_MEMORY.
 */
COAX_API coax_err coax_server_intercept(coax_server *server, const coax_interceptor *interceptor);
/** Adds one for the calls of a client, both ways. Before its first call. @return as above. */
COAX_API coax_err coax_client_intercept(coax_client *client, const coax_interceptor *interceptor);

COAX_END_DECLS

#endif
