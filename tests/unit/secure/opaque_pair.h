/*
 * Both ends of OPAQUE joined by hand, with numbers that repeat: each step can be watched and spoiled.
 */
#ifndef COAX_TESTS_OPAQUE_PAIR_H
#define COAX_TESTS_OPAQUE_PAIR_H

#include "secure/opaque.h"

typedef struct opaque_pair {
    cx_opaque_server server;
    uint8_t record[COAX_RECORD_BYTES];
    cx_opaque_names names;
    coax_bytes password;
    cx_opaque_stretch stretch; /* the identity at first: quick */
    unsigned seed;             /* of the numbers; counts up */
    cx_opaque_login login;
    cx_opaque_expect expect;
    cx_opaque_result result;
    uint8_t ke1[CX_OPAQUE_KE1];
    uint8_t ke2[CX_OPAQUE_KE2];
} opaque_pair;

/* A server, and "alice" registered there with "correct horse". */
void opaque_pair_init(opaque_pair *pair);
/* Registers names.client with the password. @return the record. */
void opaque_pair_register(opaque_pair *pair, uint8_t ret_record[COAX_RECORD_BYTES]);

/* Bytes that depend on the seed alone, which they count up. */
void opaque_pair_numbers(opaque_pair *pair, void *ret_bytes, size_t len);

/* The steps of a login. They fail the test only where `must` is said. */
void opaque_pair_must_start(opaque_pair *pair);
coax_err opaque_pair_respond(opaque_pair *pair, const uint8_t *record);
void opaque_pair_must_respond(opaque_pair *pair);
coax_err opaque_pair_finish(opaque_pair *pair);

#endif
