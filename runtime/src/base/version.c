/*
 * The version of the library that is linked.
 */
#include <coax/version.h>

const char *coax_version(void)
{
    return COAX_VERSION;
}
