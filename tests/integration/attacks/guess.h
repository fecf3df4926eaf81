/*
 * A login by password that a stranger makes step by step, so that a test may keep, change or exchange any of them.
 */
#ifndef TESTS_INTEGRATION_ATTACKS_GUESS_H
#define TESTS_INTEGRATION_ATTACKS_GUESS_H

#include "secure/opaque.h"
#include "stranger.h"

typedef struct guess {
    const char *user;
    const char *password;
    cx_opaque_login login;
    uint8_t ke1[CX_OPAQUE_KE1];
    uint8_t ke2[CX_OPAQUE_KE2];
    uint8_t ke3[CX_OPAQUE_KE3];
    coax_password_cost cost; /* as the server said */
} guess;

/* KE1 for this user and password. */
void guess_start(guess *g, stranger *s, const char *user, const char *password);
/* HELLO with a KE1. */
void guess_say_ke1(stranger *s, const char *user, const uint8_t ke1[CX_OPAQUE_KE1]);
/* Reads KE2 from the AUTH that was heard. False: none was. */
bool guess_hear_ke2(guess *g, const stranger *s);
/* KE3, bound to a connection with this hash. False: KE2 does not fit the password. */
bool guess_finish(guess *g, const uint8_t *hash, size_t hash_len);
void guess_say_ke3(stranger *s, const uint8_t ke3[CX_OPAQUE_KE3]);

#endif
