/*
 * A client that stays: it has each number it reads stamped, whatever becomes of the server meanwhile.
 *
 *     client [ADDRESS] < numbers
 *
 * Read first: server.c.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <coax/coax.h>

#include "clerk_client.h"

/* Every step of its life. `reason` says why there is no connection. */
static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    (void)self;
    (void)client;
    fprintf(stderr, "client: %s%s%s\n", coax_client_state_name(state),
            reason->code != COAX_OK ? ": " : "", reason->text);
}

static coax_err connect_to(const char *url, coax_client **ret_client, coax_error *error)
{
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.name = "stamper";
    options.on_state = on_state;
    options.reconnects = true;
    options.backoff_min_ms = 50;
    options.backoff_max_ms = 2000;
    return coax_dial(url, &options, ret_client, error);
}

/* While there is no connection the call waits for one, for at most its own ten seconds. */
static coax_err stamp(coax_client *client, uint32_t number)
{
    clerk_clerk_stamp_request request = { .number = number };
    clerk_clerk_stamp_result result;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = 10000;
    options.waits_for_ready = true;
    coax_err rc = clerk_clerk_stamp_wait(client, &request, &options, &result);
    if (rc == COAX_OK)
        printf("%" PRIu32 " stamped by %" PRId64 "\n", result.reply->number, result.reply->clerk);
    else
        printf("%" PRIu32 ": %s: %s\n", number, coax_err_name(rc), result.status.message);
    fflush(stdout);
    clerk_clerk_stamp_result_free(&result);
    return rc;
}

int main(int argc, char **argv)
{
    coax_error error = COAX_ERROR_INIT;
    coax_client *client = NULL;
    coax_err rc = connect_to(argc > 1 ? argv[1] : "tcp://127.0.0.1:4420", &client, &error);
    if (rc != COAX_OK) {
        fprintf(stderr, "client: %s: %s\n", coax_err_name(rc), error.text);
        return 1;
    }
    char line[32];
    while (rc == COAX_OK && fgets(line, sizeof line, stdin) != NULL)
        rc = stamp(client, (uint32_t)strtoul(line, NULL, 10));
    coax_client_close(client);
    return rc == COAX_OK ? 0 : 1;
}
