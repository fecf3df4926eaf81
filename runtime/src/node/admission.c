/*
 * From a server's options to what its logins are checked against.
 *
 * Read next: server.c.
 */
#include <stdlib.h>
#include <string.h>

#include "node/admission.h"
#include "rpc/rpc.h"

static bool asks(const coax_server_options *options)
{
    return options->password != NULL || options->users != NULL || options->tokens != NULL ||
           options->authorized_keys != NULL || options->on_login != NULL;
}

/* What only logins look at is refused without them, rather than ignored. */
static coax_err check_needless(const coax_server_options *options, coax_error *error)
{
    const char *name = options->second_login != COAX_SECOND_ALLOW ? "second_login"
                       : options->session_lifespan_ms != 0        ? "session_lifespan_ms"
                       : options->login_failures != 0             ? "login_failures"
                       : options->login_delay_max_ms != 0         ? "login_delay_max_ms"
                                                                  : NULL;
    if (asks(options) || name == NULL)
        return COAX_OK;
    return coax_error_set(error, COAX_ERR_BAD_OPTION,
                          "option `%s` needs logins; set `password`, `users`, `authorized_keys`, "
                          "`tokens` or `on_login`",
                          name);
}

static coax_err check(const coax_server_options *options, coax_error *error)
{
    if (options->takes_plain_passwords && options->on_login == NULL)
        return coax_error_set(
            error, COAX_ERR_BAD_OPTION,
            "option `takes_plain_passwords` needs `on_login`, which looks at them");
    if ((unsigned)options->second_login > COAX_SECOND_REFUSE)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "option `second_login` is %u; use COAX_SECOND_ALLOW, "
                              "COAX_SECOND_REPLACE or COAX_SECOND_REFUSE",
                              (unsigned)options->second_login);
    if (options->second_login != COAX_SECOND_ALLOW && options->password != NULL)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "options `second_login` and `password`: everybody with the shared "
                              "password has the same name, so only one could be connected; give "
                              "them names in `users`");
    if (options->login_delay_max_ms == COAX_NEVER_MS)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "option `login_delay_max_ms` can't be COAX_NEVER_MS");
    return check_needless(options, error);
}

static void lock(void *self)
{
    cx_admission *admission = self;
    uv_mutex_lock(&admission->mutex);
}

static void unlock(void *self)
{
    cx_admission *admission = self;
    uv_mutex_unlock(&admission->mutex);
}

static void close_replaced(coax_peer peer)
{
    cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    if (endpoint != NULL)
        cx_endpoint_close(endpoint, COAX_ERR_ABORTED, COAX_ERR_UNAVAILABLE,
                          "another connection has logged in with this name");
}

static bool evict_here(coax_peer peer)
{
    close_replaced(peer);
    return true;
}

/* On its way to the loop of the connection that has to go. */
typedef struct eviction {
    cx_post post;
    coax_peer peer;
} eviction;

static void run_eviction(cx_post *post)
{
    eviction *it = (eviction *)post;
    close_replaced(it->peer);
    free(it);
}

/* Loops of a server are there as long as any of them has a connection (shards.h). */
static bool evict_anywhere(coax_peer peer)
{
    if (cx_loop_is_mine(peer.loop))
        return evict_here(peer);
    eviction *it = malloc(sizeof *it);
    if (it == NULL)
        return false;
    it->post.run = run_eviction;
    it->peer = peer;
    if (cx_loop_add_own_post(peer.loop, &it->post) != COAX_OK)
        free(it); /* its loop has ended, and the connection with it */
    return true;
}

static coax_err make_throttle(cx_admission *admission, const coax_server_options *options,
                              coax_error *error)
{
    const cx_throttle_config config = {
        .env = &admission->env,
        .failures = options->login_failures != 0 ? options->login_failures : 5,
        .delay_max_ms = options->login_delay_max_ms != 0 ? options->login_delay_max_ms : 300000,
        .max_asked = options->max_unopened > 4 ? options->max_unopened / 4 : 1,
        .lock = admission->has_mutex ? lock : NULL,
        .unlock = admission->has_mutex ? unlock : NULL,
        .self = admission,
    };
    admission->throttle = cx_throttle_create(&config);
    if (admission->throttle == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for logins");
    return COAX_OK;
}

static coax_err make_logins(cx_admission *admission, const coax_server_options *options,
                            coax_error *error)
{
    const bool is_locked = admission->has_mutex;
    const uint32_t lifespan_ms =
        options->session_lifespan_ms != 0 ? options->session_lifespan_ms : COAX_NEVER_MS;
    const cx_logins_config config = {
        .env = &admission->env,
        .guard = { admission, is_locked ? lock : NULL, is_locked ? unlock : NULL },
        .password = options->password,
        .tokens = options->tokens,
        .authorized_keys = options->authorized_keys,
        .users = options->users,
        .on_login = options->on_login,
        .self = options->self,
        .takes_plain_passwords = options->takes_plain_passwords,
        .second_login = options->second_login,
        .lifespan_ms = lifespan_ms,
        .throttle = admission->throttle,
        .evict = is_locked ? evict_anywhere : evict_here,
    };
    return cx_logins_create(&config, &admission->logins, error);
}

static cx_admission *allocate(coax_loop *loop, uint32_t n_loops)
{
    const coax_env *env = &loop->env;
    cx_admission *admission = env->allocator.resize(env->allocator.self, NULL, sizeof *admission);
    if (admission == NULL)
        return NULL;
    memset(admission, 0, sizeof *admission);
    admission->env = *env;
    admission->has_mutex = n_loops > 1 && uv_mutex_init(&admission->mutex) == 0;
    if (n_loops <= 1 || admission->has_mutex)
        return admission;
    env->allocator.release(env->allocator.self, admission);
    return NULL;
}

coax_err cx_admission_create(coax_loop *loop, const coax_server_options *options,
                             cx_admission **ret_admission, coax_error *error)
{
    *ret_admission = NULL;
    coax_err rc = check(options, error);
    if (rc != COAX_OK || !asks(options))
        return rc;
    cx_pool_keep_secrets(&loop->core.host.pool); /* inproc:// carries credentials as they are */
    cx_admission *admission = allocate(loop, options->loops);
    if (admission == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for logins");
    rc = make_throttle(admission, options, error);
    if (rc == COAX_OK)
        rc = make_logins(admission, options, error);
    if (rc != COAX_OK)
        cx_admission_free(admission);
    else
        *ret_admission = admission;
    return rc;
}

void cx_admission_free(cx_admission *admission)
{
    if (admission == NULL)
        return;
    const coax_env env = admission->env;
    cx_logins_destroy(admission->logins);
    cx_throttle_destroy(admission->throttle);
    if (admission->has_mutex)
        uv_mutex_destroy(&admission->mutex);
    env.allocator.release(env.allocator.self, admission);
}
