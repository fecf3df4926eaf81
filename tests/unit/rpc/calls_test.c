/*
 * Calls between two joined endpoints: what comes back, and that it comes back once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pair.h"

static int set_up(void **state)
{
    static pair two;
    pair_init(&two);
    pair_connect(&two);
    *state = &two;
    return two.client.n_open == 1 && two.server.n_open == 1 ? 0 : -1;
}

static int tear_down(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    return two->fake.n_live == 0 ? 0 : -1;
}

static void a_call_brings_back_its_reply(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(7, "hello");

    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    assert_int_equal(answer.n_done, 0);
    pair_pump(two);

    assert_int_equal(answer.n_done, 1);
    assert_int_equal(answer.err, COAX_OK);
    assert_int_equal(answer.id, 7);
    assert_int_equal(two->server.n_handled, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_call_brings_back_its_reply, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("rpc_calls", tests, NULL, NULL);
}
