/*
 * S1, S3 and S4: what keys come to. Two strangers with the real channel each, and the man in the middle between them, who
 * looks at what passes or puts points into it that lie in no large group.
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

#include "deeds.h"
#include "node/shell_sim.h"
#include "secure/gate.h"
#include "stranger.h"

typedef struct pair {
    cx_sim *sim;
    coax_loop *loop;
    mitm mitm;
    stranger client;
    stranger server;
    uint64_t random;
    uint8_t drawn[40][32]; /* what was asked of the random numbers, 32 bytes at a time */
    uint32_t n_drawn;
    const uint8_t *point; /* what the man in the middle puts in */
    mitm_way way;
} pair;

static const uint8_t server_secret[32] = "the server's own secret, 32 byte";
static const uint8_t psk[32] = "what both of them know, 32 bytes";
static uint8_t server_public[32];
static const uint8_t patterns[] = { CX_PATTERN_XX, CX_PATTERN_IK, CX_PATTERN_XXPSK3 };

/* The world's numbers, and a note of them. */
static void draw(void *self, uint8_t *ret_bytes, size_t len)
{
    pair *p = self;
    for (size_t i = 0; i < len; i++)
        ret_bytes[i] = (uint8_t)cx_sim_random(p->sim);
    if (len == 32 && p->n_drawn < 40)
        memcpy(p->drawn[p->n_drawn++], ret_bytes, 32);
}

static uint64_t now_ns(void *self)
{
    return cx_sim_now(((pair *)self)->sim);
}

static stranger_look client_look(uint8_t pattern)
{
    return (stranger_look){ .pattern = pattern,
                            .psk = pattern == CX_PATTERN_XXPSK3 ? psk : NULL,
                            .peer_key = pattern == CX_PATTERN_IK ? server_public : NULL };
}

static void open_pair(pair *p, const stranger_look *client, const stranger_look *server)
{
    memset(p, 0, sizeof *p);
    assert_int_equal(crypto_scalarmult_base(server_public, server_secret), 0);
    p->sim = cx_sim_create(7);
    p->loop = cx_sim_loop_create(p->sim, NULL);
    assert_true(p->sim != NULL && p->loop != NULL);
    p->loop->env.self = p;
    p->loop->env.random = draw;
    p->loop->env.now_ns = now_ns;
    stranger_listen(&p->server, p->loop, "tcp://server:7", server);
    mitm_open(&p->mitm, p->loop, "tcp://mitm:7", p->server.url);
    stranger_dial(&p->client, p->loop, p->mitm.url, client);
}

static void settle(pair *p)
{
    cx_sim_run_until(p->sim, cx_sim_now(p->sim) + UINT64_C(20000000));
}

static void close_pair(pair *p)
{
    stranger_close(&p->client);
    stranger_close(&p->server);
    mitm_close(&p->mitm);
    assert_int_equal(coax_loop_destroy(p->loop), COAX_OK);
    mitm_forget(&p->mitm);
    stranger_free(&p->client);
    stranger_free(&p->server);
    cx_sim_destroy(p->sim);
}

static void connect_pair(pair *p, uint8_t pattern)
{
    const stranger_look client = client_look(pattern);
    const stranger_look server = { .secret = server_secret,
                                   .psk = pattern == CX_PATTERN_XXPSK3 ? psk : NULL };
    open_pair(p, &client, &server);
    settle(p);
    if (!p->client.is_ready || !p->server.is_ready)
        fail_msg("client: %s; server: %s", p->client.failed.text, p->server.failed.text);
}

/* S1 */

enum { SEALED = 150, STREAMS = 3 * 2 * SEALED, SAMPLE = 48 };

