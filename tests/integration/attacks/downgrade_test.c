/*
 * S2, the rest: nothing is negotiated, so nothing can be talked down. What the dialler names in its preface is part of the
 * handshake; no end ever goes on with less, whatever it is told.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "outcome.h"
#include "party.h"

/* Every other value of the bytes that name security, pattern and suite. */
static void the_preface_is_part_of_the_handshake(void **state)
{
    static const outcome_rule rule = {
        .client = { COAX_ERR_UNIMPLEMENTED, COAX_ERR_UNAUTHENTICATED, COAX_ERR_UNAVAILABLE,
                    COAX_ERR_INTERNAL, COAX_ERR_TAMPERED, COAX_ERR_KEY_CHANGED,
                    COAX_ERR_DATA_LOSS },
        .server = { COAX_ERR_UNIMPLEMENTED, COAX_ERR_UNAUTHENTICATED, COAX_ERR_PROTOCOL,
                    COAX_ERR_INSECURE, COAX_ERR_UNAVAILABLE, COAX_ERR_FAILED_PRECONDITION,
                    COAX_ERR_TAMPERED },
    };
    (void)state;
    for (trio_way way = TRIO_XX; way < TRIO_WAYS; way++) {
        static const uint8_t own[] = { 0, 0x11, 0x21, 0x31 };
        trio t;
        outcomes o = { 0 };
        trio_open(&t, way, false, 31, NULL);
        for (unsigned value = 0; value < 256; value++) {
            const deed pattern = { .act = DEED_SET, .way = MITM_UP, .at = 6, .value = value };
            const deed security = { .act = DEED_SET, .way = MITM_UP, .at = 5, .value = value };
            const deed version = { .act = DEED_SET, .way = MITM_UP, .at = 4, .value = value };
            if (value != own[way])
                outcome_of(&t, &o, &pattern, &rule);
            if (value != 1) {
                outcome_of(&t, &o, &security, &rule);
                outcome_of(&t, &o, &version, &rule);
            }
        }
        trio_check_server(&t);
        trio_close(&t);
    }
}

/* What the man in the middle says instead of the server, without encryption. */
typedef struct plain_answer {
    const uint8_t *bytes;
    size_t len;
} plain_answer;

static void answer_plainly(void *self, mitm_link *link, const mitm_unit *unit)
{
    const plain_answer *answer = self;
    if (unit->kind == MITM_PREFACE)
        mitm_send(link, MITM_DOWN, answer->bytes, answer->len);
}

static size_t put_frame(uint8_t *at, uint8_t type, uint16_t aux, const void *payload, size_t len)
{
    const cx_frame frame = { .type = type, .aux = aux, .length = (uint32_t)len };
    cx_frame_encode(&frame, at);
    memcpy(at + CX_FRAME_HEADER, payload, len);
    return CX_FRAME_HEADER + len;
}

static const uint8_t welcome[] = { 0x83, 0x01, 0xa4, 'c',  'a',  'l',  'c',  0x02, 0x00,
                                   0x03, 0x85, 0x01, 0xcd, 0x80, 0x00, 0x02, 0xce, 0x00,
                                   0x40, 0x00, 0x00, 0x03, 0xcd, 0x04, 0x00, 0x04, 0xce,
                                   0x00, 0x04, 0x00, 0x00, 0x05, 0xcd, 0x03, 0xe8 };

/* The client ends, having said no more than its handshake; it dials no second time with less. */
static void expect_no_fallback(trio *t, const plain_answer *answer)
{
    const uint32_t before = t->mitm.n_links;
    plain_answer own = *answer;
    trio_connect(t);
    t->mitm.script = answer_plainly;
    t->mitm.self = &own;
    (void)trio_ask_one(t, TRIO_PUT, 1);
    assert_true(trio_until(t, trio_is_closed, 60000));
    assert_int_equal(t->now.n_opened, 0);
    assert_int_not_equal(t->now.client.code, COAX_OK);
    const mitm_link *link = mitm_last(&t->mitm);
    assert_int_equal(link->security, 1);
    assert_int_equal(link->side[MITM_UP].n[MITM_RECORD], 0);
    assert_int_equal(link->side[MITM_UP].n[MITM_FRAME], 0);
    assert_int_equal(t->mitm.n_links, before + 1);
    trio_leave(t);
    trio_check(t);
}

