/*
 * Frames that break a rule of streams, events, metadata, heartbeat or draining, on a real socket: each is told off by
 * name where it can be, costs its own call or connection, leaves no memory behind, and nobody else notices.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "siege.h"

#define HOLD SIEGE_PACKET_WALL_HOLD
#define TURN SIEGE_PACKET_WALL_TURN
#define WAIT SIEGE_PACKET_WALL_WAIT
#define POUR SIEGE_PACKET_WALL_POUR
#define NEWS SIEGE_PACKET_WALL_NEWS

/* One evil, and what the server says of it. */
typedef struct evil {
    const char *what;
    void (*put)(foe *f);
    coax_err code;     /* of the ERROR that a call gets, or of GOAWAY; COAX_OK: silence */
    const char *words; /* to the peer and to the server's own program; NULL: silence */
    bool is_end;       /* of the connection */
} evil;

static void put_more(foe *f, uint8_t type, uint8_t flags, uint32_t call, const void *data,
                     size_t len)
{
    const cx_frame frame = { .type = type,
                             .flags = (uint8_t)(flags | CX_FLAG_MORE),
                             .call = call,
                             .method = type == CX_FRAME_REQUEST ? TURN : 0 };
    foe_put(f, frame, data, len);
}

static void item_of_no_call(foe *f)
{
    for (uint32_t call = 1; call < 2000; call++) {
        foe_put_item(f, call, 100);
        foe_put_simple(f, CX_FRAME_END, 0, call, 0);
        foe_put_simple(f, CX_FRAME_WINDOW, 0, call, UINT32_MAX);
        put_more(f, CX_FRAME_ITEM, 0, call, "x", 1); /* never goes on */
    }
}

static void item_of_an_ended_call(foe *f)
{
    for (uint32_t call = 1; call < 200; call++) {
        foe_put_request(f, call, TURN);
        foe_put_simple(f, CX_FRAME_CANCEL, 1, call, 0);
        foe_put_item(f, call, 100);
        foe_put_simple(f, CX_FRAME_WINDOW, 0, call, 1);
        foe_put_simple(f, CX_FRAME_END, 0, call, 0);
    }
}

static void item_of_a_unary_call(foe *f)
{
    foe_put_request(f, 1, WAIT);
    foe_put_item(f, 1, 100);
}

static void empty_item(foe *f)
{
    foe_put_request(f, 1, HOLD);
    foe_put_simple(f, CX_FRAME_ITEM, 0, 1, 0);
}

static void items_past_the_credit(foe *f)
{
    foe_put_request(f, 1, HOLD);
    for (int i = 0; i < 1000; i++)
        foe_put_item(f, 1, 30000);
}

static void end_twice(foe *f)
{
    foe_put_request(f, 1, HOLD);
    foe_put_simple(f, CX_FRAME_END, 0, 1, 0);
    foe_put_simple(f, CX_FRAME_END, 0, 1, 0);
}

static void end_with_a_status(foe *f)
{
    foe_put_request(f, 1, HOLD);
    foe_put_simple(f, CX_FRAME_END, 3, 1, 0);
}

static void end_with_a_message(foe *f)
{
    foe_put_request(f, 1, HOLD);
    foe_put(f, (cx_frame){ .type = CX_FRAME_END, .call = 1 }, "\x80", 1);
}

static void end_for_ever(foe *f)
{
    foe_put_request(f, 1, HOLD);
    for (int i = 0; i < 50; i++)
        put_more(f, CX_FRAME_END, i == 0 ? CX_FLAG_META : 0, 1, "\xff\x1f                  ", 20);
    put_more(f, CX_FRAME_END, 0, 1, f->in, 20000); /* whatever is there */
}

static void item_after_the_end(foe *f)
{
    foe_put_request(f, 1, HOLD);
    foe_put_simple(f, CX_FRAME_END, 0, 1, 0);
    foe_put_item(f, 1, 1);
}

static void grant_of_everything(foe *f)
{
    foe_put_request(f, 1, TURN);
    foe_put_simple(f, CX_FRAME_WINDOW, 0, 1, UINT32_MAX);
}

