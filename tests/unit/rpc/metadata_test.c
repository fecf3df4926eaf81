/*
 * Metadata travels both ways, beside every kind of end, within its limits; and words of a peer are fit to print.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "coax/head.h"
#include "pair.h"
#include "raw.h"

#define COUNT(pairs) (sizeof(pairs) / sizeof((pairs)[0]))

static coax_metadata_pair pair_of(const char *name, const char *value)
{
    return (coax_metadata_pair){ coax_str_from(name), coax_str_from(value) };
}

/* How a call ended, as text, so that it outlives the result. */
typedef struct ending {
    unsigned n;
    coax_err err;
    char initial[200];
    char trailing[200];
    char message[300];
    bool keeps;
    coax_result kept;
} ending;

/* "a=1 b=2" */
static void print(const coax_metadata *metadata, char *into, size_t size)
{
    size_t len = 0;
    into[0] = '\0';
    for (size_t i = 0; i < metadata->count && len < size; i++) {
        const coax_metadata_pair *item = &metadata->items[i];
        assert_int_equal(item->name.data[item->name.len], 0);
        assert_int_equal(item->value.data[item->value.len], 0);
        len += (size_t)snprintf(into + len, size - len, "%s%s=%s", i > 0 ? " " : "",
                                item->name.data, item->value.data);
    }
}

static void on_done(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    ending *it = self;
    (void)user_fn;
    it->n++;
    it->err = result->err;
    print(&result->status.initial, it->initial, sizeof it->initial);
    print(&result->status.trailing, it->trailing, sizeof it->trailing);
    snprintf(it->message, sizeof it->message, "%s", result->status.message);
    if (it->keeps) {
        it->kept = *result;
        (void)coax_memory_ref(result->memory);
    }
}

static coax_err call(pair *two, const coax_metadata *metadata, ending *it, coax_error *error,
                     coax_call *ret_call)
{
    echo_note note = echo_make(7, "x");
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.metadata = metadata;
    options.error = error;
    options.timeout_ms = 100;
    options.ret_call = ret_call;
    return cx_rpc_call(&two->client.endpoint, &echo_echo, &note, &options, on_done, NULL, it);
}

/* A call without metadata, kept by the server: its handle there. */
static coax_call begin(pair *two, ending *it, coax_call *made)
{
    two->server.keeps_calls = true;
    assert_int_equal(call(two, NULL, it, NULL, made), COAX_OK);
    pair_pump(two);
    return two->server.kept[two->server.n_kept - 1];
}

static void set_both(coax_call there)
{
    const coax_metadata_pair first[] = { pair_of("at", "start") };
    const coax_metadata_pair last[] = { pair_of("cost", "3"), pair_of("cost", "4") };
    assert_int_equal(coax_call_send_metadata(there, &(coax_metadata){ first, COUNT(first) }),
                     COAX_OK);
    assert_int_equal(coax_call_set_trailer(there, &(coax_metadata){ last, COUNT(last) }), COAX_OK);
}

static char seen[200];

static void look(pair_side *side, coax_call handle, const echo_note *request)
{
    print(coax_call_metadata(handle), seen, sizeof seen);
    side->answered = coax_gen_reply(handle, &echo_echo, request);
}

static void a_handler_finds_what_came_with_the_request(void **state)
{
    pair *two = *state;
    ending it = { 0 };
    const coax_metadata_pair pairs[] = { pair_of("trace-id", "abc"), pair_of("empty", ""),
                                         pair_of("trace-id", "def") };
    two->server.in_handler = look;
    assert_int_equal(call(two, &(coax_metadata){ pairs, COUNT(pairs) }, &it, NULL, NULL), COAX_OK);
    pair_pump(two);
    assert_int_equal(it.err, COAX_OK);
    assert_string_equal(seen, "trace-id=abc empty= trace-id=def");
}

