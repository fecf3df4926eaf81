/*
 * Lines that are too long.
 *
 * The line is cut at its break marks into pieces. Pieces go out one after the other; one that would
 * pass column 100 starts a new line at the column behind the innermost parenthesis (or brace and
 * its space) that is open there. A break behind '=' is taken first, where all the rest then fits on its line.
 *
 * Where a piece is too long even so, the line is laid out again: the break behind '=' is taken anyway; then the
 * parenthesis is the last on its line and what it holds stands four columns further in. A function's head has one more way,
 * its type on a line of its own, and gets the cheapest by clang-format's reckoning.
 */
#include "emit/printer.h"

#include <string.h>

#define OPEN_MAX 32u

typedef enum layout_way {
    WAY_ALIGNED,
    WAY_ASSIGNED,
    WAY_TYPE_ALONE,
    WAY_HANGING,
    WAY_HANGING_ALONE
} layout_way;

typedef struct layout {
    idl_printer *p;
    layout_way way;
    size_t n_lines;   /* beyond the first */
    bool is_too_long; /* a line passed column 100 */
    bool has_turned;  /* the way's own break was taken */
    const char *text; /* the line as it was */
    size_t len;
    size_t column;         /* of the next character */
    unsigned statement;    /* column the statement begins at */
    size_t open[OPEN_MAX]; /* columns to line up with */
    unsigned n_open;
    size_t hang_at; /* where the parenthesis stands that may hang */
    bool in_string;
    bool is_ascii; /* every byte is a column */
} layout;

static void new_line(layout *l, size_t column);

static bool hangs(layout_way way)
{
    return way == WAY_HANGING || way == WAY_HANGING_ALONE;
}

/* The outermost parenthesis that holds the first break: of `((fn)user_fn)(self, call)` the last one. */
static size_t hanging_parenthesis(const layout *l)
{
    const idl_printer *p = l->p;
    uint32_t first = p->n_breaks > 0 && p->breaks[0].is_assignment ? 1 : 0;
    size_t end = first < p->n_breaks ? p->breaks[first].offset : l->len;
    size_t at = 0;
    unsigned depth = 0;
    for (size_t i = 0; i < end; i++) {
        if (l->text[i] == '(' && depth++ == 0)
            at = i;
        else if (l->text[i] == ')' && depth > 0)
            depth--;
    }
    return at;
}

/* That parenthesis was printed: what follows hangs below it. */
static void hang(layout *l)
{
    l->is_too_long = l->is_too_long || l->column > IDL_PRINTER_COLUMNS;
    new_line(l, l->statement + 4);
    l->open[0] = l->column;
    l->has_turned = true;
}

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
        if (hangs(l->way) && !l->has_turned && i == l->hang_at)
            hang(l);
    }
    l->is_too_long = l->is_too_long || l->column > IDL_PRINTER_COLUMNS;
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
    l->n_lines++;
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

/* The columns of a part of the line; counted only where they are not simply its bytes. */
static size_t columns_between(const layout *l, size_t from, size_t to)
{
    return l->is_ascii ? to - from : columns_of(l->text + from, to - from);
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
    if (p->is_macro && l->column + 1 + columns_between(l, from, l->len) <= IDL_PRINTER_COLUMNS)
        return false; /* the last line needs no room for a backslash */
    if (p->breaks[i].is_assignment && l->way == WAY_ASSIGNED)
        return true;
    if (!p->breaks[i].is_assignment)
        return l->column + 1 + columns_between(l, from, to) > room;
    size_t rest = columns_between(l, from, l->len);
    bool is_last = p->n_breaks == i + 1;
    return l->column + 1 + rest > room && (is_last || l->statement + 4 + rest <= room);
}

/* Where the name of a function begins that is declared or defined here, so that its type may stand alone. 0: none is. */
static size_t name_of_function(const layout *l)
{
    if (l->p->type_gap > 0)
        return l->p->type_gap + 1;
    const char *open = memchr(l->text, '(', l->len);
    if (l->statement > 0 || open == NULL || memchr(l->text, '=', l->len) != NULL ||
        strncmp(l->text, "typedef ", 8) == 0 || l->text[0] == '#' || l->text[0] == '{')
        return 0;
    const char *name = open;
    while (name > l->text && name[-1] != ' ' && name[-1] != '*')
        name--;
    return strncmp(l->text, "void ", 5) == 0 ? 0 : (size_t)(name - l->text);
}

static bool has_assignment(const idl_printer *p)
{
    for (uint32_t i = 0; i < p->n_breaks; i++)
        if (p->breaks[i].is_assignment)
            return true;
    return false;
}

