/*
 * What the man in the middle does, as values: one deed names a place and what happens there.
 *
 * A place is a byte counted from the beginning of a connection's one way, or a unit (mitm.h): the index-th of its kind.
 * Deeds that name bytes are done to whatever unit holds the byte.
 */
#ifndef TESTS_INTEGRATION_ATTACKS_DEEDS_H
#define TESTS_INTEGRATION_ATTACKS_DEEDS_H

#include "mitm.h"

typedef enum deed_act {
    DEED_NOTHING = 0,
    /* At the byte `at`. */
    DEED_FLIP,   /* the bits of `value` are turned over */
    DEED_SET,    /* it becomes `value` */
    DEED_CUT,    /* what comes before it passes, and then nothing: `how` */
    DEED_INSERT, /* `value` random bytes come in before it */
    DEED_LOSE,   /* `value` bytes from here on are left out, within the unit */
    DEED_WRITE,  /* `value` bytes from here on, within the unit, become `bytes` */
    /* To the unit `kind`, `index`. */
    DEED_REPEAT,  /* it passes twice */
    DEED_AGAIN,   /* it passes, and once more behind `value` others of its way */
    DEED_DROP,    /* it does not pass */
    DEED_SWAP,    /* the next one of its way passes first */
    DEED_REFLECT, /* it goes back to whom it came from; with `value` it passes as well */
    DEED_FORGE, /* a unit of the same form, with random contents of `value` bytes, passes before it */
    DEED_REPLACE, /* such a unit passes instead */
    DEED_SPLICE,  /* the unit in the same place of the connection `from` passes instead */
    DEED_GRAFT,   /* from here on everything of this way comes from the connection `from` */
    /* To all that passes. */
    DEED_HOLD,    /* before the unit, everything waits for `value` ms */
    DEED_CRUMBLE, /* single bytes */
    DEED_ACTS
} deed_act;

typedef struct deed {
    deed_act act;
    mitm_way way;
    size_t at;
    uint32_t value;
    mitm_end_kind how;
    mitm_kind kind;
    uint32_t index;
    uint32_t from; /* the number of another link */
    const uint8_t *bytes;
} deed;

#define DEEDS_MAX 4u

/* The script: what is done to the connection with the number `link`, and to no other. */
typedef struct deeds {
    deed list[DEEDS_MAX];
    uint32_t n;
    uint32_t link;
    uint64_t random; /* seeds what is made up */
    uint32_t n_done; /* times something was done */
    bool is_grafted;
} deeds;

/* Makes `m` do one deed to the connection that comes next, and only to that. */
void deeds_set(deeds *d, mitm *m, const deed *one, uint64_t seed);
/* A second one, to the same connection. */
void deeds_add(deeds *d, const deed *one);
/* "flip way=up at=17 value=0x80 ...", for messages. */
const char *deed_print(const deed *one, char buffer[200]);
const char *deed_act_name(deed_act act);

#endif