static void grants_of_one(foe *f)
{
    foe_put_request(f, 1, POUR); /* has taken half a window */
    foe_settle(f);
    for (int i = 0; i < 300000; i++)
        foe_put_simple(f, CX_FRAME_WINDOW, 0, 1, 1);
    foe_put_simple(f, CX_FRAME_WINDOW, 0, 1, 262144);
}

static void grant_for_a_unary_call(foe *f)
{
    foe_put_request(f, 1, WAIT);
    foe_put_simple(f, CX_FRAME_WINDOW, 0, 1, 1);
}

static void item_of_single_bytes(foe *f)
{
    foe_put_request(f, 1, HOLD);
    for (int i = 0; i < 100000; i++)
        put_more(f, CX_FRAME_ITEM, 0, 1, "x", 1);
    foe_put(f, (cx_frame){ .type = CX_FRAME_ITEM, .call = 1 }, "x", 1);
    foe_put(f, (cx_frame){ .type = CX_FRAME_ITEM, .call = 1 }, "", 0);
}

static void item_over_max_message(foe *f)
{
    static const uint8_t zeros[32768];
    foe_put_request(f, 1, HOLD);
    for (int i = 0; i < 300; i++)
        put_more(f, CX_FRAME_ITEM, 0, 1, zeros, sizeof zeros);
    foe_put(f, (cx_frame){ .type = CX_FRAME_ITEM, .call = 1 }, zeros, sizeof zeros);
}

static void end_inside_an_item(foe *f)
{
    foe_put_request(f, 1, HOLD);
    put_more(f, CX_FRAME_ITEM, 0, 1, "x", 1);
    foe_put_simple(f, CX_FRAME_END, 0, 1, 0);
}

static void request_inside_an_item(foe *f)
{
    foe_put_request(f, 1, HOLD);
    put_more(f, CX_FRAME_ITEM, 0, 1, "x", 1);
    foe_put_request(f, 1, HOLD);
}

static void cancel_inside_an_item(foe *f)
{
    for (int i = 0; i < 300; i++) {
        foe_put_request(f, 1, HOLD); /* the id is free again each time */
        put_more(f, CX_FRAME_ITEM, 0, 1, "x", 1);
        foe_put_simple(f, CX_FRAME_CANCEL, 1, 1, 0);
    }
}

static void request_twice(foe *f)
{
    foe_put_request(f, 1, HOLD);
    foe_put_request(f, 1, HOLD);
}

static void error_from_the_caller(foe *f)
{
    foe_put_request(f, 1, HOLD);
    foe_put_simple(f, CX_FRAME_ERROR, 3, 1, 0);
}

static void head_from_the_caller(foe *f)
{
    foe_put_request(f, 1, HOLD);
    foe_put_simple(f, CX_FRAME_HEAD, 0, 1, 0);
}

static void answers_to_nothing(foe *f)
{
    for (uint32_t i = 1; i < 1000; i++) {
        const uint32_t call = CX_CALL_ROLE_BIT | i << 20 | i;
        foe_put(f, (cx_frame){ .type = CX_FRAME_HEAD, .flags = CX_FLAG_META, .call = call },
                "\1\0\x80", 3);
        foe_put(f, (cx_frame){ .type = CX_FRAME_RESPONSE, .call = call }, "\x80", 1);
        foe_put(f, (cx_frame){ .type = CX_FRAME_ERROR, .aux = 2, .call = call }, "\x80", 1);
        put_more(f, CX_FRAME_RESPONSE, 0, call + 1, "\x80", 1);
        put_more(f, CX_FRAME_HEAD, CX_FLAG_META, call + 2, "\xff", 1);
        foe_put_item(f, call, 10);
        foe_put_simple(f, CX_FRAME_WINDOW, 0, call, 10);
        foe_put_simple(f, CX_FRAME_END, 0, call, 0);
    }
}

static void subscribe_with_the_wrong_bit(foe *f)
{
    foe_put_simple(f, CX_FRAME_SUBSCRIBE, 0, CX_CALL_ROLE_BIT | 1, NEWS);
}

