/*
 * How a channel opens: preface, gate, handshake messages, and refusals in clear.
 *
 * Each message's length is known from pattern and suite, so any other is refused before a byte of it is kept. Nothing
 * that costs a Diffie-Hellman happens before the lengths, and with IK the gate, are right. Read next: channel_records.c.
 */
#include <string.h>

#include "secure/channel_parts.h"

#define REFUSAL_MARK 0xffffu

typedef struct cx_channel_opening opening_state;

static unsigned load16(const uint8_t *bytes)
{
    return (unsigned)bytes[0] | (unsigned)bytes[1] << 8;
}

coax_err cx_opening_create(cx_channel *channel)
{
    size_t cap;
    opening_state *opening = cx_channel_take(channel, sizeof *opening, &cap);
    if (opening == NULL)
        return COAX_ERR_NO_MEMORY;
    memset(opening, 0, sizeof *opening);
    opening->cap = cap;
    opening->may_speak = channel->config->is_server && !channel->config->needs_known_key;
    opening->need = CX_PREFACE_LEN;
    channel->opening = opening;
    return COAX_OK;
}

cx_last cx_opening_refuse(cx_channel *channel, coax_err code, const char *words)
{
    if (!channel->config->is_server || channel->config->needs_known_key) {
        if (channel->opening == NULL || !channel->opening->may_speak)
            return CX_LAST_NOTHING;
    }
    if (channel->opening == NULL && cx_opening_create(channel) != COAX_OK)
        return CX_LAST_NOTHING;
    opening_state *opening = channel->opening;
    opening->out_len = (uint16_t)(opening->out_len +
                                  cx_refusal_print(code, words, opening->out + opening->out_len));
    return CX_LAST_REFUSAL;
}

/* Refuses, and fails with the same words. */
static void refuse(cx_channel *channel, coax_err code, const char *words)
{
    cx_last last = cx_opening_refuse(channel, code, words);
    cx_channel_fail(channel, last, code, "%s", words);
}

static coax_err begin_handshake(cx_channel *channel)
{
    const cx_channel_config *config = channel->config;
    opening_state *opening = channel->opening;
    cx_key_pair own;
    memcpy(own.secret, config->secret_key, sizeof own.secret);
    memcpy(own.public_key, config->public_key, sizeof own.public_key);
    const cx_handshake_setup setup = { .pattern = cx_pattern_find(opening->pattern),
                                       .cipher = opening->suite->cipher,
                                       .hash = opening->suite->hash,
                                       .env = config->env,
                                       .initiator = !config->is_server,
                                       .prologue = { opening->preface, sizeof opening->preface },
                                       .s = &own,
                                       .rs = config->is_server ? NULL : config->peer_key,
                                       .psk = config->psk };
    coax_err err = cx_handshake_initialize(&opening->handshake, &setup);
    coax_wipe(&own, sizeof own);
    return err;
}

static bool has_gate(const cx_channel *channel)
{
    return channel->config->is_server && channel->opening->pattern == CX_PATTERN_IK;
}

/* What has to come next: a message of known length, and with IK's first one the gate before it. */
static void await_message(cx_channel *channel)
{
    opening_state *opening = channel->opening;
    const cx_handshake_state *handshake = &opening->handshake;
    opening->message_len = (uint16_t)cx_pattern_message_len(handshake->pattern, handshake->next,
                                                            opening->suite->cipher->tag);
    opening->step = CX_STEP_HEAD;
    opening->in_len = 0;
    opening->need = (uint16_t)(CX_MESSAGE_HEAD + (has_gate(channel) ? CX_GATE : 0));
}

static void put(opening_state *opening, const void *bytes, size_t len)
{
    memcpy(opening->out + opening->out_len, bytes, len);
    opening->out_len = (uint16_t)(opening->out_len + len);
}

static coax_err write_message(cx_channel *channel)
{
    opening_state *opening = channel->opening;
    uint8_t message[CX_HANDSHAKE_MESSAGE_MAX], gate[CX_GATE];
    const bool is_gated = !channel->config->is_server && opening->pattern == CX_PATTERN_IK;
    size_t len = 0;
    coax_err err =
        cx_handshake_write_message(&opening->handshake, (coax_bytes){ NULL, 0 }, message, &len);
    if (err != COAX_OK)
        return err;
    if (is_gated) {
        cx_gate_compute(channel->config->peer_key, opening->preface, (coax_bytes){ message, len },
                        gate);
        put(opening, gate, sizeof gate);
    }
    const uint8_t head[CX_MESSAGE_HEAD] = { (uint8_t)len, (uint8_t)(len >> 8) };
    put(opening, head, sizeof head);
    put(opening, message, len);
    return COAX_OK;
}

