/*
 * The reader's walk over structs and unions: fields out of order, unknown, duplicate, absent.
 *
 * The common walk, ids ascending and known, is inline in <coax/reader_inline.h>. Read next:
 * reader_scalars.c.
 */
#include <assert.h>

#include "wire/reader_parts.h"

/* Everything but the memory for unknown ids, which n_unknown guards. */
static inline void enter_scope(coax_reader *in, coax_struct_scope *scope, const coax_type *type)
{
    scope->parent = in->scope;
    scope->type = type;
    scope->ids = type->ids;
    scope->n_fields = type->n_fields;
    scope->remaining = 0;
    scope->next = 0;
    scope->current = 0;
    scope->n_unknown = 0;
    scope->unknown_high = 0;
    for (unsigned word = 0; word < COAX_FIELDS_MAX / 64u; word++)
        scope->seen[word] = 0;
    in->scope = scope;
}

void coax_read_struct(coax_reader *in, coax_struct_scope *scope, const coax_type *type)
{
    uint32_t count;
    assert(type->n_fields <= COAX_FIELDS_MAX);
    enter_scope(in, scope, type);
    if (COAX_LIKELY(cx_read_count(in, &cx_header_map, 2, &count)))
        scope->remaining = count;
}

/* A field id: an unsigned integer of any width, up to COAX_FIELD_ID_MAX. */
static bool read_key(coax_reader *in, uint32_t *ret_id)
{
    if (in->at < in->end && *in->at < 0x80) {
        *ret_id = *in->at++;
        return true;
    }
    if (in->at == in->end ||
        (cx_tag_family(*in->at) != CX_FAMILY_UINT && cx_tag_family(*in->at) != CX_FAMILY_INT)) {
        cx_fail_expected(in, "a field id");
        return false;
    }
    *ret_id = (uint32_t)coax_read_int_slow(in, 0, COAX_FIELD_ID_MAX);
    return in->err == COAX_OK;
}

/* The index of field `id`, n_fields if the type has none. Looks just ahead first: a skipped
 * optional is the usual case. */
static uint32_t find_field(const coax_struct_scope *scope, uint32_t id)
{
    for (uint32_t i = scope->next; i < scope->n_fields && i < scope->next + 4; i++) {
        if (scope->ids[i] == id)
            return i;
    }
    uint32_t low = 0, high = scope->n_fields;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (scope->ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < scope->n_fields && scope->ids[low] == id ? low : scope->n_fields;
}

/* Remembers an unknown id, so that a second one is refused. Past the room for that, ids must
 * ascend. */
static bool note_unknown(coax_reader *in, coax_struct_scope *scope, uint32_t id)
{
    bool ascends = scope->n_unknown == 0 || id > scope->unknown_high;
    uint32_t kept =
        scope->n_unknown < COAX_UNKNOWN_FIELDS_MAX ? scope->n_unknown : COAX_UNKNOWN_FIELDS_MAX;
    for (uint32_t i = 0; !ascends && i < kept; i++) {
        if (scope->unknown[i] == id) {
            coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "the field is there twice");
            return false;
        }
    }
    if (!ascends && scope->n_unknown >= COAX_UNKNOWN_FIELDS_MAX) {
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE,
                         "more than %u unknown fields, and their ids do not ascend",
                         COAX_UNKNOWN_FIELDS_MAX);
        return false;
    }
    if (scope->n_unknown < COAX_UNKNOWN_FIELDS_MAX)
        scope->unknown[scope->n_unknown] = (uint16_t)id;
    scope->n_unknown++;
    if (ascends)
        scope->unknown_high = id;
    return true;
}

/* Marks field `index` seen; false, and a failure, when it was before. */
static bool note_known(coax_reader *in, coax_struct_scope *scope, uint32_t index)
{
    uint64_t bit = (uint64_t)1 << (index % 64);
    if ((scope->seen[index / 64] & bit) != 0) {
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "the field is there twice");
        return false;
    }
    scope->seen[index / 64] |= bit;
    scope->next = index + 1;
    return true;
}

static bool is_optional(const coax_type *type, uint32_t index)
{
    return type->optional != NULL && (type->optional[index / 64] >> (index % 64) & 1) != 0;
}

bool coax_next_field_slow(coax_reader *in, coax_struct_scope *scope, uint32_t *ret_id)
{
    while (scope->remaining != 0) {
        scope->current = 0;
        if (!read_key(in, ret_id))
            break;
        scope->remaining--;
        scope->current = *ret_id;
        uint32_t index = find_field(scope, *ret_id);
        if (index == scope->n_fields) {
            if (note_unknown(in, scope, *ret_id))
                return true;
            break;
        }
        if (!note_known(in, scope, index))
            break;
        if (in->at == in->end || *in->at != 0xc0 || !is_optional(scope->type, index))
            return true;
        in->at++; /* nil: as if the field weren't there */
    }
    coax_leave_struct(in, scope);
    return false;
}

void coax_require_fields_fail(coax_reader *in, const coax_struct_scope *scope, uint32_t word,
                              uint64_t missing)
{
    uint32_t index = word * 64;
    for (; (missing & 1) == 0; missing >>= 1)
        index++;
    /* The scope was left with its last field; the path is to end with the absent one. */
    coax_struct_scope *outer = in->scope;
    coax_struct_scope absent = *scope;
    absent.current = scope->ids[index];
    in->scope = &absent;
    coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "required, but absent");
    in->scope = outer;
}

uint32_t coax_read_union(coax_reader *in, coax_struct_scope *scope, const coax_type *type)
{
    uint32_t count, id;
    enter_scope(in, scope, type);
    if (!cx_read_count(in, &cx_header_map, 2, &count))
        return 0;
    if (count != 1) {
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "a union has exactly one entry, found %lu",
                         (unsigned long)count);
        return 0;
    }
    if (!read_key(in, &id))
        return 0;
    if (id == 0)
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "0 is no variant of a union");
    scope->current = id;
    return id;
}

coax_any coax_read_unknown_variant(coax_reader *in, const coax_type *type)
{
    coax_any absent = { NULL, 0 };
    if (!type->is_strict)
        return coax_read_any(in);
    coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "%s is strict and has no such variant", type->name);
    return absent;
}

static bool names_number(const coax_type *type, int64_t number)
{
    for (uint32_t i = 0; i < type->n_values; i++) {
        if (type->values[i].number == number)
            return true;
    }
    return false;
}

static uint64_t named_bits(const coax_type *type)
{
    uint64_t bits = 0;
    for (uint32_t i = 0; i < type->n_values; i++)
        bits |= (uint64_t)type->values[i].number;
    return bits;
}

static COAX_COLD void fail_enum(coax_reader *in, const coax_type *type, int64_t number)
{
    const char *what = type->kind == COAX_KIND_FLAGS ? "has bits" : "is a number";
    if (cx_reading_sensitive(in))
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "%s that %s, which is strict, does not name",
                         what, type->name);
    else
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE,
                         "%lld %s that %s, which is strict, does not name", (long long)number, what,
                         type->name);
}

void coax_expect_enum(coax_reader *in, const coax_type *type, int64_t number)
{
    if (!type->is_strict || in->err != COAX_OK)
        return;
    bool is_named = type->kind == COAX_KIND_FLAGS ? ((uint64_t)number & ~named_bits(type)) == 0
                                                  : names_number(type, number);
    if (!is_named)
        fail_enum(in, type, number);
}
