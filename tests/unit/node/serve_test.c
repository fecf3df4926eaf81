/*
 * What may be served with how few handlers.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <coax/gen_server.h>
#include <coax/loop.h>

typedef struct bench {
    coax_loop *loop;
    coax_server *server;
} bench;

static const coax_type nothing = { .name = "t.Nothing", .kind = COAX_KIND_STRUCT };

static const coax_method mixed_methods[] = {
    { .name = "t.Mixed.ask", .id = 1, .kind = COAX_METHOD_UNARY, .request = &nothing },
    { .name = "t.Mixed.rings", .id = 2, .kind = COAX_METHOD_EVENT, .request = &nothing },
};
static const coax_service mixed = { .name = "t.Mixed", .methods = mixed_methods, .n_methods = 2 };
static const coax_service bells = { .name = "t.Bells",
                                    .methods = &mixed_methods[1],
                                    .n_methods = 1 };
static const coax_service silent = { .name = "t.Silent", .methods = mixed_methods, .n_methods = 1 };

static void handle(const void *handlers, void *self, coax_call call, const void *request)
{
    (void)handlers;
    (void)self;
    (void)call;
    (void)request;
}

typedef struct asking {
    void (*ask)(void *self, coax_call call, const void *request);
} asking;

static const coax_gen_handler rows[] = { { &mixed_methods[0], handle, offsetof(asking, ask) } };

static int set_up(void **state)
{
    static bench b;
    b = (bench){ .loop = coax_loop_create(NULL) };
    *state = &b;
    return b.loop == NULL || coax_server_create(b.loop, NULL, &b.server, NULL) != COAX_OK;
}

static int tear_down(void **state)
{
    const bench *b = *state;
    return coax_loop_destroy(b->loop) != COAX_OK;
}

static void a_service_of_events_only_is_served_without_handlers(void **state)
{
    const bench *b = *state;
    const coax_gen_service service = { &bells, NULL, 0, 0 };
    assert_int_equal(coax_gen_serve(b->server, &service, NULL, NULL), COAX_OK);
    assert_int_equal(coax_gen_serve(b->server, &service, NULL, NULL), COAX_ERR_IN_USE);
}

static void a_service_with_events_may_be_served_for_its_events(void **state)
{
    const bench *b = *state;
    const coax_gen_service service = { &mixed, rows, 1, sizeof(asking) };
    assert_int_equal(coax_gen_serve(b->server, &service, NULL, NULL), COAX_OK);
}

static void a_struct_of_no_handlers_is_the_same(void **state)
{
    const bench *b = *state;
    const asking none = { NULL };
    const coax_gen_service service = { &mixed, rows, 1, sizeof(asking) };
    assert_int_equal(coax_gen_serve(b->server, &service, &none, NULL), COAX_OK);
}

static void a_service_without_events_needs_a_handler(void **state)
{
    const bench *b = *state;
    const asking none = { NULL };
    const coax_gen_service service = { &silent, rows, 1, sizeof(asking) };
    assert_int_equal(coax_gen_serve(b->server, &service, NULL, NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_gen_serve(b->server, &service, &none, NULL), COAX_ERR_BAD_OPTION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_service_of_events_only_is_served_without_handlers, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_service_with_events_may_be_served_for_its_events, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_struct_of_no_handlers_is_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_service_without_events_needs_a_handler, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
