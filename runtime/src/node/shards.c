/*
 * Private loops: made, listened on, closed, joined.
 *
 * A thread ends its own loop, so that handlers and callbacks of that loop never run anywhere else, and the
 * first loop only joins a thread that is about to return. Read next: handoff.c.
 */
#include <assert.h>

#include "node/drain.h"
#include "node/shards.h"
#include "node/threads.h"

/* On the first loop: one thread has said its last word. */
static void run_over(cx_post *post)
{
    cx_shard *shard = CX_CONTAINER(post, cx_shard, over);
    cx_shards *shards = shard->part->first_shards;
    (void)uv_thread_join(&shard->thread);
    shard->is_running = false;
    cx_loop_away(shards->loop, -1);
    if (--shards->n_running > 0)
        return;
    coax_server *first = shards->first;
    if (shards->has_failed) {
        first->shards = NULL;
        cx_shards_free(shards);
    }
    cx_server_free_when_done(first);
}

/* On the part's thread. */
static void run_closing(cx_post *post)
{
    cx_server_close_here(CX_CONTAINER(post, cx_shard, closing)->part);
}

static void run_draining(cx_post *post)
{
    cx_shard *shard = CX_CONTAINER(post, cx_shard, draining);
    atomic_store(&shard->is_drain_posted, false); /* before it is read what for */
    cx_drain_for(shard->part, atomic_load(&shard->part->first_shards->drain_ms));
}

void cx_shards_drain(cx_shards *shards, uint32_t ms)
{
    if (shards == NULL || shards->is_closing)
        return;
    atomic_store(&shards->drain_ms, ms);
    for (uint32_t i = 0; i < shards->count; i++) {
        cx_shard *shard = &shards->items[i];
        if (shard->is_running && !atomic_exchange(&shard->is_drain_posted, true))
            (void)cx_loop_add_own_post(shard->loop, &shard->draining);
    }
}

void cx_shard_ended(coax_server *part)
{
    part->shard->is_over = true;
    part->loop->shell->ops->stop(part->loop->shell);
}

static void run_shard(void *arg)
{
    cx_shard *shard = arg;
    coax_loop *loop = shard->loop;
    coax_loop *first = shard->part->first_shards->loop;
    const cx_shell_ops *ops = loop->shell->ops;
    coax_err rc = cx_loop_take_run(loop);
    assert(rc == COAX_OK); /* nobody else may run a private loop */
    (void)rc;
    ops->hold(loop->shell, +1);
    while (!shard->is_over)
        ops->run(loop->shell, CX_RUN_UNTIL_DONE);
    ops->hold(loop->shell, -1);
    cx_loop_end(loop);
    (void)cx_loop_add_own_post(first, &shard->over); /* it waits for this one */
}

/* A loop like the first one, with a part on it. */
static bool make_shard(cx_shards *shards, cx_shard *shard)
{
    coax_loop *first = shards->loop;
    coax_loop_options options = COAX_LOOP_OPTIONS_INIT;
    options.allocator = &first->env.allocator;
    options.log = first->core.host.log.sink;
    options.log_self = first->core.host.log.self;
    options.log_level = first->core.host.log.level;
    shard->loop = coax_loop_create(&options);
    if (shard->loop == NULL)
        return false;
    shard->loop->is_private = true;
    shard->part = cx_server_create_part(shards->first, shard->loop);
    if (shard->part == NULL)
        return false;
    shard->part->shard = shard;
    shard->part->first_shards = shards;
    shard->closing.run = run_closing;
    shard->over.run = run_over;
    shard->draining.run = run_draining;
    return true;
}

void cx_shards_free(cx_shards *shards)
{
    if (shards == NULL)
        return;
    for (uint32_t i = 0; i < shards->count; i++) {
        cx_shard *shard = &shards->items[i];
        if (shard->part != NULL)
            cx_server_free_part(shard->part);
        if (shard->loop != NULL)
            cx_loop_free(shard->loop);
    }
    cx_net_release(&shards->loop->net, shards);
}

static cx_shards *make(coax_server *first)
{
    uint32_t count = first->options.loops - 1;
    cx_shards *shards =
        cx_net_take(&first->loop->net, sizeof *shards + count * sizeof shards->items[0]);
    if (shards == NULL)
        return NULL;
    shards->first = first;
    shards->loop = first->loop;
    shards->count = count;
    for (uint32_t i = 0; i < count; i++)
        if (!make_shard(shards, &shards->items[i])) {
            cx_shards_free(shards);
            return NULL;
        }
    return shards;
}

static int start_threads(cx_shards *shards)
{
    for (uint32_t i = 0; i < shards->count; i++) {
        cx_shard *shard = &shards->items[i];
        int rc = cx_thread_start(&shard->thread, run_shard, shard);
        if (rc != 0)
            return rc;
        shard->is_running = true;
        shards->n_running++;
        cx_loop_away(shards->loop, +1);
    }
    return 0;
}

coax_err cx_shards_start(coax_server *first, coax_error *error)
{
    if (first->shards != NULL && !first->shards->has_failed)
        return COAX_OK;
    if (first->shards != NULL)
        return coax_error_set(error, COAX_ERR_SYSTEM,
                              "threads of a listen that failed have not ended yet: run the loop");
    cx_shards *shards = make(first);
    if (shards == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY,
                              "no memory or no file descriptors for %u loops (option `loops`)",
                              (unsigned)first->options.loops);
    int rc = start_threads(shards);
    if (rc == 0 || shards->n_running > 0)
        first->shards = shards;
    if (rc == 0)
        return COAX_OK;
    shards->has_failed = true;
    if (shards->n_running > 0)
        cx_shards_close(shards); /* freed when they are over */
    else
        cx_shards_free(shards);
    return coax_error_set(error, COAX_ERR_SYSTEM, "no thread for a loop (option `loops`): %s",
                          uv_strerror(rc));
}

void cx_shards_close(cx_shards *shards)
{
    if (shards == NULL || shards->is_closing)
        return;
    shards->is_closing = true;
    for (uint32_t i = 0; i < shards->count; i++)
        if (shards->items[i].is_running)
            (void)cx_loop_add_own_post(shards->items[i].loop, &shards->items[i].closing);
}

coax_server *cx_shards_here(coax_server *first)
{
    cx_shards *shards = first->shards;
    for (uint32_t i = 0; shards != NULL && i < shards->count; i++)
        if (cx_loop_is_own_thread(shards->items[i].loop))
            return shards->items[i].part;
    return first;
}

static void run_close_first(cx_post *post)
{
    coax_server_close(CX_CONTAINER(post, cx_shards, close_first)->first);
}

bool cx_shards_close_from_inside(coax_server *first)
{
    if (first->shards == NULL || cx_shards_here(first) == first)
        return false;
    if (!atomic_exchange(&first->shards->is_close_posted, true)) {
        first->shards->close_first.run = run_close_first;
        (void)cx_loop_add_own_post(first->loop, &first->shards->close_first);
    }
    return true;
}
