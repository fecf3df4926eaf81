/*
 * Noise's cipher functions (revision 34, section 12.3 and 12.4) over libsodium, and AEGIS-256.
 *
 * Each turns the counting nonce into its cipher's own. libsodium's functions work in place when input and output are
 * the same, and need no scratch memory. Read next: cipher_state.c.
 */
#include <string.h>

#include <sodium.h>

#include "secure/suite.h"

static void store_le64(uint8_t *to, uint64_t value)
{
    for (unsigned i = 0; i < 8; i++)
        to[i] = (uint8_t)(value >> (8 * i));
}

static void store_be64(uint8_t *to, uint64_t value)
{
    for (unsigned i = 0; i < 8; i++)
        to[i] = (uint8_t)(value >> (56 - 8 * i));
}

static bool is_always_available(void)
{
    return true;
}

/* Section 12.3: 32 bits of zeros and the counter, little-endian. */
static void chachapoly_encrypt(const uint8_t *key, uint64_t n, coax_bytes ad, const uint8_t *plain,
                               size_t len, uint8_t *out)
{
    uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES] = { 0 };
    store_le64(nonce + 4, n);
    (void)crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, plain, len, ad.data, ad.len, NULL,
                                                    nonce, key);
}

static bool chachapoly_decrypt(const uint8_t *key, uint64_t n, coax_bytes ad, const uint8_t *sealed,
                               size_t len, uint8_t *out)
{
    uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES] = { 0 };
    store_le64(nonce + 4, n);
    return crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed, len, ad.data, ad.len,
                                                     nonce, key) == 0;
}

const cx_cipher cx_cipher_chachapoly = { .name = "ChaChaPoly",
                                         .tag = crypto_aead_chacha20poly1305_ietf_ABYTES,
                                         .is_available = is_always_available,
                                         .encrypt = chachapoly_encrypt,
                                         .decrypt = chachapoly_decrypt };

/* Section 12.4: 32 bits of zeros and the counter, big-endian. libsodium has AES only where the processor has. */
static bool aesgcm_is_available(void)
{
    return crypto_aead_aes256gcm_is_available() == 1;
}

static void aesgcm_encrypt(const uint8_t *key, uint64_t n, coax_bytes ad, const uint8_t *plain,
                           size_t len, uint8_t *out)
{
    uint8_t nonce[crypto_aead_aes256gcm_NPUBBYTES] = { 0 };
    store_be64(nonce + 4, n);
    (void)crypto_aead_aes256gcm_encrypt(out, NULL, plain, len, ad.data, ad.len, NULL, nonce, key);
}

static bool aesgcm_decrypt(const uint8_t *key, uint64_t n, coax_bytes ad, const uint8_t *sealed,
                           size_t len, uint8_t *out)
{
    uint8_t nonce[crypto_aead_aes256gcm_NPUBBYTES] = { 0 };
    store_be64(nonce + 4, n);
    return crypto_aead_aes256gcm_decrypt(out, NULL, NULL, sealed, len, ad.data, ad.len, nonce,
                                         key) == 0;
}

const cx_cipher cx_cipher_aesgcm = { .name = "AESGCM",
                                     .tag = crypto_aead_aes256gcm_ABYTES,
                                     .is_available = aesgcm_is_available,
                                     .encrypt = aesgcm_encrypt,
                                     .decrypt = aesgcm_decrypt };

/* 24 zero bytes and the counter, little-endian. */
#ifdef crypto_aead_aegis256_KEYBYTES

static void aegis256_encrypt(const uint8_t *key, uint64_t n, coax_bytes ad, const uint8_t *plain,
                             size_t len, uint8_t *out)
{
    uint8_t nonce[crypto_aead_aegis256_NPUBBYTES] = { 0 };
    store_le64(nonce + 24, n);
    (void)crypto_aead_aegis256_encrypt(out, NULL, plain, len, ad.data, ad.len, NULL, nonce, key);
}

static bool aegis256_decrypt(const uint8_t *key, uint64_t n, coax_bytes ad, const uint8_t *sealed,
                             size_t len, uint8_t *out)
{
    uint8_t nonce[crypto_aead_aegis256_NPUBBYTES] = { 0 };
    store_le64(nonce + 24, n);
    return crypto_aead_aegis256_decrypt(out, NULL, NULL, sealed, len, ad.data, ad.len, nonce,
                                        key) == 0;
}

const cx_cipher cx_cipher_aegis256 = { .name = "AEGIS256",
                                       .tag = crypto_aead_aegis256_ABYTES,
                                       .is_available = is_always_available,
                                       .encrypt = aegis256_encrypt,
                                       .decrypt = aegis256_decrypt };

#else

static bool is_never_available(void)
{
    return false;
}

const cx_cipher cx_cipher_aegis256 = { .name = "AEGIS256",
                                       .tag = 32,
                                       .is_available = is_never_available };

#endif
