/* status.h: see status.idl. */
#ifndef CX_CONTROL_STATUS_H
#define CX_CONTROL_STATUS_H

#include <coax/gen.h>

COAX_BEGIN_DECLS


typedef struct cx_control_status {
    coax_str message;
    uint32_t error_id;
    coax_any details;
} cx_control_status;

extern const coax_type cx_control_status_type;
void cx_control_status_encode(coax_writer *out, const cx_control_status *value);
void cx_control_status_decode(coax_reader *in, cx_control_status *ret);
bool cx_control_status_check(const cx_control_status *value, coax_violations *why);

COAX_END_DECLS

#endif
