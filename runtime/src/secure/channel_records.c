/*
 * Records: opened where they lie, sealed where they are to leave from, and when their keys change.
 *
 * A record is a u16 length, then ciphertext and tag; the nonce counts, so nothing can be dropped, repeated or moved. An
 * empty one says that its sender changes its key behind it. Read next: docs/wire.md, cipher_state.c.
 */
#include <string.h>

#include "base/copy.h"
#include "secure/channel_parts.h"

/* A record of which less than an eighth has come gets a block of this size at first: claims cost no memory. */
#define FIRST_BLOCK 512u

static const coax_bytes no_ad = { NULL, 0 };

static const cx_channel_limits *limits_of(const cx_channel *channel)
{
    return channel->config->limits != NULL ? channel->config->limits : &cx_channel_limits_default;
}

static void drop_tail(cx_channel *channel)
{
    cx_channel_give(channel, channel->tail, channel->tail_cap);
    channel->tail = NULL;
    channel->tail_len = 0;
    channel->tail_cap = 0;
}

void cx_records_deinit(cx_channel *channel)
{
    drop_tail(channel);
    channel->head_len = 0;
    channel->record_len = 0;
}

static void use_key(cx_record_half *half, size_t len)
{
    half->records++;
    half->bytes += len;
}

static void change_key(cx_record_half *half)
{
    cx_cipher_rekey(&half->cipher);
    half->records = 0;
    half->bytes = 0;
}

/* An empty record: senders have no reason for two in a row. */
static void take_rekey(cx_channel *channel)
{
    if (channel->in.records == 0) {
        cx_channel_fail(channel, CX_LAST_SEALED, COAX_ERR_PROTOCOL,
                        "the peer changed a key that it has not used");
        return;
    }
    change_key(&channel->in);
}

/* Whether the peer goes on with a key for more than twice as long as it should. */
static bool is_overdue(const cx_channel *channel)
{
    const cx_channel_limits *limits = limits_of(channel);
    return channel->in.records / 2 > limits->rekey_records ||
           channel->in.bytes / 2 > limits->rekey_bytes;
}

/* Opens one record in place. False: no more now. */
static bool open_record(cx_channel *channel, uint8_t *record, size_t len, uint64_t now)
{
    coax_err err = cx_cipher_decrypt_with_ad(&channel->in.cipher, no_ad, record, len, record);
    if (err != COAX_OK) {
        const bool is_tampered = err == COAX_ERR_TAMPERED;
        cx_channel_fail(
            channel, CX_LAST_SEALED, err, "%s",
            is_tampered
                ? "a record does not open: bytes were changed, lost, repeated or made up on the way"
                : "the peer has used up all nonces of this connection");
        return false;
    }
    const size_t plain = len - channel->in.cipher.cipher->tag;
    channel->may_be_refused = false;
    if (plain == 0) {
        take_rekey(channel);
        return true;
    }
    use_key(&channel->in, plain);
    if (is_overdue(channel)) {
        coax_wipe(record, plain);
        cx_channel_fail(channel, CX_LAST_SEALED, COAX_ERR_PROTOCOL,
                        "the peer goes on with a key that it should have changed long ago");
        return false;
    }
    bool goes_on = channel->config->events->on_data(channel->self, record, plain, now);
    coax_wipe(record, plain);
    return goes_on;
}

/* The head is there: how long the record is, if it may be that long. */
static bool read_head(cx_channel *channel)
{
    const size_t len = (size_t)channel->head[0] | (size_t)channel->head[1] << 8;
    const size_t tag = channel->in.cipher.cipher->tag;
    const uint32_t most = channel->config->max_early_record;
    if (len > CX_RECORD_MAX && channel->may_be_refused) {
        channel->is_refused = true;
        channel->record_len = CX_REFUSAL_HEAD - CX_RECORD_HEAD;
        return true;
    }
    if (len < tag || len > CX_RECORD_MAX) {
        cx_channel_fail(channel, CX_LAST_SEALED, COAX_ERR_TAMPERED,
                        "a record of %zu bytes can't be: bytes were changed on the way", len);
        return false;
    }
    if (!channel->is_trusted && most > 0 && len > most) {
        cx_channel_fail(
            channel, CX_LAST_SEALED, COAX_ERR_PROTOCOL,
            "a record of %zu bytes before the connection was open, where %u are the most", len,
            (unsigned)most);
        return false;
    }
    channel->record_len = (uint32_t)len;
    return true;
}

