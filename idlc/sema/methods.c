/* Services: their methods, what these throw, and what their annotations ask for. Read next: ids.c. */
#include "sema/annotations.h"

#include <coax/descriptor.h>

#include <inttypes.h>
#include <string.h>

#define NS_PER_MS 1000000u

typedef struct build {
    idl_sema *sema;
    idl_symbol *service;
    idl_unit *unit;
    const idl_ast_method *ast;
    idl_method *method;
    idl_pins pins;
    const idl_ast_annotation *is_public;
    const idl_ast_annotation *roles;
    const idl_ast_annotation *idempotent;
} build;

/* ---- throws ---- */

static const idl_symbol *error_of(build *b, const idl_ast_path *path)
{
    idl_sema *sema = b->sema;
    const idl_symbol *symbol = idl_lookup(sema, b->unit, path, "error");
    if (symbol == NULL || symbol->decl.kind == IDL_DECL_ERROR)
        return symbol;
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_NOT_AN_ERROR, path->span,
                                    "'%s' can't be thrown, it is no error", path->text);
    idl_report_note(sema->diag, r, symbol->decl.name_span, "declared here");
    idl_report_help(sema->diag, r, "declare it with 'error' in place of 'struct'");
    return NULL;
}

static bool is_thrown_already(const idl_decl *const *errors, size_t n, const idl_decl *error)
{
    for (size_t i = 0; i < n; i++) {
        if (errors[i] == error)
            return true;
    }
    return false;
}

#define MAX_ERRORS 256u

static void build_throws(build *b)
{
    idl_sema *sema = b->sema;
    size_t room = b->ast->n_throws < MAX_ERRORS ? b->ast->n_throws : MAX_ERRORS;
    const idl_decl **errors = idl_arena_array(sema->arena, room, sizeof *errors);
    size_t n = 0;
    for (const idl_ast_ref *ref = b->ast->throws; ref != NULL; ref = ref->next) {
        const idl_symbol *symbol = error_of(b, &ref->path);
        if (symbol == NULL)
            continue;
        if (is_thrown_already(errors, n, &symbol->decl)) {
            idl_diag_report(sema->diag, IDL_DIAG_DUPLICATE_THROWS, ref->path.span,
                            "'%s' is thrown twice", ref->path.text);
        } else if (n == room) {
            idl_diag_report(sema->diag, IDL_DIAG_TOO_MANY_ERRORS, ref->path.span,
                            "'%s' throws more than %u errors", b->ast->name.text, MAX_ERRORS);
            return;
        } else {
            errors[n++] = &symbol->decl;
        }
    }
    b->method->errors = errors;
    b->method->n_errors = n;
}

/* ---- annotations ---- */

static void take_timeout(build *b, const idl_ast_annotation *a)
{
    idl_sema *sema = b->sema;
    idl_value value;
    const idl_ast_value *ast = idl_anno_value(a);
    const idl_type *duration = sema->kinds[IDL_KIND_DURATION];
    if (!idl_value_build(sema, b->unit, ast, duration, "the timeout", &value))
        return;
    uint64_t ms = value.u / NS_PER_MS;
    const char *fault = value.is_negative || value.u == 0 ? "must be longer than nothing"
                        : value.u % NS_PER_MS != 0        ? "must be whole milliseconds"
                        : ms > UINT32_MAX                 ? "must be shorter than 49 days"
                                                          : NULL;
    if (fault != NULL)
        idl_diag_report(sema->diag, IDL_DIAG_BAD_TIMEOUT, ast->span, "a timeout %s", fault);
    else
        b->method->timeout_ms = (uint32_t)ms;
}

static void take_limit(build *b, const idl_ast_annotation *a, const char *what, uint32_t *ret_limit)
{
    uint64_t limit = 0;
    if (idl_count_build(b->sema, b->unit, idl_anno_value(a), 1, UINT32_MAX, what,
                        IDL_DIAG_BAD_LIMIT, &limit))
        *ret_limit = (uint32_t)limit;
}

