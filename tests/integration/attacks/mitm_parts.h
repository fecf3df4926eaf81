/*
 * What mitm.c and units.c share.
 */
#ifndef TESTS_INTEGRATION_ATTACKS_MITM_PARTS_H
#define TESTS_INTEGRATION_ATTACKS_MITM_PARTS_H

#include "mitm.h"

/* Cuts what has come into units, and gives each to the script. */
void mitm_take_units(mitm_link *link, mitm_way way);
/* Nothing more comes: what is left is a unit of its own. */
void mitm_take_rest(mitm_link *link, mitm_way way);
void mitm_free_units(mitm_side *side);

#endif
