/*
 * The siege: handlers, opening and closing, and what foes do with bytes. Read next: hostile_frames_test.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "raw.h"
#include "siege.h"

/* Memory. Workers take some too. */

static atomic_size_t bytes_now, bytes_most;

enum { HEAD = 16 };

static void *counted_resize(void *self, void *old, size_t size)
{
    (void)self;
    size_t was = 0;
    uint8_t *block = old != NULL ? (uint8_t *)old - HEAD : NULL;
    if (block != NULL)
        memcpy(&was, block, sizeof was);
    uint8_t *moved = realloc(block, size + HEAD);
    if (moved == NULL)
        return NULL;
    memcpy(moved, &size, sizeof size);
    size_t now = atomic_fetch_add(&bytes_now, size - was) + size - was;
    if (now > atomic_load(&bytes_most))
        atomic_store(&bytes_most, now);
    return moved + HEAD;
}

static void counted_release(void *self, void *memory)
{
    size_t size;
    (void)self;
    if (memory == NULL)
        return;
    memcpy(&size, (uint8_t *)memory - HEAD, sizeof size);
    atomic_fetch_sub(&bytes_now, size);
    free((uint8_t *)memory - HEAD);
}

static const coax_allocator counted = { NULL, counted_resize, counted_release };

size_t siege_bytes(void)
{
    return atomic_load(&bytes_now);
}

size_t siege_most(void)
{
    return atomic_load(&bytes_most);
}

void siege_mark(void)
{
    atomic_store(&bytes_most, atomic_load(&bytes_now));
}

coax_allocator siege_allocator(void)
{
    return counted;
}

/* Handlers. */

static void on_add(void *self, coax_call call, const siege_wall_add_request *request)
{
    (void)self;
    const siege_wall_add_response reply = { .sum = request->a + request->b };
    (void)siege_wall_add_reply(call, &reply);
}

static void let_wait_go(void *self, coax_call call, coax_err why)
{
    const siege_wall_wait_response reply = { 0 };
    (void)why;
    ((siege *)self)->n_let_go++;
    (void)siege_wall_wait_reply(call, &reply); /* in vain */
}

static void on_wait(void *self, coax_call call, const siege_wall_wait_request *request)
{
    (void)request;
    (void)coax_call_on_cancel(call, let_wait_go, self);
}

/* A call that is made for another. */
typedef struct errand {
    siege *s;
    coax_call asker;
} errand;

static void on_relayed(void *self, const siege_wall_wait_result *result)
{
    errand *e = self;
    const siege_wall_relay_response reply = { 0 };
    (void)result;
    e->s->n_relayed++;
    (void)siege_wall_relay_reply(e->asker, &reply); /* in vain */
    free(e);
}

static void on_relay(void *self, coax_call call, const siege_wall_relay_request *request)
{
    const siege_wall_wait_request wait = { 0 };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    errand *e = malloc(sizeof *e);
    (void)request;
    assert_non_null(e);
    *e = (errand){ self, call };
    options.parent = call;
    coax_err err = siege_wall_wait(((siege *)self)->good, &wait, &options, on_relayed, e);
    if (err == COAX_OK)
        return;
    free(e);
    (void)coax_call_fail(call, err, "can't be relayed");
}

static void let_stream_go(void *self, coax_call call, coax_err why)
{
    (void)why;
    ((siege *)self)->n_let_go++;
    (void)coax_call_end(call); /* in vain */
}

static void on_hold(void *self, coax_call call, const siege_wall_hold_request *request)
{
    (void)request;
    (void)coax_call_on_cancel(call, let_stream_go, self);
}

static void turn_item(void *self, coax_call call, const siege_stone *item)
{
    (void)self;
    if (siege_wall_turn_push(call, item) == COAX_ERR_WOULD_BLOCK)
        (void)coax_call_fail(call, COAX_ERR_RESOURCE_EXHAUSTED, "the caller does not read");
}

