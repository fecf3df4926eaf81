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

/* Bits, so that one suffix may belong to several. A method's bit is that of its kind. */
typedef enum symbol_kind {
    SYMBOL_UNARY = 1 << 0,
    SYMBOL_ONEWAY = 1 << 1,
    SYMBOL_SERVER_STREAM = 1 << 2,
    SYMBOL_CLIENT_STREAM = 1 << 3,
    SYMBOL_BIDI_STREAM = 1 << 4,
    SYMBOL_EVENT = 1 << 5,
    SYMBOL_TYPE_ENUM = 1 << 6,
    SYMBOL_TYPE_STRUCT = 1 << 7, /* struct, union, error */
    SYMBOL_UPPER = 1 << 8,       /* its name in capitals, which macros begin with */
    SYMBOL_CONTAINER = 1 << 9,
    SYMBOL_SERVICE = 1 << 10,
    SYMBOL_CONSTANT = 1 << 11, /* and whatever else no suffix is put behind */
    SYMBOL_FILE = 1 << 12      /* bank_packet */
} symbol_kind;

#define TAKES_ITEMS (SYMBOL_CLIENT_STREAM | SYMBOL_BIDI_STREAM)
#define GIVES_ITEMS (SYMBOL_SERVER_STREAM | SYMBOL_BIDI_STREAM)
#define STREAMS (TAKES_ITEMS | GIVES_ITEMS)
#define ANSWERED (SYMBOL_UNARY | STREAMS)
#define HANDLED (ANSWERED | SYMBOL_ONEWAY)
#define METHODS (HANDLED | SYMBOL_EVENT)

typedef struct symbol {
    unsigned kind; /* symbol_kind */
    idl_span span;
    const char *what; /* "bank.Transfer" */
} symbol;

/* Names that the emitters form with a suffix, and from what. Where one is longer by another suffix of the list
 * (_result_free), the shorter belongs to the same kinds, so that no two formed names can meet. */
#define SUFFIX(text, kinds)                                                                        \
    {                                                                                              \
        text, sizeof(text) - 1, kinds                                                              \
    }
