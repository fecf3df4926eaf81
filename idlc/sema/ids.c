/* Ids on the wire: of methods, events and errors, and that no two are the same.
 *
 * An id is the 32-bit FNV-1a hash of the full name, 1 in place of 0, so that any language finds it in three lines; @id pins another,
 * @was keeps the one of an older name. Methods and errors share one space of ids. Read next: shape.c.
 */
#include "sema/annotations.h"

#include "diag/suggest.h"

#include <inttypes.h>
#include <string.h>

uint32_t idl_id_of_name(const char *name)
{
    uint32_t hash = 2166136261u;
    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return hash == 0 ? 1 : hash;
}

uint64_t idl_fnv64(uint64_t hash, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    return hash;
}

/* ---- one id ---- */

/* Words joined with dots, two at least. */
static bool is_full_name(const char *text)
{
    unsigned n_dots = 0;
    bool begins_word = true;
    for (; *text != '\0'; text++) {
        bool is_letter =
            (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') || *text == '_';
        bool is_digit = *text >= '0' && *text <= '9';
        if (*text == '.' && !begins_word) {
            n_dots++;
            begins_word = true;
        } else if (is_letter || (is_digit && !begins_word)) {
            begins_word = false;
        } else {
            return false;
        }
    }
    return n_dots > 0 && !begins_word;
}

static void take_pin(idl_sema *sema, idl_unit *unit, const idl_ast_annotation *a,
                     idl_identity *identity)
{
    uint64_t id = 0;
    identity->is_pinned = true;
    identity->id = 0;
    if (idl_count_build(sema, unit, idl_anno_value(a), 1, UINT32_MAX, "an id", IDL_DIAG_BAD_ID,
                        &id))
        identity->id = (uint32_t)id;
}

static void take_old_name(idl_sema *sema, const idl_ast_annotation *a, idl_identity *identity)
{
    const idl_ast_string *text = &idl_anno_value(a)->string;
    if (!is_full_name(text->text)) {
        idl_anno_refuse(sema, a, IDL_ANNO_WAS, "takes the whole old name, with its namespace");
        return;
    }
    identity->id_name = text->text;
    identity->id = idl_id_of_name(text->text);
}

idl_identity idl_identity_of(idl_sema *sema, idl_unit *unit, const idl_pins *pins,
                             const char *full_name)
{
    idl_identity identity = { .id_name = full_name };
    identity.id = idl_id_of_name(full_name);
    if (pins->id != NULL && pins->was != NULL) {
        idl_report *r =
            idl_diag_report(sema->diag, IDL_DIAG_CONFLICTING_ANNOTATIONS, pins->was->span,
                            "'@was' and '@id' both say what the id is");
        idl_report_note(sema->diag, r, pins->id->span, "'@id' is here");
    } else if (pins->was != NULL) {
        take_old_name(sema, pins->was, &identity);
    }
    if (pins->id != NULL)
        take_pin(sema, unit, pins->id, &identity);
    return identity;
}

/* ---- errors ---- */

/* In the order of their numbers, from 1: gRPC's canonical codes, as in coax/error.def. */
static const char *const status_names[] = { "cancelled",
                                            "unknown",
                                            "invalid_argument",
                                            "deadline_exceeded",
                                            "not_found",
                                            "already_exists",
                                            "permission_denied",
                                            "resource_exhausted",
                                            "failed_precondition",
                                            "aborted",
                                            "out_of_range",
                                            "unimplemented",
                                            "internal",
                                            "unavailable",
                                            "data_loss",
                                            "unauthenticated",
                                            NULL };

enum { STATUS_UNKNOWN = 2 };

static int status_of(idl_sema *sema, const idl_ast_annotation *a)
{
    const idl_ast_value *ast = idl_anno_value(a);
    for (int i = 0; status_names[i] != NULL; i++) {
        if (strcmp(status_names[i], ast->name.text) == 0)
            return i + 1;
    }
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_UNKNOWN_STATUS, ast->span,
                                    "there is no status '%s'", ast->name.text);
    const char *near = idl_suggest_among(ast->name.text, status_names);
    if (near == NULL) {
        idl_report_help(
            sema->diag, r,
            "one of cancelled, unknown, invalid_argument, deadline_exceeded, not_found, "
            "already_exists, permission_denied, resource_exhausted, failed_precondition, "
            "aborted, out_of_range, unimplemented, internal, unavailable, data_loss, "
            "unauthenticated");
        return STATUS_UNKNOWN;
    }
    idl_report_help(sema->diag, r, "did you mean '%s'?", near);
    idl_report_edit(sema->diag, r, ast->span, near, IDL_EDIT_MAYBE);
    return STATUS_UNKNOWN;
}

/* What structs.c has checked already is looked at again for its meaning, so nothing is reported twice: the walk is
 * over the list itself. */
static void build_error(idl_sema *sema, idl_symbol *symbol)
{
    idl_pins pins = { 0 };
    symbol->decl.status = STATUS_UNKNOWN;
    for (const idl_ast_annotation *a = symbol->ast->annotations.first; a != NULL; a = a->next) {
        idl_anno anno;
        if (!idl_annotation_recall(sema, a, IDL_TARGET_ERROR, &anno))
            continue;
        if (anno == IDL_ANNO_STATUS)
            symbol->decl.status = status_of(sema, a);
        else if (anno == IDL_ANNO_ID)
            pins.id = a;
        else if (anno == IDL_ANNO_WAS)
            pins.was = a;
    }
    idl_identity identity = idl_identity_of(sema, symbol->unit, &pins, symbol->decl.full_name);
    symbol->decl.error_id = symbol->is_duplicate ? 0 : identity.id;
}

/* ---- collisions ---- */

typedef struct holder {
    const char *name;
    idl_span span;
} holder;

static void hold(idl_sema *sema, idl_table *ids, uint32_t id, const char *name, idl_span span)
{
    if (id == 0)
        return; /* reported */
    holder *self = idl_arena_alloc(sema->arena, sizeof *self);
    *self = (holder){ .name = name, .span = span };
    const holder *first = idl_table_put(sema->arena, ids, id, self);
    if (first == NULL)
        return;
    idl_report *r =
        idl_diag_report(sema->diag, IDL_DIAG_ID_COLLISION, span,
                        "'%s' and '%s' have the same id 0x%08" PRIx32, name, first->name, id);
    idl_report_note(sema->diag, r, first->span, "'%s' is here", first->name);
    idl_report_help(sema->diag, r, "give the newer of the two another id with @id(...)");
}

bool idl_pass_ids(idl_sema *sema)
{
    idl_table ids = { 0 };
    for (size_t i = 0; i < sema->n_symbols && !idl_diag_is_full(sema->diag); i++) {
        idl_symbol *symbol = sema->symbols[i];
        const idl_decl *decl = &symbol->decl;
        if (decl->kind == IDL_DECL_ERROR) {
            build_error(sema, symbol);
            hold(sema, &ids, decl->error_id, decl->full_name, decl->name_span);
        }
        for (size_t m = 0; m < decl->n_methods; m++)
            hold(sema, &ids, decl->methods[m].id, decl->methods[m].full_name,
                 decl->methods[m].name_span);
    }
    return !idl_diag_is_full(sema->diag);
}
