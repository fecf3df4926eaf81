/*
 * What logging in by password costs each end, and what a file of 100,000 users does to it.
 *
 * Both ends of OPAQUE joined in memory, the client's Argon2id apart; and a file store made for the run.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/env_system.h"
#include "bench.h"
#include "secure/opaque_parts.h"
#include "secure/store.h"
#include "secure/store_text.h"

enum { LOGINS = 1000, ROUNDS = 200, FEW = 100, MANY = 100000 };

static const char group[] = "passwords";

/* One user of one server. */
typedef struct pair {
    cx_opaque_server server;
    cx_opaque_names names;
    cx_opaque_stretch stretch;
    coax_bytes password;
    uint8_t record[COAX_RECORD_BYTES];
    uint64_t client_ns, server_ns, multiply_ns;
} pair;

static void numbers(void *ret_bytes, size_t len)
{
    const coax_env *env = cx_env_system();
    env->random(env->self, ret_bytes, len);
}

static coax_err register_user(pair *p)
{
    uint8_t wide[64], blind[32], nonce[32];
    uint8_t request[COAX_REGISTER_REQUEST_BYTES], response[COAX_REGISTER_RESPONSE_BYTES];
    numbers(wide, sizeof wide);
    numbers(nonce, sizeof nonce);
    coax_err err = cx_opaque_register_start(p->password, wide, blind, request, NULL);
    if (err == COAX_OK)
        err = cx_opaque_register_respond(&p->server, p->names.client, request, response, NULL);
    if (err == COAX_OK)
        err = cx_opaque_register_finish(p->password, blind, &p->names, &p->stretch, nonce, response,
                                        p->record, NULL, NULL);
    return err;
}

static coax_err init_pair(pair *p)
{
    uint8_t secret[COAX_STORE_SECRET_BYTES];
    memset(p, 0, sizeof *p);
    p->names.client = cx_piece_text("alice");
    p->names.context =
        cx_piece_text("coax1 and sixty-four bytes or so of a channel's handshake hash...");
    p->password = cx_piece_text("correct horse battery staple");
    p->stretch.is_identity = true;
    coax_store_secret_generate(secret);
    coax_err err = cx_opaque_server_init(&p->server, secret, NULL);
    return err == COAX_OK ? register_user(p) : err;
}

/* One login; `record` NULL: of nobody, which the client gives up after KE2. */
static int log_in(pair *p, const uint8_t *record)
{
    cx_opaque_client_random client;
    cx_opaque_server_random server;
    cx_opaque_login login;
    cx_opaque_expect expect;
    cx_opaque_result result = { { 0 }, { 0 }, { 0 } };
    uint8_t ke1[CX_OPAQUE_KE1], ke2[CX_OPAQUE_KE2];
    numbers(&client, sizeof client);
    numbers(&server, sizeof server);
    uint64_t begun = bench_now_ns();
    if (cx_opaque_start(p->password, &client, &login, ke1, NULL) != COAX_OK)
        return 1;
    p->client_ns += bench_now_ns() - begun;
    begun = bench_now_ns();
    if (cx_opaque_respond(&p->server, record, p->names.client, &p->names, ke1, &server, &expect,
                          ke2, NULL) != COAX_OK)
        return 1;
    p->server_ns += bench_now_ns() - begun;
    begun = bench_now_ns();
    coax_err err =
        cx_opaque_finish(&login, p->password, &p->names, &p->stretch, ke2, &result, NULL);
    p->client_ns += bench_now_ns() - begun;
    begun = bench_now_ns();
    bool is_in = cx_opaque_accept(&expect, result.ke3, NULL);
    p->server_ns += bench_now_ns() - begun;
    begun = bench_now_ns();
    if (!cx_oprf_evaluate(p->server.private_key, ke1, ke2))
        return 1;
    p->multiply_ns += bench_now_ns() - begun;
    return is_in != (record != NULL) || (err == COAX_OK) != is_in;
}

