/*
 * Overwriting secrets so that compilers do not leave it out, and getting libsodium ready.
 *
 * Read next: suite.h.
 */
#include <sodium.h>

#include <coax/key.h>

#include "secure/channel.h"

void coax_wipe(void *memory, size_t len)
{
    if (len > 0 && memory != NULL)
        sodium_memzero(memory, len);
}

coax_err cx_secure_init(coax_error *error)
{
    /* libsodium guards itself: "can be called multiple times and from different threads". */
    if (sodium_init() < 0)
        return coax_error_set(error, COAX_ERR_SYSTEM,
                              "libsodium can't be used: the system gives it no random numbers");
    return COAX_OK;
}
