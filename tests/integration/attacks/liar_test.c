/*
 * A server that lies to its clients: it says welcome unproved, asks for what it must not have, claims a password's record that it does
 * not have, and has Argon2id cost what it likes. Clients end by name, soon, and give nothing away.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "folk.h"
#include "node/secrets.h"
#include "secure/secret.h"
#include "stranger.h"
#include "secure/opaque.h"
#include "trio.h"

/* What a client shows. */
typedef enum shows { SHOWS_NOTHING = 0, SHOWS_TOKEN, SHOWS_PASSWORD, SHOWS_PLAIN, SHOWS } shows;

typedef struct scene scene;

/* What the liar answers to HELLO. */
typedef struct lie {
    const char *name;
    void (*tell)(scene *e);
    /* What each client ends with; COAX_OK: it is open, as it may be. */
    coax_err ends[SHOWS];
} lie;

struct scene {
    trio trio;
    stranger liar;
    const lie *lie;
    uint32_t n_hellos;
    uint32_t n_auths;
    bool has_read; /* the password, in whatever form it knows */
};

static void welcome(scene *e)
{
    static const uint8_t bytes[] = { 0x83, 1, 0xa1, 'x',  2, 0,    3, 0x85, 1, 0xcd,
                                     0x80, 0, 2,    0xce, 0, 0x40, 0, 0,    3, 0xcd,
                                     4,    0, 4,    0xce, 0, 4,    0, 0,    5, 0 };
    stranger_send(&e->liar, (cx_frame){ .type = CX_FRAME_WELCOME }, bytes, sizeof bytes);
}

static void auth(scene *e, size_t len, uint32_t memory_kib, uint32_t passes)
{
    static uint8_t bytes[3000];
    size_t at = 0;
    bytes[at++] = 0x83;
    bytes[at++] = 1;
    bytes[at++] = 0xc5;
    bytes[at++] = (uint8_t)(len >> 8);
    bytes[at++] = (uint8_t)len;
    memset(bytes + at, 0, len);
    /* An element, so that the client gets as far as Argon2id. */
    if (len >= 32)
        crypto_core_ristretto255_random(bytes + at);
    if (len == CX_OPAQUE_KE2)
        crypto_core_ristretto255_random(bytes + at + len - 64 - 32);
    at += len;
    const uint32_t costs[] = { memory_kib, passes };
    for (uint8_t i = 0; i < 2; i++) {
        bytes[at++] = (uint8_t)(2 + i);
        bytes[at++] = 0xce;
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes[at++] = (uint8_t)(costs[i] >> shift);
    }
    stranger_send(&e->liar, (cx_frame){ .type = CX_FRAME_AUTH }, bytes, at);
}

static void an_auth_of_nothing(scene *e)
{
    auth(e, 0, 8192, 1);
}

static void a_ke2_of_another_length(scene *e)
{
    auth(e, CX_OPAQUE_KE2 - 1, 8192, 1);
}

static void a_proof_of_2049(scene *e)
{
    auth(e, 2049, 8192, 1);
}

static void a_ke2_made_up(scene *e)
{
    auth(e, CX_OPAQUE_KE2, 8192, 1);
}

static void a_ke2_and_welcome(scene *e)
{
    auth(e, CX_OPAQUE_KE2, 8192, 1);
    welcome(e);
}

static void a_cost_of_1_kib(scene *e)
{
    auth(e, CX_OPAQUE_KE2, 1, 1);
}

static void a_cost_of_64_gib(scene *e)
{
    auth(e, CX_OPAQUE_KE2, 64u << 20, 1);
}

static void a_cost_of_all_passes(scene *e)
{
    auth(e, CX_OPAQUE_KE2, 8192, UINT32_MAX);
}

static void a_cost_that_overflows(scene *e)
{
    auth(e, CX_OPAQUE_KE2, UINT32_MAX, UINT32_MAX);
}

static void a_cost_just_over(scene *e)
{
    auth(e, CX_OPAQUE_KE2, 1048576, 5);
}

static void auths_without_end(scene *e)
{
    for (int i = 0; i < 8; i++)
        auth(e, CX_OPAQUE_KE2, 8192, 1);
}

static void a_hello_back(scene *e)
{
    stranger_hello(&e->liar, "me too", (coax_bytes){ NULL, 0 });
}

