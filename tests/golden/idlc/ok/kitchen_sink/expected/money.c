/*
 * Encoding, decoding, checks and tables of money.h.
 *
 * Made by idlc from money.idl: change the schema, not this file.
 */
#include "money.h"

static const coax_enum_value sink_common_unit_values[] = {
    { "cent", NULL, 1 },
    { "euro", NULL, 2 },
};

COAX_ENUM_TYPE(sink_common_unit, COAX_KIND_ENUM, COAX_KIND_U8, "sink.common.Unit", false, 2, NULL);

const char *sink_common_unit_name(sink_common_unit value)
{
    switch (value) {
    case SINK_COMMON_UNIT_CENT: return "cent";
    case SINK_COMMON_UNIT_EURO: return "euro";
    default: return NULL;
    }
}

bool sink_common_unit_parse(const char *name, sink_common_unit *ret_value)
{
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(sink_common_unit_values[i].name, name) != 0)
            continue;
        *ret_value = (sink_common_unit)sink_common_unit_values[i].number;
        return true;
    }
    return false;
}

COAX_LIST_TYPE(sink_common_money_list_type, "list<sink.common.Money>", sizeof(sink_common_money),
               sink_common_money_type);

COAX_MAP_TYPE(sink_common_str_money_map_type, "map<string, sink.common.Money>",
              sink_common_str_money_entry, coax_type_string, sink_common_money_type);

