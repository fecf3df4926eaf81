/*
 * A stage: a server, a second one behind it, a client, and a way to call, so that one case runs
 * over every transport and in every style.
 *
 *     style     the loop with the server          the client
 *     callback  run by the test until it is done  on the same loop
 *     posted    run by another thread             on the same loop; the test's thread waits
 *     dialled   run by another thread             coax_dial on the test's thread
 *
 * The simulator has the callback style only; in-process names have no dialled one, because they
 * belong to one loop. The word "loops2" is TCP and a server of two loops.
 */
#ifndef TESTS_CONFORMANCE_STAGE_H
#define TESTS_CONFORMANCE_STAGE_H

#include <uv.h>

#include "probe.h"
#include "transport/sim.h"

typedef enum style { STYLE_CALLBACK, STYLE_POSTED, STYLE_DIALLED } style;

typedef struct stage {
    coax_loop *loop;
    coax_server *server;
    coax_server *second;
    coax_client *client;
    coax_client *between; /* from the server to the second */
    probe probe;
    probe second_probe;
    cx_sim *sim;
    style style;
    uv_thread_t thread;
    bool has_thread;
    bool is_done; /* callback style: the call under way has ended */
    /* What the client serves, with `serves_self`; NULL: Helper. */
    coax_err (*serve_client)(coax_client *client, void *self);
    void *serves_self;
    char url[300];
} stage;

/**
 * From the program's arguments: transport (with "-noise": encrypted) and style. @return 0, 77 (this host can't; said on
 * stderr), 2.
 */
int stage_choose(int argc, char **argv);
style stage_style(void);
/** Whether the chosen transport is this one. */
bool stage_is(const char *name);
/** Removes what choosing made. */
int stage_done(void);

/** `server` and `client` NULL: defaults (with counting hooks on the server). */
void stage_open(stage *s, const coax_server_options *server, const coax_client_options *client);
/** A loop and nothing else, for cases that bring their own servers and set `server` and `url`. */
void stage_begin(stage *s);
/** The pieces, for cases that set up more themselves: loop and servers only. */
void stage_open_servers(stage *s, const coax_server_options *server);
void stage_open_client(stage *s, const coax_client_options *client);
void stage_close(stage *s);

/** The listen address of a new name of this transport. */
const char *stage_new_url(void);
/** Callback style: runs until `*flag`. */
void stage_run_until(stage *s, const bool *flag);
/** Callback style: runs until `*counter` is `wanted`. */
void stage_run_until_count(stage *s, const uint32_t *counter, uint32_t wanted);
/** Callback style: waits for one thing to happen, at most `most_ms`; -1: no limit. The simulator has no limit. */
void stage_step(stage *s, int most_ms);
/** Callback style: lets a few turns pass. */
void stage_run_some(stage *s);

/*
 * Calls in the stage's style: starts, waits, gives the result, which the caller frees with
 * ..._result_free. What could not start has err and the words in status, as the waiting stubs have.
 */
#define STAGE_ASK(method)                                                                          \
    probe_probe_##method##_result ask_##method(                                                    \
        stage *s, const probe_probe_##method##_request *request, const coax_call_options *options)
STAGE_ASK(add);
STAGE_ASK(echo);
STAGE_ASK(grow);
STAGE_ASK(name);
STAGE_ASK(hold);
STAGE_ASK(release);
STAGE_ASK(fail);
STAGE_ASK(remaining);
STAGE_ASK(ask_back);
STAGE_ASK(hang_up);
STAGE_ASK(answer_twice);
STAGE_ASK(seen);
probe_absent_call_result ask_absent(stage *s, const probe_absent_call_request *request,
                                    const coax_call_options *options);

#endif