/* The same words as often as there are records: what differs is the key and the count. */
static void collect(const mitm_link *link, mitm_way way, const uint8_t *words,
                    uint8_t (*streams)[SAMPLE], size_t *n)
{
    for (const mitm_unit *at = link->side[way].first; at != NULL; at = at->next) {
        if (at->kind != MITM_RECORD || at->len < 2 + SAMPLE)
            continue; /* the message of a key that changes is empty */
        assert_true(*n < STREAMS);
        for (size_t i = 0; i < SAMPLE; i++)
            streams[*n][i] = at->bytes[2 + i] ^ words[i];
        ++*n;
    }
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, SAMPLE);
}

static void no_keystream_is_used_twice(void **state)
{
    static const cx_channel_limits often = { .rekey_records = 40,
                                             .rekey_bytes = 1u << 30,
                                             .rekey_ns = UINT64_C(600000000000),
                                             .record = 16384 };
    static uint8_t streams[STREAMS][SAMPLE];
    /* A frame of a type that is skipped, so that both ends take it. */
    uint8_t words[SAMPLE] = { 200, 0, 0, 0, SAMPLE - 16 };
    size_t n = 0;
    (void)state;
    memcpy(words + 16, "always the same words, every time", 32);
    for (int round = 0; round < 3; round++) {
        pair p;
        connect_pair(&p, patterns[round % 3]);
        p.client.config.limits = &often;
        p.server.config.limits = &often;
        uint8_t first[32];
        memcpy(first, p.client.channel.out.cipher.k, sizeof first);
        for (int i = 0; i < SEALED; i++) {
            stranger_seal(&p.client, words, sizeof words);
            stranger_seal(&p.server, words, sizeof words);
        }
        settle(&p);
        assert_int_equal(p.client.n_heard, STRANGER_HEARD_MAX);
        assert_int_equal(p.client.failed.code | p.server.failed.code, COAX_OK);
        assert_true(mitm_last(&p.mitm)->side[MITM_UP].n[MITM_RECORD] > SEALED); /* keys changed */
        assert_memory_not_equal(first, p.client.channel.out.cipher.k, sizeof first);
        assert_memory_equal(p.server.channel.in.cipher.k, p.client.channel.out.cipher.k, 32);
        collect(mitm_last(&p.mitm), MITM_UP, words, streams, &n);
        collect(mitm_last(&p.mitm), MITM_DOWN, words, streams, &n);
        close_pair(&p);
    }
    assert_int_equal(n, 3 * 2 * SEALED);
    qsort(streams, n, SAMPLE, compare);
    for (size_t i = 1; i < n; i++)
        assert_memory_not_equal(streams[i - 1], streams[i], SAMPLE);
}

/* S3 */

/* Neither end became ready, and `end` says why. */
static void expect_failed(pair *p, const stranger *end, coax_err code)
{
    settle(p);
    if (end->failed.code != code || end->is_ready)
        fail_msg("%s%s: %s", end->is_ready ? "it is ready, and " : "",
                 coax_err_name(end->failed.code), end->failed.text);
}

static void a_public_key_proves_nothing_by_itself(void **state)
{
    uint8_t victim_secret[32] = "somebody who is known, with this";
    uint8_t victim[32];
    (void)state;
    assert_int_equal(crypto_scalarmult_base(victim, victim_secret), 0);
    for (size_t i = 0; i < sizeof patterns; i++) {
        pair p;
        stranger_look thief = client_look(patterns[i]);
        const stranger_look honest = { .secret = server_secret, .psk = thief.psk };
        thief.public_key = victim;
        open_pair(&p, &thief, &honest);
        expect_failed(&p, &p.server,
                      patterns[i] == CX_PATTERN_XXPSK3 ? COAX_ERR_UNAUTHENTICATED
                                                       : COAX_ERR_TAMPERED);
        close_pair(&p);
    }
}

