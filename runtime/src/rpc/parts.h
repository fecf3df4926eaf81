/*
 * What the files of the rpc layer share: the two call objects, and who calls whom.
 *
 *     dispatch.c   link's events -> the rooms below
 *     call_out.c   calls this side started: start.c begins them, call_out.c ends them, once
 *     call_in.c    calls this side answers: arrive.c is the way to their handlers, answer.c the way back
 *     cancel.c     ends before the answer: cancels, both ways, and how they travel on
 *     stream.h     what a call of a streaming method has beside it
 *     handles.c    the public coax_call_ and coax_peer_ functions
 */
#ifndef CX_RPC_PARTS_H
#define CX_RPC_PARTS_H

#include "rpc/encoded.h"
#include "rpc/intercept.h"
#include "rpc/lot.h"
#include "rpc/rpc.h"

#define CX_NO_DEADLINE UINT64_MAX
#define CX_NS_PER_MS 1000000u
#define CX_NS_PER_US 1000u
/* Bytes of a message in a Status. */
#define CX_STATUS_WORDS_MAX 1024u

/* In coax_call.index: the call is being handled here, not made here. */
#define CX_HANDLE_INBOUND 0x80000000u

typedef struct cx_stream_part cx_stream_part; /* stream.h */

/* A request on its way out. The encoded parts are to be freed. */
typedef struct cx_outgoing {
    const void *request;
    cx_encoded message;  /* all zero: not encoded yet */
    cx_encoded metadata; /* all zero: none */
} cx_outgoing;

/* A call's request while it waits for a connection. */
typedef struct cx_parked {
    size_t cap; /* of the block this lies in */
    cx_encoded message;
    cx_encoded metadata;
} cx_parked;

typedef struct cx_came_first cx_came_first; /* head.c */

/* A call this side started. */
typedef struct cx_call_out {
    cx_slot slot;
    cx_list links; /* in endpoint->calls */
    cx_timer timer;
    cx_endpoint *endpoint;
    const coax_method *method;
    coax_gen_done_fn done;
    coax_gen_any_fn user_fn;
    void *self;
    uint64_t deadline;
    cx_list siblings;          /* in children of the call it was made for; alone without one */
    cx_came_first *came_first; /* the peer's initial metadata; NULL: none so far */
    cx_stream_part *stream;    /* NULL: unary */
    cx_parked *parked;         /* it waits in a lot; NULL: it has been sent */
    void *data;                /* the user's */
    cx_watch *watch;           /* of interceptors; NULL: there were none */
    coax_err ending;           /* what a cancelled one ends with */
    uint8_t priority;          /* coax_priority */
    bool is_cancelled;         /* its end is put off in `work`; answers are no longer taken */
    cx_work work;
    cx_stats_row *row; /* where it is counted */
    uint64_t started_ns;
} cx_call_out;

typedef enum cx_call_in_state {
    CX_CALL_ARRIVING,    /* interceptors look at it; nothing else knows it yet */
    CX_CALL_RUNNING = 1, /* an answer is wanted */
    CX_CALL_ENDED,       /* answered inside its handler, which still looks at the request */
    CX_CALL_ABANDONED    /* the caller is gone or told; alive until the handler answers in vain */
} cx_call_in_state;

/* A call this side answers. */
typedef struct cx_call_in {
    cx_slot slot;
    cx_list links; /* in endpoint->handlers */
    cx_timer timer;
    cx_endpoint *endpoint;
    const coax_method *method; /* NULL: the fallback has it */
    coax_memory *memory;       /* the request */
    size_t held;               /* what it counts for in endpoint->held */
    uint64_t deadline;
    uint32_t wire_id;
    uint32_t method_id;
    cx_list children; /* cx_call_out.siblings: calls made for this one */
    void (*on_cancel)(void *self, coax_call call, coax_err why); /* NULL: not watched */
    void *cancel_self;
    cx_stream_part *stream;        /* NULL: unary, one-way, or the fallback's */
    void *data;                    /* the user's */
    const coax_metadata *metadata; /* that came, in `memory`; NULL: none */
    cx_encoded trailer;            /* goes with what ends the call; all zero: nothing */
    cx_watch *watch;               /* of interceptors; NULL: there were none */
    uint32_t initial_len;          /* bytes of metadata that went in HEAD */
    bool has_begun; /* HEAD or an item has been sent: no more HEAD, and the end keeps behind it */
    uint8_t state;  /* cx_call_in_state */
    cx_stats_row *row; /* where it is counted; NULL once its end is */
    uint64_t arrived_ns;
    coax_err outcome;        /* what its caller was told; COAX_OK until then */
    uint32_t retry_after_ms; /* told with a failure; 0: nothing */
    bool is_oneway;
    bool is_in_handler;
    bool is_filed; /* in core->waiting */
} cx_call_in;

