/*
 * What one side serves: packet id to handler row.
 *
 * A server's connections share one; it only grows. Ids are 32-bit hashes of names, so two names may
 * meet: adding the second is refused and names both. One thread at a time; no callback.
 */
#ifndef CX_RPC_REGISTRY_H
#define CX_RPC_REGISTRY_H

#include <coax/env.h>
#include <coax/gen_server.h>

#include "link/idtable.h"

/* One method that is served. */
typedef struct cx_row {
    const coax_method *method;
    coax_gen_handle_fn handle;
    const void *handlers; /* our copy of the user's struct */
    void *self;
    uint64_t role_bits;  /* what the method wants one of: bits of registry->roles */
    bool is_guarded;     /* it names roles */
    bool has_more_roles; /* some of them have no bit */
} cx_row;

/* Names of roles that have a bit. Others are compared as text. */
#define CX_ROLE_BITS 64u

typedef struct cx_service cx_service;

typedef struct cx_registry {
    cx_pool *pool;
    cx_idtable rows;   /* packet id -> const cx_row */
    cx_idtable events; /* the same for events, which have no handler */
    cx_service *services;
    bool holds_sensitive; /* some method says something with @sensitive fields */
    /* Names that methods want, in order of first mention; the schema's. */
    const char *roles[CX_ROLE_BITS];
    uint32_t n_roles;
    bool has_public;
} cx_registry;

/* Takes no memory yet. `pool` is borrowed: a loop's (core->host.pool). */
void cx_registry_init(cx_registry *registry, cx_pool *pool);
/* Works on a zeroed one. No endpoint may use it any more. */
void cx_registry_deinit(cx_registry *registry);
/*
 * Adds a service: all of its rows that have a handler and all of its events, or none. `handlers` is
 * copied, `self` borrowed; both may be NULL where there are only events.
 * COAX_ERR_IN_USE (names both methods), COAX_ERR_BAD_OPTION (no row has a handler and there is no
 * event, a row is an event), COAX_ERR_NO_MEMORY.
 */
COAX_MUST_USE coax_err cx_registry_add(cx_registry *registry, const coax_gen_service *service,
                                       const void *handlers, void *self, coax_error *error);
/* The row, or NULL. */
const cx_row *cx_registry_find(const cx_registry *registry, uint32_t packet_id);
/* The event, or NULL. */
const coax_method *cx_registry_find_event(const cx_registry *registry, uint32_t event_id);
/* The same as a row, without a handler. */
const cx_row *cx_registry_find_event_row(const cx_registry *registry, uint32_t event_id);
/* Whether something is @public. */
bool cx_registry_has_public(const cx_registry *registry);
/* The bits of those roles that have one. `roles` ends with NULL. */
uint64_t cx_registry_role_bits(const cx_registry *registry, const char *const *roles);

#endif
