/* @pattern: a regular expression becomes a minimal automaton over bytes.
 *
 * The language is the regular subset everybody knows: literals, '.', classes with ranges and
 * negation, \d \w \s and their opposites, groups, '|', and * + ? {m} {m,} {m,n}. A pattern always
 * describes the whole text. Whatever needs more than a finite automaton (backreferences,
 * lookaround) or means nothing here (lazy quantifiers, anchors inside) is refused with its place.
 * '.' and negated classes match one whole UTF-8 character; '.' no line feed.
 *
 * Cost is bounded three ways: states of the NFA, states of the DFA, and steps of the construction.
 *
 * Must not know: schemas, diagnostics. Read next: internal.h.
 */
#ifndef IDL_SEMA_PATTERN_PATTERN_H
#define IDL_SEMA_PATTERN_PATTERN_H

#include "front/arena.h"
#include "sema/model.h"

#define IDL_PATTERN_MAX_NESTING 64
#define IDL_PATTERN_MAX_COUNT 1000u
#define IDL_PATTERN_MAX_NFA_STATES 32768u
#define IDL_PATTERN_MAX_DFA_STATES 4096u
#define IDL_PATTERN_MAX_STEPS 20000000u /* of one pattern: some tens of milliseconds */

/* Why a pattern was refused, and which of its bytes are to blame. */
typedef struct idl_pattern_error {
    const char *message; /* in the arena, or static */
    const char *help;    /* or NULL */
    uint32_t from, to;
} idl_pattern_error;

/* The automaton of `len` bytes of UTF-8, numbered the same on every run: state 0 is dead, 1 the
 * start. NULL after an error, which `ret_error` then describes. The steps taken are subtracted from
 * `*steps_left`, which bounds a whole run; out of steps is an error like any other. */
idl_dfa *idl_pattern_compile(idl_arena *arena, const char *text, size_t len, uint64_t *steps_left,
                             idl_pattern_error *ret_error);

/* Whether the automaton accepts the whole text. */
bool idl_dfa_matches(const idl_dfa *dfa, const char *text, size_t len);

/* Whether only texts up to some length are accepted, that is, whether no accepted path has a loop.
 */
bool idl_dfa_is_bounded(const idl_dfa *dfa);

#endif
