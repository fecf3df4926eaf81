/*
 * Both ends of OPAQUE joined by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "opaque_pair.h"
#include "secure/sha512.h"

void opaque_pair_numbers(opaque_pair *pair, void *ret_bytes, size_t len)
{
    const unsigned seed = pair->seed++;
    const coax_bytes info = cx_piece_text("numbers of a test");
    cx_hkdf_expand(cx_piece(&seed, sizeof seed), &info, 1, ret_bytes, len);
}

void opaque_pair_register(opaque_pair *pair, uint8_t ret_record[COAX_RECORD_BYTES])
{
    uint8_t random[64], blind[32], nonce[32];
    uint8_t request[COAX_REGISTER_REQUEST_BYTES], response[COAX_REGISTER_RESPONSE_BYTES];
    opaque_pair_numbers(pair, random, sizeof random);
    opaque_pair_numbers(pair, nonce, sizeof nonce);
    assert_int_equal(cx_opaque_register_start(pair->password, random, blind, request, NULL),
                     COAX_OK);
    assert_int_equal(
        cx_opaque_register_respond(&pair->server, pair->names.client, request, response, NULL),
        COAX_OK);
    assert_int_equal(cx_opaque_register_finish(pair->password, blind, &pair->names, &pair->stretch,
                                               nonce, response, ret_record, NULL, NULL),
                     COAX_OK);
}

void opaque_pair_init(opaque_pair *pair)
{
    uint8_t secret[COAX_STORE_SECRET_BYTES];
    memset(pair, 0, sizeof *pair);
    pair->names.client = cx_piece_text("alice");
    pair->names.context = cx_piece_text("coax1 and a channel's hash");
    pair->password = cx_piece_text("correct horse");
    pair->stretch.is_identity = true;
    opaque_pair_numbers(pair, secret, sizeof secret);
    secret[COAX_STORE_SECRET_BYTES - 1] &= 0x0f; /* below the group's order */
    assert_int_equal(cx_opaque_server_init(&pair->server, secret, NULL), COAX_OK);
    opaque_pair_register(pair, pair->record);
}

void opaque_pair_must_start(opaque_pair *pair)
{
    cx_opaque_client_random random;
    opaque_pair_numbers(pair, &random, sizeof random);
    assert_int_equal(cx_opaque_start(pair->password, &random, &pair->login, pair->ke1, NULL),
                     COAX_OK);
}

coax_err opaque_pair_respond(opaque_pair *pair, const uint8_t *record)
{
    cx_opaque_server_random random;
    opaque_pair_numbers(pair, &random, sizeof random);
    return cx_opaque_respond(&pair->server, record, pair->names.client, &pair->names, pair->ke1,
                             &random, &pair->expect, pair->ke2, NULL);
}

void opaque_pair_must_respond(opaque_pair *pair)
{
    assert_int_equal(opaque_pair_respond(pair, pair->record), COAX_OK);
}

coax_err opaque_pair_finish(opaque_pair *pair)
{
    return cx_opaque_finish(&pair->login, pair->password, &pair->names, &pair->stretch, pair->ke2,
                            &pair->result, NULL);
}
