/*
 * One login at a client: what HELLO shows, and the steps behind it.
 *
 *     cx_login_out_show    a token, a plain password, or KE1
 *     cx_login_out_hear    KE2 has come: what is slow (Argon2id) becomes a cx_stretch
 *     cx_stretch_run       on any thread
 *     cx_stretch_finish    on the loop's thread: its owner hears of it, and sends KE3
 *
 * The password lies in locked memory, and only while a login is under way. A stretch that nobody
 * waits for any more is finished all the same, and wiped. Knows no link and no threads. Read next:
 * login_out.c, rpc/login.c.
 */
#ifndef CX_SESSION_LOGIN_OUT_H
#define CX_SESSION_LOGIN_OUT_H

#include "link/link.h"
#include "secure/opaque.h"
#include "session/session.h"

/* Of a client; borrowed by its logins. */
typedef struct cx_login_out_config {
    coax_mechanism mechanism; /* NONE: nothing is shown; TOKEN, PASSWORD, PLAIN */
    const char *user;         /* not NULL */
    const char *secret;       /* in locked memory; not NULL unless `ask` is there */
    bool (*ask)(void *self, char *buffer, size_t size); /* NULL: `secret` */
    void *self;
    const char *const
        *server_roles; /* what the server may do here; NULL: nothing that names roles */
} cx_login_out_config;

typedef struct cx_stretch cx_stretch;

struct cx_stretch {
    void (*on_finished)(void *owner);
    void *owner;       /* NULL: nobody waits for it */
    const void *whose; /* the same for all of one client; not looked into */
    bool is_away;      /* somebody runs it */
    coax_err err;
    coax_error error;
    coax_password_cost cost;
    size_t user_len;
    size_t secret_len;
    size_t context_len;
    cx_opaque_login login;
    cx_opaque_result result;
    uint8_t ke2[CX_OPAQUE_KE2];
    uint8_t context[5 + 64];
    char user[CX_PRINCIPAL_MAX + 1];
    char secret[CX_SECRET_MAX + 1];
};

typedef enum cx_login_out_stage {
    CX_LOGIN_OUT_IDLE = 0,
    CX_LOGIN_OUT_SHOWN,      /* HELLO carries it */
    CX_LOGIN_OUT_STRETCHING, /* a stretch is away */
    CX_LOGIN_OUT_PROVED      /* the server has shown that it knows the password's record */
} cx_login_out_stage;

typedef struct cx_login_out {
    const cx_login_out_config *config;
    cx_stretch *stretch; /* in locked memory; NULL: no login under way */
    uint8_t stage;       /* cx_login_out_stage */
    uint8_t ke1[CX_OPAQUE_KE1];
} cx_login_out;

/* What HELLO shows; `ret` is valid until cx_login_out_drop. `way` says whether a secret may be shown at all. */
COAX_MUST_USE coax_err cx_login_out_show(cx_login_out *login, const cx_login_out_config *config,
                                         const coax_env *env, const cx_way_facts *way,
                                         cx_shown *ret, coax_error *error);
/*
 * KE2. COAX_OK: login->stretch is to be run, and `on_finished(owner)` hears of it. COAX_ERR_PROTOCOL: this
 * is no KE2, or none is due.
 */
COAX_MUST_USE coax_err cx_login_out_hear(cx_login_out *login, const cx_step *step,
                                         const cx_way_facts *way, void (*on_finished)(void *owner),
                                         void *owner, coax_error *error);
/* The slow part, on any thread. */
void cx_stretch_run(cx_stretch *stretch);
/* It will not be run: why, unless it has been. */
void cx_stretch_fail(cx_stretch *stretch, coax_err code, const char *words);
/* It has been run, or has failed; loop's thread. Frees it if nobody waits. */
void cx_stretch_finish(cx_stretch *stretch);
/* KE3 in `ret_step`, valid until cx_login_out_drop; or why there is none. */
COAX_MUST_USE coax_err cx_login_out_prove(cx_login_out *login, cx_step *ret_step,
                                          coax_error *error);
/* Whether WELCOME may come: the server has proved what it had to. */
bool cx_login_out_is_done(const cx_login_out *login);
/* Wipes what is secret. Works on a zeroed one. */
void cx_login_out_drop(cx_login_out *login);

#endif
