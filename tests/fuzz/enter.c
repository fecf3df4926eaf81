/*
 * Somebody logs in, and each side hears what the other never said.
 *
 * The input is a program: its first byte says what the client shows and what the server goes by, each further byte is a
 * step. Steps carry bytes, hand over HELLO, AUTH and other frames of hostile origin, answer what on_login and the store
 * were asked (late, twice, when it is stale), stretch passwords or fail to, flip bits on the way, and let time pass. Whatever happens:
 * nobody is in whom nothing vouches for, no client believes a server that has not proved itself, no handler runs before the
 * connection is open, and nothing is left.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "pair.h"
#include "raw.h"
#include "rpc/login.h"
#include "rpc/parts.h"

enum { STEPS_MAX = 200, STRETCHES_MAX = 8 };

static const char token[] = "a token of sixteen bytes";

typedef struct enter {
    pair two;
    cx_endpoint_events to_client;
    cx_endpoint_events to_server;
    cx_login_out_config out;
    cx_logins *logins;
    coax_login login; /* the last that on_login was asked */
    bool has_login;
    cx_stretch *stretches[STRETCHES_MAX];
    uint32_t n_stretches;
    uint32_t n_accepted; /* by on_login */
    uint32_t n_stretched;
    const uint8_t *at;
    const uint8_t *end;
} enter;

/* One user, alice, the same for all inputs, because making her takes long. */
typedef struct people {
    uint8_t secret[COAX_STORE_SECRET_BYTES];
    uint8_t record[COAX_RECORD_BYTES];
    bool answers_later;
    coax_lookup lookup; /* the last */
    bool asks_for_alice;
} people;

static people users;
static coax_store *store;

/* Ends the program, which is how a fuzzer learns of a finding. */
#define demand(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static uint8_t next(enter *e)
{
    return e->at < e->end ? *e->at++ : 0;
}

static void tell(void)
{
    static const char *const roles[] = { "admin", "staff", NULL };
    coax_user user = { .size = sizeof user, .name = "alice", .roles = roles };
    memcpy(user.record, users.record, sizeof user.record);
    (void)coax_lookup_found(users.lookup, users.asks_for_alice ? &user : NULL);
}

static void find(void *self, coax_lookup lookup, const char *name)
{
    (void)self;
    users.lookup = lookup;
    users.asks_for_alice = strcmp(name, "alice") == 0;
    if (!users.answers_later)
        tell();
}

static coax_err put(void *self, const coax_user *user, coax_error *error)
{
    (void)self;
    (void)error;
    memcpy(users.record, user->record, sizeof users.record);
    return COAX_OK;
}

static coax_err load(void *self, uint8_t ret_secret[COAX_STORE_SECRET_BYTES],
                     coax_password_cost *ret_cost, coax_error *error)
{
    (void)self;
    (void)error;
    memcpy(ret_secret, users.secret, sizeof users.secret);
    *ret_cost = (coax_password_cost){ 8192, 1 }; /* the cheapest */
    return COAX_OK;
}

static void open_store(void)
{
    static const coax_store_ops ops = {
        .size = sizeof ops, .find = find, .put = put, .load = load
    };
    coax_store_secret_generate(users.secret);
    demand(coax_store_create(&ops, NULL, &store, NULL) == COAX_OK);
    demand(coax_store_set_password(store, "alice", NULL, "right", NULL) == COAX_OK);
}

static void on_login(void *self, coax_login login, const coax_credential *credential)
{
    enter *e = self;
    demand(credential->secret.data[credential->secret.len] == '\0');
    e->login = login;
    e->has_login = true;
}

static void find_way(void *self, cx_way_facts *ret)
{
    (void)self;
    ret->is_encrypted = true;
    ret->hash_len = 32;
    memset(ret->hash, 7, 32);
}

static bool stretch(void *self, cx_stretch *one)
{
    enter *e = CX_CONTAINER(self, enter, two.client);
    if (e->n_stretches == STRETCHES_MAX)
        return false;
    e->stretches[e->n_stretches++] = one;
    return true;
}

/* Runs or fails the oldest that is away. */
static void finish_stretch(enter *e, bool runs)
{
    if (e->n_stretches == 0)
        return;
    cx_stretch *one = e->stretches[0];
    memmove(e->stretches, e->stretches + 1, --e->n_stretches * sizeof one);
    if (runs && e->n_stretched < 2) {
        e->n_stretched++;
        cx_stretch_run(one);
    } else {
        cx_stretch_fail(one, COAX_ERR_NO_MEMORY, "no memory");
    }
    cx_stretch_finish(one);
}

static void decide(enter *e, uint8_t how)
{
    static const char *const roles[] = { "admin", NULL };
    coax_identity identity = COAX_IDENTITY_INIT;
    identity.principal = (how & 8) != 0 ? "bad\nname" : "somebody";
    identity.roles = roles;
    identity.lifespan_ms = (how & 16) != 0 ? 1000 : 0;
    if (!e->has_login)
        return;
    if ((how & 3) == 0)
        (void)coax_login_refuse(e->login, "no");
    else if ((how & 3) == 1)
        (void)coax_login_defer(e->login, NULL);
    else if (coax_login_accept(e->login, &identity, NULL) == COAX_OK)
        e->n_accepted++;
}

