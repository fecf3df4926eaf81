/*
 * The rare half of authorization: methods that name roles, and peers that have not said who they are.
 */
#include <stdio.h>
#include <string.h>

#include "rpc/authorize.h"

/* The peer's roles as bits of the registry, which may have learned new ones. */
static uint64_t bits_of(cx_endpoint *endpoint)
{
    const cx_registry *registry = endpoint->config->registry;
    const cx_person *person = endpoint->session.person;
    if (endpoint->n_roles_known == registry->n_roles && endpoint->roles_of == person)
        return endpoint->role_bits;
    endpoint->role_bits = cx_registry_role_bits(registry, cx_person_roles(person));
    endpoint->n_roles_known = registry->n_roles;
    endpoint->roles_of = person;
    return endpoint->role_bits;
}

static bool has_one(cx_endpoint *endpoint, const cx_row *row)
{
    if ((row->role_bits & bits_of(endpoint)) != 0)
        return true;
    if (!row->has_more_roles)
        return false;
    for (const char *const *role = row->method->roles; *role != NULL; role++) {
        if (cx_session_has_role(&endpoint->session, *role))
            return true;
    }
    return false;
}

/* "a", "b" or "c", as much as there is room for. */
static void name_roles(const char *const *roles, char *buffer, size_t size)
{
    size_t used = 0;
    buffer[0] = '\0';
    for (size_t i = 0; roles[i] != NULL && used + 1 < size; i++) {
        const char *between = i == 0 ? "" : roles[i + 1] != NULL ? ", " : " or ";
        int n = snprintf(buffer + used, size - used, "%s%s", between, roles[i]);
        used += n > 0 ? (size_t)n : 0;
    }
}

/* The same words for everything, so that nobody learns from outside what is served. */
static bool refuse_stranger(uint32_t method_id, coax_error *why)
{
    coax_error_set(why, COAX_ERR_UNAUTHENTICATED,
                   "0x%08x may not be called on this connection: nobody has logged in on it",
                   method_id);
    return false;
}

bool cx_authorize_slowly(cx_endpoint *endpoint, const cx_row *row, uint32_t method_id,
                         coax_error *why)
{
    const cx_session *session = &endpoint->session;
    if (!session->is_full)
        return (row != NULL && (row->method->flags & COAX_METHOD_PUBLIC) != 0) ||
               refuse_stranger(method_id, why);
    if (row == NULL || !row->is_guarded || has_one(endpoint, row))
        return true;
    char wanted[COAX_ERROR_TEXT_MAX / 2];
    name_roles(row->method->roles, wanted, sizeof wanted);
    if (session->person == NULL)
        coax_error_set(why, COAX_ERR_UNAUTHENTICATED,
                       "%s is for the role %s (@roles), and nobody has logged in on this "
                       "connection",
                       row->method->name, wanted);
    else
        coax_error_set(why, COAX_ERR_PERMISSION_DENIED,
                       "%s is for the role %s (@roles), which this session does not have",
                       row->method->name, wanted);
    return false;
}
