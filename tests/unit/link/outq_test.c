/*
 * The send queue by itself: in which order what is queued leaves, wherever the writes are cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_env.h"
#include "link/outq.h"

#define MAX_FRAME 4096u
#define MEGABYTE ((size_t)1 << 20)

/* What left the queue, read frame by frame as it comes. */
typedef struct reader {
    uint8_t header[CX_FRAME_HEADER];
    size_t header_len;
    size_t payload_left;
    size_t n_bytes;
    uint32_t n_frames;
    cx_frame last;          /* the header read last */
    size_t unfinished[128]; /* by call: bytes of the message under way */
    size_t held;            /* sum of them */
    size_t most_held;
    uint32_t calls[200000]; /* of each frame */
    uint8_t types[200000];
} reader;

typedef struct bench {
    fake_env fake;
    cx_pool pool;
    cx_outq q;
    cx_outq_rules rules;
    size_t max_slices;
} bench;

static reader got;

static int set_up(void **state)
{
    static bench b;
    memset(&b, 0, sizeof b);
    fake_env_init(&b.fake);
    cx_pool_init(&b.pool, &b.fake.env.allocator);
    cx_outq_init(&b.q);
    b.rules = (cx_outq_rules){ .max_frame = MAX_FRAME,
                               .max_active = 64,
                               .max_active_bytes = 512 * MEGABYTE };
    b.max_slices = 64;
    memset(&got, 0, sizeof got);
    *state = &b;
    return 0;
}

/* Whatever a test does, nothing is left behind. */
static int tear_down(void **state)
{
    bench *b = *state;
    cx_outq_deinit(&b->q, &b->pool);
    cx_pool_deinit(&b->pool);
    return b->fake.n_live == 0 ? 0 : -1;
}

static void put(bench *b, cx_lane lane, uint32_t call, uint8_t type, size_t len, bool is_ordered)
{
    cx_outq_frame room;
    const bool as_bulk = is_ordered && cx_outq_has(&b->q, call);
    const bool is_large = len > CX_OUTQ_SMALL;
    const cx_frame header = { .type = type, .call = call, .length = (uint32_t)len };
    assert_true(cx_outq_begin(&b->q, &b->pool, lane, 64, as_bulk, &room));
    if (len > 64 || is_large)
        assert_true(cx_outq_enlarge(&b->q, &b->pool, &room, 0, len, len, is_large));
    memset(room.header + CX_FRAME_HEADER, (int)call, len);
    assert_true(cx_outq_commit(&b->q, &b->pool, &room, &header, 0));
}

static void put_small(bench *b, cx_lane lane, uint32_t call)
{
    put(b, lane, call, CX_FRAME_REQUEST, 10, false);
}

static void put_large(bench *b, cx_lane lane, uint32_t call, size_t len)
{
    put(b, lane, call, CX_FRAME_REQUEST, len, false);
}

/* What a receiver holds of messages whose last frame has not come. */
static void count_held(void)
{
    size_t *unfinished = &got.unfinished[got.last.call % 128];
    got.held -= *unfinished;
    *unfinished = (got.last.flags & CX_FLAG_MORE) != 0 ? *unfinished + got.last.length : 0;
    got.held += *unfinished;
    if (got.held > got.most_held)
        got.most_held = got.held;
}

/* Reads one piece; every payload byte is the low byte of its call. */
static void read_piece(const uint8_t *data, size_t len)
{
    while (len > 0) {
        if (got.payload_left > 0) {
            size_t n = got.payload_left < len ? got.payload_left : len;
            assert_int_equal(data[0], (uint8_t)got.last.call);
            assert_int_equal(data[n - 1], (uint8_t)got.last.call);
            got.payload_left -= n;
            got.n_bytes += n;
            data += n;
            len -= n;
            continue;
        }
        got.header[got.header_len++] = *data++;
        got.n_bytes++;
        len--;
        if (got.header_len < CX_FRAME_HEADER)
            continue;
        got.header_len = 0;
        assert_int_equal(cx_frame_decode(got.header, &got.last, NULL), COAX_OK);
        got.payload_left = got.last.length;
        count_held();
        got.calls[got.n_frames] = got.last.call;
        got.types[got.n_frames++] = got.last.type;
    }
}

/* One write of which the socket takes `most` bytes. Returns how many there were. */
static size_t write_once(bench *b, size_t most)
{
    coax_bytes slices[64];
    size_t n = cx_outq_gather(&b->q, &b->pool, &b->rules, slices, b->max_slices);
    size_t len = 0;
    for (size_t i = 0; i < n && len < most; i++) {
        size_t part = slices[i].len < most - len ? slices[i].len : most - len;
        read_piece(slices[i].data, part);
        len += part;
    }
    cx_outq_sent(&b->q, &b->pool, len);
    return len;
}

static void write_bytes(bench *b, size_t len)
{
    while (len > 0)
        len -= write_once(b, len);
}

static void write_all(bench *b)
{
    while (write_once(b, SIZE_MAX) > 0)
        continue;
    assert_int_equal(b->q.queued, 0);
    assert_int_equal(got.payload_left + got.header_len, 0);
}

