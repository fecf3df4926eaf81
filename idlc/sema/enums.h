/* Enums and flags. Must not know: who needs them (definitions.c). */
#ifndef IDL_SEMA_ENUMS_H
#define IDL_SEMA_ENUMS_H

#include "sema/annotations.h"

/* Fills the base and the enumerators. False if so little is known that uses should stay quiet. */
bool idl_enum_build(idl_sema *sema, idl_symbol *symbol, idl_marks *marks);

#endif
