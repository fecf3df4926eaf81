/*
 * Reads MessagePack from a complete buffer, with a sticky error that knows the field, the place and the reason.
 *
 * After the first failure every read returns zero and every loop ends, so generated code reads one line per field and
 * tests once at the end (coax_reader_finish). Accepts every legal width of an integer that fits its field, both float
 * widths and any key order; refuses duplicate keys, more elements than bytes left, nesting past the limit, invalid UTF-8.
 * Bounded: time is linear (n log n where a map's keys are out of order), memory is the arena's limit.
 * One thread at a time.
 */
#ifndef COAX_READER_H
#define COAX_READER_H

#include <coax/arena.h>
#include <coax/bytes.h>
#include <coax/descriptor.h>
#include <coax/error.h>

COAX_BEGIN_DECLS

/** Nesting allowed in one message. */
#define COAX_DEPTH_MAX 64u
/** Unknown fields whose ids are remembered, to tell a duplicate among out-of-order ones; more than these must ascend. */
#define COAX_UNKNOWN_FIELDS_MAX 64u

typedef struct coax_struct_scope coax_struct_scope;

struct coax_reader {
    const uint8_t *at; /* next byte; start <= at <= end */
    const uint8_t *end; /* == at once an error is set */
    const uint8_t *start;
    coax_arena *arena; /* where decoded text, bytes and lists go */
    coax_struct_scope *scope; /* innermost struct being read, for the error's path */
    uint32_t depth;
    coax_err err;
    coax_error fault; /* the words: "amount.units: expected an integer, found a string, at byte 17" */
};

/** One struct being read; lives in the generated function's frame. */
struct coax_struct_scope {
    coax_struct_scope *parent;
    const coax_type *type;
    uint32_t remaining;    /* entries not yet read */
    uint32_t next;         /* index of the field expected next, when ids ascend */
    uint32_t current;      /* id being read, for the error's path */
    uint32_t n_unknown;
    uint32_t unknown_high; /* highest unknown id so far */
    uint64_t seen[COAX_FIELDS_MAX / 64u]; /* bit i: field i was there */
    uint16_t unknown[COAX_UNKNOWN_FIELDS_MAX]; /* not cleared */
};

/** Reads from `data`, borrowed until the decoded value is no longer used. `arena` is borrowed and takes what is decoded. */
COAX_API void coax_reader_init(coax_reader *reader, const uint8_t *data, size_t len, coax_arena *arena);

/** The sticky error, or COAX_ERR_BAD_MESSAGE when bytes are left over, or COAX_OK. `error` (NULL is fine) takes the words. */
COAX_API COAX_MUST_USE coax_err coax_reader_finish(coax_reader *reader, coax_error *error);

/** Sets the sticky error, with the path of the field being read and the byte, if none is set. */
COAX_API COAX_COLD void coax_reader_fail(coax_reader *reader, coax_err err, const char *format, ...) COAX_PRINTF(3, 4);

/* CONTRACT for generated code. For every scalar S of
 *     bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 str bytes any uuid timestamp duration
 *     T coax_read_S(coax_reader *in);                   zero on error; str copied to the arena and NUL-terminated; bytes and any
 *                                                       are views into the input; both non-NULL when present
 *     coax_S_list coax_read_S_list(coax_reader *in);
 * and
 *     void coax_read_struct(coax_reader *in, coax_struct_scope *scope, const coax_type *type);   map header; enters one level
 *     bool coax_next_field(coax_reader *in, coax_struct_scope *scope, uint32_t *ret_id);
 *         false at the end (leaves the level) and on error. Refuses a duplicate id; a nil for an optional field is taken as absent
 *         and passed over; marks seen. In-order ids take a fast path.
 *     void coax_skip_field(coax_reader *in);            skips one unknown value, iteratively, depth-limited
 *     void coax_require_fields(coax_reader *in, const coax_struct_scope *scope, uint32_t word, uint64_t mask);
 *         fails naming the first absent field among the bits of `mask` in seen[word]
 *     void *coax_read_list(coax_reader *in, size_t item_size, size_t align, size_t *ret_count);
 *         array header; enters one level; refuses counts over the bytes left; zeroed room for the items from the arena (non-NULL, also
 *         for none); on error *ret_count = 0
 *     void coax_list_done(coax_reader *in);             leaves the level
 *     void *coax_read_map(coax_reader *in, size_t entry_size, size_t align, size_t *ret_count);    the same for map<K,V>
 *     void coax_map_done(coax_reader *in, const coax_type *map, const void *items, size_t count);
 *         refuses duplicate keys (linear when they ascend, else sorts an index in the arena); leaves the level
 *     bool coax_read_array(coax_reader *in, size_t count);     array header of exactly `count`; enters a level; coax_list_done leaves
 *     void coax_read_fixed(coax_reader *in, uint8_t *ret, size_t len);             bin of exactly len
 *     uint32_t coax_read_union(coax_reader *in, coax_struct_scope *scope, const coax_type *type);
 *         one-entry map; the variant's id; enters one level
 *     coax_any coax_read_unknown_variant(coax_reader *in, const coax_type *type);  raw value of an unknown variant; refuses it when strict
 *     void coax_union_done(coax_reader *in, coax_struct_scope *scope);             leaves the level
 *     void coax_expect_enum(coax_reader *in, const coax_type *type, int64_t number);   strict enums: refuses unknown numbers
 *     void *coax_read_object(coax_reader *in, size_t size, size_t align);   zeroed room in the arena for a struct behind a pointer; on failure a
 *         NULL (and the sticky error): the caller then breaks
 */

COAX_END_DECLS

#endif
