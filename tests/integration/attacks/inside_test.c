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

#include "inside.h"

/* Deeds: what is done once the handshake is over. */

static void nothing(inside *e)
{
    (void)e;
}

static void half_a_header(inside *e)
{
    stranger_seal(&e->s, "\x10\0\0\0\x20", 5);
}

static void a_request_first(inside *e)
{
    inside_request(e, CX_FRAME_REQUEST, 1);
}

static void an_auth_first(inside *e)
{
    inside_auth(e);
}

static void a_ping_first(inside *e)
{
    stranger_send(&e->s, inside_frame(CX_FRAME_PING, 0, 0), "eight by", 8);
}

static void a_welcome_first(inside *e)
{
    stranger_send(&e->s, inside_frame(CX_FRAME_WELCOME, 0, 0), "\x80", 1);
}

static void goaway_first(inside *e)
{
    stranger_send(&e->s, inside_frame(CX_FRAME_GOAWAY, 0, 0), "\x81\x01\xa1x", 4);
}

static void a_drain_first(inside *e)
{
    stranger_send(&e->s, inside_frame(CX_FRAME_GOAWAY, 0, 0), "\x82\x01\xa1x\x02\xc3", 6);
}

static void a_cancel_first(inside *e)
{
    stranger_send(&e->s, (cx_frame){ .type = CX_FRAME_CANCEL, .call = 1, .aux = 1 }, NULL, 0);
}

static void frames_to_skip_without_end(inside *e)
{
    for (int i = 0; i < 300; i++)
        stranger_send(&e->s, inside_frame(200, 0, 0), NULL, 0);
}

static void a_frame_to_skip_that_is_4_kib(inside *e)
{
    static const uint8_t long_one[4081];
    stranger_send(&e->s, inside_frame(200, 0, 0), long_one, sizeof long_one);
}

static void a_hello_that_claims_4_gib(inside *e)
{
    stranger_send_false(&e->s, (cx_frame){ .type = CX_FRAME_HELLO, .length = UINT32_MAX }, "x", 1);
}

static void a_hello_of_garbage(inside *e)
{
    stranger_send(&e->s, inside_frame(CX_FRAME_HELLO, 0, 0), "\xdf\xff\xff\xff\xff", 5);
}

static void an_empty_hello(inside *e)
{
    stranger_send(&e->s, inside_frame(CX_FRAME_HELLO, 0, 0), NULL, 0);
}

static void two_hellos(inside *e)
{
    inside_show(e, "token", "", 16);
    inside_show(e, "token", "", 16);
}

static void two_hellos_with_ke1(inside *e)
{
    inside_ke1(e);
    inside_ke1(e);
}

static void an_auth_with_the_hello(inside *e)
{
    inside_show(e, "token", "", 16);
    inside_auth(e);
}

static void an_auth_before_ke2(inside *e)
{
    inside_ke1(e);
    inside_auth(e);
    inside_auth(e);
}

static void a_request_between_ke1_and_ke3(inside *e)
{
    inside_ke1(e);
    inside_request(e, CX_FRAME_REQUEST, 1);
    inside_auth(e);
}

static void everything_early(inside *e)
{
    inside_show(e, "token", "", 16);
    inside_early(e);
    stranger_send(&e->s, inside_frame(CX_FRAME_PING, 0, 0), "eight by", 8);
}

static void more_early_than_there_is_room(inside *e)
{
    inside_show(e, "token", "", 16);
    for (uint32_t i = 0; i < 400; i++)
        inside_request(e, CX_FRAME_REQUEST, i + 1);
}

static void early_goodbye(inside *e)
{
    inside_show(e, "token", "", 16);
    stranger_send(&e->s, inside_frame(CX_FRAME_GOAWAY, 0, 0), "\x81\x01\xa1x", 4);
}

static void records_of_one_byte(inside *e)
{
    static const uint8_t frame[16] = { 200 };
    for (int i = 0; i < 4000 && e->s.stream != NULL; i++)
        stranger_seal(&e->s, &frame[i % 16], 1);
}

/* A key changed again and again, which no sender has a reason for. */
static void empty_records(inside *e)
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

static void a_record_head_without_a_body(inside *e)
{
    stranger_send_raw(&e->s, "\xfe\xff", 2);
}

static void a_record_head_that_means_4096(inside *e)
{
    stranger_send_raw(&e->s, "\x10\x10", 2);
}

static void a_record_shorter_than_its_tag(inside *e)
{
    stranger_send_raw(&e->s, "\x0f\0garbage-garbag", 17);
}

static void a_record_of_the_wrong_key(inside *e)
{
    uint8_t record[40] = { 38, 0, 1, 2, 3 };
    stranger_send_raw(&e->s, record, sizeof record);
}

static void a_refusal_where_a_record_should_be(inside *e)
{
    stranger_send_raw(&e->s, "\xff\xff\x01\0\x02\0no", 8);
}

static void mechanisms_that_are_none(inside *e)
{
    static const char *const names[] = { "Token", "TOKEN", "token ", "opaque2",
                                         "PLAIN", "none",  "key" };
    static uint32_t turn;
    inside_show(e, names[turn++ % 7], "ada", 16);
}