/* Room for `len` bytes in the tail, all the room it will need where that much is likely to come. */
static bool reserve_tail(cx_channel *channel, size_t len)
{
    if (len <= channel->tail_cap)
        return true;
    size_t want = channel->record_len;
    if (len < want / 8)
        want = len > FIRST_BLOCK ? len : (want < FIRST_BLOCK ? want : FIRST_BLOCK);
    size_t cap;
    uint8_t *block = cx_channel_take(channel, want, &cap);
    if (block == NULL) {
        cx_channel_fail(channel, CX_LAST_SEALED, COAX_ERR_NO_MEMORY,
                        "no memory for a record that has come in parts");
        return false;
    }
    if (channel->tail_len > 0)
        memcpy(block, channel->tail, channel->tail_len);
    cx_channel_give(channel, channel->tail, channel->tail_cap);
    channel->tail = block;
    channel->tail_cap = cap;
    return true;
}

/* Keeps bytes of a record that is not whole. Returns how many it took; 0: it failed. */
static size_t keep(cx_channel *channel, const uint8_t *data, size_t len)
{
    const size_t missing = channel->record_len - channel->tail_len;
    const size_t n = len < missing ? len : missing;
    if (!reserve_tail(channel, channel->tail_len + n))
        return 0;
    memcpy(channel->tail + channel->tail_len, data, n);
    channel->tail_len += (uint32_t)n;
    return n;
}

/* The tail holds a whole record. It is the owner's no more while it is handed on: deinit may come. */
static bool open_tail(cx_channel *channel, uint64_t now)
{
    uint8_t *block = channel->tail;
    const size_t cap = channel->tail_cap;
    const size_t len = channel->record_len;
    channel->tail = NULL;
    channel->tail_len = 0;
    channel->tail_cap = 0;
    channel->head_len = 0;
    channel->record_len = 0;
    bool goes_on = open_record(channel, block, len, now);
    cx_channel_give(channel, block, cap);
    return goes_on;
}

/* Takes bytes up to the end of the length in front of a record. False: it is not whole, or wrong. */
static bool take_head(cx_channel *channel, const uint8_t *data, size_t len, size_t *at,
                      uint64_t now)
{
    if (channel->record_len > 0)
        return true;
    if (channel->head_len == 0)
        channel->begun_ns = now;
    while (channel->head_len < CX_RECORD_HEAD && *at < len)
        channel->head[channel->head_len++] = data[(*at)++];
    return channel->head_len == CX_RECORD_HEAD && read_head(channel);
}

/* A refusal where the first record should be: its code and length, then its words. */
static void take_refusal(cx_channel *channel)
{
    const uint32_t head = CX_REFUSAL_HEAD - CX_RECORD_HEAD;
    const uint8_t *at = channel->tail;
    const unsigned code = (unsigned)at[0] | (unsigned)at[1] << 8;
    const unsigned n_words = (unsigned)at[2] | (unsigned)at[3] << 8;
    if (channel->record_len == head && n_words > 0 && n_words <= CX_REFUSAL_WORDS)
        channel->record_len = head + n_words;
    else
        cx_channel_fail_refused(channel, 0, code, at + head, n_words);
}

size_t cx_records_receive(cx_channel *channel, uint8_t *data, size_t len, uint64_t now)
{
    size_t at = 0;
    bool goes_on = true;
    while (at < len && goes_on && channel->state == CX_CHANNEL_READY) {
        if (!take_head(channel, data, len, &at, now) || at == len)
            break;
        const size_t record = channel->record_len;
        if (channel->tail_len == 0 && len - at >= record && !channel->is_refused) {
            channel->head_len = 0;
            channel->record_len = 0;
            at += record;
            goes_on = open_record(channel, data + at - record, record, now);
            continue;
        }
        at += keep(channel, data + at, len - at);
        if (channel->tail_len < record)
            continue;
        if (channel->is_refused)
            take_refusal(channel);
        else
            goes_on = open_tail(channel, now);
    }
    return at;
}

