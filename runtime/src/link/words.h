/*
 * Words on their way to a peer, and from one: whatever a program put in, what leaves is valid UTF-8;
 * whatever a peer put in, what comes out can be shown and logged.
 */
#ifndef CX_LINK_WORDS_H
#define CX_LINK_WORDS_H

#include <stddef.h>

/*
 * Replaces bytes that are no UTF-8 with '?'. A character that was split because the words were cut
 * at `cut` bytes is dropped instead; 0: they were not cut.
 */
void cx_words_mend(char *words, size_t cut);

/*
 * Makes a line of valid UTF-8 out of `len` bytes of it: tabs and line breaks become spaces, other control characters and
 * those that turn the direction of writing '?'. Writes at most `len` bytes and a NUL to `ret`, which may be `words`.
 */
void cx_words_print(char *ret, const char *words, size_t len);

#endif
