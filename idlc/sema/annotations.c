/* Checks annotations against the table: known, in a place where it may stand, once, and with fitting arguments. */
#include "sema/annotations.h"

#include "diag/suggest.h"

#include <string.h>

/* What is written behind the name. */
typedef enum arg_form {
    FORM_NOTHING,
    FORM_RANGE,  /* a..b */
    FORM_LENGTH, /* a..b, or a alone */
    FORM_VALUE,  /* one value of any kind */
    FORM_VALUES, /* one or more */
    FORM_TEXT,
    FORM_TEXT_OR_NOTHING,
    FORM_TEXTS,
    FORM_TWO_TEXTS,
    FORM_WORD,
    FORM_WORDS /* two or more */
} arg_form;

typedef struct anno_row {
    const char *name;
    uint32_t targets;
    arg_form form;
    const char *usage;
} anno_row;

enum {
    CONST = IDL_TARGET_CONST,
    ENUMS = IDL_TARGET_ENUM | IDL_TARGET_FLAGS,
    UNION = IDL_TARGET_UNION,
    ERROR = IDL_TARGET_ERROR,
    MESSAGES = IDL_TARGET_STRUCT | IDL_TARGET_UNION | IDL_TARGET_ERROR,
    RECORDS = IDL_TARGET_STRUCT | IDL_TARGET_ERROR | IDL_TARGET_PAYLOAD,
    SERVICE = IDL_TARGET_SERVICE,
    FIELD = IDL_TARGET_FIELD,
    VARIANT = IDL_TARGET_VARIANT,
    ENUMERATOR = IDL_TARGET_ENUMERATOR,
    RPC = IDL_TARGET_RPC,
    ONEWAY = IDL_TARGET_ONEWAY,
    METHODS = IDL_TARGET_RPC | IDL_TARGET_ONEWAY | IDL_TARGET_EVENT,
    VALUES = IDL_TARGET_FIELD | IDL_TARGET_VARIANT | IDL_TARGET_ALIAS | IDL_TARGET_ITEM
};

static const anno_row rows[IDL_ANNO_COUNT] = {
#define IDL_ANNO(NAME, name, targets, form, usage)                                                 \
    [IDL_ANNO_##NAME] = { name, (uint32_t)(targets), FORM_##form, usage },
#include "sema/annotations.def"
#undef IDL_ANNO
};

static const struct {
    uint32_t target;
    const char *name;
} targets[] = {
    { IDL_TARGET_ALIAS, "a type alias" },
    { IDL_TARGET_CONST, "a constant" },
    { IDL_TARGET_ENUM, "an enum" },
    { IDL_TARGET_FLAGS, "flags" },
    { IDL_TARGET_STRUCT, "a struct" },
    { IDL_TARGET_UNION, "a union" },
    { IDL_TARGET_ERROR, "an error" },
    { IDL_TARGET_SERVICE, "a service" },
    { IDL_TARGET_FIELD, "a field" },
    { IDL_TARGET_VARIANT, "a union's variant" },
    { IDL_TARGET_ENUMERATOR, "an enum's value" },
    { IDL_TARGET_RPC, "an rpc" },
    { IDL_TARGET_ONEWAY, "a oneway method" },
    { IDL_TARGET_EVENT, "an event" },
    { IDL_TARGET_ITEM, "an item's type" },
    { IDL_TARGET_PAYLOAD, "an inline struct" },
    { IDL_TARGET_NAMESPACE, "a namespace" },
};

static const char *target_name(uint32_t target)
{
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        if ((targets[i].target & target) != 0)
            return targets[i].name;
    }
    return "this";
}

const char *idl_anno_usage(idl_anno anno)
{
    return rows[anno].usage;
}

/* ---- reports ---- */

/* The name alone, behind its '@'. */
static idl_span word_span(const idl_ast_annotation *a)
{
    idl_span span = a->name.span;
    span.start = span.end - (uint32_t)strlen(a->name.text);
    return span;
}

static void report_unknown(const idl_anno_walk *walk, const idl_ast_annotation *a)
{
    idl_sema *sema = walk->sema;
    idl_suggest suggest;
    idl_suggest_init(&suggest, a->name.text);
    for (unsigned pass = 0; pass < 2; pass++) {
        for (unsigned i = 0; i < IDL_ANNO_COUNT; i++) {
            bool fits_here = (rows[i].targets & walk->target) != 0;
            if (fits_here == (pass == 0)) /* first those that may stand here */
                idl_suggest_offer(&suggest, rows[i].name);
        }
    }
    const char *near = idl_suggest_best(&suggest);
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_UNKNOWN_ANNOTATION, a->name.span,
                                    "there is no annotation '@%s'", a->name.text);
    if (near == NULL)
        return;
    idl_report_help(sema->diag, r, "did you mean '@%s'?", near);
    idl_report_edit(sema->diag, r, word_span(a), near, IDL_EDIT_MAYBE);
}

