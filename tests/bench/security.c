/*
 * What security costs between two processes, pinned to a core each: connections a second up to WELCOME, and calls, large
 * messages and streams of each suite, all beside plain connections in the same run.
 *
 * Connecting: sixteen at a time, closed as soon as they are open. Passwords cost what Argon2id is told to cost, at the
 * client, off the loop; so the cheapest is measured too, which shows the rest. Read next: secure.c, the same without a
 * network.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <coax/coax.h>

#include "net.h"

enum { ROUNDS = 5, AT_ONCE = 16 };

/* Made before servers are forked, so that both sides know them. */
static coax_key *server_key;
static char server_id[COAX_ID_SIZE];
static const uint8_t psk[32] = { 1, 2, 3 };
static char folder[64];
static coax_store *cheap_users;

/* Servers. */

static coax_server_options server_options(void)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.key = server_key;
    options.accepts_per_s = COAX_NEVER_MS;
    return options;
}

static const char encrypted[] = "tcp://127.0.0.1:0";

static void serve_plain(int report, const net_sizes *sizes)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    (void)sizes;
    options.accepts_per_s = COAX_NEVER_MS;
    net_coax_serve_on(report, "plain+tcp://127.0.0.1:0", &options);
}

static void serve_encrypted(int report, const net_sizes *sizes)
{
    const coax_server_options options = server_options();
    (void)sizes;
    net_coax_serve_on(report, encrypted, &options);
}

static void serve_psk(int report, const net_sizes *sizes)
{
    coax_server_options options = server_options();
    (void)sizes;
    options.psk = (coax_bytes){ psk, sizeof psk };
    net_coax_serve_on(report, encrypted, &options);
}

static void serve_password(int report, const net_sizes *sizes)
{
    coax_server_options options = server_options();
    (void)sizes;
    options.password = "as many as it takes";
    net_coax_serve_on(report, encrypted, &options);
}

static void serve_users(int report, const net_sizes *sizes)
{
    coax_server_options options = server_options();
    (void)sizes;
    options.users = cheap_users;
    net_coax_serve_on(report, encrypted, &options);
}

static void serve_plain_feed(int report, const net_sizes *sizes)
{
    (void)sizes;
    net_feed_serve_on(report, "plain+tcp://127.0.0.1:0", NULL);
}

static void serve_feed(int report, const net_sizes *sizes)
{
    const coax_server_options options = server_options();
    (void)sizes;
    net_feed_serve_on(report, encrypted, &options);
}

/* Connecting. */

typedef struct rush {
    coax_loop *loop;
    const char *url;
    const coax_client_options *options;
    size_t n_left; /* to be started */
    size_t n_open;
    size_t n_under_way;
    bool failed;
} rush;

static void start_one(rush *r);

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    rush *r = self;
    if (state == COAX_CLIENT_OPEN) {
        r->n_open++;
        coax_client_close(client);
        return;
    }
    if (state != COAX_CLIENT_CLOSED)
        return;
    r->n_under_way--;
    if (reason != NULL && reason->code != COAX_OK && reason->code != COAX_ERR_CANCELLED &&
        !r->failed) {
        r->failed = true;
        fprintf(stderr, "coax-bench: %s: %s\n", r->url, reason->text);
    }
    if (!r->failed)
        start_one(r);
    if (r->n_under_way == 0)
        coax_loop_stop(r->loop);
}

static void start_one(rush *r)
{
    coax_client *client;
    coax_error error = COAX_ERROR_INIT;
    coax_client_options options = *r->options;
    if (r->n_left == 0)
        return;
    r->n_left--;
    options.self = r;
    options.on_state = on_state;
    if (coax_client_create(r->loop, r->url, &options, &client, &error) == COAX_OK) {
        r->n_under_way++;
        return;
    }
    fprintf(stderr, "coax-bench: %s: %s\n", r->url, error.text);
    r->failed = true;
}

