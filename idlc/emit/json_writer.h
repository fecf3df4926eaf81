/*
 * JSON with commas and indentation in the right places, over the printer.
 */
#ifndef IDL_EMIT_JSON_WRITER_H
#define IDL_EMIT_JSON_WRITER_H

#include "emit/printer.h"

/* Objects and arrays that may be open at once: types nest at most 64 deep, each in an object. */
#define IDL_JSON_DEPTH 160u

typedef struct idl_json_writer {
    idl_printer *p;
    unsigned depth;
    bool has_items[IDL_JSON_DEPTH];
} idl_json_writer;

/* `key` NULL: an item of an array, or the outermost value. `open` is '{' or '['. */
void idl_jw_begin(idl_json_writer *json, const char *key, char open);
void idl_jw_end(idl_json_writer *json, char close);

/* A string; NULL is left out. */
void idl_jw_text(idl_json_writer *json, const char *key, const char *text);
void idl_jw_bytes(idl_json_writer *json, const char *key, const char *text, size_t len);
void idl_jw_bool(idl_json_writer *json, const char *key, bool value);
/* false is left out */
void idl_jw_flag(idl_json_writer *json, const char *key, bool value);
/* Past 2^53, where readers that only know doubles lose digits, a string. */
void idl_jw_number(idl_json_writer *json, const char *key, bool is_negative, uint64_t number);
void idl_jw_float(idl_json_writer *json, const char *key, double value);
/* "0x5d0c3e21" */
void idl_jw_hex(idl_json_writer *json, const char *key, uint64_t number, unsigned digits);

#endif
