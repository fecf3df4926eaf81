/*
 * What the reader, the checks and the interpreter need to name a place: a field by its id, and text put together piece by piece.
 */
#ifndef CX_WIRE_WORDS_H
#define CX_WIRE_WORDS_H

#include <coax/descriptor.h>

/* The field or variant with this id; NULL: the type knows none. */
const coax_field *cx_words_field(const coax_type *type, uint32_t id);

/* Appends behind the first `len` of `size` bytes, cut to fit, and returns the new length. */
size_t cx_words_append(char *text, size_t size, size_t len, const char *format, ...)
    COAX_PRINTF(4, 5);

#endif
