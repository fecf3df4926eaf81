/*
 * The line, and the task that lets its first ones go on.
 */
#include "node/turnstile.h"

/* A new turn has begun: as many may compute again. */
static void begin_turn(coax_loop *loop)
{
    cx_turnstile *it = &loop->turnstile;
    if (it->turn == loop->n_turns)
        return;
    it->turn = loop->n_turns;
    it->n_computed = 0;
}

static void let_go_on(void *self)
{
    coax_loop *loop = self;
    cx_turnstile *it = &loop->turnstile;
    begin_turn(loop);
    while (it->n_computed < CX_COMPUTES_PER_TURN && !cx_list_is_empty(&it->line)) {
        cx_conn *conn = CX_CONTAINER(it->line.next, cx_conn, in_line);
        cx_list_remove(&conn->in_line);
        it->n_computed++;
        cx_core_defer(&loop->core, &conn->resume);
    }
    if (!cx_list_is_empty(&it->line))
        loop->net.defer(&loop->net, &it->task); /* not before the next turn */
}

bool cx_turnstile_admits(cx_conn *conn)
{
    coax_loop *loop = conn->loop;
    cx_turnstile *it = &loop->turnstile;
    begin_turn(loop);
    conn->has_spoken = true;
    conn->since_ns = cx_loop_now(loop);
    if (it->n_computed < CX_COMPUTES_PER_TURN && cx_list_is_empty(&it->line)) {
        it->n_computed++;
        return true;
    }
    if (cx_list_is_empty(&conn->in_line))
        cx_list_append(&it->line, &conn->in_line);
    it->task.run = let_go_on;
    it->task.self = loop;
    loop->net.defer(&loop->net, &it->task);
    return false;
}
