/*
 * Checks that look at more than one number: text, sets, uniqueness, enums, unions.
 *
 * The others are inline in <coax/check_inline.h>. Read next: base/format.c.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <coax/reader.h>

#include "base/format.h"
#include "base/utf8.h"
#include "wire/check_parts.h"
#include "wire/keys.h"
#include "wire/token.h"
#include "wire/value.h"

static const uint8_t *text_bytes(coax_str s)
{
    return (const uint8_t *)s.data;
}

void coax_check_str(coax_violations *why, uint32_t id, coax_str s)
{
    if (COAX_UNLIKELY(s.data == NULL))
        coax_check_fail(why, id, "required", "required, but absent");
    else
        coax_check_utf8(why, id, s);
}

void coax_check_utf8(coax_violations *why, uint32_t id, coax_str s)
{
    size_t valid = cx_utf8_valid_prefix(text_bytes(s), s.len);
    if (COAX_UNLIKELY(valid != s.len))
        coax_check_fail(why, id, "utf8", "not UTF-8 from byte %zu on", valid);
}

void coax_check_any(coax_violations *why, uint32_t id, coax_any a)
{
    size_t len = 0;
    if (a.data == NULL) {
        coax_check_fail(why, id, "required", "required, but absent");
        return;
    }
    uint32_t depth = COAX_DEPTH_MAX - (why->depth < COAX_DEPTH_MAX ? why->depth : COAX_DEPTH_MAX);
    cx_extent extent = cx_value_extent(a.data, a.data + a.len, depth, SIZE_MAX, &len);
    if (extent != CX_EXTENT_WHOLE)
        coax_check_fail(why, id, "any", "not one MessagePack value: it %s", cx_extent_text(extent));
    else if (len != a.len)
        coax_check_fail(why, id, "any", "not one MessagePack value: %zu bytes are left over",
                        a.len - len);
}

void coax_check_chars(coax_violations *why, uint32_t id, coax_str s, size_t min, size_t max)
{
    size_t count = cx_utf8_count(text_bytes(s), s.len);
    if (COAX_UNLIKELY(count < min || count > max))
        coax_check_fail_count(why, id, "chars", "character", count, min, max);
}

#define VALUE_TEXT_MAX 40

void coax_check_in_i64(coax_violations *why, uint32_t id, int64_t v, const int64_t *set, size_t n,
                       bool wanted)
{
    char text[VALUE_TEXT_MAX];
    bool is_in = false;
    for (size_t i = 0; i < n && !is_in; i++)
        is_in = set[i] == v;
    if (COAX_LIKELY(is_in == wanted))
        return;
    snprintf(text, sizeof text, "%" PRId64, v);
    cx_check_fail_in(why, id, text, wanted);
}

void coax_check_in_u64(coax_violations *why, uint32_t id, uint64_t v, const uint64_t *set, size_t n,
                       bool wanted)
{
    char text[VALUE_TEXT_MAX];
    bool is_in = false;
    for (size_t i = 0; i < n && !is_in; i++)
        is_in = set[i] == v;
    if (COAX_LIKELY(is_in == wanted))
        return;
    snprintf(text, sizeof text, "%" PRIu64, v);
    cx_check_fail_in(why, id, text, wanted);
}

void coax_check_in_f64(coax_violations *why, uint32_t id, double v, const double *set, size_t n,
                       bool wanted)
{
    char text[VALUE_TEXT_MAX];
    bool is_in = false;
    for (size_t i = 0; i < n && !is_in; i++)
        is_in = v >= set[i] && v <= set[i];
    if (COAX_LIKELY(is_in == wanted))
        return;
    snprintf(text, sizeof text, "%.9g", v);
    cx_check_fail_in(why, id, text, wanted);
}

/* The text itself may be anything, so it isn't repeated. */
void coax_check_in_str(coax_violations *why, uint32_t id, coax_str v, const coax_str *set, size_t n,
                       bool wanted)
{
    bool is_in = false;
    for (size_t i = 0; i < n && !is_in; i++)
        is_in = v.len == set[i].len && (v.len == 0 || memcmp(v.data, set[i].data, v.len) == 0);
    if (COAX_UNLIKELY(is_in != wanted))
        cx_check_fail_in(why, id, "the text", wanted);
}

/*
 * A float is a multiple if the nearest whole number of steps leads back to it within one part in 10^12, because 0.3 is no
 * exact multiple of 0.1 in binary, and everybody means that it is.
 */
