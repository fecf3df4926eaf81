/*
 * Heads of hostile messages: what stands in front lies about its length, or about what comes behind it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stranger.h"

/* As large as any head may be, and a message as long as it may be; neither is sent here as it is announced. */
enum { MAX_METADATA = 8192, MAX_MESSAGE = 4096, ROOM = 2 + MAX_METADATA + MAX_MESSAGE };

static uint8_t payload[ROOM];

static void small_messages_in_large_frames(pair *two)
{
    pair_deinit(two);
    pair_init(two);
    two->client.is_held = true;
    two->server.is_held = true;
    two->server.config.limits.max_message = MAX_MESSAGE;
    two->server.config.limits.max_metadata = MAX_METADATA;
    assert_int_equal(pair_make(two), COAX_OK);
}

static void claim_metadata(uint16_t len)
{
    memset(payload, 0, sizeof payload);
    payload[0] = (uint8_t)len;
    payload[1] = (uint8_t)(len >> 8);
}

static void put_part(uint8_t type, uint8_t flags, size_t len)
{
    const cx_frame frame = { .type = type,
                             .flags = flags,
                             .call = type == CX_FRAME_HEAD ? CX_CALL_ROLE_BIT | 1 : 1,
                             .method = type == CX_FRAME_REQUEST ? echo_echo.id : 0 };
    raw_frame(&in, frame, payload, len);
}

/* The frame is allowed because its head may be long; then it is short. */
static void room_for_a_long_head_is_no_room_for_a_longer_message(void **state)
{
    small_messages_in_large_frames(*state);
    pair *two = opened(state);
    claim_metadata(0);
    put_part(CX_FRAME_REQUEST, CX_FLAG_MORE | CX_FLAG_META, ROOM);
    put_part(CX_FRAME_REQUEST, CX_FLAG_MORE, ROOM);
    put_part(CX_FRAME_REQUEST, 0, 1);
    raw_request(&in, 2, 2);
    feed(two);
    cx_frame frame;
    const uint8_t *words;
    assert_true(raw_find(&out, CX_FRAME_ERROR, &frame, &words));
    assert_int_equal(frame.call, 1);
    assert_int_equal(frame.aux, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_int_equal(raw_count(&out, CX_FRAME_ERROR), 1);
    assert_non_null(
        strstr(two->server.last_error.text, "a REQUEST passes max_message (4096 bytes)"));
    assert_int_equal(two->server.n_closed, 0);
    assert_int_equal(two->server.n_handled, 1); /* the connection goes on */
}

static void the_same_byte_by_byte(void **state)
{
    small_messages_in_large_frames(*state);
    pair *two = opened(state);
    claim_metadata(1);
    put_part(CX_FRAME_REQUEST, CX_FLAG_MORE | CX_FLAG_META, ROOM);
    pair_feed(two, &two->server, in.bytes, in.len, 1);
    collect(&two->server, &out);
    assert_int_equal(raw_count(&out, CX_FRAME_ERROR), 1);
    assert_int_equal(two->server.n_closed, 0);
}

static void a_message_of_exactly_max_message_fits_behind_any_head(void **state)
{
    small_messages_in_large_frames(*state);
    pair *two = opened(state);
    claim_metadata(0);
    put_part(CX_FRAME_REQUEST, CX_FLAG_MORE | CX_FLAG_META, 2 + MAX_MESSAGE - 1);
    put_part(CX_FRAME_REQUEST, 0, 1);
    feed(two);
    /* It fails for what it says, not for its length. */
    assert_int_equal(raw_count(&out, CX_FRAME_ERROR), 1);
    assert_null(strstr(two->server.last_error.text, "max_message"));
}

static void an_end_in_parts_has_no_room_for_a_message(void **state)
{
    small_messages_in_large_frames(*state);
    pair *two = opened(state);
    raw_request(&in, 1, 1);
    two->server.keeps_calls = true;
    claim_metadata(0);
    put_part(CX_FRAME_END, CX_FLAG_MORE | CX_FLAG_META, 2 + MAX_METADATA);
    feed(two);
    assert_ended(two, COAX_ERR_PROTOCOL, "END with a message", true);
}

static void metadata_as_long_as_16_bits_say_is_refused_before_it_is_kept(void **state)
{
    pair *two = opened(state);
    claim_metadata(UINT16_MAX);
    put_part(CX_FRAME_REQUEST, CX_FLAG_MORE | CX_FLAG_META, 4096);
    for (int i = 0; i < 20; i++)
        put_part(CX_FRAME_REQUEST, CX_FLAG_MORE, 4096);
    size_t before = two->fake.bytes;
    feed(two);
    assert_int_equal(two->server.n_closed, 0);
    assert_int_equal(raw_count(&out, CX_FRAME_ERROR), 1);
    assert_non_null(strstr(two->server.last_error.text,
                           "metadata of 65535 bytes, at most 8192 allowed (max_metadata)"));
    assert_true(two->fake.most < before + 16384);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stranger_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(room_for_a_long_head_is_no_room_for_a_longer_message),
        TEST(the_same_byte_by_byte),
        TEST(a_message_of_exactly_max_message_fits_behind_any_head),
        TEST(an_end_in_parts_has_no_room_for_a_message),
        TEST(metadata_as_long_as_16_bits_say_is_refused_before_it_is_kept),
    };
    return cmocka_run_group_tests_name("lying_heads", tests, NULL, NULL);
}