static const struct {
    const char *text;
    size_t len;
    unsigned kinds;
} suffixes[] = {
    SUFFIX("_type", SYMBOL_TYPE_STRUCT | SYMBOL_TYPE_ENUM | SYMBOL_CONTAINER),
    SUFFIX("_read", SYMBOL_TYPE_STRUCT | SYMBOL_TYPE_ENUM | SYMBOL_CONTAINER),
    SUFFIX("_encode", SYMBOL_TYPE_STRUCT),
    SUFFIX("_decode", SYMBOL_TYPE_STRUCT),
    SUFFIX("_check", SYMBOL_TYPE_STRUCT),
    SUFFIX("_init", SYMBOL_TYPE_STRUCT),
    SUFFIX("_kind", SYMBOL_TYPE_STRUCT),
    SUFFIX("_initial", SYMBOL_TYPE_STRUCT),
    SUFFIX("_fields", SYMBOL_TYPE_STRUCT),
    SUFFIX("_ids", SYMBOL_TYPE_STRUCT),
    SUFFIX("_optional", SYMBOL_TYPE_STRUCT),
    SUFFIX("_encode_any", SYMBOL_TYPE_STRUCT),
    SUFFIX("_decode_any", SYMBOL_TYPE_STRUCT),
    SUFFIX("_check_any", SYMBOL_TYPE_STRUCT),
    SUFFIX("_values", SYMBOL_TYPE_ENUM),
    SUFFIX("_name", SYMBOL_TYPE_ENUM | SYMBOL_FILE),
    SUFFIX("_parse", SYMBOL_TYPE_ENUM | SYMBOL_FILE),
    SUFFIX("_write", SYMBOL_CONTAINER),
    SUFFIX("_INIT", SYMBOL_UPPER),
    SUFFIX("_MAX_ENCODED", SYMBOL_UPPER),
    SUFFIX("_service", SYMBOL_SERVICE),
    SUFFIX("_methods", SYMBOL_SERVICE),
    SUFFIX("_handlers", SYMBOL_SERVICE),
    SUFFIX("_rows", SYMBOL_SERVICE),
    SUFFIX("_served", SYMBOL_SERVICE),
    SUFFIX("_serve", SYMBOL_SERVICE),
    SUFFIX("_serve_client", SYMBOL_SERVICE),
    SUFFIX("_errors", METHODS),
    SUFFIX("_roles", METHODS),
    SUFFIX("_to", HANDLED),
    SUFFIX("_handle", HANDLED),
    SUFFIX("_wait", SYMBOL_UNARY),
    SUFFIX("_fn", SYMBOL_UNARY | SYMBOL_EVENT),
    SUFFIX("_result", ANSWERED),
    SUFFIX("_result_free", ANSWERED),
    SUFFIX("_result_keep", ANSWERED),
    SUFFIX("_typed", ANSWERED),
    SUFFIX("_done", ANSWERED),
    SUFFIX("_reply", SYMBOL_UNARY | SYMBOL_CLIENT_STREAM),
    SUFFIX("_events", STREAMS),
    SUFFIX("_fns", STREAMS),
    SUFFIX("_glue", STREAMS),
    SUFFIX("_open", STREAMS),
    SUFFIX("_finish", STREAMS),
    SUFFIX("_finish_fn", STREAMS),
    SUFFIX("_send", TAKES_ITEMS),
    SUFFIX("_put", TAKES_ITEMS),
    SUFFIX("_receive", TAKES_ITEMS),
    SUFFIX("_receive_fn", TAKES_ITEMS),
    SUFFIX("_received", TAKES_ITEMS),
    SUFFIX("_take", TAKES_ITEMS),
    SUFFIX("_next", GIVES_ITEMS),
    SUFFIX("_next_fn", GIVES_ITEMS),
    SUFFIX("_push", GIVES_ITEMS),
    SUFFIX("_each", GIVES_ITEMS | SYMBOL_EVENT),
    SUFFIX("_subscribe", SYMBOL_EVENT),
    SUFFIX("_subscribe_wait", SYMBOL_EVENT),
    SUFFIX("_emit", SYMBOL_EVENT),
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
        size_t suffix_len = suffixes[i].len;
        if (len <= suffix_len || memcmp(name + len - suffix_len, suffixes[i].text, suffix_len) != 0)
            continue;
        char *stem = idl_arena_copy(planner->arena, name, len - suffix_len);
        const symbol *there = (const symbol *)idl_plan_map_get(table, stem);
        if (there != NULL && (there->kind & suffixes[i].kinds) != 0)
            report_clash(planner, name, here, there, suffixes[i].text);
    }
}

typedef struct collector {
    idl_planner *planner;
    idl_plan_map table;
} collector;

static void add(collector *c, unsigned kind, const char *name, idl_span span, const char *what)
{
    symbol *here = (symbol *)idl_arena_alloc(c->planner->arena, sizeof *here);
    *here = (symbol){ .kind = kind, .span = span, .what = what };
    const symbol *there = (const symbol *)idl_plan_map_get(&c->table, name);
    if (there != NULL)
        report_clash(c->planner, name, here, there, NULL);
    else
        idl_plan_map_add(&c->table, name, here);
}

static const char *throw_name(collector *c, const idl_plan_method *method, size_t index)
{
    return idl_arena_format(c->planner->arena, "%s_throw_%s", method->c_name,
                            method->error_words[index]);
}

static void add_method(collector *c, const idl_plan_method *method)
{
    const idl_method *model = method->model;
    unsigned kind = 1u << (unsigned)(model->kind - IDL_METHOD_UNARY);
    add(c, kind, method->c_name, model->name_span, model->full_name);
    add(c, SYMBOL_CONSTANT, method->constant, model->name_span, model->full_name);
    add(c, SYMBOL_CONSTANT, method->packet, model->name_span, model->full_name);
    for (size_t i = 0; i < model->n_errors; i++)
        add(c, SYMBOL_CONSTANT, throw_name(c, method, i), model->name_span, model->full_name);
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
        for (size_t i = 0; i < model->n_methods; i++)
            add_method(c, &decl->methods[i]);
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

static void check_method(collector *c, const idl_plan_method *method)
{
    symbol here = { .span = method->model->name_span, .what = method->model->full_name };
    check_suffixes(c->planner, &c->table, method->c_name, &here);
    for (size_t i = 0; i < method->model->n_errors; i++)
        check_suffixes(c->planner, &c->table, throw_name(c, method, i), &here);
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
        for (size_t k = 0; k < model->n_methods; k++)
            check_method(c, &decl->methods[k]);
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
