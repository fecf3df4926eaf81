/*
 * Names of declarations, their members and their constants. The rules are in cname.h.
 */
#include "plan/cname.h"
#include "plan/internal.h"

#include <string.h>

static const char *first_of(const char *c_name, const char *name)
{
    return c_name != NULL ? c_name : name;
}

/* "calculator_divide_request" for an inline struct, else the declaration's own name. */
static const char *word_of(idl_arena *arena, const idl_decl *decl)
{
    const idl_method *owner = decl->owner;
    if (owner == NULL || decl->c_name != NULL)
        return idl_cname_snake(arena, first_of(decl->c_name, decl->name));
    const char *service =
        idl_cname_snake(arena, first_of(owner->service->c_name, owner->service->name));
    const char *method = idl_cname_snake(arena, first_of(owner->c_name, owner->name));
    return idl_arena_format(arena, "%s_%s_%s", service, method,
                            owner->request == decl ? "request" : "response");
}

void idl_plan_names(idl_planner *planner, idl_plan_file *file)
{
    for (size_t i = 0; i < file->n_decls; i++) {
        idl_plan_decl *decl = &file->decls[i];
        decl->file = file;
        decl->word = word_of(planner->arena, decl->model);
        decl->c_name = idl_cname_join(planner->arena, file->prefix, decl->word);
        decl->upper = idl_cname_upper(planner->arena, decl->c_name);
        idl_plan_map_add(&planner->decls, decl->model, decl);
        if (decl->model->kind == IDL_DECL_CONST || decl->model->kind == IDL_DECL_ALIAS ||
            decl->model->kind == IDL_DECL_SERVICE)
            continue;
        idl_plan_own_type(planner, decl);
        if (idl_plan_map_get(&planner->type_names, decl->c_name) == NULL)
            idl_plan_map_add(&planner->type_names, decl->c_name, decl);
    }
}

static bool fits_c_enum(const idl_decl *decl)
{
    if (decl->kind != IDL_DECL_ENUM)
        return false;
    switch (decl->type->kind) {
    case IDL_KIND_I8:
    case IDL_KIND_U8:
    case IDL_KIND_I16:
    case IDL_KIND_U16:
    case IDL_KIND_I32: return true;
    default: return false;
    }
}

/* Whether an enumerator before `index` has the same number; numbers usually ascend, then this looks
 * at none. */
static bool is_repeated(const idl_decl *decl, size_t index)
{
    const idl_enumerator *one = &decl->enumerators[index];
    for (size_t i = 0; i < index; i++)
        if (decl->enumerators[i].number == one->number &&
            decl->enumerators[i].is_negative == one->is_negative)
            return true;
    return false;
}

static bool numbers_ascend(const idl_decl *decl)
{
    for (size_t i = 1; i < decl->n_enumerators; i++)
        if (decl->enumerators[i].is_negative || decl->enumerators[i - 1].is_negative ||
            decl->enumerators[i].number <= decl->enumerators[i - 1].number)
            return false;
    return true;
}

static void plan_enumerators(idl_planner *planner, idl_plan_decl *decl)
{
    idl_arena *arena = planner->arena;
    size_t n = decl->model->n_enumerators;
    const char **constants = (const char **)idl_arena_array(arena, n, sizeof *constants);
    bool *repeated = (bool *)idl_arena_array(arena, n, sizeof *repeated);
    bool ascend = numbers_ascend(decl->model);
    for (size_t i = 0; i < n; i++) {
        const idl_enumerator *one = &decl->model->enumerators[i];
        const char *word = idl_cname_snake(arena, first_of(one->c_name, one->name));
        constants[i] = idl_cname_join(arena, decl->upper, idl_cname_upper(arena, word));
        repeated[i] = !ascend && is_repeated(decl->model, i);
    }
    decl->constants = constants;
    decl->is_repeated = repeated;
    decl->is_c_enum = fits_c_enum(decl->model);
}

static idl_absence absence_of(const idl_field *model, const idl_plan_type *type)
{
    if (model->presence != IDL_PRESENCE_OPTIONAL)
        return IDL_ABSENCE_NONE;
    switch (type->shape) {
    case IDL_SHAPE_STRUCT:
    case IDL_SHAPE_UNION: return IDL_ABSENCE_NULL_POINTER;
    case IDL_SHAPE_SCALAR:
        return type->kind == IDL_KIND_STRING || type->kind == IDL_KIND_BYTES ||
                       type->kind == IDL_KIND_ANY
                   ? IDL_ABSENCE_NULL_DATA
                   : IDL_ABSENCE_FLAG;
    default: return IDL_ABSENCE_FLAG;
    }
}

/* A member's name. Besides words that are taken anywhere, C++ refuses a member that is called as
 * the type of another, and a union has a member `unknown` of its own. */
static const char *member_name(idl_planner *planner, const idl_plan_decl *decl,
                               const idl_field *field)
{
    const char *name = first_of(field->c_name, field->name);
    bool is_own_type =
        strchr(name, '_') != NULL && idl_plan_map_get(&planner->type_names, name) != NULL;
    bool is_unknown = decl->model->kind == IDL_DECL_UNION && strcmp(name, "unknown") == 0;
    if (is_own_type || is_unknown)
        return idl_arena_format(planner->arena, "%s_", name);
    return idl_cname_member(planner->arena, name);
}