static void take_priority(build *b, const idl_ast_annotation *a)
{
    const idl_ast_value *ast = idl_anno_value(a);
    if (strcmp(ast->name.text, "high") == 0) {
        b->method->flags |= COAX_METHOD_PRIORITY_HIGH;
    } else if (strcmp(ast->name.text, "low") == 0) {
        b->method->flags |= COAX_METHOD_PRIORITY_LOW;
    } else {
        idl_report *r = idl_diag_report(b->sema->diag, IDL_DIAG_BAD_PRIORITY, ast->span,
                                        "there is no priority '%s'", ast->name.text);
        idl_report_help(b->sema->diag, r, "write high or low, or nothing for the one between");
    }
}

static void take_roles(build *b, const idl_ast_annotation *a)
{
    idl_sema *sema = b->sema;
    const char **roles = idl_arena_array(sema->arena, a->n_args, sizeof *roles);
    size_t n = 0;
    b->roles = a;
    idl_table_clear(&sema->scratch);
    for (const idl_ast_arg *arg = a->args; arg != NULL; arg = arg->next) {
        const idl_ast_string *text = &arg->value->string;
        if (text->len == 0) {
            idl_anno_refuse(sema, a, IDL_ANNO_ROLES, "has an empty role");
            return;
        }
        const char *role = idl_names_intern(&sema->sources->names, text->text, text->len);
        if (idl_table_put(sema->arena, &sema->scratch, idl_key_of(role), &roles[n]) != NULL)
            idl_anno_refuse(sema, a, IDL_ANNO_ROLES, "names a role twice");
        else
            roles[n++] = role;
    }
    b->method->roles = roles;
    b->method->n_roles = n;
}

static void take_flag(build *b, const idl_ast_annotation *a, idl_anno anno)
{
    switch (anno) {
    case IDL_ANNO_IDEMPOTENT:
        b->method->flags |= COAX_METHOD_IDEMPOTENT;
        b->idempotent = a;
        break;
    case IDL_ANNO_BLOCKING: b->method->flags |= COAX_METHOD_BLOCKING; break;
    case IDL_ANNO_PUBLIC:
        b->method->flags |= COAX_METHOD_PUBLIC;
        b->is_public = a;
        break;
    default: break;
    }
}

static void take_annotation(build *b, const idl_ast_annotation *a, idl_anno anno)
{
    switch (anno) {
    case IDL_ANNO_ID: b->pins.id = a; break;
    case IDL_ANNO_WAS: b->pins.was = a; break;
    case IDL_ANNO_TIMEOUT: take_timeout(b, a); break;
    case IDL_ANNO_MAX_REQUEST:
        take_limit(b, a, "a request's limit", &b->method->max_request);
        break;
    case IDL_ANNO_MAX_REPLY: take_limit(b, a, "a reply's limit", &b->method->max_reply); break;
    case IDL_ANNO_PRIORITY: take_priority(b, a); break;
    case IDL_ANNO_ROLES: take_roles(b, a); break;
    default: take_flag(b, a, anno); break;
    }
}

static idl_target target_of(idl_ast_method_kind kind)
{
    return kind == IDL_AST_METHOD_RPC      ? IDL_TARGET_RPC
           : kind == IDL_AST_METHOD_ONEWAY ? IDL_TARGET_ONEWAY
                                           : IDL_TARGET_EVENT;
}

/* What would be recorded and never acted on is refused. */
static void refuse_vain(build *b)
{
    idl_sema *sema = b->sema;
    int kind = b->method->kind;
    bool takes_items = kind == COAX_METHOD_CLIENT_STREAM || kind == COAX_METHOD_BIDI_STREAM;
    if (takes_items && b->idempotent != NULL) {
        idl_report *r =
            idl_diag_report(sema->diag, IDL_DIAG_ANNOTATION_IN_VAIN, b->idempotent->span,
                            "'%s' can't be run again, its caller streams", b->method->name);
        idl_report_help(sema->diag, r, "leave '@idempotent' out");
    }
}

