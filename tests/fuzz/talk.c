/*
 * Two endpoints talk, and each hears frames in between that the other never sent.
 *
 * The input is a program: each byte is a step, the ones behind it say with which call, how long, which flags. Steps
 * start, feed, pause, end and cancel streams on both sides, subscribe and emit, drain and let time pass; others make a frame
 * for a call that is there and hand it to a side as if its peer had said it. So the input reaches whole streams, events
 * and metadata, which bytes alone (frame.c) hardly ever do. Whatever happens, every call ends once, nothing comes after its
 * end, and nothing is left.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <coax/gen_server.h>

#include "flow.h"
#include "fuzz.h"
#include "news.h"
#include "raw.h"
#include "rpc/parts.h"

enum { STARTS_MAX = 32, EARS_MAX = 16, STEPS_MAX = 400 };

typedef struct talk {
    news_pair news;
    flow_server streams;
    flow_end started[STARTS_MAX];
    uint32_t n_started;
    news_ear ears[EARS_MAX];
    uint32_t n_ears;
    const uint8_t *at;
    const uint8_t *end;
} talk;

/* Ends the program, which is how a fuzzer learns of a finding. */
#define demand(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static uint8_t next(talk *t)
{
    return t->at < t->end ? *t->at++ : 0;
}

static const coax_method *const methods[] = { &flow_list,  &flow_sum,   &flow_chat,
                                              &flow_quick, &flow_small, &echo_echo };

static size_t length(talk *t)
{
    static const uint16_t lengths[] = { 0, 1, 40, 300, 2100, 4000, 5000, 9000 };
    return lengths[next(t) & 7];
}

/* One of the calls that this side has begun, or a number that names none. */
static uint32_t some_call(talk *t)
{
    const uint8_t which = next(t);
    if ((which & 0x40) != 0)
        return (which & 0x80 ? CX_CALL_ROLE_BIT : 0) | (1 + (which & 3u));
    const cx_call_out *call =
        t->n_started > 0 ? cx_handle_out(t->started[which % t->n_started].call) : NULL;
    return call != NULL ? cx_call_out_wire_id(call) : 1 + (which & 3u);
}

/* A payload for frames of hostile origin: metadata where the flags say so, then a note or garbage. */
static size_t payload(talk *t, uint8_t flags, uint8_t *ret_bytes, size_t size)
{
    static const uint8_t metadata[] = { 17,   0, 0x82, 1,   0x91, 0x82, 1, 0xa1, 'k', 2,
                                        0xc4, 4, 'v',  'v', 'v',  'v',  2, 0x90, 0 };
    size_t len = 0;
    if ((flags & CX_FLAG_DEADLINE) != 0) {
        memset(ret_bytes, next(t), 4);
        len = 4;
    }
    if ((flags & CX_FLAG_META) != 0) {
        memcpy(ret_bytes + len, metadata, sizeof metadata - 1);
        ret_bytes[len + 1] = (uint8_t)(next(t) & 1 ? next(t) : 0);
        ret_bytes[len] ^= (uint8_t)(next(t) & 1 ? next(t) : 0);
        len += sizeof metadata - 1;
    }
    static const uint8_t body[16384];
    echo_note note = echo_make(next(t), "talk");
    note.body = (coax_bytes){ body, length(t) };
    if ((next(t) & 3) != 0)
        len += raw_note(ret_bytes + len, size - len, &note);
    else if ((next(t) & 1) != 0)
        ret_bytes[len++] = next(t);
    return len;
}

/* A frame that nobody sent. */
static void inject(talk *t)
{
    static raw bytes;
    uint8_t data[16384];
    static const uint8_t types[] = {
        CX_FRAME_REQUEST,   CX_FRAME_RESPONSE,    CX_FRAME_ERROR, CX_FRAME_ONEWAY,
        CX_FRAME_EVENT,     CX_FRAME_ITEM,        CX_FRAME_ITEM,  CX_FRAME_END,
        CX_FRAME_CANCEL,    CX_FRAME_WINDOW,      CX_FRAME_HEAD,  CX_FRAME_PING,
        CX_FRAME_SUBSCRIBE, CX_FRAME_UNSUBSCRIBE, CX_FRAME_PONG,  CX_FRAME_GOAWAY,
    };
    const uint8_t how = next(t);
    pair *two = &t->news.two;
    cx_frame frame = { .type = types[how & 15], .flags = next(t) & 0xb };
    static const uint8_t drain[] = { 0x82, 1, 0xa1, 'x', 2, 0xc3 };
    size_t len = payload(t, frame.flags, data, sizeof data);
    frame.call = some_call(t);
    switch (frame.type) {
    case CX_FRAME_REQUEST:
    case CX_FRAME_ONEWAY: frame.method = methods[next(t) % 6]->id; break;
    case CX_FRAME_EVENT: frame.method = news_methods[next(t) & 1].id; break;
    case CX_FRAME_END:
    case CX_FRAME_HEAD: len = (frame.flags & CX_FLAG_META) != 0 ? 18 : 0; break;
    case CX_FRAME_ERROR: frame.aux = next(t); break;
    case CX_FRAME_CANCEL:
        frame.aux = 1;
        len = 0;
        frame.flags = 0;
        break;
    case CX_FRAME_WINDOW:
        frame.method = next(t) * 41u;
        len = 0;
        frame.flags = 0;
        break;
    case CX_FRAME_UNSUBSCRIBE: frame.call = 0; /* fall through */
    case CX_FRAME_SUBSCRIBE:
        frame.method = 0xbe0u + next(t) % 3;
        len = 0;
        frame.flags = 0;
        break;
    case CX_FRAME_GOAWAY: memcpy(data, drain, len = sizeof drain); /* fall through */
    case CX_FRAME_PING:
    case CX_FRAME_PONG:
        frame.call = 0;
        frame.flags = 0;
        break;
    default: break;
    }
    if (frame.type == CX_FRAME_PING || frame.type == CX_FRAME_PONG)
        len = 8;
    raw_clear(&bytes);
    raw_frame(&bytes, frame, data, len);
    pair_feed(two, (how & 0x80) != 0 ? &two->client : &two->server, bytes.bytes, bytes.len, 0);
}