bool cx_channel_wants_rekey(const cx_channel *channel, uint64_t now)
{
    const cx_channel_limits *limits = limits_of(channel);
    const cx_record_half *out = &channel->out;
    return out->records > 0 &&
           (out->records >= limits->rekey_records || out->bytes >= limits->rekey_bytes ||
            now - out->since_ns >= limits->rekey_ns);
}

size_t cx_channel_sealed_max(const cx_channel *channel, size_t len)
{
    const size_t records = len / limits_of(channel)->record + 1;
    return len + (2 * records + 1) * (CX_RECORD_HEAD + CX_RECORD_TAG_MAX);
}

/* Where a seal stands: what is left of its pieces. */
typedef struct gathering {
    const coax_bytes *pieces; /* the first is taken up to `at` */
    size_t n;
    size_t at;
    size_t left;
} gathering;

static void skip_empty(gathering *from)
{
    while (from->n > 0 && from->pieces->len == from->at) {
        from->pieces++;
        from->n--;
        from->at = 0;
    }
}

/*
 * The next `len` bytes, in one run: where they lie if one piece has them all, else gathered into `to`, where the record
 * will be.
 */
static const uint8_t *gather(gathering *from, uint8_t *to, size_t len)
{
    from->left -= len;
    skip_empty(from);
    if (from->pieces->len - from->at >= len) {
        const uint8_t *run = from->pieces->data + from->at;
        from->at += len;
        return run;
    }
    for (size_t done = 0; done < len;) {
        skip_empty(from);
        const size_t here = from->pieces->len - from->at;
        const size_t n = here < len - done ? here : len - done;
        cx_copy(to + done, from->pieces->data + from->at, n);
        from->at += n;
        done += n;
    }
    return to;
}

/* One record of `len` bytes at `out`. */
static coax_err seal_record(cx_channel *channel, gathering *from, size_t len, uint64_t now,
                            uint8_t *out)
{
    cx_record_half *half = &channel->out;
    const size_t sealed = len + half->cipher.cipher->tag;
    uint8_t *body = out + CX_RECORD_HEAD;
    const uint8_t *plain = len > 0 ? gather(from, body, len) : body;
    if (half->records == 0)
        half->since_ns = now;
    out[0] = (uint8_t)sealed;
    out[1] = (uint8_t)(sealed >> 8);
    coax_err err = cx_cipher_encrypt_with_ad(&half->cipher, no_ad, plain, len, body);
    if (err != COAX_OK) {
        coax_wipe(body, len);
        channel->is_sealing = false;
        cx_cipher_wipe(&half->cipher);
        cx_channel_fail(channel, CX_LAST_NOTHING, err, "all nonces of this connection are used up");
        return err;
    }
    use_key(half, len);
    return COAX_OK;
}

coax_err cx_channel_seal(cx_channel *channel, const coax_bytes *pieces, size_t n_pieces,
                         uint64_t now, uint8_t *out, size_t cap, size_t *ret_taken, size_t *ret_len)
{
    gathering from = { pieces, n_pieces, 0, 0 };
    size_t at = 0;
    if (!channel->is_sealing)
        return COAX_ERR_CLOSED;
    for (size_t i = 0; i < n_pieces; i++)
        from.left += pieces[i].len;
    const size_t total = from.left;
    const size_t limit = limits_of(channel)->record;
    const size_t longest = CX_RECORD_MAX - channel->out.cipher.cipher->tag;
    const size_t most = limit < longest ? limit : longest;
    const size_t extra = CX_RECORD_HEAD + channel->out.cipher.cipher->tag;
    coax_err err = COAX_OK;
    while (err == COAX_OK && from.left > 0 && cap - at > extra) {
        const bool rekeys = cx_channel_wants_rekey(channel, now);
        size_t len = from.left < most ? from.left : most;
        len = rekeys ? 0 : (len < cap - at - extra ? len : cap - at - extra);
        err = seal_record(channel, &from, len, now, out + at);
        at += len + extra;
        if (err == COAX_OK && rekeys)
            change_key(&channel->out);
    }
    if (err != COAX_OK)
        return err;
    *ret_taken = total - from.left;
    *ret_len = at;
    return COAX_OK;
}
