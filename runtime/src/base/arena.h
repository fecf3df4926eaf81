/*
 * What the library itself asks of an arena, beside <coax/arena.h>.
 */
#ifndef CX_BASE_ARENA_H
#define CX_BASE_ARENA_H

#include <coax/arena.h>
#include <coax/error.h>

/* Why taking `size` bytes just failed: COAX_ERR_TOO_LARGE when the limit said no,
 * COAX_ERR_NO_MEMORY otherwise. */
coax_err cx_arena_refusal(const coax_arena *arena, size_t size);
/* Overwrites all that was handed out, which nobody uses any more; the blocks stay. */
void cx_arena_wipe(coax_arena *arena);

#endif
