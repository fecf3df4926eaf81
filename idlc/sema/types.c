/* Types as written become types as meant: names looked up, aliases written out, limits checked.
 *
 * Recursion follows the tree of one type, which the parser has bounded; an alias adds the depth it was found to have.
 * Read next: definitions.c.
 */
#include "sema/annotations.h"

#include <inttypes.h>
#include <string.h>

#define MAX_ARRAY_COUNT 65536u

static const char *const kind_names[] = {
    [IDL_KIND_BOOL] = "bool",         [IDL_KIND_I8] = "i8",
    [IDL_KIND_I16] = "i16",           [IDL_KIND_I32] = "i32",
    [IDL_KIND_I64] = "i64",           [IDL_KIND_U8] = "u8",
    [IDL_KIND_U16] = "u16",           [IDL_KIND_U32] = "u32",
    [IDL_KIND_U64] = "u64",           [IDL_KIND_F32] = "f32",
    [IDL_KIND_F64] = "f64",           [IDL_KIND_STRING] = "string",
    [IDL_KIND_BYTES] = "bytes",       [IDL_KIND_TIMESTAMP] = "timestamp",
    [IDL_KIND_DURATION] = "duration", [IDL_KIND_UUID] = "uuid",
    [IDL_KIND_ANY] = "any",
};

void idl_types_init(idl_sema *sema)
{
    for (unsigned kind = IDL_KIND_BOOL; kind <= IDL_KIND_ANY; kind++) {
        const char *name = kind_names[kind];
        idl_type *type = idl_arena_alloc(sema->arena, sizeof *type);
        sema->kinds[kind] = type;
        type->kind = (idl_kind)kind;
        type->span = IDL_SPAN_NONE;
        name = idl_names_intern(&sema->sources->names, name, strlen(name));
        (void)idl_table_put(sema->arena, &sema->builtins, idl_key_of(name), type);
    }
}

idl_kind idl_kind_of_name(const idl_sema *sema, const char *name)
{
    const idl_type *type = idl_table_get(&sema->builtins, idl_key_of(name));
    return type == NULL ? (idl_kind)0 : type->kind;
}

const char *idl_type_text(idl_sema *sema, const idl_type *type)
{
    switch (type->kind) {
    case IDL_KIND_NAMED: return type->decl->full_name;
    case IDL_KIND_LIST:
        return idl_arena_format(sema->arena, "list<%s>", idl_type_text(sema, type->item));
    case IDL_KIND_ARRAY:
        return idl_arena_format(sema->arena, "%s[%" PRIu32 "]", idl_type_text(sema, type->item),
                                type->count);
    case IDL_KIND_MAP:
        return idl_arena_format(sema->arena, "map<%s, %s>", idl_type_text(sema, type->key),
                                idl_type_text(sema, type->item));
    default: return kind_names[type->kind];
    }
}

/* ---- building ---- */

typedef struct build {
    idl_sema *sema;
    idl_unit *unit;
    bool is_optional;
    bool has_refused_optional;
    uint32_t depth; /* of what was built last */
} build;

static const idl_type *build_type(build *b, const idl_ast_type *ast, idl_position position);

static const idl_type *plain_named(idl_sema *sema, const idl_symbol *symbol)
{
    if (symbol->plain != NULL)
        return symbol->plain;
    idl_type *type = idl_arena_alloc(sema->arena, sizeof *type);
    type->kind = IDL_KIND_NAMED;
    type->span = IDL_SPAN_NONE;
    type->decl = &symbol->decl;
    sema->symbols[symbol->index]->plain = type;
    return type;
}

static const idl_type *through_alias(build *b, const idl_ast_type *ast, const idl_symbol *symbol)
{
    if (!idl_need_alias(b->sema, symbol))
        return NULL;
    idl_type *type = idl_arena_alloc(b->sema->arena, sizeof *type);
    *type = *symbol->decl.type;
    type->alias = symbol->decl.name;
    type->span = ast->span;
    b->depth = symbol->type_depth;
    return type;
}

static const char *article_of(idl_decl_kind kind)
{
    return kind == IDL_DECL_CONST ? "a constant" : "a service";
}

static const idl_type *build_named(build *b, const idl_ast_type *ast)
{
    idl_sema *sema = b->sema;
    b->depth = 1;
    if (ast->name.text == NULL)
        return NULL;
    const idl_type *builtin = idl_table_get(&sema->builtins, idl_key_of(ast->name.text));
    if (builtin != NULL)
        return builtin;
    const idl_symbol *symbol = idl_lookup(sema, b->unit, &ast->name, "type");
    if (symbol == NULL)
        return NULL;
    if (symbol->decl.kind == IDL_DECL_ALIAS)
        return through_alias(b, ast, symbol);
    if (symbol->decl.kind == IDL_DECL_CONST || symbol->decl.kind == IDL_DECL_SERVICE) {
        idl_report *r =
            idl_diag_report(sema->diag, IDL_DIAG_NOT_A_TYPE, ast->span, "'%s' is %s, not a type",
                            ast->name.text, article_of(symbol->decl.kind));
        idl_report_note(sema->diag, r, symbol->decl.name_span, "declared here");
        return NULL;
    }
    return plain_named(sema, symbol);
}

/* ---- optional ---- */