void coax_check_multiple_f64(coax_violations *why, uint32_t id, double v, double of)
{
    double steps = v / of;
    bool holds = steps - steps >= 0.0; /* finite */
    /* From 2^52 on, every double is whole. */
    if (holds && steps > -4503599627370496.0 && steps < 4503599627370496.0) {
        double nearest = (double)(int64_t)(steps + (steps < 0 ? -0.5 : 0.5));
        double off = steps - nearest;
        double slack = 1e-12 * (nearest < 0 ? 1.0 - nearest : 1.0 + nearest);
        holds = off <= slack && off >= -slack && slack < 0.25;
    }
    if (COAX_UNLIKELY(!holds))
        coax_check_fail_multiple_f64(why, id, v, of);
}

void coax_check_ascii(coax_violations *why, uint32_t id, coax_str s)
{
    if (COAX_UNLIKELY(!cx_utf8_is_ascii(text_bytes(s), s.len)))
        coax_check_fail(why, id, "ascii", "not all ASCII (@ascii)");
}

void coax_check_prefix(coax_violations *why, uint32_t id, coax_str s, coax_str want)
{
    if (COAX_UNLIKELY(s.len < want.len ||
                      (want.len != 0 && memcmp(s.data, want.data, want.len) != 0)))
        coax_check_fail(why, id, "prefix", "does not begin with \"%.*s\" (@prefix)", (int)want.len,
                        want.data);
}

void coax_check_suffix(coax_violations *why, uint32_t id, coax_str s, coax_str want)
{
    if (COAX_UNLIKELY(s.len < want.len || (want.len != 0 && memcmp(s.data + (s.len - want.len),
                                                                   want.data, want.len) != 0)))
        coax_check_fail(why, id, "suffix", "does not end with \"%.*s\" (@suffix)", (int)want.len,
                        want.data);
}

bool coax_dfa_matches(const coax_dfa *dfa, coax_str text)
{
    uint32_t state = 1;
    for (size_t i = 0; i < text.len && state != 0; i++)
        state = dfa->next[state * dfa->n_classes + dfa->classes[(uint8_t)text.data[i]]];
    return (dfa->accepts[state / 8] >> (state % 8) & 1) != 0;
}

void coax_check_pattern(coax_violations *why, uint32_t id, coax_str s, const coax_dfa *dfa)
{
    if (COAX_UNLIKELY(!coax_dfa_matches(dfa, s)))
        coax_check_fail(why, id, "pattern", "does not match \"%s\" (@pattern)", dfa->pattern);
}

/* Up to this many items are compared with each other; more are sorted by index. */
enum { PAIRWISE_MAX = 32 };

static void fail_twice(coax_violations *why, uint32_t id, const char *rule, size_t first,
                       size_t second)
{
    bool is_key = strcmp(rule, "map") == 0;
    size_t low = first < second ? first : second, high = first < second ? second : first;
    if (is_key)
        coax_check_fail(why, id, rule, "entries %zu and %zu have the same key", low, high);
    else
        coax_check_fail(why, id, rule, "items %zu and %zu are equal (@unique)", low, high);
}

static void check_pairs(coax_violations *why, uint32_t id, const coax_type *map,
                        const uint8_t *items, size_t count, const char *rule)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (cx_value_compare(map->key, items + i * map->size, items + j * map->size,
                                 COAX_DEPTH_MAX) != 0)
                continue;
            fail_twice(why, id, rule, i, j);
            return;
        }
    }
}

/* Sorted rather than hashed: a peer that chose the items could make a hash collide, and n log n always holds. */
static void check_sorted(coax_violations *why, uint32_t id, const coax_type *map, const void *items,
                         size_t count, const char *rule)
{
    size_t at;
    if (cx_keys_ascend(map, items, count, &at))
        return;
    if (count > UINT32_MAX || count > SIZE_MAX / sizeof(uint32_t)) {
        coax_check_fail(why, id, rule, "%zu are too many to compare (@%s)", count, rule);
        return;
    }
    uint32_t *order = malloc(count * sizeof *order);
    if (order == NULL) {
        coax_check_fail(why, id, rule, "no memory to compare %zu of them (@%s)", count, rule);
        return;
    }
    cx_keys_sort(map, items, order, count);
    at = cx_keys_find_duplicate(map, items, order, count);
    if (at < count)
        fail_twice(why, id, rule, order[at - 1], order[at]);
    free(order);
}

