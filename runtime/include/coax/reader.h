/*
 * Reads MessagePack from a complete buffer, with a sticky error that knows the field, the place and
 * the reason.
 *
 * After the first failure every read returns zero and every loop ends, so generated code reads one
 * line per field and tests once at the end (coax_reader_finish). Accepts every legal width of an
 * integer that fits its field, both float widths and any key order; refuses duplicate keys, more
 * elements than bytes left, nesting past the limit, invalid UTF-8. Bounded: time is linear (n log n
 * where a map's keys are out of order), memory is the arena's limit. One thread at a time.
 *
 * The hottest readers are `static inline` in <coax/reader_inline.h>, included at the end.
 */
#ifndef COAX_READER_H
#define COAX_READER_H

#include <coax/arena.h>
#include <coax/bytes.h>
#include <coax/descriptor.h>
#include <coax/error.h>

COAX_BEGIN_DECLS

/** Nesting allowed in one message: structs, unions, lists, arrays, maps and what is inside an
 * `any`. */
#define COAX_DEPTH_MAX 64u
/** Unknown fields whose ids are remembered, to tell a duplicate among out-of-order ones; more than
 * these must ascend. */
#define COAX_UNKNOWN_FIELDS_MAX 64u

typedef struct coax_struct_scope coax_struct_scope;

/** Invariant: start <= at <= end; once an error is set, at == end, and `scope` is never looked at
 * again. */
struct coax_reader {
    const uint8_t *at;  /* next byte */
    const uint8_t *end; /* == at once an error is set */
    const uint8_t *start;
    coax_arena *arena;        /* where decoded text and lists go */
    coax_struct_scope *scope; /* innermost struct being read, for the error's path */
    uint32_t depth;
    coax_err err;
    coax_error fault; /* once err is set: "inner.a: expected an integer, found text, at byte 17" */
};

/**
 * One struct being read; lives in the generated function's frame. Set up by coax_read_struct.
 *
 * Fields in ascending order only move `expect`: while they do, the ids from `run` up to it are the
 * ones read, and `remaining` and `seen` don't count them yet. Whatever else happens settles the run
 * first.
 */
struct coax_struct_scope {
    const uint16_t *expect;     /* in type->ids: the id that comes next if all goes well */
    const uint16_t *expect_end; /* neither past the ids nor past the entries */
    const uint16_t *ids;        /* type->ids; never NULL */
    coax_struct_scope *parent;
    const uint16_t *run; /* where the present run of ascending fields began */
    const coax_type *type;
    uint32_t remaining; /* entries not yet read */
    uint32_t seen_end;  /* all fields seen have an index below */
    uint32_t current; /* id read last when no run is on, for the error's path; 0 before the first */
    uint32_t n_unknown;    /* unknown ids met; the first COAX_UNKNOWN_FIELDS_MAX are kept */
    uint32_t unknown_high; /* highest unknown id so far */
    uint64_t seen[COAX_FIELDS_MAX / 64u];      /* bit i: field i was there */
    uint16_t unknown[COAX_UNKNOWN_FIELDS_MAX]; /* not cleared */
};

/**
 * Reads from `data`, borrowed until the decoded value is no longer used. `arena` is borrowed and
 * takes what is decoded. `data` may be NULL when `len` is 0.
 */
COAX_API void coax_reader_init(coax_reader *reader, const uint8_t *data, size_t len,
                               coax_arena *arena);

/** The sticky error, or COAX_ERR_BAD_MESSAGE when bytes are left over, or COAX_OK. `error` (NULL is
 * fine) takes the words. */
COAX_API COAX_MUST_USE coax_err coax_reader_finish(coax_reader *reader, coax_error *error);

/** Sets the sticky error, with the path of the field being read and the byte, if none is set. */
COAX_API COAX_COLD void coax_reader_fail(coax_reader *reader, coax_err err, const char *format, ...)
    COAX_PRINTF(3, 4);

/**
 * Scalars. For every S, with its C type T, of
 *     bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 str bytes any uuid timestamp duration
 * there are
 *     T coax_read_S(coax_reader *in);             zero on error
 *     coax_S_list coax_read_S_list(coax_reader *in);   items in the arena, non-NULL also for none;
 * {NULL, 0} on error
 *
 * Integers take every width, signed or not, whose value fits; no floats and no bools. f64 takes
 * both widths; f32 takes an f64 only if it has the same value as a float, or is NaN. bool takes
 * only bools. Text is the str family, copied to the arena and NUL-terminated, refused unless UTF-8.
 * bytes is the bin family and any is one whole value: both are views into the input; all three are
 * non-NULL when present. uuid is a bin of 16. timestamp takes the three forms of ext -1 and refuses
 * nanoseconds of 1e9 and more. duration is an i64.
 */
COAX_API coax_str coax_read_str(coax_reader *in);
COAX_API coax_bytes coax_read_bytes(coax_reader *in);
COAX_API coax_any coax_read_any(coax_reader *in);
COAX_API coax_uuid coax_read_uuid(coax_reader *in);
COAX_API coax_timestamp coax_read_timestamp(coax_reader *in);

