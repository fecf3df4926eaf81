/*
 * Checks: what a schema's constraints say, reported as a person would.
 *
 * A generated x_check() walks a value and reports each broken rule with the field's path: `tags[2]:
 * 40 bytes, at most 32 allowed (@len)`. Passing costs compares only; paths and words are made on
 * failure. No memory is taken, but by coax_check_unique and coax_check_map_keys for more than 32
 * items. Values of @sensitive fields are not repeated in the words. One thread at a time per
 * coax_violations.
 *
 * The checks themselves are `static inline` in <coax/check_inline.h>, included at the end.
 */
#ifndef COAX_CHECK_H
#define COAX_CHECK_H

#include <coax/bytes.h>
#include <coax/descriptor.h>
#include <coax/error.h>

COAX_BEGIN_DECLS

#define COAX_VIOLATIONS_MAX 8u
#define COAX_VIOLATION_PATH_MAX 96u
#define COAX_VIOLATION_TEXT_MAX 224u
/** Steps of a path that are kept: as deep as a message may nest. */
#define COAX_CHECK_STEPS_MAX 65u

typedef enum coax_check_mode {
    COAX_CHECK_FIRST = 0, /* stop looking after the first violation */
    COAX_CHECK_ALL        /* collect up to COAX_VIOLATIONS_MAX and count the rest */
} coax_check_mode;

/** One broken rule. */
typedef struct coax_violation {
    char path[COAX_VIOLATION_PATH_MAX]; /* "tags[2]", "" for a rule of the whole struct */
    char text[COAX_VIOLATION_TEXT_MAX]; /* "tags[2]: 40 bytes, at most 32 allowed (@len)" */
    const char *rule;                   /* "len", "range", "rule" ... */
} coax_violation;

/** One step of the path being walked. */
typedef struct coax_check_step {
    const coax_type *type; /* of the struct or union the id belongs to; NULL for an index or key */
    uint32_t id;           /* field id, or the index */
} coax_check_step;

/** Invariant: the first min(count, COAX_VIOLATIONS_MAX) of `items` are filled. */
struct coax_violations {
    coax_check_mode mode;
    uint32_t count; /* violations found, also past the ones kept */
    uint32_t depth; /* steps in use, at most COAX_CHECK_STEPS_MAX */
    uint32_t cut;   /* steps not kept because depth passed the room: itself a violation */
    coax_check_step steps[COAX_CHECK_STEPS_MAX];
    coax_violation items[COAX_VIOLATIONS_MAX]; /* the first ones; not cleared */
};

/** Prepares an empty report. */
COAX_API void coax_violations_init(coax_violations *why, coax_check_mode mode);

/** All texts, one a line, cut to `size` with its NUL. Returns the length that was needed, without
 * the NUL. */
COAX_API size_t coax_violations_text(const coax_violations *why, char *buffer, size_t size);

/** A DFA that idlc compiled from an @pattern: state 0 is dead, 1 the start. Linear time, anchored
 * at both ends, over bytes. */
typedef struct coax_dfa {
    const char *pattern;
    const uint8_t *classes; /* 256: byte -> class */
    const uint16_t *next;   /* [state * n_classes + class] */
    const uint8_t *accepts; /* bit per state */
    uint32_t n_classes;
    uint32_t n_states;
} coax_dfa;

typedef enum coax_format {
    COAX_FORMAT_UUID = 1, /* RFC 9562 text, either case */
    COAX_FORMAT_IPV4,     /* dotted quad, no leading zeros (RFC 6943, section 3.1.1, strict) */
    COAX_FORMAT_IPV6,     /* RFC 4291 section 2.2 text, zone refused */
    COAX_FORMAT_IP,       /* either */
    COAX_FORMAT_HOSTNAME, /* RFC 1123 section 2.1: labels of 1 to 63, 253 in all, no trailing dot */
    COAX_FORMAT_EMAIL,    /* WHATWG HTML's rule for input type=email, at most 254 bytes */
    COAX_FORMAT_URI,      /* RFC 3986 section 3: with a scheme, a fragment is fine */
    COAX_FORMAT_HOST_PORT /* host name, IPv4 or [IPv6], ':' and 1 to 65535 without leading zeros */
} coax_format;

/** Whether `text` has this format. Linear time. Any thread. */
COAX_API bool coax_format_matches(coax_format format, coax_str text);

/** Whether the DFA accepts all of `text`. Any thread. */
COAX_API bool coax_dfa_matches(const coax_dfa *dfa, coax_str text);

