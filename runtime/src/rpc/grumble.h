/*
 * What happens too often to be logged each time: counted always, logged at most once a second for each connection.
 *
 * A peer that is refused decides how often it is, and would else decide how long our log is. Read next: grumble.c.
 */
#ifndef CX_RPC_GRUMBLE_H
#define CX_RPC_GRUMBLE_H

#include <stdint.h>

typedef struct cx_grumble {
    uint32_t next_s; /* not logged before; the clock's seconds, a little more at most */
    uint32_t n;      /* not logged yet */
} cx_grumble;

struct cx_endpoint;

/* `words`: what the peer was told, who may not learn what `method_id` is called; the log may. */
void cx_note_denied(struct cx_endpoint *endpoint, uint32_t method_id, const char *words);
/* `words`: what was refused, and why. */
void cx_note_limited(struct cx_endpoint *endpoint, const char *words);

#endif
