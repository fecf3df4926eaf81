/* DFA to minimal DFA: Hopcroft's partition refinement, then numbering from the start outwards and
 * joining of byte classes that lead to the same places from everywhere, so that equal languages
 * give equal tables.
 *
 * Must not know: where the automaton came from.
 */
#include "sema/pattern/internal.h"

#include <string.h>

typedef struct partition {
    uint32_t *elements; /* states, block after block */
    uint32_t *place;    /* of a state in `elements` */
    uint32_t *block_of;
    uint32_t *first, *end; /* of a block */
    uint32_t *n_marked;    /* of a block: its marked states stand in front */
    uint32_t n_blocks;
} partition;

typedef struct refiner {
    const idl_raw_dfa *dfa;
    partition p;
    uint32_t *sources;      /* states sorted by where they go, class after class */
    uint32_t *sources_from; /* [class * (n + 1) + state] */
    uint32_t *work;         /* blocks still to be used as splitters */
    bool *is_in_work;
    uint32_t n_work;
    uint32_t *touched;
    uint32_t *members;
} refiner;

static void swap_places(partition *p, uint32_t a, uint32_t b)
{
    uint32_t x = p->elements[a];
    uint32_t y = p->elements[b];
    p->elements[a] = y;
    p->elements[b] = x;
    p->place[x] = b;
    p->place[y] = a;
}

static void push_work(refiner *r, uint32_t block)
{
    if (!r->is_in_work[block]) {
        r->is_in_work[block] = true;
        r->work[r->n_work++] = block;
    }
}

/* For each column, who goes to a state: a counting sort. */
static void invert_transitions(refiner *r)
{
    uint32_t n = r->dfa->n_states;
    uint32_t k = r->dfa->n_classes;
    for (uint32_t column = 0; column < k; column++) {
        uint32_t *from = r->sources_from + (size_t)column * (n + 1);
        uint32_t *list = r->sources + (size_t)column * n;
        for (uint32_t state = 0; state < n; state++)
            from[r->dfa->next[state * k + column] + 1u]++;
        for (uint32_t state = 0; state < n; state++)
            from[state + 1] += from[state];
        for (uint32_t state = n; state > 0; state--) {
            uint32_t to = r->dfa->next[(state - 1) * k + column];
            list[--from[to + 1]] = state - 1;
        }
        /* The sort left each count at its own beginning, one place too far. */
        memmove(from, from + 1, n * sizeof *from);
        from[n] = n;
    }
}

static void first_partition(refiner *r)
{
    partition *p = &r->p;
    uint32_t n = r->dfa->n_states;
    uint32_t at = 0;
    for (unsigned accepting = 0; accepting < 2; accepting++) {
        uint32_t first = at;
        for (uint32_t state = 0; state < n; state++) {
            if (r->dfa->accepts[state] != (accepting == 1))
                continue;
            p->elements[at] = state;
            p->place[state] = at++;
            p->block_of[state] = p->n_blocks;
        }
        if (at > first) {
            p->first[p->n_blocks] = first;
            p->end[p->n_blocks] = at;
            push_work(r, p->n_blocks++);
        }
    }
}

static void mark(refiner *r, uint32_t state, uint32_t *n_touched)
{
    partition *p = &r->p;
    uint32_t block = p->block_of[state];
    uint32_t to = p->first[block] + p->n_marked[block];
    if (p->place[state] < to)
        return;
    if (p->n_marked[block]++ == 0)
        r->touched[(*n_touched)++] = block;
    swap_places(p, p->place[state], to);
}

/* Cuts the marked part off a block; the smaller part gets the new number. */
static void split(refiner *r, uint32_t block)
{
    partition *p = &r->p;
    uint32_t n_marked = p->n_marked[block];
    uint32_t size = p->end[block] - p->first[block];
    p->n_marked[block] = 0;
    if (n_marked == size)
        return;
    uint32_t fresh = p->n_blocks++;
    uint32_t cut = p->first[block] + n_marked;
    if (n_marked <= size - n_marked) {
        p->first[fresh] = p->first[block];
        p->end[fresh] = cut;
        p->first[block] = cut;
    } else {
        p->first[fresh] = cut;
        p->end[fresh] = p->end[block];
        p->end[block] = cut;
    }
    for (uint32_t i = p->first[fresh]; i < p->end[fresh]; i++)
        p->block_of[p->elements[i]] = fresh;
    push_work(r, fresh); /* if `block` waits too, both now do; else the smaller is enough */
}

/* The members are copied, because the block itself may be cut on the way. */
static void refine_by(refiner *r, uint32_t splitter)
{
    partition *p = &r->p;
    uint32_t n = r->dfa->n_states;
    uint32_t n_members = p->end[splitter] - p->first[splitter];
    memcpy(r->members, p->elements + p->first[splitter], n_members * sizeof *r->members);
    for (uint32_t column = 0; column < r->dfa->n_classes; column++) {
        const uint32_t *from = r->sources_from + (size_t)column * (n + 1);
        const uint32_t *list = r->sources + (size_t)column * n;
        uint32_t n_touched = 0;
        for (uint32_t i = 0; i < n_members; i++) {
            for (uint32_t j = from[r->members[i]]; j < from[r->members[i] + 1]; j++)
                mark(r, list[j], &n_touched);
        }
        for (uint32_t i = 0; i < n_touched; i++)
            split(r, r->touched[i]);
    }
}

