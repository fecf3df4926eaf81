/*
 * S10 and S11: who somebody is. Names that are only said, ids that are only known, and what another connection proved.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "safe.h"

/* S11 */

static void a_name_is_only_a_name(void **state)
{
    const coax_server_options options = safe_with_tokens();
    safe e;
    char words[1100];
    (void)state;
    safe_open(&e, &options, true);
    safe_come(&e, FOLK_CLERK_TOKEN, "kim");
    assert_true(safe_is_in(&e));
    assert_int_equal(safe_ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, safe_empty, words),
                     COAX_ERR_PERMISSION_DENIED);
    assert_int_equal(safe_ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_COUNT, safe_three, words),
                     COAX_OK);
    assert_string_equal(e.last_principal, "carl");
    safe_go(&e);
    safe_come(&e, NULL, "kim");
    assert_int_equal(safe_ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, safe_empty, words),
                     COAX_ERR_UNAUTHENTICATED);
    safe_go(&e);
    trio_close(&e.trio);
}

/* Somebody is in as "kim", by the token; others come. */
static void nobody_evicts_whom_he_is_not(void **state)
{
    safe e;
    (void)state;
    for (int policy = COAX_SECOND_REPLACE; policy <= COAX_SECOND_REFUSE; policy++) {
        coax_server_options options = safe_with_tokens();
        options.second_login = (coax_second_login)policy;
        safe_open(&e, &options, true);
        e.trio.options.token = FOLK_KEEPER_TOKEN;
        e.trio.options.name = "kim";
        trio_connect(&e.trio);
        assert_true(trio_until(&e.trio, trio_is_open, 10000));
        const char *const tokens[] = { NULL, FOLK_CLERK_TOKEN, "not a token of anybody's" };
        for (int i = 0; i < 3; i++) {
            const uint32_t clients = e.trio.n_clients;
            const trio_outcome now = e.trio.now;
            safe_come(&e, tokens[i], "kim");
            e.trio.n_clients = clients;
            e.trio.now = now;
            safe_go(&e);
            assert_true(coax_client_get_state(e.trio.client) == COAX_CLIENT_OPEN);
        }
        /* Only he himself: by the policy. */
        safe_come(&e, FOLK_KEEPER_TOKEN, "somebody else");
        assert_int_equal(safe_is_in(&e), policy == COAX_SECOND_REPLACE);
        trio_wait(&e.trio, 2000);
        assert_int_equal(coax_client_get_state(e.trio.client) == COAX_CLIENT_OPEN,
                         policy == COAX_SECOND_REFUSE);
        safe_go(&e);
        coax_client_close(e.trio.client);
        e.trio.client = NULL;
        trio_close(&e.trio);
    }
}

/* S10 */

static void a_sessions_id_opens_nothing(void **state)
{
    const coax_server_options options = safe_with_tokens();
    safe e;
    char words[1100];
    char forms[5][40];
    (void)state;
    safe_open(&e, &options, false);
    safe_come(&e, FOLK_KEEPER_TOKEN, "");
    assert_int_equal(safe_ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, safe_empty, words),
                     COAX_OK);
    const uint64_t id = e.last.id;
    assert_true(id != 0);
    assert_int_equal(e.last.mechanism, COAX_MECHANISM_TOKEN);
    assert_true(e.last.is_encrypted);
    safe_go(&e);
    (void)snprintf(forms[0], sizeof forms[0], "%llu", (unsigned long long)id);
    (void)snprintf(forms[1], sizeof forms[1], "%llx", (unsigned long long)id);
    (void)snprintf(forms[2], sizeof forms[2], "%016llx", (unsigned long long)id);
    (void)snprintf(forms[3], sizeof forms[3], "%016llX", (unsigned long long)id);
    (void)snprintf(forms[4], sizeof forms[4], "kim");
    for (int i = 0; i < 5; i++) {
        safe_come(&e, forms[i], "kim");
        assert_false(safe_is_in(&e));
        safe_go(&e);
    }
    safe_come(&e, FOLK_KEEPER_TOKEN, "");
    assert_int_equal(safe_ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, safe_empty, words),
                     COAX_OK);
    assert_true(e.last.id != id); /* another connection, another session */
    safe_go(&e);
    trio_close(&e.trio);
}

/* What one connection proved holds for none beside or after it. */
static void a_session_is_its_connections_alone(void **state)
{
    const coax_server_options options = safe_with_tokens();
    safe e;
    char words[1100];
    (void)state;
    safe_open(&e, &options, true);
    e.trio.options.token = FOLK_KEEPER_TOKEN;
    trio_connect(&e.trio);
    assert_true(trio_until(&e.trio, trio_is_open, 10000));
    const uint32_t clients = e.trio.n_clients;
    const trio_outcome now = e.trio.now;
    safe_come(&e, NULL, "");
    assert_int_equal(safe_ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, safe_empty, words),
                     COAX_ERR_UNAUTHENTICATED);
    safe_go(&e);
    e.trio.n_clients = clients;
    e.trio.now = now;
    trio_leave(&e.trio);
    safe_come(&e, NULL, "");
    assert_int_equal(safe_ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, safe_empty, words),
                     COAX_ERR_UNAUTHENTICATED);
    safe_go(&e);
    trio_close(&e.trio);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "S11: a name is only a name", a_name_is_only_a_name, NULL, NULL, NULL },
        { "S11: nobody evicts whom he is not", nobody_evicts_whom_he_is_not, NULL, NULL, NULL },
        { "S10: a session's id opens nothing", a_sessions_id_opens_nothing, NULL, NULL, NULL },
        { "S10: a session is its connection's alone", a_session_is_its_connections_alone, NULL,
          NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
