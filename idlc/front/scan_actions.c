/* What the scanner's rules do: intern words, read literals, keep comments, and report bad bytes.
 *
 * Must not know: grammar. Read next: tokens.c.
 */
#include "front/scan_actions.h"

#include "diag/suggest.h"
#include "front/literal.h"
#include "front/utf8.h"
#include "grammar.h"

#include <stdio.h>
#include <string.h>

static idl_span span_of(const idl_scan *scan, uint32_t start, uint32_t end)
{
    uint32_t base = scan->source->base;
    return (idl_span){ .start = base + start, .end = base + end };
}

/* Every report goes through here, so that the parser can keep quiet about the rest of the line. */
static idl_report *report(idl_scan *scan, idl_diag_id id, idl_span span, const char *message)
{
    scan->has_errors = true;
    scan->last_error_line = idl_source_locate(scan->sources, scan->source, span.start).line;
    return idl_diag_report(scan->diag, id, span, "%s", message);
}

/* ---- words ---- */

static void check_length(idl_scan *scan, const idl_token *token, size_t len, size_t limit)
{
    if (len <= limit)
        return;
    idl_report *r = report(scan, IDL_DIAG_NAME_TOO_LONG, span_of(scan, token->start, scan->at),
                           "this name is too long");
    idl_report_help(scan->diag, r, "it has %zu characters, at most %zu are allowed", len, limit);
}

int idl_scan_word(idl_scan *scan, idl_token *token, const char *text, size_t len)
{
    int keyword;
    check_length(scan, token, len, IDL_MAX_WORD_LEN);
    token->word = idl_names_intern_word(&scan->sources->names, text, len, &keyword);
    return keyword != 0 ? keyword : TOK_IDENT;
}

int idl_scan_path(idl_scan *scan, idl_token *token, const char *text, size_t len)
{
    check_length(scan, token, len, IDL_MAX_PATH_LEN);
    token->word = idl_names_intern(&scan->sources->names, text, len);
    return TOK_PATH;
}

int idl_scan_annotation(idl_scan *scan, idl_token *token, const char *text, size_t len)
{
    size_t end = len;
    if (text[end - 1] == '(')
        end--;
    while (text[end - 1] == ' ' || text[end - 1] == '\t')
        end--;
    check_length(scan, token, end - 1, IDL_MAX_WORD_LEN);
    token->word = idl_names_intern(&scan->sources->names, text + 1, end - 1);
    return TOK_AT_NAME;
}

/* ---- numbers ---- */

static idl_ast_value *new_value(idl_scan *scan, const idl_token *token, idl_ast_value_kind kind)
{
    idl_ast_value *value = idl_arena_alloc(&scan->sources->arena, sizeof *value);
    value->kind = kind;
    value->span = span_of(scan, token->start, scan->at);
    return value;
}

static void report_unit(idl_scan *scan, const idl_token *token, const char *text, size_t len,
                        size_t unit_at)
{
    idl_span span = span_of(scan, token->start + (uint32_t)unit_at, scan->at);
    scan->has_errors = true;
    scan->last_error_line = idl_source_locate(scan->sources, scan->source, span.start).line;
    const char *unit = idl_arena_copy(&scan->sources->arena, text + unit_at, len - unit_at);
    idl_report *r =
        idl_diag_report(scan->diag, IDL_DIAG_UNKNOWN_UNIT, span, "there is no unit '%s'", unit);
    const char *nearest = strncmp(unit, "sec", 3) == 0    ? "s"
                          : strncmp(unit, "hour", 4) == 0 ? "h"
                                                          : idl_suggest_among(unit, idl_unit_names);
    if (nearest != NULL) {
        idl_report_help(scan->diag, r, "did you mean '%s'?", nearest);
        idl_report_edit(scan->diag, r, span, nearest, IDL_EDIT_MAYBE);
    } else {
        idl_report_help(
            scan->diag, r,
            "units are KiB MiB GiB and ns us ms s min h; a name can't begin with a digit");
    }
}

static void report_number(idl_scan *scan, const idl_token *token, idl_number_error error)
{
    idl_span span = span_of(scan, token->start, scan->at);
    switch (error) {
    case IDL_NUMBER_TOO_LARGE:
        report(scan, IDL_DIAG_NUMBER_TOO_LARGE, span, "this number does not fit into 64 bits");
        break;
    case IDL_NUMBER_NOT_WHOLE:
        report(scan, IDL_DIAG_FRACTIONAL_UNIT, span,
               "this does not come out as a whole number of nanoseconds or bytes");
        break;
    default: {
        idl_report *r = report(scan, IDL_DIAG_MALFORMED_NUMBER, span, "this is no number");
        idl_report_help(
            scan->diag, r,
            "write 12, 1_000, 0xff, 0b101, 1.5 or 1e-9; a name can't begin with a digit");
        break;
    }
    }
}

