/*
 * The reader's walk over structs and unions: fields out of order, unknown, duplicate, absent.
 *
 * The common walk, ids ascending and known, is inline in <coax/reader_inline.h>. Read next:
 * reader_scalars.c.
 */
#include <assert.h>
#include <string.h>

#include "wire/reader_parts.h"

/*
 * Begins a run of ascending fields at `index`: as far as there are both ids and entries. There is none while a field
 * further on was seen already, since a run doesn't look for duplicates.
 */
static inline void begin_run(coax_struct_scope *scope, uint32_t index)
{
    uint32_t ids_left = scope->type->n_fields - index;
    uint32_t len = ids_left < scope->remaining ? ids_left : scope->remaining;
    scope->run = scope->ids + index;
    scope->expect = scope->run;
    scope->expect_end = scope->run + (index >= scope->seen_end ? len : 0);
}

/* All bits from `first`, at most 64, on. */
static inline uint64_t bits_from(uint32_t first)
{
    return first < 64 ? UINT64_MAX << first : 0;
}

/* A word at a time. */
static void mark_seen(coax_struct_scope *scope, uint32_t first, uint32_t end)
{
    for (uint32_t word = first / 64; word * 64 < end; word++) {
        uint32_t low = first > word * 64 ? first - word * 64 : 0;
        uint32_t high = end - word * 64 < 64 ? end - word * 64 : 64;
        scope->seen[word] |= bits_from(low) & ~bits_from(high);
    }
}

/* Counts the fields of the present run, and ends it. Returns the index of the field behind them. */
static inline uint32_t settle_run(coax_struct_scope *scope)
{
    uint32_t first = (uint32_t)(scope->run - scope->ids);
    uint32_t end = (uint32_t)(scope->expect - scope->ids);
    if (end > first) {
        scope->current = scope->expect[-1];
        scope->seen_end = end;
    }
    if (COAX_LIKELY(end < 64))
        scope->seen[0] |= ((uint64_t)1 << end) - ((uint64_t)1 << first);
    else
        mark_seen(scope, first, end);
    scope->remaining -= end - first;
    scope->run = scope->expect;
    scope->expect_end = scope->expect;
    return end;
}

/* The id being read, or read last; 0 before the first. */
uint32_t cx_scope_current(const coax_struct_scope *scope)
{
    return scope->expect > scope->run ? scope->expect[-1] : scope->current;
}

/* Everything but the memory for unknown ids, which n_unknown guards. */
static inline void enter_scope(coax_reader *in, coax_struct_scope *scope, const coax_type *type)
{
    static const uint16_t no_ids[1] = { 0 };
    scope->parent = in->scope;
    scope->type = type;
    scope->ids = type->ids != NULL ? type->ids : no_ids;
    scope->seen_end = 0;
    scope->remaining = 0;
    scope->current = 0;
    scope->n_unknown = 0;
    scope->unknown_high = 0;
    scope->seen[0] = 0;
    if (COAX_UNLIKELY(type->n_fields > 64))
        memset(scope->seen, 0, sizeof scope->seen);
    scope->run = scope->ids;
    scope->expect = scope->ids;
    scope->expect_end = scope->ids;
    in->scope = scope;
}

/* A header of more than 15 fields, and every failure. */
static COAX_NOINLINE void read_large_struct(coax_reader *in, coax_struct_scope *scope)
{
    uint32_t count;
    if (!cx_read_map_count(in, &count))
        return;
    scope->remaining = count;
    begin_run(scope, 0);
}

/* The usual header is taken here without a call, because small structs cost little else. */
static inline void read_struct(coax_reader *in, coax_struct_scope *scope, const coax_type *type)
{
    const uint8_t *at = in->at;
    assert(type->n_fields <= COAX_FIELDS_MAX);
    enter_scope(in, scope, type);
    if (COAX_LIKELY(at < in->end && (*at & 0xf0) == 0x80 && in->depth < COAX_DEPTH_MAX)) {
        uint32_t count = *at & 0x0fu;
        if (COAX_LIKELY(count * 2 < (size_t)(in->end - at))) {
            in->depth++;
            in->at = at + 1;
            scope->remaining = count;
            scope->expect_end = scope->ids + (count < type->n_fields ? count : type->n_fields);
            return;
        }
    }
    read_large_struct(in, scope);
}

