/*
 * The names and meanings of errors, and the record that holds their words.
 *
 * Everything here comes from <coax/error.def>, so that a new error is one row there. Knows nothing
 * of who fails, or how. Read next: arena.c.
 */
#include <stdarg.h>
#include <stdio.h>

#include <coax/error.h>

const char *coax_err_name(coax_err code)
{
    switch (code) {
#define COAX_ERR_ROW(symbol, number, name, meaning)                                                \
    case symbol:                                                                                   \
        return name;
#include <coax/error.def>
#undef COAX_ERR_ROW
    }
    return "unassigned";
}

const char *coax_err_meaning(coax_err code)
{
    switch (code) {
#define COAX_ERR_ROW(symbol, number, name, meaning)                                                \
    case symbol:                                                                                   \
        return meaning;
#include <coax/error.def>
#undef COAX_ERR_ROW
    }
    return "no version of coax assigned this number";
}

/* Which canonical code tells a peer most of what a local one means. */
coax_err coax_err_to_wire(coax_err code)
{
    switch (code) {
    case COAX_ERR_STALE:
    case COAX_ERR_CLOSED: return COAX_ERR_CANCELLED;
    case COAX_ERR_WOULD_BLOCK:
    case COAX_ERR_NO_MEMORY:
    case COAX_ERR_TOO_LARGE: return COAX_ERR_RESOURCE_EXHAUSTED;
    case COAX_ERR_BAD_OPTION:
    case COAX_ERR_BAD_ADDRESS:
    case COAX_ERR_BAD_MESSAGE:
    case COAX_ERR_TOO_DEEP:
    case COAX_ERR_MISUSE: return COAX_ERR_INVALID_ARGUMENT;
    case COAX_ERR_IN_USE: return COAX_ERR_ALREADY_EXISTS;
    case COAX_ERR_NOT_SUPPORTED: return COAX_ERR_UNIMPLEMENTED;
    case COAX_ERR_DEADLOCK:
    case COAX_ERR_PROTOCOL:
    case COAX_ERR_WRONG_THREAD: return COAX_ERR_INTERNAL;
    case COAX_ERR_SYSTEM: return COAX_ERR_UNAVAILABLE;
    case COAX_ERR_TAMPERED:
    case COAX_ERR_TRUNCATED: return COAX_ERR_DATA_LOSS;
    case COAX_ERR_KEY_CHANGED:
    case COAX_ERR_KEY_UNKNOWN:
    case COAX_ERR_BAD_KEY:
    case COAX_ERR_INSECURE: return COAX_ERR_FAILED_PRECONDITION;
    default: break;
    }
    return (uint32_t)code <= COAX_ERR_UNAUTHENTICATED ? code : COAX_ERR_UNKNOWN;
}

/* Cuts a UTF-8 sequence that snprintf's limit split, so that the text stays valid. */
static void cut_at_character(char *text, size_t len)
{
    size_t at = len;
    while (at > 0 && ((unsigned char)text[at - 1] & 0xC0u) == 0x80u)
        at--;
    if (at == 0)
        return;
    unsigned char lead = (unsigned char)text[at - 1];
    size_t want = lead < 0x80u ? 1 : lead < 0xE0u ? 2 : lead < 0xF0u ? 3 : 4;
    if (len - (at - 1) < want)
        text[at - 1] = '\0';
}

coax_err coax_error_set(coax_error *error, coax_err code, const char *format, ...)
{
    if (error == NULL)
        return code;
    error->code = code;
    va_list args;
    va_start(args, format);
    int needed = vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    if (needed < 0)
        error->text[0] = '\0';
    else if ((size_t)needed >= sizeof error->text)
        cut_at_character(error->text, sizeof error->text - 1);
    return code;
}
