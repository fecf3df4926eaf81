/*
 * Frame headers: both directions, and every rule a header can break by itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wire/frame.h"

static coax_err decode(cx_frame frame, coax_error *error)
{
    uint8_t bytes[CX_FRAME_HEADER];
    cx_frame back;
    cx_frame_encode(&frame, bytes);
    return cx_frame_decode(bytes, &back, error);
}

static void a_header_comes_back_as_it_was(void **state)
{
    (void)state;
    cx_frame frame = {
        CX_FRAME_REQUEST, CX_FLAG_MORE | CX_FLAG_DEADLINE, 0, 0x01020304u, 0x85060708u, 0xa90a0b0cu
    };
    uint8_t bytes[CX_FRAME_HEADER];
    cx_frame back;
    cx_frame_encode(&frame, bytes);
    assert_memory_equal(bytes, "\x01\x09\x00\x00\x04\x03\x02\x01\x08\x07\x06\x85\x0c\x0b\x0a\xa9",
                        16);
    assert_int_equal(cx_frame_decode(bytes, &back, NULL), COAX_OK);
    assert_memory_equal(&back, &frame, sizeof frame);
}

static void every_type_has_its_number_and_name(void **state)
{
    (void)state;
    static const struct {
        uint8_t type;
        const char *name;
    } known[] = {
        { 1, "REQUEST" },  { 2, "RESPONSE" },   { 3, "ERROR" },        { 4, "ONEWAY" },
        { 5, "EVENT" },    { 6, "ITEM" },       { 7, "END" },          { 8, "CANCEL" },
        { 9, "WINDOW" },   { 10, "SUBSCRIBE" }, { 11, "UNSUBSCRIBE" }, { 16, "HELLO" },
        { 17, "WELCOME" }, { 18, "AUTH" },      { 19, "GOAWAY" },      { 20, "RESUME" },
        { 24, "PING" },    { 25, "PONG" },      { 26, "ACK" },
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        assert_string_equal(cx_frame_name(known[i].type), known[i].name);
    assert_string_equal(cx_frame_name(0), "an unknown type");
    assert_string_equal(cx_frame_name(255), "an unknown type");
}

static void unknown_types_are_skippable_or_unimplemented(void **state)
{
    (void)state;
    coax_error error = COAX_ERROR_INIT;
    for (unsigned type = 0; type < 256; type++) {
        if (strcmp(cx_frame_name((uint8_t)type), "an unknown type") != 0)
            continue;
        cx_frame frame = { .type = (uint8_t)type, .flags = 0xff, .aux = 0xffff, .call = 7 };
        assert_int_equal(decode(frame, &error),
                         type >= CX_FRAME_SKIPPABLE ? COAX_OK : COAX_ERR_UNIMPLEMENTED);
    }
    assert_string_equal(error.text, "a frame of the unknown type 127");
}

static void each_rule_of_a_header_is_named(void **state)
{
    (void)state;
    static const struct {
        cx_frame frame;
        const char *words;
    } broken[] = {
        { { .type = CX_FRAME_PING, .flags = 1, .length = 8 },
          "PING with the flags 0x01, which it can't have" },
        { { .type = CX_FRAME_REQUEST, .flags = 0x10, .call = 1 },
          "REQUEST with the flags 0x10, which it can't have" },
        { { .type = CX_FRAME_RESPONSE, .flags = CX_FLAG_DEADLINE, .call = 1 },
          "RESPONSE with the flags 0x08, which it can't have" },
        { { .type = CX_FRAME_RESPONSE, .flags = CX_FLAG_MORE, .call = 1 },
          "RESPONSE with MORE and no payload" },
        { { .type = CX_FRAME_ERROR, .call = 1 }, "ERROR without a status" },
        { { .type = CX_FRAME_CANCEL, .call = 1 }, "CANCEL without a status" },
        { { .type = CX_FRAME_REQUEST, .aux = 3, .call = 1 }, "REQUEST with aux 3 instead of 0" },
        { { .type = CX_FRAME_REQUEST }, "REQUEST without a call id" },
        { { .type = CX_FRAME_REQUEST, .call = CX_CALL_ROLE_BIT }, "REQUEST without a call id" },
        { { .type = CX_FRAME_HELLO, .call = 1 },
          "HELLO with call 1 and method 0x00000000, out of place" },
        { { .type = CX_FRAME_GOAWAY, .method = 1 },
          "GOAWAY with call 0 and method 0x00000001, out of place" },
        { { .type = CX_FRAME_RESPONSE, .call = 1, .method = 2 },
          "RESPONSE with call 1 and method 0x00000002, out of place" },
        { { .type = CX_FRAME_CANCEL, .aux = 1, .call = 1, .length = 1 },
          "CANCEL with a payload of 1 bytes" },
    };
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        coax_error error = COAX_ERROR_INIT;
        assert_int_equal(decode(broken[i].frame, &error), COAX_ERR_PROTOCOL);
        assert_string_equal(error.text, broken[i].words);
    }
}

static void headers_that_keep_the_rules_are_taken(void **state)
{
    (void)state;
    static const cx_frame fine[] = {
        { .type = CX_FRAME_REQUEST, .flags = 15, .length = 9, .call = 1, .method = 0 },
        { .type = CX_FRAME_ONEWAY, .flags = 1, .length = 1, .call = 1, .method = 5 },
        { .type = CX_FRAME_ERROR, .aux = 999, .call = 1 },
        { .type = CX_FRAME_END, .call = 1 },
        { .type = CX_FRAME_GOAWAY },
        { .type = CX_FRAME_GOAWAY, .aux = 14 },
        { .type = CX_FRAME_PING, .length = 8 },
    };
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++)
        assert_int_equal(decode(fine[i], NULL), COAX_OK);
}

static void messages_are_the_types_that_more_may_spread(void **state)
{
    (void)state;
    assert_true(cx_frame_is_message(CX_FRAME_REQUEST));
    assert_true(cx_frame_is_message(CX_FRAME_ERROR));
    assert_false(cx_frame_is_message(CX_FRAME_CANCEL));
    assert_false(cx_frame_is_message(CX_FRAME_HELLO));
    assert_false(cx_frame_is_message(200));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_comes_back_as_it_was),
        cmocka_unit_test(every_type_has_its_number_and_name),
        cmocka_unit_test(unknown_types_are_skippable_or_unimplemented),
        cmocka_unit_test(each_rule_of_a_header_is_named),
        cmocka_unit_test(headers_that_keep_the_rules_are_taken),
        cmocka_unit_test(messages_are_the_types_that_more_may_spread),
    };
    return cmocka_run_group_tests_name("wire_frame", tests, NULL, NULL);
}
