/*
 * A login's way through what a server knows, and its end.
 *
 * Read next: login_steps.c for passwords.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/wipe.h"
#include "session/login_parts.h"

void cx_login_in_init(cx_login_in *login, cx_logins *logins, cx_pool *pool, const coax_env *env,
                      cx_idmap *handles, const cx_login_in_ops *ops, void *self)
{
    memset(login, 0, sizeof *login);
    login->ops = ops;
    login->self = self;
    login->logins = logins;
    login->pool = pool;
    login->env = env;
    login->handles = handles;
}

static void take_handle_back(cx_login_in *login)
{
    if (login->handle != 0)
        (void)cx_idmap_remove(login->handles, login->handle);
    login->handle = 0;
}

/* How long it takes until somebody of an address has been decided about is not known: soon. */
#define ASK_AGAIN_MS 1000u

bool cx_login_hand_out(cx_login_in *login, cx_login_stage stage)
{
    if (!cx_throttle_may_ask(login->logins->config.throttle, &login->ticket, login->now)) {
        login->verdict.retry_after_ms = ASK_AGAIN_MS;
        cx_login_turn_away(login, COAX_ERR_RESOURCE_EXHAUSTED, CX_COUNT_NOTHING,
                           "too many logins of this address wait for their decision; wait before "
                           "the next",
                           "a quarter of max_unopened are logins of this address that the program "
                           "has not decided");
        return false;
    }
    if (cx_idmap_add(login->handles, login, &login->handle) != COAX_OK) {
        login->handle = 0;
        cx_login_turn_away(login, COAX_ERR_UNAVAILABLE, CX_COUNT_NOTHING,
                           "the login can't be decided now", "no memory for a login");
        return false;
    }
    login->stage = (uint8_t)stage;
    return true;
}

static void count(cx_login_in *login, cx_login_count what)
{
    cx_throttle *throttle = login->logins->config.throttle;
    if (what == CX_COUNT_SUCCESS)
        cx_throttle_succeeded(throttle, &login->ticket, login->now);
    else if (what == CX_COUNT_FAILURE)
        cx_throttle_failed(throttle, &login->ticket, login->now);
    else
        cx_throttle_undecided(throttle, &login->ticket, login->now);
}

/* `verdict` is filled. */
static void decide(cx_login_in *login)
{
    login->stage = CX_LOGIN_DECIDED;
    take_handle_back(login);
    if (!login->is_inside)
        login->ops->on_decided(login->self);
}

void cx_login_turn_away(cx_login_in *login, coax_err code, cx_login_count what, const char *told,
                        const char *format, ...)
{
    if (login->stage >= CX_LOGIN_DECIDED)
        return;
    char words[2 * COAX_ERROR_TEXT_MAX]; /* cut at a character by coax_error_set */
    va_list args;
    va_start(args, format);
    if (vsnprintf(words, sizeof words, format, args) < 0)
        words[0] = '\0';
    va_end(args);
    count(login, what);
    login->verdict.code = code;
    login->verdict.told = told;
    coax_error_set(&login->verdict.reason, code, "%s", words);
    decide(login);
}

/* Where one more connection of the same principal is not wanted. */
static bool sit(cx_login_in *login, const char *principal)
{
    coax_err err =
        cx_logins_sit(login->logins, principal, login->peer, &login->verdict.has_replaced);
    if (err == COAX_ERR_ALREADY_EXISTS)
        cx_login_turn_away(
            login, err, CX_COUNT_SUCCESS, "another connection is logged in with this name",
            "second_login: another connection of %s has logged in before", principal);
    else if (err != COAX_OK)
        cx_login_turn_away(login, COAX_ERR_UNAVAILABLE, CX_COUNT_SUCCESS,
                           "the login can't be decided now", "%s",
                           "second_login: the other connection could not be closed");
    return err == COAX_OK;
}

