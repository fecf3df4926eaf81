/*
 * struct coax_client: a connection dialled again whenever it ends, what it serves, and what the user
 * wants to hear.
 *
 * Invariants: `conn` is the connection that new calls take, from the dial until it ends or the server
 * drains it; those that only finish their calls are in `retired`. Once `is_ending` no connection is dialled
 * any more, and CLOSED is told when all of these are gone. The client is freed when the user has
 * closed it and CLOSED has been told, from a task, so that closing is legal anywhere. Read next:
 * client.c, reconnect.c, wait.c.
 */
#ifndef CX_NODE_CLIENT_H
#define CX_NODE_CLIENT_H

#include <coax/client.h>

#include "node/conn.h"
#include "node/secrets.h"
#include "node/trust.h"
#include "rpc/events.h"
#include "rpc/lot.h"
#include "rpc/intercept.h"
#include "rpc/registry.h"

struct coax_client {
    coax_loop *loop;
    cx_conn *conn;   /* NULL: there is none, or none that takes calls */
    cx_list retired; /* cx_conn, by `mine` */
    cx_lot lot;      /* calls that wait for a connection; used only with `reconnects` */
    bool has_lot;    /* until it is closed and its calls have ended */
    cx_list links;   /* loop->clients */
    cx_endpoint_config config;
    cx_registry registry;
    cx_interceptors interceptors;
    bool is_used;             /* something has been asked of it: too late for interceptors */
    cx_subscriber subscriber; /* attached to `conn`, or to a retired one until that has opened */
    cx_stats stats;
    cx_task freeing;
    cx_work settling; /* CLOSED is to be told */
    cx_timer retry;
    coax_client_state state;
    coax_error reason;   /* why there is no connection; COAX_OK: none has ended yet */
    uint64_t opened_ns;  /* when `conn` opened */
    uint32_t n_failures; /* attempts in a row that did not open */
    uint32_t delay_ms;   /* the last, without its jitter; 0: the connection lasted */
    uint32_t hint_ms;    /* the draining server's: if dialling at once fails, wait so long */
    bool is_hearsay;     /* anybody on the way may have made up `reason` */
    bool takes_early;    /* calls may queue on `conn` before it is open */
    bool has_given_up;   /* on_secret has, and this is the end */
    bool is_ending;      /* for good */
    bool is_released;    /* the user has closed it */
    bool is_dialled;     /* on a private loop */
    bool holds_loop;     /* waiting has no handle that would keep the loop running */
    bool frees_later;    /* when the posts below have been seen */
    uint32_t n_posted; /* blocking calls of other threads that the loop has not seen yet; under its
                             mutex */
    cx_trust_state *trust; /* whom it trusts; NULL: not encrypted */
    char *name;
    char *url;
    cx_secrets secrets;
    coax_client_options options; /* its texts are not to be used: they were the user's */
};

/* reconnect.c */

/** Before anything else of reconnect.c. */
void cx_client_prepare(coax_client *client);
/** Before it is freed. */
void cx_client_discard(coax_client *client);

/** Starts one attempt. @return COAX_OK, or why not; nothing is left of it then. */
COAX_MUST_USE coax_err cx_client_dial(coax_client *client, coax_error *error);

/**
 * Ends everything for good: calls in flight and waiting end with `calls_end`, then CLOSED is told, with
 * `why`. Nothing when it is ending already.
 */
void cx_client_end(coax_client *client, const coax_error *why, coax_err calls_end);

/**
 * Where a call goes now, or NULL with the reason in `error`.
 * @param waits  waits_for_ready: without a connection, where calls wait for one.
 */
cx_endpoint *cx_client_endpoint(coax_client *client, bool waits, coax_error *error);

/* client.c */

/** Its @blocking handlers have returned. */
void cx_client_on_idle(void *self);

/** coax_client_close for a client on a loop that somebody else runs. */
void cx_client_release(coax_client *client);

/**
 * Counts a blocking call on its way to the loop, which keeps the client in memory, and counts it
 * off.
 */
void cx_client_posted(coax_client *client);
void cx_client_seen(coax_client *client);

/** Has one freed that the user has closed and that is CLOSED. */
void cx_client_free_soon(coax_client *client);

/** Frees one whose connections have ended. */
void cx_client_free(coax_client *client);

#endif
