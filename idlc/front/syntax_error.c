/* The words of a syntax error, and the choice of how to go on.
 *
 * One report per token and per line: what follows on the same line is most likely an echo.
 *
 * Must not know: the tree. Read next: parse.c.
 */
#include "diag/suggest.h"
#include "front/parser.h"
#include "grammar.h"

#include <stdio.h>
#include <string.h>

#define MAX_EXPECTED 5u

/* ---- the words for tokens ---- */

const char *idl_token_kind_text(int kind)
{
    switch (kind) {
    case TOK_END: return "the end of the file";
    case TOK_SEMICOLON: return "';'";
    case TOK_COLON: return "':'";
    case TOK_COMMA: return "','";
    case TOK_EQUALS: return "'='";
    case TOK_QUESTION: return "'?'";
    case TOK_MINUS: return "'-'";
    case TOK_ARROW: return "'->'";
    case TOK_RANGE: return "'..'";
    case TOK_RANGE_BELOW: return "'..<'";
    case TOK_OPEN_BRACE: return "'{'";
    case TOK_CLOSE_BRACE: return "'}'";
    case TOK_OPEN_PAREN: return "'('";
    case TOK_CLOSE_PAREN: return "')'";
    case TOK_OPEN_BRACKET: return "'['";
    case TOK_CLOSE_BRACKET: return "']'";
    case TOK_LESS: return "'<'";
    case TOK_GREATER: return "'>'";
    case TOK_NUMBER: return "a number";
    case TOK_STRING: return "a string";
    case TOK_IDENT: return "a name";
    case TOK_PATH: return "a dotted name";
    case TOK_AT_NAME:
    case TOK_AT_CALL: return "an annotation";
#define IDL_KEYWORD(word, token)                                                                   \
    case TOK_##token:                                                                              \
        return "'" word "'";
#include "front/keywords.def"
#undef IDL_KEYWORD
    default: return "this";
    }
}

static const char *found_text(idl_parser *p, const idl_token *token)
{
    if (token->kind == TOK_STRING)
        return "a string";
    if (token->end == token->start || token->end - token->start > IDL_MAX_WORD_LEN)
        return idl_token_kind_text(token->kind);
    uint32_t len = token->end - token->start;
    return idl_arena_format(p->arena, "'%.*s'", (int)len, p->source->text + token->start);
}

/* ---- the list of what could have stood there ---- */

typedef struct expected {
    bool has[128]; /* by token kind */
} expected;

static bool is_keyword(int kind)
{
    return kind >= TOK_CONST && kind <= TOK_UNION;
}

static expected gather(const int *kinds, size_t count)
{
    expected e = { .has = { false } };
    for (size_t i = 0; i < count; i++) {
        if (kinds[i] >= 0 && kinds[i] < (int)sizeof e.has)
            e.has[kinds[i]] = true;
    }
    e.has[TOK_RESYNC] = false;
    return e;
}

/* The first words of the list, for sets of tokens that have a name of their own. Clears what it
 * named. */
static const char *name_set(expected *e)
{
    if (!e->has[TOK_IDENT])
        return NULL;
    const char *text = "a name";
    if (e->has[TOK_PATH])
        text = e->has[TOK_NUMBER] && e->has[TOK_STRING] ? "a value" : "a type";
    if (e->has[TOK_PATH] && e->has[TOK_NUMBER])
        e->has[TOK_NUMBER] = e->has[TOK_STRING] = e->has[TOK_MINUS] = false;
    e->has[TOK_IDENT] = e->has[TOK_PATH] = false;
    /* Any keyword is a name too; they would only make the list long. */
    for (int kind = 0; kind < (int)sizeof e->has; kind++)
        e->has[kind] = e->has[kind] && !is_keyword(kind);
    return text;
}

/* What begins here, where a grammar's list of tokens would say little. */
static const char *start_text(const idl_parser *p)
{
    if (!idl_tokens_at_start(p))
        return NULL;
    if (p->depth_before.braces == 0)
        return "a declaration";
    if (p->decl == NULL)
        return NULL;
    switch (p->decl->kind) {
    case IDL_AST_ENUM:
    case IDL_AST_FLAGS: return "a value ('name = number;') or '}'";
    case IDL_AST_SERVICE: return "'rpc', 'oneway', 'event', an annotation or '}'";
    default: return "a field ('number: type name;'), 'reserved', an annotation or '}'";
    }
}

