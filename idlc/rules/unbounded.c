/* W0503: fields that a stranger can fill without end.
 *
 * What a stranger can send is what the requests of services reach. Each declaration is looked at once, with a list of
 * its own to walk, because the way through structs is as long as the file.
 */
#include "sema/context.h"
#include "sema/pattern/pattern.h"

#include <coax/check.h>

typedef struct walk {
    idl_sema *sema;
    const idl_decl **waiting;
    size_t n_waiting;
    bool *is_seen; /* by the symbol's index */
} walk;

static void reach(walk *w, const idl_decl *decl)
{
    if (decl == NULL || w->is_seen[idl_symbol_of(decl)->index])
        return;
    w->is_seen[idl_symbol_of(decl)->index] = true;
    w->waiting[w->n_waiting++] = decl;
}

/* All formats but a URI have a longest text. */
static bool bounds_length(const idl_constraint *c)
{
    switch (c->kind) {
    case IDL_CONSTRAINT_LEN:
    case IDL_CONSTRAINT_CHARS:
    case IDL_CONSTRAINT_ITEMS: return c->high.value.kind != IDL_VALUE_NONE;
    case IDL_CONSTRAINT_IN: return true;
    case IDL_CONSTRAINT_FORMAT: return c->format != COAX_FORMAT_URI;
    case IDL_CONSTRAINT_PATTERN: return idl_dfa_is_bounded(c->dfa);
    default: return false;
    }
}

static bool has_bound(const idl_type *type)
{
    for (size_t i = 0; i < type->n_constraints; i++) {
        if (bounds_length(&type->constraints[i]))
            return true;
    }
    return false;
}

/* The part of the type that has no end, NULL: none. Follows the items; a map's key is looked at besides. */
static const idl_type *endless_part(walk *w, const idl_type *type)
{
    for (; type != NULL; type = type->item) {
        switch (type->kind) {
        case IDL_KIND_STRING:
        case IDL_KIND_BYTES:
        case IDL_KIND_LIST:
        case IDL_KIND_MAP:
            if (!has_bound(type))
                return type;
            break;
        case IDL_KIND_ANY: return type;
        case IDL_KIND_NAMED: reach(w, type->decl); return NULL;
        default: break;
        }
        if (type->kind == IDL_KIND_MAP && type->key->kind == IDL_KIND_STRING &&
            !has_bound(type->key))
            return type->key;
    }
    return NULL;
}

static const char *way_out(const idl_type *part)
{
    switch (part->kind) {
    case IDL_KIND_STRING: return "say how long it may be, for instance with @chars(..200)";
    case IDL_KIND_BYTES: return "say how long it may be, for instance with @len(..4096)";
    case IDL_KIND_ANY:
        return "use a type that has limits, or @max_request on the methods that take it";
    default: return "say how many items it may have, for instance with @items(..100)";
    }
}

static void check_field(walk *w, const idl_decl *decl, const idl_field *field)
{
    idl_sema *sema = w->sema;
    const idl_type *part = endless_part(w, field->type);
    if (part == NULL)
        return;
    bool is_whole = part == field->type;
    idl_report *r = idl_diag_report(
        sema->diag, IDL_DIAG_UNBOUNDED, field->name_span,
        is_whole ? "'%s' of '%s' has no upper bound, and comes in requests"
                 : "items of '%s' of '%s' have no upper bound, and come in requests",
        field->name, decl->name);
    idl_report_help(sema->diag, r, "%s", way_out(part));
}

bool idl_pass_unbounded(idl_sema *sema)
{
    if (!sema->options->warn_unbounded)
        return true;
    walk w = { .sema = sema };
    w.waiting = idl_arena_array(sema->arena, sema->n_symbols, sizeof *w.waiting);
    w.is_seen = idl_arena_array(sema->arena, sema->n_symbols, sizeof *w.is_seen);
    for (size_t i = 0; i < sema->n_symbols; i++) {
        const idl_decl *service = &sema->symbols[i]->decl;
        for (size_t m = 0; m < service->n_methods; m++) {
            reach(&w, service->methods[m].request);
            reach(&w, service->methods[m].request_item);
        }
        while (w.n_waiting > 0) {
            const idl_decl *decl = w.waiting[--w.n_waiting];
            for (size_t f = 0; f < decl->n_fields; f++)
                check_field(&w, decl, &decl->fields[f]);
        }
    }
    return true;
}
