/*
 * The reader: its errors, headers and levels, and the walk over structs, unions, lists and maps.
 *
 * Knows types only through their descriptors. Read next: reader_scalars.c, reader_lists.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "wire/keys.h"
#include "wire/reader_parts.h"
#include "wire/words.h"

void coax_reader_init(coax_reader *reader, const uint8_t *data, size_t len, coax_arena *arena)
{
    /* Pointers are compared and subtracted, so they are never NULL. */
    static const uint8_t nothing[1] = { 0 };
    if (len == 0)
        data = nothing;
    reader->at = data;
    reader->end = data + len;
    reader->start = data;
    reader->arena = arena;
    reader->scope = NULL;
    reader->depth = 0;
    reader->err = COAX_OK; /* the words are set with an error and not looked at before */
}

coax_err coax_reader_finish(coax_reader *reader, coax_error *error)
{
    if (reader->err == COAX_OK && reader->at != reader->end)
        coax_reader_fail(reader, COAX_ERR_BAD_MESSAGE, "%zu bytes are left over behind the message",
                         coax_reader_left(reader));
    if (error == NULL)
        return reader->err;
    if (reader->err != COAX_OK) {
        *error = reader->fault;
        return reader->err;
    }
    error->code = COAX_OK;
    error->text[0] = '\0';
    return COAX_OK;
}

bool cx_reading_sensitive(const coax_reader *in)
{
    for (const coax_struct_scope *scope = in->scope; scope != NULL; scope = scope->parent) {
        const coax_field *field = cx_words_field(scope->type, cx_scope_current(scope));
        if (field != NULL && (field->flags & COAX_FIELD_SENSITIVE) != 0)
            return true;
    }
    return false;
}

/* "amount.units": the scopes are linked inwards out, so they are laid out first. */
static void path_of(const coax_reader *in, char *text, size_t size)
{
    const coax_struct_scope *steps[COAX_DEPTH_MAX + 2];
    size_t n = 0;
    for (const coax_struct_scope *scope = in->scope; scope != NULL && n < COAX_DEPTH_MAX + 2;
         scope = scope->parent)
        steps[n++] = scope;
    size_t len = 0;
    text[0] = '\0';
    while (n-- > 0) {
        const coax_struct_scope *scope = steps[n];
        uint32_t id = cx_scope_current(scope);
        if (id == 0)
            continue;
        const coax_field *field = cx_words_field(scope->type, id);
        const char *dot = len > 0 ? "." : "";
        if (field != NULL)
            len = cx_words_append(text, size, len, "%s%s", dot, field->name);
        else
            len = cx_words_append(text, size, len, "%s#%lu", dot, (unsigned long)id);
    }
}

void coax_reader_fail(coax_reader *reader, coax_err err, const char *format, ...)
{
    if (reader->err != COAX_OK)
        return;
    char path[96];
    char reason[COAX_ERROR_TEXT_MAX - 64];
    path_of(reader, path, sizeof path);
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    reader->err =
        coax_error_set(&reader->fault, err, "%s%s%s, at byte %zu", path,
                       path[0] != '\0' ? ": " : "", reason, (size_t)(reader->at - reader->start));
    reader->at = reader->end;
}

void cx_fail_truncated(coax_reader *in)
{
    coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "the message ends inside a value");
}

void cx_fail_expected(coax_reader *in, const char *expected)
{
    if (in->at == in->end)
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "expected %s, but the message ends", expected);
    else
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "expected %s, found %s", expected,
                         cx_tag_name(*in->at));
}

void cx_fail_extent(coax_reader *in, cx_extent extent, size_t len)
{
    if (in->err != COAX_OK)
        return;
    in->at += len;
    if (extent == CX_EXTENT_TOO_DEEP)
        coax_reader_fail(in, COAX_ERR_TOO_DEEP, "nests deeper than %u levels", COAX_DEPTH_MAX);
    else
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "the value %s", cx_extent_text(extent));
}

