/*
 * The capped buffer.
 *
 * Knows nothing of what the bytes are. Read next: idmap.h.
 */
#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"

/* Small enough for an idle owner, large enough that a short message grows it once. */
enum { FIRST_CAP = 256 };

void cx_buf_init(cx_buf *buf, const coax_allocator *allocator, size_t max)
{
    assert(max != 0);
    memset(buf, 0, sizeof *buf);
    buf->allocator = allocator;
    buf->max = max;
}

void cx_buf_deinit(cx_buf *buf)
{
    cx_free(buf->allocator, buf->data);
    buf->data = NULL;
    buf->at = 0;
    buf->len = 0;
    buf->cap = 0;
}

/* Doubles until `need` fits, within max. */
static coax_err grow(cx_buf *buf, size_t need)
{
    size_t cap = buf->cap != 0 ? buf->cap : FIRST_CAP;
    while (cap < need)
        cap = cap > buf->max / 2 ? buf->max : cap * 2;
    if (cap > buf->max)
        cap = buf->max;
    uint8_t *data = cx_resize(buf->allocator, buf->data, cap);
    if (data == NULL)
        return COAX_ERR_NO_MEMORY;
    buf->data = data;
    buf->cap = cap;
    return COAX_OK;
}

coax_err cx_buf_reserve(cx_buf *buf, size_t more, uint8_t **ret_room)
{
    if (more > buf->max - buf->len)
        return COAX_ERR_TOO_LARGE;
    size_t need = buf->len + more;
    if (buf->at != 0 && buf->cap - buf->at < need) {
        memmove(buf->data, buf->data + buf->at, buf->len);
        buf->at = 0;
    }
    if (buf->cap < need || buf->data == NULL) {
        coax_err err = grow(buf, need);
        if (err != COAX_OK)
            return err;
    }
    *ret_room = buf->data + buf->at + buf->len;
    return COAX_OK;
}

void cx_buf_added(cx_buf *buf, size_t filled)
{
    assert(filled <= buf->cap - buf->at - buf->len);
    buf->len += filled;
}

coax_err cx_buf_append(cx_buf *buf, const void *bytes, size_t len)
{
    uint8_t *room;
    if (len == 0)
        return COAX_OK;
    coax_err err = cx_buf_reserve(buf, len, &room);
    if (err != COAX_OK)
        return err;
    memcpy(room, bytes, len);
    buf->len += len;
    return COAX_OK;
}

void cx_buf_consume(cx_buf *buf, size_t count)
{
    assert(count <= buf->len);
    buf->len -= count;
    buf->at = buf->len == 0 ? 0 : buf->at + count;
}

void cx_buf_clear(cx_buf *buf)
{
    buf->at = 0;
    buf->len = 0;
}
