/*
 * What each schema type is in C: scalars from a table, declarations by name, and one object per
 * distinct list, array or map of a file.
 *
 * A list or map that an imported file has defined already is used from there; else it is this
 * file's, and its name begins with this file's namespace, so that two headers never define the same
 * name for different things.
 */
#include "plan/cname.h"
#include "plan/internal.h"

#include <string.h>

#define SCALAR(kind_, codec_, c_, table_)                                                          \
    {                                                                                              \
        .shape = IDL_SHAPE_SCALAR, .kind = IDL_KIND_##kind_, .c_name = c_, .codec = codec_,        \
        .table = "coax_type_" table_, .word = codec_, .schema_name = table_,                       \
        .size = "sizeof(" c_ ")"                                                                   \
    }

/* In the order of idl_kind, from BOOL. */
static const idl_plan_type scalars[] = {
    SCALAR(BOOL, "bool", "bool", "bool"),
    SCALAR(I8, "i8", "int8_t", "i8"),
    SCALAR(I16, "i16", "int16_t", "i16"),
    SCALAR(I32, "i32", "int32_t", "i32"),
    SCALAR(I64, "i64", "int64_t", "i64"),
    SCALAR(U8, "u8", "uint8_t", "u8"),
    SCALAR(U16, "u16", "uint16_t", "u16"),
    SCALAR(U32, "u32", "uint32_t", "u32"),
    SCALAR(U64, "u64", "uint64_t", "u64"),
    SCALAR(F32, "f32", "float", "f32"),
    SCALAR(F64, "f64", "double", "f64"),
    SCALAR(STRING, "str", "coax_str", "string"),
    SCALAR(BYTES, "bytes", "coax_bytes", "bytes"),
    SCALAR(TIMESTAMP, "timestamp", "coax_timestamp", "timestamp"),
    SCALAR(DURATION, "duration", "coax_duration", "duration"),
    SCALAR(UUID, "uuid", "coax_uuid", "uuid"),
    SCALAR(ANY, "any", "coax_any", "any"),
};

static const idl_plan_type *scalar(idl_kind kind)
{
    return &scalars[(size_t)kind - (size_t)IDL_KIND_BOOL];
}

static idl_shape shape_of_decl(idl_decl_kind kind)
{
    switch (kind) {
    case IDL_DECL_ENUM:
    case IDL_DECL_FLAGS: return IDL_SHAPE_ENUM;
    case IDL_DECL_UNION: return IDL_SHAPE_UNION;
    default: return IDL_SHAPE_STRUCT;
    }
}

void idl_plan_own_type(idl_planner *planner, idl_plan_decl *decl)
{
    idl_arena *arena = planner->arena;
    idl_plan_type *type = (idl_plan_type *)idl_arena_alloc(arena, sizeof *type);
    type->shape = shape_of_decl(decl->model->kind);
    type->kind = IDL_KIND_NAMED;
    type->c_name = decl->c_name;
    type->table = idl_cname_join(arena, decl->c_name, "type");
    type->word = decl->c_name;
    type->schema_name = decl->model->full_name;
    type->decl = decl;
    if (type->shape == IDL_SHAPE_ENUM) {
        const idl_plan_type *base = scalar(decl->model->type->kind);
        type->kind = base->kind;
        type->codec = base->codec;
        type->wire_c = base->c_name;
    }
    decl->type = type;
}

static const char *schema_name_of(idl_arena *arena, const idl_plan_type *type)
{
    switch (type->shape) {
    case IDL_SHAPE_LIST: return idl_arena_format(arena, "list<%s>", type->item->schema_name);
    case IDL_SHAPE_MAP:
        return idl_arena_format(arena, "map<%s, %s>", type->key->schema_name,
                                type->item->schema_name);
    default:
        return idl_arena_format(arena, "%s[%lu]", type->item->schema_name,
                                (unsigned long)type->count);
    }
}

/* What a type is called inside the name of a container of `file`. */
static const char *word_in(const idl_plan_file *file, const idl_plan_type *type)
{
    return type->decl != NULL && type->decl->file == file ? type->decl->word : type->word;
}

static bool has_own_decl(const idl_plan_file *file, const idl_plan_type *type)
{
    for (; type != NULL; type = type->item) {
        if (type->decl != NULL && type->decl->file == file)
            return true;
        if (type->key != NULL && type->key->decl != NULL && type->key->decl->file == file)
            return true;
    }
    return false;
}

/* A list or map of the same schema type, defined in a header this file includes, however far away.
 */