void coax_read_struct(coax_reader *in, coax_struct_scope *scope, const coax_type *type)
{
    read_struct(in, scope, type);
}

void coax_read_struct_into(coax_reader *in, coax_struct_scope *scope, const coax_type *type,
                           void *ret)
{
    memcpy(ret, type->initial, type->size);
    read_struct(in, scope, type);
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

/* The index of field `id`, n_fields if the type has none. Looks ahead of `next` first: a skipped optional is the usual case. */
static uint32_t find_field(const coax_type *type, uint32_t next, uint32_t id)
{
    for (uint32_t i = next; i < type->n_fields && i < next + 4; i++) {
        if (type->ids[i] == id)
            return i;
    }
    uint32_t low = 0, high = type->n_fields;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (type->ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < type->n_fields && type->ids[low] == id ? low : type->n_fields;
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
    if (index >= scope->seen_end)
        scope->seen_end = index + 1;
    return true;
}

static bool is_optional(const coax_type *type, uint32_t index)
{
    return type->optional != NULL && (type->optional[index / 64] >> (index % 64) & 1) != 0;
}

/* Reads keys until one is a field to be read: not absent by a nil. `next` is the index expected. COAX_NO_FIELD on error.
 * Out of line, so that a struct's end, which every struct comes to, saves no registers. */
static COAX_NOINLINE uint32_t find_next_field(coax_reader *in, coax_struct_scope *scope,
                                              uint32_t next)
{
    uint32_t id;
    while (scope->remaining != 0) {
        scope->current = 0;
        if (!read_key(in, &id))
            break;
        scope->remaining--;
        scope->current = id;
        uint32_t index = find_field(scope->type, next, id);
        if (index == scope->type->n_fields) {
            if (!note_unknown(in, scope, id))
                break;
            begin_run(scope, next);
            return id;
        }
        if (!note_known(in, scope, index))
            break;
        next = index + 1;
        bool is_nil = in->at < in->end && *in->at == 0xc0;
        if (!is_nil || !is_optional(scope->type, index)) {
            begin_run(scope, next);
            return id;
        }
        in->at++; /* nil: as if the field weren't there */
    }
    return COAX_NO_FIELD;
}

static COAX_NOINLINE uint32_t leave_run(coax_reader *in, coax_struct_scope *scope)
{
    uint32_t next = settle_run(scope);
    uint32_t id = scope->remaining == 0 ? COAX_NO_FIELD : find_next_field(in, scope, next);
    if (id == COAX_NO_FIELD)
        coax_leave_struct(in, scope);
    return id;
}

/* The usual end of a struct, one run over all its entries, takes no call. */
uint32_t coax_next_field_slow(coax_reader *in, coax_struct_scope *scope)
{
    size_t len = (size_t)(scope->expect - scope->ids);
    if (COAX_UNLIKELY(len != scope->remaining || scope->run != scope->ids || len >= 64))
        return leave_run(in, scope);
    scope->seen[0] = ((uint64_t)1 << len) - 1;
    scope->current = len > 0 ? scope->expect[-1] : 0;
    scope->remaining = 0;
    scope->run = scope->expect;
    coax_leave_struct(in, scope);
    return COAX_NO_FIELD;
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
    absent.run = absent.expect;
    in->scope = &absent;
    coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "required, but absent");
    in->scope = outer;
}

uint32_t coax_read_union(coax_reader *in, coax_struct_scope *scope, const coax_type *type)
{
    uint32_t count, id;
    enter_scope(in, scope, type);
    if (!cx_read_map_count(in, &count))
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
