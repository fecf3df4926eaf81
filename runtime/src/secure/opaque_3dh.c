/*
 * The key exchange of OPAQUE-3DH (RFC 9807, section 6.4): what both ends compute alike.
 *
 * Read next: opaque_client.c, opaque_server.c.
 */
#include <sodium.h>

#include "secure/opaque_parts.h"

bool cx_opaque_derive_dh(const uint8_t seed[32], uint8_t ret_private[32], uint8_t ret_public[32])
{
    return cx_oprf_derive_key(CX_OPRF_BASE, seed,
                              cx_piece_text("OPAQUE-DeriveDiffieHellmanKeyPair"), ret_private,
                              ret_public);
}

cx_opaque_names cx_opaque_full_names(const cx_opaque_names *names, const uint8_t client_key[32],
                                     const uint8_t server_key[32])
{
    cx_opaque_names full = *names;
    if (full.client.len == 0)
        full.client = cx_piece(client_key, 32);
    if (full.server.len == 0)
        full.server = cx_piece(server_key, 32);
    return full;
}

/* Hash(preamble || `more`). */
static void hash_preamble(const cx_opaque_names *names, const cx_opaque_ke1 *ke1,
                          const cx_opaque_ke2 *ke2, coax_bytes more, uint8_t ret_hash[64])
{
    const uint8_t context_len[2] = { (uint8_t)(names->context.len >> 8),
                                     (uint8_t)names->context.len };
    const uint8_t client_len[2] = { (uint8_t)(names->client.len >> 8), (uint8_t)names->client.len };
    const uint8_t server_len[2] = { (uint8_t)(names->server.len >> 8), (uint8_t)names->server.len };
    const coax_bytes pieces[] = {
        cx_piece_text("OPAQUEv1-"),
        cx_piece(context_len, 2),
        names->context,
        cx_piece(client_len, 2),
        names->client,
        cx_piece(ke1, sizeof *ke1),
        cx_piece(server_len, 2),
        names->server,
        cx_piece(&ke2->response, sizeof ke2->response),
        cx_piece(ke2->nonce, sizeof ke2->nonce),
        cx_piece(ke2->keyshare, sizeof ke2->keyshare),
        more,
    };
    cx_sha512(pieces, sizeof pieces / sizeof pieces[0], ret_hash);
}

/* Derive-Secret: Expand(secret, CustomLabel) for 64 bytes. */
static void derive_secret(const uint8_t secret[64], const char *label, coax_bytes transcript,
                          uint8_t ret_secret[64])
{
    static const char prefix[] = "OPAQUE-";
    static const uint8_t len[2] = { 0, 64 };
    const uint8_t label_len = (uint8_t)(sizeof prefix - 1 + strlen(label));
    const uint8_t transcript_len = (uint8_t)transcript.len;
    const coax_bytes info[] = {
        cx_piece(len, 2),     cx_piece(&label_len, 1),      cx_piece_text(prefix),
        cx_piece_text(label), cx_piece(&transcript_len, 1), transcript
    };
    cx_hkdf_expand(cx_piece(secret, 64), info, 6, ret_secret, 64);
}

void cx_opaque_derive_keys(const uint8_t dh[96], const cx_opaque_names *names,
                           const cx_opaque_ke1 *ke1, const cx_opaque_ke2 *ke2,
                           cx_opaque_keys *ret_keys)
{
    const coax_bytes none = cx_piece(NULL, 0);
    const coax_bytes input = cx_piece(dh, 96);
    uint8_t key[64], hash[64];
    coax_bytes hashed = cx_piece(hash, sizeof hash);
    cx_hkdf_extract(none, &input, 1, key);
    hash_preamble(names, ke1, ke2, none, hash);
    derive_secret(key, "HandshakeSecret", hashed, ret_keys->handshake_secret);
    derive_secret(key, "SessionKey", hashed, ret_keys->session_key);
    derive_secret(ret_keys->handshake_secret, "ServerMAC", none, ret_keys->server_mac_key);
    derive_secret(ret_keys->handshake_secret, "ClientMAC", none, ret_keys->client_mac_key);
    cx_hmac_sha512(cx_piece(ret_keys->server_mac_key, 64), &hashed, 1, ret_keys->server_mac);
    hash_preamble(names, ke1, ke2, cx_piece(ret_keys->server_mac, 64), hash);
    cx_hmac_sha512(cx_piece(ret_keys->client_mac_key, 64), &hashed, 1, ret_keys->client_mac);
    sodium_memzero(key, sizeof key);
}
