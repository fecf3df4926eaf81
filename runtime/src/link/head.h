/*
 * What stands in front of a message: a deadline, and metadata with its length.
 *
 * Both directions in one place. It knows bytes only: what metadata says is the layer above's.
 * Specification: docs/wire.md, "In front of a message". Read next: head.c.
 */
#ifndef CX_LINK_HEAD_H
#define CX_LINK_HEAD_H

#include "link/link.h"

/*
 * How many bytes must be there so that the head's length can be told, and then that length. Both
 * from the flags of the message's first frame.
 */
uint32_t cx_head_prefix(uint8_t flags);
uint32_t cx_head_len(uint8_t flags, const uint8_t *data);
/* The longest head a message with these flags may have. */
uint32_t cx_head_most(uint8_t flags, uint32_t max_metadata);
/* Words for metadata of `len` bytes. Returns COAX_ERR_TOO_LARGE. */
coax_err cx_head_refuse(const cx_frame *frame, size_t len, uint32_t max_metadata, coax_error *why);

/*
 * Takes the head off a whole message. COAX_ERR_INVALID_ARGUMENT: it is not all there.
 * COAX_ERR_TOO_LARGE: past max_metadata.
 */
COAX_MUST_USE coax_err cx_head_take(const cx_frame *frame, cx_message *message,
                                    uint32_t max_metadata, coax_error *why);

/* Writes a head without metadata into room that is there; NULL: nothing. */
static inline void cx_head_put_deadline(cx_sending *sending, const uint32_t *deadline_us)
{
    if (deadline_us == NULL)
        return;
    cx_frame_put_u32(sending->writer.at, *deadline_us);
    sending->writer.at += CX_DEADLINE_LEN;
    sending->frame.flags |= CX_FLAG_DEADLINE;
    sending->head = CX_DEADLINE_LEN;
    sending->most += CX_DEADLINE_LEN;
}

/* Writes the head, in front of everything; the writer keeps the error. */
void cx_head_put(cx_sending *sending, const cx_head *head);

#endif