static void what_came_lasts_as_long_as_the_call(void **state)
{
    pair *two = *state;
    ending it = { 0 };
    const coax_metadata_pair pairs[] = { pair_of("a", "1") };
    coax_call made = { NULL, 0, 0 };
    two->server.keeps_calls = true;
    assert_int_equal(call(two, &(coax_metadata){ pairs, COUNT(pairs) }, &it, NULL, &made), COAX_OK);
    pair_pump(two);
    coax_call there = two->server.kept[0];
    assert_string_equal(coax_metadata_find(coax_call_metadata(there), "a").data, "1");
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    pair_pump(two);
    assert_int_equal(coax_call_metadata(there)->count, 1); /* until it is answered in vain */
    assert_int_equal(coax_call_fail(there, COAX_ERR_ABORTED, "x"), COAX_ERR_STALE);
    assert_int_equal(coax_call_metadata(there)->count, 0);
    assert_int_equal(coax_call_metadata((coax_call){ NULL, 0, 0 })->count, 0);
}

static void one_way_messages_carry_metadata(void **state)
{
    pair *two = *state;
    const coax_metadata_pair pairs[] = { pair_of("k", "v") };
    const coax_metadata metadata = { pairs, COUNT(pairs) };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    echo_note note = echo_make(1, "x");
    options.metadata = &metadata;
    two->server.in_handler = look;
    assert_int_equal(cx_rpc_send(&two->client.endpoint, &echo_hint, &note, &options), COAX_OK);
    seen[0] = '\0';
    pair_pump(two);
    assert_string_equal(seen, "k=v");
}

static void both_parts_come_with_a_reply(void **state)
{
    pair *two = *state;
    ending it = { 0 };
    coax_call made = { NULL, 0, 0 };
    coax_call there = begin(two, &it, &made);
    set_both(there);
    pair_pump(two);
    assert_int_equal(it.n, 0);
    assert_int_equal(coax_call_metadata(made)->count, 1); /* HEAD has come */
    echo_note note = echo_make(8, "reply");
    assert_int_equal(coax_gen_reply(there, &echo_echo, &note), COAX_OK);
    pair_pump(two);
    assert_int_equal(it.err, COAX_OK);
    assert_string_equal(it.initial, "at=start");
    assert_string_equal(it.trailing, "cost=3 cost=4");
}

static void both_parts_come_with_an_error(void **state)
{
    pair *two = *state;
    ending its[2] = { { 0 }, { 0 } };
    coax_call there = begin(two, &its[0], NULL);
    set_both(there);
    assert_int_equal(coax_call_fail(there, COAX_ERR_NOT_FOUND, "no"), COAX_OK);
    there = begin(two, &its[1], NULL);
    set_both(there);
    assert_int_equal(coax_gen_throw(there, &echo_echo, &echo_broken_type, &(echo_broken){ 5 }),
                     COAX_OK);
    pair_pump(two);
    assert_int_equal(its[0].err, COAX_ERR_NOT_FOUND);
    assert_int_equal(its[1].err, COAX_ERR_FAILED_PRECONDITION);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(its[i].initial, "at=start");
        assert_string_equal(its[i].trailing, "cost=3 cost=4");
    }
}

static void the_trailer_goes_with_an_answer_that_the_runtime_gives(void **state)
{
    pair *two = *state;
    ending it = { 0 };
    set_both(begin(two, &it, NULL));
    two->fake.now += 110u * 1000000u;
    cx_core_advance(&two->server.core, two->fake.now);
    pair_pump(two);
    assert_int_equal(it.err, COAX_ERR_DEADLINE_EXCEEDED);
    assert_string_equal(it.trailing, "cost=3 cost=4");
}

static void a_call_that_ends_here_tells_what_had_come(void **state)
{
    pair *two = *state;
    ending it = { 0 };
    coax_call made = { NULL, 0, 0 };
    set_both(begin(two, &it, &made));
    pair_pump(two);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    pair_pump(two);
    assert_int_equal(it.err, COAX_ERR_CANCELLED);
    assert_string_equal(it.initial, "at=start");
    assert_string_equal(it.trailing, "");
}

static void a_kept_result_keeps_its_metadata(void **state)
{
    (void)state;
    static pair two;
    ending it = { .keeps = true };
    pair_init(&two);
    pair_connect(&two);
    coax_call there = begin(&two, &it, NULL);
    set_both(there);
    echo_note note = echo_make(8, "reply");
    assert_int_equal(coax_gen_reply(there, &echo_echo, &note), COAX_OK);
    pair_pump(&two);
    pair_deinit(&two);
    char text[200];
    print(&it.kept.status.initial, text, sizeof text);
    assert_string_equal(text, "at=start");
    print(&it.kept.status.trailing, text, sizeof text);
    assert_string_equal(text, "cost=3 cost=4");
    coax_memory_unref(it.kept.memory);
    assert_int_equal(two.fake.n_live, 0);
}

