/*
 * OPAQUE at a server: KE1 in HELLO, KE2 and KE3 in AUTH frames.
 *
 * A user who does not exist is answered from a fake record, with the same work and the same bytes on the
 * way, and fails where a wrong password does. Read next: secure/opaque.h.
 */
#include <string.h>

#include "base/wipe.h"
#include "session/login_parts.h"

static const char context_label[] = "coax1";

/* Names the connection, so that nobody can pass a login on to another. */
static void bind_to(cx_login_in *login, const cx_way_facts *way)
{
    const size_t label = sizeof context_label - 1;
    memcpy(login->context, context_label, label);
    memcpy(login->context + label, way->hash, way->hash_len);
    login->context_len = (uint8_t)(label + way->hash_len);
}

static coax_bytes user_bytes(const cx_login_in *login)
{
    const coax_bytes bytes = { (const uint8_t *)login->user, strlen(login->user) };
    return bytes;
}

/* Whose passwords these are, and what stretching one costs. */
static const cx_opaque_server *find_server(const cx_login_in *login, coax_password_cost *ret_cost)
{
    const cx_logins *logins = login->logins;
    if (login->user[0] == '\0') {
        *ret_cost = logins->shared->cost;
        return &logins->shared->server;
    }
    *ret_cost = logins->config.users->cost;
    return logins->config.users->server;
}

/* KE2, made of `record` (NULL: there is no such user). */
static void answer(cx_login_in *login, const uint8_t *record)
{
    coax_password_cost cost;
    cx_opaque_server_random random;
    uint8_t ke2[CX_OPAQUE_KE2];
    coax_error why = COAX_ERROR_INIT;
    const cx_opaque_server *server = find_server(login, &cost);
    const cx_opaque_names names = { user_bytes(login),
                                    { (const uint8_t *)"", 0 },
                                    { login->context, login->context_len } };
    login->env->random(login->env->self, (uint8_t *)&random, sizeof random);
    coax_err err = cx_opaque_respond(server, record, user_bytes(login), &names, login->ke1, &random,
                                     &login->expect, ke2, &why);
    if (err == COAX_ERR_UNAUTHENTICATED) {
        cx_login_turn_away(login, err, CX_COUNT_FAILURE, CX_LOGIN_FAILED, "%s", why.text);
        return;
    }
    if (err != COAX_OK) {
        cx_login_turn_away(login, COAX_ERR_UNAVAILABLE, CX_COUNT_NOTHING,
                           "the login can't be decided now", "%s", why.text);
        return;
    }
    const cx_step step = { { ke2, sizeof ke2 }, cost.memory_kib, cost.passes };
    login->stage = CX_LOGIN_SAID;
    (void)login->ops->say(login->self, &step);
}

void cx_login_answer_opaque(cx_login_in *login, const coax_user *user)
{
    static const char *const no_roles[] = { NULL };
    cx_person *person = NULL;
    coax_error why = COAX_ERROR_INIT;
    if (user != NULL && (user->name == NULL || strcmp(user->name, login->user) != 0)) {
        cx_login_turn_away(login, COAX_ERR_UNAVAILABLE, CX_COUNT_NOTHING,
                           "the login can't be decided now",
                           "the users' store answered with somebody else");
        return;
    }
    const char *const *roles = user != NULL ? user->roles : no_roles;
    if (cx_person_check(login->user, roles, &why) != COAX_OK) {
        cx_login_turn_away(login, COAX_ERR_UNAVAILABLE, CX_COUNT_NOTHING,
                           "the login can't be decided now", "the users' store: %s", why.text);
        return;
    }
    if (cx_person_make(login->pool, login->user, roles, &person) != COAX_OK) {
        cx_login_turn_away(login, COAX_ERR_UNAVAILABLE, CX_COUNT_NOTHING,
                           "the login can't be decided now", "no memory for a login");
        return;
    }
    login->person = person;
    answer(login, user != NULL ? user->record : NULL);
}

static void answer_now(void *self, const coax_user *user)
{
    cx_login_answer_opaque(self, user);
}

static void look_up(cx_login_in *login)
{
    coax_store *users = login->logins->config.users;
    coax_error why = COAX_ERROR_INIT;
    if (!cx_store_is_immediate(users)) {
        if (!cx_login_hand_out(login, CX_LOGIN_LOOKED_UP))
            return;
        const coax_lookup lookup = { login->peer.loop, (uint32_t)login->handle,
                                     (uint32_t)(login->handle >> 32) };
        users->ops.find(users->self, lookup, login->user);
    } else if (cx_store_get(users, login->user, answer_now, login, &why) != COAX_OK) {
        cx_login_turn_away(login, COAX_ERR_UNAVAILABLE, CX_COUNT_NOTHING,
                           "the login can't be decided now", "the users' store: %s", why.text);
    }
}

static void answer_shared(cx_login_in *login)
{
    if (cx_person_make(login->pool, CX_SHARED_PRINCIPAL, NULL, &login->person) != COAX_OK)
        cx_login_turn_away(login, COAX_ERR_UNAVAILABLE, CX_COUNT_NOTHING,
                           "the login can't be decided now", "no memory for a login");
    else
        answer(login, login->logins->shared->record);
}

void cx_login_begin_opaque(cx_login_in *login, const cx_shown *shown, const cx_way_facts *way)
{
    static const coax_str nobody = { NULL, 0 };
    const bool is_shared = login->user[0] == '\0';
    const cx_logins *logins = login->logins;
    login->mechanism = COAX_MECHANISM_PASSWORD;
    if (is_shared ? logins->shared == NULL : logins->config.users == NULL) {
        /* Whatever name it were: this tells nothing about any. */
        cx_login_turn_away(login, COAX_ERR_UNAUTHENTICATED, CX_COUNT_NOTHING, CX_LOGIN_FAILED,
                           "there is no option `%s` here", is_shared ? "password" : "users");
        return;
    }
    if (!cx_login_ask_throttle(login, is_shared ? nobody : shown->user, &way->origin))
        return;
    if (shown->proof.len != CX_OPAQUE_KE1) {
        cx_login_turn_away(login, COAX_ERR_UNAUTHENTICATED, CX_COUNT_FAILURE, CX_LOGIN_FAILED,
                           "KE1 of %zu bytes instead of %u", shown->proof.len, CX_OPAQUE_KE1);
        return;
    }
    memcpy(login->ke1, shown->proof.data, CX_OPAQUE_KE1);
    bind_to(login, way);
    if (is_shared)
        answer_shared(login);
    else
        look_up(login);
}

void cx_login_finish_opaque(cx_login_in *login, coax_bytes proof)
{
    cx_person *person = login->person;
    if (proof.len != CX_OPAQUE_KE3 || !cx_opaque_accept(&login->expect, proof.data, NULL)) {
        cx_login_turn_away(login, COAX_ERR_UNAUTHENTICATED, CX_COUNT_FAILURE, CX_LOGIN_FAILED,
                           "wrong password, or no such user");
        return;
    }
    login->person = NULL;
    cx_login_let_in(login, person, NULL);
}
