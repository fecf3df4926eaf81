/*
 * The inline half of <coax/check.h>: the tests, each with a cold reporter out of line.
 *
 * A test that passes costs its compare and one look at why->count in mode FIRST is left to the
 * reporter, which keeps quiet when it is to. Not for inclusion on its own.
 */
#ifndef COAX_CHECK_INLINE_H
#define COAX_CHECK_INLINE_H

#include <coax/check.h>

COAX_BEGIN_DECLS

/* Reporters and the checks that loop, in runtime/src/wire/check*.c. */
COAX_API COAX_COLD void coax_check_fail(coax_violations *why, uint32_t id, const char *rule,
                                        const char *format, ...) COAX_PRINTF(4, 5);
COAX_API COAX_COLD void coax_check_fail_count(coax_violations *why, uint32_t id, const char *rule,
                                              const char *unit, size_t count, size_t min,
                                              size_t max);
COAX_API COAX_COLD void coax_check_fail_range_i64(coax_violations *why, uint32_t id, int64_t value,
                                                  int64_t min, int64_t max);
COAX_API COAX_COLD void coax_check_fail_range_u64(coax_violations *why, uint32_t id, uint64_t value,
                                                  uint64_t min, uint64_t max);
COAX_API COAX_COLD void coax_check_fail_range_f64(coax_violations *why, uint32_t id, double value,
                                                  double min, double max, bool exclude_min,
                                                  bool exclude_max);
COAX_API COAX_COLD void coax_check_fail_multiple_i64(coax_violations *why, uint32_t id,
                                                     int64_t value, int64_t of);
COAX_API COAX_COLD void coax_check_fail_multiple_u64(coax_violations *why, uint32_t id,
                                                     uint64_t value, uint64_t of);
COAX_API COAX_COLD void coax_check_fail_multiple_f64(coax_violations *why, uint32_t id,
                                                     double value, double of);
COAX_API COAX_COLD void coax_check_fail_depth(coax_violations *why);
COAX_API void coax_check_str(coax_violations *why, uint32_t id, coax_str s);
COAX_API void coax_check_utf8(coax_violations *why, uint32_t id, coax_str s);
COAX_API void coax_check_any(coax_violations *why, uint32_t id, coax_any a);
COAX_API void coax_check_chars(coax_violations *why, uint32_t id, coax_str s, size_t min,
                               size_t max);
COAX_API void coax_check_in_i64(coax_violations *why, uint32_t id, int64_t v, const int64_t *set,
                                size_t n, bool wanted);
COAX_API void coax_check_in_u64(coax_violations *why, uint32_t id, uint64_t v, const uint64_t *set,
                                size_t n, bool wanted);
COAX_API void coax_check_in_f64(coax_violations *why, uint32_t id, double v, const double *set,
                                size_t n, bool wanted);
COAX_API void coax_check_in_str(coax_violations *why, uint32_t id, coax_str v, const coax_str *set,
                                size_t n, bool wanted);
COAX_API void coax_check_multiple_f64(coax_violations *why, uint32_t id, double v, double of);
COAX_API void coax_check_ascii(coax_violations *why, uint32_t id, coax_str s);
COAX_API void coax_check_prefix(coax_violations *why, uint32_t id, coax_str s, coax_str want);
COAX_API void coax_check_suffix(coax_violations *why, uint32_t id, coax_str s, coax_str want);
COAX_API void coax_check_pattern(coax_violations *why, uint32_t id, coax_str s,
                                 const coax_dfa *dfa);
COAX_API void coax_check_format(coax_violations *why, uint32_t id, coax_str s, coax_format format);
COAX_API void coax_check_unique(coax_violations *why, uint32_t id, const coax_type *item,
                                const void *items, size_t count);
COAX_API void coax_check_enum(coax_violations *why, uint32_t id, const coax_type *type,
                              int64_t number);
COAX_API void coax_check_variant(coax_violations *why, const coax_type *type, uint32_t kind,
                                 bool has_value);
COAX_API void coax_check_map_keys(coax_violations *why, uint32_t id, const coax_type *map,
                                  const void *items, size_t count);

static inline bool coax_check_done(const coax_violations *why)
{
    return (why->mode == COAX_CHECK_FIRST && why->count > 0) || why->cut > 0;
}

