/*
 * What the files of a server's login share.
 */
#ifndef CX_SESSION_LOGIN_PARTS_H
#define CX_SESSION_LOGIN_PARTS_H

#include "session/login_in.h"

#define CX_LOGIN_FAILED "login failed"

/* How a login ends for the throttle. */
typedef enum cx_login_count {
    CX_COUNT_NOTHING, /* nobody could say */
    CX_COUNT_FAILURE,
    CX_COUNT_SUCCESS
} cx_login_count;

/* Each decides, once; later ones do nothing. */
void cx_login_turn_away(cx_login_in *login, coax_err code, cx_login_count count, const char *told,
                        const char *format, ...) COAX_PRINTF(5, 6);
/* It is `person`, which is taken, with what `identity` (NULL: nothing) adds. */
void cx_login_let_in(cx_login_in *login, cx_person *person, const coax_identity *identity);
/* Somebody who shows nothing, or nothing that counts. */
void cx_login_let_in_anonymous(cx_login_in *login);

/* A handle of `stage` goes out. False: no memory for it, and it has been decided. */
bool cx_login_hand_out(cx_login_in *login, cx_login_stage stage);
/* Takes a ticket; false: it has been decided that it has to wait. */
bool cx_login_ask_throttle(cx_login_in *login, coax_str user, const cx_origin *origin);

/* login_steps.c: passwords that the server does not see. */
void cx_login_begin_opaque(cx_login_in *login, const cx_shown *shown, const cx_way_facts *way);
void cx_login_finish_opaque(cx_login_in *login, coax_bytes proof);
/* `user` NULL: there is none. */
void cx_login_answer_opaque(cx_login_in *login, const coax_user *user);

#endif
