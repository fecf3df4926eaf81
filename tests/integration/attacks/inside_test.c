/*
 * A peer that speaks the handshake as it should and misbehaves inside: before its HELLO, in it, while its login is under way and
 * instead of it. Whatever it does: no handler runs, nobody is told of it, it is gone in time, and a good client finds the server
 * well.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "folk.h"
#include "guess.h"
#include "trio.h"

/* What a server asks for. */
typedef enum door { DOOR_OPEN = 0, DOOR_USERS, DOOR_ASKS, DOOR_TOKENS } door;

typedef struct scene {
    folk folk;
    trio trio;
    stranger s;
    door door;
    coax_login login; /* what on_login was asked last */
    uint32_t n_asked;
} scene;

static void on_login(void *self, coax_login login, const coax_credential *credential)
{
    scene *e = self;
    (void)credential;
    e->login = login;
    e->n_asked++;
}

/* `self` of the server is the trio's: the scene is found by it. */
static scene *the_scene;

static void ask_scene(void *self, coax_login login, const coax_credential *credential)
{
    (void)self;
    on_login(the_scene, login, credential);
}

static void open_scene(scene *e, door kind)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    memset(e, 0, sizeof *e);
    the_scene = e;
    e->door = kind;
    folk_open(&e->folk);
    if (kind != DOOR_OPEN)
        options.login_failures = 100000;
    if (kind == DOOR_USERS)
        options.users = e->folk.store;
    if (kind == DOOR_ASKS) {
        options.on_login = ask_scene;
        options.takes_plain_passwords = true;
    }
    if (kind == DOOR_TOKENS)
        options.tokens = folk_tokens;
    trio_open(&e->trio, TRIO_XX, false, 61, &options);
    ledger_begin(&e->trio);
}

static void close_scene(scene *e)
{
    trio_check(&e->trio);
    trio_close(&e->trio);
    folk_close(&e->folk);
}

static bool is_ready(const scene *e)
{
    return e->s.is_ready || e->s.is_over;
}

static bool is_over(const scene *e)
{
    return e->s.is_over;
}

static bool is_answered(const scene *e)
{
    return e->s.is_over || stranger_heard(&e->s, CX_FRAME_AUTH) != NULL ||
           stranger_heard(&e->s, CX_FRAME_WELCOME) != NULL ||
           stranger_heard(&e->s, CX_FRAME_GOAWAY) != NULL;
}

static bool is_empty(const scene *e)
{
    return e->s.is_over && coax_server_n_peers(e->trio.server) == 0;
}

static bool until(scene *e, bool (*is_so)(const scene *), uint32_t ms)
{
    const uint64_t end = trio_now(&e->trio) + ms * UINT64_C(1000000);
    while (!is_so(e) && trio_now(&e->trio) < end)
        trio_step(&e->trio);
    return is_so(e);
}

static void come(scene *e)
{
    ledger_begin(&e->trio);
    e->trio.log_len = 0;
    e->trio.log[0] = '\0';
    stranger_dial(&e->s, e->trio.loop, e->trio.url, NULL);
    assert_true(until(e, is_ready, 10000));
    assert_true(e->s.is_ready);
}

static void go(scene *e)
{
    stranger_close(&e->s);
    assert_true(until(e, is_empty, 60000));
    trio_wait(&e->trio, 100);
    stranger_free(&e->s);
}

/* Frames. */

static cx_frame frame_of(uint8_t type, uint32_t call, uint32_t method)
{
    return (cx_frame){ .type = type, .call = call, .method = method };
}

/* A coin that a handler would take for one of the present client's if it ran. */
static void request(scene *e, uint8_t type, uint32_t call)
{
    static const uint8_t coin[] = { 0x83, 1, 1, 2, 1, 3, 0xc4, 0 };
    stranger_send(
        &e->s,
        frame_of(type, call,
                 type == CX_FRAME_ONEWAY ? VAULT_PACKET_VAULT_DROP : VAULT_PACKET_VAULT_PUT),
        coin, sizeof coin);
}

static void say_token(scene *e, const char *mechanism, const char *user, size_t len)
{
    static uint8_t proof[3000];
    static uint8_t credential[3500];
    memset(proof, 'p', sizeof proof);
    size_t n = stranger_credential(mechanism, user, (coax_bytes){ proof, len }, credential,
                                   sizeof credential);
    stranger_hello(&e->s, "inside", (coax_bytes){ credential, n });
}

