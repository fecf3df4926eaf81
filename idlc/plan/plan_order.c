/*
 * In which order C wants structs defined, and how long their longest encoding is.
 *
 * Both walk from a declaration to those its fields mention. Schemas may chain ten thousand structs,
 * so the walk keeps its own stack.
 */
#include "plan/internal.h"

/* What a field holds by value, or (with `by_value` false) at all; NULL: nothing that was declared
 * with fields. */
static idl_plan_decl *held_by(const idl_planner *planner, const idl_plan_field *field,
                              bool by_value)
{
    const idl_plan_type *type = field->type;
    if (by_value && field->is_pointer)
        return NULL;
    while (type->item != NULL) {
        if (by_value && type->shape != IDL_SHAPE_ARRAY)
            return NULL;
        type = type->item;
    }
    if (type->shape != IDL_SHAPE_STRUCT && type->shape != IDL_SHAPE_UNION)
        return NULL;
    return (idl_plan_decl *)idl_plan_map_get(&planner->decls, type->decl->model);
}

typedef struct walk {
    idl_planner *planner;
    idl_plan_file *file;
    bool by_value;
    uint8_t *state; /* per declaration of the file: 0 new, 1 on the stack, 2 done */
    struct {
        idl_plan_decl *decl;
        size_t next_field;
    } * stack;
    size_t depth;
    idl_plan_decl **ordered;
    size_t n_ordered;
} walk;

static bool has_fields(const idl_plan_decl *decl)
{
    return decl->fields != NULL;
}

static void enter(walk *w, idl_plan_decl *decl)
{
    w->state[decl - w->file->decls] = 1;
    w->stack[w->depth].decl = decl;
    w->stack[w->depth].next_field = 0;
    w->depth++;
}

/* Everything `first` leads to, then itself. */
static void walk_from(walk *w, idl_plan_decl *first)
{
    enter(w, first);
    while (w->depth > 0) {
        idl_plan_decl *decl = w->stack[w->depth - 1].decl;
        size_t i = w->stack[w->depth - 1].next_field++;
        if (i >= decl->model->n_fields) {
            w->state[decl - w->file->decls] = 2;
            w->ordered[w->n_ordered++] = decl;
            w->depth--;
            continue;
        }
        idl_plan_decl *held = held_by(w->planner, &decl->fields[i], w->by_value);
        if (held != NULL && held->file == w->file && w->state[held - w->file->decls] == 0)
            enter(w, held);
    }
}

/* The file's structs, unions and errors, each behind what it holds; the schema's order where that
 * leaves a choice. */
static walk walk_file(idl_planner *planner, idl_plan_file *file, bool by_value)
{
    idl_arena *arena = planner->arena;
    walk w = { .planner = planner, .file = file, .by_value = by_value };
    w.state = (uint8_t *)idl_arena_array(arena, file->n_decls, 1);
    w.stack = idl_arena_array(arena, file->n_decls, sizeof *w.stack);
    w.ordered = (idl_plan_decl **)idl_arena_array(arena, file->n_decls, sizeof(idl_plan_decl *));
    for (size_t i = 0; i < file->n_decls; i++)
        if (has_fields(&file->decls[i]) && w.state[i] == 0)
            walk_from(&w, &file->decls[i]);
    return w;
}

static bool is_zero_value(const idl_value *value)
{
    switch (value->kind) {
    case IDL_VALUE_BOOL:
    case IDL_VALUE_INT: return value->u == 0;
    case IDL_VALUE_FLOAT: return value->f >= 0 && value->f <= 0;
    case IDL_VALUE_STRING: return false; /* "" is present, so its data is not NULL */
    case IDL_VALUE_ENUM: return value->enumerator->number == 0;
    default: return true;
    }
}

static bool starts_zero(const idl_plan_field *field)
{
    if (field->model->presence == IDL_PRESENCE_DEFAULTED)
        return is_zero_value(&field->model->initial);
    const idl_plan_type *type = field->type;
    while (type->shape == IDL_SHAPE_ARRAY)
        type = type->item;
    return type->shape != IDL_SHAPE_STRUCT || field->is_pointer || type->decl->is_zero_init;
}

/* A struct that something reaches through a pointer before its definition has to be declared first.
 */
static void mark_forward(const idl_planner *planner, const idl_plan_field *field,
                         const idl_plan_decl *user)
{
    idl_plan_decl *held = held_by(planner, field, false);
    if (held == NULL || held->file != user->file)
        return;
    bool is_in_container = field->type->item != NULL;
    if (is_in_container || held->order >= user->order)
        held->needs_forward = true;
}

/* Each item of an array is written out in the initialiser, unless all of it is zero. */
static void check_array(idl_planner *planner, const idl_plan_field *field)
{
    uint64_t count = 1;
    const idl_plan_type *type = field->type;
    for (; type->shape == IDL_SHAPE_ARRAY; type = type->item)
        count *= count <= IDL_PLAN_DEFAULTS_MAX ? type->count : 1;
    bool has_defaults = type->shape == IDL_SHAPE_STRUCT && !type->decl->is_zero_init;
    if (!has_defaults || field->is_pointer || count <= IDL_PLAN_DEFAULTS_MAX)
        return;
    planner->n_errors++;
    idl_report *report = idl_diag_report(
        planner->diag, IDL_DIAG_ARRAY_TOO_LARGE, field->model->span,
        "'%s' holds more than %u structs with defaults", field->model->name, IDL_PLAN_DEFAULTS_MAX);
    idl_report_help(planner->diag, report, "make it a list");
}

