/*
 * A client that logs in.
 *
 *     client ADDRESS              with $NOTES_PASSWORD, which everybody shares
 *     client ADDRESS NAME         as somebody, with $NOTES_PASSWORD
 *     client ADDRESS --token      with $NOTES_TOKEN
 *     client ADDRESS --plain NAME     as somebody, with $NOTES_PASSWORD, which the server is to see
 *     client ADDRESS --nobody     without any of these
 *
 * Exit status 0 if it could pin a note, 3 if it came in and could not, 1 if it did not come in. Read next: rules.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <coax/coax.h>

#include "notes_client.h"

/* What the words on the command line mean. */
static void choose(coax_client_options *options, char **words)
{
    if (words[0] != NULL && strcmp(words[0], "--nobody") == 0)
        return;
    if (words[0] != NULL && strcmp(words[0], "--token") == 0) {
        options->token = getenv("NOTES_TOKEN");
        return;
    }
    options->password = getenv("NOTES_PASSWORD");
    if (words[0] != NULL && strcmp(words[0], "--plain") == 0) {
        options->sends_plain_password = true;
        words++;
    }
    options->user = words[0];
}

static coax_err ask_who(coax_client *client)
{
    const notes_board_whoami_request request = { 0 };
    notes_board_whoami_result result;
    coax_err rc = notes_board_whoami_wait(client, &request, NULL, &result);
    if (rc == COAX_OK)
        printf("I am %s, by %s\n", result.reply->name.data, result.reply->mechanism.data);
    notes_board_whoami_result_free(&result);
    return rc;
}

static coax_err pin(coax_client *client)
{
    const notes_board_pin_request request = { coax_str_from("bring cake") };
    notes_board_pin_result result;
    coax_err rc = notes_board_pin_wait(client, &request, NULL, &result);
    if (rc == COAX_OK)
        printf("note %u is pinned\n", (unsigned)result.reply->number);
    else
        printf("%s: %s\n", coax_err_name(rc), result.status.message);
    notes_board_pin_result_free(&result);
    return rc;
}

int main(int argc, char **argv)
{
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    if (argc < 2) {
        fprintf(stderr, "usage: client ADDRESS [NAME | --token | --plain NAME | --nobody]\n");
        return 2;
    }
    choose(&options, argv + 2);
    coax_err rc = coax_dial(argv[1], &options, &client, &error);
    if (rc == COAX_OK)
        rc = ask_who(client);
    if (rc != COAX_OK) {
        fprintf(stderr, "client: %s: %s\n", coax_err_name(rc), error.text);
        coax_client_close(client);
        return 1;
    }
    rc = pin(client);
    coax_client_close(client);
    return rc == COAX_OK ? 0 : 3;
}
