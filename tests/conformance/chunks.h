/*
 * Chunks of a known pattern: what travels in the cases of every kind of call, so that a byte out of place is seen.
 */
#ifndef TESTS_CONFORMANCE_CHUNKS_H
#define TESTS_CONFORMANCE_CHUNKS_H

#include <stdbool.h>

#include "interop.h"

/** Past max_message's default, so that what is too large can be made. */
#define CHUNK_MAX (5u * 1024u * 1024u)

/** Fills the pattern; once, before any other thread is there. */
void chunks_fill(void);
/** Chunk `index` of a stream, of `len` bytes, at most CHUNK_MAX. The body is borrowed for good. */
interop_chunk chunk_make(uint32_t index, size_t len);
/** Whether it is as chunk_make(index, its length) makes it. */
bool chunk_is_right(const interop_chunk *chunk, uint32_t index);

#endif
