/*
 * A server and a client in the simulator, and a diary of what both were told, in order.
 *
 * The server can be stopped, killed and started again at the same address; the client stays. What happens
 * is written down as words ("connecting", "+server", "call unavailable"), so that a test can say in one
 * line what it expects. Read next: diary.c.
 */
#ifndef TESTS_UNIT_NODE_DIARY_H
#define TESTS_UNIT_NODE_DIARY_H

#include "node/shell_sim.h"
#include "probe.h"
#include "transport/sim.h"

#define MS UINT64_C(1000000)
#define DIARY_URL "tcp://server:7"

typedef struct diary {
    cx_sim *sim;
    coax_loop *there; /* the server's; NULL: there is none now */
    coax_loop *here;
    coax_server *server;
    coax_client *client;
    probe probe;
    char text[4000]; /* what has happened since the last diary_forget, words with a space behind */
    coax_error reason;   /* the last that on_state or on_disconnect gave */
    uint64_t times[128]; /* of every state the client had, in ms since the world began */
    uint32_t n_times;
    uint32_t n_accepted; /* connections the servers have opened so far */
    uint32_t closes_at;  /* the client is closed in so many state callbacks from now */
} diary;

/** A world without server and client. `seed` decides what chance decides. */
void diary_open(diary *d, uint64_t seed);
/** Checks that nothing is left. */
void diary_close(diary *d);

/** Options whose callbacks write into the diary. */
coax_client_options diary_client_options(diary *d);
coax_server_options diary_server_options(diary *d);

/** `options` NULL: diary_server_options. */
void diary_start_server(diary *d, const coax_server_options *options);
/** In good order: its loop is destroyed. */
void diary_stop_server(diary *d);
void diary_start_client(diary *d, const coax_client_options *options);

void diary_run(diary *d, uint64_t ms);
/** Fails unless the diary is exactly `expected`, and begins a new page. */
void diary_is(diary *d, const char *expected);
void diary_forget(diary *d);
void diary_write(diary *d, const char *format, ...) COAX_PRINTF(2, 3);

/** Starts a call; its end is written as "add ok", "hold unavailable". `waits`: waits_for_ready. */
coax_err diary_add(diary *d, bool waits, uint32_t timeout_ms);
coax_err diary_hold(diary *d, bool waits, uint32_t timeout_ms);
/** A call whose handler makes `times` calls of the client, one behind the other. */
coax_err diary_ask_back(diary *d, uint32_t times);
/** Answers what is held. */
void diary_release(diary *d);

#endif
