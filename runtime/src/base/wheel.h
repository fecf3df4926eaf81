/*
 * Timers for everything on one loop: a hierarchical wheel, on a clock that is handed in.
 *
 * Arming and cancelling are O(1) and allocate nothing, because entries live in what they time. Time
 * is cut into ticks of 2^20 ns (about a millisecond); a timer fires in the first advance at or
 * after the end of the tick its due time lies in: never early, less than a tick late. Eight levels
 * of 64 slots cover every 64-bit time, each level 64 times coarser than the one below; an entry
 * falls to a finer level when its slot comes up, at most seven times. One thread at a time.
 */
#ifndef CX_BASE_WHEEL_H
#define CX_BASE_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"

#define CX_WHEEL_TICK_BITS 20u
#define CX_WHEEL_SLOT_BITS 6u
#define CX_WHEEL_SLOTS 64u
#define CX_WHEEL_LEVELS 8u
#define CX_WHEEL_NEVER UINT64_MAX

typedef struct cx_timer cx_timer;

/* Called once when the timer is due; it is disarmed by then, and may be armed again, or freed, with
 * all others. */
typedef void (*cx_timer_fn)(cx_timer *timer, uint64_t now_ns);

struct cx_timer {
    cx_list links;
    uint64_t tick; /* when it is due */
    cx_timer_fn on_due;
    uint16_t place; /* level * CX_WHEEL_SLOTS + slot, or one of the wheel's marks */
};

typedef struct cx_wheel {
    uint64_t start_ns;               /* of tick 0 */
    uint64_t tick;                   /* all ticks up to here are done */
    uint64_t taken[CX_WHEEL_LEVELS]; /* a bit per slot that holds something */
    cx_list slots[CX_WHEEL_LEVELS * CX_WHEEL_SLOTS];
    cx_list firing; /* due in the advance under way */
    uint32_t count; /* armed timers */
} cx_wheel;

/* An empty wheel whose clock stands at `now_ns`. Nothing to deinit: entries belong to their owners.
 */
void cx_wheel_init(cx_wheel *wheel, uint64_t now_ns);

/* A disarmed timer. */
void cx_timer_init(cx_timer *timer, cx_timer_fn on_due);

bool cx_timer_is_armed(const cx_timer *timer);

/* When it is, or was, due: at the end of a tick. For a timer that has been armed. */
uint64_t cx_timer_due_ns(const cx_wheel *wheel, const cx_timer *timer);

/* Arms `timer` for `due_ns`, or moves it there if it is armed. A time in the past is due in the
 * next tick. */
void cx_wheel_arm(cx_wheel *wheel, cx_timer *timer, uint64_t due_ns);

/* Disarms; fine when it isn't armed, and from within any on_due. */
void cx_wheel_cancel(cx_wheel *wheel, cx_timer *timer);

/*
 * Moves the clock to `now_ns` and fires what is due, in order of ticks; a clock that goes back is
 * taken to stand still. Returns how many fired. Not from within an on_due.
 */
uint32_t cx_wheel_advance(cx_wheel *wheel, uint64_t now_ns);

/* The time by which cx_wheel_advance should be called next, never later than the first timer's;
 * CX_WHEEL_NEVER if none is armed. */
uint64_t cx_wheel_next_ns(const cx_wheel *wheel);

#endif
