/*
 * Big-endian loads and stores at any address, and the width of an integer: what the inline codec is
 * made of.
 *
 * Not for users. Compilers turn each into one or two instructions.
 */
#ifndef COAX_ENDIAN_H
#define COAX_ENDIAN_H

#include <stdint.h>
#include <string.h>

#include <coax/export.h>

COAX_BEGIN_DECLS

#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define COAX_SWAP64(value) __builtin_bswap64(value)
#define COAX_SWAP32(value) __builtin_bswap32(value)
#define COAX_SWAP16(value) __builtin_bswap16(value)
#elif defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define COAX_SWAP64(value) (value)
#define COAX_SWAP32(value) (value)
#define COAX_SWAP16(value) (value)
#endif

static inline uint64_t coax_load_be64(const uint8_t *from)
{
#ifdef COAX_SWAP64
    uint64_t value;
    memcpy(&value, from, sizeof value);
    return COAX_SWAP64(value);
#else
    uint64_t value = 0;
    for (unsigned i = 0; i < 8; i++)
        value = value << 8 | from[i];
    return value;
#endif
}

static inline uint32_t coax_load_be32(const uint8_t *from)
{
#ifdef COAX_SWAP32
    uint32_t value;
    memcpy(&value, from, sizeof value);
    return COAX_SWAP32(value);
#else
    return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
#endif
}

static inline uint16_t coax_load_be16(const uint8_t *from)
{
#ifdef COAX_SWAP16
    uint16_t value;
    memcpy(&value, from, sizeof value);
    return COAX_SWAP16(value);
#else
    return (uint16_t)(from[0] << 8 | from[1]);
#endif
}

static inline void coax_store_be64(uint8_t *to, uint64_t value)
{
#ifdef COAX_SWAP64
    value = COAX_SWAP64(value);
    memcpy(to, &value, sizeof value);
#else
    for (unsigned i = 0; i < 8; i++)
        to[i] = (uint8_t)(value >> (56 - 8 * i));
#endif
}

static inline void coax_store_be32(uint8_t *to, uint32_t value)
{
#ifdef COAX_SWAP32
    value = COAX_SWAP32(value);
    memcpy(to, &value, sizeof value);
#else
    for (unsigned i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (24 - 8 * i));
#endif
}

static inline void coax_store_be16(uint8_t *to, uint16_t value)
{
#ifdef COAX_SWAP16
    value = COAX_SWAP16(value);
    memcpy(to, &value, sizeof value);
#else
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
#endif
}

/* How many bits `value` needs; 0 for 0. */
static inline unsigned coax_bit_width(uint64_t value)
{
#ifdef __GNUC__
    return value == 0 ? 0 : 64u - (unsigned)__builtin_clzll(value);
#else
    unsigned bits = 0;
    for (; value != 0; value >>= 1)
        bits++;
    return bits;
#endif
}

COAX_END_DECLS

#endif
