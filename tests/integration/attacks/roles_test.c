/*
 * S19 and S23: what somebody may do and learn. What is asked is garbage wherever it should not even be looked at.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "safe.h"

static const coax_bytes garbage = { (const uint8_t *)"\xc1\xff\x00\x93", 4 };
#define UNKNOWN_METHOD 0x12345678u

/* S23 */

typedef struct door_rule {
    const char *name;
    uint8_t type;
    uint32_t method;
    const coax_bytes *payload;
    coax_err keeper, clerk, nobody;
} door_rule;

static const door_rule rules[] = {
    { "open", CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, &safe_empty, COAX_OK,
      COAX_ERR_PERMISSION_DENIED, COAX_ERR_UNAUTHENTICATED },
    { "count", CX_FRAME_REQUEST, VAULT_PACKET_SAFE_COUNT, &safe_three, COAX_OK, COAX_OK,
      COAX_ERR_UNAUTHENTICATED },
    { "watch", CX_FRAME_REQUEST, VAULT_PACKET_SAFE_WATCH, &safe_empty, COAX_OK,
      COAX_ERR_PERMISSION_DENIED, COAX_ERR_UNAUTHENTICATED },
    { "opened", CX_FRAME_SUBSCRIBE, VAULT_PACKET_SAFE_OPENED, NULL, COAX_OK,
      COAX_ERR_PERMISSION_DENIED, COAX_ERR_UNAUTHENTICATED },
    { "minted", CX_FRAME_SUBSCRIBE, VAULT_PACKET_VAULT_MINTED, NULL, COAX_OK, COAX_OK,
      COAX_ERR_UNAUTHENTICATED },
    { "ring", CX_FRAME_REQUEST, VAULT_PACKET_DOOR_RING, &safe_empty, COAX_OK, COAX_OK, COAX_OK },
    { "unknown", CX_FRAME_REQUEST, UNKNOWN_METHOD, &safe_empty, COAX_ERR_UNIMPLEMENTED,
      COAX_ERR_UNIMPLEMENTED, COAX_ERR_UNAUTHENTICATED },
};

#define N_RULES (sizeof rules / sizeof rules[0])

static void each_rule(safe *e, const char *who, int column)
{
    char words[1100];
    for (size_t i = 0; i < N_RULES; i++) {
        const door_rule *rule = &rules[i];
        const coax_err want = column == 0 ? rule->keeper : column == 1 ? rule->clerk : rule->nobody;
        const coax_bytes none = { NULL, 0 };
        const uint32_t before = e->n_calls;
        coax_err got = safe_ask(e, rule->type, rule->method,
                                rule->payload != NULL ? *rule->payload : none, words);
        if (got != want)
            fail_msg("%s and %s: %s: %s", who, rule->name, coax_err_name(got), words);
        bool runs = want == COAX_OK && rule->type == CX_FRAME_REQUEST;
        assert_int_equal(e->n_calls, before + (runs ? 1 : 0));
    }
    /* Of one-way messages nobody hears; the handler shows it. */
    const uint32_t before = e->n_calls;
    (void)safe_ask(e, CX_FRAME_ONEWAY, VAULT_PACKET_SAFE_BURN, safe_empty, words);
    assert_int_equal(e->n_calls, before + (column == 0 ? 1 : 0));
    assert_false(e->s.is_over);
}

static void everybody_gets_what_his_roles_allow(void **state)
{
    const coax_server_options options = safe_with_tokens();
    safe e;
    (void)state;
    safe_open(&e, &options, true);
    safe_come(&e, FOLK_KEEPER_TOKEN, "");
    each_rule(&e, "the keeper", 0);
    assert_string_equal(e.last_principal, "kim");
    safe_go(&e);
    safe_come(&e, FOLK_CLERK_TOKEN, "");
    each_rule(&e, "the clerk", 1);
    assert_string_equal(e.last_principal, "carl");
    safe_go(&e);
    safe_come(&e, NULL, "");
    assert_true(safe_is_in(&e)); /* for the door */
    each_rule(&e, "nobody", 2);
    assert_string_equal(e.last_principal, "");
    safe_go(&e);
    trio_close(&e.trio);
}

