/*
 * What the checks' files share.
 */
#ifndef CX_WIRE_CHECK_PARTS_H
#define CX_WIRE_CHECK_PARTS_H

#include <coax/check.h>

/* Reports a value that is not in @in's set, or is in @not_in's. `value` is left out if the field is @sensitive. */
COAX_COLD void cx_check_fail_in(coax_violations *why, uint32_t id, const char *value, bool wanted);

#endif
