/*
 * Logins over real, encrypted sockets, at a server with many loops and with workers, from many threads at once.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <uv.h>

#include "door_client.h"
#include "door_server.h"

enum { LOOPS = 3, CLIENTS = 6, ROUNDS = 4 };

typedef struct house {
    coax_loop *loop;
    coax_server *server;
    coax_store *users;
    uv_thread_t thread;
    uv_mutex_t mutex;
    uv_cond_t changed;
    bool is_open;      /* the gate of `wait` */
    uint32_t n_inside; /* workers that wait at it */
    char before[64];
    char after[64];
    atomic_uint n_asked;
    char url[300];
    char folder[64];
} house;

static const char *const member[] = { "member", NULL };

static void on_who(void *self, coax_call call, const door_door_who_request *request)
{
    (void)self;
    (void)request;
    const door_door_who_response reply = { coax_str_from(coax_call_principal(call)),
                                           coax_call_has_role(call, "member") };
    (void)door_door_who_reply(call, &reply);
}

static void on_ask(void *self, coax_call call, const door_door_ask_request *request)
{
    (void)self;
    (void)request;
    const door_door_ask_response reply = { coax_str_from(coax_call_principal(call)),
                                           coax_call_has_role(call, "member") };
    (void)door_door_ask_reply(call, &reply);
}

static void on_wait(void *self, coax_call call, const door_door_wait_request *request)
{
    house *h = self;
    const door_door_wait_response reply = { 0 };
    (void)request;
    const char *name = coax_call_principal(call);
    uv_mutex_lock(&h->mutex);
    (void)snprintf(h->before, sizeof h->before, "%s", name);
    h->n_inside++;
    uv_cond_broadcast(&h->changed);
    while (!h->is_open)
        uv_cond_wait(&h->changed, &h->mutex);
    (void)snprintf(h->after, sizeof h->after, "%s", name); /* what it was given stays readable */
    h->n_inside--;
    uv_cond_broadcast(&h->changed);
    uv_mutex_unlock(&h->mutex);
    (void)door_door_wait_reply(call, &reply);
}

/* A verdict on its way from a thread to the login's loop. */
typedef struct verdict {
    coax_login login;
    uv_thread_t thread;
    char user[64];
} verdict;

static void decide(void *self)
{
    verdict *it = self;
    coax_identity identity = COAX_IDENTITY_INIT;
    identity.principal = it->user;
    identity.roles = member;
    (void)uv_thread_join(&it->thread);
    (void)coax_login_accept(it->login, &identity, NULL); /* stale is fine */
    free(it);
}

static void think(void *self)
{
    verdict *it = self;
    if (coax_loop_post(it->login.loop, decide, it) != COAX_OK)
        abort(); /* no test ends a loop with a verdict under way */
}

static void on_login(void *self, coax_login login, const coax_credential *credential)
{
    house *h = self;
    verdict *it = calloc(1, sizeof *it);
    atomic_fetch_add(&h->n_asked, 1);
    if (it == NULL)
        return;
    it->login = login;
    (void)snprintf(it->user, sizeof it->user, "%s", credential->user);
    if (uv_thread_create(&it->thread, think, it) != 0)
        free(it);
}

static void run_loop(void *self)
{
    (void)coax_loop_run(((house *)self)->loop);
}

static const coax_token tokens[] = { { "token-of-the-robot-0", "robot", member },
                                     { "token-of-nobody-much", "guest", NULL },
                                     { NULL, NULL, NULL } };

static void open_users(house *h)
{
    static const coax_password_cost cheap = { 8192, 1 };
    char path[80];
    coax_error error = COAX_ERROR_INIT;
    (void)snprintf(h->folder, sizeof h->folder, "/tmp/coax-door-XXXXXX");
    assert_non_null(mkdtemp(h->folder));
    (void)snprintf(path, sizeof path, "%s/users", h->folder);
    if (coax_store_create_file(path, &cheap, &h->users, &error) != COAX_OK ||
        coax_store_set_password(h->users, "alice", member, "right", &error) != COAX_OK)
        fail_msg("%s", error.text);
}

