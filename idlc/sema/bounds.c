/* What several constraints leave of a type: ranges are intersected, lengths compared, sets tried out. */
#include "sema/bounds.h"

bool idl_bound_make_inclusive(idl_kind kind, idl_bound *bound)
{
    idl_value *value = &bound->value;
    if (value->is_negative) {
        value->u++;
    } else if (value->u == 0) {
        value->is_negative = true;
        value->u = 1;
    } else {
        value->u--;
    }
    bound->is_exclusive = false;
    return value->u != 0 || !value->is_negative
               ? idl_integer_fits(kind, value->is_negative, value->u)
               : false;
}

bool idl_bounds_are_empty(const idl_bound *low, const idl_bound *high)
{
    if (low->value.kind == IDL_VALUE_NONE || high->value.kind == IDL_VALUE_NONE)
        return false;
    int order = idl_value_compare(&low->value, &high->value);
    return order > 0 || (order == 0 && (low->is_exclusive || high->is_exclusive));
}

/* ---- several constraints of one kind ---- */

typedef struct extent {
    const idl_constraint *low;  /* the one with the highest lower end; NULL: open */
    const idl_constraint *high; /* the one with the lowest upper end; NULL: open */
} extent;

static bool is_tighter_high(const idl_bound *a, const idl_bound *b)
{
    int order = idl_value_compare(&a->value, &b->value);
    return order < 0 || (order == 0 && a->is_exclusive && !b->is_exclusive);
}

static extent extent_of(const idl_type *type, idl_constraint_kind kind)
{
    extent e = { 0 };
    for (size_t i = 0; i < type->n_constraints; i++) {
        const idl_constraint *c = &type->constraints[i];
        if (c->kind != kind)
            continue;
        if (c->low.value.kind != IDL_VALUE_NONE &&
            (e.low == NULL || idl_value_compare(&c->low.value, &e.low->low.value) > 0))
            e.low = c;
        if (c->high.value.kind != IDL_VALUE_NONE &&
            (e.high == NULL || is_tighter_high(&c->high, &e.high->high)))
            e.high = c;
    }
    return e;
}

/* `a` and `b` in either order; the place is the later one, which is the one just written. */
static void report(idl_sema *sema, const idl_constraint *a, const idl_constraint *b)
{
    const idl_constraint *later = a > b ? a : b;
    const idl_constraint *earlier = a > b ? b : a;
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_CONTRADICTION, later->span,
                                    "no value can keep both %s and %s", later->source_text,
                                    earlier->source_text);
    idl_report_note(sema->diag, r, earlier->span, "%s is here", earlier->source_text);
}

static bool check_extent(idl_sema *sema, const idl_type *type, idl_constraint_kind kind)
{
    extent e = extent_of(type, kind);
    if (e.low == NULL || e.high == NULL || e.low == e.high ||
        !idl_bounds_are_empty(&e.low->low, &e.high->high))
        return true;
    report(sema, e.low, e.high);
    return false;
}

/* A code point takes one to four bytes. */
static bool check_lengths(idl_sema *sema, const idl_type *type)
{
    extent len = extent_of(type, IDL_CONSTRAINT_LEN);
    extent chars = extent_of(type, IDL_CONSTRAINT_CHARS);
    if (chars.low != NULL && len.high != NULL && chars.low->low.value.u > len.high->high.value.u) {
        report(sema, chars.low, len.high);
        return false;
    }
    if (chars.high != NULL && len.low != NULL &&
        chars.high->high.value.u * 4 < len.low->low.value.u) {
        report(sema, chars.high, len.low);
        return false;
    }
    return true;
}

/* ---- sets ---- */

/* The constraint that refuses the value, NULL: none. */
static const idl_constraint *refused_by(const idl_type *type, const idl_value *value)
{
    for (size_t i = 0; i < type->n_constraints; i++) {
        if (!idl_constraint_accepts(&type->constraints[i], value))
            return &type->constraints[i];
    }
    return NULL;
}

static void check_set(idl_sema *sema, const idl_type *type, const idl_constraint *set)
{
    const idl_constraint *last = NULL;
    for (size_t i = 0; i < set->n_values; i++) {
        const idl_constraint *by = refused_by(type, &set->values[i]);
        if (by == NULL)
            return;
        last = by;
    }
    if (last != NULL)
        report(sema, set, last);
}

void idl_constraints_check_together(idl_sema *sema, const idl_type *type)
{
    if (type->n_constraints < 2)
        return;
    bool is_good = check_extent(sema, type, IDL_CONSTRAINT_RANGE);
    is_good = check_extent(sema, type, IDL_CONSTRAINT_LEN) && is_good;
    is_good = check_extent(sema, type, IDL_CONSTRAINT_CHARS) && is_good;
    is_good = check_extent(sema, type, IDL_CONSTRAINT_ITEMS) && is_good;
    is_good = check_lengths(sema, type) && is_good;
    if (!is_good)
        return;
    for (size_t i = 0; i < type->n_constraints; i++) {
        if (type->constraints[i].kind == IDL_CONSTRAINT_IN)
            check_set(sema, type, &type->constraints[i]);
    }
}
