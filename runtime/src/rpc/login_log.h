/*
 * What is logged about logins (docs/logs.md). Never what was shown.
 */
#ifndef CX_RPC_LOGIN_LOG_H
#define CX_RPC_LOGIN_LOG_H

#include "rpc/parts.h"
#include "session/login_in.h"

/* `endpoint->session` is filled. */
void cx_login_log_ok(cx_endpoint *endpoint, bool has_replaced);
/* The verdict says no. */
void cx_login_log_failed(cx_endpoint *endpoint, const cx_login_in *login);
/* The connection has ended; logs it if nothing was decided. */
void cx_login_log_broken(cx_endpoint *endpoint, const cx_login_in *login);
/* The file of keys, if there is something wrong with it. */
void cx_login_log_flaw(cx_endpoint *endpoint, const cx_login_in *login);

#endif
