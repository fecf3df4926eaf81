/*
 * coax_gen_subscribe: from a client to its subscriber. What follows is the rpc layer's (events_in.c).
 *
 * Read next: emit.c.
 */
#include "node/gen.h"
#include "node/options.h"

coax_err cx_gen_subscribe_now(coax_client *client, const cx_subscribe_args *args, coax_error *error,
                              coax_subscription *ret_subscription)
{
    if (client->is_ending)
        return coax_error_set(error, COAX_ERR_UNAVAILABLE, "%s: the client is closed: %s",
                              args->event->name, client->reason.text);
    coax_err rc = cx_subscriber_add(&client->subscriber, args, error, ret_subscription);
    cx_gen_after_start(client);
    return rc;
}

coax_err coax_gen_subscribe(coax_client *client, const coax_method *event, coax_gen_event_fn glue,
                            coax_gen_any_fn user_fn, void *self,
                            const coax_subscribe_options *options,
                            coax_subscription *ret_subscription)
{
    coax_subscribe_options chosen;
    bool taken = false;
    coax_err rc = cx_options_take_small(&chosen, sizeof chosen, options, NULL);
    if (rc != COAX_OK)
        return rc;
    coax_error *error = chosen.error;
    if (client == NULL || user_fn == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE, "a client and a function are needed");
    rc = cx_gen_take(client, &taken);
    if (rc != COAX_OK)
        return coax_error_set(error, rc, "%s", coax_err_meaning(rc));
    const cx_subscribe_args args = { event, glue, user_fn, self, chosen.on_status, NULL, NULL };
    rc = cx_gen_subscribe_now(client, &args, error, ret_subscription);
    if (taken)
        cx_loop_give_run(client->loop);
    return rc;
}
