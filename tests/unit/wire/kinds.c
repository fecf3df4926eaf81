/*
 * The straight codec of kinds.h. Its tables are in kinds_types.c.
 */
#include <stdalign.h>

#include "kinds.h"

void kinds_inner_encode(coax_writer *out, const kinds_inner *value)
{
    coax_write_map(out, 1u + (value->b.data != NULL));
    coax_write_i32_field(out, 1, value->a);
    if (value->b.data != NULL)
        coax_write_str_field(out, 2, value->b);
}

void kinds_inner_decode(coax_reader *in, kinds_inner *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &kinds_inner_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->a = coax_read_i32(in); break;
        case 2: ret->b = coax_read_str(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u); /* a */
}

void kinds_choice_encode(coax_writer *out, const kinds_choice *value)
{
    coax_write_map(out, 1);
    coax_write_key(out, (uint32_t)value->kind);
    switch (value->kind) {
    case KINDS_CHOICE_INNER: kinds_inner_encode(out, value->as.inner); break;
    case KINDS_CHOICE_NUMBER: coax_write_u32(out, value->as.number); break;
    case KINDS_CHOICE_TEXT: coax_write_str(out, value->as.text); break;
    default: coax_write_any(out, value->as.unknown); break;
    }
}

static const kinds_inner *inner_read(coax_reader *in)
{
    kinds_inner *inner = coax_read_object(in, sizeof *inner, alignof(kinds_inner));
    if (inner != NULL)
        kinds_inner_decode(in, inner);
    return inner;
}

void kinds_choice_decode(coax_reader *in, kinds_choice *ret)
{
    static const kinds_choice initial = { 0 };
    coax_struct_scope scope;
    *ret = initial;
    uint32_t id = coax_read_union(in, &scope, &kinds_choice_type);
    switch (id) {
    case KINDS_CHOICE_INNER: ret->as.inner = inner_read(in); break;
    case KINDS_CHOICE_NUMBER: ret->as.number = coax_read_u32(in); break;
    case KINDS_CHOICE_TEXT: ret->as.text = coax_read_str(in); break;
    default: ret->as.unknown = coax_read_unknown_variant(in, &kinds_choice_type); break;
    }
    ret->kind = (kinds_choice_kind)id;
    coax_union_done(in, &scope);
}

static void inners_encode(coax_writer *out, kinds_inner_list list)
{
    coax_write_list(out, list.count);
    for (size_t i = 0; i < list.count; i++)
        kinds_inner_encode(out, &list.items[i]);
}

static kinds_inner_list inners_decode(coax_reader *in)
{
    kinds_inner_list list;
    kinds_inner *items = coax_read_list(in, sizeof *items, alignof(kinds_inner), &list.count);
    for (size_t i = 0; i < list.count; i++)
        kinds_inner_decode(in, &items[i]);
    coax_list_done(in);
    list.items = items;
    return list;
}

static void counts_encode(coax_writer *out, kinds_count_map map)
{
    coax_write_map(out, (uint32_t)map.count);
    const uint32_t *order = coax_write_map_order(out, &kinds_count_map_type, map.items, map.count);
    for (size_t i = 0; i < map.count; i++) {
        const kinds_count_entry *entry = &map.items[order != NULL ? order[i] : i];
        coax_write_str(out, entry->key);
        coax_write_u32(out, entry->value);
    }
    coax_write_map_order_done(out, order);
}

static kinds_count_map counts_decode(coax_reader *in)
{
    kinds_count_map map;
    kinds_count_entry *items =
        coax_read_map(in, sizeof *items, alignof(kinds_count_entry), &map.count);
    for (size_t i = 0; i < map.count; i++) {
        items[i].key = coax_read_str(in);
        items[i].value = coax_read_u32(in);
    }
    coax_map_done(in, &kinds_count_map_type, items, map.count);
    map.items = items;
    return map;
}

static void by_number_encode(coax_writer *out, kinds_inner_map map)
{
    coax_write_map(out, (uint32_t)map.count);
    const uint32_t *order = coax_write_map_order(out, &kinds_inner_map_type, map.items, map.count);
    for (size_t i = 0; i < map.count; i++) {
        const kinds_inner_entry *entry = &map.items[order != NULL ? order[i] : i];
        coax_write_i32(out, entry->key);
        kinds_inner_encode(out, &entry->value);
    }
    coax_write_map_order_done(out, order);
}

static kinds_inner_map by_number_decode(coax_reader *in)
{
    kinds_inner_map map;
    kinds_inner_entry *items =
        coax_read_map(in, sizeof *items, alignof(kinds_inner_entry), &map.count);
    for (size_t i = 0; i < map.count; i++) {
        items[i].key = coax_read_i32(in);
        kinds_inner_decode(in, &items[i].value);
    }
    coax_map_done(in, &kinds_inner_map_type, items, map.count);
    map.items = items;
    return map;
}

static void triple_encode(coax_writer *out, const uint16_t *triple)
{
    coax_write_list(out, 3);
    for (size_t i = 0; i < 3; i++)
        coax_write_u16(out, triple[i]);
}

static void triple_decode(coax_reader *in, uint16_t *ret)
{
    if (coax_read_array(in, 3)) {
        for (size_t i = 0; i < 3; i++)
            ret[i] = coax_read_u16(in);
    }
    coax_list_done(in);
}

static const kinds_all *all_read(coax_reader *in)
{
    kinds_all *all = coax_read_object(in, sizeof *all, alignof(kinds_all));
    if (all != NULL)
        kinds_all_decode(in, all);
    return all;
}

