/* Which records hold a @sensitive field, themselves or in anything they contain.
 *
 * The runtime overwrites the memory of messages that do. One walk over the groups of recursion.c, contained ones first,
 * so that each record is looked at once. Read next: emit/emit_tables.c, which tells the runtime.
 */
#include "sema/context.h"

/* The record that a type leads to; NULL: none. Types branch only at maps, whose keys are plain. */
static const idl_decl *record_of(const idl_type *type)
{
    while (type != NULL && type->kind != IDL_KIND_NAMED)
        type = type->item;
    return type != NULL && type->decl->n_fields > 0 ? type->decl : NULL;
}

static bool has_sensitive_field(const idl_decl *decl, const bool *group_holds)
{
    for (size_t i = 0; i < decl->n_fields; i++) {
        const idl_decl *record = record_of(decl->fields[i].type);
        if (decl->fields[i].is_sensitive ||
            (record != NULL && group_holds[idl_symbol_of(record)->group]))
            return true;
    }
    return false;
}

/* Symbols by their group, in `first` where each group's begin, and one behind the last. */
static idl_symbol **sort_by_group(const idl_sema *sema, size_t **ret_first)
{
    size_t *first = idl_arena_array(sema->arena, sema->n_groups + 2, sizeof *first);
    size_t *next = idl_arena_array(sema->arena, sema->n_groups + 2, sizeof *next);
    idl_symbol **sorted = idl_arena_array(sema->arena, sema->n_symbols + 1, sizeof *sorted);
    for (size_t i = 0; i < sema->n_symbols; i++)
        first[sema->symbols[i]->group + 1]++;
    for (size_t g = 1; g < sema->n_groups + 2; g++)
        first[g] += first[g - 1];
    for (size_t g = 0; g < sema->n_groups + 2; g++)
        next[g] = first[g];
    for (size_t i = 0; i < sema->n_symbols; i++)
        sorted[next[sema->symbols[i]->group]++] = sema->symbols[i];
    *ret_first = first;
    return sorted;
}

bool idl_pass_sensitive(idl_sema *sema)
{
    size_t *first;
    idl_symbol **sorted = sort_by_group(sema, &first);
    bool *group_holds = idl_arena_array(sema->arena, sema->n_groups + 1, sizeof *group_holds);
    for (size_t g = 0; g <= sema->n_groups; g++) {
        for (size_t i = first[g]; i < first[g + 1]; i++)
            group_holds[g] = group_holds[g] || has_sensitive_field(&sorted[i]->decl, group_holds);
        for (size_t i = first[g]; i < first[g + 1]; i++)
            sorted[i]->decl.holds_sensitive = group_holds[g];
    }
    return true;
}
