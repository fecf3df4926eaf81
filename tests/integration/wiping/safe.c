/*
 * The safe's handlers, and boxes. Read next: wiping_test.c.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/env_system.h"
#include "base/wipe.h"
#include "safe.h"

enum { WORD = 3 * TRACE_UNIT };

/* Boxes. */

static coax_str put_word(uint8_t **at, uint32_t number)
{
    coax_str word = { (const char *)*at, WORD };
    trace_put(*at, WORD, number);
    *at += WORD;
    return word;
}

void safe_fill(safe_box *b, uint32_t number, size_t len)
{
    memset(b, 0, sizeof *b);
    b->len = 4 * (size_t)WORD + len;
    b->bytes = malloc(b->len);
    assert_non_null(b->bytes);
    uint8_t *at = b->bytes;
    b->inner[0] = (secrets_inner){ 1, put_word(&at, number) };
    b->inner[1] = (secrets_inner){ 2, put_word(&at, number) };
    b->named[0].key = coax_str_from("name");
    b->named[0].value = (secrets_inner){ 3, put_word(&at, number) };
    b->next.blob = (coax_bytes){ at, WORD };
    trace_put(at, WORD, number);
    at += WORD;
    trace_put(at, len, number);
    b->box = (secrets_box){ .number = number,
                            .inner = { b->inner, 2 },
                            .named = { b->named, 1 },
                            .blob = { at, len },
                            .next = &b->next };
}

void safe_empty(safe_box *b)
{
    cx_wipe(b->bytes, b->len);
    free(b->bytes);
    memset(b, 0, sizeof *b);
}

static bool is_word(coax_str word, uint32_t number)
{
    return word.len == WORD && trace_is(word.data, word.len, number);
}

bool safe_is(const secrets_box *box, uint32_t number, size_t len)
{
    return box->inner.count == 2 && is_word(box->inner.items[0].word, number) &&
           is_word(box->inner.items[1].word, number) && box->named.count == 1 &&
           is_word(box->named.items[0].value.word, number) && box->blob.len == len &&
           (len == 0 || trace_is(box->blob.data, len, number)) && box->next != NULL &&
           trace_is(box->next->blob.data, WORD, number);
}

/* Keys. */

void safe_random(uint8_t *to, size_t len, uint32_t number)
{
    cx_env_system()->random(cx_env_system()->self, to, len);
    trace_hide(to, len, number);
}

coax_key *safe_key(uint32_t number)
{
    uint8_t bytes[COAX_KEY_BYTES];
    coax_key *key = NULL;
    safe_random(bytes, sizeof bytes, number);
    assert_int_equal(coax_key_from_bytes(bytes, &key, NULL), COAX_OK);
    cx_wipe(bytes, sizeof bytes);
    return key;
}

/* Handlers. */

static void check(safe *s, const secrets_box *box)
{
    if (!safe_is(box, box->number, box->blob.len))
        atomic_fetch_add(&s->n_wrong, 1);
}

static void on_keep(void *self, coax_call call, const secrets_safe_keep_request *request)
{
    safe *s = self;
    safe_box b;
    check(s, &request->box);
    if (request->box.number >= SAFE_NEVER) {
        (void)call;
        return;
    }
    safe_fill(&b, request->box.number + SAFE_ANSWER, request->box.blob.len);
    const secrets_safe_keep_response reply = { b.box };
    const secrets_denied denied = { b.inner[0].word };
    if (request->box.number >= SAFE_THROWS)
        (void)secrets_safe_keep_throw_denied(call, &denied);
    else
        (void)secrets_safe_keep_reply(call, &reply);
    safe_empty(&b);
}

static void on_pour(void *self, coax_call call, const secrets_safe_pour_request *request)
{
    (void)self;
    for (uint32_t i = 0; i < request->n; i++) {
        safe_box b;
        safe_fill(&b, i + SAFE_ANSWER, request->len);
        coax_err err = secrets_safe_pour_push(call, &b.box);
        safe_empty(&b);
        if (err != COAX_OK)
            break; /* as many as there is credit for */
    }
    (void)coax_call_end(call);
}

static void on_filled_item(void *self, coax_call call, const secrets_box *item)
{
    (void)call;
    check(self, item);
}

static void on_filled(void *self, coax_call call)
{
    (void)self;
    uint8_t word[WORD];
    trace_put(word, sizeof word, SAFE_ANSWER);
    const secrets_safe_fill_response reply = { { (const char *)word, sizeof word } };
    (void)secrets_safe_fill_reply(call, &reply);
    cx_wipe(word, sizeof word);
}

static void on_fill(void *self, coax_call call, const secrets_safe_fill_request *request)
{
    (void)request;
    (void)secrets_safe_fill_receive(call, on_filled_item, on_filled, self);
}

static void on_work(void *self, coax_call call, const secrets_safe_work_request *request)
{
    safe_box b;
    check(self, &request->box);
    safe_fill(&b, request->box.number + SAFE_ANSWER, request->box.blob.len);
    const secrets_safe_work_response reply = { b.box };
    (void)secrets_safe_work_reply(call, &reply);
    safe_empty(&b);
}

static void on_mill(void *self, coax_call call, const secrets_safe_mill_request *request)
{
    const secrets_box *item;
    (void)request;
    while (secrets_safe_mill_take(call, &item)) {
        check(self, item);
        if (secrets_safe_mill_push(call, item) != COAX_OK)
            break;
    }
    (void)coax_call_end(call);
}

