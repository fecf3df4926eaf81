/*
 * Encoding, decoding, checks and tables of sink.h.
 *
 * Made by idlc from sink.idl: change the schema, not this file.
 */
#include "sink.h"

static const coax_enum_value acme_sink_color_values[] = {
    { "red", "Like a rose.", 1 },
    { "green", NULL, 2 },
    { "blue", NULL, 3 },
};

COAX_ENUM_TYPE(acme_sink_color, COAX_KIND_ENUM, COAX_KIND_U8, "acme.sink.Color", false, 3,
               "An open enum in a byte.");

const char *acme_sink_color_name(acme_sink_color value)
{
    switch (value) {
    case ACME_SINK_COLOR_RED: return "red";
    case ACME_SINK_COLOR_GREEN: return "green";
    case ACME_SINK_COLOR_BLUE: return "blue";
    default: return NULL;
    }
}

bool acme_sink_color_parse(const char *name, acme_sink_color *ret_value)
{
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(acme_sink_color_values[i].name, name) != 0)
            continue;
        *ret_value = (acme_sink_color)acme_sink_color_values[i].number;
        return true;
    }
    return false;
}

static const coax_enum_value acme_sink_side_values[] = {
    { "sell", NULL, -1 },
    { "buy", NULL, 1 },
};

COAX_ENUM_TYPE(acme_sink_side, COAX_KIND_ENUM, COAX_KIND_I8, "acme.sink.Side", true, 2, NULL);

const char *acme_sink_side_name(acme_sink_side value)
{
    switch (value) {
    case ACME_SINK_SIDE_SELL: return "sell";
    case ACME_SINK_SIDE_BUY: return "buy";
    default: return NULL;
    }
}

bool acme_sink_side_parse(const char *name, acme_sink_side *ret_value)
{
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(acme_sink_side_values[i].name, name) != 0)
            continue;
        *ret_value = (acme_sink_side)acme_sink_side_values[i].number;
        return true;
    }
    return false;
}

static const coax_enum_value acme_sink_big_values[] = {
    { "small", NULL, 1 },
    { "large", NULL, (int64_t)UINT64_C(18446744073709551600) },
};

COAX_ENUM_TYPE(acme_sink_big, COAX_KIND_ENUM, COAX_KIND_U64, "acme.sink.Big", false, 2, NULL);

const char *acme_sink_big_name(acme_sink_big value)
{
    switch (value) {
    case ACME_SINK_BIG_SMALL: return "small";
    case ACME_SINK_BIG_LARGE: return "large";
    default: return NULL;
    }
}

bool acme_sink_big_parse(const char *name, acme_sink_big *ret_value)
{
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(acme_sink_big_values[i].name, name) != 0)
            continue;
        *ret_value = (acme_sink_big)acme_sink_big_values[i].number;
        return true;
    }
    return false;
}

static const coax_enum_value acme_sink_wide_values[] = {
    { "low", NULL, INT64_C(-2147483648) },
    { "high", NULL, 2147483647 },
};

COAX_ENUM_TYPE(acme_sink_wide, COAX_KIND_ENUM, COAX_KIND_I32, "acme.sink.Wide", false, 2, NULL);

const char *acme_sink_wide_name(acme_sink_wide value)
{
    switch (value) {
    case ACME_SINK_WIDE_LOW: return "low";
    case ACME_SINK_WIDE_HIGH: return "high";
    default: return NULL;
    }
}

bool acme_sink_wide_parse(const char *name, acme_sink_wide *ret_value)
{
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(acme_sink_wide_values[i].name, name) != 0)
            continue;
        *ret_value = (acme_sink_wide)acme_sink_wide_values[i].number;
        return true;
    }
    return false;
}

static const coax_enum_value acme_sink_long_values[] = {
    { "past", NULL, INT64_C(-9000000000) },
    { "future", NULL, INT64_C(9000000000) },
};

COAX_ENUM_TYPE(acme_sink_long, COAX_KIND_ENUM, COAX_KIND_I64, "acme.sink.Long", false, 2, NULL);

const char *acme_sink_long_name(acme_sink_long value)
{
    switch (value) {
    case ACME_SINK_LONG_PAST: return "past";
    case ACME_SINK_LONG_FUTURE: return "future";
    default: return NULL;
    }
}

bool acme_sink_long_parse(const char *name, acme_sink_long *ret_value)
{
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(acme_sink_long_values[i].name, name) != 0)
            continue;
        *ret_value = (acme_sink_long)acme_sink_long_values[i].number;
        return true;
    }
    return false;
}

static const coax_enum_value acme_sink_word_values[] = {
    { "first", NULL, 1 },
    { "last", NULL, INT64_C(4294967295) },
};

COAX_ENUM_TYPE(acme_sink_word, COAX_KIND_ENUM, COAX_KIND_U32, "acme.sink.Word", false, 2, NULL);

const char *acme_sink_word_name(acme_sink_word value)
{
    switch (value) {
    case ACME_SINK_WORD_FIRST: return "first";
    case ACME_SINK_WORD_LAST: return "last";
    default: return NULL;
    }
}

bool acme_sink_word_parse(const char *name, acme_sink_word *ret_value)
{
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(acme_sink_word_values[i].name, name) != 0)
            continue;
        *ret_value = (acme_sink_word)acme_sink_word_values[i].number;
        return true;
    }
    return false;
}

static const coax_enum_value acme_sink_rights_values[] = {
    { "read", NULL, 1 },
    { "write", NULL, 2 },
    { "admin", NULL, 16 },
};

COAX_ENUM_TYPE(acme_sink_rights, COAX_KIND_FLAGS, COAX_KIND_U32, "acme.sink.Rights", false, 3,
               "What may be done.");

const char *acme_sink_rights_name(acme_sink_rights value)
{
    switch (value) {
    case ACME_SINK_RIGHTS_READ: return "read";
    case ACME_SINK_RIGHTS_WRITE: return "write";
    case ACME_SINK_RIGHTS_ADMIN: return "admin";
    default: return NULL;
    }
}

bool acme_sink_rights_parse(const char *name, acme_sink_rights *ret_value)
{
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(acme_sink_rights_values[i].name, name) != 0)
            continue;
        *ret_value = (acme_sink_rights)acme_sink_rights_values[i].number;
        return true;
    }
    return false;
}

static const coax_enum_value acme_sink_bits_values[] = {
    { "one", NULL, 1 },
    { "two", NULL, 2 },
};

COAX_ENUM_TYPE(acme_sink_bits, COAX_KIND_FLAGS, COAX_KIND_U8, "acme.sink.Bits", true, 2, NULL);

const char *acme_sink_bits_name(acme_sink_bits value)
{
    switch (value) {
    case ACME_SINK_BITS_ONE: return "one";
    case ACME_SINK_BITS_TWO: return "two";
    default: return NULL;
    }
}

bool acme_sink_bits_parse(const char *name, acme_sink_bits *ret_value)
{
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(acme_sink_bits_values[i].name, name) != 0)
            continue;
        *ret_value = (acme_sink_bits)acme_sink_bits_values[i].number;
        return true;
    }
    return false;
}

COAX_LIST_TYPE(acme_sink_str_list_type, "list<string>", sizeof(coax_str), coax_type_string);

COAX_MAP_TYPE(acme_sink_str_u32_map_type, "map<string, u32>", acme_sink_str_u32_entry,
              coax_type_string, coax_type_u32);

COAX_ARRAY_TYPE(acme_sink_u8_array4_type, "u8[4]", 4 * sizeof(uint8_t), 4, coax_type_u8);

COAX_LIST_TYPE(acme_sink_color_list_type, "list<acme.sink.Color>", sizeof(acme_sink_color),
               acme_sink_color_type);

COAX_ARRAY_TYPE(acme_sink_f64_array3_type, "f64[3]", 3 * sizeof(double), 3, coax_type_f64);

COAX_LIST_TYPE(acme_sink_bool_list_type, "list<bool>", sizeof(bool), coax_type_bool);

COAX_LIST_TYPE(acme_sink_i64_list_type, "list<i64>", sizeof(int64_t), coax_type_i64);

COAX_LIST_TYPE(acme_sink_scalars_list_type, "list<acme.sink.Scalars>", sizeof(acme_sink_scalars),
               acme_sink_scalars_type);

COAX_LIST_TYPE(acme_sink_u32_list_type, "list<u32>", sizeof(uint32_t), coax_type_u32);

COAX_LIST_TYPE(acme_sink_u32_list_list_type, "list<list<u32>>", sizeof(coax_u32_list),
               acme_sink_u32_list_type);

COAX_ARRAY_TYPE(acme_sink_u8_array16_type, "u8[16]", 16 * sizeof(uint8_t), 16, coax_type_u8);

COAX_LIST_TYPE(acme_sink_u8_array16_list_type, "list<u8[16]>", sizeof(acme_sink_u8_array16),
               acme_sink_u8_array16_type);

COAX_LIST_TYPE(acme_sink_str_u32_map_list_type, "list<map<string, u32>>",
               sizeof(acme_sink_str_u32_map), acme_sink_str_u32_map_type);

COAX_MAP_TYPE(acme_sink_str_bytes_map_type, "map<string, bytes>", acme_sink_str_bytes_entry,
              coax_type_string, coax_type_bytes);

COAX_MAP_TYPE(acme_sink_u32_defaults_map_type, "map<u32, acme.sink.Defaults>",
              acme_sink_u32_defaults_entry, coax_type_u32, acme_sink_defaults_type);

COAX_MAP_TYPE(acme_sink_color_str_list_map_type, "map<acme.sink.Color, list<string>>",
              acme_sink_color_str_list_entry, acme_sink_color_type, acme_sink_str_list_type);

COAX_MAP_TYPE(acme_sink_i8_receipt_map_type, "map<i8, acme.sink.Receipt>",
              acme_sink_i8_receipt_entry, coax_type_i8, acme_sink_receipt_type);

COAX_MAP_TYPE(acme_sink_uuid_i8_receipt_map_map_type, "map<uuid, map<i8, acme.sink.Receipt>>",
              acme_sink_uuid_i8_receipt_map_entry, coax_type_uuid, acme_sink_i8_receipt_map_type);

COAX_ARRAY_TYPE(acme_sink_f64_array2_type, "f64[2]", 2 * sizeof(double), 2, coax_type_f64);

COAX_MAP_TYPE(acme_sink_bool_f64_array2_map_type, "map<bool, f64[2]>",
              acme_sink_bool_f64_array2_entry, coax_type_bool, acme_sink_f64_array2_type);

COAX_ARRAY_TYPE(acme_sink_u16_array2_type, "u16[2]", 2 * sizeof(uint16_t), 2, coax_type_u16);

COAX_ARRAY_TYPE(acme_sink_u16_array2_array3_type, "u16[2][3]", 3 * 2 * sizeof(uint16_t), 3,
                acme_sink_u16_array2_type);

COAX_ARRAY_TYPE(acme_sink_defaults_array2_type, "acme.sink.Defaults[2]",
                2 * sizeof(acme_sink_defaults), 2, acme_sink_defaults_type);

COAX_LIST_TYPE(acme_sink_sink_common_money_list_type, "list<sink.common.Money>",
               sizeof(sink_common_money), sink_common_money_type);

COAX_MAP_TYPE(acme_sink_str_sink_common_money_map_type, "map<string, sink.common.Money>",
              sink_common_str_money_entry, coax_type_string, sink_common_money_type);

COAX_ARRAY_TYPE(acme_sink_str_array2_type, "string[2]", 2 * sizeof(coax_str), 2, coax_type_string);

COAX_LIST_TYPE(acme_sink_receipt_list_type, "list<acme.sink.Receipt>", sizeof(acme_sink_receipt),
               acme_sink_receipt_type);

COAX_LIST_TYPE(acme_sink_uuid_list_type, "list<uuid>", sizeof(coax_uuid), coax_type_uuid);

COAX_MAP_TYPE(acme_sink_side_u8_map_type, "map<acme.sink.Side, u8>", acme_sink_side_u8_entry,
              acme_sink_side_type, coax_type_u8);

COAX_LIST_TYPE(acme_sink_side_list_type, "list<acme.sink.Side>", sizeof(acme_sink_side),
               acme_sink_side_type);

COAX_ARRAY_TYPE(acme_sink_u8_array2_type, "u8[2]", 2 * sizeof(uint8_t), 2, coax_type_u8);

COAX_ARRAY_TYPE(acme_sink_u8_array2_array3_type, "u8[2][3]", 3 * 2 * sizeof(uint8_t), 3,
                acme_sink_u8_array2_type);

COAX_LIST_TYPE(acme_sink_any_list_type, "list<any>", sizeof(coax_any), coax_type_any);

COAX_ARRAY_TYPE(acme_sink_side_array2_type, "acme.sink.Side[2]", 2 * sizeof(acme_sink_side), 2,
                acme_sink_side_type);

COAX_LIST_TYPE(acme_sink_side_array2_list_type, "list<acme.sink.Side[2]>",
               sizeof(acme_sink_side_array2), acme_sink_side_array2_type);

COAX_MAP_TYPE(acme_sink_str_i32_map_type, "map<string, i32>", acme_sink_str_i32_entry,
              coax_type_string, coax_type_i32);

COAX_LIST_TYPE(acme_sink_node_list_type, "list<acme.sink.Node>", sizeof(acme_sink_node),
               acme_sink_node_type);

COAX_MAP_TYPE(acme_sink_str_node_map_type, "map<string, acme.sink.Node>", acme_sink_str_node_entry,
              coax_type_string, acme_sink_node_type);

COAX_ARRAY_TYPE(acme_sink_late_array2_type, "acme.sink.Late[2]", 2 * sizeof(acme_sink_late), 2,
                acme_sink_late_type);

/* clang-format off */
static const uint8_t acme_sink_pattern1_classes[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0,
    0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};
static const uint16_t acme_sink_pattern1_next[] = {
    0, 0, 0, 0, 0, 2, 0, 0, 3, 0, 4, 0, 0, 5, 0, 0,
    6, 6, 0, 7, 7, 0, 8, 8, 0, 9, 9, 0, 10, 10, 0, 11,
    11, 0, 12, 12, 0, 13, 13, 0, 14, 14, 0, 15, 15, 0, 16, 16,
    0, 17, 17, 0, 18, 18, 0, 19, 19, 0, 20, 20, 0, 21, 21, 0,
    22, 22, 0, 23, 23, 0, 24, 24, 0, 25, 25, 0, 26, 26, 0, 27,
    27, 0, 28, 28, 0, 29, 29, 0, 30, 30, 0, 31, 31, 0, 32, 32,
    0, 33, 33, 0, 34, 34, 0, 35, 35, 0, 0, 0,
};
static const uint8_t acme_sink_pattern1_accepts[] = {
    0, 128, 255, 255, 15,
};
/* clang-format on */
COAX_PATTERN(acme_sink_pattern1, "[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}", 3, 36);

static void acme_sink_str_u32_map_write(coax_writer *out, acme_sink_str_u32_map map)
{
    const uint32_t *order =
        coax_write_map_order(out, &acme_sink_str_u32_map_type, map.items, map.count);
    coax_write_map(out, (uint32_t)map.count);
    for (size_t i = 0; i < map.count; i++) {
        const acme_sink_str_u32_entry *entry = &map.items[order != NULL ? order[i] : i];
        coax_write_str(out, entry->key);
        coax_write_u32(out, entry->value);
    }
    coax_write_map_order_done(out, order);
}

static void acme_sink_color_list_write(coax_writer *out, acme_sink_color_list list)
{
    coax_write_list(out, list.count);
    for (size_t i = 0; i < list.count; i++)
        coax_write_u8(out, (uint8_t)list.items[i]);
}

static void acme_sink_f64_array3_write(coax_writer *out, const double *items)
{
    coax_write_list(out, 3);
    for (size_t i = 0; i < 3; i++)
        coax_write_f64(out, items[i]);
}

static void acme_sink_scalars_list_write(coax_writer *out, acme_sink_scalars_list list)
{
    coax_write_list(out, list.count);
    for (size_t i = 0; i < list.count; i++)
        acme_sink_scalars_encode(out, &list.items[i]);
}

static void acme_sink_u32_list_list_write(coax_writer *out, acme_sink_u32_list_list list)
{
    coax_write_list(out, list.count);
    for (size_t i = 0; i < list.count; i++)
        coax_write_u32_list(out, list.items[i]);
}

static void acme_sink_u8_array16_list_write(coax_writer *out, acme_sink_u8_array16_list list)
{
    coax_write_list(out, list.count);
    for (size_t i = 0; i < list.count; i++)
        coax_write_fixed(out, list.items[i].items, 16);
}

static void acme_sink_str_u32_map_list_write(coax_writer *out, acme_sink_str_u32_map_list list)
{
    coax_write_list(out, list.count);
    for (size_t i = 0; i < list.count; i++)
        acme_sink_str_u32_map_write(out, list.items[i]);
}

static void acme_sink_str_bytes_map_write(coax_writer *out, acme_sink_str_bytes_map map)
{
    const uint32_t *order =
        coax_write_map_order(out, &acme_sink_str_bytes_map_type, map.items, map.count);
    coax_write_map(out, (uint32_t)map.count);
    for (size_t i = 0; i < map.count; i++) {
        const acme_sink_str_bytes_entry *entry = &map.items[order != NULL ? order[i] : i];
        coax_write_str(out, entry->key);
        coax_write_bytes(out, entry->value);
    }
    coax_write_map_order_done(out, order);
}

static void acme_sink_u32_defaults_map_write(coax_writer *out, acme_sink_u32_defaults_map map)
{
    const uint32_t *order =
        coax_write_map_order(out, &acme_sink_u32_defaults_map_type, map.items, map.count);
    coax_write_map(out, (uint32_t)map.count);
    for (size_t i = 0; i < map.count; i++) {
        const acme_sink_u32_defaults_entry *entry = &map.items[order != NULL ? order[i] : i];
        coax_write_u32(out, entry->key);
        acme_sink_defaults_encode(out, &entry->value);
    }
    coax_write_map_order_done(out, order);
}

static void acme_sink_color_str_list_map_write(coax_writer *out, acme_sink_color_str_list_map map)
{
    const uint32_t *order =
        coax_write_map_order(out, &acme_sink_color_str_list_map_type, map.items, map.count);
    coax_write_map(out, (uint32_t)map.count);
    for (size_t i = 0; i < map.count; i++) {
        const acme_sink_color_str_list_entry *entry = &map.items[order != NULL ? order[i] : i];
        coax_write_u8(out, (uint8_t)entry->key);
        coax_write_str_list(out, entry->value);
    }
    coax_write_map_order_done(out, order);
}

static void acme_sink_i8_receipt_map_write(coax_writer *out, acme_sink_i8_receipt_map map)
{
    const uint32_t *order =
        coax_write_map_order(out, &acme_sink_i8_receipt_map_type, map.items, map.count);
    coax_write_map(out, (uint32_t)map.count);
    for (size_t i = 0; i < map.count; i++) {
        const acme_sink_i8_receipt_entry *entry = &map.items[order != NULL ? order[i] : i];
        coax_write_i8(out, entry->key);
        acme_sink_receipt_encode(out, &entry->value);
    }
    coax_write_map_order_done(out, order);
}

static void acme_sink_uuid_i8_receipt_map_map_write(coax_writer *out,
                                                    acme_sink_uuid_i8_receipt_map_map map)
{
    const uint32_t *order =
        coax_write_map_order(out, &acme_sink_uuid_i8_receipt_map_map_type, map.items, map.count);
    coax_write_map(out, (uint32_t)map.count);
    for (size_t i = 0; i < map.count; i++) {
        const acme_sink_uuid_i8_receipt_map_entry *entry = &map.items[order != NULL ? order[i] : i];
        coax_write_uuid(out, entry->key);
        acme_sink_i8_receipt_map_write(out, entry->value);
    }
    coax_write_map_order_done(out, order);
}

