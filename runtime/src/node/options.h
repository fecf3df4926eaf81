/*
 * Options structs: read by their size, so that a program built against another version is
 * understood or refused.
 */
#ifndef CX_NODE_OPTIONS_H
#define CX_NODE_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include <coax/error.h>

/**
 * Copies the user's options into ours, which are `size` bytes and begin with a size_t as well. NULL
 * gives all zeros. A larger struct (of a newer version) is taken if what we don't know of it is
 * zero.
 * @return COAX_OK, or COAX_ERR_BAD_OPTION naming `size` or the first byte not understood.
 */
COAX_MUST_USE coax_err cx_options_take(void *ret_options, size_t size, const void *options,
                                       coax_error *error);

/** Refuses names that are too long or no UTF-8. NULL is fine. */
COAX_MUST_USE coax_err cx_options_check_name(const char *name, coax_error *error);

#endif