void cx_login_let_in(cx_login_in *login, cx_person *person, const coax_identity *identity)
{
    cx_verdict *verdict = &login->verdict;
    const bool lasts = identity == NULL || identity->lifespan_ms == 0;
    if (login->stage >= CX_LOGIN_DECIDED || !sit(login, person->principal)) {
        cx_person_unref(person, login->pool);
        return;
    }
    count(login, CX_COUNT_SUCCESS);
    verdict->code = COAX_OK;
    verdict->person = person;
    verdict->is_full = true;
    verdict->lifespan_ms = lasts ? login->logins->config.lifespan_ms : identity->lifespan_ms;
    verdict->has_data = identity != NULL;
    verdict->data = identity != NULL ? identity->data : NULL;
    decide(login);
}

void cx_login_let_in_anonymous(cx_login_in *login)
{
    if (login->stage >= CX_LOGIN_DECIDED)
        return;
    count(login, CX_COUNT_NOTHING);
    login->mechanism = COAX_MECHANISM_NONE;
    login->verdict.code = COAX_OK;
    login->verdict.lifespan_ms = COAX_NEVER_MS;
    decide(login);
}

bool cx_login_ask_throttle(cx_login_in *login, coax_str user, const cx_origin *origin)
{
    uint32_t wait_ms =
        cx_throttle_ask(login->logins->config.throttle, user, origin, login->now, &login->ticket);
    if (wait_ms == 0)
        return true;
    login->verdict.retry_after_ms = wait_ms;
    cx_login_turn_away(login, COAX_ERR_RESOURCE_EXHAUSTED, CX_COUNT_NOTHING,
                       "too many logins have failed; wait before the next", "too many have failed");
    return false;
}

/* Asks the program. */
static void ask(cx_login_in *login, coax_mechanism mechanism, coax_bytes secret,
                const cx_way_facts *way)
{
    if (!cx_login_hand_out(login, CX_LOGIN_ASKED))
        return;
    const cx_logins_config *config = &login->logins->config;
    const coax_login handle = { login->peer.loop, (uint32_t)login->handle,
                                (uint32_t)(login->handle >> 32) };
    uint8_t copy[CX_TOKEN_MAX + 1]; /* the user's to change; NUL-terminated, and gone afterwards */
    if (secret.len > 0)
        memcpy(copy, secret.data, secret.len);
    copy[secret.len] = '\0';
    const coax_credential credential = { .size = sizeof credential,
                                         .mechanism = mechanism,
                                         .peer = login->peer,
                                         .user = login->user,
                                         .secret = { copy, secret.len },
                                         .key_id = login->key_id,
                                         .channel = { way->hash, way->hash_len } };
    config->on_login(config->self, handle, &credential);
    cx_wipe(copy, sizeof copy);
}

/* Nobody has proved anything. */
static void judge_nobody(cx_login_in *login, const char *reason)
{
    if (login->has_public)
        cx_login_let_in_anonymous(login);
    else
        cx_login_turn_away(login, COAX_ERR_UNAUTHENTICATED, CX_COUNT_FAILURE,
                           "this server lets in only who logs in", "%s", reason);
}

/* Somebody who shows nothing may be known by his key. */
static void judge_key(cx_login_in *login, const cx_way_facts *way)
{
    static const coax_bytes nothing = { NULL, 0 };
    static const coax_str nobody = { NULL, 0 };
    cx_person *person = NULL;
    login->shows_nothing = true;
    login->mechanism = COAX_MECHANISM_NONE;
    if (!way->has_key) {
        judge_nobody(login, "nothing was shown");
        return;
    }
    coax_err err = cx_logins_find_key(login->logins, login->pool, way->key, &person, &login->flaw);
    if (err == COAX_OK || login->logins->config.on_login != NULL)
        login->mechanism = COAX_MECHANISM_KEY;
    if (err == COAX_OK)
        cx_login_let_in(login, person, NULL);
    else if (err != COAX_ERR_NOT_FOUND)
        cx_login_turn_away(login, COAX_ERR_UNAVAILABLE, CX_COUNT_NOTHING,
                           "the login can't be decided now", "no memory for a login");
    else if (login->logins->config.on_login == NULL)
        judge_nobody(login, "nothing was shown, and its key is not in `authorized_keys`");
    else if (cx_login_ask_throttle(login, nobody, &way->origin))
        ask(login, COAX_MECHANISM_KEY, nothing, way);
}

