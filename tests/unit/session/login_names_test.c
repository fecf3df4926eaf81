/*
 * Logins that show no name: each address is counted for itself, whatever the mechanism.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fake_env.h"
#include "session/login_in.h"

enum { FAILURES = 3 };

static void refuse(void *self, coax_login login, const coax_credential *credential)
{
    const uint64_t handle = (uint64_t)login.generation << 32 | login.index;
    (void)credential;
    assert_int_equal(cx_login_in_reject(self, handle, COAX_ERR_UNAUTHENTICATED, "no", 0), COAX_OK);
}

/* @return what a guess from this address ends with. */
static coax_err guess(cx_logins *logins, cx_pool *pool, fake_env *fake, cx_idmap *handles,
                      const char *mechanism, uint8_t address)
{
    static const cx_login_in_ops ops = { NULL, NULL };
    const uint8_t bytes[4] = { 10, 0, 0, address };
    const cx_way_facts way = { .is_encrypted = true, .origin = cx_origin_ipv4(bytes) };
    const cx_login_about about = { .way = &way, .now = 1 };
    const cx_shown shown = { .mechanism = coax_str_from(mechanism),
                             .user = { "", 0 },
                             .proof = { (const uint8_t *)"a guess", 7 } };
    cx_login_in login;
    cx_login_in_init(&login, logins, pool, &fake->env, handles, &ops, NULL);
    assert_true(cx_login_in_hello(&login, &shown, &about));
    const coax_err code = login.verdict.code;
    cx_login_in_end(&login, 1);
    return code;
}

static void guesses_without_a_name_make_nobody_wait_but_their_own_address(void **state)
{
    static const char *const mechanisms[] = { "token", "plain" };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        fake_env fake;
        cx_pool pool;
        cx_idmap handles;
        cx_logins *logins = NULL;
        fake_env_init(&fake);
        cx_pool_init(&pool, &fake.env.allocator);
        cx_idmap_init(&handles, &fake.env.allocator, 10);
        const cx_throttle_config slow = { .env = &fake.env,
                                          .failures = FAILURES,
                                          .delay_max_ms = 300000 };
        const cx_logins_config config = { .env = &fake.env,
                                          .on_login = refuse,
                                          .self = &handles,
                                          .takes_plain_passwords = true,
                                          .throttle = cx_throttle_create(&slow) };
        assert_int_equal(cx_logins_create(&config, &logins, NULL), COAX_OK);
        for (int n = 0; n < FAILURES; n++)
            assert_int_equal(guess(logins, &pool, &fake, &handles, mechanisms[i], 1),
                             COAX_ERR_UNAUTHENTICATED);
        assert_int_equal(guess(logins, &pool, &fake, &handles, mechanisms[i], 1),
                         COAX_ERR_RESOURCE_EXHAUSTED);
        assert_int_equal(guess(logins, &pool, &fake, &handles, mechanisms[i], 2),
                         COAX_ERR_UNAUTHENTICATED);
        cx_logins_destroy(logins);
        cx_throttle_destroy(config.throttle);
        cx_idmap_deinit(&handles);
        cx_pool_deinit(&pool);
        assert_int_equal(fake.n_live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guesses_without_a_name_make_nobody_wait_but_their_own_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
