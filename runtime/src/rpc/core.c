/*
 * The core: made, turned by its shell, and its queue of put-off work.
 *
 * Read next: endpoint.c.
 */
#include <assert.h>
#include <string.h>

#include "rpc/events_parts.h"
#include "rpc/parts.h"

coax_err cx_core_init(cx_core *core, const coax_env *env, const cx_core_hooks *hooks,
                      const coax_loop_options *options)
{
    memset(core, 0, sizeof *core);
    core->host.env = env;
    core->hooks = hooks;
    cx_wheel_init(&core->host.wheel, env->now_ns(env->self));
    cx_pool_init(&core->host.pool, &env->allocator);
    if (options != NULL) {
        core->host.log.sink = options->log;
        core->host.log.self = options->log_self;
        core->host.log.level = options->log_level;
    }
    cx_idmap_init(&core->peers, &env->allocator, CX_PEERS_MAX);
    cx_idmap_init(&core->logins, &env->allocator, CX_PEERS_MAX);
    cx_slots_init(&core->calls_out, &env->allocator, sizeof(cx_call_out), CX_CALLS_MAX);
    cx_slots_init(&core->calls_in, &env->allocator, sizeof(cx_call_in), CX_CALLS_MAX);
    cx_slots_init(&core->subscriptions, &env->allocator, sizeof(cx_subscription), CX_CALLS_MAX);
    core->memory = cx_memory_pool_create(&core->host.pool);
    if (core->memory != NULL)
        return COAX_OK;
    cx_core_deinit(core);
    return COAX_ERR_NO_MEMORY;
}

void cx_core_deinit(cx_core *core)
{
    if (core->host.env == NULL)
        return;
    assert(core->peers.count == 0);
    cx_memory_pool_close(core->memory);
    cx_idtable_deinit(&core->waiting, &core->host.pool);
    cx_slots_deinit(&core->subscriptions);
    cx_slots_deinit(&core->calls_in);
    cx_slots_deinit(&core->calls_out);
    cx_idmap_deinit(&core->peers);
    cx_idmap_deinit(&core->logins);
    cx_pool_deinit(&core->host.pool);
    memset(core, 0, sizeof *core);
}

uint64_t cx_core_enter(cx_core *core, uint64_t now)
{
    uint64_t was = core->now;
    core->now = now;
    core->depth++;
    return was;
}

void cx_core_leave(cx_core *core, uint64_t was)
{
    core->now = was;
    core->depth--;
}

uint64_t cx_core_now(const cx_core *core)
{
    return core->depth > 0 ? core->now : core->host.env->now_ns(core->host.env->self);
}

void cx_core_advance(cx_core *core, uint64_t now)
{
    uint64_t was = cx_core_enter(core, now);
    cx_wheel_advance(&core->host.wheel, now);
    cx_core_leave(core, was);
}

uint64_t cx_core_next(const cx_core *core)
{
    return cx_wheel_next_ns(&core->host.wheel);
}

void cx_core_defer(cx_core *core, cx_work *work)
{
    if (work->is_queued)
        return;
    work->is_queued = true;
    work->next = NULL;
    if (core->work_last != NULL)
        core->work_last->next = work;
    else
        core->work_first = work;
    core->work_last = work;
    if (core->n_work++ == 0)
        core->hooks->on_work(core);
}

static cx_work *take_first_work(cx_core *core)
{
    cx_work *work = core->work_first;
    core->work_first = work->next;
    if (core->work_first == NULL)
        core->work_last = NULL;
    core->n_work--;
    work->is_queued = false;
    return work;
}

void cx_core_undefer(cx_core *core, cx_work *work)
{
    if (!work->is_queued)
        return;
    /* Rare, and the queue is short: turn it round once and leave the one out. */
    for (uint32_t n = core->n_work; n > 0; n--) {
        cx_work *other = take_first_work(core);
        if (other == work)
            continue;
        other->is_queued = true;
        other->next = NULL;
        if (core->work_last != NULL)
            core->work_last->next = other;
        else
            core->work_first = other;
        core->work_last = other;
        core->n_work++;
    }
}

bool cx_core_has_work(const cx_core *core)
{
    return core->n_work > 0;
}

void cx_core_run(cx_core *core, uint64_t now)
{
    uint64_t was = cx_core_enter(core, now);
    for (uint32_t n = core->n_work; n > 0 && core->work_first != NULL; n--) {
        cx_work *work = take_first_work(core);
        work->run(work);
    }
    cx_core_leave(core, was);
    if (core->n_work > 0)
        core->hooks->on_work(core);
}
