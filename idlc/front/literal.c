/* Numbers and string escapes. Read next: scan.l. */
#include "front/literal.h"

#include "front/utf8.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers ---- */

typedef struct unit {
    const char *name;
    uint64_t factor;
    idl_ast_value_kind kind;
} unit;

static const unit units[] = {
    { "KiB", (uint64_t)1 << 10, IDL_AST_VALUE_INTEGER },
    { "MiB", (uint64_t)1 << 20, IDL_AST_VALUE_INTEGER },
    { "GiB", (uint64_t)1 << 30, IDL_AST_VALUE_INTEGER },
    { "ns", 1, IDL_AST_VALUE_DURATION },
    { "us", 1000, IDL_AST_VALUE_DURATION },
    { "ms", 1000000, IDL_AST_VALUE_DURATION },
    { "s", 1000000000, IDL_AST_VALUE_DURATION },
    { "min", (uint64_t)60 * 1000000000, IDL_AST_VALUE_DURATION },
    { "h", (uint64_t)3600 * 1000000000, IDL_AST_VALUE_DURATION },
};

const char *const idl_unit_names[] = {
    "KiB", "MiB", "GiB", "ns", "us", "ms", "s", "min", "h", NULL
};

static const unit *unit_named(const char *text, size_t len)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strlen(units[i].name) == len && memcmp(units[i].name, text, len) == 0)
            return &units[i];
    }
    return NULL;
}

static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'z')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'Z')
        return (unsigned)(c - 'A') + 10;
    return 99;
}

/* A cursor over the literal. Digits are read one run at a time. */
typedef struct number {
    const char *text;
    size_t len;
    size_t at;
} number;

/* Reads digits of one base with single underscores between them into `*value`. */
static idl_number_error read_digits(number *n, unsigned base, uint64_t *value, size_t *ret_n_digits)
{
    size_t n_digits = 0;
    bool was_underscore = true; /* none may come first */
    for (; n->at < n->len; n->at++) {
        char c = n->text[n->at];
        if (c == '_') {
            if (was_underscore)
                return IDL_NUMBER_MALFORMED;
            was_underscore = true;
            continue;
        }
        unsigned digit = digit_value(c);
        if (digit >= base)
            break;
        if (*value > (UINT64_MAX - digit) / base)
            return IDL_NUMBER_TOO_LARGE;
        *value = *value * base + digit;
        was_underscore = false;
        n_digits++;
    }
    *ret_n_digits = n_digits;
    return n_digits == 0 || was_underscore ? IDL_NUMBER_MALFORMED : IDL_NUMBER_OK;
}

static idl_number_error read_prefixed(number *n, idl_ast_value *ret_value)
{
    unsigned base = n->text[1] == 'x' ? 16 : 2;
    size_t n_digits;
    n->at = 2;
    ret_value->kind = IDL_AST_VALUE_INTEGER;
    idl_number_error error = read_digits(n, base, &ret_value->magnitude, &n_digits);
    if (error == IDL_NUMBER_OK && n->at < n->len)
        return IDL_NUMBER_MALFORMED;
    return error;
}

/* `mantissa` has `n_fraction` digits behind the point: mantissa * factor / 10^n_fraction, if whole.
 */
static idl_number_error scale(uint64_t mantissa, size_t n_fraction, const unit *by,
                              idl_ast_value *ret_value)
{
    uint64_t factor = by->factor;
    for (; n_fraction > 0; n_fraction--) {
        /* Divide the factor where that is exact, else the mantissa: neither loses anything. */
        if (factor % 10 == 0)
            factor /= 10;
        else if (mantissa % 10 == 0)
            mantissa /= 10;
        else if (factor % 2 == 0 && mantissa % 5 == 0)
            factor /= 2, mantissa /= 5;
        else if (factor % 5 == 0 && mantissa % 2 == 0)
            factor /= 5, mantissa /= 2;
        else
            return IDL_NUMBER_NOT_WHOLE;
    }
    if (mantissa != 0 && factor > UINT64_MAX / mantissa)
        return IDL_NUMBER_TOO_LARGE;
    ret_value->kind = by->kind;
    ret_value->magnitude = mantissa * factor;
    return IDL_NUMBER_OK;
}

/* The decimal text without underscores, for strtod; it never sees a locale, idlc sets none. */
static idl_number_error read_double(const number *n, idl_ast_value *ret_value)
{
    char buffer[128];
    size_t used = 0;
    for (size_t i = 0; i < n->at; i++) {
        if (n->text[i] == '_')
            continue;
        if (used + 1 >= sizeof buffer)
            return IDL_NUMBER_MALFORMED;
        buffer[used++] = n->text[i];
    }
    buffer[used] = '\0';
    ret_value->kind = IDL_AST_VALUE_FLOAT;
    ret_value->number = strtod(buffer, NULL);
    return isfinite(ret_value->number) ? IDL_NUMBER_OK : IDL_NUMBER_TOO_LARGE;
}

static bool starts_exponent(const number *n)
{
    if (n->at >= n->len || (n->text[n->at] != 'e' && n->text[n->at] != 'E'))
        return false;
    size_t next = n->at + 1;
    if (next < n->len && (n->text[next] == '+' || n->text[next] == '-'))
        next++;
    return next < n->len && isdigit((unsigned char)n->text[next]);
}

static idl_number_error read_exponent(number *n)
{
    n->at++;
    if (n->text[n->at] == '+' || n->text[n->at] == '-')
        n->at++;
    uint64_t ignored = 0;
    size_t n_digits;
    return read_digits(n, 10, &ignored, &n_digits);
}

