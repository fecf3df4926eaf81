/*
 * Secrets that live for a while: locked memory for them, and looking tokens up without keeping them.
 *
 * Knows no keys (key.h) and no passwords (opaque.h). Any thread.
 */
#ifndef CX_SECURE_SECRET_H
#define CX_SECURE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/bytes.h>

#define CX_DIGEST_BYTES 32u

/*
 * `len` zeroed bytes (at least 1) in guarded memory, locked where the system allows it. NULL: no memory, or no
 * libsodium.
 */
void *cx_secret_take(size_t len);
/* Wipes and frees. NULL is fine. */
void cx_secret_give(void *secret);

/* BLAKE2b-256 of `token`, keyed: tells nobody who lacks the key anything about it. */
void cx_secret_digest(const uint8_t key[CX_DIGEST_BYTES], coax_bytes token,
                      uint8_t ret_digest[CX_DIGEST_BYTES]);
/* In time that does not depend on where they differ. */
bool cx_secret_is_same(const uint8_t a[CX_DIGEST_BYTES], const uint8_t b[CX_DIGEST_BYTES]);

#endif