static void refine(idl_arena *scratch, const idl_raw_dfa *dfa, partition *ret)
{
    size_t n = dfa->n_states;
    size_t k = dfa->n_classes;
    refiner r = { .dfa = dfa };
    uint32_t **arrays[] = { &r.p.elements, &r.p.place, &r.p.block_of, &r.p.first, &r.p.end,
                            &r.p.n_marked, &r.work,    &r.touched,    &r.members };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        *arrays[i] = idl_arena_array(scratch, n, sizeof(uint32_t));
    r.is_in_work = idl_arena_array(scratch, n, sizeof(bool));
    r.sources = idl_arena_array(scratch, n * k, sizeof(uint32_t));
    r.sources_from = idl_arena_array(scratch, (n + 1) * k, sizeof(uint32_t));
    invert_transitions(&r);
    first_partition(&r);
    while (r.n_work > 0) {
        uint32_t splitter = r.work[--r.n_work];
        r.is_in_work[splitter] = false;
        refine_by(&r, splitter);
    }
    *ret = r.p;
}

/* A representative transition of a block. */
static uint32_t block_next(const idl_raw_dfa *dfa, const partition *p, uint32_t block,
                           uint32_t column)
{
    uint32_t state = p->elements[p->first[block]];
    return p->block_of[dfa->next[state * dfa->n_classes + column]];
}

/* Numbers blocks: the dead one 0, the start 1, then in the order they are met. Returns how many
 * there are; `order` lists the blocks by number. */
static uint32_t number_blocks(const idl_raw_dfa *dfa, const partition *p, uint32_t *number_of,
                              uint32_t *order)
{
    uint32_t n = 2;
    memset(number_of, 0xff, p->n_blocks * sizeof *number_of);
    order[0] = p->block_of[0];
    order[1] = p->block_of[dfa->start];
    number_of[order[0]] = 0;
    number_of[order[1]] = 1;
    for (uint32_t at = 1; at < n; at++) {
        for (uint32_t column = 0; column < dfa->n_classes; column++) {
            uint32_t to = block_next(dfa, p, order[at], column);
            if (number_of[to] == UINT32_MAX) {
                number_of[to] = n;
                order[n++] = to;
            }
        }
    }
    return n;
}

static uint32_t hash_of_class(const idl_raw_dfa *dfa, const partition *p, uint32_t column)
{
    uint32_t hash = 2166136261u;
    for (uint32_t block = 0; block < p->n_blocks; block++)
        hash = (hash ^ block_next(dfa, p, block, column)) * 16777619u;
    return hash;
}

/* Whether two raw classes lead to the same blocks from everywhere. */
static bool are_same_class(const idl_raw_dfa *dfa, const partition *p, uint32_t a, uint32_t b)
{
    for (uint32_t block = 0; block < p->n_blocks; block++) {
        if (block_next(dfa, p, block, a) != block_next(dfa, p, block, b))
            return false;
    }
    return true;
}

/* Fills `joined` (raw class -> column) and `first_of` (class -> raw column). Returns the number of
 * classes. */
static uint32_t join_classes(const idl_raw_dfa *dfa, const partition *p, uint8_t *joined,
                             uint8_t *first_of)
{
    uint32_t hashes[256];
    uint32_t n = 0;
    for (uint32_t raw = 0; raw < dfa->n_classes; raw++) {
        uint32_t hash = hash_of_class(dfa, p, raw);
        uint32_t same = 0;
        while (same < n && (hashes[same] != hash || !are_same_class(dfa, p, first_of[same], raw)))
            same++;
        if (same == n) {
            hashes[n] = hash;
            first_of[n++] = (uint8_t)raw;
        }
        joined[raw] = (uint8_t)same;
    }
    return n;
}

idl_dfa *idl_dfa_minimize(idl_pattern_run *run, const idl_raw_dfa *raw)
{
    partition p;
    uint8_t joined[256];
    uint8_t first_of[256];
    refine(run->scratch, raw, &p);
    uint32_t *number_of = idl_arena_array(run->scratch, p.n_blocks + 1u, sizeof(uint32_t));
    uint32_t *order = idl_arena_array(run->scratch, p.n_blocks + 1u, sizeof(uint32_t));
    idl_dfa *dfa = idl_arena_alloc(run->arena, sizeof *dfa);
    dfa->n_states = number_blocks(raw, &p, number_of, order);
    dfa->n_classes = join_classes(raw, &p, joined, first_of);
    for (unsigned byte = 0; byte < 256; byte++)
        dfa->classes[byte] = joined[raw->classes[byte]];
    uint16_t *next = idl_arena_array(run->arena, (size_t)dfa->n_states * dfa->n_classes, 2);
    uint8_t *accepts = idl_arena_array(run->arena, (dfa->n_states + 7u) / 8u, 1);
    for (uint32_t state = 0; state < dfa->n_states; state++) {
        for (uint32_t column = 0; column < dfa->n_classes; column++)
            next[state * dfa->n_classes + column] =
                (uint16_t)number_of[block_next(raw, &p, order[state], first_of[column])];
        if (raw->accepts[p.elements[p.first[order[state]]]])
            accepts[state / 8] |= (uint8_t)(1u << (state % 8));
    }
    dfa->next = next;
    dfa->accepts = accepts;
    return dfa;
}
