/*
 * What all connections of one loop share above the link: calls, peers, message memory, put-off
 * work, the loop's time.
 *
 * struct coax_loop begins with a cx_core, so that a coax_call or coax_peer handle leads here.
 * Invariants: every completed or closed thing is called back from cx_core_run, cx_core_advance or
 * cx_endpoint_receive; handles carry generations, so a stale one finds nothing. One thread; only
 * coax_memory_ref and coax_memory_unref may come from others. Read next: memory.h, slots.h, rpc.h.
 */
#ifndef CX_RPC_CORE_H
#define CX_RPC_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include <coax/descriptor.h>
#include <coax/loop.h>

#include "base/idmap.h"
#include "link/host.h"
#include "link/idtable.h"
#include "rpc/memory.h"
#include "rpc/slots.h"

/* Calls that one loop may have under way in each direction: what 20 bits of a call id can name. */
#define CX_CALLS_MAX ((1u << 20) - CX_SLOTS_CHUNK)
#define CX_PEERS_MAX (1u << 24)

typedef struct cx_work cx_work;
typedef struct cx_core cx_core;

/* Something to be done by cx_core_run. A zeroed one with `run` set is ready to be queued. */
struct cx_work {
    cx_work *next;
    void (*run)(cx_work *work); /* the work is no longer queued */
    bool is_queued;
};

/* What the core asks of its shell. */
typedef struct cx_core_hooks {
    /*
     * Work was put off and there was none: see that cx_core_run is called before the loop sleeps.
     * May run inside any function.
     */
    void (*on_work)(cx_core *core);
} cx_core_hooks;

struct cx_worker_ops;

struct cx_core {
    cx_host host; /* env, timers, pool, log */
    const cx_core_hooks *hooks;
    const struct cx_worker_ops *workers; /* rpc/worker.h; NULL where there are no threads */
    cx_idmap peers;                      /* cx_endpoint */
    cx_idmap logins;                     /* cx_login_in: those that somebody is asked about */
    cx_slots calls_out;                  /* cx_call_out */
    cx_slots calls_in;                   /* cx_call_in */
    cx_slots subscriptions;              /* cx_subscription */
    cx_idtable
        waiting; /* calls whose handler has returned without an answer, by peer and call id */
    cx_memory_pool *memory;
    cx_work *work_first;
    cx_work *work_last;
    uint32_t n_work;
    uint32_t depth;   /* entries from the shell under way */
    uint64_t now;     /* while depth > 0 */
    uint32_t n_shown; /* interceptors under way: they also run inside functions of the user */
};

/*
 * `env` and `hooks` are borrowed and outlive the core; of `options` (NULL: silence) the log is
 * taken. COAX_ERR_NO_MEMORY.
 */
COAX_MUST_USE coax_err cx_core_init(cx_core *core, const coax_env *env, const cx_core_hooks *hooks,
                                    const coax_loop_options *options);
/* All endpoints are deinit'ed. Results that users keep live on. Works on a zeroed core. */
void cx_core_deinit(cx_core *core);

/* Runs timers due at `now` (nanoseconds, never less than before). */
void cx_core_advance(cx_core *core, uint64_t now);
/* Runs what was put off until now; what that puts off waits for the next run (cx_core_has_work). */
void cx_core_run(cx_core *core, uint64_t now);
bool cx_core_has_work(const cx_core *core);
/* When cx_core_advance has something to do next, in nanoseconds; UINT64_MAX: never. */
uint64_t cx_core_next(const cx_core *core);

/* The loop's time: the turn's inside one, else the clock's. */
uint64_t cx_core_now(const cx_core *core);
/* Queues work for cx_core_run; once, however often it is asked. */
void cx_core_defer(cx_core *core, cx_work *work);
/* Takes it out again; fine when it isn't queued. */
void cx_core_undefer(cx_core *core, cx_work *work);

/* Brackets of everything the shell lets in. Returns what cx_core_leave wants back. */
uint64_t cx_core_enter(cx_core *core, uint64_t now);
void cx_core_leave(cx_core *core, uint64_t was);

/* A method is about to say something on this loop: if that may hold @sensitive fields, the loop keeps them secret. */
static inline void cx_core_note(cx_core *core, const coax_method *method)
{
    if (COAX_UNLIKELY((method->flags & COAX_METHOD_SENSITIVE) != 0))
        cx_pool_keep_secrets(&core->host.pool);
}

static inline cx_core *cx_core_of(coax_loop *loop)
{
    return (cx_core *)(void *)loop;
}

static inline coax_loop *cx_core_loop(cx_core *core)
{
    return (coax_loop *)(void *)core;
}

#endif