static const char *why_not_optional(const build *b, idl_position position)
{
    switch (position) {
    case IDL_POSITION_FIELD: return b->is_optional ? "'?' twice says no more than once" : NULL;
    case IDL_POSITION_VARIANT:
        return "a union's variant can't be optional, the union says which one is there";
    case IDL_POSITION_ITEM:
        return "an item can't be optional, an absent item is one that is not in it";
    case IDL_POSITION_KEY: return "a map's key can't be optional";
    case IDL_POSITION_ALIAS: return "an alias can't be optional, a field is";
    case IDL_POSITION_CONST: return "a constant can't be optional";
    case IDL_POSITION_BASE: return "a base can't be optional";
    case IDL_POSITION_PAYLOAD: return "a method's message can't be optional, its fields can";
    case IDL_POSITION_STREAM: return "what is streamed can't be optional";
    }
    return NULL;
}

static void refuse_optional(build *b, const idl_ast_type *ast, const char *why)
{
    idl_sema *sema = b->sema;
    idl_span mark = ast->span;
    mark.start = mark.end - 1;
    b->has_refused_optional = true;
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_BAD_OPTIONAL, mark, "%s", why);
    idl_report_help(sema->diag, r, "leave the '?' out");
    idl_report_edit(sema->diag, r, mark, "", IDL_EDIT_MAYBE);
}

/* Said once for a type, and not of one that is broken inside. */
static const idl_type *build_optional(build *b, const idl_ast_type *ast, idl_position position)
{
    const char *why = why_not_optional(b, position);
    b->is_optional = b->is_optional || position == IDL_POSITION_FIELD;
    const idl_type *type = build_type(b, ast->element, position);
    if (why != NULL && type != NULL && !b->has_refused_optional)
        refuse_optional(b, ast, why);
    return type;
}

/* ---- containers ---- */

static idl_type *make(build *b, const idl_ast_type *ast, idl_kind kind)
{
    idl_type *type = idl_arena_alloc(b->sema->arena, sizeof *type);
    type->kind = kind;
    type->span = ast->span;
    return type;
}

static const idl_type *build_list(build *b, const idl_ast_type *ast)
{
    const idl_type *item = build_type(b, ast->element, IDL_POSITION_ITEM);
    if (item == NULL)
        return NULL;
    idl_type *type = make(b, ast, IDL_KIND_LIST);
    type->item = item;
    b->depth++;
    return type;
}

static bool can_be_key(const idl_type *type)
{
    if (type->kind == IDL_KIND_NAMED)
        return type->decl->kind == IDL_DECL_ENUM;
    return type->kind == IDL_KIND_BOOL || type->kind == IDL_KIND_STRING ||
           type->kind == IDL_KIND_UUID || idl_kind_is_integer(type->kind);
}

static const idl_type *build_map(build *b, const idl_ast_type *ast)
{
    idl_sema *sema = b->sema;
    const idl_type *key = build_type(b, ast->key, IDL_POSITION_KEY);
    const idl_type *item = build_type(b, ast->element, IDL_POSITION_ITEM);
    if (key != NULL && !can_be_key(key)) {
        idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_BAD_MAP_KEY, ast->key->span,
                                        "'%s' can't be the key of a map", idl_type_text(sema, key));
        idl_report_help(sema->diag, r, "keys are bool, integers, string, uuid and enums");
        return NULL;
    }
    if (key == NULL || item == NULL)
        return NULL;
    idl_type *type = make(b, ast, IDL_KIND_MAP);
    type->key = key;
    type->item = item;
    b->depth++; /* a key is never deep */
    return type;
}

static const idl_type *build_array(build *b, const idl_ast_type *ast)
{
    uint64_t count = 0;
    const idl_type *item = build_type(b, ast->element, IDL_POSITION_ITEM);
    bool is_good = idl_count_build(b->sema, b->unit, ast->count, 1, MAX_ARRAY_COUNT,
                                   "an array's size", IDL_DIAG_BAD_ARRAY_SIZE, &count);
    if (item == NULL || !is_good)
        return NULL;
    idl_type *type = make(b, ast, IDL_KIND_ARRAY);
    type->item = item;
    type->count = (uint32_t)count;
    b->depth++;
    return type;
}

static const idl_type *build_kind(build *b, const idl_ast_type *ast, idl_position position)
{
    switch (ast->kind) {
    case IDL_AST_TYPE_POISONED: return NULL;
    case IDL_AST_TYPE_NAMED: return build_named(b, ast);
    case IDL_AST_TYPE_LIST: return build_list(b, ast);
    case IDL_AST_TYPE_MAP: return build_map(b, ast);
    case IDL_AST_TYPE_ARRAY: return build_array(b, ast);
    case IDL_AST_TYPE_OPTIONAL: return build_optional(b, ast, position);
    }
    return NULL;
}

static const idl_type *build_type(build *b, const idl_ast_type *ast, idl_position position)
{
    const idl_type *type = build_kind(b, ast, position);
    if (type == NULL)
        return NULL;
    if (b->depth > IDL_SEMA_MAX_CHAIN) {
        idl_diag_report(b->sema->diag, IDL_DIAG_CHAIN_TOO_LONG, ast->span,
                        "with its aliases written out this type is nested deeper than %u",
                        IDL_SEMA_MAX_CHAIN);
        return NULL;
    }
    if (ast->annotations != NULL)
        return idl_type_constrain_all(b->sema, b->unit, type, ast->annotations);
    return type;
}

const idl_type *idl_type_build(idl_sema *sema, idl_unit *unit, const idl_ast_type *ast,
                               idl_position position, bool *ret_is_optional, uint32_t *ret_depth)
{
    build b = { .sema = sema, .unit = unit };
    const idl_type *type = build_type(&b, ast, position);
    if (ret_is_optional != NULL)
        *ret_is_optional = b.is_optional;
    if (ret_depth != NULL)
        *ret_depth = b.depth;
    return type;
}
