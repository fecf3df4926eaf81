/*
 * A server with rules of its own: tokens from a list, and users of a directory that takes its time.
 *
 *     rules ADDRESS        a token: $NOTES_TOKEN; plain passwords are looked at by a thread
 *
 * The thread stands for a directory. It answers through the loop, whose thread logins belong to; who has gone
 * meanwhile has left a stale handle, which harms nothing. Read first: board.c.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"

static const char *const writer[] = { "writer", NULL };

typedef struct question {
    struct question *next;
    coax_login login;
    bool is_right;
    char user[256];
    char password[256];
} question;

typedef struct directory {
    pthread_mutex_t mutex;
    pthread_cond_t asked;
    question *first;
    bool is_closed;
} directory;

static void answer(void *self)
{
    question *q = self;
    coax_identity identity = COAX_IDENTITY_INIT;
    identity.principal = q->user;
    identity.roles = writer;
    if (!q->is_right)
        (void)coax_login_refuse(q->login, "the directory does not know this user and password");
    else if (coax_login_accept(q->login, &identity, NULL) == COAX_ERR_MISUSE)
        (void)coax_login_refuse(q->login, "a name that can't be a principal");
    free(q);
}

/* On the directory's thread. */
static void *look_up(void *self)
{
    directory *d = self;
    pthread_mutex_lock(&d->mutex);
    while (!d->is_closed) {
        question *q = d->first;
        if (q == NULL) {
            pthread_cond_wait(&d->asked, &d->mutex);
            continue;
        }
        d->first = q->next;
        q->is_right = strcmp(q->user, "erin") == 0 && strcmp(q->password, "swordfish") == 0;
        coax_wipe(q->password, sizeof q->password);
        if (coax_loop_post(q->login.loop, answer, q) != COAX_OK)
            free(q);
    }
    pthread_mutex_unlock(&d->mutex);
    return NULL;
}

static void on_login(void *self, coax_login login, const coax_credential *credential)
{
    directory *d = self;
    question *q = calloc(1, sizeof *q);
    if (q == NULL) {
        (void)coax_login_defer(login, "no memory"); /* the client may come again */
        return;
    }
    if (credential->mechanism != COAX_MECHANISM_PLAIN ||
        credential->secret.len >= sizeof q->password) {
        (void)coax_login_refuse(login, "neither in the list nor in the directory");
        free(q);
        return;
    }
    q->login = login;
    memcpy(q->user, credential->user, strlen(credential->user));
    memcpy(q->password, credential->secret.data, credential->secret.len);
    pthread_mutex_lock(&d->mutex);
    q->next = d->first;
    d->first = q;
    pthread_cond_signal(&d->asked);
    pthread_mutex_unlock(&d->mutex);
}

static int run(coax_loop *loop, const char *url, directory *d)
{
    const coax_token tokens[2] = { { getenv("NOTES_TOKEN"), "robot", writer } };
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.tokens = tokens;
    options.on_login = on_login;
    options.takes_plain_passwords = true;
    options.self = d;
    return board_run(loop, &options, url);
}

int main(int argc, char **argv)
{
    directory d = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, false };
    pthread_t thread;
    coax_loop *loop = argc == 2 ? coax_loop_create(NULL) : NULL;
    if (loop == NULL || pthread_create(&thread, NULL, look_up, &d) != 0) {
        fprintf(stderr, "usage: NOTES_TOKEN=... rules ADDRESS\n");
        coax_loop_destroy(loop);
        return 2;
    }
    const int status = run(loop, argv[1], &d);
    pthread_mutex_lock(&d.mutex);
    d.is_closed = true;
    pthread_cond_signal(&d.asked);
    pthread_mutex_unlock(&d.mutex);
    pthread_join(thread, NULL);
    coax_loop_destroy(loop);
    return status;
}
