/*
 * What generated code calls with a client or a server; with a peer or a call it calls the rpc
 * layer.
 *
 * Read next: README.md of the rpc layer.
 */
#include <coax/gen_server.h>

#include <string.h>

#include "node/gen.h"
#include "node/options.h"
#include "node/server.h"
#include "node/turns.h"
#include "node/workers.h"

/* A lot has gathered: it goes now. Not where that could call the user's on_writable from inside the
 * user's call. */
static void flush_if_full(coax_client *client)
{
    cx_conn *conn = client->conn;
    if (conn != NULL && !conn->endpoint.link.is_blocked)
        cx_conn_flush_if_full(conn);
}

/* Between two turns nothing else would look at a new deadline. */
void cx_gen_after_start(coax_client *client)
{
    if (client->loop->depth == 0)
        cx_loop_rearm(client->loop);
    flush_if_full(client);
}

static coax_error *words_of(const coax_call_options *options)
{
    return options != NULL ? options->error : NULL;
}

/* Most often a dial or a create that failed, and whose error was not looked at. */
COAX_COLD static coax_err refuse_null(const coax_call_options *options)
{
    return coax_error_set(words_of(options), COAX_ERR_MISUSE, "a client and a request are needed");
}

coax_result cx_gen_failure(coax_err err, const char *message)
{
    coax_result result;
    memset(&result, 0, sizeof result);
    result.err = err;
    result.status.code = err;
    result.status.message = message;
    return result;
}

coax_err cx_gen_call_now(coax_client *client, const coax_method *method, const void *request,
                         const coax_call_options *options, coax_gen_done_fn done,
                         coax_gen_any_fn user_fn, void *self)
{
    cx_endpoint *endpoint =
        cx_client_endpoint(client, cx_rpc_waits_for_ready(options), words_of(options));
    if (endpoint == NULL)
        return COAX_ERR_UNAVAILABLE;
    coax_err rc = cx_rpc_call(endpoint, method, request, options, done, user_fn, self);
    cx_gen_after_start(client);
    return rc;
}

coax_err cx_gen_send_now(coax_client *client, const coax_method *method, const void *request,
                         const coax_call_options *options)
{
    cx_endpoint *endpoint = cx_client_endpoint(client, false, words_of(options));
    if (endpoint == NULL)
        return COAX_ERR_UNAVAILABLE;
    coax_err rc = cx_rpc_send(endpoint, method, request, options);
    cx_gen_after_start(client);
    return rc;
}

coax_err cx_gen_take(coax_client *client, bool *ret_taken)
{
    *ret_taken = false;
    if (!client->is_dialled || cx_loop_is_own_thread(client->loop))
        return COAX_OK;
    coax_err rc = cx_loop_take_run(client->loop);
    *ret_taken = rc == COAX_OK;
    if (*ret_taken)
        cx_turns_catch_up(client->loop);
    return rc;
}

coax_err coax_gen_call(coax_client *client, const coax_method *method, const void *request,
                       const coax_call_options *options, coax_gen_done_fn done,
                       coax_gen_any_fn user_fn, void *self)
{
    bool taken = false;
    if (client == NULL || request == NULL)
        return refuse_null(options);
    coax_err rc = cx_gen_take(client, &taken);
    if (rc != COAX_OK)
        return coax_error_set(words_of(options), rc, "%s", coax_err_meaning(rc));
    rc = cx_gen_call_now(client, method, request, options, done, user_fn, self);
    if (taken)
        cx_loop_give_run(client->loop);
    return rc;
}

/* The same as coax_gen_call for a stream, on the loop's thread. */
static coax_err stream_now(coax_client *client, const coax_method *method, const void *request,
                           const coax_call_options *options, const coax_gen_stream_glue *glue,
                           const coax_gen_stream_fns *fns, void *self, coax_call *ret_call)
{
    cx_endpoint *endpoint =
        cx_client_endpoint(client, cx_rpc_waits_for_ready(options), words_of(options));
    if (endpoint == NULL)
        return COAX_ERR_UNAVAILABLE;
    coax_err rc = cx_rpc_stream(endpoint, method, request, options, glue, fns, self, ret_call);
    cx_gen_after_start(client);
    return rc;
}

coax_err coax_gen_stream(coax_client *client, const coax_method *method, const void *request,
                         const coax_call_options *options, const coax_gen_stream_glue *glue,
                         const coax_gen_stream_fns *fns, void *self, coax_call *ret_call)
{
    bool taken = false;
    if (client == NULL || request == NULL)
        return refuse_null(options);
    coax_err rc = cx_gen_take(client, &taken);
    if (rc != COAX_OK)
        return coax_error_set(words_of(options), rc, "%s", coax_err_meaning(rc));
    rc = stream_now(client, method, request, options, glue, fns, self, ret_call);
    if (taken)
        cx_loop_give_run(client->loop);
    return rc;
}

coax_err coax_gen_send(coax_client *client, const coax_method *method, const void *request,
                       const coax_call_options *options)
{
    if (client == NULL || request == NULL)
        return refuse_null(options);
    if (client->is_dialled && !cx_loop_is_own_thread(client->loop))
        return cx_wait_send(client, method, request, options);
    return cx_gen_send_now(client, method, request, options);
}

/* Then it may be served without a handler. */
static bool has_events(const coax_service *service)
{
    for (uint32_t i = 0; i < service->n_methods; i++)
        if (service->methods[i].kind == COAX_METHOD_EVENT)
            return true;
    return false;
}

coax_err coax_gen_serve(coax_server *server, const coax_gen_service *service, const void *handlers,
                        void *self)
{
    if (handlers == NULL && !has_events(service->service))
        return COAX_ERR_MISUSE;
    if (server == NULL || server->is_closed)
        return COAX_ERR_CLOSED;
    if (server->shards != NULL) {
        cx_log_fact(&server->loop->core.host.log, COAX_LOG_ERROR, "serve_refused", "reason",
                    "%s: with many loops services are added before the first listen",
                    service->service->name);
        return COAX_ERR_MISUSE;
    }
    coax_err rc = cx_workers_for(service, &server->config, server->loop, server->options.n_workers,
                                 cx_server_on_idle, server);
    return rc == COAX_OK ? cx_registry_add(&server->registry, service, handlers, self, NULL) : rc;
}

coax_err coax_gen_serve_client(coax_client *client, const coax_gen_service *service,
                               const void *handlers, void *self)
{
    bool taken = false;
    if (client == NULL || (handlers == NULL && service->n_rows > 0))
        return COAX_ERR_MISUSE;
    coax_err rc = cx_gen_take(client, &taken);
    if (rc != COAX_OK)
        return rc;
    rc = cx_workers_for(service, &client->config, client->loop, COAX_DEFAULT_WORKERS,
                        cx_client_on_idle, client);
    if (rc == COAX_OK)
        rc = cx_registry_add(&client->registry, service, handlers, self, NULL);
    if (taken)
        cx_loop_give_run(client->loop);
    return rc;
}
