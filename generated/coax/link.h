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

/** The client's first frame, right behind the preface. */
typedef struct cx_control_hello {
    /** Who calls, as it wishes to be shown; it proves nothing. At most 255 bytes. */
    coax_str name;
    /** Bits of what the client can do beyond the base protocol. None is defined yet. Default: 0. */
    uint64_t features;
    cx_control_limits limits;
} cx_control_hello;

#define CX_CONTROL_HELLO_INIT COAX_INIT(COAX_INIT(NULL, 0), 0u, CX_CONTROL_LIMITS_INIT)
#define CX_CONTROL_HELLO_MAX_ENCODED 301u

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
    /**
     * With is_drain: not before this many milliseconds should the receiver come back. Default: 0.
     */
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