static void report_misplaced(const idl_anno_walk *walk, const idl_ast_annotation *a,
                             const anno_row *row)
{
    idl_sema *sema = walk->sema;
    idl_report *r =
        idl_diag_report(sema->diag, IDL_DIAG_MISPLACED_ANNOTATION, a->name.span,
                        "'@%s' can't stand on %s", a->name.text, target_name(walk->target));
    const char *list = "";
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        if ((row->targets & targets[i].target) != 0)
            list = idl_arena_format(sema->arena, "%s%s%s", list, *list == '\0' ? "" : ", ",
                                    targets[i].name);
    }
    idl_report_help(sema->diag, r, "it belongs on: %s", list);
}

static void report_twice(const idl_anno_walk *walk, const idl_ast_annotation *a)
{
    const idl_ast_annotation *first = walk->list->first;
    while (first->name.text != a->name.text)
        first = first->next;
    idl_report *r = idl_diag_report(walk->sema->diag, IDL_DIAG_DUPLICATE_ANNOTATION, a->span,
                                    "'@%s' is here twice", a->name.text);
    idl_report_note(walk->sema->diag, r, first->span, "first here");
}

idl_report *idl_anno_refuse(idl_sema *sema, const idl_ast_annotation *annotation, idl_anno anno,
                            const char *message)
{
    idl_span span = annotation->span;
    if (annotation->args != NULL) {
        const idl_ast_arg *last = annotation->args;
        while (last->next != NULL)
            last = last->next;
        span = idl_span_join(annotation->args->span, last->span);
    }
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_BAD_ARGUMENTS, span, "'@%s' %s",
                                    rows[anno].name, message);
    idl_report_help(sema->diag, r, "write for instance %s", rows[anno].usage);
    return r;
}

/* ---- arguments ---- */

static bool is_value(const idl_ast_arg *arg)
{
    return arg->kind == IDL_AST_ARG_VALUE;
}

static bool is_text(const idl_ast_arg *arg)
{
    return is_value(arg) && arg->value->kind == IDL_AST_VALUE_STRING &&
           arg->value->string.is_utf8 && strlen(arg->value->string.text) == arg->value->string.len;
}

static bool is_word(const idl_ast_arg *arg)
{
    return is_value(arg) && arg->value->kind == IDL_AST_VALUE_NAME && arg->value->name.n_parts == 1;
}

static bool are_all(const idl_ast_annotation *a, bool (*test)(const idl_ast_arg *arg))
{
    for (const idl_ast_arg *arg = a->args; arg != NULL; arg = arg->next) {
        if (!test(arg))
            return false;
    }
    return true;
}

static bool has_form(const idl_ast_annotation *a, arg_form form)
{
    uint32_t n = a->n_args;
    switch (form) {
    case FORM_NOTHING: return n == 0;
    case FORM_RANGE: return n == 1 && !is_value(a->args);
    case FORM_LENGTH: return n == 1;
    case FORM_VALUE: return n == 1 && is_value(a->args);
    case FORM_VALUES: return n >= 1 && are_all(a, is_value);
    case FORM_TEXT: return n == 1 && is_text(a->args);
    case FORM_TEXT_OR_NOTHING: return n == 0 || (n == 1 && is_text(a->args));
    case FORM_TEXTS: return n >= 1 && are_all(a, is_text);
    case FORM_TWO_TEXTS: return n == 2 && are_all(a, is_text);
    case FORM_WORD: return n == 1 && is_word(a->args);
    case FORM_WORDS: return n >= 2 && are_all(a, is_word);
    }
    return false;
}

static const char *form_words(arg_form form)
{
    switch (form) {
    case FORM_NOTHING: return "takes no arguments";
    case FORM_RANGE: return "takes one range";
    case FORM_LENGTH: return "takes one range or one number";
    case FORM_VALUE: return "takes one value";
    case FORM_VALUES: return "takes one value or more";
    case FORM_TEXT: return "takes one text in quotes";
    case FORM_TEXT_OR_NOTHING: return "takes one text in quotes, or nothing";
    case FORM_TEXTS: return "takes one text in quotes or more";
    case FORM_TWO_TEXTS: return "takes two texts in quotes";
    case FORM_WORD: return "takes one word without quotes";
    case FORM_WORDS: return "takes two names or more, without quotes";
    }
    return "";
}

