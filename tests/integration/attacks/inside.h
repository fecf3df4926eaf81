/*
 * A server that asks for logins, and a stranger whose handshake is right: what he may do next, step by step.
 */
#ifndef TESTS_INTEGRATION_ATTACKS_INSIDE_H
#define TESTS_INTEGRATION_ATTACKS_INSIDE_H

#include "folk.h"
#include "guess.h"
#include "trio.h"

/* What a server asks for. */
typedef enum door { DOOR_OPEN = 0, DOOR_USERS, DOOR_ASKS, DOOR_TOKENS } door;

typedef struct inside {
    folk folk;
    trio trio;
    stranger s;
    door door;
    coax_login login; /* what on_login was asked last */
    uint32_t n_asked;
} inside;

/* Guesses never wait. One at a time. */
void inside_open(inside *e, door kind);
/* Nobody has noticed anything, and nothing is left behind. */
void inside_close(inside *e);

bool inside_is_ready(const inside *e);
bool inside_is_over(const inside *e);
bool inside_is_answered(const inside *e); /* by AUTH, WELCOME or GOAWAY, or over */
bool inside_until(inside *e, bool (*is_so)(const inside *), uint32_t ms);

/* As far as the handshake. */
void inside_come(inside *e);
/* He is gone, and the server has noticed. */
void inside_go(inside *e);

cx_frame inside_frame(uint8_t type, uint32_t call, uint32_t method);
/* REQUEST or ONEWAY with a false coin: the ledger sees it if a handler does. */
void inside_request(inside *e, uint8_t type, uint32_t call);
/* HELLO with a credential whose proof has `len` bytes. */
void inside_show(inside *e, const char *mechanism, const char *user, size_t len);
/* AUTH with a KE3 that is none. */
void inside_auth(inside *e);
/* HELLO with ada's KE1. */
void inside_ke1(inside *e);
/* Frames of all kinds, which are nobody's before WELCOME. */
void inside_early(inside *e);

#endif
