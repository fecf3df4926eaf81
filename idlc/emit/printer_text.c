/*
 * What needs care inside C text: comments that must not end early, literals that must not mean
 * something else.
 */
#include "emit/printer.h"
#include "front/utf8.h"

#include <string.h>

static size_t columns_of(const char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return n;
}

static bool ends_comment(const char *text, size_t i, size_t len)
{
    if (i + 1 >= len)
        return false;
    return (text[i] == '*' && text[i + 1] == '/') || (text[i] == '/' && text[i + 1] == '*');
}

/* Comment text: a space goes between the characters that would end (or seem to begin) a comment. */
static void print_comment_text(idl_printer *p, const char *text, size_t len)
{
    size_t from = 0;
    for (size_t i = 0; i < len; i++) {
        if (!ends_comment(text, i, len))
            continue;
        idl_print_raw(p, text + from, i + 1 - from);
        idl_print_raw(p, " ", 1);
        from = i + 1;
    }
    idl_print_raw(p, text + from, len - from);
}

/* How much of `text` fits into `room` columns: up to a space, or else up to the first space after
 * it. */
static size_t fitting(const char *text, size_t len, size_t room)
{
    size_t best = 0;
    for (size_t i = 0; i <= len; i++) {
        if (i < len && text[i] != ' ')
            continue;
        if (columns_of(text, i) > room && best > 0)
            return best;
        best = i;
        if (columns_of(text, i) > room)
            return best;
    }
    return best;
}

static void print_comment_line(idl_printer *p, const char *text, size_t len)
{
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\r' || text[len - 1] == '\t'))
        len--;
    if (len == 0) {
        idl_print_raw(p, " *\n", 3);
        return;
    }
    size_t lead = 0; /* lists and examples keep their indentation */
    while (text[lead] == ' ')
        lead++;
    size_t room = IDL_PRINTER_COLUMNS - 3 - p->indent;
    while (len > 0) {
        size_t n = lead + fitting(text + lead, len - lead, room > lead ? room - lead : 1);
        idl_print_raw(p, " * ", 3);
        print_comment_text(p, text, n);
        idl_print_raw(p, "\n", 1);
        while (n < len && text[n] == ' ')
            n++;
        text += n;
        len -= n;
        lead = 0;
    }
}

void idl_print_doc(idl_printer *p, const char *doc)
{
    size_t len = doc != NULL ? strlen(doc) : 0;
    while (len > 0 && (doc[len - 1] == '\n' || doc[len - 1] == ' '))
        len--;
    if (len == 0)
        return;
    if (doc[0] == ' ' && memchr(doc, '\n', len) == NULL) {
        doc++;
        len--;
    }
    if (memchr(doc, '\n', len) == NULL &&
        columns_of(doc, len) + 7 + p->indent <= IDL_PRINTER_COLUMNS) {
        idl_print_raw(p, "/** ", 4);
        print_comment_text(p, doc, len);
        idl_print_raw(p, " */\n", 4);
        return;
    }
    idl_print_raw(p, "/**\n", 4);
    for (size_t from = 0; from <= len;) {
        const char *newline = (const char *)memchr(doc + from, '\n', len - from);
        size_t to = newline != NULL ? (size_t)(newline - doc) : len;
        size_t skip = to > from && doc[from] == ' ' ? 1 : 0; /* "/// text" */
        print_comment_line(p, doc + from + skip, to - from - skip);
        from = to + 1;
    }
    idl_print_raw(p, " */\n", 4);
}

static bool is_plain(const char *text, size_t i, size_t len)
{
    unsigned char c = (unsigned char)text[i];
    if (c == '"' || c == '\\' || c < 0x20 || c == 0x7f)
        return false;
    return !(c == '?' && ((i > 0 && text[i - 1] == '?') || (i + 1 < len && text[i + 1] == '?')));
}

static void print_escaped(idl_printer *p, unsigned char c)
{
    char octal[4] = { '\\', (char)('0' + (c >> 6)), (char)('0' + (c >> 3 & 7)),
                      (char)('0' + (c & 7)) };
    switch (c) {
    case '"': idl_print_raw(p, "\\\"", 2); break;
    case '\\': idl_print_raw(p, "\\\\", 2); break;
    case '?': idl_print_raw(p, "\\?", 2); break;
    case '\n': idl_print_raw(p, "\\n", 2); break;
    case '\t': idl_print_raw(p, "\\t", 2); break;
    default: idl_print_raw(p, octal, 4); break;
    }
}

static bool is_text(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len) {
        size_t n = idl_utf8_length(text + at, len - at);
        if (n == 0)
            return false;
        at += n;
    }
    return true;
}

void idl_print_bytes_literal(idl_printer *p, const char *text, size_t len)
{
    bool is_utf8 = is_text(text, len);
    size_t from = 0;
    idl_print_raw(p, "\"", 1);
    for (size_t i = 0; i < len; i++) {
        if (is_plain(text, i, len) && (is_utf8 || (unsigned char)text[i] < 0x80))
            continue;
        idl_print_raw(p, text + from, i - from);
        print_escaped(p, (unsigned char)text[i]);
        from = i + 1;
    }
    idl_print_raw(p, text + from, len - from);
    idl_print_raw(p, "\"", 1);
}

/* The longest prefix of at most IDL_LITERAL_MAX bytes that does not cut a character. */
static size_t literal_length(const char *text, size_t len)
{
    if (len <= IDL_LITERAL_MAX)
        return len;
    len = IDL_LITERAL_MAX;
    while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
        len--;
    return len;
}

void idl_print_literal(idl_printer *p, const char *text)
{
    if (text == NULL) {
        idl_print_raw(p, "NULL", 4);
        return;
    }
    size_t len = strlen(text);
    size_t kept = literal_length(text, len);
    if (kept == len) {
        idl_print_bytes_literal(p, text, len);
        return;
    }
    char cut[IDL_LITERAL_MAX + 4];
    memcpy(cut, text, kept);
    memcpy(cut + kept, "...", 3);
    idl_print_bytes_literal(p, cut, kept + 3);
}
