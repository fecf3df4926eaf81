/*
 * A client's password or token, from its options to a login, and the slow half of one.
 *
 * Read next: client.c, reconnect.c.
 */
#include <stdlib.h>
#include <string.h>

#include "node/secrets.h"
#include "secure/secret.h"

static coax_err say(coax_error *error, const char *words)
{
    return coax_error_set(error, COAX_ERR_BAD_OPTION, "%s", words);
}

/* Which of the options about secrets contradict each other. */
static coax_err check_choice(const coax_client_options *options, coax_error *error)
{
    const bool is_asked = options->on_secret != NULL;
    const char *token = options->token;
    if (options->password != NULL && token != NULL)
        return say(error, "options `password` and `token`: one login shows one of them");
    if (options->password != NULL && is_asked)
        return say(error,
                   "options `password` and `on_secret`: both say the password; leave one out");
    if (token != NULL && is_asked && token[0] != '\0')
        return say(error,
                   "options `token` and `on_secret`: both say the token; leave `token` empty "
                   "(\"\") to be asked for it");
    if (options->user != NULL && token != NULL)
        return say(error, "options `user` and `token`: a token names its bearer; leave `user` out");
    if (options->user != NULL && options->password == NULL && !is_asked)
        return say(error, "option `user` needs `password` or `on_secret`");
    if (options->sends_plain_password && token != NULL)
        return say(error, "options `sends_plain_password` and `token`: a token is no password");
    if (options->sends_plain_password && options->user == NULL)
        return say(error, "option `sends_plain_password` needs `user`, and `password` or "
                          "`on_secret`");
    return COAX_OK;
}

static coax_err check_length(const char *name, const char *secret, coax_error *error)
{
    const size_t len = secret != NULL ? strlen(secret) : 1;
    if (len > 0 && len <= CX_SECRET_MAX)
        return COAX_OK;
    return coax_error_set(error, COAX_ERR_BAD_OPTION, "option `%s` is %zu bytes long; use 1 to %u",
                          name, len, CX_SECRET_MAX);
}

static coax_err check_names(const coax_client_options *options, coax_error *error)
{
    coax_error why = COAX_ERROR_INIT;
    const char *user = options->user != NULL ? options->user : "-";
    if (cx_person_check(user, NULL, &why) != COAX_OK)
        return coax_error_set(error, COAX_ERR_BAD_OPTION, "option `user`: %s", why.text);
    if (cx_person_check("the server", options->server_roles, &why) != COAX_OK)
        return coax_error_set(error, COAX_ERR_BAD_OPTION, "option `server_roles`: %s", why.text);
    return COAX_OK;
}

coax_err cx_secrets_check(const coax_client_options *options, coax_error *error)
{
    coax_err rc = check_choice(options, error);
    if (rc == COAX_OK)
        rc = check_length("password", options->password, error);
    if (rc == COAX_OK && options->on_secret == NULL)
        rc = check_length("token", options->token, error);
    if (rc == COAX_OK)
        rc = check_names(options, error);
    return rc;
}

static coax_mechanism find_mechanism(const coax_client_options *options)
{
    if (options->token != NULL)
        return COAX_MECHANISM_TOKEN;
    if (options->password == NULL && options->on_secret == NULL)
        return COAX_MECHANISM_NONE;
    return options->sends_plain_password ? COAX_MECHANISM_PLAIN : COAX_MECHANISM_PASSWORD;
}

static coax_err copy_roles(cx_secrets *secrets, cx_net *net, const char *const *roles)
{
    size_t n = 0;
    size_t texts = 0;
    for (; roles != NULL && roles[n] != NULL; n++)
        texts += strlen(roles[n]) + 1;
    if (n == 0)
        return COAX_OK;
    const char **copy = cx_net_take(net, (n + 1) * sizeof *copy + texts);
    if (copy == NULL)
        return COAX_ERR_NO_MEMORY;
    char *at = (char *)&copy[n + 1];
    for (size_t i = 0; i < n; i++) {
        copy[i] = memcpy(at, roles[i], strlen(roles[i]) + 1);
        at += strlen(roles[i]) + 1;
    }
    copy[n] = NULL;
    secrets->roles = copy;
    secrets->config.server_roles = copy;
    return COAX_OK;
}

