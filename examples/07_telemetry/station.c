/*
 * A station that measures on demand and tells everybody who subscribed.
 *
 *     station [ADDRESS]        tcp://127.0.0.1:4417 when there is none
 *
 * Some readings each turn of the loop, so that everything else goes on meanwhile. Read first: telemetry.idl. Read next: watch.c.
 */
#include <stdio.h>
#include <time.h>

#include <coax/coax.h>

#include "telemetry_server.h"

enum { READINGS_PER_TURN = 16 };

typedef struct station {
    coax_loop *loop;
    coax_server *server;
    coax_call call; /* the measuring under way; stale when there is none */
    coax_slow_policy policy;
    uint32_t number; /* of the next reading, since the station runs */
    uint32_t n_left;
    telemetry_station_measure_response sum;
} station;

static void tell_one(station *s)
{
    static const uint8_t samples[1024];
    telemetry_reading reading = { .number = s->number++,
                                  .at = { .seconds = time(NULL) },
                                  .samples = { samples, sizeof samples } };
    coax_emit_report report = { 0 };
    coax_emit_options options = COAX_EMIT_OPTIONS_INIT;
    options.policy = s->policy;
    options.ret_report = &report;
    telemetry_station_reading_emit(s->server, &reading, &options);
    s->sum.n_queued += report.n_queued;
    s->sum.n_dropped += report.n_dropped;
    s->sum.n_disconnected += report.n_disconnected;
}

static void measure_some(void *self)
{
    station *s = self;
    for (int i = 0; i < READINGS_PER_TURN && s->n_left > 0; i++, s->n_left--)
        tell_one(s);
    if (s->n_left == 0 || coax_loop_post(s->loop, measure_some, s) != COAX_OK)
        telemetry_station_measure_reply(s->call, &s->sum);
}

static void on_measure(void *self, coax_call call, const telemetry_station_measure_request *request)
{
    station *s = self;
    if (coax_call_is_live(s->call)) {
        coax_call_fail(call, COAX_ERR_UNAVAILABLE, "it measures already");
        return;
    }
    s->call = call;
    s->policy = (coax_slow_policy)request->policy;
    s->n_left = request->n_readings;
    s->sum = (telemetry_station_measure_response){ 0 };
    measure_some(s);
}

int main(int argc, char **argv)
{
    station s = { .loop = coax_loop_create(NULL) };
    coax_error error = COAX_ERROR_INIT;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.limits.max_event_queue = 256 * 1024; /* what one slow subscriber may cost */
    options.limits.max_send_queue = 256 * 1024;
    coax_err rc = coax_server_create(s.loop, &options, &s.server, &error);
    if (rc == COAX_OK)
        rc = telemetry_station_serve(s.server,
                                     &(telemetry_station_handlers){ .measure = on_measure }, &s);
    if (rc == COAX_OK)
        rc = coax_server_listen(s.server, argc > 1 ? argv[1] : "tcp://127.0.0.1:4417", &error);
    if (rc == COAX_OK) {
        char address[128];
        coax_server_address(s.server, 0, address, sizeof address);
        printf("%s\n", address);
        fflush(stdout);
        rc = coax_loop_run(s.loop);
    }
    if (rc != COAX_OK)
        fprintf(stderr, "station: %s: %s\n", coax_err_name(rc), error.text);
    coax_loop_destroy(s.loop);
    return rc == COAX_OK ? 0 : 1;
}
