/*
 * The scene, and what a stranger says there.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "inside.h"

static void on_login(void *self, coax_login login, const coax_credential *credential)
{
    inside *e = self;
    (void)credential;
    e->login = login;
    e->n_asked++;
}

/* `self` of the server is the trio's: the scene is found by it. */
static inside *the_inside;

static void ask_scene(void *self, coax_login login, const coax_credential *credential)
{
    (void)self;
    on_login(the_inside, login, credential);
}

void inside_open(inside *e, door kind)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    memset(e, 0, sizeof *e);
    the_inside = e;
    e->door = kind;
    folk_open(&e->folk);
    if (kind != DOOR_OPEN)
        options.login_failures = 100000;
    if (kind == DOOR_USERS)
        options.users = e->folk.store;
    if (kind == DOOR_ASKS) {
        options.on_login = ask_scene;
        options.takes_plain_passwords = true;
    }
    if (kind == DOOR_TOKENS)
        options.tokens = folk_tokens;
    trio_open(&e->trio, TRIO_XX, false, 61, &options);
    ledger_begin(&e->trio);
}

void inside_close(inside *e)
{
    trio_check(&e->trio);
    trio_close(&e->trio);
    folk_close(&e->folk);
}

bool inside_is_ready(const inside *e)
{
    return e->s.is_ready || e->s.is_over;
}

bool inside_is_over(const inside *e)
{
    return e->s.is_over;
}

bool inside_is_answered(const inside *e)
{
    return e->s.is_over || stranger_heard(&e->s, CX_FRAME_AUTH) != NULL ||
           stranger_heard(&e->s, CX_FRAME_WELCOME) != NULL ||
           stranger_heard(&e->s, CX_FRAME_GOAWAY) != NULL;
}

static bool inside_is_gone(const inside *e)
{
    return e->s.is_over && coax_server_n_peers(e->trio.server) == 0;
}

bool inside_until(inside *e, bool (*is_so)(const inside *), uint32_t ms)
{
    const uint64_t end = trio_now(&e->trio) + ms * UINT64_C(1000000);
    while (!is_so(e) && trio_now(&e->trio) < end)
        trio_step(&e->trio);
    return is_so(e);
}

void inside_come(inside *e)
{
    ledger_begin(&e->trio);
    e->trio.log_len = 0;
    e->trio.log[0] = '\0';
    stranger_dial(&e->s, e->trio.loop, e->trio.url, NULL);
    assert_true(inside_until(e, inside_is_ready, 10000));
    assert_true(e->s.is_ready);
}

void inside_go(inside *e)
{
    stranger_close(&e->s);
    assert_true(inside_until(e, inside_is_gone, 60000));
    trio_wait(&e->trio, 100);
    stranger_free(&e->s);
}

/* Frames. */

cx_frame inside_frame(uint8_t type, uint32_t call, uint32_t method)
{
    return (cx_frame){ .type = type, .call = call, .method = method };
}

/* A coin that a handler would take for one of the present client's if it ran. */
void inside_request(inside *e, uint8_t type, uint32_t call)
{
    static const uint8_t coin[] = { 0x83, 1, 1, 2, 1, 3, 0xc4, 0 };
    stranger_send(
        &e->s,
        inside_frame(type, call,
                     type == CX_FRAME_ONEWAY ? VAULT_PACKET_VAULT_DROP : VAULT_PACKET_VAULT_PUT),
        coin, sizeof coin);
}

void inside_show(inside *e, const char *mechanism, const char *user, size_t len)
{
    static uint8_t proof[3000];
    static uint8_t credential[3500];
    memset(proof, 'p', sizeof proof);
    size_t n = stranger_credential(mechanism, user, (coax_bytes){ proof, len }, credential,
                                   sizeof credential);
    stranger_hello(&e->s, "inside", (coax_bytes){ credential, n });
}

void inside_auth(inside *e)
{
    static const uint8_t nothing[64] = { 1 };
    guess_say_ke3(&e->s, nothing);
}

void inside_ke1(inside *e)
{
    guess g;
    guess_start(&g, &e->s, "ada", "a guess");
    guess_say_ke1(&e->s, "ada", g.ke1);
}

void inside_early(inside *e)
{
    static const uint8_t types[] = { CX_FRAME_REQUEST, CX_FRAME_ONEWAY };
    for (uint32_t i = 0; i < 20; i++)
        inside_request(e, types[i & 1], i + 1);
    stranger_send(&e->s, inside_frame(CX_FRAME_SUBSCRIBE, 30, VAULT_PACKET_VAULT_MINTED), NULL, 0);
    stranger_send(&e->s, inside_frame(CX_FRAME_REQUEST, 31, VAULT_PACKET_VAULT_TURN), "\x80", 1);
    stranger_send(&e->s, inside_frame(CX_FRAME_ITEM, 31, 0), "\x80", 1);
    stranger_send(&e->s, inside_frame(CX_FRAME_END, 31, 0), NULL, 0);
    stranger_send(&e->s, (cx_frame){ .type = CX_FRAME_CANCEL, .call = 31, .aux = 1 }, NULL, 0);
}