static void lay_pieces(layout *l)
{
    idl_printer *p = l->p;
    bool is_alone = l->way == WAY_TYPE_ALONE || l->way == WAY_HANGING_ALONE;
    size_t name = is_alone ? name_of_function(l) : 0;
    if (name > 0) {
        lay_piece(l, 0, l->text[name - 1] == ' ' ? name - 1 : name);
        new_line(l, 0);
    }
    lay_piece(l, name, piece_end(l, 0));
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

/* Only calls, declarations and definitions hang: what else has a parenthesis first reads better as it is. */
static bool may_hang(const layout *l)
{
    static const char *const others[] = { "if (", "for (", "#define ", "{", "return", "\"" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strncmp(l->text + l->statement, others[i], strlen(others[i])) == 0)
            return false;
    return memchr(l->text, '(', l->len) != NULL;
}

typedef struct outcome {
    bool is_possible;
    bool is_too_long;
    size_t n_lines;
} outcome;

/* Lays the line out one way; `start` is where it begins. */
static outcome try_way(idl_printer *p, size_t start, size_t len, layout_way way)
{
    layout l = { .p = p, .way = way, .text = p->scratch, .len = len };
    l.is_ascii = p->scratch_columns == len;
    while (l.statement < len && l.text[l.statement] == ' ')
        l.statement++;
    l.hang_at = hangs(way) ? hanging_parenthesis(&l) : 0;
    if ((way == WAY_ASSIGNED && !has_assignment(p)) ||
        ((way == WAY_TYPE_ALONE || way == WAY_HANGING_ALONE) && name_of_function(&l) == 0) ||
        (hangs(way) && !may_hang(&l)))
        return (outcome){ .is_possible = false };
    p->at = start;
    p->line = start;
    lay_pieces(&l);
    return (outcome){ .is_possible = true, .is_too_long = l.is_too_long, .n_lines = l.n_lines };
}

/* What clang-format 14 charges for lines that parameters begin, and for a way itself, as far as it tells functions' heads
 * apart; found by comparing. A type that is a keyword or behind a macro stands alone less readily. */
#define PARAMETER_COST 25u

static size_t cost_of(const idl_printer *p, layout_way way)
{
    bool is_keyword =
        strncmp(p->scratch, "COAX_MUST_USE ", 14) == 0 || strncmp(p->scratch, "bool ", 5) == 0;
    bool is_alone = way == WAY_TYPE_ALONE || way == WAY_HANGING_ALONE;
    return (is_alone ? 60u : 0u) + (hangs(way) ? (is_keyword ? 80u : 100u) : 0u);
}

/* How many parameters begin a line, beyond the first line of them. */
static size_t parameter_lines(layout_way way, const outcome *one)
{
    bool is_alone = way == WAY_TYPE_ALONE || way == WAY_HANGING_ALONE;
    return one->n_lines - (hangs(way) ? 1u : 0u) - (is_alone ? 1u : 0u);
}

/* The same at least, from the head's length alone, so that what can't win is not tried. */
static size_t least_parameter_lines(const layout *l, layout_way way)
{
    size_t open = hanging_parenthesis(l);
    size_t name = name_of_function(l);
    size_t first = hangs(way) ? IDL_PRINTER_COLUMNS - 4 : IDL_PRINTER_COLUMNS;
    size_t align = hangs(way) ? 4 : open - name + 1;
    size_t rest = hangs(way) ? l->len - open - 1 : l->len - name;
    if (rest <= first || align >= IDL_PRINTER_COLUMNS)
        return 0;
    size_t room = IDL_PRINTER_COLUMNS - align;
    return (rest - first + room - 1) / room;
}

/* A function's head: the cheapest way in which nothing is too long. */
static void lay_out_head(idl_printer *p, const layout *head)
{
    static const layout_way ways[] = { WAY_TYPE_ALONE, WAY_HANGING, WAY_HANGING_ALONE };
    size_t start = p->line;
    outcome aligned = try_way(p, start, head->len, WAY_ALIGNED);
    layout_way best = aligned.is_too_long ? WAY_HANGING_ALONE : WAY_ALIGNED;
    layout_way last = WAY_ALIGNED;
    size_t best_cost = aligned.is_too_long ? SIZE_MAX : aligned.n_lines * PARAMETER_COST;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        size_t own = cost_of(p, ways[i]);
        if (own >= best_cost ||
            own + least_parameter_lines(head, ways[i]) * PARAMETER_COST >= best_cost)
            continue;
        outcome one = try_way(p, start, head->len, ways[i]);
        last = ways[i];
        if (!one.is_possible)
            continue;
        size_t cost = own + parameter_lines(ways[i], &one) * PARAMETER_COST;
        if (one.is_too_long || cost >= best_cost)
            continue;
        best = ways[i];
        best_cost = cost;
    }
    if (last != best)
        (void)try_way(p, start, head->len, best);
}

/* The first way in which nothing is too long; a break behind '=', and hanging then, also where it saves a line. */
static void lay_out(idl_printer *p, size_t len)
{
    size_t start = p->line;
    outcome aligned = try_way(p, start, len, WAY_ALIGNED);
    outcome assigned = try_way(p, start, len, WAY_ASSIGNED);
    if (assigned.is_possible && !assigned.is_too_long &&
        (aligned.is_too_long || assigned.n_lines < aligned.n_lines))
        return;
    if (!aligned.is_too_long && !assigned.is_possible)
        return; /* what was tried last stands there */
    if (!aligned.is_too_long && aligned.n_lines < 2) {
        (void)try_way(p, start, len, WAY_ALIGNED);
        return;
    }
    outcome hanging = try_way(p, start, len, WAY_HANGING);
    if (hanging.is_possible && !hanging.is_too_long &&
        (aligned.is_too_long || hanging.n_lines < aligned.n_lines))
        return;
    if (!aligned.is_too_long)
        (void)try_way(p, start, len, WAY_ALIGNED);
}

void idl_printer_lay_out(idl_printer *p)
{
    size_t len = p->at - p->line;
    p->scratch_columns = columns_of(p->buffer + p->line, len);
    if (p->scratch_columns <= IDL_PRINTER_COLUMNS)
        return;
    if (p->scratch_size < len + 1) {
        p->scratch_size = 2 * (len + 1);
        p->scratch = (char *)idl_arena_alloc(&p->arena, p->scratch_size);
    }
    memcpy(p->scratch, p->buffer + p->line, len);
    p->scratch[len] = '\0';
    size_t more = len + (size_t)p->n_breaks * (IDL_PRINTER_COLUMNS + 28) + 400;
    if (p->size - p->at < more)
        idl_printer_grow(p, more);
    layout l = { .p = p, .text = p->scratch, .len = len };
    while (l.statement < len && l.text[l.statement] == ' ')
        l.statement++;
    if (name_of_function(&l) > 0)
        lay_out_head(p, &l);
    else
        lay_out(p, len);
}
