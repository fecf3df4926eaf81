/*
 * What stands in front of messages, and the frames that carry nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "link/head.h"
#include "pair.h"
#include "raw.h"
#include "stranger.h"

enum { META = CX_FLAG_META, DEADLINE = CX_FLAG_DEADLINE, MORE = CX_FLAG_MORE };

/* A REQUEST of echo.Echo.echo with `front` in front of its message. */
static void request_with(uint8_t flags, const void *front, size_t len)
{
    uint8_t bytes[20000];
    memcpy(bytes, front, len);
    echo_note note = echo_make(5, "x");
    len += raw_note(bytes + len, sizeof bytes - len, &note);
    raw_frame(
        &in,
        (cx_frame){ .type = CX_FRAME_REQUEST, .flags = flags, .call = 1, .method = echo_echo.id },
        bytes, len);
}

/* An encoded Metadata of `len` bytes: one pair, whose value fills it up. */
static size_t metadata(uint8_t *ret_bytes, size_t len)
{
    static const uint8_t start[] = { 0x82, 1, 0x91, 0x82, 1, 0xa1, 'k', 2, 0xc5 };
    size_t value = len - sizeof start - 2 - 2;
    memcpy(ret_bytes, start, sizeof start);
    ret_bytes[9] = (uint8_t)(value >> 8);
    ret_bytes[10] = (uint8_t)value;
    memset(ret_bytes + 11, 'v', value);
    ret_bytes[11 + value] = 2;
    ret_bytes[12 + value] = 0x90;
    return len;
}

/* The same with its length in front. */
static size_t front_of(uint8_t *ret_bytes, size_t len)
{
    ret_bytes[0] = (uint8_t)len;
    ret_bytes[1] = (uint8_t)(len >> 8);
    return 2 + metadata(ret_bytes + 2, len);
}

static void assert_error(uint16_t code, const char *words)
{
    cx_frame frame;
    const uint8_t *payload;
    assert_true(raw_find(&out, CX_FRAME_ERROR, &frame, &payload));
    assert_int_equal(frame.aux, code);
    size_t len = strlen(words);
    for (size_t i = 0; i + len <= frame.length; i++) {
        if (memcmp(payload + i, words, len) == 0)
            return;
    }
    fail_msg("'%s' is not in the ERROR", words);
}

static void a_message_stands_behind_its_deadline_and_metadata(void **state)
{
    pair *two = opened(state);
    uint8_t front[300] = { 0, 0, 0, 1 };
    size_t len = 4 + front_of(front + 4, 200);
    request_with(META | DEADLINE, front, len);
    feed(two);
    assert_int_equal(two->server.n_handled, 1);
    assert_int_equal(raw_count(&out, CX_FRAME_RESPONSE), 1);
}

static void metadata_may_come_in_any_pieces(void **state)
{
    pair *two = opened(state);
    static uint8_t whole[9000];
    size_t len = front_of(whole, 8192);
    echo_note note = echo_make(5, "x");
    len += raw_note(whole + len, sizeof whole - len, &note);
    for (size_t step = 1; step < 5000; step = step * 3 + 1) {
        raw_clear(&in);
        cx_frame frame = { .type = CX_FRAME_REQUEST, .call = 1, .method = echo_echo.id };
        for (size_t at = 0, n; at < len; at += n) {
            n = len - at < step ? len - at : step;
            frame.flags = (uint8_t)((at == 0 ? META : 0) | (at + n < len ? MORE : 0));
            raw_frame(&in, frame, whole + at, n);
        }
        two->chunk = step;
        feed(two);
        assert_int_equal(raw_count(&out, CX_FRAME_RESPONSE), 1);
    }
    assert_int_equal(two->server.n_closed, 0);
}

static void metadata_over_its_limit_fails_the_call(void **state)
{
    pair *two = opened(state);
    uint8_t front[9000];
    request_with(META, front, front_of(front, 8193));
    feed(two);
    assert_error(COAX_ERR_RESOURCE_EXHAUSTED, "metadata of 8193 bytes, at most 8192 allowed");
    assert_int_equal(two->server.n_handled, 0);
    assert_int_equal(two->server.n_closed, 0);
}

static void metadata_over_its_limit_is_not_kept(void **state)
{
    pair *two = opened(state);
    static uint8_t front[50000] = { 0xff, 0xff };
    cx_frame frame = {
        .type = CX_FRAME_REQUEST, .flags = META | MORE, .call = 1, .method = echo_echo.id
    };
    raw_frame(&in, frame, front, 30000);
    feed(two);
    assert_error(COAX_ERR_RESOURCE_EXHAUSTED, "metadata of 65535 bytes");
    assert_int_equal(two->server.endpoint.link.partials.bytes, 0);
    raw_clear(&in);
    frame.flags = 0;
    raw_frame(&in, frame, front, 30000);
    raw_request(&in, 2, 1);
    feed(two);
    assert_int_equal(raw_count(&out, CX_FRAME_RESPONSE), 1);
}

static void a_payload_too_short_for_its_head_fails_the_call(void **state)
{
    static const struct {
        uint8_t flags;
        uint8_t len;
        uint8_t bytes[8];
    } heads[] = {
        { META, 0, { 0 } },           { META, 1, { 0 } },
        { META, 3, { 2, 0, 1 } },     { META | DEADLINE, 5, { 0, 0, 0, 1, 0 } },
        { DEADLINE, 3, { 1, 1, 1 } }, { META | DEADLINE, 6, { 0, 0, 0, 1, 9, 0 } },
    };
    pair *two = opened(state);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        raw_clear(&in);
        raw_frame(&in,
                  (cx_frame){ .type = CX_FRAME_REQUEST,
                              .flags = heads[i].flags,
                              .call = 1,
                              .method = echo_echo.id },
                  heads[i].bytes, heads[i].len);
        feed(two);
        assert_error(COAX_ERR_INVALID_ARGUMENT, "can't hold");
    }
    assert_int_equal(two->server.n_handled, 0);
    assert_int_equal(two->server.n_closed, 0);
}