static bool has_poison(const idl_ast_annotation *a)
{
    for (const idl_ast_arg *arg = a->args; arg != NULL; arg = arg->next) {
        const idl_ast_value *values[] = { arg->value, arg->low, arg->high };
        for (size_t i = 0; i < 3; i++) {
            if (values[i] != NULL && values[i]->kind == IDL_AST_VALUE_POISONED)
                return true;
        }
    }
    return a->is_poisoned || a->name.text == NULL;
}

static bool may_repeat(idl_anno anno)
{
    return anno >= IDL_ANNO_RULE && anno <= IDL_ANNO_REQUIRES;
}

void idl_annotations_init(idl_sema *sema)
{
    for (uintptr_t i = 0; i < IDL_ANNO_COUNT; i++) {
        const char *name =
            idl_names_intern(&sema->sources->names, rows[i].name, strlen(rows[i].name));
        (void)idl_table_put(sema->arena, &sema->annotations, idl_key_of(name), (void *)(i + 1));
    }
}

/* -1: there is none of that name. */
static int find_row(const idl_sema *sema, const char *name)
{
    return (int)(uintptr_t)idl_table_get(&sema->annotations, idl_key_of(name)) - 1;
}

/* Whether the annotation can be handed out. */
static bool is_good(idl_anno_walk *walk, const idl_ast_annotation *a, idl_anno *ret_anno)
{
    if (has_poison(a))
        return false;
    int found = find_row(walk->sema, a->name.text);
    if (found < 0) {
        report_unknown(walk, a);
        return false;
    }
    const anno_row *row = &rows[found];
    if ((row->targets & walk->target) == 0) {
        report_misplaced(walk, a, row);
        return false;
    }
    uint64_t bit = (uint64_t)1 << found;
    bool is_repeated = (walk->seen & bit) != 0;
    walk->seen |= bit;
    *ret_anno = (idl_anno)found;
    if (is_repeated && !may_repeat(*ret_anno)) {
        report_twice(walk, a);
        return false;
    }
    if (!has_form(a, row->form)) {
        idl_anno_refuse(walk->sema, a, *ret_anno, form_words(row->form));
        return false;
    }
    return true;
}

idl_anno_walk idl_annotations(idl_sema *sema, const idl_ast_annotations *list, idl_target target)
{
    return (idl_anno_walk){ .sema = sema, .list = list, .next = list->first, .target = target };
}

const idl_ast_annotation *idl_annotation_next(idl_anno_walk *walk, idl_anno *ret_anno)
{
    while (walk->next != NULL) {
        const idl_ast_annotation *a = walk->next;
        walk->next = a->next;
        if (is_good(walk, a, ret_anno))
            return a;
    }
    return NULL;
}

bool idl_annotation_recall(const idl_sema *sema, const idl_ast_annotation *annotation,
                           idl_target target, idl_anno *ret_anno)
{
    int found = has_poison(annotation) ? -1 : find_row(sema, annotation->name.text);
    if (found < 0 || (rows[found].targets & target) == 0 || !has_form(annotation, rows[found].form))
        return false;
    *ret_anno = (idl_anno)found;
    return true;
}

/* ---- marks ---- */

static bool is_c_identifier(const char *text)
{
    bool is_first = true;
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++, is_first = false) {
        bool is_letter =
            (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') || *text == '_';
        bool is_digit = *text >= '0' && *text <= '9';
        if (!is_letter && (is_first || !is_digit))
            return false;
    }
    return true;
}

bool idl_marks_take(idl_sema *sema, const idl_ast_annotation *annotation, idl_anno anno,
                    idl_marks *marks)
{
    if (anno == IDL_ANNO_DEPRECATED) {
        marks->is_deprecated = true;
        if (annotation->n_args == 1)
            marks->deprecated_note = idl_anno_value(annotation)->string.text;
        return true;
    }
    if (anno != IDL_ANNO_C_NAME)
        return false;
    const idl_ast_string *text = &idl_anno_value(annotation)->string;
    if (is_c_identifier(text->text))
        marks->c_name = text->text;
    else
        idl_diag_report(sema->diag, IDL_DIAG_BAD_C_NAME, text->span,
                        "'%s' is no C name: letters, digits and '_' only, and no digit first",
                        text->text);
    return true;
}