static void open_house(house *h, coax_second_login policy)
{
    coax_error error = COAX_ERROR_INIT;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    const door_door_handlers handlers = { .who = on_who, .ask = on_ask, .wait = on_wait };
    memset(h, 0, sizeof *h);
    open_users(h);
    options.self = h;
    options.loops = LOOPS;
    options.tokens = tokens;
    options.users = h->users;
    options.on_login = on_login;
    options.takes_plain_passwords = true;
    options.second_login = policy;
    assert_int_equal(uv_mutex_init(&h->mutex), 0);
    assert_int_equal(uv_cond_init(&h->changed), 0);
    h->loop = coax_loop_create(NULL);
    assert_non_null(h->loop);
    if (coax_server_create(h->loop, &options, &h->server, &error) != COAX_OK ||
        door_door_serve(h->server, &handlers, h) != COAX_OK ||
        coax_server_listen(h->server, "tcp://127.0.0.1:0", &error) != COAX_OK)
        fail_msg("%s", error.text);
    (void)coax_server_address(h->server, 0, h->url, sizeof h->url);
    assert_int_equal(uv_thread_create(&h->thread, run_loop, h), 0);
}

static void remove_users(house *h)
{
    char path[100];
    coax_store_close(h->users);
    (void)snprintf(path, sizeof path, "%s/users", h->folder);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/users.secret", h->folder);
    (void)unlink(path);
    assert_int_equal(rmdir(h->folder), 0);
}

static void close_house(house *h)
{
    coax_loop_stop(h->loop);
    assert_int_equal(uv_thread_join(&h->thread), 0);
    assert_int_equal(coax_loop_destroy(h->loop), COAX_OK);
    remove_users(h);
    uv_cond_destroy(&h->changed);
    uv_mutex_destroy(&h->mutex);
}

/* One way of coming in, and as whom. */
typedef struct way_in {
    const char *user;
    const char *password;
    const char *token;
    bool is_plain;
    const char *name; /* NULL: it fails */
    bool is_member;
} way_in;

static const way_in ways[CLIENTS] = {
    { .token = "token-of-the-robot-0", .name = "robot", .is_member = true },
    { .token = "token-of-nobody-much", .name = "guest" },
    { .user = "alice", .password = "right", .name = "alice", .is_member = true },
    { .user = "erin", .password = "any", .is_plain = true, .name = "erin", .is_member = true },
    { .user = "alice", .password = "wrong" },
    { .user = "mallory", .password = "right" },
};

static coax_err dial(const house *h, const way_in *way, coax_client **ret_client)
{
    coax_error error = COAX_ERROR_INIT;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.trust = COAX_TRUST_ANY;
    options.user = way->user;
    options.password = way->password;
    options.token = way->token;
    options.sends_plain_password = way->is_plain;
    return coax_dial(h->url, &options, ret_client, &error);
}

static bool is_said(coax_client *client, const way_in *way)
{
    const door_door_who_request who = { 0 };
    const door_door_ask_request ask = { 0 };
    door_door_who_result heard;
    door_door_ask_result worked;
    bool is_right = door_door_who_wait(client, &who, NULL, &heard) == COAX_OK &&
                    strcmp(heard.reply->name.data, way->name) == 0 &&
                    heard.reply->is_member == way->is_member;
    is_right = door_door_ask_wait(client, &ask, NULL, &worked) == COAX_OK && is_right &&
               strcmp(worked.reply->name.data, way->name) == 0 &&
               worked.reply->is_member == way->is_member;
    door_door_who_result_free(&heard);
    door_door_ask_result_free(&worked);
    return is_right;
}

typedef struct visitor {
    const house *house;
    const way_in *way;
    uv_thread_t thread;
    uint32_t n_right;
} visitor;

/* The throttle may stop those who fail: they are wrong either way. */
static void visit(void *self)
{
    visitor *v = self;
    for (int i = 0; i < ROUNDS; i++) {
        coax_client *client = NULL;
        coax_err rc = dial(v->house, v->way, &client);
        if (v->way->name == NULL)
            v->n_right += rc != COAX_OK ? 1 : 0;
        else
            v->n_right += rc == COAX_OK && is_said(client, v->way) ? 1 : 0;
        coax_client_close(client);
    }
}

