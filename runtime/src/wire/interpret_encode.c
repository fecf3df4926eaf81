/*
 * The codec by table, writing.
 *
 * Knows what generated encoders write and in which order. Read next: interpret_decode.c.
 */
#include <string.h>

#include "wire/interpret.h"
#include "wire/value.h"

static void encode_value(coax_writer *out, const coax_type *type, const void *value,
                         uint32_t depth);

/* Numbers of every width have one encoding, so the width in C doesn't matter here. */
static void encode_integer(coax_writer *out, const coax_type *type, const void *value)
{
    int64_t number = cx_load_integer(type, value);
    if (cx_is_signed(type))
        coax_write_i64(out, number);
    else
        coax_write_u64(out, (uint64_t)number);
}

static void encode_float(coax_writer *out, const coax_type *type, const void *value)
{
    float narrow;
    double wide;
    if (type->kind == COAX_KIND_F32) {
        memcpy(&narrow, value, sizeof narrow);
        coax_write_f32(out, narrow);
    } else {
        memcpy(&wide, value, sizeof wide);
        coax_write_f64(out, wide);
    }
}

/* Text, bytes and any share their layout in C. */
static void encode_run(coax_writer *out, const coax_type *type, const void *value)
{
    coax_bytes bytes;
    memcpy(&bytes, value, sizeof bytes);
    if (type->kind == COAX_KIND_STRING) {
        coax_str text = { (const char *)bytes.data, bytes.len };
        coax_write_str(out, text);
    } else if (type->kind == COAX_KIND_BYTES) {
        coax_write_bytes(out, bytes);
    } else {
        coax_any any = { bytes.data, bytes.len };
        coax_write_any(out, any);
    }
}

static void encode_field(coax_writer *out, const coax_field *field, const void *value,
                         uint32_t depth)
{
    coax_write_key(out, field->id);
    const void *at = cx_field_value(field, value);
    if (at != NULL)
        encode_value(out, field->type, at, depth);
    else
        coax_write_nil(out);
}

static void encode_struct(coax_writer *out, const coax_type *type, const void *value,
                          uint32_t depth)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < type->n_fields; i++)
        count += cx_field_is_present(&type->fields[i], value);
    coax_write_map(out, count);
    for (uint32_t i = 0; i < type->n_fields; i++) {
        if (cx_field_is_present(&type->fields[i], value))
            encode_field(out, &type->fields[i], value, depth);
    }
}

static void encode_union(coax_writer *out, const coax_type *type, const void *value, uint32_t depth)
{
    uint32_t kind;
    const coax_field *variant = cx_union_variant(type, value, &kind);
    coax_write_map(out, 1);
    if (variant != NULL) {
        encode_field(out, variant, value, depth);
    } else {
        coax_write_key(out, kind);
        coax_write_any(out, cx_union_unknown(type, value));
    }
}

static void encode_items(coax_writer *out, const coax_type *item, const void *items, size_t count,
                         uint32_t depth)
{
    size_t size = cx_value_size(item);
    coax_write_list(out, count);
    for (size_t i = 0; i < count && out->err == COAX_OK; i++)
        encode_value(out, item, (const uint8_t *)items + i * size, depth);
}

static void encode_map(coax_writer *out, const coax_type *map, const void *value, uint32_t depth)
{
    cx_items entries;
    memcpy(&entries, value, sizeof entries);
    if (entries.count > UINT32_MAX) {
        coax_writer_fail(out, COAX_ERR_TOO_LARGE);
        return;
    }
    coax_write_map(out, (uint32_t)entries.count);
    const uint32_t *order = coax_write_map_order(out, map, entries.items, entries.count);
    for (size_t i = 0; i < entries.count && out->err == COAX_OK; i++) {
        const uint8_t *entry =
            (const uint8_t *)entries.items + (order != NULL ? order[i] : i) * map->size;
        encode_value(out, map->key, entry, depth);
        encode_value(out, map->item, entry + map->value_offset, depth);
    }
    coax_write_map_order_done(out, order);
}

static void encode_list(coax_writer *out, const coax_type *type, const void *value, uint32_t depth)
{
    cx_items list;
    memcpy(&list, value, sizeof list);
    encode_items(out, type->item, list.items, list.count, depth);
}

static void encode_array(coax_writer *out, const coax_type *type, const void *value, uint32_t depth)
{
    if (type->item->kind == COAX_KIND_U8)
        coax_write_fixed(out, value, type->count);
    else
        encode_items(out, type->item, value, type->count, depth);
}

static void encode_nested(coax_writer *out, const coax_type *type, const void *value,
                          uint32_t depth)
{
    if (depth == 0) {
        coax_writer_fail(out, COAX_ERR_TOO_DEEP);
        return;
    }
    switch ((coax_kind)type->kind) {
    case COAX_KIND_UNION: encode_union(out, type, value, depth - 1); break;
    case COAX_KIND_LIST: encode_list(out, type, value, depth - 1); break;
    case COAX_KIND_ARRAY: encode_array(out, type, value, depth - 1); break;
    case COAX_KIND_MAP: encode_map(out, type, value, depth - 1); break;
    default: encode_struct(out, type, value, depth - 1); break;
    }
}

static void encode_value(coax_writer *out, const coax_type *type, const void *value, uint32_t depth)
{
    coax_timestamp time;
    coax_uuid uuid;
    bool truth;
    switch ((coax_kind)type->kind) {
    case COAX_KIND_BOOL:
        memcpy(&truth, value, sizeof truth);
        coax_write_bool(out, truth);
        break;
    case COAX_KIND_F32:
    case COAX_KIND_F64: encode_float(out, type, value); break;
    case COAX_KIND_STRING:
    case COAX_KIND_BYTES:
    case COAX_KIND_ANY: encode_run(out, type, value); break;
    case COAX_KIND_TIMESTAMP:
        memcpy(&time, value, sizeof time);
        coax_write_timestamp(out, time);
        break;
    case COAX_KIND_UUID:
        memcpy(&uuid, value, sizeof uuid);
        coax_write_uuid(out, uuid);
        break;
    case COAX_KIND_STRUCT:
    case COAX_KIND_ERROR:
    case COAX_KIND_UNION:
    case COAX_KIND_LIST:
    case COAX_KIND_ARRAY:
    case COAX_KIND_MAP: encode_nested(out, type, value, depth); break;
    default: encode_integer(out, type, value); break;
    }
}

void cx_interpret_encode(coax_writer *out, const coax_type *type, const void *value)
{
    encode_value(out, type, value, COAX_DEPTH_MAX);
}
