/*
 * Addresses as people write them: tcp://host:port, unix:///path, unix://@name, inproc://name, and
 * "plain+" in front of the first three: not encrypted.
 *
 * Parsing is pure: nothing is resolved or opened, and every length is checked here, so that no name
 * longer than its place reaches the resolver or a socket address. Read next: transport.h.
 */
#ifndef CX_TRANSPORT_URL_H
#define CX_TRANSPORT_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/error.h>

/** Longest host name (RFC 1035, section 2.3.4: 255 octets on the wire are 253 as text). */
#define CX_URL_HOST_MAX 253u
/** Longest unix socket path, and longest name behind '@': what sun_path holds beside one NUL. */
#define CX_URL_PATH_MAX 107u
/** Longest in-process name. */
#define CX_URL_NAME_MAX 128u
/** Room for any URL made by cx_url_print, with its NUL. */
#define CX_URL_PRINT_MAX 280u

typedef enum cx_scheme { CX_SCHEME_TCP = 1, CX_SCHEME_UNIX, CX_SCHEME_INPROC } cx_scheme;

typedef enum cx_host_kind { CX_HOST_NAME = 0, CX_HOST_IPV4, CX_HOST_IPV6 } cx_host_kind;

/** Invariant: `text` fits the limit of its scheme, is NUL-terminated and not empty. */
typedef struct cx_url {
    cx_scheme scheme;
    cx_host_kind host_kind;          /* tcp */
    bool is_abstract;                /* unix://@name: `text` is the name without '@' */
    bool is_plain;                   /* plain+: what is said there is not encrypted */
    uint16_t port;                   /* tcp */
    char text[CX_URL_HOST_MAX + 1u]; /* host without brackets, path, or name */
} cx_url;

/**
 * Takes `text` apart.
 * @return COAX_OK, or COAX_ERR_BAD_ADDRESS with words that show the URL, what is wrong, and the
 *         right form.
 */
COAX_MUST_USE coax_err cx_url_parse(const char *text, cx_url *ret_url, coax_error *error);

/** Writes the URL back, cut to `size` with its NUL. Returns the full length. */
size_t cx_url_print(const cx_url *url, char *buffer, size_t size);

/** The same without "plain+": where it is, and not how one speaks there. */
size_t cx_url_print_place(const cx_url *url, char *buffer, size_t size);

/** What stands in front of addresses that are not encrypted. */
#define CX_URL_PLAIN "plain+"

#endif
