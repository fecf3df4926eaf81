/*
 * S10, S11, S19 and S23: who somebody is, and what he may do and learn. Frames by hand, so that nothing at the caller's side
 * helps; what is asked is garbage wherever it should not even be looked at.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "folk.h"
#include "stranger.h"
#include "trio.h"

#define HANDLER_SECRET "the safe's combination is 31-07-1847"

typedef struct scene {
    trio trio;
    stranger s;
    folk folk;
    uint32_t n_calls; /* handlers that ran */
    coax_session last;
    char last_principal[260];
} scene;

/* The service. */

static void note(scene *e, coax_call call)
{
    e->n_calls++;
    (void)coax_peer_session(coax_call_peer(call), &e->last);
    (void)snprintf(e->last_principal, sizeof e->last_principal, "%s", coax_call_principal(call));
}

static void on_open(void *self, coax_call call, const vault_safe_open_request *request)
{
    const vault_safe_open_response reply = { .gold = coax_str_from("gold") };
    (void)request;
    note(self, call);
    (void)vault_safe_open_reply(call, &reply);
}

static void on_count(void *self, coax_call call, const vault_safe_count_request *request)
{
    const vault_safe_count_response reply = { .coins = request->times };
    note(self, call);
    (void)vault_safe_count_reply(call, &reply);
}

static void on_burn(void *self, coax_call call, const vault_safe_burn_request *request)
{
    (void)request;
    note(self, call);
}

static void on_watch(void *self, coax_call call, const vault_safe_watch_request *request)
{
    (void)request;
    note(self, call);
    (void)coax_call_end(call);
}

/* Answers with what its own schema forbids. */
static void on_greet(void *self, coax_call call, const vault_safe_greet_request *request)
{
    static const char bad[] = HANDLER_SECRET "\xff\xfe";
    const vault_safe_greet_response reply = { .principal = { bad, sizeof bad - 1 } };
    (void)request;
    note(self, call);
    (void)vault_safe_greet_reply(call, &reply);
}

static void on_ring(void *self, coax_call call, const vault_door_ring_request *request)
{
    const vault_door_ring_response reply = { .times = 1 };
    (void)request;
    note(self, call);
    (void)vault_door_ring_reply(call, &reply);
}

static void open_scene(scene *e, const coax_server_options *options, bool has_door)
{
    static const vault_safe_handlers safe = {
        .open = on_open, .count = on_count, .burn = on_burn, .watch = on_watch, .greet = on_greet
    };
    static const vault_door_handlers door = { .ring = on_ring };
    memset(e, 0, sizeof *e);
    trio_open(&e->trio, TRIO_XX, false, 51, options);
    assert_int_equal(vault_safe_serve(e->trio.server, &safe, e), COAX_OK);
    if (has_door)
        assert_int_equal(vault_door_serve(e->trio.server, &door, e), COAX_OK);
}

static void wait_for(scene *e, bool (*is_so)(const scene *e))
{
    const uint64_t end = trio_now(&e->trio) + UINT64_C(10000000000);
    while (!is_so(e) && trio_now(&e->trio) < end)
        trio_step(&e->trio);
    assert_true(is_so(e));
}

static bool is_ready(const scene *e)
{
    return e->s.is_ready || e->s.is_over;
}

static bool is_decided(const scene *e)
{
    return e->s.is_over || stranger_heard(&e->s, CX_FRAME_WELCOME) != NULL;
}

static bool is_over(const scene *e)
{
    return e->s.is_over;
}

/* Somebody with this token (NULL: nothing) and this name. */
static void come(scene *e, const char *token, const char *name)
{
    uint8_t credential[400];
    coax_bytes shown = { NULL, 0 };
    ledger_begin(&e->trio);
    stranger_dial(&e->s, e->trio.loop, e->trio.url, NULL);
    wait_for(e, is_ready);
    if (token != NULL) {
        const coax_bytes proof = { (const uint8_t *)token, strlen(token) };
        shown.len = stranger_credential("token", "", proof, credential, sizeof credential);
        shown.data = credential;
    }
    stranger_hello(&e->s, name, shown);
    wait_for(e, is_decided);
}

static bool is_in(const scene *e)
{
    return stranger_heard(&e->s, CX_FRAME_WELCOME) != NULL;
}

