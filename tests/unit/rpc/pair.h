/*
 * Two endpoints joined by hand, on a clock that only moves when told: a shell without sockets.
 *
 * Each side has a core of its own. pair_pump carries bytes both ways until nothing moves any more;
 * how they are cut is the test's choice. What happens to a side is counted, and its services are a
 * table the test fills.
 */
#ifndef TEST_PAIR_H
#define TEST_PAIR_H

#include "echo.h"
#include "fake_env.h"
#include "rpc/rpc.h"

#define PAIR_KEPT_MAX 2048u

typedef struct pair_side {
    cx_core core;    /* first: it is the coax_loop */
    cx_core *shared; /* the core of another pair's side, used instead of its own; NULL: none */
    cx_endpoint endpoint;
    cx_endpoint_config config;
    cx_registry registry;
    cx_stats stats;
    bool has_endpoint;
    bool is_dirty;
    bool is_held; /* nothing leaves this side */
    uint32_t n_dirty;
    uint32_t n_open;
    uint32_t n_writable;
    uint32_t n_closed;
    uint32_t n_errors;
    uint32_t n_unknown;
    uint32_t n_drains; /* on_drain, and what it was told */
    uint32_t retry_after_ms;
    char drain_words[COAX_ERROR_TEXT_MAX];
    coax_error reason;     /* of on_closed */
    coax_error last_error; /* of on_error */
    /* What the default handlers do, and have seen. */
    bool keeps_calls; /* echo does not answer, and keeps the handle */
    coax_call kept[PAIR_KEPT_MAX];
    const echo_note *kept_requests[PAIR_KEPT_MAX];
    uint32_t n_kept;
    uint32_t n_handled;
    uint32_t n_hints;
    coax_err answered; /* what the last reply inside a handler returned */
    void (*in_handler)(struct pair_side *side, coax_call call, const echo_note *request);
} pair_side;

typedef struct pair {
    fake_env fake;
    pair_side client;
    pair_side server;
    size_t chunk;         /* bytes carried at a time; 0: as many as there are */
    uint64_t n_to_server; /* bytes */
    uint64_t n_to_client;
} pair;

/*
 * A pair that is not yet connected; limits may still be changed in the configs, until pair_connect.
 */
void pair_init(pair *two);
/* Endpoints on both sides, started, and the connection opened. */
void pair_connect(pair *two);
/* The same in two steps. COAX_ERR_NO_MEMORY: nothing is left to undo. */
coax_err pair_make(pair *two);
/* Carries bytes and runs put-off work until nothing moves. */
void pair_pump(pair *two);
/* Moves the clock, and pumps. */
void pair_advance(pair *two, uint32_t ms);
/* The transport breaks: both sides hear of it. */
void pair_break(pair *two, const char *words);
void pair_deinit(pair *two);

/* Serves echo on a side with the default handlers; COAX_OK unless memory runs out. */
coax_err pair_serve(pair_side *side);
/*
 * Hands bytes to one side as if its peer had sent them, `chunk` at a time (0: at once), and runs
 * its put-off work.
 */
void pair_feed(pair *two, pair_side *side, const void *bytes, size_t len, size_t chunk);
/* Takes up to `max` bytes of a side's output. */
size_t pair_take(pair_side *side, uint8_t *ret_bytes, size_t max);

/* What became of one call. */
typedef struct pair_answer {
    uint32_t n_done;
    coax_err err;
    uint64_t id;
    size_t body_len;
    uint32_t error_index;
    uint32_t error_id;
    uint64_t broken_id;
    uint32_t retry_after_ms;
    bool has_details;
    char message[1200];
    void (*then)(struct pair_answer *answer); /* called last */
    pair_side *side;
} pair_answer;

/* Starts a call of echo.Echo on `side` that writes into `answer`. */
coax_err pair_call(pair_side *side, const coax_method *method, const echo_note *note,
                   const coax_call_options *options, pair_answer *answer);
/* The done function behind it, for calls started otherwise: `self` is the answer. */
void pair_done(void *self, coax_gen_any_fn user_fn, const coax_result *result);

/* cmocka's fixture: *state is a pair that is open on both sides; nothing it took is left behind. */
int pair_set_up(void **state);
int pair_tear_down(void **state);

#endif
