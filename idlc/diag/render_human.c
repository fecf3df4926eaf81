/* For people: message, place, the line it is in with a caret under it, notes, help.
 *
 *     error[E0102]: ';' is missing behind 'x'
 *       --> bank.idl:3:13
 *        |
 *      3 |     1: u32 x
 *        |             ^
 *
 * Tabs are shown as spaces and characters counted by their width, so that the caret stands where it
 * should. Long lines are shown around the caret.
 */
#include "diag/render.h"

#include "front/utf8.h"

#include <string.h>

#define TAB_WIDTH 4u
#define MAX_COLUMNS 120u

typedef enum style { STYLE_PLAIN, STYLE_ERROR, STYLE_WARNING, STYLE_NOTE, STYLE_FRAME } style;

typedef struct painter {
    idl_diag *diag;
    FILE *out;
    bool use_color;
    int gutter; /* digits of the largest line number shown */
} painter;

static const char *const codes[] = {
    [STYLE_PLAIN] = "\x1b[0m",   [STYLE_ERROR] = "\x1b[1;31m", [STYLE_WARNING] = "\x1b[1;35m",
    [STYLE_NOTE] = "\x1b[1;36m", [STYLE_FRAME] = "\x1b[34m",
};

static void paint(const painter *p, style s, const char *text)
{
    if (p->use_color)
        fprintf(p->out, "%s%s%s", codes[s], text, codes[STYLE_PLAIN]);
    else
        fputs(text, p->out);
}

/* One character of a source line as it is shown. */
typedef struct glyph {
    size_t n_bytes;   /* it takes in the file */
    unsigned columns; /* it takes on the screen */
    const char *text; /* shown instead; NULL: as it is */
} glyph;

static glyph glyph_at(const char *text, size_t len, unsigned column)
{
    if (text[0] == '\t')
        return (glyph){ .n_bytes = 1,
                        .columns = TAB_WIDTH - column % TAB_WIDTH,
                        .text = &"    "[column % TAB_WIDTH] };
    size_t n_bytes = idl_utf8_length(text, len);
    unsigned char first = (unsigned char)text[0];
    /* Bytes that are no text, and those a terminal would obey, are shown as a replacement. */
    if (n_bytes == 0 || first < 0x20 || first == 0x7f)
        return (glyph){ .n_bytes = 1, .columns = 1, .text = "\xEF\xBF\xBD" };
    if (n_bytes == 2 && first == 0xC2 && (unsigned char)text[1] < 0xA0)
        return (glyph){ .n_bytes = 2, .columns = 1, .text = "\xEF\xBF\xBD" };
    return (glyph){ .n_bytes = n_bytes, .columns = idl_utf8_width(text, len), .text = NULL };
}

/* The screen column of a byte offset in a line. */
static unsigned column_of(const char *line, size_t len, size_t offset)
{
    unsigned column = 0;
    for (size_t at = 0; at < len && at < offset;) {
        glyph g = glyph_at(line + at, len - at, column);
        column += g.columns;
        at += g.n_bytes;
    }
    return column;
}

/* Prints the columns [from, from + MAX_COLUMNS) of a line. */
static void print_window(const painter *p, const char *line, size_t len, unsigned from)
{
    unsigned column = 0;
    if (from > 0)
        fputs("...", p->out);
    for (size_t at = 0; at < len;) {
        glyph g = glyph_at(line + at, len - at, column);
        if (column >= from && g.text != NULL)
            fputs(g.text, p->out);
        else if (column >= from)
            fwrite(line + at, 1, g.n_bytes, p->out);
        column += g.columns;
        at += g.n_bytes;
        if (column >= from + MAX_COLUMNS && at < len) {
            fputs("...", p->out);
            break;
        }
    }
}

static void print_carets(const painter *p, style s, unsigned indent, unsigned width,
                         const char *label)
{
    fprintf(p->out, "%*s", (int)indent, "");
    char carets[MAX_COLUMNS + 1];
    unsigned n = width < 1 ? 1 : width > MAX_COLUMNS ? MAX_COLUMNS : width;
    memset(carets, '^', n);
    carets[n] = '\0';
    paint(p, s, carets);
    if (label != NULL) {
        fputc(' ', p->out);
        paint(p, s, label);
    }
    fputc('\n', p->out);
}

