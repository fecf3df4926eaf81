/*
 * The one printer of all emitters: templates in, formatted text out.
 *
 *     idl_set(p, "name", "label");
 *     idl_print(p, "    coax_write_str_field(out,~$id$,~value->$name$);\n");
 *
 * In a template `$name$` is what was set, `~` is a space where a line may break when it passes 100
 * columns (then everything after it lines up behind the innermost open parenthesis, as clang-format
 * does it), and
 * '\f' is a space behind a function's type, where the type may stand alone,
 * '\v' behind a parenthesis prints nothing and says that the line may hang there, and '^' is a space behind '=', taken where all that follows then fits on a line four columns further in. Text that is set goes
 * out as it is. Each line is indented by idl_indent; lines never end in spaces, and never two of
 * them are empty in a row.
 *
 * Output leaves through a sink in chunks of whole lines, so memory does not grow with the text.
 *
 * Must not know: schemas. Read next: outfile.h (where it goes), emit.h.
 */
#ifndef IDL_EMIT_PRINTER_H
#define IDL_EMIT_PRINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "front/arena.h"

#define IDL_PRINTER_COLUMNS 100u
#define IDL_PRINTER_VARS 256u   /* slots of a hash table; at most half are used */
#define IDL_PRINTER_BREAKS 640u /* a struct has at most 256 fields, each with a flag */
#define IDL_PRINTER_TEMPLATES 512u

typedef struct idl_printer idl_printer;
typedef struct idl_template idl_template;

/* Takes `len` bytes of finished lines. */
typedef void (*idl_sink_fn)(void *self, const char *data, size_t len);

typedef struct idl_printer_var {
    const char *key; /* NULL: a free slot */
    size_t key_len;
    const char *value; /* borrowed, or `digits` */
    size_t value_len;
    char digits[24];
} idl_printer_var;

struct idl_printer {
    idl_sink_fn sink;
    void *sink_self;
    idl_arena arena; /* holds the buffer: running out of memory is answered there */
    char *buffer;
    size_t size;
    char *scratch; /* a line being laid out again */
    size_t scratch_size;
    size_t scratch_columns; /* of that line, on one line */
    size_t at;              /* next byte */
    size_t line;            /* where the current line begins */
    unsigned indent;        /* columns */
    unsigned n_empty;       /* empty lines at the end of what was printed */
    size_t n_lines;         /* finished ones */
    bool may_hang;          /* the current line has a '\v' */
    size_t type_gap;        /* where the current line has a '\f', 0: nowhere */
    bool is_macro;     /* the current line is a #define, whose first break parts name and body */
    bool is_case;      /* between begin and end of a case: nothing is handed over */
    size_t case_line;  /* where its label begins */
    size_t case_body;  /* and what follows */
    uint32_t n_breaks; /* in the current line */
    struct {
        uint32_t offset; /* of the space, from the line's start */
        bool is_assignment;
    } breaks[IDL_PRINTER_BREAKS];
    idl_printer_var vars[IDL_PRINTER_VARS];
    size_t n_vars;
    struct { /* where a literal's variable was found last, by its address */
        const char *key;
        idl_printer_var *var;
    } recent[IDL_PRINTER_VARS];
    idl_template *templates[IDL_PRINTER_TEMPLATES]; /* parsed ones, by address */
};

void idl_printer_init(idl_printer *p, idl_sink_fn sink, void *sink_self);

/* Hands over what is left and frees the buffer. */
void idl_printer_finish(idl_printer *p);

/* Columns to indent the following lines by. */
void idl_indent(idl_printer *p, int columns);

/* Sets a variable until it is set again; `value` is borrowed that long. Any number of prints may use it. Inline, because then
 * the length of a literal key is known. */
void idl_set_counted(idl_printer *p, const char *key, size_t key_len, const char *value);
void idl_set_number_counted(idl_printer *p, const char *key, size_t key_len, uint64_t value);

static inline void idl_set(idl_printer *p, const char *key, const char *value)
{
    idl_set_counted(p, key, strlen(key), value);
}

static inline void idl_set_number(idl_printer *p, const char *key, uint64_t value)
{
    idl_set_number_counted(p, key, strlen(key), value);
}

/* Prints a template, which is a literal: it is parsed once, and known by its address from then on. A variable that was
 * never set is a bug of the emitter: an assert. */
void idl_print(idl_printer *p, const char *text);

/* The same for a template that was put together. */
void idl_print_made(idl_printer *p, const char *text);

/* A label of a switch, what follows it (indented), and its break, all on one line where that is a single statement that
 * fits, as clang-format does it. `label` is a template without its newline. */
void idl_begin_case(idl_printer *p, const char *label);
void idl_end_case(idl_printer *p);

/* Begins a line that is a #define: where it breaks, it goes on behind a backslash, as clang-format does it. */
void idl_begin_macro(idl_printer *p);

/* Prints text as it is, breaks and variables not looked for. It may hold newlines. */
void idl_print_raw(idl_printer *p, const char *text, size_t len);

static inline void idl_print_text(idl_printer *p, const char *text)
{
    idl_print_raw(p, text, strlen(text));
}

/* An empty line, unless the last one is empty or nothing was printed yet. */
void idl_blank(idl_printer *p);

/* Inside the printer: room for more, and the current line broken at its marks. */
void idl_printer_grow(idl_printer *p, size_t more);
void idl_printer_lay_out(idl_printer *p);

/* The column the next character lands on. */
size_t idl_column(const idl_printer *p);

/* A C string literal with its quotes: octal escapes for what is not printable, no trigraphs. NULL
 * prints NULL. At most IDL_LITERAL_MAX bytes of it (C99's limit for string literals), then "...".
 */
#define IDL_LITERAL_MAX 4000u
void idl_print_literal(idl_printer *p, const char *text);
void idl_print_bytes_literal(idl_printer *p, const char *text, size_t len);

/* A doc comment, on one line if it fits. `doc` has its lines joined by '\n'; it is wrapped at 100
 * columns and what would end the comment is taken apart. Prints nothing when there are no words. */
void idl_print_doc(idl_printer *p, const char *doc);

#endif