static void a_trailer_may_be_replaced_and_taken_back(void **state)
{
    pair *two = *state;
    ending it = { 0 };
    coax_call there = begin(two, &it, NULL);
    set_both(there);
    const coax_metadata_pair pairs[] = { pair_of("new", "1") };
    assert_int_equal(coax_call_set_trailer(there, &(coax_metadata){ pairs, 1 }), COAX_OK);
    echo_note note = echo_make(8, "reply");
    assert_int_equal(coax_gen_reply(there, &echo_echo, &note), COAX_OK);
    pair_pump(two);
    assert_string_equal(it.trailing, "new=1");
    it = (ending){ 0 };
    there = begin(two, &it, NULL);
    set_both(there);
    assert_int_equal(coax_call_set_trailer(there, NULL), COAX_OK);
    assert_int_equal(coax_gen_reply(there, &echo_echo, &note), COAX_OK);
    pair_pump(two);
    assert_string_equal(it.trailing, "");
}

static void initial_metadata_is_sent_once_and_by_handlers_only(void **state)
{
    pair *two = *state;
    ending it = { 0 };
    coax_call made = { NULL, 0, 0 };
    coax_call there = begin(two, &it, &made);
    const coax_metadata_pair pairs[] = { pair_of("a", "1") };
    const coax_metadata metadata = { pairs, 1 };
    assert_int_equal(coax_call_send_metadata(made, &metadata), COAX_ERR_MISUSE);
    assert_int_equal(coax_call_set_trailer(made, &metadata), COAX_ERR_MISUSE);
    assert_int_equal(coax_call_send_metadata(there, &metadata), COAX_OK);
    assert_int_equal(coax_call_send_metadata(there, &metadata), COAX_ERR_MISUSE);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    pair_pump(two);
    assert_int_equal(coax_call_send_metadata(there, &metadata), COAX_ERR_STALE);
    assert_int_equal(coax_call_set_trailer(there, &metadata), COAX_ERR_STALE);
}

static coax_err oneway_sent;

static void send_in_oneway(pair_side *side, coax_call handle, const echo_note *request)
{
    (void)side;
    (void)request;
    const coax_metadata_pair pairs[] = { pair_of("a", "1") };
    oneway_sent = coax_call_send_metadata(handle, &(coax_metadata){ pairs, 1 });
}

static void nobody_answers_one_way_messages_with_metadata(void **state)
{
    pair *two = *state;
    echo_note note = echo_make(1, "x");
    two->server.in_handler = send_in_oneway;
    assert_int_equal(cx_rpc_send(&two->client.endpoint, &echo_hint, &note, NULL), COAX_OK);
    pair_pump(two);
    assert_int_equal(oneway_sent, COAX_ERR_MISUSE);
}

static void bad_names_are_named(void **state)
{
    pair *two = *state;
    ending it = { 0 };
    coax_error why;
    char longest[66];
    memset(longest, 'a', 65);
    longest[65] = '\0';
    const char *const names[] = { "", "Upper", "with space", "caf\xc3\xa9", longest };
    for (size_t i = 0; i < COUNT(names); i++) {
        const coax_metadata_pair pairs[] = { pair_of("fine", "1"), pair_of(names[i], "1") };
        const coax_metadata metadata = { pairs, COUNT(pairs) };
        assert_int_equal(call(two, &metadata, &it, &why, NULL), COAX_ERR_INVALID_ARGUMENT);
        assert_non_null(strstr(why.text, "metadata pair 1 has "));
        assert_int_equal(coax_metadata_check(&metadata, NULL), COAX_ERR_INVALID_ARGUMENT);
    }
    longest[64] = '\0';
    const coax_metadata_pair good[] = { pair_of(longest, "1"), pair_of("a-z_0.9", "") };
    assert_int_equal(coax_metadata_check(&(coax_metadata){ good, 2 }, NULL), COAX_OK);
    assert_int_equal(coax_metadata_check(NULL, NULL), COAX_OK);
    assert_int_equal(coax_metadata_check(&(coax_metadata){ NULL, 1 }, NULL),
                     COAX_ERR_INVALID_ARGUMENT);
    assert_null(coax_metadata_find(NULL, "a").data);
    assert_null(coax_metadata_find(&(coax_metadata){ good, 2 }, "a").data);
    assert_int_equal(it.n, 0);
}

