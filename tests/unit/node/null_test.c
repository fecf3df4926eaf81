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

static void keys_that_are_none_have_no_id(void **state)
{
    uint8_t bytes[COAX_KEY_BYTES] = { 1 };
    char id[COAX_ID_SIZE] = "something";
    coax_key *key = NULL;
    (void)state;
    assert_int_equal(coax_key_generate(NULL, NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_key_from_bytes(NULL, &key, NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_key_from_bytes(bytes, NULL, NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_key_load(NULL, &key, NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_key_load("a.key", NULL, NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_key_save(NULL, "a.key", NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_key_load_or_create(NULL, &key, NULL, NULL), COAX_ERR_MISUSE);
    assert_null(key);
    coax_key_id(NULL, id);
    assert_string_equal(id, "");
    coax_key_public(NULL, bytes);
    assert_int_equal(bytes[0], 0);
    coax_key_public(NULL, NULL);
    coax_id_print(NULL, NULL);
    assert_false(coax_id_parse(NULL, bytes));
    assert_int_equal(coax_default_path(NULL, NULL, 10), 0);
    assert_true(coax_default_path("a.key", NULL, 10) > 5);
    coax_wipe(NULL, 5);
    coax_key_free(NULL);
}

static void stores_and_logins_that_are_none_are_told_so(void **state)
{
    coax_password_cost cost = { 1, 1 };
    (void)state;
    coax_store_cost(NULL, NULL);
    coax_store_cost(NULL, &cost);
    assert_int_equal(cost.memory_kib, 0);
    coax_store_secret_generate(NULL);
    coax_store_close(NULL);
    coax_registration_free(NULL);
    assert_int_equal(coax_login_accept((coax_login){ 0 }, NULL, NULL), COAX_ERR_STALE);
    assert_int_equal(coax_login_refuse((coax_login){ 0 }, NULL), COAX_ERR_STALE);
    assert_int_equal(coax_lookup_found((coax_lookup){ 0 }, NULL), COAX_ERR_STALE);
    assert_int_equal(coax_lookup_failed((coax_lookup){ 0 }, NULL), COAX_ERR_STALE);
    assert_int_equal(coax_peer_session((coax_peer){ 0 }, NULL), COAX_ERR_STALE);
    assert_false(coax_peer_has_role((coax_peer){ 0 }, NULL));
    assert_false(coax_call_has_role((coax_call){ 0 }, NULL));
    assert_string_equal(coax_call_principal((coax_call){ 0 }), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_that_is_none_is_closed),
        cmocka_unit_test(a_server_that_is_none_has_stopped),
        cmocka_unit_test(a_loop_that_is_none_does_nothing),
        cmocka_unit_test(keys_that_are_none_have_no_id),
        cmocka_unit_test(stores_and_logins_that_are_none_are_told_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
