/*
 * Starting threads that belong to the library.
 */
#ifndef CX_NODE_THREADS_H
#define CX_NODE_THREADS_H

#include <uv.h>

/**
 * Starts a thread in which no signal is delivered: they are for the program's own. @return 0, or libuv's
 * code.
 */
int cx_thread_start(uv_thread_t *ret_thread, void (*run)(void *arg), void *arg);

#endif
