/*
 * Between HELLO and the first call: who the peer is, asked of the session layer and told to the link.
 *
 * A verdict that is there when HELLO or AUTH has been handled is acted upon at once; one that comes later
 * comes inside a function of the user, so it is put off to cx_core_run, because letting somebody in runs
 * callbacks. Read next: session/login_in.h, session/login_out.h, identity.c.
 */
#include <stdio.h>
#include <string.h>

#include "rpc/login.h"
#include "base/wipe.h"
#include "rpc/login_log.h"

#define NS_PER_MS UINT64_C(1000000)

static void find_way(const cx_endpoint *endpoint, cx_way_facts *ret)
{
    memset(ret, 0, sizeof *ret);
    if (endpoint->config->events->way != NULL)
        endpoint->config->events->way(endpoint->self, ret);
}

/* What every session has, whoever it belongs to. */
static void begin_session(cx_endpoint *endpoint, const cx_way_facts *way)
{
    cx_session *session = &endpoint->session;
    const coax_env *env = endpoint->core->host.env;
    while (session->id == 0)
        env->random(env->self, (uint8_t *)&session->id, sizeof session->id);
    session->begun_ns = cx_core_now(endpoint->core);
    session->ends_ns = CX_NEVER_NS;
    session->is_encrypted = way->is_encrypted;
    if (way->has_key)
        coax_id_print(way->key, session->key_id);
}

/* ---- server ---- */

static void give_login(cx_endpoint *endpoint)
{
    cx_login_in *login = endpoint->login;
    endpoint->login = NULL;
    if (login == NULL)
        return;
    cx_login_in_end(login, cx_core_now(endpoint->core));
    cx_wipe(login, sizeof *login);
    cx_pool_give(&endpoint->core->host.pool, login, endpoint->login_cap);
}

static void let_in(cx_endpoint *endpoint)
{
    cx_way_facts way;
    cx_session *session = &endpoint->session;
    cx_verdict *verdict = &endpoint->login->verdict;
    find_way(endpoint, &way);
    begin_session(endpoint, &way);
    session->mechanism = endpoint->login->mechanism;
    session->is_full = verdict->is_full;
    session->person = verdict->person;
    verdict->person = NULL;
    if (verdict->lifespan_ms != COAX_NEVER_MS)
        session->ends_ns = session->begun_ns + verdict->lifespan_ms * NS_PER_MS;
    if (verdict->has_data)
        endpoint->data = verdict->data;
    cx_login_log_ok(endpoint, verdict->has_replaced);
    give_login(endpoint);
    cx_link_accept(&endpoint->link, cx_core_now(endpoint->core));
}

static void act(cx_endpoint *endpoint)
{
    const cx_verdict *verdict = &endpoint->login->verdict;
    if (verdict->code == COAX_OK) {
        let_in(endpoint);
        return;
    }
    cx_login_log_failed(endpoint, endpoint->login);
    cx_link_turn_away(&endpoint->link, verdict->code, verdict->retry_after_ms, verdict->told);
}

void cx_login_run_decided(cx_work *work)
{
    cx_endpoint *endpoint = CX_CONTAINER(work, cx_endpoint, deciding);
    if (endpoint->login != NULL && endpoint->login->stage == CX_LOGIN_DECIDED)
        act(endpoint);
}

static bool say(void *self, const cx_step *step)
{
    cx_endpoint *endpoint = self;
    return cx_link_say(&endpoint->link, step);
}

static void on_decided(void *self)
{
    cx_endpoint *endpoint = self;
    cx_core_defer(endpoint->core, &endpoint->deciding);
}

static const cx_login_in_ops login_ops = { say, on_decided };

/* A server that asks for nothing: everybody may do everything. */
static void welcome_all(cx_endpoint *endpoint, const cx_shown *shown)
{
    cx_way_facts way;
    if (shown->mechanism.len > 0) {
        /* To let it in would tell it that it has been believed. */
        cx_link_turn_away(&endpoint->link, COAX_ERR_UNAUTHENTICATED, 0,
                          "this server takes no logins");
        return;
    }
    find_way(endpoint, &way);
    begin_session(endpoint, &way);
    endpoint->session.is_full = true;
    cx_link_accept(&endpoint->link, cx_core_now(endpoint->core));
}

void cx_login_on_hello(cx_link *link, const cx_shown *shown)
{
    cx_endpoint *endpoint = cx_endpoint_of(link);
    cx_core *core = endpoint->core;
    cx_way_facts way;
    size_t cap;
    if (endpoint->config->logins == NULL) {
        welcome_all(endpoint, shown);
        return;
    }
    cx_login_in *login = cx_pool_take(&core->host.pool, sizeof *login, &cap);
    if (login == NULL) {
        cx_link_turn_away(link, COAX_ERR_UNAVAILABLE, 0, "no memory for a login");
        return;
    }
    endpoint->login = login;
    endpoint->login_cap = cap;
    find_way(endpoint, &way);
    cx_login_in_init(login, endpoint->config->logins, &core->host.pool, core->host.env,
                     &core->logins, &login_ops, endpoint);
    const cx_login_about about = { .peer = cx_endpoint_peer(endpoint),
                                   .way = &way,
                                   .has_public = cx_registry_has_public(endpoint->config->registry),
                                   .now = cx_core_now(core) };
    bool is_decided = cx_login_in_hello(login, shown, &about);
    cx_login_log_flaw(endpoint, login);
    if (is_decided)
        act(endpoint);
}

/* ---- client ---- */

