/*
 * The codec by table: encodes and decodes any type from its descriptor.
 *
 * Slower than generated code, and the same bytes and verdicts: tests hold one against the other, and programs that learn a
 * schema at run time have nothing else. Recursion is bounded by COAX_DEPTH_MAX, both ways.
 */
#ifndef CX_WIRE_INTERPRET_H
#define CX_WIRE_INTERPRET_H

#include <coax/reader.h>
#include <coax/writer.h>

/* Writes the value of `type` at `value`. Sticky errors as the writer's, and COAX_ERR_TOO_DEEP. */
void cx_interpret_encode(coax_writer *out, const coax_type *type, const void *value);

/* Reads a value of `type` into `ret`, cx_value_size(type) bytes. Errors are the reader's. */
void cx_interpret_decode(coax_reader *in, const coax_type *type, void *ret);

#endif
