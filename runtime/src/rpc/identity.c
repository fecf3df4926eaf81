/*
 * The public functions on who somebody is: a login's verdict, a lookup's answer, the session of a peer and of a
 * call. A stale handle finds nothing.
 *
 * Read next: login.c, handles.c.
 */
#include "rpc/authorize.h"
#include "rpc/login.h"
#include "rpc/worker.h"

static uint64_t handle_of(uint32_t index, uint32_t generation)
{
    return (uint64_t)generation << 32 | index;
}

coax_err coax_login_accept(coax_login login, const coax_identity *identity, coax_error *error)
{
    if (login.loop == NULL)
        return coax_error_set(error, COAX_ERR_STALE, "the login has ended");
    cx_core *core = cx_core_of(login.loop);
    return cx_login_in_accept(&core->logins, handle_of(login.index, login.generation), identity,
                              cx_core_now(core), error);
}

static coax_err reject(coax_login login, coax_err code, const char *words)
{
    if (login.loop == NULL)
        return COAX_ERR_STALE;
    cx_core *core = cx_core_of(login.loop);
    return cx_login_in_reject(&core->logins, handle_of(login.index, login.generation), code, words,
                              cx_core_now(core));
}

coax_err coax_login_refuse(coax_login login, const char *words)
{
    return reject(login, COAX_ERR_UNAUTHENTICATED, words);
}

coax_err coax_login_defer(coax_login login, const char *words)
{
    return reject(login, COAX_ERR_UNAVAILABLE, words);
}

coax_err coax_lookup_found(coax_lookup lookup, const coax_user *user)
{
    if (lookup.loop == NULL)
        return COAX_ERR_STALE;
    cx_core *core = cx_core_of(lookup.loop);
    return cx_login_in_found(&core->logins, handle_of(lookup.index, lookup.generation), user,
                             cx_core_now(core));
}

coax_err coax_lookup_failed(coax_lookup lookup, const char *words)
{
    if (lookup.loop == NULL)
        return COAX_ERR_STALE;
    cx_core *core = cx_core_of(lookup.loop);
    return cx_login_in_not_found(&core->logins, handle_of(lookup.index, lookup.generation), words,
                                 cx_core_now(core));
}

const char *coax_mechanism_name(coax_mechanism mechanism)
{
    switch (mechanism) {
    case COAX_MECHANISM_NONE: return "none";
    case COAX_MECHANISM_KEY: return "key";
    case COAX_MECHANISM_TOKEN: return "token";
    case COAX_MECHANISM_PASSWORD: return "password";
    case COAX_MECHANISM_PLAIN: return "plain";
    }
    return "unknown";
}

coax_err coax_peer_session(coax_peer peer, coax_session *ret_session)
{
    const cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    if (endpoint == NULL || endpoint->session.id == 0)
        return COAX_ERR_STALE;
    if (ret_session == NULL)
        return COAX_ERR_MISUSE;
    cx_session_read(&endpoint->session, cx_core_now(endpoint->core), ret_session);
    return COAX_OK;
}

bool coax_peer_has_role(coax_peer peer, const char *role)
{
    const cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    return endpoint != NULL && role != NULL && cx_session_has_role(&endpoint->session, role);
}

/* Who made a call that is being handled; NULL: nobody known, or it has ended. */
static const cx_person *find_caller(coax_call handle)
{
    cx_worker_view view;
    if (cx_is_worker(handle))
        return cx_workers_of(handle)->view(handle, &view) ? view.person : NULL;
    const cx_call_in *call = cx_handle_in(handle);
    const bool is_live = call != NULL && call->state != CX_CALL_ENDED &&
                         call->endpoint->link.state != CX_LINK_CLOSED;
    return is_live ? call->endpoint->session.person : NULL;
}

const char *coax_call_principal(coax_call call)
{
    return cx_person_principal(find_caller(call));
}

bool coax_call_has_role(coax_call call, const char *role)
{
    return role != NULL && cx_person_has_role(find_caller(call), role);
}
