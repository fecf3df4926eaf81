/*
 * Options structs: read by their size, so that a program built against another version is
 * understood or refused.
 */
#ifndef CX_NODE_OPTIONS_H
#define CX_NODE_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include <coax/bytes.h>
#include <coax/error.h>
#include <coax/limits.h>

/**
 * Copies the user's options into ours, which are `size` bytes and begin with a size_t as well. NULL
 * gives all zeros. A larger struct (of a newer version) is taken if what we don't know of it is
 * zero.
 * @return COAX_OK, or COAX_ERR_BAD_OPTION naming `size` or the first byte not understood.
 */
COAX_MUST_USE coax_err cx_options_take(void *ret_options, size_t size, const void *options,
                                       coax_error *error);

/**
 * What every end of a connection has: a name, NULL becoming "", and limits, resolved.
 * @return COAX_OK, or COAX_ERR_BAD_OPTION with words.
 */
COAX_MUST_USE coax_err cx_options_finish(const char **name, coax_limits *limits, coax_error *error);

/** Puts a default where nothing is said. */
void cx_options_default(uint32_t *value, uint32_t otherwise);

/**
 * The same for options that are given with every use and are all zero by default: `size` 0 is read as
 * this version's.
 */
COAX_MUST_USE coax_err cx_options_take_small(void *ret_options, size_t size, const void *options,
                                             coax_error *error);

/** A pre-shared key of either side: none, or one that somebody has filled. */
COAX_MUST_USE coax_err cx_options_check_psk(coax_bytes psk, coax_error *error);

#endif
