/*
 * What coax does not have, and therefore must refuse: relays (S12), compression (S16), discovery (S21); and lengths, which it
 * believes to nobody (S17). Strangers speak frames by hand, with and without encryption, before and after they are let in.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "party.h"

/* S12 */

/* What a relay would need is unknown, and ends the connection of whoever asks for it. */
static void expect_refused_type(party *p, uint8_t type, bool is_let_in)
{
    char words[60];
    party_stranger(p, NULL, is_let_in);
    stranger_send(&p->stranger, (cx_frame){ .type = type }, "\x81\x01\xa8tcp://b:7", 11);
    party_hear_out(p);
    (void)snprintf(words, sizeof words, "%u", type);
    if (!stranger_heard(&p->stranger, CX_FRAME_GOAWAY))
        fail_msg("type %u: no reason was given", type);
    assert_int_equal(p->trio.now.n_heard, 0);
    party_dismiss(p);
}

static void no_frame_leads_to_another_peer(void **state)
{
    static const uint8_t types[] = { 13, 14, 15, 20, 21, 22, 23, 26, 27, 31, 32, 64, 100, 127 };
    party p;
    PARTY_OF_EACH_WAY(state, p)
    {
        for (size_t i = 0; i < sizeof types; i++) {
            expect_refused_type(&p, types[i], true);
            expect_refused_type(&p, types[i], false);
        }
        party_close(&p);
    }
}

/* Frames that may be skipped are skipped: neither answered nor passed on to the good client. */
static void what_is_skipped_is_not_passed_on(void **state)
{
    party p;
    PARTY_OF_EACH_WAY(state, p)
    {
        party_stranger(&p, NULL, true);
        uint64_t before = party_good_bytes(&p);
        for (unsigned type = 128; type < 256; type++)
            stranger_send(&p.stranger, (cx_frame){ .type = (uint8_t)type, .call = 3, .method = 4 },
                          "tcp://b:7", 9);
        party_ping(&p);
        assert_int_equal(party_good_bytes(&p), before);
        party_dismiss(&p);
        party_close(&p);
    }
}

/* Answers to questions nobody asked, and questions under the other side's numbers, reach nobody. */
static void nobody_can_speak_for_another(void **state)
{
    static const cx_frame frames[] = {
        { .type = CX_FRAME_RESPONSE, .call = 1 },
        { .type = CX_FRAME_RESPONSE, .call = 0x80000001u },
        { .type = CX_FRAME_ERROR, .call = 1, .aux = 14 },
        { .type = CX_FRAME_ITEM, .call = 1 },
        { .type = CX_FRAME_CANCEL, .call = 1, .aux = 1 },
        { .type = CX_FRAME_EVENT, .call = 0x80000002u, .method = 77 },
    };
    party p;
    PARTY_OF_EACH_WAY(state, p)
    {
        for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
            party_stranger(&p, NULL, true);
            uint64_t before = party_good_bytes(&p);
            bool has_payload = frames[i].type != CX_FRAME_CANCEL;
            stranger_send(&p.stranger, frames[i], "\x80", has_payload ? 1 : 0);
            party_settle(&p);
            assert_int_equal(party_good_bytes(&p), before);
            party_dismiss(&p);
        }
        party_close(&p);
    }
}

/* S16 */

static void nothing_compressed_is_taken(void **state)
{
    static const uint8_t types[] = { CX_FRAME_REQUEST, CX_FRAME_ONEWAY, CX_FRAME_RESPONSE,
                                     CX_FRAME_ERROR,   CX_FRAME_EVENT,  CX_FRAME_ITEM,
                                     CX_FRAME_END,     CX_FRAME_HEAD,   CX_FRAME_HELLO,
                                     CX_FRAME_AUTH,    CX_FRAME_PING };
    static uint8_t bomb[4000]; /* whatever it would unpack to */
    party p;
    PARTY_OF_EACH_WAY(state, p)
    {
        for (size_t i = 0; i < 2 * sizeof types; i++) {
            const bool is_let_in = i < sizeof types;
            const uint8_t type = types[i % sizeof types];
            const cx_frame frame = { .type = type,
                                     .flags = CX_FLAG_COMPRESSED,
                                     .call = 5,
                                     .method = VAULT_PACKET_VAULT_PUT };
            party_stranger(&p, NULL, is_let_in);
            trio_mark();
            const size_t base = trio_bytes();
            stranger_send(&p.stranger, frame, bomb, sizeof bomb);
            party_hear_out(&p);
            assert_true(p.stranger.is_over);
            assert_true(trio_most() - base < 80 * 1024);
            assert_int_equal(p.trio.now.n_heard, 0);
            party_dismiss(&p);
        }
        party_close(&p);
    }
}

/* S17 */

static void no_length_is_believed(void **state)
{
    static const uint32_t lengths[] = { 32769, 1u << 20, 1u << 24, 0x7fffffff, 0xffffffff };
    party p;
    PARTY_OF_EACH_WAY(state, p)
    {
        for (size_t i = 0; i < 2 * sizeof lengths / sizeof lengths[0]; i++) {
            const bool is_let_in = i % 2 == 0;
            const cx_frame frame = {
                .type = is_let_in ? CX_FRAME_REQUEST : CX_FRAME_HELLO,
                .length = lengths[i / 2],
                .call = is_let_in ? 7 : 0,
                .method = is_let_in ? VAULT_PACKET_VAULT_PUT : 0,
            };
            party_stranger(&p, NULL, is_let_in);
            trio_mark();
            const size_t base = trio_bytes();
            stranger_send_false(&p.stranger, frame, "\x83", 1);
            party_hear_out(&p);
            if (!p.stranger.is_over || stranger_heard(&p.stranger, CX_FRAME_GOAWAY) == NULL)
                fail_msg("%u bytes were waited for", (unsigned)frame.length);
            assert_true(trio_most() - base < 80 * 1024);
            party_dismiss(&p);
        }
        party_close(&p);
    }
}

/* Before somebody is let in, all he sends has room in 4 KiB, however he cuts it. */
static void before_the_opening_4_kib_are_all(void **state)
{
    static uint8_t filler[4096];
    party p;
    PARTY_OF_EACH_WAY(state, p)
    {
        for (int piece = 1; piece < 3; piece++) {
            const cx_frame frame = { .type = CX_FRAME_HELLO, .length = 4090 };
            party_stranger(&p, NULL, false);
            trio_mark();
            const size_t base = trio_bytes();
            stranger_send_false(&p.stranger, frame, filler, 1);
            for (int i = 0; i < 4096 / piece && !p.stranger.is_over; i += 512) {
                party_settle(&p);
                if (!p.stranger.is_over)
                    stranger_seal(&p.stranger, filler, (size_t)(512 / piece));
            }
            party_hear_out(&p);
            assert_true(p.stranger.is_over);
            assert_true(trio_most() - base < 80 * 1024);
            party_dismiss(&p);
        }
        party_close(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "S12: no frame leads to another peer: there is no relay to be open",
          no_frame_leads_to_another_peer, NULL, NULL, NULL },
        { "S12: frames that are skipped are not passed on", what_is_skipped_is_not_passed_on, NULL,
          NULL, NULL },
        { "S12: nobody can speak for another", nobody_can_speak_for_another, NULL, NULL, NULL },
        { "S16: nothing compressed is taken, before or after the opening",
          nothing_compressed_is_taken, NULL, NULL, NULL },
        { "S17: no length is believed, before or after the opening", no_length_is_believed, NULL,
          NULL, NULL },
        { "S17: before the opening 4 KiB are all there is", before_the_opening_4_kib_are_all, NULL,
          NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