int idl_scan_number(idl_scan *scan, idl_token *token, const char *text, size_t len)
{
    idl_ast_value parsed;
    size_t unit_at;
    idl_number_error error = idl_number_parse(text, len, &parsed, &unit_at);
    token->value = new_value(scan, token, IDL_AST_VALUE_POISONED);
    if (error == IDL_NUMBER_BAD_UNIT)
        report_unit(scan, token, text, len, unit_at);
    else if (error != IDL_NUMBER_OK)
        report_number(scan, token, error);
    if (error == IDL_NUMBER_OK) {
        parsed.span = token->value->span;
        *token->value = parsed;
    }
    return TOK_NUMBER;
}

/* ---- strings ---- */

int idl_scan_plain_string(idl_scan *scan, idl_token *token, const char *text, size_t len)
{
    idl_ast_value *value = new_value(scan, token, IDL_AST_VALUE_STRING);
    value->string.text = idl_arena_copy(&scan->sources->arena, text + 1, len - 2);
    value->string.len = (uint32_t)(len - 2);
    value->string.is_utf8 = true; /* as the file is; if it is not, that was reported */
    value->string.span = value->span;
    token->value = value;
    return TOK_STRING;
}

void idl_scan_string_begin(idl_scan *scan, idl_token *token)
{
    (void)token;
    scan->string_len = 0;
    scan->string_is_bad = false;
}

void idl_scan_string_add(idl_scan *scan, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        scan->string = idl_arena_grow(&scan->sources->arena, scan->string, scan->string_len,
                                      &scan->string_capacity, 1);
        scan->string[scan->string_len++] = text[i];
    }
}

void idl_scan_string_escape(idl_scan *scan, const char *text, size_t len)
{
    char bytes[4];
    size_t n_bytes;
    if (idl_escape_parse(text, len, bytes, &n_bytes) == 0)
        idl_scan_string_bad_escape(scan, text, len); /* \u{D800}: no character */
    else
        idl_scan_string_add(scan, bytes, n_bytes);
}

void idl_scan_string_bad_escape(idl_scan *scan, const char *text, size_t len)
{
    scan->string_is_bad = true;
    /* At the end of the line it is the string that is broken, which is reported next. */
    if (len == 1 && (scan->at == scan->source->len || scan->source->text[scan->at] == '\n'))
        return;
    idl_span span = span_of(scan, scan->at - (uint32_t)len, scan->at);
    idl_report *r =
        report(scan, IDL_DIAG_BAD_ESCAPE, span, "a backslash and this are no escape together");
    idl_report_help(scan->diag, r, "write '\\\\' for a backslash itself");
    const char *doubled = idl_arena_format(&scan->sources->arena, "\\%.*s", (int)len, text);
    idl_report_edit(scan->diag, r, span, doubled, IDL_EDIT_MAYBE);
}

int idl_scan_string_end(idl_scan *scan, idl_token *token)
{
    token->value = new_value(scan, token, IDL_AST_VALUE_POISONED);
    if (scan->string_is_bad)
        return TOK_STRING;
    idl_ast_string *string = &token->value->string;
    token->value->kind = IDL_AST_VALUE_STRING;
    string->text = idl_arena_copy(&scan->sources->arena, scan->string, scan->string_len);
    string->len = (uint32_t)scan->string_len;
    string->is_utf8 = idl_utf8_check(string->text, string->len) == string->len;
    string->span = token->value->span;
    return TOK_STRING;
}

int idl_scan_string_unterminated(idl_scan *scan, idl_token *token)
{
    idl_span opener = span_of(scan, token->start, token->start + 1);
    idl_report *r =
        report(scan, IDL_DIAG_UNTERMINATED_STRING, opener, "this string is not closed on its line");
    idl_report_help(scan->diag, r, "write '\"' at its end, and \\n for a line break inside");
    token->value = new_value(scan, token, IDL_AST_VALUE_POISONED);
    return TOK_STRING;
}

/* ---- comments ---- */

void idl_scan_comment(idl_scan *scan, idl_ast_comment_kind kind, size_t len)
{
    idl_arena *arena = &scan->sources->arena;
    scan->comments = idl_arena_grow(arena, scan->comments, scan->n_comments,
                                    &scan->comment_capacity, sizeof *scan->comments);
    uint32_t start = scan->at - (uint32_t)len;
    uint32_t end = scan->at;
    const char *text = scan->source->text + start;
    if (kind != IDL_AST_COMMENT_BLOCK && text[len - 1] == '\r')
        end--;
    scan->comments[scan->n_comments++] = (idl_ast_comment){
        .kind = kind,
        .is_first_on_line = scan->is_line_start,
        .start = start,
        .end = end,
    };
    if (kind == IDL_AST_COMMENT_BLOCK && memchr(text, '\n', len) != NULL)
        scan->is_line_start = true;
}

void idl_scan_comment_unterminated(idl_scan *scan, uint32_t start)
{
    report(scan, IDL_DIAG_UNTERMINATED_COMMENT, span_of(scan, start, start + 2),
           "this comment is never closed");
}

