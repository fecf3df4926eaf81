/*
 * Checks: the report, its paths, and the words for every rule.
 *
 * What passes never gets here, but for the checks that loop, which are in check_values.c. Read next: check_values.c.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <coax/reader.h>

#include "wire/check_parts.h"
#include "wire/words.h"

void coax_violations_init(coax_violations *why, coax_check_mode mode)
{
    why->mode = mode;
    why->count = 0;
    why->depth = 0;
    why->cut = 0;
}

size_t coax_violations_text(const coax_violations *why, char *buffer, size_t size)
{
    size_t len = 0;
    uint32_t kept = why->count < COAX_VIOLATIONS_MAX ? why->count : COAX_VIOLATIONS_MAX;
    if (size > 0)
        buffer[0] = '\0';
    for (uint32_t i = 0; i < kept; i++) {
        int wanted = snprintf(len < size ? buffer + len : NULL, len < size ? size - len : 0, "%s%s",
                              i > 0 ? "\n" : "", why->items[i].text);
        len += wanted > 0 ? (size_t)wanted : 0;
    }
    if (why->count > kept) {
        int wanted = snprintf(len < size ? buffer + len : NULL, len < size ? size - len : 0,
                              "\nand %lu more", (unsigned long)(why->count - kept));
        len += wanted > 0 ? (size_t)wanted : 0;
    }
    return len;
}

/* The id a step stands for: the last struct's is the field that failed, or none for a rule of the whole struct. */
static uint32_t step_id(const coax_violations *why, uint32_t step, uint32_t failed_id)
{
    bool is_last = step + 1 == why->depth;
    return is_last && why->steps[step].type != NULL ? failed_id : why->steps[step].id;
}

static void path_of(const coax_violations *why, uint32_t failed_id, char *text, size_t size)
{
    size_t len = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < why->depth; i++) {
        const coax_check_step *step = &why->steps[i];
        uint32_t id = step_id(why, i, failed_id);
        if (step->type == NULL) {
            len = cx_words_append(text, size, len, "[%lu]", (unsigned long)id);
        } else if (id != 0) {
            const coax_field *field = cx_words_field(step->type, id);
            len = cx_words_append(text, size, len, "%s%s", len > 0 ? "." : "",
                                  field != NULL ? field->name : "?");
        }
    }
}

/* Whether the path passes a @sensitive field, whose value is then kept out of the words. */
static bool is_sensitive(const coax_violations *why, uint32_t failed_id)
{
    for (uint32_t i = 0; i < why->depth; i++) {
        const coax_type *type = why->steps[i].type;
        const coax_field *field =
            type != NULL ? cx_words_field(type, step_id(why, i, failed_id)) : NULL;
        if (field != NULL && (field->flags & COAX_FIELD_SENSITIVE) != 0)
            return true;
    }
    return false;
}

void coax_check_fail(coax_violations *why, uint32_t id, const char *rule, const char *format, ...)
{
    if (coax_check_done(why))
        return;
    if (why->count++ >= COAX_VIOLATIONS_MAX)
        return;
    coax_violation *violation = &why->items[why->count - 1];
    violation->rule = rule;
    path_of(why, id, violation->path, sizeof violation->path);
    size_t len = 0;
    if (violation->path[0] != '\0')
        len = cx_words_append(violation->text, sizeof violation->text, 0, "%s: ", violation->path);
    va_list args;
    va_start(args, format);
    vsnprintf(violation->text + len, sizeof violation->text - len, format, args);
    va_end(args);
}

/* Ends the search: a cycle through lists would otherwise be walked once for every way around it. */
void coax_check_fail_depth(coax_violations *why)
{
    coax_check_fail(why, 0, "depth", "nests deeper than %u levels", COAX_DEPTH_MAX);
    why->mode = COAX_CHECK_FIRST;
}

/* "1 byte", "2 bytes". */
static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