static void say_auth(scene *e)
{
    static const uint8_t nothing[64] = { 1 };
    guess_say_ke3(&e->s, nothing);
}

static void say_ke1(scene *e)
{
    guess g;
    guess_start(&g, &e->s, "ada", "a guess");
    guess_say_ke1(&e->s, "ada", g.ke1);
}

static void early_kinds(scene *e)
{
    static const uint8_t types[] = { CX_FRAME_REQUEST, CX_FRAME_ONEWAY };
    for (uint32_t i = 0; i < 20; i++)
        request(e, types[i & 1], i + 1);
    stranger_send(&e->s, frame_of(CX_FRAME_SUBSCRIBE, 30, VAULT_PACKET_VAULT_MINTED), NULL, 0);
    stranger_send(&e->s, frame_of(CX_FRAME_REQUEST, 31, VAULT_PACKET_VAULT_TURN), "\x80", 1);
    stranger_send(&e->s, frame_of(CX_FRAME_ITEM, 31, 0), "\x80", 1);
    stranger_send(&e->s, frame_of(CX_FRAME_END, 31, 0), NULL, 0);
    stranger_send(&e->s, (cx_frame){ .type = CX_FRAME_CANCEL, .call = 31, .aux = 1 }, NULL, 0);
}

/* Deeds: what is done once the handshake is over. */

static void nothing(scene *e)
{
    (void)e;
}

static void half_a_header(scene *e)
{
    stranger_seal(&e->s, "\x10\0\0\0\x20", 5);
}

static void a_request_first(scene *e)
{
    request(e, CX_FRAME_REQUEST, 1);
}

static void an_auth_first(scene *e)
{
    say_auth(e);
}

static void a_ping_first(scene *e)
{
    stranger_send(&e->s, frame_of(CX_FRAME_PING, 0, 0), "eight by", 8);
}

static void a_welcome_first(scene *e)
{
    stranger_send(&e->s, frame_of(CX_FRAME_WELCOME, 0, 0), "\x80", 1);
}

static void goaway_first(scene *e)
{
    stranger_send(&e->s, frame_of(CX_FRAME_GOAWAY, 0, 0), "\x81\x01\xa1x", 4);
}

static void a_drain_first(scene *e)
{
    stranger_send(&e->s, frame_of(CX_FRAME_GOAWAY, 0, 0), "\x82\x01\xa1x\x02\xc3", 6);
}

static void a_cancel_first(scene *e)
{
    stranger_send(&e->s, (cx_frame){ .type = CX_FRAME_CANCEL, .call = 1, .aux = 1 }, NULL, 0);
}

static void frames_to_skip_without_end(scene *e)
{
    for (int i = 0; i < 300; i++)
        stranger_send(&e->s, frame_of(200, 0, 0), NULL, 0);
}

static void a_frame_to_skip_that_is_4_kib(scene *e)
{
    static const uint8_t long_one[4081];
    stranger_send(&e->s, frame_of(200, 0, 0), long_one, sizeof long_one);
}

static void a_hello_that_claims_4_gib(scene *e)
{
    stranger_send_false(&e->s, (cx_frame){ .type = CX_FRAME_HELLO, .length = UINT32_MAX }, "x", 1);
}

static void a_hello_of_garbage(scene *e)
{
    stranger_send(&e->s, frame_of(CX_FRAME_HELLO, 0, 0), "\xdf\xff\xff\xff\xff", 5);
}

static void an_empty_hello(scene *e)
{
    stranger_send(&e->s, frame_of(CX_FRAME_HELLO, 0, 0), NULL, 0);
}

static void two_hellos(scene *e)
{
    say_token(e, "token", "", 16);
    say_token(e, "token", "", 16);
}

static void two_hellos_with_ke1(scene *e)
{
    say_ke1(e);
    say_ke1(e);
}

static void an_auth_with_the_hello(scene *e)
{
    say_token(e, "token", "", 16);
    say_auth(e);
}

static void an_auth_before_ke2(scene *e)
{
    say_ke1(e);
    say_auth(e);
    say_auth(e);
}

static void a_request_between_ke1_and_ke3(scene *e)
{
    say_ke1(e);
    request(e, CX_FRAME_REQUEST, 1);
    say_auth(e);
}

static void everything_early(scene *e)
{
    say_token(e, "token", "", 16);
    early_kinds(e);
    stranger_send(&e->s, frame_of(CX_FRAME_PING, 0, 0), "eight by", 8);
}

