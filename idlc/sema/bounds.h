/* Ranges of integers and floats, and what several constraints leave of a type. */
#ifndef IDL_SEMA_BOUNDS_H
#define IDL_SEMA_BOUNDS_H

#include "sema/context.h"

/* An exclusive upper integer end becomes the number below. False if there is none of that kind. */
bool idl_bound_make_inclusive(idl_kind kind, idl_bound *bound);

/* Whether no number lies between; open ends are no limit. */
bool idl_bounds_are_empty(const idl_bound *low, const idl_bound *high);

/* Reports constraints that leave no value. */
void idl_constraints_check_together(idl_sema *sema, const idl_type *type);

/* Whether a value keeps a constraint. Only for values that constants can have. */
bool idl_constraint_accepts(const idl_constraint *constraint, const idl_value *value);

#endif
