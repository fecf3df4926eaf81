/*
 * A growing byte buffer that can't grow past a maximum its owner had to name.
 *
 * Invariants: len <= cap <= max; data is NULL while cap is 0. Bytes are appended at the end and
 * consumed at the front; consuming moves what is left only when room is needed. One thread at a
 * time.
 */
#ifndef CX_BASE_BUF_H
#define CX_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

#include <coax/env.h>
#include <coax/error.h>

typedef struct cx_buf {
    uint8_t *data; /* the block; the bytes start at data + at */
    size_t at;
    size_t len;
    size_t cap;
    size_t max;
    const coax_allocator *allocator; /* NULL: malloc */
} cx_buf;

/* An empty buffer that takes no memory yet. `max` is not 0. `allocator` is borrowed and may be
 * NULL. */
void cx_buf_init(cx_buf *buf, const coax_allocator *allocator, size_t max);

/* Frees the block. Fine twice, and on a zeroed buffer. */
void cx_buf_deinit(cx_buf *buf);

/* The bytes held. */
static inline const uint8_t *cx_buf_bytes(const cx_buf *buf)
{
    return buf->data + buf->at;
}

/*
 * Makes room for `more` bytes at the end and returns it in *ret_room; cx_buf_added says how many of
 * them were filled. Errors: COAX_ERR_TOO_LARGE (max), COAX_ERR_NO_MEMORY; the buffer is as it was.
 */
COAX_MUST_USE coax_err cx_buf_reserve(cx_buf *buf, size_t more, uint8_t **ret_room);

/* Counts `filled` bytes of the room that cx_buf_reserve gave. */
void cx_buf_added(cx_buf *buf, size_t filled);

/* Copies `len` bytes to the end. Errors as cx_buf_reserve. */
COAX_MUST_USE coax_err cx_buf_append(cx_buf *buf, const void *bytes, size_t len);

/* Drops `count` bytes, at most len, from the front. */
void cx_buf_consume(cx_buf *buf, size_t count);

/* Drops all bytes and keeps the block. */
void cx_buf_clear(cx_buf *buf);

#endif
