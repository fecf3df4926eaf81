/*
 * Words on their way to a peer: whatever a program put in, what leaves is valid UTF-8.
 */
#ifndef CX_LINK_WORDS_H
#define CX_LINK_WORDS_H

#include <stddef.h>

/*
 * Replaces bytes that are no UTF-8 with '?'. A character that was split because the words were cut
 * at `cut` bytes is dropped instead; 0: they were not cut.
 */
void cx_words_mend(char *words, size_t cut);

#endif
