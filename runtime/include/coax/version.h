/*
 * The version of the library and of its contract with generated code.
 */
#ifndef COAX_VERSION_H
#define COAX_VERSION_H

#include <coax/export.h>

COAX_BEGIN_DECLS

#define COAX_VERSION_MAJOR 0
#define COAX_VERSION_MINOR 1
#define COAX_VERSION_PATCH 0
#define COAX_VERSION "0.1.0"

/* What generated code needs of these headers. It changes when gen.h changes in a way that old
 * generated code does not survive; generated headers refuse to compile against another one. */
#define COAX_GEN_ABI 1

/** The version of the library that is linked, which may differ from COAX_VERSION of the headers.
 * Any thread. */
COAX_API const char *coax_version(void);

COAX_END_DECLS

#endif
