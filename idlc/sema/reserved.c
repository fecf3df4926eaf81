/* Numbers and names put aside for good: sorted once, asked for every member.
 */
#include "sema/context.h"

#include <inttypes.h>
#include <stdlib.h>

static int compare_numbers(bool a_is_negative, uint64_t a, bool b_is_negative, uint64_t b)
{
    if (a_is_negative != b_is_negative)
        return a_is_negative ? -1 : 1;
    int order = (a > b) - (a < b);
    return a_is_negative ? -order : order;
}

static int by_low(const void *a, const void *b)
{
    const idl_reserved_range *x = a;
    const idl_reserved_range *y = b;
    return compare_numbers(x->low_is_negative, x->low, y->low_is_negative, y->low);
}

static void add_range(idl_sema *sema, const idl_ast_reserved *item, idl_reserved *reserved)
{
    idl_reserved_range range = { .span = item->span, .is_open = item->high == NULL };
    range.low_is_negative = item->low->is_negative;
    range.low = item->low->magnitude;
    if (item->high != NULL) {
        range.high_is_negative = item->high->is_negative;
        range.high = item->high->magnitude;
    }
    if (!range.is_open &&
        compare_numbers(range.low_is_negative, range.low, range.high_is_negative, range.high) > 0) {
        idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_BAD_RESERVED, item->span,
                                        "the reserved range is backwards");
        idl_report_help(sema->diag, r, "write the smaller number first");
        return;
    }
    reserved->ranges[reserved->n_ranges++] = range;
}

static void add_name(idl_sema *sema, const idl_ast_reserved *item, idl_reserved *reserved)
{
    const char *name = idl_names_intern(&sema->sources->names, item->name.text, item->name.len);
    const idl_ast_reserved *first =
        idl_table_put(sema->arena, &reserved->names, idl_key_of(name),
                      (void *)(uintptr_t)item); /* never written through */
    if (first == NULL)
        return;
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_BAD_RESERVED, item->span,
                                    "'%s' is reserved twice", name);
    idl_report_note(sema->diag, r, first->span, "first here");
}

/* Joins what overlaps, so that one look back finds the range a number is in. Overlap itself is harmless. */
static void join(idl_reserved *reserved)
{
    size_t kept = 0;
    for (size_t i = 1; i < reserved->n_ranges; i++) {
        idl_reserved_range *last = &reserved->ranges[kept];
        const idl_reserved_range *range = &reserved->ranges[i];
        bool overlaps = last->is_open || compare_numbers(range->low_is_negative, range->low,
                                                         last->high_is_negative, last->high) <= 0;
        if (!overlaps) {
            reserved->ranges[++kept] = *range;
            continue;
        }
        last->is_open = last->is_open || range->is_open;
        if (compare_numbers(range->high_is_negative, range->high, last->high_is_negative,
                            last->high) > 0) {
            last->high_is_negative = range->high_is_negative;
            last->high = range->high;
        }
    }
    reserved->n_ranges = reserved->n_ranges == 0 ? 0 : kept + 1;
}

void idl_reserved_build(idl_sema *sema, const idl_ast_reserveds *list, idl_reserved *ret_reserved)
{
    *ret_reserved = (idl_reserved){ 0 };
    if (list->count == 0)
        return;
    ret_reserved->ranges = idl_arena_array(sema->arena, list->count, sizeof(idl_reserved_range));
    for (const idl_ast_reserved *item = list->first; item != NULL; item = item->next) {
        if (item->kind == IDL_AST_RESERVED_NAME)
            add_name(sema, item, ret_reserved);
        else
            add_range(sema, item, ret_reserved);
    }
    qsort(ret_reserved->ranges, ret_reserved->n_ranges, sizeof(idl_reserved_range), by_low);
    join(ret_reserved);
}

/* The last range that begins at or below the number, NULL if it does not hold it. */
static const idl_reserved_range *range_of(const idl_reserved *reserved, bool is_negative,
                                          uint64_t number)
{
    size_t low = 0;
    size_t high = reserved->n_ranges;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const idl_reserved_range *range = &reserved->ranges[middle];
        if (compare_numbers(range->low_is_negative, range->low, is_negative, number) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const idl_reserved_range *range = &reserved->ranges[low - 1];
    bool is_inside = range->is_open || compare_numbers(is_negative, number, range->high_is_negative,
                                                       range->high) <= 0;
    return is_inside ? range : NULL;
}

idl_report *idl_reserved_refuse_number(idl_sema *sema, const idl_reserved *reserved,
                                       bool is_negative, uint64_t number, idl_span span,
                                       const char *member)
{
    const idl_reserved_range *range = range_of(reserved, is_negative, number);
    if (range == NULL)
        return NULL;
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_RESERVED_MEMBER, span,
                                    "the number %s%" PRIu64 " of '%s' is reserved",
                                    is_negative ? "-" : "", number, member);
    idl_report_note(sema->diag, r, range->span, "reserved here");
    return r;
}

bool idl_reserved_refuses_name(idl_sema *sema, const idl_reserved *reserved,
                               const idl_ast_name *name)
{
    const idl_ast_reserved *item = idl_table_get(&reserved->names, idl_key_of(name->text));
    if (item == NULL)
        return false;
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_RESERVED_MEMBER, name->span,
                                    "the name '%s' is reserved", name->text);
    idl_report_note(sema->diag, r, item->span, "reserved here");
    idl_report_help(sema->diag, r,
                    "choose another name, or the old text would read as the new thing");
    return true;
}
