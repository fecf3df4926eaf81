/*
 * The joined pair.
 */
#include <stdio.h>
#include <string.h>

#include "pair.h"

static void on_work(cx_core *core)
{
    (void)core;
}

static const cx_core_hooks hooks = { on_work };

static void on_open(void *self)
{
    ((pair_side *)self)->n_open++;
}

static void on_dirty(void *self)
{
    pair_side *side = self;
    side->is_dirty = true;
    side->n_dirty++;
}

static void on_writable(void *self)
{
    ((pair_side *)self)->n_writable++;
}

static void on_closed(void *self, const coax_error *reason)
{
    pair_side *side = self;
    side->n_closed++;
    side->reason = *reason;
}

static void on_error(void *self, const coax_error *what)
{
    pair_side *side = self;
    side->n_errors++;
    side->last_error = *what;
}

static void on_unknown(void *self, coax_call call, uint32_t method_id, coax_bytes request)
{
    pair_side *side = self;
    (void)method_id;
    side->n_unknown++;
    side->answered = coax_call_reply_raw(call, request);
}

static void on_drain(void *self, uint32_t retry_after_ms, const char *words)
{
    pair_side *side = self;
    side->n_drains++;
    side->retry_after_ms = retry_after_ms;
    snprintf(side->drain_words, sizeof side->drain_words, "%s", words);
}

static size_t address(void *self, char *buffer, size_t size)
{
    (void)self;
    int len = snprintf(buffer, size, "pair://here");
    return (size_t)len;
}

static const cx_endpoint_events events = {
    .on_open = on_open,
    .on_dirty = on_dirty,
    .on_writable = on_writable,
    .on_closed = on_closed,
    .on_error = on_error,
    .on_unknown = on_unknown,
    .on_drain = on_drain,
    .address = address,
};

static void handle_note(void *self, coax_call call, const echo_note *request,
                        const coax_method *method)
{
    pair_side *side = self;
    side->n_handled++;
    if (side->in_handler != NULL) {
        side->in_handler(side, call, request);
    } else if (side->keeps_calls) {
        side->kept[side->n_kept % PAIR_KEPT_MAX] = call;
        side->kept_requests[side->n_kept++ % PAIR_KEPT_MAX] = request;
    } else {
        side->answered = coax_gen_reply(call, method, request);
    }
}

static void handle_echo(void *self, coax_call call, const echo_note *request)
{
    handle_note(self, call, request, &echo_echo);
}

static void handle_quick(void *self, coax_call call, const echo_note *request)
{
    handle_note(self, call, request, &echo_quick);
}

static void handle_small(void *self, coax_call call, const echo_note *request)
{
    handle_note(self, call, request, &echo_small);
}

static void handle_hint(void *self, coax_call call, const echo_note *request)
{
    pair_side *side = self;
    side->n_hints++;
    if (side->in_handler != NULL)
        side->in_handler(side, call, request);
}

coax_err pair_serve(pair_side *side)
{
    const echo_handlers handlers = { handle_echo, handle_hint, handle_quick, handle_small };
    return cx_registry_add(&side->registry, &echo_gen_service, &handlers, side, NULL);
}

static void init_side(pair_side *side, cx_role role, const char *name)
{
    side->config.role = role;
    side->config.name = name;
    side->config.call_timeout_ms = 10000;
    side->config.events = &events;
    side->config.registry = &side->registry;
    side->config.stats = &side->stats;
}

void pair_init(pair *two)
{
    memset(two, 0, sizeof *two);
    fake_env_init(&two->fake);
    init_side(&two->client, CX_ROLE_CLIENT, "a client");
    init_side(&two->server, CX_ROLE_SERVER, "a server");
}

static coax_err make_side(pair *two, pair_side *side)
{
    coax_err err = cx_limits_resolve(&side->config.limits, NULL);
    if (err == COAX_OK && side->shared == NULL)
        err = cx_core_init(&side->core, &two->fake.env, &hooks, NULL);
    if (err != COAX_OK)
        return err;
    cx_core *core = side->shared != NULL ? side->shared : &side->core;
    cx_registry_init(&side->registry, &core->host.pool);
    cx_stats_init(&side->stats, &core->host.pool);
    err = pair_serve(side);
    if (err == COAX_OK)
        err = cx_endpoint_init(&side->endpoint, core, &side->config, side);
    side->has_endpoint = err == COAX_OK;
    if (side->has_endpoint)
        cx_endpoint_start(&side->endpoint, two->fake.now);
    return err;
}

