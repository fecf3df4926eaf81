/* The stages in order, their budget and their first failure; and what can be asked of a finished
 * automaton. */
#include "sema/pattern/internal.h"

#include "front/utf8.h"

bool idl_pattern_fail(idl_pattern_run *run, size_t from, size_t to, const char *message,
                      const char *help)
{
    if (!run->has_failed) {
        run->has_failed = true;
        *run->error = (idl_pattern_error){
            .message = message, .help = help, .from = (uint32_t)from, .to = (uint32_t)to
        };
    }
    return false;
}

bool idl_pattern_spend(idl_pattern_run *run, uint64_t n)
{
    if (n > *run->steps_left) {
        *run->steps_left = 0;
        return idl_pattern_fail(
            run, 0, run->len, "the pattern takes too long to compile",
            "choices that overlap and are counted multiply; say it in a simpler way");
    }
    *run->steps_left -= n;
    return true;
}

static idl_dfa *run_stages(idl_pattern_run *run)
{
    idl_nfa nfa;
    idl_raw_dfa raw;
    size_t bad = idl_utf8_check(run->text, run->len);
    if (bad < run->len) {
        idl_pattern_fail(run, bad, bad + 1, "a pattern must be valid UTF-8", NULL);
        return NULL;
    }
    const idl_regex *tree = idl_regex_parse(run);
    if (tree == NULL || !idl_nfa_build(run, tree, &nfa) || !idl_dfa_construct(run, &nfa, &raw) ||
        !idl_pattern_spend(run, (uint64_t)raw.n_states * raw.n_classes))
        return NULL;
    return idl_dfa_minimize(run, &raw);
}

idl_dfa *idl_pattern_compile(idl_arena *arena, const char *text, size_t len, uint64_t *steps_left,
                             idl_pattern_error *ret_error)
{
    idl_arena scratch;
    uint64_t budget = *steps_left < IDL_PATTERN_MAX_STEPS ? *steps_left : IDL_PATTERN_MAX_STEPS;
    uint64_t left = budget;
    idl_pattern_run run = { .scratch = &scratch,
                            .arena = arena,
                            .text = text,
                            .len = len,
                            .steps_left = &left,
                            .error = ret_error };
    idl_arena_init(&scratch);
    idl_dfa *dfa = run_stages(&run);
    idl_arena_deinit(&scratch);
    *steps_left -= budget - left;
    return dfa;
}

static bool accepts(const idl_dfa *dfa, uint32_t state)
{
    return (dfa->accepts[state / 8] >> (state % 8) & 1) != 0;
}

bool idl_dfa_matches(const idl_dfa *dfa, const char *text, size_t len)
{
    uint32_t state = 1;
    for (size_t i = 0; i < len; i++)
        state = dfa->next[state * dfa->n_classes + dfa->classes[(unsigned char)text[i]]];
    return accepts(dfa, state);
}

/* In a minimal automaton every state but the dead one is reached from the start and reaches an
 * accepting one, so the language is finite exactly if no live state has a path back to itself.
 * States are removed once nothing live leads to them; what can't be removed is on a loop or behind
 * one. */
bool idl_dfa_is_bounded(const idl_dfa *dfa)
{
    idl_arena scratch;
    idl_arena_init(&scratch);
    uint32_t *n_into = idl_arena_array(&scratch, dfa->n_states, sizeof(uint32_t));
    uint32_t *ready = idl_arena_array(&scratch, dfa->n_states, sizeof(uint32_t));
    uint32_t n_ready = 0;
    uint32_t n_removed = 0;
    for (uint32_t i = dfa->n_classes; i < dfa->n_states * dfa->n_classes; i++)
        n_into[dfa->next[i]]++;
    if (n_into[1] == 0)
        ready[n_ready++] = 1;
    while (n_ready > 0) {
        uint32_t state = ready[--n_ready];
        n_removed++;
        for (uint32_t column = 0; column < dfa->n_classes; column++) {
            uint32_t to = dfa->next[state * dfa->n_classes + column];
            if (--n_into[to] == 0 && to != 0)
                ready[n_ready++] = to;
        }
    }
    idl_arena_deinit(&scratch);
    return n_removed == dfa->n_states - 1;
}