const cx_header_family cx_header_str = { "text", 0xd9, 0xda, 0xdb };
const cx_header_family cx_header_bin = { "bytes", 0xc4, 0xc5, 0xc6 };
const cx_header_family cx_header_array = { "an array", 0, 0xdc, 0xdd };
const cx_header_family cx_header_map = { "a map", 0, 0xde, 0xdf };

bool cx_read_header_slow(coax_reader *in, const cx_header_family *of, uint32_t *ret_len)
{
    const uint8_t *at = in->at;
    size_t left = coax_reader_left(in);
    uint8_t tag = left > 0 ? *at : 0;
    size_t size = 0;
    if (tag == of->tag8 && tag != 0)
        size = 1;
    else if (tag == of->tag16)
        size = 2;
    else if (tag == of->tag32)
        size = 4;
    if (size == 0) {
        cx_fail_expected(in, of->name);
        return false;
    }
    if (left < 1 + size) {
        cx_fail_truncated(in);
        return false;
    }
    *ret_len = size == 1 ? at[1] : size == 2 ? coax_load_be16(at + 1) : coax_load_be32(at + 1);
    in->at = at + 1 + size;
    return true;
}

void cx_fail_count(coax_reader *in, const cx_header_family *of, uint32_t count)
{
    coax_reader_fail(in, COAX_ERR_BAD_MESSAGE,
                     "declares %lu %s, more than the %zu bytes left can hold", (unsigned long)count,
                     of == &cx_header_map ? "entries" : "items", coax_reader_left(in));
}

void cx_fail_room(coax_reader *in, size_t count, size_t size)
{
    size_t wanted = size != 0 && count > SIZE_MAX / size ? SIZE_MAX : count * size;
    if (cx_arena_refusal(in->arena, wanted) == COAX_ERR_TOO_LARGE)
        coax_reader_fail(in, COAX_ERR_TOO_LARGE,
                         "%zu bytes more pass the limit of %zu bytes for a decoded message", wanted,
                         in->arena->limit);
    else
        coax_reader_fail(in, COAX_ERR_NO_MEMORY, "no memory for %zu bytes", wanted);
}

/* Cleared room for what a header counted; `is_counted` tells whether the header could be read. */
static void *take_items(coax_reader *in, bool is_counted, uint32_t count, size_t size, size_t align,
                        size_t *ret_count)
{
    *ret_count = 0;
    if (!is_counted)
        return NULL;
    void *items = cx_read_room(in, count, size, align);
    if (items == NULL)
        return NULL;
    memset(items, 0, count * size);
    *ret_count = count;
    return items;
}

void *coax_read_list(coax_reader *in, size_t item_size, size_t align, size_t *ret_count)
{
    uint32_t count = 0;
    bool is_counted = cx_read_array_count(in, &count);
    return take_items(in, is_counted, count, item_size, align, ret_count);
}

void *coax_read_map(coax_reader *in, size_t entry_size, size_t align, size_t *ret_count)
{
    uint32_t count = 0;
    bool is_counted = cx_read_map_count(in, &count);
    return take_items(in, is_counted, count, entry_size, align, ret_count);
}

bool coax_read_array(coax_reader *in, size_t count)
{
    uint32_t found;
    if (!cx_read_array_count(in, &found))
        return false;
    if (found == count)
        return true;
    coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "expected exactly %zu items, found %lu", count,
                     (unsigned long)found);
    return false;
}

void coax_map_done(coax_reader *in, const coax_type *map, const void *items, size_t count)
{
    size_t at;
    in->depth--;
    if (in->err != COAX_OK || cx_keys_ascend(map, items, count, &at))
        return;
    uint32_t *order = cx_read_room(in, count, sizeof *order, sizeof *order);
    if (order == NULL)
        return;
    cx_keys_sort(map, items, order, count);
    at = cx_keys_find_duplicate(map, items, order, count);
    if (at < count)
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "entries %lu and %lu have the same key",
                         (unsigned long)order[at - 1], (unsigned long)order[at]);
}

void *coax_read_object(coax_reader *in, size_t size, size_t align)
{
    if (in->err != COAX_OK)
        return NULL;
    void *object = cx_read_room(in, 1, size, align);
    if (object != NULL)
        memset(object, 0, size);
    return object;
}
