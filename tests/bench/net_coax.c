/*
 * The same echoes as calls. Read next: net.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <coax/coax.h>

#include "net.h"
#include "netecho_client.h"
#include "netecho_server.h"

/* The server's allocator: malloc with a sum. */
static uint64_t counted_bytes;

static void *count_resize(void *self, void *old, size_t size)
{
    size_t *block = old != NULL ? (size_t *)old - 2 : NULL;
    size_t was = block != NULL ? block[0] : 0;
    (void)self;
    size_t *grown = realloc(block, size + 2 * sizeof *grown);
    if (grown == NULL)
        return NULL;
    grown[0] = size;
    counted_bytes += size - was;
    return grown + 2;
}

static void count_release(void *self, void *memory)
{
    (void)self;
    if (memory == NULL)
        return;
    size_t *block = (size_t *)memory - 2;
    counted_bytes -= block[0];
    free(block);
}

static const coax_allocator counting = { NULL, count_resize, count_release };

static void on_echo(void *self, coax_call call, const netecho_record *request)
{
    (void)self;
    (void)netecho_echo_echo_reply(call, request);
}

/* Resident bytes, which leave out what the kernel holds for us. */
static uint64_t resident(void)
{
    unsigned long total = 0;
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%lu %lu", &total, &pages) != 2)
        pages = 0;
    fclose(file);
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void on_memory(void *self, coax_call call, const netecho_echo_memory_request *request)
{
    (void)request;
    netecho_echo_memory_response reply = { .resident = resident(),
                                           .counted = counted_bytes,
                                           .connections = (uint32_t)coax_server_n_peers(self) };
    (void)netecho_echo_memory_reply(call, &reply);
}

static void on_system_calls(void *self, coax_call call,
                            const netecho_echo_system_calls_request *request)
{
    (void)self;
    (void)request;
    netecho_echo_system_calls_response reply = { .count = net_system_calls() };
    (void)netecho_echo_system_calls_reply(call, &reply);
}

static netecho_record record_of(const uint8_t *payload, size_t len)
{
    netecho_record record = NETECHO_RECORD_INIT;
    record.id = 1;
    record.name = coax_str_from("sixteen letters.");
    record.payload = (coax_bytes){ payload, len };
    return record;
}

size_t net_encoded_size(size_t payload)
{
    size_t room = payload + 64;
    size_t len = 0;
    uint8_t *bytes = calloc(2, room);
    coax_writer out;
    if (bytes == NULL)
        return 0;
    netecho_record record = record_of(bytes + room, payload);
    coax_writer_init(&out, bytes, room);
    netecho_record_encode(&out, &record);
    if (coax_writer_finish(&out, &len) != COAX_OK)
        len = 0;
    free(bytes);
    return len;
}

void net_coax_serve_on(int report, const char *url, const coax_server_options *options)
{
    char address[64];
    coax_error error = COAX_ERROR_INIT;
    coax_loop_options loop_options = COAX_LOOP_OPTIONS_INIT;
    coax_server_options chosen = COAX_SERVER_OPTIONS_INIT;
    coax_server *server = NULL;
    loop_options.allocator = &counting;
    if (options != NULL)
        chosen = *options;
    chosen.accepts_per_s = COAX_NEVER_MS; /* all of them come from here */
    coax_loop *loop = coax_loop_create(&loop_options);
    coax_err rc = coax_server_create(loop, &chosen, &server, &error);
    netecho_echo_handlers handlers = { on_echo, on_memory, on_system_calls };
    if (rc == COAX_OK)
        rc = netecho_echo_serve(server, &handlers, server);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, url, &error);
    if (rc == COAX_OK) {
        (void)coax_server_address(server, 0, address, sizeof address);
        net_report_port(report, (uint16_t)strtoul(strrchr(address, ':') + 1, NULL, 10));
        (void)coax_loop_run(loop);
    }
    fprintf(stderr, "coax-bench: %s\n", error.text);
}