void cx_opening_start(cx_channel *channel)
{
    const cx_channel_config *config = channel->config;
    opening_state *opening = channel->opening;
    opening->pattern = config->pattern;
    opening->knows_peer = config->peer_key != NULL;
    opening->suite_id = config->suite != 0 ? config->suite : COAX_SUITE_CHACHAPOLY_BLAKE2B;
    opening->suite = cx_suite_find(opening->suite_id);
    const cx_preface preface = { CX_SECURITY_NOISE, opening->pattern, opening->suite_id };
    cx_preface_print(&preface, opening->preface);
    put(opening, opening->preface, sizeof opening->preface);
    if (begin_handshake(channel) != COAX_OK || write_message(channel) != COAX_OK) {
        opening->out_len = 0;
        cx_channel_fail(channel, CX_LAST_NOTHING, COAX_ERR_BAD_KEY,
                        "the server's key is not a usable one");
        return;
    }
    await_message(channel);
}

static void become_ready(cx_channel *channel)
{
    opening_state *opening = channel->opening;
    const cx_symmetric_state *symmetric = &opening->handshake.symmetric_state;
    const cx_channel_facts facts = { .hash = { cx_symmetric_handshake_hash(symmetric),
                                               symmetric->hash->len },
                                     .peer_key = opening->handshake.rs,
                                     .pattern = opening->pattern,
                                     .suite = opening->suite_id };
    cx_handshake_split(&opening->handshake, &channel->out.cipher, &channel->in.cipher);
    channel->state = CX_CHANNEL_READY;
    channel->is_sealing = true;
    /* The server may still refuse what a client's third message told it. */
    channel->may_be_refused = !channel->config->is_server && opening->pattern != CX_PATTERN_IK;
    if (channel->config->events->on_ready != NULL)
        channel->config->events->on_ready(channel->self, &facts);
    if (channel->opening == NULL) /* the owner has had enough of it */
        return;
    cx_handshake_wipe(&opening->handshake);
    coax_wipe(opening->in, sizeof opening->in);
    opening->step = CX_STEP_OVER;
    cx_opening_release_if_over(channel);
}

/* Why a message could not be read, as far as it can be told. */
static void fail_message(cx_channel *channel, coax_err err)
{
    const opening_state *opening = channel->opening;
    const unsigned number = opening->handshake.next + 1u;
    const bool is_psk =
        opening->pattern == CX_PATTERN_XXPSK3 && number == 3 && opening->handshake.has_rs;
    cx_last last = CX_LAST_NOTHING;
    coax_err code = err;
    const char *words =
        "the handshake does not open: bytes were changed on the way, or the keys differ";
    if (err == COAX_ERR_PROTOCOL)
        words = "the peer's key in the handshake is one that proves nothing";
    if (is_psk && err == COAX_ERR_TAMPERED) {
        code = COAX_ERR_UNAUTHENTICATED;
        words = "the pre-shared keys differ, or bytes were changed on the way";
    }
    if (channel->config->is_server)
        last = cx_opening_refuse(channel, code, words);
    cx_channel_fail(channel, last, code, "message %u: %s", number, words);
}

/* The peer's static key has come: whose is it? False: the channel has ended. */
static bool accept_peer(cx_channel *channel)
{
    const cx_channel_config *config = channel->config;
    opening_state *opening = channel->opening;
    coax_error why = COAX_ERROR_INIT;
    if (opening->knows_peer || !opening->handshake.has_rs || config->events->on_peer_key == NULL)
        return true;
    opening->knows_peer = true;
    coax_err err = config->events->on_peer_key(channel->self, opening->handshake.rs, &why);
    if (channel->state != CX_CHANNEL_OPENING)
        return false;
    if (err == COAX_OK)
        return true;
    cx_last last = CX_LAST_NOTHING;
    if (config->is_server && why.text[0] != '\0')
        last = cx_opening_refuse(channel, err, why.text);
    if (why.code == COAX_OK)
        coax_error_set(&why, err, "the peer's key was refused");
    cx_channel_fail_with(channel, last, &why);
    return false;
}