static void subscribe_with_a_payload(foe *f)
{
    foe_put(f, (cx_frame){ .type = CX_FRAME_SUBSCRIBE, .call = 1, .method = NEWS }, "\x80", 1);
}

static void events_for_the_server(foe *f)
{
    for (uint32_t call = 1; call < 2000; call++) {
        const cx_frame event = { .type = CX_FRAME_EVENT, .call = call, .method = NEWS };
        foe_put(f, event, "\x80", 1);
        cx_frame begun = event;
        begun.flags = CX_FLAG_MORE;
        foe_put(f, begun, "\x80", 1);
    }
}

static void event_with_metadata(foe *f)
{
    const cx_frame frame = {
        .type = CX_FRAME_EVENT, .flags = CX_FLAG_META, .call = 1, .method = NEWS
    };
    foe_put(f, frame, "\0\0\x80", 3);
}

static void pings(foe *f)
{
    for (int i = 0; i < 1000; i++)
        foe_put(f, (cx_frame){ .type = CX_FRAME_PING }, "12345678", 8);
}

static void short_ping(foe *f)
{
    foe_put(f, (cx_frame){ .type = CX_FRAME_PING }, "1234567", 7);
}

static void pong_to_nothing(foe *f)
{
    foe_put(f, (cx_frame){ .type = CX_FRAME_PONG }, "\0\0\0\0\0\0\0\0", 8);
}

static void metadata_of_nothing(foe *f)
{
    const cx_frame frame = {
        .type = CX_FRAME_REQUEST, .flags = CX_FLAG_META, .call = 1, .method = TURN
    };
    foe_put(f, frame, "", 0);
}

static void put_metadata(foe *f, const uint8_t *metadata, size_t len)
{
    static uint8_t payload[9000];
    const cx_frame frame = {
        .type = CX_FRAME_REQUEST, .flags = CX_FLAG_META, .call = 1, .method = TURN
    };
    payload[0] = (uint8_t)len;
    payload[1] = (uint8_t)(len >> 8);
    memcpy(payload + 2, metadata, len);
    payload[2 + len] = 0x80;
    foe_put(f, frame, payload, len + 3);
}

static void metadata_of_many_pairs(foe *f)
{
    static const uint8_t many[8] = { 0x81, 0x01, 0xdd, 0x00, 0x01, 0x86, 0xa0, 0x80 };
    put_metadata(f, many, sizeof many);
}

static void metadata_of_empty_pairs(foe *f)
{
    static uint8_t pairs[8000] = { 0x81, 0x01, 0xdc, (7995 >> 8), (7995 & 255) };
    memset(pairs + 5, 0x80, sizeof pairs - 5);
    put_metadata(f, pairs, sizeof pairs);
}

static void metadata_that_is_deep(foe *f)
{
    static uint8_t deep[8000] = { 0x81, 0x09 };
    memset(deep + 2, 0x91, sizeof deep - 2);
    put_metadata(f, deep, sizeof deep);
}

static void metadata_that_comes_twice(foe *f)
{
    static const uint8_t twice[] = { 0x82, 0x01, 0x90, 0x01, 0x90 };
    put_metadata(f, twice, sizeof twice);
}

static void metadata_with_a_bad_name(foe *f)
{
    static const uint8_t bad[] = { 0x82, 0x01, 0x91, 0x82, 0x01, 0xa1,
                                   '\n', 0x02, 0xc4, 0x00, 0x02, 0x90 };
    put_metadata(f, bad, sizeof bad);
}

static void drains_without_end(foe *f)
{
    static const uint8_t drain[] = { 0x83, 1,    0xa2, 'g',  'o',  2,   0xc3,
                                     3,    0xce, 0xff, 0xff, 0xff, 0xff };
    for (uint32_t i = 1; i < 1000; i++) {
        foe_put(f, (cx_frame){ .type = CX_FRAME_GOAWAY, .aux = 14 }, drain, sizeof drain);
        foe_put_request(f, i, TURN); /* and goes on calling */
        foe_put_simple(f, CX_FRAME_END, 0, i, 0);
    }
}

