/*
 * A lot: where calls that wait for a connection (coax_call_options.waits_for_ready) stand, oldest first.
 *
 * It holds an endpoint that never has a transport. cx_rpc_call on &lot->endpoint parks: the call is checked,
 * encoded and filed, its deadline runs, it may be cancelled, its handle is live, and coax_call_peer gives a stale
 * peer. A client that reconnects owns one lot, and does this:
 *
 *     cx_lot_init                     when it is made
 *     cx_rpc_call(&lot->endpoint)     for calls that wait, while no connection is open
 *     cx_endpoint_adopt(live, lot)    a connection is open: what waits leaves by it, oldest first, as room comes;
 *                                     from cx_core_run, without further help
 *     cx_lot_detach                   the connection takes no new calls (draining); not needed when it ends
 *     cx_lot_close                    nobody will connect any more
 *     cx_lot_deinit                   any time: ends what is left without callbacks
 *
 * Invariants: what waits takes at most max_send_queue bytes (COAX_ERR_WOULD_BLOCK, and on_writable follows); a
 * call is sent once or ends here, never both. One thread. Read next: park.c.
 */
#ifndef CX_RPC_LOT_H
#define CX_RPC_LOT_H

#include "rpc/rpc.h"

/* From cx_core_run. */
typedef struct cx_lot_events {
    /* After a COAX_ERR_WOULD_BLOCK: less than half is taken again. */
    void (*on_writable)(void *self);
    /* After cx_lot_close: all calls have ended. cx_lot_deinit is allowed in it. */
    void (*on_closed)(void *self);
} cx_lot_events;

typedef struct cx_lot {
    cx_endpoint endpoint; /* first; its link has no transport and never opens */
    const cx_lot_events *events;
    cx_endpoint *live; /* where what waits leaves by; NULL: nowhere now */
    cx_work moving;
    size_t held; /* bytes that wait */
    bool is_blocked;
    coax_error reason; /* of cx_lot_close */
} cx_lot;

/* `config` as for endpoints of the client it belongs to; its `events` are not used. Takes no memory. */
void cx_lot_init(cx_lot *lot, cx_core *core, const cx_endpoint_config *config,
                 const cx_lot_events *events, void *self);
void cx_lot_deinit(cx_lot *lot);

/* `live` is open and of the same core. Replaces an earlier one. Runs no callback. */
void cx_endpoint_adopt(cx_endpoint *live, cx_lot *lot);
/* What still waits goes on waiting. Fine when there is nothing to detach from. */
void cx_lot_detach(cx_lot *lot);
/*
 * Ends what waits with `code` and `words`, from cx_core_run; handles are stale at once, and new calls get
 * COAX_ERR_UNAVAILABLE. A second one is ignored.
 */
void cx_lot_close(cx_lot *lot, coax_err code, const char *words);
/* Calls that wait. */
uint32_t cx_lot_n_calls(const cx_lot *lot);

#endif