static char large[9000];

static coax_metadata_pair of_size(size_t size)
{
    memset(large, 'x', sizeof large);
    return (coax_metadata_pair){ coax_str_from("large"), { large, size } };
}

static void too_much_of_ones_own_is_not_sent(void **state)
{
    pair *two = *state;
    ending it = { 0 };
    coax_error why;
    coax_metadata_pair pairs[] = { of_size(8192) };
    const coax_metadata metadata = { pairs, 1 };
    assert_int_equal(call(two, &metadata, &it, &why, NULL), COAX_ERR_TOO_LARGE);
    assert_string_equal(why.text, "metadata of more than 8192 bytes (max_metadata)");
    coax_call there = begin(two, &it, NULL);
    assert_int_equal(coax_call_send_metadata(there, &metadata), COAX_ERR_TOO_LARGE);
    assert_int_equal(coax_call_set_trailer(there, &metadata), COAX_ERR_TOO_LARGE);
    /* Both parts of one side together. */
    pairs[0].value.len = 5000;
    assert_int_equal(coax_call_set_trailer(there, &metadata), COAX_OK);
    assert_int_equal(coax_call_send_metadata(there, &metadata), COAX_ERR_TOO_LARGE);
    pairs[0].value.len = 3000;
    assert_int_equal(coax_call_send_metadata(there, &metadata), COAX_OK);
    assert_int_equal(coax_call_set_trailer(there, &metadata), COAX_OK);
    pairs[0].value.len = 6000;
    assert_int_equal(coax_call_set_trailer(there, &metadata), COAX_ERR_TOO_LARGE);
    assert_int_equal(coax_call_fail(there, COAX_ERR_ABORTED, "x"), COAX_OK);
    pair_pump(two);
    assert_int_equal(strlen(it.trailing), 199); /* what fits of 3000 */
}