coax_err cx_secrets_take(cx_secrets *secrets, cx_net *net, const coax_client_options *options,
                         bool (*ask)(void *self, char *buffer, size_t size), void *self)
{
    const char *secret = options->token != NULL ? options->token : options->password;
    memset(secrets, 0, sizeof *secrets);
    secrets->config.mechanism = find_mechanism(options);
    secrets->user = cx_net_copy(net, options->user != NULL ? options->user : "");
    secrets->config.user = secrets->user;
    if (options->on_secret != NULL) {
        secrets->config.ask = ask;
        secrets->config.self = self;
    } else if (secret != NULL) {
        secrets->secret = cx_secret_take(strlen(secret) + 1);
        if (secrets->secret == NULL)
            return COAX_ERR_NO_MEMORY;
        memcpy(secrets->secret, secret, strlen(secret) + 1);
        secrets->config.secret = secrets->secret;
    }
    if (secrets->user == NULL)
        return COAX_ERR_NO_MEMORY;
    return copy_roles(secrets, net, options->server_roles);
}

void cx_secrets_free(cx_secrets *secrets, cx_net *net)
{
    cx_secret_give(secrets->secret);
    cx_net_release(net, secrets->user);
    cx_net_release(net, secrets->roles);
    memset(secrets, 0, sizeof *secrets);
}

/*
 * A stretch on its way through libuv's threads. From malloc: it ends after its client.
 *
 * Each takes as much memory as the server named, and is not to be stopped. A server that names much and hangs up, again
 * and again, would have as many of them as there are threads: so a client's next one waits for its last one.
 */
typedef struct journey {
    uv_work_t work;
    cx_list links; /* coax_loop.stretches */
    coax_loop *loop;
    cx_stretch *stretch;
    const void *whose;
    bool is_under_way;
} journey;

static void run_away(uv_work_t *work)
{
    cx_stretch_run(CX_CONTAINER(work, journey, work)->stretch);
}

static void come_home(uv_work_t *work, int status);

static bool set_out(journey *it)
{
    it->is_under_way = uv_queue_work(it->loop->net.uv, &it->work, run_away, come_home) == 0;
    return it->is_under_way;
}

/* Takes it off the list and hands its stretch back, run or not. */
static void end_journey(journey *it)
{
    coax_loop *loop = it->loop;
    cx_list_remove(&it->links);
    cx_loop_enter(loop);
    cx_stretch_finish(it->stretch);
    cx_loop_leave(loop);
    cx_loop_away(loop, -1);
    free(it);
}

/* The one of this client that came first, under way or not; NULL: none. */
static journey *find_journey(const coax_loop *loop, const void *whose)
{
    for (cx_list *at = loop->stretches.next; at != &loop->stretches; at = at->next) {
        journey *it = CX_CONTAINER(at, journey, links);
        if (it->whose == whose)
            return it;
    }
    return NULL;
}

/* The next of the same client goes, unless nobody waits for it any more. */
static void send_next(const coax_loop *loop, const void *whose)
{
    journey *it = find_journey(loop, whose);
    while (it != NULL && !it->is_under_way) {
        if (it->stretch->owner != NULL && set_out(it))
            return;
        cx_stretch_fail(it->stretch, COAX_ERR_NO_MEMORY, "no thread to stretch a password on");
        end_journey(it);
        it = find_journey(loop, whose);
    }
}

static void come_home(uv_work_t *work, int status)
{
    journey *it = CX_CONTAINER(work, journey, work);
    coax_loop *loop = it->loop;
    const void *whose = it->whose;
    (void)status;           /* nobody cancels it */
    cx_loop_away(loop, +1); /* it stays until the next one is on its way */
    end_journey(it);
    send_next(loop, whose);
    cx_loop_away(loop, -1);
}

bool cx_secrets_stretch(coax_loop *loop, cx_stretch *stretch)
{
    journey *it = loop->net.uv != NULL ? malloc(sizeof *it) : NULL;
    if (it == NULL)
        return false;
    *it = (journey){ .loop = loop, .stretch = stretch, .whose = stretch->whose };
    const bool waits = find_journey(loop, it->whose) != NULL;
    cx_list_init(&it->links);
    if (!waits && !set_out(it)) {
        free(it);
        return false;
    }
    cx_list_append(&loop->stretches, &it->links);
    cx_loop_away(loop, +1);
    return true;
}

uint32_t cx_secrets_n_stretches(const coax_loop *loop)
{
    uint32_t n = 0;
    for (cx_list *at = loop->stretches.next; at != &loop->stretches; at = at->next)
        n += CX_CONTAINER(at, journey, links)->is_under_way ? 1 : 0;
    return n;
}
