/* Tree to NFA over bytes, built from the end: emit(node, next) makes the states that read `node`
 * and go on at `next`, and returns where they begin. Recursion follows the tree, whose depth the
 * parser has bounded.
 *
 * A set of characters becomes byte sequences: each range of code points is cut until its UTF-8
 * forms differ from byte to byte in ranges only (RFC 3629, section 4). Read next: subset.c.
 */
#include "sema/pattern/internal.h"

#include "front/utf8.h"

#define NO_STATE UINT32_MAX

typedef struct builder {
    idl_pattern_run *run;
    idl_nfa *nfa;
} builder;

static uint32_t emit(builder *b, const idl_regex *node, uint32_t next);

/* A state number, or NO_STATE once the cap is reached; the run has failed then, and callers only
 * carry on. */
static uint32_t add_state(builder *b, idl_nfa_state state)
{
    idl_nfa *nfa = b->nfa;
    if (nfa->count >= IDL_PATTERN_MAX_NFA_STATES) {
        idl_pattern_fail(
            b->run, 0, b->run->len, "the pattern is too large once its counts are written out",
            "use @chars or @len for the length of a text, and the pattern for its shape");
        return NO_STATE;
    }
    nfa->states = idl_arena_grow(b->run->scratch, nfa->states, nfa->count, &nfa->capacity,
                                 sizeof(idl_nfa_state));
    nfa->states[nfa->count] = state;
    return (uint32_t)nfa->count++;
}

static uint32_t add_split(builder *b, uint32_t out, uint32_t other)
{
    return add_state(b, (idl_nfa_state){ .kind = IDL_NFA_SPLIT, .out = out, .other = other });
}

static uint32_t add_byte(builder *b, unsigned low, unsigned high, uint32_t out)
{
    return add_state(
        b, (idl_nfa_state){
               .kind = IDL_NFA_BYTE, .low = (uint8_t)low, .high = (uint8_t)high, .out = out });
}

/* States that read n arbitrary continuation bytes and then go on; shared by the sequences of one
 * set. */
typedef struct tails {
    uint32_t states[4]; /* [0] is `next` */
    unsigned n_made;
} tails;

static uint32_t tail_of(builder *b, tails *t, unsigned n)
{
    while (t->n_made < n) {
        t->states[t->n_made + 1] = add_byte(b, 0x80, 0xbf, t->states[t->n_made]);
        t->n_made++;
    }
    return t->states[n];
}

/* One sequence: low and high have UTF-8 forms of one length, and every combination between them is
 * wanted. */
static uint32_t emit_sequence(builder *b, tails *t, uint32_t low, uint32_t high)
{
    char from[4];
    char to[4];
    size_t n = idl_utf8_encode(low, from);
    (void)idl_utf8_encode(high, to);
    size_t at = n;
    while (at > 1 && (uint8_t)from[at - 1] == 0x80 && (uint8_t)to[at - 1] == 0xbf)
        at--;
    uint32_t state = tail_of(b, t, (unsigned)(n - at));
    for (; at > 0; at--)
        state = add_byte(b, (uint8_t)from[at - 1], (uint8_t)to[at - 1], state);
    return state;
}

/* The end of the largest piece beginning at `low`, not past `high`, that emit_sequence can take in
 * one go. */
static uint32_t piece_end(uint32_t low, uint32_t high)
{
    static const uint32_t last_of_length[] = { 0x7f, 0x7ff, 0xffff, 0x10ffff };
    unsigned i = 0;
    while (low > last_of_length[i])
        i++;
    uint32_t end = high < last_of_length[i] ? high : last_of_length[i];
    for (unsigned bytes = 1; bytes <= i; bytes++) {
        uint32_t mask = (1u << (6 * bytes)) - 1;
        if ((low & ~mask) == (end & ~mask))
            continue;
        if ((low & mask) != 0)
            return low | mask;
        if ((end & mask) != mask)
            end = (end & ~mask) - 1;
    }
    return end;
}

static uint32_t emit_set(builder *b, const idl_regex *node, uint32_t next)
{
    tails t = { .states = { next } };
    uint32_t entry = NO_STATE;
    for (size_t i = 0; i < node->n_ranges && !b->run->has_failed; i++) {
        uint32_t low = node->ranges[i].low;
        for (;;) {
            uint32_t end = piece_end(low, node->ranges[i].high);
            uint32_t sequence = emit_sequence(b, &t, low, end);
            entry = entry == NO_STATE ? sequence : add_split(b, sequence, entry);
            if (end >= node->ranges[i].high || b->run->has_failed)
                break;
            low = end + 1;
        }
    }
    return entry;
}

static uint32_t emit_repeat(builder *b, const idl_regex *node, uint32_t next)
{
    const idl_regex *child = node->children[0];
    uint32_t copies = node->min;
    uint32_t state = next;
    if (node->max == IDL_PATTERN_UNLIMITED) {
        uint32_t loop = add_split(b, NO_STATE, next);
        uint32_t body = emit(b, child, loop);
        if (b->run->has_failed)
            return NO_STATE;
        b->nfa->states[loop].out = body;
        state = copies > 0 ? body : loop;
        copies -= copies > 0;
    } else {
        for (uint32_t i = node->min; i < node->max && !b->run->has_failed; i++)
            state = add_split(b, emit(b, child, state), next);
    }
    for (uint32_t i = 0; i < copies && !b->run->has_failed; i++)
        state = emit(b, child, state);
    return state;
}

static uint32_t emit(builder *b, const idl_regex *node, uint32_t next)
{
    if (b->run->has_failed || !idl_pattern_spend(b->run, 1))
        return NO_STATE;
    uint32_t state = next;
    switch (node->kind) {
    case IDL_REGEX_EMPTY: return next;
    case IDL_REGEX_SET: return emit_set(b, node, next);
    case IDL_REGEX_REPEAT: return emit_repeat(b, node, next);
    case IDL_REGEX_CONCAT:
        for (size_t i = node->n_children; i > 0; i--)
            state = emit(b, node->children[i - 1], state);
        return state;
    case IDL_REGEX_ALT:
        state = emit(b, node->children[0], next);
        for (size_t i = 1; i < node->n_children; i++)
            state = add_split(b, emit(b, node->children[i], next), state);
        return state;
    }
    return next;
}

bool idl_nfa_build(idl_pattern_run *run, const idl_regex *tree, idl_nfa *ret_nfa)
{
    *ret_nfa = (idl_nfa){ 0 };
    builder b = { .run = run, .nfa = ret_nfa };
    uint32_t match = add_state(&b, (idl_nfa_state){ .kind = IDL_NFA_MATCH });
    ret_nfa->start = emit(&b, tree, match);
    return !run->has_failed;
}
