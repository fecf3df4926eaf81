/* The scanner: bytes to tokens. It reports what is wrong with bytes and words, and nothing else.
 *
 * Trivia: every comment is recorded with its offsets; `///` lines that stand directly before a
 * token become that token's `doc`. White space is what lies between tokens and comments.
 *
 * Must not know: grammar. Read next: tokens.c, which filters what the parser gets to see.
 */
#ifndef IDL_FRONT_SCAN_H
#define IDL_FRONT_SCAN_H

#include "diag/diag.h"
#include "front/ast.h"

#define IDL_MAX_WORD_LEN 128u
#define IDL_MAX_PATH_LEN 512u

typedef struct idl_token {
    int kind; /* a TOK_ constant of grammar.h */
    uint32_t start;
    uint32_t end;
    bool is_first_on_line;
    const idl_ast_doc *doc; /* NULL: none */
    const char *word;       /* names, paths, keywords, annotations (without '@'); interned */
    idl_ast_value *value;   /* numbers and strings */
} idl_token;

typedef struct idl_scan {
    idl_sources *sources;
    idl_source *source;
    idl_diag *diag;
    void *flex;  /* yyscan_t */
    uint32_t at; /* offset behind the token being read */
    bool is_line_start;
    bool has_bad_bytes; /* reported once for the whole file */
    bool has_errors;
    uint32_t last_error_line; /* 0: none; the parser keeps quiet about this line */
    idl_ast_comment *comments;
    size_t n_comments;
    size_t comment_capacity;
    size_t first_doc; /* index of the first comment since the last token */
    char *string;     /* the string literal being decoded */
    size_t string_len;
    size_t string_capacity;
    bool string_is_bad;
} idl_scan;

/* False: out of memory inside flex. Checks the whole text for bytes that are not UTF-8 on the way.
 */
bool idl_scan_init(idl_scan *scan, idl_sources *sources, idl_source *source, idl_diag *diag);
void idl_scan_deinit(idl_scan *scan);

/* The next token; at the end TOK_END, again and again. */
void idl_scan_next(idl_scan *scan, idl_token *ret_token);

#endif