coax_err pair_make(pair *two)
{
    coax_err err = make_side(two, &two->client);
    return err == COAX_OK ? make_side(two, &two->server) : err;
}

void pair_connect(pair *two)
{
    if (pair_make(two) != COAX_OK)
        return;
    pair_pump(two);
}

size_t pair_take(pair_side *side, uint8_t *ret_bytes, size_t max)
{
    coax_bytes slices[8];
    size_t n = cx_endpoint_output(&side->endpoint, slices, 8);
    side->is_dirty = false;
    size_t len = 0;
    for (size_t i = 0; i < n && len < max; i++) {
        size_t part = slices[i].len < max - len ? slices[i].len : max - len;
        memcpy(ret_bytes + len, slices[i].data, part);
        len += part;
    }
    cx_endpoint_sent(&side->endpoint, len);
    return len;
}

/* Carries one load from a side to the other; returns its bytes. */
static size_t carry(pair *two, pair_side *from, pair_side *to)
{
    uint8_t bytes[8192];
    if (from->is_held || !from->has_endpoint)
        return 0;
    size_t max = two->chunk != 0 && two->chunk < sizeof bytes ? two->chunk : sizeof bytes;
    size_t len = pair_take(from, bytes, max);
    if (to->has_endpoint && len > 0)
        cx_endpoint_receive(&to->endpoint, bytes, len, two->fake.now);
    return len;
}

static bool run_side(pair *two, pair_side *side)
{
    if (side->core.host.env == NULL || !cx_core_has_work(&side->core))
        return false;
    cx_core_run(&side->core, two->fake.now);
    return true;
}

void pair_pump(pair *two)
{
    for (bool moves = true; moves;) {
        size_t there = carry(two, &two->client, &two->server);
        size_t back = carry(two, &two->server, &two->client);
        two->n_to_server += there;
        two->n_to_client += back;
        moves = there > 0 || back > 0;
        moves |= run_side(two, &two->client);
        moves |= run_side(two, &two->server);
    }
}

void pair_advance(pair *two, uint32_t ms)
{
    two->fake.now += (uint64_t)ms * 1000000u;
    if (two->client.shared == NULL)
        cx_core_advance(&two->client.core, two->fake.now);
    cx_core_advance(&two->server.core, two->fake.now);
    pair_pump(two);
}

void pair_break(pair *two, const char *words)
{
    cx_endpoint_lost(&two->client.endpoint, COAX_ERR_UNAVAILABLE, words);
    cx_endpoint_lost(&two->server.endpoint, COAX_ERR_UNAVAILABLE, words);
    pair_pump(two);
}

void pair_feed(pair *two, pair_side *side, const void *bytes, size_t len, size_t chunk)
{
    const uint8_t *at = bytes;
    for (size_t n; len > 0; at += n, len -= n) {
        n = chunk != 0 && chunk < len ? chunk : len;
        cx_endpoint_receive(&side->endpoint, at, n, two->fake.now);
    }
    run_side(two, side);
}

static void deinit_side(pair_side *side)
{
    cx_endpoint_deinit(&side->endpoint);
    cx_registry_deinit(&side->registry);
    cx_stats_deinit(&side->stats);
    cx_core_deinit(&side->core);
}

void pair_deinit(pair *two)
{
    deinit_side(&two->client);
    deinit_side(&two->server);
}

void pair_done(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    pair_answer *answer = self;
    (void)user_fn;
    answer->n_done++;
    answer->err = result->err;
    answer->error_index = result->error_index;
    answer->error_id = result->status.error_id;
    answer->retry_after_ms = result->status.retry_after_ms;
    answer->has_details = result->status.details.data != NULL;
    snprintf(answer->message, sizeof answer->message, "%s", result->status.message);
    const echo_note *reply = result->reply;
    answer->id = reply != NULL ? reply->id : 0;
    answer->body_len = reply != NULL ? reply->body.len : 0;
    const echo_broken *broken = result->error;
    answer->broken_id = broken != NULL ? broken->id : 0;
    if (answer->then != NULL)
        answer->then(answer);
}

coax_err pair_call(pair_side *side, const coax_method *method, const echo_note *note,
                   const coax_call_options *options, pair_answer *answer)
{
    answer->side = side;
    return cx_rpc_call(&side->endpoint, method, note, options, pair_done, NULL, answer);
}

int pair_set_up(void **state)
{
    static pair two;
    pair_init(&two);
    pair_connect(&two);
    *state = &two;
    return two.client.n_open == 1 && two.server.n_open == 1 ? 0 : -1;
}

int pair_tear_down(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    return two->fake.n_live == 0 ? 0 : -1;
}
