/*
 * The channel's life: made, fed, ended. What happens in between is in channel_opening.c and channel_records.c.
 *
 * Read next: channel_opening.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "secure/channel_parts.h"

const cx_channel_limits cx_channel_limits_default = { .rekey_records = UINT64_C(1) << 20,
                                                      .rekey_bytes = UINT64_C(1) << 30,
                                                      .rekey_ns = UINT64_C(600000000000),
                                                      .record = 16384 };

void *cx_channel_take(cx_channel *channel, size_t size, size_t *ret_cap)
{
    const cx_channel_memory *memory = channel->config->memory;
    if (memory != NULL)
        return memory->take(memory->self, size, ret_cap);
    *ret_cap = size;
    return cx_resize(&channel->config->env->allocator, NULL, size);
}

void cx_channel_give(cx_channel *channel, void *block, size_t cap)
{
    const cx_channel_memory *memory = channel->config->memory;
    if (block == NULL)
        return;
    if (memory != NULL)
        memory->give(memory->self, block, cap);
    else
        cx_free(&channel->config->env->allocator, block);
}

/* What a client dials with has to exist here. */
static coax_err check_client(const cx_channel_config *config, coax_error *error)
{
    const unsigned suite = config->suite != 0 ? config->suite : COAX_SUITE_CHACHAPOLY_BLAKE2B;
    const bool is_ik = config->pattern == CX_PATTERN_IK;
    const bool is_psk = config->pattern == CX_PATTERN_XXPSK3;
    if (cx_suite_find(suite) == NULL)
        return coax_error_set(error, COAX_ERR_NOT_SUPPORTED, "the suite %s is not available here",
                              coax_suite_name((coax_suite)suite));
    if (cx_pattern_find(config->pattern) == NULL || is_ik != (config->peer_key != NULL) ||
        is_psk != (config->psk != NULL))
        return coax_error_set(error, COAX_ERR_MISUSE, "pattern %u and the keys given don't fit",
                              config->pattern);
    return COAX_OK;
}

coax_err cx_channel_init(cx_channel *channel, const cx_channel_config *config, void *self,
                         coax_error *error)
{
    memset(channel, 0, sizeof *channel);
    if (cx_secure_init(error) != COAX_OK)
        return COAX_ERR_SYSTEM;
    coax_err err = config->is_server ? COAX_OK : check_client(config, error);
    if (err != COAX_OK)
        return err;
    channel->config = config;
    channel->self = self;
    channel->state = CX_CHANNEL_OPENING;
    /* A server's waits for the first byte: those who say nothing cost nothing. */
    if (!config->is_server && cx_opening_create(channel) != COAX_OK) {
        memset(channel, 0, sizeof *channel);
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory to open the connection");
    }
    return COAX_OK;
}

static void free_opening(cx_channel *channel)
{
    struct cx_channel_opening *opening = channel->opening;
    if (opening == NULL)
        return;
    channel->opening = NULL;
    const size_t cap = opening->cap;
    coax_wipe(opening, sizeof *opening);
    cx_channel_give(channel, opening, cap);
}

void cx_channel_deinit(cx_channel *channel)
{
    if (channel->config == NULL)
        return;
    free_opening(channel);
    cx_records_deinit(channel);
    cx_cipher_wipe(&channel->in.cipher);
    cx_cipher_wipe(&channel->out.cipher);
    channel->is_sealing = false;
    channel->state = CX_CHANNEL_CLOSED;
}

void cx_opening_release_if_over(cx_channel *channel)
{
    const struct cx_channel_opening *opening = channel->opening;
    if (opening != NULL && opening->step == CX_STEP_OVER && opening->out_sent == opening->out_len)
        free_opening(channel);
}

