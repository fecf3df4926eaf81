/* Imports that nothing uses. Only the named files are looked at: an imported one is somebody else's. */
#include "sema/context.h"

static void check_unit(idl_sema *sema, const idl_unit *unit)
{
    for (size_t i = 0; i < unit->n_edges; i++) {
        const idl_edge *edge = &unit->edges[i];
        if (edge->is_used)
            continue;
        idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_UNUSED_IMPORT, edge->ast->span,
                                        "nothing in this file uses '%s'", edge->ast->path.text);
        idl_report_help(sema->diag, r, "leave the import out");
        idl_report_edit(sema->diag, r, edge->ast->span, "", IDL_EDIT_SAFE);
    }
}

bool idl_pass_imports(idl_sema *sema)
{
    for (size_t i = 0; i < sema->n_roots; i++)
        check_unit(sema, sema->roots[i]);
    return true;
}
