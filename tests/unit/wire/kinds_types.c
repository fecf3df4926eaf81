/*
 * The tables of kinds.h.
 */
#include <stddef.h>

#include "kinds.h"

static const coax_enum_value side_values[] = { { "buy", NULL, 1 }, { "sell", NULL, 2 } };
const coax_type kinds_side_type = {
    .name = "kinds.Side",
    .kind = COAX_KIND_ENUM,
    .base = COAX_KIND_U8,
    .is_strict = true,
    .size = sizeof(kinds_side),
    .n_values = 2,
    .values = side_values,
};

static const coax_enum_value rights_values[] = { { "read", NULL, 1 }, { "write", NULL, 2 } };
const coax_type kinds_rights_type = {
    .name = "kinds.Rights",
    .kind = COAX_KIND_FLAGS,
    .base = COAX_KIND_U32,
    .is_strict = true,
    .size = sizeof(uint32_t),
    .n_values = 2,
    .values = rights_values,
};

static const coax_type numbers_type = {
    .name = "list<u32>", .kind = COAX_KIND_LIST, .size = sizeof(uint32_t), .item = &coax_type_u32
};
static const coax_type inners_type = { .name = "list<kinds.Inner>",
                                       .kind = COAX_KIND_LIST,
                                       .size = sizeof(kinds_inner),
                                       .item = &kinds_inner_type };
static const coax_type anys_type = {
    .name = "list<any>", .kind = COAX_KIND_LIST, .size = sizeof(coax_any), .item = &coax_type_any
};
static const coax_type tag_type = {
    .name = "u8[4]", .kind = COAX_KIND_ARRAY, .size = 4, .count = 4, .item = &coax_type_u8
};
static const coax_type triple_type = { .name = "u16[3]",
                                       .kind = COAX_KIND_ARRAY,
                                       .size = 3 * sizeof(uint16_t),
                                       .count = 3,
                                       .item = &coax_type_u16 };

const coax_type kinds_count_map_type = {
    .name = "map<string,u32>",
    .kind = COAX_KIND_MAP,
    .size = sizeof(kinds_count_entry),
    .value_offset = offsetof(kinds_count_entry, value),
    .key = &coax_type_string,
    .item = &coax_type_u32,
};

const coax_type kinds_inner_map_type = {
    .name = "map<i32,kinds.Inner>",
    .kind = COAX_KIND_MAP,
    .size = sizeof(kinds_inner_entry),
    .value_offset = offsetof(kinds_inner_entry, value),
    .key = &coax_type_i32,
    .item = &kinds_inner_type,
};

static const coax_field inner_fields[] = {
    { .name = "a", .type = &coax_type_i32, .offset = offsetof(kinds_inner, a), .id = 1 },
    { .name = "b",
      .type = &coax_type_string,
      .offset = offsetof(kinds_inner, b),
      .id = 2,
      .presence = COAX_PRESENCE_OPTIONAL,
      .absence = COAX_ABSENCE_NULL_DATA },
};
static const uint16_t inner_ids[] = { 1, 2 };
static const uint64_t inner_optional[] = { 0x2 };
static const kinds_inner inner_initial = { 0 };
const coax_type kinds_inner_type = {
    .name = "kinds.Inner",
    .kind = COAX_KIND_STRUCT,
    .size = sizeof(kinds_inner),
    .n_fields = 2,
    .fields = inner_fields,
    .ids = inner_ids,
    .optional = inner_optional,
    .initial = &inner_initial,
};

static const coax_field choice_fields[] = {
    { .name = "inner",
      .type = &kinds_inner_type,
      .offset = offsetof(kinds_choice, as),
      .id = 1,
      .flags = COAX_FIELD_POINTER },
    { .name = "number", .type = &coax_type_u32, .offset = offsetof(kinds_choice, as), .id = 2 },
    { .name = "text", .type = &coax_type_string, .offset = offsetof(kinds_choice, as), .id = 3 },
};
static const uint16_t choice_ids[] = { 1, 2, 3 };
static const uint64_t choice_optional[] = { 0 };
static const kinds_choice choice_initial = { 0 };
const coax_type kinds_choice_type = {
    .name = "kinds.Choice",
    .kind = COAX_KIND_UNION,
    .size = sizeof(kinds_choice),
    .n_fields = 3,
    .fields = choice_fields,
    .ids = choice_ids,
    .optional = choice_optional,
    .initial = &choice_initial,
};

