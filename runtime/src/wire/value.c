/*
 * Values in C memory, seen through their descriptors.
 *
 * Knows C layouts as <coax/descriptor.h> states them. Read next: keys.c, interpret.c.
 */
#include <assert.h>
#include <string.h>

#include "wire/value.h"

coax_kind cx_wire_kind(const coax_type *type)
{
    bool is_alias = type->kind == COAX_KIND_ENUM || type->kind == COAX_KIND_FLAGS;
    return (coax_kind)(is_alias ? type->base : type->kind);
}

size_t cx_value_size(const coax_type *type)
{
    bool is_items = type->kind == COAX_KIND_LIST || type->kind == COAX_KIND_MAP;
    return is_items ? sizeof(cx_items) : type->size;
}

bool cx_is_signed(const coax_type *type)
{
    coax_kind kind = cx_wire_kind(type);
    return (kind >= COAX_KIND_I8 && kind <= COAX_KIND_I64) || kind == COAX_KIND_DURATION;
}

int64_t cx_load_integer(const coax_type *type, const void *at)
{
    bool is_signed = cx_is_signed(type);
    switch (type->size) {
    case 1: {
        uint8_t value;
        memcpy(&value, at, sizeof value);
        return is_signed ? (int8_t)value : (int64_t)value;
    }
    case 2: {
        uint16_t value;
        memcpy(&value, at, sizeof value);
        return is_signed ? (int16_t)value : (int64_t)value;
    }
    case 4: {
        uint32_t value;
        memcpy(&value, at, sizeof value);
        return is_signed ? (int32_t)value : (int64_t)value;
    }
    default: {
        uint64_t value;
        assert(type->size == 8);
        memcpy(&value, at, sizeof value);
        return (int64_t)value;
    }
    }
}

void cx_store_integer(const coax_type *type, void *at, int64_t number)
{
    switch (type->size) {
    case 1: {
        uint8_t value = (uint8_t)number;
        memcpy(at, &value, sizeof value);
        break;
    }
    case 2: {
        uint16_t value = (uint16_t)number;
        memcpy(at, &value, sizeof value);
        break;
    }
    case 4: {
        uint32_t value = (uint32_t)number;
        memcpy(at, &value, sizeof value);
        break;
    }
    default:
        assert(type->size == 8);
        memcpy(at, &number, sizeof number);
        break;
    }
}

static const void *member(const void *value, uint32_t offset)
{
    return (const uint8_t *)value + offset;
}

static const void *pointer_at(const void *at)
{
    const void *pointer;
    memcpy(&pointer, at, sizeof pointer);
    return pointer;
}

bool cx_field_is_present(const coax_field *field, const void *value)
{
    switch ((coax_absence)field->absence) {
    case COAX_ABSENCE_NONE: return true;
    case COAX_ABSENCE_FLAG: return *(const bool *)member(value, field->has_offset);
    case COAX_ABSENCE_NULL_DATA: /* .data comes first in all three */
    case COAX_ABSENCE_NULL_POINTER: return pointer_at(member(value, field->offset)) != NULL;
    }
    return true;
}

const void *cx_field_value(const coax_field *field, const void *value)
{
    const void *at = member(value, field->offset);
    return (field->flags & COAX_FIELD_POINTER) != 0 ? pointer_at(at) : at;
}

const coax_field *cx_union_variant(const coax_type *type, const void *value, uint32_t *ret_kind)
{
    memcpy(ret_kind, value, sizeof *ret_kind);
    for (uint32_t i = 0; i < type->n_fields; i++) {
        if (type->ids[i] == *ret_kind)
            return &type->fields[i];
    }
    return NULL;
}

coax_any cx_union_unknown(const coax_type *type, const void *value)
{
    coax_any raw = { NULL, 0 };
    if (type->n_fields > 0)
        memcpy(&raw, member(value, type->fields[0].offset), sizeof raw);
    return raw;
}