static void append(char *text, size_t size, const char *more)
{
    size_t len = strlen(text);
    snprintf(text + len, size - len, "%s", more);
}

/* "a name, ';' or '='"; empty when the list would be too long to help. */
static void expected_text(const idl_parser *p, expected e, char *ret_text, size_t size)
{
    ret_text[0] = '\0';
    const char *start = start_text(p);
    if (start != NULL) {
        append(ret_text, size, start);
        return;
    }
    const char *items[MAX_EXPECTED];
    size_t count = 0;
    if (e.has[TOK_SEMICOLON]) /* then ',' is only taken to be reported */
        e.has[TOK_COMMA] = false;
    /* What could still belong to a type is possible nearly everywhere, and seldom what was meant. */
    e.has[TOK_QUESTION] = e.has[TOK_OPEN_BRACKET] = e.has[TOK_LESS] = false;
    e.has[TOK_AT_NAME] = e.has[TOK_AT_NAME] || e.has[TOK_AT_CALL];
    e.has[TOK_AT_CALL] = false;
    const char *set = name_set(&e);
    if (set != NULL)
        items[count++] = set;
    for (int kind = 0; kind < (int)sizeof e.has; kind++) {
        if (!e.has[kind])
            continue;
        if (count == MAX_EXPECTED)
            return;
        items[count++] = idl_token_kind_text(kind);
    }
    for (size_t i = 0; i < count; i++) {
        append(ret_text, size, i == 0 ? "" : i + 1 == count ? " or " : ", ");
        append(ret_text, size, items[i]);
    }
}

/* ---- misspelt keywords ---- */

typedef struct other_word {
    const char *word;
    int token;
} other_word;

/* What the same thing is called elsewhere. */
static const other_word other_decls[] = {
    { "message", TOK_STRUCT },   { "record", TOK_STRUCT },      { "interface", TOK_SERVICE },
    { "protocol", TOK_SERVICE }, { "package", TOK_NAMESPACE },  { "module", TOK_NAMESPACE },
    { "include", TOK_IMPORT },   { "using", TOK_IMPORT },       { "typedef", TOK_TYPE },
    { "alias", TOK_TYPE },       { "exception", TOK_ERROR_KW }, { "oneof", TOK_UNION },
    { "bits", TOK_FLAGS },       { "bitfield", TOK_FLAGS },
};
static const other_word other_methods[] = {
    { "method", TOK_RPC }, { "fn", TOK_RPC },       { "func", TOK_RPC },
    { "call", TOK_RPC },   { "signal", TOK_EVENT }, { "notify", TOK_ONEWAY },
};

typedef struct keyword_row {
    const char *word;
    int token;
    bool is_method;
} keyword_row;

static const keyword_row keyword_rows[] = {
    { "const", TOK_CONST, false },     { "enum", TOK_ENUM, false },
    { "error", TOK_ERROR_KW, false },  { "flags", TOK_FLAGS, false },
    { "import", TOK_IMPORT, false },   { "namespace", TOK_NAMESPACE, false },
    { "service", TOK_SERVICE, false }, { "struct", TOK_STRUCT, false },
    { "type", TOK_TYPE, false },       { "union", TOK_UNION, false },
    { "rpc", TOK_RPC, true },          { "oneway", TOK_ONEWAY, true },
    { "event", TOK_EVENT, true },
};

static int find_other(const other_word *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i].word, word) == 0)
            return words[i].token;
    }
    return 0;
}

/* The keyword a word at the start of a declaration or method was meant to be; 0: none. */
static int meant_keyword(const char *word, bool is_method)
{
    int other = is_method
                    ? find_other(other_methods, sizeof other_methods / sizeof *other_methods, word)
                    : find_other(other_decls, sizeof other_decls / sizeof *other_decls, word);
    if (other != 0)
        return other;
    idl_suggest suggest;
    idl_suggest_init(&suggest, word);
    for (size_t i = 0; i < sizeof keyword_rows / sizeof *keyword_rows; i++) {
        if (keyword_rows[i].is_method == is_method)
            idl_suggest_offer(&suggest, keyword_rows[i].word);
    }
    const char *nearest = idl_suggest_best(&suggest);
    for (size_t i = 0; nearest != NULL && i < sizeof keyword_rows / sizeof *keyword_rows; i++) {
        if (keyword_rows[i].word == nearest)
            return keyword_rows[i].token;
    }
    return 0;
}

