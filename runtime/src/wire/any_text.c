/*
 * any as JSON-like text, into a bounded buffer.
 *
 * Recursion is bounded by COAX_ANY_DEPTH_MAX, because only what coax_any_read took gets here. Read next: types.c.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <coax/any.h>
#include <coax/endian.h>

#include "base/utf8.h"

/* Text so far: what doesn't fit is only counted. */
typedef struct text_sink {
    char *buffer;
    size_t size;
    size_t len;
} text_sink;

static void put(text_sink *out, const char *bytes, size_t len)
{
    if (out->len < out->size) {
        size_t room = out->size - out->len;
        memcpy(out->buffer + out->len, bytes, len < room ? len : room);
    }
    out->len += len;
}

static void put_text(text_sink *out, const char *text)
{
    put(out, text, strlen(text));
}

/* Numbers only: never longer than the scratch. */
static void put_format(text_sink *out, const char *format, ...) COAX_PRINTF(2, 3);
static void put_format(text_sink *out, const char *format, ...)
{
    char scratch[64];
    va_list args;
    va_start(args, format);
    vsnprintf(scratch, sizeof scratch, format, args);
    va_end(args);
    put_text(out, scratch);
}

static void put_escaped(text_sink *out, uint8_t byte)
{
    if (byte == '"' || byte == '\\')
        put_format(out, "\\%c", byte);
    else if (byte == '\n')
        put_text(out, "\\n");
    else if (byte == '\t')
        put_text(out, "\\t");
    else if (byte < 0x20 || byte == 0x7f)
        put_format(out, "\\u%04x", byte);
    else
        put(out, (const char *)&byte, 1);
}

/* Valid stretches as they are, each byte that is none as U+FFFD. */
static void put_string(text_sink *out, const char *text, size_t len)
{
    const uint8_t *at = (const uint8_t *)text;
    put_text(out, "\"");
    while (len > 0) {
        size_t valid = cx_utf8_valid_prefix(at, len);
        for (size_t i = 0; i < valid; i++)
            put_escaped(out, at[i]);
        at += valid;
        len -= valid;
        if (len > 0) {
            put_text(out, "\xef\xbf\xbd");
            at++;
            len--;
        }
    }
    put_text(out, "\"");
}

static void put_bytes(text_sink *out, const char *bytes, size_t len)
{
    put_text(out, "\"base16:");
    for (size_t i = 0; i < len; i++)
        put_format(out, "%02x", (unsigned)(uint8_t)bytes[i]);
    put_text(out, "\"");
}

/* The fewest digits that read back as the same number. */
static void put_float(text_sink *out, double value)
{
    char scratch[40];
    if (!(value - value >= 0.0)) {
        put_text(out, "null");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(scratch, sizeof scratch, "%.*g", digits, value);
        double back = strtod(scratch, NULL);
        if (back >= value && back <= value)
            break;
    }
    put_text(out, scratch);
}

static void put_ext(text_sink *out, const msgpack_object_ext *ext)
{
    const uint8_t *body = (const uint8_t *)ext->ptr;
    if (ext->type == -1 && ext->size == 4) {
        put_format(out, "{\"seconds\":%" PRIu32 ",\"nanoseconds\":0}", coax_load_be32(body));
    } else if (ext->type == -1 && ext->size == 8) {
        uint64_t both = coax_load_be64(body);
        put_format(out, "{\"seconds\":%" PRIu64 ",", both & (((uint64_t)1 << 34) - 1));
        put_format(out, "\"nanoseconds\":%" PRIu64 "}", both >> 34);
    } else if (ext->type == -1 && ext->size == 12) {
        put_format(out, "{\"seconds\":%" PRId64 ",", (int64_t)coax_load_be64(body + 4));
        put_format(out, "\"nanoseconds\":%" PRIu32 "}", coax_load_be32(body));
    } else {
        put_format(out, "{\"ext\":%d,\"data\":", (int)ext->type);
        put_bytes(out, ext->ptr, ext->size);
        put_text(out, "}");
    }
}

static void put_object(text_sink *out, const msgpack_object *object);

static void put_key(text_sink *out, const msgpack_object *key)
{
    bool is_quoted = key->type == MSGPACK_OBJECT_STR || key->type == MSGPACK_OBJECT_BIN;
    bool is_nested = key->type == MSGPACK_OBJECT_ARRAY || key->type == MSGPACK_OBJECT_MAP ||
                     key->type == MSGPACK_OBJECT_EXT;
    if (is_nested) {
        put_text(out, "\"...\"");
        return;
    }
    put_text(out, is_quoted ? "" : "\"");
    put_object(out, key);
    put_text(out, is_quoted ? "" : "\"");
}

static void put_map(text_sink *out, const msgpack_object_map *map)
{
    put_text(out, "{");
    for (uint32_t i = 0; i < map->size; i++) {
        put_text(out, i > 0 ? "," : "");
        put_key(out, &map->ptr[i].key);
        put_text(out, ":");
        put_object(out, &map->ptr[i].val);
    }
    put_text(out, "}");
}

static void put_array(text_sink *out, const msgpack_object_array *array)
{
    put_text(out, "[");
    for (uint32_t i = 0; i < array->size; i++) {
        put_text(out, i > 0 ? "," : "");
        put_object(out, &array->ptr[i]);
    }
    put_text(out, "]");
}

static void put_object(text_sink *out, const msgpack_object *object)
{
    switch (object->type) {
    case MSGPACK_OBJECT_NIL: put_text(out, "null"); break;
    case MSGPACK_OBJECT_BOOLEAN: put_text(out, object->via.boolean ? "true" : "false"); break;
    case MSGPACK_OBJECT_POSITIVE_INTEGER: put_format(out, "%" PRIu64, object->via.u64); break;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER: put_format(out, "%" PRId64, object->via.i64); break;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64: put_float(out, object->via.f64); break;
    case MSGPACK_OBJECT_STR: put_string(out, object->via.str.ptr, object->via.str.size); break;
    case MSGPACK_OBJECT_BIN: put_bytes(out, object->via.bin.ptr, object->via.bin.size); break;
    case MSGPACK_OBJECT_EXT: put_ext(out, &object->via.ext); break;
    case MSGPACK_OBJECT_ARRAY: put_array(out, &object->via.array); break;
    case MSGPACK_OBJECT_MAP: put_map(out, &object->via.map); break;
    }
}

/* Cuts where a character begins, so that what is kept is valid text. */
static void terminate(const text_sink *out)
{
    if (out->size == 0)
        return;
    size_t kept = out->len < out->size ? out->len : out->size - 1;
    if (out->len >= out->size)
        kept = cx_utf8_valid_prefix((const uint8_t *)out->buffer, kept);
    out->buffer[kept] = '\0';
}

size_t coax_any_text(coax_any value, char *buffer, size_t size)
{
    text_sink out = { buffer, size, 0 };
    msgpack_zone zone;
    msgpack_object object;
    if (size > 0)
        buffer[0] = '\0';
    if (!msgpack_zone_init(&zone, 2048))
        return 0;
    if (coax_any_read(value, NULL, &zone, &object, NULL) == COAX_OK) {
        put_object(&out, &object);
        terminate(&out);
    }
    msgpack_zone_destroy(&zone);
    return out.len;
}