static inline void coax_check_push(coax_violations *why, const coax_type *type)
{
    if (COAX_UNLIKELY(why->depth == COAX_CHECK_STEPS_MAX)) {
        coax_check_fail_depth(why);
        why->cut++;
        return;
    }
    why->steps[why->depth].type = type;
    why->steps[why->depth].id = 0;
    why->depth++;
}

static inline void coax_check_pop(coax_violations *why)
{
    if (COAX_UNLIKELY(why->cut > 0))
        why->cut--;
    else
        why->depth--;
}

static inline coax_check_scope coax_check_struct(coax_violations *why, const coax_type *type)
{
    coax_check_scope scope;
    scope.count = why->count;
    coax_check_push(why, type);
    return scope;
}

static inline bool coax_check_end(coax_violations *why, coax_check_scope scope)
{
    coax_check_pop(why);
    return why->count == scope.count;
}

static inline void coax_check_at(coax_violations *why, uint32_t id)
{
    why->steps[why->depth - 1].id = id;
}

static inline void coax_check_items_begin(coax_violations *why)
{
    coax_check_push(why, NULL);
}

static inline void coax_check_item(coax_violations *why, size_t index)
{
    why->steps[why->depth - 1].id = (uint32_t)index;
}

static inline void coax_check_items_end(coax_violations *why)
{
    coax_check_pop(why);
}

static inline void coax_check_bytes(coax_violations *why, uint32_t id, coax_bytes b)
{
    if (COAX_UNLIKELY(b.data == NULL))
        coax_check_fail(why, id, "required", "required, but absent");
}

static inline void coax_check_len(coax_violations *why, uint32_t id, size_t len, size_t min,
                                  size_t max)
{
    if (COAX_UNLIKELY(len < min || len > max))
        coax_check_fail_count(why, id, "len", "byte", len, min, max);
}

static inline void coax_check_items(coax_violations *why, uint32_t id, size_t count, size_t min,
                                    size_t max)
{
    if (COAX_UNLIKELY(count < min || count > max))
        coax_check_fail_count(why, id, "items", "item", count, min, max);
}

static inline void coax_check_range_i64(coax_violations *why, uint32_t id, int64_t v, int64_t min,
                                        int64_t max)
{
    if (COAX_UNLIKELY(v < min || v > max))
        coax_check_fail_range_i64(why, id, v, min, max);
}

static inline void coax_check_range_u64(coax_violations *why, uint32_t id, uint64_t v, uint64_t min,
                                        uint64_t max)
{
    if (COAX_UNLIKELY(v < min || v > max))
        coax_check_fail_range_u64(why, id, v, min, max);
}

/* Written so that a NaN fails. */
static inline void coax_check_range_f64(coax_violations *why, uint32_t id, double v, double min,
                                        double max, bool exclude_min, bool exclude_max)
{
    bool holds = (exclude_min ? v > min : v >= min) && (exclude_max ? v < max : v <= max);
    if (COAX_UNLIKELY(!holds))
        coax_check_fail_range_f64(why, id, v, min, max, exclude_min, exclude_max);
}

/* INT64_MIN % -1 overflows in C; every integer is a multiple of -1. */
static inline void coax_check_multiple_i64(coax_violations *why, uint32_t id, int64_t v, int64_t of)
{
    if (COAX_UNLIKELY(of != -1 && v % of != 0))
        coax_check_fail_multiple_i64(why, id, v, of);
}

static inline void coax_check_multiple_u64(coax_violations *why, uint32_t id, uint64_t v,
                                           uint64_t of)
{
    if (COAX_UNLIKELY(v % of != 0))
        coax_check_fail_multiple_u64(why, id, v, of);
}

/* x - x is 0 for finite x only; needs neither <math.h> nor its library. */
static inline void coax_check_finite(coax_violations *why, uint32_t id, double v)
{
    if (COAX_UNLIKELY(!(v - v >= 0.0 && v - v <= 0.0)))
        coax_check_fail(why, id, "finite", "not a finite number");
}

static inline void coax_check_timestamp(coax_violations *why, uint32_t id, coax_timestamp t)
{
    if (COAX_UNLIKELY(t.nanoseconds > 999999999u))
        coax_check_fail(why, id, "timestamp", "%lu nanoseconds, at most 999999999 in a timestamp",
                        (unsigned long)t.nanoseconds);
}