static void print_frame(const painter *p, uint32_t line)
{
    char gutter[32];
    if (line != 0)
        snprintf(gutter, sizeof gutter, " %*u | ", p->gutter, line);
    else
        snprintf(gutter, sizeof gutter, " %*s |", p->gutter, "");
    paint(p, STYLE_FRAME, gutter);
}

static void print_excerpt(const painter *p, style s, idl_source *source, idl_span span,
                          const char *label)
{
    idl_place place = idl_source_locate(p->diag->sources, source, span.start);
    uint32_t len;
    const char *line = idl_source_line(p->diag->sources, source, place.line, &len);
    size_t start = (size_t)(idl_source_text(source, span) - line);
    size_t end = start + (span.end - span.start); /* column_of stops at the end of the line */
    unsigned first = column_of(line, len, start);
    unsigned last = column_of(line, len, end);
    unsigned from = first > MAX_COLUMNS - 20 ? first - 40 : 0;
    unsigned shown_last = last > from + MAX_COLUMNS ? from + MAX_COLUMNS : last;
    print_frame(p, 0);
    fputc('\n', p->out);
    print_frame(p, place.line);
    print_window(p, line, len, from);
    fputc('\n', p->out);
    print_frame(p, 0);
    fputc(' ', p->out);
    print_carets(p, s, first - from + (from > 0 ? 3 : 0),
                 shown_last > first ? shown_last - first : 1, label);
}

static void print_place(const painter *p, style s, idl_span span, const char *label)
{
    idl_source *source = idl_source_of(p->diag->sources, span);
    if (source == NULL)
        return;
    idl_place place = idl_source_locate(p->diag->sources, source, span.start);
    fprintf(p->out, " %*s", p->gutter - 1, "");
    paint(p, STYLE_FRAME, "--> ");
    fprintf(p->out, "%s:%u:%u\n", source->path, place.line, place.column);
    print_excerpt(p, s, source, span, label);
}

static int gutter_for(idl_diag *diag, idl_span span)
{
    idl_source *source = idl_source_of(diag->sources, span);
    if (source == NULL)
        return 1;
    uint32_t line = idl_source_locate(diag->sources, source, span.start).line;
    int digits = 1;
    for (; line >= 10; line /= 10)
        digits++;
    return digits;
}

static void measure_gutter(painter *p, const idl_report *report)
{
    p->gutter = gutter_for(p->diag, report->span);
    for (const idl_diag_note *note = report->notes; note != NULL; note = note->next) {
        int digits = gutter_for(p->diag, note->span);
        p->gutter = digits > p->gutter ? digits : p->gutter;
    }
}

static void print_report(painter *p, const idl_report *report)
{
    bool is_error = report->severity == IDL_SEVERITY_ERROR;
    style s = is_error ? STYLE_ERROR : STYLE_WARNING;
    char head[32];
    snprintf(head, sizeof head, "%s[%s]", is_error ? "error" : "warning",
             idl_diag_info_of(report->id)->id);
    if (idl_span_is_none(report->span))
        fputs("idlc: ", p->out);
    paint(p, s, head);
    fprintf(p->out, ": %s\n", report->message);
    measure_gutter(p, report);
    print_place(p, s, report->span, report->label);
    for (const idl_diag_note *note = report->notes; note != NULL; note = note->next) {
        paint(p, STYLE_NOTE, "note");
        fprintf(p->out, ": %s\n", note->message);
        print_place(p, STYLE_NOTE, note->span, NULL);
    }
    if (report->help != NULL) {
        paint(p, STYLE_NOTE, "help");
        fprintf(p->out, ": %s\n", report->help);
    }
}

void idl_render_human(idl_diag *diag, bool use_color, FILE *out)
{
    painter p = { .diag = diag, .out = out, .use_color = use_color, .gutter = 1 };
    bool has_places = false;
    for (size_t i = 0; i < diag->count; i++) {
        print_report(&p, diag->reports[i]);
        has_places = has_places || !idl_span_is_none(diag->reports[i]->span);
        if (has_places)
            fputc('\n', out);
    }
    const char *summary = idl_render_summary(diag);
    if (summary != NULL && has_places)
        fprintf(out, "%s; 'idlc explain %s' tells more\n", summary,
                idl_diag_info_of(diag->reports[0]->id)->id);
}