static void goaway_that_is_no_goaway(foe *f)
{
    foe_put(f, (cx_frame){ .type = CX_FRAME_GOAWAY, .aux = 65535 }, "\x93", 1);
}

static void skipped_frames(foe *f)
{
    static const uint8_t zeros[30000];
    for (int i = 0; i < 200; i++)
        foe_put(
            f,
            (cx_frame){
                .type = 255, .flags = 255, .aux = 65535, .call = UINT32_MAX, .method = UINT32_MAX },
            zeros, sizeof zeros);
}

static const evil evils[] = {
    { "items of calls that never were", item_of_no_call, COAX_OK, NULL, false },
    { "items of calls that have ended", item_of_an_ended_call, COAX_OK, NULL, false },
    { "an item of a unary call", item_of_a_unary_call, COAX_ERR_INVALID_ARGUMENT,
      "siege.Wall.wait: has no stream from this side", false },
    { "an empty item", empty_item, COAX_ERR_INVALID_ARGUMENT,
      "siege.Wall.hold: an ITEM without a message", false },
    { "items past the credit", items_past_the_credit, COAX_ERR_INVALID_ARGUMENT,
      "an ITEM past the credit", false },
    { "END twice", end_twice, COAX_ERR_INVALID_ARGUMENT, "an END after the END", false },
    { "END with a status", end_with_a_status, COAX_ERR_PROTOCOL, "END with aux 3", true },
    { "END with a message", end_with_a_message, COAX_ERR_PROTOCOL, "END with a message", true },
    { "END for ever", end_for_ever, COAX_ERR_PROTOCOL, "END with a message", true },
    { "an item after the END", item_after_the_end, COAX_ERR_INVALID_ARGUMENT,
      "an ITEM after the END", false },
    { "a grant of everything", grant_of_everything, COAX_ERR_PROTOCOL, "grants 4294967295 bytes",
      true },
    { "grants of one byte, too many", grants_of_one, COAX_ERR_PROTOCOL, "more than were sent",
      true },
    { "a grant for a unary call", grant_for_a_unary_call, COAX_ERR_PROTOCOL, "more than were sent",
      true },
    { "an item byte by byte", item_of_single_bytes, COAX_ERR_INVALID_ARGUMENT,
      "an ITEM without a message", false },
    { "an item over max_message", item_over_max_message, COAX_ERR_RESOURCE_EXHAUSTED,
      "a ITEM passes max_message", false },
    { "END inside an item", end_inside_an_item, COAX_ERR_PROTOCOL, "does not continue the ITEM",
      true },
    { "REQUEST inside an item", request_inside_an_item, COAX_ERR_PROTOCOL,
      "does not continue the ITEM", true },
    { "CANCEL inside an item", cancel_inside_an_item, COAX_OK, NULL, false },
    { "a call id twice", request_twice, COAX_ERR_PROTOCOL, "is in use", true },
    { "ERROR from the caller", error_from_the_caller, COAX_ERR_PROTOCOL,
      "the other side would open", true },
    { "HEAD from the caller", head_from_the_caller, COAX_ERR_PROTOCOL, "the other side would open",
      true },
    { "answers to calls that never were", answers_to_nothing, COAX_OK, NULL, false },
    { "SUBSCRIBE with the wrong bit", subscribe_with_the_wrong_bit, COAX_ERR_PROTOCOL,
      "the other side would open", true },
    { "SUBSCRIBE with a payload", subscribe_with_a_payload, COAX_ERR_PROTOCOL,
      "SUBSCRIBE with a payload", true },
    { "events for the server", events_for_the_server, COAX_OK, NULL, false },
    { "an event with metadata", event_with_metadata, COAX_ERR_PROTOCOL, "EVENT with the flags",
      true },
    { "too many PINGs", pings, COAX_ERR_RESOURCE_EXHAUSTED, "too_many_pings", true },
    { "a short PING", short_ping, COAX_ERR_PROTOCOL, "PING of 7 bytes", true },
    { "a PONG to nothing", pong_to_nothing, COAX_ERR_PROTOCOL, "PONG without a PING", true },
    { "metadata of nothing", metadata_of_nothing, COAX_ERR_INVALID_ARGUMENT,
      "a REQUEST with metadata", false },
    { "metadata that announces many pairs", metadata_of_many_pairs, COAX_ERR_INVALID_ARGUMENT,
      "declares 100000 items", false },
    { "metadata of empty pairs", metadata_of_empty_pairs, COAX_ERR_INVALID_ARGUMENT,
      "initial.name: required", false },
    { "metadata that is deep", metadata_that_is_deep, COAX_ERR_INVALID_ARGUMENT,
      "nests deeper than 64 levels", false },
    { "metadata that comes twice", metadata_that_comes_twice, COAX_ERR_INVALID_ARGUMENT,
      "the field is there twice", false },
    { "metadata with a bad name", metadata_with_a_bad_name, COAX_ERR_INVALID_ARGUMENT,
      "metadata pair 0", false },
    { "GOAWAYs that drain, without end", drains_without_end, COAX_OK, NULL, false },
    { "a GOAWAY that is none", goaway_that_is_no_goaway, COAX_ERR_PROTOCOL, "GOAWAY", true },
    { "unknown frames to be skipped", skipped_frames, COAX_OK, NULL, false },
};

