/*
 * A lock that is handed in from above: this layer knows no threads. All zero: nobody else is there.
 */
#ifndef CX_SESSION_GUARD_H
#define CX_SESSION_GUARD_H

#include <stddef.h>

typedef struct cx_guard {
    void *self;
    void (*lock)(void *self);
    void (*unlock)(void *self);
} cx_guard;

static inline void cx_guard_lock(const cx_guard *guard)
{
    if (guard->lock != NULL)
        guard->lock(guard->self);
}

static inline void cx_guard_unlock(const cx_guard *guard)
{
    if (guard->unlock != NULL)
        guard->unlock(guard->self);
}

#endif
