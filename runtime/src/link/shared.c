/*
 * Shared messages: one block, a count that threads may change.
 *
 * Read next: send.c, cx_link_send_shared.
 */
#include <stdatomic.h>
#include <string.h>

#include "base/wipe.h"
#include "link/shared.h"

struct cx_shared {
    atomic_uint n_refs;
    const coax_allocator *allocator;
    size_t len;
    bool wipes;
    uint8_t data[];
};

/* Where one is written into. */
typedef struct growing {
    const coax_allocator *allocator;
    cx_shared *shared;
    size_t cap;
    size_t most;
    bool wipes;
} growing;

enum { FIRST_ROOM = 256 };

/* Overwrites `used` bytes of what was encoded, and frees it. */
static void release(const coax_allocator *allocator, cx_shared *shared, size_t used, bool wipes)
{
    if (wipes)
        cx_wipe(shared->data, used);
    allocator->release(allocator->self, shared);
}

/* The same in a larger block. NULL: no memory, it stays. */
static cx_shared *resize(const growing *it, size_t used, size_t cap)
{
    const coax_allocator *allocator = it->allocator;
    const size_t size = sizeof *it->shared + cap;
    if (!it->wipes)
        return allocator->resize(allocator->self, it->shared, size);
    cx_shared *moved = allocator->resize(allocator->self, NULL, size);
    if (moved == NULL)
        return NULL;
    memcpy(moved->data, it->shared->data, used);
    release(allocator, it->shared, used, true);
    return moved;
}

static bool grow(coax_writer *writer, size_t more)
{
    growing *it = writer->self;
    size_t used = (size_t)(writer->at - writer->start);
    if (more > it->most - used) {
        coax_writer_fail(writer, COAX_ERR_TOO_LARGE);
        return false;
    }
    size_t cap = it->cap < it->most / 2 ? it->cap * 2 : it->most;
    if (cap < used + more)
        cap = used + more;
    cx_shared *moved = resize(it, used, cap);
    if (moved == NULL) {
        coax_writer_fail(writer, COAX_ERR_NO_MEMORY);
        return false;
    }
    it->shared = moved;
    it->cap = cap;
    writer->start = moved->data;
    writer->at = moved->data + used;
    writer->end = moved->data + cap;
    return true;
}

coax_err cx_shared_encode(const coax_allocator *allocator,
                          void (*encode)(coax_writer *out, const void *value), const void *value,
                          size_t most, bool wipes, cx_shared **ret)
{
    growing it = { .allocator = allocator, .most = most, .wipes = wipes };
    it.cap = most < FIRST_ROOM ? most : FIRST_ROOM;
    it.shared = allocator->resize(allocator->self, NULL, sizeof *it.shared + it.cap);
    if (it.shared == NULL)
        return COAX_ERR_NO_MEMORY;
    coax_writer writer;
    coax_writer_init(&writer, it.shared->data, it.cap);
    writer.grow = grow;
    writer.self = &it;
    writer.allocator = allocator;
    encode(&writer, value);
    size_t len;
    coax_err err = coax_writer_finish(&writer, &len);
    if (err != COAX_OK) {
        release(allocator, it.shared, (size_t)(writer.at - writer.start), wipes);
        return err;
    }
    atomic_init(&it.shared->n_refs, 1);
    it.shared->allocator = allocator;
    it.shared->len = len;
    it.shared->wipes = wipes;
    *ret = it.shared;
    return COAX_OK;
}

cx_shared *cx_shared_ref(cx_shared *shared)
{
    atomic_fetch_add_explicit(&shared->n_refs, 1, memory_order_relaxed);
    return shared;
}

void cx_shared_unref(cx_shared *shared)
{
    if (shared == NULL || atomic_fetch_sub_explicit(&shared->n_refs, 1, memory_order_acq_rel) != 1)
        return;
    release(shared->allocator, shared, shared->len, shared->wipes);
}

coax_bytes cx_shared_bytes(const cx_shared *shared)
{
    return (coax_bytes){ shared->data, shared->len };
}
