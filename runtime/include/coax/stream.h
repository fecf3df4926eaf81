/*
 * A stream for programs that wait: one object, used by one thread at a time.
 *
 * Programs with callbacks hold a coax_call instead. Generated stubs are typed: x_open makes one,
 * x_next reads, x_put writes, x_finish ends and frees it. Invariants: items arrive whole and in
 * order; after the last comes the status, and x_finish tells it; the client must outlive the
 * stream, but for x_next and x_finish of one that is over. About 64 items lie ready for the reader;
 * what follows waits as coax_call_pause says. Who only puts and never reads, while the peer does
 * the same, waits for ever or until the deadline. Any thread but the loop's own
 * (COAX_ERR_DEADLOCK). Where nobody runs the client's loop, a waiting thread gives up after its
 * call_timeout_ms.
 */
#ifndef COAX_STREAM_H
#define COAX_STREAM_H

#include <coax/call.h>

COAX_BEGIN_DECLS

typedef struct coax_stream coax_stream;

/**
 * No more items from this side; what the peer still sends may be read.
 * @return COAX_OK; COAX_ERR_CLOSED when the stream is over or this side has ended already;
 * COAX_ERR_MISUSE where the method has no items from this side, or for NULL. Any thread but the
 * loop's own (COAX_ERR_DEADLOCK).
 */
COAX_API coax_err coax_stream_end(coax_stream *stream);

/**
 * Stops the stream: the peer is told, x_next says that it is over, x_finish tells
 * COAX_ERR_CANCELLED. From any thread, also while another waits in x_next or x_put.
 * @return COAX_OK, COAX_ERR_CLOSED (it is over already), COAX_ERR_MISUSE (NULL).
 */
COAX_API coax_err coax_stream_cancel(coax_stream *stream);

/** The call behind it, for what coax_call_ functions say about it on its loop's thread; stale for
 * NULL. */
COAX_API coax_call coax_stream_call(const coax_stream *stream);

COAX_END_DECLS

#endif
