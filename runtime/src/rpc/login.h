/*
 * Who the peer of an endpoint is: the link's questions about it, put to the session layer (login.c).
 */
#ifndef CX_RPC_LOGIN_H
#define CX_RPC_LOGIN_H

#include "rpc/parts.h"

/* For cx_link_events. */
coax_err cx_login_on_show(cx_link *link, cx_shown *ret);
void cx_login_on_hello(cx_link *link, const cx_shown *shown);
void cx_login_on_auth(cx_link *link, const cx_step *step);
bool cx_login_on_welcome(cx_link *link);

/* The link has closed: a login under way ends, and the seat of a session is free. */
void cx_login_closed(cx_endpoint *endpoint);
/* Gives back what is kept of the peer. */
void cx_login_drop(cx_endpoint *endpoint);

#endif
