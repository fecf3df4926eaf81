/* The parser's state, private to front/: what grammar.y, build.c, tokens.c and syntax_error.c
 * share.
 *
 * Declarations and members are put into the tree as soon as their name is known, poisoned, and
 * healed when their end is reached. So whatever breaks in between, the name is known to later
 * passes.
 *
 * Read next: grammar.y, then tokens.c for how the parser recovers.
 */
#ifndef IDL_FRONT_PARSER_H
#define IDL_FRONT_PARSER_H

#include "diag/diag.h"
#include "front/ast.h"
#include "front/scan.h"

/* How many tokens can be looked at around the current one. */
#define IDL_TOKEN_RING 16u
#define IDL_TOKEN_LOOKAHEAD 4u

/* What the token filter does when the parser throws away the token it could not use. */
typedef enum idl_recovery {
    IDL_RECOVER_NOTHING,
    IDL_RECOVER_PAREN,  /* skip to the ',' or ')' of this list */
    IDL_RECOVER_HEAD,   /* skip to the '{' of this declaration */
    IDL_RECOVER_MEMBER, /* skip behind this member's ';' */
    IDL_RECOVER_DECL,   /* skip behind this declaration */
} idl_recovery;

typedef struct idl_depth {
    uint32_t braces;
    uint32_t parens;
    uint32_t nested; /* all brackets that are open */
} idl_depth;

/* What is remembered of a token that is no longer in hand. */
typedef struct idl_token_mark {
    int kind;
    uint32_t start;
    uint32_t end;
} idl_token_mark;

/* A doc comment that waits for its declaration. */
typedef struct idl_pending_doc {
    const idl_ast_doc *doc;
    uint32_t token_start; /* position of the token it stands before */
    bool is_taken;
} idl_pending_doc;

/* A field without a number: which one to propose is known when all fields have been read. */
typedef struct idl_unnumbered {
    struct idl_unnumbered *next;
    idl_report *report;
    idl_ast_fields *fields; /* it is one of these */
    idl_span before;        /* where the number belongs */
} idl_unnumbered;

typedef struct idl_parser {
    idl_sources *sources;
    idl_source *source;
    idl_diag *diag;
    idl_arena *arena;
    idl_ast_file *file;
    idl_scan scan;

    /* tokens.c: tokens [first, end) of the file are in the ring; `next` is handed out next. */
    idl_token ring[IDL_TOKEN_RING];
    size_t next;
    size_t end;
    int injected[4]; /* kinds that come before `next`, the next one last */
    size_t n_injected;
    bool previous_was_injected;
    const idl_token *previous; /* handed out last: in the ring, or `made` */
    idl_token made[2];         /* tokens that were put in, taking turns */
    idl_token_mark before;     /* the token handed out before that */
    idl_depth depth;           /* behind `previous` */
    idl_depth depth_before;    /* in front of it */
    bool is_stopped;           /* hand out the end from now on */
    idl_recovery recovery;
    size_t
        last_resync; /* index of the token recovery last resumed at, so that it always moves on */
    uint32_t last_error_at; /* start of the token the parser last choked on */
    int substitute;         /* a keyword the misspelt token stands for, 0: none */

    /* build.c: what is being built. */
    idl_ast_decl *decl;
    idl_span open_brace;
    bool is_in_head; /* between a block declaration's name and its '{' */
    bool head_is_broken;
    idl_ast_method *method;
    idl_ast_ref **throws_end;
    bool has_broken_arg; /* in the annotation being read */
    idl_ast_import **imports_end;
    bool after_throws;          /* a ',' now continues the list */
    idl_ast_payload *payload;   /* NULL: fields go to the declaration */
    idl_unnumbered *unnumbered; /* newest first */
    idl_pending_doc *docs;
    size_t n_docs;
    size_t doc_capacity;
} idl_parser;

/* tokens.c ---- */

/* What the parser gets to see next. */
const idl_token *idl_tokens_next(idl_parser *p);

/* The parser put in what was missing and goes on with the same token: don't skip anything. */
void idl_tokens_inserted(idl_parser *p);

/* Is the token in hand the first of a member or declaration? */
bool idl_tokens_at_start(const idl_parser *p);

/* The token `ahead` places behind the one in hand; 0 < ahead < IDL_TOKEN_LOOKAHEAD. */
const idl_token *idl_tokens_peek(idl_parser *p, size_t ahead);

bool idl_tokens_is_word(const idl_token *token);

/* The place right behind the token before the one in hand, where something is missing. */
idl_span idl_tokens_gap(const idl_parser *p);

idl_span idl_tokens_span(const idl_parser *p, const idl_token *token);

/* resync.c ---- */

/* Skips as `p->recovery` says, and injects what lets the parser go on. */
void idl_resync(idl_parser *p);

/* Does the declaration or member at token `index` of the file begin a line, and certainly begin? */
bool idl_resync_starts_decl(idl_parser *p, size_t index);

/* Token `index`, read if need be; at most IDL_TOKEN_LOOKAHEAD past `p->next`. */
const idl_token *idl_tokens_at(idl_parser *p, size_t index);

/* A token that is not in the ring; good until two more are made. */
const idl_token *idl_tokens_make(idl_parser *p, int kind, uint32_t start, uint32_t end);

/* Kinds to hand out before `p->next`; the last injected comes first. */
void idl_tokens_inject(idl_parser *p, int kind);

/* syntax_error.c ---- */

/* Words a syntax error and chooses how to go on. `expected` are token kinds. */
void idl_syntax_error(idl_parser *p, const int *expected, size_t n_expected);

/* A report of the grammar's, unless this line has one already. */
idl_report *idl_syntax_report(idl_parser *p, idl_diag_id id, idl_span span, const char *format, ...)
    IDL_PRINTF(4, 5);

/* How a token is called in messages: "';'", "a name", "'struct'". */
const char *idl_token_kind_text(int kind);

#endif