static void acme_sink_f64_array2_write(coax_writer *out, const double *items)
{
    coax_write_list(out, 2);
    for (size_t i = 0; i < 2; i++)
        coax_write_f64(out, items[i]);
}

static void acme_sink_bool_f64_array2_map_write(coax_writer *out, acme_sink_bool_f64_array2_map map)
{
    const uint32_t *order =
        coax_write_map_order(out, &acme_sink_bool_f64_array2_map_type, map.items, map.count);
    coax_write_map(out, (uint32_t)map.count);
    for (size_t i = 0; i < map.count; i++) {
        const acme_sink_bool_f64_array2_entry *entry = &map.items[order != NULL ? order[i] : i];
        coax_write_bool(out, entry->key);
        acme_sink_f64_array2_write(out, entry->value);
    }
    coax_write_map_order_done(out, order);
}

static void acme_sink_u16_array2_write(coax_writer *out, const uint16_t *items)
{
    coax_write_list(out, 2);
    for (size_t i = 0; i < 2; i++)
        coax_write_u16(out, items[i]);
}

static void acme_sink_u16_array2_array3_write(coax_writer *out, const uint16_t (*items)[2])
{
    coax_write_list(out, 3);
    for (size_t i = 0; i < 3; i++)
        acme_sink_u16_array2_write(out, items[i]);
}

static void acme_sink_defaults_array2_write(coax_writer *out, const acme_sink_defaults *items)
{
    coax_write_list(out, 2);
    for (size_t i = 0; i < 2; i++)
        acme_sink_defaults_encode(out, &items[i]);
}

static void acme_sink_sink_common_money_list_write(coax_writer *out, sink_common_money_list list)
{
    coax_write_list(out, list.count);
    for (size_t i = 0; i < list.count; i++)
        sink_common_money_encode(out, &list.items[i]);
}

static void acme_sink_str_sink_common_money_map_write(coax_writer *out,
                                                      sink_common_str_money_map map)
{
    const uint32_t *order =
        coax_write_map_order(out, &acme_sink_str_sink_common_money_map_type, map.items, map.count);
    coax_write_map(out, (uint32_t)map.count);
    for (size_t i = 0; i < map.count; i++) {
        const sink_common_str_money_entry *entry = &map.items[order != NULL ? order[i] : i];
        coax_write_str(out, entry->key);
        sink_common_money_encode(out, &entry->value);
    }
    coax_write_map_order_done(out, order);
}

static void acme_sink_str_array2_write(coax_writer *out, const coax_str *items)
{
    coax_write_list(out, 2);
    for (size_t i = 0; i < 2; i++)
        coax_write_str(out, items[i]);
}

static void acme_sink_receipt_list_write(coax_writer *out, acme_sink_receipt_list list)
{
    coax_write_list(out, list.count);
    for (size_t i = 0; i < list.count; i++)
        acme_sink_receipt_encode(out, &list.items[i]);
}

static void acme_sink_side_u8_map_write(coax_writer *out, acme_sink_side_u8_map map)
{
    const uint32_t *order =
        coax_write_map_order(out, &acme_sink_side_u8_map_type, map.items, map.count);
    coax_write_map(out, (uint32_t)map.count);
    for (size_t i = 0; i < map.count; i++) {
        const acme_sink_side_u8_entry *entry = &map.items[order != NULL ? order[i] : i];
        coax_write_i8(out, (int8_t)entry->key);
        coax_write_u8(out, entry->value);
    }
    coax_write_map_order_done(out, order);
}

static void acme_sink_side_list_write(coax_writer *out, acme_sink_side_list list)
{
    coax_write_list(out, list.count);
    for (size_t i = 0; i < list.count; i++)
        coax_write_i8(out, (int8_t)list.items[i]);
}

static void acme_sink_u8_array2_array3_write(coax_writer *out, const uint8_t (*items)[2])
{
    coax_write_list(out, 3);
    for (size_t i = 0; i < 3; i++)
        coax_write_fixed(out, items[i], 2);
}

static void acme_sink_side_array2_write(coax_writer *out, const acme_sink_side *items)
{
    coax_write_list(out, 2);
    for (size_t i = 0; i < 2; i++)
        coax_write_i8(out, (int8_t)items[i]);
}

static void acme_sink_side_array2_list_write(coax_writer *out, acme_sink_side_array2_list list)
{
    coax_write_list(out, list.count);
    for (size_t i = 0; i < list.count; i++)
        acme_sink_side_array2_write(out, list.items[i].items);
}

static void acme_sink_str_i32_map_write(coax_writer *out, acme_sink_str_i32_map map)
{
    const uint32_t *order =
        coax_write_map_order(out, &acme_sink_str_i32_map_type, map.items, map.count);
    coax_write_map(out, (uint32_t)map.count);
    for (size_t i = 0; i < map.count; i++) {
        const acme_sink_str_i32_entry *entry = &map.items[order != NULL ? order[i] : i];
        coax_write_str(out, entry->key);
        coax_write_i32(out, entry->value);
    }
    coax_write_map_order_done(out, order);
}

static void acme_sink_node_list_write(coax_writer *out, acme_sink_node_list list)
{
    coax_write_list(out, list.count);
    for (size_t i = 0; i < list.count; i++)
        acme_sink_node_encode(out, &list.items[i]);
}

static void acme_sink_str_node_map_write(coax_writer *out, acme_sink_str_node_map map)
{
    const uint32_t *order =
        coax_write_map_order(out, &acme_sink_str_node_map_type, map.items, map.count);
    coax_write_map(out, (uint32_t)map.count);
    for (size_t i = 0; i < map.count; i++) {
        const acme_sink_str_node_entry *entry = &map.items[order != NULL ? order[i] : i];
        coax_write_str(out, entry->key);
        acme_sink_node_encode(out, &entry->value);
    }
    coax_write_map_order_done(out, order);
}

static void acme_sink_late_array2_write(coax_writer *out, const acme_sink_late *items)
{
    coax_write_list(out, 2);
    for (size_t i = 0; i < 2; i++)
        acme_sink_late_encode(out, &items[i]);
}

static acme_sink_side acme_sink_side_read(coax_reader *in)
{
    acme_sink_side value = (acme_sink_side)coax_read_i8(in);
    coax_expect_enum(in, &acme_sink_side_type, (int64_t)value);
    return value;
}

static acme_sink_bits acme_sink_bits_read(coax_reader *in)
{
    acme_sink_bits value = (acme_sink_bits)coax_read_u8(in);
    coax_expect_enum(in, &acme_sink_bits_type, (int64_t)value);
    return value;
}

static const acme_sink_scalars *acme_sink_scalars_read(coax_reader *in)
{
    acme_sink_scalars *value = COAX_READ_OBJECT(in, acme_sink_scalars);
    if (value != NULL)
        acme_sink_scalars_decode(in, value);
    return value;
}

static const acme_sink_receipt *acme_sink_receipt_read(coax_reader *in)
{
    acme_sink_receipt *value = COAX_READ_OBJECT(in, acme_sink_receipt);
    if (value != NULL)
        acme_sink_receipt_decode(in, value);
    return value;
}

static const acme_sink_optionals *acme_sink_optionals_read(coax_reader *in)
{
    acme_sink_optionals *value = COAX_READ_OBJECT(in, acme_sink_optionals);
    if (value != NULL)
        acme_sink_optionals_decode(in, value);
    return value;
}

static const acme_sink_node *acme_sink_node_read(coax_reader *in)
{
    acme_sink_node *value = COAX_READ_OBJECT(in, acme_sink_node);
    if (value != NULL)
        acme_sink_node_decode(in, value);
    return value;
}

static const acme_sink_tree *acme_sink_tree_read(coax_reader *in)
{
    acme_sink_tree *value = COAX_READ_OBJECT(in, acme_sink_tree);
    if (value != NULL)
        acme_sink_tree_decode(in, value);
    return value;
}

static const sink_common_money *sink_common_money_read(coax_reader *in)
{
    sink_common_money *value = COAX_READ_OBJECT(in, sink_common_money);
    if (value != NULL)
        sink_common_money_decode(in, value);
    return value;
}

static const acme_sink_late *acme_sink_late_read(coax_reader *in)
{
    acme_sink_late *value = COAX_READ_OBJECT(in, acme_sink_late);
    if (value != NULL)
        acme_sink_late_decode(in, value);
    return value;
}

static acme_sink_str_u32_map acme_sink_str_u32_map_read(coax_reader *in)
{
    acme_sink_str_u32_map map = { NULL, 0 };
    acme_sink_str_u32_entry *items = COAX_READ_MAP(in, acme_sink_str_u32_entry, &map.count);
    for (size_t i = 0; i < map.count && in->err == COAX_OK; i++) {
        items[i].key = coax_read_str(in);
        items[i].value = coax_read_u32(in);
    }
    coax_map_done(in, &acme_sink_str_u32_map_type, items, map.count);
    map.items = items;
    return map;
}

static acme_sink_color_list acme_sink_color_list_read(coax_reader *in)
{
    acme_sink_color_list list = { NULL, 0 };
    acme_sink_color *items = COAX_READ_LIST(in, acme_sink_color, &list.count);
    for (size_t i = 0; i < list.count && in->err == COAX_OK; i++)
        items[i] = (acme_sink_color)coax_read_u8(in);
    coax_list_done(in);
    list.items = items;
    return list;
}

static void acme_sink_f64_array3_read(coax_reader *in, double *items)
{
    if (!coax_read_array(in, 3))
        return;
    for (size_t i = 0; i < 3 && in->err == COAX_OK; i++)
        items[i] = coax_read_f64(in);
    coax_list_done(in);
}

static acme_sink_scalars_list acme_sink_scalars_list_read(coax_reader *in)
{
    acme_sink_scalars_list list = { NULL, 0 };
    acme_sink_scalars *items = COAX_READ_LIST(in, acme_sink_scalars, &list.count);
    for (size_t i = 0; i < list.count && in->err == COAX_OK; i++)
        acme_sink_scalars_decode(in, &items[i]);
    coax_list_done(in);
    list.items = items;
    return list;
}

static acme_sink_u32_list_list acme_sink_u32_list_list_read(coax_reader *in)
{
    acme_sink_u32_list_list list = { NULL, 0 };
    coax_u32_list *items = COAX_READ_LIST(in, coax_u32_list, &list.count);
    for (size_t i = 0; i < list.count && in->err == COAX_OK; i++)
        items[i] = coax_read_u32_list(in);
    coax_list_done(in);
    list.items = items;
    return list;
}

static acme_sink_u8_array16_list acme_sink_u8_array16_list_read(coax_reader *in)
{
    acme_sink_u8_array16_list list = { NULL, 0 };
    acme_sink_u8_array16 *items = COAX_READ_LIST(in, acme_sink_u8_array16, &list.count);
    for (size_t i = 0; i < list.count && in->err == COAX_OK; i++)
        coax_read_fixed(in, items[i].items, 16);
    coax_list_done(in);
    list.items = items;
    return list;
}

static acme_sink_str_u32_map_list acme_sink_str_u32_map_list_read(coax_reader *in)
{
    acme_sink_str_u32_map_list list = { NULL, 0 };
    acme_sink_str_u32_map *items = COAX_READ_LIST(in, acme_sink_str_u32_map, &list.count);
    for (size_t i = 0; i < list.count && in->err == COAX_OK; i++)
        items[i] = acme_sink_str_u32_map_read(in);
    coax_list_done(in);
    list.items = items;
    return list;
}

static acme_sink_str_bytes_map acme_sink_str_bytes_map_read(coax_reader *in)
{
    acme_sink_str_bytes_map map = { NULL, 0 };
    acme_sink_str_bytes_entry *items = COAX_READ_MAP(in, acme_sink_str_bytes_entry, &map.count);
    for (size_t i = 0; i < map.count && in->err == COAX_OK; i++) {
        items[i].key = coax_read_str(in);
        items[i].value = coax_read_bytes(in);
    }
    coax_map_done(in, &acme_sink_str_bytes_map_type, items, map.count);
    map.items = items;
    return map;
}

static acme_sink_u32_defaults_map acme_sink_u32_defaults_map_read(coax_reader *in)
{
    acme_sink_u32_defaults_map map = { NULL, 0 };
    acme_sink_u32_defaults_entry *items =
        COAX_READ_MAP(in, acme_sink_u32_defaults_entry, &map.count);
    for (size_t i = 0; i < map.count && in->err == COAX_OK; i++) {
        items[i].key = coax_read_u32(in);
        acme_sink_defaults_decode(in, &items[i].value);
    }
    coax_map_done(in, &acme_sink_u32_defaults_map_type, items, map.count);
    map.items = items;
    return map;
}

static acme_sink_color_str_list_map acme_sink_color_str_list_map_read(coax_reader *in)
{
    acme_sink_color_str_list_map map = { NULL, 0 };
    acme_sink_color_str_list_entry *items =
        COAX_READ_MAP(in, acme_sink_color_str_list_entry, &map.count);
    for (size_t i = 0; i < map.count && in->err == COAX_OK; i++) {
        items[i].key = (acme_sink_color)coax_read_u8(in);
        items[i].value = coax_read_str_list(in);
    }
    coax_map_done(in, &acme_sink_color_str_list_map_type, items, map.count);
    map.items = items;
    return map;
}

static acme_sink_i8_receipt_map acme_sink_i8_receipt_map_read(coax_reader *in)
{
    acme_sink_i8_receipt_map map = { NULL, 0 };
    acme_sink_i8_receipt_entry *items = COAX_READ_MAP(in, acme_sink_i8_receipt_entry, &map.count);
    for (size_t i = 0; i < map.count && in->err == COAX_OK; i++) {
        items[i].key = coax_read_i8(in);
        acme_sink_receipt_decode(in, &items[i].value);
    }
    coax_map_done(in, &acme_sink_i8_receipt_map_type, items, map.count);
    map.items = items;
    return map;
}

static acme_sink_uuid_i8_receipt_map_map acme_sink_uuid_i8_receipt_map_map_read(coax_reader *in)
{
    acme_sink_uuid_i8_receipt_map_map map = { NULL, 0 };
    acme_sink_uuid_i8_receipt_map_entry *items =
        COAX_READ_MAP(in, acme_sink_uuid_i8_receipt_map_entry, &map.count);
    for (size_t i = 0; i < map.count && in->err == COAX_OK; i++) {
        items[i].key = coax_read_uuid(in);
        items[i].value = acme_sink_i8_receipt_map_read(in);
    }
    coax_map_done(in, &acme_sink_uuid_i8_receipt_map_map_type, items, map.count);
    map.items = items;
    return map;
}

static void acme_sink_f64_array2_read(coax_reader *in, double *items)
{
    if (!coax_read_array(in, 2))
        return;
    for (size_t i = 0; i < 2 && in->err == COAX_OK; i++)
        items[i] = coax_read_f64(in);
    coax_list_done(in);
}

static acme_sink_bool_f64_array2_map acme_sink_bool_f64_array2_map_read(coax_reader *in)
{
    acme_sink_bool_f64_array2_map map = { NULL, 0 };
    acme_sink_bool_f64_array2_entry *items =
        COAX_READ_MAP(in, acme_sink_bool_f64_array2_entry, &map.count);
    for (size_t i = 0; i < map.count && in->err == COAX_OK; i++) {
        items[i].key = coax_read_bool(in);
        acme_sink_f64_array2_read(in, items[i].value);
    }
    coax_map_done(in, &acme_sink_bool_f64_array2_map_type, items, map.count);
    map.items = items;
    return map;
}

static void acme_sink_u16_array2_read(coax_reader *in, uint16_t *items)
{
    if (!coax_read_array(in, 2))
        return;
    for (size_t i = 0; i < 2 && in->err == COAX_OK; i++)
        items[i] = coax_read_u16(in);
    coax_list_done(in);
}

static void acme_sink_u16_array2_array3_read(coax_reader *in, uint16_t (*items)[2])
{
    if (!coax_read_array(in, 3))
        return;
    for (size_t i = 0; i < 3 && in->err == COAX_OK; i++)
        acme_sink_u16_array2_read(in, items[i]);
    coax_list_done(in);
}

static void acme_sink_defaults_array2_read(coax_reader *in, acme_sink_defaults *items)
{
    if (!coax_read_array(in, 2))
        return;
    for (size_t i = 0; i < 2 && in->err == COAX_OK; i++)
        acme_sink_defaults_decode(in, &items[i]);
    coax_list_done(in);
}

static sink_common_money_list acme_sink_sink_common_money_list_read(coax_reader *in)
{
    sink_common_money_list list = { NULL, 0 };
    sink_common_money *items = COAX_READ_LIST(in, sink_common_money, &list.count);
    for (size_t i = 0; i < list.count && in->err == COAX_OK; i++)
        sink_common_money_decode(in, &items[i]);
    coax_list_done(in);
    list.items = items;
    return list;
}

static sink_common_str_money_map acme_sink_str_sink_common_money_map_read(coax_reader *in)
{
    sink_common_str_money_map map = { NULL, 0 };
    sink_common_str_money_entry *items = COAX_READ_MAP(in, sink_common_str_money_entry, &map.count);
    for (size_t i = 0; i < map.count && in->err == COAX_OK; i++) {
        items[i].key = coax_read_str(in);
        sink_common_money_decode(in, &items[i].value);
    }
    coax_map_done(in, &acme_sink_str_sink_common_money_map_type, items, map.count);
    map.items = items;
    return map;
}

static void acme_sink_str_array2_read(coax_reader *in, coax_str *items)
{
    if (!coax_read_array(in, 2))
        return;
    for (size_t i = 0; i < 2 && in->err == COAX_OK; i++)
        items[i] = coax_read_str(in);
    coax_list_done(in);
}

static acme_sink_receipt_list acme_sink_receipt_list_read(coax_reader *in)
{
    acme_sink_receipt_list list = { NULL, 0 };
    acme_sink_receipt *items = COAX_READ_LIST(in, acme_sink_receipt, &list.count);
    for (size_t i = 0; i < list.count && in->err == COAX_OK; i++)
        acme_sink_receipt_decode(in, &items[i]);
    coax_list_done(in);
    list.items = items;
    return list;
}

static acme_sink_side_u8_map acme_sink_side_u8_map_read(coax_reader *in)
{
    acme_sink_side_u8_map map = { NULL, 0 };
    acme_sink_side_u8_entry *items = COAX_READ_MAP(in, acme_sink_side_u8_entry, &map.count);
    for (size_t i = 0; i < map.count && in->err == COAX_OK; i++) {
        items[i].key = acme_sink_side_read(in);
        items[i].value = coax_read_u8(in);
    }
    coax_map_done(in, &acme_sink_side_u8_map_type, items, map.count);
    map.items = items;
    return map;
}

static acme_sink_side_list acme_sink_side_list_read(coax_reader *in)
{
    acme_sink_side_list list = { NULL, 0 };
    acme_sink_side *items = COAX_READ_LIST(in, acme_sink_side, &list.count);
    for (size_t i = 0; i < list.count && in->err == COAX_OK; i++)
        items[i] = acme_sink_side_read(in);
    coax_list_done(in);
    list.items = items;
    return list;
}

static void acme_sink_u8_array2_array3_read(coax_reader *in, uint8_t (*items)[2])
{
    if (!coax_read_array(in, 3))
        return;
    for (size_t i = 0; i < 3 && in->err == COAX_OK; i++)
        coax_read_fixed(in, items[i], 2);
    coax_list_done(in);
}

static void acme_sink_side_array2_read(coax_reader *in, acme_sink_side *items)
{
    if (!coax_read_array(in, 2))
        return;
    for (size_t i = 0; i < 2 && in->err == COAX_OK; i++)
        items[i] = acme_sink_side_read(in);
    coax_list_done(in);
}

