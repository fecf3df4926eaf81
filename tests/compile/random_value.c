/*
 * See random_value.h.
 */
#include "random_value.h"

#include <assert.h>
#include <string.h>

#include <coax/bytes.h>

#include "wire/value.h"

uint64_t random_next(random_source *random)
{
    uint64_t z = (random->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t random_below(random_source *random, uint64_t bound)
{
    return random_next(random) % bound;
}

/* A number whose width is random too, so that every encoding comes up. */
static int64_t any_number(random_source *random)
{
    return (int64_t)(random_next(random) >> random_below(random, 64));
}

static void *take(random_source *random, size_t size)
{
    void *memory = coax_arena_take(random->arena, size + 1, 16);
    assert(memory != NULL);
    memset(memory, 0, size + 1);
    return memory;
}

static coax_str any_text(random_source *random)
{
    static const char *const pieces[] = { "a",        "Z9",
                                          "\xc3\xa9", "\xe2\x82\xac",
                                          " ",        "\xf0\x9f\x98\x80" };
    char text[256];
    size_t len = 0;
    size_t n = random_below(random, 40);
    for (size_t i = 0; i < n; i++) {
        const char *piece = pieces[random_below(random, 6)];
        memcpy(text + len, piece, strlen(piece));
        len += strlen(piece);
    }
    char *copy = (char *)take(random, len);
    memcpy(copy, text, len);
    return (coax_str){ copy, len };
}

static coax_bytes any_bytes(random_source *random)
{
    size_t len = random_below(random, 300);
    uint8_t *data = (uint8_t *)take(random, len);
    for (size_t i = 0; i < len; i++)
        data[i] = (uint8_t)random_next(random);
    return (coax_bytes){ data, len };
}

static int64_t any_enum(random_source *random, const coax_type *type)
{
    if (type->kind == COAX_KIND_FLAGS && type->is_strict) {
        int64_t bits = 0;
        for (uint32_t i = 0; i < type->n_values; i++)
            bits |= random_below(random, 2) != 0 ? type->values[i].number : 0;
        return bits;
    }
    if (type->is_strict || random_below(random, 2) != 0)
        return type->values[random_below(random, type->n_values)].number;
    int64_t number = any_number(random);
    switch (type->base) {
    case COAX_KIND_I8: return (int8_t)number;
    case COAX_KIND_I16: return (int16_t)number;
    case COAX_KIND_I32: return (int32_t)number;
    case COAX_KIND_U8: return (uint8_t)number;
    case COAX_KIND_U16: return (uint16_t)number;
    case COAX_KIND_U32: return (uint32_t)number;
    default: return number;
    }
}

static void fill_scalar(random_source *random, const coax_type *type, void *ret)
{
    switch ((coax_kind)type->kind) {
    case COAX_KIND_BOOL: cx_store_integer(type, ret, (int64_t)random_below(random, 2)); break;
    case COAX_KIND_F32: {
        float value = (float)any_number(random) / 7.0f;
        memcpy(ret, &value, sizeof value);
        break;
    }
    case COAX_KIND_F64: {
        double value = (double)any_number(random) / 7.0;
        memcpy(ret, &value, sizeof value);
        break;
    }
    case COAX_KIND_STRING: {
        coax_str text = any_text(random);
        memcpy(ret, &text, sizeof text);
        break;
    }
    case COAX_KIND_BYTES: {
        coax_bytes bytes = any_bytes(random);
        memcpy(ret, &bytes, sizeof bytes);
        break;
    }
    case COAX_KIND_TIMESTAMP: {
        coax_timestamp time = { any_number(random), (uint32_t)random_below(random, 1000000000) };
        memcpy(ret, &time, sizeof time);
        break;
    }
    case COAX_KIND_UUID: {
        for (size_t i = 0; i < 16; i++)
            ((uint8_t *)ret)[i] = (uint8_t)random_next(random);
        break;
    }
    case COAX_KIND_ANY: {
        uint8_t *number = (uint8_t *)take(random, 1);
        number[0] = (uint8_t)random_below(random, 0x80);
        coax_any any = { number, 1 };
        memcpy(ret, &any, sizeof any);
        break;
    }
    default: cx_store_integer(type, ret, any_number(random)); break;
    }
}

static void set_has(const coax_field *field, void *owner)
{
    bool yes = true;
    if (field->absence == COAX_ABSENCE_FLAG)
        memcpy((char *)owner + field->has_offset, &yes, sizeof yes);
}

/* A member in place, or behind a pointer. */
static void fill_member(random_source *random, const coax_field *field, void *owner, unsigned depth)
{
    void *member = (char *)owner + field->offset;
    if ((field->flags & COAX_FIELD_POINTER) == 0) {
        random_value(random, field->type, member, depth);
        return;
    }
    void *object = take(random, cx_value_size(field->type));
    random_value(random, field->type, object, depth);
    memcpy(member, &object, sizeof object);
}

static void fill_struct(random_source *random, const coax_type *type, void *ret, unsigned depth)
{
    memcpy(ret, type->initial, type->size);
    for (uint32_t i = 0; i < type->n_fields; i++) {
        const coax_field *field = &type->fields[i];
        bool is_optional = field->presence == COAX_PRESENCE_OPTIONAL;
        if (is_optional && (depth == 0 || random_below(random, 2) == 0))
            continue;
        set_has(field, ret);
        fill_member(random, field, ret, depth > 0 ? depth - 1 : 0);
    }
}

/* At the end of the depth a variant that holds no other object. */
static void fill_union(random_source *random, const coax_type *type, void *ret, unsigned depth)
{
    memcpy(ret, type->initial, type->size);
    uint32_t index = (uint32_t)random_below(random, type->n_fields);
    while (depth == 0 && (type->fields[index].flags & COAX_FIELD_POINTER) != 0)
        index = (index + 1) % type->n_fields;
    uint32_t kind = type->fields[index].id;
    memcpy(ret, &kind, sizeof kind);
    fill_member(random, &type->fields[index], ret, depth > 0 ? depth - 1 : 0);
}

static void fill_list(random_source *random, const coax_type *type, void *ret, unsigned depth)
{
    size_t count = depth == 0 ? 0 : random_below(random, 4);
    char *items = (char *)take(random, count * type->size);
    for (size_t i = 0; i < count; i++)
        random_value(random, type->item, items + i * type->size, depth - 1);
    cx_items list = { items, count };
    memcpy(ret, &list, sizeof list);
}

static bool has_key(const coax_type *type, const char *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (cx_value_compare(type->key, items + i * type->size, items + count * type->size, 2) == 0)
            return true;
    return false;
}

static void fill_map(random_source *random, const coax_type *type, void *ret, unsigned depth)
{
    size_t wanted = depth == 0 ? 0 : random_below(random, 4);
    char *items = (char *)take(random, (wanted + 1) * type->size);
    size_t count = 0;
    for (size_t i = 0; i < wanted; i++) {
        random_value(random, type->key, items + count * type->size, 0);
        if (has_key(type, items, count))
            continue;
        random_value(random, type->item, items + count * type->size + type->value_offset,
                     depth - 1);
        count++;
    }
    cx_items map = { items, count };
    memcpy(ret, &map, sizeof map);
}

void random_value(random_source *random, const coax_type *type, void *ret, unsigned depth)
{
    switch ((coax_kind)type->kind) {
    case COAX_KIND_ENUM:
    case COAX_KIND_FLAGS: cx_store_integer(type, ret, any_enum(random, type)); break;
    case COAX_KIND_STRUCT:
    case COAX_KIND_ERROR: fill_struct(random, type, ret, depth); break;
    case COAX_KIND_UNION: fill_union(random, type, ret, depth); break;
    case COAX_KIND_LIST: fill_list(random, type, ret, depth); break;
    case COAX_KIND_MAP: fill_map(random, type, ret, depth); break;
    case COAX_KIND_ARRAY:
        for (uint32_t i = 0; i < type->count; i++)
            random_value(random, type->item, (char *)ret + i * (type->size / type->count), depth);
        break;
    default: fill_scalar(random, type, ret); break;
    }
}
