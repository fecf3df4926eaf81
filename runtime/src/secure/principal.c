/*
 * What can name somebody: the one rule for principals, users and roles, wherever they come from.
 *
 * Knows nothing of who asks. Read next: store.h.
 */
#include "base/utf8.h"
#include "secure/store.h"

bool cx_principal_is_valid(const char *name, size_t len)
{
    const uint8_t *at = (const uint8_t *)name;
    if (len == 0 || len > CX_PRINCIPAL_MAX || !cx_utf8_valid(at, len))
        return false;
    for (size_t i = 0; i < len; i++) {
        /* U+0080 to U+009F, terminals' other control characters, are C2 80 to C2 9F. */
        bool is_upper_control = i > 0 && at[i - 1] == 0xc2 && at[i] < 0xa0;
        if (at[i] < 0x20 || at[i] == 0x7f || is_upper_control)
            return false;
    }
    return true;
}
