/* Rules about whole structs, made once all fields are known. Read next: token.c, parse.c, names.c, check.c, presence.c. */
#include "rules/rules.h"

#include "front/literal.h"
#include "sema/annotations.h"

idl_report *idl_rule_report(idl_rule_run *run, idl_diag_id id, uint32_t from, uint32_t to,
                            const char *format, ...)
{
    idl_diag *diag = run->sema->diag;
    if (run->has_failed)
        return &diag->discard;
    run->has_failed = true;
    va_list args;
    va_start(args, format);
    const char *message = idl_arena_vformat(run->sema->arena, format, args);
    va_end(args);
    return idl_diag_report(diag, id, idl_string_span(run->sema->sources, run->source, from, to),
                           "%s", message);
}

static const idl_expr *build_expression(idl_rule_run *run)
{
    const idl_ast_string *source = run->source;
    if (source->len > IDL_RULE_MAX_LEN) {
        idl_report *r = idl_rule_report(run, IDL_DIAG_RULE_TOO_DEEP, 0, source->len,
                                        "this rule is longer than %u bytes", IDL_RULE_MAX_LEN);
        idl_report_help(run->sema->diag, r, "write it as several rules; all must hold");
        return NULL;
    }
    const idl_rule_node *tree = idl_rule_parse(run);
    return tree == NULL ? NULL : idl_rule_check(run, tree);
}

static bool build_rule(idl_sema *sema, const idl_symbol *symbol, const idl_ast_annotation *a,
                       idl_anno anno, idl_rule *ret_rule)
{
    if (anno != IDL_ANNO_RULE)
        return idl_presence_build(sema, &symbol->decl, a, (int)anno, ret_rule);
    const idl_ast_value *expression = a->args->value;
    const idl_ast_value *message = a->args->next->value;
    idl_rule_run run = {
        .sema = sema, .unit = symbol->unit, .decl = &symbol->decl, .source = &expression->string
    };
    *ret_rule = (idl_rule){ .kind = IDL_RULE_EXPR,
                            .span = a->span,
                            .expression = expression->string.text,
                            .message = message->string.text };
    ret_rule->expr = build_expression(&run);
    return ret_rule->expr != NULL;
}

static idl_target target_of(const idl_symbol *symbol)
{
    if (symbol->ast == NULL)
        return IDL_TARGET_PAYLOAD;
    return symbol->decl.kind == IDL_DECL_ERROR ? IDL_TARGET_ERROR : IDL_TARGET_STRUCT;
}

static bool is_rule(idl_anno anno)
{
    return anno >= IDL_ANNO_RULE && anno <= IDL_ANNO_REQUIRES;
}

static void build_rules(idl_sema *sema, idl_symbol *symbol)
{
    idl_rule *rules = idl_arena_array(sema->arena, symbol->rules->count, sizeof *rules);
    size_t n = 0;
    for (const idl_ast_annotation *a = symbol->rules->first; a != NULL; a = a->next) {
        idl_anno anno;
        if (idl_annotation_recall(sema, a, target_of(symbol), &anno) && is_rule(anno))
            n += build_rule(sema, symbol, a, anno, &rules[n]);
    }
    symbol->decl.rules = rules;
    symbol->decl.n_rules = n;
}

bool idl_pass_rules(idl_sema *sema)
{
    for (size_t i = 0; i < sema->n_symbols && !idl_diag_is_full(sema->diag); i++) {
        idl_symbol *symbol = sema->symbols[i];
        if (symbol->rules != NULL && symbol->rules->count > 0 &&
            symbol->decl.kind != IDL_DECL_UNION)
            build_rules(sema, symbol);
    }
    return !idl_diag_is_full(sema->diag);
}
