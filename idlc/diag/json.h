/* A small JSON writer for the renderers: commas and escapes are its business, structure is the caller's.
 *
 * Must not know: diagnostics.
 */
#ifndef IDL_DIAG_JSON_H
#define IDL_DIAG_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct idl_json {
    FILE *out;
    int depth;
    bool needs_comma;
} idl_json;

/* `key` is NULL inside arrays and at the top. Objects and arrays are closed with the matching end. */
void idl_json_begin_object(idl_json *json, const char *key);
void idl_json_end_object(idl_json *json);
void idl_json_begin_array(idl_json *json, const char *key);
void idl_json_end_array(idl_json *json);

/* Bytes that are not UTF-8 (paths may hold any) come out as U+FFFD. */
void idl_json_string(idl_json *json, const char *key, const char *text);
void idl_json_number(idl_json *json, const char *key, uint64_t number);
void idl_json_bool(idl_json *json, const char *key, bool value);

#endif
