/*
 * The siege: a server with the default limits, a good client beside it, and foes that speak bytes. All on one loop,
 * whose memory is counted.
 */
#ifndef TESTS_INTEGRATION_SIEGE_H
#define TESTS_INTEGRATION_SIEGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "siege_client.h"
#include "siege_server.h"
#include "wire/frame.h"

typedef struct siege {
    coax_loop *loop;
    coax_server *server;
    coax_client *good;
    char url[300];
    uint32_t n_good;
    uint32_t n_connected;
    uint32_t n_gone;
    uint32_t n_errors;
    uint32_t n_relayed; /* ends of calls that handlers made */
    uint32_t n_let_go;  /* handlers that learned that nobody waits */
    coax_error last_error;
    coax_error last_reason;
    atomic_uint n_grinding; /* threads held */
    atomic_bool is_gate_open;
} siege;

/* A peer that is not what it should be. */
typedef struct foe {
    siege *siege;
    int fd;
    bool is_deaf; /* reads nothing */
    bool is_over; /* the other side has closed */
    uint8_t *out;
    size_t out_len, out_cap;
    uint8_t in[1 << 18];
    size_t in_len;
    uint32_t n_probes, n_probed;
    bool is_server; /* a preface comes first */
    struct {
        uint32_t method, call;
    } asked[8]; /* REQUEST and SUBSCRIBE, as a server hears them */
    uint32_t n_asked;
    /* Heard. */
    uint32_t n_heard[256]; /* by type */
    cx_frame last_error;
    char error_words[300];
    uint16_t goaway_code;
    char goaway_words[300];
    size_t n_bytes;
} foe;

/* Bytes that the loop has taken, and the most there were since siege_mark. */
size_t siege_bytes(void);
size_t siege_most(void);
void siege_mark(void);
coax_allocator siege_allocator(void);

/* `options` NULL: defaults. What is needed for the counts above is added. */
void siege_open(siege *s, const coax_server_options *options);
/* The same on another address than plain+tcp://127.0.0.1:0. */
void siege_open_at(siege *s, const coax_server_options *options, const char *url);
/* And with a good client that has options. */
void siege_open_with(siege *s, const coax_server_options *options, const char *url,
                     const coax_client_options *good);
/* The good client has noticed nothing; nothing is left behind. */
void siege_close(siege *s);
void siege_turn(siege *s);
/* The good client calls, and is answered. */
void siege_good_call(siege *s);

/* Connects without a word. */
void foe_connect(foe *f, siege *s);
/* A server of its own: listens, and writes where. */
int foe_listen(char *ret_url, size_t size);
/* Takes the next client that `s` has, when it has come. */
void foe_accept(foe *f, siege *s, int listener);
/* The call of a method or event that the client has asked for; waits for it. */
uint32_t foe_asked(foe *f, uint32_t method);
/* Connects and opens. */
void foe_open(foe *f, siege *s);
void foe_close(foe *f);
/* Frames that are sent with foe_send. */
void foe_put(foe *f, cx_frame frame, const void *payload, size_t len);
void foe_put_bytes(foe *f, const void *bytes, size_t len);
/* A REQUEST with an empty map, or with what is given. */
void foe_put_request(foe *f, uint32_t call, uint32_t method);
void foe_put_item(foe *f, uint32_t call, size_t body_len);
void foe_put_simple(foe *f, uint8_t type, uint16_t aux, uint32_t call, uint32_t method);
/* Sends it all, as far as the server takes it: false when it takes no more, or has closed. */
bool foe_send(foe *f);
void foe_read(foe *f);
/* Sends, and waits until all has been dealt with, or the connection is over. */
void foe_settle(foe *f);
/* Waits for the end of the connection. */
void foe_hear_out(foe *f);

#endif
