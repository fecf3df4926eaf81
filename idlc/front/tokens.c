/* The filter between scanner and parser: look-ahead, and what can be said of tokens without a
 * grammar.
 *
 * It finds missing and stray braces (the parser alone would notice them much too late), decides
 * whether `stream` is a word or a keyword, holds the nesting limit, and carries out the recovery
 * the parser asks for.
 *
 * Must not know: the tree. Read next: resync.c, syntax_error.c.
 */
#include "front/parser.h"
#include "grammar.h"

idl_span idl_tokens_span(const idl_parser *p, const idl_token *token)
{
    return (idl_span){ .start = p->source->base + token->start,
                       .end = p->source->base + token->end };
}

idl_span idl_tokens_gap(const idl_parser *p)
{
    uint32_t end = p->source->base + p->before.end;
    return (idl_span){ .start = end, .end = end };
}

/* The same in front of a token that was not handed out yet. */
static idl_span gap_ahead(const idl_parser *p)
{
    uint32_t end = p->source->base + p->previous->end;
    return (idl_span){ .start = end, .end = end };
}

bool idl_tokens_is_word(const idl_token *token)
{
    return token->kind == TOK_IDENT || (token->kind >= TOK_CONST && token->kind <= TOK_UNION);
}

static bool ends_something(int kind)
{
    switch (kind) {
    case TOK_END: /* nothing came before: the start of the file */
    case TOK_SEMICOLON:
    case TOK_OPEN_BRACE:
    case TOK_CLOSE_BRACE:
    case TOK_RESYNC: return true;
    default: return false;
    }
}

bool idl_tokens_at_start(const idl_parser *p)
{
    return p->depth_before.parens == 0 && ends_something(p->before.kind);
}

const idl_token *idl_tokens_at(idl_parser *p, size_t index)
{
    while (p->end <= index) {
        idl_token *token = &p->ring[p->end++ % IDL_TOKEN_RING];
        idl_scan_next(&p->scan, token);
        if (token->doc == NULL)
            continue;
        p->docs = idl_arena_grow(p->arena, p->docs, p->n_docs, &p->doc_capacity, sizeof *p->docs);
        p->docs[p->n_docs++] = (idl_pending_doc){
            .doc = token->doc,
            .token_start = p->source->base + token->start,
            .is_taken = false,
        };
    }
    return &p->ring[index % IDL_TOKEN_RING];
}

const idl_token *idl_tokens_peek(idl_parser *p, size_t ahead)
{
    return idl_tokens_at(p, p->next - 1 + ahead);
}

void idl_tokens_inject(idl_parser *p, int kind)
{
    p->injected[p->n_injected++] = kind;
}

void idl_tokens_inserted(idl_parser *p)
{
    p->recovery = IDL_RECOVER_NOTHING;
}

/* ---- depth ---- */

static void track_depth(idl_parser *p, int kind)
{
    idl_depth *depth = &p->depth;
    p->depth_before = *depth;
    switch (kind) {
    case TOK_OPEN_BRACE: depth->braces++, depth->nested++; break;
    case TOK_CLOSE_BRACE: depth->braces -= depth->braces > 0, depth->nested = depth->braces; break;
    case TOK_OPEN_PAREN:
    case TOK_AT_CALL: depth->parens++, depth->nested++; break;
    case TOK_CLOSE_PAREN:
        depth->nested -= depth->parens > 0;
        depth->parens -= depth->parens > 0;
        break;
    case TOK_LESS:
    case TOK_OPEN_BRACKET: depth->nested++; break;
    case TOK_GREATER:
    case TOK_CLOSE_BRACKET: depth->nested -= depth->nested > 0; break;
    default: break;
    }
}

static void report_nesting(idl_parser *p, const idl_token *token)
{
    p->scan.has_errors = true;
    idl_diag_report(p->diag, IDL_DIAG_NESTED_TOO_DEEP, idl_tokens_span(p, token),
                    "brackets are nested deeper than %d here", IDL_AST_MAX_NESTING);
    p->is_stopped = true;
}

/* ---- braces ---- */

static uint32_t indentation(const idl_parser *p, uint32_t offset)
{
    uint32_t start = offset;
    while (start > 0 && p->source->text[start - 1] != '\n')
        start--;
    return offset - start;
}

/* A declaration that begins where a member was expected, and can be none. */
static bool is_behind_missing_brace(idl_parser *p, const idl_token *token)
{
    if (p->depth.braces == 0 || p->depth.parens != 0 || p->decl == NULL)
        return false;
    if (!idl_resync_starts_decl(p, p->next))
        return false;
    if (indentation(p, token->start) <= indentation(p, p->decl->span.start - p->source->base))
        return true;
    int third = idl_tokens_at(p, p->next + 2)->kind;
    return ends_something(p->previous->kind) && (third == TOK_OPEN_BRACE || third == TOK_COLON ||
                                                 third == TOK_AT_NAME || third == TOK_AT_CALL);
}

static void report_missing_brace(idl_parser *p, const idl_token *token)
{
    idl_span gap = gap_ahead(p);
    p->scan.has_errors = true;
    p->scan.last_error_line = idl_source_locate(p->sources, p->source, gap.start).line;
    const char *before = token->kind == TOK_END ? "the end of the file" : "the next declaration";
    idl_report *r =
        idl_diag_report(p->diag, IDL_DIAG_MISSING_BRACE, gap, "'}' is missing before %s", before);
    if (p->decl != NULL && p->decl->name.text != NULL)
        idl_report_note(p->diag, r, p->open_brace, "the block of '%s' opens here",
                        p->decl->name.text);
    idl_report_edit(p->diag, r, gap, "\n}", IDL_EDIT_MAYBE);
}

