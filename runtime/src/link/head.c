/*
 * The head of a message, written and taken off.
 *
 * A head does not count for max_message; metadata has a limit of its own, which is looked at as soon
 * as the length is there. Read next: receive.c, send.c.
 */
#include "link/head.h"

uint32_t cx_head_prefix(uint8_t flags)
{
    return ((flags & CX_FLAG_DEADLINE) != 0 ? CX_DEADLINE_LEN : 0) +
           ((flags & CX_FLAG_META) != 0 ? CX_META_LEN : 0);
}

static uint32_t metadata_len(uint8_t flags, const uint8_t *data)
{
    if ((flags & CX_FLAG_META) == 0)
        return 0;
    const uint8_t *at = data + cx_head_prefix(flags) - CX_META_LEN;
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

uint32_t cx_head_len(uint8_t flags, const uint8_t *data)
{
    return cx_head_prefix(flags) + metadata_len(flags, data);
}

uint32_t cx_head_most(uint8_t flags, uint32_t max_metadata)
{
    return cx_head_prefix(flags) + ((flags & CX_FLAG_META) != 0 ? max_metadata : 0);
}

coax_err cx_head_refuse(const cx_frame *frame, size_t len, uint32_t max_metadata, coax_error *why)
{
    return coax_error_set(why, COAX_ERR_TOO_LARGE,
                          "%s with metadata of %zu bytes, at most %u allowed (max_metadata)",
                          cx_frame_name(frame->type), len, max_metadata);
}

COAX_COLD static coax_err refuse_short(const cx_frame *frame, size_t len, coax_error *why)
{
    const char *of = (frame->flags & CX_FLAG_META) != 0 ? "metadata" : "DEADLINE";
    return coax_error_set(why, COAX_ERR_INVALID_ARGUMENT,
                          "a %s with %s, which a payload of %zu bytes can't hold",
                          cx_frame_name(frame->type), of, len);
}

coax_err cx_head_take(const cx_frame *frame, cx_message *message, uint32_t max_metadata,
                      coax_error *why)
{
    const uint8_t flags = frame->flags;
    const uint32_t prefix = cx_head_prefix(flags);
    const uint8_t *at = message->data;
    if (prefix == 0)
        return COAX_OK;
    if (message->len < prefix)
        return refuse_short(frame, message->len, why);
    const uint32_t len = metadata_len(flags, at);
    if (len > max_metadata)
        return cx_head_refuse(frame, len, max_metadata, why);
    if (message->len - prefix < len)
        return refuse_short(frame, message->len, why);
    if ((flags & CX_FLAG_DEADLINE) != 0) {
        message->has_deadline = true;
        message->deadline_us =
            (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    }
    if ((flags & CX_FLAG_META) != 0)
        message->metadata = (coax_bytes){ at + prefix, len };
    message->data += prefix + len;
    message->len -= prefix + len;
    return COAX_OK;
}

void cx_head_put(cx_sending *sending, const cx_head *head)
{
    coax_writer *writer = &sending->writer;
    if (head->metadata.data != NULL && head->metadata.len > UINT16_MAX) {
        coax_writer_fail(writer, COAX_ERR_TOO_LARGE);
        return;
    }
    uint8_t prefix[CX_DEADLINE_LEN + CX_META_LEN];
    size_t n = 0;
    if (head->deadline_us != NULL) {
        for (unsigned i = 0; i < CX_DEADLINE_LEN; i++)
            prefix[n++] = (uint8_t)(*head->deadline_us >> (8 * i));
        sending->frame.flags |= CX_FLAG_DEADLINE;
    }
    if (head->metadata.data != NULL) {
        prefix[n++] = (uint8_t)head->metadata.len;
        prefix[n++] = (uint8_t)(head->metadata.len >> 8);
        sending->frame.flags |= CX_FLAG_META;
    }
    sending->head = n + (head->metadata.data != NULL ? head->metadata.len : 0);
    sending->most += sending->head;
    coax_write_raw(writer, prefix, n);
    if (head->metadata.data != NULL)
        coax_write_raw(writer, head->metadata.data, head->metadata.len);
}
