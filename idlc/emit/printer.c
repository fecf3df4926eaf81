/*
 * Templates, variables, and lines that break where they are allowed to. See printer.h; layout of
 * lines that are too long is at the end of this file, comments and literals are in printer_text.c.
 */
#include "emit/printer.h"

#include <assert.h>
#include <string.h>

#define CHUNK (64u * 1024u) /* the kernel takes text much faster in few large pieces */
#define BEYOND_CHUNK (32u * 1024u)
#define PADDING 32u /* bytes behind a template's text */

void idl_printer_init(idl_printer *p, idl_sink_fn sink, void *sink_self)
{
    memset(p, 0, sizeof *p);
    p->sink = sink;
    p->sink_self = sink_self;
    idl_arena_init(&p->arena);
    p->size = CHUNK + BEYOND_CHUNK;
    p->buffer = (char *)idl_arena_take(&p->arena, p->size);
}

static void hand_over(idl_printer *p)
{
    if (p->line == 0)
        return;
    p->sink(p->sink_self, p->buffer, p->line);
    memmove(p->buffer, p->buffer + p->line, p->at - p->line);
    p->at -= p->line;
    p->line = 0;
}

void idl_printer_finish(idl_printer *p)
{
    assert(p->at == p->line);
    hand_over(p);
    idl_arena_deinit(&p->arena);
    p->buffer = NULL;
}

/* Only one line can be longer than a chunk, so growing is rare. */
void idl_printer_grow(idl_printer *p, size_t more)
{
    size_t size = p->size;
    while (size - p->at < more)
        size *= 2;
    char *bigger = (char *)idl_arena_alloc(&p->arena, size);
    memcpy(bigger, p->buffer, p->at);
    p->buffer = bigger;
    p->size = size;
}

static inline void reserve(idl_printer *p, size_t more)
{
    if (p->size - p->at < more)
        idl_printer_grow(p, more);
}

void idl_indent(idl_printer *p, int columns)
{
    p->indent = (unsigned)((int)p->indent + columns);
}

size_t idl_column(const idl_printer *p)
{
    return p->at == p->line ? p->indent : p->at - p->line;
}

/* The slot of a key, or the free one where it would be. Keys are few and short: their ends tell them apart. */
static idl_printer_var *find_var(idl_printer *p, const char *key, size_t len)
{
    size_t hash = len * 7 + (unsigned char)key[0] * 31u + (unsigned char)key[len - 1] * 5u +
                  (unsigned char)key[len / 2];
    for (size_t i = hash % IDL_PRINTER_VARS;; i = (i + 1) % IDL_PRINTER_VARS) {
        idl_printer_var *var = &p->vars[i];
        if (var->key == NULL || (var->key_len == len && memcmp(var->key, key, len) == 0))
            return var;
    }
}

static idl_printer_var *add_var(idl_printer *p, const char *key, size_t len)
{
    idl_printer_var *var = find_var(p, key, len);
    if (var->key == NULL) {
        assert(p->n_vars < IDL_PRINTER_VARS / 2);
        p->n_vars++;
        var->key = key;
        var->key_len = len;
    }
    return var;
}

static idl_printer_var *make_var(idl_printer *p, const char *key, size_t len)
{
    size_t at = ((uintptr_t)key ^ (uintptr_t)key >> 8) % IDL_PRINTER_VARS;
    if (p->recent[at].key != key) {
        p->recent[at].key = key;
        p->recent[at].var = add_var(p, key, len);
    }
    return p->recent[at].var;
}

void idl_set_counted(idl_printer *p, const char *key, size_t key_len, const char *value)
{
    idl_printer_var *var = make_var(p, key, key_len);
    var->value = value;
    var->value_len = strlen(value);
}