static void a_false_server_does_not_open(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof patterns; i++) {
        pair p;
        const stranger_look honest = client_look(patterns[i]);
        const stranger_look thief = { .public_key = server_public, .psk = honest.psk };
        open_pair(&p, &honest, &thief);
        /* With IK the false server can't even read; then it says so, in clear. */
        expect_failed(&p, &p.client,
                      patterns[i] == CX_PATTERN_IK ? COAX_ERR_DATA_LOSS : COAX_ERR_TAMPERED);
        assert_false(p.server.is_ready);
        close_pair(&p);
    }
}

static void a_secret_that_differs_in_a_bit_does_not_open(void **state)
{
    uint8_t other[32];
    (void)state;
    for (size_t bit = 0; bit < 256; bit += 17) {
        pair p;
        stranger_look client = client_look(CX_PATTERN_XXPSK3);
        const stranger_look server = { .secret = server_secret, .psk = psk };
        memcpy(other, psk, sizeof other);
        other[bit / 8] ^= (uint8_t)(1u << bit % 8);
        client.psk = other;
        open_pair(&p, &client, &server);
        expect_failed(&p, &p.server, COAX_ERR_UNAUTHENTICATED);
        close_pair(&p);
    }
}

/* S4 */

/* Points of small order, as they may be written: https://cr.yp.to/ecdh.html#validate. */
static const char *const small_points[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

#define N_POINTS (sizeof small_points / sizeof small_points[0])

static void point_of(size_t i, uint8_t ret[32])
{
    size_t len = 0;
    assert_int_equal(sodium_hex2bin(ret, 32, small_points[i], 64, NULL, &len, NULL), 0);
    assert_int_equal(len, 32);
}

/* The ephemeral key, which begins the first message of each way, becomes the point; the gate, which anybody can make who
 * knows the server's public key, is made anew. */
static void put_point(void *self, mitm_link *link, const mitm_unit *unit)
{
    pair *p = self;
    uint8_t changed[200];
    uint8_t gate[CX_GATE];
    const bool is_gate = unit->kind == MITM_GATE && p->way == MITM_UP;
    if (unit->way != p->way || unit->kind != MITM_MESSAGE || unit->index > 0) {
        if (!is_gate)
            mitm_pass(link, unit);
        return;
    }
    assert_true(unit->len <= sizeof changed);
    memcpy(changed, unit->bytes, unit->len);
    memcpy(changed + 2, p->point, 32);
    if (mitm_find(link, MITM_UP, MITM_GATE, 0) != NULL && p->way == MITM_UP) {
        const mitm_unit *preface = mitm_find(link, MITM_UP, MITM_PREFACE, 0);
        cx_gate_compute(server_public, preface->bytes, (coax_bytes){ changed + 2, unit->len - 2 },
                        gate);
        mitm_send(link, MITM_UP, gate, sizeof gate);
    }
    mitm_send(link, unit->way, changed, unit->len);
}

static void ephemeral_keys_of_small_order_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof patterns * N_POINTS * 2; i++) {
        const uint8_t pattern = patterns[i % 3];
        const stranger_look client = client_look(pattern);
        const stranger_look server = { .secret = server_secret, .psk = client.psk };
        uint8_t point[32];
        pair p;
        point_of(i / 6, point);
        open_pair(&p, &client, &server);
        p.point = point;
        p.way = i / 3 % 2 == 0 ? MITM_UP : MITM_DOWN;
        p.mitm.script = put_point;
        p.mitm.self = &p;
        /* With a pre-shared key the first message has a tag already, over the right point. */
        expect_failed(&p, p.way == MITM_UP ? &p.server : &p.client,
                      pattern == CX_PATTERN_XXPSK3 && p.way == MITM_UP ? COAX_ERR_TAMPERED
                                                                       : COAX_ERR_PROTOCOL);
        const mitm_link *link = mitm_last(&p.mitm);
        /* Nothing was sealed with keys that everybody knows. */
        assert_int_equal(link->side[MITM_DOWN].n[MITM_MESSAGE], p.way == MITM_UP ? 0 : 1);
        assert_int_equal(link->side[MITM_UP].n[MITM_MESSAGE], 1);
        assert_int_equal(link->side[MITM_UP].n[MITM_RECORD], 0);
        close_pair(&p);
    }
}

