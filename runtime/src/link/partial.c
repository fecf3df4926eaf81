/*
 * The partial messages of one connection: a table by call id, a list by age, and the bytes
 * themselves.
 *
 * Read next: receive.c.
 */
#include <string.h>

#include "link/partial.h"

/*
 * From here on a message is likely to become large, and gets a block that is lying around, however
 * roomy.
 */
enum { ROOMY_FROM = 4096 };

void cx_partials_init(cx_partials *partials)
{
    memset(partials, 0, sizeof *partials);
    cx_list_init(&partials->oldest);
}

void cx_partials_deinit(cx_partials *partials, cx_pool *pool)
{
    if (partials->oldest.next == NULL)
        return;
    while (!cx_list_is_empty(&partials->oldest))
        cx_partials_drop(partials, pool, CX_CONTAINER(partials->oldest.next, cx_partial, links));
}

/* What belongs to no call that is known already. */
bool cx_partial_counts(uint8_t type)
{
    return type == CX_FRAME_REQUEST || type == CX_FRAME_ONEWAY || type == CX_FRAME_EVENT;
}

cx_partial *cx_partials_add(cx_partials *partials, cx_pool *pool, const cx_frame *header,
                            uint64_t now)
{
    size_t cap;
    cx_partial *partial = cx_pool_take(pool, sizeof *partial, &cap);
    if (partial == NULL)
        return NULL;
    if (!cx_idtable_add(&partials->by_call, pool, header->call, partial)) {
        cx_pool_give(pool, partial, sizeof *partial);
        return NULL;
    }
    memset(partial, 0, sizeof *partial);
    partial->header = *header;
    partial->progress_ns = now;
    cx_list_append(&partials->oldest, &partial->links);
    partials->n_requests += cx_partial_counts(partial->header.type);
    return partial;
}

uint8_t *cx_partials_take(cx_partials *partials, cx_pool *pool, cx_partial *partial,
                          size_t *ret_len, size_t *ret_cap)
{
    uint8_t *data = partial->data;
    *ret_len = partial->len;
    *ret_cap = partial->cap;
    partials->bytes -= partial->len;
    partials->n_requests -= cx_partial_counts(partial->header.type);
    cx_idtable_remove(&partials->by_call, pool, partial->header.call);
    cx_list_remove(&partial->links);
    cx_pool_give(pool, partial, sizeof *partial);
    return data;
}

void cx_partials_drop(cx_partials *partials, cx_pool *pool, cx_partial *partial)
{
    size_t len, cap;
    uint8_t *data = cx_partials_take(partials, pool, partial, &len, &cap);
    cx_pool_give_used(pool, data, cap, len);
}

void cx_partials_refuse(cx_partials *partials, cx_pool *pool, cx_partial *partial)
{
    cx_pool_give_used(pool, partial->data, partial->cap, partial->len);
    partials->bytes -= partial->len;
    partial->data = NULL;
    partial->len = 0;
    partial->cap = 0;
    partial->is_refused = true;
}

static bool make_room(cx_pool *pool, cx_partial *partial, size_t len, size_t most)
{
    size_t need = partial->len + len;
    size_t wish = need > most / 2 ? most : need * 2;
    if (wish < need) /* the link's judge does not let it come to this */
        return false;
    uint8_t *data;
    if (need < ROOMY_FROM)
        data = cx_pool_grow(pool, partial->data, &partial->cap, partial->len, wish);
    else if (partial->data == NULL)
        data = cx_pool_take_roomy(pool, wish, most, &partial->cap);
    else
        data = cx_pool_extend(pool, partial->data, &partial->cap, partial->len, wish, most);
    if (data != NULL)
        partial->data = data;
    return data != NULL;
}

bool cx_partials_append(cx_partials *partials, cx_pool *pool, cx_partial *partial,
                        const uint8_t *data, size_t len, size_t most)
{
    if (partial->is_refused)
        return true;
    if (len > partial->cap - partial->len && !make_room(pool, partial, len, most))
        return false;
    memcpy(partial->data + partial->len, data, len);
    partial->len += len;
    partials->bytes += len;
    return true;
}

void cx_partials_touch(cx_partials *partials, cx_partial *partial, uint64_t now)
{
    partial->progress_ns = now;
    cx_list_remove(&partial->links);
    cx_list_append(&partials->oldest, &partial->links);
}