static inline void coax_check_rule(coax_violations *why, uint32_t id_or_0, bool holds,
                                   const char *expression, const char *message)
{
    if (COAX_UNLIKELY(!holds))
        coax_check_fail(why, id_or_0, "rule", "%s (@rule %s)", message, expression);
}

static inline void coax_check_rule_overflow(coax_violations *why, uint32_t id_or_0,
                                            const char *expression)
{
    coax_check_fail(why, id_or_0, "rule", "a number overflows in the rule %s (@rule)", expression);
}

static inline void coax_check_exactly_one(coax_violations *why, unsigned present, const char *names)
{
    if (COAX_UNLIKELY(present != 1))
        coax_check_fail(why, 0, "one_of", "%u of %s present, exactly one wanted (@one_of)", present,
                        names);
}

static inline void coax_check_at_most_one(coax_violations *why, unsigned present, const char *names)
{
    if (COAX_UNLIKELY(present > 1))
        coax_check_fail(why, 0, "at_most_one",
                        "%u of %s present, at most one allowed (@at_most_one)", present, names);
}

static inline void coax_check_requires(coax_violations *why, bool a, bool b, const char *names)
{
    if (COAX_UNLIKELY(a && !b))
        coax_check_fail(why, 0, "requires",
                        "of %s only the first is present, and it requires the second (@requires)",
                        names);
}

/* Arithmetic in rules. */

static inline bool coax_rule_add_i64(int64_t a, int64_t b, int64_t *ret)
{
    *ret = 0;
    if (b >= 0 ? a > INT64_MAX - b : a < INT64_MIN - b)
        return false;
    *ret = a + b;
    return true;
}

static inline bool coax_rule_sub_i64(int64_t a, int64_t b, int64_t *ret)
{
    *ret = 0;
    if (b >= 0 ? a < INT64_MIN + b : a > INT64_MAX + b)
        return false;
    *ret = a - b;
    return true;
}

static inline bool coax_rule_mul_i64(int64_t a, int64_t b, int64_t *ret)
{
    *ret = 0;
    if (a == 0 || b == 0)
        return true;
    if (a > 0 ? (b > 0 ? a > INT64_MAX / b : b < INT64_MIN / a)
              : (b > 0 ? a < INT64_MIN / b : b < INT64_MAX / a))
        return false;
    *ret = a * b;
    return true;
}

static inline bool coax_rule_div_i64(int64_t a, int64_t b, int64_t *ret)
{
    *ret = 0;
    if (b == 0 || (a == INT64_MIN && b == -1))
        return false;
    *ret = a / b;
    return true;
}

static inline bool coax_rule_mod_i64(int64_t a, int64_t b, int64_t *ret)
{
    *ret = 0;
    if (b == 0)
        return false;
    *ret = b == -1 ? 0 : a % b;
    return true;
}

static inline bool coax_rule_neg_i64(int64_t a, int64_t *ret)
{
    return coax_rule_sub_i64(0, a, ret);
}

static inline bool coax_rule_add_u64(uint64_t a, uint64_t b, uint64_t *ret)
{
    *ret = 0;
    if (a > UINT64_MAX - b)
        return false;
    *ret = a + b;
    return true;
}

static inline bool coax_rule_sub_u64(uint64_t a, uint64_t b, uint64_t *ret)
{
    *ret = 0;
    if (a < b)
        return false;
    *ret = a - b;
    return true;
}

static inline bool coax_rule_mul_u64(uint64_t a, uint64_t b, uint64_t *ret)
{
    *ret = 0;
    if (b != 0 && a > UINT64_MAX / b)
        return false;
    *ret = a * b;
    return true;
}

static inline bool coax_rule_div_u64(uint64_t a, uint64_t b, uint64_t *ret)
{
    *ret = 0;
    if (b == 0)
        return false;
    *ret = a / b;
    return true;
}

static inline bool coax_rule_mod_u64(uint64_t a, uint64_t b, uint64_t *ret)
{
    *ret = 0;
    if (b == 0)
        return false;
    *ret = a % b;
    return true;
}

COAX_END_DECLS

#endif
