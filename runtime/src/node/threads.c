/*
 * Starting threads that belong to the library. Read next: shards.c, workers.c.
 */
#include <pthread.h>
#include <signal.h>

#include "node/threads.h"

int cx_thread_start(uv_thread_t *ret_thread, void (*run)(void *arg), void *arg)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before); /* a thread begins with its maker's mask */
    int rc = uv_thread_create(ret_thread, run, arg);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}
