/*
 * haskell-cryptography/cacophony's vectors: whole handshakes and the messages behind them, for every pattern, cipher and
 * hash the tables of secure hold. Both sides are run; every message, payload and hash must be as in the file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "secure/channel.h"
#include "secure/handshake_state.h"
#include "vectors.h"

enum { ROOM = 512 };

typedef struct bytes {
    uint8_t data[ROOM];
    size_t len;
    bool is_there;
} bytes;

static bytes from_hex(const json *value)
{
    bytes is = { { 0 }, 0, value != NULL };
    if (value == NULL)
        return is;
    const char *text = value->text;
    assert_true(strlen(text) % 2 == 0 && strlen(text) / 2 <= ROOM);
    for (; *text != '\0'; text += 2) {
        const char digits[3] = { text[0], text[1], '\0' };
        is.data[is.len++] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return is;
}

/* "init" and "static" read "init_static". */
static bytes member_hex(const json *vector, const char *side, const char *name)
{
    char key[64];
    (void)snprintf(key, sizeof key, "%s_%s", side, name);
    return from_hex(json_member(vector, key));
}

static const cx_cipher *cipher_named(const char *name)
{
    const cx_cipher *all[] = { &cx_cipher_chachapoly, &cx_cipher_aesgcm };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    }
    return NULL;
}

static const cx_hash *hash_named(const char *name)
{
    const cx_hash *all[] = { &cx_hash_blake2b, &cx_hash_sha256, &cx_hash_sha512 };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    }
    return NULL;
}

static void no_random(void *self, uint8_t *ret_bytes, size_t len)
{
    (void)self;
    (void)ret_bytes;
    (void)len;
    fail_msg("known answers leave nothing to chance");
}

static cx_key_pair pair_of(const bytes *secret)
{
    cx_key_pair pair;
    memcpy(pair.secret, secret->data, sizeof pair.secret);
    cx_dh_public(pair.secret, pair.public_key);
    return pair;
}

typedef struct protocol {
    const cx_pattern *pattern;
    const cx_cipher *cipher;
    const cx_hash *hash;
} protocol;

/* "Noise_XXpsk3_25519_ChaChaPoly_BLAKE2b" */
static protocol protocol_named(const char *name)
{
    char pattern[32], cipher[32], hash[32];
    assert_int_equal(sscanf(name, "Noise_%31[^_]_25519_%31[^_]_%31s", pattern, cipher, hash), 3);
    const protocol is = { cx_pattern_named(pattern), cipher_named(cipher), hash_named(hash) };
    if (is.pattern == NULL || is.cipher == NULL || is.hash == NULL)
        fail_msg("%s can't be run", name);
    return is;
}

static void initialize(cx_handshake_state *state, const json *vector, const protocol *is,
                       bool initiator)
{
    static const coax_env env = { .random = no_random };
    const char *side = initiator ? "init" : "resp";
    const bytes prologue = member_hex(vector, side, "prologue");
    const bytes s = member_hex(vector, side, "static");
    const bytes e = member_hex(vector, side, "ephemeral");
    const bytes rs = member_hex(vector, side, "remote_static");
    const json *psks = json_member(vector, initiator ? "init_psks" : "resp_psks");
    const bytes psk = from_hex(psks != NULL ? &psks->items[0] : NULL);
    const cx_key_pair s_pair = pair_of(&s), e_pair = pair_of(&e);
    const cx_handshake_setup setup = { .pattern = is->pattern,
                                       .cipher = is->cipher,
                                       .hash = is->hash,
                                       .env = &env,
                                       .initiator = initiator,
                                       .prologue = { prologue.data, prologue.len },
                                       .s = s.is_there ? &s_pair : NULL,
                                       .e = &e_pair,
                                       .rs = rs.is_there ? rs.data : NULL,
                                       .psk = psk.is_there ? psk.data : NULL };
    assert_int_equal(cx_handshake_initialize(state, &setup), COAX_OK);
}

