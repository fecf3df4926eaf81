/*
 * What the operating system said, as one of our codes and in words.
 *
 * The one place that turns libuv's codes and errno into coax_err.
 */
#ifndef CX_TRANSPORT_UV_ERR_H
#define CX_TRANSPORT_UV_ERR_H

#include <coax/error.h>

/** Our code for one of libuv's (negative; 0 is COAX_OK, UV_EOF counts as the peer closing). */
coax_err cx_uv_code(int uv_code);

/** `errno` as libuv's code. */
int cx_uv_from_errno(int system_errno);

/**
 * Fills `error` with "<what>: <the system's words> (<NAME>)" and returns our code.
 * @param what  What was being done, and to what: "listening on tcp://127.0.0.1:80".
 */
coax_err cx_uv_error(coax_error *error, int uv_code, const char *format, ...) COAX_PRINTF(3, 4);

#endif