static void start(talk *t)
{
    if (t->n_started == STARTS_MAX)
        return;
    flow_end *end = &t->started[t->n_started];
    /* Whoever was refused has no end to wait for. */
    if (flow_start(&t->news.two.client, methods[next(t) % 5], end) == COAX_OK)
        t->n_started++;
    else
        memset(end, 0, sizeof *end);
}

static void listen(talk *t)
{
    if (t->n_ears == EARS_MAX)
        return;
    if (news_listen(&t->news, &news_methods[next(t) & 1], &t->ears[t->n_ears]) == COAX_OK)
        t->n_ears++;
}

/* What one end of a stream may do. */
static void act(flow_end *end, uint8_t what, size_t len)
{
    const echo_note note = echo_make(1, "done");
    switch (what & 7) {
    case 0:
    case 1: (void)flow_push(end, len); break;
    case 2: (void)coax_call_end(end->call); break;
    case 3: (void)coax_call_pause(end->call); break;
    case 4: (void)coax_call_resume(end->call); break;
    case 5: (void)coax_call_cancel(end->call); break;
    case 6: (void)coax_gen_reply(end->call, end->method, &note); break;
    default: (void)coax_call_fail(end->call, COAX_ERR_ABORTED, "enough"); break;
    }
}

static void act_there(talk *t)
{
    const uint32_t n = t->streams.n_ends < FLOW_ENDS_MAX ? t->streams.n_ends : FLOW_ENDS_MAX;
    const uint8_t which = next(t), what = next(t);
    const size_t len = length(t);
    if (n == 0)
        return;
    flow_end *end = &t->streams.ends[which % n];
    if ((what & 0x80) != 0 && !end->is_receiving && end->method->request_item != NULL)
        end->is_receiving = flow_receive(end) == COAX_OK;
    else if (end->method->response != NULL || (what & 7) != 6)
        act(end, what, len);
}

static void act_here(talk *t)
{
    const uint8_t which = next(t), what = next(t);
    const size_t len = length(t);
    if (t->n_started > 0 && (what & 7) < 6)
        act(&t->started[which % t->n_started], what, len);
}

static void emit(talk *t)
{
    static const coax_slow_policy policies[] = { COAX_SLOW_DROP_NEWEST, COAX_SLOW_DROP_OLDEST,
                                                 COAX_SLOW_DISCONNECT, COAX_SLOW_DROP_OLDEST };
    const cx_emission emission = { .policy = policies[next(t) & 3], .priority = next(t) % 3 };
    (void)news_emit(&t->news, &news_methods[next(t) & 1], next(t), length(t), &emission);
}

static void step(talk *t)
{
    pair *two = &t->news.two;
    switch (next(t) & 15) {
    case 0:
    case 1:
    case 2:
    case 3: inject(t); break;
    case 4: start(t); break;
    case 5:
    case 6: act_here(t); break;
    case 7:
    case 8:
    case 9: act_there(t); break;
    case 10: emit(t); break;
    case 11: listen(t); break;
    case 12: two->server.is_held = !two->server.is_held; break;
    case 13: two->client.is_held = !two->client.is_held; break;
    case 14: pair_advance(two, next(t) * 4u); break;
    default:
        if (t->n_ears > 0)
            (void)coax_subscription_close(t->ears[next(t) % t->n_ears].subscription);
    }
    pair_pump(two);
}

static void set_up(talk *t, uint8_t control)
{
    memset(t, 0, sizeof *t);
    pair *two = &t->news.two;
    const coax_limits small = { .max_frame = (control & 1) != 0 ? 4096 : 32768,
                                .max_message = (control & 2) != 0 ? 4096 : 8192,
                                .max_metadata = (control & 4) != 0 ? 64 : 0,
                                .max_concurrent_calls = 3,
                                .max_held = 16384,
                                .max_send_queue = 16384,
                                .max_event_queue = 4096,
                                .max_subscriptions = 1,
                                .window = 4096 };
    pair_init(two);
    if ((control & 8) != 0)
        two->server.config.limits = small;
    if ((control & 16) != 0)
        two->client.config.limits = small;
    two->server.keeps_calls = (control & 32) != 0;
    t->streams.is_late = (control & 64) != 0;
    news_connect(&t->news);
    demand(flow_serve(&two->server, &t->streams) == COAX_OK);
}

/* The connection breaks, and everything has had its end. */
static void tear_down(talk *t)
{
    pair *two = &t->news.two;
    pair_break(two, "over");
    pair_pump(two);
    demand(two->server.n_closed == 1 && two->client.n_closed == 1);
    for (uint32_t i = 0; i < t->n_started; i++)
        demand(t->started[i].result.n_done == 1 && t->started[i].n_after == 0);
    demand(two->server.endpoint.held == 0 && two->client.endpoint.held == 0);
    demand(cx_endpoint_n_handlers(&two->server.endpoint) == 0);
    demand(cx_endpoint_n_calls(&two->client.endpoint) == 0);
    news_deinit(&t->news);
    demand(two->fake.n_live == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static talk t;
    set_up(&t, size > 0 ? data[0] : 0);
    t.at = data + (size > 0);
    t.end = data + size;
    for (int i = 0; i < STEPS_MAX && t.at < t.end; i++)
        step(&t);
    tear_down(&t);
    return 0;
}