/* Connections a second, `n` of them; negative: failed. */
static double connect_many(const char *url, const coax_client_options *options, size_t n)
{
    rush r = { .url = url, .options = options, .n_left = n };
    r.loop = coax_loop_create(NULL);
    const uint64_t began = bench_now_ns();
    for (size_t i = 0; i < AT_ONCE && !r.failed; i++)
        start_one(&r);
    if (!r.failed)
        (void)coax_loop_run(r.loop);
    const double seconds = (double)(bench_now_ns() - began) / 1e9;
    (void)coax_loop_destroy(r.loop);
    return r.failed || r.n_open != n ? -1 : (double)n / seconds;
}

/* One way to connect. */
typedef struct way {
    const char *name;
    net_serve_fn serve;
    size_t n;
    bool is_plain, knows_id, has_psk, has_password, is_user;
} way;

static const way ways[] = {
    { .name = "plain", .serve = serve_plain, .n = 2000, .is_plain = true },
    { .name = "XX", .serve = serve_encrypted, .n = 1000 },
    { .name = "IK", .serve = serve_encrypted, .n = 1000, .knows_id = true },
    { .name = "XXpsk3", .serve = serve_psk, .n = 1000, .has_psk = true },
    { .name = "IK, password, cheapest Argon2id",
      .serve = serve_users,
      .n = 64,
      .knows_id = true,
      .has_password = true,
      .is_user = true },
    { .name = "IK, password, Argon2id as by default",
      .serve = serve_password,
      .n = 16,
      .knows_id = true,
      .has_password = true },
};
enum { N_WAYS = sizeof ways / sizeof ways[0] };

static coax_client_options client_options(const way *w)
{
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    if (w->is_plain)
        return options;
    if (w->knows_id)
        options.server_id = server_id;
    else
        options.trust = COAX_TRUST_ANY;
    if (w->has_psk)
        options.psk = (coax_bytes){ psk, sizeof psk };
    if (w->has_password)
        options.password = "as many as it takes";
    if (w->is_user)
        options.user = "ada";
    return options;
}

static void url_of(char *url, size_t size, bool is_plain, uint16_t port)
{
    (void)snprintf(url, size, "%stcp://127.0.0.1:%u", is_plain ? "plain+" : "", (unsigned)port);
}

static int bench_connects(bench_report *report)
{
    static const char group[] = "connections a second, up to WELCOME";
    static double rates[N_WAYS][ROUNDS];
    net_server servers[N_WAYS] = { { 0, 0 } };
    char url[64], name[64];
    int failed = 0;
    for (int i = 0; i < N_WAYS && !failed; i++)
        failed = net_start(ways[i].serve, NULL, &servers[i]);
    for (int round = 0; round < ROUNDS && !failed; round++) {
        for (int i = 0; i < N_WAYS && !failed; i++) {
            const coax_client_options options = client_options(&ways[i]);
            const size_t n = report->is_quick ? ways[i].n / 16 + 1 : ways[i].n;
            url_of(url, sizeof url, ways[i].is_plain, servers[i].port);
            rates[i][round] = connect_many(url, &options, n);
            failed = rates[i][round] < 0;
        }
    }
    for (int i = 0; i < N_WAYS; i++)
        net_stop(&servers[i]);
    for (int i = 0; i < N_WAYS && !failed; i++)
        bench_add(report, group, ways[i].name, bench_median(rates[i], ROUNDS), "1/s");
    for (int i = 1; i < N_WAYS && !failed; i++) {
        (void)snprintf(name, sizeof name, "%s, to plain", ways[i].name);
        bench_add_ratio(report, group, name, rates[i][ROUNDS / 2] / rates[0][ROUNDS / 2], 0);
    }
    return failed;
}

/* The price on open connections. */

enum { PLAIN, CHACHA, AESGCM, AEGIS, N_SUITES };

