/*
 * Whether the peer of a connection may call what it asks for: `@roles` and `@public`, before anything is decoded.
 *
 * A session that is full may call everything but what names roles it has none of; one that is not may
 * call what is `@public`, and learns nothing about what else there is: unknown methods get the same answer as those that are
 * kept from it. Roles are bits here: the registry numbers the names that its methods want, and a connection's own are
 * looked up once. Read next: authorize.c, arrive.c, events_out.c.
 */
#ifndef CX_RPC_AUTHORIZE_H
#define CX_RPC_AUTHORIZE_H

#include "rpc/parts.h"

/* The slow half of cx_authorize. */
COAX_COLD bool cx_authorize_slowly(cx_endpoint *endpoint, const cx_row *row, uint32_t method_id,
                                   coax_error *why);

/*
 * `row` NULL: nobody serves `method_id`. False: `why` has `unauthenticated` (who has not said who he is) or
 * `permission_denied`, and words for the peer.
 */
static inline bool cx_authorize(cx_endpoint *endpoint, const cx_row *row, uint32_t method_id,
                                coax_error *why)
{
    if (COAX_LIKELY(endpoint->session.is_full && (row == NULL || !row->is_guarded)))
        return true;
    return cx_authorize_slowly(endpoint, row, method_id, why);
}

#endif
