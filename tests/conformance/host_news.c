/*
 * The host emits what a call asks it to tell, to whom it asks, and says what became of it.
 */
#include <stdlib.h>
#include <string.h>

#include "host.h"

/* A telling that several loops take part in. */
typedef struct telling {
    host *host;
    coax_call call;
    uint32_t n_left;
    interop_news_tell_response sum;
} telling;

static void on_told(void *self, const coax_emit_report *report)
{
    telling *t = self;
    t->sum.n_queued += report->n_queued;
    t->sum.n_dropped += report->n_dropped;
    t->sum.n_disconnected += report->n_disconnected;
    t->sum.n_failed += report->n_failed;
    if (--t->n_left > 0)
        return;
    (void)interop_news_tell_reply(t->call, &t->sum);
    host_end(t->host);
    free(t);
}

/* A name as C has them. */
static char *copy_str(coax_str text)
{
    char *copy = calloc(1, text.len + 1);
    if (copy == NULL)
        abort();
    memcpy(copy, text.data, text.len);
    return copy;
}

static void on_tell(void *self, coax_call call, const interop_news_tell_request *request)
{
    host *h = self;
    telling *t = calloc(1, sizeof *t);
    char *group = copy_str(request->group);
    coax_emit_options options = COAX_EMIT_OPTIONS_INIT;
    if (t == NULL)
        abort();
    host_begin(h);
    t->host = h;
    t->call = call;
    t->n_left = request->count + 1;
    options.group = request->group.len > 0 ? group : NULL;
    options.policy = (coax_slow_policy)request->policy;
    options.on_done = on_told;
    options.self = t;
    if (request->but_me)
        options.except = coax_call_peer(call);
    if (request->only_me)
        options.peer = coax_call_peer(call);
    const coax_emit_report none = { 0 };
    for (uint32_t i = 0; i < request->count; i++) {
        interop_chunk chunk = chunk_make(i, request->len);
        if (interop_news_told_emit(h->server, &chunk, &options) != COAX_OK)
            on_told(t, &none); /* it is not told twice */
    }
    free(group);
    on_told(t, &none);
}

static void on_join(void *self, coax_call call, const interop_news_join_request *request)
{
    host *h = self;
    char *group = copy_str(request->group);
    coax_err rc = coax_peer_join(coax_call_peer(call), group);
    interop_news_join_response reply = { .n_members =
                                             (uint32_t)coax_server_group_size(h->server, group) };
    if (rc == COAX_OK)
        (void)interop_news_join_reply(call, &reply);
    else
        (void)coax_call_fail(call, rc, "join: %s", coax_err_name(rc));
    free(group);
}

static void on_leave(void *self, coax_call call, const interop_news_leave_request *request)
{
    host *h = self;
    char *group = copy_str(request->group);
    coax_err rc = coax_peer_leave(coax_call_peer(call), group);
    interop_news_leave_response reply = { .n_members =
                                              (uint32_t)coax_server_group_size(h->server, group) };
    if (rc == COAX_OK)
        (void)interop_news_leave_reply(call, &reply);
    else
        (void)coax_call_fail(call, rc, "leave: %s", coax_err_name(rc));
    free(group);
}

coax_err host_serve_news(host *h, coax_server *server)
{
    const interop_news_handlers handlers = { .tell = on_tell, .join = on_join, .leave = on_leave };
    coax_err rc = interop_news_serve(server, &handlers, h);
    return rc == COAX_OK ? interop_bells_serve(server, NULL, NULL) : rc;
}
