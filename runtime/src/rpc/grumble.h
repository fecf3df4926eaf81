/*
 * What happens too often to be logged each time: counted always, logged at most once a second for each connection.
 *
 * A peer that is refused decides how often it is, and would else decide how long our log is. Read next: grumble.c.
 */
#ifndef CX_RPC_GRUMBLE_H
#define CX_RPC_GRUMBLE_H

#include <stdint.h>

typedef struct cx_grumble {
    uint64_t next_ns; /* not logged before; 0: at once */
    uint64_t n;       /* not logged yet */
} cx_grumble;

struct cx_endpoint;

/* `words`: what was refused, and why. */
void cx_note_denied(struct cx_endpoint *endpoint, const char *words);
void cx_note_limited(struct cx_endpoint *endpoint, const char *words);

#endif
