/*
 * OPRF(ristretto255, SHA-512) by RFC 9497, hashing to the group by RFC 9380.
 *
 * Knows no OPAQUE. All arithmetic is libsodium's, which checks encodings (but for one bit) and tells the
 * identity from other results; scalars are used in constant time. Read next: opaque_parts.h.
 */
#include <sodium.h>
#include <string.h>

#include "secure/oprf.h"
#include "secure/sha512.h"

#define TAG_MAX 64u

void cx_oprf_expand(const coax_bytes *message, size_t n_pieces, coax_bytes tag,
                    uint8_t ret_bytes[64])
{
    static const uint8_t pad[128] = { 0 };            /* Z_pad: one block of the hash */
    static const uint8_t len_and_zero[3] = { 0, 64 }; /* l_i_b_str, and the 0 of b_0 */
    static const uint8_t one = 1;
    const uint8_t tag_len = (uint8_t)tag.len;
    uint8_t first[CX_SHA512];
    coax_bytes pieces[CX_OPRF_PIECES + 4];
    size_t n = 0;
    pieces[n++] = cx_piece(pad, sizeof pad);
    for (size_t i = 0; i < n_pieces && i < CX_OPRF_PIECES; i++)
        pieces[n++] = message[i];
    pieces[n++] = cx_piece(len_and_zero, sizeof len_and_zero);
    pieces[n++] = tag;
    pieces[n++] = cx_piece(&tag_len, 1);
    cx_sha512(pieces, n, first);
    const coax_bytes second[] = { cx_piece(first, sizeof first), cx_piece(&one, 1), tag,
                                  cx_piece(&tag_len, 1) };
    cx_sha512(second, 4, ret_bytes);
    sodium_memzero(first, sizeof first);
}

/* name || contextString, which is "OPRFV1-" || mode || "-" || the suite (section 3.1). */
static coax_bytes make_tag(const char *name, cx_oprf_mode mode, uint8_t buffer[TAG_MAX])
{
    static const char before[] = "OPRFV1-", after[] = "-ristretto255-SHA512";
    size_t name_len = strlen(name), len = 0;
    memcpy(buffer, name, name_len);
    len += name_len;
    memcpy(buffer + len, before, sizeof before - 1);
    len += sizeof before - 1;
    buffer[len++] = (uint8_t)mode;
    memcpy(buffer + len, after, sizeof after - 1);
    len += sizeof after - 1;
    return cx_piece(buffer, len);
}

void cx_oprf_hash_to_scalar(cx_oprf_mode mode, const char *name, const coax_bytes *message,
                            size_t n_pieces, uint8_t ret_scalar[CX_OPRF_SCALAR])
{
    uint8_t tag[TAG_MAX], wide[64];
    cx_oprf_expand(message, n_pieces, make_tag(name, mode, tag), wide);
    crypto_core_ristretto255_scalar_reduce(ret_scalar, wide);
    sodium_memzero(wide, sizeof wide);
}

bool cx_oprf_hash_to_group(cx_oprf_mode mode, coax_bytes input,
                           uint8_t ret_element[CX_OPRF_ELEMENT])
{
    uint8_t tag[TAG_MAX], wide[64];
    cx_oprf_expand(&input, 1, make_tag("HashToGroup-", mode, tag), wide);
    (void)crypto_core_ristretto255_from_hash(ret_element, wide);
    sodium_memzero(wide, sizeof wide);
    return !sodium_is_zero(ret_element, CX_OPRF_ELEMENT);
}

/* libsodium 1.0.18 leaves the highest bit out of its check; an element has one encoding (RFC 9496, section 4.3.1). */
static bool has_high_bit(const uint8_t bytes[CX_OPRF_ELEMENT])
{
    return (bytes[CX_OPRF_ELEMENT - 1] & 0x80) != 0;
}

bool cx_oprf_multiply(const uint8_t factor[CX_OPRF_SCALAR], const uint8_t element[CX_OPRF_ELEMENT],
                      uint8_t ret_element[CX_OPRF_ELEMENT])
{
    return !has_high_bit(element) &&
           crypto_scalarmult_ristretto255(ret_element, factor, element) == 0;
}

