/*
 * any through msgpack-c: reading into its objects, and making one from them.
 *
 * In the library coax_any, the only part that includes msgpack.h. msgpack-c believes the counts in headers and allocates
 * for them, so nothing gets to it that was not measured first. Read next: any_text.c.
 */
#include <string.h>

#include <coax/any.h>
#include <coax/reader.h>

#include "wire/token.h"

static coax_err measure(coax_any value, const coax_any_limits *limits, coax_error *error)
{
    size_t len = 0;
    if (value.data == NULL || value.len == 0)
        return coax_error_set(error, COAX_ERR_BAD_MESSAGE, "the any is absent");
    cx_extent extent =
        cx_value_extent(value.data, value.data + value.len, limits->depth, limits->n_objects, &len);
    if (extent == CX_EXTENT_TOO_DEEP)
        return coax_error_set(error, COAX_ERR_TOO_DEEP,
                              "the any nests deeper than the limit of %lu levels",
                              (unsigned long)limits->depth);
    if (extent == CX_EXTENT_TOO_MANY)
        return coax_error_set(error, COAX_ERR_TOO_LARGE,
                              "the any holds more values than the limit of %zu", limits->n_objects);
    if (extent != CX_EXTENT_WHOLE)
        return coax_error_set(error, COAX_ERR_BAD_MESSAGE, "the any %s, at byte %zu",
                              cx_extent_text(extent), len);
    if (len != value.len)
        return coax_error_set(error, COAX_ERR_BAD_MESSAGE, "%zu bytes are left over behind the any",
                              value.len - len);
    return COAX_OK;
}

coax_err coax_any_read(coax_any value, const coax_any_limits *limits, msgpack_zone *zone,
                       msgpack_object *ret_object, coax_error *error)
{
    static const coax_any_limits usual = COAX_ANY_LIMITS_INIT;
    size_t offset = 0;
    msgpack_object object;
    if (limits == NULL)
        limits = &usual;
    if (limits->depth > COAX_ANY_DEPTH_MAX)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "a depth of %lu is over the %u that msgpack-c can read",
                              (unsigned long)limits->depth, COAX_ANY_DEPTH_MAX);
    coax_err err = measure(value, limits, error);
    if (err != COAX_OK)
        return err;
    /* Measured whole, so what is left to fail is memory. */
    if (msgpack_unpack((const char *)value.data, value.len, &offset, zone, &object) !=
        MSGPACK_UNPACK_SUCCESS)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "msgpack-c had no memory for the any");
    *ret_object = object;
    return COAX_OK;
}

/* Whether an object nests at most `depth` levels: msgpack-c packs by recursion. */
static bool is_shallow(const msgpack_object *object, uint32_t depth)
{
    if (object->type != MSGPACK_OBJECT_ARRAY && object->type != MSGPACK_OBJECT_MAP)
        return true;
    if (depth == 0)
        return false;
    if (object->type == MSGPACK_OBJECT_ARRAY) {
        for (uint32_t i = 0; i < object->via.array.size; i++) {
            if (!is_shallow(&object->via.array.ptr[i], depth - 1))
                return false;
        }
        return true;
    }
    for (uint32_t i = 0; i < object->via.map.size; i++) {
        const msgpack_object_kv *pair = &object->via.map.ptr[i];
        if (!is_shallow(&pair->key, depth - 1) || !is_shallow(&pair->val, depth - 1))
            return false;
    }
    return true;
}

/* Where a packer writes: only counts while `room` is NULL. */
typedef struct pack_target {
    uint8_t *room;
    size_t len;
} pack_target;

static int pack_write(void *self, const char *bytes, size_t len)
{
    pack_target *target = self;
    if (target->room != NULL)
        memcpy(target->room + target->len, bytes, len);
    target->len += len;
    return 0;
}

static int pack(const msgpack_object *object, pack_target *target)
{
    msgpack_packer packer;
    target->len = 0;
    msgpack_packer_init(&packer, target, pack_write);
    return msgpack_pack_object(&packer, *object);
}

coax_err coax_any_make(const msgpack_object *object, coax_arena *arena, coax_any *ret_value,
                       coax_error *error)
{
    pack_target target = { NULL, 0 };
    if (!is_shallow(object, COAX_ANY_DEPTH_MAX))
        return coax_error_set(error, COAX_ERR_TOO_DEEP, "the object nests deeper than %u levels",
                              COAX_ANY_DEPTH_MAX);
    if (pack(object, &target) != 0)
        return coax_error_set(error, COAX_ERR_MISUSE,
                              "msgpack-c can't pack an object of this type");
    target.room = coax_arena_take(arena, target.len, 1);
    if (target.room == NULL && arena->limit != 0)
        return coax_error_set(error, COAX_ERR_TOO_LARGE,
                              "%zu bytes do not fit the arena's limit of %zu", target.len,
                              arena->limit);
    if (target.room == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for %zu bytes", target.len);
    (void)pack(object, &target);
    ret_value->data = target.room;
    ret_value->len = target.len;
    return COAX_OK;
}

coax_err coax_any_from_buffer(const msgpack_sbuffer *buffer, coax_any *ret_value, coax_error *error)
{
    static const coax_any_limits widest = { COAX_DEPTH_MAX, SIZE_MAX };
    coax_any value = { (const uint8_t *)buffer->data, buffer->size };
    coax_err err = measure(value, &widest, error);
    if (err == COAX_OK)
        *ret_value = value;
    return err;
}
