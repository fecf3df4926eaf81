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

/* What an endpoint has only while somebody logs in. */
struct cx_entrance {
    cx_endpoint *endpoint;
    size_t cap;       /* of the block this lies in */
    cx_work deciding; /* a verdict that came inside a function of the user */
    cx_login_in in;   /* server */
    cx_login_out out; /* client */
};

static struct cx_entrance *make_entrance(cx_endpoint *endpoint, void (*run)(cx_work *work))
{
    size_t cap;
    struct cx_entrance *made = cx_pool_take(&endpoint->core->host.pool, sizeof *made, &cap);
    if (made == NULL)
        return NULL;
    memset(made, 0, sizeof *made);
    made->endpoint = endpoint;
    made->cap = cap;
    made->deciding.run = run;
    return made;
}

static void give_entrance(cx_endpoint *endpoint)
{
    struct cx_entrance *entrance = endpoint->entrance;
    endpoint->entrance = NULL;
    if (entrance == NULL)
        return;
    cx_core_undefer(endpoint->core, &entrance->deciding);
    if (endpoint->config->role == CX_ROLE_SERVER)
        cx_login_in_end(&entrance->in, cx_core_now(endpoint->core));
    else
        cx_login_out_drop(&entrance->out);
    size_t cap = entrance->cap;
    cx_wipe(entrance, sizeof *entrance);
    cx_pool_give(&endpoint->core->host.pool, entrance, cap);
}

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

static void let_in(cx_endpoint *endpoint)
{
    cx_way_facts way;
    cx_session *session = &endpoint->session;
    cx_login_in *login = &endpoint->entrance->in;
    cx_verdict *verdict = &login->verdict;
    find_way(endpoint, &way);
    begin_session(endpoint, &way);
    session->mechanism = login->mechanism;
    session->is_full = verdict->is_full;
    session->person = verdict->person;
    verdict->person = NULL;
    if (verdict->lifespan_ms != COAX_NEVER_MS)
        session->ends_ns = session->begun_ns + verdict->lifespan_ms * NS_PER_MS;
    if (verdict->has_data)
        endpoint->data = verdict->data;
    cx_login_log_ok(endpoint, verdict->has_replaced);
    give_entrance(endpoint);
    cx_link_accept(&endpoint->link, cx_core_now(endpoint->core));
}

static void act(cx_endpoint *endpoint)
{
    const cx_verdict *verdict = &endpoint->entrance->in.verdict;
    if (verdict->code == COAX_OK) {
        let_in(endpoint);
        return;
    }
    cx_login_log_failed(endpoint, &endpoint->entrance->in);
    cx_link_turn_away(&endpoint->link, verdict->code, verdict->retry_after_ms, verdict->told);
}

static void run_deciding(cx_work *work)
{
    struct cx_entrance *entrance = CX_CONTAINER(work, struct cx_entrance, deciding);
    if (entrance->in.stage == CX_LOGIN_DECIDED)
        act(entrance->endpoint);
}

static bool say(void *self, const cx_step *step)
{
    cx_endpoint *endpoint = self;
    return cx_link_say(&endpoint->link, step);
}

static void on_decided(void *self)
{
    cx_endpoint *endpoint = self;
    cx_core_defer(endpoint->core, &endpoint->entrance->deciding);
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
    if (endpoint->config->logins == NULL) {
        welcome_all(endpoint, shown);
        return;
    }
    endpoint->entrance = make_entrance(endpoint, run_deciding);
    if (endpoint->entrance == NULL) {
        cx_link_turn_away(link, COAX_ERR_UNAVAILABLE, 0, "no memory for a login");
        return;
    }
    cx_login_in *login = &endpoint->entrance->in;
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
    struct cx_entrance *entrance = make_entrance(endpoint, NULL);
    if (entrance == NULL)
        return COAX_ERR_NO_MEMORY;
    find_way(endpoint, &way);
    coax_err err =
        cx_login_out_show(&entrance->out, config, endpoint->core->host.env, &way, ret, &why);
    endpoint->entrance = entrance;
    if (err != COAX_OK)
        cx_link_end(link, err, "%s", why.text);
    else if (link->state == CX_LINK_CLOSED) /* by the user, who was asked */
        cx_login_out_drop(&entrance->out);
    return err;
}

static void on_stretched(void *self)
{
    cx_endpoint *endpoint = self;
    cx_step step;
    coax_error why = COAX_ERROR_INIT;
    uint64_t was = cx_core_enter(endpoint->core, cx_core_now(endpoint->core));
    coax_err err = cx_login_out_prove(&endpoint->entrance->out, &step, &why);
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
    if (endpoint->entrance == NULL)
        return;
    cx_login_out *login = &endpoint->entrance->out;
    find_way(endpoint, &way);
    coax_err err = cx_login_out_hear(login, step, &way, on_stretched, endpoint, &why);
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
    if (endpoint->entrance != NULL && !cx_login_out_is_done(&endpoint->entrance->out)) {
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
    give_entrance(endpoint);
    return true;
}

/* ---- both ---- */

void cx_login_on_auth(cx_link *link, const cx_step *step)
{
    cx_endpoint *endpoint = cx_endpoint_of(link);
    if (endpoint->config->role == CX_ROLE_CLIENT)
        hear(endpoint, step);
    else if (endpoint->entrance != NULL &&
             cx_login_in_auth(&endpoint->entrance->in, step, cx_core_now(endpoint->core)))
        act(endpoint);
}

static void leave_seat(cx_endpoint *endpoint)
{
    const cx_person *person = endpoint->session.person;
    if (person != NULL && endpoint->config->logins != NULL)
        cx_logins_leave(endpoint->config->logins, person->principal, cx_endpoint_peer(endpoint));
}

void cx_login_closed(cx_endpoint *endpoint)
{
    struct cx_entrance *entrance = endpoint->entrance;
    leave_seat(endpoint);
    if (entrance == NULL)
        return;
    cx_core_undefer(endpoint->core, &entrance->deciding);
    if (endpoint->config->role == CX_ROLE_SERVER) {
        cx_login_log_broken(endpoint, &entrance->in);
        /* Its memory stays until nobody can be inside of it. */
        cx_login_in_end(&entrance->in, cx_core_now(endpoint->core));
    } else {
        cx_login_out_drop(&entrance->out);
    }
}

void cx_login_drop(cx_endpoint *endpoint)
{
    leave_seat(endpoint);
    give_entrance(endpoint);
    cx_session_deinit(&endpoint->session, &endpoint->core->host.pool);
}