static void no_client_falls_back(void **state)
{
    uint8_t bytes[300];
    (void)state;
    for (trio_way way = TRIO_XX; way < TRIO_WAYS; way++) {
        trio t;
        trio_open(&t, way, false, 32, NULL);
        size_t len = put_frame(bytes, CX_FRAME_WELCOME, 0, welcome, sizeof welcome);
        expect_no_fallback(&t, &(plain_answer){ bytes, len });
        len = put_frame(bytes, CX_FRAME_GOAWAY, 16, "\x81\x01\xaetry plain+tcp:", 17);
        expect_no_fallback(&t, &(plain_answer){ bytes, len });
        const uint8_t refusal[] = { 0xff, 0xff, 12,  0,   9,   0,   't', 'r',
                                    'y',  ' ',  'p', 'l', 'a', 'i', 'n' };
        expect_no_fallback(&t, &(plain_answer){ refusal, sizeof refusal });
        expect_no_fallback(&t, &(plain_answer){ (const uint8_t *)"HTTP/1.1 426 Upgrade\r\n", 22 });
        trio_check_server(&t);
        trio_close(&t);
    }
}

/* A refusal in clear may come from anybody: it says so, and ends the attempt, nothing else. */
static void what_is_said_in_clear_is_called_so(void **state)
{
    trio t;
    (void)state;
    trio_open(&t, TRIO_XX, false, 33, NULL);
    for (unsigned code = 0; code < 300; code += code < 20 ? 1 : 77) {
        const uint8_t refusal[] = { 0xff, 0xff,   (uint8_t)code, (uint8_t)(code >> 8),
                                    5,    0,      'a',           '\n',
                                    'b',  '\x1b', 0xff };
        expect_no_fallback(&t, &(plain_answer){ refusal, sizeof refusal });
        if (strstr(t.now.client.text, "anybody on the way") == NULL ||
            strpbrk(t.now.client.text, "\n\x1b\xff") != NULL)
            fail_msg("code %u: \"%s\"", code, t.now.client.text);
        assert_true(t.now.client.code <= COAX_ERR_UNAUTHENTICATED);
    }
    trio_close(&t);
}

/* The other way round: a client without encryption at a server that asks for it. */
static void a_server_that_encrypts_takes_nothing_plain(void **state)
{
    (void)state;
    for (trio_way way = TRIO_XX; way < TRIO_WAYS; way++) {
        const stranger_look plain = { .is_plain = true };
        party p;
        party_open(&p, way, NULL);
        party_stranger_start(&p, &plain);
        party_settle(&p);
        stranger_hello(&p.stranger, "plain", (coax_bytes){ NULL, 0 });
        const cx_frame drop = { .type = CX_FRAME_ONEWAY,
                                .call = 3,
                                .method = VAULT_PACKET_VAULT_DROP };
        stranger_send(&p.stranger, drop, "\x83\x01\x01\x02\x00\x03\xc4\x00", 8);
        party_hear_out(&p);
        assert_true(p.stranger.is_over);
        assert_null(stranger_heard(&p.stranger, CX_FRAME_WELCOME));
        const stranger_frame *goaway = stranger_heard(&p.stranger, CX_FRAME_GOAWAY);
        assert_non_null(goaway);
        assert_int_equal(goaway->frame.aux, COAX_ERR_FAILED_PRECONDITION);
        assert_true(stranger_heard_words(&p.stranger, CX_FRAME_GOAWAY, "only encrypted"));
        assert_int_equal(p.trio.now.n_heard, 0);
        party_dismiss(&p);
        party_close(&p);
    }
}

/* Frames in clear, put into a connection that is encrypted. */
static void nothing_plain_is_taken_inside(void **state)
{
    (void)state;
    for (trio_way way = TRIO_XX; way < TRIO_WAYS; way++) {
        uint8_t bytes[100];
        party p;
        party_open(&p, way, NULL);
        party_stranger(&p, NULL, true);
        size_t len = put_frame(bytes, CX_FRAME_PING, 0, "eight by", 8);
        for (int i = 0; i < 400 && !p.stranger.is_over; i++) {
            stranger_send_raw(&p.stranger, bytes, len);
            party_settle(&p);
        }
        party_hear_out(&p);
        assert_null(stranger_heard(&p.stranger, CX_FRAME_PONG));
        assert_int_equal(p.trio.now.server.code, COAX_ERR_TAMPERED);
        party_dismiss(&p);
        party_close(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "S2: the preface is part of the handshake: no other version, security, pattern or suite",
          the_preface_is_part_of_the_handshake, NULL, NULL, NULL },
        { "S2: no client falls back to less, whatever it is told", no_client_falls_back, NULL, NULL,
          NULL },
        { "S2: what is said in clear is called so", what_is_said_in_clear_is_called_so, NULL, NULL,
          NULL },
        { "S2: a server that encrypts takes nothing plain",
          a_server_that_encrypts_takes_nothing_plain, NULL, NULL, NULL },
        { "S20: nothing plain is taken inside", nothing_plain_is_taken_inside, NULL, NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