static void more_early_than_there_is_room(scene *e)
{
    say_token(e, "token", "", 16);
    for (uint32_t i = 0; i < 400; i++)
        request(e, CX_FRAME_REQUEST, i + 1);
}

static void early_goodbye(scene *e)
{
    say_token(e, "token", "", 16);
    stranger_send(&e->s, frame_of(CX_FRAME_GOAWAY, 0, 0), "\x81\x01\xa1x", 4);
}

static void records_of_one_byte(scene *e)
{
    for (int i = 0; i < 4000 && e->s.stream != NULL; i++)
        stranger_seal(&e->s, "\xc8\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" + i % 16, 1);
}

/* A key changed again and again, which no sender has a reason for. */
static void empty_records(scene *e)
{
    for (int i = 0; i < 1000; i++) {
        uint8_t record[18] = { 16, 0 };
        assert_int_equal(cx_cipher_encrypt_with_ad(&e->s.channel.out.cipher,
                                                   (coax_bytes){ NULL, 0 }, record + 2, 0,
                                                   record + 2),
                         COAX_OK);
        cx_cipher_rekey(&e->s.channel.out.cipher);
        stranger_send_raw(&e->s, record, sizeof record);
    }
}

static void a_record_head_without_a_body(scene *e)
{
    stranger_send_raw(&e->s, "\xfe\xff", 2);
}

static void a_record_head_that_means_4096(scene *e)
{
    stranger_send_raw(&e->s, "\x10\x10", 2);
}

static void a_record_shorter_than_its_tag(scene *e)
{
    stranger_send_raw(&e->s, "\x0f\0garbage-garbag", 17);
}

static void a_record_of_the_wrong_key(scene *e)
{
    uint8_t record[40] = { 38, 0, 1, 2, 3 };
    stranger_send_raw(&e->s, record, sizeof record);
}

static void a_refusal_where_a_record_should_be(scene *e)
{
    stranger_send_raw(&e->s, "\xff\xff\x01\0\x02\0no", 8);
}

static void mechanisms_that_are_none(scene *e)
{
    static const char *const names[] = { "Token", "TOKEN", "token ", "opaque2",
                                         "PLAIN", "none",  "key" };
    static uint32_t turn;
    say_token(e, names[turn++ % 7], "ada", 16);
}

static void ke1_of_another_length(scene *e)
{
    static const size_t lengths[] = { 0, 1, 31, 95, 97, 192, 2048 };
    static uint32_t turn;
    say_token(e, "opaque", "ada", lengths[turn++ % 7]);
}

static void ke1_that_is_no_element(scene *e)
{
    say_token(e, "opaque", "ada", CX_OPAQUE_KE1);
}

static void a_proof_past_the_limit(scene *e)
{
    say_token(e, "token", "", 2049);
}

static void ke1_for_nobody(scene *e)
{
    guess g;
    guess_start(&g, &e->s, "", "a guess");
    guess_say_ke1(&e->s, "", g.ke1);
}

/* KE3 with a name that has a NUL, is no UTF-8, or is 256 bytes long. */
static void hello_with_user(scene *e, const char *user, size_t user_len, uint8_t kind)
{
    uint8_t credential[700];
    size_t at = 0;
    credential[at++] = 0x83;
    credential[at++] = 1;
    credential[at++] = 0xa6;
    memcpy(credential + at, "opaque", 6);
    at += 6;
    credential[at++] = 2;
    credential[at++] = kind;
    if (kind == 0xda)
        credential[at++] = (uint8_t)(user_len >> 8);
    credential[at++] = (uint8_t)user_len;
    memcpy(credential + at, user, user_len);
    at += user_len;
    credential[at++] = 3;
    credential[at++] = 0xc4;
    credential[at++] = CX_OPAQUE_KE1;
    guess g;
    guess_start(&g, &e->s, "ada", "a guess");
    memcpy(credential + at, g.ke1, CX_OPAQUE_KE1);
    stranger_hello(&e->s, "inside", (coax_bytes){ credential, at + CX_OPAQUE_KE1 });
}

static void a_name_with_a_nul(scene *e)
{
    hello_with_user(e, "ada\0bob", 7, 0xd9);
}

static void a_name_that_is_no_text(scene *e)
{
    hello_with_user(e, "ad\xff\xfe", 4, 0xd9);
}

static void a_name_that_is_too_long(scene *e)
{
    char name[400];
    memset(name, 'a', sizeof name);
    hello_with_user(e, name, sizeof name, 0xda);
}

