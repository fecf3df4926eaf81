/*
 * A server that is hostile to its client: each evil ends the call that it was meant for, or the connection, with words;
 * the other call is answered, and nothing is left behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "siege.h"

/* The client's calls: a stream, and a unary one that should notice nothing. */
typedef struct victim {
    siege s; /* its loop */
    coax_client *client;
    uint32_t n_ended;
    uint32_t n_items;
    uint32_t n_news;
    coax_err turn, wait;
    char turn_words[400];
    char end_words[400]; /* of the connection */
} victim;

typedef struct evil {
    const char *what;
    void (*put)(foe *f);
    coax_err turn; /* how the stream ends */
    coax_err wait; /* and the other one */
    const char *words;
} evil;

static uint32_t turn_of(foe *f)
{
    return foe_asked(f, SIEGE_PACKET_WALL_TURN);
}

static uint32_t wait_of(foe *f)
{
    return foe_asked(f, SIEGE_PACKET_WALL_WAIT);
}

static void put_head(foe *f, uint32_t call, uint8_t flags, const void *payload, size_t len)
{
    foe_put(f, (cx_frame){ .type = CX_FRAME_HEAD, .flags = flags, .call = call }, payload, len);
}

static void nothing_evil(foe *f)
{
    foe_put_item(f, turn_of(f), 100);
}

static void empty_item(foe *f)
{
    foe_put(f, (cx_frame){ .type = CX_FRAME_ITEM, .call = turn_of(f) }, "", 0);
}

static void items_without_end(foe *f)
{
    static const uint8_t zeros[32768];
    for (int i = 0; i < 300; i++)
        foe_put(f, (cx_frame){ .type = CX_FRAME_ITEM, .flags = CX_FLAG_MORE, .call = turn_of(f) },
                zeros, sizeof zeros);
    foe_put(f, (cx_frame){ .type = CX_FRAME_ITEM, .call = turn_of(f) }, zeros, 1);
}

static void end_twice(foe *f)
{
    foe_put_simple(f, CX_FRAME_END, 0, turn_of(f), 0);
    foe_put_simple(f, CX_FRAME_END, 0, turn_of(f), 0);
    foe_put_item(f, turn_of(f), 10);
}

static void head_twice(foe *f)
{
    static const uint8_t empty[] = { 5, 0, 0x82, 1, 0x90, 2, 0x90 };
    put_head(f, turn_of(f), CX_FLAG_META, empty, sizeof empty);
    put_head(f, turn_of(f), CX_FLAG_META, empty, sizeof empty);
}

static void head_that_lies(foe *f)
{
    put_head(f, turn_of(f), CX_FLAG_META, "\xff\xff", 2);
}

static void head_of_garbage(foe *f)
{
    put_head(f, turn_of(f), CX_FLAG_META, "\2\0\xc1\xc1", 4);
}

static void head_inside_an_item(foe *f)
{
    foe_put(f, (cx_frame){ .type = CX_FRAME_ITEM, .flags = CX_FLAG_MORE, .call = turn_of(f) }, "x",
            1);
    put_head(f, turn_of(f), 0, "", 0);
}

static void reply_to_a_stream(foe *f)
{
    foe_put(f, (cx_frame){ .type = CX_FRAME_RESPONSE, .call = turn_of(f) }, "\x80", 1);
}

static void error_inside_an_item(foe *f)
{
    foe_put(f, (cx_frame){ .type = CX_FRAME_ITEM, .flags = CX_FLAG_MORE, .call = turn_of(f) }, "x",
            1);
    foe_put(f, (cx_frame){ .type = CX_FRAME_ERROR, .aux = 65535, .call = turn_of(f) },
            "\x82\x01\xa4gone\x02\x00", 9);
}

static void end_of_metadata_that_lies(foe *f)
{
    foe_put(f, (cx_frame){ .type = CX_FRAME_END, .flags = CX_FLAG_META, .call = turn_of(f) },
            "\2\0\xc1\xc1", 4);
}

static void grant_of_everything(foe *f)
{
    foe_put_simple(f, CX_FRAME_WINDOW, 0, turn_of(f), UINT32_MAX);
}

static void what_only_clients_answer(foe *f)
{
    for (uint32_t i = 1; i < 3000; i++) {
        foe_put_request(f, CX_CALL_ROLE_BIT | i, 77);
        foe_put_simple(f, CX_FRAME_SUBSCRIBE, 0, CX_CALL_ROLE_BIT | i, 77);
        foe_put_simple(f, CX_FRAME_CANCEL, 1, CX_CALL_ROLE_BIT | i, 0);
        foe_put_simple(f, CX_FRAME_UNSUBSCRIBE, 0, 0, 77);
        foe_put_item(f, CX_CALL_ROLE_BIT | i, 10);
    }
}