/* Microseconds for each of many logins, users that are there and nobody in turn: medians, because other programs run too. */
static int bench_logins(bench_report *report)
{
    static double client[LOGINS], server[LOGINS], nobody[LOGINS], multiply[LOGINS];
    const size_t n = report->is_quick ? 20 : LOGINS;
    pair there, none;
    if (init_pair(&there) != COAX_OK || init_pair(&none) != COAX_OK)
        return 1;
    for (size_t i = 0; i < n; i++) {
        there.client_ns = there.server_ns = there.multiply_ns = none.server_ns = 0;
        if (log_in(&there, there.record) != 0 || log_in(&none, NULL) != 0)
            return 1;
        client[i] = (double)there.client_ns / 1e3;
        server[i] = (double)there.server_ns / 1e3;
        nobody[i] = (double)none.server_ns / 1e3;
        multiply[i] = (double)there.multiply_ns / 1e3;
    }
    const double at_server = bench_median(server, n);
    bench_add(report, group, "a login at the server", at_server, "us");
    bench_add(report, group, "a login at the client, Argon2id apart", bench_median(client, n),
              "us");
    bench_add_ratio_most(report, group, "a user that is not there / one that is, at the server",
                         bench_median(nobody, n) / at_server, 1.1);
    bench_add_ratio_most(report, group, "a login at the server / a multiplication",
                         at_server / bench_median(multiply, n), 8);
    return 0;
}

static int bench_argon2id(bench_report *report)
{
    uint8_t blind[32] = { 1 }, out[64];
    pair p;
    cx_opaque_stretch stretch = { { 0, 0 }, false };
    if (init_pair(&p) != COAX_OK)
        return 1;
    uint64_t begun = bench_now_ns();
    if (cx_opaque_randomize(p.password, blind, p.server.public_key, &stretch, out, NULL) != COAX_OK)
        return 1;
    bench_add(report, group, "Argon2id at the default cost (64 MiB, 3 passes)",
              (double)(bench_now_ns() - begun) / 1e6, "ms");
    return 0;
}

/* ---- the file ---- */

static int write_file(const char *path, const char *text, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    bool is_whole = fd >= 0 && write(fd, text, len) == (ssize_t)len;
    if (fd >= 0)
        (void)close(fd);
    return is_whole ? 0 : 1;
}

/* A file of `n` users, written at once: putting them one by one writes the file as often. */
static int write_users(const char *path, size_t n)
{
    const coax_password_cost cost = { 65536, 3 };
    const cx_store_change nothing = { NULL, NULL };
    const uint8_t hash_key[CX_SIPHASH_KEY] = { 1 };
    uint8_t secret[COAX_STORE_SECRET_BYTES], key[CX_STORE_CHECK_KEY], record[COAX_RECORD_BYTES];
    char name[64], secret_path[300], secret_text[CX_STORE_SECRET_TEXT];
    const coax_str role = { "reader", 6 };
    cx_user_table table;
    char *text = NULL;
    size_t len = 0;
    coax_err err = COAX_OK;
    coax_store_secret_generate(secret);
    cx_store_check_key(secret, key);
    cx_store_secret_print(secret, secret_text);
    cx_user_table_init(&table, NULL, hash_key);
    for (size_t i = 0; i < n && err == COAX_OK; i++) {
        (void)snprintf(name, sizeof name, "user-%zu", i);
        numbers(record, sizeof record);
        const cx_user_text user = { { name, strlen(name) }, &role, 1, record };
        cx_user_entry *entry = cx_user_entry_create(NULL, &user);
        err = entry != NULL ? cx_user_table_reserve(&table) : COAX_ERR_NO_MEMORY;
        if (err == COAX_OK)
            cx_user_table_put(&table, entry);
    }
    if (err == COAX_OK)
        err = cx_store_text_print(&table, &nothing, &cost, key, NULL, &text, &len, NULL);
    (void)snprintf(secret_path, sizeof secret_path, "%s.secret", path);
    int rc = err != COAX_OK || write_file(path, text, len) != 0 ||
             write_file(secret_path, secret_text, sizeof secret_text) != 0;
    free(text);
    cx_user_table_deinit(&table);
    return rc;
}

