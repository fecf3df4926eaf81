/*
 * Encrypted connections where the network takes little, or stops in the middle of a record: what is sealed and not
 * sent counts as unsent, what is incomplete must go on, and who is slow is not taken for dead.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "diary.h"

static void on_grown(void *self, const probe_probe_grow_result *result)
{
    diary_write(self, "grow %s %zu", coax_err_name(result->err),
                result->reply != NULL ? result->reply->payload.len : 0);
}

/* Asks for a reply of `len` bytes. */
static void grow(diary *d, uint32_t len)
{
    probe_probe_grow_request request = { .len = len };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = 3600000;
    assert_int_equal(probe_probe_grow(d->client, &request, &options, on_grown, d), COAX_OK);
}

/* Both open, in a network that takes `capacity` bytes at once and delivers them slowly, in pieces. */
static void open_slow(diary *d, uint32_t capacity, uint64_t delay_ns,
                      const coax_client_options *changes)
{
    const cx_sim_weather weather = {
        .min_delay_ns = delay_ns, .max_delay_ns = delay_ns, .max_piece = 500, .capacity = capacity
    };
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    coax_server_options silent = COAX_SERVER_OPTIONS_INIT;
    coax_client_options mine = diary_client_options(d);
    if (changes != NULL)
        options = *changes;
    options.self = d;
    options.on_state = mine.on_state;
    options.trust = COAX_TRUST_ANY;
    cx_sim_set_weather(d->sim, &weather);
    diary_start_server(d, &silent);
    diary_start_client(d, &options);
    diary_run(d, 5000);
    diary_is(d, "open");
}

static void a_drained_connection_closes_behind_what_was_sealed(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    open_slow(&d, 1000, 10 * MS, NULL);
    grow(&d, 60000); /* about sixty times what the network takes at once */
    diary_run(&d, 25);
    assert_int_equal(coax_server_drain(d.server, 60000), COAX_OK);
    diary_run(&d, 60000);
    if (strstr(d.text, "grow ok 60000 draining closed") == NULL)
        fail_msg("%s", d.text);
    diary_close(&d);
}

static void half_a_record_and_silence_meet_progress_timeout(void **state)
{
    (void)state;
    diary d;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.limits.heartbeat_ms = COAX_NEVER_MS;
    options.limits.progress_timeout_ms = 5000;
    diary_open(&d, 1);
    open_slow(&d, 4000, 10 * MS, &options);
    grow(&d,
         16000); /* one record, of which the network has delivered a part when it falls silent */
    diary_run(&d, 45);
    cx_sim_black_hole(d.sim, NULL);
    diary_run(&d, 4900);
    diary_is(&d, "");
    diary_run(&d, 200);
    diary_is(&d, "grow unavailable 0 closed");
    assert_int_equal(d.reason.code, COAX_ERR_DEADLINE_EXCEEDED);
    assert_non_null(strstr(d.reason.text, "progress_timeout_ms"));
    diary_close(&d);
}

/* A record takes longer to come than a PING is waited for: its bytes are signs of life all the same. */
static void a_record_that_comes_slowly_keeps_its_connection(void **state)
{
    (void)state;
    diary d;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.limits.heartbeat_ms = 1000;
    options.limits.heartbeat_timeout_ms = 1500;
    diary_open(&d, 1);
    open_slow(&d, 600, 400 * MS, &options);
    grow(&d, 16000);
    diary_run(&d, 120000);
    diary_is(&d, "grow ok 16000");
    diary_close(&d);
}

/* What is sealed ahead of a slow network is little: a small answer does not wait behind all of a large one. */
static void a_small_answer_overtakes_a_large_one_that_waits(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    open_slow(&d, 4096, 50 * MS, NULL);
    grow(&d, 20000); /* teaches the connection how much the network takes */
    diary_run(&d, 5000);
    diary_is(&d, "grow ok 20000");
    grow(&d, 400000);
    diary_run(&d, 100);
    assert_int_equal(diary_add(&d, false, 60000), COAX_OK);
    diary_run(&d, 1000);
    diary_is(&d, "add ok");
    diary_run(&d, 60000);
    diary_is(&d, "grow ok 400000");
    diary_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_drained_connection_closes_behind_what_was_sealed),
        cmocka_unit_test(half_a_record_and_silence_meet_progress_timeout),
        cmocka_unit_test(a_record_that_comes_slowly_keeps_its_connection),
        cmocka_unit_test(a_small_answer_overtakes_a_large_one_that_waits),
    };
    return cmocka_run_group_tests_name("node_sealed", tests, NULL, NULL);
}
