/*
 * Two subscribers: one reads what comes, the other sleeps while the station measures.
 *
 *     watch [ADDRESS]        tcp://127.0.0.1:4417 when there is none
 *
 * The slow one holds up neither the station nor the other subscriber. With drop_oldest it has a gap and then the newest
 * reading; with disconnect it is gone, and told why. Read first: telemetry.idl, station.c.
 */
#include <stdio.h>

#include <coax/coax.h>

#include "telemetry_client.h"

enum { N_READINGS = 20000 };

typedef struct watcher {
    const char *name;
    coax_client *client;
    uint32_t n_seen;
    uint32_t last;
    bool is_closed;
} watcher;

static void on_reading(void *self, coax_peer peer, const telemetry_reading *reading)
{
    watcher *w = self;
    (void)peer;
    w->n_seen++;
    w->last = reading->number;
    if (reading->number == N_READINGS - 1)
        coax_loop_stop(coax_client_loop(w->client));
}

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    watcher *w = self;
    (void)client;
    w->is_closed = state == COAX_CLIENT_CLOSED;
    if (w->is_closed && reason->code != COAX_ERR_CANCELLED)
        printf("    %s was closed: %s\n", w->name, reason->text);
}

static coax_err start(watcher *w, const char *url, coax_error *error)
{
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.self = w;
    options.on_state = on_state;
    coax_err rc = coax_dial(url, &options, &w->client, error);
    if (rc == COAX_OK)
        rc = telemetry_station_reading_subscribe_wait(w->client, on_reading, w, NULL, NULL);
    return rc;
}

/* While this waits for the reply, its client's loop runs, and so the quick one sees every reading. */
static coax_err measure(coax_client *client, telemetry_policy policy)
{
    telemetry_station_measure_request request = { N_READINGS, policy };
    telemetry_station_measure_result result;
    coax_err rc = telemetry_station_measure_wait(client, &request, NULL, &result);
    if (rc == COAX_OK)
        printf("    the station queued %llu readings, dropped %llu, closed %llu\n",
               (unsigned long long)result.reply->n_queued,
               (unsigned long long)result.reply->n_dropped,
               (unsigned long long)result.reply->n_disconnected);
    else
        printf("    %s: %s\n", coax_err_name(rc), result.status.message);
    telemetry_station_measure_result_free(&result);
    return rc;
}

static bool watch(const char *url, telemetry_policy policy)
{
    watcher quick = { .name = "the quick one" }, slow = { .name = "the slow one" };
    coax_error error = COAX_ERROR_INIT;
    coax_err rc = start(&quick, url, &error);
    if (rc == COAX_OK)
        rc = start(&slow, url, &error);
    printf("%s\n", telemetry_policy_name(policy));
    if (rc == COAX_OK)
        rc = measure(quick.client, policy);
    if (rc == COAX_OK && !slow.is_closed)
        coax_loop_run(
            coax_client_loop(slow.client)); /* awake at last: until the newest, or the end */
    printf("    the quick one saw %u, the slow one %u, up to number %u\n", quick.n_seen,
           slow.n_seen, slow.last);
    bool has_newest = slow.last == N_READINGS - 1;
    bool is_right = policy == TELEMETRY_POLICY_DISCONNECT ? slow.is_closed : has_newest;
    coax_client_close(quick.client);
    coax_client_close(slow.client);
    if (rc != COAX_OK)
        fprintf(stderr, "watch: %s: %s\n", coax_err_name(rc), error.text);
    return rc == COAX_OK && is_right && quick.last == N_READINGS - 1 && slow.n_seen < N_READINGS;
}

int main(int argc, char **argv)
{
    const char *url = argc > 1 ? argv[1] : "tcp://127.0.0.1:4417";
    bool is_fine =
        watch(url, TELEMETRY_POLICY_DROP_OLDEST) && watch(url, TELEMETRY_POLICY_DISCONNECT);
    if (!is_fine)
        fprintf(stderr, "watch: that was not expected\n");
    return is_fine ? 0 : 1;
}