/* A '}' that closes nothing is left out. */
static bool drop_stray_brace(idl_parser *p, const idl_token *token)
{
    if (token->kind != TOK_CLOSE_BRACE || p->depth.braces > 0)
        return false;
    idl_report *r = idl_syntax_report(p, IDL_DIAG_STRAY_BRACE, idl_tokens_span(p, token),
                                      "this '}' closes nothing");
    idl_report_edit(p->diag, r, idl_tokens_span(p, token), "", IDL_EDIT_MAYBE);
    return true;
}

static bool drop_semicolon_after_brace(idl_parser *p, const idl_token *token)
{
    if (token->kind != TOK_SEMICOLON || p->depth.braces > 0 || p->previous->kind != TOK_CLOSE_BRACE)
        return false;
    idl_report *r = idl_syntax_report(p, IDL_DIAG_SEMICOLON_AFTER_BRACE, idl_tokens_span(p, token),
                                      "a block ends with its '}' alone");
    idl_report_help(p->diag, r, "remove the ';'");
    idl_report_edit(p->diag, r, idl_tokens_span(p, token), "", IDL_EDIT_SAFE);
    return true;
}

/* `1 u32 x;`: only the number of a field stands at the start of a member. */
static bool lacks_colon(const idl_parser *p, const idl_token *token)
{
    return p->previous->kind == TOK_NUMBER && !p->previous_was_injected && p->depth.braces > 0 &&
           p->depth.parens == 0 && ends_something(p->before.kind) &&
           (idl_tokens_is_word(token) || token->kind == TOK_PATH) && p->decl != NULL &&
           p->decl->kind != IDL_AST_SERVICE && p->decl->kind != IDL_AST_ENUM &&
           p->decl->kind != IDL_AST_FLAGS;
}

static void insert_colon(idl_parser *p)
{
    idl_span gap = gap_ahead(p);
    idl_report *r = idl_syntax_report(p, IDL_DIAG_MISSING_COLON, gap,
                                      "':' is missing behind the field's number");
    idl_report_edit(p->diag, r, gap, ":", IDL_EDIT_SAFE);
    idl_tokens_inject(p, TOK_COLON);
}

/* ---- handing out ---- */

const idl_token *idl_tokens_make(idl_parser *p, int kind, uint32_t start, uint32_t end)
{
    idl_token *token = p->previous == &p->made[0] ? &p->made[1] : &p->made[0];
    *token = (idl_token){ .kind = kind, .start = start, .end = end };
    return token;
}

static const idl_token *hand_out(idl_parser *p, const idl_token *token, bool is_injected)
{
    const idl_token *before = p->previous;
    p->before =
        (idl_token_mark){ .kind = before->kind, .start = before->start, .end = before->end };
    p->previous = token;
    p->previous_was_injected = is_injected;
    track_depth(p, token->kind);
    return token;
}

static const idl_token *hand_out_injected(idl_parser *p)
{
    uint32_t at = p->previous->end;
    return hand_out(p, idl_tokens_make(p, p->injected[--p->n_injected], at, at), true);
}

static bool is_word_or_path(const idl_token *token)
{
    return idl_tokens_is_word(token) || token->kind == TOK_PATH;
}

/* `stream` is a keyword only where a stream can stand and another word follows. */
static bool is_stream_keyword(idl_parser *p)
{
    int before = p->previous->kind;
    if (before != TOK_OPEN_PAREN && before != TOK_COMMA && before != TOK_ARROW)
        return false;
    const idl_token *after = idl_tokens_at(p, p->next + 1);
    if (after->kind != TOK_THROWS)
        return is_word_or_path(after);
    /* `-> stream throws E`: a message named stream. `-> stream throws;`: a stream of throws. */
    return !is_word_or_path(idl_tokens_at(p, p->next + 2));
}

static const idl_token *hand_out_end(idl_parser *p)
{
    return hand_out(p, idl_tokens_make(p, TOK_END, p->source->len, p->source->len), true);
}

/* Nearly every token: nothing to find out about it, so the checks below are passed by. */
static bool is_ordinary(const idl_parser *p, const idl_token *token)
{
    if (p->previous->kind == TOK_NUMBER || p->previous->kind == TOK_CLOSE_BRACE)
        return false;
    switch (token->kind) {
    case TOK_END:
    case TOK_CLOSE_BRACE: return false;
    default: return token->kind < TOK_CONST; /* keywords come last */
    }
}

static const idl_token *hand_out_next(idl_parser *p, const idl_token *token)
{
    p->next++;
    hand_out(p, token, false);
    if (p->depth.nested > IDL_AST_MAX_NESTING)
        report_nesting(p, token);
    return token;
}

const idl_token *idl_tokens_next(idl_parser *p)
{
    if (p->is_stopped || idl_diag_is_full(p->diag))
        return hand_out_end(p);
    if (p->recovery != IDL_RECOVER_NOTHING)
        idl_resync(p);
    if (p->n_injected > 0)
        return hand_out_injected(p);
    const idl_token *token = idl_tokens_at(p, p->next);
    if (is_ordinary(p, token))
        return hand_out_next(p, token);
    while (drop_stray_brace(p, token) || drop_semicolon_after_brace(p, token))
        token = idl_tokens_at(p, ++p->next);
    if ((token->kind == TOK_END && p->depth.braces > 0) || is_behind_missing_brace(p, token)) {
        report_missing_brace(p, token);
        idl_tokens_inject(p, TOK_CLOSE_BRACE);
        return hand_out_injected(p);
    }
    if (lacks_colon(p, token)) {
        insert_colon(p);
        return hand_out_injected(p);
    }
    if (token->kind == TOK_STREAM && !is_stream_keyword(p))
        p->ring[p->next % IDL_TOKEN_RING].kind = TOK_IDENT;
    return hand_out_next(p, token);
}