coax_err cx_login_on_show(cx_link *link, cx_shown *ret)
{
    cx_endpoint *endpoint = cx_endpoint_of(link);
    const cx_login_out_config *config = endpoint->config->login_out;
    cx_way_facts way;
    coax_error why = COAX_ERROR_INIT;
    *ret = (cx_shown){ .has_steps = false };
    if (config == NULL || config->mechanism == COAX_MECHANISM_NONE)
        return COAX_OK;
    size_t cap;
    cx_login_out *login = cx_pool_take(&endpoint->core->host.pool, sizeof *login, &cap);
    if (login == NULL)
        return COAX_ERR_NO_MEMORY;
    find_way(endpoint, &way);
    coax_err err = cx_login_out_show(login, config, endpoint->core->host.env, &way, ret, &why);
    endpoint->login_out = login;
    endpoint->login_cap = cap;
    if (err != COAX_OK)
        cx_link_end(link, err, "%s", why.text);
    else if (link->state == CX_LINK_CLOSED) /* by the user, who was asked */
        cx_login_out_drop(login);
    return err;
}

static void on_stretched(void *self)
{
    cx_endpoint *endpoint = self;
    cx_step step;
    coax_error why = COAX_ERROR_INIT;
    uint64_t was = cx_core_enter(endpoint->core, cx_core_now(endpoint->core));
    coax_err err = cx_login_out_prove(endpoint->login_out, &step, &why);
    if (err == COAX_OK)
        (void)cx_link_say(&endpoint->link, &step);
    else if (err == COAX_ERR_UNAUTHENTICATED)
        cx_link_fail(&endpoint->link, err,
                     "login failed: a wrong password, or no such user (or this is not the server "
                     "that knows it)");
    else
        cx_link_fail(&endpoint->link, err, "%s", why.text);
    cx_core_leave(endpoint->core, was);
}

/* KE2: what follows takes a tenth of a second, which is not the loop's to spend. */
static void hear(cx_endpoint *endpoint, const cx_step *step)
{
    cx_way_facts way;
    coax_error why = COAX_ERROR_INIT;
    cx_login_out *login = endpoint->login_out;
    coax_err err = login != NULL ? COAX_OK : COAX_ERR_PROTOCOL;
    find_way(endpoint, &way);
    if (err == COAX_OK)
        err = cx_login_out_hear(login, step, &way, on_stretched, endpoint, &why);
    if (err != COAX_OK) {
        cx_link_fail(&endpoint->link, err, "%s", why.text);
        return;
    }
    cx_stretch *stretch = login->stretch;
    if (endpoint->config->events->stretch != NULL &&
        endpoint->config->events->stretch(endpoint->self, stretch))
        return;
    cx_stretch_run(stretch);
    cx_stretch_finish(stretch);
}

bool cx_login_on_welcome(cx_link *link)
{
    cx_endpoint *endpoint = cx_endpoint_of(link);
    const cx_login_out_config *config = endpoint->config->login_out;
    cx_way_facts way;
    cx_session *session = &endpoint->session;
    if (endpoint->login_out != NULL && !cx_login_out_is_done(endpoint->login_out)) {
        cx_link_fail(link, COAX_ERR_UNAUTHENTICATED,
                     "the server says welcome without having proved that it knows the password");
        return false;
    }
    find_way(endpoint, &way);
    begin_session(endpoint, &way);
    session->is_full = true;
    session->mechanism = way.has_key ? COAX_MECHANISM_KEY : COAX_MECHANISM_NONE;
    const char *const *roles = config != NULL ? config->server_roles : NULL;
    if ((way.has_key || roles != NULL) &&
        cx_person_make(&endpoint->core->host.pool, session->key_id, roles, &session->person) !=
            COAX_OK) {
        cx_link_fail(link, COAX_ERR_NO_MEMORY, "no memory to open the connection");
        return false;
    }
    return true;
}

static void give_login_out(cx_endpoint *endpoint)
{
    cx_login_out *login = endpoint->login_out;
    endpoint->login_out = NULL;
    if (login == NULL)
        return;
    cx_login_out_drop(login);
    cx_pool_give(&endpoint->core->host.pool, login, endpoint->login_cap);
}

/* ---- both ---- */

void cx_login_on_auth(cx_link *link, const cx_step *step)
{
    cx_endpoint *endpoint = cx_endpoint_of(link);
    if (endpoint->config->role == CX_ROLE_CLIENT)
        hear(endpoint, step);
    else if (endpoint->login != NULL &&
             cx_login_in_auth(endpoint->login, step, cx_core_now(endpoint->core)))
        act(endpoint);
}

void cx_login_closed(cx_endpoint *endpoint)
{
    cx_core_undefer(endpoint->core, &endpoint->deciding);
    if (endpoint->login != NULL) {
        cx_login_log_broken(endpoint, endpoint->login);
        /* Its memory stays until nobody can be inside of it. */
        cx_login_in_end(endpoint->login, cx_core_now(endpoint->core));
    }
    if (endpoint->login_out != NULL)
        cx_login_out_drop(endpoint->login_out);
    if (endpoint->session.person != NULL && endpoint->config->logins != NULL)
        cx_logins_leave(endpoint->config->logins, endpoint->session.person->principal,
                        cx_endpoint_peer(endpoint));
}

void cx_login_drop(cx_endpoint *endpoint)
{
    cx_core_undefer(endpoint->core, &endpoint->deciding);
    give_login(endpoint);
    give_login_out(endpoint);
    if (endpoint->session.person != NULL && endpoint->config->logins != NULL)
        cx_logins_leave(endpoint->config->logins, endpoint->session.person->principal,
                        cx_endpoint_peer(endpoint));
    cx_session_deinit(&endpoint->session, &endpoint->core->host.pool);
}