static void ke1_of_another_length(inside *e)
{
    static const size_t lengths[] = { 0, 1, 31, 95, 97, 192, 2048 };
    static uint32_t turn;
    inside_show(e, "opaque", "ada", lengths[turn++ % 7]);
}

static void ke1_that_is_no_element(inside *e)
{
    inside_show(e, "opaque", "ada", CX_OPAQUE_KE1);
}

static void a_proof_past_the_limit(inside *e)
{
    inside_show(e, "token", "", 2049);
}

static void ke1_for_nobody(inside *e)
{
    guess g;
    guess_start(&g, &e->s, "", "a guess");
    guess_say_ke1(&e->s, "", g.ke1);
}

/* KE3 with a name that has a NUL, is no UTF-8, or is 256 bytes long. */
static void hello_with_user(inside *e, const char *user, size_t user_len, uint8_t kind)
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

static void a_name_with_a_nul(inside *e)
{
    hello_with_user(e, "ada\0bob", 7, 0xd9);
}

static void a_name_that_is_no_text(inside *e)
{
    hello_with_user(e, "ad\xff\xfe", 4, 0xd9);
}

static void a_name_that_is_too_long(inside *e)
{
    char name[400];
    memset(name, 'a', sizeof name);
    hello_with_user(e, name, sizeof name, 0xda);
}

static void a_name_with_a_line_end(inside *e)
{
    hello_with_user(e, "ada\nroot", 8, 0xd9);
}

typedef struct deed_inside {
    const char *name;
    void (*act)(inside *e);
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
static void endure(inside *e, const deed_inside *one)
{
    inside_come(e);
    one->act(e);
    const bool is_out = inside_until(e, inside_is_over, 60000);
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
    inside_go(e);
    if (e->trio.now.wrong[0] != '\0')
        fail_msg("%s: %s", one->name, e->trio.now.wrong);
}

static void nothing_before_hello_gets_anywhere(void **state)
{
    inside e;
    (void)state;
    for (int kind = DOOR_OPEN; kind <= DOOR_TOKENS; kind++) {
        inside_open(&e, (door)kind);
        for (size_t i = 0; i < sizeof before_hello / sizeof before_hello[0]; i++)
            endure(&e, &before_hello[i]);
        inside_close(&e);
    }
}

static void nothing_in_a_login_gets_anywhere(void **state)
{
    inside e;
    (void)state;
    for (int kind = DOOR_USERS; kind <= DOOR_TOKENS; kind++) {
        inside_open(&e, (door)kind);
        for (size_t i = 0; i < sizeof in_logins / sizeof in_logins[0]; i++)
            endure(&e, &in_logins[i]);
        inside_close(&e);
    }
}

/* Once he is in, there is nothing to log in with any more. */
static void nothing_of_a_login_comes_after_welcome(void **state)
{
    static const deed_inside late[] = {
        { "a second HELLO", two_hellos, "HELLO out of place" },
        { "a late KE1", two_hellos_with_ke1, "HELLO out of place" },
        { "a late KE3", an_auth_first, "AUTH out of place" },
        { "a late WELCOME", a_welcome_first, "WELCOME out of place" },
    };
    inside e;
    (void)state;
    inside_open(&e, DOOR_OPEN);
    for (size_t i = 0; i < sizeof late / sizeof late[0]; i++) {
        inside_come(&e);
        stranger_hello(&e.s, "inside", (coax_bytes){ NULL, 0 });
        assert_true(inside_until(&e, inside_is_answered, 10000));
        assert_non_null(stranger_heard(&e.s, CX_FRAME_WELCOME));
        late[i].act(&e);
        assert_true(inside_until(&e, inside_is_over, 10000));
        assert_true(stranger_heard_words(&e.s, CX_FRAME_GOAWAY, late[i].says));
        inside_go(&e);
        assert_int_equal(e.trio.now.n_connects, 1);
        assert_int_equal(e.trio.now.n_disconnects, 1);
    }
    inside_close(&e);
}

/* Who lets himself be believed where nobody looks would think that he was. */
static void a_server_that_asks_for_nothing_takes_no_login(void **state)
{
    static void (*const shown[])(inside *) = { two_hellos, two_hellos_with_ke1, everything_early,
                                               mechanisms_that_are_none };
    inside e;
    (void)state;
    inside_open(&e, DOOR_OPEN);
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        inside_come(&e);
        shown[i](&e);
        assert_true(inside_until(&e, inside_is_over, 10000));
        assert_null(stranger_heard(&e.s, CX_FRAME_WELCOME));
        assert_true(stranger_heard_words(&e.s, CX_FRAME_GOAWAY, "this server takes no logins"));
        inside_go(&e);
        assert_string_equal(e.trio.now.wrong, "");
    }
    inside_close(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_before_hello_gets_anywhere),
        cmocka_unit_test(nothing_in_a_login_gets_anywhere),
        cmocka_unit_test(nothing_of_a_login_comes_after_welcome),
        cmocka_unit_test(a_server_that_asks_for_nothing_takes_no_login),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
