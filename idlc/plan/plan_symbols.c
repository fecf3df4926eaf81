/*
 * No two things may get one C name. Names that stand alone are entered into one table; of names
 * that are made of another and a suffix (bank_transfer_encode) only those are looked at that a
 * declared name could meet.
 *
 * The table spans all files of the run, since their headers are included together.
 */
#include "plan/cname.h"
#include "plan/internal.h"

#include <string.h>

typedef enum symbol_kind {
    SYMBOL_TYPE_ENUM = 1,
    SYMBOL_TYPE_STRUCT, /* struct, union, error */
    SYMBOL_UPPER,       /* its name in capitals, which macros begin with */
    SYMBOL_CONTAINER,
    SYMBOL_SERVICE,
    SYMBOL_METHOD,
    SYMBOL_CONSTANT,
    SYMBOL_FILE /* bank_packet */
} symbol_kind;

typedef struct symbol {
    symbol_kind kind;
    idl_span span;
    const char *what; /* "bank.Transfer" */
} symbol;

/* Names that the emitters form with a suffix, and from what. */
static const struct {
    const char *suffix;
    symbol_kind kind;
} suffixes[] = {
    { "_type", SYMBOL_TYPE_STRUCT },    { "_encode", SYMBOL_TYPE_STRUCT },
    { "_decode", SYMBOL_TYPE_STRUCT },  { "_check", SYMBOL_TYPE_STRUCT },
    { "_init", SYMBOL_TYPE_STRUCT },    { "_kind", SYMBOL_TYPE_STRUCT },
    { "_initial", SYMBOL_TYPE_STRUCT }, { "_fields", SYMBOL_TYPE_STRUCT },
    { "_ids", SYMBOL_TYPE_STRUCT },     { "_optional", SYMBOL_TYPE_STRUCT },
    { "_read", SYMBOL_TYPE_STRUCT },    { "_read", SYMBOL_TYPE_ENUM },
    { "_values", SYMBOL_TYPE_ENUM },    { "_read", SYMBOL_CONTAINER },
    { "_write", SYMBOL_CONTAINER },     { "_type", SYMBOL_CONTAINER },
    { "_errors", SYMBOL_METHOD },       { "_roles", SYMBOL_METHOD },
    { "_type", SYMBOL_TYPE_ENUM },      { "_name", SYMBOL_TYPE_ENUM },
    { "_parse", SYMBOL_TYPE_ENUM },     { "_INIT", SYMBOL_UPPER },
    { "_MAX_ENCODED", SYMBOL_UPPER },   { "_service", SYMBOL_SERVICE },
    { "_methods", SYMBOL_SERVICE },     { "_handlers", SYMBOL_SERVICE },
    { "_serve", SYMBOL_SERVICE },       { "_serve_client", SYMBOL_SERVICE },
    { "_to", SYMBOL_METHOD },           { "_wait", SYMBOL_METHOD },
    { "_fn", SYMBOL_METHOD },           { "_result", SYMBOL_METHOD },
    { "_result_free", SYMBOL_METHOD },  { "_result_keep", SYMBOL_METHOD },
    { "_reply", SYMBOL_METHOD },        { "_name", SYMBOL_FILE },
    { "_parse", SYMBOL_FILE },
};

static void report_clash(idl_planner *planner, const char *name, const symbol *here,
                         const symbol *there, const char *suffix)
{
    planner->n_errors++;
    idl_report *report = idl_diag_report(
        planner->diag, IDL_DIAG_C_NAME_CLASH, here->span,
        "the C name '%s' of '%s' is taken by '%s'%s%s", name, here->what, there->what,
        suffix != NULL ? ", which generates a name ending in " : "", suffix != NULL ? suffix : "");
    if (!idl_span_is_none(there->span))
        idl_report_note(planner->diag, report, there->span, "'%s' is here", there->what);
    idl_report_help(planner->diag, report, "rename one of them, or give it @c_name(\"...\")");
}