static void take_annotations(build *b)
{
    idl_sema *sema = b->sema;
    idl_marks marks = { 0 };
    idl_anno anno;
    idl_anno_walk walk = idl_annotations(sema, &b->ast->annotations, target_of(b->ast->kind));
    for (const idl_ast_annotation *a; (a = idl_annotation_next(&walk, &anno)) != NULL;) {
        if (!idl_marks_take(sema, a, anno, &marks))
            take_annotation(b, a, anno);
    }
    b->method->c_name = marks.c_name;
    b->method->deprecated_note = marks.deprecated_note;
    if (marks.is_deprecated)
        b->method->flags |= COAX_METHOD_DEPRECATED;
    refuse_vain(b);
    if (b->is_public != NULL && b->roles != NULL) {
        idl_report *r =
            idl_diag_report(sema->diag, IDL_DIAG_CONFLICTING_ANNOTATIONS, b->roles->span,
                            "'@roles' asks who the caller is, and '@public' says nobody needs to");
        idl_report_note(sema->diag, r, b->is_public->span, "'@public' is here");
    }
}

/* ---- methods and services ---- */

static bool is_new_name(build *b, idl_table *names)
{
    idl_sema *sema = b->sema;
    const idl_method *first =
        idl_table_put(sema->arena, names, idl_key_of(b->ast->name.text), b->method);
    if (first == NULL)
        return true;
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_DUPLICATE_METHOD, b->ast->name.span,
                                    "'%s' has two methods called '%s'", b->service->decl.name,
                                    b->ast->name.text);
    idl_report_note(sema->diag, r, first->name_span, "first declared here");
    return false;
}

static void build_method(build *b, idl_table *names)
{
    idl_sema *sema = b->sema;
    idl_method *method = b->method;
    method->name = b->ast->name.text;
    method->full_name = idl_join_names(sema, b->service->decl.full_name, method->name);
    method->doc = b->ast->doc == NULL ? NULL : b->ast->doc->text;
    method->span = b->ast->span;
    method->name_span = b->ast->name.span;
    method->service = &b->service->decl;
    bool is_new = is_new_name(b, names);
    (void)idl_payloads_build(sema, b->service, b->ast, method);
    if (b->ast->kind == IDL_AST_METHOD_RPC)
        build_throws(b);
    take_annotations(b);
    idl_identity identity = idl_identity_of(sema, b->unit, &b->pins, method->full_name);
    method->id = is_new && !b->service->is_duplicate ? identity.id : 0;
    method->id_name = identity.id_name;
    method->has_pinned_id = identity.is_pinned;
}

static void take_service_annotations(idl_sema *sema, idl_symbol *symbol)
{
    idl_marks marks = { 0 };
    idl_anno anno;
    idl_anno_walk walk = idl_annotations(sema, &symbol->ast->annotations, IDL_TARGET_SERVICE);
    for (const idl_ast_annotation *a; (a = idl_annotation_next(&walk, &anno)) != NULL;) {
        if (anno == IDL_ANNO_VERSION)
            symbol->decl.version = idl_anno_value(a)->string.text;
        else
            (void)idl_marks_take(sema, a, anno, &marks);
    }
    symbol->decl.c_name = marks.c_name;
    symbol->decl.is_deprecated = marks.is_deprecated;
    symbol->decl.deprecated_note = marks.deprecated_note;
}

static void build_service(idl_sema *sema, idl_symbol *symbol)
{
    const idl_ast_methods *list = &symbol->ast->methods;
    idl_method *methods = idl_arena_array(sema->arena, list->count, sizeof *methods);
    idl_table names = { 0 };
    size_t n = 0;
    symbol->first_inline = sema->n_symbols;
    for (const idl_ast_method *m = list->first; m != NULL && !idl_diag_is_full(sema->diag);
         m = m->next) {
        if (m->name.text == NULL)
            continue;
        build b = { .sema = sema, .service = symbol, .unit = symbol->unit, .ast = m };
        b.method = &methods[n++];
        build_method(&b, &names);
    }
    symbol->decl.methods = methods;
    symbol->decl.n_methods = n;
    take_service_annotations(sema, symbol);
}

bool idl_pass_services(idl_sema *sema)
{
    size_t n = sema->n_symbols; /* inline structs are added behind */
    for (size_t i = 0; i < n && !idl_diag_is_full(sema->diag); i++) {
        if (sema->symbols[i]->decl.kind == IDL_DECL_SERVICE)
            build_service(sema, sema->symbols[i]);
    }
    return !idl_diag_is_full(sema->diag);
}