static void a_request_first(scene *e)
{
    stranger_send(&e->liar,
                  (cx_frame){ .type = CX_FRAME_REQUEST,
                              .call = CX_CALL_ROLE_BIT | 1,
                              .method = VAULT_PACKET_VAULT_PUT },
                  "\x80", 1);
}

static void a_goodbye(scene *e)
{
    stranger_send(&e->liar, (cx_frame){ .type = CX_FRAME_GOAWAY, .aux = COAX_ERR_UNAUTHENTICATED },
                  "\x81\x01\xa9use plain", 12);
}

static void a_ke2_and_a_goodbye(scene *e)
{
    auth(e, CX_OPAQUE_KE2, 8192, 1);
    a_goodbye(e);
}

static void a_welcome_of_garbage(scene *e)
{
    stranger_send(&e->liar, (cx_frame){ .type = CX_FRAME_WELCOME }, "\xc1", 1);
}

static void nothing(scene *e)
{
    (void)e;
}

#define EACH(code)                                                                                 \
    {                                                                                              \
        COAX_ERR_##code, COAX_ERR_##code, COAX_ERR_##code, COAX_ERR_##code                         \
    }
#define PASSWORD(code)                                                                             \
    {                                                                                              \
        COAX_ERR_PROTOCOL, COAX_ERR_PROTOCOL, COAX_ERR_##code, COAX_ERR_PROTOCOL                   \
    }

static const lie lies[] = {
    { "nothing", nothing, EACH(DEADLINE_EXCEEDED) },
    { "welcome", welcome, { COAX_OK, COAX_OK, COAX_ERR_UNAUTHENTICATED, COAX_OK } },
    { "an AUTH of nothing", an_auth_of_nothing, EACH(PROTOCOL) },
    { "a KE2 of another length", a_ke2_of_another_length, EACH(PROTOCOL) },
    { "a proof of 2,049 bytes", a_proof_of_2049, EACH(PROTOCOL) },
    { "a KE2 made up", a_ke2_made_up, PASSWORD(UNAUTHENTICATED) },
    { "a KE2 and welcome", a_ke2_and_welcome, PASSWORD(UNAUTHENTICATED) },
    { "a cost of 1 KiB", a_cost_of_1_kib, PASSWORD(INVALID_ARGUMENT) },
    { "a cost of 64 GiB", a_cost_of_64_gib, PASSWORD(INVALID_ARGUMENT) },
    { "a cost of all passes", a_cost_of_all_passes, PASSWORD(INVALID_ARGUMENT) },
    { "a cost that overflows", a_cost_that_overflows, PASSWORD(INVALID_ARGUMENT) },
    { "a cost just over what is possible", a_cost_just_over, PASSWORD(INVALID_ARGUMENT) },
    { "AUTHs without end", auths_without_end, PASSWORD(UNAUTHENTICATED) },
    { "a HELLO back", a_hello_back, EACH(PROTOCOL) },
    { "a request first", a_request_first, EACH(PROTOCOL) },
    { "a goodbye", a_goodbye, EACH(UNAUTHENTICATED) },
    { "a KE2 and a goodbye", a_ke2_and_a_goodbye, PASSWORD(UNAUTHENTICATED) },
    { "a welcome of garbage", a_welcome_of_garbage, EACH(PROTOCOL) },
};

/* What the client says. */
static void on_frame(void *self, stranger *s, const cx_frame *frame, const uint8_t *payload)
{
    scene *e = self;
    (void)s;
    for (size_t i = 0; i + 6 <= frame->length; i++)
        e->has_read = e->has_read || memcmp(payload + i, FOLK_ADA_PASSWORD, 6) == 0;
    if (frame->type == CX_FRAME_AUTH)
        e->n_auths++;
    if (frame->type == CX_FRAME_HELLO && e->n_hellos++ == 0)
        e->lie->tell(e);
}

static void open_scene(scene *e, const lie *one, bool is_real)
{
    memset(e, 0, sizeof *e);
    e->lie = one;
    trio_open(&e->trio, TRIO_XX, is_real, 71, NULL);
    stranger_listen(&e->liar, e->trio.loop, is_real ? "tcp://127.0.0.1:0" : "tcp://liar:7", NULL);
    e->liar.on_frame = on_frame;
    e->liar.self = e;
    assert_int_equal(cx_url_parse(e->liar.url, &e->trio.mitm.target, NULL), COAX_OK);
}