static acme_sink_side_array2_list acme_sink_side_array2_list_read(coax_reader *in)
{
    acme_sink_side_array2_list list = { NULL, 0 };
    acme_sink_side_array2 *items = COAX_READ_LIST(in, acme_sink_side_array2, &list.count);
    for (size_t i = 0; i < list.count && in->err == COAX_OK; i++)
        acme_sink_side_array2_read(in, items[i].items);
    coax_list_done(in);
    list.items = items;
    return list;
}

static acme_sink_str_i32_map acme_sink_str_i32_map_read(coax_reader *in)
{
    acme_sink_str_i32_map map = { NULL, 0 };
    acme_sink_str_i32_entry *items = COAX_READ_MAP(in, acme_sink_str_i32_entry, &map.count);
    for (size_t i = 0; i < map.count && in->err == COAX_OK; i++) {
        items[i].key = coax_read_str(in);
        items[i].value = coax_read_i32(in);
    }
    coax_map_done(in, &acme_sink_str_i32_map_type, items, map.count);
    map.items = items;
    return map;
}

static acme_sink_node_list acme_sink_node_list_read(coax_reader *in)
{
    acme_sink_node_list list = { NULL, 0 };
    acme_sink_node *items = COAX_READ_LIST(in, acme_sink_node, &list.count);
    for (size_t i = 0; i < list.count && in->err == COAX_OK; i++)
        acme_sink_node_decode(in, &items[i]);
    coax_list_done(in);
    list.items = items;
    return list;
}

static acme_sink_str_node_map acme_sink_str_node_map_read(coax_reader *in)
{
    acme_sink_str_node_map map = { NULL, 0 };
    acme_sink_str_node_entry *items = COAX_READ_MAP(in, acme_sink_str_node_entry, &map.count);
    for (size_t i = 0; i < map.count && in->err == COAX_OK; i++) {
        items[i].key = coax_read_str(in);
        acme_sink_node_decode(in, &items[i].value);
    }
    coax_map_done(in, &acme_sink_str_node_map_type, items, map.count);
    map.items = items;
    return map;
}

static void acme_sink_late_array2_read(coax_reader *in, acme_sink_late *items)
{
    if (!coax_read_array(in, 2))
        return;
    for (size_t i = 0; i < 2 && in->err == COAX_OK; i++)
        acme_sink_late_decode(in, &items[i]);
    coax_list_done(in);
}

static const acme_sink_scalars acme_sink_scalars_initial = ACME_SINK_SCALARS_INIT;

void acme_sink_scalars_init(acme_sink_scalars *ret)
{
    *ret = acme_sink_scalars_initial;
}

void acme_sink_scalars_encode(coax_writer *out, const acme_sink_scalars *value)
{
    coax_write_map(out, 25);
    coax_write_bool_field(out, 1, value->flag);
    coax_write_i8_field(out, 2, value->tiny);
    coax_write_i16_field(out, 3, value->short_one);
    coax_write_i32_field(out, 4, value->medium);
    coax_write_i64_field(out, 5, value->large);
    coax_write_u8_field(out, 6, value->byte_one);
    coax_write_u16_field(out, 7, value->port);
    coax_write_u32_field(out, 8, value->count);
    coax_write_u64_field(out, 9, value->total);
    coax_write_f32_field(out, 10, value->ratio);
    coax_write_f64_field(out, 11, value->exact);
    coax_write_str_field(out, 12, value->text);
    coax_write_bytes_field(out, 13, value->blob);
    coax_write_timestamp_field(out, 14, value->when);
    coax_write_duration_field(out, 15, value->took);
    coax_write_uuid_field(out, 16, value->key);
    coax_write_any_field(out, 17, value->extra);
    coax_write_u8_field(out, 18, (uint8_t)value->color);
    coax_write_i8_field(out, 19, (int8_t)value->side);
    coax_write_u32_field(out, 20, (uint32_t)value->rights);
    coax_write_u64_field(out, 21, (uint64_t)value->big);
    coax_write_i32_field(out, 22, (int32_t)value->wide);
    coax_write_i64_field(out, 23, (int64_t)value->far_);
    coax_write_u32_field(out, 24, (uint32_t)value->word);
    coax_write_u8_field(out, 25, (uint8_t)value->bits);
}

void acme_sink_scalars_decode(coax_reader *in, acme_sink_scalars *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_scalars_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->flag = coax_read_bool(in); break;
        case 2: ret->tiny = coax_read_i8(in); break;
        case 3: ret->short_one = coax_read_i16(in); break;
        case 4: ret->medium = coax_read_i32(in); break;
        case 5: ret->large = coax_read_i64(in); break;
        case 6: ret->byte_one = coax_read_u8(in); break;
        case 7: ret->port = coax_read_u16(in); break;
        case 8: ret->count = coax_read_u32(in); break;
        case 9: ret->total = coax_read_u64(in); break;
        case 10: ret->ratio = coax_read_f32(in); break;
        case 11: ret->exact = coax_read_f64(in); break;
        case 12: ret->text = coax_read_str(in); break;
        case 13: ret->blob = coax_read_bytes(in); break;
        case 14: ret->when = coax_read_timestamp(in); break;
        case 15: ret->took = coax_read_duration(in); break;
        case 16: ret->key = coax_read_uuid(in); break;
        case 17: ret->extra = coax_read_any(in); break;
        case 18: ret->color = (acme_sink_color)coax_read_u8(in); break;
        case 19: ret->side = acme_sink_side_read(in); break;
        case 20: ret->rights = (acme_sink_rights)coax_read_u32(in); break;
        case 21: ret->big = (acme_sink_big)coax_read_u64(in); break;
        case 22: ret->wide = (acme_sink_wide)coax_read_i32(in); break;
        case 23: ret->far_ = (acme_sink_long)coax_read_i64(in); break;
        case 24: ret->word = (acme_sink_word)coax_read_u32(in); break;
        case 25: ret->bits = acme_sink_bits_read(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1ffffffu);
}

bool acme_sink_scalars_check(const acme_sink_scalars *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_scalars_type);
    coax_check_range_u64(why, 7, value->port, 1u, UINT64_MAX);
    coax_check_finite(why, 10, value->ratio);
    coax_check_str(why, 12, value->text);
    coax_check_bytes(why, 13, value->blob);
    coax_check_timestamp(why, 14, value->when);
    coax_check_any(why, 17, value->extra);
    coax_check_range_i64(why, 18, (int64_t)value->color, 0, UINT8_MAX);
    coax_check_enum(why, 19, &acme_sink_side_type, (int64_t)value->side);
    coax_check_enum(why, 25, &acme_sink_bits_type, (int64_t)value->bits);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_scalars)

static const coax_field acme_sink_scalars_fields[] = {
    COAX_FIELD(1, acme_sink_scalars, flag, "flag", coax_type_bool, 0, NULL, NULL),
    COAX_FIELD(2, acme_sink_scalars, tiny, "tiny", coax_type_i8, 0, NULL, NULL),
    COAX_FIELD(3, acme_sink_scalars, short_one, "short_one", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(4, acme_sink_scalars, medium, "medium", coax_type_i32, 0, NULL, NULL),
    COAX_FIELD(5, acme_sink_scalars, large, "large", coax_type_i64, 0, NULL, NULL),
    COAX_FIELD(6, acme_sink_scalars, byte_one, "byte_one", coax_type_u8, 0, NULL, NULL),
    COAX_FIELD(7, acme_sink_scalars, port, "port", coax_type_u16, 0, "@range(1..)", NULL),
    COAX_FIELD(8, acme_sink_scalars, count, "count", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(9, acme_sink_scalars, total, "total", coax_type_u64, 0, NULL, NULL),
    COAX_FIELD(10, acme_sink_scalars, ratio, "ratio", coax_type_f32, 0, "@finite", NULL),
    COAX_FIELD(11, acme_sink_scalars, exact, "exact", coax_type_f64, 0, NULL, NULL),
    COAX_FIELD(12, acme_sink_scalars, text, "text", coax_type_string, 0, NULL, NULL),
    COAX_FIELD(13, acme_sink_scalars, blob, "blob", coax_type_bytes, 0, NULL, NULL),
    COAX_FIELD(14, acme_sink_scalars, when, "when", coax_type_timestamp, 0, NULL, NULL),
    COAX_FIELD(15, acme_sink_scalars, took, "took", coax_type_duration, 0, NULL, NULL),
    COAX_FIELD(16, acme_sink_scalars, key, "key", coax_type_uuid, 0, NULL, NULL),
    COAX_FIELD(17, acme_sink_scalars, extra, "extra", coax_type_any, 0, NULL, NULL),
    COAX_FIELD(18, acme_sink_scalars, color, "color", acme_sink_color_type, 0, NULL, NULL),
    COAX_FIELD(19, acme_sink_scalars, side, "side", acme_sink_side_type, 0, NULL, NULL),
    COAX_FIELD(20, acme_sink_scalars, rights, "rights", acme_sink_rights_type, 0, NULL, NULL),
    COAX_FIELD(21, acme_sink_scalars, big, "big", acme_sink_big_type, 0, NULL, NULL),
    COAX_FIELD(22, acme_sink_scalars, wide, "wide", acme_sink_wide_type, 0, NULL, NULL),
    COAX_FIELD(23, acme_sink_scalars, far_, "far", acme_sink_long_type, 0, NULL, NULL),
    COAX_FIELD(24, acme_sink_scalars, word, "word", acme_sink_word_type, 0, NULL, NULL),
    COAX_FIELD(25, acme_sink_scalars, bits, "bits", acme_sink_bits_type, 0, NULL, NULL),
};
/* clang-format off */
static const uint16_t acme_sink_scalars_ids[] = {
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
    25
};
/* clang-format on */
static const uint64_t acme_sink_scalars_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_sink_scalars, "acme.sink.Scalars", 25, "Each scalar once.");

static const acme_sink_optionals acme_sink_optionals_initial = ACME_SINK_OPTIONALS_INIT;

void acme_sink_optionals_init(acme_sink_optionals *ret)
{
    *ret = acme_sink_optionals_initial;
}

void acme_sink_optionals_encode(coax_writer *out, const acme_sink_optionals *value)
{
    uint32_t count = 0;
    count += value->has_flag ? 1u : 0u;
    count += value->has_tiny ? 1u : 0u;
    count += value->has_total ? 1u : 0u;
    count += value->has_ratio ? 1u : 0u;
    count += value->text.data != NULL ? 1u : 0u;
    count += value->blob.data != NULL ? 1u : 0u;
    count += value->has_when ? 1u : 0u;
    count += value->has_took ? 1u : 0u;
    count += value->has_key ? 1u : 0u;
    count += value->extra.data != NULL ? 1u : 0u;
    count += value->has_color ? 1u : 0u;
    count += value->has_side ? 1u : 0u;
    count += value->has_rights ? 1u : 0u;
    count += value->scalars != NULL ? 1u : 0u;
    count += value->receipt != NULL ? 1u : 0u;
    count += value->has_names ? 1u : 0u;
    count += value->has_counts ? 1u : 0u;
    count += value->has_address ? 1u : 0u;
    count += value->has_colors ? 1u : 0u;
    count += value->has_point ? 1u : 0u;
    coax_write_map(out, count);
    if (value->has_flag)
        coax_write_bool_field(out, 1, value->flag);
    if (value->has_tiny)
        coax_write_i8_field(out, 2, value->tiny);
    if (value->has_total)
        coax_write_u64_field(out, 3, value->total);
    if (value->has_ratio)
        coax_write_f32_field(out, 4, value->ratio);
    if (value->text.data != NULL)
        coax_write_str_field(out, 5, value->text);
    if (value->blob.data != NULL)
        coax_write_bytes_field(out, 6, value->blob);
    if (value->has_when)
        coax_write_timestamp_field(out, 7, value->when);
    if (value->has_took)
        coax_write_duration_field(out, 8, value->took);
    if (value->has_key)
        coax_write_uuid_field(out, 9, value->key);
    if (value->extra.data != NULL)
        coax_write_any_field(out, 10, value->extra);
    if (value->has_color)
        coax_write_u8_field(out, 11, (uint8_t)value->color);
    if (value->has_side)
        coax_write_i8_field(out, 12, (int8_t)value->side);
    if (value->has_rights)
        coax_write_u32_field(out, 13, (uint32_t)value->rights);
    if (value->scalars != NULL) {
        coax_write_key(out, 14);
        acme_sink_scalars_encode(out, value->scalars);
    }
    if (value->receipt != NULL) {
        coax_write_key(out, 15);
        acme_sink_receipt_encode(out, value->receipt);
    }
    if (value->has_names)
        coax_write_str_list_field(out, 16, value->names);
    if (value->has_counts) {
        coax_write_key(out, 17);
        acme_sink_str_u32_map_write(out, value->counts);
    }
    if (value->has_address)
        coax_write_fixed_field(out, 18, value->address, 4);
    if (value->has_colors) {
        coax_write_key(out, 19);
        acme_sink_color_list_write(out, value->colors);
    }
    if (value->has_point) {
        coax_write_key(out, 20);
        acme_sink_f64_array3_write(out, value->point);
    }
}

void acme_sink_optionals_decode(coax_reader *in, acme_sink_optionals *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_optionals_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1:
            ret->has_flag = true;
            ret->flag = coax_read_bool(in);
            break;
        case 2:
            ret->has_tiny = true;
            ret->tiny = coax_read_i8(in);
            break;
        case 3:
            ret->has_total = true;
            ret->total = coax_read_u64(in);
            break;
        case 4:
            ret->has_ratio = true;
            ret->ratio = coax_read_f32(in);
            break;
        case 5: ret->text = coax_read_str(in); break;
        case 6: ret->blob = coax_read_bytes(in); break;
        case 7:
            ret->has_when = true;
            ret->when = coax_read_timestamp(in);
            break;
        case 8:
            ret->has_took = true;
            ret->took = coax_read_duration(in);
            break;
        case 9:
            ret->has_key = true;
            ret->key = coax_read_uuid(in);
            break;
        case 10: ret->extra = coax_read_any(in); break;
        case 11:
            ret->has_color = true;
            ret->color = (acme_sink_color)coax_read_u8(in);
            break;
        case 12:
            ret->has_side = true;
            ret->side = acme_sink_side_read(in);
            break;
        case 13:
            ret->has_rights = true;
            ret->rights = (acme_sink_rights)coax_read_u32(in);
            break;
        case 14: ret->scalars = acme_sink_scalars_read(in); break;
        case 15: ret->receipt = acme_sink_receipt_read(in); break;
        case 16:
            ret->has_names = true;
            ret->names = coax_read_str_list(in);
            break;
        case 17:
            ret->has_counts = true;
            ret->counts = acme_sink_str_u32_map_read(in);
            break;
        case 18:
            ret->has_address = true;
            coax_read_fixed(in, ret->address, 4);
            break;
        case 19:
            ret->has_colors = true;
            ret->colors = acme_sink_color_list_read(in);
            break;
        case 20:
            ret->has_point = true;
            acme_sink_f64_array3_read(in, ret->point);
            break;
        default: coax_skip_field(in); break;
        }
    }
}

bool acme_sink_optionals_check(const acme_sink_optionals *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_optionals_type);
    if (value->text.data != NULL) {
        coax_check_utf8(why, 5, value->text);
    }
    if (value->has_when) {
        coax_check_timestamp(why, 7, value->when);
    }
    if (value->extra.data != NULL) {
        coax_check_any(why, 10, value->extra);
    }
    if (value->has_color) {
        coax_check_range_i64(why, 11, (int64_t)value->color, 0, UINT8_MAX);
    }
    if (value->has_side) {
        coax_check_enum(why, 12, &acme_sink_side_type, (int64_t)value->side);
    }
    if (value->scalars != NULL) {
        coax_check_at(why, 14);
        acme_sink_scalars_check(value->scalars, why);
    }
    if (value->receipt != NULL) {
        coax_check_at(why, 15);
        acme_sink_receipt_check(value->receipt, why);
    }
    if (value->has_names) {
        coax_check_at(why, 16);
        coax_check_items_begin(why);
        for (size_t i = 0; i < value->names.count && !coax_check_done(why); i++) {
            coax_check_item(why, i);
            coax_check_str(why, 0, value->names.items[i]);
        }
        coax_check_items_end(why);
    }
    if (value->has_counts) {
        coax_check_map_keys(why, 17, &acme_sink_str_u32_map_type, value->counts.items,
                            value->counts.count);
        coax_check_at(why, 17);
        coax_check_items_begin(why);
        for (size_t i = 0; i < value->counts.count && !coax_check_done(why); i++) {
            coax_check_item(why, i);
            coax_check_str(why, 0, value->counts.items[i].key);
        }
        coax_check_items_end(why);
    }
    if (value->has_colors) {
        coax_check_at(why, 19);
        coax_check_items_begin(why);
        for (size_t i = 0; i < value->colors.count && !coax_check_done(why); i++) {
            coax_check_item(why, i);
            coax_check_range_i64(why, 0, (int64_t)value->colors.items[i], 0, UINT8_MAX);
        }
        coax_check_items_end(why);
    }
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_optionals)

