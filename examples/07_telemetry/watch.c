/*
 * Two subscribers: one keeps up, the other sleeps while the station measures.
 *
 *     watch [ADDRESS]        tcp://127.0.0.1:4417 when there is none
 *
 * The slow one holds up neither the station nor the quick one. With drop_oldest it has a gap and then
 * the newest reading; with disconnect it is gone. Read first: telemetry.idl, station.c.
 */
#include <stdio.h>

#include <coax/coax.h>

#include "telemetry_client.h"

enum { N_ROUNDS = 200, READINGS_PER_ROUND = 100, N_READINGS = N_ROUNDS * READINGS_PER_ROUND };

typedef struct watcher {
    coax_client *client;
    telemetry_policy policy;
    uint32_t n_seen;
    uint32_t last;  /* number seen */
    uint32_t until; /* stop at this number; 0: don't */
    uint64_t n_dropped;
    bool is_closed;
} watcher;

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    watcher *w = self;
    (void)client;
    w->is_closed = state == COAX_CLIENT_CLOSED;
    if (w->is_closed && reason->code != COAX_ERR_CANCELLED)
        printf("    closed: %s\n", reason->text);
}

static void on_measured(void *self, const telemetry_station_measure_result *result)
{
    watcher *w = self;
    if (result->err == COAX_OK)
        w->n_dropped += result->reply->n_dropped;
    else
        coax_loop_stop(coax_client_loop(w->client));
}

static coax_err next_round(watcher *w)
{
    telemetry_station_measure_request request = { READINGS_PER_ROUND, w->policy };
    return telemetry_station_measure(w->client, &request, NULL, on_measured, w);
}

/* The quick one asks for the next round when it has seen all of this one, so it is never far behind. */
static void on_quick_reading(void *self, coax_peer peer, const telemetry_reading *reading)
{
    watcher *w = self;
    (void)peer;
    w->last = reading->number;
    w->n_seen++;
    bool is_over = w->n_seen == N_READINGS;
    if (w->n_seen % READINGS_PER_ROUND == 0 && (is_over || next_round(w) != COAX_OK))
        coax_loop_stop(coax_client_loop(w->client));
}

static void on_slow_reading(void *self, coax_peer peer, const telemetry_reading *reading)
{
    watcher *w = self;
    (void)peer;
    w->last = reading->number;
    w->n_seen++;
    if (w->last == w->until)
        coax_loop_stop(coax_client_loop(w->client));
}

static bool watch(const char *url, telemetry_policy policy)
{
    watcher quick = { .policy = policy }, slow = { .policy = policy };
    coax_loop *loop = coax_loop_create(NULL);
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.self = &slow;
    options.on_state = on_state;
    coax_err rc = coax_dial(url, &options, &slow.client, NULL);
    if (rc == COAX_OK)
        rc = telemetry_station_reading_subscribe_wait(slow.client, on_slow_reading, &slow, NULL,
                                                      NULL);
    if (rc == COAX_OK)
        rc = coax_client_create(loop, url, NULL, &quick.client, NULL);
    if (rc == COAX_OK)
        rc =
            telemetry_station_reading_subscribe(quick.client, on_quick_reading, &quick, NULL, NULL);
    if (rc == COAX_OK && (rc = next_round(&quick)) == COAX_OK)
        rc = coax_loop_run(loop); /* meanwhile nobody runs the slow one's loop */
    slow.until = quick.last;
    printf("%s: the quick one saw %u readings\n", telemetry_policy_name(policy), quick.n_seen);
    if (rc == COAX_OK)
        rc = coax_loop_run(coax_client_loop(slow.client)); /* awake at last */
    printf("    the slow one saw %u, %llu were dropped\n", slow.n_seen,
           (unsigned long long)quick.n_dropped);
    bool has_gap = slow.n_seen < N_READINGS && quick.n_seen == N_READINGS;
    bool is_right =
        policy == TELEMETRY_POLICY_DISCONNECT ? slow.is_closed : slow.last == quick.last;
    coax_client_close(slow.client);
    coax_loop_destroy(loop);
    return rc == COAX_OK && has_gap && is_right;
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
