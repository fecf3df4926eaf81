/*
 * Messages of which some frames have come and more are to come.
 *
 * Memory grows with what arrives, never from a declared size. Bounds (the link checks them before
 * it appends): the count of partial requests, the bytes of one message, the bytes of all.
 */
#ifndef CX_LINK_PARTIAL_H
#define CX_LINK_PARTIAL_H

#include <stdint.h>

#include "link/idtable.h"

typedef struct cx_partial cx_partial;

typedef struct cx_partials {
    cx_idtable by_call;
    cx_partial *oldest; /* by last progress */
    cx_partial *newest;
    cx_partial *current; /* the one that takes the payload bytes of the frame being received */
    uint32_t frame_left; /* payload bytes of that frame still to come */
    uint32_t n_requests; /* partial requests and one-way messages */
    size_t bytes;
} cx_partials;

#endif