static const idl_plan_type *imported(const idl_planner *planner, const idl_plan_file *file,
                                     const char *schema_name)
{
    for (size_t i = 0; i < file->n_imports; i++) {
        size_t index = (size_t)(file->imports[i] - planner->plan->files);
        const idl_plan_type *found =
            (const idl_plan_type *)idl_plan_map_get(&planner->containers[index], schema_name);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static void name_container(idl_planner *planner, idl_plan_file *file, idl_plan_type *type)
{
    idl_arena *arena = planner->arena;
    const char *item = word_in(file, type->item);
    if (type->shape == IDL_SHAPE_LIST)
        type->word = idl_arena_format(arena, "%s_list", item);
    else if (type->shape == IDL_SHAPE_MAP)
        type->word = idl_arena_format(arena, "%s_%s_map", word_in(file, type->key), item);
    else
        type->word = idl_arena_format(arena, "%s_array%lu", item, (unsigned long)type->count);
    type->helper = idl_cname_join(arena, file->prefix, type->word);
    type->table = idl_cname_join(arena, type->helper, "type");
    type->is_guarded = !has_own_decl(file, type);
    if (type->shape == IDL_SHAPE_MAP)
        type->entry =
            idl_arena_format(arena, "%s_%s_%s_entry", file->prefix, word_in(file, type->key), item);
    if (type->shape == IDL_SHAPE_LIST && type->item->shape == IDL_SHAPE_ARRAY)
        type->entry = type->item->helper;
}

/* The C size of a value; what a list's or map's table calls its size is that of one item. */
static const char *value_size(idl_arena *arena, const idl_plan_type *type)
{
    if (type->shape == IDL_SHAPE_SCALAR || type->shape == IDL_SHAPE_ARRAY)
        return type->size;
    return idl_arena_format(arena, "sizeof(%s)", type->c_name);
}

/* The C side of a container: its own struct, an imported one, or one of coax/bytes.h. */
static void give_c_type(idl_planner *planner, idl_plan_file *file, idl_plan_type *type)
{
    idl_arena *arena = planner->arena;
    if (type->shape == IDL_SHAPE_ARRAY) {
        type->c_name = type->item->c_name;
        type->is_bin = type->item == scalar(IDL_KIND_U8);
        type->size = idl_arena_format(arena, "%lu * %s", (unsigned long)type->count,
                                      value_size(arena, type->item));
        return;
    }
    type->c_name = type->helper;
    type->size = value_size(arena, type->item); /* of one item */
    if (type->shape == IDL_SHAPE_LIST && type->item->shape == IDL_SHAPE_SCALAR) {
        type->is_runtime = true;
        type->codec = idl_arena_format(arena, "%s_list", type->item->codec);
        type->c_name = idl_arena_format(arena, "coax_%s", type->codec);
        return;
    }
    const idl_plan_type *there = imported(planner, file, type->schema_name);
    if (there != NULL) {
        type->is_imported = true;
        type->c_name = there->c_name;
        type->entry = there->entry;
    }
    if (type->entry != NULL)
        type->size = idl_arena_format(arena, "sizeof(%s)", type->entry);
}

static const idl_plan_type *container(idl_planner *planner, idl_plan_file *file, idl_shape shape,
                                      const idl_type *model)
{
    idl_plan_type type = { .shape = shape, .kind = model->kind, .count = model->count };
    type.item = idl_plan_type_of(planner, file, model->item);
    if (shape == IDL_SHAPE_MAP)
        type.key = idl_plan_type_of(planner, file, model->key);
    type.schema_name = schema_name_of(planner->arena, &type);
    idl_plan_map *known = &planner->containers[(size_t)(file - planner->plan->files)];
    idl_plan_type *found = (idl_plan_type *)idl_plan_map_get(known, type.schema_name);
    if (found != NULL)
        return found;
    name_container(planner, file, &type);
    give_c_type(planner, file, &type);
    found = (idl_plan_type *)idl_arena_alloc(planner->arena, sizeof *found);
    *found = type;
    idl_plan_map_add(known, found->schema_name, found);
    size_t capacity = file->containers_capacity;
    file->containers = (idl_plan_type **)idl_arena_grow(
        planner->arena, file->containers, file->n_containers, &capacity, sizeof *file->containers);
    file->containers_capacity = capacity;
    file->containers[file->n_containers++] = found;
    return found;
}

const idl_plan_type *idl_plan_type_of(idl_planner *planner, idl_plan_file *file,
                                      const idl_type *type)
{
    switch (type->kind) {
    case IDL_KIND_NAMED: {
        const idl_plan_decl *decl =
            (const idl_plan_decl *)idl_plan_map_get(&planner->decls, type->decl);
        return decl->type;
    }
    case IDL_KIND_LIST: return container(planner, file, IDL_SHAPE_LIST, type);
    case IDL_KIND_ARRAY: return container(planner, file, IDL_SHAPE_ARRAY, type);
    case IDL_KIND_MAP: return container(planner, file, IDL_SHAPE_MAP, type);
    default: return scalar(type->kind);
    }
}
