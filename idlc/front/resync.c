/* Where to go on after a syntax error: how much to skip so that little is lost and nothing is
 * blamed twice.
 *
 * Bison has thrown away the token it could not use and asks for another. This file goes back to
 * that token, skips from there, and injects RESYNC, perhaps with brackets that close what was left
 * open. Every skip either moves on or leaves a token the parser is sure to take.
 *
 * Must not know: the tree, beyond what kind of declaration is open. Read next: syntax_error.c.
 */
#include "front/parser.h"
#include "grammar.h"

static bool is_decl_keyword(int kind)
{
    switch (kind) {
    case TOK_CONST:
    case TOK_ENUM:
    case TOK_ERROR_KW:
    case TOK_FLAGS:
    case TOK_IMPORT:
    case TOK_NAMESPACE:
    case TOK_SERVICE:
    case TOK_STRUCT:
    case TOK_TYPE:
    case TOK_UNION: return true;
    default: return false;
    }
}

bool idl_resync_starts_decl(idl_parser *p, size_t index)
{
    const idl_token *token = idl_tokens_at(p, index);
    if (!token->is_first_on_line || !is_decl_keyword(token->kind))
        return false;
    int keyword = token->kind;
    const idl_token *after = idl_tokens_at(p, index + 1);
    if (keyword == TOK_IMPORT)
        return after->kind == TOK_STRING;
    return idl_tokens_is_word(after) || (after->kind == TOK_PATH && keyword != TOK_STRUCT);
}

static bool starts_method(idl_parser *p, size_t index)
{
    const idl_token *token = idl_tokens_at(p, index);
    if (!token->is_first_on_line)
        return false;
    if (token->kind != TOK_RPC && token->kind != TOK_ONEWAY && token->kind != TOK_EVENT)
        return false;
    return idl_tokens_is_word(idl_tokens_at(p, index + 1));
}

static bool starts_member(idl_parser *p, size_t index)
{
    const idl_token *token = idl_tokens_at(p, index);
    if (!token->is_first_on_line || p->decl == NULL)
        return false;
    const idl_token *after = idl_tokens_at(p, index + 1);
    if (token->kind == TOK_RESERVED)
        return after->kind == TOK_NUMBER || after->kind == TOK_STRING;
    if (p->decl->kind == IDL_AST_SERVICE)
        return starts_method(p, index);
    if (p->decl->kind == IDL_AST_ENUM || p->decl->kind == IDL_AST_FLAGS)
        return idl_tokens_is_word(token) && after->kind == TOK_EQUALS;
    return token->kind == TOK_NUMBER && after->kind == TOK_COLON;
}

/* Inside parentheses: up to the ',' or ')' of this list, or, where the ')' is missing, up to what
 * can't be in it. */
static void skip_in_parens(idl_parser *p)
{
    uint32_t inner = 0;
    for (;; p->next++) {
        const idl_token *token = idl_tokens_at(p, p->next);
        switch (token->kind) {
        case TOK_OPEN_PAREN:
        case TOK_AT_CALL: inner++; continue;
        case TOK_COMMA:
            if (inner > 0)
                continue;
            idl_tokens_inject(p, TOK_RESYNC);
            return;
        case TOK_CLOSE_PAREN:
            if (inner-- > 0)
                continue;
            idl_tokens_inject(p, TOK_RESYNC);
            return;
        case TOK_END:
        case TOK_SEMICOLON:
        case TOK_ARROW:
        case TOK_OPEN_BRACE:
        case TOK_CLOSE_BRACE: break;
        default:
            if (!idl_resync_starts_decl(p, p->next) && !starts_method(p, p->next))
                continue;
        }
        idl_tokens_inject(p, TOK_CLOSE_PAREN);
        idl_tokens_inject(p, TOK_RESYNC);
        return;
    }
}

/* In a declaration's header: to its '{'. Without one the block is empty. */
static void skip_head(idl_parser *p)
{
    for (bool is_first = true;; p->next++, is_first = false) {
        const idl_token *token = idl_tokens_at(p, p->next);
        if (token->kind == TOK_OPEN_BRACE) {
            idl_tokens_inject(p, TOK_RESYNC);
            return;
        }
        bool is_end = token->kind == TOK_SEMICOLON || token->kind == TOK_CLOSE_BRACE;
        if (!is_end && token->kind != TOK_END && (is_first || !idl_resync_starts_decl(p, p->next)))
            continue;
        if (is_end)
            p->next++;
        idl_tokens_inject(p, TOK_CLOSE_BRACE);
        idl_tokens_inject(p, TOK_OPEN_BRACE);
        idl_tokens_inject(p, TOK_RESYNC);
        return;
    }
}

/* Behind the ';' of the statement, or the '}' of a block in it; not past the '}' around it, nor
 * past the start of another member or declaration. */
static void skip_statement(idl_parser *p, bool is_member)
{
    uint32_t inner = 0;
    bool must_move = p->next == p->last_resync;
    for (;; p->next++, must_move = false) {
        const idl_token *token = idl_tokens_at(p, p->next);
        if (token->kind == TOK_END)
            break;
        if (token->kind == TOK_OPEN_BRACE) {
            inner++;
        } else if (token->kind == TOK_CLOSE_BRACE) {
            if (inner == 0 && is_member)
                break;
            if (inner <= 1) {
                p->next++;
                break;
            }
            inner--;
        } else if (token->kind == TOK_SEMICOLON && inner == 0) {
            p->next++;
            break;
        } else if (!must_move && inner == 0) {
            if (idl_resync_starts_decl(p, p->next) || (is_member && starts_member(p, p->next)))
                break;
        }
    }
    p->last_resync = p->next;
    idl_tokens_inject(p, TOK_RESYNC);
}

/* The misspelt keyword is handed out again as what it stands for. */
static void substitute(idl_parser *p)
{
    p->ring[p->next % IDL_TOKEN_RING].kind = p->substitute;
    p->substitute = 0;
    idl_tokens_inject(p, TOK_RESYNC);
}

void idl_resync(idl_parser *p)
{
    idl_recovery recovery = p->recovery;
    p->recovery = IDL_RECOVER_NOTHING;
    p->n_injected = 0;
    /* The token in hand never counted. */
    p->depth = p->depth_before;
    if (!p->previous_was_injected)
        p->next--;
    /* What stands before the place of recovery is what stood before the token in hand. */
    p->previous = idl_tokens_make(p, p->before.kind, p->before.start, p->before.end);
    switch (recovery) {
    case IDL_RECOVER_PAREN: skip_in_parens(p); break;
    case IDL_RECOVER_HEAD: skip_head(p); break;
    case IDL_RECOVER_MEMBER:
    case IDL_RECOVER_DECL:
        p->depth.parens = 0;
        p->depth.nested = p->depth.braces;
        if (p->substitute != 0)
            substitute(p);
        else
            skip_statement(p, recovery == IDL_RECOVER_MEMBER);
        break;
    case IDL_RECOVER_NOTHING: break;
    }
}
