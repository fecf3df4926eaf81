/*
 * Who may call what: roles, @public, people who have not logged in; before anything is decoded or kept, and in
 * words that tell strangers nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "flow.h"
#include "news.h"
#include "session/session.h"

static const char *const tellers[] = { "teller", NULL };
static const char *const three[] = { "admin", "auditor", "teller", NULL };

/* A door each: `vault` wants a role, `lobby` is @public, `hall` is for whoever has logged in. */
static const coax_method vault = { .name = "bank.Bank.vault",
                                   .id = 0xba01u,
                                   .kind = COAX_METHOD_UNARY,
                                   .request = &echo_note_type,
                                   .response = &echo_note_type,
                                   .roles = tellers };
static const coax_method lobby = { .name = "bank.Bank.lobby",
                                   .id = 0xba02u,
                                   .kind = COAX_METHOD_UNARY,
                                   .flags = COAX_METHOD_PUBLIC,
                                   .request = &echo_note_type,
                                   .response = &echo_note_type };
static const coax_method hall = { .name = "bank.Bank.hall",
                                  .id = 0xba03u,
                                  .kind = COAX_METHOD_UNARY,
                                  .request = &echo_note_type,
                                  .response = &echo_note_type };
static const coax_method shout = { .name = "bank.Bank.shout",
                                   .id = 0xba04u,
                                   .kind = COAX_METHOD_ONEWAY,
                                   .request = &echo_note_type,
                                   .roles = three };
static const coax_method talk = { .name = "bank.Bank.talk",
                                  .id = 0xba05u,
                                  .kind = COAX_METHOD_BIDI_STREAM,
                                  .request = &echo_note_type,
                                  .request_item = &echo_note_type,
                                  .response_item = &echo_note_type,
                                  .roles = tellers };
static const coax_method nobodys = { .name = "bank.Bank.nobodys",
                                     .id = 0xba06u,
                                     .kind = COAX_METHOD_UNARY,
                                     .request = &echo_note_type,
                                     .response = &echo_note_type };
static const coax_method alarms[] = { { .name = "bank.Bank.alarm",
                                        .id = 0xba07u,
                                        .kind = COAX_METHOD_EVENT,
                                        .request = &echo_note_type,
                                        .roles = tellers } };

typedef struct bank_handlers {
    void (*door)(void *self, coax_call call, const echo_note *request);
} bank_handlers;

static uint32_t n_entered;

static void enter(const void *handlers, void *self, coax_call call, const void *request)
{
    const coax_method *const doors[] = { &vault, &lobby, &hall };
    (void)handlers;
    (void)self;
    n_entered++;
    for (int i = 0; i < 3; i++) {
        if (doors[i]->id == coax_call_method_id(call))
            assert_int_equal(coax_gen_reply(call, doors[i], request), COAX_OK);
    }
}

static void door(void *self, coax_call call, const echo_note *request)
{
    (void)self;
    (void)call;
    (void)request;
}

static const coax_gen_handler rows[] = { { &vault, enter, offsetof(bank_handlers, door) },
                                         { &lobby, enter, offsetof(bank_handlers, door) },
                                         { &hall, enter, offsetof(bank_handlers, door) },
                                         { &shout, enter, offsetof(bank_handlers, door) },
                                         { &talk, enter, offsetof(bank_handlers, door) } };
static const coax_service bank = { .name = "bank.Bank", .methods = alarms, .n_methods = 1 };
static const coax_gen_service bank_service = { &bank, rows, 5, sizeof(bank_handlers) };

static void serve(pair *two)
{
    const bank_handlers handlers = { door };
    n_entered = 0;
    assert_int_equal(cx_registry_add(&two->server.registry, &bank_service, &handlers, NULL, NULL),
                     COAX_OK);
}

/* The peer of the server is this person from now on; `roles` NULL: nobody, who has not logged in. */
static void be(pair *two, const char *const *roles)
{
    cx_endpoint *endpoint = &two->server.endpoint;
    cx_pool *pool = &endpoint->core->host.pool;
    cx_person_unref(endpoint->session.person, pool);
    endpoint->session.person = NULL;
    endpoint->n_roles_known = 0; /* a connection has one person all its life, but here */
    endpoint->session.is_full = roles != NULL;
    if (roles != NULL)
        assert_int_equal(cx_person_make(pool, "ann", roles, &endpoint->session.person), COAX_OK);
}