static void too_much_from_a_peer_fails_the_call_and_not_the_connection(void **state)
{
    (void)state;
    static pair two;
    ending its[3] = { { 0 }, { 0 }, { 0 } };
    pair_init(&two);
    two.server.config.limits.max_metadata = 100;
    pair_connect(&two);
    coax_metadata_pair pairs[] = { of_size(200) };
    const coax_metadata metadata = { pairs, 1 };
    assert_int_equal(call(&two, &metadata, &its[0], NULL, NULL), COAX_OK);
    pair_pump(&two);
    assert_int_equal(its[0].err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(its[0].message, "max_metadata"));
    assert_int_equal(two.server.n_handled, 0);
    pair_deinit(&two);

    pair_init(&two);
    two.client.config.limits.max_metadata = 100;
    pair_connect(&two);
    coax_call there = begin(&two, &its[1], NULL);
    assert_int_equal(coax_call_send_metadata(there, &metadata), COAX_OK);
    pair_pump(&two);
    assert_int_equal(its[1].err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_false(coax_call_is_live(there));
    there = begin(&two, &its[2], NULL);
    assert_int_equal(coax_call_set_trailer(there, &metadata), COAX_OK);
    echo_note note = echo_make(8, "reply");
    assert_int_equal(coax_gen_reply(there, &echo_echo, &note), COAX_OK);
    pair_pump(&two);
    assert_int_equal(its[2].err, COAX_ERR_RESOURCE_EXHAUSTED);
    /* Each part alone is small enough. */
    ending both = { 0 };
    pairs[0].value.len = 60;
    there = begin(&two, &both, NULL);
    assert_int_equal(coax_call_send_metadata(there, &metadata), COAX_OK);
    assert_int_equal(coax_call_set_trailer(there, &metadata), COAX_OK);
    assert_int_equal(coax_gen_reply(there, &echo_echo, &note), COAX_OK);
    pair_pump(&two);
    assert_int_equal(both.err, COAX_ERR_INTERNAL);
    assert_non_null(strstr(both.message, "in both parts, at most 100 allowed (max_metadata)"));
    assert_true(cx_endpoint_is_open(&two.client.endpoint));
    assert_true(cx_endpoint_is_open(&two.server.endpoint));
    pair_deinit(&two);
    assert_int_equal(two.fake.n_live, 0);
}

/* One frame with this head in front of an encoded note. */
static void feed_with_head(pair *two, pair_side *side, cx_frame frame, const void *head, size_t len,
                           bool has_note)
{
    static raw bytes;
    uint8_t payload[10000];
    uint8_t note[200];
    echo_note value = echo_make(1, "raw");
    size_t n = 0;
    payload[n++] = (uint8_t)len;
    payload[n++] = (uint8_t)(len >> 8);
    memcpy(payload + n, head, len);
    n += len;
    if (has_note) {
        size_t note_len = raw_note(note, sizeof note, &value);
        memcpy(payload + n, note, note_len);
        n += note_len;
    }
    frame.flags |= CX_FLAG_META;
    raw_clear(&bytes);
    raw_frame(&bytes, frame, payload, n);
    pair_feed(two, side, bytes.bytes, bytes.len, 0);
    pair_pump(two);
}

static const cx_frame request = { .type = CX_FRAME_REQUEST, .call = 77, .method = 0xec0u };

static void metadata_that_is_none_fails_the_call_alone(void **state)
{
    pair *two = *state;
    const struct {
        const char *bytes;
        size_t len;
    } bad[] = { { "", 0 },
                { "\xc1", 1 },
                { "\x80", 1 },
                { "\x82\x01\x91\x82\x01\xa1Q\x02\xc4\x00\x02\x90", 11 }, /* a name in capitals */
                { "\x82\x01\x91\x82\x01\xa0\x02\xc4\x00\x02\x90", 10 },  /* an empty name */
                { "\x82\x01\xdd\xff\xff\xff\xff\x02\x90", 9 },           /* four billion pairs */
                { "\x82\x01\x90\x02\x90trailing", 13 } };
    for (unsigned i = 0; i < COUNT(bad); i++) {
        feed_with_head(two, &two->server, request, bad[i].bytes, bad[i].len, true);
        assert_int_equal(two->server.n_errors, i + 1);
        assert_int_equal(two->server.n_handled, 0);
        assert_true(cx_endpoint_is_open(&two->server.endpoint));
    }
    feed_with_head(two, &two->server, request, "\x82\x01\x90\x02\x90", 5, true);
    assert_int_equal(two->server.n_handled, 1);
}

/* The frame type's call is the client's only one. */
static void feed_answer(pair *two, coax_call made, uint8_t type, const void *head, size_t len)
{
    const cx_frame frame = { .type = type, .call = made.generation << 20 | (made.index + 1) };
    feed_with_head(two, &two->client, frame, head, len, type == CX_FRAME_RESPONSE);
}

static void bad_metadata_of_an_answer_ends_the_call(void **state)
{
    pair *two = *state;
    ending its[3] = { { 0 }, { 0 }, { 0 } };
    coax_call made = { NULL, 0, 0 };
    begin(two, &its[0], &made);
    feed_answer(two, made, CX_FRAME_HEAD, "\xc1", 1);
    assert_int_equal(its[0].err, COAX_ERR_INTERNAL);
    assert_non_null(strstr(its[0].message, "the answer of echo.Echo.echo: the metadata"));
    begin(two, &its[1], &made);
    feed_answer(two, made, CX_FRAME_RESPONSE, "\xc1", 1);
    assert_int_equal(its[1].err, COAX_ERR_INTERNAL);
    begin(two, &its[2], &made);
    feed_answer(two, made, CX_FRAME_HEAD, "\x82\x01\x90\x02\x90", 5);
    assert_int_equal(its[2].n, 0);
    feed_answer(two, made, CX_FRAME_HEAD, "\x82\x01\x90\x02\x90", 5);
    assert_int_equal(its[2].err, COAX_ERR_INTERNAL);
    assert_non_null(strstr(its[2].message, "a second HEAD"));
    assert_false(coax_call_is_live(two->server.kept[2]));             /* it was told */
    feed_answer(two, made, CX_FRAME_HEAD, "\x82\x01\x90\x02\x90", 5); /* too late: ignored */
    assert_int_equal(its[2].n, 1);
    assert_true(cx_endpoint_is_open(&two->client.endpoint));
}

static void steady_use_of_metadata_takes_no_memory(void **state)
{
    pair *two = *state;
    size_t before = 0;
    const coax_metadata_pair pairs[] = { pair_of("trace-id", "abcdef") };
    const coax_metadata metadata = { pairs, 1 };
    two->server.keeps_calls = true;
    for (unsigned i = 0; i < 50; i++) {
        ending it = { 0 };
        assert_int_equal(call(two, &metadata, &it, NULL, NULL), COAX_OK);
        pair_pump(two);
        coax_call there = two->server.kept[i];
        set_both(there);
        echo_note note = echo_make(8, "reply");
        assert_int_equal(coax_gen_reply(there, &echo_echo, &note), COAX_OK);
        pair_pump(two);
        assert_string_equal(it.initial, "at=start");
        if (i == 10)
            before = two->fake.n_taken;
    }
    assert_int_equal(two->fake.n_taken, before);
}

static void without_memory_a_call_with_metadata_ends_or_does_not_begin(void **state)
{
    (void)state;
    for (size_t fail = 1; fail < 60; fail++) {
        static pair two;
        ending it = { 0 };
        pair_init(&two);
        pair_connect(&two);
        two.server.keeps_calls = true;
        two.fake.fail_from = two.fake.n_taken + fail;
        two.fake.fail_count = 1;
        const coax_metadata_pair pairs[] = { of_size(500) };
        const coax_metadata metadata = { pairs, 1 };
        coax_err err = call(&two, &metadata, &it, NULL, NULL);
        pair_pump(&two);
        if (two.server.n_kept > 0) {
            (void)coax_call_send_metadata(two.server.kept[0], &metadata);
            (void)coax_call_set_trailer(two.server.kept[0], &metadata);
            (void)coax_call_fail(two.server.kept[0], COAX_ERR_ABORTED, "no");
        }
        pair_pump(&two);
        pair_break(&two, "over");
        assert_int_equal(it.n, err == COAX_OK);
        pair_deinit(&two);
        assert_int_equal(two.fake.n_live, 0);
    }
}

static void words_of_a_peer_are_fit_to_print(void **state)
{
    pair *two = *state;
    ending it = { 0 };
    coax_call there = begin(two, &it, NULL);
    assert_int_equal(coax_call_fail(there, COAX_ERR_NOT_FOUND, "%s",
                                    "\ttab\nline\r\x1b[31mred\x7f \xc2\x9bm \xe2\x80\xaeturn "
                                    "\xe2\x98\xba \xf0\x9f\x98\x88"),
                     COAX_OK);
    pair_pump(two);
    assert_string_equal(it.message,
                        "\ttab\nline\r?[31mred? ?m ?turn \xe2\x98\xba \xf0\x9f\x98\x88");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_handler_finds_what_came_with_the_request),
        TEST(what_came_lasts_as_long_as_the_call),
        TEST(one_way_messages_carry_metadata),
        TEST(both_parts_come_with_a_reply),
        TEST(both_parts_come_with_an_error),
        TEST(the_trailer_goes_with_an_answer_that_the_runtime_gives),
        TEST(a_call_that_ends_here_tells_what_had_come),
        cmocka_unit_test(a_kept_result_keeps_its_metadata),
        TEST(a_trailer_may_be_replaced_and_taken_back),
        TEST(initial_metadata_is_sent_once_and_by_handlers_only),
        TEST(nobody_answers_one_way_messages_with_metadata),
        TEST(bad_names_are_named),
        TEST(too_much_of_ones_own_is_not_sent),
        cmocka_unit_test(too_much_from_a_peer_fails_the_call_and_not_the_connection),
        TEST(metadata_that_is_none_fails_the_call_alone),
        TEST(bad_metadata_of_an_answer_ends_the_call),
        TEST(steady_use_of_metadata_takes_no_memory),
        cmocka_unit_test(without_memory_a_call_with_metadata_ends_or_does_not_begin),
        TEST(words_of_a_peer_are_fit_to_print),
    };
    return cmocka_run_group_tests_name("rpc_metadata", tests, NULL, NULL);
}
