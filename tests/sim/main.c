/*
 * Runs the simulation: test_sim_core [FIRST-SEED [COUNT]]. A failure prints its seed, which alone
 * runs it again.
 */
#include <stdio.h>
#include <stdlib.h>

#include "world.h"

enum { STEPS = 600 };

static bool run(sim_world *world, uint64_t seed)
{
    bool is_made = world_init(world, seed);
    for (unsigned i = 0; is_made && i < STEPS && world->failure[0] == '\0'; i++) {
        world_step(world);
        world_check(world);
    }
    if (is_made && world->failure[0] == '\0') {
        world_settle(world);
        world_check_settled(world);
    }
    world_deinit(world);
    if (world->failure[0] == '\0')
        return true;
    fprintf(stderr, "seed %llu, step %u: %s\n", (unsigned long long)seed, world->n_steps,
            world->failure);
    return false;
}

/* How the calls of a world ended: a simulation in which all ends are alike tests little. */
static void count_ends(const sim_world *world, uint64_t *ends, uint64_t *flow_ends)
{
    for (uint32_t i = 0; i < world->n_calls; i++) {
        if (world->calls[i].n_done > 0 && world->calls[i].err <= COAX_ERR_UNAUTHENTICATED)
            ends[world->calls[i].err]++;
    }
    for (uint32_t i = 0; i < world->n_flows; i++) {
        const pair_answer *result = &world->flows[i].caller.result;
        if (result->n_done > 0 && result->err <= COAX_ERR_UNAUTHENTICATED)
            flow_ends[result->err]++;
    }
}

static void print_ends(const uint64_t *ends)
{
    for (int code = 0; code <= COAX_ERR_UNAUTHENTICATED; code++) {
        if (ends[code] > 0)
            printf(" %s %llu", coax_err_name((coax_err)code), (unsigned long long)ends[code]);
    }
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 0) : argc > 1 ? 1 : 1000;
    sim_world *world = malloc(sizeof *world);
    if (world == NULL)
        return EXIT_FAILURE;
    uint64_t ends[COAX_ERR_UNAUTHENTICATED + 1] = { 0 };
    uint64_t flow_ends[COAX_ERR_UNAUTHENTICATED + 1] = { 0 };
    uint64_t n_failed = 0;
    for (uint64_t seed = first; seed < first + count && n_failed < 5; seed++) {
        n_failed += !run(world, seed);
        count_ends(world, ends, flow_ends);
    }
    printf("%llu worlds from seed %llu, %llu failures; calls ended", (unsigned long long)count,
           (unsigned long long)first, (unsigned long long)n_failed);
    print_ends(ends);
    printf("; streams");
    print_ends(flow_ends);
    putchar('\n');
    free(world);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