void net_coax_serve(int report, const net_sizes *sizes)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    (void)sizes;
    options.accepts_per_s = COAX_NEVER_MS;
    net_coax_serve_on(report, "plain+tcp://127.0.0.1:0", &options);
}

/* One client and what it is to do. */
typedef struct run {
    coax_loop *loop;
    coax_client *client;
    netecho_record request;
    double *ns;
    uint64_t began;
    size_t n_started;
    size_t n_done;
    size_t n_wanted;
    bool failed;
} run;

static void start(run *r);

static void on_reply(void *self, const netecho_echo_echo_result *result)
{
    run *r = self;
    if (result->err != COAX_OK || result->reply->payload.len != r->request.payload.len) {
        r->failed = true;
        coax_loop_stop(r->loop);
        return;
    }
    if (r->ns != NULL) {
        uint64_t now = bench_now_ns();
        r->ns[r->n_done] = (double)(now - r->began);
        r->began = bench_now_ns();
    }
    r->n_done++;
    if (r->n_started < r->n_wanted)
        start(r);
    else if (r->n_done == r->n_wanted)
        coax_loop_stop(r->loop);
}

static void start(run *r)
{
    r->n_started++;
    r->request.id = r->n_started;
    if (netecho_echo_echo(r->client, &r->request, NULL, on_reply, r) != COAX_OK) {
        r->failed = true;
        coax_loop_stop(r->loop);
    }
}

int net_coax_echo(const char *url, const coax_client_options *options, const net_sizes *sizes,
                  double *ns, size_t n, size_t depth, double *ret_seconds)
{
    coax_error error = COAX_ERROR_INIT;
    run r;
    memset(&r, 0, sizeof r);
    uint8_t *payload = calloc(1, sizes->payload + 1);
    r.loop = coax_loop_create(NULL);
    coax_err rc = coax_client_create(r.loop, url, options, &r.client, &error);
    while (rc == COAX_OK && coax_client_get_state(r.client) == COAX_CLIENT_CONNECTING)
        rc = coax_loop_process(r.loop);
    r.request = record_of(payload, sizes->payload);
    r.n_wanted = n;
    r.ns = ns;
    r.failed = rc != COAX_OK;
    uint64_t began = bench_now_ns();
    r.began = began;
    for (size_t i = 0; i < depth && i < n && !r.failed; i++)
        start(&r);
    if (!r.failed)
        (void)coax_loop_run(r.loop);
    *ret_seconds = (double)(bench_now_ns() - began) / 1e9;
    (void)coax_loop_destroy(r.loop);
    free(payload);
    return r.failed || r.n_done != n;
}

static int run_client(uint16_t port, const net_sizes *sizes, double *ns, size_t n, size_t depth,
                      double *ret_seconds)
{
    char url[64];
    (void)snprintf(url, sizeof url, "plain+tcp://127.0.0.1:%u", (unsigned)port);
    return net_coax_echo(url, NULL, sizes, ns, n, depth, ret_seconds);
}

int net_coax_trips(uint16_t port, const net_sizes *sizes, double *ns, size_t n)
{
    double seconds;
    return run_client(port, sizes, ns, n, 1, &seconds);
}

double net_coax_flood(uint16_t port, const net_sizes *sizes, size_t n)
{
    double seconds;
    return run_client(port, sizes, NULL, n, NET_DEPTH, &seconds) != 0 ? -1 : seconds;
}

static coax_client *dial(uint16_t port)
{
    char url[64];
    coax_error error = COAX_ERROR_INIT;
    coax_client *client = NULL;
    (void)snprintf(url, sizeof url, "plain+tcp://127.0.0.1:%u", (unsigned)port);
    if (coax_dial(url, NULL, &client, &error) != COAX_OK)
        fprintf(stderr, "coax-bench: %s\n", error.text);
    return client;
}