/* What the decimal digits amounted to, before a unit or the lack of one gives them a kind. */
typedef struct decimal {
    uint64_t mantissa;
    size_t n_fraction;
    idl_number_error overflow; /* of the mantissa: no matter for a float */
    bool is_float;
} decimal;

static idl_number_error skip_digits(number *n, decimal *d, size_t *ret_n_digits)
{
    idl_number_error error = read_digits(n, 10, &d->mantissa, ret_n_digits);
    if (error != IDL_NUMBER_TOO_LARGE)
        return error;
    d->overflow = error;
    uint64_t ignored = 0;
    while (error == IDL_NUMBER_TOO_LARGE) {
        ignored = 0;
        error = read_digits(n, 10, &ignored, ret_n_digits);
    }
    return error;
}

static idl_number_error read_decimal(number *n, decimal *d)
{
    size_t n_digits;
    idl_number_error error = skip_digits(n, d, &n_digits);
    if (error == IDL_NUMBER_OK && n->at + 1 < n->len && n->text[n->at] == '.') {
        n->at++;
        d->is_float = true;
        error = skip_digits(n, d, &d->n_fraction);
    }
    if (error == IDL_NUMBER_OK && starts_exponent(n)) {
        d->is_float = true;
        d->overflow = IDL_NUMBER_MALFORMED; /* an exponent and a unit do not go together */
        error = read_exponent(n);
    }
    return error;
}

idl_number_error idl_number_parse(const char *text, size_t len, idl_ast_value *ret_value,
                                  size_t *ret_unit_at)
{
    *ret_value = (idl_ast_value){ .kind = IDL_AST_VALUE_POISONED };
    *ret_unit_at = len;
    number n = { .text = text, .len = len, .at = 0 };
    if (len >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'b'))
        return read_prefixed(&n, ret_value);
    decimal d = { .mantissa = 0, .n_fraction = 0, .overflow = IDL_NUMBER_OK, .is_float = false };
    idl_number_error error = read_decimal(&n, &d);
    if (error != IDL_NUMBER_OK)
        return error;
    if (n.at == len && d.is_float)
        return read_double(&n, ret_value);
    if (n.at < len) {
        *ret_unit_at = n.at;
        const unit *by = unit_named(text + n.at, len - n.at);
        if (by == NULL)
            return IDL_NUMBER_BAD_UNIT;
        return d.overflow != IDL_NUMBER_OK ? d.overflow
                                           : scale(d.mantissa, d.n_fraction, by, ret_value);
    }
    ret_value->kind = IDL_AST_VALUE_INTEGER;
    ret_value->magnitude = d.mantissa;
    return d.overflow;
}

/* ---- strings ---- */

static size_t read_hex_byte(const char *text, size_t len, char *out)
{
    if (len < 4 || digit_value(text[2]) > 15 || digit_value(text[3]) > 15)
        return 0;
    out[0] = (char)(digit_value(text[2]) * 16 + digit_value(text[3]));
    return 4;
}

/* \u{1F600}: one to six hex digits that name a Unicode scalar value. */
static size_t read_code_point(const char *text, size_t len, char *out, size_t *ret_out_len)
{
    if (len < 5 || text[2] != '{')
        return 0;
    uint32_t code_point = 0;
    size_t at = 3;
    for (; at < len && at < 9 && digit_value(text[at]) < 16; at++)
        code_point = code_point * 16 + digit_value(text[at]);
    if (at == 3 || at >= len || text[at] != '}')
        return 0;
    *ret_out_len = idl_utf8_encode(code_point, out);
    return *ret_out_len == 0 ? 0 : at + 1;
}

size_t idl_escape_parse(const char *text, size_t len, char *out, size_t *ret_out_len)
{
    if (len < 2)
        return 0;
    *ret_out_len = 1;
    switch (text[1]) {
    case '\\': out[0] = '\\'; return 2;
    case '"': out[0] = '"'; return 2;
    case 'n': out[0] = '\n'; return 2;
    case 'r': out[0] = '\r'; return 2;
    case 't': out[0] = '\t'; return 2;
    case 'x': return read_hex_byte(text, len, out);
    case 'u': return read_code_point(text, len, out, ret_out_len);
    default: return 0;
    }
}

/* The offset in the file of decoded byte `index`, walking from the opening quote. Bytes that came
 * from one escape all stand at its backslash. */
static uint32_t place_of(const idl_source *source, const idl_ast_string *string, uint32_t index)
{
    uint32_t at = string->span.start - source->base + 1;
    uint32_t end = string->span.end - source->base;
    end = end > at ? end - 1 : at;
    uint32_t decoded = 0;
    while (at < end && decoded < index) {
        char bytes[4];
        size_t n_bytes = 1;
        size_t taken = 1;
        if (source->text[at] == '\\')
            taken = idl_escape_parse(source->text + at, end - at, bytes, &n_bytes);
        if (taken == 0) { /* reported as a bad escape, and dropped */
            taken = 1;
            n_bytes = 0;
        }
        if (decoded + n_bytes > index)
            break;
        decoded += (uint32_t)n_bytes;
        at += (uint32_t)taken;
    }
    return source->base + at;
}

idl_span idl_string_span(const idl_sources *sources, const idl_ast_string *string, uint32_t from,
                         uint32_t to)
{
    const idl_source *source = idl_source_of(sources, string->span);
    if (source == NULL)
        return string->span;
    uint32_t start = place_of(source, string, from);
    uint32_t end = to > from ? place_of(source, string, to) : start;
    return (idl_span){ .start = start, .end = end };
}
