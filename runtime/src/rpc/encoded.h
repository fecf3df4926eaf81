/*
 * A message that is encoded before it can be sent: because it waits for a connection, or because somebody wants
 * to know its size first.
 *
 * Everything else is encoded straight into the send queue. The bytes lie in a block of the pool.
 */
#ifndef CX_RPC_ENCODED_H
#define CX_RPC_ENCODED_H

#include <stddef.h>
#include <stdint.h>

#include <coax/bytes.h>
#include <coax/descriptor.h>

#include "link/host.h"

/* All zero: nothing is there. */
typedef struct cx_encoded {
    uint8_t *data;
    size_t len;
    size_t cap;
} cx_encoded;

/*
 * Encodes `value`, at most `most` bytes of it. COAX_ERR_TOO_LARGE, COAX_ERR_NO_MEMORY, or the encoder's own; then
 * nothing is kept.
 */
COAX_MUST_USE coax_err cx_encode(cx_host *host, coax_encode_fn encode, const void *value,
                                 size_t most, cx_encoded *ret);
/* Gives the block back. */
COAX_COLD void cx_encoded_give(cx_host *host, cx_encoded *encoded);

/* The same. Fine on a zeroed one, and twice. */
static inline void cx_encoded_free(cx_host *host, cx_encoded *encoded)
{
    if (COAX_UNLIKELY(encoded->data != NULL))
        cx_encoded_give(host, encoded);
}

static inline coax_bytes cx_encoded_bytes(const cx_encoded *encoded)
{
    coax_bytes bytes = { encoded->data, encoded->len };
    return bytes;
}

#endif