static void a_name_with_a_line_end(scene *e)
{
    hello_with_user(e, "ada\nroot", 8, 0xd9);
}

typedef struct deed_inside {
    const char *name;
    void (*act)(scene *e);
    const char *says; /* in the GOAWAY that comes; NULL: whatever it says */
} deed_inside;

static const deed_inside before_hello[] = {
    { "nothing", nothing, "open_timeout" },
    { "half a header", half_a_header, NULL },
    { "a request first", a_request_first, "REQUEST before HELLO" },
    { "an AUTH first", an_auth_first, "AUTH out of place" },
    { "a PING first", a_ping_first, "PING before HELLO" },
    { "a WELCOME first", a_welcome_first, "WELCOME out of place" },
    { "GOAWAY first", goaway_first, NULL },
    { "a drain first", a_drain_first, NULL },
    { "a CANCEL first", a_cancel_first, "CANCEL before HELLO" },
    { "frames to skip without end", frames_to_skip_without_end, "before WELCOME" },
    { "a frame to skip of 4 KiB", a_frame_to_skip_that_is_4_kib, NULL },
    { "a HELLO that claims 4 GiB", a_hello_that_claims_4_gib, "before WELCOME" },
    { "a HELLO of garbage", a_hello_of_garbage, "HELLO" },
    { "an empty HELLO", an_empty_hello, "HELLO" },
    { "records of one byte", records_of_one_byte, NULL },
    { "empty records", empty_records, "changed a key that it has not used" },
    { "a head without a body", a_record_head_without_a_body, "a record of 65534 bytes" },
    { "a head of 4,112", a_record_head_that_means_4096, NULL },
    { "a record shorter than its tag", a_record_shorter_than_its_tag, "can't be" },
    { "a record of the wrong key", a_record_of_the_wrong_key, "does not open" },
    { "a refusal in clear", a_refusal_where_a_record_should_be, "can't be" },
};

static const deed_inside in_logins[] = {
    { "two HELLOs", two_hellos, NULL },
    { "two HELLOs with KE1", two_hellos_with_ke1, NULL },
    { "AUTH with the HELLO", an_auth_with_the_hello, NULL },
    { "AUTH before KE2", an_auth_before_ke2, NULL },
    { "a request between KE1 and KE3", a_request_between_ke1_and_ke3, NULL },
    { "everything early", everything_early, NULL },
    { "more early than there is room", more_early_than_there_is_room, NULL },
    { "an early goodbye", early_goodbye, NULL },
    { "mechanisms that are none", mechanisms_that_are_none, NULL },
    { "mechanisms that are none", mechanisms_that_are_none, NULL },
    { "mechanisms that are none", mechanisms_that_are_none, NULL },
    { "mechanisms that are none", mechanisms_that_are_none, NULL },
    { "mechanisms that are none", mechanisms_that_are_none, NULL },
    { "mechanisms that are none", mechanisms_that_are_none, NULL },
    { "mechanisms that are none", mechanisms_that_are_none, NULL },
    { "KE1 of another length", ke1_of_another_length, NULL },
    { "KE1 of another length", ke1_of_another_length, NULL },
    { "KE1 of another length", ke1_of_another_length, NULL },
    { "KE1 of another length", ke1_of_another_length, NULL },
    { "KE1 of another length", ke1_of_another_length, NULL },
    { "KE1 of another length", ke1_of_another_length, NULL },
    { "KE1 of another length", ke1_of_another_length, NULL },
    { "KE1 that is no element", ke1_that_is_no_element, NULL },
    { "a proof past the limit", a_proof_past_the_limit, NULL },
    { "KE1 for nobody", ke1_for_nobody, NULL },
    { "a name with a NUL", a_name_with_a_nul, NULL },
    { "a name that is no text", a_name_that_is_no_text, NULL },
    { "a name that is too long", a_name_that_is_too_long, NULL },
    { "a name with a line end", a_name_with_a_line_end, NULL },
};

