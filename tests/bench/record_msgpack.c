/*
 * The record through msgpack-c. Read next: codec.c.
 */
#include <string.h>

#include "record_msgpack.h"

uint64_t record_sample(const void *data, size_t len)
{
    const uint8_t *bytes = data;
    return len == 0 ? 0 : (uint64_t)bytes[0] + bytes[len / 2] + bytes[len - 1] + len;
}

uint64_t record_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void pack_str(msgpack_packer *out, coax_str text)
{
    msgpack_pack_str(out, text.len);
    msgpack_pack_str_body(out, text.data, text.len);
}

void record_msgpack_pack(msgpack_packer *out, const bench_record *record)
{
    msgpack_pack_array(out, 11);
    msgpack_pack_uint64(out, record->id);
    msgpack_pack_int32(out, record->delta);
    msgpack_pack_double(out, record->price);
    if (record->live)
        msgpack_pack_true(out);
    else
        msgpack_pack_false(out);
    msgpack_pack_uint8(out, (uint8_t)record->side);
    pack_str(out, record->name);
    pack_str(out, record->city);
    msgpack_pack_bin(out, record->payload.len);
    msgpack_pack_bin_body(out, record->payload.data, record->payload.len);
    msgpack_pack_array(out, record->levels.count);
    for (size_t i = 0; i < record->levels.count; i++)
        msgpack_pack_uint32(out, record->levels.items[i]);
    msgpack_pack_array(out, 3);
    msgpack_pack_int32(out, record->origin.x);
    msgpack_pack_int32(out, record->origin.y);
    msgpack_pack_int32(out, record->origin.z);
    if (record->has_note)
        msgpack_pack_uint32(out, record->note);
    else
        msgpack_pack_nil(out);
}

static uint64_t touch_blob(const msgpack_object *object)
{
    if (object->type == MSGPACK_OBJECT_BIN)
        return record_sample(object->via.bin.ptr, object->via.bin.size);
    return object->type == MSGPACK_OBJECT_STR
               ? record_sample(object->via.str.ptr, object->via.str.size)
               : 0;
}

static uint64_t touch_number(const msgpack_object *object)
{
    switch (object->type) {
    case MSGPACK_OBJECT_POSITIVE_INTEGER: return object->via.u64;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER: return (uint64_t)object->via.i64;
    case MSGPACK_OBJECT_FLOAT64: return record_bits(object->via.f64);
    case MSGPACK_OBJECT_BOOLEAN: return object->via.boolean;
    default: return 0;
    }
}

static uint64_t touch_numbers(const msgpack_object *array)
{
    uint64_t sum = 0;
    if (array->type != MSGPACK_OBJECT_ARRAY)
        return 0;
    for (uint32_t i = 0; i < array->via.array.size; i++)
        sum += touch_number(&array->via.array.ptr[i]);
    return sum;
}

uint64_t record_msgpack_touch(const msgpack_object *object)
{
    if (object->type != MSGPACK_OBJECT_ARRAY || object->via.array.size != 11)
        return 0;
    const msgpack_object *fields = object->via.array.ptr;
    uint64_t sum =
        touch_number(&fields[10]) + touch_numbers(&fields[8]) + touch_numbers(&fields[9]);
    for (unsigned i = 0; i < 5; i++)
        sum += touch_number(&fields[i]);
    for (unsigned i = 5; i < 8; i++)
        sum += touch_blob(&fields[i]);
    return sum;
}
