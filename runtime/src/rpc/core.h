/*
 * What all connections of one loop share above the link: calls, peers, message memory, put-off
 * work, the loop's time.
 *
 * struct coax_loop begins with a cx_core, so that a coax_call or coax_peer handle leads here.
 * Invariants: every completed or closed thing is called back from cx_core_run, cx_core_advance or
 * cx_endpoint_receive; handles carry generations, so a stale one finds nothing. One thread; only
 * coax_memory_ and the pool behind it may be touched by others. Read next: memory.h, rpc.h.
 */
#ifndef CX_RPC_CORE_H
#define CX_RPC_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include <coax/loop.h>

#include "link/host.h"
#include "link/idtable.h"
#include "rpc/memory.h"
#include "rpc/slots.h"

typedef struct cx_work cx_work;

/* Something to be done by cx_core_run. Zeroed: not queued. */
struct cx_work {
    cx_work *next;
    void (*run)(cx_work *work);
    bool is_queued;
};

typedef struct cx_core cx_core;

/* What the core asks of its shell. */
typedef struct cx_core_hooks {
    /* Work was put off and there was none: call cx_core_run before the loop sleeps. May run inside
     * any function. */
    void (*on_work)(cx_core *core);
} cx_core_hooks;

struct cx_core {
    cx_host host; /* env, timers, pool, log */
    const cx_core_hooks *hooks;
    cx_slots peers;     /* cx_endpoint */
    cx_slots calls_out; /* struct cx_call_out */
    cx_slots calls_in;  /* struct cx_call_in */
    cx_idtable
        by_peer_call; /* inbound calls that outlived their handler's return, by peer and call id */
    cx_memory_pool *memory;
    cx_work *work_first;
    cx_work *work_last;
    uint64_t now;   /* valid while depth > 0 */
    uint32_t depth; /* entries from the shell under way */
};

/* `env` and `hooks` are borrowed and outlive the core. Also takes the log function of `options`
 * (NULL: silence). */
COAX_MUST_USE coax_err cx_core_init(cx_core *core, const coax_env *env, const cx_core_hooks *hooks,
                                    const coax_loop_options *options);
/* All endpoints are deinit'ed. Results kept by users live on. Works on a zeroed core. */
void cx_core_deinit(cx_core *core);

/* Runs timers due at `now` (nanoseconds, never less than before). */
void cx_core_advance(cx_core *core, uint64_t now);
/* Runs what was put off, also what that puts off, but not for ever: what a user starts again and
 * again waits for the next run. */
void cx_core_run(cx_core *core, uint64_t now);
bool cx_core_has_work(const cx_core *core);
/* When cx_core_advance has something to do next, in nanoseconds; UINT64_MAX: never. */
uint64_t cx_core_next(const cx_core *core);

/* The loop's time: the turn's inside one, else the clock's. */
uint64_t cx_core_now(const cx_core *core);
/* Queues work for cx_core_run; once, however often it is asked. */
void cx_core_defer(cx_core *core, cx_work *work);

static inline cx_core *cx_core_of(coax_loop *loop)
{
    return (cx_core *)(void *)loop;
}

#endif
