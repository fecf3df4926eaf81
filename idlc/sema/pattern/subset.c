/* NFA to DFA by the subset construction, over classes of bytes that no transition tells apart.
 *
 * A DFA state is the sorted list of the NFA states it stands for (splits left out: they read
 * nothing). The number of states is capped and every step is paid for, so that no pattern blows up.
 * Read next: minimize.c.
 */
#include "sema/pattern/internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct subset {
    uint32_t *items; /* sorted */
    uint32_t count;
    uint32_t hash;
} subset;

typedef struct construction {
    idl_pattern_run *run;
    const idl_nfa *nfa;
    subset *sets; /* [0] is the empty one, the dead state */
    size_t n_sets, sets_capacity;
    uint32_t *table; /* open hash of set numbers, 0 is free (the dead state is never looked up) */
    uint32_t *stack;
    uint32_t *found; /* the set being built */
    uint32_t n_found;
    uint32_t *seen_in; /* per NFA state: the generation it was last seen in */
    uint32_t generation;
} construction;

enum { TABLE_SIZE = 16384 }; /* four times the cap on states */

/* Numbers the classes of bytes; one class for each stretch between two bounds of transitions. */
static void find_classes(const idl_nfa *nfa, idl_raw_dfa *dfa, uint8_t *ret_first_byte)
{
    bool begins[257] = { [0] = true };
    for (size_t i = 0; i < nfa->count; i++) {
        if (nfa->states[i].kind != IDL_NFA_BYTE)
            continue;
        begins[nfa->states[i].low] = true;
        begins[nfa->states[i].high + 1u] = true;
    }
    uint32_t n = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        if (begins[byte])
            ret_first_byte[n++] = (uint8_t)byte;
        dfa->classes[byte] = (uint8_t)(n - 1);
    }
    dfa->n_classes = n;
}