static void judge_token(cx_login_in *login, const cx_shown *shown, const cx_way_facts *way)
{
    static const coax_str nobody = { NULL, 0 };
    cx_person *person = NULL;
    login->mechanism = COAX_MECHANISM_TOKEN;
    if (!cx_login_ask_throttle(login, nobody, &way->origin))
        return;
    const cx_token_entry *entry = cx_tokens_find(&login->logins->tokens, shown->proof);
    if (entry == NULL && login->logins->config.on_login != NULL)
        ask(login, COAX_MECHANISM_TOKEN, shown->proof, way);
    else if (entry == NULL)
        cx_login_turn_away(login, COAX_ERR_UNAUTHENTICATED, CX_COUNT_FAILURE, CX_LOGIN_FAILED,
                           "the token is not known");
    else if (cx_person_make(login->pool, entry->principal, entry->roles, &person) == COAX_OK)
        cx_login_let_in(login, person, NULL);
    else
        cx_login_turn_away(login, COAX_ERR_UNAVAILABLE, CX_COUNT_NOTHING,
                           "the login can't be decided now", "no memory for a login");
}

static void judge_plain(cx_login_in *login, const cx_shown *shown, const cx_way_facts *way)
{
    static const coax_str nobody = { NULL, 0 };
    const coax_str user = login->user[0] != '\0' ? shown->user : nobody;
    login->mechanism = COAX_MECHANISM_PLAIN;
    if (!login->logins->config.takes_plain_passwords)
        cx_login_turn_away(login, COAX_ERR_UNAUTHENTICATED, CX_COUNT_NOTHING, CX_LOGIN_FAILED,
                           "plain passwords are not taken (takes_plain_passwords)");
    else if (cx_login_ask_throttle(login, user, &way->origin))
        ask(login, COAX_MECHANISM_PLAIN, shown->proof, way);
}

/* A name that can't be anybody's is nobody's, and is not looked for. */
static bool take_user(cx_login_in *login, coax_str user)
{
    if (user.len == 0)
        return true;
    if (user.len > CX_PRINCIPAL_MAX || !cx_principal_is_valid(user.data, user.len))
        return false;
    memcpy(login->user, user.data, user.len);
    login->user[user.len] = '\0';
    return true;
}

static bool is_called(const cx_shown *shown, const char *mechanism)
{
    return shown->mechanism.len == strlen(mechanism) &&
           memcmp(shown->mechanism.data, mechanism, shown->mechanism.len) == 0;
}

static void judge(cx_login_in *login, const cx_shown *shown, const cx_login_about *about)
{
    const cx_way_facts *way = about->way;
    if (shown->mechanism.len == 0)
        judge_key(login, way);
    else if (!way->is_encrypted && !way->is_local)
        cx_login_turn_away(login, COAX_ERR_UNAUTHENTICATED, CX_COUNT_NOTHING,
                           "credentials are taken on encrypted connections only",
                           "credentials came on a connection that is not encrypted");
    else if (shown->proof.len > CX_TOKEN_MAX || !take_user(login, shown->user))
        cx_login_turn_away(login, COAX_ERR_UNAUTHENTICATED, CX_COUNT_NOTHING, CX_LOGIN_FAILED,
                           "the user's name can't be one");
    else if (is_called(shown, "token"))
        judge_token(login, shown, way);
    else if (is_called(shown, "plain"))
        judge_plain(login, shown, way);
    else if (is_called(shown, "opaque"))
        cx_login_begin_opaque(login, shown, way);
    else
        cx_login_turn_away(login, COAX_ERR_UNAUTHENTICATED, CX_COUNT_NOTHING, CX_LOGIN_FAILED,
                           "a mechanism that is not known here");
}

bool cx_login_in_hello(cx_login_in *login, const cx_shown *shown, const cx_login_about *about)
{
    login->peer = about->peer;
    login->now = about->now;
    login->has_public = about->has_public;
    if (about->way->has_key)
        coax_id_print(about->way->key, login->key_id);
    login->is_inside = true;
    judge(login, shown, about);
    login->is_inside = false;
    return login->stage == CX_LOGIN_DECIDED;
}

bool cx_login_in_auth(cx_login_in *login, const cx_step *step, uint64_t now)
{
    if (login->stage != CX_LOGIN_SAID)
        return false;
    login->now = now;
    login->is_inside = true;
    cx_login_finish_opaque(login, step->proof);
    login->is_inside = false;
    return login->stage == CX_LOGIN_DECIDED;
}