void cx_channel_fail_with(cx_channel *channel, cx_last last, const coax_error *why)
{
    if (channel->state == CX_CHANNEL_FAILED || channel->state == CX_CHANNEL_CLOSED)
        return;
    channel->state = CX_CHANNEL_FAILED;
    cx_cipher_wipe(&channel->in.cipher);
    cx_records_deinit(channel);
    if (channel->opening != NULL) {
        coax_wipe(&channel->opening->handshake, sizeof channel->opening->handshake);
        coax_wipe(channel->opening->in, sizeof channel->opening->in);
        channel->opening->step = CX_STEP_OVER;
        channel->opening->is_waiting = false;
    }
    if (channel->config->events->on_failed != NULL)
        channel->config->events->on_failed(channel->self, why, last);
}

void cx_channel_fail(cx_channel *channel, cx_last last, coax_err code, const char *format, ...)
{
    coax_error why = COAX_ERROR_INIT;
    char words[COAX_ERROR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof words, format, args);
    va_end(args);
    coax_error_set(&why, code, "%s", words);
    cx_channel_fail_with(channel, last, &why);
}

void cx_channel_start(cx_channel *channel)
{
    if (channel->state == CX_CHANNEL_OPENING && !channel->config->is_server)
        cx_opening_start(channel);
}

size_t cx_channel_receive(cx_channel *channel, uint8_t *data, size_t len, uint64_t now)
{
    size_t at = 0;
    if (channel->state == CX_CHANNEL_OPENING)
        at = cx_opening_receive(channel, data, len);
    if (channel->state == CX_CHANNEL_READY)
        at += cx_records_receive(channel, data + at, len - at, now);
    /* What comes behind the end is nobody's. */
    return channel->state >= CX_CHANNEL_FAILED ? len : at;
}

void cx_channel_resume(cx_channel *channel, uint64_t now)
{
    (void)now;
    if (cx_channel_is_waiting(channel))
        cx_opening_resume(channel);
}

bool cx_channel_is_waiting(const cx_channel *channel)
{
    return channel->state == CX_CHANNEL_OPENING && channel->opening != NULL &&
           channel->opening->is_waiting;
}

coax_bytes cx_channel_output(const cx_channel *channel)
{
    const struct cx_channel_opening *opening = channel->opening;
    coax_bytes output = { NULL, 0 };
    if (opening != NULL && opening->out_len > opening->out_sent) {
        output.data = opening->out + opening->out_sent;
        output.len = (size_t)(opening->out_len - opening->out_sent);
    }
    return output;
}

void cx_channel_sent(cx_channel *channel, size_t n)
{
    struct cx_channel_opening *opening = channel->opening;
    if (opening == NULL)
        return;
    const size_t left = (size_t)(opening->out_len - opening->out_sent);
    opening->out_sent = (uint16_t)(opening->out_sent + (n < left ? n : left));
    if (opening->out_sent == opening->out_len)
        opening->out_sent = opening->out_len = 0;
    cx_opening_release_if_over(channel);
}

cx_last cx_channel_refuse(cx_channel *channel, coax_err code, const char *words)
{
    if (channel->state == CX_CHANNEL_FAILED || channel->state == CX_CHANNEL_CLOSED)
        return CX_LAST_NOTHING;
    if (channel->is_sealing)
        return CX_LAST_SEALED;
    cx_last last = cx_opening_refuse(channel, code, words);
    channel->state = CX_CHANNEL_FAILED;
    if (channel->opening != NULL) {
        coax_wipe(&channel->opening->handshake, sizeof channel->opening->handshake);
        channel->opening->step = CX_STEP_OVER;
        channel->opening->is_waiting = false;
    }
    return last;
}

void cx_channel_trust(cx_channel *channel)
{
    channel->is_trusted = true;
}

uint64_t cx_channel_begun_ns(const cx_channel *channel)
{
    return channel->head_len > 0 ? channel->begun_ns : UINT64_MAX;
}

size_t cx_channel_held(const cx_channel *channel)
{
    return (channel->opening != NULL ? channel->opening->cap : 0) +
           (channel->tail != NULL ? channel->tail_cap : 0);
}
