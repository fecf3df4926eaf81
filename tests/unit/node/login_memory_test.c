/*
 * Memory that runs out while somebody logs in: each allocation fails once, and each time everybody ends up either in or out,
 * and nothing is left.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/shell_sim.h"
#include "people.h"
#include "probe.h"
#include "transport/sim.h"

enum { CLIENTS = 5 };

/* An allocator that fails once. */
typedef struct scarce {
    uint32_t n_taken;
    uint32_t fails_at;
    int32_t n_blocks;
} scarce;

static void *scarce_resize(void *self, void *old, size_t size)
{
    scarce *s = self;
    s->n_taken++;
    if (s->n_taken == s->fails_at)
        return NULL;
    void *memory = realloc(old, size);
    if (old == NULL && memory != NULL)
        s->n_blocks++;
    return memory;
}

static void scarce_release(void *self, void *memory)
{
    scarce *s = self;
    if (memory != NULL)
        s->n_blocks--;
    free(memory);
}

typedef struct crowd {
    coax_loop *loop;
    coax_server *server;
    coax_client *clients[CLIENTS];
    probe probe;
    uint32_t n_in;
    uint32_t n_asked;
    coax_login later;
} crowd;

static const char *const roles[] = { "one", "two", NULL };

static coax_err let_in(coax_login login, const char *name)
{
    coax_identity identity = COAX_IDENTITY_INIT;
    identity.principal = name;
    identity.roles = roles;
    return coax_login_accept(login, &identity, NULL);
}

static void on_login(void *self, coax_login login, const coax_credential *credential)
{
    crowd *c = self;
    c->n_asked++;
    if (strcmp(credential->user, "later") == 0)
        c->later = login;
    else
        assert_int_equal(let_in(login, credential->user), COAX_OK);
}

static void on_connect(void *self, coax_peer peer)
{
    coax_session session;
    crowd *c = self;
    assert_int_equal(coax_peer_session(peer, &session), COAX_OK);
    assert_true(session.principal[0] != '\0');
    c->n_in++;
}

static coax_err serve(crowd *c, coax_store *store)
{
    static const coax_token tokens[] = { { "token-of-the-robot-0", "robot", roles },
                                         { NULL, NULL, NULL } };
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.self = c;
    options.on_connect = on_connect;
    options.on_login = on_login;
    options.takes_plain_passwords = true;
    options.tokens = tokens;
    options.users = store;
    options.second_login = COAX_SECOND_REPLACE;
    options.session_lifespan_ms = 60000;
    coax_err rc = coax_server_create(c->loop, &options, &c->server, NULL);
    if (rc == COAX_OK)
        rc = probe_serve(c->server, &c->probe);
    if (rc == COAX_OK)
        rc = coax_server_listen(c->server, "inproc://gate", NULL);
    return rc;
}

static coax_err dial(crowd *c, int which)
{
    static const char *const users[CLIENTS] = { NULL, "alice", "erin", "later", "alice" };
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.user = users[which];
    options.token = which == 0 ? "token-of-the-robot-0" : NULL;
    options.password = which != 0 ? "right" : NULL;
    options.sends_plain_password = which == 2 || which == 3;
    options.server_roles = roles;
    return coax_client_create(c->loop, "inproc://gate", &options, &c->clients[which], NULL);
}

static void run(cx_sim *sim, uint64_t ms)
{
    cx_sim_run_until(sim, cx_sim_now(sim) + ms * UINT64_C(1000000));
}

/* How many clients got in and are; the rest has been told that it is not. */
static uint32_t count_in(const crowd *c)
{
    uint32_t n = 0;
    for (int i = 0; i < CLIENTS; i++) {
        const coax_client_state state = coax_client_get_state(c->clients[i]);
        assert_true(state == COAX_CLIENT_OPEN || state == COAX_CLIENT_CLOSED);
        n += state == COAX_CLIENT_OPEN ? 1 : 0;
    }
    return n;
}

static uint32_t come_in(cx_sim *sim, const coax_loop_options *options, coax_store *store)
{
    crowd c;
    uint32_t n = 0;
    memset(&c, 0, sizeof c);
    c.loop = cx_sim_loop_create(sim, options);
    if (c.loop == NULL)
        return 0;
    coax_err rc = serve(&c, store);
    for (int i = 0; i < CLIENTS && rc == COAX_OK; i++) {
        rc = dial(&c, i);
        run(sim, 20);
    }
    assert_true(rc == COAX_OK || rc == COAX_ERR_NO_MEMORY);
    if (c.later.loop != NULL) {
        const coax_err told = let_in(c.later, "later");
        assert_true(told == COAX_OK || told == COAX_ERR_STALE);
    }
    run(sim, 20000); /* past every deadline of a login */
    if (rc == COAX_OK)
        n = count_in(&c);
    assert_int_equal(coax_loop_destroy(c.loop), COAX_OK);
    return n;
}

static void every_allocation_of_a_login_may_fail(void **state)
{
    (void)state;
    people users;
    coax_store *store = people_open(&users);
    uint32_t n_worked = 0;
    for (uint32_t at = 1; n_worked < 2; at++) {
        scarce s = { 0, at, 0 };
        coax_allocator allocator = { &s, scarce_resize, scarce_release };
        coax_loop_options options = COAX_LOOP_OPTIONS_INIT;
        options.allocator = &allocator;
        cx_sim *sim = cx_sim_create(1);
        const uint32_t n_in = come_in(sim, &options, store);
        assert_int_equal(s.n_blocks, 0);
        cx_sim_destroy(sim);
        if (s.n_taken < at)
            assert_int_equal(n_in, CLIENTS - 1); /* alice came twice */
        n_worked += s.n_taken < at ? 1 : 0;
        assert_true(at < 5000);
    }
    coax_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_a_login_may_fail),
    };
    return cmocka_run_group_tests_name("node_login_memory", tests, NULL, NULL);
}