void cx_login_in_end(cx_login_in *login, uint64_t now)
{
    login->now = now;
    /* Who has heard KE2 knows whether he guessed right. */
    if (login->stage < CX_LOGIN_DECIDED)
        count(login, login->stage == CX_LOGIN_SAID ? CX_COUNT_FAILURE : CX_COUNT_NOTHING);
    take_handle_back(login);
    login->stage = CX_LOGIN_OVER;
    cx_person_unref(login->person, login->pool);
    if (login->verdict.person != NULL) /* let in, but nobody has come */
        cx_logins_leave(login->logins, login->verdict.person->principal, login->peer);
    cx_person_unref(login->verdict.person, login->pool);
    login->person = NULL;
    login->verdict.person = NULL;
    cx_opaque_expect_wipe(&login->expect);
    cx_wipe(login->ke1, sizeof login->ke1);
}

static cx_login_in *find(cx_idmap *handles, uint64_t handle, cx_login_stage stage, uint64_t now)
{
    cx_login_in *login = cx_idmap_get(handles, handle);
    if (login == NULL || login->stage != stage)
        return NULL;
    login->now = now;
    return login;
}

coax_err cx_login_in_accept(cx_idmap *handles, uint64_t handle, const coax_identity *identity,
                            uint64_t now, coax_error *error)
{
    cx_login_in *login = find(handles, handle, CX_LOGIN_ASKED, now);
    cx_person *person = NULL;
    if (login == NULL)
        return coax_error_set(error, COAX_ERR_STALE, "the login has ended");
    if (identity == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE, "an identity is needed");
    if (identity->size != sizeof *identity)
        return coax_error_set(error, COAX_ERR_MISUSE,
                              "`size` of the identity is %zu; begin with COAX_IDENTITY_INIT",
                              identity->size);
    coax_err err = cx_person_check(identity->principal, identity->roles, error);
    if (err != COAX_OK)
        return err;
    if (cx_person_make(login->pool, identity->principal, identity->roles, &person) != COAX_OK)
        cx_login_turn_away(login, COAX_ERR_UNAVAILABLE, CX_COUNT_NOTHING,
                           "the login can't be decided now", "no memory for a login");
    else
        cx_login_let_in(login, person, identity);
    return COAX_OK;
}

coax_err cx_login_in_reject(cx_idmap *handles, uint64_t handle, coax_err code, const char *words,
                            uint64_t now)
{
    cx_login_in *login = find(handles, handle, CX_LOGIN_ASKED, now);
    if (login == NULL)
        return COAX_ERR_STALE;
    if (words == NULL)
        words = "on_login gave no reason";
    if (code == COAX_ERR_UNAVAILABLE)
        cx_login_turn_away(login, code, CX_COUNT_NOTHING, "the login can't be decided now", "%s",
                           words);
    else if (login->shows_nothing && login->has_public)
        cx_login_let_in_anonymous(login);
    else
        cx_login_turn_away(login, COAX_ERR_UNAUTHENTICATED, CX_COUNT_FAILURE, CX_LOGIN_FAILED, "%s",
                           words);
    return COAX_OK;
}

coax_err cx_login_in_found(cx_idmap *handles, uint64_t handle, const coax_user *user, uint64_t now)
{
    cx_login_in *login = find(handles, handle, CX_LOGIN_LOOKED_UP, now);
    if (login == NULL)
        return COAX_ERR_STALE;
    cx_throttle_answered(login->logins->config.throttle, &login->ticket, now);
    cx_login_answer_opaque(login, user);
    return COAX_OK;
}

coax_err cx_login_in_not_found(cx_idmap *handles, uint64_t handle, const char *words, uint64_t now)
{
    cx_login_in *login = find(handles, handle, CX_LOGIN_LOOKED_UP, now);
    if (login == NULL)
        return COAX_ERR_STALE;
    cx_login_turn_away(login, COAX_ERR_UNAVAILABLE, CX_COUNT_NOTHING,
                       "the login can't be decided now", "the users' store: %s",
                       words != NULL ? words : "no reason was given");
    return COAX_OK;
}