typedef struct prices {
    double p50[ROUNDS];
    double p50_kib[ROUNDS]; /* of 1 KiB */
    double rate[ROUNDS];    /* calls a second, 128 under way */
    double large[ROUNDS];
    double items[ROUNDS];
} prices;

typedef struct market {
    net_server echo[2], feed[2]; /* plain, encrypted */
    net_sizes small, kib, big;
    size_t n_trips, n_flood, n_large, n_items;
    double *ns;
} market;

static int measure(const market *m, int suite, prices *p, int round)
{
    const bool is_plain = suite == PLAIN;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    char echo[64], feed[64];
    double seconds;
    if (!is_plain) {
        options.server_id = server_id;
        options.suite = (coax_suite)suite;
    }
    url_of(echo, sizeof echo, is_plain, m->echo[!is_plain].port);
    url_of(feed, sizeof feed, is_plain, m->feed[!is_plain].port);
    if (net_coax_echo(echo, &options, &m->small, m->ns, m->n_trips, 1, &seconds) != 0)
        return 1;
    p->p50[round] = bench_quantile(m->ns, m->n_trips, 0.5) / 1e3;
    if (net_coax_echo(echo, &options, &m->kib, m->ns, m->n_trips, 1, &seconds) != 0)
        return 1;
    p->p50_kib[round] = bench_quantile(m->ns, m->n_trips, 0.5) / 1e3;
    if (net_coax_echo(echo, &options, &m->small, NULL, m->n_flood, NET_DEPTH, &seconds) != 0)
        return 1;
    p->rate[round] = (double)m->n_flood / seconds;
    if (net_coax_echo(echo, &options, &m->big, m->ns, m->n_large, 1, &seconds) != 0)
        return 1;
    p->large[round] = 2 * 1.048576e6 / (bench_quantile(m->ns, m->n_large, 0.5) / 1e3);
    seconds = net_feed_list(feed, &options, m->n_items);
    p->items[round] = (double)m->n_items / seconds;
    return seconds <= 0;
}

/* What is looked at: a figure of each suite, and what it is to the plain one. */
typedef struct price {
    const char *group;
    const char *unit;
    size_t offset; /* in prices */
    bool is_time;
    double goal, goal_aes; /* 0: none; AES and AEGIS have hardware */
} price;

static const price price_list[] = {
    { "encrypted, 32 bytes, one at a time", "us, p50", offsetof(prices, p50), true, 1.25, 1.25 },
    { "encrypted, 1 KiB, one at a time", "us, p50", offsetof(prices, p50_kib), true, 1.40, 1.40 },
    { "encrypted, 32 bytes, 128 under way", "calls/s", offsetof(prices, rate), false, 0.40, 0.50 },
    { "encrypted, 1 MiB echo", "MB/s", offsetof(prices, large), false, 0.18, 0.25 },
    { "encrypted, stream one way, 32 bytes", "items/s", offsetof(prices, items), false, 0, 0 },
};

static double value_of(prices *all, const price *which, int suite)
{
    return bench_median((double *)((uint8_t *)&all[suite] + which->offset), ROUNDS);
}

static void add_price(bench_report *report, prices *all, const price *which)
{
    char name[64];
    const double plain = value_of(all, which, PLAIN);
    bench_add(report, which->group, "plain", plain, which->unit);
    for (int suite = CHACHA; suite < N_SUITES; suite++) {
        if (!coax_suite_is_available((coax_suite)suite))
            continue;
        const char *of = coax_suite_name((coax_suite)suite);
        const double value = value_of(all, which, suite);
        const double goal = suite == CHACHA ? which->goal : which->goal_aes;
        bench_add(report, which->group, of, value, which->unit);
        (void)snprintf(name, sizeof name, "%s, to plain", of);
        if (which->is_time)
            bench_add_ratio_most(report, which->group, name, value / plain, goal);
        else
            bench_add_ratio(report, which->group, name, value / plain, goal);
    }
}

