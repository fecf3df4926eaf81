/*
 * Logins that a store has not answered: so many of one address, and from the answer on they are none of them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_env.h"
#include "people.h"
#include "session/login_in.h"

enum { AT_ONCE = 2, NOW = 1 };

typedef struct place {
    fake_env fake;
    cx_pool pool;
    cx_idmap handles;
    people users;
    coax_store *store;
    cx_throttle *throttle;
    cx_logins *logins;
    cx_login_in login[4];
} place;

static bool say(void *self, const cx_step *step)
{
    (void)self;
    assert_true(step->proof.len > 0);
    return true;
}

static void open_place(place *p)
{
    fake_env_init(&p->fake);
    cx_pool_init(&p->pool, &p->fake.env.allocator);
    cx_idmap_init(&p->handles, &p->fake.env.allocator, 10);
    p->store = people_open(&p->users);
    p->users.answers_later = true;
    const cx_throttle_config slow = {
        .env = &p->fake.env, .failures = 5, .delay_max_ms = 300000, .max_asked = AT_ONCE
    };
    p->throttle = cx_throttle_create(&slow);
    const cx_logins_config config = { .env = &p->fake.env,
                                      .users = p->store,
                                      .throttle = p->throttle };
    assert_int_equal(cx_logins_create(&config, &p->logins, NULL), COAX_OK);
}

static void close_place(place *p)
{
    for (int i = 0; i < 4; i++)
        cx_login_in_end(&p->login[i], NOW);
    cx_logins_destroy(p->logins);
    cx_throttle_destroy(p->throttle);
    coax_store_close(p->store);
    cx_idmap_deinit(&p->handles);
    cx_pool_deinit(&p->pool);
    assert_int_equal(p->fake.n_live, 0);
}

/* KE1 of bob, from one address. @return whether the store was asked. */
static bool come(place *p, int i)
{
    static const cx_login_in_ops ops = { say, NULL };
    static const uint8_t address[4] = { 10, 0, 0, 1 };
    uint8_t ke1[CX_OPAQUE_KE1];
    cx_opaque_client_random random;
    cx_opaque_login mine;
    const uint32_t finds = p->users.n_finds;
    memset(&random, 7 + i, sizeof random);
    assert_int_equal(
        cx_opaque_start((coax_bytes){ (const uint8_t *)"right", 5 }, &random, &mine, ke1, NULL),
        COAX_OK);
    cx_opaque_forget(&mine);
    const cx_way_facts way = { .is_encrypted = true, .origin = cx_origin_ipv4(address) };
    const cx_login_about about = { .way = &way, .now = NOW };
    const cx_shown shown = { .mechanism = coax_str_from("opaque"),
                             .user = coax_str_from("bob"),
                             .proof = { ke1, sizeof ke1 },
                             .has_steps = true };
    cx_login_in_init(&p->login[i], p->logins, &p->pool, &p->fake.env, &p->handles, &ops, NULL);
    const bool is_decided = cx_login_in_hello(&p->login[i], &shown, &about);
    assert_int_equal(is_decided, p->users.n_finds == finds);
    return !is_decided;
}

static void what_a_store_has_answered_makes_room_for_others_of_its_address(void **state)
{
    place p;
    (void)state;
    memset(&p, 0, sizeof p);
    open_place(&p);
    assert_true(come(&p, 0));
    assert_true(come(&p, 1));
    assert_false(come(&p, 2));
    assert_int_equal(p.login[2].verdict.code, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_true(p.login[2].verdict.retry_after_ms > 0);
    cx_login_in_end(&p.login[2], NOW);
    assert_int_equal(cx_login_in_found(&p.handles, p.login[0].handle, NULL, NOW), COAX_OK);
    assert_int_equal(p.login[0].stage, CX_LOGIN_SAID); /* it goes on, and is his to finish */
    assert_true(come(&p, 2));
    assert_false(come(&p, 3));
    close_place(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_store_has_answered_makes_room_for_others_of_its_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
