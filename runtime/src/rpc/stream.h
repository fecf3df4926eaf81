/*
 * What a call of a streaming method has beside the call: what leaves, what arrives, and how much each side may.
 *
 * A call made here and one handled here have the same part; only how it is found and how it fails differ. The part
 * lives exactly as long as its call object. Invariants: items are delivered in the order they came, one at a time,
 * from the loop, and none once the call has ended; `credit` and `room` are what one side of a connection believes
 * of the same number, at the sender and at the receiver; what waits is bounded by the window and counts for max_held.
 *
 * Credit counts whole items (docs/wire.md, "Credit"). One may be sent when the credit covers it, or while at least half
 * of the window is free; so one larger than the window can be sent at all, and the receiver need not grant anything
 * before half a window has been used up. `credit` may be negative for that. Read next: stream.c, stream_in.c, stream_out.c.
 */
#ifndef CX_RPC_STREAM_H
#define CX_RPC_STREAM_H

#include "rpc/kept.h"
#include "rpc/parts.h"

struct cx_stream_part {
    cx_call_out *out; /* whose part it is: one of the two is NULL */
    cx_call_in *in;
    cx_work work; /* what waits is delivered, who waits is told */

    /* What leaves. */
    const coax_type *out_type; /* NULL: this side sends no items */
    uint32_t out_max;          /* bytes of one, from the schema; 0: none */
    uint32_t out_window;       /* the peer's; 0: not known yet */
    int64_t credit;
    bool out_ended;
    size_t refused;  /* bytes of the item that found no room; 0: none did since */
    cx_list blocked; /* in endpoint->blocked: it waits for room in the queue */
    coax_call_fn on_writable;
    void *writable_self;

    /* What arrives. */
    const coax_type *in_type; /* NULL: the peer sends no items */
    uint32_t in_max;
    int64_t room;      /* the peer's credit as it should be, grants under way included */
    size_t used;       /* bytes of items dealt with, for which no grant was sent yet */
    cx_kept kept;      /* items that wait */
    bool is_receiving; /* somebody takes them */
    bool is_paused;
    bool peer_ended;
    bool is_end_told; /* at a handler */
    coax_gen_item_fn item;
    coax_gen_any_fn on_item;
    coax_call_fn on_end; /* at a handler */
    void *item_self;
    coax_memory *in_hand; /* of the item being delivered */
    bool has_result;      /* at a caller: it waits behind the items */
    coax_result result;
};

static inline bool cx_stream_is_kind(const coax_method *method)
{
    return method->kind == COAX_METHOD_SERVER_STREAM || method->kind == COAX_METHOD_CLIENT_STREAM ||
           method->kind == COAX_METHOD_BIDI_STREAM;
}

/* stream.c: a part's life. NULL: no memory. */
cx_stream_part *cx_stream_for_caller(cx_call_out *call);
cx_stream_part *cx_stream_for_handler(cx_call_in *call);
/* Frees it with its call; NULL is fine. */
void cx_stream_free(cx_stream_part *stream);
cx_endpoint *cx_stream_endpoint(const cx_stream_part *stream);
/* Where its items are counted; NULL: nowhere. */
static inline cx_stats_row *cx_stream_row(const cx_stream_part *stream)
{
    return stream->out != NULL ? stream->out->row : stream->in->row;
}
static inline cx_watch *cx_stream_watch(const cx_stream_part *stream)
{
    return stream->out != NULL ? stream->out->watch : stream->in->watch;
}
uint32_t cx_stream_wire_id(const cx_stream_part *stream);
coax_call cx_stream_handle(const cx_stream_part *stream);
/* The part behind a handle; NULL: none, or the call has ended. A handler's abandoned call has its part. */
cx_stream_part *cx_stream_find(coax_call handle);
/* Whether the call goes on, as far as this side knows. */
bool cx_stream_is_live(const cx_stream_part *stream);
void cx_stream_defer(cx_stream_part *stream);

/* stream.c: frames and the ends of calls. */
bool cx_stream_accepts(cx_endpoint *endpoint, const cx_frame *frame);
void cx_stream_end_frame(cx_endpoint *endpoint, const cx_frame *frame, const cx_message *message);
/* An ITEM that the link threw away. */
void cx_stream_refused(cx_endpoint *endpoint, const cx_frame *frame, const coax_error *why);
/*
 * The peer's end of a call made here waits behind items that do: true, and the result is taken. False: it is the
 * caller's turn to complete the call.
 */
bool cx_stream_puts_off(cx_stream_part *stream, const coax_result *result);
/* What is not sent is not wanted any more; the peer hears of it if it has a part of an item. */
void cx_stream_stop_sending(cx_stream_part *stream);
/* A handler's call was abandoned: what waits is dropped, whom it concerns is told from the loop. */
void cx_stream_abandon(cx_stream_part *stream);
/* The same at once: its connection has ended. The call must not be freed meanwhile. */
void cx_stream_tell_gone(cx_stream_part *stream);

/* stream_in.c */
void cx_stream_item(cx_endpoint *endpoint, const cx_frame *frame, cx_message *message);
/* Delivers what waits, as far as it may now. Returns false when the part is gone. */
bool cx_stream_deliver(cx_stream_part *stream);
void cx_stream_drop_kept(cx_stream_part *stream);
/* At a caller whose connection has ended while the peer's end waited behind items: all of it comes now. */
void cx_stream_flush(cx_stream_part *stream);
/*
 * The memory of the item that is being delivered; coax_memory_ref keeps the item. NULL outside of its callback.
 */
coax_memory *cx_stream_item_memory(coax_call call);

/* stream_out.c */
/* Sends an item; `as` NULL: of the stream's own type, else of one that stands in for it. */
coax_err cx_stream_send(coax_call call, const coax_method *method, const coax_type *as,
                        const void *item);
void cx_stream_window(cx_endpoint *endpoint, const cx_frame *frame);
/* The peer's window is known: the connection is open. */
void cx_stream_open(cx_stream_part *stream);
/* Its call waited for a connection and has moved to one; NULL is fine. */
void cx_stream_moved(cx_stream_part *stream);
void cx_stream_open_all(cx_endpoint *endpoint);
/* endpoint->unblocking: the queue has room again, and somebody waits for it. */
void cx_stream_unblock(cx_work *work);
/* Tells who met COAX_ERR_WOULD_BLOCK, if there is room now. From the loop; the part may be gone afterwards. */
void cx_stream_tell_writable(cx_stream_part *stream);

/* The call that a frame is about; NULL: it has ended here. One of the two is set. */
typedef struct cx_party {
    cx_call_out *out;
    cx_call_in *in;
    cx_stream_part *stream; /* NULL: no streaming method */
} cx_party;

/* stream.c */
bool cx_party_find(cx_endpoint *endpoint, uint32_t wire_id, cx_party *ret);
cx_party cx_party_of(cx_stream_part *stream);
const char *cx_party_method(const cx_party *party);
/*
 * Ends the call because of what the peer sent or of what can't be taken: both sides learn it, in words. COAX_ERR_BAD_MESSAGE
 * becomes the peer's fault: invalid_argument for a caller there, internal for one here. The part is gone, or abandoned.
 */
void cx_party_fail(const cx_party *party, coax_err code, const char *format, ...) COAX_PRINTF(3, 4);

#endif
