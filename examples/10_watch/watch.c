/*
 * What a running program tells about itself: log events as they come, and numbers when asked.
 *
 *     watch        serves and calls in one process; the log goes to stderr, the metrics to stdout
 *
 * The server runs in a thread of its own. The metrics are read by the main thread while it runs: that needs no lock and
 * does not disturb it. Read first: watch.idl.
 */
#include <stdio.h>

#include <pthread.h>

#include <coax/coax.h>

#include "watch_client.h"
#include "watch_server.h"

static void on_take(void *self, coax_call call, const watch_shop_take_request *request)
{
    uint32_t *stock = self;
    if (request->count > *stock) {
        watch_shop_take_throw_out_of_stock(call, &(watch_out_of_stock){ .left = *stock });
        return;
    }
    *stock -= request->count;
    watch_shop_take_reply(call, &(watch_shop_take_response){ .left = *stock });
}

/* A loop that logs. For machines that read logs: coax_log_json_to_file. */
static coax_loop *create_loop(void)
{
    coax_loop_options options = COAX_LOOP_OPTIONS_INIT;
    options.log = coax_log_to_file;
    options.log_self = stderr;
    options.log_level = COAX_LOG_INFO;
    return coax_loop_create(&options);
}

static coax_err serve(coax_loop *loop, uint32_t *stock, coax_server **ret_server, coax_error *error)
{
    const watch_shop_handlers handlers = { .take = on_take };
    coax_err rc = coax_server_create(loop, NULL, ret_server, error);
    if (rc == COAX_OK)
        rc = watch_shop_serve(*ret_server, &handlers, stock);
    if (rc == COAX_OK)
        rc = coax_server_listen(*ret_server, "tcp://127.0.0.1:0", error);
    return rc;
}

static void *run_loop(void *loop)
{
    (void)coax_loop_run(loop);
    return NULL;
}

static bool write_to_file(void *file, const char *text, size_t len)
{
    return fwrite(text, 1, len, file) == len;
}

/* The page that Prometheus reads; serve it as "text/plain; version=0.0.4". */
static coax_err print_page(const coax_server *server, const coax_client *client)
{
    const coax_metrics_source sources[] = {
        { .name = "shop", .server = server },
        { .name = "customer", .client = client },
    };
    return coax_metrics_prometheus(sources, 2, write_to_file, stdout);
}

/* The same numbers for the program itself. */
static void print_row(void *self, const coax_method_metrics *row)
{
    const char *side = self;
    uint64_t n_failed = row->started - row->active - row->ended[COAX_OK];
    fprintf(stderr, "%s: %s: %llu calls, %llu failed\n", side, row->method->name,
            (unsigned long long)row->started, (unsigned long long)n_failed);
}

static void take_some(coax_client *client)
{
    for (int i = 0; i < 6; i++) {
        const watch_shop_take_request request = { .count = 20 };
        watch_shop_take_result result;
        /* The sixth finds too little. */
        if (watch_shop_take_wait(client, &request, NULL, &result) != COAX_OK)
            fprintf(stderr, "watch: %s\n", result.status.message);
        watch_shop_take_result_free(&result);
    }
}

int main(void)
{
    uint32_t stock = 100;
    char url[128];
    coax_error error = COAX_ERROR_INIT;
    coax_server *server = NULL;
    coax_client *client = NULL;
    pthread_t thread;
    coax_loop *loop = create_loop();
    if (loop == NULL || serve(loop, &stock, &server, &error) != COAX_OK ||
        pthread_create(&thread, NULL, run_loop, loop) != 0) {
        fprintf(stderr, "watch: %s\n", error.text);
        coax_loop_destroy(loop);
        return 1;
    }
    coax_server_address(server, 0, url, sizeof url);
    coax_err rc = coax_dial(url, NULL, &client, &error);
    if (rc == COAX_OK) {
        take_some(client);
        coax_server_each_method(server, print_row, "shop");
        rc = print_page(server, client);
    }
    coax_client_close(client);
    coax_loop_stop(loop);
    (void)pthread_join(thread, NULL);
    coax_loop_destroy(loop);
    return rc == COAX_OK ? 0 : 1;
}