static void go(scene *e)
{
    stranger_close(&e->s);
    wait_for(e, is_over);
    trio_wait(&e->trio, 2000);
    stranger_free(&e->s);
}

/* Calls; the status, COAX_OK for a reply or an end, COAX_ERR_STALE without an answer. The words are left in `words`. */
static coax_err ask(scene *e, uint8_t type, uint32_t method, coax_bytes payload, char words[1100])
{
    static uint32_t call = 0x100;
    coax_err status = COAX_ERR_STALE;
    size_t n = 0;
    stranger_forget(&e->s);
    stranger_send(&e->s, (cx_frame){ .type = type, .call = ++call, .method = method }, payload.data,
                  payload.len);
    trio_wait(&e->trio, 50);
    for (uint32_t i = 0; i < e->s.n_heard && status == COAX_ERR_STALE; i++) {
        const stranger_frame *at = &e->s.heard[i];
        if (at->frame.call != call)
            continue;
        const bool is_error = at->frame.type == CX_FRAME_ERROR;
        status = is_error ? (coax_err)at->frame.aux : COAX_OK;
        for (uint32_t k = 0; is_error && k < at->frame.length && n < 1000; k++)
            words[n++] = at->payload[k] >= ' ' && at->payload[k] < 127 ? (char)at->payload[k] : '.';
    }
    words[n] = '\0';
    return status;
}

static const coax_bytes empty = { (const uint8_t *)"\x80", 1 };
static const coax_bytes three = { (const uint8_t *)"\x81\x01\x03", 3 };
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
    { "open", CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, &empty, COAX_OK, COAX_ERR_PERMISSION_DENIED,
      COAX_ERR_UNAUTHENTICATED },
    { "count", CX_FRAME_REQUEST, VAULT_PACKET_SAFE_COUNT, &three, COAX_OK, COAX_OK,
      COAX_ERR_UNAUTHENTICATED },
    { "watch", CX_FRAME_REQUEST, VAULT_PACKET_SAFE_WATCH, &empty, COAX_OK,
      COAX_ERR_PERMISSION_DENIED, COAX_ERR_UNAUTHENTICATED },
    { "opened", CX_FRAME_SUBSCRIBE, VAULT_PACKET_SAFE_OPENED, NULL, COAX_OK,
      COAX_ERR_PERMISSION_DENIED, COAX_ERR_UNAUTHENTICATED },
    { "minted", CX_FRAME_SUBSCRIBE, VAULT_PACKET_VAULT_MINTED, NULL, COAX_OK, COAX_OK,
      COAX_ERR_UNAUTHENTICATED },
    { "ring", CX_FRAME_REQUEST, VAULT_PACKET_DOOR_RING, &empty, COAX_OK, COAX_OK, COAX_OK },
    { "unknown", CX_FRAME_REQUEST, UNKNOWN_METHOD, &empty, COAX_ERR_UNIMPLEMENTED,
      COAX_ERR_UNIMPLEMENTED, COAX_ERR_UNAUTHENTICATED },
};

#define N_RULES (sizeof rules / sizeof rules[0])

static coax_server_options with_tokens(void)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.tokens = folk_tokens;
    return options;
}

static void each_rule(scene *e, const char *who, int column)
{
    char words[1100];
    for (size_t i = 0; i < N_RULES; i++) {
        const door_rule *rule = &rules[i];
        const coax_err want = column == 0 ? rule->keeper : column == 1 ? rule->clerk : rule->nobody;
        const coax_bytes none = { NULL, 0 };
        const uint32_t before = e->n_calls;
        coax_err got =
            ask(e, rule->type, rule->method, rule->payload != NULL ? *rule->payload : none, words);
        if (got != want)
            fail_msg("%s and %s: %s: %s", who, rule->name, coax_err_name(got), words);
        bool runs = want == COAX_OK && rule->type == CX_FRAME_REQUEST;
        assert_int_equal(e->n_calls, before + (runs ? 1 : 0));
    }
    /* Of one-way messages nobody hears; the handler shows it. */
    const uint32_t before = e->n_calls;
    (void)ask(e, CX_FRAME_ONEWAY, VAULT_PACKET_SAFE_BURN, empty, words);
    assert_int_equal(e->n_calls, before + (column == 0 ? 1 : 0));
    assert_false(e->s.is_over);
}

