/*
 * Between HELLO and the first call: who the peer is, asked of the session layer and told to the link.
 *
 * Read next: session/session.h, handles.c.
 */
#include <string.h>

#include "rpc/login.h"

static void find_facts(const cx_endpoint *endpoint, cx_way_facts *ret)
{
    memset(ret, 0, sizeof *ret);
    if (endpoint->config->events->way != NULL)
        endpoint->config->events->way(endpoint->self, ret);
}

/* What every session has, whoever it belongs to. */
static void begin_session(cx_endpoint *endpoint, const cx_way_facts *facts)
{
    cx_session *session = &endpoint->session;
    const coax_env *env = endpoint->core->host.env;
    while (session->id == 0)
        env->random(env->self, (uint8_t *)&session->id, sizeof session->id);
    session->begun_ns = cx_core_now(endpoint->core);
    session->ends_ns = CX_NEVER_NS;
    session->is_encrypted = facts->is_encrypted;
}

coax_err cx_login_on_show(cx_link *link, cx_shown *ret)
{
    (void)link;
    *ret = (cx_shown){ .has_steps = false };
    return COAX_OK;
}

void cx_login_on_hello(cx_link *link, const cx_shown *shown)
{
    cx_endpoint *endpoint = cx_endpoint_of(link);
    cx_way_facts facts;
    find_facts(endpoint, &facts);
    if (shown->mechanism.len > 0) {
        /* To let it in would tell it that it has been believed. */
        cx_link_turn_away(link, COAX_ERR_UNAUTHENTICATED, 0, "this server takes no logins");
        return;
    }
    begin_session(endpoint, &facts);
    endpoint->session.is_full = true;
    cx_link_accept(link, cx_core_now(endpoint->core));
}

void cx_login_on_auth(cx_link *link, const cx_step *step)
{
    (void)step;
    cx_link_fail(link, COAX_ERR_PROTOCOL, "AUTH out of place");
}

bool cx_login_on_welcome(cx_link *link)
{
    cx_endpoint *endpoint = cx_endpoint_of(link);
    cx_way_facts facts;
    find_facts(endpoint, &facts);
    begin_session(endpoint, &facts);
    endpoint->session.is_full = true;
    return true;
}

void cx_login_drop(cx_endpoint *endpoint)
{
    cx_session_deinit(&endpoint->session, &endpoint->core->host.pool);
}

coax_err coax_peer_session(coax_peer peer, coax_session *ret_session)
{
    const cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    if (endpoint == NULL || endpoint->session.id == 0)
        return COAX_ERR_STALE;
    cx_session_read(&endpoint->session, cx_core_now(endpoint->core), ret_session);
    return COAX_OK;
}

bool coax_peer_has_role(coax_peer peer, const char *role)
{
    const cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    return endpoint != NULL && role != NULL && cx_session_has_role(&endpoint->session, role);
}