static void static_keys_of_small_order_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof patterns * N_POINTS * 2; i++) {
        const uint8_t pattern = patterns[i % 3];
        const bool is_server = i / 3 % 2 == 1;
        stranger_look client = client_look(pattern);
        stranger_look server = { .secret = server_secret, .psk = client.psk };
        uint8_t point[32];
        pair p;
        if (is_server && pattern == CX_PATTERN_IK)
            continue; /* it does not send its key: the client has it */
        point_of(i / 6, point);
        if (is_server)
            server.public_key = point;
        else
            client.public_key = point;
        open_pair(&p, &client, &server);
        expect_failed(&p, is_server ? &p.client : &p.server, COAX_ERR_PROTOCOL);
        close_pair(&p);
    }
}

static void expect_no_record_key(const pair *p, const uint8_t bytes[32])
{
    const stranger *ends[] = { &p->client, &p->server };
    uint8_t hash[4][64];
    crypto_generichash(hash[0], 32, bytes, 32, NULL, 0);
    crypto_hash_sha256(hash[1], bytes, 32);
    crypto_hash_sha512(hash[2], bytes, 32);
    memcpy(hash[3], bytes, 32);
    for (int i = 0; i < 2; i++) {
        for (int k = 0; k < 4; k++) {
            assert_memory_not_equal(ends[i]->channel.in.cipher.k, hash[k], 32);
            assert_memory_not_equal(ends[i]->channel.out.cipher.k, hash[k], 32);
        }
    }
}

static void no_diffie_hellman_result_is_a_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof patterns; i++) {
        pair p;
        connect_pair(&p, patterns[i]);
        assert_memory_equal(p.client.channel.out.cipher.k, p.server.channel.in.cipher.k, 32);
        assert_memory_equal(p.client.channel.in.cipher.k, p.server.channel.out.cipher.k, 32);
        assert_memory_not_equal(p.client.channel.in.cipher.k, p.client.channel.out.cipher.k, 32);
        assert_true(p.n_drawn >= 4); /* two static keys, two ephemeral ones */
        for (uint32_t a = 0; a < p.n_drawn; a++) {
            uint8_t shared[32];
            uint8_t public_b[32];
            for (uint32_t b = 0; b < p.n_drawn; b++) {
                assert_int_equal(crypto_scalarmult_base(public_b, p.drawn[b]), 0);
                assert_int_equal(crypto_scalarmult(shared, p.drawn[a], public_b), 0);
                expect_no_record_key(&p, shared);
            }
            assert_int_equal(crypto_scalarmult(shared, p.drawn[a], server_public), 0);
            expect_no_record_key(&p, shared);
            expect_no_record_key(&p, p.drawn[a]);
        }
        expect_no_record_key(&p, psk);
        close_pair(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "S1: no keystream is used twice: not by another record, direction, key or connection",
          no_keystream_is_used_twice, NULL, NULL, NULL },
        { "S3: a public key proves nothing by itself", a_public_key_proves_nothing_by_itself, NULL,
          NULL, NULL },
        { "S3: a server that only knows its own public key does not open",
          a_false_server_does_not_open, NULL, NULL, NULL },
        { "S3: a shared secret that differs in a bit does not open",
          a_secret_that_differs_in_a_bit_does_not_open, NULL, NULL, NULL },
        { "S4: ephemeral keys of small order are refused, before anything is sealed",
          ephemeral_keys_of_small_order_are_refused, NULL, NULL, NULL },
        { "S4: static keys of small order are refused", static_keys_of_small_order_are_refused,
          NULL, NULL, NULL },
        { "S4: no Diffie-Hellman result is a key, nor its hash", no_diffie_hellman_result_is_a_key,
          NULL, NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