static void turn_end(void *self, coax_call call)
{
    (void)self;
    (void)coax_call_end(call);
}

static void on_turn(void *self, coax_call call, const siege_wall_turn_request *request)
{
    (void)request;
    (void)siege_wall_turn_receive(call, turn_item, turn_end, self);
}

static uint8_t body[1 << 16];

static void pour(void *self, coax_call call)
{
    coax_err err = COAX_OK;
    const siege_stone stone = { .number = 1, .body = { body, 10000 } };
    while (err == COAX_OK)
        err = siege_wall_pour_push(call, &stone);
    if (err != COAX_ERR_WOULD_BLOCK) {
        ((siege *)self)->n_let_go++;
        (void)coax_call_end(call);
    }
}

static void on_pour(void *self, coax_call call, const siege_wall_pour_request *request)
{
    (void)request;
    (void)coax_call_on_writable(call, pour, self);
    pour(self, call);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;

static void open_gate(siege *s)
{
    pthread_mutex_lock(&lock);
    atomic_store(&s->is_gate_open, true);
    pthread_cond_broadcast(&opened);
    pthread_mutex_unlock(&lock);
}

static void on_grind(void *self, coax_call call, const siege_wall_grind_request *request)
{
    siege *s = self;
    const siege_wall_grind_response reply = { 0 };
    (void)request;
    atomic_fetch_add(&s->n_grinding, 1);
    pthread_mutex_lock(&lock);
    while (!atomic_load(&s->is_gate_open))
        pthread_cond_wait(&opened, &lock);
    pthread_mutex_unlock(&lock);
    (void)siege_wall_grind_reply(call, &reply);
}

static const siege_wall_handlers handlers = { .add = on_add,
                                              .wait = on_wait,
                                              .relay = on_relay,
                                              .hold = on_hold,
                                              .turn = on_turn,
                                              .pour = on_pour,
                                              .grind = on_grind };

/* The server. */

static void on_connect(void *self, coax_peer peer)
{
    (void)peer;
    ((siege *)self)->n_connected++;
}

static void on_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    siege *s = self;
    (void)peer;
    s->n_gone++;
    s->last_reason = *reason;
}

static void on_error(void *self, coax_peer peer, const coax_error *what)
{
    siege *s = self;
    (void)peer;
    s->n_errors++;
    s->last_error = *what;
}

void siege_open(siege *s, const coax_server_options *options)
{
    siege_open_with(s, options, "plain+tcp://127.0.0.1:0", NULL);
}

void siege_open_at(siege *s, const coax_server_options *options, const char *url)
{
    siege_open_with(s, options, url, NULL);
}

void siege_open_with(siege *s, const coax_server_options *options, const char *url,
                     const coax_client_options *good)
{
    coax_loop_options loop = COAX_LOOP_OPTIONS_INIT;
    coax_server_options chosen = COAX_SERVER_OPTIONS_INIT;
    coax_error error = COAX_ERROR_INIT;
    memset(s, 0, sizeof *s);
    if (options != NULL)
        chosen = *options;
    chosen.self = s;
    chosen.on_connect = on_connect;
    chosen.on_disconnect = on_disconnect;
    chosen.on_error = on_error;
    loop.allocator = &counted;
    s->loop = coax_loop_create(&loop);
    coax_err rc = coax_server_create(s->loop, &chosen, &s->server, &error);
    if (rc == COAX_OK)
        rc = siege_wall_serve(s->server, &handlers, s);
    if (rc == COAX_OK)
        rc = coax_server_listen(s->server, url, &error);
    (void)coax_server_address(s->server, 0, s->url, sizeof s->url);
    if (rc == COAX_OK)
        rc = coax_client_create(s->loop, s->url, good, &s->good, &error);
    if (rc != COAX_OK)
        fail_msg("%s", error.text);
    siege_good_call(s);
}

void siege_turn(siege *s)
{
    assert_int_equal(coax_loop_process(s->loop), COAX_OK);
}