int net_coax_wait_trips(uint16_t port, const net_sizes *sizes, double *ns, size_t n)
{
    coax_client *client = dial(port);
    uint8_t *payload = calloc(1, sizes->payload + 1);
    netecho_record request = record_of(payload, sizes->payload);
    int failed = client == NULL || payload == NULL;
    for (size_t i = 0; i < n && !failed; i++) {
        netecho_echo_echo_result result;
        request.id = i;
        uint64_t began = bench_now_ns();
        failed = netecho_echo_echo_wait(client, &request, NULL, &result) != COAX_OK;
        ns[i] = (double)(bench_now_ns() - began);
        netecho_echo_echo_result_free(&result);
    }
    coax_client_close(client);
    free(payload);
    return failed;
}

static uint64_t server_calls(coax_client *client)
{
    netecho_echo_system_calls_request request = { 0 };
    netecho_echo_system_calls_result result;
    uint64_t count = 0;
    if (netecho_echo_system_calls_wait(client, &request, NULL, &result) == COAX_OK)
        count = result.reply->count;
    netecho_echo_system_calls_result_free(&result);
    return count;
}

int net_coax_system_calls(uint16_t port, size_t n, double *ret_client, double *ret_server)
{
    static const uint8_t payload[32];
    coax_client *client = dial(port);
    netecho_record request = record_of(payload, sizeof payload);
    int failed = client == NULL;
    uint64_t there = failed ? 0 : server_calls(client);
    uint64_t here = net_system_calls();
    for (size_t i = 0; i < n && !failed; i++) {
        netecho_echo_echo_result result;
        failed = netecho_echo_echo_wait(client, &request, NULL, &result) != COAX_OK;
        netecho_echo_echo_result_free(&result);
    }
    *ret_client = (double)(net_system_calls() - here) / (double)n;
    if (!failed)
        *ret_server = (double)(server_calls(client) - there) / (double)(n + 1);
    coax_client_close(client);
    return failed;
}

typedef struct memory {
    uint64_t resident;
    uint64_t counted;
    uint32_t connections;
} memory;

static int ask_memory(coax_client *client, memory *ret)
{
    netecho_echo_memory_request request = { 0 };
    netecho_echo_memory_result result;
    int failed = netecho_echo_memory_wait(client, &request, NULL, &result) != COAX_OK;
    if (!failed)
        *ret = (memory){ result.reply->resident, result.reply->counted, result.reply->connections };
    netecho_echo_memory_result_free(&result);
    return failed;
}

/* `n` clients on one loop, all open. */
static int open_many(coax_loop *loop, const char *url, const coax_client_options *options, size_t n,
                     coax_client **clients)
{
    for (size_t i = 0; i < n; i++) {
        if (coax_client_create(loop, url, options, &clients[i], NULL) != COAX_OK)
            return 1;
        while (coax_client_get_state(clients[i]) == COAX_CLIENT_CONNECTING)
            (void)coax_loop_process(loop);
        if (coax_client_get_state(clients[i]) != COAX_CLIENT_OPEN)
            return 1;
    }
    return 0;
}

int net_coax_idle(const char *url, const coax_client_options *options, size_t n,
                  double *ret_resident, double *ret_counted)
{
    memory before = { 0, 0, 0 };
    memory after = { 0, 0, 0 };
    coax_client *client = NULL;
    (void)!coax_dial(url, options, &client, NULL);
    coax_loop *loop = coax_loop_create(NULL);
    coax_client **clients = calloc(n, sizeof(coax_client *));
    /* The first hundred warm up what does not grow with connections. */
    int failed = client == NULL || clients == NULL || loop == NULL ||
                 open_many(loop, url, options, 100, clients) || ask_memory(client, &before) ||
                 open_many(loop, url, options, n - 100, clients + 100) ||
                 ask_memory(client, &after) || after.connections - before.connections != n - 100;
    *ret_resident = (double)(after.resident - before.resident) / (double)(n - 100);
    *ret_counted = (double)(after.counted - before.counted) / (double)(n - 100);
    (void)coax_loop_destroy(loop);
    coax_client_close(client);
    free(clients);
    return failed;
}
