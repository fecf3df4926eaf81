/*
 * The three of them: a client, the man in the middle, and a server; and a ledger of what was sent, heard and answered.
 *
 * All live on one loop: in the simulator, where time costs nothing, or on real sockets. One server serves many
 * connections one after the other; whatever is done to one, the next must find it well. What the ledger holds at any
 * time: a handler runs only with what the client of now has sent, at most once for each; an answer is the answer to its question;
 * and each question ends once. Read next: trio.c, ledger.c.
 */
#ifndef TESTS_INTEGRATION_ATTACKS_TRIO_H
#define TESTS_INTEGRATION_ATTACKS_TRIO_H

#include "deeds.h"
#include "transport/sim.h"
#include "vault_client.h"
#include "vault_server.h"

#define TRIO_ASKS_MAX 64u
#define TRIO_LOG_MAX (1u << 20)

typedef enum trio_way { TRIO_PLAIN = 0, TRIO_XX, TRIO_IK, TRIO_PSK, TRIO_WAYS } trio_way;

typedef enum trio_ask_kind { TRIO_PUT = 0, TRIO_DROP, TRIO_TURN } trio_ask_kind;

typedef struct trio trio;

/* One question, and what became of it. */
typedef struct trio_ask {
    trio *trio;
    trio_ask_kind kind;
    uint32_t client;
    uint32_t ticket;
    uint32_t n_heard; /* coins of it that a handler got */
    uint32_t n_back;  /* faces that came back */
    uint32_t n_items; /* TURN: to be sent */
    uint32_t n_sent;
    uint32_t n_ends;
    coax_err err;
} trio_ask;

/* What one connection came to. */
typedef struct trio_outcome {
    uint32_t n_asked;
    uint32_t n_heard;
    uint32_t n_good;   /* ended well */
    uint32_t n_failed; /* ended otherwise */
    coax_err last_err; /* of a question that failed */
    uint32_t n_opened; /* times the client was open */
    uint32_t n_closed;
    coax_error client; /* why it closed; COAX_OK: it has not */
    uint32_t n_connects;
    uint32_t n_disconnects;
    uint32_t n_errors;
    coax_error server; /* on_disconnect's, or the log's of one that was not open */
    char wrong[300];   /* the first rule of the ledger that did not hold; "": all hold */
} trio_outcome;

struct trio {
    cx_sim *sim; /* NULL: real sockets */
    coax_loop *loop;
    coax_server *server;
    coax_client *client;
    mitm mitm;
    deeds deeds;
    trio_way way;
    uint64_t seed;
    char url[CX_URL_PRINT_MAX]; /* the server's own */
    char id[COAX_ID_SIZE];
    coax_client_options options; /* of the next client */
    uint32_t n_clients;
    trio_ask asks[TRIO_ASKS_MAX];
    trio_outcome now;
    size_t bytes_before;
    char *log; /* lines of all that was logged, from the last connect on */
    size_t log_len;
};

/* `server` NULL: defaults. Its key, psk and callbacks are set here. `is_real`: sockets. */
void trio_open(trio *t, trio_way way, bool is_real, uint64_t seed,
               const coax_server_options *server);
/* Nothing was left behind, in memory or otherwise. */
void trio_close(trio *t);

/* A new client, led through the man in the middle; the outcome begins anew. */
void trio_connect(trio *t);
/* One that does this deed to its connection. */
void trio_connect_under(trio *t, const deed *one);
/* Asks. False: refused at once. */
bool trio_ask_one(trio *t, trio_ask_kind kind, uint32_t n_items);
/* `n` questions of all kinds, one after the other or all at once. */
void trio_talk(trio *t, uint32_t n, bool at_once);

/* One thing happens. */
void trio_step(trio *t);
uint64_t trio_now(const trio *t);
/* Goes on until `is_so`, or for `ms`. */
bool trio_until(trio *t, bool (*is_so)(const trio *t), uint32_t ms);
/* Conditions. */
bool trio_is_open(const trio *t);
bool trio_is_closed(const trio *t);
bool trio_is_decided(const trio *t);  /* open, or closed */
bool trio_is_answered(const trio *t); /* every question has ended */
bool trio_is_settled(
    const trio *t);                /* so, or the client is closed; and with it the server's side */
bool trio_is_quiet(const trio *t); /* nobody is connected any more */
/* Lets time pass. */
void trio_wait(trio *t, uint32_t ms);
/* The client leaves, and everybody notices. */
void trio_leave(trio *t);
/* The ledger holds, and the next client finds the server well. */
void trio_check(trio *t);
void trio_check_server(trio *t);
/* Whether a line with `text` was logged since the last connect. */
bool trio_logged(const trio *t, const char *text);

/* Bytes the loop has taken, and the most there were since trio_mark. */
size_t trio_bytes(void);
size_t trio_most(void);
void trio_mark(void);

/* The keys that are used everywhere. */
extern const uint8_t trio_server_secret[32];
extern const uint8_t trio_psk[32];

/* ledger.c */
void ledger_begin(trio *t);
coax_err ledger_serve(trio *t);
void ledger_wrong(trio *t, const char *format, ...) COAX_PRINTF(2, 3);
/* All questions of clients that are gone must have ended. */
void ledger_check(trio *t);

#endif
