/*
 * libuv's error codes as ours. Knows nothing of sockets. Read next: transport.h.
 */
#include <stdarg.h>
#include <stdio.h>

#include <uv.h>

#include "transport/uv_err.h"

coax_err cx_uv_code(int uv_code)
{
    switch (uv_code) {
    case 0: return COAX_OK;
    case UV_ENOMEM:
    case UV_ENOBUFS:
    case UV_EAI_MEMORY: return COAX_ERR_NO_MEMORY;
    case UV_EADDRINUSE: return COAX_ERR_IN_USE;
    case UV_EADDRNOTAVAIL:
    case UV_EAFNOSUPPORT:
    case UV_ENAMETOOLONG:
    case UV_EINVAL: return COAX_ERR_BAD_ADDRESS;
    case UV_ETIMEDOUT: return COAX_ERR_DEADLINE_EXCEEDED;
    case UV_EOF:
    case UV_EPIPE:
    case UV_ECONNRESET:
    case UV_ECONNREFUSED:
    case UV_ECONNABORTED:
    case UV_EHOSTUNREACH:
    case UV_ENETUNREACH:
    case UV_ENETDOWN:
    case UV_ENOENT:
    case UV_EAI_AGAIN:
    case UV_EAI_FAIL:
    case UV_EAI_NONAME:
    case UV_EAI_NODATA: return COAX_ERR_UNAVAILABLE;
    case UV_ECANCELED:
    case UV_EAI_CANCELED: return COAX_ERR_CANCELLED;
    case UV_ENOTSUP: return COAX_ERR_NOT_SUPPORTED;
    default: return COAX_ERR_SYSTEM;
    }
}

int cx_uv_from_errno(int system_errno)
{
    return uv_translate_sys_error(system_errno);
}

coax_err cx_uv_error(coax_error *error, int uv_code, const char *format, ...)
{
    char what[192]; /* host names are ASCII and paths at most 107 bytes: no character is split */
    va_list args;
    va_start(args, format);
    int len = vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (len < 0)
        what[0] = '\0';
    char words[96];
    char name[32];
    uv_strerror_r(uv_code, words, sizeof words);
    uv_err_name_r(uv_code, name, sizeof name);
    return coax_error_set(error, cx_uv_code(uv_code), "%s: %s (%s)", what, words, name);
}
