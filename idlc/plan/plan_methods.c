/*
 * Names of services and methods: stubs, packet ids, handler members, thrown errors.
 */
#include "plan/cname.h"
#include "plan/internal.h"

#include <coax/descriptor.h>

#include <string.h>

static const char *first_of(const char *c_name, const char *name)
{
    return c_name != NULL ? c_name : name;
}

static const idl_plan_decl *decl_of(const idl_planner *planner, const idl_decl *decl)
{
    return decl != NULL ? (const idl_plan_decl *)idl_plan_map_get(&planner->decls, decl) : NULL;
}

/* Members that every result struct has. */
static bool is_result_member(const char *name)
{
    static const char *const members[] = { "err", "status", "memory", "reply" };
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (strcmp(name, members[i]) == 0)
            return true;
    return false;
}

/* Whether an earlier error of the method, of another namespace, has the same name. */
static bool is_second(const idl_plan_decl *const *errors, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(errors[i]->word, errors[index]->word) == 0)
            return true;
    return false;
}

/* An error goes by its own name; where two namespaces have the same, the second one by its full C name. */
static void plan_errors(idl_planner *planner, idl_plan_method *method)
{
    idl_arena *arena = planner->arena;
    size_t n = method->model->n_errors;
    const idl_plan_decl **errors =
        (const idl_plan_decl **)idl_arena_array(arena, n, sizeof *errors);
    const char **words = (const char **)idl_arena_array(arena, n, sizeof *words);
    const char **members = (const char **)idl_arena_array(arena, n, sizeof *members);
    for (size_t i = 0; i < n; i++) {
        errors[i] = decl_of(planner, method->model->errors[i]);
        words[i] = is_second(errors, i) ? errors[i]->c_name : errors[i]->word;
        bool is_taken = is_result_member(words[i]) || idl_cname_is_taken(words[i]) ||
                        idl_plan_map_get(&planner->type_names, words[i]) != NULL;
        members[i] = is_taken ? idl_arena_format(arena, "%s_", words[i]) : words[i];
    }
    method->errors = errors;
    method->error_words = words;
    method->error_members = members;
}

static void plan_method(idl_planner *planner, const idl_plan_file *file,
                        const idl_plan_decl *service, idl_plan_method *method)
{
    idl_arena *arena = planner->arena;
    const idl_method *model = method->model;
    const char *word = idl_cname_snake(arena, first_of(model->c_name, model->name));
    method->c_name = idl_cname_join(arena, service->c_name, word);
    method->member = idl_cname_member(arena, word);
    const char *upper = idl_cname_upper(arena, method->c_name);
    method->constant = idl_cname_join(arena, upper, "METHOD");
    method->packet =
        idl_arena_format(arena, "%s_PACKET_%s_%s", file->upper,
                         idl_cname_upper(arena, service->word), idl_cname_upper(arena, word));
    method->is_blocking = (model->flags & COAX_METHOD_BLOCKING) != 0;
    method->request = decl_of(planner, model->request);
    method->response = decl_of(planner, model->response);
    method->request_item = decl_of(planner, model->request_item);
    method->response_item = decl_of(planner, model->response_item);
    plan_errors(planner, method);
}

void idl_plan_methods(idl_planner *planner, idl_plan_file *file)
{
    for (size_t i = 0; i < file->n_decls; i++) {
        idl_plan_decl *service = &file->decls[i];
        if (service->model->kind != IDL_DECL_SERVICE)
            continue;
        size_t n = service->model->n_methods;
        service->methods =
            (idl_plan_method *)idl_arena_array(planner->arena, n, sizeof *service->methods);
        for (size_t k = 0; k < n; k++) {
            service->methods[k].model = &service->model->methods[k];
            service->methods[k].index = k;
            plan_method(planner, file, service, &service->methods[k]);
            file->n_methods++;
        }
    }
}