static int start_market(market *m)
{
    return net_start(serve_plain, NULL, &m->echo[0]) ||
           net_start(serve_encrypted, NULL, &m->echo[1]) ||
           net_start(serve_plain_feed, NULL, &m->feed[0]) ||
           net_start(serve_feed, NULL, &m->feed[1]);
}

static int bench_traffic(bench_report *report)
{
    static prices all[N_SUITES];
    const bool is_quick = report->is_quick;
    market m = { .n_trips = is_quick ? 300 : 4000,
                 .n_flood = is_quick ? 20000 : 200000,
                 .n_large = is_quick ? 10 : 100,
                 .n_items = is_quick ? 20000 : 400000 };
    m.small = net_sizes_of(32);
    m.kib = net_sizes_of(1024);
    m.big = net_sizes_of(1048576);
    m.ns = malloc(m.n_trips * sizeof *m.ns);
    int failed = m.ns == NULL || start_market(&m);
    for (int round = 0; round < ROUNDS && !failed; round++) {
        for (int suite = 0; suite < N_SUITES && !failed; suite++) {
            if (suite == PLAIN || coax_suite_is_available((coax_suite)suite))
                failed = measure(&m, suite, &all[suite], round);
        }
    }
    for (int i = 0; i < 2; i++) {
        net_stop(&m.echo[i]);
        net_stop(&m.feed[i]);
    }
    free(m.ns);
    for (size_t i = 0; i < sizeof price_list / sizeof price_list[0] && !failed; i++)
        add_price(report, all, &price_list[i]);
    if (failed)
        fprintf(stderr, "coax-bench: an encrypted connection failed\n");
    return failed;
}

/* What a connection costs that says nothing. */
static int bench_idle(bench_report *report)
{
    static const char group[] = "an idle encrypted connection";
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    net_server server = { 0, 0 };
    char url[64];
    double resident, counted;
    options.server_id = server_id;
    int failed = net_start(serve_encrypted, NULL, &server);
    url_of(url, sizeof url, false, server.port);
    failed =
        failed || net_coax_idle(url, &options, report->is_quick ? 300 : 2000, &resident, &counted);
    net_stop(&server);
    if (failed)
        return 1;
    bench_add(report, group, "server, resident", resident, "bytes");
    bench_add(report, group, "server, taken from the allocator", counted, "bytes");
    const double cost = resident > counted ? resident : counted;
    bench_add_ratio_most(report, group, "the larger of both, in units of 4 KiB", cost / 4096, 1.0);
    return 0;
}

/* Keys and users in a folder of their own. */
static int prepare(void)
{
    static const coax_password_cost cheapest = { 8192, 1 };
    coax_error error = COAX_ERROR_INIT;
    char path[80];
    (void)snprintf(folder, sizeof folder, "/tmp/coax-bench-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)setenv("COAX_HOME", folder, 1);
    (void)snprintf(path, sizeof path, "%s/users", folder);
    coax_err rc = coax_key_generate(&server_key, &error);
    if (rc == COAX_OK)
        rc = coax_store_create_file(path, &cheapest, &cheap_users, &error);
    if (rc == COAX_OK)
        rc = coax_store_set_password(cheap_users, "ada", NULL, "as many as it takes", &error);
    if (rc != COAX_OK)
        fprintf(stderr, "coax-bench: %s\n", error.text);
    else
        coax_key_id(server_key, server_id);
    return rc != COAX_OK;
}

static void clean_up(void)
{
    static const char *const names[] = { "users", "users.secret", "users.lock", "known_hosts" };
    char path[96];
    coax_store_close(cheap_users);
    coax_key_free(server_key);
    cheap_users = NULL;
    server_key = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

int bench_security(bench_report *report)
{
    net_pin(NET_CLIENT_CORE);
    int failed = prepare() || bench_traffic(report) || bench_connects(report) || bench_idle(report);
    clean_up();
    return failed;
}
