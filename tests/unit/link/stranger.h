/*
 * A server that nobody is connected to but the bytes of a test: what the tests of opening, frames and parts share.
 */
#ifndef TESTS_LINK_STRANGER_H
#define TESTS_LINK_STRANGER_H

#include "pair.h"
#include "raw.h"

/* What the test sends next, and what the server last answered. */
extern raw in, out;

/* cmocka's fixture: *state is a pair whose sides hold their bytes. pair_tear_down goes with it. */
int stranger_set_up(void **state);

/* What a side has to send. */
void collect(pair_side *side, raw *ret);
/* Gives the server the bytes of `in` and takes its answer. */
void feed(pair *two);
/* The server closed with this code and words that hold `words`, and said so if `is_told`. */
void assert_ended(pair *two, coax_err code, const char *words, bool is_told);
/* An open connection whose first bytes have been taken. */
pair *opened(void **state);

#endif
