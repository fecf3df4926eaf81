/*
 * Every byte of the handshake, in both directions and for every pattern: changed, cut off, lost, or with a byte slipped in.
 *
 * No connection opens, no handler runs, both ends say why within their time, and the next client finds the server well.
 * `-v` as the first argument prints what the ends said.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "outcome.h"

static bool is_verbose;

/* What a byte of a handshake is. */
typedef enum area {
    MAGIC = 0,
    VERSION,
    SECURITY,
    PATTERN,
    ZERO,
    GATE,
    LENGTH_1, /* of the first message of this way */
    MESSAGE_1,
    LENGTH_2,
    MESSAGE_2,
    AREAS
} area;

static const char *const area_names[AREAS] = { "magic",    "version",  "security", "pattern",
                                               "zero",     "gate",     "length 1", "message 1",
                                               "length 2", "message 2" };

enum { HANDSHAKE_MAX = 400 };

/* Each byte of both ways, before the first record. */
typedef struct layout {
    area of[2][HANDSHAKE_MAX];
    size_t len[2];
} layout;

static area area_of(const mitm_unit *unit, size_t i)
{
    if (unit->kind == MITM_PREFACE)
        return i < 4 ? MAGIC : (area)(VERSION + i - 4);
    if (unit->kind == MITM_GATE)
        return GATE;
    return (area)((i < 2 ? LENGTH_1 : MESSAGE_1) + 2 * unit->index);
}

static void measure(trio *t, layout *ret)
{
    static const deed nothing = { .act = DEED_NOTHING };
    trio_connect_under(t, &nothing);
    assert_true(trio_until(t, trio_is_open, 10000));
    trio_talk(t, 1, false);
    const mitm_link *link = mitm_last(&t->mitm);
    for (int way = 0; way < 2; way++) {
        ret->len[way] = 0;
        for (const mitm_unit *at = link->side[way].first; at->kind != MITM_RECORD; at = at->next) {
            for (size_t i = 0; i < at->len; i++)
                ret->of[way][ret->len[way]++] = area_of(at, i);
        }
    }
    trio_leave(t);
    trio_check(t);
    mitm_forget(&t->mitm);
}

typedef void (*sweep_fn)(trio *t, outcomes *o, mitm_way way, size_t at, area of);

static void sweep_way(trio *t, const layout *bytes, mitm_way way, sweep_fn at_byte,
                      const char *title)
{
    outcomes o[AREAS] = { 0 };
    for (size_t at = 0; at < bytes->len[way]; at++)
        at_byte(t, &o[bytes->of[way][at]], way, at, bytes->of[way][at]);
    for (int i = 0; i < AREAS && is_verbose; i++) {
        char full[150];
        (void)snprintf(full, sizeof full, "%s, %s, %s", title,
                       way == MITM_UP ? "to the server" : "to the client", area_names[i]);
        if (o[i].n > 0)
            outcomes_print(&o[i], full);
    }
}

/* Does something at every byte, for every pattern and both ways. */
static void sweep(sweep_fn at_byte, const char *what)
{
    static const char *const patterns[] = { "", "XX", "IK", "XXpsk3" };
    for (trio_way way = TRIO_XX; way < TRIO_WAYS; way++) {
        char title[100];
        trio t;
        layout bytes;
        trio_open(&t, way, false, 100 + (uint64_t)way, NULL);
        measure(&t, &bytes);
        (void)snprintf(title, sizeof title, "%s, %s", what, patterns[way]);
        sweep_way(&t, &bytes, MITM_UP, at_byte, title);
        sweep_way(&t, &bytes, MITM_DOWN, at_byte, title);
        trio_check_server(&t);
        trio_close(&t);
    }
}

/* What the two ends say of a byte in each area that is not what it should be. */

#define ENDS(area, ...) [area] = { __VA_ARGS__ }

static const outcome_rule wrong_up[AREAS] = {
    ENDS(MAGIC, .client = { COAX_ERR_UNAVAILABLE }, .server = { COAX_ERR_PROTOCOL }),
    ENDS(VERSION, .client = { COAX_ERR_UNIMPLEMENTED, COAX_ERR_UNAVAILABLE },
         .server = { COAX_ERR_UNIMPLEMENTED, COAX_ERR_PROTOCOL }),
    ENDS(SECURITY, .client = { COAX_ERR_UNAVAILABLE }, .server = { COAX_ERR_PROTOCOL }),
    ENDS(PATTERN,
         .client = { COAX_ERR_UNAVAILABLE, COAX_ERR_UNIMPLEMENTED, COAX_ERR_UNAUTHENTICATED,
                     COAX_ERR_INTERNAL },
         .server = { COAX_ERR_PROTOCOL, COAX_ERR_UNIMPLEMENTED, COAX_ERR_UNAUTHENTICATED }),
    ENDS(ZERO, .client = { COAX_ERR_UNAVAILABLE }, .server = { COAX_ERR_PROTOCOL }),
    ENDS(GATE, .client = { COAX_ERR_KEY_CHANGED, COAX_ERR_INTERNAL },
         .server = { COAX_ERR_FAILED_PRECONDITION, COAX_ERR_PROTOCOL }),
    ENDS(LENGTH_1, .client = { COAX_ERR_INTERNAL }, .server = { COAX_ERR_PROTOCOL }),
    /* XX: the server can't see it yet, the client does; IK: the gate; XXpsk3: a tag. */
    ENDS(MESSAGE_1, .client = { COAX_ERR_TAMPERED, COAX_ERR_KEY_CHANGED, COAX_ERR_DATA_LOSS },
         .server = { COAX_ERR_UNAVAILABLE, COAX_ERR_FAILED_PRECONDITION, COAX_ERR_TAMPERED }),
    ENDS(LENGTH_2, .client = { COAX_ERR_INTERNAL }, .server = { COAX_ERR_PROTOCOL }),
    ENDS(MESSAGE_2, .client = { COAX_ERR_DATA_LOSS, COAX_ERR_UNAUTHENTICATED },
         .server = { COAX_ERR_TAMPERED, COAX_ERR_UNAUTHENTICATED }),
};

