/*
 * UTF-8: whether bytes are valid text, and how many characters they hold.
 *
 * Valid is what Unicode's table 3-7 says: no overlong forms, no surrogates, nothing past U+10FFFF.
 * Linear time.
 */
#ifndef CX_BASE_UTF8_H
#define CX_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `text` may be NULL when `len` is 0. */
bool cx_utf8_valid(const uint8_t *text, size_t len);

/* How many bytes at the front are valid; `len` when all are. */
size_t cx_utf8_valid_prefix(const uint8_t *text, size_t len);

/* Code points in valid text: the bytes that are no continuation. */
size_t cx_utf8_count(const uint8_t *text, size_t len);

/* No byte over 0x7f. */
bool cx_utf8_is_ascii(const uint8_t *text, size_t len);

#endif
