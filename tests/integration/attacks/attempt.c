/*
 * Opens, tries, and names what was refused.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "attempt.h"

const coax_server_options fresh = COAX_SERVER_OPTIONS_INIT;

attempt_result try_client(trio *t)
{
    attempt_result r = { COAX_OK, "" };
    trio_connect(t);
    (void)trio_ask_one(t, TRIO_PUT, 1);
    assert_true(trio_until(t, trio_is_settled, 60000));
    r.code = t->now.n_good > 0 ? COAX_OK : t->now.client.code;
    (void)snprintf(r.words, sizeof r.words, "%s", t->now.client.text);
    trio_leave(t);
    trio_check(t);
    mitm_forget(&t->mitm);
    return r;
}

void open_with(trio *t, trio_way way, coax_server_options options)
{
    trio_open(t, way, false, 61, &options);
}

void expect(trio *t, coax_err code)
{
    attempt_result r = try_client(t);
    if (r.code != code)
        fail_msg("%s: %s", coax_err_name(r.code), r.words);
}

/* Refused when the client is made, with the option's name. */
void expect_bad(trio *t, coax_client_options options, coax_err code, const char *name)
{
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    options.self = t;
    coax_err rc = coax_client_create(t->loop, t->mitm.url, &options, &client, &error);
    if (rc != code || strstr(error.text, name) == NULL)
        fail_msg("%s: %s: %s", name, coax_err_name(rc), error.text);
}

void expect_bad_server(trio *t, coax_server_options options, coax_err code, const char *name)
{
    coax_server *server = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_err rc = coax_server_create(t->loop, &options, &server, &error);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, "tcp://bad:7", &error);
    if (rc != code || strstr(error.text, name) == NULL)
        fail_msg("%s: %s: %s", name, coax_err_name(rc), error.text);
    coax_server_close(server);
}