static bool is_doc(const idl_ast_comment *comment)
{
    return comment->kind == IDL_AST_COMMENT_DOC && comment->is_first_on_line;
}

/* Joins the lines, without their slashes and the space behind them. */
static const idl_ast_doc *join_docs(idl_scan *scan, const idl_ast_comment *first, size_t count)
{
    size_t room = 1;
    for (size_t i = 0; i < count; i++)
        room += first[i].end - first[i].start;
    idl_ast_doc *doc = idl_arena_alloc(&scan->sources->arena, sizeof *doc);
    char *text = idl_arena_alloc(&scan->sources->arena, room);
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_doc(&first[i]))
            continue;
        if (doc->text != NULL)
            text[len++] = '\n';
        uint32_t start = first[i].start + 3;
        if (start < first[i].end && scan->source->text[start] == ' ')
            start++;
        memcpy(text + len, scan->source->text + start, first[i].end - start);
        len += first[i].end - start;
        doc->span = doc->text == NULL ? span_of(scan, first[i].start, first[i].end) : doc->span;
        doc->span.end = scan->source->base + first[i].end;
        doc->text = text;
    }
    return doc->text == NULL ? NULL : doc;
}

void idl_scan_attach_doc(idl_scan *scan, idl_token *token)
{
    size_t first = scan->first_doc;
    scan->first_doc = scan->n_comments;
    for (size_t i = first; i < scan->n_comments; i++) {
        const idl_ast_comment *comment = &scan->comments[i];
        if (comment->kind == IDL_AST_COMMENT_DOC && !comment->is_first_on_line) {
            idl_report *r = idl_diag_report(scan->diag, IDL_DIAG_DANGLING_DOC,
                                            span_of(scan, comment->start, comment->end),
                                            "this comment documents nothing");
            idl_report_help(scan->diag, r,
                            "put it on a line of its own above what it describes, "
                            "or write '//'");
        }
        if (is_doc(comment) && token->doc == NULL)
            token->doc = join_docs(scan, comment, scan->n_comments - i);
    }
}

/* ---- bytes ---- */

typedef struct stray_help {
    char c;
    const char *help;
} stray_help;

static const stray_help stray_helps[] = {
    { '\'', "strings stand in double quotes" },
    { '`', "strings stand in double quotes" },
    { '#', "a comment begins with '//'" },
    { '.', "a dotted name has no spaces in it, and a number begins with a digit" },
    { '@', "an annotation's name follows its '@' directly" },
    { '&', "expressions stand in a string: @rule(\"a < b && c\", \"...\")" },
    { '|', "expressions stand in a string: @rule(\"a < b || c\", \"...\")" },
    { '!', "expressions stand in a string: @rule(\"a != b\", \"...\")" },
};

void idl_scan_stray(idl_scan *scan, const char *text, size_t len)
{
    unsigned char c = (unsigned char)text[0];
    scan->string_is_bad = true;
    /* Bytes that are no text at all were reported once, by idl_scan_check_bytes. */
    if (c == '\0' || (c >= 0x80 && scan->has_bad_bytes))
        return;
    char shown[16];
    if (c < 0x20 || c == 0x7f)
        snprintf(shown, sizeof shown, "byte 0x%02x", c);
    else
        snprintf(shown, sizeof shown, "'%.*s'", (int)idl_utf8_length(text, len), text);
    idl_span span = span_of(scan, scan->at - (uint32_t)len, scan->at);
    uint32_t line = idl_source_locate(scan->sources, scan->source, span.start).line;
    scan->has_errors = true;
    if (line == scan->last_error_line)
        return;
    scan->last_error_line = line;
    idl_report *r = idl_diag_report(scan->diag, IDL_DIAG_UNEXPECTED_CHARACTER, span,
                                    "%s means nothing here", shown);
    for (size_t i = 0; i < sizeof stray_helps / sizeof stray_helps[0]; i++) {
        if (stray_helps[i].c == (char)c)
            idl_report_help(scan->diag, r, "%s", stray_helps[i].help);
    }
    if (c >= 0x80)
        idl_report_help(scan->diag, r,
                        "names are ASCII, because they reach C; strings and comments "
                        "may hold any character");
}

void idl_scan_check_bytes(idl_scan *scan)
{
    const idl_source *source = scan->source;
    uint32_t bad = (uint32_t)idl_utf8_check(source->text, source->len);
    const char *nul = memchr(source->text, '\0', source->len);
    if (nul != NULL) {
        uint32_t at = (uint32_t)(nul - source->text);
        report(scan, IDL_DIAG_NUL_BYTE, span_of(scan, at, at + 1), "the file holds a NUL byte");
    }
    if (bad == source->len)
        return;
    scan->has_bad_bytes = true;
    scan->has_errors = true;
    idl_diag_report(scan->diag, IDL_DIAG_INVALID_UTF8, span_of(scan, bad, bad + 1),
                    "byte 0x%02x is not part of any UTF-8 character",
                    (unsigned char)source->text[bad]);
    scan->last_error_line = 0;
}
