/*
 * Encoding, decoding, checks and tables of status.h.
 *
 * Made by idlc from status.idl: change the schema, not this file.
 */
#include "status.h"

static const cx_control_status cx_control_status_initial = CX_CONTROL_STATUS_INIT;

void cx_control_status_init(cx_control_status *ret)
{
    *ret = cx_control_status_initial;
}

void cx_control_status_encode(coax_writer *out, const cx_control_status *value)
{
    uint32_t count = 3;
    count += value->details.data != NULL ? 1u : 0u;
    coax_write_map(out, count);
    coax_write_str_field(out, 1, value->message);
    coax_write_u32_field(out, 2, value->error_id);
    if (value->details.data != NULL)
        coax_write_any_field(out, 3, value->details);
    coax_write_u32_field(out, 4, value->retry_after_ms);
}

void cx_control_status_decode(coax_reader *in, cx_control_status *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &cx_control_status_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->message = coax_read_str(in); break;
        case 2: ret->error_id = coax_read_u32(in); break;
        case 3: ret->details = coax_read_any(in); break;
        case 4: ret->retry_after_ms = coax_read_u32(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool cx_control_status_check(const cx_control_status *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &cx_control_status_type);
    coax_check_str(why, 1, value->message);
    coax_check_len(why, 1, value->message.len, 0, 1024);
    if (value->details.data != NULL) {
        coax_check_any(why, 3, value->details);
    }
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(cx_control_status)

static const coax_field cx_control_status_fields[] = {
    COAX_FIELD(1, cx_control_status, message, "message", coax_type_string, 0, "@len(..1024)",
               "The reason, for people."),
    COAX_FIELD_DEFAULTED(2, cx_control_status, error_id, "error_id", coax_type_u32, 0, NULL,
                         "The id of the typed error that was thrown; 0 for none."),
    COAX_FIELD_NULLABLE(3, cx_control_status, details, "details", coax_type_any, 0, NULL,
                        "The typed error itself."),
    COAX_FIELD_DEFAULTED(
        4, cx_control_status, retry_after_ms, "retry_after_ms", coax_type_u32, 0, NULL,
        "Not before this many milliseconds should the caller try again. 0: not told."),
};
static const uint16_t cx_control_status_ids[] = { 1, 2, 3, 4 };
static const uint64_t cx_control_status_optional[] = { UINT64_C(0x4) };
COAX_STRUCT_TYPE(cx_control_status, "cx.control.Status", 4, "Why a call failed.");
