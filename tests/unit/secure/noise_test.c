/*
 * Known answers: hashes, HMAC, HKDF and X25519 from their RFCs, and whole conversations of each pattern and suite from
 * noise_answers.py, a second implementation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "noise_answers.h"
#include "secure/channel.h"
#include "secure/dh.h"
#include "secure/handshake_state.h"

enum { ROOM = 512 };

typedef struct bytes {
    uint8_t data[ROOM];
    size_t len;
} bytes;

static bytes hex(const char *text)
{
    bytes is = { { 0 }, 0 };
    assert_true(strlen(text) / 2 <= ROOM);
    for (; *text != '\0'; text += 2) {
        const char digits[3] = { text[0], text[1], '\0' };
        is.data[is.len++] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return is;
}

static coax_bytes of_text(const char *text)
{
    return (coax_bytes){ (const uint8_t *)text, strlen(text) };
}

static void assert_hex(const uint8_t *data, size_t len, const char *text)
{
    const bytes expected = hex(text);
    assert_int_equal(len, expected.len);
    assert_memory_equal(data, expected.data, len);
}

static void hashes_are_those_of_their_specifications(void **state)
{
    (void)state;
    uint8_t out[64];
    const coax_bytes pieces[3] = { of_text("a"), of_text(""), of_text("bc") };
    cx_hash_pieces(&cx_hash_blake2b, pieces, 3, out); /* RFC 7693, appendix A */
    assert_hex(out, 64,
               "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
               "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
    cx_hash_pieces(&cx_hash_sha256, pieces, 3, out); /* FIPS 180-4's example */
    assert_hex(out, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    cx_hash_pieces(&cx_hash_sha512, pieces, 3, out);
    assert_hex(out, 64,
               "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
               "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

static void hmac_is_rfc_4231s(void **state)
{
    (void)state;
    uint8_t out[64];
    const coax_bytes data = of_text("what do ya want for nothing?");
    cx_hash_hmac(&cx_hash_sha256, of_text("Jefe"), &data, 1, out);
    assert_hex(out, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    cx_hash_hmac(&cx_hash_sha512, of_text("Jefe"), &data, 1, out);
    assert_hex(out, 64,
               "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
               "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
}

/* RFC 5869's third case: no salt, which is a chaining key of zeros, and no info. */
static void hkdf_is_rfc_5869s_without_info(void **state)
{
    (void)state;
    uint8_t ck[64] = { 0 }, material[22], one[64], two[64], three[64];
    memset(material, 0x0b, sizeof material);
    cx_hash_hkdf(&cx_hash_sha256, ck, (coax_bytes){ material, sizeof material }, one, two, three);
    assert_hex(one, 32, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    assert_hex(two, 10, "9d201395faa4b61a96c8");
    cx_hash_hkdf(&cx_hash_sha256, ck, (coax_bytes){ material, sizeof material }, ck, two, NULL);
    assert_memory_equal(ck, one, 32); /* an output may be the chaining key */
}

static void x25519_is_rfc_7748s(void **state)
{
    (void)state;
    const bytes a = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    const bytes b = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    uint8_t a_public[32], b_public[32], shared[32];
    cx_dh_public(a.data, a_public);
    cx_dh_public(b.data, b_public);
    assert_hex(a_public, 32, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    assert_hex(b_public, 32, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    assert_true(cx_dh(a.data, b_public, shared));
    assert_hex(shared, 32, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    memset(b_public, 0, sizeof b_public);
    assert_false(cx_dh(a.data, b_public, shared));
}

/* Which ephemeral key comes next is known. */
static void give_ephemeral(void *self, uint8_t *ret_bytes, size_t len)
{
    assert_int_equal(len, 32);
    memcpy(ret_bytes, hex(self).data, 32);
}

static void *resize(void *self, void *old, size_t size)
{
    (void)self;
    return realloc(old, size);
}

static void release(void *self, void *memory)
{
    (void)self;
    free(memory);
}

typedef struct heard {
    uint8_t hash[CX_HASH_MAX];
    size_t hash_len;
    bytes data;
} heard;

static void on_ready(void *self, const cx_channel_facts *facts)
{
    heard *it = self;
    memcpy(it->hash, facts->hash.data, facts->hash.len);
    it->hash_len = facts->hash.len;
}

static bool on_data(void *self, const uint8_t *data, size_t len, uint64_t now)
{
    heard *it = self;
    (void)now;
    memcpy(it->data.data, data, len);
    it->data.len = len;
    return true;
}

static void on_failed(void *self, const coax_error *why, cx_last last)
{
    (void)self;
    (void)last;
    fail_msg("%s", why->text);
}

static const cx_channel_events events = { .on_ready = on_ready,
                                          .on_data = on_data,
                                          .on_failed = on_failed };

typedef struct side {
    char ephemeral[65];
    coax_env env;
    cx_channel_config config;
    uint8_t secret[32], public_key[32], psk[32], peer_key[32];
    cx_channel channel;
    heard heard;
} side;

static void open_side(side *it, bool is_server, const noise_answer *answer)
{
    memset(it, 0, sizeof *it);
    memcpy(it->secret, hex(secrets[is_server ? 1 : 0]).data, 32);
    memcpy(it->psk, hex(secrets[4]).data, 32);
    cx_dh_public(it->secret, it->public_key);
    cx_dh_public(hex(secrets[1]).data, it->peer_key);
    memcpy(it->ephemeral, secrets[is_server ? 3 : 2], sizeof it->ephemeral);
    it->env = (coax_env){ .self = it->ephemeral,
                          .random = give_ephemeral,
                          .allocator = { NULL, resize, release } };
    it->config =
        (cx_channel_config){ .is_server = is_server,
                             .env = &it->env,
                             .events = &events,
                             .secret_key = it->secret,
                             .public_key = it->public_key,
                             .psk = answer->pattern == CX_PATTERN_XXPSK3 ? it->psk : NULL,
                             .pattern = (uint8_t)answer->pattern,
                             .suite = (uint8_t)answer->suite,
                             .peer_key = answer->pattern == CX_PATTERN_IK ? it->peer_key : NULL };
    assert_int_equal(cx_channel_init(&it->channel, &it->config, &it->heard, NULL), COAX_OK);
    cx_channel_start(&it->channel);
}

/* What one side has to say in clear is this, and goes to the other. */
static void say_in_clear(side *from, side *to, const char *expected)
{
    const coax_bytes output = cx_channel_output(&from->channel);
    bytes copy = { { 0 }, output.len };
    assert_hex(output.data, output.len, expected);
    if (output.len == 0)
        return;
    memcpy(copy.data, output.data, output.len);
    cx_channel_sent(&from->channel, output.len);
    assert_int_equal(cx_channel_receive(&to->channel, copy.data, copy.len, 0), copy.len);
}

static void say_sealed(side *from, side *to, const char *text, const char *expected)
{
    uint8_t out[ROOM];
    size_t taken, len;
    const coax_bytes piece = of_text(text);
    assert_int_equal(cx_channel_seal(&from->channel, &piece, 1, 0, out, sizeof out, &taken, &len),
                     COAX_OK);
    assert_hex(out, len, expected);
    assert_int_equal(cx_channel_receive(&to->channel, out, len, 0), len);
    assert_int_equal(to->heard.data.len, strlen(text));
    assert_memory_equal(to->heard.data.data, text, strlen(text));
}

static void run_answer(const noise_answer *answer)
{
    static const cx_channel_limits soon = { 1, UINT64_MAX, UINT64_MAX, 16384 };
    side client, server;
    open_side(&client, false, answer);
    open_side(&server, true, answer);
    say_in_clear(&client, &server, answer->client_first);
    say_in_clear(&server, &client, answer->server);
    say_in_clear(&client, &server, answer->client_second);
    assert_hex(client.heard.hash, client.heard.hash_len, answer->hash);
    assert_hex(server.heard.hash, server.heard.hash_len, answer->hash);
    say_sealed(&client, &server, "from the client", answer->from_client);
    say_sealed(&server, &client, "from the server", answer->from_server);
    client.config.limits = &soon;
    say_sealed(&client, &server, "with another key", answer->changed);
    cx_channel_deinit(&client.channel);
    cx_channel_deinit(&server.channel);
}

static void conversations_are_those_of_the_other_implementation(void **state)
{
    (void)state;
    unsigned n_run = 0;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (!coax_suite_is_available((coax_suite)answers[i].suite))
            continue;
        run_answer(&answers[i]);
        n_run++;
    }
    print_message("%u of %u conversations run; the ciphers of others are not available here\n",
                  n_run, (unsigned)(sizeof answers / sizeof answers[0]));
    assert_true(n_run >= 3);
}

static void a_handshake_wants_the_keys_of_its_pattern(void **state)
{
    (void)state;
    static const coax_env env = { .self = NULL };
    cx_handshake_state it;
    cx_key_pair s = { { 1 }, { 2 } };
    cx_handshake_setup setup = { .cipher = &cx_cipher_chachapoly,
                                 .hash = &cx_hash_blake2b,
                                 .env = &env };
    setup.initiator = true;
    setup.pattern = cx_pattern_named("XX");
    assert_int_equal(cx_handshake_initialize(&it, &setup), COAX_ERR_MISUSE);
    setup.s = &s;
    assert_int_equal(cx_handshake_initialize(&it, &setup), COAX_OK);
    setup.pattern = cx_pattern_named("IK");
    assert_int_equal(cx_handshake_initialize(&it, &setup), COAX_ERR_MISUSE); /* whom to? */
    setup.pattern = cx_pattern_named("XXpsk3");
    assert_int_equal(cx_handshake_initialize(&it, &setup), COAX_ERR_MISUSE);
    assert_null(cx_pattern_named("XY"));
    setup.pattern = cx_pattern_named("NN");
    setup.s = NULL;
    assert_int_equal(cx_handshake_initialize(&it, &setup), COAX_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_their_specifications),
        cmocka_unit_test(hmac_is_rfc_4231s),
        cmocka_unit_test(hkdf_is_rfc_5869s_without_info),
        cmocka_unit_test(x25519_is_rfc_7748s),
        cmocka_unit_test(conversations_are_those_of_the_other_implementation),
        cmocka_unit_test(a_handshake_wants_the_keys_of_its_pattern),
    };
    if (cx_secure_init(NULL) != COAX_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