static bool is_inside_a_frame(void)
{
    return got.payload_left > 0 || got.header_len > 0;
}

static void a_small_frame_waits_for_the_rest_of_one_frame(void **state)
{
    bench *b = *state;
    put_large(b, CX_LANE_NORMAL, 7, 64 * MEGABYTE);
    for (size_t offset = 0; offset < CX_FRAME_HEADER + MAX_FRAME; offset++) {
        while (is_inside_a_frame())
            write_bytes(b, 1 + got.payload_left);
        write_bytes(b, offset);
        size_t rest =
            got.header_len > 0 ? CX_FRAME_HEADER - got.header_len + MAX_FRAME : got.payload_left;
        uint32_t n_frames = got.n_frames + (got.header_len > 0);
        (void)write_once(b, 0); /* the shell tried, and the socket was full */
        put_small(b, CX_LANE_NORMAL, 9);
        write_bytes(b, rest + CX_FRAME_HEADER + 10);
        assert_int_equal(got.last.call, 9);
        assert_int_equal(got.payload_left, 0);
        assert_int_equal(got.n_frames, n_frames + 1);
    }
    write_all(b);
}

static void frames_leave_by_priority(void **state)
{
    bench *b = *state;
    put_large(b, CX_LANE_LOW, 1, 20000);
    put_large(b, CX_LANE_NORMAL, 2, 20000);
    put_large(b, CX_LANE_HIGH, 3, 20000);
    put_small(b, CX_LANE_LOW, 4);
    put_small(b, CX_LANE_NORMAL, 5);
    put_small(b, CX_LANE_HIGH, 6);
    put_small(b, CX_LANE_CONTROL, 7);
    write_all(b);
    static const uint32_t order[] = { 7, 6, 5, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 4, 1, 1, 1, 1, 1 };
    assert_int_equal(got.n_frames, sizeof order / sizeof order[0]);
    assert_memory_equal(got.calls, order, sizeof order);
}

static void a_small_frame_half_sent_is_finished_first(void **state)
{
    bench *b = *state;
    put_small(b, CX_LANE_LOW, 1);
    put_small(b, CX_LANE_LOW, 2);
    write_bytes(b, 26 + 5);
    put_small(b, CX_LANE_HIGH, 3);
    put_small(b, CX_LANE_CONTROL, 4);
    write_all(b);
    static const uint32_t order[] = { 1, 2, 4, 3 };
    assert_int_equal(got.n_frames, 4);
    assert_memory_equal(got.calls, order, sizeof order);
}

static void messages_of_one_call_stay_in_order(void **state)
{
    bench *b = *state;
    put_large(b, CX_LANE_NORMAL, 1, 100000);
    for (unsigned i = 0; i < 1000; i++)
        put(b, CX_LANE_NORMAL, 1, CX_FRAME_ITEM, i % 7 == 0 ? 20000 : 10, true);
    put(b, CX_LANE_NORMAL, 1, CX_FRAME_END, 0, true);
    put_small(b, CX_LANE_NORMAL, 2);
    b->max_slices = 7;
    write_all(b);
    assert_int_equal(got.calls[0], 2);
    uint8_t last = CX_FRAME_REQUEST;
    for (uint32_t i = 1; i < got.n_frames; i++) {
        assert_int_equal(got.calls[i], 1);
        assert_true(got.types[i] >= last);
        last = got.types[i];
    }
    assert_int_equal(last, CX_FRAME_END);
}

static void no_more_is_begun_than_the_peer_may_hold(void **state)
{
    bench *b = *state;
    b->rules.max_active_bytes = 100000;
    for (uint32_t call = 1; call <= 20; call++) {
        put_large(b, CX_LANE_NORMAL, call, 17000);
        put(b, CX_LANE_NORMAL, call, CX_FRAME_ITEM, 50000, true);
        put(b, CX_LANE_NORMAL, call, CX_FRAME_ITEM, 18000, true);
    }
    write_all(b);
    assert_in_range(got.most_held, 40000, 100000);
}

static void many_waiting_messages_cost_no_search(void **state)
{
    bench *b = *state;
    b->rules.max_active = 4;
    for (uint32_t i = 1; i <= 3000; i++)
        put_large(b, CX_LANE_NORMAL, i, 17000);
    for (uint32_t round = 0; round < 20; round++) {
        for (uint32_t i = 1; i <= 3000; i++)
            put(b, CX_LANE_NORMAL, i, CX_FRAME_ITEM, 10, true);
    }
    assert_true(cx_outq_has(&b->q, 3000));
    for (uint32_t i = 3000; i > 1; i--)
        assert_int_equal(cx_outq_forget(&b->q, &b->pool, i), CX_FRAME_REQUEST);
    assert_false(cx_outq_has(&b->q, 2));
    write_all(b);
    assert_int_equal(got.n_frames, 5 + 20);
}

