/*
 * What encryption costs by itself: handshakes a second for each pattern and suite, and sealing and opening records of three
 * sizes, beside memcpy and beside the bare cipher.
 *
 * Two channels joined in memory: no sockets, no loop. What it costs a connection is in security.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/env_system.h"
#include "bench.h"
#include "secure/channel.h"
#include "secure/dh.h"

enum { ROUNDS = 5, ROOM = 1 << 18, LARGE = 64 * 1024 };

typedef struct side {
    cx_channel channel;
    cx_channel_config config;
    cx_key_pair keys;
    uint64_t n_data;
    bool has_failed;
} side;

typedef struct two {
    side client, server;
    uint8_t psk[32];
    uint8_t room[ROOM];
    uint8_t plain[LARGE];
} two;

static bool on_data(void *self, const uint8_t *data, size_t len, uint64_t now)
{
    side *it = self;
    (void)data;
    (void)now;
    it->n_data += len;
    return true;
}

static void on_failed(void *self, const coax_error *why, cx_last last)
{
    side *it = self;
    (void)last;
    it->has_failed = true;
    fprintf(stderr, "coax-bench: %s\n", why->text);
}

static const cx_channel_events events = { .on_data = on_data, .on_failed = on_failed };

static void prepare(side *it, bool is_server)
{
    cx_dh_generate(cx_env_system(), &it->keys);
    it->config = (cx_channel_config){ .is_server = is_server,
                                      .env = cx_env_system(),
                                      .events = &events,
                                      .secret_key = it->keys.secret,
                                      .public_key = it->keys.public_key };
}

static two *two_new(cx_pattern_id pattern, coax_suite suite)
{
    two *it = calloc(1, sizeof *it);
    if (it == NULL)
        return NULL;
    prepare(&it->client, false);
    prepare(&it->server, true);
    it->client.config.pattern = (uint8_t)pattern;
    it->client.config.suite = (uint8_t)suite;
    if (pattern == CX_PATTERN_IK)
        it->client.config.peer_key = it->server.keys.public_key;
    if (pattern == CX_PATTERN_XXPSK3)
        it->client.config.psk = it->server.config.psk = it->psk;
    return it;
}

static void close_both(two *it)
{
    cx_channel_deinit(&it->client.channel);
    cx_channel_deinit(&it->server.channel);
}

/* All that one side has to say. Adds what the other spent on it to `spent`. */
static size_t pass(two *it, side *from, side *to, uint64_t *spent)
{
    const coax_bytes output = cx_channel_output(&from->channel);
    const size_t len = output.len;
    if (len == 0)
        return 0;
    memcpy(it->room, output.data, len);
    cx_channel_sent(&from->channel, len);
    const uint64_t begun = bench_now_ns();
    const size_t taken = cx_channel_receive(&to->channel, it->room, len, 0);
    *spent += bench_now_ns() - begun;
    return taken;
}

/* One handshake. What the server spent is added to `server_ns`. */
static int open_both(two *it, uint64_t *server_ns)
{
    uint64_t client_ns = 0;
    if (cx_channel_init(&it->client.channel, &it->client.config, &it->client, NULL) != COAX_OK ||
        cx_channel_init(&it->server.channel, &it->server.config, &it->server, NULL) != COAX_OK)
        return 1;
    cx_channel_start(&it->client.channel);
    while (pass(it, &it->client, &it->server, server_ns) +
               pass(it, &it->server, &it->client, &client_ns) >
           0)
        ;
    return !cx_channel_is_ready(&it->client.channel) || !cx_channel_is_ready(&it->server.channel);
}

static int bench_handshake(bench_report *report, const char *name, cx_pattern_id pattern,
                           coax_suite suite)
{
    double whole[ROUNDS], at_server[ROUNDS];
    char text[64];
    const int n = report->is_quick ? 20 : 500;
    two *it = two_new(pattern, suite);
    if (it == NULL)
        return 1;
    int rc = 0;
    for (int round = 0; round < ROUNDS && rc == 0; round++) {
        uint64_t server_ns = 0;
        const uint64_t begun = bench_now_ns();
        for (int i = 0; i < n && rc == 0; i++) {
            rc = open_both(it, &server_ns);
            close_both(it);
        }
        whole[round] = (double)n * 1e9 / (double)(bench_now_ns() - begun);
        at_server[round] = (double)n * 1e9 / (double)server_ns;
    }
    free(it);
    if (rc != 0)
        return rc;
    (void)snprintf(text, sizeof text, "%s handshakes, both sides on one core", name);
    bench_add(report, "secure", text, bench_median(whole, ROUNDS), "/s");
    (void)snprintf(text, sizeof text, "%s handshakes, what the server does", name);
    bench_add(report, "secure", text, bench_median(at_server, ROUNDS), "/s");
    return 0;
}

typedef struct speeds {
    double seal[ROUNDS], open[ROUNDS], bare[ROUNDS], copy[ROUNDS];
} speeds;

