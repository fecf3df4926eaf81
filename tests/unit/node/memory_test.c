/*
 * Memory that runs out: every allocation of a whole conversation fails once, and each time somebody
 * is told.
 *
 * In the simulator, so that the N-th allocation is the same one in every run. Held: no crash, no
 * leak, every call that started ends once, and afterwards, with memory, the same conversation
 * works.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/shell_sim.h"
#include "probe.h"
#include "transport/sim.h"

/* An allocator that fails once. */
typedef struct scarce {
    uint32_t n_taken;
    uint32_t fails_at; /* 0: never */
    int32_t n_blocks;
} scarce;

static void *scarce_resize(void *self, void *old, size_t size)
{
    scarce *s = self;
    s->n_taken++;
    if (s->n_taken == s->fails_at)
        return NULL;
    void *memory = realloc(old, size);
    if (old == NULL && memory != NULL)
        s->n_blocks++;
    return memory;
}

static void scarce_release(void *self, void *memory)
{
    scarce *s = self;
    if (memory != NULL)
        s->n_blocks--;
    free(memory);
}

typedef struct ends {
    uint32_t n_started;
    uint32_t n_ended;
    uint32_t n_ok;
} ends;

static void on_added(void *self, const probe_probe_add_result *result)
{
    ends *e = self;
    e->n_ended++;
    e->n_ok += result->err == COAX_OK ? 1 : 0;
    assert_non_null(result->status.message);
}

static void on_echoed(void *self, const probe_probe_echo_result *result)
{
    ends *e = self;
    e->n_ended++;
    e->n_ok += result->err == COAX_OK ? 1 : 0;
}

static void on_asked(void *self, const probe_probe_ask_back_result *result)
{
    ends *e = self;
    e->n_ended++;
    e->n_ok += result->err == COAX_OK ? 1 : 0;
}

static void on_failed(void *self, const probe_probe_fail_result *result)
{
    ends *e = self;
    e->n_ended++;
    e->n_ok += result->err == COAX_ERR_NOT_FOUND ? 1 : 0;
}

static void count(ends *e, coax_err started)
{
    assert_true(started == COAX_OK || started == COAX_ERR_NO_MEMORY ||
                started == COAX_ERR_UNAVAILABLE);
    e->n_started += started == COAX_OK ? 1 : 0;
}

static void call_everything(coax_client *client, ends *e)
{
    static uint8_t data[100000];
    probe_probe_add_request add = { .a = 1, .b = 2 };
    probe_probe_add_request unlucky = { .a = 13, .b = 2 };
    probe_probe_echo_request echo = { .payload = { data, sizeof data } };
    probe_probe_ask_back_request ask = { .number = 1, .times = 3 };
    probe_probe_fail_request fail = { .code = COAX_ERR_NOT_FOUND, .words = coax_str_from("no") };
    count(e, probe_probe_add(client, &add, NULL, on_added, e));
    count(e, probe_probe_add(client, &unlucky, NULL, on_added, e));
    count(e, probe_probe_echo(client, &echo, NULL, on_echoed, e));
    count(e, probe_probe_ask_back(client, &ask, NULL, on_asked, e));
    count(e, probe_probe_fail(client, &fail, NULL, on_failed, e));
}

/* Two loops: the server's, and the client's. */
static void talk(cx_sim *sim, const coax_loop_options *options, const char *url, ends *e)
{
    probe p;
    coax_server *server = NULL;
    coax_client *client = NULL;
    memset(&p, 0, sizeof p);
    coax_loop *there = cx_sim_loop_create(sim, options);
    coax_loop *here = cx_sim_loop_create(sim, options);
    coax_err rc = there != NULL && here != NULL ? COAX_OK : COAX_ERR_NO_MEMORY;
    if (rc == COAX_OK)
        rc = coax_server_create(there, NULL, &server, NULL);
    if (rc == COAX_OK)
        rc = probe_serve(server, &p);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, url, NULL);
    if (rc == COAX_OK)
        rc = coax_client_create(here, url, NULL, &client, NULL);
    if (rc == COAX_OK)
        rc = helper_serve(client);
    assert_true(rc == COAX_OK || rc == COAX_ERR_NO_MEMORY);
    if (rc == COAX_OK) {
        call_everything(client, e);
        /* Half a minute is enough for everything but a call that the server could not answer. */
        cx_sim_run_until(sim, cx_sim_now(sim) + (uint64_t)70 * 1000000000u);
        assert_int_equal(e->n_ended, e->n_started);
    }
    assert_int_equal(coax_loop_destroy(here), COAX_OK);
    assert_int_equal(coax_loop_destroy(there), COAX_OK);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    uint32_t n_worked = 0;
    for (uint32_t at = 1; n_worked < 3; at++) {
        scarce s = { 0, at, 0 };
        coax_allocator allocator = { &s, scarce_resize, scarce_release };
        coax_loop_options options = COAX_LOOP_OPTIONS_INIT;
        options.allocator = &allocator;
        cx_sim *sim = cx_sim_create(1);
        ends e = { 0, 0, 0 };
        talk(sim, &options, "tcp://server:1", &e);
        assert_int_equal(s.n_blocks, 0);
        cx_sim_destroy(sim);
        n_worked += s.n_taken < at ? 1 : 0; /* all of it came before the failure */
        if (s.n_taken < at)
            assert_int_equal(e.n_ok, 4); /* one of the five throws */
        assert_true(at < 5000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("node_memory", tests, NULL, NULL);
}
