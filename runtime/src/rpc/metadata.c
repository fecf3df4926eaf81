/*
 * Metadata: names are checked, pairs written by hand, what comes is decoded by the generated code and copied.
 *
 * The public pairs are not the generated ones, because a value that arrives is NUL-terminated for its users; so what
 * leaves is written without converting it first. The field ids are those of schemas/coax/head.idl.
 */
#include <string.h>

#include <coax/reader.h>
#include <coax/writer.h>

#include "coax/head.h"
#include "rpc/metadata.h"

enum { NAME_MAX_LEN = 64 };

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/* What is wrong with a name; NULL: nothing. */
static const char *judge_name(coax_str name)
{
    if (name.data == NULL || name.len == 0)
        return "has no name";
    if (name.len > NAME_MAX_LEN)
        return "has a name of more than 64 bytes";
    for (size_t i = 0; i < name.len; i++) {
        if (!is_name_byte(name.data[i]))
            return "has a name with other characters than a-z 0-9 - _ .";
    }
    return NULL;
}

static coax_err check_pairs(const coax_metadata_pair *items, size_t count, coax_error *error)
{
    if (count > 0 && items == NULL)
        return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT, "metadata of %zu pairs at NULL",
                              count);
    for (size_t i = 0; i < count; i++) {
        const char *fault = judge_name(items[i].name);
        if (fault == NULL && items[i].value.data == NULL && items[i].value.len > 0)
            fault = "has a value at NULL";
        if (fault != NULL)
            return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT, "metadata pair %zu %s", i,
                                  fault);
    }
    return COAX_OK;
}

coax_err coax_metadata_check(const coax_metadata *metadata, coax_error *error)
{
    return metadata == NULL ? COAX_OK : check_pairs(metadata->items, metadata->count, error);
}

coax_str coax_metadata_find(const coax_metadata *metadata, const char *name)
{
    size_t len = name != NULL ? strlen(name) : 0; /* no name is empty: nothing is found */
    for (size_t i = 0; len > 0 && metadata != NULL && i < metadata->count; i++) {
        const coax_metadata_pair *pair = &metadata->items[i];
        if (pair->name.len == len && memcmp(pair->name.data, name, len) == 0)
            return pair->value;
    }
    return (coax_str){ NULL, 0 };
}

static void write_pairs(coax_writer *out, uint32_t id, const coax_metadata *metadata)
{
    coax_write_key(out, id);
    coax_write_list(out, metadata->count);
    for (size_t i = 0; i < metadata->count; i++) {
        const coax_metadata_pair *pair = &metadata->items[i];
        coax_write_map(out, 2);
        coax_write_str_field(out, 1, pair->name);
        coax_write_bytes_field(out, 2,
                               (coax_bytes){ (const uint8_t *)pair->value.data, pair->value.len });
    }
}

static const coax_metadata none = { NULL, 0 };

static void write_initial(coax_writer *out, const void *metadata)
{
    coax_write_map(out, 2);
    write_pairs(out, CX_METADATA_INITIAL, metadata);
    write_pairs(out, CX_METADATA_TRAILING, &none);
}

static void write_trailing(coax_writer *out, const void *metadata)
{
    coax_write_map(out, 2);
    write_pairs(out, CX_METADATA_INITIAL, &none);
    write_pairs(out, CX_METADATA_TRAILING, metadata);
}

coax_err cx_metadata_encode(cx_host *host, const coax_metadata *metadata, cx_metadata_part part,
                            size_t most, cx_encoded *ret, coax_error *error)
{
    *ret = (cx_encoded){ .data = NULL };
    if (metadata == NULL || metadata->count == 0)
        return COAX_OK;
    coax_err err = coax_metadata_check(metadata, error);
    if (err != COAX_OK)
        return err;
    err = cx_encode(host, part == CX_METADATA_INITIAL ? write_initial : write_trailing, metadata,
                    most, ret);
    if (err == COAX_ERR_TOO_LARGE)
        return coax_error_set(error, err, "metadata of more than %zu bytes (max_metadata)", most);
    return err == COAX_OK ? err : coax_error_set(error, err, "no memory for the metadata");
}

static coax_str copy_text(const void *data, size_t len, coax_arena *arena)
{
    char *copy = len < SIZE_MAX ? coax_arena_take(arena, len + 1, 1) : NULL;
    if (copy == NULL)
        return (coax_str){ NULL, 0 };
    if (len > 0)
        memcpy(copy, data, len);
    copy[len] = '\0';
    return (coax_str){ copy, len };
}

bool cx_metadata_copy(const coax_metadata *from, coax_arena *arena, coax_metadata *ret)
{
    coax_metadata_pair *items = coax_arena_array(arena, from->count, sizeof *items, 8);
    *ret = none;
    if (from->count == 0)
        return true;
    if (items == NULL)
        return false;
    for (size_t i = 0; i < from->count; i++) {
        items[i].name = copy_text(from->items[i].name.data, from->items[i].name.len, arena);
        items[i].value = copy_text(from->items[i].value.data, from->items[i].value.len, arena);
        if (items[i].name.data == NULL || items[i].value.data == NULL)
            return false;
    }
    *ret = (coax_metadata){ items, from->count };
    return true;
}

/* What was read, in the public form: values become copies with a NUL. */
static bool publish(const cx_control_pair_list *list, coax_arena *arena, coax_metadata *ret)
{
    coax_metadata_pair *items = coax_arena_array(arena, list->count, sizeof *items, 8);
    if (items == NULL)
        return list->count == 0;
    for (size_t i = 0; i < list->count; i++) {
        const cx_control_pair *pair = &list->items[i];
        items[i].name = pair->name; /* the reader has copied it */
        items[i].value = copy_text(pair->value.data, pair->value.len, arena);
        if (items[i].value.data == NULL)
            return false;
    }
    *ret = (coax_metadata){ items, list->count };
    return true;
}

coax_err cx_metadata_decode(coax_bytes encoded, cx_metadata_part part, coax_arena *arena,
                            coax_metadata *ret, coax_error *error)
{
    *ret = none;
    if (encoded.data == NULL)
        return COAX_OK;
    cx_control_metadata came;
    coax_reader reader;
    coax_reader_init(&reader, encoded.data, encoded.len, arena);
    cx_control_metadata_decode(&reader, &came);
    coax_error why = COAX_ERROR_INIT;
    coax_err err = coax_reader_finish(&reader, &why);
    if (err == COAX_ERR_NO_MEMORY)
        return coax_error_set(error, err, "no memory for the metadata");
    if (err != COAX_OK)
        return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT, "the metadata: %s", why.text);
    const cx_control_pair_list *list = part == CX_METADATA_INITIAL ? &came.initial : &came.trailing;
    if (!publish(list, arena, ret))
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for the metadata");
    return coax_metadata_check(ret, error);
}
