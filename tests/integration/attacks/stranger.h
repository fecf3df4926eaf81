/*
 * A peer that is driven by hand: it speaks the handshake with keys of its own choice, and then whatever frames the test wants.
 * As a client it dials; as a server it listens. Two of them back to back are a man in the middle with keys of his own
 * (bridge.h).
 */
#ifndef TESTS_INTEGRATION_ATTACKS_STRANGER_H
#define TESTS_INTEGRATION_ATTACKS_STRANGER_H

#include "node/loop.h"
#include "secure/channel.h"
#include "wire/frame.h"

#define STRANGER_HEARD_MAX 64u

/* How it speaks. Zeroed with a key made up: XX. */
typedef struct stranger_look {
    bool is_plain;
    uint8_t pattern;           /* cx_pattern_id; 0: XX */
    uint8_t suite;             /* coax_suite; 0: the default */
    const uint8_t *secret;     /* NULL: its own */
    const uint8_t *public_key; /* NULL: that of `secret`; else what it pretends */
    const uint8_t *psk;
    const uint8_t *peer_key; /* IK */
} stranger_look;

typedef struct stranger_frame {
    cx_frame frame;
    uint8_t *payload;
} stranger_frame;

typedef struct stranger stranger;

struct stranger {
    coax_loop *loop;
    cx_stream *stream; /* NULL: not yet, or over */
    cx_listener *listener;
    char url[CX_URL_PRINT_MAX];
    stranger_look look;
    uint8_t secret[32];
    uint8_t public_key[32];
    coax_env env; /* outlives the loop */
    cx_channel_config config;
    cx_channel channel;
    bool is_server;
    bool is_connected; /* the transport is */
    bool is_ready;     /* the handshake is over, or there is none */
    bool is_over;      /* the connection has ended */
    coax_error failed; /* the channel's reason */
    uint8_t hash[CX_HASH_MAX];
    size_t hash_len;
    uint8_t peer_key[32];
    uint8_t *in; /* bytes of a frame that is not whole */
    size_t in_len;
    size_t in_cap;
    stranger_frame heard[STRANGER_HEARD_MAX];
    uint32_t n_heard;
    uint64_t n_bytes; /* that came, as they were on the wire */
    uint8_t *out;     /* what the transport has not taken */
    size_t out_len;
    size_t out_cap;
    /* NULL, or told of each frame as it comes. */
    void (*on_frame)(void *self, stranger *s, const cx_frame *frame, const uint8_t *payload);
    void *self;
};

/* Connects; `look` NULL: as it is zeroed. */
void stranger_dial(stranger *s, coax_loop *loop, const char *url, const stranger_look *look);
/* Takes the first that dials `url` (tcp://name:port in the simulator). */
void stranger_listen(stranger *s, coax_loop *loop, const char *url, const stranger_look *look);
/* Closes; the loop has to run before it is forgotten. */
void stranger_close(stranger *s);
void stranger_free(stranger *s);

/* Sealed, when it is encrypted. */
void stranger_send(stranger *s, cx_frame frame, const void *payload, size_t len);
/* The same with a length in the header that is none. */
void stranger_send_false(stranger *s, cx_frame frame, const void *payload, size_t len);
/* As they are, sealed. */
void stranger_seal(stranger *s, const void *bytes, size_t len);
/* As they are, in clear. */
void stranger_send_raw(stranger *s, const void *bytes, size_t len);
/* HELLO with the default limits and this name. `credential` NULL: none; else the encoded field (a struct). */
void stranger_hello(stranger *s, const char *name, coax_bytes credential);
/* Token, plain password or the first step of another mechanism. */
size_t stranger_credential(const char *mechanism, const char *user, coax_bytes proof,
                           uint8_t *ret_bytes, size_t cap);

/* Forgets what was heard. */
void stranger_forget(stranger *s);
/* The last frame of a type that was heard; NULL: none. */
const stranger_frame *stranger_heard(const stranger *s, uint8_t type);
/* Whether a frame of this type has come with these words in it. */
bool stranger_heard_words(const stranger *s, uint8_t type, const char *words);

#endif
