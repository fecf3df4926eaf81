/*
 * Interceptors: kept in order, run forwards when a call starts and backwards when it ends.
 *
 * Read next: start.c and call_out.c for calls made here, arrive.c and call_in.c for those handled here.
 */
#include <string.h>

#include "rpc/intercept.h"
#include "rpc/metadata.h"
#include "rpc/parts.h"

struct cx_watch {
    size_t cap; /* of the block this lies in */
    const cx_interceptors *interceptors;
    uint32_t n_passed; /* those to be told of the end */
    uint32_t n_items_in;
    uint32_t n_items_out;
    bool is_inbound;
    uint64_t started_ns;
    uint64_t request_bytes;
    uint64_t reply_bytes;
    coax_memory *memory; /* what `metadata` points into; NULL: the call's own */
    coax_metadata metadata;
    coax_status told; /* code COAX_OK: nothing yet */
    void *data[];     /* one for each interceptor there was */
};

static const coax_metadata none = { NULL, 0 };

void cx_interceptors_init(cx_interceptors *interceptors, cx_pool *pool)
{
    memset(interceptors, 0, sizeof *interceptors);
    interceptors->pool = pool;
}

void cx_interceptors_deinit(cx_interceptors *interceptors)
{
    if (interceptors->pool != NULL)
        cx_pool_give(interceptors->pool, interceptors->items, interceptors->cap);
    memset(interceptors, 0, sizeof *interceptors);
}

coax_err cx_interceptors_add(cx_interceptors *interceptors, const coax_interceptor *interceptor)
{
    if (interceptor->size != 0 && interceptor->size != sizeof *interceptor)
        return COAX_ERR_BAD_OPTION;
    size_t used = interceptors->n * sizeof *interceptor;
    if (used + sizeof *interceptor > interceptors->cap) {
        coax_interceptor *items = cx_pool_grow(interceptors->pool, interceptors->items,
                                               &interceptors->cap, used, 2 * used + 256);
        if (items == NULL)
            return COAX_ERR_NO_MEMORY;
        interceptors->items = items;
    }
    interceptors->items[interceptors->n++] = *interceptor;
    return COAX_OK;
}

/* Nothing tells a long handler's time but the clock: the turn's stands still. */
static uint64_t clock_of(const cx_core *core)
{
    return core->host.env->now_ns(core->host.env->self);
}

static coax_call_info info_of(const cx_watched *what, const cx_watch *watch)
{
    const coax_metadata *metadata = what->metadata != NULL ? what->metadata : &watch->metadata;
    return (coax_call_info){ .method_name = what->method != NULL ? what->method->name : NULL,
                             .method = what->method,
                             .method_id = what->method_id,
                             .is_inbound = what->is_inbound,
                             .peer = cx_endpoint_peer(what->endpoint),
                             .call = what->call,
                             .metadata = metadata,
                             .request_bytes = watch->request_bytes };
}

static cx_watch *make(const cx_watched *what, size_t request_len)
{
    cx_core *core = what->endpoint->core;
    const cx_interceptors *all = what->endpoint->config->interceptors;
    size_t size = sizeof(cx_watch) + all->n * sizeof(void *);
    size_t cap;
    cx_watch *watch = cx_pool_take(&core->host.pool, size, &cap);
    if (watch == NULL)
        return NULL;
    memset(watch, 0, size);
    watch->cap = cap;
    watch->interceptors = all;
    watch->is_inbound = what->is_inbound;
    watch->started_ns = clock_of(core);
    watch->request_bytes = request_len;
    return watch;
}

/* An interceptor may do what it likes but end the loop that it runs on: `n_shown` keeps that. */
static coax_err ask(cx_core *core, const coax_interceptor *it, coax_call_info *info,
                    coax_error *error)
{
    if (it->on_start == NULL)
        return COAX_OK;
    core->n_shown++;
    coax_err err = it->on_start(it->self, info, error);
    core->n_shown--;
    return err;
}

coax_err cx_watch_start(const cx_watched *what, size_t request_len, cx_watch **ret,
                        coax_error *error)
{
    cx_core *core = what->endpoint->core;
    cx_watch *watch = make(what, request_len);
    *ret = NULL;
    if (watch == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for the interceptors");
    coax_call_info info = info_of(what, watch);
    for (uint32_t i = 0, n = watch->interceptors->n; i < n; i++) {
        const coax_interceptor *it = &watch->interceptors->items[i];
        coax_error why = COAX_ERROR_INIT;
        info.data = NULL;
        coax_err err = ask(core, it, &info, &why);
        if (err != COAX_OK) {
            coax_error_set(error, err, "%s",
                           why.text[0] != '\0' ? why.text : coax_err_meaning(err));
            const coax_status status = { .code = err,
                                         .message = why.text[0] != '\0' ? why.text
                                                                        : coax_err_meaning(err) };
            cx_watch_end(watch, what, err, &status);
            return err;
        }
        watch->data[i] = info.data;
        watch->n_passed = i + 1;
    }
    *ret = watch;
    return COAX_OK;
}

void cx_watch_keep(cx_watch *watch, const cx_watched *what)
{
    cx_core *core = what->endpoint->core;
    if (what->metadata == NULL || what->metadata->count == 0)
        return;
    watch->memory = cx_memory_take(core->memory, NULL, what->endpoint->config->limits.max_decoded);
    /* Without memory the interceptors find none at the end, which is theirs to bear. */
    if (watch->memory != NULL &&
        !cx_metadata_copy(what->metadata, cx_memory_arena(watch->memory), &watch->metadata))
        watch->metadata = none;
}

void cx_watch_count_reply(cx_watch *watch, size_t len)
{
    watch->reply_bytes += len;
}

void cx_watch_item_in(cx_watch *watch, size_t len)
{
    if (watch == NULL)
        return;
    watch->n_items_in++;
    *(watch->is_inbound ? &watch->request_bytes : &watch->reply_bytes) += len;
}

void cx_watch_item_out(cx_watch *watch, size_t len)
{
    if (watch == NULL)
        return;
    watch->n_items_out++;
    *(watch->is_inbound ? &watch->reply_bytes : &watch->request_bytes) += len;
}

void cx_watch_told(cx_watch *watch, coax_err code, const char *words, uint32_t error_id)
{
    if (watch != NULL)
        watch->told = (coax_status){ .code = code, .message = words, .error_id = error_id };
}

void cx_watch_drop(cx_watch *watch, cx_core *core)
{
    if (watch == NULL)
        return;
    cx_memory_give(watch->memory);
    cx_pool_give(&core->host.pool, watch, watch->cap);
}

void cx_watch_end(cx_watch *watch, const cx_watched *what, coax_err code, const coax_status *status)
{
    cx_core *core = what->endpoint->core;
    const coax_status meant = { .code = code,
                                .message = code == COAX_OK ? "" : coax_err_meaning(code) };
    coax_call_info info = info_of(what, watch);
    if (status == NULL)
        status = watch->told.code != COAX_OK ? &watch->told : &meant;
    info.status = status;
    info.reply_bytes = watch->reply_bytes;
    info.n_items_in = watch->n_items_in;
    info.n_items_out = watch->n_items_out;
    uint64_t now = clock_of(core);
    info.duration_ns = now > watch->started_ns ? now - watch->started_ns : 0;
    while (watch->n_passed > 0) {
        uint32_t i = --watch->n_passed;
        const coax_interceptor *it = &watch->interceptors->items[i];
        info.data = watch->data[i];
        core->n_shown++;
        if (it->on_end != NULL)
            it->on_end(it->self, &info);
        core->n_shown--;
    }
    cx_watch_drop(watch, core);
}
