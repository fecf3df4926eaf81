/*
 * Other processes: a probe server or client in a child, which tells what the test waits for over a
 * pipe.
 */
#ifndef TESTS_INTEGRATION_PROCESS_H
#define TESTS_INTEGRATION_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

typedef struct process {
    pid_t pid;
    int from; /* what it says */
} process;

/** What a child does. It says something with process_say, and ends by returning. */
typedef void (*process_fn)(int say, const char *argument);

/** Starts a child. Call it before the test makes a loop or a thread. */
process process_start(process_fn run, const char *argument);
/** One line of text to the test. */
void process_say(int say, const char *text);
/** The next line the child says, without its end; fails the test when it ends instead. */
void process_hear(process *p, char *line, size_t size);
/** Sends it a signal. */
void process_signal(const process *p, int number);
/** Waits until it has ended by itself, with success. */
void process_finish(process *p);
/** Kills it, as kill -9 does, and waits until it is gone. */
void process_kill(process *p);

/**
 * Child: a probe server on `url`; says its address, and a line for each hook: "disconnect", "error
 * ...".
 */
void process_serve(int say, const char *url);
/**
 * Child: the same, which drains on signals; says its states too ("server draining"), and "returned" when coax_loop_run has.
 */
void process_serve_draining(int say, const char *url);
/**
 * Child: a client that holds three calls on the server at `url`, says "held" and waits to be
 * killed.
 */
void process_hold(int say, const char *url);

#endif