static inline cx_endpoint *cx_endpoint_of(cx_link *link)
{
    return (cx_endpoint *)(void *)link;
}

/*
 * call_out.c: what comes back for a call. Unknown calls are ignored: their answer was overtaken by
 * a cancel.
 */
cx_call_out *cx_call_out_find(cx_endpoint *endpoint, uint32_t wire_id);
uint32_t cx_call_out_wire_id(const cx_call_out *call);
coax_call cx_call_out_handle(const cx_call_out *call);
void cx_call_out_reply(cx_endpoint *endpoint, const cx_frame *frame, cx_message *message);
void cx_call_out_error(cx_endpoint *endpoint, const cx_frame *frame, cx_message *message);
/*
 * Ends a call with a local error; `words` NULL: what the code means. Runs the user's callback: from
 * the loop only.
 */
void cx_call_out_end(cx_call_out *call, coax_err code, const char *words);
/*
 * Ends it with what the peer sent (`is_answered`) or with something else. The only way out: it runs the user's
 * callback. `result` may point into result->memory, which is given back.
 */
void cx_call_out_complete(cx_call_out *call, const coax_result *result, bool is_answered);
void cx_call_out_on_due(cx_timer *timer, uint64_t now);
void cx_call_out_on_cancelled(cx_work *work);
/*
 * Microseconds to its deadline, where the peer is told: `ret_us`, which is returned then. NULL: 32 bits don't hold
 * them.
 */
const uint32_t *cx_call_out_left(const cx_call_out *call, uint64_t now, uint32_t *ret_us);
/* Tells the peer that nobody waits any more. */
void cx_call_out_tell(cx_call_out *call, coax_err code);

/* arrive.c */
/* Asked when the first of several frames of a REQUEST or ONEWAY has come: whether the peer may call that. */
bool cx_call_in_may_begin(cx_endpoint *endpoint, const cx_frame *frame, coax_error *why);
void cx_call_in_request(cx_endpoint *endpoint, const cx_frame *frame, cx_message *message);
void cx_call_in_oneway(cx_endpoint *endpoint, const cx_frame *frame, cx_message *message);

/* call_in.c */
void cx_call_in_cancel(cx_endpoint *endpoint, const cx_frame *frame);
/* The call that waits for its handler's answer; NULL: it has ended. */
cx_call_in *cx_call_in_find(cx_endpoint *endpoint, uint32_t wire_id);
/* From now on the peer and the deadline may find it. Without memory the peer won't: is_filed says so. */
void cx_call_in_file(cx_call_in *call);
/* Neither finds it any more. */
void cx_call_in_unfile(cx_call_in *call);
void cx_call_in_on_due(cx_timer *timer, uint64_t now);
/* Ends a call being handled: it stops counting, and its request goes when its handler returns. */
void cx_call_in_end(cx_call_in *call);
/* Frees it at once, when the connection ends. */
void cx_call_in_free(cx_call_in *call);
coax_call cx_call_in_handle(const cx_call_in *call);
/* Counts its end for its caller: the first time. */
void cx_call_in_count_end(cx_call_in *call, coax_err code);
/* Counts a REQUEST or ONEWAY that never became a call. */
void cx_call_in_count_refused(cx_endpoint *endpoint, const cx_frame *frame, size_t len,
                              coax_err code);

/* head.c: metadata and what else stands in front of messages. */
uint8_t cx_method_urgency(const coax_method *method);
/* coax_priority */
static inline uint8_t cx_method_priority(const coax_method *method)
{
    const uint32_t urgency = COAX_METHOD_PRIORITY_HIGH | COAX_METHOD_PRIORITY_LOW;
    if (COAX_LIKELY(method == NULL || (method->flags & urgency) == 0))
        return COAX_PRIORITY_DEFAULT;
    return cx_method_urgency(method);
}
/* What goes with an answer that ends the call. Valid until the trailer changes. */
COAX_COLD cx_head cx_call_in_full_head(const cx_call_in *call);
/* The same, put into `room`; NULL for most calls, whose answers go alone. */
static inline const cx_head *cx_call_in_head(const cx_call_in *call, cx_head *room)
{
    if (COAX_LIKELY(call->trailer.data == NULL && !call->has_begun && call->stream == NULL &&
                    cx_method_priority(call->method) == COAX_PRIORITY_DEFAULT))
        return NULL;
    *room = cx_call_in_full_head(call);
    return room;
}
/* The peer's initial metadata has come. */
void cx_call_out_head(cx_endpoint *endpoint, const cx_frame *frame, const cx_message *message);
/* Hands it to the result, which may have memory already. */
void cx_call_out_give_head(cx_call_out *call, coax_result *result);
void cx_call_out_drop_head(cx_call_out *call);
/*
 * Decodes the trailing metadata of the message that ends the call into the result's memory, which is taken where
 * there is none. On failure `why` has the words, and the memory is the caller's to give.
 */