static const coax_field acme_sink_optionals_fields[] = {
    COAX_FIELD_FLAGGED(1, acme_sink_optionals, flag, has_flag, "flag", coax_type_bool, 0, NULL,
                       NULL),
    COAX_FIELD_FLAGGED(2, acme_sink_optionals, tiny, has_tiny, "tiny", coax_type_i8, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(3, acme_sink_optionals, total, has_total, "total", coax_type_u64, 0, NULL,
                       NULL),
    COAX_FIELD_FLAGGED(4, acme_sink_optionals, ratio, has_ratio, "ratio", coax_type_f32, 0, NULL,
                       NULL),
    COAX_FIELD_NULLABLE(5, acme_sink_optionals, text, "text", coax_type_string, 0, NULL, NULL),
    COAX_FIELD_NULLABLE(6, acme_sink_optionals, blob, "blob", coax_type_bytes, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(7, acme_sink_optionals, when, has_when, "when", coax_type_timestamp, 0, NULL,
                       NULL),
    COAX_FIELD_FLAGGED(8, acme_sink_optionals, took, has_took, "took", coax_type_duration, 0, NULL,
                       NULL),
    COAX_FIELD_FLAGGED(9, acme_sink_optionals, key, has_key, "key", coax_type_uuid, 0, NULL, NULL),
    COAX_FIELD_NULLABLE(10, acme_sink_optionals, extra, "extra", coax_type_any, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(11, acme_sink_optionals, color, has_color, "color", acme_sink_color_type, 0,
                       NULL, NULL),
    COAX_FIELD_FLAGGED(12, acme_sink_optionals, side, has_side, "side", acme_sink_side_type, 0,
                       NULL, NULL),
    COAX_FIELD_FLAGGED(13, acme_sink_optionals, rights, has_rights, "rights", acme_sink_rights_type,
                       0, NULL, NULL),
    COAX_FIELD_BEHIND(14, acme_sink_optionals, scalars, "scalars", acme_sink_scalars_type, 0, NULL,
                      NULL),
    COAX_FIELD_BEHIND(15, acme_sink_optionals, receipt, "receipt", acme_sink_receipt_type, 0, NULL,
                      NULL),
    COAX_FIELD_FLAGGED(16, acme_sink_optionals, names, has_names, "names", acme_sink_str_list_type,
                       0, NULL, NULL),
    COAX_FIELD_FLAGGED(17, acme_sink_optionals, counts, has_counts, "counts",
                       acme_sink_str_u32_map_type, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(18, acme_sink_optionals, address, has_address, "address",
                       acme_sink_u8_array4_type, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(19, acme_sink_optionals, colors, has_colors, "colors",
                       acme_sink_color_list_type, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(20, acme_sink_optionals, point, has_point, "point",
                       acme_sink_f64_array3_type, 0, NULL, NULL),
};
/* clang-format off */
static const uint16_t acme_sink_optionals_ids[] = {
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    13, 14, 15, 16, 17, 18, 19, 20
};
/* clang-format on */
static const uint64_t acme_sink_optionals_optional[] = { UINT64_C(0xfffff) };
COAX_STRUCT_TYPE(acme_sink_optionals, "acme.sink.Optionals", 20, "Each scalar once, and absent.");

static const acme_sink_defaults acme_sink_defaults_initial = ACME_SINK_DEFAULTS_INIT;

void acme_sink_defaults_init(acme_sink_defaults *ret)
{
    *ret = acme_sink_defaults_initial;
}

void acme_sink_defaults_encode(coax_writer *out, const acme_sink_defaults *value)
{
    coax_write_map(out, 11);
    coax_write_bool_field(out, 1, value->flag);
    coax_write_i32_field(out, 2, value->medium);
    coax_write_u32_field(out, 3, value->retries);
    coax_write_f64_field(out, 4, value->ratio);
    coax_write_str_field(out, 5, value->name);
    coax_write_u8_field(out, 6, (uint8_t)value->color);
    coax_write_u32_field(out, 7, (uint32_t)value->rights);
    coax_write_duration_field(out, 8, value->wait);
    coax_write_i8_field(out, 9, (int8_t)value->side);
    coax_write_u64_field(out, 10, value->total);
    coax_write_f32_field(out, 11, value->third);
}

void acme_sink_defaults_decode(coax_reader *in, acme_sink_defaults *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_defaults_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->flag = coax_read_bool(in); break;
        case 2: ret->medium = coax_read_i32(in); break;
        case 3: ret->retries = coax_read_u32(in); break;
        case 4: ret->ratio = coax_read_f64(in); break;
        case 5: ret->name = coax_read_str(in); break;
        case 6: ret->color = (acme_sink_color)coax_read_u8(in); break;
        case 7: ret->rights = (acme_sink_rights)coax_read_u32(in); break;
        case 8: ret->wait = coax_read_duration(in); break;
        case 9: ret->side = acme_sink_side_read(in); break;
        case 10: ret->total = coax_read_u64(in); break;
        case 11: ret->third = coax_read_f32(in); break;
        default: coax_skip_field(in); break;
        }
    }
}

bool acme_sink_defaults_check(const acme_sink_defaults *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_defaults_type);
    coax_check_range_u64(why, 3, value->retries, 0u, 10u);
    coax_check_str(why, 5, value->name);
    coax_check_range_i64(why, 6, (int64_t)value->color, 0, UINT8_MAX);
    coax_check_enum(why, 9, &acme_sink_side_type, (int64_t)value->side);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_defaults)

static const coax_field acme_sink_defaults_fields[] = {
    COAX_FIELD_DEFAULTED(1, acme_sink_defaults, flag, "flag", coax_type_bool, 0, NULL, NULL),
    COAX_FIELD_DEFAULTED(2, acme_sink_defaults, medium, "medium", coax_type_i32, 0, NULL, NULL),
    COAX_FIELD_DEFAULTED(3, acme_sink_defaults, retries, "retries", coax_type_u32, 0,
                         "@range(0..10)", NULL),
    COAX_FIELD_DEFAULTED(4, acme_sink_defaults, ratio, "ratio", coax_type_f64, 0, NULL, NULL),
    COAX_FIELD_DEFAULTED(5, acme_sink_defaults, name, "name", coax_type_string, 0, NULL, NULL),
    COAX_FIELD_DEFAULTED(6, acme_sink_defaults, color, "color", acme_sink_color_type, 0, NULL,
                         NULL),
    COAX_FIELD_DEFAULTED(7, acme_sink_defaults, rights, "rights", acme_sink_rights_type, 0, NULL,
                         NULL),
    COAX_FIELD_DEFAULTED(8, acme_sink_defaults, wait, "wait", coax_type_duration, 0, NULL, NULL),
    COAX_FIELD_DEFAULTED(9, acme_sink_defaults, side, "side", acme_sink_side_type, 0, NULL, NULL),
    COAX_FIELD_DEFAULTED(10, acme_sink_defaults, total, "total", coax_type_u64, 0, NULL, NULL),
    COAX_FIELD_DEFAULTED(11, acme_sink_defaults, third, "third", coax_type_f32, 0, NULL, NULL),
};
/* clang-format off */
static const uint16_t acme_sink_defaults_ids[] = {
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
};
/* clang-format on */
static const uint64_t acme_sink_defaults_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_sink_defaults, "acme.sink.Defaults", 11, "Each default there can be.");

static const acme_sink_containers acme_sink_containers_initial = ACME_SINK_CONTAINERS_INIT;

void acme_sink_containers_init(acme_sink_containers *ret)
{
    *ret = acme_sink_containers_initial;
}

void acme_sink_containers_encode(coax_writer *out, const acme_sink_containers *value)
{
    coax_write_map(out, 27);
    coax_write_bool_list_field(out, 1, value->flags);
    coax_write_i64_list_field(out, 2, value->numbers);
    coax_write_str_list_field(out, 3, value->tags);
    coax_write_key(out, 4);
    acme_sink_color_list_write(out, value->colors);
    coax_write_key(out, 5);
    acme_sink_scalars_list_write(out, value->scalars);
    coax_write_key(out, 6);
    acme_sink_u32_list_list_write(out, value->matrix);
    coax_write_key(out, 7);
    acme_sink_u8_array16_list_write(out, value->nonces);
    coax_write_key(out, 8);
    acme_sink_str_u32_map_list_write(out, value->tables);
    coax_write_key(out, 9);
    acme_sink_str_bytes_map_write(out, value->extra);
    coax_write_key(out, 10);
    acme_sink_u32_defaults_map_write(out, value->by_number);
    coax_write_key(out, 11);
    acme_sink_color_str_list_map_write(out, value->by_color);
    coax_write_key(out, 12);
    acme_sink_uuid_i8_receipt_map_map_write(out, value->nested);
    coax_write_key(out, 13);
    acme_sink_bool_f64_array2_map_write(out, value->pairs);
    coax_write_fixed_field(out, 14, value->nonce, 16);
    coax_write_key(out, 15);
    acme_sink_f64_array3_write(out, value->point);
    coax_write_key(out, 16);
    acme_sink_u16_array2_array3_write(out, value->grid);
    coax_write_key(out, 17);
    acme_sink_defaults_array2_write(out, value->both);
    coax_write_key(out, 18);
    acme_sink_sink_common_money_list_write(out, value->coins);
    coax_write_key(out, 19);
    acme_sink_str_sink_common_money_map_write(out, value->purse);
    coax_write_key(out, 20);
    acme_sink_str_array2_write(out, value->names);
    coax_write_key(out, 21);
    acme_sink_receipt_list_write(out, value->receipts);
    coax_write_uuid_list_field(out, 22, value->keys);
    coax_write_key(out, 23);
    acme_sink_side_u8_map_write(out, value->sides);
    coax_write_key(out, 24);
    acme_sink_side_list_write(out, value->history);
    coax_write_key(out, 25);
    acme_sink_u8_array2_array3_write(out, value->bytes_grid);
    coax_write_any_list_field(out, 26, value->raw);
    coax_write_key(out, 27);
    acme_sink_side_array2_list_write(out, value->moves);
}

void acme_sink_containers_decode(coax_reader *in, acme_sink_containers *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_containers_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->flags = coax_read_bool_list(in); break;
        case 2: ret->numbers = coax_read_i64_list(in); break;
        case 3: ret->tags = coax_read_str_list(in); break;
        case 4: ret->colors = acme_sink_color_list_read(in); break;
        case 5: ret->scalars = acme_sink_scalars_list_read(in); break;
        case 6: ret->matrix = acme_sink_u32_list_list_read(in); break;
        case 7: ret->nonces = acme_sink_u8_array16_list_read(in); break;
        case 8: ret->tables = acme_sink_str_u32_map_list_read(in); break;
        case 9: ret->extra = acme_sink_str_bytes_map_read(in); break;
        case 10: ret->by_number = acme_sink_u32_defaults_map_read(in); break;
        case 11: ret->by_color = acme_sink_color_str_list_map_read(in); break;
        case 12: ret->nested = acme_sink_uuid_i8_receipt_map_map_read(in); break;
        case 13: ret->pairs = acme_sink_bool_f64_array2_map_read(in); break;
        case 14: coax_read_fixed(in, ret->nonce, 16); break;
        case 15: acme_sink_f64_array3_read(in, ret->point); break;
        case 16: acme_sink_u16_array2_array3_read(in, ret->grid); break;
        case 17: acme_sink_defaults_array2_read(in, ret->both); break;
        case 18: ret->coins = acme_sink_sink_common_money_list_read(in); break;
        case 19: ret->purse = acme_sink_str_sink_common_money_map_read(in); break;
        case 20: acme_sink_str_array2_read(in, ret->names); break;
        case 21: ret->receipts = acme_sink_receipt_list_read(in); break;
        case 22: ret->keys = coax_read_uuid_list(in); break;
        case 23: ret->sides = acme_sink_side_u8_map_read(in); break;
        case 24: ret->history = acme_sink_side_list_read(in); break;
        case 25: acme_sink_u8_array2_array3_read(in, ret->bytes_grid); break;
        case 26: ret->raw = coax_read_any_list(in); break;
        case 27: ret->moves = acme_sink_side_array2_list_read(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x7ffffffu);
}

bool acme_sink_containers_check(const acme_sink_containers *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_containers_type);
    coax_check_unique(why, 2, &coax_type_i64, value->numbers.items, value->numbers.count);
    coax_check_items(why, 2, value->numbers.count, 1, 100);
    coax_check_items(why, 3, value->tags.count, 0, 8);
    coax_check_unique(why, 3, &coax_type_string, value->tags.items, value->tags.count);
    coax_check_at(why, 3);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->tags.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_str(why, 0, value->tags.items[i]);
        coax_check_len(why, 0, value->tags.items[i].len, 1, 32);
    }
    coax_check_items_end(why);
    coax_check_at(why, 4);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->colors.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_range_i64(why, 0, (int64_t)value->colors.items[i], 0, UINT8_MAX);
    }
    coax_check_items_end(why);
    coax_check_at(why, 5);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->scalars.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        acme_sink_scalars_check(&value->scalars.items[i], why);
    }
    coax_check_items_end(why);
    coax_check_at(why, 8);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->tables.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_map_keys(why, 0, &acme_sink_str_u32_map_type, value->tables.items[i].items,
                            value->tables.items[i].count);
        coax_check_items_begin(why);
        for (size_t i2 = 0; i2 < value->tables.items[i].count && !coax_check_done(why); i2++) {
            coax_check_item(why, i2);
            coax_check_str(why, 0, value->tables.items[i].items[i2].key);
        }
        coax_check_items_end(why);
    }
    coax_check_items_end(why);
    coax_check_items(why, 9, value->extra.count, 0, 16);
    coax_check_map_keys(why, 9, &acme_sink_str_bytes_map_type, value->extra.items,
                        value->extra.count);
    coax_check_at(why, 9);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->extra.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_str(why, 0, value->extra.items[i].key);
        coax_check_bytes(why, 0, value->extra.items[i].value);
    }
    coax_check_items_end(why);
    coax_check_map_keys(why, 10, &acme_sink_u32_defaults_map_type, value->by_number.items,
                        value->by_number.count);
    coax_check_at(why, 10);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->by_number.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        acme_sink_defaults_check(&value->by_number.items[i].value, why);
    }
    coax_check_items_end(why);
    coax_check_map_keys(why, 11, &acme_sink_color_str_list_map_type, value->by_color.items,
                        value->by_color.count);
    coax_check_at(why, 11);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->by_color.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_range_i64(why, 0, (int64_t)value->by_color.items[i].key, 0, UINT8_MAX);
        coax_check_items_begin(why);
        for (size_t i2 = 0; i2 < value->by_color.items[i].value.count && !coax_check_done(why);
             i2++) {
            coax_check_item(why, i2);
            coax_check_str(why, 0, value->by_color.items[i].value.items[i2]);
        }
        coax_check_items_end(why);
    }
    coax_check_items_end(why);
    coax_check_map_keys(why, 12, &acme_sink_uuid_i8_receipt_map_map_type, value->nested.items,
                        value->nested.count);
    coax_check_at(why, 12);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->nested.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_map_keys(why, 0, &acme_sink_i8_receipt_map_type,
                            value->nested.items[i].value.items, value->nested.items[i].value.count);
        coax_check_items_begin(why);
        for (size_t i2 = 0; i2 < value->nested.items[i].value.count && !coax_check_done(why);
             i2++) {
            coax_check_item(why, i2);
            acme_sink_receipt_check(&value->nested.items[i].value.items[i2].value, why);
        }
        coax_check_items_end(why);
    }
    coax_check_items_end(why);
    coax_check_map_keys(why, 13, &acme_sink_bool_f64_array2_map_type, value->pairs.items,
                        value->pairs.count);
    coax_check_at(why, 17);
    coax_check_items_begin(why);
    for (size_t i = 0; i < 2 && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        acme_sink_defaults_check(&value->both[i], why);
    }
    coax_check_items_end(why);
    coax_check_at(why, 18);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->coins.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        sink_common_money_check(&value->coins.items[i], why);
    }
    coax_check_items_end(why);
    coax_check_map_keys(why, 19, &acme_sink_str_sink_common_money_map_type, value->purse.items,
                        value->purse.count);
    coax_check_at(why, 19);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->purse.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_str(why, 0, value->purse.items[i].key);
        sink_common_money_check(&value->purse.items[i].value, why);
    }
    coax_check_items_end(why);
    coax_check_at(why, 20);
    coax_check_items_begin(why);
    for (size_t i = 0; i < 2 && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_str(why, 0, value->names[i]);
    }
    coax_check_items_end(why);
    coax_check_at(why, 21);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->receipts.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        acme_sink_receipt_check(&value->receipts.items[i], why);
    }
    coax_check_items_end(why);
    coax_check_map_keys(why, 23, &acme_sink_side_u8_map_type, value->sides.items,
                        value->sides.count);
    coax_check_at(why, 23);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->sides.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_enum(why, 0, &acme_sink_side_type, (int64_t)value->sides.items[i].key);
    }
    coax_check_items_end(why);
    coax_check_at(why, 24);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->history.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_enum(why, 0, &acme_sink_side_type, (int64_t)value->history.items[i]);
    }
    coax_check_items_end(why);
    coax_check_at(why, 26);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->raw.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_any(why, 0, value->raw.items[i]);
    }
    coax_check_items_end(why);
    coax_check_at(why, 27);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->moves.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_items_begin(why);
        for (size_t i2 = 0; i2 < 2 && !coax_check_done(why); i2++) {
            coax_check_item(why, i2);
            coax_check_enum(why, 0, &acme_sink_side_type, (int64_t)value->moves.items[i].items[i2]);
        }
        coax_check_items_end(why);
    }
    coax_check_items_end(why);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_containers)

static const coax_field acme_sink_containers_fields[] = {
    COAX_FIELD(1, acme_sink_containers, flags, "flags", acme_sink_bool_list_type, 0, NULL, NULL),
    COAX_FIELD(2, acme_sink_containers, numbers, "numbers", acme_sink_i64_list_type, 0,
               "@unique @items(1..100)", NULL),
    COAX_FIELD(3, acme_sink_containers, tags, "tags", acme_sink_str_list_type, 0,
               "@items(..8) @unique each @len(1..32)", NULL),
    COAX_FIELD(4, acme_sink_containers, colors, "colors", acme_sink_color_list_type, 0, NULL, NULL),
    COAX_FIELD(5, acme_sink_containers, scalars, "scalars", acme_sink_scalars_list_type, 0, NULL,
               NULL),
    COAX_FIELD(6, acme_sink_containers, matrix, "matrix", acme_sink_u32_list_list_type, 0, NULL,
               NULL),
    COAX_FIELD(7, acme_sink_containers, nonces, "nonces", acme_sink_u8_array16_list_type, 0, NULL,
               NULL),
    COAX_FIELD(8, acme_sink_containers, tables, "tables", acme_sink_str_u32_map_list_type, 0, NULL,
               NULL),
    COAX_FIELD(9, acme_sink_containers, extra, "extra", acme_sink_str_bytes_map_type, 0,
               "@items(..16)", NULL),
    COAX_FIELD(10, acme_sink_containers, by_number, "by_number", acme_sink_u32_defaults_map_type, 0,
               NULL, NULL),
    COAX_FIELD(11, acme_sink_containers, by_color, "by_color", acme_sink_color_str_list_map_type, 0,
               NULL, NULL),
    COAX_FIELD(12, acme_sink_containers, nested, "nested", acme_sink_uuid_i8_receipt_map_map_type,
               0, NULL, NULL),
    COAX_FIELD(13, acme_sink_containers, pairs, "pairs", acme_sink_bool_f64_array2_map_type, 0,
               NULL, NULL),
    COAX_FIELD(14, acme_sink_containers, nonce, "nonce", acme_sink_u8_array16_type, 0, NULL, NULL),
    COAX_FIELD(15, acme_sink_containers, point, "point", acme_sink_f64_array3_type, 0, NULL, NULL),
    COAX_FIELD(16, acme_sink_containers, grid, "grid", acme_sink_u16_array2_array3_type, 0, NULL,
               NULL),
    COAX_FIELD(17, acme_sink_containers, both, "both", acme_sink_defaults_array2_type, 0, NULL,
               NULL),
    COAX_FIELD(18, acme_sink_containers, coins, "coins", acme_sink_sink_common_money_list_type, 0,
               NULL, NULL),
    COAX_FIELD(19, acme_sink_containers, purse, "purse", acme_sink_str_sink_common_money_map_type,
               0, NULL, NULL),
    COAX_FIELD(20, acme_sink_containers, names, "names", acme_sink_str_array2_type, 0, NULL, NULL),
    COAX_FIELD(21, acme_sink_containers, receipts, "receipts", acme_sink_receipt_list_type, 0, NULL,
               NULL),
    COAX_FIELD(22, acme_sink_containers, keys, "keys", acme_sink_uuid_list_type, 0, NULL, NULL),
    COAX_FIELD(23, acme_sink_containers, sides, "sides", acme_sink_side_u8_map_type, 0, NULL, NULL),
    COAX_FIELD(24, acme_sink_containers, history, "history", acme_sink_side_list_type, 0, NULL,
               NULL),
    COAX_FIELD(25, acme_sink_containers, bytes_grid, "bytes_grid", acme_sink_u8_array2_array3_type,
               0, NULL, NULL),
    COAX_FIELD(26, acme_sink_containers, raw, "raw", acme_sink_any_list_type, 0, NULL, NULL),
    COAX_FIELD(27, acme_sink_containers, moves, "moves", acme_sink_side_array2_list_type, 0, NULL,
               NULL),
};
/* clang-format off */
static const uint16_t acme_sink_containers_ids[] = {
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
    25, 26, 27
};
/* clang-format on */
static const uint64_t acme_sink_containers_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_sink_containers, "acme.sink.Containers", 27,
                 "Lists, arrays and maps, inside each other too.");

static const acme_sink_constraints acme_sink_constraints_initial = ACME_SINK_CONSTRAINTS_INIT;

void acme_sink_constraints_init(acme_sink_constraints *ret)
{
    *ret = acme_sink_constraints_initial;
}

