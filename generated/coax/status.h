/*
 * Made by idlc from status.idl: change the schema, not this file.
 *
 * For each struct x: X_INIT and x_init() give it its defaults, x_check() looks whether it keeps
 * the schema's rules, x_encode() and x_decode() are its bytes, X_MAX_ENCODED is how many they are
 * at most (where there is a most). Pointers are borrowed: in a decoded value from the reader's
 * arena.
 */
#ifndef COAX_GEN_CX_CONTROL_STATUS_H
#define COAX_GEN_CX_CONTROL_STATUS_H

/**
 * How a call fails: what an ERROR frame carries.
 * The frame's aux holds the status code.
 */

#include <coax/gen.h>

#if COAX_GEN_ABI != 1
#error "status.h was made for another version of coax: run idlc again"
#endif

COAX_BEGIN_DECLS

/** Why a call failed. */
typedef struct cx_control_status {
    /** The reason, for people. At most 1024 bytes. */
    coax_str message;
    /** The id of the typed error that was thrown; 0 for none. Default: 0. */
    uint32_t error_id;
    /** The typed error itself. Optional: absent when .data is NULL. */
    coax_any details;
    /** Not before this many milliseconds should the caller try again. 0: not told. Default: 0. */
    uint32_t retry_after_ms;
} cx_control_status;

#define CX_CONTROL_STATUS_INIT COAX_INIT(COAX_INIT(NULL, 0), 0u, COAX_INIT(NULL, 0), 0u)

void cx_control_status_init(cx_control_status *ret);
void cx_control_status_encode(coax_writer *out, const cx_control_status *value);
void cx_control_status_decode(coax_reader *in, cx_control_status *ret);
bool cx_control_status_check(const cx_control_status *value, coax_violations *why);
extern const coax_type cx_control_status_type;

COAX_END_DECLS

#endif
