/*
 * OPAQUE's messages: nothing that a peer sends breaks either end, and nobody gets in by what the other end did not make.
 *
 * The first byte says which message the input spoils: the rest is xored over the true one (so an empty rest leaves it true), or,
 * with the highest bit set, stands in its place.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "secure/opaque.h"
#include "secure/sha512.h"

/* One login with fixed numbers, made anew for each input. */
typedef struct exchange {
    cx_opaque_server server;
    cx_opaque_names names;
    cx_opaque_stretch stretch;
    coax_bytes password;
    uint8_t record[COAX_RECORD_BYTES];
    cx_opaque_login login;
    cx_opaque_expect expect;
    cx_opaque_result result;
    uint8_t ke1[CX_OPAQUE_KE1], ke2[CX_OPAQUE_KE2];
} exchange;

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void numbers(uint8_t seed, void *ret_bytes, size_t len)
{
    const coax_bytes info = cx_piece_text("numbers");
    cx_hkdf_expand(cx_piece(&seed, 1), &info, 1, ret_bytes, len);
}

/* Spoils a message. Returns whether it is another one now. */
static bool spoil(uint8_t kind, const uint8_t *data, size_t size, uint8_t *message, size_t len)
{
    bool is_changed = false;
    for (size_t i = 0; i < len; i++) {
        uint8_t old = message[i];
        if ((kind & 0x80) != 0)
            message[i] = i < size ? data[i] : 0;
        else
            message[i] ^= i < size ? data[i] : 0;
        is_changed = is_changed || message[i] != old;
    }
    return is_changed;
}

static void make(exchange *x)
{
    uint8_t secret[COAX_STORE_SECRET_BYTES], wide[64], blind[32], nonce[32];
    uint8_t request[COAX_REGISTER_REQUEST_BYTES], response[COAX_REGISTER_RESPONSE_BYTES];
    cx_opaque_client_random random;
    memset(x, 0, sizeof *x);
    x->names.client = cx_piece_text("alice");
    x->names.context = cx_piece_text("here");
    x->password = cx_piece_text("correct horse");
    x->stretch.is_identity = true;
    numbers(1, secret, sizeof secret);
    secret[sizeof secret - 1] &= 0x0f;
    numbers(2, wide, sizeof wide);
    numbers(3, nonce, sizeof nonce);
    numbers(4, &random, sizeof random);
    must(cx_opaque_server_init(&x->server, secret, NULL) == COAX_OK);
    must(cx_opaque_register_start(x->password, wide, blind, request, NULL) == COAX_OK);
    must(cx_opaque_register_respond(&x->server, x->names.client, request, response, NULL) ==
         COAX_OK);
    must(cx_opaque_register_finish(x->password, blind, &x->names, &x->stretch, nonce, response,
                                   x->record, NULL, NULL) == COAX_OK);
    must(cx_opaque_start(x->password, &random, &x->login, x->ke1, NULL) == COAX_OK);
}

static coax_err respond(exchange *x)
{
    cx_opaque_server_random random;
    numbers(5, &random, sizeof random);
    return cx_opaque_respond(&x->server, x->record, x->names.client, &x->names, x->ke1, &random,
                             &x->expect, x->ke2, NULL);
}

static coax_err finish(exchange *x)
{
    return cx_opaque_finish(&x->login, x->password, &x->names, &x->stretch, x->ke2, &x->result,
                            NULL);
}

static void log_in(exchange *x, uint8_t kind, const uint8_t *data, size_t size)
{
    bool is_changed = false;
    if (kind % 8 == 0)
        is_changed = spoil(kind, data, size, x->ke1, sizeof x->ke1);
    if (kind % 8 == 1)
        is_changed = spoil(kind, data, size, x->record, sizeof x->record);
    if (respond(x) != COAX_OK) {
        must(is_changed);
        return;
    }
    if (kind % 8 == 2)
        is_changed = spoil(kind, data, size, x->ke2, sizeof x->ke2);
    must((finish(x) == COAX_OK) == !is_changed);
    if (kind % 8 == 3)
        is_changed = spoil(kind, data, size, x->result.ke3, sizeof x->result.ke3);
    must(cx_opaque_accept(&x->expect, x->result.ke3, NULL) == !is_changed);
}

static void register_user(exchange *x, uint8_t kind, const uint8_t *data, size_t size)
{
    uint8_t wide[64], blind[32], nonce[32] = { 0 };
    uint8_t request[COAX_REGISTER_REQUEST_BYTES], response[COAX_REGISTER_RESPONSE_BYTES];
    numbers(6, wide, sizeof wide);
    must(cx_opaque_register_start(x->password, wide, blind, request, NULL) == COAX_OK);
    if (kind % 8 == 4)
        (void)spoil(kind, data, size, request, sizeof request);
    if (cx_opaque_register_respond(&x->server, x->names.client, request, response, NULL) != COAX_OK)
        return;
    if (kind % 8 == 5)
        (void)spoil(kind, data, size, response, sizeof response);
    coax_err err = cx_opaque_register_finish(x->password, blind, &x->names, &x->stretch, nonce,
                                             response, x->record, NULL, NULL);
    must(err == COAX_OK || err == COAX_ERR_BAD_MESSAGE);
}

/* A secret from somebody's own store. */
static void start_server(exchange *x, const uint8_t *data, size_t size)
{
    uint8_t secret[COAX_STORE_SECRET_BYTES] = { 0 };
    memcpy(secret, data, size < sizeof secret ? size : sizeof secret);
    coax_err err = cx_opaque_server_init(&x->server, secret, NULL);
    must(err == COAX_OK || err == COAX_ERR_BAD_KEY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    exchange x;
    if (size == 0)
        return 0;
    make(&x);
    if (data[0] % 8 < 4)
        log_in(&x, data[0], data + 1, size - 1);
    else if (data[0] % 8 < 6)
        register_user(&x, data[0], data + 1, size - 1);
    else
        start_server(&x, data + 1, size - 1);
    return 0;
}
