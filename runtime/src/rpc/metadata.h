/*
 * Metadata between its public form and its bytes (docs/wire.md, "In front of a message").
 *
 * Knows no call. Invariants: what leaves has passed coax_metadata_check, and so has what is handed to a program;
 * decoded pairs point into the arena alone, NUL-terminated. Read next: metadata.c; handles.c and answer.c for
 * who sends and keeps it.
 */
#ifndef CX_RPC_METADATA_H
#define CX_RPC_METADATA_H

#include <coax/arena.h>
#include <coax/metadata.h>

#include "rpc/encoded.h"

/* Which list of a Metadata pairs go into. */
typedef enum cx_metadata_part { CX_METADATA_INITIAL = 1, CX_METADATA_TRAILING } cx_metadata_part;

/*
 * Checks and encodes one part, at most `most` bytes. None at all gives nothing (`ret` zeroed).
 * COAX_ERR_INVALID_ARGUMENT, COAX_ERR_TOO_LARGE, COAX_ERR_NO_MEMORY; words in `error`.
 */
COAX_MUST_USE coax_err cx_metadata_encode(cx_host *host, const coax_metadata *metadata,
                                          cx_metadata_part part, size_t most, cx_encoded *ret,
                                          coax_error *error);

/* What decoding `len` bytes may take of an arena: a pair takes 7 bytes at least and, decoded twice, about 70. */
static inline size_t cx_metadata_room(size_t len)
{
    return len == 0 ? 0 : len * 12 + 1024;
}

/*
 * Decodes and checks one part of what came; an absent one gives none. COAX_ERR_INVALID_ARGUMENT: the peer's
 * fault; COAX_ERR_NO_MEMORY.
 */
COAX_MUST_USE coax_err cx_metadata_decode(coax_bytes encoded, cx_metadata_part part,
                                          coax_arena *arena, coax_metadata *ret, coax_error *error);

/* Copies pairs into the arena. False: no memory. */
COAX_MUST_USE bool cx_metadata_copy(const coax_metadata *from, coax_arena *arena,
                                    coax_metadata *ret);

#endif