/* Bytes a nanosecond. */
static double rate(size_t len, size_t n, uint64_t begun)
{
    return (double)len * (double)n / (double)(bench_now_ns() - begun);
}

/* Messages of `len` bytes, sealed into the room until it is full, then opened: `n` of them, counted for each. */
static int run_records(two *it, size_t len, size_t n, double *ret_seal, double *ret_open)
{
    const coax_bytes piece = { it->plain, len };
    const size_t most = cx_channel_sealed_max(&it->client.channel, len);
    uint64_t seal_ns = 0, open_ns = 0;
    for (size_t done = 0; done < n;) {
        size_t at = 0, taken, sealed;
        uint64_t begun = bench_now_ns();
        for (; done < n && ROOM - at >= most; done++, at += sealed) {
            if (cx_channel_seal(&it->client.channel, &piece, 1, 0, it->room + at, ROOM - at, &taken,
                                &sealed) != COAX_OK)
                return 1;
        }
        seal_ns += bench_now_ns() - begun;
        begun = bench_now_ns();
        if (cx_channel_receive(&it->server.channel, it->room, at, 0) != at || it->server.has_failed)
            return 1;
        open_ns += bench_now_ns() - begun;
    }
    *ret_seal = (double)len * (double)n / (double)seal_ns;
    *ret_open = (double)len * (double)n / (double)open_ns;
    return 0;
}

static void run_yardsticks(two *it, const cx_cipher *cipher, size_t len, size_t n, double *ret_bare,
                           double *ret_copy)
{
    const uint8_t key[32] = { 1 };
    uint64_t begun = bench_now_ns();
    for (size_t i = 0; i < n; i++)
        cipher->encrypt(key, i, (coax_bytes){ NULL, 0 }, it->plain, len,
                        it->room + (i % 2) * 2 * LARGE);
    *ret_bare = rate(len, n, begun);
    begun = bench_now_ns();
    for (size_t i = 0; i < n; i++) {
        memcpy(it->room + (i % 2) * 2 * LARGE, it->plain, len);
        it->plain[i % len] = it->room[i % LARGE]; /* so that no copy can be left out */
    }
    *ret_copy = rate(len, n, begun);
}

static int bench_records(bench_report *report, const char *name, coax_suite suite, size_t len)
{
    speeds it_is;
    char text[64];
    uint64_t ignored = 0;
    const size_t n = (report->is_quick ? (size_t)1 << 20 : (size_t)1 << 26) / len;
    two *it = two_new(CX_PATTERN_IK, suite);
    if (it == NULL)
        return 1;
    int rc = open_both(it, &ignored);
    for (int i = 0; i < ROUNDS && rc == 0; i++) {
        rc = run_records(it, len, n, &it_is.seal[i], &it_is.open[i]);
        run_yardsticks(it, it->client.channel.out.cipher.cipher, len, n, &it_is.bare[i],
                       &it_is.copy[i]);
    }
    close_both(it);
    free(it);
    if (rc != 0)
        return rc;
    const double seal = bench_median(it_is.seal, ROUNDS), open = bench_median(it_is.open, ROUNDS);
    const double bare = bench_median(it_is.bare, ROUNDS);
    (void)snprintf(text, sizeof text, "%s, %zu B: sealed", name, len);
    bench_add(report, "secure", text, seal, "GB/s");
    (void)snprintf(text, sizeof text, "%s, %zu B: opened", name, len);
    bench_add(report, "secure", text, open, "GB/s");
    (void)snprintf(text, sizeof text, "%s, %zu B: sealed / the bare cipher", name, len);
    bench_add_ratio(report, "secure", text, seal / bare, 0.9);
    (void)snprintf(text, sizeof text, "%s, %zu B: memcpy / sealed", name, len);
    bench_add_ratio(report, "secure", text, bench_median(it_is.copy, ROUNDS) / seal, 0);
    return 0;
}

int bench_secure(bench_report *report)
{
    static const struct {
        coax_suite suite;
        const char *name;
    } suites[] = { { COAX_SUITE_CHACHAPOLY_BLAKE2B, "ChaChaPoly" },
                   { COAX_SUITE_AESGCM_SHA256, "AESGCM" },
                   { COAX_SUITE_AEGIS256_SHA512, "AEGIS256" } };
    static const size_t sizes[] = { 64, 1024, LARGE };
    int rc = cx_secure_init(NULL) != COAX_OK;
    if (rc == 0)
        rc = bench_handshake(report, "XX", CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    if (rc == 0)
        rc = bench_handshake(report, "IK", CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    if (rc == 0)
        rc = bench_handshake(report, "XXpsk3", CX_PATTERN_XXPSK3, COAX_SUITE_DEFAULT);
    for (size_t s = 0; s < sizeof suites / sizeof suites[0]; s++) {
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0] && rc == 0; i++) {
            if (coax_suite_is_available(suites[s].suite))
                rc = bench_records(report, suites[s].name, suites[s].suite, sizes[i]);
        }
    }
    return rc;
}