/** Lists of them, as said above. */
COAX_API coax_bool_list coax_read_bool_list(coax_reader *in);
COAX_API coax_i8_list coax_read_i8_list(coax_reader *in);
COAX_API coax_i16_list coax_read_i16_list(coax_reader *in);
COAX_API coax_i32_list coax_read_i32_list(coax_reader *in);
COAX_API coax_i64_list coax_read_i64_list(coax_reader *in);
COAX_API coax_u8_list coax_read_u8_list(coax_reader *in);
COAX_API coax_u16_list coax_read_u16_list(coax_reader *in);
COAX_API coax_u32_list coax_read_u32_list(coax_reader *in);
COAX_API coax_u64_list coax_read_u64_list(coax_reader *in);
COAX_API coax_f32_list coax_read_f32_list(coax_reader *in);
COAX_API coax_f64_list coax_read_f64_list(coax_reader *in);
COAX_API coax_str_list coax_read_str_list(coax_reader *in);
COAX_API coax_bytes_list coax_read_bytes_list(coax_reader *in);
COAX_API coax_any_list coax_read_any_list(coax_reader *in);
COAX_API coax_uuid_list coax_read_uuid_list(coax_reader *in);
COAX_API coax_timestamp_list coax_read_timestamp_list(coax_reader *in);
COAX_API coax_duration_list coax_read_duration_list(coax_reader *in);

/** u8[N]: a bin of exactly `len`, copied to `ret`; zeroes on error. */
COAX_API void coax_read_fixed(coax_reader *in, uint8_t *ret, size_t len);

/*
 * Structs:
 *
 *     coax_struct_scope scope;
 *     coax_read_struct(in, &scope, &x_type);
 *     for (uint32_t id; coax_next_field(in, &scope, &id);) {
 *         switch (id) {
 *         case 1: ret->a = coax_read_u32(in); break;
 *         default: coax_skip_field(in); break;
 *         }
 *     }
 *     coax_require_fields(in, &scope, 0, 0x1u);
 *
 * bool coax_next_field(coax_reader *in, coax_struct_scope *scope, uint32_t *ret_id), inline: false
 * at the end (which leaves the level) and on error. Refuses a duplicate id; a nil for an optional
 * field is taken as absent and passed over; marks the field seen. Ids in ascending order take a
 * fast path.
 *
 * void coax_require_fields(coax_reader *in, const coax_struct_scope *scope, uint32_t word, uint64_t
 * mask), inline: fails, naming the first absent field among the bits of `mask` in seen[word].
 */

/** The map header of a struct or error; enters one level. `scope` is the caller's and must outlive
 * the loop. */
COAX_API void coax_read_struct(coax_reader *in, coax_struct_scope *scope, const coax_type *type);

/**
 * The same, after giving `ret`, a value of `type`, its defaults (type->initial): how a generated
 * decode begins.
 */
COAX_API void coax_read_struct_into(coax_reader *in, coax_struct_scope *scope,
                                    const coax_type *type, void *ret);

/** Skips one unknown value, iteratively and depth-limited. */
COAX_API void coax_skip_field(coax_reader *in);

/**
 * An array header; enters one level, which coax_list_done leaves. Refuses counts over the bytes
 * left. Returns zeroed room for the items from the arena, non-NULL also for none; on error NULL,
 * and *ret_count = 0.
 */
COAX_API void *coax_read_list(coax_reader *in, size_t item_size, size_t align, size_t *ret_count);

/** The same for map<K,V>: `entry_size` bytes for each key and value. coax_map_done leaves the
 * level. */
COAX_API void *coax_read_map(coax_reader *in, size_t entry_size, size_t align, size_t *ret_count);

/** Refuses duplicate keys (linear when they ascend, else sorts an index in the arena); leaves the
 * level. */
COAX_API void coax_map_done(coax_reader *in, const coax_type *map, const void *items, size_t count);

/** The array header of T[count], exactly `count`; enters a level, which coax_list_done leaves.
 * False on error. */
COAX_API bool coax_read_array(coax_reader *in, size_t count);

/**
 * A union's one-entry map: the variant's id, 0 on error; enters one level, which coax_union_done
 * leaves. The caller then reads the variant's value, or takes coax_read_unknown_variant for an id
 * it doesn't know.
 */
COAX_API uint32_t coax_read_union(coax_reader *in, coax_struct_scope *scope, const coax_type *type);

/** The raw value of an unknown variant; refuses it (and returns an absent one) when the union is
 * strict. */
COAX_API coax_any coax_read_unknown_variant(coax_reader *in, const coax_type *type);

/** Strict enums and flags: refuses a number (or a bit) that `type` does not name. Others pass. */
COAX_API void coax_expect_enum(coax_reader *in, const coax_type *type, int64_t number);

/** Zeroed room in the arena for a struct behind a pointer; NULL, and the sticky error, when there
 * is none. */
COAX_API void *coax_read_object(coax_reader *in, size_t size, size_t align);

COAX_END_DECLS

#include <coax/reader_inline.h>

#endif
