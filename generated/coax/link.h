/*
 * Made by idlc from link.idl: change the schema, not this file.
 *
 * For each struct x: X_INIT and x_init() give it its defaults, x_check() looks whether it keeps
 * the schema's rules, x_encode() and x_decode() are its bytes, X_MAX_ENCODED is how many they are
 * at most (where there is a most). Pointers are borrowed: in a decoded value from the reader's
 * arena.
 */
#ifndef COAX_GEN_CX_CONTROL_LINK_H
#define COAX_GEN_CX_CONTROL_LINK_H

/**
 * How a connection opens and closes: what the HELLO, WELCOME and GOAWAY frames carry.
 * Frames and the preface are in docs/wire.md. Fields are only ever added, and who does
 * not know one skips it.
 */

#include <coax/gen.h>

#if COAX_GEN_ABI != 1
#error "link.h was made for another version of coax: run idlc again"
#endif

COAX_BEGIN_DECLS

/** Most bytes of a peer's name. */
#define CX_CONTROL_MAX_NAME 255u

/** Most bytes of the words in a GOAWAY. */
#define CX_CONTROL_MAX_WORDS 255u

/** Most bytes of a user's name. */
#define CX_CONTROL_MAX_USER 255u

/** Most bytes of one side's part of a login: what a mechanism says in one frame. */
#define CX_CONTROL_MAX_PROOF 2048u

/** What the sender of a HELLO or WELCOME takes; the receiver sends nothing beyond it. */
typedef struct cx_control_limits {
    /** Bytes of payload in one frame, at least what everybody takes. 4096 to 16777216. */
    uint32_t max_frame;
    /**
     * Bytes of one request, reply or one-way message, in however many frames.
     * All unfinished messages together may hold four times as much.
     * 4096 to 1073741824.
     */
    uint32_t max_message;
    /**
     * Calls whose handlers are alive at a time.
     * One more is answered with resource_exhausted.
     * 1 to 1048576.
     */
    uint32_t max_concurrent_calls;
    /**
     * Bytes of items that one stream may have on its way to the sender of this. Default: 262144.
     * 4096 to 1073741824.
     */
    uint32_t window;
    /**
     * PINGs may come this often. 0: nobody is there between calls to answer one, send none.
     * Default: 0.
     */
    uint32_t min_ping_ms;
} cx_control_limits;

#define CX_CONTROL_LIMITS_INIT COAX_INIT(0, 0, 0, 262144u, 0u)
#define CX_CONTROL_LIMITS_MAX_ENCODED 31u

void cx_control_limits_init(cx_control_limits *ret);
void cx_control_limits_encode(coax_writer *out, const cx_control_limits *value);
void cx_control_limits_decode(coax_reader *in, cx_control_limits *ret);
bool cx_control_limits_check(const cx_control_limits *value, coax_violations *why);
extern const coax_type cx_control_limits_type;

/**
 * How a client proves who it is. Only ever sent on an encrypted connection, or within a process.
 * A peer that shows none is known by its key at most.
 */
typedef struct cx_control_credential {
    /** "token", "opaque", "plain". 1 to 32 bytes. */
    coax_str mechanism;
    /**
     * Who logs in; empty for a token, and for the password that everybody shares. At most 255
     * bytes.
     */
    coax_str user;
    /**
     * token: the token. opaque: KE1 of RFC 9807. plain: the password. At most 2048 bytes.
     * Sensitive.
     */
    coax_bytes proof;
} cx_control_credential;

#define CX_CONTROL_CREDENTIAL_INIT                                                                 \
    COAX_INIT(COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), COAX_INIT(NULL, 0))
#define CX_CONTROL_CREDENTIAL_MAX_ENCODED 2346u

void cx_control_credential_init(cx_control_credential *ret);
void cx_control_credential_encode(coax_writer *out, const cx_control_credential *value);
void cx_control_credential_decode(coax_reader *in, cx_control_credential *ret);
bool cx_control_credential_check(const cx_control_credential *value, coax_violations *why);
extern const coax_type cx_control_credential_type;