static void everybody_gets_what_his_roles_allow(void **state)
{
    const coax_server_options options = with_tokens();
    scene e;
    (void)state;
    open_scene(&e, &options, true);
    come(&e, FOLK_KEEPER_TOKEN, "");
    each_rule(&e, "the keeper", 0);
    assert_string_equal(e.last_principal, "kim");
    go(&e);
    come(&e, FOLK_CLERK_TOKEN, "");
    each_rule(&e, "the clerk", 1);
    assert_string_equal(e.last_principal, "carl");
    go(&e);
    come(&e, NULL, "");
    assert_true(is_in(&e)); /* for the door */
    each_rule(&e, "nobody", 2);
    assert_string_equal(e.last_principal, "");
    go(&e);
    trio_close(&e.trio);
}

/* Before anything is decoded: what is asked may be anything. */
static void what_is_forbidden_is_not_looked_at(void **state)
{
    const coax_server_options options = with_tokens();
    scene e;
    char words[1100];
    (void)state;
    open_scene(&e, &options, true);
    come(&e, FOLK_CLERK_TOKEN, "");
    assert_int_equal(ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, garbage, words),
                     COAX_ERR_PERMISSION_DENIED);
    assert_int_equal(ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_COUNT, garbage, words),
                     COAX_ERR_INVALID_ARGUMENT); /* the control */
    assert_int_equal(e.n_calls, 0);
    go(&e);
    come(&e, NULL, "");
    assert_int_equal(ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, garbage, words),
                     COAX_ERR_UNAUTHENTICATED);
    assert_int_equal(ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_VAULT_PUT, garbage, words),
                     COAX_ERR_UNAUTHENTICATED);
    assert_int_equal(e.n_calls, 0);
    go(&e);
    trio_close(&e.trio);
}

static void without_a_door_nobody_comes_in_at_all(void **state)
{
    const coax_server_options options = with_tokens();
    scene e;
    (void)state;
    open_scene(&e, &options, false);
    come(&e, NULL, "");
    assert_false(is_in(&e));
    assert_int_equal(stranger_heard(&e.s, CX_FRAME_GOAWAY)->frame.aux, COAX_ERR_UNAUTHENTICATED);
    go(&e);
    come(&e, "keeper-token-Xq81mZ0fLw28", "");
    assert_false(is_in(&e));
    go(&e);
    come(&e, "keeper-token-Xq81mZ0fLw2", "");
    assert_false(is_in(&e));
    go(&e);
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
    const coax_server_options options = with_tokens();
    scene e;
    char words[1100];
    char shape[1100] = "";
    (void)state;
    open_scene(&e, &options, true);
    come(&e, NULL, "");
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        char own[20];
        assert_int_equal(ask(&e, CX_FRAME_REQUEST, methods[i], garbage, words),
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
    go(&e);
    trio_close(&e.trio);
}

/* What goes wrong inside a handler is this side's to know. */
static void what_a_handler_does_wrong_is_not_told(void **state)
{
    scene e;
    char words[1100];
    (void)state;
    open_scene(&e, NULL, false);
    come(&e, NULL, "");
    assert_true(is_in(&e));
    coax_err got = ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_GREET, empty, words);
    assert_int_equal(got, COAX_ERR_INTERNAL);
    assert_null(strstr(words, "combination"));
    assert_null(strstr(words, "principal"));
    assert_null(strstr(words, "UTF"));
    assert_int_equal(e.trio.now.n_errors, 1); /* and here it is known */
    go(&e);
    trio_close(&e.trio);
}

/* S11 */

static void a_name_is_only_a_name(void **state)
{
    const coax_server_options options = with_tokens();
    scene e;
    char words[1100];
    (void)state;
    open_scene(&e, &options, true);
    come(&e, FOLK_CLERK_TOKEN, "kim");
    assert_true(is_in(&e));
    assert_int_equal(ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, empty, words),
                     COAX_ERR_PERMISSION_DENIED);
    assert_int_equal(ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_COUNT, three, words), COAX_OK);
    assert_string_equal(e.last_principal, "carl");
    go(&e);
    come(&e, NULL, "kim");
    assert_int_equal(ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, empty, words),
                     COAX_ERR_UNAUTHENTICATED);
    go(&e);
    trio_close(&e.trio);
}