static void check_suffixes(idl_planner *planner, idl_plan_map *table, const char *name,
                           const symbol *here)
{
    size_t len = strlen(name);
    if (strchr(name, '_') == NULL)
        return;
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        size_t suffix_len = strlen(suffixes[i].suffix);
        if (len <= suffix_len ||
            memcmp(name + len - suffix_len, suffixes[i].suffix, suffix_len) != 0)
            continue;
        char *stem = idl_arena_copy(planner->arena, name, len - suffix_len);
        const symbol *there = (const symbol *)idl_plan_map_get(table, stem);
        if (there != NULL && there->kind == suffixes[i].kind)
            report_clash(planner, name, here, there, suffixes[i].suffix);
    }
}

typedef struct collector {
    idl_planner *planner;
    idl_plan_map table;
} collector;

static void add(collector *c, symbol_kind kind, const char *name, idl_span span, const char *what)
{
    symbol *here = (symbol *)idl_arena_alloc(c->planner->arena, sizeof *here);
    *here = (symbol){ .kind = kind, .span = span, .what = what };
    const symbol *there = (const symbol *)idl_plan_map_get(&c->table, name);
    if (there != NULL)
        report_clash(c->planner, name, here, there, NULL);
    else
        idl_plan_map_add(&c->table, name, here);
}

static void add_decl(collector *c, const idl_plan_decl *decl)
{
    const idl_decl *model = decl->model;
    switch (model->kind) {
    case IDL_DECL_ALIAS: return;
    case IDL_DECL_CONST:
        add(c, SYMBOL_CONSTANT, decl->upper, model->name_span, model->full_name);
        return;
    case IDL_DECL_SERVICE:
        add(c, SYMBOL_SERVICE, decl->c_name, model->name_span, model->full_name);
        for (size_t i = 0; i < model->n_methods; i++) {
            const idl_method *method = &model->methods[i];
            add(c, SYMBOL_METHOD, decl->methods[i].c_name, method->name_span, method->full_name);
            add(c, SYMBOL_CONSTANT, decl->methods[i].constant, method->name_span,
                method->full_name);
            add(c, SYMBOL_CONSTANT, decl->methods[i].packet, method->name_span, method->full_name);
        }
        return;
    case IDL_DECL_ENUM:
    case IDL_DECL_FLAGS:
        add(c, SYMBOL_TYPE_ENUM, decl->c_name, model->name_span, model->full_name);
        for (size_t i = 0; i < model->n_enumerators; i++)
            add(c, SYMBOL_CONSTANT, decl->constants[i], model->enumerators[i].span,
                model->enumerators[i].name);
        return;
    default:
        add(c, SYMBOL_TYPE_STRUCT, decl->c_name, model->name_span, model->full_name);
        add(c, SYMBOL_UPPER, decl->upper, model->name_span, model->full_name);
        for (size_t i = 0; i < model->n_fields && model->kind == IDL_DECL_UNION; i++)
            add(c, SYMBOL_CONSTANT, decl->fields[i].constant, decl->fields[i].model->name_span,
                decl->fields[i].model->name);
        return;
    }
}

static void add_file(collector *c, const idl_plan_file *file)
{
    for (size_t i = 0; i < file->n_decls; i++)
        add_decl(c, &file->decls[i]);
    for (size_t i = 0; i < file->n_containers; i++) {
        const idl_plan_type *type = file->containers[i];
        if (type->is_runtime || type->is_imported || type->is_guarded ||
            type->shape == IDL_SHAPE_ARRAY)
            continue;
        add(c, SYMBOL_CONTAINER, type->c_name, file->decls[0].model->name_span, type->schema_name);
        if (type->entry != NULL)
            add(c, SYMBOL_CONTAINER, type->entry, file->decls[0].model->name_span,
                type->schema_name);
    }
    if (file->n_methods > 0)
        add(c, SYMBOL_FILE, idl_cname_join(c->planner->arena, file->prefix, "packet"),
            file->decls[0].model->name_span, "the packet ids");
}