static void on_tell(void *self, coax_call call, const secrets_safe_tell_request *request)
{
    safe *s = self;
    safe_box b;
    const secrets_safe_tell_response reply = { 0 };
    safe_fill(&b, request->number, request->len);
    (void)secrets_safe_told_emit(s->server, &b.box, NULL);
    safe_empty(&b);
    (void)secrets_safe_tell_reply(call, &reply);
}

static void on_enter(void *self, coax_call call, const secrets_safe_enter_request *request)
{
    const secrets_safe_enter_response reply = { 0 };
    (void)self;
    (void)request;
    (void)secrets_safe_enter_reply(call, &reply);
}

static void on_drop(void *self, coax_call call, const secrets_safe_drop_request *request)
{
    safe *s = self;
    (void)call;
    check(s, &request->box);
    atomic_fetch_add(&s->n_dropped, 1);
}

static void on_add(void *self, coax_call call, const secrets_open_add_request *request)
{
    const secrets_open_add_response reply = { request->a + request->b };
    (void)self;
    (void)secrets_open_add_reply(call, &reply);
}

static const secrets_safe_handlers handlers = { .keep = on_keep,
                                                .pour = on_pour,
                                                .fill = on_fill,
                                                .work = on_work,
                                                .mill = on_mill,
                                                .tell = on_tell,
                                                .enter = on_enter,
                                                .drop = on_drop };
static void on_say(void *self, coax_call call, const secrets_open_say_request *request)
{
    safe *s = self;
    const size_t len = request->words.len;
    uint8_t *words = malloc(len + 1);
    assert_non_null(words);
    if (!trace_is(request->words.data, len, 0x1000))
        atomic_fetch_add(&s->n_wrong, 1);
    trace_put(words, len, SAFE_ANSWER);
    const secrets_open_heard_request event = { { words, len } };
    const secrets_open_say_response reply = { { words, len } };
    (void)secrets_open_heard_emit(s->server, &event, NULL);
    (void)secrets_open_say_reply(call, &reply);
    cx_wipe(words, len);
    free(words);
}

static const secrets_open_handlers open_handlers = { .add = on_add, .say = on_say };

/* What is said about all this is kept where the search finds it. */

static void on_error(void *self, coax_peer peer, const coax_error *what)
{
    safe *s = self;
    (void)peer;
    uv_mutex_lock(&s->mutex);
    const size_t len = strlen(s->words);
    (void)snprintf(s->words + len, sizeof s->words - len, "%s\n", what->text);
    uv_mutex_unlock(&s->mutex);
    atomic_fetch_add(&s->n_errors, 1);
}

static void on_log(void *self, coax_log_level level, const char *event, const coax_log_pair *pairs,
                   size_t n_pairs)
{
    safe *s = self;
    (void)level;
    uv_mutex_lock(&s->mutex);
    for (size_t i = 0; i < n_pairs; i++) {
        const size_t left = sizeof s->log - s->log_len;
        int n =
            snprintf(s->log + s->log_len, left, "%s %s=%s\n", event, pairs[i].key, pairs[i].value);
        s->log_len += n > 0 && (size_t)n < left ? (size_t)n : 0;
    }
    uv_mutex_unlock(&s->mutex);
}

static void run(void *self)
{
    (void)coax_loop_run(((safe *)self)->loop);
}

static void make(safe *s, const char *url, const coax_server_options *options, uint32_t loops,
                 bool is_bare)
{
    coax_server_options chosen = COAX_SERVER_OPTIONS_INIT;
    coax_loop_options loop_options = COAX_LOOP_OPTIONS_INIT;
    coax_error error = COAX_ERROR_INIT;
    memset(s, 0, sizeof *s);
    if (options != NULL)
        chosen = *options;
    chosen.self = s;
    chosen.loops = loops;
    chosen.on_error = on_error;
    loop_options.log = on_log;
    loop_options.log_self = s;
    loop_options.log_level = COAX_LOG_DEBUG;
    assert_int_equal(uv_mutex_init(&s->mutex), 0);
    s->loop = coax_loop_create(&loop_options);
    assert_non_null(s->loop);
    if (coax_server_create(s->loop, &chosen, &s->server, &error) != COAX_OK ||
        (!is_bare && secrets_safe_serve(s->server, &handlers, s) != COAX_OK) ||
        secrets_open_serve(s->server, &open_handlers, s) != COAX_OK ||
        coax_server_listen(s->server, url, &error) != COAX_OK)
        fail_msg("%s", error.text);
    (void)coax_server_address(s->server, 0, s->url, sizeof s->url);
}

void safe_make(safe *s, const char *url, const coax_server_options *options, uint32_t loops)
{
    make(s, url, options, loops, false);
}

static void start(safe *s)
{
    assert_int_equal(uv_thread_create(&s->thread, run, s), 0);
    s->has_thread = true;
}

void safe_open(safe *s, const char *url, const coax_server_options *options, uint32_t loops)
{
    make(s, url, options, loops, false);
    start(s);
}

void safe_open_bare(safe *s, const char *url, const coax_server_options *options)
{
    make(s, url, options, 1, true);
    start(s);
}

void safe_close(safe *s)
{
    coax_loop_stop(s->loop);
    if (s->has_thread)
        assert_int_equal(uv_thread_join(&s->thread), 0);
    assert_int_equal(coax_loop_destroy(s->loop), COAX_OK);
    uv_mutex_destroy(&s->mutex);
}