static void count(void *self, const coax_user *user)
{
    *(size_t *)self += user != NULL;
}

/* Nanoseconds for a lookup, half of them of nobody. */
static int measure_finds(coax_store *store, size_t n_users, int n, double *ret_ns)
{
    double rounds[ROUNDS];
    char name[64];
    for (int round = 0; round < ROUNDS; round++) {
        size_t n_found = 0;
        const uint64_t begun = bench_now_ns();
        for (int i = 0; i < n; i++) {
            (void)snprintf(name, sizeof name, "user-%zu",
                           ((size_t)round * (size_t)n + (size_t)i) * 7919u % (2 * n_users));
            if (cx_store_get(store, name, count, &n_found, NULL) != COAX_OK)
                return 1;
        }
        rounds[round] = (double)(bench_now_ns() - begun) / n;
        if (n_found == 0)
            return 1;
    }
    *ret_ns = bench_median(rounds, ROUNDS);
    return 0;
}

typedef struct file_figures {
    double open_ms, find_ns, change_ms;
} file_figures;

static int measure_file(const char *folder, size_t n_users, int n, file_figures *ret)
{
    char path[256];
    coax_store *store = NULL;
    coax_user user = { sizeof user, "user-5", NULL, { 0 } };
    const struct timespec settle = { 0, 60 * 1000 * 1000 }; /* file times tick slowly */
    (void)snprintf(path, sizeof path, "%s/users-%zu", folder, n_users);
    if (write_users(path, n_users) != 0 || nanosleep(&settle, NULL) != 0)
        return 1;
    uint64_t begun = bench_now_ns();
    if (coax_store_open_file(path, &store, NULL) != COAX_OK)
        return 1;
    ret->open_ms = (double)(bench_now_ns() - begun) / 1e6;
    int rc = measure_finds(store, n_users, n, &ret->find_ns);
    memcpy(user.record, store->server->public_key, 32); /* an element */
    begun = bench_now_ns();
    rc = rc != 0 || coax_store_put(store, &user, NULL) != COAX_OK;
    ret->change_ms = (double)(bench_now_ns() - begun) / 1e6;
    coax_store_close(store);
    return rc;
}

static void remove_file(const char *folder, size_t n_users)
{
    char path[300];
    (void)snprintf(path, sizeof path, "%s/users-%zu", folder, n_users);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/users-%zu.secret", folder, n_users);
    (void)unlink(path);
}

static int bench_files(bench_report *report)
{
    char folder[] = "/tmp/coax-bench-XXXXXX";
    const int n = report->is_quick ? 20 : 1000; /* a round */
    file_figures few, many;
    if (mkdtemp(folder) == NULL)
        return 1;
    int rc = measure_file(folder, FEW, n, &few) != 0 || measure_file(folder, MANY, n, &many) != 0;
    remove_file(folder, FEW);
    remove_file(folder, MANY);
    (void)rmdir(folder);
    if (rc != 0)
        return rc;
    bench_add(report, group, "a lookup among 100 users, stat(2) included", few.find_ns, "ns");
    bench_add(report, group, "a lookup among 100,000 users", many.find_ns, "ns");
    bench_add_ratio_most(report, group, "a lookup among 100,000 / among 100",
                         many.find_ns / few.find_ns, 10);
    bench_add(report, group, "opening a file of 100,000 users", many.open_ms, "ms");
    bench_add(report, group, "changing one of 100,000 users", many.change_ms, "ms");
    return 0;
}

int bench_passwords(bench_report *report)
{
    if (cx_opaque_ready(NULL) != COAX_OK || bench_logins(report) != 0 ||
        bench_argon2id(report) != 0 || bench_files(report) != 0) {
        fprintf(stderr, "coax-bench: passwords failed\n");
        return 1;
    }
    return 0;
}