/* What went otherwise; NULL: nothing. */
static const char *judge(const evil *e, const foe *f, const siege *s, uint32_t n_errors)
{
    const char *told = e->is_end ? f->goaway_words : f->error_words;
    const unsigned code = e->is_end ? f->goaway_code : f->last_error.aux;
    if (f->is_over != e->is_end)
        return f->is_over ? "the connection is over" : "the connection goes on";
    if (e->words == NULL)
        return s->n_errors == n_errors && f->n_heard[CX_FRAME_ERROR] == 0 ? NULL : "it was told";
    if (strstr(told, e->words) == NULL)
        return "the peer was told something else";
    if (strstr(s->last_error.text, e->words) == NULL)
        return "the server's program was told something else";
    return code == (unsigned)coax_err_to_wire(e->code) ? NULL : "the code is another";
}

static bool check(siege *s, const evil *e)
{
    static foe f;
    foe_open(&f, s);
    uint32_t n_errors = s->n_errors;
    e->put(&f);
    foe_settle(&f);
    const char *wrong = judge(e, &f, s, n_errors);
    if (wrong != NULL)
        print_error("%s: %s: \"%s\", \"%s\", \"%s\"\n", e->what, wrong, f.goaway_words,
                    f.error_words, s->last_error.text);
    siege_good_call(s);
    foe_close(&f);
    return wrong == NULL;
}

static void every_evil_is_named_and_harms_its_own_call_or_connection_only(void **state)
{
    (void)state;
    siege s;
    unsigned n_wrong = 0;
    siege_open(&s, NULL);
    for (size_t i = 0; i < sizeof evils / sizeof evils[0]; i++) {
        n_wrong += check(&s, &evils[i]) ? 0 : 1;
        /* Pools keep some; no evil adds to it. */
        if (siege_most() > 24u << 20)
            fail_msg("%s: %zu bytes", evils[i].what, siege_most());
    }
    siege_close(&s);
    assert_int_equal(n_wrong, 0);
}

static void connections_that_break_in_every_state_of_a_stream_leave_nothing(void **state)
{
    (void)state;
    siege s;
    static foe f;
    siege_open(&s, NULL);
    for (size_t i = 0; i < sizeof evils / sizeof evils[0]; i++) {
        /* Cut at places that have nothing to do with frames. */
        for (size_t part = 1; part <= 5; part++) {
            if (evils[i].put == grants_of_one)
                continue; /* needs answers */
            foe_open(&f, &s);
            evils[i].put(&f);
            f.out_len = f.out_len * part / 7 + part;
            (void)foe_send(&f);
            foe_close(&f);
        }
        siege_good_call(&s);
    }
    siege_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_evil_is_named_and_harms_its_own_call_or_connection_only),
        cmocka_unit_test(connections_that_break_in_every_state_of_a_stream_leave_nothing),
    };
    return cmocka_run_group_tests_name("hostile_frames", tests, NULL, NULL);
}
