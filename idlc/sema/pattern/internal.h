/* What the stages of the pattern compiler hand each other: text -> tree (parse.c) -> NFA (nfa.c) ->
 * DFA (subset.c) -> minimal DFA (minimize.c). All of it lives in a scratch arena that compile.c
 * drops at the end.
 */
#ifndef IDL_SEMA_PATTERN_INTERNAL_H
#define IDL_SEMA_PATTERN_INTERNAL_H

#include "sema/pattern/pattern.h"

#define IDL_PATTERN_UNLIMITED UINT32_MAX

/* Code points, both ends included. */
typedef struct idl_cp_range {
    uint32_t low, high;
} idl_cp_range;

typedef enum idl_regex_kind {
    IDL_REGEX_EMPTY, /* matches nothing but the empty text */
    IDL_REGEX_SET, /* one character out of `ranges`, which are sorted, apart, and without surrogates
                    */
    IDL_REGEX_CONCAT, /* `children` in order */
    IDL_REGEX_ALT,    /* one of `children` */
    IDL_REGEX_REPEAT  /* children[0], min to max times */
} idl_regex_kind;

typedef struct idl_regex idl_regex;
struct idl_regex {
    idl_regex_kind kind;
    idl_regex **children;
    size_t n_children;
    size_t capacity;
    idl_cp_range *ranges;
    size_t n_ranges;
    uint32_t min, max;
};

/* Set while a stage runs; the first refusal sticks. */
typedef struct idl_pattern_run {
    idl_arena *scratch;
    idl_arena *arena; /* for words that outlive the run */
    const char *text;
    size_t len;
    uint64_t *steps_left;
    idl_pattern_error *error;
    bool has_failed;
} idl_pattern_run;

/* Notes why the pattern is refused; keeps the first reason. Always false, to return at once. */
bool idl_pattern_fail(idl_pattern_run *run, size_t from, size_t to, const char *message,
                      const char *help);

/* Takes `n` steps out of the budget; false (and failed) when it is used up. */
bool idl_pattern_spend(idl_pattern_run *run, uint64_t n);

/* parse.c: the tree, NULL after a failure. */
idl_regex *idl_regex_parse(idl_pattern_run *run);

/* classes.c: sets of characters. */
typedef struct idl_cp_set {
    idl_cp_range *items;
    size_t count, capacity;
} idl_cp_set;

void idl_cp_set_add(idl_arena *arena, idl_cp_set *set, uint32_t low, uint32_t high);
/* Adds what \d \w \s (lower case) stand for, or with upper case everything else. */
void idl_cp_set_add_named(idl_arena *arena, idl_cp_set *set, char name);
/* Sorts, joins, and turns inside out if asked; then surrogates are gone. */
void idl_cp_set_finish(idl_arena *arena, idl_cp_set *set, bool negate);

typedef enum idl_nfa_kind {
    IDL_NFA_MATCH,
    IDL_NFA_SPLIT, /* out and other, without reading */
    IDL_NFA_BYTE   /* out, on a byte from low to high */
} idl_nfa_kind;

typedef struct idl_nfa_state {
    uint8_t kind;
    uint8_t low, high;
    uint32_t out, other;
} idl_nfa_state;

typedef struct idl_nfa {
    idl_nfa_state *states;
    size_t count, capacity;
    uint32_t start;
} idl_nfa;

/* nfa.c: false after a failure. */
bool idl_nfa_build(idl_pattern_run *run, const idl_regex *tree, idl_nfa *ret_nfa);

/* A complete automaton: next[state * n_classes + class]; state 0 is dead. */
typedef struct idl_raw_dfa {
    uint8_t classes[256];
    uint32_t n_classes;
    uint32_t n_states;
    uint32_t start;
    uint16_t *next;
    bool *accepts;
} idl_raw_dfa;

/* subset.c: false after a failure. */
bool idl_dfa_construct(idl_pattern_run *run, const idl_nfa *nfa, idl_raw_dfa *ret_dfa);

/* minimize.c: the smallest automaton of the same language, in `run->arena`, numbered from the start
 * outwards. */
idl_dfa *idl_dfa_minimize(idl_pattern_run *run, const idl_raw_dfa *raw);

#endif
