/* One UTF-8 character at a time, strictly: no overlong forms, surrogates or code points past
 * U+10FFFF. Whole texts are checked with base/utf8.h.
 *
 * Must not know: sources or tokens. Read next: scan.l.
 */
#ifndef IDL_FRONT_UTF8_H
#define IDL_FRONT_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The length of the valid character at `text`, 0 if there is none. `len` bytes may be read. */
size_t idl_utf8_length(const char *text, size_t len);

/* The offset of the first byte that is not part of a valid character, `len` if all is well. */
size_t idl_utf8_check(const char *text, size_t len);

/* Writes a code point, 1 to 4 bytes; returns how many, 0 for what is no Unicode scalar value. */
size_t idl_utf8_encode(uint32_t code_point, char *out);

/* Terminal columns the character at `text` takes: 0 combining, 2 wide East Asian and emoji, else 1.
 */
unsigned idl_utf8_width(const char *text, size_t len);

#endif
