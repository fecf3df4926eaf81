/* Text to tree. Recursive descent, one level of recursion for each open group, at most
 * IDL_PATTERN_MAX_NESTING.
 *
 * Knows the syntax only: what a set of characters is made of stands in classes.c. Read next: nfa.c.
 */
#include "sema/pattern/internal.h"

#include "front/utf8.h"

#include <string.h>

typedef struct parser {
    idl_pattern_run *run;
    size_t at;
    unsigned depth;
} parser;

static idl_regex *parse_alternatives(parser *p);

static bool at_end(const parser *p)
{
    return p->at >= p->run->len;
}

static char peek(const parser *p)
{
    return at_end(p) ? '\0' : p->run->text[p->at];
}

static bool starts_with(const parser *p, const char *word)
{
    size_t n = strlen(word);
    return p->run->len - p->at >= n && memcmp(p->run->text + p->at, word, n) == 0;
}

static idl_regex *make(parser *p, idl_regex_kind kind)
{
    idl_regex *node = idl_arena_alloc(p->run->scratch, sizeof *node);
    node->kind = kind;
    return node;
}

static void append(parser *p, idl_regex *parent, idl_regex *child)
{
    parent->children = idl_arena_grow(p->run->scratch, parent->children, parent->n_children,
                                      &parent->capacity, sizeof(idl_regex *));
    parent->children[parent->n_children++] = child;
}

static idl_regex *make_set(parser *p, idl_cp_set *set, bool negate)
{
    idl_cp_set_finish(p->run->scratch, set, negate);
    idl_regex *node = make(p, IDL_REGEX_SET);
    node->ranges = set->items;
    node->n_ranges = set->count;
    return node;
}

/* Fails at [from, at), at least one character wide. */
static bool fail_from(parser *p, size_t from, const char *message, const char *help)
{
    size_t to = p->at > from ? p->at : from + 1;
    return idl_pattern_fail(p->run, from, to < p->run->len ? to : p->run->len, message, help);
}