/* Before anything is decoded: what is asked may be anything. */
static void what_is_forbidden_is_not_looked_at(void **state)
{
    const coax_server_options options = safe_with_tokens();
    safe e;
    char words[1100];
    (void)state;
    safe_open(&e, &options, true);
    safe_come(&e, FOLK_CLERK_TOKEN, "");
    assert_int_equal(safe_ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, garbage, words),
                     COAX_ERR_PERMISSION_DENIED);
    assert_int_equal(safe_ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_COUNT, garbage, words),
                     COAX_ERR_INVALID_ARGUMENT); /* the control */
    assert_int_equal(e.n_calls, 0);
    safe_go(&e);
    safe_come(&e, NULL, "");
    assert_int_equal(safe_ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, garbage, words),
                     COAX_ERR_UNAUTHENTICATED);
    assert_int_equal(safe_ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_VAULT_PUT, garbage, words),
                     COAX_ERR_UNAUTHENTICATED);
    assert_int_equal(e.n_calls, 0);
    safe_go(&e);
    trio_close(&e.trio);
}

static void without_a_door_nobody_comes_in_at_all(void **state)
{
    const coax_server_options options = safe_with_tokens();
    safe e;
    (void)state;
    safe_open(&e, &options, false);
    safe_come(&e, NULL, "");
    assert_false(safe_is_in(&e));
    assert_int_equal(stranger_heard(&e.s, CX_FRAME_GOAWAY)->frame.aux, COAX_ERR_UNAUTHENTICATED);
    safe_go(&e);
    safe_come(&e, "keeper-token-Xq81mZ0fLw28", "");
    assert_false(safe_is_in(&e));
    safe_go(&e);
    safe_come(&e, "keeper-token-Xq81mZ0fLw2", "");
    assert_false(safe_is_in(&e));
    safe_go(&e);
    assert_int_equal(e.trio.now.n_connects, 0);
    trio_close(&e.trio);
}

/* S19 */

/* Whether a method exists, what it is called, what it wants: all the same from outside. */
static void from_outside_all_methods_look_the_same(void **state)
{
    static const uint32_t methods[] = { VAULT_PACKET_SAFE_OPEN,  VAULT_PACKET_SAFE_COUNT,
                                        VAULT_PACKET_SAFE_WATCH, VAULT_PACKET_VAULT_PUT,
                                        VAULT_PACKET_VAULT_TURN, UNKNOWN_METHOD,
                                        VAULT_PACKET_SAFE_BURN,  VAULT_PACKET_SAFE_OPENED };
    const coax_server_options options = safe_with_tokens();
    safe e;
    char words[1100];
    char shape[1100] = "";
    (void)state;
    safe_open(&e, &options, true);
    safe_come(&e, NULL, "");
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        char own[20];
        assert_int_equal(safe_ask(&e, CX_FRAME_REQUEST, methods[i], garbage, words),
                         COAX_ERR_UNAUTHENTICATED);
        assert_null(strstr(words, "vault"));
        assert_null(strstr(words, "keeper"));
        (void)snprintf(own, sizeof own, "%08x", (unsigned)methods[i]);
        char *at = strstr(words, own); /* the number that was asked for may be given back */
        if (at != NULL)
            memset(at, '#', 8);
        if (i == 0)
            (void)snprintf(shape, sizeof shape, "%s", words);
        assert_string_equal(words, shape);
    }
    safe_go(&e);
    trio_close(&e.trio);
}

/* What goes wrong inside a handler is this side's to know. */
static void what_a_handler_does_wrong_is_not_told(void **state)
{
    safe e;
    char words[1100];
    (void)state;
    safe_open(&e, NULL, false);
    safe_come(&e, NULL, "");
    assert_true(safe_is_in(&e));
    coax_err got = safe_ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_GREET, safe_empty, words);
    assert_int_equal(got, COAX_ERR_INTERNAL);
    assert_null(strstr(words, "combination"));
    assert_null(strstr(words, "principal"));
    assert_null(strstr(words, "UTF"));
    assert_int_equal(e.trio.now.n_errors, 1); /* and here it is known */
    safe_go(&e);
    trio_close(&e.trio);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "S23: everybody gets what his roles allow, in every kind of method",
          everybody_gets_what_his_roles_allow, NULL, NULL, NULL },
        { "S23: what is forbidden is not looked at", what_is_forbidden_is_not_looked_at, NULL, NULL,
          NULL },
        { "S23: without a door nobody comes in at all", without_a_door_nobody_comes_in_at_all, NULL,
          NULL, NULL },
        { "S19: from outside all methods look the same", from_outside_all_methods_look_the_same,
          NULL, NULL, NULL },
        { "S19: what a handler does wrong is not told", what_a_handler_does_wrong_is_not_told, NULL,
          NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
