/*
 * A man in the middle with keys of his own: a server to the client, a client to the server, who opens everything in between and
 * may read, keep and change it. Only who trusts anybody lets him sit there.
 */
#ifndef TESTS_INTEGRATION_ATTACKS_BRIDGE_H
#define TESTS_INTEGRATION_ATTACKS_BRIDGE_H

#include "stranger.h"

typedef struct bridge {
    stranger front;    /* what the client takes for the server */
    stranger back;     /* what the server takes for the client */
    cx_frame held[16]; /* from the client, until the server is there */
    uint8_t *held_payload[16];
    uint32_t n_held;
} bridge;

/* Listens on `url`, and has dialled `target` by the time a client comes. */
void bridge_open(bridge *b, coax_loop *loop, const char *url, const char *target);
void bridge_close(bridge *b);
void bridge_free(bridge *b);
/* Whether these bytes stand in any frame that he has read, either way. */
bool bridge_has_read(const bridge *b, const void *bytes, size_t len);

#endif