/* The whole character at the cursor. The text is UTF-8, compile.c saw to it. */
static uint32_t take_code_point(parser *p)
{
    const unsigned char *s = (const unsigned char *)p->run->text + p->at;
    size_t n = idl_utf8_length(p->run->text + p->at, p->run->len - p->at);
    p->at += n;
    if (n == 2)
        return (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
    if (n == 3)
        return (s[0] & 0x0fu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
    if (n == 4)
        return (s[0] & 0x07u) << 18 | (s[1] & 0x3fu) << 12 | (s[2] & 0x3fu) << 6 | (s[3] & 0x3fu);
    return s[0];
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* \xHH, \uHHHH or \u{H...}, with the cursor behind the letter. */
static bool parse_hex_escape(parser *p, size_t from, char letter, uint32_t *ret_code)
{
    bool has_braces = letter == 'u' && peek(p) == '{';
    size_t wanted = has_braces ? 6 : letter == 'x' ? 2 : 4;
    size_t n = 0;
    uint32_t code = 0;
    p->at += has_braces;
    for (; n < wanted && hex_digit(peek(p)) >= 0; n++, p->at++)
        code = code * 16 + (uint32_t)hex_digit(peek(p));
    if (has_braces ? n == 0 || peek(p) != '}' : n != wanted)
        return fail_from(p, from, "this escape lacks hexadecimal digits",
                         "write \\x41, \\u0041 or \\u{41}");
    p->at += has_braces;
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return fail_from(p, from, "this escape names no Unicode character", NULL);
    if (letter == 'x' && code > 0x7f)
        return fail_from(p, from, "\\x names bytes above 0x7f, and patterns work on characters",
                         "write \\u00e9 for the character U+00E9");
    *ret_code = code;
    return true;
}

/* Letters that mean something elsewhere and nothing here. */
static bool refuse_escape(parser *p, size_t from, char letter)
{
    if (letter >= '1' && letter <= '9')
        return fail_from(p, from, "a backreference is not regular",
                         "no automaton can compare two parts of a text; check that in the handler");
    if (letter == 'k')
        return fail_from(p, from, "a named backreference is not regular", NULL);
    if (strchr("bBAzZG", letter) != NULL)
        return fail_from(p, from, "anchors and word boundaries have no place in a pattern",
                         "a pattern always describes the whole text");
    if (letter == 'p' || letter == 'P')
        return fail_from(p, from, "Unicode properties are not supported",
                         "write the ranges out, for instance [a-z\\u00e0-\\u00ff]");
    return fail_from(p, from, "there is no such escape",
                     "escapes are \\d \\w \\s \\D \\W \\S \\n \\r \\t \\f \\v \\0 \\xHH \\u{...} "
                     "and '\\' before punctuation");
}

/* After a backslash at `from`. A class such as \d goes into `set` and `*ret_is_class` says so;
 * anything else is one code point. */
static bool parse_escape(parser *p, idl_cp_set *set, bool *ret_is_class, uint32_t *ret_code)
{
    size_t from = p->at++;
    *ret_is_class = false;
    if (at_end(p))
        return fail_from(p, from, "the pattern ends in a lone '\\'", "write \\\\ for a backslash");
    if ((unsigned char)peek(p) >= 0x80) {
        *ret_code = take_code_point(p);
        return fail_from(p, from, "there is no such escape", "only punctuation needs a backslash");
    }
    char letter = p->run->text[p->at++];
    if (letter != '\0' && strchr("dwsDWS", letter) != NULL) {
        idl_cp_set_add_named(p->run->scratch, set, letter);
        *ret_is_class = true;
        return true;
    }
    static const char plain[] = "nrtfv0";
    static const char meaning[] = "\n\r\t\f\v";
    const char *found = letter == '\0' ? NULL : strchr(plain, letter);
    if (found != NULL) {
        *ret_code = (unsigned char)meaning[found - plain];
        return true;
    }
    if (letter == 'x' || letter == 'u')
        return parse_hex_escape(p, from, letter, ret_code);
    bool is_word = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                   (letter >= '0' && letter <= '9') || letter < ' ';
    if (is_word)
        return refuse_escape(p, from, letter);
    *ret_code = (unsigned char)letter;
    return true;
}

/* One end of a range in a class. */
static bool parse_class_item(parser *p, idl_cp_set *set, bool *ret_is_class, uint32_t *ret_code)
{
    *ret_is_class = false;
    if (peek(p) == '\\')
        return parse_escape(p, set, ret_is_class, ret_code);
    if (starts_with(p, "[:") || starts_with(p, "[=") || starts_with(p, "[."))
        return fail_from(p, p->at, "POSIX classes such as [:alpha:] are not supported",
                         "write the range out: [A-Za-z]");
    *ret_code = take_code_point(p);
    return true;
}

static bool parse_class_range(parser *p, idl_cp_set *set)
{
    size_t from = p->at;
    bool is_class = false;
    uint32_t low = 0;
    if (!parse_class_item(p, set, &is_class, &low))
        return false;
    bool is_range = peek(p) == '-' && p->at + 1 < p->run->len && p->run->text[p->at + 1] != ']';
    if (!is_range) {
        if (!is_class)
            idl_cp_set_add(p->run->scratch, set, low, low);
        return true;
    }
    p->at++;
    bool is_high_class = false;
    uint32_t high = 0;
    if (!parse_class_item(p, set, &is_high_class, &high))
        return false;
    if (is_class || is_high_class)
        return fail_from(p, from, "a range needs a single character at both ends",
                         "put a '-' that stands for itself first or last: [\\d-]");
    if (high < low)
        return fail_from(p, from, "the range is backwards", "write the smaller character first");
    idl_cp_set_add(p->run->scratch, set, low, high);
    return true;
}

/* [...], with the cursor on the bracket. */
static idl_regex *parse_class(parser *p)
{
    size_t from = p->at++;
    bool negate = peek(p) == '^';
    p->at += negate;
    if (peek(p) == ']') {
        p->at++;
        fail_from(p, from, "this class is empty", "write \\] for a bracket that is meant itself");
        return NULL;
    }
    idl_cp_set set = { 0 };
    while (!at_end(p) && peek(p) != ']') {
        if (!parse_class_range(p, &set))
            return NULL;
    }
    if (at_end(p)) {
        idl_pattern_fail(p->run, from, from + 1, "this '[' is never closed",
                         "write \\[ for a bracket");
        return NULL;
    }
    p->at++;
    idl_regex *node = make_set(p, &set, negate);
    if (node->n_ranges == 0) {
        fail_from(p, from, "no character is left in this class", NULL);
        return NULL;
    }
    return node;
}

/* What stands behind "(?". */
static bool check_group_kind(parser *p, size_t from)
{
    if (starts_with(p, ":")) {
        p->at++;
        return true;
    }
    if (starts_with(p, "=") || starts_with(p, "!") || starts_with(p, "<=") ||
        starts_with(p, "<!")) {
        p->at += peek(p) == '<' ? 2 : 1;
        return fail_from(p, from, "lookahead and lookbehind are not regular here",
                         "describe the whole text, or use two constraints");
    }
    if (starts_with(p, "<") || starts_with(p, "P<") || starts_with(p, "'"))
        return fail_from(p, from, "groups have no names in a pattern", "write plain ( and )");
    return fail_from(p, from, "flags inside a pattern are not supported",
                     "spell both cases out: [aA]");
}

/* (...) or (?:...), with the cursor on the parenthesis. */
static idl_regex *parse_group(parser *p)
{
    size_t from = p->at++;
    if (peek(p) == '?') {
        p->at++;
        if (!check_group_kind(p, from))
            return NULL;
    }
    if (++p->depth > IDL_PATTERN_MAX_NESTING) {
        idl_pattern_fail(p->run, from, from + 1, "groups are nested deeper than 64", NULL);
        return NULL;
    }
    idl_regex *inner = parse_alternatives(p);
    p->depth--;
    if (inner == NULL)
        return NULL;
    if (peek(p) != ')' || at_end(p)) {
        idl_pattern_fail(p->run, from, from + 1, "this '(' is never closed",
                         "write \\( for a parenthesis");
        return NULL;
    }
    p->at++;
    return inner;
}

static idl_regex *parse_dot(parser *p)
{
    idl_cp_set set = { 0 };
    idl_cp_set_add(p->run->scratch, &set, '\n', '\n');
    p->at++;
    return make_set(p, &set, true);
}

static idl_regex *parse_literal(parser *p)
{
    idl_cp_set set = { 0 };
    bool is_class = false;
    uint32_t code = 0;
    if (peek(p) == '\\') {
        if (!parse_escape(p, &set, &is_class, &code))
            return NULL;
    } else {
        code = take_code_point(p);
    }
    if (!is_class)
        idl_cp_set_add(p->run->scratch, &set, code, code);
    return make_set(p, &set, false);
}

static idl_regex *refuse_atom(parser *p)
{
    switch (peek(p)) {
    case '^':
    case '$':
        p->at++;
        fail_from(p, p->at - 1, "an anchor inside a pattern can match nothing",
                  "a pattern always describes the whole text; write \\^ or \\$ for the character");
        return NULL;
    case '{':
        p->at++;
        fail_from(p, p->at - 1, "this '{' repeats nothing", "write \\{ for a brace");
        return NULL;
    default:
        p->at++;
        fail_from(p, p->at - 1, "there is nothing here to repeat",
                  "write a backslash before a sign that is meant itself: \\*");
        return NULL;
    }
}

static idl_regex *parse_atom(parser *p)
{
    char c = peek(p);
    if (c == '(')
        return parse_group(p);
    if (c == '[')
        return parse_class(p);
    if (c == '.')
        return parse_dot(p);
    if (c != '\0' && strchr("*+?{^$", c) != NULL)
        return refuse_atom(p);
    return parse_literal(p);
}

static bool parse_number(parser *p, uint32_t *ret_number)
{
    size_t from = p->at;
    uint32_t number = 0;
    for (; peek(p) >= '0' && peek(p) <= '9'; p->at++)
        number = number > IDL_PATTERN_MAX_COUNT ? number : number * 10 + (uint32_t)(peek(p) - '0');
    *ret_number = number;
    return p->at > from;
}

/* {m}, {m,} or {m,n}, with the cursor on the brace. */
static bool parse_counts(parser *p, uint32_t *ret_min, uint32_t *ret_max)
{
    size_t from = p->at++;
    bool is_good = parse_number(p, ret_min);
    *ret_max = *ret_min;
    if (is_good && peek(p) == ',') {
        p->at++;
        if (!parse_number(p, ret_max))
            *ret_max = IDL_PATTERN_UNLIMITED;
    }
    if (!is_good || peek(p) != '}')
        return fail_from(p, from, "a count is written {3}, {3,} or {3,5}",
                         "write \\{ for a brace that is meant itself");
    p->at++;
    bool is_bounded = *ret_max != IDL_PATTERN_UNLIMITED;
    if (*ret_min > IDL_PATTERN_MAX_COUNT || (is_bounded && *ret_max > IDL_PATTERN_MAX_COUNT))
        return fail_from(p, from, "a count may be at most 1000",
                         "use @chars or @len for long texts");
    if (is_bounded && *ret_max < *ret_min)
        return fail_from(p, from, "the count is backwards", "write the smaller number first");
    return true;
}

/* The quantifier behind an atom, if there is one. */
static idl_regex *parse_quantifier(parser *p, idl_regex *atom)
{
    uint32_t min = 0;
    uint32_t max = IDL_PATTERN_UNLIMITED;
    char c = peek(p);
    if (at_end(p) || strchr("*+?{", c) == NULL || c == '\0')
        return atom;
    if (c == '{') {
        if (!parse_counts(p, &min, &max))
            return NULL;
    } else {
        min = c == '+';
        max = c == '?' ? 1 : max;
        p->at++;
    }
    c = peek(p);
    if (c != '\0' && strchr("*+?{", c) != NULL) {
        p->at++;
        fail_from(p, p->at - 1,
                  c == '?'   ? "lazy quantifiers mean nothing where the whole text must match"
                  : c == '+' ? "possessive quantifiers are not supported"
                             : "two quantifiers in a row",
                  c == '?' || c == '+' ? "leave the second sign out"
                                       : "put the inner one in a group: (a*)*");
        return NULL;
    }
    idl_regex *node = make(p, IDL_REGEX_REPEAT);
    node->min = min;
    node->max = max;
    append(p, node, atom);
    return node;
}

/* A '$' that stands at the very end, or a '^' at the very beginning, says what is true anyway. */
static bool skip_redundant_anchor(parser *p)
{
    bool is_redundant = (peek(p) == '^' && p->at == 0 && p->run->len > 0) ||
                        (peek(p) == '$' && p->at + 1 == p->run->len && p->depth == 0);
    p->at += is_redundant;
    return is_redundant;
}

static idl_regex *parse_sequence(parser *p)
{
    idl_regex *sequence = make(p, IDL_REGEX_CONCAT);
    while (!at_end(p) && (peek(p) != '|' && peek(p) != ')')) {
        if (skip_redundant_anchor(p))
            continue;
        idl_regex *atom = parse_atom(p);
        idl_regex *item = atom == NULL ? NULL : parse_quantifier(p, atom);
        if (item == NULL)
            return NULL;
        append(p, sequence, item);
    }
    return sequence;
}

static idl_regex *parse_alternatives(parser *p)
{
    idl_regex *first = parse_sequence(p);
    if (first == NULL || peek(p) != '|')
        return first;
    idl_regex *alternatives = make(p, IDL_REGEX_ALT);
    append(p, alternatives, first);
    while (peek(p) == '|') {
        p->at++;
        idl_regex *next = parse_sequence(p);
        if (next == NULL)
            return NULL;
        append(p, alternatives, next);
    }
    return alternatives;
}

idl_regex *idl_regex_parse(idl_pattern_run *run)
{
    parser p = { .run = run };
    idl_regex *tree = parse_alternatives(&p);
    if (tree != NULL && !at_end(&p)) {
        idl_pattern_fail(run, p.at, p.at + 1, "this ')' closes nothing",
                         "write \\) for a parenthesis");
        return NULL;
    }
    return tree;
}
