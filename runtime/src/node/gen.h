/*
 * The untyped ways into a client's endpoint, on the loop's thread.
 */
#ifndef CX_NODE_GEN_H
#define CX_NODE_GEN_H

#include <coax/gen_client.h>

#include "node/client.h"

/** The result of a call that never began; nothing to free. `message` is borrowed for the result's life. */
coax_result cx_gen_failure(coax_err err, const char *message);

/** coax_gen_call without regard to threads. `options` is whole and of our size, or NULL. */
COAX_MUST_USE coax_err cx_gen_call_now(coax_client *client, const coax_method *method,
                                       const void *request, const coax_call_options *options,
                                       coax_gen_done_fn done, coax_gen_any_fn user_fn, void *self);
COAX_MUST_USE coax_err cx_gen_send_now(coax_client *client, const coax_method *method,
                                       const void *request, const coax_call_options *options);

/**
 * A dialled client may be called from any thread, one at a time: takes the loop unless this thread has
 * it already; then `ret_taken` says to give it back with cx_loop_give_run.
 */
COAX_MUST_USE coax_err cx_gen_take(coax_client *client, bool *ret_taken);
/** What was started may have a deadline, or be a lot. */
void cx_gen_after_start(coax_client *client);

/** coax_gen_subscribe without regard to threads. */
COAX_MUST_USE coax_err cx_gen_subscribe_now(coax_client *client, const cx_subscribe_args *args,
                                            coax_error *error, coax_subscription *ret_subscription);

/** coax_gen_send on a dialled client: queued and flushed when it returns. Any thread. */
COAX_MUST_USE coax_err cx_wait_send(coax_client *client, const coax_method *method,
                                    const void *request, const coax_call_options *options);

#endif
