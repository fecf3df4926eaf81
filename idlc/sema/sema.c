/* The passes in their order, and the model at the end.
 *
 * Each pass goes over everything and reports all it finds; a pass that returns false has filled the sink, and then the
 * run stops. Errors do not stop the passes behind: what could not be made is NULL or poisoned, and they step over it.
 */
#include "sema/annotations.h"

static const struct {
    bool (*run)(idl_sema *sema);
    bool needs_success; /* only worth it, or only possible, when there is no error so far */
} passes[] = {
    { idl_pass_declare, false },  { idl_pass_definitions, false }, { idl_pass_structs, false },
    { idl_pass_services, false }, { idl_pass_recursion, false },   { idl_pass_rules, false },
    { idl_pass_ids, false },      { idl_pass_imports, true },      { idl_pass_unbounded, true },
    { idl_pass_shapes, true },    { idl_pass_sensitive, true },
};

#define PATTERN_STEPS_PER_RUN UINT64_C(400000000) /* a second or two */

/* ---- the model ---- */

/* In the schema's order, inline structs before their service. */
static void list_decls(idl_sema *sema, idl_unit *unit)
{
    const idl_decl **decls = idl_arena_array(sema->arena, unit->n_symbols, sizeof *decls);
    size_t n = 0;
    for (size_t i = 0; i < unit->n_symbols; i++) {
        const idl_symbol *symbol = unit->symbols[i];
        if (symbol->ast == NULL)
            continue; /* inline; listed with its service */
        for (size_t k = 0; k < symbol->n_inline; k++)
            decls[n++] = &sema->symbols[symbol->first_inline + k]->decl;
        decls[n++] = &symbol->decl;
    }
    unit->file->decls = decls;
    unit->file->n_decls = n;
}

static const idl_model *make_model(idl_sema *sema)
{
    idl_model *model = idl_arena_alloc(sema->arena, sizeof *model);
    const idl_file **files = idl_arena_array(sema->arena, sema->n_units, sizeof *files);
    const idl_file **roots = idl_arena_array(sema->arena, sema->n_roots, sizeof *roots);
    for (size_t i = 0; i < sema->n_units; i++) {
        list_decls(sema, sema->units[i]);
        files[i] = sema->units[i]->file;
    }
    for (size_t i = 0; i < sema->n_roots; i++)
        roots[i] = sema->roots[i]->file;
    model->files = files;
    model->n_files = sema->n_units;
    model->roots = roots;
    model->n_roots = sema->n_roots;
    return model;
}

/* ---- the run ---- */

static void run_passes(idl_sema *sema)
{
    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++) {
        if (passes[i].needs_success && sema->diag->n_errors > 0)
            continue;
        if (!passes[i].run(sema))
            return;
    }
}

bool idl_sema_run(idl_sources *sources, idl_diag *diag, const idl_ast_file *const *roots,
                  size_t n_roots, const idl_sema_options *options, const idl_model **ret_model)
{
    idl_sema sema = { .sources = sources,
                      .diag = diag,
                      .arena = &sources->arena,
                      .options = options,
                      .pattern_steps_left = PATTERN_STEPS_PER_RUN };
    idl_types_init(&sema);
    idl_annotations_init(&sema);
    if (idl_pass_load(&sema, roots, n_roots))
        run_passes(&sema);
    if (diag->n_errors > 0)
        return false;
    *ret_model = make_model(&sema);
    return true;
}
