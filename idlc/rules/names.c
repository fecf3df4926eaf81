/* Names in rules: fields first, then constants and enum values.
 *
 * Must not know: operators. Read next: check.c.
 */
#include "rules/rules.h"

#include "diag/suggest.h"

#include <string.h>

static const idl_field *field_named(const idl_decl *decl, const char *name, size_t len)
{
    for (size_t i = 0; i < decl->n_fields; i++) {
        const char *field = decl->fields[i].name;
        if (strncmp(field, name, len) == 0 && field[len] == '\0')
            return &decl->fields[i];
    }
    return NULL;
}

static bool is_record(const idl_type *type)
{
    return type->kind == IDL_KIND_NAMED &&
           (type->decl->kind == IDL_DECL_STRUCT || type->decl->kind == IDL_DECL_ERROR);
}

static void suggest_field(idl_rule_run *run, idl_report *r, const idl_decl *decl,
                          const char *wanted)
{
    idl_suggest suggest;
    idl_suggest_init(&suggest, wanted);
    for (size_t i = 0; i < decl->n_fields; i++)
        idl_suggest_offer(&suggest, decl->fields[i].name);
    const char *near = idl_suggest_best(&suggest);
    if (near != NULL)
        idl_report_help(run->sema->diag, r, "did you mean '%s'?", near);
}

static size_t word_length(const char *text)
{
    const char *dot = strchr(text, '.');
    return dot == NULL ? strlen(text) : (size_t)(dot - text);
}

static size_t count_words(const char *text)
{
    size_t n = 1;
    for (; *text != '\0'; text++)
        n += *text == '.';
    return n;
}

static idl_rule_name error_name(void)
{
    return (idl_rule_name){ .meaning = IDL_RULE_MEANS_ERROR };
}

/* The rest of a path whose first word is a field. */
static idl_rule_name resolve_path(idl_rule_run *run, const idl_rule_node *node,
                                  const idl_field *first)
{
    size_t n = count_words(node->text);
    const idl_field **path = idl_arena_array(run->sema->arena, n, sizeof *path);
    const char *word = node->text;
    path[0] = first;
    for (size_t i = 1; i < n; i++) {
        const idl_type *type = path[i - 1]->type;
        uint32_t end = node->from + (uint32_t)(word - node->text) + (uint32_t)word_length(word);
        if (type == NULL)
            return error_name();
        if (!is_record(type)) {
            idl_rule_report(run, IDL_DIAG_RULE_BAD_PATH, node->from, end,
                            "'%s' is a '%s', and has no fields", path[i - 1]->name,
                            idl_type_text(run->sema, type));
            return error_name();
        }
        word += word_length(word) + 1;
        size_t len = word_length(word);
        path[i] = field_named(type->decl, word, len);
        if (path[i] != NULL)
            continue;
        uint32_t from = node->from + (uint32_t)(word - node->text);
        const char *wanted = idl_arena_copy(run->sema->arena, word, len);
        idl_report *r = idl_rule_report(run, IDL_DIAG_RULE_UNKNOWN_NAME, from, from + (uint32_t)len,
                                        "'%s' has no field '%s'", type->decl->name, wanted);
        suggest_field(run, r, type->decl, wanted);
        return error_name();
    }
    if (path[n - 1]->type == NULL)
        return error_name();
    return (idl_rule_name){
        .meaning = IDL_RULE_MEANS_FIELD, .path = path, .n_path = n, .type = path[n - 1]->type
    };
}

/* Currency.eur, common.Currency.eur */
static idl_rule_name resolve_enumerator(idl_rule_run *run, const idl_rule_node *node)
{
    idl_rule_name result = { 0 };
    const char *dot = strrchr(node->text, '.');
    if (dot == NULL)
        return result;
    const idl_symbol *symbol =
        idl_lookup_quietly(run->sema, run->unit, node->text, (size_t)(dot - node->text));
    if (symbol == NULL ||
        (symbol->decl.kind != IDL_DECL_ENUM && symbol->decl.kind != IDL_DECL_FLAGS))
        return result;
    const char *name = idl_names_intern(&run->sema->sources->names, dot + 1, strlen(dot + 1));
    const idl_enumerator *enumerator = idl_table_get(&symbol->values, idl_key_of(name));
    if (enumerator == NULL) {
        if (!symbol->is_poisoned)
            idl_rule_report_unknown(run, node, &symbol->decl);
        return error_name();
    }
    idl_type *type = idl_arena_alloc(run->sema->arena, sizeof *type);
    *type = (idl_type){ .kind = IDL_KIND_NAMED, .span = IDL_SPAN_NONE, .decl = &symbol->decl };
    result.meaning = IDL_RULE_MEANS_VALUE;
    result.type = type;
    result.value = (idl_value){ .kind = IDL_VALUE_ENUM,
                                .is_negative = enumerator->is_negative,
                                .u = enumerator->number,
                                .enumerator = enumerator };
    return result;
}

idl_rule_name idl_rule_resolve(idl_rule_run *run, const idl_rule_node *node)
{
    const idl_field *field = field_named(run->decl, node->text, word_length(node->text));
    if (field != NULL) {
        run->mentions_field = true;
        return resolve_path(run, node, field);
    }
    idl_rule_name result = { 0 };
    if (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0) {
        result.meaning = IDL_RULE_MEANS_VALUE;
        result.value = (idl_value){ .kind = IDL_VALUE_BOOL, .u = node->text[0] == 't' };
        return result;
    }
    const idl_symbol *symbol =
        idl_lookup_quietly(run->sema, run->unit, node->text, strlen(node->text));
    if (symbol == NULL || symbol->decl.kind != IDL_DECL_CONST)
        return resolve_enumerator(run, node);
    if (!idl_need_const(run->sema, symbol))
        return error_name();
    result.meaning = IDL_RULE_MEANS_VALUE;
    result.value = symbol->decl.value;
    result.type = symbol->decl.type;
    return result;
}

void idl_rule_report_unknown(idl_rule_run *run, const idl_rule_node *node, const idl_decl *of)
{
    const char *dot = strrchr(node->text, '.');
    const char *last = dot == NULL ? node->text : dot + 1;
    const idl_ast_decl *ast = idl_symbol_of(run->decl)->ast;
    if (of == NULL && ast != NULL && ast->has_errors) {
        run->has_failed = true; /* the field may have been lost to a syntax error */
        return;
    }
    if (of == NULL) {
        idl_report *r = idl_rule_report(run, IDL_DIAG_RULE_UNKNOWN_NAME, node->from, node->to,
                                        "'%s' is no field of '%s', and no constant", node->text,
                                        run->decl->name);
        suggest_field(run, r, run->decl, node->text);
        return;
    }
    uint32_t from = node->to - (uint32_t)strlen(last);
    idl_report *r = idl_rule_report(run, IDL_DIAG_RULE_UNKNOWN_NAME, from, node->to,
                                    "'%s' has no value '%s'", of->name, last);
    idl_suggest suggest;
    idl_suggest_init(&suggest, last);
    for (size_t i = 0; i < of->n_enumerators; i++)
        idl_suggest_offer(&suggest, of->enumerators[i].name);
    for (size_t i = 0; i < run->decl->n_fields; i++)
        idl_suggest_offer(&suggest, run->decl->fields[i].name);
    const char *near = idl_suggest_best(&suggest);
    if (near != NULL)
        idl_report_help(run->sema->diag, r, "did you mean '%s'?", near);
}
