/*
 * The simulated world: clock, heap of events, seeded randomness, nodes, and faults on its
 * connections.
 *
 * The heap orders by time and then by the order of planning, so that a run is the same whenever the
 * seed is. Read next: sim_stream.c.
 */
#include <stdlib.h>
#include <string.h>

#include "transport/sim_parts.h"

cx_sim *cx_sim_create(uint64_t seed)
{
    cx_sim *sim = calloc(1, sizeof *sim);
    if (sim == NULL)
        return NULL;
    sim->now_ns = 1000000000u; /* not 0, so that a forgotten time shows */
    sim->random = seed;
    sim->next_port = 40000;
    cx_list_init(&sim->nodes);
    cx_list_init(&sim->ends);
    return sim;
}

void cx_sim_destroy(cx_sim *sim)
{
    if (sim == NULL)
        return;
    free(sim->heap);
    free(sim);
}

uint64_t cx_sim_now(const cx_sim *sim)
{
    return sim->now_ns;
}

uint64_t cx_sim_steps(const cx_sim *sim)
{
    return sim->n_steps;
}

/* SplitMix64 (Steele, Lea, Flood 2014): any seed is as good as another. */
uint64_t cx_sim_random(cx_sim *sim)
{
    uint64_t z = (sim->random += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint64_t cx_sim_below(cx_sim *sim, uint64_t below)
{
    return below == 0 ? 0 : cx_sim_random(sim) % below;
}

void cx_sim_set_weather(cx_sim *sim, const cx_sim_weather *weather)
{
    sim->weather = *weather;
}

static bool is_before(const cx_sim_event *a, const cx_sim_event *b)
{
    return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->order < b->order;
}

static void put(cx_sim *sim, uint32_t index, cx_sim_event *event)
{
    sim->heap[index] = event;
    event->place = index + 1;
}

static void sift_up(cx_sim *sim, uint32_t index)
{
    cx_sim_event *event = sim->heap[index];
    while (index > 0 && is_before(event, sim->heap[(index - 1) / 2])) {
        put(sim, index, sim->heap[(index - 1) / 2]);
        index = (index - 1) / 2;
    }
    put(sim, index, event);
}

static void sift_down(cx_sim *sim, uint32_t index)
{
    cx_sim_event *event = sim->heap[index];
    for (;;) {
        uint32_t child = 2 * index + 1;
        if (child >= sim->n_events)
            break;
        if (child + 1 < sim->n_events && is_before(sim->heap[child + 1], sim->heap[child]))
            child++;
        if (!is_before(sim->heap[child], event))
            break;
        put(sim, index, sim->heap[child]);
        index = child;
    }
    put(sim, index, event);
}

void cx_sim_cancel(cx_sim *sim, cx_sim_event *event)
{
    if (event->place == 0)
        return;
    uint32_t index = event->place - 1;
    event->place = 0;
    cx_sim_event *last = sim->heap[--sim->n_events];
    if (last == event)
        return;
    put(sim, index, last);
    sift_up(sim, index);
    sift_down(sim, last->place - 1);
}

bool cx_sim_reserve(cx_sim *sim, uint32_t n)
{
    uint32_t wanted = sim->n_reserved + n;
    if (wanted > sim->max_events) {
        uint32_t more = wanted > 32 ? wanted * 2 : 64;
        cx_sim_event **heap = realloc(sim->heap, more * sizeof *heap);
        if (heap == NULL)
            return false;
        sim->heap = heap;
        sim->max_events = more;
    }
    sim->n_reserved = wanted;
    return true;
}

void cx_sim_unreserve(cx_sim *sim, uint32_t n)
{
    sim->n_reserved -= n;
}

void cx_sim_plan(cx_sim *sim, cx_sim_event *event, uint64_t at_ns)
{
    cx_sim_cancel(sim, event);
    event->at_ns = at_ns < sim->now_ns ? sim->now_ns : at_ns;
    event->order = sim->next_order++;
    put(sim, sim->n_events, event);
    sim->n_events++;
    sift_up(sim, sim->n_events - 1);
}

bool cx_sim_step(cx_sim *sim)
{
    if (sim->n_events == 0)
        return false;
    cx_sim_event *event = sim->heap[0];
    cx_sim_node *node = event->node;
    cx_sim_cancel(sim, event);
    sim->now_ns = event->at_ns;
    sim->n_steps++;
    event->happen(event->self);
    node->end_turn(node->self);
    return true;
}

void cx_sim_run_until(cx_sim *sim, uint64_t at_ns)
{
    while (sim->n_events > 0 && sim->heap[0]->at_ns <= at_ns)
        (void)cx_sim_step(sim);
    if (sim->now_ns < at_ns)
        sim->now_ns = at_ns;
}

void cx_sim_add_node(cx_sim *sim, cx_sim_node *node)
{
    node->sim = sim;
    cx_list_init(&node->listeners);
    cx_list_init(&node->links);
    cx_list_append(&sim->nodes, &node->links);
}

void cx_sim_remove_node(cx_sim_node *node)
{
    cx_list_remove(&node->links);
}

static bool belongs(const cx_sim_end *end, const cx_sim_node *node)
{
    if (node == NULL || end->stream.net->sim == node)
        return true;
    return end->other != NULL && end->other->stream.net->sim == node;
}

void cx_sim_reset(cx_sim *sim, const cx_sim_node *node)
{
    for (cx_list *at = sim->ends.next; at != &sim->ends; at = at->next) {
        cx_sim_end *end = CX_CONTAINER(at, cx_sim_end, links);
        if (belongs(end, node) && end->state == CX_SIM_OPEN)
            cx_sim_end_break(end);
    }
}

void cx_sim_black_hole(cx_sim *sim, const cx_sim_node *node)
{
    for (cx_list *at = sim->ends.next; at != &sim->ends; at = at->next) {
        cx_sim_end *end = CX_CONTAINER(at, cx_sim_end, links);
        if (belongs(end, node) && end->state == CX_SIM_OPEN)
            cx_sim_end_lose(end);
    }
}

void cx_sim_stall(cx_sim *sim, const cx_sim_node *node, uint64_t until_ns)
{
    for (cx_list *at = sim->ends.next; at != &sim->ends; at = at->next) {
        cx_sim_end *end = CX_CONTAINER(at, cx_sim_end, links);
        if (belongs(end, node))
            cx_sim_end_stall(end, until_ns);
    }
}