#define ALL_FIELD(number, member, of)                                                              \
    {                                                                                              \
        .name = #member, .type = (of), .offset = offsetof(kinds_all, member), .id = (number)       \
    }
static const coax_field all_fields[] = {
    ALL_FIELD(1, truth, &coax_type_bool),
    ALL_FIELD(2, i8, &coax_type_i8),
    ALL_FIELD(3, i16, &coax_type_i16),
    ALL_FIELD(4, i32, &coax_type_i32),
    ALL_FIELD(5, i64, &coax_type_i64),
    ALL_FIELD(6, u8, &coax_type_u8),
    ALL_FIELD(7, u16, &coax_type_u16),
    ALL_FIELD(8, u32, &coax_type_u32),
    ALL_FIELD(9, u64, &coax_type_u64),
    ALL_FIELD(10, f32, &coax_type_f32),
    ALL_FIELD(11, f64, &coax_type_f64),
    ALL_FIELD(12, text, &coax_type_string),
    ALL_FIELD(13, bytes, &coax_type_bytes),
    ALL_FIELD(14, time, &coax_type_timestamp),
    ALL_FIELD(15, span, &coax_type_duration),
    ALL_FIELD(16, uuid, &coax_type_uuid),
    ALL_FIELD(17, any, &coax_type_any),
    ALL_FIELD(18, side, &kinds_side_type),
    ALL_FIELD(19, rights, &kinds_rights_type),
    ALL_FIELD(20, inner, &kinds_inner_type),
    ALL_FIELD(21, choice, &kinds_choice_type),
    ALL_FIELD(22, numbers, &numbers_type),
    ALL_FIELD(23, inners, &inners_type),
    ALL_FIELD(24, counts, &kinds_count_map_type),
    ALL_FIELD(25, by_number, &kinds_inner_map_type),
    ALL_FIELD(26, tag, &tag_type),
    ALL_FIELD(27, triple, &triple_type),
    { .name = "maybe",
      .type = &coax_type_u32,
      .offset = offsetof(kinds_all, maybe),
      .has_offset = offsetof(kinds_all, has_maybe),
      .id = 130,
      .presence = COAX_PRESENCE_OPTIONAL,
      .absence = COAX_ABSENCE_FLAG },
    { .name = "behind",
      .type = &kinds_inner_type,
      .offset = offsetof(kinds_all, behind),
      .id = 131,
      .presence = COAX_PRESENCE_OPTIONAL,
      .absence = COAX_ABSENCE_NULL_POINTER,
      .flags = COAX_FIELD_POINTER },
    { .name = "note",
      .type = &coax_type_string,
      .offset = offsetof(kinds_all, note),
      .id = 132,
      .presence = COAX_PRESENCE_OPTIONAL,
      .absence = COAX_ABSENCE_NULL_DATA,
      .flags = COAX_FIELD_SENSITIVE },
    { .name = "retries",
      .type = &coax_type_u32,
      .offset = offsetof(kinds_all, retries),
      .id = 133,
      .presence = COAX_PRESENCE_DEFAULTED },
    { .name = "parent",
      .type = &kinds_all_type,
      .offset = offsetof(kinds_all, parent),
      .id = 300,
      .presence = COAX_PRESENCE_OPTIONAL,
      .absence = COAX_ABSENCE_NULL_POINTER,
      .flags = COAX_FIELD_POINTER },
    { .name = "extras",
      .type = &anys_type,
      .offset = offsetof(kinds_all, extras),
      .id = 301,
      .presence = COAX_PRESENCE_DEFAULTED },
};
static const uint16_t all_ids[] = { 1,  2,  3,  4,  5,  6,   7,   8,   9,   10,  11,
                                    12, 13, 14, 15, 16, 17,  18,  19,  20,  21,  22,
                                    23, 24, 25, 26, 27, 130, 131, 132, 133, 300, 301 };
/* Indices 27 to 29 are maybe, behind and note, 31 is parent. */
static const uint64_t all_optional[] = { 0xb8000000u };
static const kinds_all all_initial = { .retries = 7 };

const coax_type kinds_all_type = {
    .name = "kinds.All",
    .kind = COAX_KIND_STRUCT,
    .size = sizeof(kinds_all),
    .n_fields = 33,
    .fields = all_fields,
    .ids = all_ids,
    .optional = all_optional,
    .initial = &all_initial,
};
