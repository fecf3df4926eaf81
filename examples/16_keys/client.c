/*
 * A client that comes in with its key.
 *
 *     client ADDRESS KEY-FILE [any|known|ID]        how it trusts the server; first use when it is not said
 *
 * Exit status 0 if it could look into the drawer, 3 if it came in and could not, 1 if it did not come in. Read next:
 * keys.sh.
 */
#include <stdio.h>
#include <string.h>

#include <coax/coax.h>

#include "drawers_client.h"

static void trust(coax_client_options *options, const char *word)
{
    if (strcmp(word, "any") == 0)
        options->trust = COAX_TRUST_ANY; /* encrypted, but to whom? */
    else if (strcmp(word, "known") == 0)
        options->trust = COAX_TRUST_KNOWN; /* what known_hosts has, and nothing new */
    else
        options->server_id = word; /* this very key, wherever it is */
}

static coax_err connect_to(char **words, coax_client **ret_client, coax_error *error)
{
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.name = "visitor";
    options.key_file = words[2];
    if (words[3] != NULL)
        trust(&options, words[3]);
    return coax_dial(words[1], &options, ret_client, error);
}

static coax_err ask_who(coax_client *client)
{
    const drawers_drawers_whoami_request request = { 0 };
    drawers_drawers_whoami_result result;
    coax_err rc = drawers_drawers_whoami_wait(client, &request, NULL, &result);
    if (rc == COAX_OK)
        printf("I am %s\n", result.reply->name.data);
    drawers_drawers_whoami_result_free(&result);
    return rc;
}

static coax_err look(coax_client *client)
{
    const drawers_drawers_look_request request = { coax_str_from("top") };
    drawers_drawers_look_result result;
    coax_err rc = drawers_drawers_look_wait(client, &request, NULL, &result);
    if (rc == COAX_OK)
        printf("there is %s\n", result.reply->content.data);
    else
        printf("%s: %s\n", coax_err_name(rc), result.status.message);
    drawers_drawers_look_result_free(&result);
    return rc;
}

int main(int argc, char **argv)
{
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    if (argc < 3 || argc > 4) {
        fprintf(stderr, "usage: client ADDRESS KEY-FILE [any|known|ID]\n");
        return 2;
    }
    coax_err rc = connect_to(argv, &client, &error);
    if (rc == COAX_OK)
        rc = ask_who(client);
    if (rc != COAX_OK) {
        fprintf(stderr, "client: %s: %s\n", coax_err_name(rc), error.text);
        coax_client_close(client);
        return 1;
    }
    rc = look(client);
    coax_client_close(client);
    return rc == COAX_OK ? 0 : 3;
}
