/*
 * See json_writer.h. Strings are escaped as RFC 8259 wants it; bytes that are no UTF-8 become U+FFFD.
 */
#include "emit/json_writer.h"
#include "front/utf8.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_text(idl_json_writer *json, const char *text)
{
    idl_print_raw(json->p, text, strlen(text));
}

static void print_string(idl_json_writer *json, const char *text, size_t len)
{
    print_text(json, "\"");
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)text[i];
        size_t n = idl_utf8_length(text + i, len - i);
        char escape[8];
        if (n == 0) {
            print_text(json, "\\ufffd");
            i++;
            continue;
        }
        if (c == '"' || c == '\\') {
            (void)snprintf(escape, sizeof escape, "\\%c", c);
            print_text(json, escape);
        } else if (c < 0x20) {
            (void)snprintf(escape, sizeof escape, "\\u%04x", c);
            print_text(json, escape);
        } else {
            idl_print_raw(json->p, text + i, n);
        }
        i += n;
    }
    print_text(json, "\"");
}

/* The comma behind what was before, a new line, and the key. */
static void lead(idl_json_writer *json, const char *key)
{
    if (json->depth > 0) {
        print_text(json, json->has_items[json->depth - 1] ? ",\n" : "\n");
        json->has_items[json->depth - 1] = true;
    }
    if (key == NULL)
        return;
    print_string(json, key, strlen(key));
    print_text(json, ": ");
}

void idl_jw_begin(idl_json_writer *json, const char *key, char open)
{
    assert(json->depth < IDL_JSON_DEPTH);
    lead(json, key);
    idl_print_raw(json->p, &open, 1);
    json->has_items[json->depth++] = false;
    idl_indent(json->p, 2);
}

void idl_jw_end(idl_json_writer *json, char close)
{
    idl_indent(json->p, -2);
    json->depth--;
    if (json->has_items[json->depth])
        print_text(json, "\n");
    idl_print_raw(json->p, &close, 1);
}

void idl_jw_text(idl_json_writer *json, const char *key, const char *text)
{
    if (text != NULL)
        idl_jw_bytes(json, key, text, strlen(text));
}

void idl_jw_bytes(idl_json_writer *json, const char *key, const char *text, size_t len)
{
    lead(json, key);
    print_string(json, text, len);
}

void idl_jw_bool(idl_json_writer *json, const char *key, bool value)
{
    lead(json, key);
    print_text(json, value ? "true" : "false");
}

void idl_jw_flag(idl_json_writer *json, const char *key, bool value)
{
    if (value)
        idl_jw_bool(json, key, true);
}

void idl_jw_number(idl_json_writer *json, const char *key, bool is_negative, uint64_t number)
{
    char text[32];
    bool is_exact = number <= (UINT64_C(1) << 53);
    (void)snprintf(text, sizeof text, "%s%s%" PRIu64 "%s", is_exact ? "" : "\"",
                   is_negative ? "-" : "", number, is_exact ? "" : "\"");
    lead(json, key);
    print_text(json, text);
}

void idl_jw_float(idl_json_writer *json, const char *key, double value)
{
    char text[40];
    for (int digits = 1; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        double back = strtod(text, NULL);
        if (memcmp(&back, &value, sizeof back) == 0)
            break;
    }
    lead(json, key);
    bool is_finite = value - value >= 0 && value - value <= 0;
    print_text(json, is_finite ? "" : "\"");
    print_text(json, text);
    print_text(json, is_finite ? "" : "\"");
}

void idl_jw_hex(idl_json_writer *json, const char *key, uint64_t number, unsigned digits)
{
    char text[24];
    (void)snprintf(text, sizeof text, "0x%0*" PRIx64, (int)digits, number);
    idl_jw_text(json, key, text);
}