/* A whole message, of the right length: read it, answer it. */
static void take_message(cx_channel *channel)
{
    opening_state *opening = channel->opening;
    uint8_t payload[CX_OPENING_IN];
    size_t len;
    const uint8_t *message = opening->in + opening->need - opening->message_len;
    coax_err err = cx_handshake_read_message(&opening->handshake, message, opening->message_len,
                                             payload, &len);
    if (err != COAX_OK) {
        fail_message(channel, err);
        return;
    }
    if (!accept_peer(channel))
        return;
    if (cx_handshake_writes(&opening->handshake)) {
        err = write_message(channel);
        if (err != COAX_OK) {
            fail_message(channel, err);
            return;
        }
    }
    if (cx_handshake_is_over(&opening->handshake))
        become_ready(channel);
    else
        await_message(channel);
}

/* The message's bytes are there: what may be said about them without arithmetic, then the arithmetic. */
static void step_message(cx_channel *channel)
{
    const cx_channel_config *config = channel->config;
    opening_state *opening = channel->opening;
    if (has_gate(channel)) {
        const coax_bytes message = { opening->in + opening->need - opening->message_len,
                                     opening->message_len };
        if (!cx_gate_is_right(opening->in, config->public_key, opening->preface, message)) {
            refuse(channel, COAX_ERR_FAILED_PRECONDITION,
                   "this server has another key than the one that was dialled");
            return;
        }
        opening->may_speak = true;
    }
    if (config->is_server && config->events->may_compute != NULL &&
        !config->events->may_compute(channel->self)) {
        if (channel->state == CX_CHANNEL_OPENING)
            opening->is_waiting = true;
        return;
    }
    if (channel->state == CX_CHANNEL_OPENING)
        take_message(channel);
}

void cx_opening_resume(cx_channel *channel)
{
    channel->opening->is_waiting = false;
    take_message(channel);
}

/* The length of a message, or the mark of a refusal. */
static void step_head(cx_channel *channel)
{
    opening_state *opening = channel->opening;
    const unsigned len = load16(opening->in + opening->need - CX_MESSAGE_HEAD);
    if (len == opening->message_len) {
        opening->step = CX_STEP_MESSAGE;
        opening->need = (uint16_t)(opening->need + len);
    } else if (channel->config->is_server) {
        refuse(channel, COAX_ERR_PROTOCOL,
               "a handshake message of another length than its pattern and suite have");
    } else if (len == REFUSAL_MARK) {
        opening->step = CX_STEP_REFUSAL;
        opening->need = CX_REFUSAL_HEAD;
    } else {
        opening->step = CX_STEP_STRANGER;
        opening->need = 4;
    }
}

/* A client's peer began with something that is no handshake. */
static void step_stranger(cx_channel *channel)
{
    const opening_state *opening = channel->opening;
    const char *name = cx_preface_stranger(opening->in);
    if (name != NULL)
        cx_channel_fail(channel, CX_LAST_NOTHING, COAX_ERR_PROTOCOL, "the peer speaks %s, not coax",
                        name);
    else
        cx_channel_fail(
            channel, CX_LAST_NOTHING, COAX_ERR_PROTOCOL,
            "the peer's handshake message has %u bytes where %u were to come: bytes were changed on "
            "the way, or it does not speak coax",
            load16(opening->in), opening->message_len);
}

/* Nobody has vouched for any of this. */
void cx_channel_fail_refused(cx_channel *channel, unsigned pattern, unsigned wire,
                             const uint8_t *bytes, size_t len)
{
    char words[CX_REFUSAL_WORDS + 1];
    if (len > CX_REFUSAL_WORDS) {
        cx_channel_fail(channel, CX_LAST_NOTHING, COAX_ERR_PROTOCOL,
                        "a refusal of %zu bytes, where %u are the most", len, CX_REFUSAL_WORDS);
        return;
    }
    cx_refusal_mend(words, bytes, len);
    words[len] = '\0';
    coax_err code =
        wire == 0 || wire > COAX_ERR_UNAUTHENTICATED ? COAX_ERR_UNAVAILABLE : (coax_err)wire;
    if (pattern == CX_PATTERN_IK && code == COAX_ERR_FAILED_PRECONDITION)
        code = COAX_ERR_KEY_CHANGED;
    cx_channel_fail(channel, CX_LAST_NOTHING, code,
                    "refused before encryption (anybody on the way may have said so): %s",
                    len > 0 ? words : "no reason given");
}

/* What is left of a refusal when its words are there, or don't come. */
static void take_refusal(cx_channel *channel)
{
    const opening_state *opening = channel->opening;
    cx_channel_fail_refused(channel, opening->pattern, load16(opening->in + 2),
                            opening->in + CX_REFUSAL_HEAD, load16(opening->in + 4));
}