static const char *keyword_text(int token)
{
    for (size_t i = 0; i < sizeof keyword_rows / sizeof *keyword_rows; i++) {
        if (keyword_rows[i].token == token)
            return keyword_rows[i].word;
    }
    return "";
}

/* Offers the keyword, and has the parser go on as if it had been written. */
static void suggest_keyword(idl_parser *p, idl_report *r)
{
    const idl_token *token = p->previous;
    bool is_method = p->depth_before.braces > 0;
    if (token->kind != TOK_IDENT || p->previous_was_injected || !idl_tokens_at_start(p))
        return;
    if (is_method && (p->decl == NULL || p->decl->kind != IDL_AST_SERVICE))
        return;
    const idl_token *after = idl_tokens_peek(p, 1);
    if (!idl_tokens_is_word(after) && after->kind != TOK_STRING && after->kind != TOK_PATH)
        return;
    int meant = meant_keyword(token->word, is_method);
    if (meant == 0)
        return;
    p->substitute = meant;
    idl_report_help(p->diag, r, "did you mean '%s'?", keyword_text(meant));
    idl_report_edit(p->diag, r, idl_tokens_span(p, token), keyword_text(meant), IDL_EDIT_MAYBE);
}

/* ---- reporting ---- */

idl_report *idl_syntax_report(idl_parser *p, idl_diag_id id, idl_span span, const char *format, ...)
{
    uint32_t line = idl_source_locate(p->sources, p->source, span.start).line;
    p->scan.has_errors = true;
    if (line == p->scan.last_error_line)
        return &p->diag->discard;
    p->scan.last_error_line = line;
    va_list args;
    va_start(args, format);
    const char *message = idl_arena_vformat(p->arena, format, args);
    va_end(args);
    return idl_diag_report(p->diag, id, span, "%s", message);
}

/* Could the token in hand stand behind a complete statement? */
static bool follows_a_statement(const idl_parser *p)
{
    const idl_token *token = p->previous;
    return token->is_first_on_line || token->kind == TOK_CLOSE_BRACE || token->kind == TOK_END ||
           (token->kind == TOK_NUMBER && p->depth_before.braces > 0);
}

static void report_missing_semicolon(idl_parser *p)
{
    idl_span gap = idl_tokens_gap(p);
    idl_token token = { .kind = p->before.kind, .start = p->before.start, .end = p->before.end };
    const char *behind = found_text(p, &token);
    idl_report *r =
        idl_syntax_report(p, IDL_DIAG_MISSING_SEMICOLON, gap, "';' is missing behind %s", behind);
    idl_report_edit(p->diag, r, gap, ";", IDL_EDIT_SAFE);
}

static void report_unexpected(idl_parser *p, const expected *e)
{
    char list[256];
    expected_text(p, *e, list, sizeof list);
    const idl_token *token = p->previous;
    idl_span span = idl_tokens_span(p, token);
    const char *found = found_text(p, token);
    idl_report *r;
    if (list[0] == '\0')
        r = idl_syntax_report(p, IDL_DIAG_UNEXPECTED_TOKEN, span, "unexpected %s", found);
    else
        r = idl_syntax_report(p, IDL_DIAG_UNEXPECTED_TOKEN, span, "unexpected %s, expected %s",
                              found, list);
    suggest_keyword(p, r);
}

static idl_recovery choose_recovery(const idl_parser *p)
{
    if (p->depth_before.parens > 0)
        return IDL_RECOVER_PAREN;
    if (p->is_in_head)
        return IDL_RECOVER_HEAD;
    return p->depth_before.braces > 0 ? IDL_RECOVER_MEMBER : IDL_RECOVER_DECL;
}

void idl_syntax_error(idl_parser *p, const int *kinds, size_t count)
{
    p->scan.has_errors = true;
    p->recovery = choose_recovery(p);
    p->substitute = 0;
    if (p->is_stopped || p->last_error_at == p->previous->start)
        return;
    p->last_error_at = p->previous->start;
    expected e = gather(kinds, count);
    if (e.has[TOK_SEMICOLON] && follows_a_statement(p))
        report_missing_semicolon(p);
    else
        report_unexpected(p, &e);
}