void siege_close(siege *s)
{
    while (coax_server_n_peers(s->server) > 1)
        siege_turn(s);
    siege_good_call(s);
    open_gate(s);
    assert_int_equal(coax_loop_destroy(s->loop), COAX_OK);
    assert_int_equal(siege_bytes(), 0);
}

static void on_good(void *self, const siege_wall_add_result *result)
{
    assert_int_equal(result->err, COAX_OK);
    assert_int_equal(result->reply->sum, 3);
    ((siege *)self)->n_good++;
}

void siege_good_call(siege *s)
{
    uint32_t before = s->n_good;
    const siege_wall_add_request request = { .a = 1, .b = 2 };
    assert_int_equal(siege_wall_add(s->good, &request, NULL, on_good, s), COAX_OK);
    while (s->n_good == before)
        siege_turn(s);
}

/* Foes. */

/* Calls of foe_settle; answered or refused, in order. */
#define PROBE_CALL 0x7f000000u

void foe_connect(foe *f, siege *s)
{
    memset(f, 0, sizeof *f);
    f->siege = s;
    f->fd = raw_connect(s->url);
    assert_int_equal(fcntl(f->fd, F_SETFL, O_NONBLOCK), 0);
}

int foe_listen(char *ret_url, size_t size)
{
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 16), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    (void)snprintf(ret_url, size, "plain+tcp://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    return fd;
}

void foe_accept(foe *f, siege *s, int listener)
{
    memset(f, 0, sizeof *f);
    f->siege = s;
    f->is_server = true;
    while ((f->fd = accept(listener, NULL, NULL)) < 0)
        siege_turn(s);
    assert_int_equal(fcntl(f->fd, F_SETFL, O_NONBLOCK), 0);
}

uint32_t foe_asked(foe *f, uint32_t method)
{
    for (;;) {
        for (uint32_t i = 0; i < f->n_asked; i++) {
            if (f->asked[i].method == method)
                return f->asked[i].call;
        }
        siege_turn(f->siege);
        foe_read(f);
        assert_false(f->is_over);
    }
}

void foe_open(foe *f, siege *s)
{
    uint32_t before = s->n_connected;
    foe_connect(f, s);
    raw_hello(f->fd);
    while (s->n_connected == before)
        siege_turn(s);
}

void foe_close(foe *f)
{
    free(f->out);
    f->out = NULL;
    close(f->fd);
}

void foe_put_bytes(foe *f, const void *bytes, size_t len)
{
    if (f->out_len + len > f->out_cap) {
        f->out_cap = 2 * (f->out_len + len);
        f->out = realloc(f->out, f->out_cap);
        assert_non_null(f->out);
    }
    if (len > 0)
        memcpy(f->out + f->out_len, bytes, len);
    f->out_len += len;
}

void foe_put(foe *f, cx_frame frame, const void *payload, size_t len)
{
    uint8_t header[CX_FRAME_HEADER];
    frame.length = (uint32_t)len;
    cx_frame_encode(&frame, header);
    foe_put_bytes(f, header, sizeof header);
    foe_put_bytes(f, payload, len);
}

void foe_put_simple(foe *f, uint8_t type, uint16_t aux, uint32_t call, uint32_t method)
{
    foe_put(f, (cx_frame){ .type = type, .aux = aux, .call = call, .method = method }, NULL, 0);
}

void foe_put_request(foe *f, uint32_t call, uint32_t method)
{
    const cx_frame frame = { .type = CX_FRAME_REQUEST, .call = call, .method = method };
    if (method == SIEGE_PACKET_WALL_POUR)
        foe_put(f, frame, "\x81\x01\x64", 3);
    else
        foe_put(f, frame, "\x80", 1);
}

