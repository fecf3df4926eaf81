/*
 * What the files of OPAQUE share: the messages' layout and the functions of RFC 9807 that both ends
 * need, under the RFC's names.
 *
 *     opaque_password.c   from password and OPRF to randomized_password: Argon2id
 *     opaque_envelope.c   Store and Recover (section 4.1), the record
 *     opaque_3dh.c        key shares, preamble, keys (section 6.4)
 *     opaque_client.c     the client's steps
 *     opaque_server.c     the server's steps, fake records
 *
 * Messages are structs of byte arrays, so they have no holes and lie in memory as on the wire.
 */
#ifndef CX_SECURE_OPAQUE_PARTS_H
#define CX_SECURE_OPAQUE_PARTS_H

#include "secure/opaque.h"
#include "secure/oprf.h"
#include "secure/sha512.h"

typedef struct cx_opaque_envelope {
    uint8_t nonce[32];
    uint8_t auth_tag[64];
} cx_opaque_envelope;

typedef struct cx_opaque_record {
    uint8_t client_public_key[32];
    uint8_t masking_key[64];
    cx_opaque_envelope envelope;
} cx_opaque_record;

typedef struct cx_opaque_ke1 {
    uint8_t blinded[32];
    uint8_t nonce[32];
    uint8_t keyshare[32];
} cx_opaque_ke1;

/* What masked_response hides. */
typedef struct cx_opaque_hidden {
    uint8_t server_public_key[32];
    cx_opaque_envelope envelope;
} cx_opaque_hidden;

typedef struct cx_opaque_credential_response {
    uint8_t evaluated[32];
    uint8_t masking_nonce[32];
    uint8_t masked[sizeof(cx_opaque_hidden)];
} cx_opaque_credential_response;

typedef struct cx_opaque_ke2 {
    cx_opaque_credential_response response;
    uint8_t nonce[32];
    uint8_t keyshare[32];
    uint8_t mac[64];
} cx_opaque_ke2;

_Static_assert(sizeof(cx_opaque_record) == COAX_RECORD_BYTES, "RFC 9807: RegistrationRecord");
_Static_assert(sizeof(cx_opaque_ke1) == CX_OPAQUE_KE1, "RFC 9807: KE1");
_Static_assert(sizeof(cx_opaque_ke2) == CX_OPAQUE_KE2, "RFC 9807: KE2");

/* ---- opaque_password.c ---- */

/* The OPRF's output and what Argon2id makes of it, extracted. @return COAX_OK;
 * COAX_ERR_UNAUTHENTICATED: `evaluated` is no element; COAX_ERR_INVALID_ARGUMENT; COAX_ERR_NO_MEMORY. */
COAX_MUST_USE coax_err cx_opaque_randomize(coax_bytes password, const uint8_t blind[32],
                                           const uint8_t evaluated[32],
                                           const cx_opaque_stretch *stretch,
                                           uint8_t ret_randomized[64], coax_error *error);

/* @return COAX_OK; COAX_ERR_INVALID_ARGUMENT. */
COAX_MUST_USE coax_err cx_opaque_check_password(coax_bytes password, coax_error *error);
COAX_MUST_USE coax_err cx_opaque_check_names(const cx_opaque_names *names, coax_error *error);

/* ---- opaque_envelope.c ---- */

/* The masking key of section 4.1.2, which does not depend on the envelope. */
void cx_opaque_masking_key(const uint8_t randomized[64], uint8_t ret_key[64]);

/* Store: envelope with nonce, and the client's public key. */
COAX_MUST_USE bool cx_opaque_store(const uint8_t randomized[64],
                                   const uint8_t server_public_key[32],
                                   const cx_opaque_names *names, const uint8_t nonce[32],
                                   cx_opaque_record *ret_record, uint8_t ret_export_key[64]);

/* Recover: false when the envelope was not made with this password for this server and these names. */
COAX_MUST_USE bool cx_opaque_recover(const uint8_t randomized[64], const cx_opaque_hidden *hidden,
                                     const cx_opaque_names *names, uint8_t ret_private_key[32],
                                     uint8_t ret_public_key[32], uint8_t ret_export_key[64]);

/* Hides or shows, which is the same. */
void cx_opaque_mask(const uint8_t masking_key[64], const uint8_t masking_nonce[32],
                    const uint8_t in[sizeof(cx_opaque_hidden)],
                    uint8_t out[sizeof(cx_opaque_hidden)]);

/* ---- opaque_3dh.c ---- */

/* DeriveDiffieHellmanKeyPair. */
COAX_MUST_USE bool cx_opaque_derive_dh(const uint8_t seed[32], uint8_t ret_private[32],
                                       uint8_t ret_public[32]);

typedef struct cx_opaque_keys {
    uint8_t handshake_secret[64];
    uint8_t session_key[64];
    uint8_t server_mac_key[64];
    uint8_t client_mac_key[64];
    uint8_t server_mac[64];
    uint8_t client_mac[64];
} cx_opaque_keys;

/*
 * DeriveKeys and both MACs, from the three results of Diffie-Hellman, one behind the other. The names are those of both ends with
 * the defaults filled in. Of `ke2` everything but the MAC is used.
 */
void cx_opaque_derive_keys(const uint8_t dh[96], const cx_opaque_names *names,
                           const cx_opaque_ke1 *ke1, const cx_opaque_ke2 *ke2,
                           cx_opaque_keys *ret_keys);

/* The names, public keys standing in for empty identities. */
cx_opaque_names cx_opaque_full_names(const cx_opaque_names *names, const uint8_t client_key[32],
                                     const uint8_t server_key[32]);

/* ---- opaque_server.c ---- */

/* The key of a user's OPRF. */
COAX_MUST_USE bool cx_opaque_user_key(const uint8_t oprf_seed[64], coax_bytes user,
                                      uint8_t ret_key[32]);

#endif