static int compare_bytes(const void *a, size_t a_len, const void *b, size_t b_len)
{
    size_t common = a_len < b_len ? a_len : b_len;
    int order = common != 0 ? memcmp(a, b, common) : 0;
    return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

/* Text, bytes and any share their layout, data and len. An absent one counts as empty, which is how it is encoded. */
static int compare_runs(const void *a, const void *b)
{
    coax_bytes left, right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return compare_bytes(left.data, left.len, right.data, right.len);
}

static int compare_floats(double left, double right)
{
    bool left_is_nan = !(left <= left), right_is_nan = !(right <= right);
    if (left_is_nan || right_is_nan)
        return left_is_nan - right_is_nan;
    return (left > right) - (left < right);
}

static double load_float(const coax_type *type, const void *at)
{
    float narrow;
    double wide;
    if (type->kind == COAX_KIND_F32) {
        memcpy(&narrow, at, sizeof narrow);
        return (double)narrow;
    }
    memcpy(&wide, at, sizeof wide);
    return wide;
}

static int compare_timestamps(const void *a, const void *b)
{
    coax_timestamp left, right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    if (left.seconds != right.seconds)
        return left.seconds < right.seconds ? -1 : 1;
    return (left.nanoseconds > right.nanoseconds) - (left.nanoseconds < right.nanoseconds);
}

static int compare_integers(const coax_type *type, const void *a, const void *b)
{
    int64_t left = cx_load_integer(type, a);
    int64_t right = cx_load_integer(type, b);
    if (cx_is_signed(type))
        return (left > right) - (left < right);
    return ((uint64_t)left > (uint64_t)right) - ((uint64_t)left < (uint64_t)right);
}

static int compare_fields(const coax_field *field, const void *a, const void *b, uint32_t depth)
{
    bool left = cx_field_is_present(field, a), right = cx_field_is_present(field, b);
    if (!left || !right)
        return left - right;
    const void *left_value = cx_field_value(field, a);
    const void *right_value = cx_field_value(field, b);
    if (left_value == NULL || right_value == NULL)
        return (left_value != NULL) - (right_value != NULL);
    return cx_value_compare(field->type, left_value, right_value, depth);
}

static int compare_structs(const coax_type *type, const void *a, const void *b, uint32_t depth)
{
    int order = 0;
    for (uint32_t i = 0; i < type->n_fields && order == 0; i++)
        order = compare_fields(&type->fields[i], a, b, depth);
    return order;
}

static int compare_unions(const coax_type *type, const void *a, const void *b, uint32_t depth)
{
    uint32_t left, right;
    const coax_field *variant = cx_union_variant(type, a, &left);
    (void)cx_union_variant(type, b, &right);
    if (left != right)
        return left < right ? -1 : 1;
    if (variant != NULL)
        return compare_fields(variant, a, b, depth);
    coax_any left_raw = cx_union_unknown(type, a), right_raw = cx_union_unknown(type, b);
    return compare_runs(&left_raw, &right_raw);
}

static int compare_items(const coax_type *item, const void *a, const void *b, size_t count,
                         uint32_t depth)
{
    size_t size = cx_value_size(item);
    int order = 0;
    for (size_t i = 0; i < count && order == 0; i++)
        order = cx_value_compare(item, (const uint8_t *)a + i * size, (const uint8_t *)b + i * size,
                                 depth);
    return order;
}

/* Entry by entry, key and then value, in the order in which they are. */
static int compare_entries(const coax_type *map, const uint8_t *a, const uint8_t *b, size_t count,
                           uint32_t depth)
{
    int order = 0;
    for (size_t i = 0; i < count && order == 0; i++, a += map->size, b += map->size) {
        order = cx_value_compare(map->key, a, b, depth);
        if (order == 0)
            order =
                cx_value_compare(map->item, a + map->value_offset, b + map->value_offset, depth);
    }
    return order;
}

static int compare_lists(const coax_type *type, const void *a, const void *b, uint32_t depth)
{
    cx_items left, right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    size_t common = left.count < right.count ? left.count : right.count;
    int order = type->kind == COAX_KIND_MAP
                    ? compare_entries(type, left.items, right.items, common, depth)
                    : compare_items(type->item, left.items, right.items, common, depth);
    return order != 0 ? order : (left.count > right.count) - (left.count < right.count);
}

int cx_value_compare(const coax_type *type, const void *a, const void *b, uint32_t depth)
{
    switch ((coax_kind)type->kind) {
    case COAX_KIND_STRING:
    case COAX_KIND_BYTES:
    case COAX_KIND_ANY: return compare_runs(a, b);
    case COAX_KIND_UUID: return memcmp(a, b, sizeof(coax_uuid));
    case COAX_KIND_F32:
    case COAX_KIND_F64: return compare_floats(load_float(type, a), load_float(type, b));
    case COAX_KIND_TIMESTAMP: return compare_timestamps(a, b);
    case COAX_KIND_STRUCT:
    case COAX_KIND_ERROR: return depth == 0 ? 0 : compare_structs(type, a, b, depth - 1);
    case COAX_KIND_UNION: return depth == 0 ? 0 : compare_unions(type, a, b, depth - 1);
    case COAX_KIND_LIST:
    case COAX_KIND_MAP: return depth == 0 ? 0 : compare_lists(type, a, b, depth - 1);
    case COAX_KIND_ARRAY:
        return depth == 0 ? 0 : compare_items(type->item, a, b, type->count, depth - 1);
    default: return compare_integers(type, a, b);
    }
}
