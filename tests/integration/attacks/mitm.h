/*
 * The man in the middle: whoever dials him is led to a server, and everything passes through his hands.
 *
 * He knows no key. Of what passes he understands only lengths: the preface, the messages of the handshake, records,
 * and, without encryption, frames. Each such piece is a unit; a script decides what becomes of it. He lives on a coax loop and
 * its transports, so that he stands between two ends in the simulator or between two sockets, the same.
 * Read next: deeds.h, which has the things he does; mitm.c.
 */
#ifndef TESTS_INTEGRATION_ATTACKS_MITM_H
#define TESTS_INTEGRATION_ATTACKS_MITM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "node/loop.h"

/* Where something goes. */
typedef enum mitm_way { MITM_UP = 0 /* to the server */, MITM_DOWN /* to the client */ } mitm_way;

typedef enum mitm_kind {
    MITM_PREFACE = 0,
    MITM_GATE,    /* what stands before the first message of IK */
    MITM_MESSAGE, /* of the handshake */
    MITM_RECORD,
    MITM_FRAME,   /* without encryption */
    MITM_REFUSAL, /* why a server does not go on with a handshake, in clear */
    MITM_REST,    /* what came last and was no whole unit */
    MITM_KINDS
} mitm_kind;

/* One unit, as it came. */
typedef struct mitm_unit {
    mitm_way way;
    mitm_kind kind;
    uint32_t index; /* among those of its kind and way */
    size_t offset;  /* of its first byte, in all that went this way */
    uint8_t *bytes; /* its own header included */
    size_t len;
    struct mitm_unit *next; /* the next one of its way; NULL: none yet */
} mitm_unit;

typedef enum mitm_end_kind { MITM_FIN = 0, MITM_RST, MITM_SILENCE } mitm_end_kind;

typedef struct mitm mitm;
typedef struct mitm_link mitm_link;

/* One of the two connections of a link. */
typedef struct mitm_leg {
    mitm_link *link;
    cx_stream *stream; /* NULL: over */
    bool is_open;
    bool is_ending; /* no more is sent behind what waits */
    mitm_end_kind how;
    uint8_t *out;
    size_t out_len;
    size_t out_cap;
    uint64_t n_sent; /* bytes ever given to it */
} mitm_leg;

/* What came from one side. */
typedef struct mitm_side {
    uint8_t *bytes; /* not yet a whole unit */
    size_t len;
    size_t cap;
    size_t offset; /* of bytes[0] */
    bool is_over;
    uint32_t n[MITM_KINDS];
    mitm_unit *first; /* all that came, kept for later */
    mitm_unit *last;
} mitm_side;

/* A client, him, a server. */
struct mitm_link {
    mitm *mitm;
    mitm_link *next;
    uint32_t number;   /* 0: the first */
    mitm_leg legs[2];  /* by the way that leads there: legs[MITM_UP] is the server's */
    mitm_side side[2]; /* by the way it goes */
    uint8_t security;  /* from the preface */
    uint8_t pattern;
    uint8_t suite;
    bool is_cut; /* nothing passes any more, either way */
    bool is_raw; /* what comes is no longer taken apart */
    cx_timer timer;
    uint64_t held_until_ns; /* nothing is written before */
    uint64_t reset_ns;      /* a cut by reset happens then; 0: none does */
};

struct mitm {
    coax_loop *loop;
    cx_listener *listener;
    cx_url target;
    char url[CX_URL_PRINT_MAX];
    mitm_link *first;
    uint32_t n_links;
    uint32_t n_open; /* links with a leg */
    /* Decides about a unit; NULL: all pass. */
    void (*script)(void *self, mitm_link *link, const mitm_unit *unit);
    void *self;
    bool crumbles; /* passes everything in single bytes, each in a write of its own */
};

/* Listens on `url` for clients, and dials `target` for each. */
void mitm_open(mitm *m, coax_loop *loop, const char *url, const char *target);
/* All links end, when the loop runs (its destruction does that). mitm_forget afterwards. */
void mitm_close(mitm *m);
/* Forgets links that are over, and what they kept. Before the loop is destroyed, or after mitm_close. */
void mitm_forget(mitm *m);
/* The link that came last; NULL: none. */
mitm_link *mitm_last(const mitm *m);

/* What a script does. Sending goes on where nothing was cut. */
void mitm_send(mitm_link *link, mitm_way way, const void *bytes, size_t len);
void mitm_pass(mitm_link *link, const mitm_unit *unit);
/* Nothing passes any more; both ends see this end behind what was sent. */
void mitm_cut(mitm_link *link, mitm_end_kind how);
/* What is sent from now on, both ways, leaves after so long. */
void mitm_hold(mitm_link *link, uint64_t ns);
/* A unit that came earlier; NULL: there is none such. */
const mitm_unit *mitm_find(const mitm_link *link, mitm_way way, mitm_kind kind, uint32_t index);

#endif
