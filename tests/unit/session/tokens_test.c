/*
 * Tokens: found, not found, and refused when they can't be tokens.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_env.h"
#include "session/tokens.h"

enum { MANY = 3000 };

static coax_bytes bytes_of(const char *text)
{
    const coax_bytes bytes = { (const uint8_t *)text, strlen(text) };
    return bytes;
}

static void each_of_many_tokens_is_found_and_no_other(void **state)
{
    (void)state;
    fake_env fake;
    cx_tokens tokens;
    static char texts[MANY][32];
    static char names[MANY][16];
    coax_token *list = calloc(MANY + 1, sizeof *list);
    assert_non_null(list);
    fake_env_init(&fake);
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "token-%08d-abcdef", i);
        (void)snprintf(names[i], sizeof names[i], "robot-%d", i);
        list[i] = (coax_token){ texts[i], names[i], NULL };
    }
    assert_int_equal(cx_tokens_init(&tokens, &fake.env, list, NULL), COAX_OK);
    free(list);
    for (int i = 0; i < MANY; i++) {
        const cx_token_entry *found = cx_tokens_find(&tokens, bytes_of(texts[i]));
        assert_non_null(found);
        assert_string_equal(found->principal, names[i]);
        assert_null(found->roles[0]);
        texts[i][3]++;
        assert_null(cx_tokens_find(&tokens, bytes_of(texts[i])));
    }
    assert_null(cx_tokens_find(&tokens, bytes_of("")));
    cx_tokens_deinit(&tokens);
    assert_int_equal(fake.n_live, 0);
}

static void no_token_is_in_memory_afterwards(void **state)
{
    (void)state;
    fake_env fake;
    cx_tokens tokens;
    static const char *const roles[] = { "one", "two", NULL };
    const coax_token list[] = { { "never-to-be-found-anywhere", "robot", roles },
                                { NULL, NULL, NULL } };
    fake_env_init(&fake);
    assert_int_equal(cx_tokens_init(&tokens, &fake.env, list, NULL), COAX_OK);
    const cx_token_entry *found = cx_tokens_find(&tokens, bytes_of(list[0].token));
    assert_string_equal(found->roles[0], "one");
    assert_string_equal(found->roles[1], "two");
    assert_null(found->roles[2]);
    /* What the entry points into, and the entry itself. */
    const char *texts = tokens.texts;
    for (size_t i = 0; i < 3 * sizeof(char *); i++)
        assert_int_not_equal(memcmp(texts + i, "never", 5), 0);
    assert_int_not_equal(memcmp(found->digest, "never", 5), 0);
    cx_tokens_deinit(&tokens);
}

static void two_servers_keep_different_digests(void **state)
{
    (void)state;
    fake_env fake;
    cx_tokens one;
    cx_tokens two;
    const coax_token list[] = { { "the-same-token-at-both", "robot", NULL }, { NULL, NULL, NULL } };
    fake_env_init(&fake);
    assert_int_equal(cx_tokens_init(&one, &fake.env, list, NULL), COAX_OK);
    assert_int_equal(cx_tokens_init(&two, &fake.env, list, NULL), COAX_OK);
    assert_int_not_equal(memcmp(one.entries[0].digest, two.entries[0].digest, CX_DIGEST_BYTES), 0);
    cx_tokens_deinit(&one);
    cx_tokens_deinit(&two);
}

static void no_list_and_an_empty_one_know_nobody(void **state)
{
    (void)state;
    fake_env fake;
    cx_tokens tokens;
    const coax_token list[] = { { NULL, NULL, NULL } };
    fake_env_init(&fake);
    assert_int_equal(cx_tokens_init(&tokens, &fake.env, NULL, NULL), COAX_OK);
    assert_null(cx_tokens_find(&tokens, bytes_of("anything at all here")));
    cx_tokens_deinit(&tokens);
    assert_int_equal(cx_tokens_init(&tokens, &fake.env, list, NULL), COAX_OK);
    assert_null(cx_tokens_find(&tokens, bytes_of("anything at all here")));
    cx_tokens_deinit(&tokens);
    assert_int_equal(fake.n_taken, 0);
}

static void memory_that_runs_out_leaves_nothing(void **state)
{
    (void)state;
    fake_env fake;
    cx_tokens tokens;
    const coax_token list[] = { { "token-of-the-robot-0", "robot", NULL }, { NULL, NULL, NULL } };
    for (size_t at = 1; at <= 3; at++) {
        coax_error error = COAX_ERROR_INIT;
        fake_env_init(&fake);
        fake.fail_from = at;
        fake.fail_count = 1;
        assert_int_equal(cx_tokens_init(&tokens, &fake.env, list, &error), COAX_ERR_NO_MEMORY);
        assert_int_equal(fake.n_live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_of_many_tokens_is_found_and_no_other),
        cmocka_unit_test(no_token_is_in_memory_afterwards),
        cmocka_unit_test(two_servers_keep_different_digests),
        cmocka_unit_test(no_list_and_an_empty_one_know_nobody),
        cmocka_unit_test(memory_that_runs_out_leaves_nothing),
    };
    return cmocka_run_group_tests_name("session_tokens", tests, NULL, NULL);
}