void acme_sink_constraints_encode(coax_writer *out, const acme_sink_constraints *value)
{
    uint32_t count = 22;
    count += value->maybe.data != NULL ? 1u : 0u;
    count += value->has_chosen ? 1u : 0u;
    coax_write_map(out, count);
    coax_write_u32_field(out, 1, value->whole);
    coax_write_i64_field(out, 2, value->below);
    coax_write_f64_field(out, 3, value->open);
    coax_write_f64_field(out, 4, value->share);
    coax_write_u8_field(out, 5, value->one_of_three);
    coax_write_i32_field(out, 6, value->never);
    coax_write_str_field(out, 7, value->word);
    coax_write_u32_field(out, 8, value->even);
    coax_write_i64_field(out, 9, value->third);
    coax_write_str_field(out, 10, value->short_text);
    coax_write_str_field(out, 11, value->letters);
    coax_write_str_field(out, 12, value->plain);
    coax_write_str_field(out, 13, value->from);
    coax_write_str_field(out, 14, value->to);
    coax_write_str_field(out, 15, value->path);
    coax_write_str_field(out, 16, value->id);
    coax_write_str_field(out, 17, value->host);
    coax_write_bytes_field(out, 18, value->digest);
    coax_write_u8_field(out, 19, (uint8_t)value->shade);
    coax_write_f32_field(out, 20, value->weight);
    coax_write_u64_field(out, 21, value->large);
    if (value->maybe.data != NULL)
        coax_write_str_field(out, 22, value->maybe);
    if (value->has_chosen)
        coax_write_u16_field(out, 23, value->chosen);
    coax_write_key(out, 24);
    acme_sink_str_i32_map_write(out, value->scores);
}

void acme_sink_constraints_decode(coax_reader *in, acme_sink_constraints *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_constraints_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->whole = coax_read_u32(in); break;
        case 2: ret->below = coax_read_i64(in); break;
        case 3: ret->open = coax_read_f64(in); break;
        case 4: ret->share = coax_read_f64(in); break;
        case 5: ret->one_of_three = coax_read_u8(in); break;
        case 6: ret->never = coax_read_i32(in); break;
        case 7: ret->word = coax_read_str(in); break;
        case 8: ret->even = coax_read_u32(in); break;
        case 9: ret->third = coax_read_i64(in); break;
        case 10: ret->short_text = coax_read_str(in); break;
        case 11: ret->letters = coax_read_str(in); break;
        case 12: ret->plain = coax_read_str(in); break;
        case 13: ret->from = coax_read_str(in); break;
        case 14: ret->to = coax_read_str(in); break;
        case 15: ret->path = coax_read_str(in); break;
        case 16: ret->id = coax_read_str(in); break;
        case 17: ret->host = coax_read_str(in); break;
        case 18: ret->digest = coax_read_bytes(in); break;
        case 19: ret->shade = (acme_sink_color)coax_read_u8(in); break;
        case 20: ret->weight = coax_read_f32(in); break;
        case 21: ret->large = coax_read_u64(in); break;
        case 22: ret->maybe = coax_read_str(in); break;
        case 23:
            ret->has_chosen = true;
            ret->chosen = coax_read_u16(in);
            break;
        case 24: ret->scores = acme_sink_str_i32_map_read(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x9fffffu);
}

/* clang-format off */
static const uint64_t acme_sink_constraints_set1[] = {
    1u,
    2u,
    3u,
};
/* clang-format on */

static const int64_t acme_sink_constraints_set2[] = { 0, -1 };

/* clang-format off */
static const coax_str acme_sink_constraints_set3[] = {
    { "yes", 3 },
    { "no", 2 },
};
/* clang-format on */

static const uint64_t acme_sink_constraints_set4[] = { 1u, 2u };

static const double acme_sink_constraints_set5[] = { 0.5, 1.5 };

bool acme_sink_constraints_check(const acme_sink_constraints *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_constraints_type);
    coax_check_range_u64(why, 1, value->whole, 1u, 10u);
    coax_check_range_i64(why, 2, value->below, INT64_MIN, -1);
    coax_check_range_f64(why, 3, value->open, 0.0, 1.0, false, true);
    coax_check_range_f64(why, 4, value->share, 0.0, 100.0, false, false);
    coax_check_finite(why, 4, value->share);
    coax_check_in_u64(why, 5, value->one_of_three, acme_sink_constraints_set1, 3, true);
    coax_check_in_i64(why, 6, value->never, acme_sink_constraints_set2, 2, false);
    coax_check_str(why, 7, value->word);
    coax_check_in_str(why, 7, value->word, acme_sink_constraints_set3, 2, true);
    coax_check_multiple_u64(why, 8, value->even, 2u);
    coax_check_multiple_i64(why, 9, value->third, 3);
    coax_check_str(why, 10, value->short_text);
    coax_check_len(why, 10, value->short_text.len, 1, 8);
    coax_check_str(why, 11, value->letters);
    coax_check_chars(why, 11, value->letters, 2, 4);
    coax_check_str(why, 12, value->plain);
    coax_check_ascii(why, 12, value->plain);
    coax_check_str(why, 13, value->from);
    coax_check_pattern(why, 13, value->from, &acme_sink_pattern1);
    coax_check_str(why, 14, value->to);
    coax_check_pattern(why, 14, value->to, &acme_sink_pattern1);
    coax_check_str(why, 15, value->path);
    coax_check_prefix(why, 15, value->path, coax_str_from("/"));
    coax_check_suffix(why, 15, value->path, coax_str_from(".txt"));
    coax_check_str(why, 16, value->id);
    coax_check_format(why, 16, value->id, COAX_FORMAT_UUID);
    coax_check_str(why, 17, value->host);
    coax_check_format(why, 17, value->host, COAX_FORMAT_HOSTNAME);
    coax_check_bytes(why, 18, value->digest);
    coax_check_len(why, 18, value->digest.len, 32, 32);
    coax_check_range_i64(why, 19, (int64_t)value->shade, 0, UINT8_MAX);
    coax_check_in_u64(why, 19, (uint64_t)value->shade, acme_sink_constraints_set4, 2, true);
    coax_check_in_f64(why, 20, value->weight, acme_sink_constraints_set5, 2, true);
    coax_check_range_u64(why, 21, value->large, 1u, UINT64_C(18446744073709551615));
    if (value->maybe.data != NULL) {
        coax_check_utf8(why, 22, value->maybe);
        coax_check_len(why, 22, value->maybe.len, 0, 5);
    }
    if (value->has_chosen) {
        coax_check_range_u64(why, 23, value->chosen, 10u, 20u);
    }
    coax_check_map_keys(why, 24, &acme_sink_str_i32_map_type, value->scores.items,
                        value->scores.count);
    coax_check_at(why, 24);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->scores.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_str(why, 0, value->scores.items[i].key);
        coax_check_len(why, 0, value->scores.items[i].key.len, 1, 4);
        coax_check_range_i64(why, 0, value->scores.items[i].value, 0, 9);
    }
    coax_check_items_end(why);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_constraints)

static const coax_field acme_sink_constraints_fields[] = {
    COAX_FIELD(1, acme_sink_constraints, whole, "whole", coax_type_u32, 0, "@range(1..10)", NULL),
    COAX_FIELD(2, acme_sink_constraints, below, "below", coax_type_i64, 0, "@range(..-1)", NULL),
    COAX_FIELD(3, acme_sink_constraints, open, "open", coax_type_f64, 0, "@range(0..<1)", NULL),
    COAX_FIELD(4, acme_sink_constraints, share, "share", coax_type_f64, 0, "@range(0..100) @finite",
               NULL),
    COAX_FIELD(5, acme_sink_constraints, one_of_three, "one_of_three", coax_type_u8, 0,
               "@in(1, 2, 3)", NULL),
    COAX_FIELD(6, acme_sink_constraints, never, "never", coax_type_i32, 0, "@not_in(0, -1)", NULL),
    COAX_FIELD(7, acme_sink_constraints, word, "word", coax_type_string, 0, "@in(\"yes\", \"no\")",
               NULL),
    COAX_FIELD(8, acme_sink_constraints, even, "even", coax_type_u32, 0, "@multiple_of(2)", NULL),
    COAX_FIELD(9, acme_sink_constraints, third, "third", coax_type_i64, 0, "@multiple_of(3)", NULL),
    COAX_FIELD(10, acme_sink_constraints, short_text, "short_text", coax_type_string, 0,
               "@len(1..8)", NULL),
    COAX_FIELD(11, acme_sink_constraints, letters, "letters", coax_type_string, 0, "@chars(2..4)",
               NULL),
    COAX_FIELD(12, acme_sink_constraints, plain, "plain", coax_type_string, 0, "@ascii", NULL),
    COAX_FIELD(13, acme_sink_constraints, from, "from", coax_type_string, 0,
               "@pattern(\"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}\")", NULL),
    COAX_FIELD(14, acme_sink_constraints, to, "to", coax_type_string, 0,
               "@pattern(\"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}\")", NULL),
    COAX_FIELD(15, acme_sink_constraints, path, "path", coax_type_string, 0,
               "@prefix(\"/\") @suffix(\".txt\")", NULL),
    COAX_FIELD(16, acme_sink_constraints, id, "id", coax_type_string, 0, "@format(uuid)", NULL),
    COAX_FIELD(17, acme_sink_constraints, host, "host", coax_type_string, 0, "@format(hostname)",
               NULL),
    COAX_FIELD(18, acme_sink_constraints, digest, "digest", coax_type_bytes, 0, "@len(32)", NULL),
    COAX_FIELD(19, acme_sink_constraints, shade, "shade", acme_sink_color_type, 0,
               "@in(red, green)", NULL),
    COAX_FIELD(20, acme_sink_constraints, weight, "weight", coax_type_f32, 0, "@in(0.5, 1.5)",
               NULL),
    COAX_FIELD(21, acme_sink_constraints, large, "large", coax_type_u64, 0,
               "@range(1..18446744073709551615)", NULL),
    COAX_FIELD_NULLABLE(22, acme_sink_constraints, maybe, "maybe", coax_type_string, 0, "@len(..5)",
                        NULL),
    COAX_FIELD_FLAGGED(23, acme_sink_constraints, chosen, has_chosen, "chosen", coax_type_u16, 0,
                       "@range(10..20)", NULL),
    COAX_FIELD(24, acme_sink_constraints, scores, "scores", acme_sink_str_i32_map_type, 0,
               "key @len(1..4) value @range(0..9)", NULL),
};
/* clang-format off */
static const uint16_t acme_sink_constraints_ids[] = {
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24
};
/* clang-format on */
static const uint64_t acme_sink_constraints_optional[] = { UINT64_C(0x600000) };
COAX_STRUCT_TYPE(acme_sink_constraints, "acme.sink.Constraints", 24, "Each constraint once.");

static const acme_sink_rules acme_sink_rules_initial = ACME_SINK_RULES_INIT;

void acme_sink_rules_init(acme_sink_rules *ret)
{
    *ret = acme_sink_rules_initial;
}

void acme_sink_rules_encode(coax_writer *out, const acme_sink_rules *value)
{
    uint32_t count = 9;
    count += value->has_limit ? 1u : 0u;
    count += value->nick.data != NULL ? 1u : 0u;
    count += value->inner != NULL ? 1u : 0u;
    count += value->has_strict ? 1u : 0u;
    coax_write_map(out, count);
    coax_write_u32_field(out, 1, value->low);
    coax_write_u32_field(out, 2, value->high);
    if (value->has_limit)
        coax_write_i64_field(out, 3, value->limit);
    coax_write_str_field(out, 4, value->name);
    if (value->nick.data != NULL)
        coax_write_str_field(out, 5, value->nick);
    coax_write_u8_field(out, 6, (uint8_t)value->color);
    if (value->inner != NULL) {
        coax_write_key(out, 7);
        acme_sink_optionals_encode(out, value->inner);
    }
    coax_write_f64_field(out, 8, value->ratio);
    coax_write_u32_list_field(out, 9, value->items);
    coax_write_i64_field(out, 10, value->delta);
    if (value->has_strict)
        coax_write_bool_field(out, 11, value->strict);
    coax_write_timestamp_field(out, 12, value->starts);
    coax_write_timestamp_field(out, 13, value->ends);
}

void acme_sink_rules_decode(coax_reader *in, acme_sink_rules *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_rules_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->low = coax_read_u32(in); break;
        case 2: ret->high = coax_read_u32(in); break;
        case 3:
            ret->has_limit = true;
            ret->limit = coax_read_i64(in);
            break;
        case 4: ret->name = coax_read_str(in); break;
        case 5: ret->nick = coax_read_str(in); break;
        case 6: ret->color = (acme_sink_color)coax_read_u8(in); break;
        case 7: ret->inner = acme_sink_optionals_read(in); break;
        case 8: ret->ratio = coax_read_f64(in); break;
        case 9: ret->items = coax_read_u32_list(in); break;
        case 10: ret->delta = coax_read_i64(in); break;
        case 11:
            ret->has_strict = true;
            ret->strict = coax_read_bool(in);
            break;
        case 12: ret->starts = coax_read_timestamp(in); break;
        case 13: ret->ends = coax_read_timestamp(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1babu);
}

static void acme_sink_rules_rule2(const acme_sink_rules *value, coax_violations *why)
{
    uint64_t n1 = 0;
    if (!coax_rule_add_u64((uint64_t)value->low, (uint64_t)value->high, &n1)) {
        coax_check_rule_overflow(why, 0, "low + high < 1000");
        return;
    }
    coax_check_rule(why, 0, n1 < 1000u, "low + high < 1000", "together at most 1000");
}

static void acme_sink_rules_rule3(const acme_sink_rules *value, coax_violations *why)
{
    static const coax_str text1 = { "free", 4 };
    /* clang-format off */
    coax_check_rule(
        why, 0,
        (!value->has_limit || value->limit > 5) || (coax_rule_compare_str(value->name, text1) == 0),
        "limit > 5 || name == \"free\"", "needs a limit");
    /* clang-format on */
}

static void acme_sink_rules_rule7(const acme_sink_rules *value, coax_violations *why)
{
    uint64_t n1 = 0;
    if (!coax_rule_mul_u64((uint64_t)value->items.count, 2u, &n1)) {
        coax_check_rule_overflow(why, 0, "len(items) * 2 <= 64 && ratio * 2.0 < 10.0");
        return;
    }
    coax_check_rule(why, 0, (n1 <= 64u) && ((value->ratio * 2.0) < 10.0),
                    "len(items) * 2 <= 64 && ratio * 2.0 < 10.0", "too much");
}

static void acme_sink_rules_rule8(const acme_sink_rules *value, coax_violations *why)
{
    int64_t n1 = 0;
    if (!coax_rule_sub_i64(value->delta, 1, &n1)) {
        coax_check_rule_overflow(why, 0, "!(delta - 1 > 100)");
        return;
    }
    coax_check_rule(why, 0, !(n1 > 100), "!(delta - 1 > 100)", "delta too large");
}

bool acme_sink_rules_check(const acme_sink_rules *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_rules_type);
    coax_check_str(why, 4, value->name);
    if (value->nick.data != NULL) {
        coax_check_utf8(why, 5, value->nick);
    }
    coax_check_range_i64(why, 6, (int64_t)value->color, 0, UINT8_MAX);
    if (value->inner != NULL) {
        coax_check_at(why, 7);
        acme_sink_optionals_check(value->inner, why);
    }
    coax_check_timestamp(why, 12, value->starts);
    coax_check_timestamp(why, 13, value->ends);
    coax_check_rule(why, 0, (uint64_t)value->low <= (uint64_t)value->high, "low <= high",
                    "low is above high");
    acme_sink_rules_rule2(value, why);
    acme_sink_rules_rule3(value, why);
    /* clang-format off */
    coax_check_rule(
        why, 0,
        ((value->nick.data != NULL) && (value->nick.data == NULL || (uint64_t)value->nick.len > 2u)) || !(value->nick.data != NULL),
        "has(nick) && len(nick) > 2 || !has(nick)", "nick too short");
    /* clang-format on */
    coax_check_rule(why, 0, (uint64_t)value->color != 1u, "color != red", "anything but red");
    coax_check_rule(why, 0,
                    value->inner == NULL || !value->inner->has_total || value->inner->total > 3u,
                    "inner.total > 3", "inner total too small");
    acme_sink_rules_rule7(value, why);
    acme_sink_rules_rule8(value, why);
    coax_check_rule(why, 0, !(value->has_strict && value->strict) || ((uint64_t)value->low == 0u),
                    "!strict || low == 0", "strict wants zero");
    /* clang-format off */
    coax_check_rule(
        why, 0, value->nick.data == NULL || coax_rule_compare_str(value->name, value->nick) != 0,
        "name != nick", "nick is the name");
    /* clang-format on */
    coax_check_rule(why, 0, coax_rule_compare_timestamp(value->starts, value->ends) <= 0,
                    "starts <= ends", "ends before it starts");
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_rules)

static const coax_field acme_sink_rules_fields[] = {
    COAX_FIELD(1, acme_sink_rules, low, "low", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(2, acme_sink_rules, high, "high", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(3, acme_sink_rules, limit, has_limit, "limit", coax_type_i64, 0, NULL, NULL),
    COAX_FIELD(4, acme_sink_rules, name, "name", coax_type_string, 0, NULL, NULL),
    COAX_FIELD_NULLABLE(5, acme_sink_rules, nick, "nick", coax_type_string, 0, NULL, NULL),
    COAX_FIELD(6, acme_sink_rules, color, "color", acme_sink_color_type, 0, NULL, NULL),
    COAX_FIELD_BEHIND(7, acme_sink_rules, inner, "inner", acme_sink_optionals_type, 0, NULL, NULL),
    COAX_FIELD(8, acme_sink_rules, ratio, "ratio", coax_type_f64, 0, NULL, NULL),
    COAX_FIELD(9, acme_sink_rules, items, "items", acme_sink_u32_list_type, 0, NULL, NULL),
    COAX_FIELD(10, acme_sink_rules, delta, "delta", coax_type_i64, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(11, acme_sink_rules, strict, has_strict, "strict", coax_type_bool, 0, NULL,
                       NULL),
    COAX_FIELD(12, acme_sink_rules, starts, "starts", coax_type_timestamp, 0, NULL, NULL),
    COAX_FIELD(13, acme_sink_rules, ends, "ends", coax_type_timestamp, 0, NULL, NULL),
};
/* clang-format off */
static const uint16_t acme_sink_rules_ids[] = {
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    13
};
/* clang-format on */
static const uint64_t acme_sink_rules_optional[] = { UINT64_C(0x454) };
COAX_STRUCT_TYPE(acme_sink_rules, "acme.sink.Rules", 13, "Rules over several fields.");

static const acme_sink_choice acme_sink_choice_initial = ACME_SINK_CHOICE_INIT;

void acme_sink_choice_init(acme_sink_choice *ret)
{
    *ret = acme_sink_choice_initial;
}

void acme_sink_choice_encode(coax_writer *out, const acme_sink_choice *value)
{
    uint32_t count = 0;
    count += value->left.data != NULL ? 1u : 0u;
    count += value->has_right ? 1u : 0u;
    count += value->other != NULL ? 1u : 0u;
    count += value->has_sure ? 1u : 0u;
    coax_write_map(out, count);
    if (value->left.data != NULL)
        coax_write_str_field(out, 1, value->left);
    if (value->has_right)
        coax_write_u32_field(out, 2, value->right);
    if (value->other != NULL) {
        coax_write_key(out, 3);
        acme_sink_scalars_encode(out, value->other);
    }
    if (value->has_sure)
        coax_write_bool_field(out, 4, value->sure);
}

void acme_sink_choice_decode(coax_reader *in, acme_sink_choice *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_choice_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->left = coax_read_str(in); break;
        case 2:
            ret->has_right = true;
            ret->right = coax_read_u32(in);
            break;
        case 3: ret->other = acme_sink_scalars_read(in); break;
        case 4:
            ret->has_sure = true;
            ret->sure = coax_read_bool(in);
            break;
        default: coax_skip_field(in); break;
        }
    }
}

bool acme_sink_choice_check(const acme_sink_choice *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_choice_type);
    if (value->left.data != NULL) {
        coax_check_utf8(why, 1, value->left);
    }
    if (value->other != NULL) {
        coax_check_at(why, 3);
        acme_sink_scalars_check(value->other, why);
    }
    coax_check_exactly_one(why, (value->left.data != NULL ? 1u : 0u) + (value->has_right ? 1u : 0u),
                           "left, right");
    coax_check_at_most_one(why, (value->has_right ? 1u : 0u) + (value->other != NULL ? 1u : 0u),
                           "right, other");
    coax_check_requires(why, value->other != NULL, value->has_sure, "other, sure");
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_choice)

