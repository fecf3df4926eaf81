/* Whether a constant value keeps a constraint: what the generated check would say, said at compile time. */
#include "sema/bounds.h"
#include "sema/format.h"
#include "sema/pattern/pattern.h"

#include <math.h>
#include <string.h>

static bool is_in_range(const idl_constraint *c, const idl_value *value)
{
    if (c->low.value.kind != IDL_VALUE_NONE) {
        int order = idl_value_compare(value, &c->low.value);
        if (order < 0 || (order == 0 && c->low.is_exclusive))
            return false;
    }
    if (c->high.value.kind != IDL_VALUE_NONE) {
        int order = idl_value_compare(value, &c->high.value);
        if (order > 0 || (order == 0 && c->high.is_exclusive))
            return false;
    }
    return true;
}

static bool is_in_set(const idl_constraint *c, const idl_value *value)
{
    for (size_t i = 0; i < c->n_values; i++) {
        if (idl_value_equal(value, &c->values[i]))
            return true;
    }
    return false;
}

static bool is_multiple(const idl_value *value, const idl_value *of)
{
    if (value->kind == IDL_VALUE_FLOAT)
        return fmod(value->f, of->f) == 0.0;
    return value->u % of->u == 0;
}

static bool is_length_between(const idl_constraint *c, uint64_t length)
{
    return (c->low.value.kind == IDL_VALUE_NONE || length >= c->low.value.u) &&
           (c->high.value.kind == IDL_VALUE_NONE || length <= c->high.value.u);
}

/* The text is UTF-8, values.c saw to it. */
static uint64_t count_chars(const idl_value *value)
{
    uint64_t n = 0;
    for (size_t i = 0; i < value->len; i++)
        n += ((unsigned char)value->text[i] & 0xc0u) != 0x80u;
    return n;
}

static bool is_ascii(const idl_value *value)
{
    for (size_t i = 0; i < value->len; i++) {
        if ((unsigned char)value->text[i] >= 0x80)
            return false;
    }
    return true;
}

static bool begins_with(const idl_value *value, const idl_value *with)
{
    return value->len >= with->len && memcmp(value->text, with->text, with->len) == 0;
}

static bool ends_with(const idl_value *value, const idl_value *with)
{
    return value->len >= with->len &&
           memcmp(value->text + value->len - with->len, with->text, with->len) == 0;
}

bool idl_constraint_accepts(const idl_constraint *c, const idl_value *value)
{
    switch (c->kind) {
    case IDL_CONSTRAINT_RANGE: return is_in_range(c, value);
    case IDL_CONSTRAINT_IN: return is_in_set(c, value);
    case IDL_CONSTRAINT_NOT_IN: return !is_in_set(c, value);
    case IDL_CONSTRAINT_MULTIPLE_OF: return is_multiple(value, &c->values[0]);
    case IDL_CONSTRAINT_LEN: return is_length_between(c, value->len);
    case IDL_CONSTRAINT_CHARS: return is_length_between(c, count_chars(value));
    case IDL_CONSTRAINT_ASCII: return is_ascii(value);
    case IDL_CONSTRAINT_PATTERN: return idl_dfa_matches(c->dfa, value->text, value->len);
    case IDL_CONSTRAINT_PREFIX: return begins_with(value, &c->values[0]);
    case IDL_CONSTRAINT_SUFFIX: return ends_with(value, &c->values[0]);
    case IDL_CONSTRAINT_FORMAT: return idl_format_accepts(c->format, value->text, value->len);
    case IDL_CONSTRAINT_FINITE: return isfinite(value->f) != 0;
    case IDL_CONSTRAINT_ITEMS:
    case IDL_CONSTRAINT_UNIQUE: return true; /* of lists and maps, which no constant can be */
    }
    return true;
}

void idl_value_must_be_accepted(idl_sema *sema, const idl_type *type, const idl_value *value,
                                idl_span span, const char *what)
{
    for (size_t i = 0; i < type->n_constraints; i++) {
        const idl_constraint *c = &type->constraints[i];
        if (idl_constraint_accepts(c, value))
            continue;
        idl_report *r =
            idl_diag_report(sema->diag, IDL_DIAG_VALUE_BREAKS_CONSTRAINT, span, "%s %s breaks %s",
                            what, idl_value_text(sema, value), c->source_text);
        idl_report_note(sema->diag, r, c->span, "%s is here", c->source_text);
        return;
    }
}