static void step_refusal(cx_channel *channel)
{
    opening_state *opening = channel->opening;
    const unsigned len = load16(opening->in + 4);
    if (len > 0 && len <= CX_REFUSAL_WORDS) {
        opening->step = CX_STEP_WORDS;
        opening->need = (uint16_t)(CX_REFUSAL_HEAD + len);
    } else {
        take_refusal(channel);
    }
}

/* Whether this server speaks what the preface names; if not, it has said so. */
static bool accept_preface(cx_channel *channel, const cx_preface *preface)
{
    const cx_channel_config *config = channel->config;
    opening_state *opening = channel->opening;
    opening->pattern = preface->pattern;
    opening->suite_id = preface->suite;
    opening->suite =
        (config->refused_suites & 1u << preface->suite) == 0 ? cx_suite_find(preface->suite) : NULL;
    if (cx_pattern_find(preface->pattern) == NULL)
        refuse(channel, COAX_ERR_UNIMPLEMENTED, "that handshake pattern is not spoken here");
    else if (opening->suite == NULL)
        refuse(channel, COAX_ERR_UNIMPLEMENTED, "that suite of ciphers is not available here");
    else if (config->psk != NULL && preface->pattern != CX_PATTERN_XXPSK3)
        refuse(channel, COAX_ERR_UNAUTHENTICATED,
               "only clients with the pre-shared key are taken here");
    else if (config->psk == NULL && preface->pattern == CX_PATTERN_XXPSK3)
        refuse(channel, COAX_ERR_UNAUTHENTICATED, "no pre-shared key is set here");
    else if (config->needs_known_key && preface->pattern != CX_PATTERN_IK)
        refuse(channel, COAX_ERR_UNAUTHENTICATED,
               "only clients that know this server's key are taken here");
    return channel->state == CX_CHANNEL_OPENING;
}

static void step_preface(cx_channel *channel)
{
    opening_state *opening = channel->opening;
    cx_preface preface = { 0, 0, 0 };
    coax_error why = COAX_ERROR_INIT;
    coax_err err = cx_preface_parse(opening->in, opening->in_len, &preface, &why);
    if (err == COAX_ERR_WOULD_BLOCK)
        return;
    const cx_last plain = opening->may_speak ? CX_LAST_PLAIN_GOAWAY : CX_LAST_NOTHING;
    if (err == COAX_ERR_UNIMPLEMENTED && preface.security == CX_SECURITY_NOISE) {
        refuse(channel, err, why.text);
    } else if (err != COAX_OK) {
        cx_channel_fail_with(channel, err == COAX_ERR_UNIMPLEMENTED ? plain : CX_LAST_NOTHING,
                             &why);
    } else if (preface.security == CX_SECURITY_NONE) {
        cx_channel_fail(channel, plain, COAX_ERR_INSECURE,
                        "only encrypted connections are taken here; dial without plain+");
    } else if (accept_preface(channel, &preface)) {
        memcpy(opening->preface, opening->in, CX_PREFACE_LEN);
        if (begin_handshake(channel) == COAX_OK)
            await_message(channel);
        else
            refuse(channel, COAX_ERR_INTERNAL, "the server has no key for that pattern");
    }
}

static void run_step(cx_channel *channel)
{
    switch (channel->opening->step) {
    case CX_STEP_PREFACE: step_preface(channel); break;
    case CX_STEP_HEAD: step_head(channel); break;
    case CX_STEP_MESSAGE: step_message(channel); break;
    case CX_STEP_REFUSAL: step_refusal(channel); break;
    case CX_STEP_WORDS: take_refusal(channel); break;
    default: step_stranger(channel); break;
    }
}

size_t cx_opening_receive(cx_channel *channel, const uint8_t *data, size_t len)
{
    size_t at = 0;
    if (channel->opening == NULL && cx_opening_create(channel) != COAX_OK) {
        cx_channel_fail(channel, CX_LAST_NOTHING, COAX_ERR_NO_MEMORY,
                        "no memory to open the connection");
        return len;
    }
    while (at < len && channel->state == CX_CHANNEL_OPENING && !channel->opening->is_waiting) {
        opening_state *opening = channel->opening;
        const size_t missing = (size_t)(opening->need - opening->in_len);
        const size_t n = missing < len - at ? missing : len - at;
        memcpy(opening->in + opening->in_len, data + at, n);
        opening->in_len = (uint16_t)(opening->in_len + n);
        at += n;
        if (opening->in_len == opening->need || opening->step == CX_STEP_PREFACE)
            run_step(channel);
    }
    return at;
}
