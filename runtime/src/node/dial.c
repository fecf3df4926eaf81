/*
 * coax_dial: a client on a private loop, connected when it returns.
 *
 * Read next: turns.c.
 */
#include "node/options.h"
#include "node/turns.h"

static coax_err create_loop(const coax_client_options *options, coax_loop **ret_loop,
                            coax_error *error)
{
    coax_client_options chosen;
    coax_loop_options checked;
    coax_err rc = cx_options_take(&chosen, sizeof chosen, options, error);
    if (rc == COAX_OK)
        rc = cx_options_take(&checked, sizeof checked, chosen.loop, error);
    if (rc != COAX_OK)
        return rc;
    *ret_loop = coax_loop_create(chosen.loop);
    if (*ret_loop == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY,
                              "no memory or no file descriptors for a loop");
    (*ret_loop)->turns = cx_net_take(&(*ret_loop)->net, sizeof *(*ret_loop)->turns);
    if ((*ret_loop)->turns != NULL)
        return COAX_OK;
    (void)coax_loop_destroy(*ret_loop);
    return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a loop");
}

/* Gives back what create_loop made. */
static void destroy_loop(coax_loop *loop)
{
    cx_turns *turns = loop->turns;
    loop->turns = NULL;
    cx_net_release(&loop->net, turns);
    (void)coax_loop_destroy(loop);
}

/* Whether there is something to wait for. Once the user has closed it in a callback, there may be
 * no client. */
static bool is_connecting(const coax_loop *loop, const coax_client *client)
{
    return !loop->turns->is_closing && client->state == COAX_CLIENT_CONNECTING &&
           !client->is_ending;
}

static coax_err outcome(const coax_loop *loop, const coax_client *client, coax_error *error)
{
    if (loop->turns->is_closing)
        return coax_error_set(error, COAX_ERR_CANCELLED, "on_state closed the client");
    if (client->state == COAX_CLIENT_OPEN || client->state == COAX_CLIENT_DRAINING)
        return COAX_OK;
    return coax_error_set(error, client->reason.code, "%s", client->reason.text);
}

/* Runs the loop until it is decided. @return COAX_OK, or why not; the client is of no use then. */
static coax_err connect_now(coax_loop *loop, const coax_client *client, coax_error *error)
{
    coax_err rc = cx_loop_take_run(loop);
    if (rc != COAX_OK)
        return rc;
    while (is_connecting(loop, client)) /* a client that connects keeps the loop alive */
        loop->shell->ops->run(loop->shell, CX_RUN_ONCE);
    rc = outcome(loop, client, error);
    cx_loop_give_run(loop);
    return rc;
}

coax_err coax_dial(const char *url, const coax_client_options *options, coax_client **ret_client,
                   coax_error *error)
{
    coax_loop *loop = NULL;
    coax_client *client = NULL;
    if (ret_client == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE, "a place for the client is needed");
    coax_err rc = create_loop(options, &loop, error);
    if (rc != COAX_OK)
        return rc;
    rc = coax_client_create(loop, url, options, &client, error);
    if (rc == COAX_OK) {
        client->is_dialled = true;
        loop->turns->catches_up = client->options.reconnects;
        rc = connect_now(loop, client, error);
    }
    if (rc != COAX_OK) {
        destroy_loop(loop);
        return rc;
    }
    *ret_client = client;
    return COAX_OK;
}
