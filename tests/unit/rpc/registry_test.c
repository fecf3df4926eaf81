/*
 * What is served, and what is refused: registration, collisions, the number of handlers alive.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pair.h"

static void nothing(void *self, coax_call call, const echo_note *request)
{
    (void)self;
    (void)call;
    (void)request;
}

static void two_methods_with_one_id_are_refused_by_name(void **state)
{
    pair *two = *state;
    coax_error error = COAX_ERROR_INIT;
    const echo_handlers none = { NULL, NULL, NULL, NULL };
    coax_method clash = echo_echo;
    clash.name = "other.Service.method";
    coax_gen_handler row = { &clash, echo_gen_service.rows[0].handle, 0 };
    coax_gen_service service = { &echo_service, &row, 1, sizeof none };
    echo_handlers handlers = none;
    handlers.echo = nothing;
    assert_int_equal(cx_registry_add(&two->server.registry, &service, &handlers, NULL, &error),
                     COAX_ERR_IN_USE);
    assert_non_null(strstr(error.text, "other.Service.method"));
    assert_non_null(strstr(error.text, "echo.Echo.echo"));
    assert_non_null(strstr(error.text, "0x00000ec0"));
}

static void a_service_is_served_once(void **state)
{
    pair *two = *state;
    assert_int_equal(pair_serve(&two->server), COAX_ERR_IN_USE);
}

static void a_service_without_handlers_is_refused(void **state)
{
    pair *two = *state;
    coax_error error = COAX_ERROR_INIT;
    cx_registry registry;
    cx_registry_init(&registry, &two->server.core.host.pool);
    const echo_handlers none = { NULL, NULL, NULL, NULL };
    assert_int_equal(cx_registry_add(&registry, &echo_gen_service, &none, NULL, &error),
                     COAX_ERR_BAD_OPTION);
    assert_string_equal(error.text, "echo.Echo: no handler is set");
    cx_registry_deinit(&registry);
}

static void a_method_without_a_handler_is_not_served(void **state)
{
    pair *two = *state;
    cx_registry registry;
    cx_registry_init(&registry, &two->server.core.host.pool);
    echo_handlers one = { NULL, NULL, NULL, NULL };
    one.quick = nothing;
    assert_int_equal(cx_registry_add(&registry, &echo_gen_service, &one, NULL, NULL), COAX_OK);
    assert_null(cx_registry_find(&registry, echo_echo.id));
    assert_non_null(cx_registry_find(&registry, echo_quick.id));
    cx_registry_deinit(&registry);
}

static void an_event_is_refused_as_a_handler_by_name(void **state)
{
    pair *two = *state;
    coax_error error = COAX_ERROR_INIT;
    coax_method stream = echo_echo;
    stream.kind = COAX_METHOD_EVENT;
    stream.id = 77;
    coax_gen_handler row = { &stream, echo_gen_service.rows[0].handle, 0 };
    coax_gen_service service = { &echo_service, &row, 1, sizeof(echo_handlers) };
    echo_handlers handlers = { nothing, NULL, NULL, NULL };
    assert_int_equal(cx_registry_add(&two->server.registry, &service, &handlers, NULL, &error),
                     COAX_ERR_NOT_SUPPORTED);
    assert_non_null(strstr(error.text, "is an event: it has no handler"));
}

static void requests_of_handlers_alive_take_at_most_max_held(void **state)
{
    pair *two = *state;
    static const uint8_t body[25000];
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_held = 80000;
    two->server.keeps_calls = true;
    pair_connect(two);
    static pair_answer answers[8];
    memset(answers, 0, sizeof answers);
    echo_note note = echo_make(1, "x");
    note.body = (coax_bytes){ body, sizeof body };
    unsigned n = 0;
    while (n < 7 && answers[n == 0 ? 0 : n - 1].err == COAX_OK) {
        assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answers[n]), COAX_OK);
        pair_pump(two);
        n++;
    }
    assert_in_range(n, 2, 4); /* what they take is a little more than their bytes */
    assert_int_equal(answers[n - 1].err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(answers[n - 1].message, "at most 80000 allowed (max_held)"));

    /* An answer makes room again. */
    assert_int_equal(coax_call_fail(two->server.kept[0], COAX_ERR_ABORTED, "late"), COAX_OK);
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answers[n]), COAX_OK);
    pair_pump(two);
    assert_int_equal(answers[n].n_done, 0);
}

static void max_concurrent_calls_is_named_to_the_caller(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_concurrent_calls = 3;
    two->server.keeps_calls = true;
    pair_connect(two);
    static pair_answer answers[8];
    memset(answers, 0, sizeof answers);
    echo_note note = echo_make(1, "x");
    coax_call made[3];
    for (unsigned i = 0; i < 3; i++) {
        coax_call_options options = COAX_CALL_OPTIONS_INIT;
        options.ret_call = &made[i];
        assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answers[i]),
                         COAX_OK);
    }
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.error = &error;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answers[3]),
                     COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(error.text, "the peer's max_concurrent_calls"));
    pair_pump(two);

    /* Cancelling makes no room while the handlers live. */
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(coax_call_cancel(made[i]), COAX_OK);
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answers[3]), COAX_OK);
    pair_pump(two);
    assert_int_equal(answers[3].err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_string_equal(answers[3].message,
                        "max_concurrent_calls (3) handlers are alive on this connection");
    assert_int_equal(coax_call_fail(two->server.kept[0], COAX_ERR_ABORTED, "x"), COAX_ERR_STALE);
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answers[4]), COAX_OK);
    pair_pump(two);
    assert_int_equal(two->server.n_kept, 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(two_methods_with_one_id_are_refused_by_name),
        TEST(a_service_is_served_once),
        TEST(a_service_without_handlers_is_refused),
        TEST(a_method_without_a_handler_is_not_served),
        TEST(an_event_is_refused_as_a_handler_by_name),
        TEST(requests_of_handlers_alive_take_at_most_max_held),
        TEST(max_concurrent_calls_is_named_to_the_caller),
    };
    return cmocka_run_group_tests_name("rpc_registry", tests, NULL, NULL);
}
