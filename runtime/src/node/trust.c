/*
 * Server keys that are expected, met, recorded, and those that are not what they were.
 *
 * A server of which one key is known is dialled with IK, which shows nothing to anybody else; others with XX, where
 * its key is judged before ours is shown. A first meeting is recorded once the connection is open,
 * so that nobody is recorded who could not finish it. Read next: sealed.c, docs/security.md.
 */
#include <stdio.h>
#include <string.h>

#include "node/options.h"
#include "node/trust.h"
#include "secure/files.h"
#include "secure/dh.h"
#include "secure/key.h"

#define DEFAULT_NAME "known_hosts"

/* ---------------------------------------------------------------- options */

/* The first option that is worth nothing without encryption. */
static const char *needs_encryption(const coax_client_options *options)
{
    return options->server_id != NULL               ? "server_id"
           : options->trust != COAX_TRUST_FIRST_USE ? "trust"
           : options->known_hosts != NULL           ? "known_hosts"
           : options->key != NULL                   ? "key"
           : options->key_file != NULL              ? "key_file"
           : options->psk.len > 0                   ? "psk"
           : options->suite != COAX_SUITE_DEFAULT   ? "suite"
           : options->user != NULL                  ? "user"
           : options->password != NULL              ? "password"
           : options->token != NULL                 ? "token"
           : options->on_secret != NULL             ? "on_secret"
                                                    : NULL;
}

static coax_err check_plain(const coax_client_options *options, coax_error *error)
{
    const char *name = needs_encryption(options);
    if (name == NULL)
        return COAX_OK;
    return coax_error_set(error, COAX_ERR_INSECURE,
                          "option `%s` needs an encrypted connection, and the address begins with "
                          "plain+; leave that or the option out",
                          name);
}

/* Without libsodium's newest a suite may be unknown here: better said now than at each dial. */
static coax_err check_numbers(const coax_client_options *options, coax_error *error)
{
    if ((unsigned)options->trust > COAX_TRUST_ANY)
        return coax_error_set(error, COAX_ERR_BAD_OPTION, "option `trust` is %d, which is nothing",
                              (int)options->trust);
    if ((unsigned)options->suite > COAX_SUITE_AEGIS256_SHA512)
        return coax_error_set(error, COAX_ERR_BAD_OPTION, "option `suite` is %d, which is nothing",
                              (int)options->suite);
    if (options->suite != COAX_SUITE_DEFAULT && !coax_suite_is_available(options->suite))
        return coax_error_set(
            error, COAX_ERR_NOT_SUPPORTED,
            "option `suite`: %s is not available in this build on this processor; "
            "leave the option out for %s",
            coax_suite_name(options->suite), coax_suite_name(COAX_SUITE_CHACHAPOLY_BLAKE2B));
    coax_err rc = cx_options_check_psk(options->psk, error);
    if (rc != COAX_OK)
        return rc;
    if (options->key != NULL && options->key_file != NULL)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "options `key` and `key_file` exclude each other");
    return COAX_OK;
}

/* Also for inproc://, where there are no keys: a slip is a slip wherever it is made. */
static coax_err check_pin(const coax_client_options *options, uint8_t ret_key[COAX_KEY_BYTES],
                          coax_error *error)
{
    if (options->server_id != NULL && !coax_id_parse(options->server_id, ret_key))
        return coax_error_set(
            error, COAX_ERR_BAD_OPTION,
            "option `server_id` is no id: 52 lower-case letters and digits, as 'coax id' "
            "prints them at the server");
    return COAX_OK;
}

static coax_err take_key(cx_trust_state *state, coax_loop *loop, const coax_client_options *options,
                         coax_error *error)
{
    uint8_t bytes[COAX_KEY_BYTES];
    if (options->key != NULL) {
        state->key = cx_key_ref(options->key);
        return COAX_OK;
    }
    if (options->key_file != NULL)
        return coax_key_load(options->key_file, &state->key, error);
    loop->env.random(loop->env.self, bytes, sizeof bytes);
    coax_err rc = coax_key_from_bytes(bytes, &state->key, error);
    coax_wipe(bytes, sizeof bytes);
    return rc;
}

