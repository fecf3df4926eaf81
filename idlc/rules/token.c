/* Words of a rule expression. Blanks separate and mean nothing. Read next: parse.c. */
#include "rules/rules.h"

#include "front/literal.h"

#include <string.h>

static char at(const idl_rule_run *run, uint32_t ahead)
{
    uint32_t where = run->at + ahead;
    return where < run->source->len ? run->source->text[where] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

static bool finish(idl_rule_run *run, idl_rule_token_kind kind, uint32_t from)
{
    run->token.kind = kind;
    run->token.from = from;
    run->token.to = run->at;
    return true;
}

/* ---- names and numbers ---- */

static bool read_name(idl_rule_run *run)
{
    uint32_t from = run->at;
    for (;;) {
        while (is_word(at(run, 0)))
            run->at++;
        if (at(run, 0) != '.' || !is_word(at(run, 1)) || is_digit(at(run, 1)))
            break;
        run->at++;
    }
    run->token.text =
        idl_names_intern(&run->sema->sources->names, run->source->text + from, run->at - from);
    return finish(run, IDL_RULE_NAME, from);
}

/* Digits, letters, and a point or sign where a number can have one. */
static uint32_t number_length(const idl_rule_run *run)
{
    bool is_decimal = at(run, 0) != '0' || (at(run, 1) != 'x' && at(run, 1) != 'X');
    uint32_t n = 0;
    for (;; n++) {
        char c = at(run, n);
        bool is_point = c == '.' && is_digit(at(run, n + 1));
        bool is_sign = (c == '-' || c == '+') && is_decimal && n > 0 &&
                       (at(run, n - 1) == 'e' || at(run, n - 1) == 'E') && is_digit(at(run, n + 1));
        if (!is_word(c) && !is_point && !is_sign)
            return n;
    }
}

static bool read_number(idl_rule_run *run)
{
    uint32_t from = run->at;
    uint32_t len = number_length(run);
    size_t unit_at = 0;
    idl_number_error error =
        idl_number_parse(run->source->text + from, len, &run->token.number, &unit_at);
    run->at += len;
    switch (error) {
    case IDL_NUMBER_OK: return finish(run, IDL_RULE_NUMBER, from);
    case IDL_NUMBER_TOO_LARGE:
        idl_rule_report(run, IDL_DIAG_RULE_OVERFLOW, from, run->at, "this number fits no 64 bits");
        return false;
    case IDL_NUMBER_BAD_UNIT:
        idl_rule_report(run, IDL_DIAG_RULE_SYNTAX, from + (uint32_t)unit_at, run->at,
                        "there is no such unit");
        return false;
    case IDL_NUMBER_MALFORMED:
    case IDL_NUMBER_NOT_WHOLE: break;
    }
    idl_rule_report(run, IDL_DIAG_RULE_SYNTAX, from, run->at, "this is no number");
    return false;
}

/* ---- texts ---- */

/* One character or escape into `out`, which has room for four bytes; false if it is no escape. */
static bool read_character(idl_rule_run *run, char quote, char *out, size_t *ret_len)
{
    *ret_len = 1;
    *out = at(run, 0);
    if (*out != '\\') {
        run->at++;
        return true;
    }
    if (at(run, 1) == quote || at(run, 1) == '\\') {
        *out = at(run, 1);
        run->at += 2;
        return true;
    }
    size_t taken =
        idl_escape_parse(run->source->text + run->at, run->source->len - run->at, out, ret_len);
    run->at += (uint32_t)taken;
    return taken > 0;
}

static bool read_text(idl_rule_run *run)
{
    uint32_t from = run->at;
    char quote = at(run, 0);
    char *text = idl_arena_alloc(run->sema->arena, run->source->len - from + 4);
    size_t n = 0;
    run->at++;
    while (run->at < run->source->len && at(run, 0) != quote) {
        size_t taken = 0;
        if (!read_character(run, quote, text + n, &taken)) {
            idl_rule_report(run, IDL_DIAG_RULE_SYNTAX, run->at, run->at + 1,
                            "there is no such escape");
            return false;
        }
        n += taken;
    }
    if (run->at >= run->source->len) {
        idl_rule_report(run, IDL_DIAG_RULE_SYNTAX, from, from + 1, "this text is never closed");
        return false;
    }
    run->at++;
    run->token.text = text;
    run->token.len = n;
    return finish(run, IDL_RULE_TEXT, from);
}

/* ---- signs ---- */

static const struct {
    const char *sign;
    idl_expr_op op;
} operators[] = {
    { "==", IDL_OP_EQ },  { "!=", IDL_OP_NE }, { "<=", IDL_OP_LE }, { ">=", IDL_OP_GE },
    { "&&", IDL_OP_AND }, { "||", IDL_OP_OR }, { "<", IDL_OP_LT },  { ">", IDL_OP_GT },
    { "+", IDL_OP_ADD },  { "-", IDL_OP_SUB }, { "*", IDL_OP_MUL }, { "/", IDL_OP_DIV },
    { "%", IDL_OP_MOD },
};

static bool refuse_character(idl_rule_run *run)
{
    static const char *const slips[][2] = { { "=", "==" }, { "&", "&&" }, { "|", "||" } };
    char c = at(run, 0);
    uint32_t from = run->at;
    uint32_t to = from + 1;
    while (to < run->source->len && ((unsigned char)run->source->text[to] & 0xc0u) == 0x80u)
        to++; /* a whole character */
    for (size_t i = 0; i < 3; i++) {
        if (slips[i][0][0] != c)
            continue;
        idl_report *r =
            idl_rule_report(run, IDL_DIAG_RULE_SYNTAX, from, to, "'%c' means nothing in a rule", c);
        idl_report_help(run->sema->diag, r, "did you mean '%s'?", slips[i][1]);
        return false;
    }
    idl_rule_report(run, IDL_DIAG_RULE_SYNTAX, from, to, "this character means nothing in a rule");
    return false;
}

static bool read_sign(idl_rule_run *run)
{
    uint32_t from = run->at;
    char c = at(run, 0);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        uint32_t len = (uint32_t)strlen(operators[i].sign);
        if (c != operators[i].sign[0] || (len == 2 && at(run, 1) != operators[i].sign[1]))
            continue;
        run->at += len;
        run->token.op = operators[i].op;
        return finish(run, IDL_RULE_OPERATOR, from);
    }
    if (c != '(' && c != ')' && c != '!')
        return refuse_character(run);
    run->at++;
    return finish(run, c == '(' ? IDL_RULE_OPEN : c == ')' ? IDL_RULE_CLOSE : IDL_RULE_NOT, from);
}

bool idl_rule_next(idl_rule_run *run)
{
    run->last_to = run->token.to;
    while (run->at < run->source->len && strchr(" \t\n\r", at(run, 0)) != NULL &&
           at(run, 0) != '\0')
        run->at++;
    if (run->at >= run->source->len)
        return finish(run, IDL_RULE_END, run->at);
    char c = at(run, 0);
    if (is_digit(c))
        return read_number(run);
    if (is_word(c))
        return read_name(run);
    if (c == '\'' || c == '"')
        return read_text(run);
    return read_sign(run);
}
