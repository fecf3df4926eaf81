/*
 * Opens the party, lets strangers in and out, and looks after the good client.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "party.h"

static uint8_t server_public[32];

void party_open(party *p, trio_way way, const coax_server_options *server)
{
    memset(p, 0, sizeof *p);
    trio_open(&p->trio, way, false, 1, server);
    assert_int_equal(crypto_scalarmult_base(server_public, trio_server_secret), 0);
    trio_connect(&p->trio);
    assert_true(trio_until(&p->trio, trio_is_open, 10000));
}

void party_close(party *p)
{
    uint32_t good = p->trio.now.n_good;
    assert_true(trio_ask_one(&p->trio, TRIO_PUT, 1));
    assert_true(trio_until(&p->trio, trio_is_answered, 10000));
    assert_int_equal(p->trio.now.n_good, good + 1);
    assert_int_equal(p->trio.now.n_opened, 1);
    trio_leave(&p->trio);
    trio_check(&p->trio);
    trio_close(&p->trio);
}

stranger_look party_look(const party *p)
{
    static const uint8_t patterns[] = { 0, CX_PATTERN_XX, CX_PATTERN_IK, CX_PATTERN_XXPSK3 };
    return (stranger_look){ .is_plain = p->trio.way == TRIO_PLAIN,
                            .pattern = patterns[p->trio.way],
                            .psk = p->trio.way == TRIO_PSK ? trio_psk : NULL,
                            .peer_key = p->trio.way == TRIO_IK ? server_public : NULL };
}

void party_stranger_start(party *p, const stranger_look *look)
{
    const stranger_look usual = party_look(p);
    stranger_dial(&p->stranger, p->trio.loop, p->trio.url, look != NULL ? look : &usual);
}

static void wait_for(party *p, bool (*is_so)(const party *p), uint32_t ms)
{
    const uint64_t end = trio_now(&p->trio) + ms * UINT64_C(1000000);
    while (!is_so(p) && trio_now(&p->trio) < end)
        trio_step(&p->trio);
}

static bool is_ready(const party *p)
{
    return p->stranger.is_ready || p->stranger.is_over;
}

static bool is_welcome(const party *p)
{
    return stranger_heard(&p->stranger, CX_FRAME_WELCOME) != NULL || p->stranger.is_over;
}

void party_stranger(party *p, const stranger_look *look, bool is_let_in)
{
    party_stranger_start(p, look);
    wait_for(p, is_ready, 10000);
    assert_true(p->stranger.is_ready);
    if (!is_let_in)
        return;
    stranger_hello(&p->stranger, "a stranger", (coax_bytes){ NULL, 0 });
    wait_for(p, is_welcome, 10000);
    assert_non_null(stranger_heard(&p->stranger, CX_FRAME_WELCOME));
}

static bool is_dismissed(const party *p)
{
    return p->stranger.is_over && coax_server_n_peers(p->trio.server) <= 1;
}

void party_dismiss(party *p)
{
    stranger_close(&p->stranger);
    wait_for(p, is_dismissed, 60000);
    assert_true(is_dismissed(p));
    stranger_free(&p->stranger);
}

static bool is_answered(const party *p)
{
    return p->stranger.is_over || stranger_heard(&p->stranger, CX_FRAME_PONG) != NULL;
}

void party_ping(party *p)
{
    stranger_send(&p->stranger, (cx_frame){ .type = CX_FRAME_PING }, "eight by", 8);
    wait_for(p, is_answered, 10000);
    assert_false(p->stranger.is_over);
}

void party_settle(party *p)
{
    trio_wait(&p->trio, 50);
}

static bool is_over(const party *p)
{
    return p->stranger.is_over;
}

void party_hear_out(party *p)
{
    wait_for(p, is_over, 2000);
}

uint64_t party_good_bytes(const party *p)
{
    return mitm_last(&p->trio.mitm)->legs[MITM_DOWN].n_sent;
}
