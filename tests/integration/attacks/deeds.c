/*
 * The script that does deeds to units.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "deeds.h"

#define MS UINT64_C(1000000)
#define RECORD_MAX (2u + 65535u)

static uint8_t random_byte(deeds *d)
{
    d->random = d->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint8_t)(d->random >> 56);
}

static const mitm_link *link_of(const mitm *m, uint32_t number)
{
    for (const mitm_link *at = m->first; at != NULL; at = at->next) {
        if (at->number == number)
            return at;
    }
    return NULL;
}

static mitm_way other(mitm_way way)
{
    return way == MITM_UP ? MITM_DOWN : MITM_UP;
}

static bool holds(const mitm_unit *unit, const deed *one)
{
    return unit->way == one->way && one->at >= unit->offset && one->at < unit->offset + unit->len;
}

static bool is_it(const mitm_unit *unit, const deed *one)
{
    return unit->way == one->way && unit->kind == one->kind && unit->index == one->index;
}

/* Contents nobody sent, in the form of `unit`. */
static void forge(deeds *d, mitm_link *link, const mitm_unit *unit, size_t len)
{
    uint8_t bytes[RECORD_MAX];
    size_t head = unit->kind == MITM_MESSAGE || unit->kind == MITM_RECORD ? 2 : 0;
    assert_true(head + len <= sizeof bytes);
    bytes[0] = (uint8_t)len;
    bytes[1] = (uint8_t)(len >> 8);
    for (size_t i = head; i < head + len; i++)
        bytes[i] = random_byte(d);
    mitm_send(link, unit->way, bytes, head + len);
}

/* A deed at one byte of the unit. */
static void at_byte(deeds *d, const deed *one, mitm_link *link, const mitm_unit *unit)
{
    size_t i = one->at - unit->offset;
    size_t skip = 0;
    uint8_t changed = unit->bytes[i];
    mitm_send(link, unit->way, unit->bytes, i);
    if (one->act == DEED_CUT) {
        mitm_cut(link, one->how);
        return;
    }
    for (uint32_t n = 0; one->act == DEED_INSERT && n < one->value; n++) {
        uint8_t byte = random_byte(d);
        mitm_send(link, unit->way, &byte, 1);
    }
    if (one->act == DEED_LOSE)
        skip = one->value < unit->len - i ? one->value : unit->len - i;
    else if (one->act == DEED_FLIP)
        changed ^= (uint8_t)one->value;
    else if (one->act == DEED_SET)
        changed = (uint8_t)one->value;
    if (one->act == DEED_WRITE) {
        skip = one->value < unit->len - i ? one->value : unit->len - i;
        mitm_send(link, unit->way, one->bytes, skip);
    }
    if (skip == 0) {
        mitm_send(link, unit->way, &changed, 1);
        skip = 1;
    }
    mitm_send(link, unit->way, unit->bytes + i + skip, unit->len - i - skip);
}

static void splice(const deed *one, mitm_link *link, const mitm_unit *unit)
{
    const mitm_link *from = link_of(link->mitm, one->from);
    const mitm_unit *foreign =
        from != NULL ? mitm_find(from, unit->way, unit->kind, unit->index) : NULL;
    if (foreign == NULL)
        fail_msg("the connection %u has no unit of kind %d, index %u", (unsigned)one->from,
                 (int)unit->kind, (unsigned)unit->index);
    mitm_send(link, unit->way, foreign->bytes, foreign->len);
}

/* From this unit on, all that another connection said this way. */
static void graft(deeds *d, const deed *one, mitm_link *link, const mitm_unit *unit)
{
    d->is_grafted = true;
    const mitm_link *from = link_of(link->mitm, one->from);
    assert_non_null(from);
    for (const mitm_unit *at = mitm_find(from, unit->way, unit->kind, unit->index); at != NULL;
         at = at->next)
        mitm_send(link, unit->way, at->bytes, at->len);
}

