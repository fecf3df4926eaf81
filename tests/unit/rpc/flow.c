/*
 * The service of streams, and its recording ends.
 */
#include "flow.h"

#include <string.h>

#include <coax/gen_tables.h>

static const coax_type *const errors[] = { &echo_broken_type };

const coax_method flow_list = { .name = "flow.Flow.list",
                                .id = 0xf10u,
                                .kind = COAX_METHOD_SERVER_STREAM,
                                .request = &echo_note_type,
                                .response_item = &echo_note_type,
                                .errors = errors,
                                .n_errors = 1 };
const coax_method flow_sum = { .name = "flow.Flow.sum",
                               .id = 0xf11u,
                               .kind = COAX_METHOD_CLIENT_STREAM,
                               .request = &echo_note_type,
                               .request_item = &echo_note_type,
                               .response = &echo_note_type,
                               .errors = errors,
                               .n_errors = 1 };
const coax_method flow_chat = { .name = "flow.Flow.chat",
                                .id = 0xf12u,
                                .kind = COAX_METHOD_BIDI_STREAM,
                                .request = &echo_note_type,
                                .request_item = &echo_note_type,
                                .response_item = &echo_note_type,
                                .errors = errors,
                                .n_errors = 1 };
const coax_method flow_quick = { .name = "flow.Flow.quick",
                                 .id = 0xf13u,
                                 .kind = COAX_METHOD_BIDI_STREAM,
                                 .request = &echo_note_type,
                                 .request_item = &echo_note_type,
                                 .response_item = &echo_note_type,
                                 .timeout_ms = 50 };
const coax_method flow_small = { .name = "flow.Flow.small",
                                 .id = 0xf14u,
                                 .kind = COAX_METHOD_BIDI_STREAM,
                                 .request = &echo_note_type,
                                 .request_item = &echo_note_type,
                                 .response_item = &echo_note_type,
                                 .max_request = 64,
                                 .max_reply = 64 };
static const coax_service service = { .name = "flow.Flow" };

typedef struct flow_handlers {
    void (*list)(void *self, coax_call call, const echo_note *request);
    void (*sum)(void *self, coax_call call, const echo_note *request);
    void (*chat)(void *self, coax_call call, const echo_note *request);
    void (*quick)(void *self, coax_call call, const echo_note *request);
    void (*small)(void *self, coax_call call, const echo_note *request);
} flow_handlers;

#define HANDLE(method)                                                                             \
    static void handle_##method(const void *handlers, void *self, coax_call call,                  \
                                const void *request)                                               \
    {                                                                                              \
        ((const flow_handlers *)handlers)->method(self, call, request);                            \
    }
HANDLE(list)
HANDLE(sum)
HANDLE(chat)
HANDLE(quick)
HANDLE(small)

static const coax_gen_handler rows[] = {
    { &flow_list, handle_list, offsetof(flow_handlers, list) },
    { &flow_sum, handle_sum, offsetof(flow_handlers, sum) },
    { &flow_chat, handle_chat, offsetof(flow_handlers, chat) },
    { &flow_quick, handle_quick, offsetof(flow_handlers, quick) },
    { &flow_small, handle_small, offsetof(flow_handlers, small) },
};
static const coax_gen_service gen_service = { &service, rows, 5, sizeof(flow_handlers) };

/* Items. */

/* Any stretch of these is a body, and where it begins is decided by the item's id. */
enum { BODY_PERIOD = 251 };

static const uint8_t *body_of(uint64_t id)
{
    static uint8_t bytes[1u << 23];
    if (bytes[1] == 0) {
        for (size_t i = 0; i < BODY_PERIOD; i++)
            bytes[i] = (uint8_t)i;
        for (size_t n = BODY_PERIOD; n < sizeof bytes; n *= 2)
            memcpy(bytes + n, bytes, n < sizeof bytes - n ? n : sizeof bytes - n);
    }
    return bytes + id % BODY_PERIOD;
}

static echo_note make_item(uint64_t id, size_t len)
{
    echo_note note = echo_make(id, "item");
    note.body = (coax_bytes){ body_of(id), len };
    return note;
}

coax_err flow_push(flow_end *end, size_t len)
{
    const echo_note item = make_item(end->n_sent + 1, len);
    coax_err err = coax_gen_item(end->call, end->method, &item);
    end->n_sent += err == COAX_OK;
    return err;
}

uint32_t flow_push_until_refused(flow_end *end, size_t len)
{
    uint32_t n = 0;
    while (flow_push(end, len) == COAX_OK)
        n++;
    return n;
}