/* The client notices, and goes; a server that has sent all its messages calls that a truncation. */
static const outcome_rule wrong_down[AREAS] = {
    ENDS(LENGTH_1, .client = { COAX_ERR_PROTOCOL },
         .server = { COAX_ERR_UNAVAILABLE, COAX_ERR_TRUNCATED }),
    ENDS(MESSAGE_1, .client = { COAX_ERR_TAMPERED },
         .server = { COAX_ERR_UNAVAILABLE, COAX_ERR_TRUNCATED }),
};

static const outcome_rule *wrong(mitm_way way, area of)
{
    return way == MITM_UP ? &wrong_up[of] : &wrong_down[of];
}

static void flip(trio *t, outcomes *o, mitm_way way, size_t at, area of)
{
    for (uint32_t bit = 0; bit < 8; bit++) {
        const deed one = { .act = DEED_FLIP, .way = way, .at = at, .value = 1u << bit };
        if (of != MESSAGE_1 || bit == at % 8 || bit == 7) /* 7: of a point, X25519 ignores one */
            outcome_of(t, o, &one, wrong(way, of));
    }
}

static void no_byte_can_be_changed(void **state)
{
    (void)state;
    sweep(flip, "flipped");
}

/* Before a side is ready that is a connection that broke; afterwards one that ended without its goodbye. */
static const outcome_rule cut_off = {
    .client = { COAX_ERR_UNAVAILABLE, COAX_ERR_TRUNCATED },
    .server = { COAX_ERR_UNAVAILABLE, COAX_ERR_TRUNCATED },
};

static void cut_by_fin(trio *t, outcomes *o, mitm_way way, size_t at, area of)
{
    const deed one = { .act = DEED_CUT, .way = way, .at = at, .how = MITM_FIN };
    (void)of;
    outcome_of(t, o, &one, &cut_off);
}

static void cut_by_rst(trio *t, outcomes *o, mitm_way way, size_t at, area of)
{
    const deed one = { .act = DEED_CUT, .way = way, .at = at, .how = MITM_RST };
    (void)of;
    outcome_of(t, o, &one, &cut_off);
}

/* The server's time is over first (open_timeout_ms); what the client hears of that is the end, or why. */
static const outcome_rule silenced = {
    .client = { COAX_ERR_DEADLINE_EXCEEDED, COAX_ERR_UNAVAILABLE, COAX_ERR_TRUNCATED },
    .server = { COAX_ERR_DEADLINE_EXCEEDED },
};

static void cut_by_silence(trio *t, outcomes *o, mitm_way way, size_t at, area of)
{
    const deed one = { .act = DEED_CUT, .way = way, .at = at, .how = MITM_SILENCE };
    (void)of;
    if (at % 3 == 0 || of != MESSAGE_1)
        outcome_of(t, o, &one, &silenced);
}

static void it_can_be_cut_off_anywhere(void **state)
{
    (void)state;
    sweep(cut_by_fin, "cut off, FIN");
    sweep(cut_by_rst, "cut off, RST");
    sweep(cut_by_silence, "cut off, silence");
}

static void slip_in(trio *t, outcomes *o, mitm_way way, size_t at, area of)
{
    const deed one = { .act = DEED_INSERT, .way = way, .at = at, .value = 1 };
    outcome_of(t, o, &one, wrong(way, of));
}

/* A message that is too short is waited for. */
static void lose(trio *t, outcomes *o, mitm_way way, size_t at, area of)
{
    static const outcome_rule waited_for = {
        .client = { COAX_ERR_DEADLINE_EXCEEDED, COAX_ERR_TAMPERED },
        .server = { COAX_ERR_DEADLINE_EXCEEDED },
    };
    const deed one = { .act = DEED_LOSE, .way = way, .at = at, .value = 1 };
    outcome_of(t, o, &one, of == MESSAGE_1 ? &waited_for : wrong(way, of));
}

static void no_byte_can_be_slipped_in_or_lost(void **state)
{
    (void)state;
    sweep(slip_in, "one slipped in");
    sweep(lose, "one lost");
}

int main(int argc, char **argv)
{
    is_verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    const struct CMUnitTest tests[] = {
        { "no byte of a handshake can be changed", no_byte_can_be_changed, NULL, NULL, NULL },
        { "a handshake can be cut off anywhere", it_can_be_cut_off_anywhere, NULL, NULL, NULL },
        { "no byte can be slipped into a handshake, and none lost",
          no_byte_can_be_slipped_in_or_lost, NULL, NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