/* clang-format off */
static const uint8_t sink_common_pattern1_classes[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0,
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
static const uint16_t sink_common_pattern1_next[] = {
    0, 0, 0, 2, 0, 3, 0, 4, 0, 0,
};
static const uint8_t sink_common_pattern1_accepts[] = {
    16,
};
/* clang-format on */
COAX_PATTERN(sink_common_pattern1, "[A-Z]{3}", 2, 5);

static void sink_common_money_list_write(coax_writer *out, sink_common_money_list list)
{
    coax_write_list(out, list.count);
    for (size_t i = 0; i < list.count; i++)
        sink_common_money_encode(out, &list.items[i]);
}

static void sink_common_str_money_map_write(coax_writer *out, sink_common_str_money_map map)
{
    const uint32_t *order =
        coax_write_map_order(out, &sink_common_str_money_map_type, map.items, map.count);
    coax_write_map(out, (uint32_t)map.count);
    for (size_t i = 0; i < map.count; i++) {
        const sink_common_str_money_entry *entry = &map.items[order != NULL ? order[i] : i];
        coax_write_str(out, entry->key);
        sink_common_money_encode(out, &entry->value);
    }
    coax_write_map_order_done(out, order);
}

static sink_common_money_list sink_common_money_list_read(coax_reader *in)
{
    sink_common_money_list list = { NULL, 0 };
    sink_common_money *items = COAX_READ_LIST(in, sink_common_money, &list.count);
    for (size_t i = 0; i < list.count && in->err == COAX_OK; i++)
        sink_common_money_decode(in, &items[i]);
    coax_list_done(in);
    list.items = items;
    return list;
}

static sink_common_str_money_map sink_common_str_money_map_read(coax_reader *in)
{
    sink_common_str_money_map map = { NULL, 0 };
    sink_common_str_money_entry *items = COAX_READ_MAP(in, sink_common_str_money_entry, &map.count);
    for (size_t i = 0; i < map.count && in->err == COAX_OK; i++) {
        items[i].key = coax_read_str(in);
        sink_common_money_decode(in, &items[i].value);
    }
    coax_map_done(in, &sink_common_str_money_map_type, items, map.count);
    map.items = items;
    return map;
}

static const sink_common_money sink_common_money_initial = SINK_COMMON_MONEY_INIT;

void sink_common_money_init(sink_common_money *ret)
{
    *ret = sink_common_money_initial;
}

void sink_common_money_encode(coax_writer *out, const sink_common_money *value)
{
    coax_write_map(out, 2);
    coax_write_i64_field(out, 1, value->units);
    coax_write_str_field(out, 2, value->currency);
}

void sink_common_money_decode(coax_reader *in, sink_common_money *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &sink_common_money_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->units = coax_read_i64(in); break;
        case 2: ret->currency = coax_read_str(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool sink_common_money_check(const sink_common_money *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &sink_common_money_type);
    coax_check_str(why, 2, value->currency);
    coax_check_pattern(why, 2, value->currency, &sink_common_pattern1);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(sink_common_money)

static const coax_field sink_common_money_fields[] = {
    COAX_FIELD(1, sink_common_money, units, "units", coax_type_i64, 0, NULL, "Hundredths."),
    COAX_FIELD_DEFAULTED(2, sink_common_money, currency, "currency", coax_type_string, 0,
                         "@pattern(\"[A-Z]{3}\")", NULL),
};
static const uint16_t sink_common_money_ids[] = { 1, 2 };
static const uint64_t sink_common_money_optional[] = { 0 };
COAX_STRUCT_TYPE(sink_common_money, "sink.common.Money", 2, "An amount in a currency.");

static const sink_common_purse sink_common_purse_initial = SINK_COMMON_PURSE_INIT;

void sink_common_purse_init(sink_common_purse *ret)
{
    *ret = sink_common_purse_initial;
}

void sink_common_purse_encode(coax_writer *out, const sink_common_purse *value)
{
    coax_write_map(out, 2);
    coax_write_key(out, 1);
    sink_common_money_list_write(out, value->coins);
    coax_write_key(out, 2);
    sink_common_str_money_map_write(out, value->named);
}

void sink_common_purse_decode(coax_reader *in, sink_common_purse *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &sink_common_purse_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->coins = sink_common_money_list_read(in); break;
        case 2: ret->named = sink_common_str_money_map_read(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x3u);
}

bool sink_common_purse_check(const sink_common_purse *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &sink_common_purse_type);
    coax_check_items(why, 1, value->coins.count, 0, 100);
    coax_check_at(why, 1);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->coins.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        sink_common_money_check(&value->coins.items[i], why);
    }
    coax_check_items_end(why);
    coax_check_map_keys(why, 2, &sink_common_str_money_map_type, value->named.items,
                        value->named.count);
    coax_check_at(why, 2);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->named.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_str(why, 0, value->named.items[i].key);
        sink_common_money_check(&value->named.items[i].value, why);
    }
    coax_check_items_end(why);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(sink_common_purse)

static const coax_field sink_common_purse_fields[] = {
    COAX_FIELD(1, sink_common_purse, coins, "coins", sink_common_money_list_type, 0,
               "@items(..100)", NULL),
    COAX_FIELD(2, sink_common_purse, named, "named", sink_common_str_money_map_type, 0, NULL, NULL),
};
static const uint16_t sink_common_purse_ids[] = { 1, 2 };
static const uint64_t sink_common_purse_optional[] = { 0 };
COAX_STRUCT_TYPE(sink_common_purse, "sink.common.Purse", 2,
                 "Keeps list<Money> and a map of it here, for others to use.");

static const sink_common_broke sink_common_broke_initial = SINK_COMMON_BROKE_INIT;

void sink_common_broke_init(sink_common_broke *ret)
{
    *ret = sink_common_broke_initial;
}

void sink_common_broke_encode(coax_writer *out, const sink_common_broke *value)
{
    coax_write_map(out, 1);
    coax_write_key(out, 1);
    sink_common_money_encode(out, &value->missing);
}

void sink_common_broke_decode(coax_reader *in, sink_common_broke *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &sink_common_broke_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: sink_common_money_decode(in, &ret->missing); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool sink_common_broke_check(const sink_common_broke *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &sink_common_broke_type);
    coax_check_at(why, 1);
    sink_common_money_check(&value->missing, why);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(sink_common_broke)

static const coax_field sink_common_broke_fields[] = {
    COAX_FIELD(1, sink_common_broke, missing, "missing", sink_common_money_type, 0, NULL, NULL),
};
static const uint16_t sink_common_broke_ids[] = { 1 };
static const uint64_t sink_common_broke_optional[] = { 0 };
COAX_ERROR_TYPE(sink_common_broke, "sink.common.Broke", 1, UINT32_C(0x2e7f1a62),
                COAX_ERR_FAILED_PRECONDITION, NULL);