/* Members clash only where one was changed or added, since the schema's own names are distinct. */
static bool is_made_up(const idl_plan_field *field)
{
    return field->c_name != field->model->name || field->has_name != NULL;
}

static void check_members(idl_planner *planner, const idl_plan_decl *decl)
{
    for (size_t i = 0; i < decl->model->n_fields; i++) {
        const idl_plan_field *one = &decl->fields[i];
        if (!is_made_up(one))
            continue;
        for (size_t k = 0; k < decl->model->n_fields; k++) {
            const idl_plan_field *other = &decl->fields[k];
            const char *name = NULL;
            if (k != i && strcmp(one->c_name, other->c_name) == 0 && (k < i || !is_made_up(other)))
                name = one->c_name;
            else if (one->has_name != NULL && strcmp(one->has_name, other->c_name) == 0)
                name = one->has_name;
            if (name == NULL)
                continue;
            symbol here = { .span = one->model->name_span, .what = one->model->name };
            symbol there = { .span = other->model->name_span, .what = other->model->name };
            report_clash(planner, name, &here, &there, NULL);
        }
    }
}

/* C++ refuses a member that is called as a type of the same struct; only names with the namespace in front can be. */
static void check_member_types(collector *c, const idl_plan_file *file, const idl_plan_decl *decl)
{
    size_t len = strlen(file->prefix);
    for (size_t i = 0; i < decl->model->n_fields; i++) {
        const idl_plan_field *field = &decl->fields[i];
        if (strncmp(field->c_name, file->prefix, len) != 0 || field->c_name[len] != '_')
            continue;
        const symbol *there = (const symbol *)idl_plan_map_get(&c->table, field->c_name);
        symbol here = { .span = field->model->name_span, .what = field->model->name };
        if (there != NULL && there->kind == SYMBOL_CONTAINER)
            report_clash(c->planner, field->c_name, &here, there, NULL);
    }
}

/* Second round: by now every name is in the table. */
static void check_derived(collector *c, const idl_plan_file *file)
{
    idl_planner *planner = c->planner;
    for (size_t i = 0; i < file->n_decls; i++) {
        const idl_plan_decl *decl = &file->decls[i];
        const idl_decl *model = decl->model;
        symbol here = { .span = model->name_span, .what = model->full_name };
        if (model->kind == IDL_DECL_CONST)
            check_suffixes(planner, &c->table, decl->upper, &here);
        else if (model->kind != IDL_DECL_ALIAS)
            check_suffixes(planner, &c->table, decl->c_name, &here);
        for (size_t k = 0; k < model->n_methods; k++) {
            symbol method = { .span = model->methods[k].name_span,
                              .what = model->methods[k].full_name };
            check_suffixes(planner, &c->table, decl->methods[k].c_name, &method);
        }
        for (size_t k = 0; k < model->n_enumerators; k++) {
            symbol one = { .span = model->enumerators[k].span, .what = model->enumerators[k].name };
            check_suffixes(planner, &c->table, decl->constants[k], &one);
        }
        for (size_t k = 0; k < model->n_fields && model->kind == IDL_DECL_UNION; k++) {
            symbol one = { .span = model->fields[k].name_span, .what = model->fields[k].name };
            check_suffixes(planner, &c->table, decl->fields[k].constant, &one);
        }
        if (decl->fields != NULL) {
            check_members(planner, decl);
            check_member_types(c, file, decl);
        }
    }
}

void idl_plan_symbols(idl_planner *planner)
{
    collector c = { .planner = planner,
                    .table = { .arena = planner->arena,
                               .is_text = true,
                               .expected = 2 * planner->decls.expected } };
    for (size_t i = 0; i < planner->plan->n_files; i++)
        add_file(&c, &planner->plan->files[i]);
    for (size_t i = 0; i < planner->plan->n_files; i++)
        check_derived(&c, &planner->plan->files[i]);
}
