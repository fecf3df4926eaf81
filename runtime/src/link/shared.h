/*
 * A message encoded once for many connections, on any thread.
 *
 * Invariants: it never changes after it was made; the last reference frees it, wherever it is given
 * back, so its allocator must serve all threads that hold one. Knows no frames. Read next: send.c.
 */
#ifndef CX_LINK_SHARED_H
#define CX_LINK_SHARED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/bytes.h>
#include <coax/env.h>
#include <coax/error.h>
#include <coax/writer.h>

typedef struct cx_shared cx_shared;

/*
 * Encodes `value` into a new one with one reference. `most` is the longest it may be; with `wipes` it
 * is overwritten when it is freed. Returns
 * COAX_OK, COAX_ERR_TOO_LARGE, COAX_ERR_NO_MEMORY, or the encoder's own.
 */
COAX_MUST_USE coax_err cx_shared_encode(const coax_allocator *allocator,
                                        void (*encode)(coax_writer *out, const void *value),
                                        const void *value, size_t most, bool wipes,
                                        cx_shared **ret);
cx_shared *cx_shared_ref(cx_shared *shared);
/* NULL is fine. */
void cx_shared_unref(cx_shared *shared);
/* What was encoded. */
coax_bytes cx_shared_bytes(const cx_shared *shared);

#endif
