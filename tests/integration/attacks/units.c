/*
 * Cuts what passes into units, by lengths alone (docs/wire.md): that is all somebody without a key can know.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mitm_parts.h"
#include "wire/frame.h"

enum { PREFACE_LEN = 8, GATE_LEN = 16, REFUSAL_HEAD = 6, PATTERN_IK = 2 };

static uint32_t u16_at(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8;
}

/* Messages of the handshake that go this way. */
static uint32_t n_messages(const mitm_link *link, mitm_way way)
{
    return way == MITM_UP && link->pattern != PATTERN_IK ? 2 : 1;
}

/* The kind of the unit that begins here. */
static mitm_kind kind_of(const mitm_link *link, mitm_way way)
{
    const mitm_side *side = &link->side[way];
    if (way == MITM_UP && side->n[MITM_PREFACE] == 0)
        return MITM_PREFACE;
    if (link->security == 0)
        return MITM_FRAME;
    if (way == MITM_UP && link->pattern == PATTERN_IK && side->n[MITM_GATE] == 0)
        return MITM_GATE;
    if (side->n[MITM_MESSAGE] >= n_messages(link, way))
        return MITM_RECORD;
    if (way == MITM_DOWN && side->len >= 2 && u16_at(side->bytes) == 0xffff)
        return MITM_REFUSAL;
    return MITM_MESSAGE;
}

/* How long the unit is; 0: not enough has come to know. */
static size_t len_of(mitm_kind kind, const mitm_side *side)
{
    switch (kind) {
    case MITM_PREFACE: return PREFACE_LEN;
    case MITM_GATE: return GATE_LEN;
    case MITM_MESSAGE:
    case MITM_RECORD: return side->len < 2 ? 0 : 2 + u16_at(side->bytes);
    case MITM_REFUSAL: return side->len < REFUSAL_HEAD ? 0 : REFUSAL_HEAD + u16_at(side->bytes + 4);
    case MITM_FRAME: {
        cx_frame frame;
        if (side->len < CX_FRAME_HEADER)
            return 0;
        if (cx_frame_decode(side->bytes, &frame, NULL) != COAX_OK)
            return side->len;
        return CX_FRAME_HEADER + frame.length;
    }
    default: return side->len;
    }
}

/* Keeps a copy of the first `len` bytes that wait, as a unit. */
static const mitm_unit *keep(mitm_link *link, mitm_way way, mitm_kind kind, size_t len)
{
    mitm_side *side = &link->side[way];
    mitm_unit *unit = malloc(sizeof *unit);
    uint8_t *bytes = malloc(len);
    assert_true(unit != NULL && bytes != NULL);
    memcpy(bytes, side->bytes, len);
    *unit = (mitm_unit){ way, kind, side->n[kind]++, side->offset, bytes, len, NULL };
    if (side->last != NULL)
        side->last->next = unit;
    else
        side->first = unit;
    side->last = unit;
    side->len -= len;
    side->offset += len;
    memmove(side->bytes, side->bytes + len, side->len);
    return unit;
}

static void give(mitm_link *link, const mitm_unit *unit)
{
    const mitm *m = link->mitm;
    if (unit->kind == MITM_PREFACE) {
        link->security = unit->bytes[5];
        link->pattern = unit->bytes[6] >> 4;
        link->suite = unit->bytes[6] & 15;
    }
    if (m->script != NULL)
        m->script(m->self, link, unit);
    else
        mitm_pass(link, unit);
}

void mitm_take_units(mitm_link *link, mitm_way way)
{
    mitm_side *side = &link->side[way];
    while (side->len > 0) {
        mitm_kind kind = link->is_raw ? MITM_REST : kind_of(link, way);
        size_t len = len_of(kind, side);
        if (len == 0 || len > side->len)
            return;
        give(link, keep(link, way, kind, len));
    }
}

void mitm_take_rest(mitm_link *link, mitm_way way)
{
    mitm_side *side = &link->side[way];
    side->is_over = true;
    if (side->len > 0)
        give(link, keep(link, way, MITM_REST, side->len));
}

void mitm_free_units(mitm_side *side)
{
    while (side->first != NULL) {
        mitm_unit *unit = side->first;
        side->first = unit->next;
        free(unit->bytes);
        free(unit);
    }
    side->last = NULL;
    free(side->bytes);
    side->bytes = NULL;
}

void mitm_pass(mitm_link *link, const mitm_unit *unit)
{
    mitm_send(link, unit->way, unit->bytes, unit->len);
}

const mitm_unit *mitm_find(const mitm_link *link, mitm_way way, mitm_kind kind, uint32_t index)
{
    for (const mitm_unit *at = link->side[way].first; at != NULL; at = at->next) {
        if (at->kind == kind && at->index == index)
            return at;
    }
    return NULL;
}