/* Somebody is in as "kim", by the token; others come. */
static void nobody_evicts_whom_he_is_not(void **state)
{
    scene e;
    (void)state;
    for (int policy = COAX_SECOND_REPLACE; policy <= COAX_SECOND_REFUSE; policy++) {
        coax_server_options options = with_tokens();
        options.second_login = (coax_second_login)policy;
        open_scene(&e, &options, true);
        e.trio.options.token = FOLK_KEEPER_TOKEN;
        e.trio.options.name = "kim";
        trio_connect(&e.trio);
        assert_true(trio_until(&e.trio, trio_is_open, 10000));
        const char *const tokens[] = { NULL, FOLK_CLERK_TOKEN, "not a token of anybody's" };
        for (int i = 0; i < 3; i++) {
            const uint32_t clients = e.trio.n_clients;
            const trio_outcome now = e.trio.now;
            come(&e, tokens[i], "kim");
            e.trio.n_clients = clients;
            e.trio.now = now;
            go(&e);
            assert_true(coax_client_get_state(e.trio.client) == COAX_CLIENT_OPEN);
        }
        /* Only he himself: by the policy. */
        come(&e, FOLK_KEEPER_TOKEN, "somebody else");
        assert_int_equal(is_in(&e), policy == COAX_SECOND_REPLACE);
        trio_wait(&e.trio, 2000);
        assert_int_equal(coax_client_get_state(e.trio.client) == COAX_CLIENT_OPEN,
                         policy == COAX_SECOND_REFUSE);
        go(&e);
        coax_client_close(e.trio.client);
        e.trio.client = NULL;
        trio_close(&e.trio);
    }
}

/* S10 */

static void a_sessions_id_opens_nothing(void **state)
{
    const coax_server_options options = with_tokens();
    scene e;
    char words[1100];
    char forms[5][40];
    (void)state;
    open_scene(&e, &options, false);
    come(&e, FOLK_KEEPER_TOKEN, "");
    assert_int_equal(ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, empty, words), COAX_OK);
    const uint64_t id = e.last.id;
    assert_true(id != 0);
    assert_int_equal(e.last.mechanism, COAX_MECHANISM_TOKEN);
    assert_true(e.last.is_encrypted);
    go(&e);
    (void)snprintf(forms[0], sizeof forms[0], "%llu", (unsigned long long)id);
    (void)snprintf(forms[1], sizeof forms[1], "%llx", (unsigned long long)id);
    (void)snprintf(forms[2], sizeof forms[2], "%016llx", (unsigned long long)id);
    (void)snprintf(forms[3], sizeof forms[3], "%016llX", (unsigned long long)id);
    (void)snprintf(forms[4], sizeof forms[4], "kim");
    for (int i = 0; i < 5; i++) {
        come(&e, forms[i], "kim");
        assert_false(is_in(&e));
        go(&e);
    }
    come(&e, FOLK_KEEPER_TOKEN, "");
    assert_int_equal(ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, empty, words), COAX_OK);
    assert_true(e.last.id != id); /* another connection, another session */
    go(&e);
    trio_close(&e.trio);
}

/* What one connection proved holds for none beside or after it. */
static void a_session_is_its_connections_alone(void **state)
{
    const coax_server_options options = with_tokens();
    scene e;
    char words[1100];
    (void)state;
    open_scene(&e, &options, true);
    e.trio.options.token = FOLK_KEEPER_TOKEN;
    trio_connect(&e.trio);
    assert_true(trio_until(&e.trio, trio_is_open, 10000));
    const uint32_t clients = e.trio.n_clients;
    const trio_outcome now = e.trio.now;
    come(&e, NULL, "");
    assert_int_equal(ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, empty, words),
                     COAX_ERR_UNAUTHENTICATED);
    go(&e);
    e.trio.n_clients = clients;
    e.trio.now = now;
    trio_leave(&e.trio);
    come(&e, NULL, "");
    assert_int_equal(ask(&e, CX_FRAME_REQUEST, VAULT_PACKET_SAFE_OPEN, empty, words),
                     COAX_ERR_UNAUTHENTICATED);
    go(&e);
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
        { "S11: a name is only a name", a_name_is_only_a_name, NULL, NULL, NULL },
        { "S11: nobody evicts whom he is not", nobody_evicts_whom_he_is_not, NULL, NULL, NULL },
        { "S10: a session's id opens nothing", a_sessions_id_opens_nothing, NULL, NULL, NULL },
        { "S10: a session is its connection's alone", a_session_is_its_connections_alone, NULL,
          NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
