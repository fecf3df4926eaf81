/*
 * What a loop needs of whatever drives it: libuv, or the simulator.
 *
 * A shell calls cx_loop_turn when a turn of the loop ends (after what was ready has been handled,
 * and before it sleeps), cx_loop_run_posts after cx_shell_ops.wake, and cx_loop_due when the one
 * timer fires. It knows no connection. Read next: shell_uv.c, loop.h.
 */
#ifndef CX_NODE_SHELL_H
#define CX_NODE_SHELL_H

#include <stdbool.h>
#include <stdint.h>

#include <coax/error.h>

typedef struct cx_shell cx_shell;

typedef enum cx_run_mode {
    CX_RUN_UNTIL_DONE = 0, /* until stop, or nothing is open */
    CX_RUN_ONCE,           /* waits for something, handles it */
    CX_RUN_NOWAIT          /* handles what is ready */
} cx_run_mode;

typedef struct cx_shell_ops {
    /** Calls cx_loop_due at `at_ns`, or soon after. UINT64_MAX: not any more. */
    void (*arm)(cx_shell *shell, uint64_t at_ns, uint64_t now_ns);
    /** Whether the next turn must come without sleeping. */
    void (*stay_awake)(cx_shell *shell, bool on);
    /** Has cx_loop_run_posts called soon. From any thread. */
    void (*wake)(cx_shell *shell);
    /** Keeps a run from ending (+1), or no longer (-1). */
    void (*hold)(cx_shell *shell, int by);
    void (*run)(cx_shell *shell, cx_run_mode mode);
    /** Ends the run under way, or the next. Loop's thread. */
    void (*stop)(cx_shell *shell);
    /** To watch for reading; -1: none. */
    int (*fd)(const cx_shell *shell);
    /** Longest sleep in ms; -1: no limit. */
    int (*timeout_ms)(const cx_shell *shell);
    /** Lets go of everything, when no stream and no listener is left, and frees the shell. */
    void (*destroy)(cx_shell *shell);
} cx_shell_ops;

struct cx_shell {
    const cx_shell_ops *ops;
    bool is_foreign; /* the user runs it: coax_loop_run is refused */
};

#endif