static void a_message_that_is_passed_for_too_long_goes_on(void **state)
{
    bench *b = *state;
    put_large(b, CX_LANE_NORMAL, 1, MEGABYTE);
    put_large(b, CX_LANE_LOW, 2, MEGABYTE);
    uint32_t n_normal = 0, n_low = 0;
    for (unsigned i = 0; i < 2000; i++) { /* there are always small ones */
        for (unsigned j = 0; j < 100; j++)
            put_small(b, CX_LANE_NORMAL, 3);
        uint32_t before = got.n_frames;
        write_bytes(b, 100 * (CX_FRAME_HEADER + 10));
        for (uint32_t at = before; at < got.n_frames; at++) {
            n_normal += got.calls[at] == 1;
            n_low += got.calls[at] == 2;
        }
    }
    size_t written = got.n_bytes;
    assert_in_range(n_normal, written / (CX_OUTQ_PATIENCE + 3 * MAX_FRAME) - 1,
                    written / CX_OUTQ_PATIENCE + 1);
    assert_in_range(n_low, 2, written / CX_OUTQ_PATIENCE_LOW + 1);
}

static void a_forgotten_message_finishes_the_frame_that_is_leaving(void **state)
{
    bench *b = *state;
    put_large(b, CX_LANE_NORMAL, 1, 50000);
    put(b, CX_LANE_NORMAL, 1, CX_FRAME_ITEM, 10, true);
    write_bytes(b, MAX_FRAME + 2 * CX_FRAME_HEADER + 100);
    assert_int_equal(cx_outq_forget(&b->q, &b->pool, 1), 0); /* the peer has heard of it */
    assert_int_equal(b->q.queued, MAX_FRAME - 100);
    write_all(b);
    assert_int_equal(got.n_frames, 2);
    put_large(b, CX_LANE_NORMAL, 2, 50000);
    (void)write_once(b, 0);
    assert_int_equal(cx_outq_forget(&b->q, &b->pool, 2), CX_FRAME_REQUEST);
    assert_int_equal(b->q.queued, 0);
}

static void encode_bytes(coax_writer *out, const void *value)
{
    coax_write_raw(out, value, 100000);
}

static void a_shared_message_lives_until_its_last_byte_has_left(void **state)
{
    bench *b = *state;
    static uint8_t bytes[100000];
    memset(bytes, 5, sizeof bytes);
    cx_shared *shared;
    cx_outq other;
    cx_outq_init(&other);
    assert_int_equal(
        cx_shared_encode(&b->fake.env.allocator, encode_bytes, bytes, 99999, false, &shared),
        COAX_ERR_TOO_LARGE);
    assert_int_equal(
        cx_shared_encode(&b->fake.env.allocator, encode_bytes, bytes, 100000, false, &shared),
        COAX_OK);
    size_t before = b->fake.bytes;
    const cx_frame header = { .type = CX_FRAME_EVENT, .call = 5, .method = 1 };
    assert_true(cx_outq_commit_shared(&b->q, &b->pool, CX_LANE_NORMAL, &header, shared));
    assert_true(cx_outq_commit_shared(&other, &b->pool, CX_LANE_NORMAL, &header, shared));
    assert_true(b->fake.bytes - before < 8192); /* nobody copied it */
    cx_shared_unref(shared);
    cx_outq_deinit(&other, &b->pool);
    write_all(b);
    assert_int_equal(got.n_bytes, 100000 + 25 * CX_FRAME_HEADER);
}

static void any_cut_of_any_queue_gives_whole_frames(void **state)
{
    bench *b = *state;
    uint32_t n_put = 0;
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t what = fake_env_below(&b->fake, 10);
        uint32_t call = 1 + fake_env_below(&b->fake, 5);
        cx_lane lane = (cx_lane)(1 + call % 3);
        if (what < 3 && b->q.queued < MEGABYTE) {
            put(b, lane, call, CX_FRAME_ITEM, fake_env_below(&b->fake, 40000), true);
            n_put++;
        } else if (what == 3) {
            put_small(b, CX_LANE_CONTROL, 99);
        } else if (what == 4) {
            (void)cx_outq_forget(&b->q, &b->pool, call);
        }
        b->max_slices = 1 + fake_env_below(&b->fake, 64);
        (void)write_once(b, fake_env_below(&b->fake, 20000));
    }
    b->max_slices = 1;
    write_all(b);
    assert_true(n_put > 1000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_small_frame_waits_for_the_rest_of_one_frame),
        TEST(frames_leave_by_priority),
        TEST(a_small_frame_half_sent_is_finished_first),
        TEST(messages_of_one_call_stay_in_order),
        TEST(no_more_is_begun_than_the_peer_may_hold),
        TEST(many_waiting_messages_cost_no_search),
        TEST(a_message_that_is_passed_for_too_long_goes_on),
        TEST(a_forgotten_message_finishes_the_frame_that_is_leaving),
        TEST(a_shared_message_lives_until_its_last_byte_has_left),
        TEST(any_cut_of_any_queue_gives_whole_frames),
    };
    return cmocka_run_group_tests_name("link_outq", tests, NULL, NULL);
}
