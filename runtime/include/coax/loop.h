/*
 * The event loop everything runs on, and the three ways to embed it.
 *
 * 1. ours: coax_loop_create, coax_loop_run;
 * 2. the user's libuv loop: coax_loop_from_uv, then uv_run as usual;
 * 3. a foreign loop: coax_loop_create, then watch coax_loop_fd for reading, wait at most
 * coax_loop_timeout_ms, call coax_loop_process.
 *
 * Invariants: one loop, one thread; all callbacks come from it. coax_loop_post (and the blocking
 * stubs) may be called from any thread, everything else from the loop's thread or before it runs.
 * A server with options.loops > 1 makes private loops, each with a thread of its own; the handles
 * of its connections and calls name the one they live on. What belongs on "the loop's thread" then
 * belongs on that one, and coax_loop_post(peer.loop, ...) leads there. A private loop is the
 * server's: coax_loop_run, _process and _destroy answer COAX_ERR_MISUSE, coax_loop_stop does
 * nothing; clients made on one end with the server.
 */
#ifndef COAX_LOOP_H
#define COAX_LOOP_H

#include <stddef.h>
#include <stdint.h>

#include <coax/env.h>
#include <coax/error.h>
#include <coax/log.h>

COAX_BEGIN_DECLS

typedef struct coax_loop coax_loop;
struct uv_loop_s;

typedef struct coax_loop_options {
    size_t size;
    /*
     * NULL: malloc and free. Borrowed; must outlive the loop. A server with many loops uses it on
     * all of their threads at once, and so it does the log: both must be safe for that then.
     */
    const coax_allocator *allocator;
    coax_log_fn log; /* NULL: silence */
    void *log_self;
    coax_log_level log_level;
} coax_loop_options;

#define COAX_LOOP_OPTIONS_INIT                                                                     \
    {                                                                                              \
        sizeof(coax_loop_options), NULL, NULL, NULL, COAX_LOG_INFO                                 \
    }

/** A new loop, or NULL when memory or file descriptors run out or an option is bad. `options` NULL:
 * defaults. Release with coax_loop_destroy. */
COAX_API coax_loop *coax_loop_create(const coax_loop_options *options);

/** Rides on `uv`, which is borrowed, must outlive the result and be run by the user. */
COAX_API coax_loop *coax_loop_from_uv(struct uv_loop_s *uv, const coax_loop_options *options);

/**
 * Runs until coax_loop_stop, or until nothing is open any more.
 * @return COAX_OK; COAX_ERR_DEADLOCK from inside a callback or an interceptor;
 * COAX_ERR_WRONG_THREAD while another thread runs it; COAX_ERR_MISUSE for a loop that rides on the
 * user's.
 */
COAX_API coax_err coax_loop_run(coax_loop *loop);

/** Makes coax_loop_run return after this turn. From any thread. */
COAX_API void coax_loop_stop(coax_loop *loop);

/**
 * Runs `fn(self)` on the loop's thread, in order of posting. From any thread, also inside a
 * callback.
 * @return COAX_OK, COAX_ERR_NO_MEMORY, or COAX_ERR_CLOSED once destroy has begun; then `fn` never
 * runs.
 */
COAX_API COAX_MUST_USE coax_err coax_loop_post(coax_loop *loop, void (*fn)(void *self), void *self);

/**
 * Takes SIGTERM and SIGINT: the first drains every server of this loop for at most
 * `drain_timeout_ms` (0: 30,000), and coax_loop_run returns when all have stopped; a second SIGINT,
 * or a signal when there is no server, stops at once. Given back when the loop is destroyed.
 * @return COAX_OK, COAX_ERR_IN_USE (asked already), COAX_ERR_NOT_SUPPORTED (not on libuv),
 * COAX_ERR_SYSTEM, COAX_ERR_NO_MEMORY. Loop's thread.
 */
COAX_API COAX_MUST_USE coax_err coax_loop_drain_on_signals(coax_loop *loop,
                                                           uint32_t drain_timeout_ms);

/** Something to watch for reading; -1 where the platform has none. */
COAX_API int coax_loop_fd(const coax_loop *loop);

/** Longest wait before coax_loop_process must be called, in ms; -1: no limit; 0: at once. */
COAX_API int coax_loop_timeout_ms(const coax_loop *loop);

/** Handles what is ready, without waiting. @return as coax_loop_run. */
COAX_API coax_err coax_loop_process(coax_loop *loop);

/**
 * Closes and frees everything on the loop, clients and servers included; calls in flight end with
 * COAX_ERR_UNAVAILABLE first. NULL is fine. Inside a callback of the loop, or an interceptor, it is
 * refused with COAX_ERR_DEADLOCK and nothing happens; with coax_loop_from_uv the
 * user's loop is run until our handles are closed, and survives.
 */
COAX_API coax_err coax_loop_destroy(coax_loop *loop);

COAX_END_DECLS

#endif
