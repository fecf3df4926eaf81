/*
 * What programs that read vectors of cryptography share: where they lie, and bytes in hexadecimal.
 */
#ifndef TESTS_VECTORS_VECTORS_H
#define TESTS_VECTORS_VECTORS_H

#include <coax/bytes.h>

#include "json.h"

/*
 * The file `name` of the folder that the environment's COAX_VECTORS names, else of ../shared/vectors
 * beside the source tree. Where it is not, the program ends with 77, which ctest counts as skipped.
 */
json *vectors_open(const char *name);

/* The bytes that the member `key` writes in hexadecimal; empty when there is no such member. The test fails when it
 * is no hexadecimal. Free with vectors_free. */
coax_bytes vectors_bytes(const json *object, const char *key);
coax_bytes vectors_from_hex(const char *text);
void vectors_free(coax_bytes bytes);

/* The text of a member that is a string; "" when there is none. */
const char *vectors_text(const json *object, const char *key);

/* Fails the test, and names the member, unless it is there and holds exactly these bytes. */
void vectors_check(const json *object, const char *key, const void *bytes, size_t len);

#endif