/* Keeps a helper that decoding this type needs, once per file. */
static void note_reader(idl_planner *planner, idl_plan_file *file, const idl_plan_type *type,
                        bool is_pointer)
{
    for (; type != NULL; type = type->item) {
        if (type->key != NULL)
            note_reader(planner, file, type->key, false); /* a key holds no other type */
        if (type->decl == NULL)
            continue;
        bool is_strict_enum = type->shape == IDL_SHAPE_ENUM && type->decl->model->is_strict;
        idl_plan_decl *decl = (idl_plan_decl *)idl_plan_map_get(&planner->decls, type->decl->model);
        if ((!is_pointer && !is_strict_enum) || decl->read_in == file)
            continue;
        decl->read_in = file;
        size_t capacity = file->readers_capacity;
        file->readers = (const idl_plan_decl **)idl_arena_grow(
            planner->arena, file->readers, file->n_readers, &capacity, sizeof *file->readers);
        file->readers_capacity = capacity;
        file->readers[file->n_readers++] = decl;
    }
}

static void note_pattern(idl_planner *planner, idl_plan_file *file, idl_plan_map *names,
                         const idl_constraint *constraint)
{
    const char *text = constraint->values[0].text;
    if (idl_plan_map_get(names, text) != NULL)
        return;
    idl_plan_pattern *pattern =
        (idl_plan_pattern *)idl_arena_alloc(planner->arena, sizeof *pattern);
    pattern->c_name = idl_arena_format(planner->arena, "%s_pattern%lu", file->prefix,
                                       (unsigned long)file->n_patterns + 1);
    pattern->dfa = constraint->dfa;
    pattern->text = text;
    idl_plan_map_add(names, text, pattern);
    size_t capacity = file->patterns_capacity;
    file->patterns = (idl_plan_pattern **)idl_arena_grow(
        planner->arena, file->patterns, file->n_patterns, &capacity, sizeof *file->patterns);
    file->patterns_capacity = capacity;
    file->patterns[file->n_patterns++] = pattern;
}

static void note_patterns(idl_planner *planner, idl_plan_file *file, idl_plan_map *names,
                          const idl_type *type)
{
    for (; type != NULL; type = type->item) {
        if (type->key != NULL)
            note_patterns(planner, file, names, type->key); /* a key holds no other type */
        for (size_t i = 0; i < type->n_constraints; i++)
            if (type->constraints[i].kind == IDL_CONSTRAINT_PATTERN)
                note_pattern(planner, file, names, &type->constraints[i]);
    }
}

static void plan_patterns(idl_planner *planner, idl_plan_file *file)
{
    idl_plan_map *names = (idl_plan_map *)idl_arena_alloc(planner->arena, sizeof *names);
    *names = (idl_plan_map){ .arena = planner->arena, .is_text = true };
    file->pattern_names = names;
    for (size_t i = 0; i < file->n_decls; i++)
        for (size_t k = 0; k < file->decls[i].model->n_fields; k++)
            note_patterns(planner, file, names, file->decls[i].model->fields[k].type);
}

const char *idl_plan_pattern_name(const idl_plan_file *file, const idl_constraint *constraint)
{
    const idl_plan_pattern *pattern =
        (const idl_plan_pattern *)idl_plan_map_get(file->pattern_names, constraint->values[0].text);
    return pattern->c_name;
}

static void plan_field(idl_planner *planner, idl_plan_file *file, idl_plan_decl *decl, size_t index)
{
    idl_arena *arena = planner->arena;
    const idl_field *model = &decl->model->fields[index];
    idl_plan_field *field = &decl->fields[index];
    bool is_variant = decl->model->kind == IDL_DECL_UNION;
    field->model = model;
    field->type = idl_plan_type_of(planner, file, model->type);
    field->c_name = member_name(planner, decl, model);
    field->absence = absence_of(model, field->type);
    bool is_object =
        field->type->shape == IDL_SHAPE_STRUCT || field->type->shape == IDL_SHAPE_UNION;
    field->is_pointer = is_object && (is_variant || field->absence != IDL_ABSENCE_NONE);
    note_reader(planner, file, field->type, field->is_pointer);
    if (field->absence == IDL_ABSENCE_FLAG)
        field->has_name = idl_cname_join(arena, "has", first_of(model->c_name, model->name));
    if (is_variant) {
        const char *word = idl_cname_snake(arena, first_of(model->c_name, model->name));
        field->constant = idl_cname_join(arena, decl->upper, idl_cname_upper(arena, word));
    }
}

static void plan_fields(idl_planner *planner, idl_plan_file *file, idl_plan_decl *decl)
{
    idl_arena *arena = planner->arena;
    size_t n = decl->model->n_fields;
    decl->fields = (idl_plan_field *)idl_arena_array(arena, n, sizeof *decl->fields);
    decl->by_id = (const idl_plan_field **)idl_arena_array(arena, n, sizeof *decl->by_id);
    for (size_t i = 0; i < n; i++)
        plan_field(planner, file, decl, i);
    for (size_t i = 0; i < n; i++)
        decl->by_id[i] = idl_plan_field_of(decl, decl->model->by_id[i]);
}

void idl_plan_members(idl_planner *planner, idl_plan_file *file)
{
    plan_patterns(planner, file);
    for (size_t i = 0; i < file->n_decls; i++) {
        idl_plan_decl *decl = &file->decls[i];
        switch (decl->model->kind) {
        case IDL_DECL_ENUM:
        case IDL_DECL_FLAGS: plan_enumerators(planner, decl); break;
        case IDL_DECL_STRUCT:
        case IDL_DECL_UNION:
        case IDL_DECL_ERROR: plan_fields(planner, file, decl); break;
        case IDL_DECL_CONST: decl->type = idl_plan_type_of(planner, file, decl->model->type); break;
        case IDL_DECL_ALIAS:
        case IDL_DECL_SERVICE: break;
        }
    }
}

const idl_plan_field *idl_plan_field_of(const idl_plan_decl *owner, const idl_field *field)
{
    return &owner->fields[field - owner->model->fields];
}
