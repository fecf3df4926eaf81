/*
 * The descriptors of the scalar types, shared by all schemas.
 *
 * One row a type; knows nothing of how they are encoded. Read next: interpret.h.
 */
#include <coax/bytes.h>
#include <coax/descriptor.h>

#define SCALAR_ROW(symbol, text, kind_of, type)                                                    \
    const coax_type coax_type_##symbol = { .name = (text),                                         \
                                           .kind = (kind_of),                                      \
                                           .size = sizeof(type) };
SCALAR_ROW(bool, "bool", COAX_KIND_BOOL, bool)
SCALAR_ROW(i8, "i8", COAX_KIND_I8, int8_t)
SCALAR_ROW(i16, "i16", COAX_KIND_I16, int16_t)
SCALAR_ROW(i32, "i32", COAX_KIND_I32, int32_t)
SCALAR_ROW(i64, "i64", COAX_KIND_I64, int64_t)
SCALAR_ROW(u8, "u8", COAX_KIND_U8, uint8_t)
SCALAR_ROW(u16, "u16", COAX_KIND_U16, uint16_t)
SCALAR_ROW(u32, "u32", COAX_KIND_U32, uint32_t)
SCALAR_ROW(u64, "u64", COAX_KIND_U64, uint64_t)
SCALAR_ROW(f32, "f32", COAX_KIND_F32, float)
SCALAR_ROW(f64, "f64", COAX_KIND_F64, double)
SCALAR_ROW(string, "string", COAX_KIND_STRING, coax_str)
SCALAR_ROW(bytes, "bytes", COAX_KIND_BYTES, coax_bytes)
SCALAR_ROW(timestamp, "timestamp", COAX_KIND_TIMESTAMP, coax_timestamp)
SCALAR_ROW(duration, "duration", COAX_KIND_DURATION, coax_duration)
SCALAR_ROW(uuid, "uuid", COAX_KIND_UUID, coax_uuid)
SCALAR_ROW(any, "any", COAX_KIND_ANY, coax_any)
