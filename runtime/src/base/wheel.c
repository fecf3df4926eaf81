/*
 * The timer wheel.
 *
 * An entry's level is that of the highest bit in which its tick differs from the wheel's:
 * everything below that bit must pass first, and then the entry is looked at again. Knows no clock.
 * Read next: env_system.c.
 */
#include <assert.h>

#include <coax/endian.h>

#include "base/wheel.h"

/* Places that are no slots. */
enum { PLACE_NONE = 0xffff, PLACE_FIRING = 0xfffe };

void cx_wheel_init(cx_wheel *wheel, uint64_t now_ns)
{
    wheel->start_ns = now_ns;
    wheel->tick = 0;
    wheel->count = 0;
    cx_list_init(&wheel->firing);
    for (unsigned level = 0; level < CX_WHEEL_LEVELS; level++)
        wheel->taken[level] = 0;
    for (unsigned i = 0; i < CX_WHEEL_LEVELS * CX_WHEEL_SLOTS; i++)
        cx_list_init(&wheel->slots[i]);
}

void cx_timer_init(cx_timer *timer, cx_timer_fn on_due)
{
    cx_list_init(&timer->links);
    timer->tick = 0;
    timer->on_due = on_due;
    timer->place = PLACE_NONE;
}

bool cx_timer_is_armed(const cx_timer *timer)
{
    return timer->place != PLACE_NONE;
}

/* The first tick that is wholly past once `ns` has come. */
static uint64_t tick_of_due(const cx_wheel *wheel, uint64_t ns)
{
    if (ns <= wheel->start_ns)
        return 0;
    uint64_t since = ns - wheel->start_ns;
    uint64_t partial = (since & (((uint64_t)1 << CX_WHEEL_TICK_BITS) - 1)) != 0;
    return (since >> CX_WHEEL_TICK_BITS) + partial;
}

uint64_t cx_timer_due_ns(const cx_wheel *wheel, const cx_timer *timer)
{
    return wheel->start_ns + (timer->tick << CX_WHEEL_TICK_BITS);
}

/* Links `timer`, whose tick is still to come, into its slot. */
static void place(cx_wheel *wheel, cx_timer *timer)
{
    unsigned level = (coax_bit_width(timer->tick ^ wheel->tick) - 1) / CX_WHEEL_SLOT_BITS;
    unsigned slot = (unsigned)(timer->tick >> (level * CX_WHEEL_SLOT_BITS)) % CX_WHEEL_SLOTS;
    assert(level < CX_WHEEL_LEVELS);
    timer->place = (uint16_t)(level * CX_WHEEL_SLOTS + slot);
    wheel->taken[level] |= (uint64_t)1 << slot;
    cx_list_append(&wheel->slots[timer->place], &timer->links);
}

void cx_wheel_arm(cx_wheel *wheel, cx_timer *timer, uint64_t due_ns)
{
    cx_wheel_cancel(wheel, timer);
    timer->tick = tick_of_due(wheel, due_ns);
    if (timer->tick <= wheel->tick)
        timer->tick = wheel->tick + 1;
    place(wheel, timer);
    wheel->count++;
}

void cx_wheel_cancel(cx_wheel *wheel, cx_timer *timer)
{
    if (timer->place == PLACE_NONE)
        return;
    cx_list_remove(&timer->links);
    wheel->count--;
    if (timer->place != PLACE_FIRING && cx_list_is_empty(&wheel->slots[timer->place]))
        wheel->taken[timer->place / CX_WHEEL_SLOTS] &=
            ~((uint64_t)1 << (timer->place % CX_WHEEL_SLOTS));
    timer->place = PLACE_NONE;
}

/* The first slot that holds something, and the tick at which it comes up. False when the wheel is
 * empty. */
static bool find_first(const cx_wheel *wheel, unsigned *ret_place, uint64_t *ret_tick)
{
    /* A finer level's slots all come before the next slot of a coarser one, and on one level slots
     * ahead of the wheel's own are the only ones taken, because an entry differs from the wheel
     * upwards. So the lowest bit of the lowest level it is. */
    for (unsigned level = 0; level < CX_WHEEL_LEVELS; level++) {
        uint64_t taken = wheel->taken[level];
        if (taken == 0)
            continue;
        unsigned slot = coax_bit_width(taken & (~taken + 1)) - 1;
        unsigned shift = level * CX_WHEEL_SLOT_BITS;
        uint64_t above =
            shift + CX_WHEEL_SLOT_BITS >= 64 ? 0 : wheel->tick >> (shift + CX_WHEEL_SLOT_BITS);
        *ret_place = level * CX_WHEEL_SLOTS + slot;
        *ret_tick = ((above << CX_WHEEL_SLOT_BITS) | slot) << shift;
        return true;
    }
    return false;
}

/* Takes a slot's entries out: those due now to be fired, the others down to finer levels. */
static void open_slot(cx_wheel *wheel, unsigned at)
{
    cx_list entries;
    cx_list_init(&entries);
    cx_list_append_all(&entries, &wheel->slots[at]);
    wheel->taken[at / CX_WHEEL_SLOTS] &= ~((uint64_t)1 << (at % CX_WHEEL_SLOTS));
    for (cx_list *links; (links = cx_list_take_first(&entries)) != NULL;) {
        cx_timer *timer = CX_CONTAINER(links, cx_timer, links);
        if (timer->tick > wheel->tick) {
            place(wheel, timer);
        } else {
            timer->place = PLACE_FIRING;
            cx_list_append(&wheel->firing, links);
        }
    }
}

static uint32_t fire_all(cx_wheel *wheel, uint64_t now_ns)
{
    uint32_t n_fired = 0;
    for (cx_list *links; (links = cx_list_take_first(&wheel->firing)) != NULL; n_fired++) {
        cx_timer *timer = CX_CONTAINER(links, cx_timer, links);
        timer->place = PLACE_NONE;
        wheel->count--;
        timer->on_due(timer, now_ns);
    }
    return n_fired;
}

uint32_t cx_wheel_advance(cx_wheel *wheel, uint64_t now_ns)
{
    uint32_t n_fired = 0;
    uint64_t now_tick =
        now_ns <= wheel->start_ns ? 0 : (now_ns - wheel->start_ns) >> CX_WHEEL_TICK_BITS;
    assert(cx_list_is_empty(&wheel->firing));
    unsigned at;
    uint64_t tick;
    while (find_first(wheel, &at, &tick) && tick <= now_tick) {
        wheel->tick = tick;
        open_slot(wheel, at);
        n_fired += fire_all(wheel, now_ns);
    }
    if (now_tick > wheel->tick)
        wheel->tick = now_tick;
    return n_fired;
}

uint64_t cx_wheel_next_ns(const cx_wheel *wheel)
{
    unsigned at;
    uint64_t tick;
    if (!find_first(wheel, &at, &tick))
        return CX_WHEEL_NEVER;
    if (tick > (UINT64_MAX - wheel->start_ns) >> CX_WHEEL_TICK_BITS)
        return CX_WHEEL_NEVER - 1;
    return wheel->start_ns + (tick << CX_WHEEL_TICK_BITS);
}