static void a_head_does_not_count_for_max_message(void **state)
{
    cx_frame frame = { .type = CX_FRAME_REQUEST, .flags = META | DEADLINE };
    uint8_t bytes[] = { 1, 0, 0, 0, 2, 0, 0xaa, 0xbb, 0xcc };
    cx_message message = { .data = bytes, .len = sizeof bytes };
    (void)state;
    assert_int_equal(cx_head_take(&frame, &message, 64, NULL), COAX_OK);
    assert_int_equal(message.len, 1);
    assert_int_equal(message.data[0], 0xcc);
    assert_int_equal(message.deadline_us, 1);
    assert_int_equal(message.metadata.len, 2);
    assert_int_equal(message.metadata.data[0], 0xaa);
    assert_int_equal(cx_head_most(META | DEADLINE, 64), 70);
    assert_int_equal(cx_head_most(0, 64), 0);
}

static void refused_headers_close(void **state)
{
    static const struct {
        cx_frame frame;
        const char *words;
    } broken[] = {
        { { .type = CX_FRAME_EVENT, .flags = META, .call = 1, .method = 1 },
          "EVENT with the flags 0x02" },
        { { .type = CX_FRAME_END, .aux = 3, .call = 1 }, "END with aux 3 instead of 0" },
        { { .type = CX_FRAME_END, .call = 1, .length = 1 }, "END with a message" },
        { { .type = CX_FRAME_HEAD, .call = CX_CALL_ROLE_BIT | 1, .length = 1 },
          "HEAD with a message" },
        { { .type = CX_FRAME_HEAD, .call = 1 }, "the other side would open" },
        { { .type = CX_FRAME_WINDOW, .call = 1, .method = 1, .length = 4 },
          "WINDOW with a payload of 4 bytes" },
        { { .type = CX_FRAME_SUBSCRIBE, .method = 1 }, "SUBSCRIBE without a call id" },
        { { .type = CX_FRAME_UNSUBSCRIBE, .call = 1, .method = 1 }, "out of place" },
        { { .type = CX_FRAME_EVENT, .call = CX_CALL_ROLE_BIT | 1, .method = 1 },
          "the other side would open" },
    };
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        pair *two = opened(state);
        raw_frame(&in, broken[i].frame, "xxxx", broken[i].frame.length);
        feed(two);
        assert_ended(two, COAX_ERR_PROTOCOL, broken[i].words, true);
        assert_int_equal(pair_tear_down(state), 0);
        assert_int_equal(stranger_set_up(state), 0);
    }
}

static void an_error_throws_half_a_message_away(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    pair_connect(two);
    two->client.is_held = true;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    collect(&two->client, &out);
    cx_frame request;
    assert_true(raw_find(&out, CX_FRAME_REQUEST, &request, NULL));
    raw_clear(&in);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_RESPONSE, .flags = MORE, .call = request.call },
              "half", 4);
    static const uint8_t status[] = { 0x82, 1, 0xa1, 'w', 2, 0 };
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_ERROR, .aux = 13, .call = request.call }, status,
              sizeof status);
    pair_feed(two, &two->client, in.bytes, in.len, 0);
    assert_int_equal(two->client.n_closed, 0);
    assert_int_equal(answer.err, COAX_ERR_INTERNAL);
    assert_int_equal(two->client.endpoint.link.partials.by_call.count, 0);
}

static void a_large_message_takes_no_more_than_its_limit(void **state)
{
    enum { MEGABYTES = 64, PART = 1 << 16 };
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_message = (uint32_t)MEGABYTES << 20;
    two->server.config.limits.max_frame = PART;
    two->server.config.limits.max_decoded = 256u << 20;
    two->server.config.limits.max_held = 256u << 20;
    two->server.is_held = true;
    assert_int_equal(pair_make(two), COAX_OK);
    opened(state);
    size_t before = two->fake.bytes;
    two->fake.most = before;
    static uint8_t part[PART];
    for (unsigned i = 0; i < (MEGABYTES << 20) / PART; i++) {
        raw_clear(&in);
        raw_frame(&in,
                  (cx_frame){ .type = CX_FRAME_REQUEST, .flags = MORE, .call = 1, .method = 99 },
                  part, sizeof part);
        pair_feed(two, &two->server, in.bytes, in.len, 0);
    }
    assert_int_equal(two->server.endpoint.link.partials.bytes, (size_t)MEGABYTES << 20);
    assert_true(two->fake.most - before <= ((size_t)MEGABYTES << 20) + 4096);
    assert_int_equal(two->server.n_closed, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stranger_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_message_stands_behind_its_deadline_and_metadata),
        TEST(metadata_may_come_in_any_pieces),
        TEST(metadata_over_its_limit_fails_the_call),
        TEST(metadata_over_its_limit_is_not_kept),
        TEST(a_payload_too_short_for_its_head_fails_the_call),
        TEST(a_head_does_not_count_for_max_message),
        TEST(refused_headers_close),
        TEST(an_error_throws_half_a_message_away),
        TEST(a_large_message_takes_no_more_than_its_limit),
    };
    return cmocka_run_group_tests_name("link_heads", tests, NULL, NULL);
}
