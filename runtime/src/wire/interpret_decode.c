/*
 * The codec by table, reading.
 *
 * Walks with the same functions as generated decoders, so verdicts and words are the same. Each level is entered by one of
 * them, and past COAX_DEPTH_MAX they fail: that bounds the recursion. Read next: dump.h.
 */
#include <string.h>

#include "wire/interpret.h"
#include "wire/value.h"
#include "wire/words.h"

/* What a struct in the arena is aligned to: the most any C type of ours needs. */
enum { OBJECT_ALIGN = 16 };

static void decode_value(coax_reader *in, const coax_type *type, void *ret);

/* Numbers by the range of their kind on the wire; bools have their own reader. */
static int64_t read_integer(coax_reader *in, coax_kind kind)
{
    switch (kind) {
    case COAX_KIND_I8: return coax_read_i8(in);
    case COAX_KIND_I16: return coax_read_i16(in);
    case COAX_KIND_I32: return coax_read_i32(in);
    case COAX_KIND_U8: return coax_read_u8(in);
    case COAX_KIND_U16: return coax_read_u16(in);
    case COAX_KIND_U32: return coax_read_u32(in);
    case COAX_KIND_U64: return (int64_t)coax_read_u64(in);
    default: return coax_read_i64(in);
    }
}

static void decode_integer(coax_reader *in, const coax_type *type, void *ret)
{
    int64_t number = read_integer(in, cx_wire_kind(type));
    if (type->kind == COAX_KIND_ENUM || type->kind == COAX_KIND_FLAGS)
        coax_expect_enum(in, type, number);
    cx_store_integer(type, ret, number);
}

static void decode_simple(coax_reader *in, const coax_type *type, void *ret)
{
    switch ((coax_kind)type->kind) {
    case COAX_KIND_BOOL: *(bool *)ret = coax_read_bool(in); break;
    case COAX_KIND_F32: *(float *)ret = coax_read_f32(in); break;
    case COAX_KIND_F64: *(double *)ret = coax_read_f64(in); break;
    case COAX_KIND_STRING: *(coax_str *)ret = coax_read_str(in); break;
    case COAX_KIND_BYTES: *(coax_bytes *)ret = coax_read_bytes(in); break;
    case COAX_KIND_ANY: *(coax_any *)ret = coax_read_any(in); break;
    case COAX_KIND_TIMESTAMP: *(coax_timestamp *)ret = coax_read_timestamp(in); break;
    case COAX_KIND_UUID: *(coax_uuid *)ret = coax_read_uuid(in); break;
    default: decode_integer(in, type, ret); break;
    }
}

static void decode_behind_pointer(coax_reader *in, const coax_type *type, void *member)
{
    void *object = coax_read_object(in, cx_value_size(type), OBJECT_ALIGN);
    memcpy(member, &object, sizeof object);
    if (object != NULL)
        decode_value(in, type, object);
}

/* Reads a field's value to its place in the struct or union at `ret`. */
static void decode_field(coax_reader *in, const coax_field *field, void *ret)
{
    uint8_t *member = (uint8_t *)ret + field->offset;
    if (field->absence == COAX_ABSENCE_FLAG)
        *((bool *)ret + field->has_offset) = true;
    if ((field->flags & COAX_FIELD_POINTER) != 0)
        decode_behind_pointer(in, field->type, member);
    else
        decode_value(in, field->type, member);
}

static void require_fields(coax_reader *in, const coax_type *type, const coax_struct_scope *scope)
{
    for (uint32_t word = 0; word * 64 < type->n_fields; word++) {
        uint64_t mask = 0;
        for (uint32_t i = word * 64; i < type->n_fields && i < (word + 1) * 64; i++) {
            if (type->fields[i].presence == COAX_PRESENCE_REQUIRED)
                mask |= (uint64_t)1 << (i % 64);
        }
        coax_require_fields(in, scope, word, mask);
    }
}

static void set_initial(const coax_type *type, void *ret)
{
    if (type->initial != NULL)
        memcpy(ret, type->initial, type->size);
    else
        memset(ret, 0, type->size);
}

static void decode_struct(coax_reader *in, const coax_type *type, void *ret)
{
    coax_struct_scope scope;
    set_initial(type, ret);
    coax_read_struct(in, &scope, type);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        const coax_field *field = cx_words_field(type, id);
        if (field != NULL)
            decode_field(in, field, ret);
        else
            coax_skip_field(in);
    }
    require_fields(in, type, &scope);
}

static void decode_union(coax_reader *in, const coax_type *type, void *ret)
{
    coax_struct_scope scope;
    set_initial(type, ret);
    uint32_t kind = coax_read_union(in, &scope, type);
    const coax_field *variant = cx_words_field(type, kind);
    if (variant != NULL) {
        decode_field(in, variant, ret);
    } else {
        coax_any raw = coax_read_unknown_variant(in, type);
        if (!type->is_strict && type->n_fields > 0)
            memcpy((uint8_t *)ret + type->fields[0].offset, &raw, sizeof raw);
    }
    memcpy(ret, &kind, sizeof kind);
    coax_union_done(in, &scope);
}

static void decode_list(coax_reader *in, const coax_type *type, void *ret)
{
    cx_items list;
    size_t size = cx_value_size(type->item);
    uint8_t *items = coax_read_list(in, size, OBJECT_ALIGN, &list.count);
    for (size_t i = 0; i < list.count && in->err == COAX_OK; i++)
        decode_value(in, type->item, items + i * size);
    coax_list_done(in);
    list.items = items;
    memcpy(ret, &list, sizeof list);
}

static void decode_array(coax_reader *in, const coax_type *type, void *ret)
{
    size_t size = cx_value_size(type->item);
    if (type->item->kind == COAX_KIND_U8) {
        coax_read_fixed(in, ret, type->count);
        return;
    }
    if (coax_read_array(in, type->count)) {
        for (size_t i = 0; i < type->count && in->err == COAX_OK; i++)
            decode_value(in, type->item, (uint8_t *)ret + i * size);
    }
    coax_list_done(in);
}

static void decode_map(coax_reader *in, const coax_type *type, void *ret)
{
    cx_items map;
    uint8_t *entries = coax_read_map(in, type->size, OBJECT_ALIGN, &map.count);
    for (size_t i = 0; i < map.count && in->err == COAX_OK; i++) {
        uint8_t *entry = entries + i * type->size;
        decode_value(in, type->key, entry);
        decode_value(in, type->item, entry + type->value_offset);
    }
    coax_map_done(in, type, entries, map.count);
    map.items = entries;
    memcpy(ret, &map, sizeof map);
}

static void decode_value(coax_reader *in, const coax_type *type, void *ret)
{
    switch ((coax_kind)type->kind) {
    case COAX_KIND_STRUCT:
    case COAX_KIND_ERROR: decode_struct(in, type, ret); break;
    case COAX_KIND_UNION: decode_union(in, type, ret); break;
    case COAX_KIND_LIST: decode_list(in, type, ret); break;
    case COAX_KIND_ARRAY: decode_array(in, type, ret); break;
    case COAX_KIND_MAP: decode_map(in, type, ret); break;
    default: decode_simple(in, type, ret); break;
    }
}

void cx_interpret_decode(coax_reader *in, const coax_type *type, void *ret)
{
    decode_value(in, type, ret);
}
