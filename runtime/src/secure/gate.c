/*
 * BLAKE2b-128 over preface and message, keyed with BLAKE2b-256("coax gate 1" || server's public key).
 *
 * Read next: channel_opening.c.
 */
#include <string.h>

#include <sodium.h>

#include "secure/gate.h"

void cx_gate_compute(const uint8_t server_key[CX_DH], const uint8_t preface[CX_PREFACE_LEN],
                     coax_bytes message, uint8_t ret_gate[CX_GATE])
{
    static const uint8_t label[] = { 'c', 'o', 'a', 'x', ' ', 'g', 'a', 't', 'e', ' ', '1' };
    uint8_t key[32];
    crypto_generichash_blake2b_state state;
    (void)crypto_generichash_blake2b_init(&state, NULL, 0, sizeof key);
    (void)crypto_generichash_blake2b_update(&state, label, sizeof label);
    (void)crypto_generichash_blake2b_update(&state, server_key, CX_DH);
    (void)crypto_generichash_blake2b_final(&state, key, sizeof key);
    (void)crypto_generichash_blake2b_init(&state, key, sizeof key, CX_GATE);
    (void)crypto_generichash_blake2b_update(&state, preface, CX_PREFACE_LEN);
    (void)crypto_generichash_blake2b_update(&state, message.data, message.len);
    (void)crypto_generichash_blake2b_final(&state, ret_gate, CX_GATE);
    sodium_memzero(key, sizeof key);
    sodium_memzero(&state, sizeof state);
}

bool cx_gate_is_right(const uint8_t gate[CX_GATE], const uint8_t server_key[CX_DH],
                      const uint8_t preface[CX_PREFACE_LEN], coax_bytes message)
{
    uint8_t right[CX_GATE];
    cx_gate_compute(server_key, preface, message, right);
    return crypto_verify_16(gate, right) == 0;
}
