/*
 * What a program gets wrong: nothing where something is needed, handles that nobody gave, and a loop ended from inside
 * an interceptor. Each is answered with a name, and nothing else happens.
 *
 * Server and client live on one loop, in one process.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <coax/coax.h>

#include "conformance_client.h"
#include "conformance_server.h"
#include "interop_client.h"
#include "interop_server.h"

typedef struct desk {
    coax_loop *loop;
    coax_server *server;
    coax_client *client;
    uint32_t n_done;
    char words[200]; /* of the last end */
    coax_err ran[3]; /* what an interceptor got for destroy, run and process */
} desk;

static void on_add(void *self, coax_call call, const probe_probe_add_request *request)
{
    const probe_overflow *none = NULL;
    (void)self;
    assert_int_equal(probe_probe_add_reply(call, NULL), COAX_ERR_MISUSE);
    assert_int_equal(probe_probe_add_throw_overflow(call, none), COAX_ERR_MISUSE);
    assert_true(coax_call_is_live(call));
    probe_probe_add_reply(call, &(probe_probe_add_response){ .sum = request->a + request->b });
}

static void on_name(void *self, coax_call call, const probe_probe_name_request *request)
{
    const char *no_words = NULL;
    (void)self;
    (void)request;
    coax_call_fail(call, COAX_ERR_ABORTED, no_words, "");
}

static void on_output(void *self, coax_call call, const interop_order *request)
{
    (void)self;
    (void)request;
    assert_int_equal(interop_interop_output_push(call, NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_call_end(call), COAX_OK);
}

static int set_up(void **state)
{
    static desk d;
    d = (desk){ .loop = coax_loop_create(NULL) };
    *state = &d;
    const probe_probe_handlers probe = { .add = on_add, .name = on_name };
    const interop_interop_handlers interop = { .output = on_output };
    if (d.loop == NULL || coax_server_create(d.loop, NULL, &d.server, NULL) != COAX_OK ||
        probe_probe_serve(d.server, &probe, &d) != COAX_OK ||
        interop_interop_serve(d.server, &interop, &d) != COAX_OK ||
        coax_server_listen(d.server, "inproc://desk", NULL) != COAX_OK)
        return 1;
    return coax_client_create(d.loop, "inproc://desk", NULL, &d.client, NULL) != COAX_OK;
}

static int tear_down(void **state)
{
    const desk *d = *state;
    return coax_loop_destroy(d->loop) != COAX_OK;
}

/* The loop runs until a call has ended: the last thing each of these tests waits for. */
static void note(desk *d, const coax_status *status)
{
    d->n_done++;
    strncpy(d->words, status->message, sizeof d->words - 1);
    coax_loop_stop(d->loop);
}

static void on_added(void *self, const probe_probe_add_result *result)
{
    assert_int_equal(result->err, COAX_OK);
    assert_int_equal(result->reply->sum, 5);
    note(self, &result->status);
}

static void on_named(void *self, const probe_probe_name_result *result)
{
    assert_int_equal(result->err, COAX_ERR_ABORTED);
    note(self, &result->status);
}

static void on_put_out(void *self, const interop_interop_output_result *result)
{
    assert_int_equal(result->err, COAX_OK);
    note(self, &result->status);
}

static void add(desk *d)
{
    const probe_probe_add_request request = { .a = 2, .b = 3 };
    assert_int_equal(probe_probe_add(d->client, &request, NULL, on_added, d), COAX_OK);
}

static void a_handler_that_answers_with_nothing_may_still_answer(void **state)
{
    desk *d = *state;
    add(d);
    assert_int_equal(coax_loop_run(d->loop), COAX_OK);
    assert_int_equal(d->n_done, 1);
}

static void an_item_that_is_none_is_refused_and_the_stream_goes_on(void **state)
{
    desk *d = *state;
    const interop_order order = INTEROP_ORDER_INIT;
    const interop_interop_output_events events = { .on_end = on_put_out };
    assert_int_equal(interop_interop_output(d->client, &order, NULL, &events, d, NULL), COAX_OK);
    assert_int_equal(coax_loop_run(d->loop), COAX_OK);
    assert_int_equal(d->n_done, 1);
}

static void a_failure_without_words_has_those_of_its_code(void **state)
{
    desk *d = *state;
    const probe_probe_name_request request = { .text = coax_str_from("x") };
    assert_int_equal(probe_probe_name(d->client, &request, NULL, on_named, d), COAX_OK);
    assert_int_equal(coax_loop_run(d->loop), COAX_OK);
    assert_string_equal(d->words, coax_err_meaning(COAX_ERR_ABORTED));
}

static void a_handle_that_nobody_gave_is_stale(void **state)
{
    const desk *d = *state;
    const uint32_t indices[] = { 0, 1, 0x40000000u, 0x80000000u, 0xc0000000u, UINT32_MAX };
    for (size_t i = 0; i < sizeof indices / sizeof indices[0]; i++) {
        const coax_call call = { d->loop, indices[i], UINT32_MAX };
        assert_int_equal(coax_call_fail(call, COAX_ERR_ABORTED, "x"), COAX_ERR_STALE);
        assert_int_equal(coax_call_end(call), COAX_ERR_STALE);
        assert_int_equal(coax_call_set_data(call, NULL), COAX_ERR_STALE);
        assert_false(coax_call_is_live(call));
        assert_int_equal(coax_call_remaining_ms(call), 0);
        assert_int_equal(coax_call_metadata(call)->count, 0);
    }
}

static coax_err meddle(void *self, coax_call_info *info, coax_error *error)
{
    desk *d = self;
    (void)info;
    (void)error;
    d->ran[0] = coax_loop_destroy(d->loop);
    d->ran[1] = coax_loop_run(d->loop);
    d->ran[2] = coax_loop_process(d->loop);
    return COAX_OK;
}

/* It runs inside the function that makes the call, where the loop itself does not run. */
static void an_interceptor_can_not_run_or_end_its_loop(void **state)
{
    desk *d = *state;
    const coax_interceptor meddler = { sizeof meddler, d, meddle, NULL };
    assert_int_equal(coax_client_intercept(d->client, &meddler), COAX_OK);
    add(d);
    for (size_t i = 0; i < sizeof d->ran / sizeof d->ran[0]; i++)
        assert_int_equal(d->ran[i], COAX_ERR_DEADLOCK);
    assert_int_equal(coax_loop_run(d->loop), COAX_OK);
    assert_int_equal(d->n_done, 1);
}

static void nothing_is_found_by_no_name_and_told_to_nobody(void **state)
{
    const desk *d = *state;
    const coax_metadata_pair pairs[] = { { coax_str_from("trace"), coax_str_from("1") } };
    assert_null(coax_metadata_find(&(coax_metadata){ pairs, 1 }, NULL).data);
    assert_null(coax_metadata_find(&(coax_metadata){ pairs, 1 }, "").data);
    coax_server_each_method(d->server, NULL, NULL);
    coax_client_each_method(d->client, NULL, NULL);
    coax_server_each_event(d->server, NULL, NULL);
    coax_client_each_event(d->client, NULL, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_handler_that_answers_with_nothing_may_still_answer),
        TEST(an_item_that_is_none_is_refused_and_the_stream_goes_on),
        TEST(a_failure_without_words_has_those_of_its_code),
        TEST(a_handle_that_nobody_gave_is_stale),
        TEST(an_interceptor_can_not_run_or_end_its_loop),
        TEST(nothing_is_found_by_no_name_and_told_to_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