/* A deed to the whole unit. */
static void to_unit(deeds *d, const deed *one, mitm_link *link, const mitm_unit *unit)
{
    switch (one->act) {
    case DEED_REPEAT: mitm_pass(link, unit); break;
    case DEED_REFLECT:
        mitm_send(link, other(unit->way), unit->bytes, unit->len);
        if (one->value == 0)
            return;
        break;
    case DEED_FORGE: forge(d, link, unit, one->value); break;
    case DEED_REPLACE: forge(d, link, unit, one->value); return;
    case DEED_SPLICE: splice(one, link, unit); return;
    case DEED_GRAFT: graft(d, one, link, unit); return;
    case DEED_HOLD: mitm_hold(link, one->value * MS); break;
    case DEED_DROP: return;
    default: break;
    }
    mitm_pass(link, unit);
}

static bool is_at_byte(deed_act act)
{
    return act >= DEED_FLIP && act <= DEED_WRITE;
}

/* Deeds that touch units other than the one they name. @return whether this unit is dealt with. */
static bool to_others(deeds *d, const deed *one, mitm_link *link, const mitm_unit *unit)
{
    bool is_same = unit->way == one->way && unit->kind == one->kind;
    if (one->act == DEED_SWAP && is_same && unit->index == one->index) {
        d->n_done++;
        return true; /* waits for the next, and in vain when there is none */
    }
    if (one->act == DEED_SWAP && is_same && unit->index == one->index + 1) {
        mitm_pass(link, unit);
        mitm_pass(link, mitm_find(link, one->way, one->kind, one->index));
        return true;
    }
    if (one->act == DEED_AGAIN && is_same && unit->index == one->index + one->value) {
        mitm_pass(link, unit);
        mitm_pass(link, mitm_find(link, one->way, one->kind, one->index));
        d->n_done++;
        return true;
    }
    return one->act == DEED_GRAFT && d->is_grafted && unit->way == one->way;
}

static void run(void *self, mitm_link *link, const mitm_unit *unit)
{
    deeds *d = self;
    for (uint32_t i = 0; i < d->n && link->number == d->link; i++) {
        const deed *one = &d->list[i];
        if (is_at_byte(one->act) && holds(unit, one)) {
            d->n_done++;
            at_byte(d, one, link, unit);
            return;
        }
        if (to_others(d, one, link, unit))
            return;
        if (one->act >= DEED_REPEAT && one->act != DEED_AGAIN && is_it(unit, one)) {
            d->n_done++;
            to_unit(d, one, link, unit);
            return;
        }
    }
    mitm_pass(link, unit);
}

void deeds_set(deeds *d, mitm *m, const deed *one, uint64_t seed)
{
    memset(d, 0, sizeof *d);
    d->link = m->n_links;
    d->random = seed;
    m->script = run;
    m->self = d;
    m->crumbles = false;
    deeds_add(d, one);
    if (one->act == DEED_CRUMBLE)
        m->crumbles = true;
}

void deeds_add(deeds *d, const deed *one)
{
    assert_true(d->n < DEEDS_MAX);
    d->list[d->n++] = *one;
}

const char *deed_act_name(deed_act act)
{
    static const char *const names[] = { "nothing", "flip",    "set",    "cut",     "insert",
                                         "lose",    "write",   "repeat", "again",   "drop",
                                         "swap",    "reflect", "forge",  "replace", "splice",
                                         "graft",   "hold",    "crumble" };
    return (size_t)act < sizeof names / sizeof names[0] ? names[act] : "?";
}

const char *deed_print(const deed *one, char buffer[200])
{
    static const char *const kinds[MITM_KINDS] = { "preface", "gate",    "message", "record",
                                                   "frame",   "refusal", "rest" };
    static const char *const ends[] = { "fin", "rst", "silence" };
    const char *way = one->way == MITM_UP ? "up" : "down";
    if (is_at_byte(one->act))
        (void)snprintf(buffer, 200, "%s %s byte %zu value 0x%x %s (0x%x ...)",
                       deed_act_name(one->act), way, one->at, (unsigned)one->value,
                       one->act == DEED_CUT ? ends[one->how] : "",
                       one->bytes != NULL ? (unsigned)one->bytes[0] : 0);
    else
        (void)snprintf(buffer, 200, "%s %s %s %u value %u from %u", deed_act_name(one->act), way,
                       kinds[one->kind], (unsigned)one->index, (unsigned)one->value,
                       (unsigned)one->from);
    return buffer;
}
