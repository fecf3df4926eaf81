/*
 * Two channels, a client's and a server's, and the bytes between them in the test's hands.
 */
#ifndef TEST_SECURE_TWINS_H
#define TEST_SECURE_TWINS_H

#include "fake_env.h"
#include "secure/channel.h"
#include "secure/dh.h"

#define TWINS_ROOM (512u * 1024u)

/* A run of bytes on its way. */
typedef struct wire {
    uint8_t bytes[TWINS_ROOM];
    size_t len;
} wire;

typedef struct twin {
    cx_channel channel;
    cx_channel_config config;
    cx_key_pair keys;
    bool is_ready;
    unsigned n_failed;
    coax_error why;
    cx_last last;
    cx_channel_facts facts; /* its pointers lead into the arrays below */
    uint8_t hash[CX_HASH_MAX];
    uint8_t peer_key[32];  /* as on_ready told */
    uint8_t asked_key[32]; /* as on_peer_key told */
    unsigned n_asked;
    coax_err answer;   /* on_peer_key's */
    const char *words; /* and its words */
    wire got;          /* what on_data was given, in one run */
    unsigned n_data;
    const uint8_t *data_at; /* where on_data's bytes lay last */
    bool says_enough;       /* on_data returns false */
    bool says_not_now;      /* may_compute does */
    bool ends_in_data;      /* on_data deinits the channel */
    unsigned n_computes;
} twin;

typedef struct twins {
    fake_env env;
    twin client;
    twin server;
    uint8_t psk[32];
    uint64_t now;
} twins;

/* Prepares both, without starting; configs may be changed until twins_start. Free with twins_free. */
twins *twins_new(cx_pattern_id pattern, coax_suite suite);
void twins_free(twins *it);
/* Both channels exist, and the client's first bytes wait. */
void twins_start(twins *it);
/* Runs the handshake; both are ready. */
void twins_open(twins *it);
/* new, start, open. */
twins *twins_opened(cx_pattern_id pattern, coax_suite suite);

/* Moves what the side has to say in clear to the end of `to`. Returns how much that was. */
size_t twin_output(twin *side, wire *to);
/* Gives bytes to the side, which takes all of them. */
void twin_receive(twins *it, twin *side, const uint8_t *bytes, size_t len);
/* Seals to the end of `to`. */
void twin_seal(twins *it, twin *side, const void *data, size_t len, wire *to);
/* Seals text there, and expects it to arrive here. */
void twins_say(twins *it, twin *from, twin *to, const char *text);

#endif