static void encode_plain(coax_writer *out, const kinds_all *value)
{
    coax_write_bool_field(out, 1, value->truth);
    coax_write_i8_field(out, 2, value->i8);
    coax_write_i16_field(out, 3, value->i16);
    coax_write_i32_field(out, 4, value->i32);
    coax_write_i64_field(out, 5, value->i64);
    coax_write_u8_field(out, 6, value->u8);
    coax_write_u16_field(out, 7, value->u16);
    coax_write_u32_field(out, 8, value->u32);
    coax_write_u64_field(out, 9, value->u64);
    coax_write_f32_field(out, 10, value->f32);
    coax_write_f64_field(out, 11, value->f64);
    coax_write_str_field(out, 12, value->text);
    coax_write_bytes_field(out, 13, value->bytes);
    coax_write_timestamp_field(out, 14, value->time);
    coax_write_duration_field(out, 15, value->span);
    coax_write_uuid_field(out, 16, value->uuid);
    coax_write_any_field(out, 17, value->any);
    coax_write_u8_field(out, 18, (uint8_t)value->side);
    coax_write_u32_field(out, 19, value->rights);
}

void kinds_all_encode(coax_writer *out, const kinds_all *value)
{
    coax_write_map(out, 29u + value->has_maybe + (value->behind != NULL) +
                            (value->note.data != NULL) + (value->parent != NULL));
    encode_plain(out, value);
    coax_write_key(out, 20);
    kinds_inner_encode(out, &value->inner);
    coax_write_key(out, 21);
    kinds_choice_encode(out, &value->choice);
    coax_write_u32_list_field(out, 22, value->numbers);
    coax_write_key(out, 23);
    inners_encode(out, value->inners);
    coax_write_key(out, 24);
    counts_encode(out, value->counts);
    coax_write_key(out, 25);
    by_number_encode(out, value->by_number);
    coax_write_fixed_field(out, 26, value->tag, 4);
    coax_write_key(out, 27);
    triple_encode(out, value->triple);
    if (value->has_maybe)
        coax_write_u32_field(out, 130, value->maybe);
    if (value->behind != NULL) {
        coax_write_key(out, 131);
        kinds_inner_encode(out, value->behind);
    }
    if (value->note.data != NULL)
        coax_write_str_field(out, 132, value->note);
    coax_write_u32_field(out, 133, value->retries);
    if (value->parent != NULL) {
        coax_write_key(out, 300);
        kinds_all_encode(out, value->parent);
    }
    coax_write_any_list_field(out, 301, value->extras);
}

static uint32_t read_side(coax_reader *in)
{
    uint32_t number = coax_read_u8(in);
    coax_expect_enum(in, &kinds_side_type, number);
    return number;
}

static uint32_t read_rights(coax_reader *in)
{
    uint32_t number = coax_read_u32(in);
    coax_expect_enum(in, &kinds_rights_type, number);
    return number;
}

/* One function in generated code; the house's limit on a function's length cuts it here. */
static bool decode_plain(coax_reader *in, kinds_all *ret, uint32_t id)
{
    switch (id) {
    case 1: ret->truth = coax_read_bool(in); return true;
    case 2: ret->i8 = coax_read_i8(in); return true;
    case 3: ret->i16 = coax_read_i16(in); return true;
    case 4: ret->i32 = coax_read_i32(in); return true;
    case 5: ret->i64 = coax_read_i64(in); return true;
    case 6: ret->u8 = coax_read_u8(in); return true;
    case 7: ret->u16 = coax_read_u16(in); return true;
    case 8: ret->u32 = coax_read_u32(in); return true;
    case 9: ret->u64 = coax_read_u64(in); return true;
    case 10: ret->f32 = coax_read_f32(in); return true;
    case 11: ret->f64 = coax_read_f64(in); return true;
    case 12: ret->text = coax_read_str(in); return true;
    case 13: ret->bytes = coax_read_bytes(in); return true;
    case 14: ret->time = coax_read_timestamp(in); return true;
    case 15: ret->span = coax_read_duration(in); return true;
    case 16: ret->uuid = coax_read_uuid(in); return true;
    case 17: ret->any = coax_read_any(in); return true;
    case 18: ret->side = (kinds_side)read_side(in); return true;
    case 19: ret->rights = read_rights(in); return true;
    default: return false;
    }
}

static void decode_nested(coax_reader *in, kinds_all *ret, uint32_t id)
{
    switch (id) {
    case 20: kinds_inner_decode(in, &ret->inner); break;
    case 21: kinds_choice_decode(in, &ret->choice); break;
    case 22: ret->numbers = coax_read_u32_list(in); break;
    case 23: ret->inners = inners_decode(in); break;
    case 24: ret->counts = counts_decode(in); break;
    case 25: ret->by_number = by_number_decode(in); break;
    case 26: coax_read_fixed(in, ret->tag, 4); break;
    case 27: triple_decode(in, ret->triple); break;
    case 130:
        ret->has_maybe = true;
        ret->maybe = coax_read_u32(in);
        break;
    case 131: ret->behind = inner_read(in); break;
    case 132: ret->note = coax_read_str(in); break;
    case 133: ret->retries = coax_read_u32(in); break;
    case 300: ret->parent = all_read(in); break;
    case 301: ret->extras = coax_read_any_list(in); break;
    default: coax_skip_field(in); break;
    }
}

void kinds_all_decode(coax_reader *in, kinds_all *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &kinds_all_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        if (!decode_plain(in, ret, id))
            decode_nested(in, ret, id);
    }
    coax_require_fields(in, &scope, 0, 0x7ffffffu); /* 1 to 27 */
}