/* Does it, waits until he is thrown out, and sees that nobody noticed. */
static void endure(scene *e, const deed_inside *one)
{
    come(e);
    one->act(e);
    const bool is_out = until(e, is_over, 60000);
    const stranger_frame *goaway = stranger_heard(&e->s, CX_FRAME_GOAWAY);
    if (!is_out)
        fail_msg("%s: still there: %s", one->name, e->trio.log);
    if (stranger_heard(&e->s, CX_FRAME_WELCOME) != NULL)
        fail_msg("%s: he is in", one->name);
    if (one->says != NULL && !stranger_heard_words(&e->s, CX_FRAME_GOAWAY, one->says))
        fail_msg("%s: \"%s\" is not what he hears (%s): %s", one->name, one->says,
                 goaway != NULL ? (const char *)goaway->payload : "nothing", e->trio.log);
    if (e->trio.now.n_connects + e->trio.now.n_disconnects != 0)
        fail_msg("%s: the server's program was told of him", one->name);
    go(e);
    if (e->trio.now.wrong[0] != '\0')
        fail_msg("%s: %s", one->name, e->trio.now.wrong);
}

static void nothing_before_hello_gets_anywhere(void **state)
{
    scene e;
    (void)state;
    for (int kind = DOOR_OPEN; kind <= DOOR_TOKENS; kind++) {
        open_scene(&e, (door)kind);
        for (size_t i = 0; i < sizeof before_hello / sizeof before_hello[0]; i++)
            endure(&e, &before_hello[i]);
        close_scene(&e);
    }
}

static void nothing_in_a_login_gets_anywhere(void **state)
{
    scene e;
    (void)state;
    for (int kind = DOOR_USERS; kind <= DOOR_TOKENS; kind++) {
        open_scene(&e, (door)kind);
        for (size_t i = 0; i < sizeof in_logins / sizeof in_logins[0]; i++)
            endure(&e, &in_logins[i]);
        close_scene(&e);
    }
}

/* What was sent ahead. */

static void send_ahead(scene *e)
{
    ledger_begin(&e->trio);
    come(e);
    say_token(e, "token", "", 16);
    early_kinds(e);
    trio_wait(&e->trio, 200);
    assert_int_equal(e->n_asked, 1);
    e->n_asked = 0;
    assert_string_equal(e->trio.now.wrong, "");
}

static void what_was_sent_ahead_of_a_refusal_never_runs(void **state)
{
    scene e;
    (void)state;
    open_scene(&e, DOOR_ASKS);
    send_ahead(&e);
    assert_int_equal(coax_login_refuse(e.login, "no"), COAX_OK);
    assert_true(until(&e, is_over, 10000));
    go(&e);
    assert_string_equal(e.trio.now.wrong, "");
    send_ahead(&e); /* and who leaves before he is answered */
    go(&e);
    assert_int_equal(coax_login_refuse(e.login, "no"), COAX_ERR_STALE);
    assert_string_equal(e.trio.now.wrong, "");
    close_scene(&e);
}

/* The control: the same frames do reach handlers. */
static void what_was_sent_ahead_of_a_welcome_runs(void **state)
{
    scene e;
    coax_identity identity = COAX_IDENTITY_INIT;
    (void)state;
    identity.principal = "somebody";
    open_scene(&e, DOOR_ASKS);
    send_ahead(&e);
    assert_int_equal(coax_login_accept(e.login, &identity, NULL), COAX_OK);
    trio_wait(&e.trio, 200);
    assert_string_not_equal(e.trio.now.wrong, "");
    e.trio.now.wrong[0] = '\0';
    go(&e);
    e.trio.now.wrong[0] = '\0';
    close_scene(&e);
}

/* Leaving. */

typedef enum leave_at { AT_HANDSHAKE = 0, AT_HELLO, AT_KE2, AT_KE3, AT_ONCE, LEAVES } leave_at;

static void come_and_leave(scene *e, leave_at when)
{
    guess g;
    ledger_begin(&e->trio);
    stranger_dial(&e->s, e->trio.loop, e->trio.url, NULL);
    if (when == AT_HANDSHAKE) {
        trio_step(&e->trio);
        trio_step(&e->trio);
        trio_step(&e->trio);
    } else {
        assert_true(until(e, is_ready, 10000));
        guess_start(&g, &e->s, "ada", FOLK_ADA_PASSWORD);
        guess_say_ke1(&e->s, "ada", g.ke1);
    }
    if (when >= AT_KE2 && when != AT_ONCE) {
        assert_true(until(e, is_answered, 10000));
        assert_true(guess_hear_ke2(&g, &e->s));
    }
    if (when == AT_KE3) {
        assert_true(guess_finish(&g, e->s.hash, e->s.hash_len));
        guess_say_ke3(&e->s, g.ke3);
    }
    go(e);
}

