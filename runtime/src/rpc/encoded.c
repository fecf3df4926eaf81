/*
 * Encoding into blocks of the pool.
 *
 * Read next: park.c, which keeps them.
 */
#include <coax/writer.h>

#include "rpc/encoded.h"

enum { FIRST_ROOM = 256 };

/* What the writer's grow needs to know. */
typedef struct growing {
    cx_host *host;
    cx_encoded *into;
    size_t most;
} growing;

static bool grow(coax_writer *writer, size_t more)
{
    const growing *it = writer->self;
    size_t used = (size_t)(writer->at - writer->start);
    if (more > it->most - used) {
        coax_writer_fail(writer, COAX_ERR_TOO_LARGE);
        return false;
    }
    size_t wanted = more > used ? used + more : used * 2; /* large blocks come as large as asked */
    uint8_t *data = cx_pool_grow(&it->host->pool, it->into->data, &it->into->cap, used, wanted);
    if (data == NULL) {
        coax_writer_fail(writer, COAX_ERR_NO_MEMORY);
        return false;
    }
    it->into->data = data;
    writer->start = data;
    writer->at = data + used;
    writer->end = data + (it->into->cap < it->most ? it->into->cap : it->most);
    return true;
}

coax_err cx_encode(cx_host *host, coax_encode_fn encode, const void *value, size_t most,
                   cx_encoded *ret)
{
    growing it = { host, ret, most };
    *ret = (cx_encoded){ .data = NULL };
    ret->data = cx_pool_take(&host->pool, FIRST_ROOM, &ret->cap);
    if (ret->data == NULL)
        return COAX_ERR_NO_MEMORY;
    coax_writer writer;
    coax_writer_init(&writer, ret->data, ret->cap < most ? ret->cap : most);
    writer.grow = grow;
    writer.self = &it;
    writer.allocator = &host->env->allocator;
    encode(&writer, value);
    coax_err err = coax_writer_finish(&writer, &ret->len);
    if (err != COAX_OK)
        cx_encoded_free(host, ret);
    return err;
}

void cx_encoded_give(cx_host *host, cx_encoded *encoded)
{
    cx_pool_give(&host->pool, encoded->data, encoded->cap);
    *encoded = (cx_encoded){ .data = NULL };
}