/* The path as it is from everywhere, because the process may change its folder before the next dial. */
static char *keep_path(coax_loop *loop, const char *path)
{
    char folder[CX_FILE_START];
    cx_file_start(path, folder);
    size_t folder_len = strlen(folder);
    size_t len = strlen(path);
    char *kept = cx_net_take(&loop->net, folder_len + len + 1);
    if (kept == NULL)
        return NULL;
    memcpy(kept, folder, folder_len);
    memcpy(kept + folder_len, path, len + 1);
    return kept;
}

/* Needed unless the server is pinned, or anybody is trusted. */
static coax_err take_known_hosts(cx_trust_state *state, coax_loop *loop,
                                 const coax_client_options *options, coax_error *error)
{
    if (state->is_pinned || state->trust == COAX_TRUST_ANY)
        return COAX_OK;
    char path[CX_FILE_START];
    size_t len = coax_default_path(DEFAULT_NAME, path, sizeof path);
    if (options->known_hosts == NULL && (len == 0 || len >= sizeof path))
        return coax_error_set(
            error, COAX_ERR_BAD_OPTION,
            "there is no place to remember servers' keys: set option `known_hosts` "
            "or `server_id`, or the environment's COAX_HOME or HOME");
    state->known_hosts =
        keep_path(loop, options->known_hosts != NULL ? options->known_hosts : path);
    return state->known_hosts != NULL
               ? COAX_OK
               : coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a client");
}

/* A few ids give the same secret with every key, and so name nobody. */
static bool is_usable(const cx_trust_state *state)
{
    uint8_t shared[CX_DH];
    bool usable = cx_dh(cx_key_secret(state->key), state->expected, shared);
    coax_wipe(shared, sizeof shared);
    return usable;
}

static coax_err fill(cx_trust_state *state, coax_loop *loop, const coax_client_options *options,
                     coax_error *error)
{
    state->trust = options->trust;
    state->is_pinned = options->server_id != NULL;
    coax_err rc = check_pin(options, state->expected, error);
    if (rc == COAX_OK)
        rc = take_known_hosts(state, loop, options, error);
    if (rc == COAX_OK)
        rc = take_key(state, loop, options, error);
    if (rc == COAX_OK && state->is_pinned && !is_usable(state))
        rc = coax_error_set(error, COAX_ERR_BAD_OPTION,
                            "option `server_id` belongs to no key: everybody could answer for it");
    if (rc == COAX_OK && options->psk.len > 0)
        rc = coax_key_from_bytes(options->psk.data, &state->psk, error);
    if (rc == COAX_OK)
        rc = cx_sealed_prepare(loop, &state->config, error);
    if (rc != COAX_OK)
        return rc;
    state->config.secret_key = cx_key_secret(state->key);
    state->config.public_key = cx_key_public(state->key);
    state->config.psk = state->psk != NULL ? cx_key_secret(state->psk) : NULL;
    state->config.suite = (uint8_t)options->suite;
    return COAX_OK;
}