size_t flow_item_size(uint64_t id, size_t len)
{
    static uint8_t bytes[1u << 23];
    const echo_note item = make_item(id, len);
    coax_writer writer;
    size_t size = 0;
    coax_writer_init(&writer, bytes, sizeof bytes);
    echo_note_type.encode(&writer, &item);
    return coax_writer_finish(&writer, &size) == COAX_OK ? size : 0;
}

/* Ends. */

static bool is_over(const flow_end *end)
{
    return end->result.n_done > 0 || end->n_peer_ended > 0;
}

static void see_item(flow_end *end, const echo_note *item)
{
    bool is_whole =
        item->body.len == 0 || memcmp(item->body.data, body_of(item->id), item->body.len) == 0;
    end->n_after += is_over(end);
    end->n_broken += item->id != end->next_id + 1 || !is_whole;
    end->next_id = item->id;
    end->n_items++;
    end->last_len = item->body.len;
    end->bytes += item->body.len;
    if (end->on_item != NULL)
        end->on_item(end, item);
}

typedef void (*item_fn)(void *self, coax_call call, const echo_note *item);

static void glue_item(void *self, coax_gen_any_fn user_fn, coax_call call, const void *item)
{
    ((item_fn)user_fn)(self, call, item);
}

static void glue_end(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    (void)user_fn;
    flow_end *end = self;
    end->n_after += end->result.n_done > 0;
    pair_done(&end->result, NULL, result);
}

const coax_gen_stream_glue flow_glue = { glue_item, glue_end };

static void on_item(void *self, coax_call call, const echo_note *item)
{
    (void)call;
    see_item(self, item);
}

void flow_on_writable(void *self, coax_call call)
{
    flow_end *end = self;
    (void)call;
    end->n_after += end->result.n_done > 0;
    end->n_writable++;
    if (end->on_writable != NULL)
        end->on_writable(end);
}

static void on_peer_ended(void *self, coax_call call)
{
    flow_end *end = self;
    end->n_after += end->n_peer_ended > 0;
    end->n_peer_ended++;
    end->was_live = coax_call_is_live(call);
    if (end->on_peer_ended != NULL)
        end->on_peer_ended(end);
}

static void on_end(void)
{
}

coax_err flow_start_at(cx_endpoint *endpoint, const coax_method *method,
                       const coax_call_options *options, flow_end *end)
{
    const echo_note note = echo_make(end->tag, "start");
    const coax_gen_stream_fns fns = { (coax_gen_any_fn)on_item, flow_on_writable, on_end };
    end->method = method;
    return cx_rpc_stream(endpoint, method, &note, options, &flow_glue, &fns, end, &end->call);
}

coax_err flow_start_with(pair_side *side, const coax_method *method,
                         const coax_call_options *options, flow_end *end)
{
    return flow_start_at(&side->endpoint, method, options, end);
}

coax_err flow_start(pair_side *side, const coax_method *method, flow_end *end)
{
    return flow_start_with(side, method, NULL, end);
}

coax_err flow_receive(flow_end *end)
{
    return coax_gen_receive(end->call, end->method, glue_item, (coax_gen_any_fn)on_item,
                            on_peer_ended, end);
}

static void take_call(void *self, coax_call call, const coax_method *method,
                      const echo_note *request)
{
    flow_server *server = self;
    flow_end *end = &server->ends[server->n_ends++ % FLOW_ENDS_MAX];
    memset(end, 0, sizeof *end);
    end->method = method;
    end->call = call;
    end->tag = request->id;
    end->user = server->user;
    (void)coax_call_on_writable(call, flow_on_writable, end);
    if (method->request_item != NULL && !server->is_late)
        end->is_receiving = flow_receive(end) == COAX_OK;
    if (server->on_call != NULL)
        server->on_call(end, request);
}

#define SERVE(method)                                                                              \
    static void serve_##method(void *self, coax_call call, const echo_note *request)               \
    {                                                                                              \
        take_call(self, call, &flow_##method, request);                                            \
    }
SERVE(list)
SERVE(sum)
SERVE(chat)
SERVE(quick)
SERVE(small)

coax_err flow_serve_in(cx_registry *registry, flow_server *server)
{
    const flow_handlers handlers = { serve_list, serve_sum, serve_chat, serve_quick, serve_small };
    return cx_registry_add(registry, &gen_service, &handlers, server, NULL);
}

coax_err flow_serve(pair_side *side, flow_server *server)
{
    return flow_serve_in(&side->registry, server);
}
