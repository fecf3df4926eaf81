/* Interned words: equal text means equal pointer, so the rest of idlc compares names with `==`.
 *
 * Must not know: what a name stands for. The keyword table is preloaded, so that one look-up per
 * word answers both "which name" and "which keyword". Read next: source.h.
 */
#ifndef IDL_FRONT_NAMES_H
#define IDL_FRONT_NAMES_H

#include "front/arena.h"

#include <stdint.h>

typedef struct idl_names_entry idl_names_entry;

typedef struct idl_names {
    idl_arena *arena; /* borrowed; holds the words */
    idl_names_entry **slots;
    uint32_t n_slots; /* a power of two */
    uint32_t n_used;
} idl_names;

/* `arena` must outlive `names`; there is nothing to deinit. */
void idl_names_init(idl_names *names, idl_arena *arena);

/* The one copy of these bytes, NUL-terminated. Never NULL. */
const char *idl_names_intern(idl_names *names, const char *text, size_t len);

/* As above; also gives the keyword's token number, 0 for a word that is no keyword. */
const char *idl_names_intern_word(idl_names *names, const char *text, size_t len, int *ret_token);

#endif