void idl_set_number_counted(idl_printer *p, const char *key, size_t key_len, uint64_t value)
{
    idl_printer_var *var = make_var(p, key, key_len);
    char *at = var->digits + sizeof var->digits;
    do {
        *--at = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    var->value = at;
    var->value_len = (size_t)(var->digits + sizeof var->digits - at);
}

static void end_line(idl_printer *p)
{
    if (p->at - p->line > IDL_PRINTER_COLUMNS && (p->n_breaks > 0 || p->may_hang))
        idl_printer_lay_out(p);
    p->n_breaks = 0;
    p->is_macro = false;
    p->may_hang = false;
    p->type_gap = 0;
    p->n_empty = p->at == p->line ? p->n_empty + 1 : 0;
    reserve(p, 1);
    p->buffer[p->at++] = '\n';
    p->line = p->at;
    p->n_lines++;
    if (p->at >= CHUNK && !p->is_case)
        hand_over(p);
}

/* memcpy for what is mostly a few bytes long: two overlapping moves instead of a call. */
static inline void copy_short(char *to, const char *from, size_t len)
{
    if (len > 16) {
        memcpy(to, from, len);
    } else if (len >= 8) {
        memcpy(to, from, 8);
        memcpy(to + len - 8, from + len - 8, 8);
    } else if (len >= 4) {
        memcpy(to, from, 4);
        memcpy(to + len - 4, from + len - 4, 4);
    } else if (len > 0) {
        to[0] = from[0];
        to[len / 2] = from[len / 2];
        to[len - 1] = from[len - 1];
    }
}

/* Where the next character goes; the line is indented first if this is its start. There has to be room. */
static inline char *begin_text(idl_printer *p)
{
    char *at = p->buffer + p->at;
    if (p->at != p->line)
        return at;
    for (unsigned i = 0; i < p->indent; i++)
        at[i] = ' ';
    return at + p->indent;
}

/* Adds to the current line. */
static inline void add(idl_printer *p, const char *text, size_t len)
{
    if (len == 0)
        return;
    reserve(p, len + p->indent);
    char *at = begin_text(p);
    copy_short(at, text, len);
    p->at = (size_t)(at - p->buffer) + len;
}

/* The same for text that may be read, and written, up to PADDING bytes beyond its end: whole moves of a fixed size. */
static inline void add_padded(idl_printer *p, const char *text, size_t len)
{
    if (len == 0)
        return;
    reserve(p, len + p->indent + PADDING);
    char *at = begin_text(p);
    memcpy(at, text, PADDING);
    if (len > PADDING)
        memcpy(at + PADDING, text + PADDING, len - PADDING);
    p->at = (size_t)(at - p->buffer) + len;
}

static inline void add_break(idl_printer *p, bool is_assignment)
{
    if (p->n_breaks < IDL_PRINTER_BREAKS) {
        p->breaks[p->n_breaks].offset = (uint32_t)(p->at - p->line);
        p->breaks[p->n_breaks].is_assignment = is_assignment;
        p->n_breaks++;
    }
    add(p, " ", 1);
}

void idl_print_raw(idl_printer *p, const char *text, size_t len)
{
    const char *end = text + len;
    while (text < end) {
        const char *newline = (const char *)memchr(text, '\n', (size_t)(end - text));
        add(p, text, (size_t)((newline != NULL ? newline : end) - text));
        if (newline == NULL)
            return;
        end_line(p);
        text = newline + 1;
    }
}

/*
 * Templates. A parsed one is a row of parts, each a run of text and what follows it.
 */

typedef struct template_part {
    const char *text;
    size_t len;
    char stop;                  /* what ends the text: '$', '\n', '~', '^', '\v', '\f' or NUL */
    const idl_printer_var *var; /* '$' */
} template_part;

struct idl_template {
    idl_template *next; /* in the same slot */
    const char *source;
    size_t n_parts;
    template_part parts[];
};

static bool is_special(char c)
{
    return c == '$' || c == '\n' || c == '~' || c == '^' || c == '\v' || c == '\f' || c == '\0';
}

/* Reads one part; returns what is behind it, NULL at the end. */
static const char *read_part(idl_printer *p, const char *text, template_part *ret)
{
    const char *stop = text;
    while (!is_special(*stop))
        stop++;
    *ret = (template_part){ .text = text, .len = (size_t)(stop - text), .stop = *stop };
    if (*stop == '\0')
        return NULL;
    if (*stop != '$')
        return stop + 1;
    size_t len = 1;
    while (stop[1 + len] != '$')
        len++;
    ret->var = add_var(p, stop + 1, len);
    return stop + 1 + len + 1;
}

/* What follows the text of a part. */
static inline void print_stop(idl_printer *p, const template_part *part)
{
    switch (part->stop) {
    case '$':
        assert(part->var->value != NULL);
        add(p, part->var->value, part->var->value_len);
        break;
    case '\n': end_line(p); break;
    case '~': add_break(p, false); break;
    case '^': add_break(p, true); break;
    case '\v': p->may_hang = true; break;
    case '\f':
        p->type_gap = p->at - p->line;
        add(p, " ", 1);
        break;
    default: break;
    }
}

static idl_template *parse_template(idl_printer *p, const char *text)
{
    size_t most = 1;
    for (const char *c = text; *c != '\0'; c++)
        most += is_special(*c);
    idl_template *parsed =
        (idl_template *)idl_arena_alloc(&p->arena, sizeof *parsed + most * sizeof parsed->parts[0]);
    parsed->source = text;
    size_t len = strlen(text);
    char *copy = (char *)idl_arena_alloc(&p->arena, len + 1 + PADDING);
    memcpy(copy, text, len);
    for (const char *at = copy; at != NULL;)
        at = read_part(p, at, &parsed->parts[parsed->n_parts++]);
    return parsed;
}

void idl_print(idl_printer *p, const char *text)
{
    size_t slot = ((uintptr_t)text ^ (uintptr_t)text >> 9) % IDL_PRINTER_TEMPLATES;
    idl_template *parsed = p->templates[slot];
    while (parsed != NULL && parsed->source != text)
        parsed = parsed->next;
    if (parsed == NULL) {
        parsed = parse_template(p, text);
        parsed->next = p->templates[slot];
        p->templates[slot] = parsed;
    }
    const template_part *end = parsed->parts + parsed->n_parts;
    for (const template_part *part = parsed->parts; part < end; part++) {
        add_padded(p, part->text, part->len);
        print_stop(p, part);
    }
}

void idl_print_made(idl_printer *p, const char *text)
{
    template_part part;
    while (text != NULL) {
        text = read_part(p, text, &part);
        add(p, part.text, part.len);
        print_stop(p, &part);
    }
}

void idl_begin_case(idl_printer *p, const char *label)
{
    assert(!p->is_case && p->at == p->line);
    p->is_case = true;
    p->case_line = p->at;
    idl_print(p, label);
    idl_print(p, "\n");
    p->case_body = p->at;
    idl_indent(p, 4);
}

/* The one statement behind the label, without its line's end; NULL when it can't share the label's line. */
static const char *only_statement(const idl_printer *p, size_t *ret_len)
{
    static const char *const blocks[] = { "if (", "for (", "switch (" };
    const char *body = p->buffer + p->case_body;
    size_t len = p->at - p->case_body;
    *ret_len = 0;
    if (len == 0)
        return "";
    if (memchr(body, '\n', len) != body + len - 1)
        return NULL;
    body += p->indent;
    len -= p->indent + 1;
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        if (strncmp(body, blocks[i], strlen(blocks[i])) == 0)
            return NULL;
    *ret_len = len;
    return body;
}

void idl_end_case(idl_printer *p)
{
    size_t len = 0;
    const char *statement = only_statement(p, &len);
    size_t label_len = p->case_body - 1 - p->case_line;
    size_t width = label_len + (len > 0 ? 1 : 0) + len + strlen(" break;");
    if (statement == NULL || width > IDL_PRINTER_COLUMNS) {
        idl_print(p, "break;\n");
    } else {
        char *at = p->buffer + p->case_body - 1; /* the newline behind the label */
        if (len > 0) {
            *at++ = ' ';
            memmove(at, statement, len);
            at += len;
        }
        p->at = (size_t)(at - p->buffer);
        p->line = p->case_line;
        p->n_lines -= len > 0 ? 2 : 1;
        idl_print_raw(p, " break;\n", 8);
    }
    p->is_case = false;
    idl_indent(p, -4);
}

void idl_begin_macro(idl_printer *p)
{
    p->is_macro = true;
}

void idl_blank(idl_printer *p)
{
    if (p->n_empty == 0 && p->n_lines > 0)
        end_line(p);
}