static const coax_field acme_sink_choice_fields[] = {
    COAX_FIELD_NULLABLE(1, acme_sink_choice, left, "left", coax_type_string, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(2, acme_sink_choice, right, has_right, "right", coax_type_u32, 0, NULL,
                       NULL),
    COAX_FIELD_BEHIND(3, acme_sink_choice, other, "other", acme_sink_scalars_type, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(4, acme_sink_choice, sure, has_sure, "sure", coax_type_bool, 0, NULL, NULL),
};
static const uint16_t acme_sink_choice_ids[] = { 1, 2, 3, 4 };
static const uint64_t acme_sink_choice_optional[] = { UINT64_C(0xf) };
COAX_STRUCT_TYPE(acme_sink_choice, "acme.sink.Choice", 4, "Presence rules.");

static const acme_sink_many acme_sink_many_initial = ACME_SINK_MANY_INIT;

void acme_sink_many_init(acme_sink_many *ret)
{
    *ret = acme_sink_many_initial;
}

void acme_sink_many_encode(coax_writer *out, const acme_sink_many *value)
{
    uint32_t count = 46;
    count += value->has_f0 ? 1u : 0u;
    count += value->has_f3 ? 1u : 0u;
    count += value->has_f6 ? 1u : 0u;
    count += value->has_f9 ? 1u : 0u;
    count += value->has_f12 ? 1u : 0u;
    count += value->has_f15 ? 1u : 0u;
    count += value->has_f18 ? 1u : 0u;
    count += value->has_f21 ? 1u : 0u;
    count += value->has_f24 ? 1u : 0u;
    count += value->has_f27 ? 1u : 0u;
    count += value->has_f30 ? 1u : 0u;
    count += value->has_f33 ? 1u : 0u;
    count += value->has_f36 ? 1u : 0u;
    count += value->has_f39 ? 1u : 0u;
    count += value->has_f42 ? 1u : 0u;
    count += value->has_f45 ? 1u : 0u;
    count += value->has_f48 ? 1u : 0u;
    count += value->has_f51 ? 1u : 0u;
    count += value->has_f54 ? 1u : 0u;
    count += value->has_f57 ? 1u : 0u;
    count += value->has_f60 ? 1u : 0u;
    count += value->has_f63 ? 1u : 0u;
    count += value->has_f66 ? 1u : 0u;
    count += value->has_f69 ? 1u : 0u;
    coax_write_map(out, count);
    if (value->has_f0)
        coax_write_i16_field(out, 1, value->f0);
    coax_write_u32_field(out, 4, value->f1);
    coax_write_u32_field(out, 7, value->f2);
    if (value->has_f3)
        coax_write_i16_field(out, 10, value->f3);
    coax_write_u32_field(out, 13, value->f4);
    coax_write_u32_field(out, 16, value->f5);
    if (value->has_f6)
        coax_write_i16_field(out, 19, value->f6);
    coax_write_u32_field(out, 22, value->f7);
    coax_write_u32_field(out, 25, value->f8);
    if (value->has_f9)
        coax_write_i16_field(out, 28, value->f9);
    coax_write_u32_field(out, 31, value->f10);
    coax_write_u32_field(out, 34, value->f11);
    if (value->has_f12)
        coax_write_i16_field(out, 37, value->f12);
    coax_write_u32_field(out, 40, value->f13);
    coax_write_u32_field(out, 43, value->f14);
    if (value->has_f15)
        coax_write_i16_field(out, 46, value->f15);
    coax_write_u32_field(out, 49, value->f16);
    coax_write_u32_field(out, 52, value->f17);
    if (value->has_f18)
        coax_write_i16_field(out, 55, value->f18);
    coax_write_u32_field(out, 58, value->f19);
    coax_write_u32_field(out, 61, value->f20);
    if (value->has_f21)
        coax_write_i16_field(out, 64, value->f21);
    coax_write_u32_field(out, 67, value->f22);
    coax_write_u32_field(out, 70, value->f23);
    if (value->has_f24)
        coax_write_i16_field(out, 73, value->f24);
    coax_write_u32_field(out, 76, value->f25);
    coax_write_u32_field(out, 79, value->f26);
    if (value->has_f27)
        coax_write_i16_field(out, 82, value->f27);
    coax_write_u32_field(out, 85, value->f28);
    coax_write_u32_field(out, 88, value->f29);
    if (value->has_f30)
        coax_write_i16_field(out, 91, value->f30);
    coax_write_u32_field(out, 94, value->f31);
    coax_write_u32_field(out, 97, value->f32);
    if (value->has_f33)
        coax_write_i16_field(out, 100, value->f33);
    coax_write_u32_field(out, 103, value->f34);
    coax_write_u32_field(out, 106, value->f35);
    if (value->has_f36)
        coax_write_i16_field(out, 109, value->f36);
    coax_write_u32_field(out, 112, value->f37);
    coax_write_u32_field(out, 115, value->f38);
    if (value->has_f39)
        coax_write_i16_field(out, 118, value->f39);
    coax_write_u32_field(out, 121, value->f40);
    coax_write_u32_field(out, 124, value->f41);
    if (value->has_f42)
        coax_write_i16_field(out, 127, value->f42);
    coax_write_u32_field(out, 130, value->f43);
    coax_write_u32_field(out, 133, value->f44);
    if (value->has_f45)
        coax_write_i16_field(out, 136, value->f45);
    coax_write_u32_field(out, 139, value->f46);
    coax_write_u32_field(out, 142, value->f47);
    if (value->has_f48)
        coax_write_i16_field(out, 145, value->f48);
    coax_write_u32_field(out, 148, value->f49);
    coax_write_u32_field(out, 151, value->f50);
    if (value->has_f51)
        coax_write_i16_field(out, 154, value->f51);
    coax_write_u32_field(out, 157, value->f52);
    coax_write_u32_field(out, 160, value->f53);
    if (value->has_f54)
        coax_write_i16_field(out, 163, value->f54);
    coax_write_u32_field(out, 166, value->f55);
    coax_write_u32_field(out, 169, value->f56);
    if (value->has_f57)
        coax_write_i16_field(out, 172, value->f57);
    coax_write_u32_field(out, 175, value->f58);
    coax_write_u32_field(out, 178, value->f59);
    if (value->has_f60)
        coax_write_i16_field(out, 181, value->f60);
    coax_write_u32_field(out, 184, value->f61);
    coax_write_u32_field(out, 187, value->f62);
    if (value->has_f63)
        coax_write_i16_field(out, 190, value->f63);
    coax_write_u32_field(out, 193, value->f64);
    coax_write_u32_field(out, 196, value->f65);
    if (value->has_f66)
        coax_write_i16_field(out, 199, value->f66);
    coax_write_u32_field(out, 202, value->f67);
    coax_write_u32_field(out, 205, value->f68);
    if (value->has_f69)
        coax_write_i16_field(out, 208, value->f69);
}

void acme_sink_many_decode(coax_reader *in, acme_sink_many *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_many_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1:
            ret->has_f0 = true;
            ret->f0 = coax_read_i16(in);
            break;
        case 4: ret->f1 = coax_read_u32(in); break;
        case 7: ret->f2 = coax_read_u32(in); break;
        case 10:
            ret->has_f3 = true;
            ret->f3 = coax_read_i16(in);
            break;
        case 13: ret->f4 = coax_read_u32(in); break;
        case 16: ret->f5 = coax_read_u32(in); break;
        case 19:
            ret->has_f6 = true;
            ret->f6 = coax_read_i16(in);
            break;
        case 22: ret->f7 = coax_read_u32(in); break;
        case 25: ret->f8 = coax_read_u32(in); break;
        case 28:
            ret->has_f9 = true;
            ret->f9 = coax_read_i16(in);
            break;
        case 31: ret->f10 = coax_read_u32(in); break;
        case 34: ret->f11 = coax_read_u32(in); break;
        case 37:
            ret->has_f12 = true;
            ret->f12 = coax_read_i16(in);
            break;
        case 40: ret->f13 = coax_read_u32(in); break;
        case 43: ret->f14 = coax_read_u32(in); break;
        case 46:
            ret->has_f15 = true;
            ret->f15 = coax_read_i16(in);
            break;
        case 49: ret->f16 = coax_read_u32(in); break;
        case 52: ret->f17 = coax_read_u32(in); break;
        case 55:
            ret->has_f18 = true;
            ret->f18 = coax_read_i16(in);
            break;
        case 58: ret->f19 = coax_read_u32(in); break;
        case 61: ret->f20 = coax_read_u32(in); break;
        case 64:
            ret->has_f21 = true;
            ret->f21 = coax_read_i16(in);
            break;
        case 67: ret->f22 = coax_read_u32(in); break;
        case 70: ret->f23 = coax_read_u32(in); break;
        case 73:
            ret->has_f24 = true;
            ret->f24 = coax_read_i16(in);
            break;
        case 76: ret->f25 = coax_read_u32(in); break;
        case 79: ret->f26 = coax_read_u32(in); break;
        case 82:
            ret->has_f27 = true;
            ret->f27 = coax_read_i16(in);
            break;
        case 85: ret->f28 = coax_read_u32(in); break;
        case 88: ret->f29 = coax_read_u32(in); break;
        case 91:
            ret->has_f30 = true;
            ret->f30 = coax_read_i16(in);
            break;
        case 94: ret->f31 = coax_read_u32(in); break;
        case 97: ret->f32 = coax_read_u32(in); break;
        case 100:
            ret->has_f33 = true;
            ret->f33 = coax_read_i16(in);
            break;
        case 103: ret->f34 = coax_read_u32(in); break;
        case 106: ret->f35 = coax_read_u32(in); break;
        case 109:
            ret->has_f36 = true;
            ret->f36 = coax_read_i16(in);
            break;
        case 112: ret->f37 = coax_read_u32(in); break;
        case 115: ret->f38 = coax_read_u32(in); break;
        case 118:
            ret->has_f39 = true;
            ret->f39 = coax_read_i16(in);
            break;
        case 121: ret->f40 = coax_read_u32(in); break;
        case 124: ret->f41 = coax_read_u32(in); break;
        case 127:
            ret->has_f42 = true;
            ret->f42 = coax_read_i16(in);
            break;
        case 130: ret->f43 = coax_read_u32(in); break;
        case 133: ret->f44 = coax_read_u32(in); break;
        case 136:
            ret->has_f45 = true;
            ret->f45 = coax_read_i16(in);
            break;
        case 139: ret->f46 = coax_read_u32(in); break;
        case 142: ret->f47 = coax_read_u32(in); break;
        case 145:
            ret->has_f48 = true;
            ret->f48 = coax_read_i16(in);
            break;
        case 148: ret->f49 = coax_read_u32(in); break;
        case 151: ret->f50 = coax_read_u32(in); break;
        case 154:
            ret->has_f51 = true;
            ret->f51 = coax_read_i16(in);
            break;
        case 157: ret->f52 = coax_read_u32(in); break;
        case 160: ret->f53 = coax_read_u32(in); break;
        case 163:
            ret->has_f54 = true;
            ret->f54 = coax_read_i16(in);
            break;
        case 166: ret->f55 = coax_read_u32(in); break;
        case 169: ret->f56 = coax_read_u32(in); break;
        case 172:
            ret->has_f57 = true;
            ret->f57 = coax_read_i16(in);
            break;
        case 175: ret->f58 = coax_read_u32(in); break;
        case 178: ret->f59 = coax_read_u32(in); break;
        case 181:
            ret->has_f60 = true;
            ret->f60 = coax_read_i16(in);
            break;
        case 184: ret->f61 = coax_read_u32(in); break;
        case 187: ret->f62 = coax_read_u32(in); break;
        case 190:
            ret->has_f63 = true;
            ret->f63 = coax_read_i16(in);
            break;
        case 193: ret->f64 = coax_read_u32(in); break;
        case 196: ret->f65 = coax_read_u32(in); break;
        case 199:
            ret->has_f66 = true;
            ret->f66 = coax_read_i16(in);
            break;
        case 202: ret->f67 = coax_read_u32(in); break;
        case 205: ret->f68 = coax_read_u32(in); break;
        case 208:
            ret->has_f69 = true;
            ret->f69 = coax_read_i16(in);
            break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, UINT64_C(0x6db6db6db6db6db6));
    coax_require_fields(in, &scope, 1, 0x1bu);
}

bool acme_sink_many_check(const acme_sink_many *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_sink_many_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_many)

static const coax_field acme_sink_many_fields[] = {
    COAX_FIELD_FLAGGED(1, acme_sink_many, f0, has_f0, "f0", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(4, acme_sink_many, f1, "f1", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(7, acme_sink_many, f2, "f2", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(10, acme_sink_many, f3, has_f3, "f3", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(13, acme_sink_many, f4, "f4", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(16, acme_sink_many, f5, "f5", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(19, acme_sink_many, f6, has_f6, "f6", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(22, acme_sink_many, f7, "f7", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(25, acme_sink_many, f8, "f8", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(28, acme_sink_many, f9, has_f9, "f9", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(31, acme_sink_many, f10, "f10", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(34, acme_sink_many, f11, "f11", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(37, acme_sink_many, f12, has_f12, "f12", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(40, acme_sink_many, f13, "f13", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(43, acme_sink_many, f14, "f14", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(46, acme_sink_many, f15, has_f15, "f15", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(49, acme_sink_many, f16, "f16", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(52, acme_sink_many, f17, "f17", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(55, acme_sink_many, f18, has_f18, "f18", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(58, acme_sink_many, f19, "f19", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(61, acme_sink_many, f20, "f20", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(64, acme_sink_many, f21, has_f21, "f21", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(67, acme_sink_many, f22, "f22", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(70, acme_sink_many, f23, "f23", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(73, acme_sink_many, f24, has_f24, "f24", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(76, acme_sink_many, f25, "f25", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(79, acme_sink_many, f26, "f26", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(82, acme_sink_many, f27, has_f27, "f27", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(85, acme_sink_many, f28, "f28", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(88, acme_sink_many, f29, "f29", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(91, acme_sink_many, f30, has_f30, "f30", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(94, acme_sink_many, f31, "f31", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(97, acme_sink_many, f32, "f32", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(100, acme_sink_many, f33, has_f33, "f33", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(103, acme_sink_many, f34, "f34", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(106, acme_sink_many, f35, "f35", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(109, acme_sink_many, f36, has_f36, "f36", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(112, acme_sink_many, f37, "f37", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(115, acme_sink_many, f38, "f38", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(118, acme_sink_many, f39, has_f39, "f39", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(121, acme_sink_many, f40, "f40", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(124, acme_sink_many, f41, "f41", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(127, acme_sink_many, f42, has_f42, "f42", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(130, acme_sink_many, f43, "f43", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(133, acme_sink_many, f44, "f44", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(136, acme_sink_many, f45, has_f45, "f45", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(139, acme_sink_many, f46, "f46", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(142, acme_sink_many, f47, "f47", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(145, acme_sink_many, f48, has_f48, "f48", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(148, acme_sink_many, f49, "f49", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(151, acme_sink_many, f50, "f50", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(154, acme_sink_many, f51, has_f51, "f51", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(157, acme_sink_many, f52, "f52", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(160, acme_sink_many, f53, "f53", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(163, acme_sink_many, f54, has_f54, "f54", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(166, acme_sink_many, f55, "f55", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(169, acme_sink_many, f56, "f56", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(172, acme_sink_many, f57, has_f57, "f57", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(175, acme_sink_many, f58, "f58", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(178, acme_sink_many, f59, "f59", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(181, acme_sink_many, f60, has_f60, "f60", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(184, acme_sink_many, f61, "f61", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(187, acme_sink_many, f62, "f62", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(190, acme_sink_many, f63, has_f63, "f63", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(193, acme_sink_many, f64, "f64", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(196, acme_sink_many, f65, "f65", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(199, acme_sink_many, f66, has_f66, "f66", coax_type_i16, 0, NULL, NULL),
    COAX_FIELD(202, acme_sink_many, f67, "f67", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD(205, acme_sink_many, f68, "f68", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(208, acme_sink_many, f69, has_f69, "f69", coax_type_i16, 0, NULL, NULL),
};
/* clang-format off */
static const uint16_t acme_sink_many_ids[] = {
    1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 34,
    37, 40, 43, 46, 49, 52, 55, 58, 61, 64, 67, 70,
    73, 76, 79, 82, 85, 88, 91, 94, 97, 100, 103, 106,
    109, 112, 115, 118, 121, 124, 127, 130, 133, 136, 139, 142,
    145, 148, 151, 154, 157, 160, 163, 166, 169, 172, 175, 178,
    181, 184, 187, 190, 193, 196, 199, 202, 205, 208
};
/* clang-format on */
static const uint64_t acme_sink_many_optional[] = {
    UINT64_C(0x9249249249249249),
    UINT64_C(0x24),
};
COAX_STRUCT_TYPE(acme_sink_many, "acme.sink.Many", 70,
                 "More fields than fit into one word of the reader's memory.");

static const acme_sink_nothing acme_sink_nothing_initial = ACME_SINK_NOTHING_INIT;

void acme_sink_nothing_init(acme_sink_nothing *ret)
{
    *ret = acme_sink_nothing_initial;
}

void acme_sink_nothing_encode(coax_writer *out, const acme_sink_nothing *value)
{
    (void)value;
    coax_write_map(out, 0);
}

void acme_sink_nothing_decode(coax_reader *in, acme_sink_nothing *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_nothing_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        default: coax_skip_field(in); break;
        }
    }
}

bool acme_sink_nothing_check(const acme_sink_nothing *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_sink_nothing_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_nothing)

COAX_EMPTY_STRUCT_TYPE(acme_sink_nothing, "acme.sink.Nothing", "Nothing at all.");

static const acme_sink_node acme_sink_node_initial = ACME_SINK_NODE_INIT;

void acme_sink_node_init(acme_sink_node *ret)
{
    *ret = acme_sink_node_initial;
}

void acme_sink_node_encode(coax_writer *out, const acme_sink_node *value)
{
    uint32_t count = 3;
    count += value->next != NULL ? 1u : 0u;
    count += value->tree != NULL ? 1u : 0u;
    coax_write_map(out, count);
    coax_write_str_field(out, 1, value->name);
    if (value->next != NULL) {
        coax_write_key(out, 2);
        acme_sink_node_encode(out, value->next);
    }
    coax_write_key(out, 3);
    acme_sink_node_list_write(out, value->children);
    coax_write_key(out, 4);
    acme_sink_str_node_map_write(out, value->named);
    if (value->tree != NULL) {
        coax_write_key(out, 5);
        acme_sink_tree_encode(out, value->tree);
    }
}

void acme_sink_node_decode(coax_reader *in, acme_sink_node *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_node_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->name = coax_read_str(in); break;
        case 2: ret->next = acme_sink_node_read(in); break;
        case 3: ret->children = acme_sink_node_list_read(in); break;
        case 4: ret->named = acme_sink_str_node_map_read(in); break;
        case 5: ret->tree = acme_sink_tree_read(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0xdu);
}

bool acme_sink_node_check(const acme_sink_node *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_node_type);
    if (coax_check_done(why))
        return coax_check_end(why, scope);
    coax_check_str(why, 1, value->name);
    if (value->next != NULL) {
        coax_check_at(why, 2);
        acme_sink_node_check(value->next, why);
    }
    coax_check_at(why, 3);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->children.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        acme_sink_node_check(&value->children.items[i], why);
    }
    coax_check_items_end(why);
    coax_check_map_keys(why, 4, &acme_sink_str_node_map_type, value->named.items,
                        value->named.count);
    coax_check_at(why, 4);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->named.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_str(why, 0, value->named.items[i].key);
        acme_sink_node_check(&value->named.items[i].value, why);
    }
    coax_check_items_end(why);
    if (value->tree != NULL) {
        coax_check_at(why, 5);
        acme_sink_tree_check(value->tree, why);
    }
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_node)

static const coax_field acme_sink_node_fields[] = {
    COAX_FIELD(1, acme_sink_node, name, "name", coax_type_string, 0, NULL, NULL),
    COAX_FIELD_BEHIND(2, acme_sink_node, next, "next", acme_sink_node_type, 0, NULL, NULL),
    COAX_FIELD(3, acme_sink_node, children, "children", acme_sink_node_list_type, 0, NULL, NULL),
    COAX_FIELD(4, acme_sink_node, named, "named", acme_sink_str_node_map_type, 0, NULL, NULL),
    COAX_FIELD_BEHIND(5, acme_sink_node, tree, "tree", acme_sink_tree_type, 0, NULL, NULL),
};
static const uint16_t acme_sink_node_ids[] = { 1, 2, 3, 4, 5 };
static const uint64_t acme_sink_node_optional[] = { UINT64_C(0x12) };
COAX_STRUCT_TYPE(acme_sink_node, "acme.sink.Node", 5,
                 "Recursion through everything that allows it.");

static const acme_sink_tree acme_sink_tree_initial = ACME_SINK_TREE_INIT;

void acme_sink_tree_init(acme_sink_tree *ret)
{
    *ret = acme_sink_tree_initial;
}

void acme_sink_tree_encode(coax_writer *out, const acme_sink_tree *value)
{
    coax_write_map(out, 1);
    switch (value->kind) {
    case ACME_SINK_TREE_NODE:
        coax_write_key(out, 1);
        if (value->as.node != NULL)
            acme_sink_node_encode(out, value->as.node);
        else
            coax_writer_fail(out, COAX_ERR_INVALID_ARGUMENT);
        break;
    case ACME_SINK_TREE_LEAF: coax_write_u32_field(out, 2, value->as.leaf); break;
    case ACME_SINK_TREE_DEEPER:
        coax_write_key(out, 3);
        if (value->as.deeper != NULL)
            acme_sink_tree_encode(out, value->as.deeper);
        else
            coax_writer_fail(out, COAX_ERR_INVALID_ARGUMENT);
        break;
    default: coax_writer_fail(out, COAX_ERR_INVALID_ARGUMENT); break;
    }
}

void acme_sink_tree_decode(coax_reader *in, acme_sink_tree *ret)
{
    coax_struct_scope scope;
    *ret = acme_sink_tree_initial;
    uint32_t id = coax_read_union(in, &scope, &acme_sink_tree_type);
    switch (id) {
    case 1: ret->as.node = acme_sink_node_read(in); break;
    case 2: ret->as.leaf = coax_read_u32(in); break;
    case 3: ret->as.deeper = acme_sink_tree_read(in); break;
    default: coax_read_unknown_variant(in, &acme_sink_tree_type); break;
    }
    ret->kind = (acme_sink_tree_kind)id;
    coax_union_done(in, &scope);
}

bool acme_sink_tree_check(const acme_sink_tree *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_tree_type);
    if (coax_check_done(why))
        return coax_check_end(why, scope);
    bool has_value = true;
    switch (value->kind) {
    case ACME_SINK_TREE_NODE:
        has_value = value->as.node != NULL;
        if (has_value) {
            coax_check_at(why, 1);
            acme_sink_node_check(value->as.node, why);
        }
        break;
    case ACME_SINK_TREE_LEAF: break;
    case ACME_SINK_TREE_DEEPER:
        has_value = value->as.deeper != NULL;
        if (has_value) {
            coax_check_at(why, 3);
            acme_sink_tree_check(value->as.deeper, why);
        }
        break;
    default: has_value = false; break;
    }
    coax_check_variant(why, &acme_sink_tree_type, (uint32_t)value->kind, has_value);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_tree)

static const coax_field acme_sink_tree_fields[] = {
    COAX_VARIANT_BEHIND(1, acme_sink_tree, "node", acme_sink_node_type, 0, NULL, NULL),
    COAX_VARIANT(2, acme_sink_tree, "leaf", coax_type_u32, 0, NULL, NULL),
    COAX_VARIANT_BEHIND(3, acme_sink_tree, "deeper", acme_sink_tree_type, 0, NULL, NULL),
};
static const uint16_t acme_sink_tree_ids[] = { 1, 2, 3 };
static const uint64_t acme_sink_tree_optional[] = { 0 };
COAX_UNION_TYPE(acme_sink_tree, "acme.sink.Tree", true, 3, NULL);

static const acme_sink_receipt acme_sink_receipt_initial = ACME_SINK_RECEIPT_INIT;

void acme_sink_receipt_init(acme_sink_receipt *ret)
{
    *ret = acme_sink_receipt_initial;
}

void acme_sink_receipt_encode(coax_writer *out, const acme_sink_receipt *value)
{
    coax_write_map(out, 1);
    switch (value->kind) {
    case ACME_SINK_RECEIPT_SETTLED:
        coax_write_key(out, 1);
        if (value->as.settled != NULL)
            acme_sink_scalars_encode(out, value->as.settled);
        else
            coax_writer_fail(out, COAX_ERR_INVALID_ARGUMENT);
        break;
    case ACME_SINK_RECEIPT_PENDING: coax_write_str_field(out, 2, value->as.pending); break;
    case ACME_SINK_RECEIPT_NUMBERS: coax_write_u32_list_field(out, 3, value->as.numbers); break;
    case ACME_SINK_RECEIPT_REFUND:
        coax_write_key(out, 4);
        if (value->as.refund != NULL)
            sink_common_money_encode(out, value->as.refund);
        else
            coax_writer_fail(out, COAX_ERR_INVALID_ARGUMENT);
        break;
    case ACME_SINK_RECEIPT_CODE: coax_write_fixed_field(out, 5, value->as.code, 4); break;
    case ACME_SINK_RECEIPT_COLOR: coax_write_u8_field(out, 6, (uint8_t)value->as.color); break;
    case ACME_SINK_RECEIPT_COUNTS:
        coax_write_key(out, 7);
        acme_sink_str_u32_map_write(out, value->as.counts);
        break;
    case ACME_SINK_RECEIPT_UNKNOWN: coax_write_bool_field(out, 8, value->as.unknown_); break;
    default:
        if (value->kind == 0 || value->as.unknown.data == NULL)
            coax_writer_fail(out, COAX_ERR_INVALID_ARGUMENT);
        coax_write_any_field(out, (uint32_t)value->kind, value->as.unknown);
        break;
    }
}

void acme_sink_receipt_decode(coax_reader *in, acme_sink_receipt *ret)
{
    coax_struct_scope scope;
    *ret = acme_sink_receipt_initial;
    uint32_t id = coax_read_union(in, &scope, &acme_sink_receipt_type);
    switch (id) {
    case 1: ret->as.settled = acme_sink_scalars_read(in); break;
    case 2: ret->as.pending = coax_read_str(in); break;
    case 3: ret->as.numbers = coax_read_u32_list(in); break;
    case 4: ret->as.refund = sink_common_money_read(in); break;
    case 5: coax_read_fixed(in, ret->as.code, 4); break;
    case 6: ret->as.color = (acme_sink_color)coax_read_u8(in); break;
    case 7: ret->as.counts = acme_sink_str_u32_map_read(in); break;
    case 8: ret->as.unknown_ = coax_read_bool(in); break;
    default: ret->as.unknown = coax_read_unknown_variant(in, &acme_sink_receipt_type); break;
    }
    ret->kind = (acme_sink_receipt_kind)id;
    coax_union_done(in, &scope);
}

bool acme_sink_receipt_check(const acme_sink_receipt *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_receipt_type);
    bool has_value = true;
    switch (value->kind) {
    case ACME_SINK_RECEIPT_SETTLED:
        has_value = value->as.settled != NULL;
        if (has_value) {
            coax_check_at(why, 1);
            acme_sink_scalars_check(value->as.settled, why);
        }
        break;
    case ACME_SINK_RECEIPT_PENDING: coax_check_str(why, 2, value->as.pending); break;
    case ACME_SINK_RECEIPT_NUMBERS: break;
    case ACME_SINK_RECEIPT_REFUND:
        has_value = value->as.refund != NULL;
        if (has_value) {
            coax_check_at(why, 4);
            sink_common_money_check(value->as.refund, why);
        }
        break;
    case ACME_SINK_RECEIPT_CODE: break;
    case ACME_SINK_RECEIPT_COLOR:
        coax_check_range_i64(why, 6, (int64_t)value->as.color, 0, UINT8_MAX);
        break;
    case ACME_SINK_RECEIPT_COUNTS:
        coax_check_map_keys(why, 7, &acme_sink_str_u32_map_type, value->as.counts.items,
                            value->as.counts.count);
        coax_check_at(why, 7);
        coax_check_items_begin(why);
        for (size_t i = 0; i < value->as.counts.count && !coax_check_done(why); i++) {
            coax_check_item(why, i);
            coax_check_str(why, 0, value->as.counts.items[i].key);
        }
        coax_check_items_end(why);
        break;
    case ACME_SINK_RECEIPT_UNKNOWN: break;
    default: has_value = value->as.unknown.data != NULL; break;
    }
    coax_check_variant(why, &acme_sink_receipt_type, (uint32_t)value->kind, has_value);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_receipt)

static const coax_field acme_sink_receipt_fields[] = {
    COAX_VARIANT_BEHIND(1, acme_sink_receipt, "settled", acme_sink_scalars_type, 0, NULL, NULL),
    COAX_VARIANT(2, acme_sink_receipt, "pending", coax_type_string, 0, NULL, NULL),
    COAX_VARIANT(3, acme_sink_receipt, "numbers", acme_sink_u32_list_type, 0, NULL, NULL),
    COAX_VARIANT_BEHIND(4, acme_sink_receipt, "refund", sink_common_money_type, 0, NULL, NULL),
    COAX_VARIANT(5, acme_sink_receipt, "code", acme_sink_u8_array4_type, 0, NULL, NULL),
    COAX_VARIANT(6, acme_sink_receipt, "color", acme_sink_color_type, 0, NULL, NULL),
    COAX_VARIANT(7, acme_sink_receipt, "counts", acme_sink_str_u32_map_type, 0, NULL, NULL),
    COAX_VARIANT(8, acme_sink_receipt, "unknown", coax_type_bool, 0, NULL, NULL),
};
static const uint16_t acme_sink_receipt_ids[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static const uint64_t acme_sink_receipt_optional[] = { 0 };
COAX_UNION_TYPE(acme_sink_receipt, "acme.sink.Receipt", false, 8, "Exactly one.");

static const acme_sink_secret acme_sink_secret_initial = ACME_SINK_SECRET_INIT;

void acme_sink_secret_init(acme_sink_secret *ret)
{
    *ret = acme_sink_secret_initial;
}

void acme_sink_secret_encode(coax_writer *out, const acme_sink_secret *value)
{
    uint32_t count = 4;
    count += value->has_farther_id ? 1u : 0u;
    coax_write_map(out, count);
    coax_write_str_field(out, 1, value->user);
    coax_write_str_field(out, 2, value->password);
    coax_write_u32_field(out, 3, value->old);
    coax_write_u32_field(out, 200, value->far_id);
    if (value->has_farther_id)
        coax_write_u32_field(out, 40000, value->farther_id);
}

void acme_sink_secret_decode(coax_reader *in, acme_sink_secret *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_secret_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->user = coax_read_str(in); break;
        case 2: ret->password = coax_read_str(in); break;
        case 3: ret->old = coax_read_u32(in); break;
        case 200: ret->far_id = coax_read_u32(in); break;
        case 40000:
            ret->has_farther_id = true;
            ret->farther_id = coax_read_u32(in);
            break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0xfu);
}

bool acme_sink_secret_check(const acme_sink_secret *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_secret_type);
    coax_check_str(why, 1, value->user);
    coax_check_str(why, 2, value->password);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_secret)

static const coax_field acme_sink_secret_fields[] = {
    COAX_FIELD(1, acme_sink_secret, user, "user", coax_type_string, 0, NULL, NULL),
    COAX_FIELD(2, acme_sink_secret, password, "password", coax_type_string, COAX_FIELD_SENSITIVE,
               NULL, NULL),
    COAX_FIELD(3, acme_sink_secret, old, "old", coax_type_u32, COAX_FIELD_DEPRECATED, NULL, NULL),
    COAX_FIELD(200, acme_sink_secret, far_id, "far_id", coax_type_u32, 0, NULL, NULL),
    COAX_FIELD_FLAGGED(40000, acme_sink_secret, farther_id, has_farther_id, "farther_id",
                       coax_type_u32, 0, NULL, NULL),
};
static const uint16_t acme_sink_secret_ids[] = { 1, 2, 3, 200, 40000 };
static const uint64_t acme_sink_secret_optional[] = { UINT64_C(0x10) };
COAX_STRUCT_TYPE(acme_sink_secret, "acme.sink.Secret", 5, NULL);

static const acme_sink_early acme_sink_early_initial = ACME_SINK_EARLY_INIT;

void acme_sink_early_init(acme_sink_early *ret)
{
    *ret = acme_sink_early_initial;
}

void acme_sink_early_encode(coax_writer *out, const acme_sink_early *value)
{
    uint32_t count = 2;
    count += value->maybe != NULL ? 1u : 0u;
    coax_write_map(out, count);
    coax_write_key(out, 1);
    acme_sink_late_encode(out, &value->late);
    coax_write_key(out, 2);
    acme_sink_late_array2_write(out, value->lates);
    if (value->maybe != NULL) {
        coax_write_key(out, 3);
        acme_sink_late_encode(out, value->maybe);
    }
}

void acme_sink_early_decode(coax_reader *in, acme_sink_early *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_early_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: acme_sink_late_decode(in, &ret->late); break;
        case 2: acme_sink_late_array2_read(in, ret->lates); break;
        case 3: ret->maybe = acme_sink_late_read(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x3u);
}

bool acme_sink_early_check(const acme_sink_early *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_early_type);
    coax_check_at(why, 1);
    acme_sink_late_check(&value->late, why);
    coax_check_at(why, 2);
    coax_check_items_begin(why);
    for (size_t i = 0; i < 2 && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        acme_sink_late_check(&value->lates[i], why);
    }
    coax_check_items_end(why);
    if (value->maybe != NULL) {
        coax_check_at(why, 3);
        acme_sink_late_check(value->maybe, why);
    }
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_early)

static const coax_field acme_sink_early_fields[] = {
    COAX_FIELD(1, acme_sink_early, late, "late", acme_sink_late_type, 0, NULL, NULL),
    COAX_FIELD(2, acme_sink_early, lates, "lates", acme_sink_late_array2_type, 0, NULL, NULL),
    COAX_FIELD_BEHIND(3, acme_sink_early, maybe, "maybe", acme_sink_late_type, 0, NULL, NULL),
};
static const uint16_t acme_sink_early_ids[] = { 1, 2, 3 };
static const uint64_t acme_sink_early_optional[] = { UINT64_C(0x4) };
COAX_STRUCT_TYPE(acme_sink_early, "acme.sink.Early", 3, "Held before it is declared.");

static const acme_sink_late acme_sink_late_initial = ACME_SINK_LATE_INIT;

void acme_sink_late_init(acme_sink_late *ret)
{
    *ret = acme_sink_late_initial;
}

void acme_sink_late_encode(coax_writer *out, const acme_sink_late *value)
{
    coax_write_map(out, 1);
    coax_write_u32_field(out, 1, value->x);
}

void acme_sink_late_decode(coax_reader *in, acme_sink_late *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_late_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->x = coax_read_u32(in); break;
        default: coax_skip_field(in); break;
        }
    }
}

bool acme_sink_late_check(const acme_sink_late *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_sink_late_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_late)

static const coax_field acme_sink_late_fields[] = {
    COAX_FIELD_DEFAULTED(1, acme_sink_late, x, "x", coax_type_u32, 0, NULL, NULL),
};
static const uint16_t acme_sink_late_ids[] = { 1 };
static const uint64_t acme_sink_late_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_sink_late, "acme.sink.Late", 1, NULL);

static const acme_sink_not_found acme_sink_not_found_initial = ACME_SINK_NOT_FOUND_INIT;

void acme_sink_not_found_init(acme_sink_not_found *ret)
{
    *ret = acme_sink_not_found_initial;
}

void acme_sink_not_found_encode(coax_writer *out, const acme_sink_not_found *value)
{
    coax_write_map(out, 1);
    coax_write_str_field(out, 1, value->what);
}

void acme_sink_not_found_decode(coax_reader *in, acme_sink_not_found *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_not_found_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->what = coax_read_str(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_sink_not_found_check(const acme_sink_not_found *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_not_found_type);
    coax_check_str(why, 1, value->what);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_not_found)

static const coax_field acme_sink_not_found_fields[] = {
    COAX_FIELD(1, acme_sink_not_found, what, "what", coax_type_string, 0, NULL, NULL),
};
static const uint16_t acme_sink_not_found_ids[] = { 1 };
static const uint64_t acme_sink_not_found_optional[] = { 0 };
COAX_ERROR_TYPE(acme_sink_not_found, "acme.sink.NotFound", 1, UINT32_C(0xafb75385),
                COAX_ERR_NOT_FOUND, NULL);

static const acme_sink_empty acme_sink_empty_initial = ACME_SINK_EMPTY_INIT;

void acme_sink_empty_init(acme_sink_empty *ret)
{
    *ret = acme_sink_empty_initial;
}

void acme_sink_empty_encode(coax_writer *out, const acme_sink_empty *value)
{
    (void)value;
    coax_write_map(out, 0);
}

void acme_sink_empty_decode(coax_reader *in, acme_sink_empty *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_empty_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        default: coax_skip_field(in); break;
        }
    }
}

bool acme_sink_empty_check(const acme_sink_empty *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_sink_empty_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_empty)

COAX_EMPTY_ERROR_TYPE(acme_sink_empty, "acme.sink.Empty", UINT32_C(0xa424addb), COAX_ERR_ABORTED,
                      NULL);

static const acme_sink_sink_balance_request acme_sink_sink_balance_request_initial =
    ACME_SINK_SINK_BALANCE_REQUEST_INIT;

void acme_sink_sink_balance_request_init(acme_sink_sink_balance_request *ret)
{
    *ret = acme_sink_sink_balance_request_initial;
}

void acme_sink_sink_balance_request_encode(coax_writer *out,
                                           const acme_sink_sink_balance_request *value)
{
    coax_write_map(out, 2);
    coax_write_str_field(out, 1, value->account);
    coax_write_u32_field(out, 2, value->days);
}

void acme_sink_sink_balance_request_decode(coax_reader *in, acme_sink_sink_balance_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_sink_balance_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->account = coax_read_str(in); break;
        case 2: ret->days = coax_read_u32(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_sink_sink_balance_request_check(const acme_sink_sink_balance_request *value,
                                          coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_sink_balance_request_type);
    coax_check_str(why, 1, value->account);
    coax_check_pattern(why, 1, value->account, &acme_sink_pattern1);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_sink_balance_request)

static const coax_field acme_sink_sink_balance_request_fields[] = {
    COAX_FIELD(1, acme_sink_sink_balance_request, account, "account", coax_type_string, 0,
               "@pattern(\"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}\")", NULL),
    COAX_FIELD_DEFAULTED(2, acme_sink_sink_balance_request, days, "days", coax_type_u32, 0, NULL,
                         NULL),
};
static const uint16_t acme_sink_sink_balance_request_ids[] = { 1, 2 };
static const uint64_t acme_sink_sink_balance_request_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_sink_sink_balance_request, "acme.sink.Sink.balance_request", 2, NULL);

static const acme_sink_sink_balance_response acme_sink_sink_balance_response_initial =
    ACME_SINK_SINK_BALANCE_RESPONSE_INIT;

void acme_sink_sink_balance_response_init(acme_sink_sink_balance_response *ret)
{
    *ret = acme_sink_sink_balance_response_initial;
}

void acme_sink_sink_balance_response_encode(coax_writer *out,
                                            const acme_sink_sink_balance_response *value)
{
    coax_write_map(out, 1);
    coax_write_key(out, 1);
    sink_common_money_encode(out, &value->amount);
}

void acme_sink_sink_balance_response_decode(coax_reader *in, acme_sink_sink_balance_response *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_sink_balance_response_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: sink_common_money_decode(in, &ret->amount); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_sink_sink_balance_response_check(const acme_sink_sink_balance_response *value,
                                           coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_sink_balance_response_type);
    coax_check_at(why, 1);
    sink_common_money_check(&value->amount, why);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_sink_balance_response)

static const coax_field acme_sink_sink_balance_response_fields[] = {
    COAX_FIELD(1, acme_sink_sink_balance_response, amount, "amount", sink_common_money_type, 0,
               NULL, NULL),
};
static const uint16_t acme_sink_sink_balance_response_ids[] = { 1 };
static const uint64_t acme_sink_sink_balance_response_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_sink_sink_balance_response, "acme.sink.Sink.balance_response", 1, NULL);

static const acme_sink_sink_ping_request acme_sink_sink_ping_request_initial =
    ACME_SINK_SINK_PING_REQUEST_INIT;

void acme_sink_sink_ping_request_init(acme_sink_sink_ping_request *ret)
{
    *ret = acme_sink_sink_ping_request_initial;
}

void acme_sink_sink_ping_request_encode(coax_writer *out, const acme_sink_sink_ping_request *value)
{
    (void)value;
    coax_write_map(out, 0);
}

void acme_sink_sink_ping_request_decode(coax_reader *in, acme_sink_sink_ping_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_sink_ping_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        default: coax_skip_field(in); break;
        }
    }
}

bool acme_sink_sink_ping_request_check(const acme_sink_sink_ping_request *value,
                                       coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_sink_sink_ping_request_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_sink_ping_request)

COAX_EMPTY_STRUCT_TYPE(acme_sink_sink_ping_request, "acme.sink.Sink.ping_request", NULL);

static const acme_sink_sink_ping_response acme_sink_sink_ping_response_initial =
    ACME_SINK_SINK_PING_RESPONSE_INIT;

void acme_sink_sink_ping_response_init(acme_sink_sink_ping_response *ret)
{
    *ret = acme_sink_sink_ping_response_initial;
}

void acme_sink_sink_ping_response_encode(coax_writer *out,
                                         const acme_sink_sink_ping_response *value)
{
    (void)value;
    coax_write_map(out, 0);
}

void acme_sink_sink_ping_response_decode(coax_reader *in, acme_sink_sink_ping_response *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_sink_ping_response_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        default: coax_skip_field(in); break;
        }
    }
}

bool acme_sink_sink_ping_response_check(const acme_sink_sink_ping_response *value,
                                        coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_sink_sink_ping_response_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_sink_ping_response)

COAX_EMPTY_STRUCT_TYPE(acme_sink_sink_ping_response, "acme.sink.Sink.ping_response", NULL);

static const acme_sink_sink_hint_request acme_sink_sink_hint_request_initial =
    ACME_SINK_SINK_HINT_REQUEST_INIT;

void acme_sink_sink_hint_request_init(acme_sink_sink_hint_request *ret)
{
    *ret = acme_sink_sink_hint_request_initial;
}

void acme_sink_sink_hint_request_encode(coax_writer *out, const acme_sink_sink_hint_request *value)
{
    coax_write_map(out, 1);
    coax_write_str_field(out, 1, value->text);
}

void acme_sink_sink_hint_request_decode(coax_reader *in, acme_sink_sink_hint_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_sink_hint_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->text = coax_read_str(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_sink_sink_hint_request_check(const acme_sink_sink_hint_request *value,
                                       coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_sink_hint_request_type);
    coax_check_str(why, 1, value->text);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_sink_hint_request)

static const coax_field acme_sink_sink_hint_request_fields[] = {
    COAX_FIELD(1, acme_sink_sink_hint_request, text, "text", coax_type_string, 0, NULL, NULL),
};
static const uint16_t acme_sink_sink_hint_request_ids[] = { 1 };
static const uint64_t acme_sink_sink_hint_request_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_sink_sink_hint_request, "acme.sink.Sink.hint_request", 1, NULL);

static const acme_sink_sink_statement_request acme_sink_sink_statement_request_initial =
    ACME_SINK_SINK_STATEMENT_REQUEST_INIT;

void acme_sink_sink_statement_request_init(acme_sink_sink_statement_request *ret)
{
    *ret = acme_sink_sink_statement_request_initial;
}

void acme_sink_sink_statement_request_encode(coax_writer *out,
                                             const acme_sink_sink_statement_request *value)
{
    coax_write_map(out, 1);
    coax_write_str_field(out, 1, value->account);
}

void acme_sink_sink_statement_request_decode(coax_reader *in, acme_sink_sink_statement_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_sink_statement_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->account = coax_read_str(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_sink_sink_statement_request_check(const acme_sink_sink_statement_request *value,
                                            coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_sink_statement_request_type);
    coax_check_str(why, 1, value->account);
    coax_check_pattern(why, 1, value->account, &acme_sink_pattern1);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_sink_statement_request)

static const coax_field acme_sink_sink_statement_request_fields[] = {
    COAX_FIELD(1, acme_sink_sink_statement_request, account, "account", coax_type_string, 0,
               "@pattern(\"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}\")", NULL),
};
static const uint16_t acme_sink_sink_statement_request_ids[] = { 1 };
static const uint64_t acme_sink_sink_statement_request_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_sink_sink_statement_request, "acme.sink.Sink.statement_request", 1, NULL);

static const acme_sink_sink_upload_request acme_sink_sink_upload_request_initial =
    ACME_SINK_SINK_UPLOAD_REQUEST_INIT;

void acme_sink_sink_upload_request_init(acme_sink_sink_upload_request *ret)
{
    *ret = acme_sink_sink_upload_request_initial;
}

void acme_sink_sink_upload_request_encode(coax_writer *out,
                                          const acme_sink_sink_upload_request *value)
{
    coax_write_map(out, 1);
    coax_write_str_field(out, 1, value->batch);
}

void acme_sink_sink_upload_request_decode(coax_reader *in, acme_sink_sink_upload_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_sink_upload_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->batch = coax_read_str(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_sink_sink_upload_request_check(const acme_sink_sink_upload_request *value,
                                         coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &acme_sink_sink_upload_request_type);
    coax_check_str(why, 1, value->batch);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_sink_upload_request)

static const coax_field acme_sink_sink_upload_request_fields[] = {
    COAX_FIELD(1, acme_sink_sink_upload_request, batch, "batch", coax_type_string, 0, NULL, NULL),
};
static const uint16_t acme_sink_sink_upload_request_ids[] = { 1 };
static const uint64_t acme_sink_sink_upload_request_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_sink_sink_upload_request, "acme.sink.Sink.upload_request", 1, NULL);

static const acme_sink_sink_chat_request acme_sink_sink_chat_request_initial =
    ACME_SINK_SINK_CHAT_REQUEST_INIT;

void acme_sink_sink_chat_request_init(acme_sink_sink_chat_request *ret)
{
    *ret = acme_sink_sink_chat_request_initial;
}

void acme_sink_sink_chat_request_encode(coax_writer *out, const acme_sink_sink_chat_request *value)
{
    (void)value;
    coax_write_map(out, 0);
}

void acme_sink_sink_chat_request_decode(coax_reader *in, acme_sink_sink_chat_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_sink_chat_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        default: coax_skip_field(in); break;
        }
    }
}

bool acme_sink_sink_chat_request_check(const acme_sink_sink_chat_request *value,
                                       coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_sink_sink_chat_request_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_sink_chat_request)

COAX_EMPTY_STRUCT_TYPE(acme_sink_sink_chat_request, "acme.sink.Sink.chat_request", NULL);

static const acme_sink_sink_gather_request acme_sink_sink_gather_request_initial =
    ACME_SINK_SINK_GATHER_REQUEST_INIT;

void acme_sink_sink_gather_request_init(acme_sink_sink_gather_request *ret)
{
    *ret = acme_sink_sink_gather_request_initial;
}

void acme_sink_sink_gather_request_encode(coax_writer *out,
                                          const acme_sink_sink_gather_request *value)
{
    (void)value;
    coax_write_map(out, 0);
}

void acme_sink_sink_gather_request_decode(coax_reader *in, acme_sink_sink_gather_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_sink_gather_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        default: coax_skip_field(in); break;
        }
    }
}

bool acme_sink_sink_gather_request_check(const acme_sink_sink_gather_request *value,
                                         coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_sink_sink_gather_request_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_sink_gather_request)

COAX_EMPTY_STRUCT_TYPE(acme_sink_sink_gather_request, "acme.sink.Sink.gather_request", NULL);

static const acme_sink_sink_gather_response acme_sink_sink_gather_response_initial =
    ACME_SINK_SINK_GATHER_RESPONSE_INIT;

void acme_sink_sink_gather_response_init(acme_sink_sink_gather_response *ret)
{
    *ret = acme_sink_sink_gather_response_initial;
}

void acme_sink_sink_gather_response_encode(coax_writer *out,
                                           const acme_sink_sink_gather_response *value)
{
    coax_write_map(out, 1);
    coax_write_u32_field(out, 1, value->count);
}

void acme_sink_sink_gather_response_decode(coax_reader *in, acme_sink_sink_gather_response *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_sink_gather_response_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->count = coax_read_u32(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_sink_sink_gather_response_check(const acme_sink_sink_gather_response *value,
                                          coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_sink_sink_gather_response_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_sink_gather_response)

static const coax_field acme_sink_sink_gather_response_fields[] = {
    COAX_FIELD(1, acme_sink_sink_gather_response, count, "count", coax_type_u32, 0, NULL, NULL),
};
static const uint16_t acme_sink_sink_gather_response_ids[] = { 1 };
static const uint64_t acme_sink_sink_gather_response_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_sink_sink_gather_response, "acme.sink.Sink.gather_response", 1, NULL);

static const acme_sink_sink_mirror_request acme_sink_sink_mirror_request_initial =
    ACME_SINK_SINK_MIRROR_REQUEST_INIT;

void acme_sink_sink_mirror_request_init(acme_sink_sink_mirror_request *ret)
{
    *ret = acme_sink_sink_mirror_request_initial;
}

void acme_sink_sink_mirror_request_encode(coax_writer *out,
                                          const acme_sink_sink_mirror_request *value)
{
    coax_write_map(out, 1);
    coax_write_bool_field(out, 1, value->is_upside_down);
}

void acme_sink_sink_mirror_request_decode(coax_reader *in, acme_sink_sink_mirror_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_sink_mirror_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->is_upside_down = coax_read_bool(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_sink_sink_mirror_request_check(const acme_sink_sink_mirror_request *value,
                                         coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_sink_sink_mirror_request_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_sink_mirror_request)

static const coax_field acme_sink_sink_mirror_request_fields[] = {
    COAX_FIELD(1, acme_sink_sink_mirror_request, is_upside_down, "is_upside_down", coax_type_bool,
               0, NULL, NULL),
};
static const uint16_t acme_sink_sink_mirror_request_ids[] = { 1 };
static const uint64_t acme_sink_sink_mirror_request_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_sink_sink_mirror_request, "acme.sink.Sink.mirror_request", 1, NULL);

static const acme_sink_bells_rings_request acme_sink_bells_rings_request_initial =
    ACME_SINK_BELLS_RINGS_REQUEST_INIT;

void acme_sink_bells_rings_request_init(acme_sink_bells_rings_request *ret)
{
    *ret = acme_sink_bells_rings_request_initial;
}

void acme_sink_bells_rings_request_encode(coax_writer *out,
                                          const acme_sink_bells_rings_request *value)
{
    coax_write_map(out, 1);
    coax_write_u32_field(out, 1, value->times);
}

void acme_sink_bells_rings_request_decode(coax_reader *in, acme_sink_bells_rings_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_sink_bells_rings_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->times = coax_read_u32(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_sink_bells_rings_request_check(const acme_sink_bells_rings_request *value,
                                         coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_sink_bells_rings_request_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_sink_bells_rings_request)

static const coax_field acme_sink_bells_rings_request_fields[] = {
    COAX_FIELD(1, acme_sink_bells_rings_request, times, "times", coax_type_u32, 0, NULL, NULL),
};
static const uint16_t acme_sink_bells_rings_request_ids[] = { 1 };
static const uint64_t acme_sink_bells_rings_request_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_sink_bells_rings_request, "acme.sink.Bells.rings_request", 1, NULL);

static const coax_type *const acme_sink_sink_send_errors[] = {
    &acme_sink_not_found_type,
    &acme_sink_empty_type,
    &sink_common_broke_type,
};
static const char *const acme_sink_sink_send_roles[] = {
    "teller",
    "boss",
    NULL,
};
static const coax_type *const acme_sink_sink_statement_errors[] = {
    &acme_sink_not_found_type,
};
static const coax_type *const acme_sink_sink_upload_errors[] = {
    &acme_sink_empty_type,
    &sink_common_broke_type,
};

const coax_method acme_sink_sink_methods[11] = {
    { "acme.sink.Sink.send", "Sends it once.", ACME_SINK_PACKET_SINK_SEND, COAX_METHOD_UNARY,
      COAX_METHOD_IDEMPOTENT, &acme_sink_containers_type, &acme_sink_receipt_type, NULL, NULL,
      acme_sink_sink_send_errors, 3, 5000, 0, 0, acme_sink_sink_send_roles },
    { "acme.sink.Sink.balance", NULL, ACME_SINK_PACKET_SINK_BALANCE, COAX_METHOD_UNARY,
      COAX_METHOD_PUBLIC, &acme_sink_sink_balance_request_type,
      &acme_sink_sink_balance_response_type, NULL, NULL, NULL, 0, 0, 0, 0, NULL },
    { "acme.sink.Sink.ping", NULL, ACME_SINK_PACKET_SINK_PING, COAX_METHOD_UNARY, 0,
      &acme_sink_sink_ping_request_type, &acme_sink_sink_ping_response_type, NULL, NULL, NULL, 0, 0,
      0, 0, NULL },
    { "acme.sink.Sink.old", NULL, ACME_SINK_PACKET_SINK_OLD, COAX_METHOD_UNARY,
      COAX_METHOD_DEPRECATED | COAX_METHOD_PRIORITY_HIGH, &acme_sink_nothing_type,
      &acme_sink_nothing_type, NULL, NULL, NULL, 0, 0, 1024, 2048, NULL },
    { "acme.sink.Sink.hint", NULL, ACME_SINK_PACKET_SINK_HINT, COAX_METHOD_ONEWAY, 0,
      &acme_sink_sink_hint_request_type, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL },
    { "acme.sink.Sink.statement", "All there was, oldest first.", ACME_SINK_PACKET_SINK_STATEMENT,
      COAX_METHOD_SERVER_STREAM, 0, &acme_sink_sink_statement_request_type, NULL, NULL,
      &acme_sink_defaults_type, acme_sink_sink_statement_errors, 1, 0, 0, 0, NULL },
    { "acme.sink.Sink.upload", NULL, ACME_SINK_PACKET_SINK_UPLOAD, COAX_METHOD_CLIENT_STREAM, 0,
      &acme_sink_sink_upload_request_type, &acme_sink_nothing_type, &acme_sink_defaults_type, NULL,
      acme_sink_sink_upload_errors, 2, 0, 0, 0, NULL },
    { "acme.sink.Sink.chat", "Says it and hears it.", ACME_SINK_PACKET_SINK_CHAT,
      COAX_METHOD_BIDI_STREAM, COAX_METHOD_DEPRECATED, &acme_sink_sink_chat_request_type, NULL,
      &acme_sink_scalars_type, &acme_sink_tree_type, NULL, 0, 0, 0, 0, NULL },
    { "acme.sink.Sink.gather", NULL, ACME_SINK_PACKET_SINK_GATHER, COAX_METHOD_CLIENT_STREAM,
      COAX_METHOD_BLOCKING, &acme_sink_sink_gather_request_type,
      &acme_sink_sink_gather_response_type, &acme_sink_tree_type, NULL, NULL, 0, 60000, 0, 0,
      NULL },
    { "acme.sink.Sink.mirror", NULL, ACME_SINK_PACKET_SINK_MIRROR, COAX_METHOD_BIDI_STREAM,
      COAX_METHOD_BLOCKING | COAX_METHOD_PRIORITY_LOW, &acme_sink_sink_mirror_request_type, NULL,
      &acme_sink_scalars_type, &acme_sink_scalars_type, NULL, 0, 0, 0, 0, NULL },
    { "acme.sink.Sink.rate", "What it costs now.", ACME_SINK_PACKET_SINK_RATE, COAX_METHOD_EVENT, 0,
      &acme_sink_late_type, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL },
};

COAX_SERVICE(acme_sink_sink, "acme.sink.Sink", "1.2", UINT64_C(0x0c3453caad819726), 11,
             "Talks in every way.");

const coax_method acme_sink_bells_methods[2] = {
    { "acme.sink.Bells.rings", NULL, ACME_SINK_PACKET_BELLS_RINGS, COAX_METHOD_EVENT, 0,
      &acme_sink_bells_rings_request_type, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL },
    { "acme.sink.Bells.stops", "Silence.", ACME_SINK_PACKET_BELLS_STOPS, COAX_METHOD_EVENT,
      COAX_METHOD_DEPRECATED | COAX_METHOD_PRIORITY_HIGH, &acme_sink_nothing_type, NULL, NULL, NULL,
      NULL, 0, 0, 0, 0, NULL },
};

COAX_SERVICE(acme_sink_bells, "acme.sink.Bells", NULL, UINT64_C(0x18222c2fe264776d), 2,
             "Says things and hears nothing.");

COAX_EMPTY_SERVICE(acme_sink_idle, "acme.sink.Idle", NULL, UINT64_C(0xcbf29ce484222325),
                   "Serves nothing yet.");

const char *acme_sink_packet_name(uint32_t id)
{
    switch (id) {
    case ACME_SINK_PACKET_SINK_SEND: return "acme.sink.Sink.send";
    case ACME_SINK_PACKET_SINK_BALANCE: return "acme.sink.Sink.balance";
    case ACME_SINK_PACKET_SINK_PING: return "acme.sink.Sink.ping";
    case ACME_SINK_PACKET_SINK_OLD: return "acme.sink.Sink.old";
    case ACME_SINK_PACKET_SINK_HINT: return "acme.sink.Sink.hint";
    case ACME_SINK_PACKET_SINK_STATEMENT: return "acme.sink.Sink.statement";
    case ACME_SINK_PACKET_SINK_UPLOAD: return "acme.sink.Sink.upload";
    case ACME_SINK_PACKET_SINK_CHAT: return "acme.sink.Sink.chat";
    case ACME_SINK_PACKET_SINK_GATHER: return "acme.sink.Sink.gather";
    case ACME_SINK_PACKET_SINK_MIRROR: return "acme.sink.Sink.mirror";
    case ACME_SINK_PACKET_SINK_RATE: return "acme.sink.Sink.rate";
    case ACME_SINK_PACKET_BELLS_RINGS: return "acme.sink.Bells.rings";
    case ACME_SINK_PACKET_BELLS_STOPS: return "acme.sink.Bells.stops";
    default: return NULL;
    }
}

bool acme_sink_packet_parse(const char *name, uint32_t *ret_id)
{
    for (size_t i = 0; i < 11; i++) {
        if (strcmp(acme_sink_sink_methods[i].name, name) != 0)
            continue;
        *ret_id = acme_sink_sink_methods[i].id;
        return true;
    }
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(acme_sink_bells_methods[i].name, name) != 0)
            continue;
        *ret_id = acme_sink_bells_methods[i].id;
        return true;
    }
    return false;
}
