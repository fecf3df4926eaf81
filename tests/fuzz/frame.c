/*
 * A server that serves small services meets any bytes at all: preface, frames, messages in parts,
 * calls, streams of calls that it handles and of one that it made itself (0x80100001).
 *
 * The first byte of the input is no part of the conversation; it says how the bytes are cut,
 * whether the connection is open already, and whether handlers keep their calls. The rest is what a
 * client sends. Afterwards time passes, kept calls are answered, the connection breaks; whatever
 * happened, the server has told its reason once, ended its stream once, and holds nothing any more.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "flow.h"
#include "raw.h"

/* Bits of the first byte. */
enum { CUT = 0x0f, IS_OPEN = 0x10, KEEPS_CALLS = 0x20, HAS_FALLBACK = 0x40, IS_SMALL = 0x80 };

static size_t chunk_of(uint8_t control)
{
    static const size_t chunks[16] = {
        0, 1, 2, 3, 5, 7, 8, 15, 16, 17, 31, 64, 100, 1000, 4096, 33
    };
    return chunks[control & CUT];
}

static void open_first(pair *two)
{
    static raw opening;
    raw_clear(&opening);
    raw_hello(&opening);
    pair_feed(two, &two->server, opening.bytes, opening.len, 0);
}

/* Ends the program, which is how a fuzzer learns of a finding. */
static void demand(bool is_true)
{
    if (!is_true)
        abort();
}

/* A handler of a stream sends some itself; every other one takes no items before the end. */
static void stream_on(flow_end *end, const echo_note *request)
{
    for (uint64_t i = 0; i < 3 && end->method->response_item != NULL; i++)
        (void)flow_push(end, (size_t)(request->id % 3000));
}

/* Everything a handler may still do with a stream, whatever has become of it. */
static void end_streams(flow_server *streams)
{
    const echo_note note = echo_make(1, "late");
    uint32_t n = streams->n_ends < FLOW_ENDS_MAX ? streams->n_ends : FLOW_ENDS_MAX;
    for (uint32_t i = 0; i < n; i++) {
        flow_end *end = &streams->ends[i];
        if (!end->is_receiving && end->method->request_item != NULL)
            (void)flow_receive(end);
        (void)coax_call_resume(end->call);
        (void)flow_push(end, 100);
        if (end->method == &flow_sum)
            (void)coax_gen_reply(end->call, &flow_sum, &note);
        else
            (void)coax_call_end(end->call);
    }
}

static void answer_kept(pair *two)
{
    const echo_note note = echo_make(1, "late");
    uint32_t n = two->server.n_kept < PAIR_KEPT_MAX ? two->server.n_kept : PAIR_KEPT_MAX;
    for (uint32_t i = 0; i < n; i++) {
        if (i % 2 == 0)
            (void)coax_gen_reply(two->server.kept[i], &echo_echo, &note);
        else
            (void)coax_call_fail(two->server.kept[i], COAX_ERR_ABORTED, "late");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static pair two;
    static flow_server streams;
    static flow_end own;
    uint8_t control = size > 0 ? data[0] : 0;
    pair_init(&two);
    two.server.keeps_calls = (control & KEEPS_CALLS) != 0;
    two.server.config.has_fallback = (control & HAS_FALLBACK) != 0;
    if ((control & IS_SMALL) != 0)
        two.server.config.limits = (coax_limits){ .max_frame = 4096,
                                                  .max_message = 4096,
                                                  .max_decoded = 8192,
                                                  .max_concurrent_calls = 2,
                                                  .max_held = 16384,
                                                  .max_send_queue = 8192 };
    memset(&streams, 0, sizeof streams);
    memset(&own, 0, sizeof own);
    streams.is_late = (control & KEEPS_CALLS) != 0;
    streams.on_call = stream_on;
    demand(pair_make(&two) == COAX_OK && flow_serve(&two.server, &streams) == COAX_OK);
    two.server.is_held = true;
    two.client.is_held = true;
    bool has_own = false;
    if ((control & IS_OPEN) != 0) {
        open_first(&two);
        has_own = flow_start(&two.server, &flow_chat, &own) == COAX_OK;
        (void)flow_push(&own, 500);
    }
    if (size > 1)
        pair_feed(&two, &two.server, data + 1, size - 1, chunk_of(control));
    demand(two.server.n_closed == cx_endpoint_is_closed(&two.server.endpoint));
    demand(two.server.n_closed == 0 || two.server.reason.text[0] != '\0');

    answer_kept(&two);
    end_streams(&streams);
    pair_advance(&two, 40000);
    static uint8_t output[1 << 16];
    while (pair_take(&two.server, output, sizeof output) > 0)
        continue;
    cx_endpoint_lost(&two.server.endpoint, COAX_ERR_UNAVAILABLE, "over");
    pair_pump(&two);
    demand(two.server.n_closed == 1);
    demand(own.result.n_done == has_own && own.n_after == 0);
    demand(two.server.endpoint.held == 0);
    demand(cx_endpoint_n_handlers(&two.server.endpoint) == 0);
    pair_deinit(&two);
    demand(two.fake.n_live == 0);
    return 0;
}