/* Adds everything that can be reached from `state` without reading. */
static bool add_closure(construction *c, uint32_t state)
{
    uint32_t depth = 0;
    uint64_t steps = 1;
    c->stack[depth++] = state;
    while (depth > 0) {
        uint32_t at = c->stack[--depth];
        if (c->seen_in[at] == c->generation)
            continue;
        c->seen_in[at] = c->generation;
        steps++;
        const idl_nfa_state *s = &c->nfa->states[at];
        if (s->kind == IDL_NFA_SPLIT) {
            c->stack[depth++] = s->other;
            c->stack[depth++] = s->out;
        } else {
            c->found[c->n_found++] = at;
        }
    }
    return idl_pattern_spend(c->run, steps);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t hash_of(const uint32_t *items, uint32_t count)
{
    uint32_t hash = 2166136261u;
    for (uint32_t i = 0; i < count; i++)
        hash = (hash ^ items[i]) * 16777619u;
    return hash ^ hash >> 15;
}

static uint32_t add_set(construction *c, uint32_t hash)
{
    c->sets =
        idl_arena_grow(c->run->scratch, c->sets, c->n_sets, &c->sets_capacity, sizeof(subset));
    subset *set = &c->sets[c->n_sets];
    *set = (subset){ .count = c->n_found, .hash = hash };
    set->items = idl_arena_array(c->run->scratch, c->n_found, sizeof(uint32_t));
    if (c->n_found > 0)
        memcpy(set->items, c->found, c->n_found * sizeof(uint32_t));
    return (uint32_t)c->n_sets++;
}

/* The number of the set in `found`, new or known. False once there are too many. */
static bool intern_found(construction *c, uint32_t *ret_number)
{
    *ret_number = 0;
    if (c->n_found == 0)
        return true;
    qsort(c->found, c->n_found, sizeof(uint32_t), by_number);
    uint32_t hash = hash_of(c->found, c->n_found);
    uint32_t slot = hash % TABLE_SIZE;
    for (; c->table[slot] != 0; slot = (slot + 1) % TABLE_SIZE) {
        const subset *set = &c->sets[c->table[slot]];
        if (set->hash == hash && set->count == c->n_found &&
            memcmp(set->items, c->found, c->n_found * sizeof(uint32_t)) == 0) {
            *ret_number = c->table[slot];
            return true;
        }
    }
    if (c->n_sets >= IDL_PATTERN_MAX_DFA_STATES)
        return idl_pattern_fail(
            c->run, 0, c->run->len, "the pattern needs more than 4096 states",
            "choices that overlap and are counted multiply; use @chars or @len for the "
            "length of a text, and the pattern for its shape");
    *ret_number = c->table[slot] = add_set(c, hash);
    return true;
}

/* Where `from` leads on `byte`. */
static bool step(construction *c, uint32_t from, uint8_t byte, uint32_t *ret_to)
{
    c->generation++;
    c->n_found = 0;
    if (!idl_pattern_spend(c->run, c->sets[from].count))
        return false;
    for (uint32_t i = 0; i < c->sets[from].count; i++) {
        const idl_nfa_state *s = &c->nfa->states[c->sets[from].items[i]];
        bool is_taken = s->kind == IDL_NFA_BYTE && byte >= s->low && byte <= s->high;
        if (is_taken && !add_closure(c, s->out))
            return false;
    }
    return intern_found(c, ret_to);
}

static void begin(construction *c)
{
    idl_arena *scratch = c->run->scratch;
    c->table = idl_arena_array(scratch, TABLE_SIZE, sizeof(uint32_t));
    c->stack = idl_arena_array(scratch, c->nfa->count * 2 + 2, sizeof(uint32_t));
    c->found = idl_arena_array(scratch, c->nfa->count, sizeof(uint32_t));
    c->seen_in = idl_arena_array(scratch, c->nfa->count, sizeof(uint32_t));
    (void)add_set(c, 0); /* the dead state */
    c->generation = 1;
}

static bool fill_row(construction *c, idl_raw_dfa *dfa, const uint8_t *first_byte, uint32_t state)
{
    for (uint32_t column = 0; column < dfa->n_classes; column++) {
        uint32_t to = 0;
        if (!step(c, state, first_byte[column], &to))
            return false;
        dfa->next[state * dfa->n_classes + column] = (uint16_t)to;
    }
    return true;
}

/* NFA state 0 is the match: nfa.c makes it first, so a sorted set that holds it begins with it. */
static bool is_accepting(const subset *set)
{
    return set->count > 0 && set->items[0] == 0;
}

bool idl_dfa_construct(idl_pattern_run *run, const idl_nfa *nfa, idl_raw_dfa *ret_dfa)
{
    uint8_t first_byte[256];
    construction c = { .run = run, .nfa = nfa };
    *ret_dfa = (idl_raw_dfa){ 0 };
    find_classes(nfa, ret_dfa, first_byte);
    begin(&c);
    if (!add_closure(&c, nfa->start) || !intern_found(&c, &ret_dfa->start))
        return false;
    size_t capacity = 0;
    for (uint32_t state = 0; state < c.n_sets; state++) {
        if (state >= capacity) {
            size_t wanted = capacity == 0 ? 16 : capacity * 2;
            uint16_t *next = idl_arena_array(run->scratch, wanted * ret_dfa->n_classes, 2);
            if (capacity > 0)
                memcpy(next, ret_dfa->next, capacity * ret_dfa->n_classes * 2);
            ret_dfa->next = next;
            capacity = wanted;
        }
        if (!fill_row(&c, ret_dfa, first_byte, state))
            return false;
    }
    ret_dfa->n_states = (uint32_t)c.n_sets;
    ret_dfa->accepts = idl_arena_array(run->scratch, c.n_sets, sizeof(bool));
    for (size_t i = 0; i < c.n_sets; i++)
        ret_dfa->accepts[i] = is_accepting(&c.sets[i]);
    return true;
}
