/*
 * What a client shows, and how it proves that it knows a password without saying it.
 *
 * Read next: secure/opaque.h.
 */
#include <string.h>

#include "base/wipe.h"
#include "secure/secret.h"
#include "session/login_out.h"

static const char context_label[] = "coax1";

/* The password or token into locked memory. */
static coax_err find_secret(cx_stretch *stretch, const cx_login_out_config *config,
                            coax_error *error)
{
    const char *secret = config->secret;
    if (config->ask != NULL) {
        if (!config->ask(config->self, stretch->secret, sizeof stretch->secret))
            return coax_error_set(error, COAX_ERR_CANCELLED, "on_secret gave up");
        stretch->secret[sizeof stretch->secret - 1] = '\0';
    } else {
        memcpy(stretch->secret, secret, strlen(secret) + 1); /* the options were checked */
    }
    stretch->secret_len = strlen(stretch->secret);
    if (stretch->secret_len == 0)
        return coax_error_set(error, COAX_ERR_CANCELLED, "on_secret gave an empty secret");
    return COAX_OK;
}

static coax_bytes secret_of(const cx_stretch *stretch)
{
    const coax_bytes bytes = { (const uint8_t *)stretch->secret, stretch->secret_len };
    return bytes;
}

/* KE1. */
static coax_err start(cx_login_out *login, const coax_env *env, coax_error *error)
{
    cx_opaque_client_random random;
    cx_stretch *stretch = login->stretch;
    env->random(env->self, (uint8_t *)&random, sizeof random);
    return cx_opaque_start(secret_of(stretch), &random, &stretch->login, login->ke1, error);
}

coax_err cx_login_out_show(cx_login_out *login, const cx_login_out_config *config,
                           const coax_env *env, const cx_way_facts *way, cx_shown *ret,
                           coax_error *error)
{
    static const char *const names[] = { [COAX_MECHANISM_TOKEN] = "token",
                                         [COAX_MECHANISM_PASSWORD] = "opaque",
                                         [COAX_MECHANISM_PLAIN] = "plain" };
    memset(login, 0, sizeof *login);
    *ret = (cx_shown){ .has_steps = false };
    login->config = config;
    if (config->mechanism == COAX_MECHANISM_NONE)
        return COAX_OK;
    if (!way->is_encrypted && !way->is_local)
        return coax_error_set(error, COAX_ERR_INSECURE,
                              "passwords and tokens are not sent on a connection that is not "
                              "encrypted");
    cx_stretch *stretch = cx_secret_take(sizeof *stretch);
    if (stretch == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no locked memory for a login");
    login->stretch = stretch;
    stretch->user_len = strlen(config->user);
    memcpy(stretch->user, config->user, stretch->user_len + 1);
    coax_err err = find_secret(stretch, config, error);
    if (err == COAX_OK && config->mechanism == COAX_MECHANISM_PASSWORD)
        err = start(login, env, error);
    if (err != COAX_OK) {
        cx_login_out_drop(login);
        return err;
    }
    ret->mechanism = coax_str_from(names[config->mechanism]);
    ret->user = coax_str_from(stretch->user);
    ret->has_steps = config->mechanism == COAX_MECHANISM_PASSWORD;
    ret->proof =
        ret->has_steps ? (coax_bytes){ login->ke1, sizeof login->ke1 } : secret_of(stretch);
    login->stage = CX_LOGIN_OUT_SHOWN;
    return COAX_OK;
}

coax_err cx_login_out_hear(cx_login_out *login, const cx_step *step, const cx_way_facts *way,
                           void (*on_finished)(void *owner), void *owner, coax_error *error)
{
    cx_stretch *stretch = login->stretch;
    const size_t label = sizeof context_label - 1;
    if (login->stage != CX_LOGIN_OUT_SHOWN || login->config->mechanism != COAX_MECHANISM_PASSWORD)
        return coax_error_set(error, COAX_ERR_PROTOCOL, "AUTH out of place");
    if (step->proof.len != CX_OPAQUE_KE2)
        return coax_error_set(error, COAX_ERR_PROTOCOL, "AUTH: KE2 of %zu bytes instead of %u",
                              step->proof.len, CX_OPAQUE_KE2);
    memcpy(stretch->ke2, step->proof.data, CX_OPAQUE_KE2);
    memcpy(stretch->context, context_label, label);
    memcpy(stretch->context + label, way->hash, way->hash_len);
    stretch->context_len = label + way->hash_len;
    stretch->cost = (coax_password_cost){ step->memory_kib, step->passes };
    stretch->on_finished = on_finished;
    stretch->owner = owner;
    stretch->whose = login->config;
    stretch->is_away = true;
    login->stage = CX_LOGIN_OUT_STRETCHING;
    return COAX_OK;
}

void cx_stretch_run(cx_stretch *stretch)
{
    const cx_opaque_names names = { { (const uint8_t *)stretch->user, stretch->user_len },
                                    { (const uint8_t *)"", 0 },
                                    { stretch->context, stretch->context_len } };
    const cx_opaque_stretch cost = { stretch->cost, false };
    stretch->err = cx_opaque_finish(&stretch->login, secret_of(stretch), &names, &cost,
                                    stretch->ke2, &stretch->result, &stretch->error);
    cx_wipe(stretch->secret, sizeof stretch->secret);
}

void cx_stretch_fail(cx_stretch *stretch, coax_err code, const char *words)
{
    stretch->err = coax_error_set(&stretch->error, code, "%s", words);
    cx_wipe(stretch->secret, sizeof stretch->secret);
}

void cx_stretch_finish(cx_stretch *stretch)
{
    stretch->is_away = false;
    if (stretch->owner != NULL)
        stretch->on_finished(stretch->owner);
    else
        cx_secret_give(stretch);
}

coax_err cx_login_out_prove(cx_login_out *login, cx_step *ret_step, coax_error *error)
{
    const cx_stretch *stretch = login->stretch;
    if (stretch->err != COAX_OK) {
        *error = stretch->error;
        return stretch->err;
    }
    *ret_step = (cx_step){ .proof = { stretch->result.ke3, CX_OPAQUE_KE3 } };
    login->stage = CX_LOGIN_OUT_PROVED;
    return COAX_OK;
}

bool cx_login_out_is_done(const cx_login_out *login)
{
    return login->config == NULL || login->config->mechanism != COAX_MECHANISM_PASSWORD ||
           login->stage == CX_LOGIN_OUT_PROVED;
}

void cx_login_out_drop(cx_login_out *login)
{
    cx_stretch *stretch = login->stretch;
    login->stretch = NULL;
    cx_wipe(login->ke1, sizeof login->ke1);
    if (stretch == NULL)
        return;
    stretch->owner = NULL;
    if (!stretch->is_away)
        cx_secret_give(stretch);
}