coax_err cx_trust_create(coax_loop *loop, const cx_url *url, const coax_client_options *options,
                         cx_trust_state **ret_state, coax_error *error)
{
    uint8_t pin[COAX_KEY_BYTES];
    *ret_state = NULL;
    if (url->is_plain)
        return check_plain(options, error);
    coax_err rc = check_numbers(options, error);
    if (rc == COAX_OK)
        rc = check_pin(options, pin, error);
    if (rc != COAX_OK || url->scheme == CX_SCHEME_INPROC)
        return rc;
    cx_trust_state *state = cx_net_take(&loop->net, sizeof *state);
    if (state == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a client");
    (void)cx_url_print_place(url, state->address, sizeof state->address);
    rc = fill(state, loop, options, error);
    if (rc == COAX_OK)
        *ret_state = state;
    else
        cx_trust_free(state, loop);
    return rc;
}

void cx_trust_free(cx_trust_state *state, coax_loop *loop)
{
    if (state == NULL)
        return;
    coax_key_free(state->key);
    coax_key_free(state->psk);
    cx_net_release(&loop->net, state->known_hosts);
    cx_net_release(&loop->net, state);
}

/* ---------------------------------------------------------------- dialling */

coax_err cx_trust_dial(cx_trust_state *state, cx_conn *conn, coax_error *error)
{
    cx_channel_config *config = &state->config;
    coax_err rc = COAX_OK;
    memset(&state->host, 0, sizeof state->host);
    if (state->known_hosts != NULL)
        rc = cx_known_hosts_find(state->known_hosts, state->address, &state->host, error);
    if (rc != COAX_OK)
        return rc;
    bool knows_one = state->is_pinned || state->host.n_keys == 1;
    if (state->host.n_keys == 1)
        memcpy(state->expected, state->host.keys[0].key, sizeof state->expected);
    state->is_new = false;
    config->pattern = state->psk != NULL ? CX_PATTERN_XXPSK3
                      : knows_one        ? CX_PATTERN_IK
                                         : CX_PATTERN_XX;
    config->peer_key = config->pattern == CX_PATTERN_IK ? state->expected : NULL;
    return cx_sealed_create(conn, config, error);
}

/* ---------------------------------------------------------------- judging */

static coax_err refuse_pinned(const cx_trust_state *state, const uint8_t *key, coax_error *why)
{
    char shown[COAX_ID_SIZE];
    char wanted[COAX_ID_SIZE];
    coax_id_print(key, shown);
    coax_id_print(state->expected, wanted);
    return coax_error_set(
        why, COAX_ERR_KEY_CHANGED,
        "%.60s shows id %s, but option `server_id` is %s: an attack, or a new key? "
        "Ask its owner for 'coax id'",
        state->address, shown, wanted);
}

coax_err cx_trust_judge(cx_trust_state *state, const uint8_t key[COAX_KEY_BYTES], coax_error *why)
{
    if (state->is_pinned)
        return memcmp(key, state->expected, COAX_KEY_BYTES) == 0 ? COAX_OK
                                                                 : refuse_pinned(state, key, why);
    if (state->trust == COAX_TRUST_ANY || cx_known_host_has(&state->host, key))
        return COAX_OK;
    if (state->host.n_keys > 0)
        return cx_known_hosts_changed(state->known_hosts, state->address, &state->host, key, why);
    if (state->trust == COAX_TRUST_KNOWN)
        return cx_known_hosts_unknown(state->known_hosts, state->address, key, why);
    state->is_new = true;
    return COAX_OK;
}

/* The last of a path that may be long. */
static const char *tail_of(const char *path, size_t most)
{
    size_t len = strlen(path);
    return len > most ? path + len - most : path;
}

/* With IK a server that has another key can only say so in clear. */
void cx_trust_explain(const cx_trust_state *state, coax_error *why)
{
    char id[COAX_ID_SIZE];
    if (why->code != COAX_ERR_KEY_CHANGED || state->config.pattern != CX_PATTERN_IK)
        return;
    coax_id_print(state->expected, id);
    if (state->is_pinned)
        (void)coax_error_set(
            why, COAX_ERR_KEY_CHANGED,
            "%.60s says, unproved, that its key is not option `server_id` (%s): an "
            "attack, or a new key? Ask its owner for 'coax id'",
            state->address, id);
    else
        (void)coax_error_set(
            why, COAX_ERR_KEY_CHANGED,
            "%.40s says, unproved, that its key is not %.16s... of line %u in %s: an "
            "attack, or a new key? Ask its owner for 'coax id'; only if it is new, "
            "delete that line",
            state->address, id, (unsigned)state->host.keys[0].line,
            tail_of(state->known_hosts, 60));
}

coax_err cx_trust_record(cx_trust_state *state, const cx_conn *conn, coax_error *error)
{
    const cx_sealed *sealed = conn->wrap.as.sealed;
    if (!state->is_new || sealed->proof == NULL)
        return COAX_OK;
    state->is_new = false;
    coax_err rc = cx_known_hosts_add(state->known_hosts, state->address, sealed->proof->peer_key,
                                     NULL, error);
    if (rc != COAX_OK) {
        coax_error why = *error;
        return coax_error_set(error, rc,
                              "the server's key can't be remembered: %.160s; set option "
                              "`known_hosts` or `server_id`",
                              why.text);
    }
    char id[COAX_ID_SIZE];
    coax_id_print(sealed->proof->peer_key, id);
    const coax_log_pair pairs[] = { { "address", state->address },
                                    { "id", id },
                                    { "path", state->known_hosts } };
    cx_log_event(&conn->loop->core.host.log, COAX_LOG_INFO, "host_trusted", pairs, 3);
    return COAX_OK;
}
