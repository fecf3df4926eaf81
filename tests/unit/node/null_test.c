/*
 * Loops, clients and servers whose making failed, and whose error nobody looked at: getters take NULL for one that has
 * ended.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <coax/coax.h>

static void a_client_that_is_none_is_closed(void **state)
{
    (void)state;
    assert_int_equal(coax_client_get_state(NULL), COAX_CLIENT_CLOSED);
    assert_null(coax_client_peer(NULL).loop);
    assert_null(coax_client_loop(NULL));
    coax_client_close(NULL);
}

static void a_server_that_is_none_has_stopped(void **state)
{
    char address[20] = "something";
    (void)state;
    assert_int_equal(coax_server_get_state(NULL), COAX_SERVER_STOPPED);
    assert_int_equal(coax_server_n_peers(NULL), 0);
    assert_int_equal(coax_server_address(NULL, 0, address, sizeof address), 0);
    assert_string_equal(address, "");
    assert_int_equal(coax_server_group_size(NULL, "g"), 0);
    assert_int_equal(coax_server_listen(NULL, "tcp://127.0.0.1:0", NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_server_drain(NULL, 1), COAX_ERR_MISUSE);
    coax_server_close(NULL);
}

static void a_loop_that_is_none_does_nothing(void **state)
{
    (void)state;
    assert_int_equal(coax_loop_fd(NULL), -1);
    assert_int_equal(coax_loop_timeout_ms(NULL), -1);
    assert_int_equal(coax_loop_run(NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_loop_process(NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_loop_drain_on_signals(NULL, 0), COAX_ERR_MISUSE);
    assert_int_equal(coax_loop_destroy(NULL), COAX_OK);
    coax_loop_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_that_is_none_is_closed),
        cmocka_unit_test(a_server_that_is_none_has_stopped),
        cmocka_unit_test(a_loop_that_is_none_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
