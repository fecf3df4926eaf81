/* The formats of @format, for values that are known when a schema is compiled. */
#ifndef IDL_SEMA_FORMAT_H
#define IDL_SEMA_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

/* `format` is a coax_format number. Agrees with what the runtime's coax_check_format says (a test compares them). */
bool idl_format_accepts(int format, const char *text, size_t len);

#endif
