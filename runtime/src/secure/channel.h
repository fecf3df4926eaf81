/*
 * One encrypted connection: bytes of the transport in, bytes of the protocol out, and back.
 *
 *     client:  preface, [gate], message 1 ->                        records ->
 *     server:                              <- message 2 | refusal   <- records
 *
 * Opens with a Noise handshake (XX, IK or XXpsk3), then seals and opens records. Knows no frames, no sockets and no
 * clock: who owns the bytes' way calls cx_channel_receive, cx_channel_output and cx_channel_seal. Specification:
 * docs/wire.md and the Noise Protocol Framework, revision 34. Read next: preface.h, channel_parts.h, channel.c,
 * channel_opening.c, record.c; handshake_state.h for Noise itself.
 *
 * Invariants: no byte of a record is handed on before its tag was checked; after on_failed nothing more is received;
 * keys and opened bytes are wiped as soon as they are of no use; an idle channel that is ready holds no memory but the
 * struct. One thread.
 */
#ifndef CX_SECURE_CHANNEL_H
#define CX_SECURE_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/auth.h>
#include <coax/bytes.h>
#include <coax/env.h>
#include <coax/error.h>

#include "secure/cipher_state.h"

#define CX_RECORD_HEAD 2u     /* the length in front of a record */
#define CX_RECORD_MAX 65534u  /* ciphertext and tag; 65535 marks a refusal in clear */
#define CX_RECORD_TAG_MAX 32u /* of any suite */
#define CX_HASH_MAX 64u       /* of a handshake hash */

/* As on the wire. Suites have the numbers of coax_suite. */
typedef enum cx_pattern_id {
    CX_PATTERN_XX = 1,
    CX_PATTERN_IK = 2,
    CX_PATTERN_XXPSK3 = 3
} cx_pattern_id;

typedef enum cx_channel_state {
    CX_CHANNEL_OPENING = 1,
    CX_CHANNEL_READY,
    CX_CHANNEL_FAILED, /* on_failed has come; see cx_last for what may still be sent */
    CX_CHANNEL_CLOSED  /* deinit */
} cx_channel_state;

/* What may still be sent when a channel has failed. */
typedef enum cx_last {
    CX_LAST_NOTHING = 0,  /* close without a word */
    CX_LAST_REFUSAL,      /* cx_channel_output has the reason, in clear */
    CX_LAST_PLAIN_GOAWAY, /* the peer speaks without encryption: a GOAWAY frame as it is */
    CX_LAST_SEALED        /* it was ready: cx_channel_seal still works, for a GOAWAY */
} cx_last;

typedef struct cx_channel cx_channel;

/* What is known when a channel is ready. Valid during the callback. */
typedef struct cx_channel_facts {
    coax_bytes hash; /* the handshake hash: 32 or 64 bytes that name this very connection */
    /*
     * 32 bytes: the peer's static key, which it has proved to hold. At a server with IK the proof is
     * the first record that opens: a first message may be an old one, said again.
     */
    const uint8_t *peer_key;
    uint8_t pattern; /* cx_pattern_id */
    uint8_t suite;   /* coax_suite */
} cx_channel_facts;

/*
 * What the owner hears. All run inside cx_channel_receive or cx_channel_resume (on_failed inside cx_channel_start and _seal, too),
 * and may call any function of the channel but cx_channel_receive; cx_channel_deinit as well, where the struct outlives
 * the callback.
 */
typedef struct cx_channel_events {
    /*
     * The peer's static key: at a server the client's; at a client the server's, before its own is sent (not with IK,
     * where it was given). Anything but COAX_OK refuses, with the words of `why`; a server tells them in clear
     * where they are not empty. NULL: any key is fine.
     */
    coax_err (*on_peer_key)(void *self, const uint8_t key[COAX_KEY_BYTES], coax_error *why);
    /* The handshake is over: records may be sealed from now on. What cx_channel_output still has goes before them. */
    void (*on_ready)(void *self, const cx_channel_facts *facts);
    /*
     * Opened bytes, wiped when it returns. False: no more now; cx_channel_receive returns behind this record and says how
     * much it took.
     */
    bool (*on_data)(void *self, const uint8_t *data, size_t len, uint64_t now);
    /* The end, once. */
    void (*on_failed)(void *self, const coax_error *why, cx_last last);
    /*
     * Asked by servers before each message's Diffie-Hellman, which takes about a tenth of a millisecond. False: not
     * now; cx_channel_receive returns, and cx_channel_resume goes on. NULL: always now.
     */
    bool (*may_compute)(void *self);
} cx_channel_events;

/* Where incomplete records and the handshake's state lie while they are needed: cx_pool has these functions. */
typedef struct cx_channel_memory {
    void *self;
    /* At least `size` bytes, aligned to 16; NULL: no memory. */
    void *(*take)(void *self, size_t size, size_t *ret_cap);
    void (*give)(void *self, void *block, size_t cap);
} cx_channel_memory;

/* When a sender changes its key, and how long its records are. The receiver allows twice as much (records, bytes). */
typedef struct cx_channel_limits {
    uint64_t rekey_records;
    uint64_t rekey_bytes;
    uint64_t rekey_ns;
    uint32_t record; /* most bytes of plaintext in a record that is sealed here */
} cx_channel_limits;

/* 2^20 records, 2^30 bytes, 10 minutes. */
extern const cx_channel_limits cx_channel_limits_default;

/*
 * Borrowed, with all it points to, and shared by many channels where it is the same for them. What serves the
 * handshake (keys, psk, pattern, suite) is not looked at any more after on_ready.
 */