static pair_answer call(pair *two, const coax_method *method)
{
    static pair_answer answer;
    echo_note note = echo_make(1, "x");
    memset(&answer, 0, sizeof answer);
    assert_int_equal(pair_call(&two->client, method, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.n_done, 1);
    return answer;
}

static void who_has_the_role_comes_in_and_who_has_not_is_told_which(void **state)
{
    static const char *const others[] = { "cleaner", NULL };
    static const char *const both[] = { "cleaner", "teller", NULL };
    pair *two = *state;
    serve(two);
    be(two, others);
    pair_answer answer = call(two, &vault);
    assert_int_equal(answer.err, COAX_ERR_PERMISSION_DENIED);
    assert_string_equal(
        answer.message,
        "bank.Bank.vault is for the role teller (@roles), which this session does not have");
    assert_int_equal(n_entered, 0);
    assert_int_equal(call(two, &hall).err, COAX_OK);
    assert_int_equal(call(two, &lobby).err, COAX_OK);
    be(two, both);
    assert_int_equal(call(two, &vault).err, COAX_OK);
    be(two, others);
    assert_int_equal(call(two, &vault).err, COAX_ERR_PERMISSION_DENIED);
    assert_int_equal(two->server.n_errors, 0);
    assert_int_equal(cx_count_read(&two->server.stats.calls_denied), 2);
}

static void at_a_server_that_asks_for_nothing_roles_keep_everybody_out(void **state)
{
    pair *two = *state;
    serve(two);
    assert_true(two->server.endpoint.session.is_full);
    pair_answer answer = call(two, &vault);
    assert_int_equal(answer.err, COAX_ERR_UNAUTHENTICATED);
    assert_non_null(strstr(answer.message, "nobody has logged in"));
    assert_int_equal(call(two, &hall).err, COAX_OK);
}

static void a_stranger_may_call_what_is_public_and_learns_nothing_of_the_rest(void **state)
{
    pair *two = *state;
    serve(two);
    be(two, NULL);
    assert_int_equal(call(two, &lobby).err, COAX_OK);
    const coax_method *const kept[] = { &vault, &hall, &nobodys };
    char shapes[3][200];
    for (int i = 0; i < 3; i++) {
        pair_answer answer = call(two, kept[i]);
        assert_int_equal(answer.err, COAX_ERR_UNAUTHENTICATED);
        assert_int_equal(strncmp(answer.message, "0x0000ba0", 9), 0);
        (void)snprintf(shapes[i], sizeof shapes[i], "%.199s", answer.message + 10);
    }
    assert_string_equal(shapes[0], shapes[1]);
    assert_string_equal(shapes[0], shapes[2]); /* nobody serves that */
    assert_int_equal(n_entered, 1);
}

static void keep_method(void *self, coax_log_level level, const char *event,
                        const coax_log_pair *pairs, size_t n_pairs)
{
    char *last = self;
    assert_int_equal(level, COAX_LOG_WARN);
    assert_string_equal(event, "call_denied");
    for (size_t i = 0; i < n_pairs; i++) {
        if (strcmp(pairs[i].key, "method") == 0)
            (void)snprintf(last, 64, "%s", pairs[i].value);
        else
            assert_null(strstr(pairs[i].value, "bank.Bank")); /* the peer's words */
    }
}

static void the_log_names_what_a_stranger_is_not_told(void **state)
{
    pair *two = *state;
    char last[64] = "";
    const coax_method *const kept[] = { &vault, &hall, &nobodys };
    const char *const names[] = { "bank.Bank.vault", "bank.Bank.hall", "0x0000ba06" };
    serve(two);
    be(two, NULL);
    two->server.core.host.log = (cx_log){ keep_method, last, COAX_LOG_WARN };
    for (int i = 0; i < 3; i++) {
        two->server.endpoint.denied = (cx_grumble){ 0, 0 }; /* a second later */
        assert_null(strstr(call(two, kept[i]).message, "bank"));
        assert_string_equal(last, names[i]);
    }
}

static void the_fallback_is_not_for_strangers(void **state)
{
    pair *two = *state;
    serve(two);
    two->server.config.has_fallback = true;
    be(two, NULL);
    assert_int_equal(call(two, &nobodys).err, COAX_ERR_UNAUTHENTICATED);
    assert_int_equal(two->server.n_unknown, 0);
}

static void nothing_is_decoded_for_who_may_not_call(void **state)
{
    pair *two = *state;
    static pair_answer answer;
    echo_note note = echo_make(1, "x");
    coax_method lying = vault; /* another request than the server thinks */
    lying.request = &echo_broken_type;
    const echo_broken broken = { 5 };
    memset(&answer, 0, sizeof answer);
    serve(two);
    be(two, NULL);
    (void)note;
    assert_int_equal(
        cx_rpc_call(&two->client.endpoint, &lying, &broken, NULL, pair_done, NULL, &answer),
        COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_ERR_UNAUTHENTICATED); /* not invalid_argument */
    assert_int_equal(two->server.n_errors, 0);
}

static void one_way_messages_and_streams_are_judged_as_calls_are(void **state)
{
    static const char *const others[] = { "cleaner", NULL };
    static const char *const auditors[] = { "auditor", NULL };
    static flow_end end;
    pair *two = *state;
    echo_note note = echo_make(1, "x");
    memset(&end, 0, sizeof end);
    serve(two);
    be(two, others);
    assert_int_equal(cx_rpc_send(&two->client.endpoint, &shout, &note, NULL), COAX_OK);
    pair_pump(two);
    assert_int_equal(n_entered, 0);
    assert_int_equal(flow_start(&two->client, &talk, &end), COAX_OK);
    (void)flow_push(&end, 10);
    pair_pump(two);
    assert_int_equal(end.result.err, COAX_ERR_PERMISSION_DENIED);
    assert_int_equal(n_entered, 0);
    be(two, auditors);
    assert_int_equal(cx_rpc_send(&two->client.endpoint, &shout, &note, NULL), COAX_OK);
    pair_pump(two);
    assert_int_equal(n_entered, 1);
}

static void a_large_request_is_refused_before_any_of_it_is_kept(void **state)
{
    static const uint8_t body[1000000];
    static pair_answer answer;
    pair *two = *state;
    echo_note note = echo_make(1, "x");
    note.body = (coax_bytes){ body, sizeof body };
    memset(&answer, 0, sizeof answer);
    serve(two);
    be(two, NULL);
    assert_int_equal(pair_call(&two->client, &vault, &note, NULL, &answer), COAX_OK);
    two->chunk = 50000;
    /* What the client has queued is there; from now on it is the server that may take some. */
    size_t before = two->fake.bytes;
    two->fake.most = before;
    pair_pump(two);
    assert_int_equal(answer.n_done, 1);
    assert_int_equal(answer.err, COAX_ERR_UNAUTHENTICATED);
    assert_true(two->fake.most < before + 200000);
    assert_int_equal(two->server.n_errors, 0);
    assert_int_equal(call(two, &lobby).err, COAX_OK);
}

static void subscribing_is_judged_as_well(void **state)
{
    static news_pair news;
    static news_ear ear, late, stray;
    static const char *const others[] = { "cleaner", NULL };
    (void)state;
    memset(&ear, 0, sizeof ear);
    memset(&late, 0, sizeof late);
    memset(&stray, 0, sizeof stray);
    pair_init(&news.two);
    news_connect(&news);
    serve(&news.two);
    be(&news.two, others);
    assert_int_equal(news_listen(&news, &alarms[0], &ear), COAX_OK);
    pair_pump(&news.two);
    assert_int_equal(ear.status, COAX_ERR_PERMISSION_DENIED);
    assert_int_equal(news.n_asked, 0);
    be(&news.two, NULL);
    coax_method unknown = alarms[0];
    unknown.id = 0xba0fu;
    assert_int_equal(news_listen(&news, &unknown, &stray), COAX_OK);
    assert_int_equal(news_listen(&news, &news_flash, &late), COAX_OK);
    pair_pump(&news.two);
    assert_int_equal(stray.status, COAX_ERR_UNAUTHENTICATED);
    assert_int_equal(late.status, COAX_ERR_UNAUTHENTICATED);
    assert_string_equal(stray.words + 10, late.words + 10);
    assert_int_equal(coax_subscription_close(ear.subscription), COAX_OK);
    assert_int_equal(coax_subscription_close(late.subscription), COAX_OK);
    assert_int_equal(coax_subscription_close(stray.subscription), COAX_OK);
    news_deinit(&news);
}

/* More names than there are bits. */
#define N_NAMES 100
static char names[N_NAMES][8];
static const char *role_lists[N_NAMES][2];
static coax_method many[N_NAMES];
static coax_gen_handler many_rows[N_NAMES];

static void roles_that_have_no_bit_are_found_by_name(void **state)
{
    static const coax_service service = { .name = "many.Many" };
    pair *two = *state;
    for (uint32_t i = 0; i < N_NAMES; i++) {
        (void)snprintf(names[i], sizeof names[i], "r%u", i);
        role_lists[i][0] = names[i];
        many[i] = vault;
        many[i].id = 0xcc00u + i;
        many[i].roles = role_lists[i];
        many_rows[i] = (coax_gen_handler){ &many[i], enter, offsetof(bank_handlers, door) };
    }
    const coax_gen_service gen = { &service, many_rows, N_NAMES, sizeof(bank_handlers) };
    const bank_handlers handlers = { door };
    serve(two);
    assert_int_equal(cx_registry_add(&two->server.registry, &gen, &handlers, NULL, NULL), COAX_OK);
    for (uint32_t i = 0; i < N_NAMES; i += 9) {
        be(two, role_lists[i]);
        for (uint32_t k = 0; k < N_NAMES; k++) {
            uint32_t before = n_entered;
            echo_note note = echo_make(1, "x");
            pair_answer answer = { 0 };
            /* The handler knows no reply to these, and none is needed. */
            coax_call_options options = COAX_CALL_OPTIONS_INIT;
            coax_call made;
            options.ret_call = &made;
            assert_int_equal(pair_call(&two->client, &many[k], &note, &options, &answer), COAX_OK);
            pair_pump(two);
            assert_int_equal(n_entered - before, i == k ? 1 : 0);
            if (i == k)
                assert_int_equal(coax_call_cancel(made), COAX_OK);
            pair_pump(two);
        }
    }
}

static void methods_served_later_are_guarded_as_well(void **state)
{
    static const char *const role[] = { "teller", NULL };
    pair *two = *state;
    be(two, role);
    assert_int_equal(call(two, &vault).err, COAX_ERR_UNIMPLEMENTED);
    serve(two); /* a client may serve whenever it likes */
    assert_int_equal(call(two, &vault).err, COAX_OK);
}

int main(void)
{
#define ON_A_PAIR(test) cmocka_unit_test_setup_teardown(test, pair_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        ON_A_PAIR(who_has_the_role_comes_in_and_who_has_not_is_told_which),
        ON_A_PAIR(at_a_server_that_asks_for_nothing_roles_keep_everybody_out),
        ON_A_PAIR(a_stranger_may_call_what_is_public_and_learns_nothing_of_the_rest),
        ON_A_PAIR(the_log_names_what_a_stranger_is_not_told),
        ON_A_PAIR(the_fallback_is_not_for_strangers),
        ON_A_PAIR(nothing_is_decoded_for_who_may_not_call),
        ON_A_PAIR(one_way_messages_and_streams_are_judged_as_calls_are),
        ON_A_PAIR(a_large_request_is_refused_before_any_of_it_is_kept),
        cmocka_unit_test(subscribing_is_judged_as_well),
        ON_A_PAIR(roles_that_have_no_bit_are_found_by_name),
        ON_A_PAIR(methods_served_later_are_guarded_as_well),
    };
    return cmocka_run_group_tests_name("rpc_authorize", tests, NULL, NULL);
}