static void answers_to_calls_that_never_were(foe *f)
{
    for (uint32_t i = 1; i < 3000; i++) {
        const uint32_t call = 0x7ff00000u + i;
        foe_put(f, (cx_frame){ .type = CX_FRAME_RESPONSE, .call = call }, "\x80", 1);
        foe_put(f, (cx_frame){ .type = CX_FRAME_ITEM, .flags = CX_FLAG_MORE, .call = call }, "x",
                1);
        put_head(f, call, 0, "", 0);
    }
}

static void events_of_garbage(foe *f)
{
    (void)foe_asked(f, SIEGE_PACKET_WALL_NEWS);
    for (uint32_t i = 1; i < 2000; i++) {
        cx_frame event = { .type = CX_FRAME_EVENT,
                           .call = CX_CALL_ROLE_BIT | i,
                           .method = SIEGE_PACKET_WALL_NEWS };
        foe_put(f, event, "\xc1", 1);
        event.method = 78; /* never subscribed to */
        event.flags = CX_FLAG_MORE;
        foe_put(f, event, "\xc1", 1);
    }
}

static void events_that_do_not_go_on(foe *f)
{
    (void)foe_asked(f, SIEGE_PACKET_WALL_NEWS);
    for (uint32_t i = 1; i < 2000; i++)
        foe_put(f,
                (cx_frame){ .type = CX_FRAME_EVENT,
                            .flags = CX_FLAG_MORE,
                            .call = CX_CALL_ROLE_BIT | i,
                            .method = SIEGE_PACKET_WALL_NEWS },
                "\x81", 1);
}

static void pings(foe *f)
{
    for (int i = 0; i < 100; i++)
        foe_put(f, (cx_frame){ .type = CX_FRAME_PING }, "12345678", 8);
}

static void pong_to_nothing(foe *f)
{
    foe_put(f, (cx_frame){ .type = CX_FRAME_PONG }, "\0\0\0\0\0\0\0\0", 8);
}

static void put_welcome(foe *f)
{
    static const uint8_t welcome[] = { 0x83, 1,    0xa0, 2,    0, 3, 0x83, 1,    0xcd, 0x80, 0,
                                       2,    0xce, 0,    0x40, 0, 0, 3,    0xcd, 0x04, 0 };
    foe_put(f, (cx_frame){ .type = CX_FRAME_WELCOME }, welcome, sizeof welcome);
}

static void drains_without_end(foe *f)
{
    static const uint8_t drain[] = {
        0x83, 1, 0xa2, 'g', 'o', 2, 0xc3, 3, 0xce, 255, 255, 255, 255
    };
    for (int i = 0; i < 2000; i++)
        foe_put(f, (cx_frame){ .type = CX_FRAME_GOAWAY, .aux = 14 }, drain, sizeof drain);
}

static void wrong_side(foe *f)
{
    foe_put(f, (cx_frame){ .type = CX_FRAME_RESPONSE, .call = CX_CALL_ROLE_BIT | 1 }, "\x80", 1);
}

#define GONE COAX_ERR_UNAVAILABLE, COAX_ERR_UNAVAILABLE

static const evil evils[] = {
    { "nothing", nothing_evil, COAX_OK, COAX_OK, "" },
    { "an empty item", empty_item, COAX_ERR_INTERNAL, COAX_OK, "without a message" },
    { "an item without end", items_without_end, COAX_ERR_RESOURCE_EXHAUSTED, COAX_OK,
      "max_message" },
    { "END twice, and items", end_twice, COAX_OK, COAX_OK, "" },
    { "HEAD twice", head_twice, COAX_ERR_INTERNAL, COAX_OK, "a second HEAD" },
    { "a HEAD that lies", head_that_lies, COAX_ERR_RESOURCE_EXHAUSTED, COAX_OK, "max_metadata" },
    { "a HEAD of garbage", head_of_garbage, COAX_ERR_INTERNAL, COAX_OK, "the metadata" },
    { "HEAD inside an item", head_inside_an_item, GONE, "does not continue the ITEM" },
    { "a reply to a stream", reply_to_a_stream, COAX_ERR_INTERNAL, COAX_OK, "should be a stream" },
    { "ERROR inside an item", error_inside_an_item, COAX_ERR_UNKNOWN, COAX_OK, "gone" },
    { "an END that lies", end_of_metadata_that_lies, COAX_ERR_INTERNAL, COAX_OK, "the metadata" },
    { "a grant of everything", grant_of_everything, GONE, "more than were sent" },
    { "requests that nobody serves", what_only_clients_answer, COAX_OK, COAX_OK, "" },
    { "answers to nothing", answers_to_calls_that_never_were, COAX_OK, COAX_OK, "" },
    { "events of garbage", events_of_garbage, COAX_OK, COAX_OK, "" },
    { "events that do not go on", events_that_do_not_go_on, GONE, "max_concurrent_calls" },
    { "too many PINGs", pings, GONE, "too_many_pings" },
    { "a PONG to nothing", pong_to_nothing, GONE, "PONG without a PING" },
    { "WELCOME again", put_welcome, GONE, "WELCOME out of place" },
    { "GOAWAYs without end", drains_without_end, COAX_OK, COAX_OK, "" },
    { "the wrong side", wrong_side, GONE, "the other side would open" },
};