void coax_check_fail_count(coax_violations *why, uint32_t id, const char *rule, const char *unit,
                           size_t count, size_t min, size_t max)
{
    if (min == max)
        coax_check_fail(why, id, rule, "%zu %s%s, exactly %zu wanted (@%s)", count, unit,
                        plural(count), min, rule);
    else if (count > max)
        coax_check_fail(why, id, rule, "%zu %s%s, at most %zu allowed (@%s)", count, unit,
                        plural(count), max, rule);
    else
        coax_check_fail(why, id, rule, "%zu %s%s, at least %zu wanted (@%s)", count, unit,
                        plural(count), min, rule);
}

/* The value as text, or words that don't tell it. */
#define SHOWN_MAX 40
static const char *shown(const coax_violations *why, uint32_t id, char *text, const char *format,
                         ...) COAX_PRINTF(4, 5);
static const char *shown(const coax_violations *why, uint32_t id, char *text, const char *format,
                         ...)
{
    if (is_sensitive(why, id))
        return "the value";
    va_list args;
    va_start(args, format);
    vsnprintf(text, SHOWN_MAX, format, args);
    va_end(args);
    return text;
}

void coax_check_fail_range_i64(coax_violations *why, uint32_t id, int64_t value, int64_t min,
                               int64_t max)
{
    char text[SHOWN_MAX];
    const char *is = shown(why, id, text, "%" PRId64, value);
    if (value > max)
        coax_check_fail(why, id, "range", "%s is too large, at most %" PRId64 " allowed (@range)",
                        is, max);
    else
        coax_check_fail(why, id, "range", "%s is too small, at least %" PRId64 " wanted (@range)",
                        is, min);
}

void coax_check_fail_range_u64(coax_violations *why, uint32_t id, uint64_t value, uint64_t min,
                               uint64_t max)
{
    char text[SHOWN_MAX];
    const char *is = shown(why, id, text, "%" PRIu64, value);
    if (value > max)
        coax_check_fail(why, id, "range", "%s is too large, at most %" PRIu64 " allowed (@range)",
                        is, max);
    else
        coax_check_fail(why, id, "range", "%s is too small, at least %" PRIu64 " wanted (@range)",
                        is, min);
}

void coax_check_fail_range_f64(coax_violations *why, uint32_t id, double value, double min,
                               double max, bool exclude_min, bool exclude_max)
{
    char text[SHOWN_MAX];
    const char *is = shown(why, id, text, "%.9g", value);
    bool is_large = exclude_max ? value >= max : value > max;
    bool is_small = exclude_min ? value <= min : value < min;
    if (is_large)
        coax_check_fail(why, id, "range", "%s is too large, %s %.9g allowed (@range)", is,
                        exclude_max ? "less than" : "at most", max);
    else if (is_small)
        coax_check_fail(why, id, "range", "%s is too small, %s %.9g wanted (@range)", is,
                        exclude_min ? "more than" : "at least", min);
    else
        coax_check_fail(why, id, "range", "not a number, where a range is wanted (@range)");
}

void coax_check_fail_multiple_i64(coax_violations *why, uint32_t id, int64_t value, int64_t of)
{
    char text[SHOWN_MAX];
    coax_check_fail(why, id, "multiple_of", "%s is no multiple of %" PRId64 " (@multiple_of)",
                    shown(why, id, text, "%" PRId64, value), of);
}

void coax_check_fail_multiple_u64(coax_violations *why, uint32_t id, uint64_t value, uint64_t of)
{
    char text[SHOWN_MAX];
    coax_check_fail(why, id, "multiple_of", "%s is no multiple of %" PRIu64 " (@multiple_of)",
                    shown(why, id, text, "%" PRIu64, value), of);
}

void coax_check_fail_multiple_f64(coax_violations *why, uint32_t id, double value, double of)
{
    char text[SHOWN_MAX];
    coax_check_fail(why, id, "multiple_of", "%s is no multiple of %.9g (@multiple_of)",
                    shown(why, id, text, "%.9g", value), of);
}

void cx_check_fail_in(coax_violations *why, uint32_t id, const char *value, bool wanted)
{
    const char *is = is_sensitive(why, id) ? "the value" : value;
    if (wanted)
        coax_check_fail(why, id, "in", "%s is none of the allowed values (@in)", is);
    else
        coax_check_fail(why, id, "not_in", "%s is a forbidden value (@not_in)", is);
}
