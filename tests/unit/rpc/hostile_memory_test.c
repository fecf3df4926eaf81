/*
 * What a hostile peer makes the other side keep: each test repeats something that costs the peer a few bytes, and
 * looks at all the memory there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <coax/gen_server.h>

#include "flow.h"
#include "raw.h"
#include "rpc/parts.h"

enum { ROUNDS = 5000, KIB = 1024 };

static flow_server server;
static raw bytes, answer;

static int set_up(void **state)
{
    static pair two;
    memset(&server, 0, sizeof server);
    raw_clear(&bytes);
    pair_init(&two);
    two.client.is_held = true;
    two.server.is_held = true;
    *state = &two;
    if (pair_make(&two) != COAX_OK || flow_serve(&two.server, &server) != COAX_OK)
        return -1;
    raw_hello(&bytes);
    pair_feed(&two, &two.server, bytes.bytes, bytes.len, 0);
    raw_clear(&bytes);
    return two.server.n_open == 1 ? 0 : -1;
}

/* What the server has to say is read and thrown away, or kept in `answer`. */
static void read_all(pair *two)
{
    raw_clear(&answer);
    for (size_t n = 1; n > 0;) {
        n = pair_take(&two->server, answer.bytes, sizeof answer.bytes);
        answer.len = n > 0 ? n : answer.len;
    }
}

static void feed(pair *two)
{
    pair_feed(two, &two->server, bytes.bytes, bytes.len, 0);
    raw_clear(&bytes);
}

static void request(uint32_t call, const coax_method *method)
{
    uint8_t payload[64];
    const echo_note note = echo_make(1, "x");
    const size_t len = raw_note(payload, sizeof payload, &note);
    const cx_frame frame = { .type = CX_FRAME_REQUEST, .call = call, .method = method->id };
    raw_frame(&bytes, frame, payload, len);
}

static void part(uint8_t type, uint8_t flags, uint32_t call, const void *data, size_t len)
{
    raw_frame(&bytes,
              (cx_frame){ .type = type, .flags = (uint8_t)(flags | CX_FLAG_MORE), .call = call },
              data, len);
}

static void parts_of_items_are_dropped_with_the_call_that_they_were_for(void **state)
{
    pair *two = *state;
    const echo_note note = echo_make(1, "enough");
    size_t before = 0;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        request(i + 1, &flow_sum);
        part(CX_FRAME_ITEM, 0, i + 1, "x", 1);
        feed(two);
        const flow_end *end = &server.ends[i % FLOW_ENDS_MAX];
        assert_int_equal(coax_gen_reply(end->call, &flow_sum, &note), COAX_OK);
        read_all(two);
        if (i == ROUNDS / 10)
            before = two->fake.bytes;
    }
    assert_int_equal(server.n_ends, ROUNDS);
    assert_int_equal(two->server.endpoint.link.partials.by_call.count, 0);
    assert_true(two->fake.bytes < before + 16 * KIB);
    assert_int_equal(two->server.n_closed, 0);
}

static void an_answer_that_waits_is_sent_though_parts_are_dropped(void **state)
{
    pair *two = *state;
    static uint8_t body[100 * KIB];
    echo_note note = echo_make(1, "long");
    note.body = (coax_bytes){ body, sizeof body };
    request(1, &flow_sum);
    part(CX_FRAME_ITEM, 0, 1, "x", 1);
    feed(two);
    assert_int_equal(coax_gen_reply(server.ends[0].call, &flow_sum, &note), COAX_OK);
    size_t n, sum = 0;
    while ((n = pair_take(&two->server, answer.bytes, sizeof answer.bytes)) > 0)
        sum += n;
    assert_true(sum > sizeof body);
    /* The rest of the item was on its way. */
    part(CX_FRAME_ITEM, 0, 1, "y", 1);
    raw_frame(&bytes, (cx_frame){ .type = CX_FRAME_ITEM, .call = 1 }, "z", 1);
    feed(two);
    assert_int_equal(two->server.n_closed, 0);
    assert_int_equal(two->server.n_errors, 0);
}

static void refused_items_leave_nothing_behind(void **state)
{
    pair *two = *state;
    size_t before = 0;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        request(i + 1, &flow_chat);
        part(CX_FRAME_ITEM, CX_FLAG_META, i + 1, "\xff\xff", 2);
        feed(two);
        (void)coax_call_end(server.ends[i % FLOW_ENDS_MAX].call); /* in vain, and lets go */
        read_all(two);
        if (i == ROUNDS / 10)
            before = two->fake.bytes;
    }
    assert_int_equal(server.n_ends, ROUNDS);
    assert_true(two->fake.bytes < before + 16 * KIB);
    assert_int_equal(two->server.n_closed, 0);
}

static void cancelled_streams_count_until_their_handlers_let_go(void **state)
{
    pair *two = *state;
    size_t before = two->fake.bytes;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        request(i + 1, &flow_chat);
        part(CX_FRAME_ITEM, 0, i + 1, "x", 1);
        raw_frame(&bytes, (cx_frame){ .type = CX_FRAME_CANCEL, .aux = 1, .call = i + 1 }, NULL, 0);
        feed(two);
        read_all(two);
    }
    assert_int_equal(server.n_ends, 1024); /* max_concurrent_calls; the rest was refused */
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 1024);
    assert_true(two->fake.bytes < before + 2048 * KIB);
    assert_int_equal(two->server.n_closed, 0);
}

static void items_that_nobody_takes_are_bounded_by_max_held(void **state)
{
    pair *two = *state;
    const uint32_t max_held = 1024 * KIB;
    two->server.config.limits.max_held = max_held;
    server.is_late = true;
    size_t before = two->fake.bytes;
    for (uint32_t call = 1; call <= 1000; call++) {
        request(call, &flow_chat);
        for (int i = 0; i < 10000; i++)
            raw_frame(&bytes, (cx_frame){ .type = CX_FRAME_ITEM, .call = call }, "\x80", 1);
        feed(two);
        read_all(two);
        assert_true(two->server.endpoint.held <= max_held + 8 * KIB);
    }
    assert_true(two->fake.bytes < before + 2 * max_held);
    assert_int_equal(two->server.n_closed, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(parts_of_items_are_dropped_with_the_call_that_they_were_for),
        TEST(an_answer_that_waits_is_sent_though_parts_are_dropped),
        TEST(refused_items_leave_nothing_behind),
        TEST(cancelled_streams_count_until_their_handlers_let_go),
        TEST(items_that_nobody_takes_are_bounded_by_max_held),
    };
    return cmocka_run_group_tests_name("hostile_memory", tests, NULL, NULL);
}
