/*
 * Where a connection comes from, as far as limits care: an address, and not a port.
 *
 * One who has an IPv6 network has 2^64 addresses of it, so of those the first 64 bits count. Everybody
 * on the same machine who comes by a unix socket or from the same process is one origin. All zero is
 * that one. Compared bytewise; knows no sockets.
 */
#ifndef CX_BASE_ORIGIN_H
#define CX_BASE_ORIGIN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef enum cx_origin_kind {
    CX_ORIGIN_LOCAL = 0,
    CX_ORIGIN_IPV4 = 4,
    CX_ORIGIN_IPV6 = 6
} cx_origin_kind;

typedef struct cx_origin {
    uint8_t kind; /* cx_origin_kind */
    uint8_t bytes[8];
} cx_origin;

static inline cx_origin cx_origin_ipv4(const uint8_t address[4])
{
    cx_origin made = { .kind = CX_ORIGIN_IPV4 };
    memcpy(made.bytes, address, 4);
    return made;
}

/* Of 16 bytes; one that stands for an IPv4 address is that. */
static inline cx_origin cx_origin_ipv6(const uint8_t address[16])
{
    static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
    if (memcmp(address, mapped, sizeof mapped) == 0)
        return cx_origin_ipv4(address + sizeof mapped);
    cx_origin made = { .kind = CX_ORIGIN_IPV6 };
    memcpy(made.bytes, address, 8);
    return made;
}

static inline bool cx_origin_is_equal(const cx_origin *a, const cx_origin *b)
{
    return a->kind == b->kind && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

#endif