static void everybody_comes_in_as_himself_on_whatever_loop(void **state)
{
    (void)state;
    house h;
    visitor visitors[CLIENTS];
    open_house(&h, COAX_SECOND_ALLOW);
    for (int i = 0; i < CLIENTS; i++) {
        visitors[i] = (visitor){ .house = &h, .way = &ways[i] };
        assert_int_equal(uv_thread_create(&visitors[i].thread, visit, &visitors[i]), 0);
    }
    for (int i = 0; i < CLIENTS; i++) {
        assert_int_equal(uv_thread_join(&visitors[i].thread), 0);
        assert_int_equal(visitors[i].n_right, ROUNDS);
    }
    assert_int_equal(atomic_load(&h.n_asked), ROUNDS);
    close_house(&h);
}

static void a_second_login_replaces_the_first_on_another_loop(void **state)
{
    (void)state;
    house h;
    coax_client *clients[8] = { NULL };
    open_house(&h, COAX_SECOND_REPLACE);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(dial(&h, &ways[0], &clients[i]), COAX_OK);
        assert_true(is_said(clients[i], &ways[0]));
        if (i > 0) { /* it learns of it when it listens */
            const door_door_who_request who = { 0 };
            door_door_who_result heard;
            assert_int_equal(door_door_who_wait(clients[i - 1], &who, NULL, &heard),
                             COAX_ERR_UNAVAILABLE);
            door_door_who_result_free(&heard);
        }
    }
    for (int i = 0; i < 8; i++)
        coax_client_close(clients[i]);
    close_house(&h);
}

static void two_at_once_never_both_stay(void **state)
{
    (void)state;
    house h;
    visitor visitors[4];
    open_house(&h, COAX_SECOND_REFUSE);
    coax_client *first = NULL;
    assert_int_equal(dial(&h, &ways[0], &first), COAX_OK);
    for (int i = 0; i < 4; i++) {
        static const way_in refused = { .token = "token-of-the-robot-0" };
        visitors[i] = (visitor){ .house = &h, .way = &refused };
        assert_int_equal(uv_thread_create(&visitors[i].thread, visit, &visitors[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(uv_thread_join(&visitors[i].thread), 0);
        assert_int_equal(visitors[i].n_right, ROUNDS); /* none got in */
    }
    assert_true(is_said(first, &ways[0]));
    coax_client_close(first);
    close_house(&h);
}

static void wait_inside(house *h, uint32_t n)
{
    uv_mutex_lock(&h->mutex);
    while (h->n_inside != n)
        uv_cond_wait(&h->changed, &h->mutex);
    uv_mutex_unlock(&h->mutex);
}

static void a_worker_knows_its_caller_also_when_that_has_gone(void **state)
{
    (void)state;
    house h;
    coax_client *client = NULL;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    const door_door_wait_request request = { 0 };
    door_door_wait_result result;
    options.timeout_ms = 50;
    open_house(&h, COAX_SECOND_ALLOW);
    assert_int_equal(dial(&h, &ways[2], &client), COAX_OK);
    assert_int_equal(door_door_wait_wait(client, &request, &options, &result),
                     COAX_ERR_DEADLINE_EXCEEDED);
    door_door_wait_result_free(&result);
    wait_inside(&h, 1);
    coax_client_close(client);
    while (atomic_load(&h.n_asked) == 0) { /* somebody else has come and gone meanwhile */
        assert_int_equal(dial(&h, &ways[3], &client), COAX_OK);
        coax_client_close(client);
    }
    uv_mutex_lock(&h.mutex);
    h.is_open = true;
    uv_cond_broadcast(&h.changed);
    uv_mutex_unlock(&h.mutex);
    wait_inside(&h, 0);
    assert_string_equal(h.before, "alice");
    assert_string_equal(h.after, "alice");
    close_house(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_comes_in_as_himself_on_whatever_loop),
        cmocka_unit_test(a_second_login_replaces_the_first_on_another_loop),
        cmocka_unit_test(two_at_once_never_both_stay),
        cmocka_unit_test(a_worker_knows_its_caller_also_when_that_has_gone),
    };
    return cmocka_run_group_tests_name("login_loops", tests, NULL, NULL);
}
