/*
 * The pattern. Each index begins elsewhere in it, so that two chunks of one length differ.
 */
#include <string.h>

#include "chunks.h"

enum { STARTS = 251 };

static uint8_t pattern[CHUNK_MAX + STARTS];

void chunks_fill(void)
{
    uint32_t state = 1;
    for (size_t i = 0; i < sizeof pattern; i++) {
        state = state * 1664525u + 1013904223u;
        pattern[i] = (uint8_t)(state >> 24);
    }
}

interop_chunk chunk_make(uint32_t index, size_t len)
{
    interop_chunk chunk = { .index = index, .body = { pattern + index % STARTS, len } };
    return chunk;
}

bool chunk_is_right(const interop_chunk *chunk, uint32_t index)
{
    return chunk->index == index && chunk->body.len <= CHUNK_MAX &&
           (chunk->body.len == 0 ||
            memcmp(chunk->body.data, pattern + index % STARTS, chunk->body.len) == 0);
}