typedef struct cx_channel_config {
    bool is_server;
    const coax_env *env;
    const cx_channel_memory *memory; /* NULL: env->allocator */
    const cx_channel_events *events;
    const cx_channel_limits *limits; /* NULL: the default */
    const uint8_t *secret_key;       /* 32 bytes: this side's own */
    const uint8_t *public_key;       /* 32 bytes */
    const uint8_t *psk;              /* 32 bytes, or NULL. A server with one speaks XXpsk3 alone */
    /* Client: what it dials with. */
    uint8_t pattern;         /* cx_pattern_id */
    uint8_t suite;           /* coax_suite; 0: the default */
    const uint8_t *peer_key; /* IK: the server's, 32 bytes */
    /* Server. */
    bool needs_known_key;   /* IK alone, and no answer at all to others */
    uint8_t refused_suites; /* mask of 1 << coax_suite; 0: whatever is available here */
    uint32_t
        max_early_record; /* longest record (ciphertext and tag) before cx_channel_trust; 0: any */
} cx_channel_config;

/* One direction: a key, and what it has been used for. */
typedef struct cx_record_half {
    cx_cipher_state cipher;
    uint64_t records; /* since its key was made, empty ones too */
    uint64_t bytes;
    uint64_t since_ns; /* when its key was first used */
} cx_record_half;

struct cx_channel {
    const cx_channel_config *config;
    void *self;
    struct cx_channel_opening
        *opening; /* the handshake, and bytes to be sent in clear; NULL when both are over */
    cx_record_half in;
    cx_record_half out;
    uint8_t *tail; /* what has come of an incomplete record, without its length; NULL: nothing */
    size_t tail_cap;
    uint64_t begun_ns; /* when it began */
    uint32_t tail_len;
    uint32_t record_len; /* of the record that is coming; 0: not known yet */
    uint8_t head[CX_RECORD_HEAD];
    uint8_t head_len;
    uint8_t state; /* cx_channel_state */
    bool is_trusted;
    bool is_sealing;     /* records can be sealed */
    bool may_be_refused; /* client: a refusal may stand where the server's first record should */
    bool is_refused;     /* and it does: `tail` gets it */
};

/* sodium_init. As often as one likes, on any thread. COAX_ERR_SYSTEM: no randomness, no cryptography here. */
COAX_MUST_USE coax_err cx_secure_init(coax_error *error);

/*
 * Prepares a channel; takes no memory that deinit would have to free when it fails. `self` is given to the events.
 * Returns COAX_OK, COAX_ERR_NO_MEMORY, COAX_ERR_NOT_SUPPORTED (the suite is not available here, the words name it).
 */
COAX_MUST_USE coax_err cx_channel_init(cx_channel *channel, const cx_channel_config *config,
                                       void *self, coax_error *error);
/* Wipes and frees everything; no event. Works on a zeroed channel, and twice. */
void cx_channel_deinit(cx_channel *channel);

/* The transport is connected: the client's preface and first message come into cx_channel_output. */
void cx_channel_start(cx_channel *channel);

/*
 * Takes bytes that arrived; any split is fine. They are opened, and afterwards wiped, where they
 * lie. Returns how many it took: all, unless on_data or may_compute said no. What it did not take is
 * to be given again, later, in front of what follows. What comes after a failure is thrown away.
 */
COAX_MUST_USE size_t cx_channel_receive(cx_channel *channel, uint8_t *data, size_t len,
                                        uint64_t now);
/* After may_compute said no. */
void cx_channel_resume(cx_channel *channel, uint64_t now);
/* Whether it waits for cx_channel_resume. */
bool cx_channel_is_waiting(const cx_channel *channel);

/* What is to be sent in clear and before any record: preface, handshake, refusal. Valid until the next call. */
coax_bytes cx_channel_output(const cx_channel *channel);
/* The first `n` bytes of it have left. */
void cx_channel_sent(cx_channel *channel, size_t n);

/*
 * Seals the bytes of `pieces`, as many as fit into `out`, as records; changes the key before them where that is due.
 * `ret_taken` bytes were sealed into `ret_len`. The pieces and `out` do not overlap.
 * Returns COAX_OK; COAX_ERR_CLOSED: not ready, or failed for good; COAX_ERR_RESOURCE_EXHAUSTED: all nonces are used up,
 * and on_failed has come.
 */
COAX_MUST_USE coax_err cx_channel_seal(cx_channel *channel, const coax_bytes *pieces,
                                       size_t n_pieces, uint64_t now, uint8_t *out, size_t cap,
                                       size_t *ret_taken, size_t *ret_len);
/* Bytes of `out` that are always enough for `len` bytes of plaintext. */
size_t cx_channel_sealed_max(const cx_channel *channel, size_t len);

/*
 * The owner ends a connection that is not ready: full, draining, too slow. No event comes. Returns what may
 * be sent: CX_LAST_REFUSAL with the code and words (as cx_refusal_print) in cx_channel_output, or
 * CX_LAST_NOTHING (at a client, or where the peer may not even know that somebody listens). On a channel
 * that was ready it does nothing but to say CX_LAST_SEALED.
 */
cx_last cx_channel_refuse(cx_channel *channel, coax_err code, const char *words);

/* The peer has been let in: max_early_record does not hold any more. */
void cx_channel_trust(cx_channel *channel);

/* Whether the next cx_channel_seal changes the key first. It does so by itself; nothing needs to ask. */
bool cx_channel_wants_rekey(const cx_channel *channel, uint64_t now);

static inline bool cx_channel_is_ready(const cx_channel *channel)
{
    return channel->state == CX_CHANNEL_READY;
}

/* When a message or record began that is not complete yet; UINT64_MAX: there is none. For progress deadlines. */
uint64_t cx_channel_begun_ns(const cx_channel *channel);

/* Bytes of memory it holds beside the struct. */
size_t cx_channel_held(const cx_channel *channel);

#endif
