/* @one_of, @at_most_one and @requires: which optional fields may or must be there together. */
#include "rules/rules.h"

#include "diag/suggest.h"
#include "sema/annotations.h"

static const idl_field *find_field(const idl_decl *decl, const char *name)
{
    for (size_t i = 0; i < decl->n_fields; i++) {
        if (decl->fields[i].name == name)
            return &decl->fields[i];
    }
    return NULL;
}

static void report_unknown(idl_sema *sema, const idl_decl *decl, const idl_ast_value *ast)
{
    idl_suggest suggest;
    idl_suggest_init(&suggest, ast->name.text);
    for (size_t i = 0; i < decl->n_fields; i++)
        idl_suggest_offer(&suggest, decl->fields[i].name);
    const char *near = idl_suggest_best(&suggest);
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_UNKNOWN_RULE_FIELD, ast->span,
                                    "'%s' has no field '%s'", decl->name, ast->name.text);
    if (near == NULL)
        return;
    idl_report_help(sema->diag, r, "did you mean '%s'?", near);
    idl_report_edit(sema->diag, r, ast->span, near, IDL_EDIT_MAYBE);
}

static const idl_field *field_of(idl_sema *sema, const idl_decl *decl, const idl_ast_value *ast)
{
    const idl_field *field = find_field(decl, ast->name.text);
    const idl_symbol *symbol = idl_symbol_of(decl);
    if (field == NULL) {
        if (symbol->ast == NULL || !symbol->ast->has_errors)
            report_unknown(sema, decl, ast);
        return NULL;
    }
    if (field->presence == IDL_PRESENCE_OPTIONAL)
        return field;
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_RULE_FIELD_NOT_OPTIONAL, ast->span,
                                    "'%s' is always there", field->name);
    idl_report_note(sema->diag, r, field->name_span, "it is %s",
                    field->presence == IDL_PRESENCE_DEFAULTED ? "filled in when absent"
                                                              : "required");
    idl_report_help(sema->diag, r, "make the field optional with '?'");
    return NULL;
}

bool idl_presence_build(idl_sema *sema, const idl_decl *decl, const idl_ast_annotation *annotation,
                        int anno, idl_rule *ret_rule)
{
    const idl_field **fields = idl_arena_array(sema->arena, annotation->n_args, sizeof *fields);
    size_t n = 0;
    bool is_good = true;
    idl_table_clear(&sema->scratch);
    for (const idl_ast_arg *arg = annotation->args; arg != NULL; arg = arg->next) {
        const idl_field *field = field_of(sema, decl, arg->value);
        is_good = is_good && field != NULL;
        if (field == NULL)
            continue;
        if (idl_table_put(sema->arena, &sema->scratch, idl_key_of(field), &fields[n]) != NULL) {
            idl_anno_refuse(sema, annotation, (idl_anno)anno, "names a field twice");
            return false;
        }
        fields[n++] = field;
    }
    *ret_rule = (idl_rule){ .kind = (idl_rule_kind)(anno - IDL_ANNO_RULE + IDL_RULE_EXPR),
                            .span = annotation->span,
                            .fields = fields,
                            .n_fields = n };
    return is_good;
}