static void logins_given_up_at_any_step_leave_nothing(void **state)
{
    scene e;
    (void)state;
    open_scene(&e, DOOR_USERS);
    for (int when = AT_HANDSHAKE; when < LEAVES; when++)
        come_and_leave(&e, (leave_at)when);
    const size_t bytes = trio_bytes();
    for (int i = 0; i < 10; i++) {
        for (int when = AT_HANDSHAKE; when < LEAVES; when++)
            come_and_leave(&e, (leave_at)when);
    }
    assert_int_equal(trio_bytes(), bytes);
    close_scene(&e);
}

/* A seat that is kept by who has gone would shut its owner out. */
static void who_vanishes_in_the_middle_of_a_login_keeps_no_seat(void **state)
{
    static const leave_at all[] = { AT_HELLO, AT_KE2, AT_KE3, AT_ONCE };
    scene e;
    guess g;
    (void)state;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    memset(&e, 0, sizeof e);
    folk_open(&e.folk);
    options.users = e.folk.store;
    options.login_failures = 1000;
    options.second_login = COAX_SECOND_REFUSE;
    trio_open(&e.trio, TRIO_XX, false, 62, &options);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        come_and_leave(&e, all[i]);
        ledger_begin(&e.trio);
        come(&e);
        guess_start(&g, &e.s, "ada", FOLK_ADA_PASSWORD);
        guess_say_ke1(&e.s, "ada", g.ke1);
        assert_true(until(&e, is_answered, 10000));
        assert_true(guess_hear_ke2(&g, &e.s));
        assert_true(guess_finish(&g, e.s.hash, e.s.hash_len));
        guess_say_ke3(&e.s, g.ke3);
        trio_wait(&e.trio, 200);
        assert_non_null(stranger_heard(&e.s, CX_FRAME_WELCOME));
        go(&e);
    }
    close_scene(&e);
}

/* Guesses that all come at once. */

#define CROWD 150

static uint32_t n_answered(const stranger *crowd, uint8_t type)
{
    uint32_t n = 0;
    for (int i = 0; i < CROWD; i++)
        n += stranger_heard(&crowd[i], type) != NULL ? 1 : 0;
    return n;
}

static uint32_t guess_at_once(scene *e, stranger *crowd)
{
    guess g;
    for (int i = 0; i < CROWD; i++)
        stranger_dial(&crowd[i], e->trio.loop, e->trio.url, NULL);
    trio_wait(&e->trio, 1000);
    for (int i = 0; i < CROWD; i++) {
        assert_true(crowd[i].is_ready);
        guess_start(&g, &crowd[i], "ada", "a guess");
        guess_say_ke1(&crowd[i], "ada", g.ke1);
    }
    trio_wait(&e->trio, 1000);
    const uint32_t n = n_answered(crowd, CX_FRAME_AUTH);
    assert_int_equal(n + n_answered(crowd, CX_FRAME_GOAWAY), CROWD);
    for (int i = 0; i < CROWD; i++)
        stranger_close(&crowd[i]);
    trio_wait(&e->trio, 5000);
    assert_int_equal(coax_server_n_peers(e->trio.server), 0);
    for (int i = 0; i < CROWD; i++)
        stranger_free(&crowd[i]);
    return n;
}

/* Who has heard KE2 knows: so many guesses there are, and then one for each wait. */
static void guesses_at_once_are_counted_although_nobody_answers(void **state)
{
    static stranger crowd[CROWD];
    scene e;
    (void)state;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    memset(&e, 0, sizeof e);
    folk_open(&e.folk);
    options.users = e.folk.store;
    trio_open(&e.trio, TRIO_XX, false, 63, &options);
    assert_in_range(guess_at_once(&e, crowd), 5, 64);
    assert_int_equal(guess_at_once(&e, crowd), 0);
    trio_wait(&e.trio, 300000);
    assert_int_equal(guess_at_once(&e, crowd), 1);
    close_scene(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_before_hello_gets_anywhere),
        cmocka_unit_test(nothing_in_a_login_gets_anywhere),
        cmocka_unit_test(what_was_sent_ahead_of_a_refusal_never_runs),
        cmocka_unit_test(what_was_sent_ahead_of_a_welcome_runs),
        cmocka_unit_test(logins_given_up_at_any_step_leave_nothing),
        cmocka_unit_test(who_vanishes_in_the_middle_of_a_login_keeps_no_seat),
        cmocka_unit_test(guesses_at_once_are_counted_although_nobody_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
