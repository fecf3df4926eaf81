/*
 * What a server asks of those who connect, made from its options; and whether these make sense.
 *
 * Knows no connection: deciding is the session layer's. Read next: admission.c, session/logins.h.
 */
#ifndef CX_NODE_ADMISSION_H
#define CX_NODE_ADMISSION_H

#include "node/loop.h"
#include "session/logins.h"

/** One for all loops of a server. */
typedef struct cx_admission {
    coax_env env; /* of the first loop */
    cx_logins *logins;
    cx_throttle *throttle;
    uv_mutex_t
        mutex; /* of both; only where there are many loops. Nothing else is locked inside it */
    bool has_mutex;
} cx_admission;

/**
 * Checks `options` for what contradicts itself, and makes what is asked for; `*ret_admission` is NULL when
 * nothing is. Takes Argon2id's time where there is a password.
 * @return COAX_OK; COAX_ERR_BAD_OPTION, named; what the file of keys may be refused with; COAX_ERR_NO_MEMORY.
 */
COAX_MUST_USE coax_err cx_admission_create(coax_loop *loop, const coax_server_options *options,
                                           cx_admission **ret_admission, coax_error *error);
/** When no loop has a connection of the server any more. NULL is fine. */
void cx_admission_free(cx_admission *admission);

#endif