static void on_item(void *self, coax_call call, const siege_stone *item)
{
    (void)call;
    (void)item;
    ((victim *)self)->n_items++;
}

static void on_turn(void *self, const siege_wall_turn_result *result)
{
    victim *v = self;
    v->turn = result->err;
    (void)snprintf(v->turn_words, sizeof v->turn_words, "%s", result->status.message);
    v->n_ended++;
}

static void on_wait(void *self, const siege_wall_wait_result *result)
{
    victim *v = self;
    v->wait = result->err;
    v->n_ended++;
}

static void on_news(void *self, coax_peer peer, const siege_wall_news_request *event)
{
    (void)peer;
    (void)event;
    ((victim *)self)->n_news++;
}

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    victim *v = self;
    (void)client;
    if (state == COAX_CLIENT_CLOSED)
        (void)snprintf(v->end_words, sizeof v->end_words, "%s", reason->text);
}

static void open_victim(victim *v, const char *url)
{
    static const coax_allocator *allocator;
    static coax_allocator counted;
    coax_loop_options loop = COAX_LOOP_OPTIONS_INIT;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    const siege_wall_turn_request turn = { 0 };
    const siege_wall_wait_request wait = { 0 };
    const siege_wall_turn_events events = { .on_item = on_item, .on_end = on_turn };
    counted = siege_allocator();
    allocator = &counted;
    memset(v, 0, sizeof *v);
    loop.allocator = allocator;
    options.self = v;
    options.on_state = on_state;
    v->s.loop = coax_loop_create(&loop);
    assert_int_equal(coax_client_create(v->s.loop, url, &options, &v->client, NULL), COAX_OK);
    assert_int_equal(siege_wall_turn(v->client, &turn, NULL, &events, v, NULL), COAX_OK);
    assert_int_equal(siege_wall_wait(v->client, &wait, NULL, on_wait, v), COAX_OK);
    assert_int_equal(siege_wall_news_subscribe(v->client, on_news, v, NULL, NULL), COAX_OK);
}

static const char *judge(const victim *v, const evil *e)
{
    if (v->turn != e->turn)
        return "the stream ended otherwise";
    if (v->wait != e->wait)
        return "the other call ended otherwise";
    return strstr(e->wait == COAX_OK ? v->turn_words : v->end_words, e->words) == NULL
               ? "the words are others"
               : NULL;
}

static bool check(const evil *e, int listener, const char *url)
{
    static victim v;
    static foe f;
    open_victim(&v, url);
    siege_mark();
    foe_accept(&f, &v.s, listener);
    put_welcome(&f);
    e->put(&f);
    /* In the end all is well, if that still counts. */
    foe_put_simple(&f, CX_FRAME_END, 0, turn_of(&f), 0);
    foe_put(&f, (cx_frame){ .type = CX_FRAME_RESPONSE, .call = wait_of(&f) }, "\x80", 1);
    (void)foe_send(&f);
    while (v.n_ended < 2)
        siege_turn(&v.s);
    const char *wrong = judge(&v, e);
    if (wrong != NULL)
        print_error("%s: %s: %d, %d, \"%s\", \"%s\"\n", e->what, wrong, (int)v.turn, (int)v.wait,
                    v.turn_words, v.end_words);
    assert_true(siege_most() < 16u << 20);
    foe_close(&f);
    assert_int_equal(coax_loop_destroy(v.s.loop), COAX_OK);
    assert_int_equal(siege_bytes(), 0);
    return wrong == NULL;
}

static void every_evil_of_a_server_is_named_and_ends_what_it_was_meant_for(void **state)
{
    (void)state;
    char url[64];
    unsigned n_wrong = 0;
    int listener = foe_listen(url, sizeof url);
    for (size_t i = 0; i < sizeof evils / sizeof evils[0]; i++)
        n_wrong += check(&evils[i], listener, url) ? 0 : 1;
    close(listener);
    assert_int_equal(n_wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_evil_of_a_server_is_named_and_ends_what_it_was_meant_for),
    };
    return cmocka_run_group_tests_name("hostile_server", tests, NULL, NULL);
}