static void choose(scene *e, shows what)
{
    coax_client_options *options = &e->trio.options;
    if (what == SHOWS_TOKEN)
        options->token = FOLK_KEEPER_TOKEN;
    if (what != SHOWS_PASSWORD && what != SHOWS_PLAIN)
        return;
    options->user = "ada";
    options->password = FOLK_ADA_PASSWORD;
    options->sends_plain_password = what == SHOWS_PLAIN;
}

static void close_scene(scene *e)
{
    stranger_close(&e->liar);
    coax_client_close(e->trio.client);
    e->trio.client = NULL;
    trio_wait(&e->trio, e->trio.sim != NULL ? 2000 : 50);
    trio_close(&e->trio);
    stranger_free(&e->liar);
}

static void endure(const lie *one, shows what, bool is_real)
{
    static const char *const names[] = { "nothing", "a token", "a password", "a plain password" };
    scene e;
    open_scene(&e, one, is_real);
    choose(&e, what);
    trio_connect(&e.trio);
    if (!trio_until(&e.trio, trio_is_decided, 60000))
        fail_msg("%s to a client that shows %s: it does not end", one->name, names[what]);
    const coax_err got = trio_is_open(&e.trio) ? COAX_OK : e.trio.now.client.code;
    if (got != one->ends[what])
        fail_msg("%s to a client that shows %s ends with %s: %s", one->name, names[what],
                 coax_err_name(got), e.trio.now.client.text);
    if (e.has_read && what != SHOWS_PLAIN)
        fail_msg("%s to a client that shows %s: the password was sent", one->name, names[what]);
    assert_int_equal(e.n_auths, 0); /* KE3 is for who has the record */
    close_scene(&e);
}

static void a_lie_ends_the_connection_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        for (int what = SHOWS_NOTHING; what < SHOWS; what++)
            endure(&lies[i], (shows)what, false);
    }
}

/* Where passwords are stretched on another thread, and what follows comes meanwhile. */
static void a_lie_that_comes_while_a_password_is_stretched_ends_it_as_well(void **state)
{
    static const lie real[] = {
        { "a KE2 and welcome", a_ke2_and_welcome, PASSWORD(UNAUTHENTICATED) },
        { "AUTHs without end", auths_without_end, PASSWORD(PROTOCOL) },
        { "a KE2 and a goodbye", a_ke2_and_a_goodbye, PASSWORD(UNAUTHENTICATED) },
    };
    (void)state;
    for (size_t i = 0; i < sizeof real / sizeof real[0]; i++)
        endure(&real[i], SHOWS_PASSWORD, true);
}

/* Each hangs up while a password is being stretched: the client comes back, and has one on its way at most. */

static void count_finished(void *owner)
{
    (*(uint32_t *)owner)++;
}

static cx_stretch *stretch_of(coax_loop *loop, const void *client, uint32_t *n_finished)
{
    cx_stretch *stretch = cx_secret_take(sizeof *stretch);
    assert_non_null(stretch);
    stretch->whose = client;
    stretch->owner = n_finished;
    stretch->on_finished = count_finished;
    stretch->is_away = true;
    assert_true(cx_secrets_stretch(loop, stretch));
    return stretch;
}

static void a_client_stretches_one_password_at_a_time(void **state)
{
    coax_loop_options options = COAX_LOOP_OPTIONS_INIT;
    const char clients[2] = { 0 };
    cx_stretch *stretches[4];
    uint32_t n_finished = 0;
    (void)state;
    coax_loop *loop = coax_loop_create(&options);
    assert_non_null(loop);
    for (int i = 0; i < 3; i++)
        stretches[i] = stretch_of(loop, &clients[0], &n_finished);
    assert_int_equal(cx_secrets_n_stretches(loop), 1);
    stretches[3] = stretch_of(loop, &clients[1], &n_finished);
    assert_int_equal(cx_secrets_n_stretches(loop), 2);
    stretches[1]->owner =
        NULL; /* the connection it was for has ended: it is freed, and never run */
    assert_int_equal(coax_loop_run(loop), COAX_OK);
    assert_int_equal(cx_secrets_n_stretches(loop), 0);
    assert_int_equal(n_finished, 3);
    cx_secret_give(stretches[0]);
    cx_secret_give(stretches[2]);
    cx_secret_give(stretches[3]);
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lie_ends_the_connection_by_name),
        cmocka_unit_test(a_lie_that_comes_while_a_password_is_stretched_ends_it_as_well),
        cmocka_unit_test(a_client_stretches_one_password_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