void idl_plan_order(idl_planner *planner, idl_plan_file *file)
{
    walk w = walk_file(planner, file, true);
    file->ordered = w.ordered;
    file->n_ordered = w.n_ordered;
    for (size_t i = 0; i < w.n_ordered; i++) {
        idl_plan_decl *decl = w.ordered[i];
        decl->order = i;
        decl->is_zero_init = true;
        for (size_t k = 0; k < decl->model->n_fields && decl->model->kind != IDL_DECL_UNION; k++) {
            decl->is_zero_init = decl->is_zero_init && starts_zero(&decl->fields[k]);
            check_array(planner, &decl->fields[k]);
        }
    }
    for (size_t i = 0; i < w.n_ordered; i++)
        for (size_t k = 0; k < w.ordered[i]->model->n_fields; k++)
            mark_forward(planner, &w.ordered[i]->fields[k], w.ordered[i]);
}

/* Lengths of encodings; all arithmetic stops at UNBOUNDED. */

#define UNBOUNDED ((uint64_t)INT32_MAX)

static uint64_t plus(uint64_t a, uint64_t b)
{
    return a + b < UNBOUNDED ? a + b : UNBOUNDED;
}

static uint64_t times(uint64_t n, uint64_t each)
{
    if (n != 0 && each > UNBOUNDED / n)
        return UNBOUNDED;
    return plus(n * each, 0);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t high_end(const idl_constraint *constraint)
{
    const idl_value *high = &constraint->high.value;
    return high->kind == IDL_VALUE_INT && !high->is_negative ? least(high->u, UNBOUNDED)
                                                             : UNBOUNDED;
}

/* The most bytes (text, bytes) or items that the constraints let through. */
static uint64_t longest(const idl_type *model)
{
    uint64_t most = UNBOUNDED;
    for (size_t i = 0; i < model->n_constraints; i++) {
        const idl_constraint *c = &model->constraints[i];
        if (c->kind == IDL_CONSTRAINT_LEN || c->kind == IDL_CONSTRAINT_ITEMS)
            most = least(most, high_end(c));
        else if (c->kind == IDL_CONSTRAINT_CHARS)
            most = least(most, times(4, high_end(c)));
    }
    return most;
}

static uint64_t text_max(uint64_t len, bool has_fix_form)
{
    uint64_t header = len <= 31 && has_fix_form ? 1 : len <= 0xff ? 2 : len <= 0xffff ? 3 : 5;
    return plus(len, header);
}

static uint64_t items_header(uint64_t count)
{
    return count <= 15 ? 1 : count <= 0xffff ? 3 : 5;
}

static uint64_t scalar_max(const idl_plan_type *type, const idl_type *model)
{
    switch (type->kind) {
    case IDL_KIND_BOOL: return 1;
    case IDL_KIND_I8:
    case IDL_KIND_U8: return 2;
    case IDL_KIND_I16:
    case IDL_KIND_U16: return 3;
    case IDL_KIND_I32:
    case IDL_KIND_U32:
    case IDL_KIND_F32: return 5;
    case IDL_KIND_I64:
    case IDL_KIND_U64:
    case IDL_KIND_F64:
    case IDL_KIND_DURATION: return 9;
    case IDL_KIND_TIMESTAMP: return 15; /* ext 8, length, type, 12 bytes */
    case IDL_KIND_UUID: return 18;      /* bin 8, length, 16 bytes */
    case IDL_KIND_STRING: return text_max(longest(model), true);
    case IDL_KIND_BYTES: return text_max(longest(model), false);
    default: return UNBOUNDED;
    }
}

/* Types nest at most as deep as the parser allows, and declarations are done before those that hold
 * them. */
static uint64_t type_max(const idl_plan_type *type, const idl_type *model)
{
    uint64_t count = type->shape == IDL_SHAPE_ARRAY ? type->count : longest(model);
    switch (type->shape) {
    case IDL_SHAPE_SCALAR:
    case IDL_SHAPE_ENUM: return scalar_max(type, model);
    case IDL_SHAPE_STRUCT:
    case IDL_SHAPE_UNION: return type->decl->max_encoded != 0 ? type->decl->max_encoded : UNBOUNDED;
    case IDL_SHAPE_ARRAY:
        if (type->is_bin)
            return text_max(count, false);
        return plus(items_header(count), times(count, type_max(type->item, model->item)));
    case IDL_SHAPE_LIST:
        return plus(items_header(count), times(count, type_max(type->item, model->item)));
    case IDL_SHAPE_MAP:
        return plus(items_header(count), times(count, plus(type_max(type->key, model->key),
                                                           type_max(type->item, model->item))));
    }
    return UNBOUNDED;
}

static uint64_t key_max(uint16_t id)
{
    return id <= 0x7f ? 1 : id <= 0xff ? 2 : 3;
}

static uint64_t decl_max(const idl_plan_decl *decl)
{
    bool is_union = decl->model->kind == IDL_DECL_UNION;
    if (decl->model->is_recursive || (is_union && !decl->model->is_strict))
        return 0; /* an open union passes on what it doesn't know */
    uint64_t sum = items_header(is_union ? 1 : decl->model->n_fields);
    uint64_t largest = 0;
    for (size_t i = 0; i < decl->model->n_fields; i++) {
        const idl_plan_field *field = &decl->fields[i];
        uint64_t len = plus(key_max(field->model->id), type_max(field->type, field->model->type));
        sum = is_union ? sum : plus(sum, len);
        largest = len > largest ? len : largest;
    }
    if (is_union)
        sum = plus(sum, largest);
    return sum < UNBOUNDED ? sum : 0;
}

void idl_plan_sizes(idl_planner *planner)
{
    for (size_t i = 0; i < planner->plan->n_files; i++) {
        walk w = walk_file(planner, &planner->plan->files[i], false);
        for (size_t k = 0; k < w.n_ordered; k++)
            w.ordered[k]->max_encoded = decl_max(w.ordered[k]);
    }
}
