/*
 * Key files of servers. Read next: secure/keyfile.h, sealed.c.
 */
#include <stdlib.h>
#include <string.h>

#include "link/link.h"
#include "node/identity.h"
#include "node/options.h"
#include "node/sealed.h"
#include "secure/key.h"

#define DEFAULT_NAME "server_key"

static coax_err take_psk(cx_identity *identity, const coax_server_options *options,
                         coax_error *error)
{
    if (options->psk.len == 0)
        return COAX_OK;
    coax_err rc = cx_options_check_psk(options->psk, error);
    if (rc != COAX_OK)
        return rc;
    if (options->needs_known_key)
        return coax_error_set(
            error, COAX_ERR_BAD_OPTION,
            "options `psk` and `needs_known_key` exclude each other: a pre-shared "
            "key has a handshake of its own");
    return coax_key_from_bytes(options->psk.data, &identity->psk, error);
}

coax_err cx_identity_init(cx_identity *identity, coax_loop *loop,
                          const coax_server_options *options, coax_error *error)
{
    memset(identity, 0, sizeof *identity);
    identity->needs_known_key = options->needs_known_key;
    if (options->key != NULL && options->key_file != NULL)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "options `key` and `key_file` exclude each other");
    if (options->key_file != NULL && options->key_file[0] == '\0')
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "option `key_file` is empty; leave it out (NULL) for the default");
    coax_err rc = take_psk(identity, options, error);
    if (rc != COAX_OK)
        return rc;
    if (options->key != NULL)
        identity->key = cx_key_ref(options->key);
    if (options->key_file != NULL) {
        identity->key_file = cx_net_copy(&loop->net, options->key_file);
        if (identity->key_file == NULL) {
            cx_identity_deinit(identity, loop);
            return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a server");
        }
    }
    return COAX_OK;
}

void cx_identity_deinit(cx_identity *identity, coax_loop *loop)
{
    coax_key_free(identity->key);
    coax_key_free(identity->psk);
    cx_net_release(&loop->net, identity->key_file);
    cx_net_release(&loop->net, identity->loaded);
    memset(identity, 0, sizeof *identity);
}

/* Where the key is to lie, in the loop's memory. */
static coax_err choose_path(const cx_identity *identity, coax_loop *loop, char **ret_path,
                            coax_error *error)
{
    if (identity->key_file != NULL) {
        *ret_path = cx_net_copy(&loop->net, identity->key_file);
    } else {
        size_t len = coax_default_path(DEFAULT_NAME, NULL, 0);
        if (len == 0)
            return coax_error_set(
                error, COAX_ERR_BAD_OPTION,
                "there is no place for the server's key: set option `key_file` or "
                "`key`, or the environment's COAX_HOME or HOME");
        *ret_path = cx_net_take(&loop->net, len + 1);
        if (*ret_path != NULL)
            (void)coax_default_path(DEFAULT_NAME, *ret_path, len + 1);
    }
    return *ret_path != NULL
               ? COAX_OK
               : coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a server's key");
}

static void note_created(const cx_identity *identity, const coax_loop *loop)
{
    char id[COAX_ID_SIZE];
    coax_key_id(identity->key, id);
    const coax_log_pair pairs[] = { { "path", identity->loaded }, { "id", id } };
    cx_log_event(&loop->core.host.log, COAX_LOG_INFO, "key_created", pairs, 2);
}

static coax_err load_key(cx_identity *identity, coax_loop *loop, coax_error *error)
{
    bool is_new = false;
    char *path = NULL;
    coax_err rc = choose_path(identity, loop, &path, error);
    if (rc == COAX_OK)
        rc = coax_key_load_or_create(path, &identity->key, &is_new, error);
    if (rc != COAX_OK) {
        cx_net_release(&loop->net, path);
        return rc;
    }
    identity->loaded = path;
    if (is_new)
        note_created(identity, loop);
    return COAX_OK;
}

/* `from` has the keys. */
static coax_err make_config(cx_identity *identity, coax_loop *loop, const cx_identity *from,
                            coax_error *error)
{
    cx_channel_config *config = &identity->config;
    coax_err rc = cx_sealed_prepare(loop, config, error);
    if (rc != COAX_OK)
        return rc;
    config->is_server = true;
    config->public_key = cx_key_public(from->key);
    config->psk = from->psk != NULL ? cx_key_secret(from->psk) : NULL;
    config->needs_known_key = from->needs_known_key;
    config->max_early_record = COAX_DEFAULT_MAX_BEFORE_OPEN - CX_RECORD_HEAD;
    config->secret_key = cx_key_secret(from->key); /* last: it says that all is there */
    return COAX_OK;
}

coax_err cx_identity_load(cx_identity *identity, coax_loop *loop, coax_error *error)
{
    coax_err rc = identity->key == NULL ? load_key(identity, loop, error) : COAX_OK;
    if (rc == COAX_OK && identity->config.secret_key == NULL)
        rc = make_config(identity, loop, identity, error);
    return rc;
}

coax_err cx_identity_share(cx_identity *identity, coax_loop *loop, const cx_identity *first,
                           coax_error *error)
{
    return identity->config.secret_key != NULL ? COAX_OK
                                               : make_config(identity, loop, first, error);
}

coax_err cx_identity_check_plain(const coax_server_options *options, const char *url,
                                 coax_error *error)
{
    const char *name = options->psk.len > 0               ? "psk"
                       : options->needs_known_key         ? "needs_known_key"
                       : options->authorized_keys != NULL ? "authorized_keys"
                       : options->password != NULL        ? "password"
                       : options->users != NULL           ? "users"
                       : options->tokens != NULL          ? "tokens"
                       : options->on_login != NULL        ? "on_login"
                       : options->takes_plain_passwords   ? "takes_plain_passwords"
                                                          : NULL;
    if (name == NULL)
        return COAX_OK;
    return coax_error_set(
        error, COAX_ERR_INSECURE,
        "%.80s is not encrypted, and option `%s` would be worth nothing there; leave "
        "plain+ out of the address",
        url, name);
}
