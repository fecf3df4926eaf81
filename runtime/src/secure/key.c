/*
 * Keys in memory: made, shared, wiped.
 *
 * Knows no files and no wire. The secret half is in sodium_malloc's memory: locked where the system
 * allows it, kept out of core dumps, between guard pages, and read-only once it is filled. Read
 * next: id.c, keyfile.c.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/env_system.h"
#include "secure/channel.h"
#include "secure/key.h"

_Static_assert(COAX_KEY_BYTES == crypto_scalarmult_SCALARBYTES, "a secret half is a scalar");
_Static_assert(COAX_KEY_BYTES == crypto_scalarmult_BYTES, "a public half is a point");

struct coax_key {
    coax_key *self; /* so that who has it const can count */
    atomic_uint n_owners;
    uint8_t *secret;
    uint8_t public_half[COAX_KEY_BYTES];
};

static coax_err no_memory(coax_error *error)
{
    return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a key");
}

static coax_err allocate(coax_key **ret_key, coax_error *error)
{
    coax_err err = cx_secure_init(error);
    if (err != COAX_OK)
        return err;
    coax_key *key = malloc(sizeof *key);
    if (key == NULL)
        return no_memory(error);
    key->secret = sodium_malloc(COAX_KEY_BYTES);
    if (key->secret == NULL) {
        free(key);
        return no_memory(error);
    }
    key->self = key;
    atomic_init(&key->n_owners, 1);
    *ret_key = key;
    return COAX_OK;
}

static void complete(coax_key *key)
{
    (void)crypto_scalarmult_base(key->public_half, key->secret);
    (void)sodium_mprotect_readonly(key->secret);
}

coax_err coax_key_generate(coax_key **ret_key, coax_error *error)
{
    const coax_env *env = cx_env_system();
    coax_key *key = NULL;
    if (ret_key == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE, "ret_key may not be NULL");
    coax_err err = allocate(&key, error);
    if (err != COAX_OK)
        return err;
    env->random(env->self, key->secret, COAX_KEY_BYTES);
    complete(key);
    *ret_key = key;
    return COAX_OK;
}

coax_err coax_key_from_bytes(const uint8_t bytes[COAX_KEY_BYTES], coax_key **ret_key,
                             coax_error *error)
{
    coax_key *key = NULL;
    if (bytes == NULL || ret_key == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE, "bytes and ret_key may not be NULL");
    coax_err err = allocate(&key, error);
    if (err != COAX_OK)
        return err;
    memcpy(key->secret, bytes, COAX_KEY_BYTES);
    complete(key);
    *ret_key = key;
    return COAX_OK;
}

coax_key *cx_key_ref(const coax_key *key)
{
    coax_key *self = key->self;
    (void)atomic_fetch_add_explicit(&self->n_owners, 1, memory_order_relaxed);
    return self;
}

void coax_key_free(coax_key *key)
{
    if (key == NULL || atomic_fetch_sub_explicit(&key->n_owners, 1, memory_order_acq_rel) != 1)
        return;
    sodium_free(key->secret); /* wipes it */
    free(key);
}

const uint8_t *cx_key_secret(const coax_key *key)
{
    return key->secret;
}

const uint8_t *cx_key_public(const coax_key *key)
{
    return key->public_half;
}

bool cx_key_same(const uint8_t a[COAX_KEY_BYTES], const uint8_t b[COAX_KEY_BYTES])
{
    return sodium_memcmp(a, b, COAX_KEY_BYTES) == 0;
}

bool cx_key_is_zero(const uint8_t bytes[COAX_KEY_BYTES])
{
    return sodium_is_zero(bytes, COAX_KEY_BYTES) != 0;
}

void coax_key_public(const coax_key *key, uint8_t ret_bytes[COAX_KEY_BYTES])
{
    if (ret_bytes != NULL && key == NULL)
        memset(ret_bytes, 0, COAX_KEY_BYTES);
    else if (ret_bytes != NULL)
        memcpy(ret_bytes, key->public_half, COAX_KEY_BYTES);
}

void coax_key_id(const coax_key *key, char ret_id[COAX_ID_SIZE])
{
    coax_id_print(key != NULL ? key->public_half : NULL, ret_id);
}
