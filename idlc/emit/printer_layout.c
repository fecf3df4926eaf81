/*
 * Lines that are too long.
 *
 * The line is cut at its break marks into pieces. Pieces go out one after the other; one that would
 * pass column 100 starts a new line at the column behind the innermost parenthesis (or brace and
 * its space) that is open there. A break behind
 * '=' is taken first, if nothing fits without it.
 */
#include "emit/printer.h"

#include <string.h>

#define OPEN_MAX 32u

typedef struct layout {
    idl_printer *p;
    const char *text; /* the line as it was */
    size_t len;
    size_t column;         /* of the next character */
    unsigned statement;    /* column the statement begins at */
    size_t open[OPEN_MAX]; /* columns to line up with */
    unsigned n_open;
    bool in_string;
} layout;

/* Copies one piece, keeping track of parentheses. */
static void lay_piece(layout *l, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        char c = l->text[i];
        if (l->in_string) {
            if (c == '\\' && i + 1 < to) {
                l->p->buffer[l->p->at++] = c;
                l->column++;
                c = l->text[++i];
            } else if (c == '"')
                l->in_string = false;
        } else if (c == '"') {
            l->in_string = true;
        } else if (c == '(' || c == '{') {
            if (l->n_open < OPEN_MAX)
                l->open[l->n_open] = l->column + (c == '{' ? 2 : 1);
            l->n_open++;
        } else if ((c == ')' || c == '}') && l->n_open > 0) {
            l->n_open--;
        }
        l->p->buffer[l->p->at++] = c;
        if (((unsigned char)c & 0xc0) != 0x80)
            l->column++;
    }
}

static void new_line(layout *l, size_t column)
{
    while (l->p->is_macro && l->column + 1 < IDL_PRINTER_COLUMNS) {
        l->p->buffer[l->p->at++] = ' ';
        l->column++;
    }
    if (l->p->is_macro)
        l->p->buffer[l->p->at++] = '\\';
    l->p->buffer[l->p->at++] = '\n';
    l->p->line = l->p->at;
    memset(l->p->buffer + l->p->at, ' ', column);
    l->p->at += column;
    l->column = column;
}

static size_t columns_of(const char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return n;
}

/* Where piece `i` ends: at the next break, or the line's end. */
static size_t piece_end(const layout *l, uint32_t i)
{
    return i < l->p->n_breaks ? l->p->breaks[i].offset : l->len;
}

/* Whether the piece behind break `i` starts a new line. */
static bool breaks_here(const layout *l, uint32_t i, size_t from, size_t to)
{
    const idl_printer *p = l->p;
    size_t room = IDL_PRINTER_COLUMNS - (p->is_macro ? 2 : 0);
    if (p->is_macro && i == 0)
        return true;
    if (!p->breaks[i].is_assignment)
        return l->column + 1 + columns_of(l->text + from, to - from) > room;
    size_t rest = columns_of(l->text + from, l->len - from);
    bool is_last = p->n_breaks == i + 1;
    return l->column + 1 + rest > room && (is_last || l->statement + 4 + rest <= room);
}

static void lay_pieces(layout *l)
{
    idl_printer *p = l->p;
    lay_piece(l, 0, piece_end(l, 0));
    for (uint32_t i = 0; i < p->n_breaks; i++) {
        size_t from = p->breaks[i].offset + 1;
        size_t to = piece_end(l, i + 1);
        size_t align = l->statement + 4u;
        if (l->n_open > 0 && l->n_open <= OPEN_MAX)
            align = l->open[l->n_open - 1];
        if (breaks_here(l, i, from, to)) {
            new_line(l, align);
        } else {
            p->buffer[p->at++] = ' ';
            l->column++;
        }
        lay_piece(l, from, to);
    }
}

void idl_printer_lay_out(idl_printer *p)
{
    size_t len = p->at - p->line;
    if (columns_of(p->buffer + p->line, len) <= IDL_PRINTER_COLUMNS)
        return;
    if (p->scratch_size < len + 1) {
        p->scratch_size = 2 * (len + 1);
        p->scratch = (char *)idl_arena_alloc(&p->arena, p->scratch_size);
    }
    char *copy = p->scratch;
    memcpy(copy, p->buffer + p->line, len);
    copy[len] = '\0';
    layout l = { .p = p, .text = copy, .len = len };
    while (l.statement < len && copy[l.statement] == ' ')
        l.statement++;
    size_t more = len + (size_t)p->n_breaks * (IDL_PRINTER_COLUMNS + 28) + 200;
    if (p->size - p->at < more)
        idl_printer_grow(p, more);
    p->at = p->line;
    lay_pieces(&l);
}