/** One more step of a login, from either side, between HELLO and WELCOME. */
typedef struct cx_control_auth {
    /** opaque: KE2 from the server, KE3 from the client. At most 2048 bytes. Sensitive. */
    coax_bytes proof;
    /** opaque, from the server: what Argon2id costs, in KiB and passes. Default: 0. */
    uint32_t memory_kib;
    /** Default: 0. */
    uint32_t passes;
} cx_control_auth;

#define CX_CONTROL_AUTH_INIT COAX_INIT(COAX_INIT(NULL, 0), 0u, 0u)
#define CX_CONTROL_AUTH_MAX_ENCODED 2065u

void cx_control_auth_init(cx_control_auth *ret);
void cx_control_auth_encode(coax_writer *out, const cx_control_auth *value);
void cx_control_auth_decode(coax_reader *in, cx_control_auth *ret);
bool cx_control_auth_check(const cx_control_auth *value, coax_violations *why);
extern const coax_type cx_control_auth_type;

/** The client's first frame. */
typedef struct cx_control_hello {
    /** Who calls, as it wishes to be shown; it proves nothing. At most 255 bytes. */
    coax_str name;
    /** Bits of what the client can do beyond the base protocol. None is defined yet. Default: 0. */
    uint64_t features;
    cx_control_limits limits;
    /** Who logs in, and the first step of how. Optional: NULL when absent. */
    const cx_control_credential *credential;
} cx_control_hello;

#define CX_CONTROL_HELLO_INIT COAX_INIT(COAX_INIT(NULL, 0), 0u, CX_CONTROL_LIMITS_INIT, NULL)
#define CX_CONTROL_HELLO_MAX_ENCODED 2648u

void cx_control_hello_init(cx_control_hello *ret);
void cx_control_hello_encode(coax_writer *out, const cx_control_hello *value);
void cx_control_hello_decode(coax_reader *in, cx_control_hello *ret);
bool cx_control_hello_check(const cx_control_hello *value, coax_violations *why);
extern const coax_type cx_control_hello_type;

/** The server's answer: the connection is open. */
typedef struct cx_control_welcome {
    /** Who answers, as it wishes to be shown; it proves nothing. At most 255 bytes. */
    coax_str name;
    /** Those of the client's bits that the server can do as well: both go by these. Default: 0. */
    uint64_t features;
    cx_control_limits limits;
} cx_control_welcome;

#define CX_CONTROL_WELCOME_INIT COAX_INIT(COAX_INIT(NULL, 0), 0u, CX_CONTROL_LIMITS_INIT)
#define CX_CONTROL_WELCOME_MAX_ENCODED 301u

void cx_control_welcome_init(cx_control_welcome *ret);
void cx_control_welcome_encode(coax_writer *out, const cx_control_welcome *value);
void cx_control_welcome_decode(coax_reader *in, cx_control_welcome *ret);
bool cx_control_welcome_check(const cx_control_welcome *value, coax_violations *why);
extern const coax_type cx_control_welcome_type;

/**
 * The sender closes the connection, and this is its last frame; or it drains, and goes on until
 * the calls under way have ended. The frame's aux holds the status code.
 */
typedef struct cx_control_goaway {
    /**
     * The reason, for people; with the name and value of a limit where it was one. At most 255
     * bytes.
     */
    coax_str words;
    /**
     * No new calls are taken, those under way go on; the connection is closed later. Default:
     * false.
     */
    bool is_drain;
    /** Not before this many milliseconds should the receiver come back. Default: 0. */
    uint32_t retry_after_ms;
    /** With is_drain: the last call taken, for people. 0: none. Default: 0. */
    uint32_t last_call;
} cx_control_goaway;

#define CX_CONTROL_GOAWAY_INIT COAX_INIT(COAX_INIT(NULL, 0), false, 0u, 0u)
#define CX_CONTROL_GOAWAY_MAX_ENCODED 273u

void cx_control_goaway_init(cx_control_goaway *ret);
void cx_control_goaway_encode(coax_writer *out, const cx_control_goaway *value);
void cx_control_goaway_decode(coax_reader *in, cx_control_goaway *ret);
bool cx_control_goaway_check(const cx_control_goaway *value, coax_violations *why);
extern const coax_type cx_control_goaway_type;

COAX_END_DECLS

#endif
