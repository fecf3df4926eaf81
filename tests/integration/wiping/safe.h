/*
 * The safe: a server on a thread of its own whose every answer is a marker, and the boxes that both sides send.
 *
 * Numbers tell markers apart: what a client sends has the number it was made with, what the safe answers the same and
 * SAFE_ANSWER.
 */
#ifndef TESTS_WIPING_SAFE_H
#define TESTS_WIPING_SAFE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

#include "secrets_client.h"
#include "secrets_server.h"
#include "trace.h"

enum {
    SAFE_ANSWER = 0x10000,
    SAFE_THROWS = 0x1000, /* numbers of boxes from here on are answered with an error */
    SAFE_NEVER = 0x2000   /* and these not at all */
};

typedef struct safe {
    coax_loop *loop;
    coax_server *server;
    uv_thread_t thread;
    bool has_thread;
    char url[300];
    atomic_uint n_dropped; /* one-way messages */
    atomic_uint n_wrong;   /* what came is not what was sent */
    atomic_uint n_errors;
    uv_mutex_t mutex;
    char words[4096]; /* of all errors; under the mutex, as the log */
    char log[1 << 16];
    size_t log_len;
} safe;

/* The same without the thread: the test runs the loop. */
void safe_make(safe *s, const char *url, const coax_server_options *options, uint32_t loops);
/* The same as safe_open, serving only what is not sensitive. */
void safe_open_bare(safe *s, const char *url, const coax_server_options *options);
/* A key of random bytes, which are looked for from now on. The caller frees it. */
enum { SAFE_SERVER_KEY = 0xfff1, SAFE_CLIENT_KEY = 0xfff2, SAFE_PSK = 0xfff3 };
coax_key *safe_key(uint32_t number);
/* Fills with random bytes that are looked for. */
void safe_random(uint8_t *to, size_t len, uint32_t number);

/* `options` NULL: none. Opens on `url`; loops: how many. Fails the test where it can't. */
void safe_open(safe *s, const char *url, const coax_server_options *options, uint32_t loops);
void safe_close(safe *s);

/* A box of markers and the memory they lie in. */
typedef struct safe_box {
    secrets_box box;
    secrets_box next;
    secrets_inner inner[2];
    secrets_str_inner_entry named[1];
    uint8_t *bytes;
    size_t len;
} safe_box;

/* Fills it; `len` bytes of blob. The box may not be moved. */
void safe_fill(safe_box *b, uint32_t number, size_t len);
/* Wipes and frees it. */
void safe_empty(safe_box *b);
/* Whether all of a box that came is the marker of that number. */
bool safe_is(const secrets_box *box, uint32_t number, size_t len);

#endif
