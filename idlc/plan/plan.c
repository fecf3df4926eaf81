/*
 * The order of planning: names of everything first, since types mention each other across files;
 * then members, order, lengths, and the search for clashes.
 */
#include "plan/cname.h"
#include "plan/internal.h"

#include <string.h>

static void plan_file(idl_planner *planner, size_t index)
{
    idl_arena *arena = planner->arena;
    const idl_file *model = planner->model->files[index];
    idl_plan_file *file = &planner->plan->files[index];
    file->model = model;
    file->stem = model->stem;
    file->prefix = idl_cname_snake(arena, model->ns);
    file->upper = idl_cname_upper(arena, file->prefix);
    const char *stem = idl_cname_upper(arena, idl_cname_snake(arena, model->stem));
    char *guard = idl_arena_format(arena, "COAX_GEN_%s_%s_H", file->upper, stem);
    for (char *c = guard; *c != '\0'; c++)
        if (!((*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9')))
            *c = '_';
    file->guard = guard;
    file->n_decls = model->n_decls;
    file->decls = (idl_plan_decl *)idl_arena_array(arena, model->n_decls, sizeof *file->decls);
    for (size_t i = 0; i < model->n_decls; i++)
        file->decls[i].model = model->decls[i];
    idl_plan_map_add(&planner->files, model, file);
}

/* Imported files stand before those that import them, so they are in the map already. */
static void plan_imports(idl_planner *planner, idl_plan_file *file)
{
    size_t n = file->model->n_imports;
    const idl_plan_file **imports =
        (const idl_plan_file **)idl_arena_array(planner->arena, n, sizeof *imports);
    for (size_t i = 0; i < n; i++)
        imports[i] =
            (const idl_plan_file *)idl_plan_map_get(&planner->files, file->model->imports[i]);
    file->imports = imports;
    file->n_imports = n;
}

static void plan_roots(idl_planner *planner)
{
    idl_plan *plan = planner->plan;
    size_t n = planner->model->n_roots;
    plan->roots = (const idl_plan_file **)idl_arena_array(planner->arena, n, sizeof *plan->roots);
    plan->n_roots = n;
    for (size_t i = 0; i < n; i++)
        plan->roots[i] =
            (const idl_plan_file *)idl_plan_map_get(&planner->files, planner->model->roots[i]);
}

/* Outputs lie flat in one folder, so two schemas of one name would write the same file. */
static void check_stems(idl_planner *planner)
{
    const idl_plan *plan = planner->plan;
    for (size_t i = 0; i < plan->n_files; i++) {
        const idl_plan_file *file = &plan->files[i];
        for (size_t k = 0; k < i; k++) {
            if (strcmp(plan->files[k].stem, file->stem) != 0)
                continue;
            planner->n_errors++;
            idl_report *report = idl_diag_report(planner->diag, IDL_DIAG_SAME_OUTPUT, IDL_SPAN_NONE,
                                                 "'%s' and '%s' would both become '%s.h'",
                                                 plan->files[k].model->source->path,
                                                 file->model->source->path, file->stem);
            idl_report_help(planner->diag, report, "rename one of the two files");
        }
    }
    for (size_t i = 0; i < plan->n_roots; i++) {
        if (!idl_cname_hides_header(plan->roots[i]->stem))
            continue;
        planner->n_errors++;
        idl_report *report = idl_diag_report(
            planner->diag, IDL_DIAG_HIDES_HEADER, IDL_SPAN_NONE,
            "'%s' would become '%s.h', which hides the system's <%s.h>",
            plan->roots[i]->model->source->path, plan->roots[i]->stem, plan->roots[i]->stem);
        idl_report_help(planner->diag, report, "rename the file");
    }
}

static void start(idl_planner *planner, idl_arena *arena, idl_diag *diag, const idl_model *model)
{
    memset(planner, 0, sizeof *planner);
    planner->arena = arena;
    planner->diag = diag;
    planner->model = model;
    planner->plan = (idl_plan *)idl_arena_alloc(arena, sizeof *planner->plan);
    planner->plan->n_files = model->n_files;
    planner->plan->files =
        (idl_plan_file *)idl_arena_array(arena, model->n_files, sizeof *planner->plan->files);
    planner->containers =
        (idl_plan_map *)idl_arena_array(arena, model->n_files, sizeof *planner->containers);
    for (size_t i = 0; i < model->n_files; i++)
        planner->containers[i] = (idl_plan_map){ .arena = arena, .is_text = true };
    size_t n_decls = 0;
    for (size_t i = 0; i < model->n_files; i++)
        n_decls += model->files[i]->n_decls;
    planner->decls.arena = arena;
    planner->decls.expected = n_decls;
    planner->files.arena = arena;
    planner->type_names = (idl_plan_map){ .arena = arena, .is_text = true, .expected = n_decls };
}

bool idl_plan_make(idl_arena *arena, idl_diag *diag, const idl_model *model,
                   const idl_plan **ret_plan)
{
    idl_planner planner;
    start(&planner, arena, diag, model);
    for (size_t i = 0; i < model->n_files; i++) {
        plan_file(&planner, i);
        plan_imports(&planner, &planner.plan->files[i]);
        idl_plan_names(&planner, &planner.plan->files[i]);
    }
    plan_roots(&planner);
    for (size_t i = 0; i < model->n_files; i++) {
        idl_plan_members(&planner, &planner.plan->files[i]);
        idl_plan_methods(&planner, &planner.plan->files[i]);
        idl_plan_order(&planner, &planner.plan->files[i]);
    }
    idl_plan_sizes(&planner);
    check_stems(&planner);
    idl_plan_symbols(&planner);
    if (planner.n_errors > 0)
        return false;
    *ret_plan = planner.plan;
    return true;
}