bool cx_oprf_is_element(const uint8_t bytes[CX_OPRF_ELEMENT])
{
    return !has_high_bit(bytes) && crypto_core_ristretto255_is_valid_point(bytes) == 1 &&
           !sodium_is_zero(bytes, CX_OPRF_ELEMENT);
}

bool cx_oprf_is_scalar(const uint8_t bytes[CX_OPRF_SCALAR])
{
    uint8_t wide[64] = { 0 }, reduced[CX_OPRF_SCALAR];
    memcpy(wide, bytes, CX_OPRF_SCALAR);
    crypto_core_ristretto255_scalar_reduce(reduced, wide);
    bool is_canonical = sodium_memcmp(reduced, bytes, CX_OPRF_SCALAR) == 0;
    sodium_memzero(wide, sizeof wide);
    sodium_memzero(reduced, sizeof reduced);
    return is_canonical && !sodium_is_zero(bytes, CX_OPRF_SCALAR);
}

bool cx_oprf_derive_key(cx_oprf_mode mode, const uint8_t seed[32], coax_bytes info,
                        uint8_t ret_secret[CX_OPRF_SCALAR], uint8_t *ret_public)
{
    const uint8_t info_len[2] = { (uint8_t)(info.len >> 8), (uint8_t)info.len };
    bool is_zero = true;
    for (unsigned counter = 0; is_zero && counter < 256; counter++) {
        const uint8_t count = (uint8_t)counter;
        const coax_bytes input[] = { cx_piece(seed, 32), cx_piece(info_len, 2), info,
                                     cx_piece(&count, 1) };
        cx_oprf_hash_to_scalar(mode, "DeriveKeyPair", input, 4, ret_secret);
        is_zero = sodium_is_zero(ret_secret, CX_OPRF_SCALAR);
    }
    return !is_zero &&
           (ret_public == NULL || crypto_scalarmult_ristretto255_base(ret_public, ret_secret) == 0);
}

bool cx_oprf_blind(cx_oprf_mode mode, coax_bytes input, const uint8_t random[64],
                   uint8_t ret_blind[CX_OPRF_SCALAR], uint8_t ret_element[CX_OPRF_ELEMENT])
{
    uint8_t point[CX_OPRF_ELEMENT];
    crypto_core_ristretto255_scalar_reduce(ret_blind, random);
    bool is_done = cx_oprf_hash_to_group(mode, input, point) &&
                   cx_oprf_multiply(ret_blind, point, ret_element);
    sodium_memzero(point, sizeof point);
    return is_done;
}

bool cx_oprf_evaluate(const uint8_t key[CX_OPRF_SCALAR], const uint8_t element[CX_OPRF_ELEMENT],
                      uint8_t ret_element[CX_OPRF_ELEMENT])
{
    return cx_oprf_multiply(key, element, ret_element);
}

bool cx_oprf_finalize(coax_bytes input, const uint8_t blind[CX_OPRF_SCALAR],
                      const uint8_t element[CX_OPRF_ELEMENT], uint8_t ret_output[CX_OPRF_OUTPUT])
{
    static const uint8_t element_len[2] = { 0, CX_OPRF_ELEMENT };
    const uint8_t input_len[2] = { (uint8_t)(input.len >> 8), (uint8_t)input.len };
    uint8_t inverse[CX_OPRF_SCALAR], point[CX_OPRF_ELEMENT];
    bool is_done = crypto_core_ristretto255_scalar_invert(inverse, blind) == 0 &&
                   cx_oprf_multiply(inverse, element, point);
    if (is_done) {
        const coax_bytes pieces[] = { cx_piece(input_len, 2), input, cx_piece(element_len, 2),
                                      cx_piece(point, sizeof point), cx_piece_text("Finalize") };
        cx_sha512(pieces, 5, ret_output);
    }
    sodium_memzero(inverse, sizeof inverse);
    sodium_memzero(point, sizeof point);
    return is_done;
}
