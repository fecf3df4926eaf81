/*
 * The safe: its service, and strangers who come with a token or without and ask for things.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "safe.h"

const coax_bytes safe_empty = { (const uint8_t *)"\x80", 1 };
const coax_bytes safe_three = { (const uint8_t *)"\x81\x01\x03", 3 };

/* The service. */

static void note(safe *e, coax_call call)
{
    e->n_calls++;
    (void)coax_peer_session(coax_call_peer(call), &e->last);
    (void)snprintf(e->last_principal, sizeof e->last_principal, "%s", coax_call_principal(call));
}

static void on_open(void *self, coax_call call, const vault_safe_open_request *request)
{
    const vault_safe_open_response reply = { .gold = coax_str_from("gold") };
    (void)request;
    note(self, call);
    (void)vault_safe_open_reply(call, &reply);
}

static void on_count(void *self, coax_call call, const vault_safe_count_request *request)
{
    const vault_safe_count_response reply = { .coins = request->times };
    note(self, call);
    (void)vault_safe_count_reply(call, &reply);
}

static void on_burn(void *self, coax_call call, const vault_safe_burn_request *request)
{
    (void)request;
    note(self, call);
}

static void on_watch(void *self, coax_call call, const vault_safe_watch_request *request)
{
    (void)request;
    note(self, call);
    (void)coax_call_end(call);
}

/* Answers with what its own schema forbids. */
static void on_greet(void *self, coax_call call, const vault_safe_greet_request *request)
{
    static const char bad[] = SAFE_SECRET "\xff\xfe";
    const vault_safe_greet_response reply = { .principal = { bad, sizeof bad - 1 } };
    (void)request;
    note(self, call);
    (void)vault_safe_greet_reply(call, &reply);
}

static void on_ring(void *self, coax_call call, const vault_door_ring_request *request)
{
    const vault_door_ring_response reply = { .times = 1 };
    (void)request;
    note(self, call);
    (void)vault_door_ring_reply(call, &reply);
}

void safe_open(safe *e, const coax_server_options *options, bool has_door)
{
    static const vault_safe_handlers of_safe = {
        .open = on_open, .count = on_count, .burn = on_burn, .watch = on_watch, .greet = on_greet
    };
    static const vault_door_handlers of_door = { .ring = on_ring };
    memset(e, 0, sizeof *e);
    trio_open(&e->trio, TRIO_XX, false, 51, options);
    assert_int_equal(vault_safe_serve(e->trio.server, &of_safe, e), COAX_OK);
    if (has_door)
        assert_int_equal(vault_door_serve(e->trio.server, &of_door, e), COAX_OK);
}

static void wait_for(safe *e, bool (*is_so)(const safe *e))
{
    const uint64_t end = trio_now(&e->trio) + UINT64_C(10000000000);
    while (!is_so(e) && trio_now(&e->trio) < end)
        trio_step(&e->trio);
    assert_true(is_so(e));
}

static bool is_ready(const safe *e)
{
    return e->s.is_ready || e->s.is_over;
}

static bool is_decided(const safe *e)
{
    return e->s.is_over || stranger_heard(&e->s, CX_FRAME_WELCOME) != NULL;
}

static bool is_over(const safe *e)
{
    return e->s.is_over;
}

void safe_come(safe *e, const char *token, const char *name)
{
    uint8_t credential[400];
    coax_bytes shown = { NULL, 0 };
    ledger_begin(&e->trio);
    stranger_dial(&e->s, e->trio.loop, e->trio.url, NULL);
    wait_for(e, is_ready);
    if (token != NULL) {
        const coax_bytes proof = { (const uint8_t *)token, strlen(token) };
        shown.len = stranger_credential("token", "", proof, credential, sizeof credential);
        shown.data = credential;
    }
    stranger_hello(&e->s, name, shown);
    wait_for(e, is_decided);
}

bool safe_is_in(const safe *e)
{
    return stranger_heard(&e->s, CX_FRAME_WELCOME) != NULL;
}

void safe_go(safe *e)
{
    stranger_close(&e->s);
    wait_for(e, is_over);
    trio_wait(&e->trio, 2000);
    stranger_free(&e->s);
}

coax_err safe_ask(safe *e, uint8_t type, uint32_t method, coax_bytes payload, char words[1100])
{
    static uint32_t call = 0x100;
    coax_err status = COAX_ERR_STALE;
    size_t n = 0;
    stranger_forget(&e->s);
    stranger_send(&e->s, (cx_frame){ .type = type, .call = ++call, .method = method }, payload.data,
                  payload.len);
    trio_wait(&e->trio, 50);
    for (uint32_t i = 0; i < e->s.n_heard && status == COAX_ERR_STALE; i++) {
        const stranger_frame *at = &e->s.heard[i];
        if (at->frame.call != call)
            continue;
        const bool is_error = at->frame.type == CX_FRAME_ERROR;
        status = is_error ? (coax_err)at->frame.aux : COAX_OK;
        for (uint32_t k = 0; is_error && k < at->frame.length && n < 1000; k++)
            words[n++] = at->payload[k] >= ' ' && at->payload[k] < 127 ? (char)at->payload[k] : '.';
    }
    words[n] = '\0';
    return status;
}

coax_server_options safe_with_tokens(void)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.tokens = folk_tokens;
    return options;
}
