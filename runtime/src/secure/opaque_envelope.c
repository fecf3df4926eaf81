/*
 * The envelope (RFC 9807, section 4.1): the client's private key, which nobody stores, and the proof
 * that what the server sent belongs to it.
 *
 * Everything comes from randomized_password, so whoever has that is the user. Read next: opaque_3dh.c.
 */
#include <sodium.h>

#include "secure/opaque_parts.h"

typedef struct envelope_keys {
    uint8_t auth_key[64];
    uint8_t export_key[64];
    uint8_t seed[32];
} envelope_keys;

static void expand(const uint8_t randomized[64], const uint8_t *nonce, const char *label,
                   uint8_t *ret_bytes, size_t len)
{
    const coax_bytes info[] = { cx_piece(nonce, nonce != NULL ? 32 : 0), cx_piece_text(label) };
    cx_hkdf_expand(cx_piece(randomized, 64), info, 2, ret_bytes, len);
}

void cx_opaque_masking_key(const uint8_t randomized[64], uint8_t ret_key[64])
{
    expand(randomized, NULL, "MaskingKey", ret_key, 64);
}

static void derive(const uint8_t randomized[64], const uint8_t nonce[32], envelope_keys *ret_keys)
{
    expand(randomized, nonce, "AuthKey", ret_keys->auth_key, 64);
    expand(randomized, nonce, "ExportKey", ret_keys->export_key, 64);
    expand(randomized, nonce, "PrivateKey", ret_keys->seed, 32);
}

/* MAC(auth_key, envelope_nonce || CleartextCredentials). */
static void make_tag(const uint8_t auth_key[64], const uint8_t nonce[32],
                     const uint8_t server_public_key[32], const cx_opaque_names *full,
                     uint8_t ret_tag[64])
{
    const uint8_t server_len[2] = { (uint8_t)(full->server.len >> 8), (uint8_t)full->server.len };
    const uint8_t client_len[2] = { (uint8_t)(full->client.len >> 8), (uint8_t)full->client.len };
    const coax_bytes pieces[] = { cx_piece(nonce, 32),     cx_piece(server_public_key, 32),
                                  cx_piece(server_len, 2), full->server,
                                  cx_piece(client_len, 2), full->client };
    cx_hmac_sha512(cx_piece(auth_key, 64), pieces, 6, ret_tag);
}

bool cx_opaque_store(const uint8_t randomized[64], const uint8_t server_public_key[32],
                     const cx_opaque_names *names, const uint8_t nonce[32],
                     cx_opaque_record *ret_record, uint8_t ret_export_key[64])
{
    envelope_keys keys;
    uint8_t private_key[32];
    derive(randomized, nonce, &keys);
    bool is_done = cx_opaque_derive_dh(keys.seed, private_key, ret_record->client_public_key);
    if (is_done) {
        cx_opaque_names full =
            cx_opaque_full_names(names, ret_record->client_public_key, server_public_key);
        cx_opaque_masking_key(randomized, ret_record->masking_key);
        memcpy(ret_record->envelope.nonce, nonce, 32);
        make_tag(keys.auth_key, nonce, server_public_key, &full, ret_record->envelope.auth_tag);
        memcpy(ret_export_key, keys.export_key, 64);
    }
    sodium_memzero(private_key, sizeof private_key);
    sodium_memzero(&keys, sizeof keys);
    return is_done;
}

bool cx_opaque_recover(const uint8_t randomized[64], const cx_opaque_hidden *hidden,
                       const cx_opaque_names *names, uint8_t ret_private_key[32],
                       uint8_t ret_public_key[32], uint8_t ret_export_key[64])
{
    envelope_keys keys;
    uint8_t tag[64];
    derive(randomized, hidden->envelope.nonce, &keys);
    bool is_right = cx_opaque_derive_dh(keys.seed, ret_private_key, ret_public_key);
    if (is_right) {
        cx_opaque_names full =
            cx_opaque_full_names(names, ret_public_key, hidden->server_public_key);
        make_tag(keys.auth_key, hidden->envelope.nonce, hidden->server_public_key, &full, tag);
        is_right = sodium_memcmp(tag, hidden->envelope.auth_tag, sizeof tag) == 0;
    }
    if (is_right)
        memcpy(ret_export_key, keys.export_key, 64);
    sodium_memzero(tag, sizeof tag);
    sodium_memzero(&keys, sizeof keys);
    return is_right;
}

void cx_opaque_mask(const uint8_t masking_key[64], const uint8_t masking_nonce[32],
                    const uint8_t in[sizeof(cx_opaque_hidden)],
                    uint8_t out[sizeof(cx_opaque_hidden)])
{
    uint8_t pad[sizeof(cx_opaque_hidden)];
    const coax_bytes info[] = { cx_piece(masking_nonce, 32),
                                cx_piece_text("CredentialResponsePad") };
    cx_hkdf_expand(cx_piece(masking_key, 64), info, 2, pad, sizeof pad);
    for (size_t i = 0; i < sizeof pad; i++)
        out[i] = (uint8_t)(in[i] ^ pad[i]);
    sodium_memzero(pad, sizeof pad);
}
