/*
 * The codec of record.idl, in the shape in which idlc writes it. Read next: codec.c.
 */
#include <stddef.h>

#include "record.h"

void bench_point_encode(coax_writer *out, const bench_point *value)
{
    coax_write_map(out, 3);
    coax_write_i32_field(out, 1, value->x);
    coax_write_i32_field(out, 2, value->y);
    coax_write_i32_field(out, 3, value->z);
}

void bench_point_decode(coax_reader *in, bench_point *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &bench_point_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->x = coax_read_i32(in); break;
        case 2: ret->y = coax_read_i32(in); break;
        case 3: ret->z = coax_read_i32(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x7u); /* x, y, z */
}

bool bench_point_check(const bench_point *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &bench_point_type);
    return coax_check_end(why, scope);
}

void bench_record_encode(coax_writer *out, const bench_record *value)
{
    coax_write_map(out, 10u + value->has_note);
    coax_write_u64_field(out, 1, value->id);
    coax_write_i32_field(out, 2, value->delta);
    coax_write_f64_field(out, 3, value->price);
    coax_write_bool_field(out, 4, value->live);
    coax_write_u8_field(out, 5, (uint8_t)value->side);
    coax_write_str_field(out, 6, value->name);
    coax_write_str_field(out, 7, value->city);
    coax_write_bytes_field(out, 8, value->payload);
    coax_write_u32_list_field(out, 9, value->levels);
    coax_write_key(out, 10);
    bench_point_encode(out, &value->origin);
    if (value->has_note)
        coax_write_u32_field(out, 11, value->note);
}

void bench_record_decode(coax_reader *in, bench_record *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &bench_record_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->id = coax_read_u64(in); break;
        case 2: ret->delta = coax_read_i32(in); break;
        case 3: ret->price = coax_read_f64(in); break;
        case 4: ret->live = coax_read_bool(in); break;
        case 5: ret->side = (bench_side)coax_read_u8(in); break;
        case 6: ret->name = coax_read_str(in); break;
        case 7: ret->city = coax_read_str(in); break;
        case 8: ret->payload = coax_read_bytes(in); break;
        case 9: ret->levels = coax_read_u32_list(in); break;
        case 10: bench_point_decode(in, &ret->origin); break;
        case 11:
            ret->has_note = true;
            ret->note = coax_read_u32(in);
            break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x3ffu); /* all but note */
}

bool bench_record_check(const bench_record *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &bench_record_type);
    coax_check_str(why, 6, value->name);
    coax_check_str(why, 7, value->city);
    coax_check_bytes(why, 8, value->payload);
    coax_check_at(why, 10);
    bench_point_check(&value->origin, why);
    return coax_check_end(why, scope);
}

static void encode_point(coax_writer *out, const void *value)
{
    bench_point_encode(out, value);
}

static void decode_point(coax_reader *in, void *ret)
{
    bench_point_decode(in, ret);
}

static bool check_point(const void *value, coax_violations *why)
{
    return bench_point_check(value, why);
}

static void encode_record(coax_writer *out, const void *value)
{
    bench_record_encode(out, value);
}

static void decode_record(coax_reader *in, void *ret)
{
    bench_record_decode(in, ret);
}

static bool check_record(const void *value, coax_violations *why)
{
    return bench_record_check(value, why);
}

static const coax_enum_value side_values[] = { { "buy", NULL, 1 }, { "sell", NULL, 2 } };

static const coax_type side_type = {
    .name = "bench.Side",
    .kind = COAX_KIND_ENUM,
    .base = COAX_KIND_U8,
    .size = sizeof(bench_side),
    .n_values = 2,
    .values = side_values,
};

static const coax_type levels_type = {
    .name = "list<u32>",
    .kind = COAX_KIND_LIST,
    .size = sizeof(uint32_t),
    .item = &coax_type_u32,
};

#define POINT_FIELD(number, member)                                                                \
    {                                                                                              \
        .name = #member, .type = &coax_type_i32, .offset = offsetof(bench_point, member),          \
        .id = (number)                                                                             \
    }
static const coax_field point_fields[] = { POINT_FIELD(1, x), POINT_FIELD(2, y),
                                           POINT_FIELD(3, z) };
static const uint16_t point_ids[] = { 1, 2, 3 };
static const uint64_t point_optional[] = { 0 };
static const bench_point point_initial = { 0 };

const coax_type bench_point_type = {
    .name = "bench.Point",
    .kind = COAX_KIND_STRUCT,
    .size = sizeof(bench_point),
    .n_fields = 3,
    .fields = point_fields,
    .ids = point_ids,
    .optional = point_optional,
    .initial = &point_initial,
    .encode = encode_point,
    .decode = decode_point,
    .check = check_point,
};

#define RECORD_FIELD(number, member, of)                                                           \
    {                                                                                              \
        .name = #member, .type = (of), .offset = offsetof(bench_record, member), .id = (number)    \
    }
static const coax_field record_fields[] = {
    RECORD_FIELD(1, id, &coax_type_u64),
    RECORD_FIELD(2, delta, &coax_type_i32),
    RECORD_FIELD(3, price, &coax_type_f64),
    RECORD_FIELD(4, live, &coax_type_bool),
    RECORD_FIELD(5, side, &side_type),
    RECORD_FIELD(6, name, &coax_type_string),
    RECORD_FIELD(7, city, &coax_type_string),
    RECORD_FIELD(8, payload, &coax_type_bytes),
    RECORD_FIELD(9, levels, &levels_type),
    RECORD_FIELD(10, origin, &bench_point_type),
    {
        .name = "note",
        .type = &coax_type_u32,
        .offset = offsetof(bench_record, note),
        .has_offset = offsetof(bench_record, has_note),
        .id = 11,
        .presence = COAX_PRESENCE_OPTIONAL,
        .absence = COAX_ABSENCE_FLAG,
    },
};
static const uint16_t record_ids[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
static const uint64_t record_optional[] = { 0x400 };
static const bench_record record_initial = { 0 };

const coax_type bench_record_type = {
    .name = "bench.Record",
    .doc = "The record that codecs are measured with: one field of each common kind.",
    .kind = COAX_KIND_STRUCT,
    .size = sizeof(bench_record),
    .n_fields = 11,
    .fields = record_fields,
    .ids = record_ids,
    .optional = record_optional,
    .initial = &record_initial,
    .encode = encode_record,
    .decode = decode_record,
    .check = check_record,
};
