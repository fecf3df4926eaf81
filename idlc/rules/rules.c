#include "sema/context.h"
bool idl_pass_rules(idl_sema *sema)
{
    return !idl_diag_is_full(sema->diag);
}