/* One message of the handshake from one side to the other. */
static void pass_message(cx_handshake_state *from, cx_handshake_state *to, const bytes *payload,
                         const bytes *sealed, size_t tag)
{
    uint8_t message[ROOM + CX_HANDSHAKE_MESSAGE_MAX], opened[ROOM + CX_HANDSHAKE_MESSAGE_MAX];
    size_t len = 0, opened_len = 0;
    assert_true(cx_handshake_writes(from) && !cx_handshake_writes(to));
    const size_t around = cx_pattern_message_len(from->pattern, from->next, tag);
    assert_int_equal(cx_handshake_write_message(from, (coax_bytes){ payload->data, payload->len },
                                                message, &len),
                     COAX_OK);
    assert_int_equal(len, sealed->len);
    assert_int_equal(len, around + payload->len);
    assert_memory_equal(message, sealed->data, len);
    assert_int_equal(cx_handshake_read_message(to, message, len, opened, &opened_len), COAX_OK);
    assert_int_equal(opened_len, payload->len);
    assert_memory_equal(opened, payload->data, opened_len);
}

static void pass_transport(cx_cipher_state *from, cx_cipher_state *to, const bytes *payload,
                           const bytes *sealed)
{
    uint8_t room[ROOM + CX_CIPHER_TAG_MAX];
    const coax_bytes no_ad = { NULL, 0 };
    memcpy(room, payload->data, payload->len);
    assert_int_equal(cx_cipher_encrypt_with_ad(from, no_ad, room, payload->len, room), COAX_OK);
    assert_int_equal(sealed->len, payload->len + from->cipher->tag);
    assert_memory_equal(room, sealed->data, sealed->len);
    assert_int_equal(cx_cipher_decrypt_with_ad(to, no_ad, room, sealed->len, room), COAX_OK);
    assert_memory_equal(room, payload->data, payload->len);
}

static void check_hash(const json *vector, const cx_handshake_state *state)
{
    const bytes hash = from_hex(json_member(vector, "handshake_hash"));
    assert_int_equal(hash.len, state->symmetric_state.hash->len);
    assert_memory_equal(hash.data, cx_symmetric_handshake_hash(&state->symmetric_state), hash.len);
}

static void run_vector(const json *vector, const protocol *is)
{
    cx_handshake_state sides[2]; /* initiator, responder */
    cx_cipher_state out[2], in[2];
    const json *messages = json_member(vector, "messages");
    initialize(&sides[0], vector, is, true);
    initialize(&sides[1], vector, is, false);
    assert_true(messages->count > is->pattern->n_messages);
    for (size_t i = 0; i < messages->count; i++) {
        const bytes payload = from_hex(json_member(&messages->items[i], "payload"));
        const bytes sealed = from_hex(json_member(&messages->items[i], "ciphertext"));
        const size_t from = i % 2, to = 1 - from;
        if (i == is->pattern->n_messages) {
            for (size_t side = 0; side < 2; side++) {
                assert_true(cx_handshake_is_over(&sides[side]));
                check_hash(vector, &sides[side]);
                cx_handshake_split(&sides[side], &out[side], &in[side]);
            }
        }
        if (i < is->pattern->n_messages)
            pass_message(&sides[from], &sides[to], &payload, &sealed, is->cipher->tag);
        else
            pass_transport(&out[from], &in[to], &payload, &sealed);
    }
}

static void every_handshake_of_the_vectors_runs_to_the_byte(void **state)
{
    unsigned n_run = 0, n_left_out = 0;
    (void)state;
    json *tree = vectors_open("noise.json");
    const json *vectors = json_member(tree, "vectors");
    assert_non_null(vectors);
    for (size_t i = 0; i < vectors->count; i++) {
        const char *name = json_member(&vectors->items[i], "protocol_name")->text;
        const protocol is = protocol_named(name);
        if (!is.cipher->is_available()) {
            n_left_out++;
            continue;
        }
        run_vector(&vectors->items[i], &is);
        n_run++;
    }
    print_message("%u handshakes run, %u left out because this processor has no AES\n", n_run,
                  n_left_out);
    assert_true(n_run >= 27 && n_run + n_left_out >= 54);
    json_free(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(
        every_handshake_of_the_vectors_runs_to_the_byte) };
    if (cx_secure_init(NULL) != COAX_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
