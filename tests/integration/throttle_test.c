/*
 * Logins that fail, over real sockets: who has to wait, who is told how long, and that a client that reconnects waits by itself.
 * The counting is in tests/unit/session.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "throng.h"

#define RIGHT "0123456789abcdef-right"
#define WRONG "0123456789abcdef-wrong"

static const coax_token tokens[] = { { RIGHT, "ann", NULL }, { NULL, NULL, NULL } };

typedef struct visitor {
    bool is_open;
    bool is_over;
    coax_error why;
    uint64_t opened_us;
} visitor;

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    visitor *v = self;
    (void)client;
    if (state == COAX_CLIENT_OPEN) {
        v->is_open = true;
        v->opened_us = throng_now_us();
    }
    if (state == COAX_CLIENT_CLOSED && reason->code != COAX_ERR_CANCELLED) {
        v->is_over = true;
        v->why = *reason;
    }
}

/* Comes with a token, and what became of it. */
static coax_err visit(siege *s, const char *token, bool reconnects, visitor *v)
{
    coax_client *client;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    coax_error error = COAX_ERROR_INIT;
    memset(v, 0, sizeof *v);
    options.token = token;
    options.on_state = on_state;
    options.self = v;
    options.reconnects = reconnects;
    options.backoff_min_ms = reconnects ? 10 : 0;
    if (coax_client_create(s->loop, s->url, &options, &client, &error) != COAX_OK)
        fail_msg("%s", error.text);
    while (!v->is_open && !v->is_over)
        siege_turn(s);
    coax_client_close(client);
    siege_good_call(s); /* who is in notices nothing */
    return v->is_open ? COAX_OK : v->why.code;
}

static void open_door(siege *s, uint32_t delay_max_ms)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    coax_client_options good = COAX_CLIENT_OPTIONS_INIT;
    options.tokens = tokens;
    options.login_failures = 3;
    options.login_delay_max_ms = delay_max_ms;
    good.token = RIGHT;
    siege_open_with(s, &options, "tcp://127.0.0.1:0", &good);
}

static void after_some_failures_the_right_token_waits_too(void **state)
{
    (void)state;
    siege s;
    visitor v;
    open_door(&s, 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(visit(&s, WRONG, false, &v), COAX_ERR_UNAUTHENTICATED);
    assert_int_equal(visit(&s, WRONG, false, &v), COAX_ERR_RESOURCE_EXHAUSTED);
    assert_int_equal(visit(&s, RIGHT, false, &v), COAX_ERR_RESOURCE_EXHAUSTED);
    siege_close(&s);
}

static void a_client_that_reconnects_waits_as_long_as_it_was_told(void **state)
{
    (void)state;
    siege s;
    visitor v;
    open_door(&s, 400);
    for (int i = 0; i < 3; i++)
        assert_int_equal(visit(&s, WRONG, false, &v), COAX_ERR_UNAUTHENTICATED);
    uint64_t begun = throng_now_us();
    assert_int_equal(visit(&s, RIGHT, true, &v), COAX_OK);
    /* Four tenths of a second, less what has passed since the last failure. */
    assert_in_range(v.opened_us - begun, 200000, 5000000);
    siege_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_some_failures_the_right_token_waits_too),
        cmocka_unit_test(a_client_that_reconnects_waits_as_long_as_it_was_told),
    };
    return cmocka_run_group_tests_name("throttle", tests, NULL, NULL);
}