/** Where one generated check began. */
typedef struct coax_check_scope {
    uint32_t count;
} coax_check_scope;

/*
 * Walking (inline):
 *   coax_check_scope coax_check_struct(coax_violations *why, const coax_type *type);   enters a
 * struct or union bool coax_check_end(coax_violations *why, coax_check_scope scope); leaves; true
 * when nothing was added since void coax_check_at(coax_violations *why, uint32_t id); names the
 * field the next nested x_check or items belong to void coax_check_items_begin(coax_violations
 * *why);              around a loop over a list, array or map (its i-th entry) void
 * coax_check_item(coax_violations *why, size_t index); void coax_check_items_end(coax_violations
 * *why); bool coax_check_done(const coax_violations *why);               nothing more is to be
 * looked at: the mode is FIRST and there is a violation, or the value nests too deep. Loops test
 * it, and so does a check of a recursive type right after coax_check_struct, before it goes on to
 * other structs: a cycle in the caller's data ends there. In mode FIRST, once count > 0 every check
 * returns at once.
 *
 * The field checks, all inline: `id` is the field's id; inside an items loop, where the value is an
 * item and not a field, id is 0 and the path ends with the index. `set` arrays may be in any order.
 *   void coax_check_str(why, id, coax_str s)                 required text is there (data != NULL)
 * and is UTF-8 void coax_check_utf8(why, id, coax_str s)                optional text that is
 * present void coax_check_bytes(why, id, coax_bytes b)             required bytes are there void
 * coax_check_any(why, id, coax_any a)                 required any is there and is one whole
 * MessagePack value void coax_check_len(why, id, size_t len, size_t min, size_t max)          @len
 *   void coax_check_chars(why, id, coax_str s, size_t min, size_t max)        @chars
 *   void coax_check_items(why, id, size_t count, size_t min, size_t max)      @items  (SIZE_MAX: no
 * upper end) void coax_check_range_i64(why, id, int64_t v, int64_t min, int64_t max)   @range, ends
 * included (idlc turns exclusive integer ends) void coax_check_range_u64(why, id, uint64_t v,
 * uint64_t min, uint64_t max) void coax_check_range_f64(why, id, double v, double min, double max,
 * bool exclude_min, bool exclude_max)   NaN fails void coax_check_in_i64(why, id, int64_t v, const
 * int64_t *set, size_t n, bool wanted)      @in (wanted) and @not_in, likewise _u64 _f64 void
 * coax_check_in_str(why, id, coax_str v, const coax_str *set, size_t n, bool wanted) void
 * coax_check_multiple_i64(why, id, int64_t v, int64_t of), _u64, _f64; `of` is not 0 void
 * coax_check_finite(why, id, double v) void coax_check_ascii(why, id, coax_str s) void
 * coax_check_prefix(why, id, coax_str s, coax_str want), coax_check_suffix void
 * coax_check_pattern(why, id, coax_str s, const coax_dfa *dfa) void coax_check_format(why, id,
 * coax_str s, coax_format format) void coax_check_unique(why, id, const coax_type *item, const void
 * *items, size_t count)    @unique; n log n without memory is not to be had: up to 32 items are
 * compared pairwise, more are hashed in a table on the heap (allocation failure is a violation)
 *   void coax_check_enum(why, id, const coax_type *type, int64_t number)      strict enums; flags:
 * no unknown bits when strict void coax_check_variant(why, const coax_type *type, uint32_t kind,
 * bool has_value)   a union has exactly one known variant; an unknown one passes when the union is
 * open and has_value (its raw value) is there void coax_check_timestamp(why, id, coax_timestamp t)
 * nanoseconds below 1e9 void coax_check_map_keys(why, id, const coax_type *map, const void *items,
 * size_t count)     no duplicate keys void coax_check_rule(why, uint32_t id_or_0, bool holds, const
 * char *expression, const char *message)   @rule void coax_check_exactly_one(why, unsigned present,
 * const char *names)     @one_of; `names` as "a, b" void coax_check_at_most_one(why, unsigned
 * present, const char *names) void coax_check_requires(why, bool a, bool b, const char *names) a
 * implies b; `names` as "a, b"
 *
 * Arithmetic in rules (inline): bool coax_rule_add_i64(int64_t a, int64_t b, int64_t *ret) and sub
 * mul div mod neg; add sub mul div mod for u64: false on overflow or division by zero, and then
 * *ret is 0; the rule then fails with coax_check_rule_overflow(why, id, expression).
 */

COAX_END_DECLS

#include <coax/check_inline.h>

#endif
