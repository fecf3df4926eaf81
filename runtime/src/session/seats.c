/*
 * One seat for each principal, in a table that grows with the connections and is given back empty.
 *
 * Read next: seats.h.
 */
#include <string.h>

#include "base/siphash.h"
#include "session/seats.h"

enum { FIRST_ROWS = 64 };

static void *take(const coax_env *env, size_t size)
{
    return env->allocator.resize(env->allocator.self, NULL, size);
}

static void give(const coax_env *env, void *memory)
{
    env->allocator.release(env->allocator.self, memory);
}

void cx_seats_init(cx_seats *seats, const coax_env *env, const cx_guard *guard)
{
    memset(seats, 0, sizeof *seats);
    seats->env = env;
    seats->guard = guard;
    env->random(env->self, seats->key, sizeof seats->key);
}

void cx_seats_deinit(cx_seats *seats)
{
    for (uint32_t i = 0; i < seats->n_rows; i++) {
        cx_seat *seat = seats->rows[i];
        while (seat != NULL) {
            cx_seat *next = seat->next;
            give(seats->env, seat);
            seat = next;
        }
    }
    if (seats->env != NULL)
        give(seats->env, seats->rows);
    memset(seats, 0, sizeof *seats);
}

static bool is_same(coax_peer a, coax_peer b)
{
    return a.loop == b.loop && a.index == b.index && a.generation == b.generation;
}

static cx_seat **row_of(cx_seats *seats, uint64_t hash)
{
    return &seats->rows[hash & (seats->n_rows - 1)];
}

/* Where the seat hangs, or would. */
static cx_seat **find(cx_seats *seats, const char *principal, uint64_t hash)
{
    cx_seat **at = row_of(seats, hash);
    while (*at != NULL && ((*at)->hash != hash || strcmp((*at)->principal, principal) != 0))
        at = &(*at)->next;
    return at;
}

/* Room for one more. A table that can't grow goes on as it is, with longer rows. */
static bool grow(cx_seats *seats)
{
    if (seats->count < seats->n_rows)
        return true;
    const uint32_t n_rows = seats->n_rows == 0 ? FIRST_ROWS : seats->n_rows * 2;
    cx_seat **was = seats->rows;
    const uint32_t n_was = seats->n_rows;
    cx_seat **rows = take(seats->env, n_rows * sizeof(cx_seat *));
    if (rows == NULL)
        return n_was > 0;
    memset(rows, 0, n_rows * sizeof(cx_seat *));
    seats->rows = rows;
    seats->n_rows = n_rows;
    for (uint32_t i = 0; i < n_was; i++) {
        while (was[i] != NULL) {
            cx_seat *seat = was[i];
            cx_seat **to = row_of(seats, seat->hash);
            was[i] = seat->next;
            seat->next = *to;
            *to = seat;
        }
    }
    give(seats->env, was);
    return true;
}

static coax_err take_locked(cx_seats *seats, const char *principal, coax_peer peer,
                            const coax_peer *gone, coax_peer *ret_other)
{
    const size_t len = strlen(principal);
    const uint64_t hash = cx_siphash(seats->key, principal, len);
    if (!grow(seats))
        return COAX_ERR_NO_MEMORY;
    cx_seat **at = find(seats, principal, hash);
    if (*at != NULL) {
        *ret_other = (*at)->peer;
        if (gone == NULL || !is_same(*gone, (*at)->peer))
            return COAX_ERR_ALREADY_EXISTS;
        (*at)->peer = peer;
        return COAX_OK;
    }
    cx_seat *seat = take(seats->env, sizeof *seat + len + 1);
    if (seat == NULL)
        return COAX_ERR_NO_MEMORY;
    seat->next = NULL;
    seat->hash = hash;
    seat->peer = peer;
    memcpy(seat->principal, principal, len + 1);
    *at = seat;
    seats->count++;
    return COAX_OK;
}

coax_err cx_seats_take(cx_seats *seats, const char *principal, coax_peer peer,
                       const coax_peer *gone, coax_peer *ret_other)
{
    cx_guard_lock(seats->guard);
    coax_err err = take_locked(seats, principal, peer, gone, ret_other);
    cx_guard_unlock(seats->guard);
    return err;
}

static void leave_locked(cx_seats *seats, const char *principal, coax_peer peer)
{
    if (seats->n_rows == 0)
        return;
    cx_seat **at = find(seats, principal, cx_siphash(seats->key, principal, strlen(principal)));
    cx_seat *seat = *at;
    if (seat == NULL || !is_same(seat->peer, peer))
        return;
    *at = seat->next;
    give(seats->env, seat);
    seats->count--;
}

void cx_seats_leave(cx_seats *seats, const char *principal, coax_peer peer)
{
    cx_guard_lock(seats->guard);
    leave_locked(seats, principal, peer);
    cx_guard_unlock(seats->guard);
}
