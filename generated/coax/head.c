/*
 * Encoding, decoding, checks and tables of head.h.
 *
 * Made by idlc from head.idl: change the schema, not this file.
 */
#include "head.h"

COAX_LIST_TYPE(cx_control_pair_list_type, "list<cx.control.Pair>", sizeof(cx_control_pair),
               cx_control_pair_type);

static void cx_control_pair_list_write(coax_writer *out, cx_control_pair_list list)
{
    coax_write_list(out, list.count);
    for (size_t i = 0; i < list.count; i++)
        cx_control_pair_encode(out, &list.items[i]);
}

static cx_control_pair_list cx_control_pair_list_read(coax_reader *in)
{
    cx_control_pair_list list = { NULL, 0 };
    cx_control_pair *items = COAX_READ_LIST(in, cx_control_pair, &list.count);
    for (size_t i = 0; i < list.count && in->err == COAX_OK; i++)
        cx_control_pair_decode(in, &items[i]);
    coax_list_done(in);
    list.items = items;
    return list;
}

static const cx_control_pair cx_control_pair_initial = CX_CONTROL_PAIR_INIT;

void cx_control_pair_init(cx_control_pair *ret)
{
    *ret = cx_control_pair_initial;
}

void cx_control_pair_encode(coax_writer *out, const cx_control_pair *value)
{
    coax_write_map(out, 2);
    coax_write_str_field(out, 1, value->name);
    coax_write_bytes_field(out, 2, value->value);
}

void cx_control_pair_decode(coax_reader *in, cx_control_pair *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &cx_control_pair_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->name = coax_read_str(in); break;
        case 2: ret->value = coax_read_bytes(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x3u);
}

bool cx_control_pair_check(const cx_control_pair *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &cx_control_pair_type);
    coax_check_str(why, 1, value->name);
    coax_check_len(why, 1, value->name.len, 1, 64);
    coax_check_bytes(why, 2, value->value);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(cx_control_pair)

static const coax_field cx_control_pair_fields[] = {
    COAX_FIELD(1, cx_control_pair, name, "name", coax_type_string, 0, "@len(1..64)",
               "Letters of `a-z 0-9 - _ .`; a name may stand more than once."),
    COAX_FIELD(2, cx_control_pair, value, "value", coax_type_bytes, 0, NULL, "Any bytes."),
};
static const uint16_t cx_control_pair_ids[] = { 1, 2 };
static const uint64_t cx_control_pair_optional[] = { 0 };
COAX_STRUCT_TYPE(cx_control_pair, "cx.control.Pair", 2, "One name and its value.");

static const cx_control_metadata cx_control_metadata_initial = CX_CONTROL_METADATA_INIT;

void cx_control_metadata_init(cx_control_metadata *ret)
{
    *ret = cx_control_metadata_initial;
}

void cx_control_metadata_encode(coax_writer *out, const cx_control_metadata *value)
{
    coax_write_map(out, 2);
    coax_write_key(out, 1);
    cx_control_pair_list_write(out, value->initial);
    coax_write_key(out, 2);
    cx_control_pair_list_write(out, value->trailing);
}

void cx_control_metadata_decode(coax_reader *in, cx_control_metadata *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &cx_control_metadata_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->initial = cx_control_pair_list_read(in); break;
        case 2: ret->trailing = cx_control_pair_list_read(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x3u);
}

bool cx_control_metadata_check(const cx_control_metadata *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &cx_control_metadata_type);
    coax_check_at(why, 1);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->initial.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        cx_control_pair_check(&value->initial.items[i], why);
    }
    coax_check_items_end(why);
    coax_check_at(why, 2);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->trailing.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        cx_control_pair_check(&value->trailing.items[i], why);
    }
    coax_check_items_end(why);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(cx_control_metadata)

static const coax_field cx_control_metadata_fields[] = {
    COAX_FIELD(
        1, cx_control_metadata, initial, "initial", cx_control_pair_list_type, 0, NULL,
        "In front of everything else that side says: the caller's, and the handler's first words."),
    COAX_FIELD(2, cx_control_metadata, trailing, "trailing", cx_control_pair_list_type, 0, NULL,
               "With what ends the call; from the answering side only."),
};
static const uint16_t cx_control_metadata_ids[] = { 1, 2 };
static const uint64_t cx_control_metadata_optional[] = { 0 };
COAX_STRUCT_TYPE(
    cx_control_metadata, "cx.control.Metadata", 2,
    "One side's metadata of one call, or a part of it.\nAll of it takes at most the receiver's max_metadata.");