static void answer_lookup(uint8_t how)
{
    if (users.lookup.loop == NULL)
        return;
    if ((how & 1) != 0)
        tell();
    else
        (void)coax_lookup_failed(users.lookup, "away");
}

static size_t put_text(uint8_t *at, const void *text, size_t len)
{
    at[0] = 0xd9;
    at[1] = (uint8_t)len;
    memcpy(at + 2, text, len);
    return 2 + len;
}

static size_t put_bytes(enter *e, uint8_t *at)
{
    static const uint16_t lengths[] = { 0,   1,   CX_OPAQUE_KE1, CX_OPAQUE_KE2, CX_OPAQUE_KE3,
                                        319, 600, 2048 };
    const size_t len = lengths[next(e) & 7];
    at[0] = 0xc5;
    at[1] = (uint8_t)(len >> 8);
    at[2] = (uint8_t)len;
    memset(at + 3, next(e), len);
    if (len == sizeof token - 1 || (next(e) & 1) != 0)
        memcpy(at + 3, token, len < sizeof token - 1 ? len : sizeof token - 1);
    return 3 + len;
}

static size_t hello(enter *e, uint8_t *at)
{
    static const char *const mechanisms[] = { "token", "opaque", "plain", "Token", "", "x" };
    static const char *const names[] = { "alice", "bob", "", "carol", "al\1ce", "\xff\xfe" };
    static const uint8_t start[] = { 0x84, 1,    0xa1, 'x', 2,    0, 3, 0x85, 1,    0xcd, 0x80,
                                     0x00, 2,    0xce, 0,   0x40, 0, 0, 3,    0xcd, 4,    0,
                                     4,    0xce, 0,    4,   0,    0, 5, 0,    4,    0x83, 1 };
    size_t len = sizeof start;
    memcpy(at, start, len);
    const char *word = mechanisms[next(e) % 6];
    len += put_text(at + len, word, strlen(word));
    at[len++] = 2;
    word = names[next(e) % 6];
    len += put_text(at + len, word, strlen(word));
    at[len++] = 3;
    return len + put_bytes(e, at + len);
}

static size_t auth(enter *e, uint8_t *at)
{
    size_t len = 0;
    at[len++] = 0x83;
    at[len++] = 1;
    len += put_bytes(e, at + len);
    for (uint8_t i = 2; i < 4; i++) {
        at[len++] = i;
        at[len++] = 0xcd;
        at[len++] = next(e);
        at[len++] = next(e);
    }
    return len;
}

/* A frame that nobody sent. */
static void inject(enter *e)
{
    static raw bytes;
    static const uint8_t types[] = { CX_FRAME_HELLO,
                                     CX_FRAME_AUTH,
                                     CX_FRAME_AUTH,
                                     CX_FRAME_HELLO,
                                     CX_FRAME_WELCOME,
                                     CX_FRAME_GOAWAY,
                                     CX_FRAME_PING,
                                     CX_FRAME_SUBSCRIBE,
                                     CX_FRAME_REQUEST,
                                     CX_FRAME_ONEWAY,
                                     CX_FRAME_ITEM,
                                     CX_FRAME_CANCEL,
                                     200,
                                     CX_FRAME_RESPONSE,
                                     CX_FRAME_END,
                                     CX_FRAME_WINDOW };
    uint8_t data[4096] = { 0x80 };
    const uint8_t how = next(e);
    cx_frame frame = { .type = types[how & 15] };
    size_t len = 1;
    switch (frame.type) {
    case CX_FRAME_HELLO: len = hello(e, data); break;
    case CX_FRAME_AUTH: len = auth(e, data); break;
    case CX_FRAME_PING: len = 8; break;
    case CX_FRAME_CANCEL: frame.aux = 1; /* fall through */
    case CX_FRAME_END:
    case CX_FRAME_WINDOW:
    case CX_FRAME_SUBSCRIBE: len = 0; break;
    default: break;
    }
    if (frame.type < CX_FRAME_HELLO)
        frame.call = 1 + next(e) % 3u;
    if (frame.type == CX_FRAME_REQUEST || frame.type == CX_FRAME_ONEWAY)
        frame.method = echo_echo.id;
    if (frame.type == CX_FRAME_SUBSCRIBE || frame.type == CX_FRAME_WINDOW)
        frame.method = 0xbe0;
    raw_clear(&bytes);
    raw_frame(&bytes, frame, data, len);
    pair_feed(&e->two, (how & 0x80) != 0 ? &e->two.client : &e->two.server, bytes.bytes, bytes.len,
              (how & 0x40) != 0 ? 5 : 0);
}