void foe_put_item(foe *f, uint32_t call, size_t body_len)
{
    uint8_t item[1 << 16] = {
        0x82, 0x01, 0x07, 0x02, 0xc5, (uint8_t)(body_len >> 8), (uint8_t)body_len
    };
    assert_true(body_len + 7 < sizeof item);
    foe_put(f, (cx_frame){ .type = CX_FRAME_ITEM, .call = call }, item, 7 + body_len);
}

static void copy_words(char *ret, size_t size, const uint8_t *payload, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len && n + 1 < size; i++) {
        if (payload[i] >= 32 && payload[i] < 127)
            ret[n++] = (char)payload[i];
    }
    ret[n] = '\0';
}

static void hear(foe *f, const cx_frame *frame, const uint8_t *payload)
{
    const bool is_answer = frame->type == CX_FRAME_RESPONSE || frame->type == CX_FRAME_ERROR;
    if (is_answer && (frame->call & PROBE_CALL) == PROBE_CALL) {
        f->n_probed++;
        return;
    }
    f->n_heard[frame->type]++;
    const bool asks = frame->type == CX_FRAME_REQUEST || frame->type == CX_FRAME_SUBSCRIBE;
    if (asks && f->n_asked < sizeof f->asked / sizeof f->asked[0]) {
        f->asked[f->n_asked].method = frame->method;
        f->asked[f->n_asked++].call = frame->call;
    }
    if (frame->type == CX_FRAME_ERROR) {
        f->last_error = *frame;
        copy_words(f->error_words, sizeof f->error_words, payload, frame->length);
    } else if (frame->type == CX_FRAME_GOAWAY) {
        f->goaway_code = frame->aux;
        copy_words(f->goaway_words, sizeof f->goaway_words, payload, frame->length);
    }
}

static void split(foe *f)
{
    size_t at = 0;
    cx_frame frame;
    if (f->is_server && f->n_bytes == f->in_len) { /* nothing has been split yet */
        if (f->in_len < 8)
            return;
        at = 8;
    }
    while (f->in_len - at >= CX_FRAME_HEADER &&
           cx_frame_decode(f->in + at, &frame, NULL) == COAX_OK &&
           f->in_len - at - CX_FRAME_HEADER >= frame.length) {
        hear(f, &frame, f->in + at + CX_FRAME_HEADER);
        at += CX_FRAME_HEADER + frame.length;
    }
    memmove(f->in, f->in + at, f->in_len - at);
    f->in_len -= at;
}

void foe_read(foe *f)
{
    if (f->is_deaf || f->is_over)
        return;
    ssize_t n;
    while ((n = recv(f->fd, f->in + f->in_len, sizeof f->in - f->in_len, 0)) > 0) {
        f->in_len += (size_t)n;
        f->n_bytes += (size_t)n;
        split(f);
    }
    f->is_over = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

enum { IDLE_TURNS = 300 };

bool foe_send(foe *f)
{
    size_t at = 0;
    for (int idle = 0; at < f->out_len && idle < IDLE_TURNS && !f->is_over; idle++) {
        ssize_t n = send(f->fd, f->out + at, f->out_len - at, MSG_NOSIGNAL);
        if (n > 0) {
            at += (size_t)n;
            idle = 0;
        } else if (errno != EAGAIN && errno != EINTR) {
            break;
        }
        siege_turn(f->siege);
        foe_read(f);
    }
    bool is_all = at == f->out_len;
    f->out_len = 0;
    return is_all;
}

void foe_settle(foe *f)
{
    const cx_frame probe = { .type = CX_FRAME_REQUEST,
                             .call = PROBE_CALL + f->n_probes++,
                             .method = SIEGE_PACKET_WALL_ADD };
    foe_put(f, probe, "\x82\x01\x02\x02\x03", 5);
    (void)foe_send(f);
    while (!f->is_over && f->n_probed < f->n_probes) {
        siege_turn(f->siege);
        foe_read(f);
    }
}

void foe_hear_out(foe *f)
{
    while (!f->is_over) {
        siege_turn(f->siege);
        foe_read(f);
    }
}