static void check_differ(coax_violations *why, uint32_t id, const coax_type *map, const void *items,
                         size_t count, const char *rule)
{
    if (coax_check_done(why))
        return;
    if (count <= PAIRWISE_MAX)
        check_pairs(why, id, map, items, count, rule);
    else
        check_sorted(why, id, map, items, count, rule);
}

/* An item is an entry that is all key. */
void coax_check_unique(coax_violations *why, uint32_t id, const coax_type *item, const void *items,
                       size_t count)
{
    coax_type as_map = { .kind = COAX_KIND_MAP,
                         .size = (uint32_t)cx_value_size(item),
                         .key = item };
    check_differ(why, id, &as_map, items, count, "unique");
}

void coax_check_map_keys(coax_violations *why, uint32_t id, const coax_type *map, const void *items,
                         size_t count)
{
    check_differ(why, id, map, items, count, "map");
}

static bool names_number(const coax_type *type, int64_t number)
{
    for (uint32_t i = 0; i < type->n_values; i++) {
        if (type->values[i].number == number)
            return true;
    }
    return false;
}

void coax_check_enum(coax_violations *why, uint32_t id, const coax_type *type, int64_t number)
{
    if (!type->is_strict)
        return;
    if (type->kind == COAX_KIND_FLAGS) {
        uint64_t unknown = (uint64_t)number;
        for (uint32_t i = 0; i < type->n_values; i++)
            unknown &= ~(uint64_t)type->values[i].number;
        if (unknown != 0)
            coax_check_fail(why, id, "flags",
                            "has bits 0x%" PRIx64 " that %s, which is strict, does not name",
                            unknown, type->name);
    } else if (!names_number(type, number)) {
        coax_check_fail(why, id, "enum", "%" PRId64 " is no value of %s, which is strict", number,
                        type->name);
    }
}

void coax_check_variant(coax_violations *why, const coax_type *type, uint32_t kind, bool has_value)
{
    bool is_known = false;
    for (uint32_t i = 0; i < type->n_fields && !is_known; i++)
        is_known = type->ids[i] == kind;
    if (COAX_LIKELY(is_known && has_value))
        return;
    if (kind == 0)
        coax_check_fail(why, 0, "union", "no variant of %s is chosen", type->name);
    else if (!is_known && type->is_strict)
        coax_check_fail(why, 0, "union", "%lu is no variant of %s, which is strict",
                        (unsigned long)kind, type->name);
    else if (!has_value)
        coax_check_fail(why, is_known ? kind : 0, "union", "the chosen variant of %s has no value",
                        type->name);
}

bool coax_format_matches(coax_format format, coax_str text)
{
    switch (format) {
    case COAX_FORMAT_UUID: return cx_format_uuid(text.data, text.len);
    case COAX_FORMAT_IPV4: return cx_format_ipv4(text.data, text.len);
    case COAX_FORMAT_IPV6: return cx_format_ipv6(text.data, text.len);
    case COAX_FORMAT_IP:
        return cx_format_ipv4(text.data, text.len) || cx_format_ipv6(text.data, text.len);
    case COAX_FORMAT_HOSTNAME: return cx_format_hostname(text.data, text.len);
    case COAX_FORMAT_EMAIL: return cx_format_email(text.data, text.len);
    case COAX_FORMAT_URI: return cx_format_uri(text.data, text.len);
    case COAX_FORMAT_HOST_PORT: return cx_format_host_port(text.data, text.len);
    }
    return false;
}

void coax_check_format(coax_violations *why, uint32_t id, coax_str s, coax_format format)
{
    static const char *const names[] = {
        [COAX_FORMAT_UUID] = "uuid",         [COAX_FORMAT_IPV4] = "ipv4",
        [COAX_FORMAT_IPV6] = "ipv6",         [COAX_FORMAT_IP] = "ip",
        [COAX_FORMAT_HOSTNAME] = "hostname", [COAX_FORMAT_EMAIL] = "email",
        [COAX_FORMAT_URI] = "uri",           [COAX_FORMAT_HOST_PORT] = "host_port",
    };
    if (COAX_UNLIKELY(!coax_format_matches(format, s)))
        coax_check_fail(why, id, "format", "not of the format %s (@format)", names[format]);
}
