/* Numbers and strings as they are written, shared by the scanner and by the rule expressions.
 *
 * Must not know: tokens, diagnostics; callers word the errors. Read next: scan.l.
 */
#ifndef IDL_FRONT_LITERAL_H
#define IDL_FRONT_LITERAL_H

#include "front/ast.h"

typedef enum idl_number_error {
    IDL_NUMBER_OK,
    IDL_NUMBER_MALFORMED, /* 0x, 1__2, 12ab */
    IDL_NUMBER_TOO_LARGE, /* does not fit 64 bits, or a double */
    IDL_NUMBER_BAD_UNIT,  /* 5sec: `unit_at` says where the unit begins */
    IDL_NUMBER_NOT_WHOLE, /* 0.1ns, 1.5KiB that is no whole number */
} idl_number_error;

/* Reads an unsigned literal: 12  1_000  0xff  0b101  1.5  1e-9  4KiB  5s  1.5ms. Fills kind,
 * magnitude and number of `ret_value`. `ret_unit_at` is the offset of the unit, `len` when there is
 * none. */
idl_number_error idl_number_parse(const char *text, size_t len, idl_ast_value *ret_value,
                                  size_t *ret_unit_at);

/* The units a number may have, NULL at the end: for suggestions. */
extern const char *const idl_unit_names[];

/* Decodes the escape whose backslash is at `text`, with `len` bytes left in the literal. Writes up
 * to four bytes; returns how many bytes of the literal it took, 0 for what is no escape. */
size_t idl_escape_parse(const char *text, size_t len, char *out, size_t *ret_out_len);

/* Where the decoded bytes [from, to) of a literal stand in its file: so that a caret can point INTO
 * a string, escapes or not. */
idl_span idl_string_span(const idl_sources *sources, const idl_ast_string *string, uint32_t from,
                         uint32_t to);

#endif