COAX_MUST_USE coax_err cx_call_out_take_trailer(const cx_call_out *call, const cx_message *message,
                                                coax_result *result, coax_error *why);

/* park.c */
/*
 * Encodes a request, as long as its method allows. Here rather than in start.c because it is the rare way; `error` has
 * the words of a failure.
 */
COAX_MUST_USE coax_err cx_encode_request(const cx_endpoint *endpoint, const coax_method *method,
                                         cx_outgoing *out, coax_error *error);
/*
 * Keeps the request of a call that is filed in a lot's endpoint: what is encoded of `out` is taken on success. `error`
 * has the words of a failure.
 */
COAX_MUST_USE coax_err cx_park(cx_call_out *call, cx_outgoing *out, coax_error *error);
/* Lets go of it. */
void cx_unpark(cx_call_out *call);
/* There may be room for more of what waits. */
void cx_lot_continue(cx_lot *lot);

/* cancel.c */
/*
 * Nobody waits for the handler's answer any more: its calls are cancelled, and it is told why. The
 * call goes on counting, unless the handler lets go of it at once: it may be freed when this returns.
 */
void cx_call_in_abandon(cx_call_in *call, coax_err why);
/* The same when the connection ends, and frees it. */
void cx_call_in_lose(cx_call_in *call);
/*
 * Ends a call of ours before its answer: the peer is told, the callback with `code` put off. Nothing on one that ends
 * already.
 */
void cx_call_out_cancel(cx_call_out *call, coax_err code);

/*
 * answer.c: finds the call a handler wants to answer. A handler that answers in vain has ended all the same, so an
 * abandoned call stops counting here. Returns COAX_OK, COAX_ERR_STALE, COAX_ERR_MISUSE.
 */
coax_err cx_call_in_answering(coax_call handle, cx_call_in **ret);
/*
 * Sends ERROR with words, and with a typed error where `type` is not NULL; with the call's trailing metadata.
 */
coax_err cx_answer_error(const cx_call_in *call, coax_err code, const char *words,
                         const coax_type *type, const void *value);
/* The same for an answer the runtime owes by itself: a peer that can't be answered is closed. */
void cx_call_in_answer_or_close(const cx_call_in *call, coax_err code, const char *words);
/* And for a request that never got as far as a cx_call_in. */
void cx_answer_or_close(cx_endpoint *endpoint, uint32_t wire_id, coax_err code, const char *words);
/* The same, and when to try again; 0: nothing is known of that. */
void cx_answer_hint_or_close(cx_endpoint *endpoint, uint32_t wire_id, coax_err code,
                             const char *words, uint32_t retry_after_ms);

/* drain.c */
/* Something ended or was sent: if this side drains and that was the last, the connection closes. */
void cx_drain_end(cx_endpoint *endpoint);
static inline void cx_drain_look(cx_endpoint *endpoint)
{
    if (cx_link_is_draining(&endpoint->link))
        cx_drain_end(endpoint);
}
void cx_drain_run(cx_work *work);
/* Answers what would begin something new while this side drains. */
COAX_COLD void cx_drain_refuse(cx_endpoint *endpoint, const cx_frame *frame);
/* The peer drains. */
void cx_drain_heard(cx_endpoint *endpoint, uint32_t retry_after_ms, const char *words);

/* dispatch.c */
extern const cx_link_events cx_dispatch_events;
/* Tells the shell of bad input that ended a call, in words. */
void cx_endpoint_report(cx_endpoint *endpoint, coax_err code, const char *format, ...)
    COAX_PRINTF(3, 4);

/* handles.c: the objects behind handles; NULL when stale. */
cx_call_out *cx_handle_out(coax_call call);
cx_call_in *cx_handle_in(coax_call call);

#endif