/* What is on its way from one side arrives changed. */
static void flip(enter *e)
{
    uint8_t bytes[2048];
    const uint8_t how = next(e);
    pair_side *from = (how & 1) != 0 ? &e->two.client : &e->two.server;
    pair_side *to = (how & 1) != 0 ? &e->two.server : &e->two.client;
    const size_t len = pair_take(from, bytes, sizeof bytes);
    if (len == 0)
        return;
    const size_t place = ((size_t)next(e) << 8 | next(e)) % len;
    bytes[place] ^= (uint8_t)(1u << (how >> 5));
    pair_feed(&e->two, to, bytes, len, 0);
}

static void call(enter *e)
{
    static pair_answer answer; /* ends by itself, before or with the connection */
    const echo_note note = echo_make(next(e), "early");
    if (e->two.client.endpoint.n_calls == 0) {
        memset(&answer, 0, sizeof answer);
        (void)!pair_call(&e->two.client, &echo_echo, &note, NULL, &answer);
    }
}

static void step(enter *e)
{
    pair *two = &e->two;
    switch (next(e) & 15) {
    case 0:
    case 1:
    case 2:
    case 3: inject(e); break;
    case 4: decide(e, next(e)); break;
    case 5: answer_lookup(next(e)); break;
    case 6: finish_stretch(e, (next(e) & 1) != 0); break;
    case 7: flip(e); break;
    case 8: two->server.is_held = !two->server.is_held; break;
    case 9: two->client.is_held = !two->client.is_held; break;
    case 10: pair_advance(two, next(e) * 40u); break;
    case 11: call(e); break;
    default: pair_pump(two);
    }
    demand(two->server.n_handled == 0 || two->server.n_open > 0);
}

/* Nobody is in without a reason. */
static void check(const enter *e)
{
    const cx_session *session = &e->two.server.endpoint.session;
    if (e->two.server.n_open > 0 && e->two.server.n_closed == 0) {
        demand(session->is_full && session->person != NULL);
        demand(session->mechanism == COAX_MECHANISM_TOKEN ||
               (session->mechanism == COAX_MECHANISM_PLAIN && e->n_accepted > 0) ||
               (session->mechanism == COAX_MECHANISM_PASSWORD && e->n_stretched > 0));
    }
    if (e->out.mechanism == COAX_MECHANISM_PASSWORD)
        demand(e->two.client.n_open == 0 || e->n_stretched > 0);
}

static void set_up(enter *e, uint8_t control)
{
    static const coax_mechanism shown[] = { COAX_MECHANISM_NONE, COAX_MECHANISM_TOKEN,
                                            COAX_MECHANISM_PASSWORD, COAX_MECHANISM_PLAIN };
    static const char *const no_roles[] = { NULL };
    static const coax_token tokens[] = { { token, "robot", no_roles }, { NULL, NULL, NULL } };
    memset(e, 0, sizeof *e);
    pair *two = &e->two;
    if (store == NULL)
        open_store();
    users.answers_later = (control & 4) != 0;
    memset(&users.lookup, 0, sizeof users.lookup);
    pair_init(two);
    const cx_logins_config config = { .env = &two->fake.env,
                                      .tokens = tokens,
                                      .users = store,
                                      .on_login = on_login,
                                      .self = e,
                                      .takes_plain_passwords = true,
                                      .second_login = COAX_SECOND_REFUSE,
                                      .lifespan_ms = (control & 8) != 0 ? 5000 : COAX_NEVER_MS };
    demand(cx_logins_create(&config, &e->logins, NULL) == COAX_OK);
    e->out = (cx_login_out_config){ .mechanism = shown[control & 3],
                                    .user = (control & 3) == 1 ? "" : "alice",
                                    .secret = (control & 3) == 1    ? token
                                              : (control & 16) != 0 ? "wrong"
                                                                    : "right" };
    e->to_client = *two->client.config.events;
    e->to_client.way = find_way;
    e->to_client.stretch = stretch;
    e->to_server = *two->server.config.events;
    e->to_server.way = find_way;
    two->client.config.events = &e->to_client;
    two->client.config.login_out = &e->out;
    two->server.config.events = &e->to_server;
    two->server.config.logins = e->logins;
    demand(pair_make(two) == COAX_OK);
}

static void tear_down(enter *e)
{
    pair *two = &e->two;
    pair_break(two, "over");
    pair_pump(two);
    demand(two->server.n_closed == 1 && two->client.n_closed == 1);
    while (e->n_stretches > 0)
        finish_stretch(e, false);
    decide(e, 2);
    answer_lookup(1);
    pair_deinit(two);
    cx_logins_destroy(e->logins);
    demand(two->fake.n_live == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static enter e;
    set_up(&e, size > 0 ? data[0] : 0);
    e.at = data + (size > 0);
    e.end = data + size;
    for (int i = 0; i < STEPS_MAX && e.at < e.end; i++) {
        step(&e);
        check(&e);
    }
    tear_down(&e);
    return 0;
}
